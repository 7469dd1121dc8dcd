"""What a document is made of. A report is built once from these blocks and drawn by back ends (html, pdf, Word).

Every text is plain data: a back end escapes it, none of them reads markup in it. Blocks check their own shape when they
are made, so that a table with a missing cell fails where it is built and not on paper.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# The order of Vietnamese legal texts: after d comes đ; f, j, w and z are no Vietnamese letters.
LIST_LETTERS = "abcdđeghiklmnopqrstuvxy"


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    JUSTIFY = "justify"


class ColumnKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"


class RowKind(StrEnum):
    NORMAL = "normal"
    GROUP = "group"
    SUBTOTAL = "subtotal"
    TOTAL = "total"


class ListMarker(StrEnum):
    DECIMAL = "decimal"
    LETTER = "letter"
    DASH = "dash"


class Orientation(StrEnum):
    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


class PaperSize(StrEnum):
    A4 = "a4"
    A3 = "a3"


class LetterheadKind(StrEnum):
    PARTY = "party"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its number as given text, "I. ĐẶC ĐIỂM TÌNH HÌNH"; level 1 is the highest in a document."""

    level: int
    text: str

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3):
            raise ValueError(f"A heading has level 1, 2 or 3, not {self.level}.")


@dataclass(frozen=True, slots=True)
class Paragraph:
    runs: tuple[Run, ...]
    align: Align = Align.JUSTIFY
    indent: bool = True


@dataclass(frozen=True, slots=True)
class NumberedList:
    """A list whose markers are text, so that every back end prints the same ones."""

    items: tuple[str, ...]
    marker: ListMarker = ListMarker.DECIMAL
    start: int = 1

    def __post_init__(self) -> None:
        last = self.start + len(self.items) - 1
        if self.start < 1 or (self.marker == ListMarker.LETTER and last > len(LIST_LETTERS)):
            raise ValueError("The markers of this list run out.")

    @property
    def marked_items(self) -> tuple[tuple[str, str], ...]:
        return tuple((self._marker_at(position), item) for position, item in enumerate(self.items, self.start))

    def _marker_at(self, position: int) -> str:
        if self.marker == ListMarker.DASH:
            return "-"
        if self.marker == ListMarker.LETTER:
            return f"{LIST_LETTERS[position - 1]})"
        return f"{position}."


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `width` is its share of the table, `is_strong` prints its cells bold (the total a reader looks for)."""

    title: str
    width: int
    kind: ColumnKind = ColumnKind.TEXT
    align: Align | None = None
    is_strong: bool = False

    @property
    def alignment(self) -> Align:
        if self.align is not None:
            return self.align
        return Align.RIGHT if self.kind == ColumnKind.NUMBER else Align.LEFT


@dataclass(frozen=True, slots=True)
class HeaderGroup:
    """An upper head over `span` columns; an empty title lets each of those columns fill both lines of the head."""

    title: str
    span: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row; its first cell covers `span` columns (a group's name all of them, "Tổng cộng" number and name).

    `values` keeps what cells that show a number or a day stand for, as `values.stored` writes it, and "" for the other
    cells; without any there are none. A spreadsheet takes its numbers from here, paper never.
    """

    cells: tuple[str, ...]
    kind: RowKind = RowKind.NORMAL
    span: int = 1
    values: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.values and len(self.values) != len(self.cells):
            raise ValueError("A row has a value for each of its cells, or none.")


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Its caption always names it; `shows_caption` is off where the annex above has just said the same.

    `is_dense` asks for the small type of wide tables.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    header_groups: tuple[HeaderGroup, ...] = ()
    notes: tuple[str, ...] = ()
    is_dense: bool = False
    shows_caption: bool = True

    def __post_init__(self) -> None:
        width = len(self.columns)
        if not width or any(column.width < 1 for column in self.columns):
            raise ValueError("A table has columns, each with a width of at least 1.")
        if self.header_groups and sum(group.span for group in self.header_groups) != width:
            raise ValueError(f"The head groups do not cover the {width} columns.")
        for position, row in enumerate(self.rows, 1):
            if not row.cells or row.span < 1 or row.span + len(row.cells) - 1 != width:
                raise ValueError(f"Row {position} does not fill the {width} columns.")

    @property
    def shares(self) -> tuple[float, ...]:
        """The columns' widths in percent of the table."""
        total = sum(column.width for column in self.columns)
        return tuple(round(column.width * 100 / total, 2) for column in self.columns)


@dataclass(frozen=True, slots=True)
class Recipients:
    """Nơi nhận: the lines as printed, with dash and punctuation (`letterheads.recipients` makes them)."""

    lines: tuple[str, ...]
    title: str = "Nơi nhận:"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: authority ("T/M CỤM THI ĐUA"), office lines, room for hand and seal in lines, full name."""

    authority: tuple[str, ...] = ()
    office: tuple[str, ...] = ()
    name: str = ""
    note: str = ""
    space: int = 4

    def __post_init__(self) -> None:
        if not 1 <= self.space <= 6:
            raise ValueError("Room for a signature is 1 to 6 lines.")


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """The end of a document; back ends keep it on one page with the block before it."""

    right: Signature
    left: Recipients | Signature | None = None
    place_line: str = ""


@dataclass(frozen=True, slots=True)
class SignatureGrid:
    """Signatures of equals, row by row (a pledge of nine units: three by three)."""

    cells: tuple[Signature, ...]
    columns: int = 3

    def __post_init__(self) -> None:
        if not 2 <= self.columns <= 4:
            raise ValueError("A signature grid has 2 to 4 columns.")


@dataclass(frozen=True, slots=True)
class Series:
    """One set of bars: `values` as plain decimals ("947.50"), `displays` as people read them ("947,50")."""

    name: str
    values: tuple[str, ...]
    displays: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Horizontal bars with the same figures as a table; several series are stacked.

    The picture is no text: whatever it shows stands in the table too, and that is checked here.
    """

    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    table: Table
    description: str = ""

    def __post_init__(self) -> None:
        size = len(self.categories)
        if not self.series or any(len(one.values) != size or len(one.displays) != size for one in self.series):
            raise ValueError("Each series of a chart has one value and one display per category.")
        in_table = {cell for row in self.table.rows for cell in row.cells}
        shown = set(self.categories).union(*(one.displays for one in self.series))
        if missing := sorted(shown - in_table):
            raise ValueError(f"The chart shows what its table does not: {', '.join(missing)}.")


@dataclass(frozen=True, slots=True)
class PageBreak:
    pass


Block = Heading | Paragraph | NumberedList | Table | SignatureBlock | SignatureGrid | Chart | PageBreak


@dataclass(frozen=True, slots=True)
class Annex:
    """The head of an annex: "PHỤ LỤC 1", its title, "(Kèm theo Báo cáo số …)" (`letterheads.annex` makes it)."""

    label: str
    title: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Pages of one orientation; each section starts on a new page, except the first."""

    blocks: tuple[Block, ...]
    orientation: Orientation = Orientation.PORTRAIT
    annex: Annex | None = None
    size: PaperSize = PaperSize.A4


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The head of an official paper. Without `dated_on` day and month stay blank for the pen, in the given `year`.

    A letter (`is_letter`, công văn) names no type of paper: what it is about stands under its number.
    """

    kind: LetterheadKind
    superior: str
    issuer: str
    number_symbol: str
    place: str
    dated_on: date | None = None
    year: int | None = None
    document_type: str = ""
    summary: str = ""
    is_letter: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A whole paper. What a print adds at its foot is no part of the content: `footer_note` (its code), and
    `check_url`, the address drawn as a QR code at which the print can be checked."""

    kind: str
    title: str
    letterhead: Letterhead | None
    sections: tuple[Section, ...]
    watermarks: tuple[str, ...] = ()
    footer_note: str = ""
    language: str = "vi"
    check_url: str = ""


def paragraph(
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    align: Align = Align.JUSTIFY,
    indent: bool = True,
) -> Paragraph:
    return Paragraph(runs=(Run(text, bold=bold, italic=italic),), align=align, indent=indent)


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """Text typed by a person as paragraphs: one per line, empty lines dropped."""
    return tuple(paragraph(line.strip()) for line in text.splitlines() if line.strip())


def group_row(label: str, columns: tuple[Column, ...]) -> Row:
    """A row that names a group across the whole table."""
    return Row(cells=(label,), kind=RowKind.GROUP, span=len(columns))
