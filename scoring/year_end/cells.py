"""Cells of the annexes: what is printed and what it stands for come from one value, so page and sheet cannot differ."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cluster_app.documents.blocks import Align, ColumnKind, Row, RowKind
from cluster_app.documents.values import Value, stored
from cluster_app.lib.points import NO_FIGURE, format_points, format_signed, format_value
from cluster_app.lib.wording import date_short, whole_number

NUMBER, CENTRED = ColumnKind.NUMBER, Align.CENTER


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    value: Value = None


NONE = Cell(NO_FIGURE)


def points(value: Decimal | None) -> Cell:
    return Cell(format_points(value), value)


def whole(number: int | None) -> Cell:
    """A count, or a rank; a dash for none."""
    return NONE if number is None else Cell(whole_number(number), number)


def change(percent: Decimal | None) -> Cell:
    """A change in percent with its sign: "+15,00%"."""
    return NONE if percent is None else Cell(f"{format_signed(percent)}%", percent)


def day(on: date | None) -> Cell:
    return NONE if on is None else Cell(date_short(on), on)


def reached(value: Decimal, verdict: str) -> Cell:
    """A result as it was measured, and what it means: "98,5 (đạt)"."""
    return Cell(f"{format_value(value)} ({verdict})", value)


def row(cells: Iterable[Cell | str], kind: RowKind = RowKind.NORMAL, span: int = 1) -> Row:
    """A row of the table; plain strings are texts."""
    made = [cell if isinstance(cell, Cell) else Cell(cell) for cell in cells]
    values = tuple(stored(cell.value) for cell in made)
    return Row(tuple(cell.text for cell in made), kind, span, values if any(values) else ())
