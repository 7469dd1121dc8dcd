"""What each form asks, as ranges: sizes in points, margins in millimetres (domain.md 6.2 and 6.3).

The Party: Hướng dẫn 05-HD/VPTW (2026) and 36-HD/VPTW (2018). The State: Nghị định 30/2020/NĐ-CP, Phụ lục I.
"""

import re
from dataclasses import dataclass

from cluster_app.documents.blocks import LetterheadKind

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Demands:
    margins: dict[str, Range]
    titles: tuple[Range, ...]
    issuer: Range
    number: Range
    place_date: Range
    name: Range
    summary: Range
    body: Range
    recipients_title: Range
    recipients: Range
    signature: Range
    number_pattern: re.Pattern[str]
    number_example: str
    authority_pattern: re.Pattern[str]
    authority_example: str
    archive_pattern: re.Pattern[str]
    archive_example: str
    has_asterisk: bool
    has_dashes: bool
    closes_with_slash: bool
    office_bold: bool
    recipients_bold_italic: bool


# Room for the pen: spaces, dots, an ellipsis.
_ROOM = r"[\s\u00a0.…_]+"
_NUMBER = rf"(\d+|{_ROOM}|\d*{_ROOM})"
_SYMBOL = r"[^\W\d_][\w.&-]*"

PARTY = Demands(
    margins={"top": (20, 20), "right": (15, 15), "bottom": (20, 20), "left": (30, 30)},
    titles=((15, 15),),
    issuer=(14, 14),
    number=(14, 14),
    place_date=(14, 14),
    name=(15, 16),
    summary=(14, 15),
    body=(14, 15),
    recipients_title=(14, 14),
    recipients=(12, 12),
    signature=(14, 14),
    number_pattern=re.compile(rf"Số[\s\u00a0]+{_NUMBER}-{_SYMBOL}/{_SYMBOL}"),
    number_example="Số 15-BC/CTĐ",
    authority_pattern=re.compile(r"(T/M|K/T|T/L|T/Q)\s"),
    authority_example="T/M CỤM THI ĐUA",
    archive_pattern=re.compile(r"-\s*Lưu\s(?!:)(?!VT\b).+\."),
    archive_example="- Lưu Cụm Thi đua.",
    has_asterisk=True,
    has_dashes=True,
    closes_with_slash=False,
    office_bold=False,
    recipients_bold_italic=False,
)

STATE = Demands(
    margins={"top": (20, 25), "right": (15, 20), "bottom": (20, 25), "left": (30, 35)},
    titles=((12, 13), (13, 14)),
    issuer=(12, 13),
    number=(13, 13),
    place_date=(13, 14),
    name=(13, 14),
    summary=(13, 14),
    body=(13, 14),
    recipients_title=(12, 12),
    recipients=(11, 11),
    signature=(13, 14),
    number_pattern=re.compile(rf"Số:[\s\u00a0]*{_NUMBER}/{_SYMBOL}(-{_SYMBOL})?"),
    number_example="Số: 12/BC-CTĐ",
    authority_pattern=re.compile(r"(TM\.|KT\.|TL\.|TUQ\.)\s"),
    authority_example="TM. CỤM THI ĐUA",
    archive_pattern=re.compile(r"-\s*Lưu:\s*VT\b.*\."),
    archive_example="- Lưu: VT, CTĐ.",
    has_asterisk=False,
    has_dashes=False,
    closes_with_slash=True,
    office_bold=True,
    recipients_bold_italic=True,
)

DEMANDS = {LetterheadKind.PARTY: PARTY, LetterheadKind.STATE: STATE}
# Lying sheets, of annexes above all, are bound at the upper edge.
LYING_MARGINS: dict[str, Range] = {"top": (30, 35), "right": (20, 25), "bottom": (15, 20), "left": (20, 25)}
# Papers that cannot do without recipients and a signature; of lists and tables it is only advised.
WITH_RECIPIENTS = ("BÁO CÁO", "TỜ TRÌNH", "KẾ HOẠCH", "THÔNG BÁO", "QUYẾT ĐỊNH", "KẾT LUẬN", "HƯỚNG DẪN", "GIẤY MỜI")
