"""Tables in the sheets of an uploaded workbook: headings in any order, facts above them, errors by cell."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cluster_app.lib.errors import Refused
from cluster_app.lib.spreadsheets import Book, Cell, Sheet
from cluster_app.lib.vietnamese import fold

LAST_HEAD_ROW = 40
MOST_ROWS = 3000
MOST_PROBLEMS = 500
_LONGEST_QUOTE = 60
_ORNAMENT = " .:*"


@dataclass(frozen=True)
class Heading:
    """A column: what the program calls it, what stands above it, whether a file must have it, and its width."""

    key: str
    name: str
    width: int = 12
    is_required: bool = False


@dataclass
class Problems:
    """What is wrong with a file, cell by cell. Sentences about the main sheet name the cell alone, those about other
    sheets the sheet too."""

    main: str
    _found: list[tuple[tuple[str, int, int], str]] = field(default_factory=list)

    def add(self, sentence: str, cell: Cell | None = None, sheet: str = "") -> None:
        """Notes a sentence, about `cell` if there is one. Raises Refused once there are more than anybody reads."""
        if len(self._found) >= MOST_PROBLEMS:
            self.raise_if_any()
        if cell is None:
            self._found.append((("", -1, -1), sentence))
            return
        is_other = fold(sheet) not in ("", fold(self.main))
        text = _quoted(cell)
        values = {"cell": cell.address, "sheet": sheet}
        place = (_("Sheet “%(sheet)s”, cell %(cell)s") if is_other else _("Cell %(cell)s")) % values
        shown = f"{place} (“{text}”): {sentence}" if text else f"{place}: {sentence}"
        self._found.append(((sheet if is_other else "", cell.row, cell.column), shown))

    @property
    def sentences(self) -> list[str]:
        """All of them, the main sheet first, in reading order, each once."""
        return list(dict.fromkeys(text for _place, text in sorted(self._found, key=lambda one: one[0])))

    def raise_if_any(self) -> None:
        """Raises Refused with all sentences, if there are any."""
        if found := self.sentences:
            message = ngettext(
                "The file has %(count)d error. Nothing was changed.",
                "The file has %(count)d errors. Nothing was changed.",
                len(found),
            )
            raise Refused(message % {"count": len(found)}, missing=found)


def _quoted(cell: Cell) -> str:
    if cell.is_error:
        return ""
    text = " ".join(cell.text().split())
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"


@dataclass(frozen=True)
class Row:
    """A row of a table; a cell is asked for by the key of its heading."""

    sheet: Sheet
    number: int
    columns: Mapping[str, int]

    def cell(self, key: str) -> Cell:
        """The cell under a heading; an empty one in column A if the file does not have that column."""
        column = self.columns.get(key)
        cells = self.sheet.rows[self.number]
        if column is None or column >= len(cells):
            return Cell(None, self.number, column or 0)
        return cells[column]

    def has(self, key: str) -> bool:
        return key in self.columns

    @property
    def is_empty(self) -> bool:
        return all(cell.is_empty for cell in self.sheet.rows[self.number])


@dataclass(frozen=True)
class Table:
    """A table as found in a sheet. `facts` are the cells beside the labels above it, by the folded label."""

    sheet: Sheet
    head: int
    columns: Mapping[str, int]
    facts: Mapping[str, Cell]

    def rows(self) -> Iterator[Row]:
        """The rows that hold anything."""
        for number in range(self.head + 1, len(self.sheet.rows)):
            row = Row(self.sheet, number, self.columns)
            if not row.is_empty:
                yield row

    def fact(self, label: str) -> Cell | None:
        return self.facts.get(fold_heading(label))


def fold_heading(text: str) -> str:
    """A heading or label without accents, capitals and ornaments."""
    return fold(text).strip(_ORNAMENT)


def sheet_named(book: Book, name: str) -> Sheet | None:
    """The sheet of that name, whatever its accents and capitals."""
    return next((sheet for sheet in book.sheets if fold(sheet.name) == fold(name)), None)


def table_of(sheet: Sheet, headings: Sequence[Heading], problems: Problems) -> Table | None:
    """Finds the table by its headings. Notes headings that are unknown, twice there or missing, and what stands under
    none. Returns None where there is no such row in the first `LAST_HEAD_ROW`, or more than `MOST_ROWS` follow."""
    by_name = {fold_heading(heading.name): heading for heading in headings}
    head = _head_row(sheet, by_name)
    if head is None:
        names = ", ".join(heading.name for heading in headings if heading.is_required)
        text = _("Sheet “%(sheet)s” has no row with the headings %(names)s.")
        problems.add(text % {"sheet": sheet.name, "names": names})
        return None
    columns: dict[str, int] = {}
    for cell in sheet.rows[head]:
        heading = by_name.get(_label_of(cell))
        if heading is None:
            _note_unknown(sheet, head, cell, problems)
        elif heading.key in columns:
            problems.add(_("This heading is there twice. Delete one of the columns."), cell, sheet.name)
        else:
            columns[heading.key] = cell.column
    for heading in headings:
        if heading.is_required and heading.key not in columns:
            text = _("Sheet “%(sheet)s” has no column “%(name)s”.")
            problems.add(text % {"sheet": sheet.name, "name": heading.name})
    table = Table(sheet, head, columns, _facts_above(sheet, head))
    if next(islice(table.rows(), MOST_ROWS, None), None) is not None:
        text = _("Sheet “%(sheet)s” has more than %(count)d rows. Delete those that are not needed.")
        problems.add(text % {"sheet": sheet.name, "count": MOST_ROWS})
        return None
    return table


def _head_row(sheet: Sheet, by_name: Mapping[str, Heading]) -> int | None:
    for number, cells in enumerate(sheet.rows[:LAST_HEAD_ROW]):
        known = {_label_of(cell) for cell in cells} & by_name.keys()
        if len(known) >= min(3, len(by_name)):
            return number
    return None


def _note_unknown(sheet: Sheet, head: int, cell: Cell, problems: Problems) -> None:
    if not cell.is_empty:
        problems.add(
            _("This heading is not known. Delete the column or use the heading of the template."), cell, sheet.name
        )
        return
    for cells in sheet.rows[head + 1 :]:
        if not cells[cell.column].is_empty:
            problems.add(_("Nothing can stand here: the column has no heading."), cells[cell.column], sheet.name)
            return


def _facts_above(sheet: Sheet, head: int) -> dict[str, Cell]:
    facts: dict[str, Cell] = {}
    for cells in sheet.rows[:head]:
        first = next((cell for cell in cells if not cell.is_empty), None)
        if first is not None and first.column + 1 < len(cells):
            facts.setdefault(_label_of(first), cells[first.column + 1])
    return facts


def _label_of(cell: Cell) -> str:
    return "" if cell.is_error else fold_heading(cell.text())


def text_of(cell: Cell, *, longest: int | None = None) -> str:
    """The text of a cell, lines parted by a line feed. Raises Refused for formulas, errors, unprintable characters and
    for more than `longest` characters."""
    if cell.is_formula:
        raise Refused(_("A formula stands here. Enter the value itself."))
    text = plain_text(cell.text())
    if any(unicodedata.category(character) == "Cc" and character not in "\n\t" for character in text):
        raise Refused(_("There are unprintable characters here. Type the text again."))
    if longest is not None and len(text) > longest:
        raise Refused(_("At most %(count)d characters are possible here.") % {"count": longest})
    return text


def plain_text(text: str) -> str:
    """A text as a file holds it: composed characters, lines parted by a line feed, no blanks around it."""
    return unicodedata.normalize("NFC", re.sub(r"\r\n?", "\n", text)).strip()


def code_of(cell: Cell, *, longest: int) -> str:
    """The code in a cell. Raises Refused, as `text_of`, and for what Excel made of a code: a date, or a number with
    decimals, which may have been 1.1 or 1.10."""
    text = text_of(cell, longest=longest)
    if not isinstance(cell.value, str) and not text.isdigit() and text:
        raise Refused(
            _("Excel took this code for a number or a date. Set the format of the cell to Text, type it again.")
        )
    return text
