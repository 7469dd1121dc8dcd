"""Tables of a Word file: heads repeated on every sheet, whole rows, groups and totals held to what they belong to."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass

from docx.oxml.ns import qn
from docx.oxml.table import CT_Row, CT_Tbl
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt

from cluster_app.documents import word_styles
from cluster_app.documents.blocks import Align, Column, Row, RowKind, Table
from cluster_app.documents.heads import head_rows
from cluster_app.documents.measures import Face, Measures
from cluster_app.documents.typesetting.tables import table_data
from cluster_app.documents.word_xml import add_child, add_paragraph, add_row, add_table, add_text, clean, element

_MM_OF_POINT = 25.4 / 72
_BOLD_ROWS = {RowKind.GROUP, RowKind.SUBTOTAL, RowKind.TOTAL}
_ENDS = {RowKind.SUBTOTAL, RowKind.TOTAL}
_GROUP_FILL = "F2F2F2"
_CELL = qn("w:tc")
_NO_TEXT = " "
_BREAKS = frozenset("\t\n\r")


@dataclass(frozen=True, slots=True)
class _Look:
    """How the cells of a table are written: style, widths in millimetres, a size where the style's does not fit."""

    style: str
    widths: Sequence[float]
    size: float | None
    line: float


def add(parent: BaseOxmlElement, table: Table, measures: Measures, *, room_mm: float, is_lying: bool) -> None:
    """Writes the table with its caption and notes into the body, on a line of `room_mm`."""
    if table.shows_caption:
        add_paragraph(parent, word_styles.CAPTION, table.caption)
    style, face = _style_of(table, measures, is_lying=is_lying)
    data = table_data(table, face=face, room=room_mm / _MM_OF_POINT, padding=measures.cell_padding_mm[1] / _MM_OF_POINT)
    look = _look(style, face, data["widths"], data["size"], data["line"])
    made = add_table(parent, word_styles.TABLE, look.widths)
    _name(made, table.caption)
    _add_heads(made, table, look, repeats=data["repeats"])
    _add_rows(made, table, look, [row[2] for row in data["rows"]])
    for note in table.notes:
        add_paragraph(parent, word_styles.NOTE, note)
    if not table.notes:
        add_paragraph(parent, word_styles.SPACE)


def _style_of(table: Table, measures: Measures, *, is_lying: bool) -> tuple[str, Face]:
    if table.is_dense:
        return word_styles.TABLE_TEXT_DENSE, measures.table_dense
    if is_lying:
        return word_styles.TABLE_TEXT_LYING, measures.table_lying
    return word_styles.TABLE_TEXT, measures.table


def _look(style: str, face: Face, widths: Sequence[float], size: float, line: float) -> _Look:
    # Word counts sizes in half points.
    fitting = int(size * 2) / 2
    in_mm = [width * _MM_OF_POINT for width in widths]
    return _Look(style, in_mm, fitting if fitting < face.size else None, line)


def _name(made: CT_Tbl, caption: str) -> None:
    """What a screen reader says of the table."""
    made.tblPr.append(element("tblCaption", val=clean(caption)))


def _add_heads(made: CT_Tbl, table: Table, look: _Look, *, repeats: bool) -> None:
    rows = head_rows(table)
    upper = add_row(made, is_head=repeats, may_break=not repeats)
    lower = add_row(made, is_head=repeats, may_break=not repeats) if len(rows) > 1 else None
    below = iter(rows[1]) if len(rows) > 1 else iter(())
    position = 0
    for head in rows[0]:
        covered = look.widths[position : position + head.columns]
        position += head.columns
        fills_both = lower is not None and head.rows > 1
        _add_head(upper, head.title, covered, look, merge="restart" if fills_both else "")
        if lower is not None and fills_both:
            _add_head(lower, "", covered, look, merge="continue")
        elif lower is not None:
            for width in covered:
                _add_head(lower, next(below).title, [width], look)


def _add_head(row: CT_Row, title: str, covered: Sequence[float], look: _Look, *, merge: str = "") -> None:
    cell = _Cell(covered, Align.CENTER, is_bold=True, is_held=True, merge=merge)
    _write(_add_cell(row, cell, look), title)


def _add_rows(made: CT_Tbl, table: Table, look: _Look, breaks: Sequence[bool]) -> None:
    patterns: dict[tuple[RowKind, int, bool, bool], CT_Row] = {}
    following = [*(row.kind in _ENDS for row in table.rows[1:]), False]
    for row, has_end_below, may_break in zip(table.rows, following, breaks, strict=True):
        is_held = row.kind == RowKind.GROUP or has_end_below
        key = (row.kind, row.span, is_held, may_break)
        if key not in patterns:
            patterns[key] = _pattern(row, table.columns, look, is_held=is_held, may_break=may_break)
        written = deepcopy(patterns[key])
        for cell, text in zip(written.iterchildren(_CELL), row.cells, strict=True):
            _write(cell, text)
        made.append(written)


def _pattern(row: Row, columns: Sequence[Column], look: _Look, *, is_held: bool, may_break: bool) -> CT_Row:
    """An empty row of this kind, copied for each of its rows: much faster than building every cell."""
    pattern = add_row(CT_Tbl.new_tbl(0, len(columns), Mm(0)), may_break=may_break)
    is_bold = row.kind in _BOLD_ROWS
    fill = _GROUP_FILL if row.kind == RowKind.GROUP else ""
    first = columns[0].alignment
    if row.span > 1:
        first = Align.LEFT if row.kind == RowKind.GROUP else Align.CENTER
    for position, column in enumerate((columns[0], *columns[row.span :])):
        start = position + row.span - 1 if position else 0
        cell = _Cell(
            look.widths[start : start + 1] if position else look.widths[: row.span],
            column.alignment if position else first,
            is_bold=is_bold or column.is_strong,
            is_held=is_held,
            fill=fill,
        )
        _add_cell(pattern, cell, look)
    return pattern


@dataclass(frozen=True, slots=True)
class _Cell:
    """What a cell is besides its text; `is_held` keeps its row on the sheet of the next one."""

    covered: Sequence[float]
    align: Align
    is_bold: bool
    is_held: bool
    merge: str = ""
    fill: str = ""


def _add_cell(row: CT_Row, wanted: _Cell, look: _Look) -> BaseOxmlElement:
    cell = add_child(row, "tc")
    properties = add_child(cell, "tcPr")
    add_child(properties, "tcW", w=Mm(sum(wanted.covered)).twips, type="dxa")
    if len(wanted.covered) > 1:
        add_child(properties, "gridSpan", val=len(wanted.covered))
    if wanted.merge:
        add_child(properties, "vMerge", val=wanted.merge)
    if wanted.fill:
        add_child(properties, "shd", val="clear", color="auto", fill=wanted.fill)
    add_child(properties, "vAlign", val="center")
    paragraph = add_child(cell, "p")
    _add_looks(paragraph, wanted, look)
    run = add_child(paragraph, "r")
    looks = add_child(run, "rPr")
    if wanted.is_bold:
        add_child(looks, "b")
    if look.size is not None:
        add_child(looks, "sz", val=round(look.size * 2))
    add_text(run, _NO_TEXT)
    return cell


def _add_looks(paragraph: BaseOxmlElement, wanted: _Cell, look: _Look) -> None:
    properties = add_child(paragraph, "pPr")
    add_child(properties, "pStyle", val=look.style)
    if wanted.is_held:
        add_child(properties, "keepNext")
    if look.size is not None:
        add_child(properties, "spacing", line=Pt(look.line).twips, lineRule="exact")
    if wanted.align != Align.LEFT:
        add_child(properties, "jc", val="both" if wanted.align == Align.JUSTIFY else wanted.align.value)


def _write(cell: BaseOxmlElement, text: str) -> None:
    """The text into the one run of the cell, in place of the pattern's."""
    run = cell[-1][-1]
    if _BREAKS.isdisjoint(text):
        run[-1].text = clean(text)
        return
    run.remove(run[-1])
    add_text(run, text)
