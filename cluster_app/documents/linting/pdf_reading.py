"""What a PDF shows: its words with face, size and place, as pdfium finds them. Nothing of it is run or stored."""

import ctypes
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2
import pypdfium2.raw as pdfium
from django.utils.translation import gettext as _

from cluster_app.documents.linting.reading import Line, Numbering, Reading, Sheet, Side
from cluster_app.documents.measures import Margins
from cluster_app.lib.errors import Refused

MOST_PAGES = 300
MOST_PIECES = 200_000
_POINTS_OF_MM = 72 / 25.4
_DEPTH = 4
# Words whose base lines differ by less stand on one line; a wider gap than this share of the size parts two columns.
_SAME_LINE = 2.5
_GAP_OF_WORDS, _GAP_OF_COLUMNS = 0.12, 0.75
# How far from the middle a column stands, and a centred line may stand.
_OFF_MIDDLE_MM, _CENTRED_MM = 10, 6
# After these words papers leave room for the pen, which is no gap between columns.
_BEFORE_ROOM = ("Số", "Số:", "ngày", "tháng", "năm")
_ROOM = "    "
_WIDE_SHARE = 0.6
# A line that begins less than this from the edge is one of a paragraph, indented at most.
_INDENT_MM = 11
# A page is full enough to show its margins when this many lines of running text stand on it.
_FULL_PAGE = 6
_NUMBER_ROOM_MM = 19
_THIN, _TALL = 2.5, 8.0


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some words in one face; lengths in points, heights from the upper edge of the sheet."""

    text: str
    font: str
    size: float
    left: float
    right: float
    base: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class _Page:
    number: int
    width: float
    height: float
    pieces: list[_Piece]
    rules: list[tuple[float, float]]


def read(content: bytes) -> Reading:
    """Raises Refused for a file that is encrypted, damaged, too long, or has no words (a scan)."""
    pages = list(_pages(content))
    lines: list[Line] = []
    sheets: list[Sheet] = []
    numbers: list[tuple[int, bool, bool]] = []
    for page in pages:
        rows = _rows(page)
        number = next((row for row in rows if _is_number(row, page)), None)
        texts = [row for row in rows if row is not number]
        edges = _edges(page, texts)
        sheets.append(_sheet(page, texts, edges))
        lines += [_line(row, page, edges) for row in texts]
        numbers.append((page.number, number is not None, number is None or _is_central(number, page)))
    if not lines:
        raise Refused(_("The PDF holds no words, only pictures. Check the file from which it was made."))
    return Reading(tuple(sheets), tuple(lines), _numbering(numbers))


def _pages(content: bytes) -> Iterator[_Page]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise Refused(_("The PDF is protected by a password. Save it anew without one.")) from error
        raise _damaged() from error
    try:
        if len(document) > MOST_PAGES:
            raise Refused(_("The PDF has more than %(limit)d pages. Check it in parts.") % {"limit": MOST_PAGES})
        left = MOST_PIECES
        for number in range(len(document)):
            page = _page(document, number, left)
            left -= len(page.pieces)
            yield page
    except pypdfium2.PdfiumError as error:
        raise _damaged() from error
    finally:
        document.close()


def _damaged() -> Refused:
    return Refused(_("The PDF is damaged. Save it anew and try again."))


def _page(document: pypdfium2.PdfDocument, index: int, most: int) -> _Page:
    page = document[index]
    width, height = page.get_size()
    words = page.get_textpage()
    pieces, rules = [], []
    for found in page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH), max_depth=_DEPTH):
        if found.type == pdfium.FPDF_PAGEOBJ_PATH:
            left, bottom, right, top = found.get_bounds()
            if right - left < _THIN and top - bottom > _TALL:
                rules.append((height - top, height - bottom))
        elif (piece := _piece(found, words, height)) is not None:
            pieces.append(piece)
            if len(pieces) > most:
                raise Refused(_("The PDF holds too many words. Check it in parts."))
    words.close()
    page.close()
    return _Page(index + 1, width, height, pieces, rules)


def _piece(found: pypdfium2.PdfObject, words: pypdfium2.PdfTextPage, height: float) -> _Piece | None:
    """None for what is turned: a watermark is no text of the paper."""
    matrix = found.get_matrix()
    text = _text(found, words)
    if abs(matrix.b) > abs(matrix.a) / 20 or not text.strip():
        return None
    size = ctypes.c_float()
    pdfium.FPDFTextObj_GetFontSize(found.raw, size)
    left, bottom, right, top = found.get_bounds()
    return _Piece(
        text=text,
        font=_font(found),
        size=round(size.value * abs(matrix.d), 2),
        left=left,
        right=right,
        base=height - matrix.f,
        top=height - top,
        bottom=height - bottom,
    )


def _text(found: pypdfium2.PdfObject, words: pypdfium2.PdfTextPage) -> str:
    length = pdfium.FPDFTextObj_GetText(found.raw, words.raw, None, 0)
    room = (ctypes.c_ushort * (length // 2 + 1))()
    pdfium.FPDFTextObj_GetText(found.raw, words.raw, room, length)
    return bytes(room)[: max(0, length - 2)].decode("utf-16-le", errors="replace")


def _font(found: pypdfium2.PdfObject) -> str:
    font = pdfium.FPDFTextObj_GetFont(found.raw)
    length = pdfium.FPDFFont_GetBaseFontName(font, None, 0)
    name = ctypes.create_string_buffer(max(1, length))
    pdfium.FPDFFont_GetBaseFontName(font, name, length)
    return name.value.decode("utf-8", errors="replace")


def _rows(page: _Page) -> list[list[_Piece]]:
    """The lines from top to bottom, those of two columns apart, each as its pieces from left to right."""
    level = 0.0
    levels: list[list[_Piece]] = []
    for piece in sorted(page.pieces, key=lambda one: one.base):
        if not levels or piece.base - level > _SAME_LINE:
            levels.append([])
            level = piece.base
        levels[-1].append(piece)
    return [row for one in levels for row in _columns(sorted(one, key=lambda piece: piece.left))]


def _columns(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    row = [pieces[0]]
    for piece in pieces[1:]:
        is_far = piece.left - row[-1].right > _GAP_OF_COLUMNS * piece.size
        if is_far and not row[-1].text.rstrip().endswith(_BEFORE_ROOM):
            yield row
            row = []
        row.append(piece)
    yield row


def _edges(page: _Page, rows: Iterable[list[_Piece]]) -> tuple[float, float]:
    """Where the words begin on the left and end on the right; the sheet's own edges where there are none."""
    placed = list(rows)
    left = min((row[0].left for row in placed), default=0.0)
    right = max((row[-1].right for row in placed), default=page.width)
    return left, right


def _sheet(page: _Page, rows: list[list[_Piece]], edges: tuple[float, float]) -> Sheet:
    wide = [row for row in rows if _is_wide(row, edges)]
    margins = None
    if rows:
        margins = Margins(
            top_mm=min(piece.top for row in rows for piece in row) / _POINTS_OF_MM,
            right_mm=(page.width - edges[1]) / _POINTS_OF_MM,
            bottom_mm=(page.height - max(piece.bottom for row in rows for piece in row)) / _POINTS_OF_MM,
            left_mm=edges[0] / _POINTS_OF_MM,
        )
    return Sheet(
        number=page.number,
        width_mm=page.width / _POINTS_OF_MM,
        height_mm=page.height / _POINTS_OF_MM,
        margins=margins,
        is_exact=False,
        has_text=len(wide) >= _FULL_PAGE,
    )


def _line(row: list[_Piece], page: _Page, edges: tuple[float, float]) -> Line:
    faces: Counter[tuple[str, float]] = Counter()
    for piece in row:
        faces[piece.font, piece.size] += len(piece.text)
    font, size = faces.most_common(1)[0][0]
    middle = (row[0].left + row[-1].right) / 2
    # The margins of a lying sheet are equal; those of an upright one are 30 and 15 mm.
    axis = _axis(page)
    off = (middle - axis) / _POINTS_OF_MM
    side = Side.FULL if abs(off) <= _OFF_MIDDLE_MM else Side.LEFT if off < 0 else Side.RIGHT
    height = (row[0].top + row[0].bottom) / 2
    return Line(
        text=_joined(row),
        page=page.number,
        side=side,
        font=font,
        size=size,
        bold="bold" in font.lower(),
        italic="italic" in font.lower() or "oblique" in font.lower(),
        is_table=any(top <= height <= bottom for top, bottom in page.rules),
        is_wide=_is_wide(row, edges),
        is_centred=abs(off) <= _CENTRED_MM and row[0].left - edges[0] > _INDENT_MM * _POINTS_OF_MM,
        top=row[0].base,
    )


def _axis(page: _Page) -> float:
    """The middle between the margins that papers have."""
    if page.width > page.height:
        return page.width / 2
    return (page.width + 15 * _POINTS_OF_MM) / 2


def _joined(row: list[_Piece]) -> str:
    text = row[0].text
    for before, piece in pairwise(row):
        gap = piece.left - before.right
        if gap > _GAP_OF_COLUMNS * piece.size:
            text += _ROOM
        elif gap > _GAP_OF_WORDS * piece.size and not text.endswith(" "):
            text += " "
        text += piece.text
    return text.strip(" \r\n")


def _is_wide(row: list[_Piece], edges: tuple[float, float]) -> bool:
    return row[-1].right - row[0].left > _WIDE_SHARE * (edges[1] - edges[0])


def _is_number(row: list[_Piece], page: _Page) -> bool:
    """A page number alone in the upper or lower margin."""
    near_edge = min(row[0].bottom, page.height - row[0].top) < _NUMBER_ROOM_MM * _POINTS_OF_MM
    return near_edge and _joined(row).strip("- ").isdigit()


def _is_central(row: list[_Piece], page: _Page) -> bool:
    """In the middle above the text, or of the sheet."""
    middle = (row[0].left + row[-1].right) / 2
    off = min(abs(middle - _axis(page)), abs(middle - page.width / 2))
    return off < _CENTRED_MM * _POINTS_OF_MM and row[0].bottom < page.height / 2


def _numbering(found: list[tuple[int, bool, bool]]) -> Numbering:
    return Numbering(
        on_first=found[0][1],
        missing=tuple(page for page, is_there, _is_right in found[1:] if not is_there),
        elsewhere=tuple(page for page, _is_there, is_right in found[1:] if not is_right),
    )
