"""What stands in the lines of the cards at the end of the year: final points by criterion, and results by promise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from awards.enums import TargetDirection
from awards.models import Pledge, PledgeItem
from members.models import EmulationYear
from scoring.enums import CardStatus, Section
from scoring.models import Criterion, Scorecard, ScoreLine, Target
from scoring.ranking import Ranking
from scoring.sheets import Tree, tree_in_force

ZERO = Decimal("0.00")


class Verdict(StrEnum):
    """The words of the annex."""

    REACHED = "đạt"
    MISSED = "không đạt"


@dataclass(frozen=True)
class Result:
    """What a unit reached of a promise by one criterion; `value` is None where only yes or no counts."""

    value: Decimal | None
    verdict: Verdict


@dataclass(frozen=True)
class Lines:
    """The lines of every card whose final total is known, which are those that the ranking counts.

    `points` are by card and criterion, `results` by pledge item and member unit, `measured` the pledge items that a
    criterion of any unit is measured by; all by primary keys.
    """

    tree: Tree | None
    points: Mapping[int, Mapping[int, Decimal]] = field(default_factory=dict)
    results: Mapping[tuple[int, int], tuple[Result, ...]] = field(default_factory=dict)
    measured: frozenset[int] = frozenset()

    def final_points(self, card: Scorecard | None, criterion: Criterion) -> Decimal | None:
        """The final points of a card in a leaf or a whole group, the latter as it counts in the total: the sections of
        bonus and penalty up to their cap. None while the card has no final total."""
        points = self.points.get(card.pk) if card else None
        if self.tree is None or points is None:
            return None
        total = sum((points.get(leaf.pk, ZERO) for leaf in self.tree.leaves_under(criterion)), ZERO)
        is_capped = criterion.parent_id is None and criterion.section != Section.BASE
        if is_capped and criterion.max_points is not None:
            return max(-criterion.max_points, min(criterion.max_points, total))
        return total


def lines_of(year: EmulationYear, ranking: Ranking, pledge: Pledge | None) -> Lines:
    """The final lines of the year's cards and what they say of the promises; three queries, and two more for criteria
    that this process has not read yet."""
    cards = {row.card.pk: row.card for row in ranking.rows if row.card is not None and row.total is not None}
    targets = _targets(pledge)
    measured = frozenset(target.pledge_item_id for target in targets if target.pledge_item_id is not None)
    if not cards:
        return Lines(None, measured=measured)
    tree = tree_in_force(next(iter(cards.values())).criteria_set_id)
    points: dict[int, dict[int, Decimal]] = {pk: {} for pk in cards}
    values: dict[tuple[int, int], Decimal] = {}
    found = ScoreLine.objects.filter(scorecard__membership__year=year, final_points__isnull=False).order_by()
    for card, criterion, line_points, value, is_assigned in found.values_list(
        "scorecard_id", "criterion_id", "final_points", "final_value", "is_assigned"
    ):
        if card in cards:
            points[card][criterion] = line_points
            if is_assigned and value is not None:
                values[cards[card].membership_id, criterion] = value
    return Lines(tree, points, _results(pledge, targets, values), measured)


def _targets(pledge: Pledge | None) -> list[Target]:
    """Which criterion measures which promise in which unit."""
    if pledge is None:
        return []
    found = Target.objects.filter(pledge_item__pledge=pledge, is_assigned=True)
    return list(found.order_by("criterion__order", "pk"))


def _results(
    pledge: Pledge | None, targets: Sequence[Target], values: Mapping[tuple[int, int], Decimal]
) -> dict[tuple[int, int], tuple[Result, ...]]:
    items = {item.pk: item for item in pledge.items.all()} if pledge else {}
    results: dict[tuple[int, int], tuple[Result, ...]] = {}
    for target in targets:
        value = values.get((target.membership_id, target.criterion_id))
        item = items.get(target.pledge_item_id or 0)
        if value is not None and item is not None:
            key = item.pk, target.membership_id
            results[key] = (*results.get(key, ()), result(item, value))
    return results


def result(item: PledgeItem, value: Decimal) -> Result:
    """What `value` means for the promise. An item without a number is kept by any value above zero."""
    if item.direction == TargetDirection.YES or item.target_value is None:
        return Result(None, Verdict.REACHED if value > 0 else Verdict.MISSED)
    is_reached = value <= item.target_value if item.direction == TargetDirection.AT_MOST else value >= item.target_value
    return Result(value, Verdict.REACHED if is_reached else Verdict.MISSED)


def is_final(card: Scorecard | None) -> bool:
    """Whether the card was approved; before, its final points are provisional."""
    return card is not None and card.status == CardStatus.APPROVED
