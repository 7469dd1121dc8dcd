"""The styles of the Word files: what an office finds in its list of styles, and the empty file that holds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO

import docx
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle

from cluster_app.documents.measures import OFFICE_FONT, Face, Measures
from cluster_app.documents.word_xml import element

LANGUAGE = "vi-VN"
BODY, LIST, CAPTION, TYPE, SUMMARY, HEADER = "BodyText", "List", "Caption", "Title", "Subtitle", "Header"
PLAIN_TITLE, SUMMARY_RULE = "PlainTitle", "SummaryRule"
HEADINGS = ("Heading1", "Heading2", "Heading3")
SUPERIOR, ISSUER, SEPARATOR, NUMBER, ABOUT = "Superior", "Issuer", "Separator", "NumberSymbol", "LetterAbout"
NATIONAL_TITLES, PLACE_DATE = ("NationalTitle", "NationalMotto"), "PlaceDate"
ANNEX, ANNEX_NAME, ANNEX_REFERENCE = "Annex", "AnnexName", "AnnexReference"
TABLE_TEXTS = TABLE_TEXT, TABLE_TEXT_LYING, TABLE_TEXT_DENSE = "TableText", "TableTextLying", "TableTextDense"
NOTE, FOOTER_NOTE, PICTURE, SPACE, RULE = "TableNote", "FooterNote", "Picture", "Space", "Rule"
TABLE, LAYOUT, FOOT = "TableGrid", "Layout", "Foot"
AUTHORITY, OFFICE, SIGN_NOTE, SIGN_ROOM, NAME = "Authority", "Office", "SignNote", "SignRoom", "SignerName"
RECIPIENTS_TITLE, RECIPIENTS_LINE = "RecipientsTitle", "RecipientsLine"

_CENTER, _JUSTIFY, _LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT
_GRID = ("top", "left", "bottom", "right", "insideH", "insideV")
_KEPT_STYLES = ("Normal", "DefaultParagraphFont", "TableNormal", "NoList")
_UNUSED_PARTS = (
    RELATIONSHIP_TYPE.THUMBNAIL,
    RELATIONSHIP_TYPE.EXTENDED_PROPERTIES,
    RELATIONSHIP_TYPE.NUMBERING,
    RELATIONSHIP_TYPE.CUSTOM_XML,
    "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects",
)
# Word 2013 and later: without it Word says "compatibility mode" in the title of its window.
_COMPATIBILITY_MODE = "15"


@dataclass(frozen=True, slots=True)
class _Style:
    """A style of paragraphs. `key` is its id in the file, `name` what people read; the names of Word's own styles are
    English in the file, and Word shows them in its own language."""

    key: str
    name: str
    face: Face
    align: WD_ALIGN_PARAGRAPH = _CENTER
    before: float = 0
    after: float = 0
    indent_mm: float = 0
    keep_with_next: bool = False
    outline: int | None = None


@cache
def blank(measures: Measures) -> bytes:
    """An empty file with the styles of these measures and nothing else of python-docx's own template."""
    document = docx.Document()
    _drop_unused_parts(document)
    _drop_styles(document)
    _set_defaults(document, measures)
    for style in _styles(measures):
        _add(document, style)
    _add_table_style(document, TABLE, "Table Grid", _GRID, measures, measures.cell_padding_mm)
    _add_table_style(document, LAYOUT, "Bố cục", (), measures, (0, 0))
    _add_table_style(document, FOOT, "Chân văn bản", ("top",), measures, (1, 0))
    _set_settings(document)
    stored = BytesIO()
    document.save(stored)
    return stored.getvalue()


def _styles(measures: Measures) -> tuple[_Style, ...]:
    return (*_text_styles(measures), *_head_styles(measures), *_table_styles(measures), *_sign_styles(measures))


def _text_styles(measures: Measures) -> tuple[_Style, ...]:
    after, indent = measures.after_paragraph, measures.indent_mm
    headings = zip(HEADINGS, measures.headings, measures.before_headings, strict=True)
    return (
        _Style(BODY, "Body Text", measures.body, _JUSTIFY, after=after, indent_mm=indent),
        _Style(LIST, "List", measures.body, _JUSTIFY, after=after, indent_mm=indent),
        *(
            _Style(key, f"Heading {level}", face, _JUSTIFY, before, after, indent, True, level)
            for level, (key, face, before) in enumerate(headings, 1)
        ),
        _Style(HEADER, "Header", measures.page_number),
        _Style(PICTURE, "Hình", Face(measures.body.size), keep_with_next=True, after=after),
        _Style(SPACE, "Khoảng cách", Face(1, line=6)),
        _Style(RULE, "Đường kẻ", Face(1, line=3)),
        _Style(FOOTER_NOTE, "Ghi chú cuối văn bản", measures.footer_note, _LEFT),
    )


def _head_styles(measures: Measures) -> tuple[_Style, ...]:
    titles = zip(NATIONAL_TITLES, ("Quốc hiệu", "Tiêu ngữ"), measures.titles, strict=False)
    return (
        _Style(SUPERIOR, "Cơ quan cấp trên", measures.superior),
        _Style(ISSUER, "Cơ quan ban hành", measures.issuer),
        _Style(SEPARATOR, "Dấu sao", measures.separator),
        _Style(NUMBER, "Số và ký hiệu", measures.number),
        _Style(ABOUT, "Trích yếu công văn", measures.letter_about),
        *(_Style(key, name, face) for key, name, face in titles),
        _Style(PLACE_DATE, "Địa danh và ngày tháng", measures.place_date, before=5),
        _Style(TYPE, "Title", measures.document_type, keep_with_next=True),
        _Style(SUMMARY, "Subtitle", measures.summary, keep_with_next=True),
        _Style(SUMMARY_RULE, "Vạch dưới trích yếu", Face(measures.body.size), keep_with_next=True),
        _Style(PLAIN_TITLE, "Tên văn bản", measures.annex_title, after=14, keep_with_next=True, outline=1),
        _Style(ANNEX, "Phụ lục", measures.annex_label, keep_with_next=True, outline=1),
        _Style(ANNEX_NAME, "Tên phụ lục", measures.annex_title, keep_with_next=True),
        _Style(ANNEX_REFERENCE, "Kèm theo", measures.annex_reference, after=10, keep_with_next=True),
    )


def _table_styles(measures: Measures) -> tuple[_Style, ...]:
    return (
        _Style(CAPTION, "Caption", measures.caption, before=6, after=6, keep_with_next=True),
        _Style(TABLE_TEXT, "Chữ trong bảng", measures.table, _LEFT),
        _Style(TABLE_TEXT_LYING, "Chữ trong bảng ngang", measures.table_lying, _LEFT),
        _Style(TABLE_TEXT_DENSE, "Chữ trong bảng nhỏ", measures.table_dense, _LEFT),
        _Style(NOTE, "Ghi chú bảng", measures.note, _LEFT, before=3, after=6),
    )


def _sign_styles(measures: Measures) -> tuple[_Style, ...]:
    return (
        _Style(AUTHORITY, "Quyền hạn ký", measures.authority, keep_with_next=True),
        _Style(OFFICE, "Chức vụ người ký", measures.office, keep_with_next=True),
        _Style(SIGN_NOTE, "Ghi chú chữ ký", measures.sign_note, keep_with_next=True),
        _Style(SIGN_ROOM, "Chỗ ký", Face(1, line=measures.sign_line), keep_with_next=True),
        _Style(NAME, "Họ tên người ký", measures.name),
        _Style(RECIPIENTS_TITLE, "Nơi nhận", measures.recipients_title, _LEFT),
        _Style(RECIPIENTS_LINE, "Dòng nơi nhận", measures.recipients_line, _LEFT),
    )


def _add(document: WordDocument, wanted: _Style) -> None:
    style = document.styles.add_style(wanted.name, WD_STYLE_TYPE.PARAGRAPH, builtin=_is_of_word(wanted))
    style.element.styleId = wanted.key
    style.base_style = document.styles["Normal"]
    style.quick_style = True
    _set_paragraphs(style, wanted)
    _set_face(style, wanted.face)


def _is_of_word(wanted: _Style) -> bool:
    return wanted.name.isascii()


def _set_paragraphs(style: ParagraphStyle, wanted: _Style) -> None:
    layout = style.paragraph_format
    layout.alignment = wanted.align
    layout.space_before, layout.space_after = Pt(wanted.before), Pt(wanted.after)
    layout.first_line_indent = Mm(wanted.indent_mm) if wanted.indent_mm else None
    layout.keep_with_next = wanted.keep_with_next or None
    layout.widow_control = True
    if wanted.face.line:
        layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        layout.line_spacing = Pt(wanted.face.line)
    if wanted.outline is not None:
        style.element.get_or_add_pPr().append(element("outlineLvl", val=wanted.outline - 1))


def _set_face(style: ParagraphStyle, face: Face) -> None:
    """Says every property, also those that are off: the styles stand for themselves."""
    style.font.name = OFFICE_FONT
    style.font.size = Pt(face.size)
    style.font.bold, style.font.italic, style.font.underline = face.bold, face.italic, face.underline
    run = style.element.get_or_add_rPr()
    _name_fonts(run)
    _add_size_of_complex_scripts(run, face.size)


def _name_fonts(run: BaseOxmlElement) -> None:
    fonts = run.find(qn("w:rFonts"))
    fonts.attrib.clear()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), OFFICE_FONT)


def _add_size_of_complex_scripts(run: BaseOxmlElement, size: float) -> None:
    run.find(qn("w:sz")).addnext(element("szCs", val=round(size * 2)))


def _set_defaults(document: WordDocument, measures: Measures) -> None:
    """Font, size and language for whatever has no style, so that no theme of Word's creeps in."""
    styles = document.styles.element
    defaults = styles.find(qn("w:docDefaults"))
    run = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    _name_fonts(run)
    for tag in ("w:sz", "w:szCs"):
        run.find(qn(tag)).set(qn("w:val"), str(round(measures.body.size * 2)))
    for attribute in ("val", "eastAsia"):
        run.find(qn("w:lang")).set(qn(f"w:{attribute}"), LANGUAGE)
    spacing = defaults.find(qn("w:pPrDefault")).find(qn("w:pPr")).find(qn("w:spacing"))
    spacing.attrib.clear()
    spacing.set(qn("w:after"), "0")
    _set_face(document.styles["Normal"], measures.body)


def _add_table_style(
    document: WordDocument, key: str, name: str, sides: Sequence[str], measures: Measures, padding_mm: Sequence[float]
) -> None:
    """A style of tables with lines on the `sides`; the padding is above and below, then left and right."""
    style = document.styles.add_style(name, WD_STYLE_TYPE.TABLE, builtin=name.isascii())
    style.element.styleId = key
    borders = element("tblBorders")
    for side in sides:
        # Word counts the thickness of borders in eighths of a point.
        borders.append(element(side, val="single", sz=round(measures.table_rule * 8), space=0, color="000000"))
    margins = element("tblCellMar")
    for side, padding in zip(("top", "left", "bottom", "right"), (*padding_mm, *padding_mm), strict=True):
        margins.append(element(side, w=Mm(padding).twips, type="dxa"))
    properties = element("tblPr")
    properties.extend([borders, margins] if sides else [margins])
    style.element.append(properties)


def _drop_styles(document: WordDocument) -> None:
    for style in list(document.styles.element.style_lst):
        if style.styleId not in _KEPT_STYLES:
            style.getparent().remove(style)


def _drop_unused_parts(document: WordDocument) -> None:
    for relations in (document.part.package.rels, document.part.rels):
        for key, relation in list(relations.items()):
            if relation.reltype in _UNUSED_PARTS:
                relations.pop(key)


def _set_settings(document: WordDocument) -> None:
    settings = document.settings.element
    for tag in ("w:rsids", "w:savePreviewPicture"):
        settings.remove(settings.find(qn(tag)))
    compatibility = settings.find(qn("w:compat"))
    compatibility.remove(compatibility.find(qn("w:useFELayout")))
    # A line that a person broke by hand is not stretched to the full width.
    compatibility.insert(0, element("doNotExpandShiftReturn"))
    mode = next(iter(compatibility.findall(qn("w:compatSetting"))))
    mode.set(qn("w:val"), _COMPATIBILITY_MODE)
    language = settings.find(qn("w:themeFontLang"))
    for attribute in ("val", "eastAsia"):
        language.set(qn(f"w:{attribute}"), LANGUAGE)
