"""A criteria set as plain data: what is copied, imported, exported and compared. No keys of the database."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from cluster_app.lib.vietnamese import sort_codes
from scoring.enums import Direction, Section
from scoring.models import Criterion, CriterionLevel, SourceRule
from scoring.sheets import Tree


@dataclass(frozen=True)
class LevelNode:
    """A level or a band, in the order of its table."""

    label: str
    points: Decimal
    from_value: Decimal | None = None
    to_value: Decimal | None = None


@dataclass(frozen=True)
class RuleNode:
    """A rule of a source; `award_form` is the code of the form."""

    amount: Decimal
    level: str = ""
    award_form: str = ""
    recipient_kind: str = ""
    campaign_kind: str = ""


@dataclass(frozen=True)
class Node:
    """A criterion. `parent` is the parent's code; the order among siblings is that of the nodes."""

    code: str
    title: str
    kind: str
    parent: str = ""
    section: str = Section.BASE
    max_points: Decimal | None = None
    unit_of_measure: str = ""
    default_target: Decimal | None = None
    direction: str = Direction.HIGHER
    points_per_item: Decimal | None = None
    min_points: Decimal | None = None
    step: Decimal | None = None
    full_at_excess: Decimal | None = None
    source: str = ""
    overclaim_percent: Decimal | None = None
    how_computed: str = ""
    evidence_required: str = ""
    levels: tuple[LevelNode, ...] = ()
    source_rules: tuple[RuleNode, ...] = ()


PLAIN_FIELDS = tuple(one.name for one in fields(Node) if one.name not in ("parent", "levels", "source_rules"))


@dataclass(frozen=True)
class Changed:
    """A criterion that both sides have by its code, with what differs: the names of the fields of `Node`, "place" if it
    stands elsewhere among its siblings."""

    before: Node
    after: Node
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Diff:
    """What turns one set into another, by code."""

    added: tuple[Node, ...]
    changed: tuple[Changed, ...]
    removed: tuple[Node, ...]
    same: int

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.removed)


def nodes_of(tree: Tree) -> tuple[Node, ...]:
    """The nodes of a loaded set in printed order. One query for the source rules of a set that has sources."""
    codes = {criterion.pk: criterion.code for criterion in tree.criteria}
    rules = _rules_of(tree.criteria) if tree.has_sources() else {}
    return tuple(
        _node(criterion, codes.get(criterion.parent_id, "") if criterion.parent_id else "", rules.get(criterion.pk, ()))
        for _depth, criterion in tree.walk()
    )


def mark_of(criterion: Criterion) -> str:
    """A short text that changes with everything that a form of the criterion shows, so that a form can say what it was
    made from. Three queries."""
    stored = Criterion.objects.prefetch_related("levels").get(pk=criterion.pk)
    node = _node(stored, str(stored.parent_id or ""), _rules_of([stored]).get(stored.pk, ()))
    return hashlib.sha256(repr(node).encode()).hexdigest()[:16]


def _node(criterion: Criterion, parent: str, rules: tuple[RuleNode, ...]) -> Node:
    return Node(
        parent=parent,
        levels=tuple(_level_node(level) for level in criterion.levels.all()),
        source_rules=rules,
        **{name: getattr(criterion, name) for name in PLAIN_FIELDS},
    )


def _rules_of(criteria: Sequence[Criterion]) -> Mapping[int, tuple[RuleNode, ...]]:
    found: dict[int, tuple[RuleNode, ...]] = {}
    rules = SourceRule.objects.filter(criterion__in=criteria).select_related("award_form").order_by("pk")
    for rule in rules:
        node = RuleNode(
            amount=rule.amount,
            level=rule.level,
            award_form=rule.award_form.code if rule.award_form else "",
            recipient_kind=rule.recipient_kind,
            campaign_kind=rule.campaign_kind,
        )
        found[rule.criterion_id] = (*found.get(rule.criterion_id, ()), node)
    return found


def _level_node(level: CriterionLevel) -> LevelNode:
    return LevelNode(level.label, level.points, level.from_value, level.to_value)


def diff(before: Sequence[Node], after: Sequence[Node]) -> Diff:
    """Compares two sets by the codes of their criteria. A criterion whose place among its remaining siblings is another
    counts as changed."""
    old, new = {node.code: node for node in before}, {node.code: node for node in after}
    old_places, new_places = _places(before, new), _places(after, old)
    changed = []
    for code, node in new.items():
        if code in old:
            names = [one.name for one in fields(Node) if getattr(old[code], one.name) != getattr(node, one.name)]
            if old_places[code] != new_places[code] and "parent" not in names:
                names.append("place")
            if names:
                changed.append(Changed(old[code], node, tuple(names)))
    return Diff(
        added=tuple(node for node in after if node.code not in old),
        changed=tuple(changed),
        removed=tuple(node for node in before if node.code not in new),
        same=len(new.keys() & old.keys()) - len(changed),
    )


def _places(nodes: Iterable[Node], others: Mapping[str, Node]) -> dict[str, int]:
    """The place of every node among those siblings that both sides have."""
    counts: dict[str, int] = {}
    places = {}
    for node in nodes:
        if node.code in others:
            counts[node.parent] = counts.get(node.parent, 0) + 1
            places[node.code] = counts[node.parent]
    return places


def in_natural_order(criteria: Iterable[Criterion]) -> list[Criterion]:
    """Siblings in the natural order of their codes (W7)."""
    return sort_codes(criteria, key=lambda criterion: criterion.code)
