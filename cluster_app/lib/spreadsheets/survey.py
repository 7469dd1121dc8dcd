"""What is learnt of a workbook before it is opened in earnest, and the limits it must keep.

The library that reads the cells lays every sheet out as a full rectangle and repeats every shared text, so a file of a
few kilobytes could ask for gigabytes. A survey counts beforehand what the reading would cost.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from cluster_app.lib.errors import Refused

MEGABYTE = 1024 * 1024
MOST_BYTES = 5 * MEGABYTE
MOST_UNPACKED = 64 * MEGABYTE
MOST_ENTRIES = 200
MOST_ROWS = 60_000
MOST_COLUMNS = 256
MOST_CELLS = 150_000
MOST_CHARACTERS = 8_000_000
MOST_ELEMENTS = 400_000

Position = tuple[int, int]
"""Row and column, both counted from zero."""


class Damaged(Exception):
    """The content contradicts itself or its format; the reader turns this into one sentence for the person."""


@dataclass(frozen=True)
class Area:
    """A rectangle of cells, both corners included. Raises Damaged where its end lies before its beginning."""

    top: int
    left: int
    bottom: int
    right: int

    def __post_init__(self) -> None:
        if self.bottom < self.top or self.right < self.left - 1:
            raise Damaged

    @property
    def count(self) -> int:
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)

    def __str__(self) -> str:
        return f"{address_of(self.top, self.left)}:{address_of(self.bottom, self.right)}"


@dataclass
class SheetSurvey:
    """How far one sheet reaches, and which of its cells are special."""

    name: str
    last_row: int = -1
    last_column: int = -1
    formulas: set[int] = field(default_factory=set)
    errors: set[int] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)

    def reach(self, row: int, column: int) -> None:
        """Notes a filled cell. Raises Refused where it lies beyond the last possible row or column."""
        if row > self.last_row:
            if row >= MOST_ROWS:
                refusal = _("Sheet “%(sheet)s” reaches down to row %(row)s; at most %(limit)s rows can be read.")
                place = {"sheet": self.name, "row": counted(row + 1), "limit": counted(MOST_ROWS)}
                raise Refused(f"{refusal % place} {_advice()}")
            self.last_row = row
        if column > self.last_column:
            if column >= MOST_COLUMNS:
                refusal = _("Sheet “%(sheet)s” reaches to column %(column)s; at most %(limit)s columns can be read.")
                place = {"sheet": self.name, "column": letters_of(column), "limit": counted(MOST_COLUMNS)}
                raise Refused(f"{refusal % place} {_advice()}")
            self.last_column = column

    def add_formulas(self, area: Area) -> None:
        """Notes that every cell of `area`, which the sheet already reaches, is the work of one formula."""
        for row in range(area.top, area.bottom + 1):
            self.formulas.update(place_of(row, column) for column in range(area.left, area.right + 1))


@dataclass
class Survey:
    """The whole workbook: its sheets by name, and what reading it would cost."""

    sheets: dict[str, SheetSurvey] = field(default_factory=dict)
    characters: int = 0
    elements: int = 0

    def add_sheet(self, name: str) -> SheetSurvey:
        """Raises Damaged where the name is taken: two sheets could not be told apart."""
        if name in self.sheets:
            raise Damaged
        self.sheets[name] = SheetSurvey(name)
        return self.sheets[name]

    def spend_characters(self, count: int) -> None:
        self.characters += count
        if self.characters > MOST_CHARACTERS:
            raise _too_much()

    def spend_elements(self, count: int = 1) -> None:
        self.elements += count
        if self.elements > MOST_ELEMENTS:
            raise _too_much()

    def check_cells(self) -> None:
        """Raises Refused where the rectangles of all sheets together hold too many cells."""
        if sum((sheet.last_row + 1) * (sheet.last_column + 1) for sheet in self.sheets.values()) > MOST_CELLS:
            refusal = _("The sheets of this file span more than %(limit)s cells.") % {"limit": counted(MOST_CELLS)}
            raise Refused(f"{refusal} {_advice()}")


def place_of(row: int, column: int) -> int:
    """Returns one small number for a cell within the limits, in reading order."""
    return row * MOST_COLUMNS + column


def counted(number: int) -> str:
    """Returns a count as people read it: "60.000"."""
    return number_format(number, force_grouping=True)


def letters_of(column: int) -> str:
    """Returns the letters of a column counted from zero: 0 is "A", 27 is "AB"."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def address_of(row: int, column: int) -> str:
    """Returns the address of a cell counted from zero: (6, 2) is "C7"."""
    return f"{letters_of(column)}{row + 1}"


def position_of(address: str) -> Position:
    """Returns row and column, from zero, of an address such as "C7". Raises Damaged or ValueError for anything else."""
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]) - 1, column_of(letters)


@lru_cache(maxsize=1024)
def column_of(letters: str) -> int:
    """Returns the column, from zero, of its letters: "A" is 0, "AB" is 27. Raises Damaged for anything else."""
    if not (0 < len(letters) <= 3 and letters.isascii() and letters.isalpha()):
        raise Damaged
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def area_of(reference: str) -> Area:
    """Returns the rectangle "A1:C7", or that of one cell. Raises as `position_of` does."""
    first, _colon, last = reference.partition(":")
    top, left = position_of(first)
    bottom, right = position_of(last or first)
    return Area(top, left, bottom, right)


def listed(names: Iterable[str]) -> str:
    """Returns the first few names, so that a sentence stays a sentence."""
    known = list(names)
    return ", ".join(known[:5]) + (", …" if len(known) > 5 else "")


def _too_much() -> Refused:
    return Refused(_("There is more in this file than can be read at once. Split it into smaller files."))


def _advice() -> str:
    return _("Copy only the cells that are needed into a new file and try again.")
