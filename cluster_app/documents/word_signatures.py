"""The end of a Word file: recipients and signatures, on one sheet with what stands before them."""

from collections.abc import Iterator, Sequence

from docx.oxml.table import CT_Tc
from docx.oxml.text.paragraph import CT_P
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Pt

from cluster_app.documents import word_styles
from cluster_app.documents.blocks import Recipients, Signature, SignatureBlock, SignatureGrid
from cluster_app.documents.measures import Measures
from cluster_app.documents.word_xml import (
    add_cell,
    add_paragraph,
    add_row,
    add_table,
    balance,
    keep_with_next,
    line_count,
)

_SHARES = (44, 56)
_POINTS_OF_MM = 72 / 25.4
# Between two rows of a grid, in points.
_GRID_GAP = 16


def add_block(parent: BaseOxmlElement, block: SignatureBlock, measures: Measures, *, room_mm: float) -> None:
    """Recipients or a second signature on the left, who signs on the right."""
    add_paragraph(parent, word_styles.SPACE, keep=True)
    widths = [room_mm * share / sum(_SHARES) for share in _SHARES]
    row = add_row(add_table(parent, word_styles.LAYOUT, widths))
    left, right = (add_cell(row, one) for one in widths)
    match block.left:
        case Recipients():
            add_paragraph(left, word_styles.RECIPIENTS_TITLE, block.left.title)
            for line in block.left.lines:
                add_paragraph(left, word_styles.RECIPIENTS_LINE, line)
        case Signature():
            if block.place_line:
                # Both who sign start on the same line.
                add_paragraph(left, word_styles.PLACE_DATE)
            _add_signature(left, block.left, measures, widths[0] * _POINTS_OF_MM)
        case None:
            add_paragraph(left, word_styles.NAME)
    if block.place_line:
        add_paragraph(right, word_styles.PLACE_DATE, block.place_line)
    _add_signature(right, block.right, measures, widths[1] * _POINTS_OF_MM)
    add_paragraph(parent, word_styles.SPACE)


def add_grid(parent: BaseOxmlElement, grid: SignatureGrid, measures: Measures, *, room_mm: float) -> None:
    """Signatures of equals row by row; the names of a row stand at about the same height."""
    add_paragraph(parent, word_styles.SPACE, keep=True)
    widths = [room_mm / grid.columns] * grid.columns
    table = add_table(parent, word_styles.LAYOUT, widths)
    room = widths[0] * _POINTS_OF_MM
    for signatures in _rows(grid):
        row = add_row(table)
        heights = [_height(one, measures, room) for one in signatures]
        is_last = signatures[-1] is grid.cells[-1]
        for signature, height in zip(signatures, heights, strict=True):
            cell = add_cell(row, widths[0])
            name = _add_signature(cell, signature, measures, room, max(heights) - height)
            if not is_last:
                name.get_or_add_pPr().spacing_after = Pt(_GRID_GAP)
                for paragraph in cell.p_lst:
                    keep_with_next(paragraph)
        for _missing in range(grid.columns - len(signatures)):
            add_paragraph(add_cell(row, widths[0]), word_styles.NAME)
    add_paragraph(parent, word_styles.SPACE)


def _rows(grid: SignatureGrid) -> Iterator[Sequence[Signature]]:
    for start in range(0, len(grid.cells), grid.columns):
        yield grid.cells[start : start + grid.columns]


def _add_signature(cell: CT_Tc, signature: Signature, measures: Measures, room: float, more: float = 0) -> CT_P:
    """Writes who signs, and returns the paragraph of the name, which is there also without a name.

    `room` is the width of the column in points, `more` what the room for the hand has besides its own height.
    """
    for line in signature.authority:
        balance(add_paragraph(cell, word_styles.AUTHORITY, line), measures.authority, room)
    for line in signature.office:
        balance(add_paragraph(cell, word_styles.OFFICE, line), measures.office, room)
    if signature.note:
        add_paragraph(cell, word_styles.SIGN_NOTE, signature.note)
    for_hand = add_paragraph(cell, word_styles.SIGN_ROOM)
    for_hand.get_or_add_pPr().spacing_line = Pt(signature.space * measures.sign_line + more)
    return add_paragraph(cell, word_styles.NAME, signature.name)


def _height(signature: Signature, measures: Measures, room: float) -> float:
    """About how high the lines above the room for the hand are, in points."""
    faces = (
        *((line, measures.authority) for line in signature.authority),
        *((line, measures.office) for line in signature.office),
        *((line, measures.sign_note) for line in (signature.note,) if line),
    )
    return (
        sum(line_count(text, face.size, room) * face.leading for text, face in faces)
        + signature.space * measures.sign_line
    )
