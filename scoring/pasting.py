"""A block copied from a spreadsheet, read into the lines of a card (features.md K5). Reads only; what it finds is shown
before anything is saved.

Rows whose first cell is the code of a criterion are matched by it: code, value, note. Any other block is a column that
runs down from the chosen line over the lines that can be typed: value, note. An empty cell leaves the card as it is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from cluster_app.lib.errors import Refused
from cluster_app.lib.numbers import parse_decimal
from cluster_app.lib.vietnamese import fold
from scoring.enums import CriterionKind
from scoring.excel.choices import options_of
from scoring.kinds import Rule, kind_of
from scoring.models import ScoreLine
from scoring.services.lines import Entry
from scoring.sheets import Sheet

LONGEST_TEXT = 20_000
MOST_ROWS = 300

# Excel puts a cell that holds a line break, a tab or a quote between quotes, and doubles the quotes in it.
_QUOTED = re.compile(r'"((?:[^"]|"")*)"(?=[\t\r\n]|\Z)')
_END_OF_CELL = re.compile(r"[\t\r\n]|\Z")
_YES = {"dat", "co", "x", "1", "yes", "true", "achieved"}
_NO = {"khong dat", "khong", "0", "no", "false", "not achieved"}


@dataclass(frozen=True)
class Pasted:
    """One pasted row: its place in the block (from 1), what stood in it, and the line it is meant for, or what is wrong
    with it. Without `line` and without `error` it is a heading that says nothing."""

    place: int
    cells: tuple[str, ...]
    line: ScoreLine | None = None
    value: Decimal | None = None
    note: str = ""
    error: str = ""

    @property
    def is_change(self) -> bool:
        line = self.line
        return line is not None and (self.value, self.note) != (line.self_value, line.self_note)


@dataclass(frozen=True)
class Block:
    """What was pasted, row by row."""

    rows: tuple[Pasted, ...]

    @property
    def changes(self) -> list[Pasted]:
        return [row for row in self.rows if row.is_change and not row.error]

    @property
    def errors(self) -> list[Pasted]:
        return [row for row in self.rows if row.error]

    @property
    def entries(self) -> list[Entry]:
        """What is to be stored, with the versions of the lines as they were read."""
        return [Entry(row.line.pk, row.value, row.note, row.line.version) for row in self.changes if row.line]


def cells_of(text: str) -> list[tuple[str, ...]]:
    """The cells of a copied block, row by row, without their outer blanks; empty rows at its end are left out. Raises
    Refused for a text that is too long."""
    if len(text) > LONGEST_TEXT:
        raise Refused(_("More was pasted than a score card holds. Copy only the columns that are needed."))
    rows = list(_rows_of(text.replace("\0", "")))
    while rows and not any(rows[-1]):
        rows.pop()
    if len(rows) > MOST_ROWS:
        raise Refused(_("More was pasted than a score card holds. Copy only the columns that are needed."))
    return rows


def _rows_of(text: str) -> Iterator[tuple[str, ...]]:
    cells: list[str] = []
    place = 0
    while place <= len(text):
        if quoted := _QUOTED.match(text, place):
            cell, end = quoted[1].replace('""', '"'), quoted.end()
        else:
            end = next(_END_OF_CELL.finditer(text, place)).start()
            cell = text[place:end]
        cells.append(cell.strip())
        place = end
        if text.startswith("\t", place):
            place += 1
            continue
        yield tuple(cells)
        cells = []
        place += 2 if text.startswith("\r\n", place) else 1


def read(text: str, sheet: Sheet, *, start: int | None = None) -> Block:
    """Reads a pasted block. `start` is the line (primary key) at which a plain column begins, else the first open one.

    Raises Refused where nothing was pasted, or too much; what is wrong with single rows stands in them.
    """
    rows = cells_of(text)
    if not rows:
        raise Refused(_("Paste at least one cell."))
    leaves = {_code(line.criterion.code): line for line in sheet.lines}
    groups = {_code(one.code) for one in sheet.tree.criteria if not one.is_leaf}
    if _is_by_code(rows, leaves, groups):
        return Block(tuple(_by_code(rows, sheet, leaves, groups)))
    return Block(tuple(_down_the_column(rows, sheet, start)))


def open_lines(sheet: Sheet) -> list[ScoreLine]:
    """The lines of the card whose value can be typed now, in printed order."""
    return [line for line in sheet.lines if not _closed_because(sheet, line)]


def _code(text: str) -> str:
    return text.strip().rstrip(".").casefold()


def _is_by_code(rows: Sequence[tuple[str, ...]], leaves: Mapping[str, ScoreLine], groups: set[str]) -> bool:
    """A code that could be a number, such as "1.2", counts as a code only if every row has one."""
    firsts = [row[0] for row in rows if any(row)]
    known = [first for first in firsts if _code(first) in leaves or _code(first) in groups]
    if not known or all(len(row) < 2 for row in rows):
        return False
    return len(known) == len(firsts) or any(not re.fullmatch(r"[\d.,]+", first) for first in known)


def _by_code(
    rows: Sequence[tuple[str, ...]], sheet: Sheet, leaves: Mapping[str, ScoreLine], groups: set[str]
) -> Iterator[Pasted]:
    seen: set[int] = set()
    for place, cells in enumerate(rows, start=1):
        if not any(cells):
            continue
        code, rest = cells[0], cells[1:]
        line = leaves.get(_code(code))
        if line is None:
            is_head = place == 1 and not any(character.isdigit() for cell in cells for character in cell)
            is_heading = _code(code) in groups or is_head
            error = "" if is_heading else _("There is no line with the code “%(code)s”.") % {"code": code}
            yield Pasted(place, cells, error=error)
            continue
        error = _("Line %(code)s stands here twice.") % {"code": line.criterion.code} if line.pk in seen else ""
        seen.add(line.pk)
        yield _read_row(place, cells, rest, sheet, line, error)


def _down_the_column(rows: Sequence[tuple[str, ...]], sheet: Sheet, start: int | None) -> Iterator[Pasted]:
    left = open_lines(sheet)
    if start is not None:
        places = [line.pk for line in left]
        left = left[places.index(start) :] if start in places else left
    for place, cells in enumerate(rows, start=1):
        if not left:
            yield Pasted(place, cells, error=_("There is no open line left for this row."))
            continue
        yield _read_row(place, cells, cells, sheet, left.pop(0))


def _read_row(
    place: int, cells: tuple[str, ...], values: Sequence[str], sheet: Sheet, line: ScoreLine, error: str = ""
) -> Pasted:
    """`values` are the value and the note of the line; others behind them are refused, for they would be lost."""
    value, note = line.self_value, line.self_note
    typed, text = ([*values, "", ""])[:2]
    try:
        if typed:
            value = _read_value(typed, line, sheet.rule(line))
            sheet.points(line, value)
        if any(values[2:]):
            raise Refused(_("More columns were copied than value and note."))
    except Refused as refused:
        error = error or refused.message
    note = text or note
    if not error and (value, note) != (line.self_value, line.self_note):
        error = _closed_because(sheet, line)
    return Pasted(place, cells, line, value, note, error)


def _closed_because(sheet: Sheet, line: ScoreLine) -> str:
    if not line.is_assigned:
        return _("The criterion is not assigned to the unit.")
    if line.criterion.source:
        return _("This value is taken from records and is not typed. To change it, change the record.")
    if any(one.is_returned for one in sheet.lines) and not line.is_returned:
        return _("This line was not returned to you, so it stays as it was submitted.")
    return ""


def _read_value(text: str, line: ScoreLine, rule: Rule) -> Decimal:
    if rule.kind == CriterionKind.BOOLEAN:
        return _yes_or_no(text)
    if rule.kind == CriterionKind.LEVELS:
        return _level(text, line, rule)
    measure = line.criterion.unit_of_measure
    bare = text.removesuffix(measure).strip() if measure else text
    return parse_decimal(bare, maximum=kind_of(rule).largest_value(rule))


def _yes_or_no(text: str) -> Decimal:
    word = fold(text)
    if word in _YES:
        return Decimal(1)
    if word in _NO:
        return Decimal(0)
    raise Refused(_("Choose one of: %(choices)s.") % {"choices": "; ".join((_("Achieved"), _("Not achieved")))})


def _level(text: str, line: ScoreLine, rule: Rule) -> Decimal:
    """A level by its name, or by its position."""
    options = options_of(line.criterion, rule)
    for label, position in options.items():
        if fold(label) == fold(text):
            return Decimal(position)
    if text.isascii() and text.isdigit() and len(text) < 4 and int(text) in rule.levels:
        return Decimal(int(text))
    raise Refused(_("Choose one of: %(choices)s.") % {"choices": "; ".join(options)})
