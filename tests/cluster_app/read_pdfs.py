"""What a PDF says: its words by page, its sheets, its outline, its fonts, the words of its charts."""

import re
import zlib
from xml.etree import ElementTree as ET

import pypdfium2

from cluster_app.documents.blocks import Chart
from cluster_app.documents.pictures import chart_picture, printable_chart

SVG_TEXT = "{http://www.w3.org/2000/svg}text"
MAY_PART = "\u200b"
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)


def page_texts(content):
    """The text of each page as it is printed, page number and watermark included."""
    return [page.get_textpage().get_text_range().replace(MAY_PART, "") for page in pypdfium2.PdfDocument(content)]


def words(content):
    """The words of the whole paper in order, without the page numbers; watermarks would stand on each page."""
    first, *others = page_texts(content)
    return " ".join([first, *(text.removeprefix(str(page)) for page, text in enumerate(others, 2))]).split()


def page_numbers(content):
    """The first word of each page but the first."""
    return [text.split()[0] for text in page_texts(content)[1:]]


def sheets(content):
    """Width and height of each page in millimetres."""
    return [tuple(round(side / 72 * 25.4) for side in page.get_size()) for page in pypdfium2.PdfDocument(content)]


def outline(content):
    """Level (from 0) and title of each bookmark."""
    return [(item.level, item.get_title()) for item in pypdfium2.PdfDocument(content).get_toc()]


def fonts(content):
    """The names of the embedded faces, without the prefix that tells a subset."""
    names = re.findall(rb"/FontName\s*/([A-Z]{6}\+)?([\w-]+)", unpacked(content))
    return {name.decode() for _prefix, name in names}


def unpacked(content):
    """The file with its compressed parts unpacked behind it, to look for the marks of a standard."""
    parts = [content]
    for stream in _STREAM.findall(content):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return b"\n".join(parts)


def alternative_texts(content):
    """What is said for each picture to those who cannot see it."""
    said = re.findall(rb"/S/Figure/P \d+ 0 R/Alt<FEFF([0-9A-F]+)>", unpacked(content))
    return [bytes.fromhex(text.decode()).decode("utf-16-be") for text in said]


def picture_words(document):
    """The words drawn in each chart's picture, in the order in which they are drawn."""
    charts = [block for section in document.sections for block in section.blocks if isinstance(block, Chart)]
    return [_drawn_words(chart) for chart in charts]


def _drawn_words(chart):
    drawing = ET.fromstring(chart_picture(printable_chart(chart)))  # noqa: S314 - our own drawing
    return " ".join(element.text or "" for element in drawing.iter(SVG_TEXT)).split()


def words_on_the_sheets(content):
    """The words that lie within the edges of the sheets on which they should stand."""
    pages = pypdfium2.PdfDocument(content)
    return " ".join(page.get_textpage().get_text_bounded().replace(MAY_PART, "") for page in pages).split()
