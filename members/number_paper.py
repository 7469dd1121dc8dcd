"""The register of numbers as a paper. Its words are Vietnamese, whatever the language of the page."""

from datetime import datetime

from django.utils import timezone, translation

from cluster_app.documents import marks
from cluster_app.documents.blocks import Block, Column, Document, Orientation, Row, Section, Table, paragraph
from cluster_app.documents.enums import NumberStatus
from cluster_app.documents.models import DocumentNumber
from cluster_app.lib.wording import date_short
from members import registers
from members.models import EmulationYear
from members.number_pages import label_in, type_names

KIND = "number_register"
STATUS = {
    NumberStatus.RESERVED: "Giữ số",
    NumberStatus.ISSUED: "Đã phát hành",
    NumberStatus.VOID: "Đã hủy",
}
WITHDRAWN = "Đã thu hồi"


def register_paper(year: EmulationYear) -> Document:
    """All numbers that the register of the year shows, type by type, the oldest first."""
    with translation.override("vi"):
        rows = registers.numbers_of(year)[::-1]
        codes = sorted({row.register.type_code for row in rows})
        blocks: list[Block] = [paragraph(f"{year.cluster.name}. Giai đoạn: {registers.period(year)}.", indent=False)]
        blocks += [_table(code, year, [row for row in rows if row.register.type_code == code]) for code in codes]
        return Document(
            kind=KIND,
            title="Sổ đăng ký số văn bản",
            letterhead=None,
            sections=(Section(blocks=tuple(blocks), orientation=Orientation.LANDSCAPE),),
            watermarks=(marks.ILLUSTRATIVE,) if year.cluster.is_illustrative else (),
        )


def _table(code: str, year: EmulationYear, rows: list[DocumentNumber]) -> Table:
    return Table(
        caption=f"{type_names(code)} ({code})",
        columns=(
            Column("Số", 8),
            Column("Tình trạng", 10),
            Column("Văn bản", 40),
            Column("Ngày văn bản", 10),
            Column("Người, thời gian", 32),
        ),
        rows=tuple(_row(row, year) for row in rows),
        shows_caption=True,
    )


def _row(row: DocumentNumber, year: EmulationYear) -> Row:
    paper = row.document
    what = f"{paper.title} ({paper.number_symbol})" if paper else row.purpose
    reason = f". Lý do: {row.void_reason}" if row.void_reason else ""
    day = date_short(paper.dated_on) if paper and paper.dated_on else "–"
    is_withdrawn = paper is not None and paper.withdrawn_at is not None
    status = WITHDRAWN if is_withdrawn else STATUS[NumberStatus(row.status)]
    return Row((label_in(year, row), status, f"{what or '–'}{reason}", day, "; ".join(_events(row))))


def _events(row: DocumentNumber) -> list[str]:
    events = [f"giữ số: {_who(row.reserved_by_key, row.reserved_at)}"] if row.purpose or row.document is None else []
    if row.document is not None:
        events.append(f"phát hành: {_who(row.document.issued_by_key, row.document.issued_at)}")
    if row.voided_at is not None:
        events.append(f"hủy: {_who(row.voided_by_key, row.voided_at)}")
    return events


def _who(key: str, moment: datetime) -> str:
    return f"{key}, {timezone.localtime(moment):%d/%m/%Y %H:%M}"
