"""A table as data for the template: widths that hold their longest word, rows that stay whole or together."""

from collections.abc import Iterable, Sequence
from typing import Any

from cluster_app.documents.blocks import Column, Row, RowKind, Table
from cluster_app.documents.heads import head_rows
from cluster_app.documents.measures import Face
from cluster_app.documents.typefaces import printable, width
from cluster_app.documents.typesetting.words import in_points, line_of, parted, pieces_of

# The smallest type to which a table is brought down so that its words fit, in points.
SMALLEST = 6.5
# No single word makes a column wider than this.
_WIDEST_WORD_MM = 32
_MEASURED_LETTERS = 60
_ROOM_TO_SPARE = 0.5
# The share of a column that its padding may take.
_MOST_PADDING = 0.3
# Rows of more lines than this may be broken, and such heads are not repeated: they could be longer than a sheet.
_MOST_LINES = 20
_GLYPH = 0.5
Texts = list[str]
_ENDS = {RowKind.SUBTOTAL, RowKind.TOTAL}


def table_data(table: Table, *, face: Face, room: float, padding: float) -> dict[str, Any]:
    """The table for a line of `room` points, with `padding` points at both sides of a cell."""
    sides = min(2 * padding, room / len(table.columns) * _MOST_PADDING)
    size, rooms = _fitted(_texts(table), table.shares, room - sides * len(table.columns), face.size)
    widths = [one + sides for one in rooms]
    rows = [_row(row, rooms, size) for row in table.rows]
    heads = [[_head(head, rooms, size) for head in row] for row in _placed_heads(table)]
    return {
        "name": line_of(table.caption, room, size),
        "shows_caption": table.shows_caption,
        "size": size,
        "line": face.leading * size / face.size,
        "widths": widths,
        "padding": sides / 2,
        "columns": [_column(column) for column in table.columns],
        "heads": heads,
        "repeats": all(head["lines"] <= _MOST_LINES for row in heads for head in row),
        "rows": rows,
        "ties": _ties(table.rows, rows),
        "notes": [line_of(note, room, face.size) for note in table.notes],
    }


def _column(column: Column) -> dict[str, Any]:
    return {"align": column.alignment.value, "strong": column.is_strong}


def _texts(table: Table) -> list[Texts]:
    """Per column the texts of its head and of its cells, those that span columns left out."""
    texts: list[Texts] = [[column.title] for column in table.columns]
    for row in table.rows:
        for position, cell in enumerate(row.cells[1:], row.span):
            texts[position].append(cell)
        if row.span == 1:
            texts[0].append(row.cells[0])
    return texts


def _fitted(texts: Sequence[Texts], shares: Sequence[float], room: float, size: float) -> tuple[float, list[float]]:
    """The size of type and the widths that hold every word; where there is no room for that, words are parted at their
    hyphens and slashes, and then the type gets smaller."""
    words = [_widest_word(column, size, parts=False) for column in texts]
    if sum(words) > room:
        words = [_widest_word(column, size, parts=True) for column in texts]
    if sum(words) > room:
        factor = room / sum(words)
        return max(SMALLEST, size * factor), [one * factor for one in words]
    return size, _shared(words, shares, room)


def _widest_word(texts: Iterable[str], size: float, *, parts: bool) -> float:
    """About the width of the widest word in bold: only the longest ones are measured."""
    words = {word for text in set(texts) for word in text.split()}
    if parts:
        words = {part for word in words for part in pieces_of(word)}
    longest = max(map(len, words), default=0)
    measured = (word[:_MEASURED_LETTERS] for word in words if len(word) > longest * 0.7)
    widest = max((width(printable(word), size=size, bold=True) for word in measured), default=0)
    return min(widest, in_points(_WIDEST_WORD_MM)) + _ROOM_TO_SPARE


def _shared(needed: Sequence[float], shares: Sequence[float], room: float) -> list[float]:
    """The widths by the shares asked for, but no column narrower than it needs."""
    narrow: set[int] = set()
    while True:
        left = room - sum(needed[position] for position in narrow)
        asked = sum(share for position, share in enumerate(shares) if position not in narrow)
        widths = [
            needed[position] if position in narrow else left * share / asked for position, share in enumerate(shares)
        ]
        too_narrow = {position for position, one in enumerate(widths) if one < needed[position] - 0.01}
        if too_narrow <= narrow:
            return widths
        narrow |= too_narrow


def _placed_heads(table: Table) -> list[list[tuple[Any, int]]]:
    """The heads with the column at which each starts."""
    rows = head_rows(table)
    upper, position = [], 0
    free: list[int] = []
    for head in rows[0]:
        upper.append((head, position))
        if head.rows < len(rows):
            free += range(position, position + head.columns)
        position += head.columns
    return [upper, *([(head, place) for head, place in zip(row, free, strict=True)] for row in rows[1:])]


def _head(placed: tuple[Any, int], rooms: Sequence[float], size: float) -> dict[str, Any]:
    head, position = placed
    room = sum(rooms[position : position + head.columns])
    text = line_of(head.title, room, size)
    return {"text": text, "columns": head.columns, "rows": head.rows, "lines": len(text) * size * _GLYPH / room}


def _row(row: Row, rooms: Sequence[float], size: float) -> list[Any]:
    """Kind, span of the first cell, whether the row may be broken, the cells."""
    spanned = [sum(rooms[: row.span]), *rooms[row.span :]]
    cells = [parted(printable(cell), room, size) for cell, room in zip(row.cells, spanned, strict=True)]
    lines = max(len(cell) * size * _GLYPH / room for cell, room in zip(cells, spanned, strict=True))
    kind = row.kind.value
    return [kind, row.span, lines > _MOST_LINES, cells]


def _ties(rows: Sequence[Row], data: Sequence[list[Any]]) -> list[int]:
    """How many rows from each one on stay on one sheet, 0 for those held by the one before; empty where none do."""
    held = [
        position > 0 and row.kind in _ENDS and _can_hold(data[position - 1]) and not data[position][2]
        for position, row in enumerate(rows)
    ]
    if not any(held):
        return []
    ties = [1] * len(rows)
    start = 0
    for position, is_held in enumerate(held):
        if is_held:
            ties[start] += 1
            ties[position] = 0
        else:
            start = position
    return ties


def tie_tail(data: dict[str, Any]) -> None:
    """Holds what follows a table (its signatures) on the sheet of the last row."""
    rows = data["rows"]
    ties = data["ties"] or [1] * len(rows)
    if rows and _can_hold(rows[-1]):
        start = next(position for position in reversed(range(len(ties))) if ties[position])
        ties[start] += 1
        data["ties"] = [*ties, 0]
    else:
        data["ties"] = [*ties, 1]


def _can_hold(row: list[Any]) -> bool:
    """A group's name is held by the row after it, and a row that may be broken holds nothing."""
    kind, _span, is_breakable, _cells = row
    return kind != RowKind.GROUP.value and not is_breakable
