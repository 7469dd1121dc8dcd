"""The Word back end: a file that an office goes on writing in, with real styles, and the same bytes at every making."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_UNDERLINE
from docx.oxml.ns import qn
from docx.oxml.section import CT_SectPr
from docx.oxml.text.paragraph import CT_P
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length

from cluster_app.documents import word_heads, word_pictures, word_signatures, word_styles, word_tables
from cluster_app.documents.blocks import (
    Align,
    Block,
    Chart,
    Document,
    Heading,
    NumberedList,
    Orientation,
    PageBreak,
    Paragraph,
    Section,
    SignatureBlock,
    SignatureGrid,
    Table,
)
from cluster_app.documents.letterheads import measures_of
from cluster_app.documents.measures import MARGINS, PAPER_MM, Measures
from cluster_app.documents.word_xml import (
    add_cell,
    add_paragraph,
    add_row,
    add_run,
    add_table,
    clean,
    keep_with_next,
    lay_out,
)

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# The oldest time that a zip can tell.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
# For a paper without a date and a year of its own.
_NO_DATE = date(2000, 1, 1)
_LONGEST_PROPERTY = 255


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Where blocks are written: the body of the file, and how wide its lines are."""

    file: WordDocument
    body: BaseOxmlElement
    measures: Measures
    room_mm: float
    is_lying: bool


def render(document: Document) -> bytes:
    """The document as a .docx file. Equal documents give equal bytes.

    Every text is data; what XML cannot carry is left out, everything else stands there as it was typed.
    """
    measures = measures_of(document)
    file = docx.Document(BytesIO(word_styles.blank(measures)))
    body = file.element.body
    for position, section in enumerate(document.sections):
        sheet = _start(file, section, measures, is_first=position == 0, document=document)
        if position == 0:
            word_heads.add(body, document, measures, room_mm=sheet.room_mm)
        _write(sheet, section)
    _add_foot(sheet, document)
    _describe(file, document)
    return _packed(file)


def _start(file: WordDocument, section: Section, measures: Measures, *, is_first: bool, document: Document) -> _Sheet:
    """Makes the pages of a section; the last paragraph of the one before ends that."""
    body = file.element.body
    settings: CT_SectPr = body.sectPr
    if not is_first:
        _last_paragraph(body).set_sectPr(settings.clone())
        word_heads.drop_page_head(settings)
    lay_out(settings, measures, size=section.size, orientation=section.orientation)
    if is_first:
        word_heads.add_page_head(file.sections[0], document, measures)
    is_lying = section.orientation == Orientation.LANDSCAPE
    margins = MARGINS[section.orientation]
    width = PAPER_MM[section.size][1 if is_lying else 0]
    return _Sheet(file, body, measures, width - margins.left_mm - margins.right_mm, is_lying)


def _last_paragraph(body: BaseOxmlElement) -> CT_P:
    """The paragraph at the end; every block but a text ends with an empty one, so it is there."""
    return body.p_lst[-1] if body[-2].tag == qn("w:p") else add_paragraph(body, word_styles.SPACE)


def _write(sheet: _Sheet, section: Section) -> None:
    if section.annex:
        word_heads.add_annex(sheet.body, section.annex)
    for block in section.blocks:
        if isinstance(block, SignatureBlock | SignatureGrid):
            _keep_what_is_last(sheet.body)
        _add(sheet, block)


def _add(sheet: _Sheet, block: Block) -> None:
    body, measures, room_mm = sheet.body, sheet.measures, sheet.room_mm
    match block:
        case Heading():
            add_paragraph(body, word_styles.HEADINGS[block.level - 1], block.text)
        case Paragraph():
            _add_text(body, block)
        case NumberedList():
            for marker, item in block.marked_items:
                add_paragraph(body, word_styles.LIST, f"{marker} {item}")
        case Table():
            word_tables.add(body, block, measures, room_mm=room_mm, is_lying=sheet.is_lying)
        case Chart():
            _add_chart(sheet, block)
        case SignatureBlock():
            word_signatures.add_block(body, block, measures, room_mm=room_mm)
        case SignatureGrid():
            word_signatures.add_grid(body, block, measures, room_mm=room_mm)
        case PageBreak():
            add_paragraph(body, word_styles.SPACE).get_or_add_pPr().pageBreakBefore_val = True


def _add_text(body: BaseOxmlElement, block: Paragraph) -> None:
    align = None if block.align == Align.JUSTIFY else block.align
    written = add_paragraph(body, word_styles.BODY, align=align)
    if not block.indent or block.align == Align.CENTER:
        written.get_or_add_pPr().first_line_indent = Length(0)
    for part in block.runs:
        if not part.text:
            continue
        properties = add_run(written, part.text).get_or_add_rPr()
        for name, is_on in (("b", part.bold), ("i", part.italic)):
            if is_on:
                getattr(properties, f"get_or_add_{name}")()
        if part.underline:
            properties.u_val = WD_UNDERLINE.SINGLE


def _add_chart(sheet: _Sheet, chart: Chart) -> None:
    add_paragraph(sheet.body, word_styles.CAPTION, chart.title)
    word_pictures.add_chart(sheet.file, add_paragraph(sheet.body, word_styles.PICTURE), chart)
    word_tables.add(sheet.body, chart.table, sheet.measures, room_mm=sheet.room_mm, is_lying=sheet.is_lying)


def _keep_what_is_last(body: BaseOxmlElement) -> None:
    """Holds the last text, or the last row of a table, to what follows: no sheet may hold signatures alone."""
    for written in body.inner_content_elements[::-1]:
        if isinstance(written, CT_P):
            keep_with_next(written)
            if written.text:
                return
        else:
            for cell in written.tr_lst[-1].tc_lst:
                keep_with_next(cell.p_lst[0])
            return


def _add_foot(sheet: _Sheet, document: Document) -> None:
    """What a print adds below the content: its code, and the code to scan."""
    if not document.footer_note and not document.check_url:
        return
    side = sheet.measures.check_code_mm if document.check_url else 0
    widths = [sheet.room_mm - side, side] if side else [sheet.room_mm]
    row = add_row(add_table(sheet.body, word_styles.FOOT, widths))
    cells = [add_cell(row, width) for width in widths]
    add_paragraph(cells[0], word_styles.FOOTER_NOTE, document.footer_note)
    if document.check_url:
        picture = add_paragraph(cells[1], word_styles.PICTURE)
        word_pictures.add_check_code(sheet.file, picture, document.check_url, side_mm=side)
    add_paragraph(sheet.body, word_styles.SPACE)


def _describe(file: WordDocument, document: Document) -> None:
    """What the file says of itself; its dates are the document's own, never those of the making."""
    letterhead = document.letterhead
    day = _NO_DATE
    if letterhead:
        day = letterhead.dated_on or (date(letterhead.year, 1, 1) if letterhead.year else _NO_DATE)
    moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a day, in no zone
    properties = file.core_properties
    properties.title = clean(document.title)[:_LONGEST_PROPERTY]
    properties.author = clean(letterhead.issuer)[:_LONGEST_PROPERTY] if letterhead else ""
    properties.last_modified_by = properties.author
    properties.created = properties.modified = moment
    properties.language = word_styles.LANGUAGE
    properties.comments = properties.keywords = ""
    properties.revision = 1


def _packed(file: WordDocument) -> bytes:
    """The parts of the file in their order, all with the same time."""
    saved, packed = BytesIO(), BytesIO()
    file.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(packed, "w") as target:
        for name, content in _parts(source):
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            target.writestr(entry, content)
    return packed.getvalue()


def _parts(source: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    for name in source.namelist():
        yield name, source.read(name)
