"""What is wrong with a criteria set, said by the cell where it is put right."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from cluster_app.lib.spreadsheets import Cell
from scoring.criteria_checks import PARAMETERS, Problem, label_of, problems_of
from scoring.criteria_nodes import LevelNode, Node, RuleNode
from scoring.enums import CriterionKind, Direction
from scoring.excel import criteria_layout as layout
from scoring.excel.fields import RowReader
from scoring.excel.tables import Problems

# Cells that say where a criterion belongs and what it counts there; without one of them a sum means nothing.
_COUNTS_IN_ITS_GROUP = {"max_points", "kind", "section"}


@dataclass
class Reading:
    """What was read so far: the values of each criterion in the order of the file, and the rows they came from."""

    problems: Problems = field(default_factory=lambda: Problems(layout.CRITERIA))
    title: str = ""
    total: Decimal | None = None
    total_cell: Cell | None = None
    is_shared: bool = False
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: dict[str, RowReader] = field(default_factory=dict)
    levels: dict[str, list[LevelNode]] = field(default_factory=dict)
    level_rows: dict[str, list[RowReader]] = field(default_factory=dict)
    rules: dict[str, list[RuleNode]] = field(default_factory=dict)
    rule_rows: dict[str, list[RowReader]] = field(default_factory=dict)
    # Groups of which a part could not be read at all, so that nothing is known of their sums.
    torn: set[str] = field(default_factory=set)


def note_level(reader: RowReader, values: Mapping[str, Any]) -> None:
    """Notes what no row of levels or bands can be."""
    start, end, points = values.get("from_value"), values.get("to_value"), values.get("points")
    if points is not None and points < 0:
        reader.note("points", _("The points of a level cannot be negative."))
    if end is not None and "from_value" not in reader.unread and (start is None or end <= start):
        reader.note("to_value", _("A band ends above where it begins."))


def note_rule(reader: RowReader, values: Mapping[str, Any], earlier: Sequence[RuleNode]) -> None:
    """Notes what no row of the rules of a source can be, and one that is there already."""
    if "amount" in values and values["amount"] <= 0:
        reader.note("amount", _("A record counts more than 0."))
    if reader.unread:
        return
    level, form, campaign = (values.get(key, "") for key in ("level", "award_form", "campaign_kind"))
    recipient = values.get("recipient_kind", "")
    if bool(level or form) == bool(campaign) or (campaign and recipient):
        reader.note("amount", _("Name a level or a form of commendations, or a kind of campaigns."))
    elif (level if not form else "", form, recipient, campaign) in map(_key_of, earlier):
        reader.note("code", _("The criterion has this rule already. Change that one."))


def _key_of(rule: RuleNode) -> tuple[str, str, str, str]:
    return ("" if rule.award_form else rule.level, rule.award_form, rule.recipient_kind, rule.campaign_kind)


def note_problems(reading: Reading, nodes: Sequence[Node]) -> None:
    """Notes everything that stands against the set as a whole. What only follows from a cell that could not be read is
    left out: it goes away with that cell's own error."""
    _note_values_of_levels(reading, nodes)
    for problem in [*_problems_of_groups(nodes), *problems_of(reading.total or Decimal(0), nodes)]:
        if not _is_consequence(problem, reading, nodes):
            cell, sheet = _place_of(problem, reading)
            reading.problems.add(str(problem), cell, sheet)


def _problems_of_groups(nodes: Sequence[Node]) -> Iterator[Problem]:
    """A group has a maximum and nothing else that is scored by."""
    for node in nodes:
        if node.kind != CriterionKind.GROUP:
            continue
        if node.max_points is None:
            yield Problem(_("Fill in “%(field)s”.") % {"field": label_of("max_points")}, node.code, "max_points")
        elif node.max_points <= 0:
            yield Problem(_("The maximum must be more than 0."), node.code, "max_points")
        names = [*PARAMETERS, "overclaim_percent", "source", "levels", "source_rules"]
        surplus = [name for name in names if getattr(node, name) not in (None, "", ())]
        if node.direction != Direction.HIGHER:
            surplus.append("direction")
        for name in surplus:
            text = _("“%(field)s” means nothing for this kind. Leave it empty.")
            yield Problem(text % {"field": label_of(name)}, node.code, name)


def _note_values_of_levels(reading: Reading, nodes: Sequence[Node]) -> None:
    """Only bands have values from which and to which they reach."""
    for node in nodes:
        if node.kind != CriterionKind.LEVELS:
            continue
        for reader in reading.level_rows.get(node.code, ()):
            for key in ("from_value", "to_value"):
                if key not in reader.unread and not reader.row.cell(key).is_empty and reader.row.has(key):
                    reader.note(key, _("Only bands reach from one value to another. Leave it empty."))


def _is_consequence(problem: Problem, reading: Reading, nodes: Sequence[Node]) -> bool:
    if problem.field == "max_points" and _is_sum(problem, nodes):
        return _is_sum_unknown(problem.code, reading)
    if not problem.code:
        return bool(reading.torn)
    unread = reading.rows[problem.code].unread
    if unread & {"kind", "section"} or problem.field in unread or problem.code in reading.torn:
        return True
    tables = {"levels": reading.level_rows, "source_rules": reading.rule_rows, "source": reading.rule_rows}
    rows = tables.get(problem.field, {}).get(problem.code, [])
    return any(reader.unread for reader in rows)


def _is_sum(problem: Problem, nodes: Sequence[Node]) -> bool:
    return not problem.code or any(node.code == problem.code and node.kind == CriterionKind.GROUP for node in nodes)


def _is_sum_unknown(code: str, reading: Reading) -> bool:
    """Whether the sum of a group, or of the set, cannot be known."""
    if (not code and reading.total is None) or (code and "max_points" in reading.rows[code].unread):
        return True
    if code in reading.torn or any("parent" in reader.unread for reader in reading.rows.values()):
        return True
    parts = [part for part, values in reading.values.items() if values["parent"] == code]
    return any(reading.rows[part].unread & _COUNTS_IN_ITS_GROUP for part in parts)


def _place_of(problem: Problem, reading: Reading) -> tuple[Cell | None, str]:
    """The cell where the problem is put right, and its sheet."""
    if not problem.code:
        return (reading.total_cell if problem.field == "max_points" else None), layout.CRITERIA
    reader = reading.rows[problem.code]
    if problem.field == "levels" and (rows := reading.level_rows.get(problem.code)):
        return _cell_of_hole(rows, reading.levels.get(problem.code, [])), layout.LEVELS
    if problem.field == "source_rules" and (rows := reading.rule_rows.get(problem.code)):
        return rows[0].row.cell("code"), layout.SOURCES
    key = {"levels": "kind", "source_rules": "source"}.get(problem.field, problem.field)
    return reader.row.cell(key if reader.row.has(key) else "code"), layout.CRITERIA


def _cell_of_hole(rows: Sequence[RowReader], levels: Sequence[LevelNode]) -> Cell:
    """The end of the first band after which there is a hole; the code in the first row for every other problem."""
    for place, (band, following) in enumerate(pairwise(levels)):
        if band.to_value != following.from_value and len(rows) == len(levels):
            return rows[place].row.cell("to_value")
    return rows[0].row.cell("code")
