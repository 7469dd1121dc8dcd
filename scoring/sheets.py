"""A score card with everything that belongs to it, loaded in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from cluster_app.lib.errors import NotKnown
from cluster_app.lib.locking import for_update
from scoring import calculations
from scoring.calculations import Totals
from scoring.enums import CriterionKind, RecordSource, Section, Stage
from scoring.kinds import Band, Peers, Rule, Score, kind_of
from scoring.models import Criterion, Evidence, LineRecord, Scorecard, ScoreLine, Target

PERCENT = "%"


@dataclass(frozen=True)
class Tree:
    """The criteria of a set as a tree held in memory."""

    criteria: list[Criterion]
    children: dict[int | None, list[Criterion]]

    def roots(self) -> list[Criterion]:
        return self.children.get(None, [])

    def leaves_under(self, criterion: Criterion) -> list[Criterion]:
        if criterion.is_leaf:
            return [criterion]
        return [leaf for child in self.children.get(criterion.pk, []) for leaf in self.leaves_under(child)]

    def leaves(self) -> list[Criterion]:
        return [leaf for root in self.roots() for leaf in self.leaves_under(root)]

    def walk(self, parent: Criterion | None = None, depth: int = 0) -> Iterable[tuple[int, Criterion]]:
        """Every node in printed order, with its depth."""
        for criterion in self.children.get(parent.pk if parent else None, []):
            yield depth, criterion
            yield from self.walk(criterion, depth + 1)

    def root_of(self) -> dict[int, Criterion]:
        """The top group of every leaf, by the leaf's primary key."""
        return {leaf.pk: root for root in self.roots() for leaf in self.leaves_under(root)}

    @cached_property
    def by_pk(self) -> dict[int, Criterion]:
        return {criterion.pk: criterion for criterion in self.criteria}

    @cached_property
    def rules(self) -> dict[int, Rule]:
        """What every leaf is scored by for units without a target of their own, by its primary key."""
        return {leaf.pk: rule_of(leaf, None) for leaf in self.leaves()}

    def rule(self, leaf_pk: int, own_target: Decimal | None) -> Rule:
        """What a leaf is scored by for a unit whose own target is `own_target`, else by the target of all units."""
        rule = self.rules[leaf_pk]
        return rule if own_target is None else replace(rule, target=own_target)

    def has_sources(self) -> bool:
        """Whether any line takes its value from records."""
        return any(criterion.source for criterion in self.criteria)

    def caps(self) -> dict[str, Decimal]:
        """The cap of the bonus and of the penalty section, as positive points."""
        caps: dict[str, Decimal] = {}
        for root in self.roots():
            if root.section != Section.BASE and root.max_points is not None:
                caps[root.section] = caps.get(root.section, calculations.ZERO) + root.max_points
        return caps


def tree_of(criteria_set_pk: int) -> Tree:
    """Loads a criteria set with its levels: two queries."""
    criteria = list(
        Criterion.objects.filter(criteria_set_id=criteria_set_pk).order_by("order", "pk").prefetch_related("levels")
    )
    children: dict[int | None, list[Criterion]] = {}
    for criterion in criteria:
        children.setdefault(criterion.parent_id, []).append(criterion)
    return Tree(criteria, children)


# Trees of sets in force by the set's primary key; a few kilobytes each.
_kept: dict[int, Tree] = {}
_MOST_KEPT = 200


def tree_in_force(criteria_set_pk: int) -> Tree:
    """The tree of a set that cards hang on. The database refuses every change of such a set (`triggers`), so it is read
    once in a process; but nothing is kept out of a transaction that could still be rolled back."""
    tree = _kept.get(criteria_set_pk)
    if tree is None:
        tree = tree_of(criteria_set_pk)
        if not connection.in_atomic_block:
            if len(_kept) >= _MOST_KEPT:
                _kept.clear()
            _kept[criteria_set_pk] = tree
    return tree


_WITH_TABLE = (CriterionKind.LEVELS, CriterionKind.BANDS)


def rule_of(criterion: Criterion, target: Decimal | None) -> Rule:
    """What a leaf is scored by for a unit whose own target is `target`, else by the target of all units."""
    levels = list(criterion.levels.all()) if criterion.kind in _WITH_TABLE else []
    is_banded = criterion.kind == CriterionKind.BANDS
    return Rule(
        kind=criterion.kind,
        max_points=criterion.max_points,
        points_per_item=criterion.points_per_item,
        direction=criterion.direction,
        target=criterion.default_target if target is None else target,
        levels={} if is_banded else {level.position: level.points for level in levels},
        bands=tuple(Band(level.from_value, level.to_value, level.points) for level in levels) if is_banded else (),
        is_percentage=criterion.unit_of_measure == PERCENT,
        min_points=criterion.min_points,
        step=criterion.step,
        full_at_excess=criterion.full_at_excess,
        is_fed=bool(criterion.source),
    )


_SAYS_WHERE_FROM = (CriterionKind.RATIO, CriterionKind.RATIO_LEADER, CriterionKind.BANDS, CriterionKind.JUDGED)


def needs_note(criterion: Criterion, value: Decimal | None) -> bool:
    """Whether the unit must say where the value comes from (domain.md rule 18): counted items, bonus points, measured
    and judged values; a note stands for the evidence. Records are their own evidence."""
    if criterion.source:
        return False
    if criterion.kind in _SAYS_WHERE_FROM:
        return True
    if criterion.section == Section.BONUS and criterion.kind == CriterionKind.LEVELS:
        return any(level.points > 0 for level in criterion.levels.all() if level.position == value)
    counts = criterion.kind == CriterionKind.PER_ITEM or criterion.section == Section.BONUS
    return counts and bool(value)


def may_be_estimated(criterion: Criterion) -> bool:
    """Whether the unit may mark the value as estimated for the whole year: only a number that it types itself."""
    return not criterion.source and criterion.kind not in (CriterionKind.LEVELS, CriterionKind.BOOLEAN)


@dataclass
class Sheet:
    """A card with its tree, its lines in printed order, and the rule of each line by the criterion's primary key.

    `records` are those that the fed lines were taken from, by the line's primary key. `peers` says by stage and
    criterion (primary key) what the units reached; it is empty until somebody who compares fills it in. `pledges` gives
    text and address of the promise behind a target, and `last_year` what the unit had the year before, both by the
    criterion's primary key, on pages that show it. `evidence_url` is the address of the page of the evidence, empty
    toward people to whom it is not open. `marks` are the objections to a line, and the way to raise one: words, address
    and spoken name of links, by the line's primary key.
    """

    card: Scorecard
    tree: Tree
    lines: list[ScoreLine]
    rules: dict[int, Rule]
    records: dict[int, list[LineRecord]] = field(default_factory=dict)
    peers: Mapping[str, Mapping[int, Peers]] = field(default_factory=dict)
    pledges: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    last_year: Mapping[int, str] = field(default_factory=dict)
    evidence_url: str = ""
    marks: Mapping[int, tuple[tuple[str, str, str], ...]] = field(default_factory=dict)

    def line(self, pk: int) -> ScoreLine:
        """Raises NotKnown for a line of another card."""
        for line in self.lines:
            if line.pk == pk:
                return line
        raise NotKnown

    @cached_property
    def evidence(self) -> dict[int, list[Evidence]]:
        """What is visible of the evidence, by the line's primary key; read when it is asked for, in one query."""
        return _evidence_of(self.card)

    def needs_evidence(self, line: ScoreLine) -> bool:
        """Whether neither a note nor evidence says where the value of the line comes from (domain.md rule 18)."""
        is_unsaid = needs_note(line.criterion, line.self_value) and not line.self_note.strip()
        return is_unsaid and not self.evidence.get(line.pk)

    def rule(self, line: ScoreLine) -> Rule:
        return self.rules[line.criterion_id]

    def score(self, line: ScoreLine, value: Decimal, stage: str = Stage.SELF) -> Score:
        """The points of the line for `value` and how they come about: none for a compared line before the comparison.
        Raises Refused for a value that makes no sense."""
        rule = self.rule(line)
        return kind_of(rule).score(rule, value, self.peers.get(stage, {}).get(line.criterion_id))

    def points(self, line: ScoreLine, value: Decimal, stage: str = Stage.SELF) -> Decimal | None:
        """The points of `score`, without its sentences."""
        rule = self.rule(line)
        return kind_of(rule).points(rule, value, self.peers.get(stage, {}).get(line.criterion_id))

    def is_compared(self, line: ScoreLine) -> bool:
        """Whether the points of the line depend on the other units, by its rule or at one of its values."""
        if not line.is_assigned or self.lacks_target(line):
            return False
        rule = self.rule(line)
        values = [value for value in (line.self_value, line.reviewed_value, line.final_value) if value is not None]
        return kind_of(rule).compares(rule) or any(kind_of(rule).is_open(rule, value) for value in values)

    def is_due(self, line: ScoreLine, stage: str) -> bool:
        """Whether a person still has to give the value of the line in `stage`."""
        return line.is_assigned and not line.criterion.source and getattr(line, f"{stage}_value") is None

    def lacks_target(self, line: ScoreLine) -> bool:
        """Whether the line has a value, but no target to measure it by; then it cannot be submitted."""
        is_measured = line.criterion.kind in (CriterionKind.RATIO, CriterionKind.RATIO_LEADER)
        return line.is_assigned and is_measured and self.rule(line).target is None

    def totals(self, stage: str) -> Totals:
        pairs = [(line.section, getattr(line, f"{stage}_points")) for line in self.lines]
        return calculations.totals(pairs, self.tree.caps())

    def store_totals(self) -> None:
        """Sets the totals of the card from its lines; the caller saves."""
        store_totals(self.card, self.lines, self.tree.caps())

    def lines_under(self, code: str) -> list[ScoreLine]:
        """The lines of the group or leaf with `code`. Raises NotKnown if the set has no such code."""
        for criterion in self.tree.criteria:
            if criterion.code == code:
                wanted = {leaf.pk for leaf in self.tree.leaves_under(criterion)}
                return [line for line in self.lines if line.criterion_id in wanted]
        raise NotKnown


def store_totals(card: Scorecard, lines: Sequence[ScoreLine], caps: Mapping[str, Decimal]) -> None:
    """Sets the totals of `card` from all of its lines. A stage has one as soon as every line has points in it; the
    self-scored total goes along while the card is being filled in."""

    def totals(stage: str) -> Totals | None:
        points = [(line.section, getattr(line, f"{stage}_points")) for line in lines]
        if stage != Stage.SELF and any(value is None for _section, value in points):
            return None
        return calculations.totals(points, caps)

    self_scored, reviewed, final = (totals(stage) for stage in (Stage.SELF, Stage.REVIEWED, Stage.FINAL))
    card.self_total = self_scored.total if self_scored else None
    card.reviewed_total = reviewed.total if reviewed else None
    card.base_points = final.base if final else None
    card.bonus_points = final.bonus if final else None
    card.penalty_points = final.penalty if final else None
    card.total_points = final.total if final else None


def own_target(membership: OuterRef | int) -> Subquery:
    """For a query over lines: the target of the member unit for the line's criterion, be it typed or that of a pledge
    item; null where the target of all units holds."""
    # There is one at most. The model's own order would make this the dearest statement of the page to put together.
    targets = Target.objects.filter(membership=membership, criterion=OuterRef("criterion"), is_assigned=True).order_by()
    return Subquery(targets.values_list(Coalesce("pledge_item__target_value", "value"))[:1])


def targets_of(criterion: Criterion) -> dict[int, Decimal]:
    """The units' own targets for one criterion, by member unit (primary key); one query."""
    targets = criterion.targets.filter(is_assigned=True)
    return dict(targets.values_list("membership_id", Coalesce("pledge_item__target_value", "value")))


# The sources, "" for typing among them, whose value is there before the review.
KNOWN_BEFORE_REVIEW = ("", *(source for source in RecordSource.values if source != RecordSource.OVERCLAIM))


def load(card: Scorecard, *, lock: bool = False) -> Sheet:
    """Loads everything of `card`: tree, levels, and lines with their targets, three queries, or one where the tree is
    known already; one more for the records of a set that has sources. `lock` locks the lines."""
    tree = tree_in_force(card.criteria_set_id)
    leaves = {leaf.pk: leaf for leaf in tree.leaves()}
    queryset = ScoreLine.objects.filter(scorecard=card).order_by("pk")
    found = queryset.annotate(own_target=own_target(card.membership_id))
    by_criterion: dict[int, Any] = {line.criterion_id: line for line in (for_update(found) if lock else found)}
    lines: list[ScoreLine] = []
    for pk, leaf in leaves.items():
        line = by_criterion[pk]
        line.criterion, line.scorecard = leaf, card
        lines.append(line)
    rules = {pk: tree.rule(pk, by_criterion[pk].own_target) for pk in leaves}
    records = _records_of(card) if tree.has_sources() else {}
    return Sheet(card, tree, lines, rules, records)


def _records_of(card: Scorecard) -> dict[int, list[LineRecord]]:
    found: dict[int, list[LineRecord]] = {}
    for record in LineRecord.objects.filter(line__scorecard=card).order_by("pk"):
        found.setdefault(record.line_id, []).append(record)
    return found


def _evidence_of(card: Scorecard) -> dict[int, list[Evidence]]:
    found: dict[int, list[Evidence]] = {}
    visible = Evidence.objects.filter(scorecard=card, hidden_at__isnull=True)
    for piece in visible.select_related("file").order_by("pk"):
        if piece.line_id is not None:
            found.setdefault(piece.line_id, []).append(piece)
    return found
