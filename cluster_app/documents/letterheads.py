"""The two official forms of Vietnamese papers: of Party bodies and of the State.

The form depends on the kind of letterhead and on the document's own date, so an old paper prints as it was then.
Everything that differs between the forms is said here once; back ends ask a Form and compare no kinds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cluster_app.documents.blocks import (
    LIST_LETTERS,
    Annex,
    Document,
    Heading,
    Letterhead,
    LetterheadKind,
    Recipients,
    Signature,
)
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.measures import PARTY, STATE, Measures
from cluster_app.lib.wording import date_long, date_short, roman

# Room for the pen where number, day or month are written in by hand; no-break spaces keep it on paper.
NUMBER_ROOM = "\u00a0" * 8
DATE_ROOM = "\u00a0" * 8


@dataclass(frozen=True, slots=True)
class PaperType:
    """A type of paper: abbreviation in number and symbol, name as printed (domain.md 6.2). A letter has none."""

    code: str
    name: str

    @property
    def is_letter(self) -> bool:
        return not self.name


LETTER_CODE = "CV"
PAPER_TYPES = {
    DocumentKind.ANNUAL_SUMMARY: PaperType("BC", "BÁO CÁO"),
    DocumentKind.SCORECARD: PaperType("PCĐ", "PHIẾU CHẤM ĐIỂM THI ĐUA"),
    DocumentKind.SCORE_TABLE: PaperType("BTH", "BẢNG TỔNG HỢP ĐIỂM THI ĐUA"),
    DocumentKind.PLEDGE: PaperType("GƯ", "BẢN GIAO ƯỚC THI ĐUA"),
    DocumentKind.NOTICE: PaperType("TB", "THÔNG BÁO"),
    DocumentKind.PROPOSAL: PaperType("TTr", "TỜ TRÌNH"),
    DocumentKind.PROPOSAL_LIST: PaperType("DS", "DANH SÁCH"),
    DocumentKind.PLAN: PaperType("KH", "KẾ HOẠCH"),
    DocumentKind.REMINDER: PaperType(LETTER_CODE, ""),
    DocumentKind.INVITATION: PaperType("GM", "GIẤY MỜI"),
}


@dataclass(frozen=True, slots=True)
class Form:
    key: str
    kind: LetterheadKind
    source: str
    in_force_from: date
    titles: tuple[str, ...]
    separator: str
    number_prefix: str
    number_joints: tuple[str, str]
    summary_rule: str
    on_behalf_of: str
    closing: str
    heading_joint: str
    recipient_ends: tuple[str, str]
    archive_prefix: str
    measures: Measures


def _party_form(key: str, source: str, in_force_from: date) -> Form:
    return Form(
        key=key,
        kind=LetterheadKind.PARTY,
        source=source,
        in_force_from=in_force_from,
        titles=("ĐẢNG CỘNG SẢN VIỆT NAM",),
        separator="*",
        number_prefix="Số",
        number_joints=("-", "/"),
        summary_rule="-----",
        on_behalf_of="T/M",
        closing=".",
        heading_joint="-",
        recipient_ends=(",", "."),
        archive_prefix="- Lưu ",
        measures=PARTY,
    )


# Newest first. The two Party forms agree in everything that is printed here: the 2018 guide already had the Party's
# name at 15 pt, names at 14 pt and "Số 127-QĐ/TW"; the key still tells them apart for the back ends' measures.
FORMS = (
    _party_form("party-2026", "Hướng dẫn 05-HD/VPTW, 27/05/2026 (Quy định 399-QĐ/TW, 09/01/2026)", date(2026, 5, 27)),
    _party_form("party-2018", "Hướng dẫn 36-HD/VPTW, 03/04/2018 (Quy định 66-QĐ/TW, 06/02/2017)", date(2018, 4, 3)),
    Form(
        key="state-2020",
        kind=LetterheadKind.STATE,
        source="Nghị định 30/2020/NĐ-CP, 05/03/2020, Phụ lục I",
        in_force_from=date(2020, 3, 5),
        titles=("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"),
        separator="",
        number_prefix="Số:",
        number_joints=("/", "-"),
        summary_rule="",
        on_behalf_of="TM.",
        closing="./.",
        heading_joint=".",
        recipient_ends=(";", "."),
        archive_prefix="- Lưu: VT, ",
        measures=STATE,
    ),
)


def form_for(kind: LetterheadKind, dated_on: date | None) -> Form:
    """The form of a paper of that date: the newest for one without a date, the oldest known for one before them all."""
    forms = [form for form in FORMS if form.kind == kind]
    for form in forms:
        if dated_on is None or form.in_force_from <= dated_on:
            return form
    return forms[-1]


def form_of(letterhead: Letterhead) -> Form:
    return form_for(letterhead.kind, letterhead.dated_on)


def measures_of(document: Document) -> Measures:
    """The measures of the document's form; those of the Party for a paper without a letterhead."""
    return form_of(document.letterhead).measures if document.letterhead else PARTY


def place_and_date(place: str, dated_on: date | None, *, year: int | None = None) -> str:
    """The line under the title on the right; without a date it leaves room for the pen."""
    return f"{place}, {_long_date_or_room(dated_on, year)}"


def number_line(letterhead: Letterhead) -> str:
    return f"{form_of(letterhead).number_prefix} {letterhead.number_symbol}"


def number_symbol(kind: LetterheadKind, number: str, *, type_code: str, issuer_code: str) -> str:
    """Number and symbol: "15-BC/CTĐ" (Party), "15/BC-CTĐ" (State); without a number room for the pen.

    A letter of the State names no type: "15/CTĐ" (Nghị định 30/2020/NĐ-CP, Phụ lục I, II.3).
    """
    first, second = form_for(kind, None).number_joints
    if kind == LetterheadKind.STATE and type_code == LETTER_CODE:
        return f"{number or NUMBER_ROOM}{first}{issuer_code}"
    return f"{number or NUMBER_ROOM}{first}{type_code}{second}{issuer_code}"


def symbol_as_told(symbol: str) -> str:
    """Number and symbol in a list or a sentence; a number that was left to the pen shows as dots: "…-BC/CTĐ"."""
    return f"…{symbol.strip()}" if symbol.startswith(NUMBER_ROOM) else symbol


def letter_about(letterhead: Letterhead) -> str:
    """What a letter is about, as it stands under its number: with "V/v" in a paper of the State."""
    prefix = "V/v " if letterhead.kind == LetterheadKind.STATE else ""
    return f"{prefix}{letterhead.summary}" if letterhead.summary else ""


def heading(kind: LetterheadKind, level: int, position: int, text: str) -> Heading:
    """A numbered heading: "I- …" (Party) or "I. …" (State), under it "1. …" and "a) …"."""
    if level == 1:
        return Heading(1, f"{roman(position)}{form_for(kind, None).heading_joint} {text}")
    if level == 2:
        return Heading(2, f"{position}. {text}")
    return Heading(3, f"{LIST_LETTERS[position - 1]}) {text}")


def recipients(kind: LetterheadKind, names: Sequence[str], *, archive: str) -> Recipients:
    """Nơi nhận; its last line names the archive: "- Lưu Cụm Thi đua." (Party), "- Lưu: VT, CTĐ." (State)."""
    form = form_for(kind, None)
    end, last_end = form.recipient_ends
    lines = [f"- {name}{end}" for name in names]
    return Recipients(lines=(*lines, f"{form.archive_prefix}{archive}{last_end}"))


def signature(
    kind: LetterheadKind,
    *,
    office: str,
    on_behalf_of: str = "Cụm Thi đua",
    agency_office: str = "",
    name: str = "",
    space: int = 4,
) -> Signature:
    """Who signs for whom: "T/M CỤM THI ĐUA" / "CỤM TRƯỞNG" / the office in the own agency / the name.

    Without `on_behalf_of` the head of an agency signs for the agency. A line break in an office stays one.
    """
    authority = (f"{form_for(kind, None).on_behalf_of} {on_behalf_of.upper()}",) if on_behalf_of else ()
    offices = tuple(line.upper() for text in (office, agency_office) for line in text.splitlines())
    return Signature(authority=authority, office=offices, name=name, space=space)


def annex_name(kind: LetterheadKind, number: str) -> str:
    """How a text refers to an annex: "Phụ lục 2b" (Party), "Phụ lục IIb" (State)."""
    if kind == LetterheadKind.STATE:
        digits = number.rstrip("abcdefgh")
        # Nghị định 30/2020/NĐ-CP numbers annexes in Roman numerals.
        number = f"{roman(int(digits))}{number[len(digits) :]}"
    return f"Phụ lục {number}"


def annex(letterhead: Letterhead, number: str, title: str) -> Annex:
    """The head of an annex; `number` is its Arabic number, with a letter if it has one ("2b")."""
    name = annex_name(letterhead.kind, number)
    label = name if letterhead.kind == LetterheadKind.STATE else name.replace("Phụ lục", "PHỤ LỤC")
    paper = letterhead.document_type.capitalize() or "Văn bản"
    reference = attached_to(paper, letterhead.number_symbol, letterhead.dated_on, year=letterhead.year)
    return Annex(label=label, title=title, reference=reference)


def attached_to(paper: str, symbol: str, dated_on: date | None, *, year: int | None = None) -> str:
    """The line under the head of an annex or a list that names its paper; without a date it leaves room for the pen."""
    day = f"ngày {date_short(dated_on)}" if dated_on else _long_date_or_room(None, year)
    return f"(Kèm theo {paper} số {symbol} {day})"


def _long_date_or_room(dated_on: date | None, year: int | None) -> str:
    if dated_on is not None:
        return date_long(dated_on)
    return f"ngày{DATE_ROOM}tháng{DATE_ROOM}năm {year or DATE_ROOM}"
