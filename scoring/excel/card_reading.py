"""Reads a score card that was filled in without a connection, and says what it would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from cluster_app.lib.errors import Refused, Stale
from cluster_app.lib.spreadsheets import Cell, read
from cluster_app.lib.vietnamese import fold
from scoring import calculations
from scoring.enums import Stage
from scoring.excel import card_layout as layout
from scoring.excel.card_writing import maximum_of, target_of
from scoring.excel.choices import options_of
from scoring.excel.tables import Problems, Row, Table, code_of, plain_text, sheet_named, table_of, text_of
from scoring.kinds import kind_of
from scoring.models import Criterion, Scorecard, ScoreLine
from scoring.services.lines import Entry
from scoring.sheets import Sheet

_FACTS = (
    layout.CLUSTER,
    layout.YEAR,
    layout.UNIT,
    layout.UNIT_NAME,
    layout.SET_VERSION,
    layout.CARD_VERSION,
)


@dataclass(frozen=True)
class CardFile:
    """A file whose head was proved to be written here; its lines are still unread."""

    head: layout.CardHead
    table: Table
    problems: Problems


@dataclass(frozen=True)
class Change:
    """A line that the file changes: its value and note, and the points that follow (None where there are none yet)."""

    line: ScoreLine
    value: Decimal | None
    note: str
    points: Decimal | None

    @property
    def entry(self) -> Entry:
        return Entry(self.line.pk, self.value, self.note, self.line.version)


@dataclass(frozen=True)
class Filled:
    """What a file changes in a card. `ignored` says which formulas were not read; there the card stays as it is."""

    changes: tuple[Change, ...]
    ignored: tuple[str, ...]
    total_before: Decimal
    total_after: Decimal

    @property
    def entries(self) -> list[Entry]:
        return [change.entry for change in self.changes]


def open_card(content: bytes, *, name: str) -> CardFile:
    """Reads the head of the uploaded file `name`. Raises Refused for a file that was not written here, or whose
    head was changed since."""
    book = read(content, name=name)
    sheet = sheet_named(book, layout.CARD)
    if sheet is None:
        raise Refused(_("There is no sheet “%(name)s” in the file.") % {"name": layout.CARD})
    problems = Problems(sheet.name)
    table = table_of(sheet, layout.HEADINGS, problems)
    problems.raise_if_any()
    if table is None:
        raise Refused(_("There is no sheet “%(name)s” in the file.") % {"name": layout.CARD})
    cells = [_fact(table, label) for label in _FACTS]
    head = layout.CardHead(*(cell.text() for cell in cells))
    code = _fact(table, layout.CHECK_CODE)
    if code.text() != head.check_code:
        text = _("The check code does not fit the lines above it. Download the card again and fill in that file.")
        problems.add(text, code, sheet.name)
        problems.raise_if_any()
    return CardFile(head, table, problems)


def _fact(table: Table, label: str) -> Cell:
    cell = table.fact(label)
    if cell is None or cell.is_error or cell.is_empty:
        text = _("Above the headings there is no “%(label)s”. Download the card again and fill in that file.")
        raise Refused(text % {"label": label})
    return cell


def check_belongs(file: CardFile, card: Scorecard) -> None:
    """Raises Refused for a file of another card, Stale for one that was written from an earlier version of this one."""
    found, own = file.head, layout.head_of(card)
    if (found.cluster, found.year, found.unit) != (own.cluster, own.year, own.unit):
        values = {"unit": found.unit_name, "year": found.year, "cluster": found.cluster, "own": own.unit_name}
        text = _(
            "This is the file of %(unit)s for %(year)s in the cluster %(cluster)s, not that of this card. "
            "Choose the file of %(own)s for %(own_year)s."
        )
        raise Refused(text % (values | {"own_year": own.year}))
    if (found.set_version, found.card_version) != (own.set_version, own.card_version):
        raise Stale(
            _("The card was changed after this file was downloaded. Nothing was saved."),
            next_step=_("Download a new file and copy your values into it."),
        )


def read_card(file: CardFile, sheet: Sheet) -> Filled:
    """What the file changes in the card of `sheet`. Raises Refused with a sentence for every cell at fault."""
    rows = _rows_by_code(file, sheet)
    openness = layout.Openness(sheet)
    changes: list[Change] = []
    ignored: list[str] = []
    for criterion in sheet.tree.criteria:
        if (row := rows.get(criterion.code)) is not None and not criterion.is_leaf:
            _compare(file, row, "maximum", maximum_of(criterion))
    for line in sheet.lines:
        row = rows.get(line.criterion.code)
        if row is None:
            continue
        _compare(file, row, "maximum", maximum_of(line.criterion))
        _compare(file, row, "target", target_of(sheet.rule(line)))
        change = _Line(file, row, sheet, line, openness.closed_because(line)).change(ignored)
        if change is not None:
            changes.append(change)
    file.problems.raise_if_any()
    return Filled(tuple(changes), tuple(ignored), _total(sheet, ()), _total(sheet, changes))


def _rows_by_code(file: CardFile, sheet: Sheet) -> dict[str, Row]:
    """The rows of the table by code; notes codes that are unknown, twice there or missing."""
    known = {criterion.code: criterion for criterion in sheet.tree.criteria}
    rows: dict[str, Row] = {}
    for row in file.table.rows():
        cell = row.cell("code")
        try:
            code = code_of(cell, longest=Criterion._meta.get_field("code").max_length)  # type: ignore[arg-type]
        except Refused as refused:
            file.problems.add(refused.message, cell, row.sheet.name)
            continue
        if code not in known:
            file.problems.add(_("The card has no line with this code."), cell, row.sheet.name)
        elif code in rows:
            first = rows[code].cell("code").address
            file.problems.add(_("The code stands in cell %(first)s already.") % {"first": first}, cell, row.sheet.name)
        else:
            rows[code] = row
    missing = [code for code in known if code not in rows]
    if missing:
        text = _("These codes of the card are missing in the file: %(codes)s.")
        file.problems.add(text % {"codes": ", ".join(missing)})
    return rows


def _compare(file: CardFile, row: Row, key: str, own: Decimal | None) -> None:
    """Notes a locked number that is another one than the card's."""
    cell = row.cell(key)
    try:
        found = None if cell.is_empty else cell.number()
    except Refused:
        found = None
        is_same = False
    else:
        is_same = found == own
    if not is_same:
        file.problems.add(_("This cell is locked and was changed. Download the card again."), cell, row.sheet.name)


class _Line:
    """One line of the card beside its row of the file."""

    def __init__(self, file: CardFile, row: Row, sheet: Sheet, line: ScoreLine, closed_because: str) -> None:
        self._problems = file.problems
        self._row = row
        self._sheet = sheet
        self._line = line
        self._closed_because = closed_because
        self._rule = sheet.rule(line)
        self._options = options_of(line.criterion, self._rule)

    def change(self, ignored: list[str]) -> Change | None:
        """What the row changes; None for nothing. What cannot be read or be entered is noted in the problems."""
        line = self._line
        value, note = self._value(ignored), self._note(ignored)
        if (value, note) == (line.self_value, line.self_note):
            return None
        if self._closed_because:
            key = "value" if value != line.self_value else "note"
            text = _("This line is locked (%(reason)s), so it stays as it is.") % {"reason": self._closed_because}
            self._problems.add(text, self._row.cell(key), self._row.sheet.name)
            return None
        return Change(line, value, note, self._points(value))

    def _value(self, ignored: list[str]) -> Decimal | None:
        cell, stored = self._row.cell("value"), self._line.self_value
        if self._is_formula(cell, ignored):
            return stored
        try:
            return None if cell.is_empty else self._read(cell)
        except Refused as refused:
            self._problems.add(refused.message, cell, self._row.sheet.name)
            return stored

    def _read(self, cell: Cell) -> Decimal:
        if not self._options:
            # A locked value is only compared: records may give more than a person could enter.
            largest = None if self._closed_because else kind_of(self._rule).largest_value(self._rule)
            return cell.number(maximum=largest)
        text = fold(cell.text())
        for label, value in self._options.items():
            if fold(label) == text:
                return Decimal(value)
        raise Refused(_("Choose one of: %(choices)s.") % {"choices": "; ".join(self._options)})

    def _note(self, ignored: list[str]) -> str:
        cell, stored = self._row.cell("note"), self._line.self_note
        if self._is_formula(cell, ignored):
            return stored
        try:
            text = text_of(cell)
        except Refused as refused:
            self._problems.add(refused.message, cell, self._row.sheet.name)
            return stored
        return stored if text == plain_text(stored) else text

    def _is_formula(self, cell: Cell, ignored: list[str]) -> bool:
        if cell.is_formula:
            text = _("Cell %(cell)s holds a formula and was not read; line %(code)s stays as it is there.")
            ignored.append(text % {"cell": cell.address, "code": self._line.criterion.code})
        return cell.is_formula

    def _points(self, value: Decimal | None) -> Decimal | None:
        if value is None:
            return None
        if value == self._line.self_value:
            return self._line.self_points
        try:
            return self._sheet.score(self._line, value).points
        except Refused as refused:
            self._problems.add(refused.message, self._row.cell("value"), self._row.sheet.name)
            return None


def _total(sheet: Sheet, changes: Sequence[Change]) -> Decimal:
    points = {change.line.pk: change.points for change in changes}
    pairs = [(line.section, points.get(line.pk, getattr(line, f"{Stage.SELF}_points"))) for line in sheet.lines]
    return calculations.totals(pairs, sheet.tree.caps()).total
