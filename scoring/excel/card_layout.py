"""The sheet of an offline score card. The names are the format of the file, not words of the page."""

import json
from dataclasses import astuple, dataclass

from django.utils.crypto import salted_hmac

from scoring.enums import CardStatus, CriterionKind, RecordSource
from scoring.excel.choices import label_of
from scoring.excel.tables import Heading
from scoring.models import Scorecard, ScoreLine
from scoring.sheets import Sheet

CARD, LISTS = "Phiếu chấm điểm", "Danh mục"

CLUSTER = "Cụm"
YEAR = "Năm"
UNIT = "Mã đơn vị"
UNIT_NAME = "Tên đơn vị"
SET_VERSION = "Phiên bản bảng tiêu chí"
CARD_VERSION = "Phiên bản phiếu"
CHECK_CODE = "Mã kiểm tra"

HEADINGS = (
    Heading("code", "Mã", 9, is_required=True),
    Heading("title", "Tiêu chí", 44),
    Heading("how", "Cách tính điểm", 36),
    Heading("evidence", "Minh chứng", 36),
    Heading("measure", "Đơn vị tính", 11),
    Heading("target", "Chỉ tiêu", 11, is_required=True),
    Heading("maximum", "Điểm tối đa", 9, is_required=True),
    Heading("value", "Kết quả", 16, is_required=True),
    Heading("note", "Ghi chú của đơn vị", 40, is_required=True),
    Heading("closed", "Không nhập vì", 24),
    Heading("points", "Điểm khi xuất", 9),
)

MEASURED = (CriterionKind.RATIO, CriterionKind.RATIO_LEADER)
_LENGTH, _GROUP = 20, 5


@dataclass(frozen=True)
class CardHead:
    """Which card a file was written from, as texts: a card of a unit, in this version of its set and of itself."""

    cluster: str
    year: str
    unit: str
    unit_name: str
    set_version: str
    card_version: str

    @property
    def check_code(self) -> str:
        """Proves that the head was written here: a keyed digest of it, in groups that can be read aloud."""
        text = json.dumps(astuple(self), ensure_ascii=False)
        digest = salted_hmac("scoring.excel.card", text, algorithm="sha256").hexdigest()[:_LENGTH].upper()
        return "-".join(digest[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def head_of(card: Scorecard) -> CardHead:
    """The head of a card that was loaded with year, cluster, unit and set."""
    membership = card.membership
    return CardHead(
        cluster=membership.year.cluster.slug,
        year=str(membership.year.year),
        unit=membership.unit.code,
        unit_name=membership.name,
        set_version=str(card.criteria_set.version),
        card_version=str(card.version),
    )


class Openness:
    """Which lines of a card can be filled in."""

    def __init__(self, sheet: Sheet) -> None:
        self._status = CardStatus(sheet.card.status)
        self._is_named = self._status == CardStatus.RETURNED and any(line.is_returned for line in sheet.lines)

    def closed_because(self, line: ScoreLine) -> str:
        """Why the line is locked, in the words of the file; empty where it is open."""
        if self._status not in (CardStatus.DRAFT, CardStatus.RETURNED):
            return f"Phiếu: {label_of(self._status).lower()}"
        if not line.is_assigned:
            return f"Không giao: {line.not_assigned_reason}"
        if line.criterion.source:
            return f"Lấy từ hồ sơ: {label_of(RecordSource(line.criterion.source))}"
        return "Không thuộc các dòng được trả lại" if self._is_named and not line.is_returned else ""
