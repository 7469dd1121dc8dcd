"""The tree of a criteria set as its pages show it: rows of ready strings, live sums, problems at their nodes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from awards.models import AwardForm
from cluster_app.lib.points import format_points
from members.addresses import year_url
from members.models import EmulationYear
from scoring import criteria_checks
from scoring import criteria_words as words
from scoring.criteria_checks import Problem
from scoring.criteria_nodes import Node, nodes_of
from scoring.enums import CriterionKind, Section
from scoring.models import CriteriaSet, Criterion
from scoring.models.criteria import LARGEST_DEPTH
from scoring.sheets import Tree, tree_of

TOP = "top"


@dataclass(frozen=True)
class Sums:
    """What the parts of a group bring together, beside what it declares, and how much that is too many or short."""

    text: str
    is_right: bool = False


@dataclass(frozen=True)
class Move:
    """A button that moves a node: `to` is parent and place as the address of the move takes them, empty where it cannot
    go that way."""

    label: str
    icon: str
    css: str
    to: str


@dataclass(frozen=True)
class NodeRow:
    """A criterion of the tree, in words. `place` counts its siblings from 0."""

    pk: int
    code: str
    title: str
    depth: int
    is_group: bool
    kind: str
    maximum: str
    parameters: Sequence[str]
    table: Sequence[tuple[str, str]]
    how: str
    evidence: str
    section: str = ""
    sums: Sums | None = None
    problems: Sequence[str] = ()
    parent: str = TOP
    place: int = 0
    moves: Sequence[Move] = ()
    can_hold: bool = False
    urls: Mapping[str, str] | None = None

    @property
    def is_wrong(self) -> bool:
        return bool(self.problems) or (self.sums is not None and not self.sums.is_right)


@dataclass(frozen=True)
class Edited:
    """The draft as the page shows it; `problems` are items of a checklist, each with the address of its node."""

    rows: Sequence[NodeRow]
    total: Sums
    problems: Sequence[Mapping[str, str]]


def read_rows(criteria_set: CriteriaSet) -> list[NodeRow]:
    """The criteria of a set in printed order, to be read. At most four queries."""
    tree = tree_of(criteria_set.pk)
    nodes = nodes_of(tree)
    forms = _form_names(nodes)
    return [
        NodeRow(**_words(node, depth, criterion, forms))
        for (depth, criterion), node in zip(tree.walk(), nodes, strict=True)
    ]


def edited(criteria_set: CriteriaSet, year: EmulationYear) -> Edited:
    """The draft to be edited, with its sums and what stands against putting it into force. At most four queries."""
    tree = tree_of(criteria_set.pk)
    nodes = nodes_of(tree)
    problems = criteria_checks.problems_of(criteria_set.declared_total, nodes)
    forms, steps = _form_names(nodes), _Steps(tree)
    rows = [
        NodeRow(
            **_words(node, depth, criterion, forms),
            sums=_sums_of(node, nodes),
            problems=_problems_at(node, problems),
            parent=_parent_key(criterion.parent_id),
            place=steps.place(criterion),
            moves=steps.moves(criterion),
            can_hold=not criterion.is_leaf and depth + 1 < LARGEST_DEPTH,
            urls=_urls(criterion, year),
        )
        for (depth, criterion), node in zip(tree.walk(), nodes, strict=True)
    ]
    base = [node for node in nodes if not node.parent and node.section == Section.BASE]
    return Edited(rows, _sums(criteria_set.declared_total, base), _listed(problems, rows))


def _problems_at(node: Node, problems: Sequence[Problem]) -> list[str]:
    """What is wrong with one node; the sum of a group is said beside its maximum."""
    is_group = node.kind == CriterionKind.GROUP
    return [
        problem.sentence
        for problem in problems
        if problem.code == node.code and not (is_group and problem.field == "max_points")
    ]


def _words(node: Node, depth: int, criterion: Criterion, forms: Mapping[str, str]) -> dict:
    return {
        "pk": criterion.pk,
        "code": node.code,
        "title": node.title,
        "depth": depth,
        "is_group": not criterion.is_leaf,
        "kind": "" if not criterion.is_leaf else words.kind_text(node),
        "maximum": words.maximum_text(node),
        "parameters": words.parameters(node, forms),
        "table": words.table(node),
        "how": node.how_computed,
        "evidence": node.evidence_required,
        "section": "" if node.parent or node.section == Section.BASE else str(Section(node.section).label),
    }


def _form_names(nodes: Sequence[Node]) -> Mapping[str, str]:
    """The names of the forms of commendations that the rules of the set name, by code; no query where none does."""
    codes = {rule.award_form for node in nodes for rule in node.source_rules if rule.award_form}
    if not codes:
        return words.NO_NAMES
    found = AwardForm.objects.filter(code__in=codes).order_by("valid_from", "pk")
    return dict(found.values_list("code", "name"))


def _sums_of(node: Node, nodes: Sequence[Node]) -> Sums | None:
    """The sums of a base group; the caps of bonus and penalty are no sums."""
    if node.kind != CriterionKind.GROUP or node.section != Section.BASE:
        return None
    return _sums(node.max_points, [one for one in nodes if one.parent == node.code])


def _sums(declared: Decimal | None, parts: Sequence[Node]) -> Sums:
    found = criteria_checks.sum_of(parts)
    values = {"found": format_points(found), "declared": format_points(declared)}
    if declared is None or found == declared:
        return Sums(_("Parts: %(found)s of %(declared)s") % values, is_right=True)
    values["difference"] = format_points(abs(found - declared))
    if found > declared:
        return Sums(_("Parts: %(found)s of %(declared)s, %(difference)s too many") % values)
    return Sums(_("Parts: %(found)s of %(declared)s, %(difference)s short") % values)


def _listed(problems: Sequence[Problem], rows: Sequence[NodeRow]) -> list[dict[str, str]]:
    anchors = {row.code: f"#node-{row.pk}" for row in rows}
    return [
        {"level": "block", "text": str(problem), "url": anchors.get(problem.code, "#criteria-head")}
        for problem in problems
    ]


def _parent_key(parent_pk: int | None) -> str:
    return TOP if parent_pk is None else str(parent_pk)


def _urls(criterion: Criterion, year: EmulationYear) -> dict[str, str]:
    add, pk = year_url("scoring:criterion_add", year), criterion.pk
    return {
        "edit": year_url("scoring:criterion_edit", year, pk=pk),
        "move": year_url("scoring:criterion_move", year, pk=pk),
        "delete": year_url("scoring:criterion_delete", year, pk=pk),
        "add_part": f"{add}?parent={pk}",
        "add_beside": f"{add}?after={pk}",
    }


class _Steps:
    """Where each node of a tree can go by a button."""

    def __init__(self, tree: Tree) -> None:
        self.by_pk = {criterion.pk: criterion for criterion in tree.criteria}
        self.siblings = {parent: [one.pk for one in found] for parent, found in tree.children.items()}
        self.depths = {criterion.pk: depth for depth, criterion in tree.walk()}
        self.heights = {
            criterion.pk: 2 + max((depth for depth, _below in tree.walk(criterion)), default=-1)
            for criterion in tree.criteria
        }

    def place(self, criterion: Criterion) -> int:
        return self.siblings[criterion.parent_id].index(criterion.pk)

    def moves(self, criterion: Criterion) -> list[Move]:
        """Up and down among the siblings; into the group above, behind its parts; out, behind its own group."""
        place, siblings = self.place(criterion), self.siblings[criterion.parent_id]
        key = _parent_key(criterion.parent_id)
        return [
            Move(_("Up"), "chevron-down", "turned", f"{key}:{place - 1}" if place else ""),
            Move(_("Down"), "chevron-down", "", f"{key}:{place + 1}" if place + 1 < len(siblings) else ""),
            Move(_("Into the group above"), "arrow-right", "", self._into(criterion, place)),
            Move(_("Out of its group"), "arrow-left", "", self._out(criterion)),
        ]

    def _into(self, criterion: Criterion, place: int) -> str:
        above = self.by_pk[self.siblings[criterion.parent_id][place - 1]] if place else None
        if above is None or above.is_leaf:
            return ""
        if self.depths[criterion.pk] + 1 + self.heights[criterion.pk] > LARGEST_DEPTH:
            return ""
        return f"{above.pk}:{len(self.siblings.get(above.pk, []))}"

    def _out(self, criterion: Criterion) -> str:
        if criterion.parent_id is None:
            return ""
        group = self.by_pk[criterion.parent_id]
        return f"{_parent_key(group.parent_id)}:{self.place(group) + 1}"
