"""The pictures of a Word file: charts, drawn from the same SVG as on the page, and the code at the foot."""

from functools import cache
from io import BytesIO

import segno
import typst
from docx.document import Document as WordDocument
from docx.oxml.text.paragraph import CT_P
from docx.shared import Length, Mm
from docx.text.paragraph import Paragraph

from cluster_app.documents.blocks import Chart
from cluster_app.documents.measures import FONT
from cluster_app.documents.pictures import CHECK_CODE_NAME, chart_picture
from cluster_app.documents.typefaces import FOLDER
from cluster_app.documents.word_xml import clean

_CHART_MM = 160
_DOTS_PER_INCH = 200
# The picture comes in as data; the template has no text of anybody.
_TEMPLATE = b"""
#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image(bytes(sys.inputs.picture), format: "svg", width: 160mm)
"""


def add_chart(document: WordDocument, paragraph: CT_P, chart: Chart) -> None:
    """The bars as a picture that every version of Word shows; a screen reader says what they mean."""
    said = chart.description or "; ".join(
        f"{category}: {' + '.join(series.displays[position] for series in chart.series)}"
        for position, category in enumerate(chart.categories)
    )
    _add(document, paragraph, _chart_png(chart), Mm(_CHART_MM), name=chart.title, said=f"{chart.title}. {said}")


def add_check_code(document: WordDocument, paragraph: CT_P, address: str, *, side_mm: float) -> None:
    """The QR code of the address at which the print can be checked; the address is also its alternative text."""
    drawn = BytesIO()
    segno.make_qr(address, error="m", boost_error=False).save(drawn, kind="png", scale=8, border=4)
    said = f"{CHECK_CODE_NAME} {address}"
    _add(document, paragraph, drawn.getvalue(), Mm(side_mm), name=CHECK_CODE_NAME, said=said)


def _chart_png(chart: Chart) -> bytes:
    picture = chart_picture(chart).replace("<svg ", f'<svg font-family="{FONT}" ', 1)
    drawn = typst.compile(
        _TEMPLATE, format="png", ppi=_DOTS_PER_INCH, sys_inputs={"picture": picture}, font_paths=_fonts()
    )
    # The bindings call it bytes; of several pages it would be a list.
    return bytes(drawn)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FOLDER])


def _add(document: WordDocument, paragraph: CT_P, png: bytes, width: Length, *, name: str, said: str) -> None:
    run = Paragraph(paragraph, document).add_run()
    shape = run.add_picture(BytesIO(png), width=width)
    properties = shape._inline.docPr
    properties.set("name", clean(name))
    properties.set("descr", clean(said))
