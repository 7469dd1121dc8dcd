"""What a Word file shows: its paragraphs with the looks that styles and runs give them, its sections, page numbers."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

import docx
from django.utils.translation import gettext as _
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.table import CT_Tbl
from docx.oxml.text.paragraph import CT_P
from docx.section import Section, _Header
from docx.shared import Mm
from docx.styles.style import BaseStyle, ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from cluster_app.documents.linting.reading import Line, Numbering, Reading, Sheet, Side
from cluster_app.documents.measures import Margins
from cluster_app.lib.errors import Refused

MOST_PARAGRAPHS = 100_000
_WIDE = 60
_PARAGRAPH, _TABLE, _CELL, _PAGE_FIELD = qn("w:p"), qn("w:tbl"), qn("w:tc"), "PAGE"
_DEPTH = 4


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a paragraph stands: column, whether in a table with lines, and the width of its cell in millimetres."""

    side: Side = Side.FULL
    is_table: bool = False
    room_mm: float = 0
    is_grid: bool = False


@dataclass(frozen=True, slots=True)
class _Looks:
    font: str
    size: float
    bold: bool
    italic: bool
    underlined: bool


def read(content: bytes) -> Reading:
    """Raises Refused for a file that python-docx cannot read, that is too long, or holds no words."""
    try:
        document = docx.Document(BytesIO(content))
        reader = _Reader(document)
        lines = tuple(reader.lines())
        sections = tuple(document.sections)
        return _checked(Reading(tuple(_sheets(sections)), lines, _numbering(sections[0])))
    except Refused:
        raise
    except Exception as error:  # whatever a broken file makes of the library
        raise Refused(_("The Word file is damaged. Open it in Word, save it anew and try again.")) from error


def _checked(reading: Reading) -> Reading:
    if not reading.lines:
        raise Refused(_("The Word file holds no words."))
    return reading


class _Reader:
    """Reads the paragraphs of one file; the looks of each style are worked out once."""

    def __init__(self, document: WordDocument) -> None:
        self.document = document
        self.defaults = _defaults(document)
        self.looks_of = cache(self._looks_of)
        self.left = MOST_PARAGRAPHS

    def lines(self) -> Iterator[Line]:
        yield from self._lines_in(self.document.element.body, _Place(), 0)

    def _lines_in(self, parent: Any, place: _Place, depth: int) -> Iterator[Line]:
        for child in parent.iterchildren(_PARAGRAPH, _TABLE):
            if isinstance(child, CT_P):
                if (line := self._line(child, place)) is not None:
                    yield line
            elif depth < _DEPTH:
                yield from self._lines_of_table(child, depth)

    def _lines_of_table(self, table: CT_Tbl, depth: int) -> Iterator[Line]:
        has_lines = self._has_lines(table)
        for row in table.tr_lst:
            cells = list(row.iterchildren(_CELL))
            for position, cell in enumerate(cells):
                room = (cell.width or 0) / Mm(1)
                side = (Side.LEFT, Side.RIGHT)[position] if len(cells) == 2 and not has_lines else Side.FULL
                is_grid = not has_lines and len(cells) > 2
                yield from self._lines_in(cell, _Place(side, has_lines or is_grid, room, is_grid), depth + 1)

    def _has_lines(self, table: CT_Tbl) -> bool:
        """Whether lines part the columns: of its own or by its style."""
        own = table.tblPr.find(qn("w:tblBorders"))
        borders = [own] if own is not None else []
        style = self.document.styles.element.get_by_id(table.tblStyle_val) if table.tblStyle_val else None
        if style is not None and own is None:
            borders += list(style.iter(qn("w:tblBorders")))
        inner = [one.find(qn("w:insideV")) for one in borders]
        return any(one is not None and one.get(qn("w:val")) not in {"nil", "none"} for one in inner)

    def _line(self, element: CT_P, place: _Place) -> Line | None:
        self.left -= 1
        if self.left < 0:
            raise Refused(_("The Word file has too many paragraphs. Check it in parts."))
        text = "".join(run.text for run in element.r_lst)
        if not text.strip():
            return None
        paragraph = Paragraph(element, self.document._body)
        looks = self._main_looks(paragraph)
        style = paragraph.style or self.document.styles["Normal"]
        align = _alignment(paragraph, style)
        return Line(
            text=text.strip(),
            page=0,
            side=place.side,
            font=looks.font,
            size=looks.size,
            bold=looks.bold,
            italic=looks.italic,
            underlined=looks.underlined,
            is_table=place.is_table,
            is_wide=len(text) > _WIDE and place.side == Side.FULL,
            is_centred=align == WD_ALIGN_PARAGRAPH.CENTER and not place.is_table,
            room_mm=place.room_mm,
            is_grid=place.is_grid,
        )

    def _main_looks(self, paragraph: Paragraph) -> _Looks:
        """Those of most of its letters."""
        shares: Counter[_Looks] = Counter()
        base = self.looks_of(paragraph.style.style_id) if paragraph.style else self.defaults
        for run in paragraph.runs:
            shares[self._run_looks(run, base)] += len(run.text.strip())
        return shares.most_common(1)[0][0]

    def _run_looks(self, run: Run, base: _Looks) -> _Looks:
        font = run.font
        return _Looks(
            font=font.name or base.font,
            size=font.size.pt if font.size is not None else base.size,
            bold=base.bold if font.bold is None else font.bold,
            italic=base.italic if font.italic is None else font.italic,
            underlined=base.underlined if font.underline is None else bool(font.underline),
        )

    def _looks_of(self, key: str) -> _Looks:
        """The looks of a style of paragraphs, with what it takes from the styles it is based on."""
        found = self.document.styles.element.get_by_id(key)
        looks = self.defaults
        for style in reversed(_ancestors(ParagraphStyle(found)) if found is not None else []):
            font = style.font
            looks = _Looks(
                font=font.name or looks.font,
                size=font.size.pt if font.size is not None else looks.size,
                bold=looks.bold if font.bold is None else font.bold,
                italic=looks.italic if font.italic is None else font.italic,
                underlined=looks.underlined if font.underline is None else bool(font.underline),
            )
        return looks


def _ancestors(style: ParagraphStyle) -> list[ParagraphStyle]:
    found: list[ParagraphStyle] = []
    while style is not None and len(found) < 20:
        found.append(style)
        base: BaseStyle | None = style.base_style
        if not isinstance(base, ParagraphStyle):
            break
        style = base
    return found


def _alignment(paragraph: Paragraph, style: Any) -> WD_ALIGN_PARAGRAPH | None:
    own = paragraph.paragraph_format.alignment
    if own is not None:
        return own
    for one in _ancestors(style):
        if one.paragraph_format.alignment is not None:
            return one.paragraph_format.alignment
    return None


def _defaults(document: WordDocument) -> _Looks:
    """What the file says of text without a style; Word's own values where it says nothing."""
    font, size = "Times New Roman", 10.0
    for properties in document.styles.element.iter(qn("w:rPrDefault")):
        fonts = next(properties.iter(qn("w:rFonts")), None)
        half_points = next(properties.iter(qn("w:sz")), None)
        if fonts is not None:
            # A font of the theme is none that the form asks for.
            font = fonts.get(qn("w:ascii")) or fonts.get(qn("w:asciiTheme")) or font
        if half_points is not None:
            size = int(half_points.get(qn("w:val"))) / 2
    return _Looks(font, size, bold=False, italic=False, underlined=False)


def _sheets(sections: Sequence[Section]) -> Iterator[Sheet]:
    for number, section in enumerate(sections, 1):
        sides = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
        known = [side / Mm(1) for side in sides if side is not None]
        yield Sheet(
            number=number,
            width_mm=(section.page_width or 0) / Mm(1),
            height_mm=(section.page_height or 0) / Mm(1),
            margins=Margins(*known) if len(known) == len(sides) else None,
            is_exact=True,
        )


def _numbering(section: Section) -> Numbering:
    """A Word file numbers its pages by a field in the head; its first section says how."""
    has_first = section.different_first_page_header_footer
    on_first = _has_number(section.first_page_header if has_first else section.header)
    at_foot = _has_number(section.footer)
    return Numbering(
        on_first=on_first,
        missing=() if _has_number(section.header) or at_foot else (0,),
        elsewhere=(0,) if at_foot or not _is_centred(section.header) else (),
    )


def _has_number(head: Any) -> bool:
    return any(_PAGE_FIELD in text.split() for text in _field_codes(head))


def _is_centred(head: _Header) -> bool:
    """Whether the paragraph of the page number is centred; True without one, which is another fault."""
    for paragraph in head.paragraphs:
        if any(_PAGE_FIELD in text.split() for text in _field_codes(paragraph)):
            return _alignment(paragraph, paragraph.style) == WD_ALIGN_PARAGRAPH.CENTER
    return True


def _field_codes(part: Any) -> Iterator[str]:
    element = part._element
    for code in element.iter(qn("w:instrText")):
        yield code.text or ""
    for field in element.iter(qn("w:fldSimple")):
        yield field.get(qn("w:instr")) or ""
