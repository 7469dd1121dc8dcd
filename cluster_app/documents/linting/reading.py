"""What a file shows, in the same words for PDF and Word: sheets, lines of text with their looks, page numbers."""

from dataclasses import dataclass
from enum import Enum

from cluster_app.documents.measures import Margins

# Faces with the widths of Times New Roman: what machines without it print in its place.
TIMES = ("timesnewroman", "tinos", "liberationserif", "times")


class Side(Enum):
    LEFT = "left"
    RIGHT = "right"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a PDF, or a paragraph of a Word file. `page` is 0 where a file does not say it (Word).

    `is_wide` is a line of running text, `is_centred` one in the middle of the sheet; `underlined` is None where the
    file does not tell (PDF draws a line like any other). `room_mm` is the width of its cell in a Word file, else 0;
    `top` is how far its base line is from the upper edge of the sheet in points, 0 in a Word file, and
    `is_grid` a cell of signatures of equals in a Word file.
    """

    text: str
    page: int
    side: Side
    font: str
    size: float
    bold: bool
    italic: bool
    underlined: bool | None = None
    is_table: bool = False
    is_wide: bool = False
    is_centred: bool = False
    room_mm: float = 0
    top: float = 0
    is_grid: bool = False

    @property
    def is_capital(self) -> bool:
        return self.text == self.text.upper() and self.text != self.text.lower()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of a PDF, or a section of a Word file.

    `margins` are those that the file names (Word), or what its words leave free (PDF); then the words may leave more
    free than the margin is, and only `has_text` tells that left and right are the margins themselves.
    """

    number: int
    width_mm: float
    height_mm: float
    margins: Margins | None
    is_exact: bool
    has_text: bool = True

    @property
    def is_lying(self) -> bool:
        return self.width_mm > self.height_mm


@dataclass(frozen=True, slots=True)
class Numbering:
    """Where page numbers stand: is there one on the first page, and the pages from the second on (0 in Word: all of
    them) that have none, or have it elsewhere than in the middle of the upper margin."""

    on_first: bool = False
    missing: tuple[int, ...] = ()
    elsewhere: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    sheets: tuple[Sheet, ...]
    lines: tuple[Line, ...]
    numbering: Numbering


def is_times(font: str) -> bool:
    """Whether a font is Times New Roman or one of its doubles; PDF files put a tag and a plus before the name."""
    name = font.rpartition("+")[2].lower().replace(" ", "").replace("-", "")
    return name.startswith(TIMES)
