"""The blocks of a section as pieces, and which of them stay on one sheet."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from cluster_app.documents.blocks import (
    Block,
    Chart,
    Heading,
    NumberedList,
    PageBreak,
    Paragraph,
    Recipients,
    Run,
    Signature,
    SignatureBlock,
    SignatureGrid,
    Table,
)
from cluster_app.documents.measures import Face, Measures
from cluster_app.documents.pictures import chart_picture, printable_chart
from cluster_app.documents.typefaces import FAMILY
from cluster_app.documents.typesetting.tables import table_data, tie_tail
from cluster_app.documents.typesetting.words import LONGEST_HIDDEN, balanced_lines_of, in_points, line_of

Piece = dict[str, Any]

# An end stays with what stands before it: notes with their table, signatures, the foot with the code.
_ENDS = {"notes", "signatures", "grid", "foot"}
_KEEPERS = {"paragraph", "heading", *_ENDS}
# What would take more lines is not held together: it might not fit on one sheet.
_MOST_KEPT_LINES = 36
# A paragraph of no more lines stays with the list or table that it announces.
_MOST_LEAD_LINES = 8
_HELD = {"table", *_ENDS}
# A glyph is about half as wide as high.
_GLYPH = 0.5
_CHART_NAME = "Biểu đồ"


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the blocks of a section stand: the width of their lines in points, and the level of what is above them."""

    measures: Measures
    width: float
    is_lying: bool
    level: int = 1
    top: int = 1


def groups_of(blocks: Sequence[Block], frame: Frame, foot: Piece | None) -> list[dict[str, Any]]:
    """The pieces in groups; those of a kept group stand on one sheet."""
    groups: list[list[Piece]] = []
    for piece in [*_trimmed(_pieces(blocks, frame)), *([foot] if foot else [])]:
        last: Piece = groups[-1][-1] if groups else {"type": ""}
        if piece["type"] in _ENDS and last["type"] == "table" and _fits([*last["tail"], piece]):
            last["tail"].append(piece)
        elif piece["type"] in _ENDS and last["type"] in _KEEPERS and _fits([*groups[-1], piece]):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    _hold_leads(groups)
    for group in groups:
        if group[0].get("tail"):
            tie_tail(group[0])
    return [{"is_kept": len(group) > 1, "pieces": group} for group in groups]


def _trimmed(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces without page breaks at their ends, where they would make empty sheets."""
    kept = list(pieces)
    while kept and kept[0]["type"] == "break":
        kept.pop(0)
    while kept and kept[-1]["type"] == "break":
        kept.pop()
    return kept


def _fits(pieces: Sequence[Piece]) -> bool:
    return sum(piece["height"] for piece in pieces) <= _MOST_KEPT_LINES


def _hold_leads(groups: list[list[Piece]]) -> None:
    """A paragraph stays with what follows: with a list or table that it announces, with ends not kept."""
    for group, following in pairwise(groups):
        piece, next_piece = group[-1], following[0]
        is_held = next_piece["type"] in _HELD or next_piece.get("is_item", False)
        if piece["type"] == "paragraph" and not piece["is_item"] and piece["height"] <= _MOST_LEAD_LINES:
            piece["is_sticky"] = is_held


def _lines(length: int, room: float, size: float) -> int:
    """About how many lines a text of so many characters takes."""
    return math.ceil(length * size * _GLYPH / room)


def _pieces(blocks: Sequence[Block], frame: Frame) -> Iterator[Piece]:
    level = frame.level
    for block in blocks:
        if isinstance(block, Heading):
            # No level is left out, whatever the paper begins with.
            level = min(block.level + frame.top, level + 1)
            yield _heading(block, level, frame)
        else:
            yield from _drawn(block, frame)


def _heading(block: Heading, level: int, frame: Frame) -> Piece:
    face = frame.measures.headings[block.level - 1]
    text = line_of(block.text, frame.width, face.size)
    return {
        "type": "heading",
        "level": level,
        "look": block.level - 1,
        "text": text,
        "height": _lines(len(text), frame.width, face.size),
    }


def _drawn(block: Block, frame: Frame) -> Iterator[Piece]:
    match block:
        case Paragraph():
            yield _paragraph(block, frame)
        case NumberedList():
            yield from (_item(f"{marker} {item}", frame) for marker, item in block.marked_items)
        case Table():
            yield from _table(block, frame)
        case Chart():
            yield _picture(block, frame)
            yield from _table(block.table, frame)
        case SignatureBlock():
            yield _signature_block(block, frame)
        case SignatureGrid():
            yield _signature_grid(block, frame)
        case PageBreak():
            yield {"type": "break"}


def _paragraph(block: Paragraph, frame: Frame, *, is_item: bool = False) -> Piece:
    size = frame.measures.body.size
    return {
        "type": "paragraph",
        "runs": [_run(run, frame.width, size) for run in block.runs],
        "align": block.align.value,
        "indent": block.indent,
        "is_item": is_item,
        "is_sticky": False,
        "height": _lines(sum(len(run.text) for run in block.runs), frame.width, size),
    }


def _run(run: Run, room: float, size: float) -> dict[str, Any]:
    text = line_of(run.text, room, size)
    return {"text": text, "bold": run.bold, "italic": run.italic, "underline": run.underline}


def _item(text: str, frame: Frame) -> Piece:
    return _paragraph(Paragraph((Run(text),)), frame, is_item=True)


def _table(table: Table, frame: Frame) -> Iterator[Piece]:
    padding = in_points(frame.measures.cell_padding_mm[1])
    data = table_data(table, face=_face(table, frame), room=frame.width, padding=padding)
    notes = data.pop("notes")
    yield {"type": "table", "tail": [], **data}
    if notes:
        size = frame.measures.note.size
        yield {"type": "notes", "lines": notes, "height": sum(_lines(len(note), frame.width, size) for note in notes)}


def _face(table: Table, frame: Frame) -> Face:
    if table.is_dense:
        return frame.measures.table_dense
    return frame.measures.table_lying if frame.is_lying else frame.measures.table


def _picture(chart: Chart, frame: Frame) -> Piece:
    clean = printable_chart(chart)
    svg = str(chart_picture(clean)).strip().replace("<svg ", f'<svg font-family="{FAMILY}" ', 1)
    title = balanced_lines_of(chart.title, frame.width, frame.measures.headings[0])
    said = f"{clean.title}. {clean.description}".strip(" .") or _CHART_NAME
    return {"type": "picture", "title": title, "svg": svg, "said": said[:LONGEST_HIDDEN]}


def _signature_block(block: SignatureBlock, frame: Frame) -> Piece:
    left = _signature(block.left, frame, frame.width * 0.44) if isinstance(block.left, Signature) else None
    right = _signature(block.right, frame, frame.width * 0.56)
    named = _recipients(block.left, frame) if isinstance(block.left, Recipients) else None
    heights = [one["height"] for one in (left, right, named) if one]
    return {
        "type": "signatures",
        "recipients": named,
        "left": left,
        "place": line_of(block.place_line, frame.width / 2, frame.measures.place_date.size),
        "right": right,
        "height": 1 + max(heights) + _lines(len(block.place_line), frame.width / 2, frame.measures.place_date.size),
    }


def _recipients(recipients: Recipients, frame: Frame) -> dict[str, Any]:
    size, room = frame.measures.recipients_line.size, frame.width * 0.42
    title = line_of(recipients.title, room, frame.measures.recipients_title.size)
    lines = [line_of(line, room, size) for line in recipients.lines]
    return {"title": title, "lines": lines, "height": sum(_lines(len(text), room, size) for text in (title, *lines))}


def _signature_grid(block: SignatureGrid, frame: Frame) -> Piece:
    cells = [_signature(cell, frame, frame.width / block.columns) for cell in block.cells]
    rows = [cells[start : start + block.columns] for start in range(0, len(cells), block.columns)]
    heights = [1 + max(cell["height"] for cell in row) for row in rows]
    shown = [{"cells": row, "is_whole": high <= _MOST_KEPT_LINES} for row, high in zip(rows, heights, strict=True)]
    return {"type": "grid", "columns": block.columns, "rows": shown, "height": sum(heights)}


def _signature(signature: Signature, frame: Frame, column: float) -> dict[str, Any]:
    measures, room = frame.measures, column - in_points(3.5)
    parts = {
        "authority": _all_lines(signature.authority, room, measures.authority),
        "office": _all_lines(signature.office, room, measures.office),
        "note": balanced_lines_of(signature.note, room, measures.sign_note) if signature.note else [],
        "name": balanced_lines_of(signature.name, room, measures.name) if signature.name else [],
    }
    height = sum(max(1, _lines(len(line), room, measures.name.size)) for lines in parts.values() for line in lines)
    return {**parts, "space": signature.space, "height": height + signature.space}


def _all_lines(texts: Sequence[str], room: float, face: Face) -> list[str]:
    return [line for text in texts for line in balanced_lines_of(text, room, face)]
