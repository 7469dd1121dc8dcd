"""The few elements of WordprocessingML from which a Word file is put together, over python-docx's own classes.

Tables are built row by row, each cell once; python-docx's `table.cell` walks the whole table for every cell.
"""

import re
from collections.abc import Sequence
from functools import cache

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.section import CT_SectPr
from docx.oxml.table import CT_Row, CT_Tbl, CT_Tc
from docx.oxml.text.paragraph import CT_P
from docx.oxml.text.run import CT_R
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt

from cluster_app.documents.blocks import Align, Orientation, PaperSize
from cluster_app.documents.measures import MARGINS, PAPER_MM, Face, Measures
from cluster_app.documents.typefaces import width

# What XML cannot carry. Word keeps everything else, whatever the fonts have.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_PARTS = re.compile("([\t\n\r])")
_BREAKS = {"\t": "tab", "\n": "br", "\r": "br"}
_SPACE_ATTRIBUTE = "{http://www.w3.org/XML/1998/namespace}space"
# The width of a space as a share of the size, and what a line keeps free at each side, in points.
_SPACE = 0.25
_SAFETY = 2.0

ALIGNMENTS = {
    Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
    Align.CENTER: WD_ALIGN_PARAGRAPH.CENTER,
    Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
    Align.JUSTIFY: WD_ALIGN_PARAGRAPH.JUSTIFY,
}


def clean(text: str) -> str:
    """The text without the characters that XML cannot carry; one of them that parts words becomes a space."""
    return _FORBIDDEN.sub(lambda found: " " if found[0].isspace() else "", text).replace("\r\n", "\n")


def element(tag: str, **attributes: str | int) -> BaseOxmlElement:
    """An element of the namespace `w` with attributes of the same namespace."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(_name(name), str(value))
    return made


def add_child(parent: BaseOxmlElement, tag: str, **attributes: str | int) -> BaseOxmlElement:
    """A last child of the namespace `w` with attributes of the same namespace; the caller minds the order."""
    made: BaseOxmlElement = parent.makeelement(_name(tag))
    parent.append(made)
    for name, value in attributes.items():
        made.set(_name(name), str(value))
    return made


@cache
def _name(name: str) -> str:
    return qn(f"w:{name}")


def add_paragraph(
    parent: BaseOxmlElement,
    style: str,
    text: str = "",
    *,
    align: Align | None = None,
    keep: bool = False,
) -> CT_P:
    """A paragraph at the end of a body or a cell; `keep` holds it on the sheet of what follows."""
    made: CT_P = parent.add_p()
    made.style = style
    if keep:
        keep_with_next(made)
    if align is not None:
        made.alignment = ALIGNMENTS[align]
    if text:
        add_run(made, text)
    return made


def add_run(paragraph: CT_P, text: str) -> CT_R:
    run: CT_R = paragraph.add_r()
    add_text(run, text)
    return run


def add_text(run: CT_R, text: str) -> None:
    """Writes the text at the end of a run; line ends in it become line breaks, tabs stay tabs."""
    for part in _PARTS.split(clean(text)):
        if part in _BREAKS:
            add_child(run, _BREAKS[part])
        elif part:
            written = add_child(run, "t")
            written.text = part
            written.set(_SPACE_ATTRIBUTE, "preserve")


def keep_with_next(paragraph: CT_P) -> None:
    paragraph.get_or_add_pPr().keepNext_val = True


def balance(paragraph: CT_P, face: Face, room: float, *, most: float = 0) -> None:
    """Draws the sides of a centred paragraph in as far as its lines allow, so that they become about equally long.

    `room` is the width of its column in points, `most` that of its longest line if it shall not fill the column.
    """
    text, wide = paragraph.text, most or room
    lines = line_count(text, face.size, wide)
    if lines < 2:
        return
    narrow = wide / 3
    while wide - narrow > 1:
        middle = (narrow + wide) / 2
        narrow, wide = (narrow, middle) if line_count(text, face.size, middle) == lines else (middle, wide)
    properties = paragraph.get_or_add_pPr()
    side = Pt(max(0.0, (room - wide) / 2 - _SAFETY))
    properties.ind_left, properties.ind_right = side, side


def line_count(text: str, size: float, room: float) -> int:
    """How many lines the bold words take when each line holds as many as fit."""
    lines = 0
    for part in clean(text).split("\n"):
        lines += 1
        used = 0.0
        for word in part.split():
            needed = width(word, size=size, bold=True)
            if used and used + needed > room:
                lines += 1
                used = 0.0
            used += needed + size * _SPACE
    return lines


def add_table(parent: BaseOxmlElement, style: str, widths_mm: Sequence[float]) -> CT_Tbl:
    """A table without rows, of fixed column widths."""
    table = CT_Tbl.new_tbl(0, len(widths_mm), Mm(sum(widths_mm)))
    table.tblStyle_val = style
    table.tblPr.autofit = False
    total = table.tblPr.find(qn("w:tblW"))
    total.set(qn("w:type"), "dxa")
    total.set(qn("w:w"), str(Mm(sum(widths_mm)).twips))
    for column, width_mm in zip(table.tblGrid.gridCol_lst, widths_mm, strict=True):
        column.w = Mm(width_mm)
    parent._insert_tbl(table)
    return table


def add_row(table: CT_Tbl, *, is_head: bool = False, may_break: bool = False) -> CT_Row:
    """A row that stays on one sheet unless it `may_break`; heads are repeated on every sheet."""
    row: CT_Row = table.add_tr()
    properties = row.get_or_add_trPr()
    if not may_break:
        properties.append(element("cantSplit"))
    if is_head:
        properties.append(element("tblHeader"))
    return row


def add_cell(row: CT_Row, width_mm: float) -> CT_Tc:
    """An empty cell; whoever fills it must end with a paragraph."""
    cell: CT_Tc = row.add_tc()
    cell.width = Mm(width_mm)
    cell.remove(cell.p_lst[0])
    return cell


def add_rule(parent: BaseOxmlElement, style: str, *, length: float, room: float, thickness: float) -> CT_P:
    """A line of `length` in the middle of a column of `room`, all in points."""
    made: CT_P = parent.add_p()
    made.style = style
    properties = made.get_or_add_pPr()
    border = element("pBdr")
    # The thickness of borders counts in eighths of a point.
    border.append(element("bottom", val="single", sz=round(thickness * 8), space=0, color="000000"))
    properties.append(border)
    side = Pt(max(0.0, (room - length) / 2))
    properties.ind_left, properties.ind_right = side, side
    return made


def lay_out(section: CT_SectPr, measures: Measures, *, size: PaperSize, orientation: Orientation) -> None:
    """Paper and margins of a section, and where its page number stands."""
    short, long = PAPER_MM[size]
    is_lying = orientation == Orientation.LANDSCAPE
    margins = MARGINS[orientation]
    section.orientation = WD_ORIENT.LANDSCAPE if is_lying else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(long), Mm(short)) if is_lying else (Mm(short), Mm(long))
    section.top_margin, section.bottom_margin = Mm(margins.top_mm), Mm(margins.bottom_mm)
    section.left_margin, section.right_margin = Mm(margins.left_mm), Mm(margins.right_mm)
    section.header = Mm(measures.page_number_mm) - Pt(measures.page_number.leading / 2)
    section.footer = Mm(margins.bottom_mm / 2)
    section.gutter = Mm(0)
    section.start_type = WD_SECTION.NEW_PAGE
