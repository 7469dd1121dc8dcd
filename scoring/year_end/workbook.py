"""The annual summary as a workbook: a sheet for each annex, made of the very tables that are printed.

It is written from the document alone, so the official edition's workbook holds what was issued, not the records of
today. Numbers and days come from the values that the rows keep beside their texts; nothing printed is read back, but
each text is held against its value.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from cluster_app.documents.blocks import (
    Align,
    Column,
    ColumnKind,
    Document,
    HeaderGroup,
    Orientation,
    PaperSize,
    Row,
    RowKind,
    Section,
    Table,
)
from cluster_app.documents.heads import head_rows
from cluster_app.documents.values import read
from cluster_app.lib import spreadsheets
from cluster_app.lib.errors import NotKnown, Refused
from cluster_app.lib.spreadsheets import A3, A4, HeadCell, Number, SheetWriter, Workbook
from cluster_app.lib.wording import date_short
from scoring.year_end.printing import annexes_of

SHEET_NAMES = {
    "1": "PL1 Điểm",
    "2": "PL2 Khen thưởng theo cấp",
    "2b": "PL2b Khen thưởng theo đơn vị",
    "3": "PL3 Phong trào thi đua",
    "4": "PL4 Giao ước thi đua",
    "5": "PL5 Bình xét",
    "6": "PL6 Đề nghị khen thưởng",
    "7": "PL7 Điểm theo tiêu chí",
}
_PAPERS = {PaperSize.A4: A4, PaperSize.A3: A3}
_ALIGNS = {Align.LEFT: "left", Align.CENTER: "center", Align.RIGHT: "right", Align.JUSTIFY: "left"}
# How many characters stand side by side on a sheet, and how few a column may have.
_ACROSS = {(PaperSize.A4, Orientation.PORTRAIT): 100, (PaperSize.A4, Orientation.LANDSCAPE): 150}
_ACROSS_A3 = 210
_NARROWEST, _NARROWEST_NUMBER = 5, 9
_NUMBER = re.compile(r"[+-]?\d[\d.]*(?:,(?P<places>\d+))?")

Written = str | Number | date


class CellDiffers(Exception):
    """A cell shows another number or day than the one that is kept of it."""


def write(document: Document, *, at: datetime, only: str = "") -> bytes:
    """The workbook of a summary: every annex, or `only` the one of this number. Raises NotKnown without that one,
    Refused for a text that is longer than a cell can be, CellDiffers for a cell that shows another figure than its own.
    """
    found = annexes_of(document)
    if only and only not in found:
        raise NotKnown
    book = Workbook(title=document.title, created_at=at)
    try:
        for number, section in found.items():
            if only in ("", number):
                _write_sheet(book, SHEET_NAMES[number], document, section)
        return book.content()
    except ValueError as error:
        raise Refused(
            _("A text of the annexes is longer than a cell of Excel can be. Print the annex, or shorten the text.")
        ) from error


def _write_sheet(book: Workbook, name: str, document: Document, section: Section) -> None:
    table = _joined([block for block in section.blocks if isinstance(block, Table)])
    sheet = book.sheet(
        name,
        _columns(table, section),
        paper=_PAPERS[section.size],
        is_portrait=section.orientation == Orientation.PORTRAIT,
    )
    _write_title(sheet, document, section)
    for note in table.notes[:1]:
        sheet.wide(note, italic=True)
    sheet.gap()
    heads = [[HeadCell(head.title, head.columns, head.rows) for head in row] for row in head_rows(table)]
    sheet.heads(heads, frozen_columns=min(2, len(table.columns)))
    for row in table.rows:
        is_strong = row.kind != RowKind.NORMAL
        sheet.row(written_row(row), bold=is_strong, span=row.span, is_shaded=row.kind == RowKind.GROUP)
    for note in table.notes[1:]:
        sheet.wide(note, italic=True)


def _write_title(sheet: SheetWriter, document: Document, section: Section) -> None:
    marks = "; ".join(document.watermarks)
    if section.annex is not None:
        sheet.wide(f"{section.annex.label}. {section.annex.title}", bold=True, size=14)
        sheet.wide(section.annex.reference, italic=True)
    if marks:
        sheet.wide(marks, bold=True)


def _joined(tables: Sequence[Table]) -> Table:
    """One table of those that stand below each other on paper because their columns do not fit beside each other: the
    columns that all of them begin with, then the others."""
    first, *others = tables
    for other in others:
        common = _common(first.columns, other.columns)
        groups = other.header_groups[-1:] if other.header_groups else ()
        first = replace(
            first,
            columns=(*first.columns, *other.columns[common:]),
            rows=tuple(_side_by_side(one, two, common) for one, two in zip(first.rows, other.rows, strict=True)),
            header_groups=(*first.header_groups[:-1], _sum(first.header_groups[-1:], groups)) if groups else (),
            notes=(*first.notes, *other.notes),
        )
    return first


def _common(one: Sequence[Column], two: Sequence[Column]) -> int:
    """How many columns both begin with."""
    titles = zip((column.title for column in one), (column.title for column in two), strict=False)
    return next((place for place, (own, other) in enumerate(titles) if own != other), min(len(one), len(two)))


def _side_by_side(one: Row, two: Row, common: int) -> Row:
    if len(two.cells) == 1:
        return replace(one, span=one.span + two.span - common)
    skipped = common - two.span + 1
    values: tuple[str, ...] = ()
    if one.values or two.values:
        values = (*_all_values(one), *_all_values(two)[skipped:])
    return replace(one, cells=(*one.cells, *two.cells[skipped:]), values=values)


def _all_values(row: Row) -> tuple[str, ...]:
    return row.values or ("",) * len(row.cells)


def _sum(one: Sequence[HeaderGroup], two: Sequence[HeaderGroup]) -> HeaderGroup:
    return HeaderGroup(one[0].title, one[0].span + two[0].span)


def _columns(table: Table, section: Section) -> list[spreadsheets.Column]:
    across = _ACROSS.get((section.size, section.orientation), _ACROSS_A3)
    shares = zip(table.columns, table.shares, strict=True)
    return [_column(column, round(share * across / 100)) for column, share in shares]


def _column(column: Column, width: int) -> spreadsheets.Column:
    least = _NARROWEST_NUMBER if column.kind == ColumnKind.NUMBER else _NARROWEST
    return spreadsheets.Column(max(width, least), align=_ALIGNS[column.alignment])


def written_row(row: Row) -> list[Written]:
    """What a sheet holds of a row. Raises CellDiffers for a cell that shows another figure than its own."""
    return [_written(text, value) for text, value in zip(row.cells, _all_values(row), strict=True)]


def _written(text: str, kept: str) -> Written:
    """What the sheet holds for a cell: the number or the day that its text shows, else the text."""
    value = read(kept)
    if value is None:
        return text
    if isinstance(value, date):
        if date_short(value) != text:
            raise CellDiffers(f"The cell {text!r} does not show {value}.")
        return value
    return Number(value, look_of(text, value))


def look_of(text: str, value: Decimal) -> str:
    """The format by which Excel shows `value` as the paper does: its decimals, its sign, and the words after it. Raises
    CellDiffers if `text` shows another number."""
    found = _NUMBER.match(text)
    shown = found.group().replace(".", "").replace(",", ".") if found else ""
    if found is None or Decimal(shown) != value:
        raise CellDiffers(f"The cell {text!r} does not show {value}.")
    places = len(found["places"] or "")
    number = "#,##0" + (f".{'0' * places}" if places else "")
    after = text[found.end() :].replace('"', "”")
    words = f'"{after}"' if after else ""
    if shown.startswith("+"):
        return f"+{number}{words};-{number}{words};{number}{words}"
    return f"{number}{words}"
