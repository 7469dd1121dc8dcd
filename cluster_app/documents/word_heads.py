"""The heads of a Word file: letterhead, name of the paper, page number, the mark of a draft."""

from docx.enum.section import WD_HEADER_FOOTER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.table import CT_Tc
from docx.oxml.text.paragraph import CT_P
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Mm, Pt

from cluster_app.documents import word_styles
from cluster_app.documents.blocks import Annex, Document, Letterhead
from cluster_app.documents.letterheads import Form, form_of, letter_about, number_line, place_and_date
from cluster_app.documents.measures import Measures
from cluster_app.documents.typefaces import width
from cluster_app.documents.word_xml import (
    add_cell,
    add_paragraph,
    add_row,
    add_rule,
    add_run,
    add_table,
    balance,
    clean,
    element,
)

_POINTS_OF_MM = 72 / 25.4
_AFTER_LETTERHEAD = 20
_AFTER_NAME = 14
_WIDEST_SUMMARY_MM = 140
# The national title of the State fills its column to the last tenth of a millimetre: it may stand out a little.
_ROOM_FOR_TITLE_MM = 1.5
_MARK_TURN = 328
_MARK_HEIGHT = 1.15
_WIDEST_MARK = 450.0
# From the upper margin to the middle of the only mark, or of the first of several, and on to the next; in millimetres.
_ONLY_MARK_MM, _FIRST_MARK_MM, _NEXT_MARK_MM = 95, 45, 60
# The form of words on a curve that Word itself writes for its watermarks.
_MARK = f"""
<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
  <w:rPr><w:noProof/></w:rPr>
  <w:pict>
    <v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">
      <v:formulas>
        <v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>
        <v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>
        <v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/>
        <v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/>
      </v:formulas>
      <v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800"
        o:connectangles="270,180,90,0"/>
      <v:textpath on="t" fitshape="t"/>
      <v:handles><v:h position="#0,bottomRight" xrange="6629,14971"/></v:handles>
      <o:lock v:ext="edit" text="t" shapetype="t"/>
    </v:shapetype>
    <v:shape type="#_x0000_t136" o:allowincell="f" fillcolor="silver" stroked="f">
      <v:fill opacity=".5"/>
      <v:textpath/>
    </v:shape>
  </w:pict>
</w:r>
"""
_SHAPE = "{urn:schemas-microsoft-com:vml}shape"
_TEXT_PATH = "{urn:schemas-microsoft-com:vml}textpath"


def add(parent: BaseOxmlElement, document: Document, measures: Measures, *, room_mm: float) -> None:
    """The letterhead and the name of the paper; a letter has no name, a paper without a letterhead its title alone."""
    letterhead = document.letterhead
    if letterhead is None:
        add_paragraph(parent, word_styles.PLAIN_TITLE, document.title)
        return
    form = form_of(letterhead)
    _add_letterhead(parent, letterhead, form, room_mm)
    _add_space(parent, _AFTER_LETTERHEAD)
    if not letterhead.is_letter:
        _add_name(parent, document, letterhead, form, room_mm)


def add_annex(parent: BaseOxmlElement, annex: Annex) -> None:
    """The head of an annex; its label is found in Word's navigation."""
    add_paragraph(parent, word_styles.ANNEX, annex.label)
    add_paragraph(parent, word_styles.ANNEX_NAME, annex.title)
    if annex.reference:
        add_paragraph(parent, word_styles.ANNEX_REFERENCE, annex.reference)


def add_page_head(section: Section, document: Document, measures: Measures) -> None:
    """The number of the page from the second on, and the marks on every page. Later sections inherit both."""
    section.different_first_page_header_footer = True
    for part, has_number in ((section.first_page_header, False), (section.header, True)):
        part.is_linked_to_previous = False
        paragraph: CT_P = part.paragraphs[0]._p
        paragraph.style = word_styles.HEADER
        for position, text in enumerate(document.watermarks):
            paragraph.append(_mark(text, position, len(document.watermarks), measures))
        if has_number:
            _add_page_number(paragraph)


def drop_page_head(section: BaseOxmlElement) -> None:
    """Lets a section have the page heads of the one before it, without a first page of its own."""
    for kind in (WD_HEADER_FOOTER.PRIMARY, WD_HEADER_FOOTER.FIRST_PAGE):
        if section.get_headerReference(kind) is not None:
            section.remove(section.get_headerReference(kind))
    section.titlePg_val = None


def _add_letterhead(parent: BaseOxmlElement, letterhead: Letterhead, form: Form, room_mm: float) -> None:
    measures = form.measures
    widths = [room_mm * share / sum(measures.letterhead_shares) for share in measures.letterhead_shares]
    row = add_row(add_table(parent, word_styles.LAYOUT, widths))
    _add_issuer(add_cell(row, widths[0]), letterhead, form, widths[0] * _POINTS_OF_MM)
    _add_state(add_cell(row, widths[1]), letterhead, form, widths[1] * _POINTS_OF_MM)


def _add_issuer(cell: CT_Tc, letterhead: Letterhead, form: Form, room: float) -> None:
    measures = form.measures
    if letterhead.superior:
        balance(add_paragraph(cell, word_styles.SUPERIOR, letterhead.superior), measures.superior, room)
    balance(add_paragraph(cell, word_styles.ISSUER, letterhead.issuer), measures.issuer, room)
    if measures.issuer_rule_share:
        _add_share_of_words(cell, letterhead.issuer, measures.issuer.size, measures.issuer_rule_share, room, measures)
    if form.separator:
        add_paragraph(cell, word_styles.SEPARATOR, form.separator)
    add_paragraph(cell, word_styles.NUMBER, number_line(letterhead))
    if letterhead.is_letter and letterhead.summary:
        add_paragraph(cell, word_styles.ABOUT, letter_about(letterhead))


def _add_state(cell: CT_Tc, letterhead: Letterhead, form: Form, room: float) -> None:
    measures = form.measures
    for title, style in zip(form.titles, word_styles.NATIONAL_TITLES, strict=False):
        paragraph = add_paragraph(cell, style, title)
        properties = paragraph.get_or_add_pPr()
        properties.ind_left, properties.ind_right = Mm(-_ROOM_FOR_TITLE_MM), Mm(-_ROOM_FOR_TITLE_MM)
    last = measures.titles[-1]
    length = width(form.titles[-1], size=last.size, bold=last.bold)
    add_rule(cell, word_styles.RULE, length=length, room=room, thickness=measures.title_rule)
    day = place_and_date(letterhead.place, letterhead.dated_on, year=letterhead.year)
    add_paragraph(cell, word_styles.PLACE_DATE, day)


def _add_name(parent: BaseOxmlElement, document: Document, letterhead: Letterhead, form: Form, room_mm: float) -> None:
    measures, room = form.measures, room_mm * _POINTS_OF_MM
    add_paragraph(parent, word_styles.TYPE, letterhead.document_type or document.title)
    if letterhead.summary:
        summary = add_paragraph(parent, word_styles.SUMMARY, letterhead.summary)
        balance(summary, measures.summary, room, most=_WIDEST_SUMMARY_MM * _POINTS_OF_MM)
        if measures.summary_rule_share:
            share, size = measures.summary_rule_share, measures.summary.size
            _add_share_of_words(parent, letterhead.summary, size, share, room, measures)
        if form.summary_rule:
            add_paragraph(parent, word_styles.SUMMARY_RULE, form.summary_rule)
    _add_space(parent, _AFTER_NAME)


def _add_share_of_words(
    parent: BaseOxmlElement, words: str, size: float, share: float, room: float, measures: Measures
) -> None:
    """A rule as long as a share of the longest line of the bold words above it."""
    longest = max(width(line, size=size, bold=True) for line in clean(words).split("\n"))
    length = min(longest, room, _WIDEST_SUMMARY_MM * _POINTS_OF_MM) * share / 100
    add_rule(parent, word_styles.RULE, length=length, room=room, thickness=measures.rule)


def _add_space(parent: BaseOxmlElement, points: float) -> None:
    paragraph = add_paragraph(parent, word_styles.SPACE)
    paragraph.get_or_add_pPr().spacing_line = Pt(points)


def _add_page_number(paragraph: CT_P) -> None:
    """The field PAGE in its three parts, with the number that is shown until it is worked out."""
    for part in ("begin", "code", "separate", "number", "end"):
        run = paragraph.add_r() if part != "number" else add_run(paragraph, "2")
        if part == "code":
            code = OxmlElement("w:instrText")
            code.text = "PAGE"
            run.append(code)
        elif part != "number":
            run.append(element("fldChar", fldCharType=part))


def _mark(text: str, position: int, count: int, measures: Measures) -> BaseOxmlElement:
    run = parse_xml(_MARK)
    if position:
        # The first mark has said what such a shape is.
        definition = run.find(f".//{_SHAPE}type")
        definition.getparent().remove(definition)
    size = measures.watermark.size
    length = min(width(text, size=size, bold=True), _WIDEST_MARK)
    height = size * _MARK_HEIGHT
    middle_mm = _ONLY_MARK_MM if count == 1 else _FIRST_MARK_MM + position * _NEXT_MARK_MM
    top = middle_mm * _POINTS_OF_MM - height / 2
    shape = run.find(f".//{_SHAPE}")
    shape.set("id", f"PowerPlusWaterMarkObject{position + 1}")
    shape.set("alt", clean(text))
    shape.set(
        "style",
        f"position:absolute;margin-left:0;margin-top:{top:.1f}pt;width:{length:.1f}pt;height:{height:.1f}pt;"
        f"rotation:{_MARK_TURN};z-index:-{251658240 - position};mso-position-horizontal:center;"
        "mso-position-horizontal-relative:margin;mso-position-vertical-relative:margin",
    )
    words = shape.find(_TEXT_PATH)
    words.set("style", 'font-family:"Times New Roman";font-size:1pt;font-weight:bold')
    words.set("string", clean(text))
    return run
