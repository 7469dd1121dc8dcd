"""A score card with everything that belongs to it, loaded in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from cluster_app.lib.errors import NotKnown
from scoring import calculations
from scoring.calculations import Rule, Totals
from scoring.enums import CriterionKind, Section, Stage
from scoring.models import Criterion, Scorecard, ScoreLine, Target

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


def rule_of(criterion: Criterion, target: Decimal | None) -> Rule:
    """What a leaf is scored by for a unit whose own target is `target`, else by the target of all units."""
    return Rule(
        kind=criterion.kind,
        max_points=criterion.max_points,
        points_per_item=criterion.points_per_item,
        direction=criterion.direction,
        target=criterion.default_target if target is None else target,
        levels={level.position: level.points for level in criterion.levels.all()},
        is_percentage=criterion.unit_of_measure == PERCENT,
    )


def needs_note(criterion: Criterion, value: Decimal | None) -> bool:
    """Whether the unit must say where the value comes from (domain.md rule 18): counted items, bonus points and
    measured values; a note stands for the evidence."""
    if criterion.kind == CriterionKind.RATIO:
        return True
    if criterion.section == Section.BONUS and criterion.kind == CriterionKind.LEVELS:
        return any(level.points > 0 for level in criterion.levels.all() if level.position == value)
    counts = criterion.kind == CriterionKind.PER_ITEM or criterion.section == Section.BONUS
    return counts and bool(value)


@dataclass
class Sheet:
    """A card with its tree, its lines in printed order, and the rule of each line by the criterion's primary key."""

    card: Scorecard
    tree: Tree
    lines: list[ScoreLine]
    rules: dict[int, Rule]

    def line(self, pk: int) -> ScoreLine:
        """Raises NotKnown for a line of another card."""
        for line in self.lines:
            if line.pk == pk:
                return line
        raise NotKnown

    def rule(self, line: ScoreLine) -> Rule:
        return self.rules[line.criterion_id]

    def totals(self, stage: str) -> Totals:
        pairs = [(line.section, getattr(line, f"{stage}_points")) for line in self.lines]
        return calculations.totals(pairs, self.tree.caps())

    def store_totals(self) -> None:
        """Sets the totals of the card from its lines; the caller saves."""
        card = self.card
        card.self_total = self.totals(Stage.SELF).total
        card.reviewed_total = self.totals(Stage.REVIEWED).total if self._has(Stage.REVIEWED) else None
        if self._has(Stage.FINAL):
            final = self.totals(Stage.FINAL)
            card.base_points, card.bonus_points = final.base, final.bonus
            card.penalty_points, card.total_points = final.penalty, final.total
        else:
            card.base_points = card.bonus_points = card.penalty_points = card.total_points = None

    def _has(self, stage: str) -> bool:
        return all(getattr(line, f"{stage}_points") is not None for line in self.lines)

    def lines_under(self, code: str) -> list[ScoreLine]:
        """The lines of the group or leaf with `code`. Raises NotKnown if the set has no such code."""
        for criterion in self.tree.criteria:
            if criterion.code == code:
                wanted = {leaf.pk for leaf in self.tree.leaves_under(criterion)}
                return [line for line in self.lines if line.criterion_id in wanted]
        raise NotKnown


def load(card: Scorecard, *, lock: bool = False) -> Sheet:
    """Loads everything of `card`: lines, tree, levels and targets, four queries. `lock` locks the lines."""
    tree = tree_of(card.criteria_set_id)
    leaves = {leaf.pk: leaf for leaf in tree.leaves()}
    queryset = ScoreLine.objects.filter(scorecard=card).order_by("pk")
    by_criterion = {line.criterion_id: line for line in (queryset.select_for_update() if lock else queryset)}
    targets = dict(Target.objects.filter(membership=card.membership_id).values_list("criterion_id", "value"))
    lines = []
    for pk, leaf in leaves.items():
        line = by_criterion[pk]
        line.criterion, line.scorecard = leaf, card
        lines.append(line)
    rules = {pk: rule_of(leaf, targets.get(pk)) for pk, leaf in leaves.items()}
    return Sheet(card, tree, lines, rules)
