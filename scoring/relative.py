"""Lines whose points depend on what the other units reached: leader-relative criteria, and results without a target
(domain.md 5.2 [S58]). Reads only; `services.comparison` stores."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from members.enums import Standing
from members.models import EmulationYear
from scoring.enums import CardStatus, CriterionKind, Direction, Stage
from scoring.kinds import Peers, Rule, kind_of
from scoring.models import ScoreLine
from scoring.sheets import Tree, own_target, tree_in_force

STAGES = (Stage.REVIEWED, Stage.FINAL)
_REVIEWED = (CardStatus.REVIEWED, CardStatus.APPROVED)
_EFFECTIVE_TARGET = Coalesce("own_target", "criterion__default_target", output_field=DecimalField())


@dataclass(frozen=True)
class Compared:
    """A line that is compared with those of other units. Only units in good standing are the measure for others."""

    line: ScoreLine
    tree: Tree
    rule: Rule
    is_measure: bool

    def points(self, stage: str, peers: Mapping[int, Peers]) -> Decimal | None:
        """The points of the line in `stage`; None while it has no value there."""
        value = getattr(self.line, f"{stage}_value")
        if value is None:
            return None
        return kind_of(self.rule).points(self.rule, value, peers.get(self.line.criterion_id, Peers()))


def compared_lines(year: EmulationYear) -> list[Compared]:
    """The lines of all reviewed cards of the year that are compared, one query, or three where the tree is not known
    yet. Lines that are not assigned take no part (W1: a value of 300 that was not asked for measures nobody)."""
    lines = _comparable(ScoreLine.objects.filter(scorecard__membership__year=year, scorecard__status__in=_REVIEWED))
    found = []
    of_card = {"standing": F("scorecard__membership__standing"), "set_pk": F("scorecard__criteria_set")}
    trees: dict[int, Tree] = {}
    for line in lines.annotate(**of_card).order_by("scorecard_id", "pk"):
        tree = trees.get(line.set_pk) or trees.setdefault(line.set_pk, tree_in_force(line.set_pk))
        line.criterion = tree.by_pk[line.criterion_id]
        rule = tree.rule(line.criterion_id, line.own_target)
        found.append(Compared(line, tree, rule, line.standing == Standing.GOOD))
    return found


def _comparable(lines: QuerySet[ScoreLine]) -> QuerySet[Any]:
    without_target = Q(criterion__kind=CriterionKind.RATIO, criterion__direction=Direction.HIGHER, effective_target=0)
    return (
        lines.filter(is_assigned=True)
        .annotate(own_target=own_target(OuterRef("scorecard__membership")))
        .alias(effective_target=_EFFECTIVE_TARGET)
        .filter(Q(criterion__kind=CriterionKind.RATIO_LEADER) | without_target)
    )


def peers_of(compared: Iterable[Compared], stage: str) -> dict[int, Peers]:
    """What the units reached in `stage`, by criterion (primary key)."""
    best: dict[int, dict[Decimal, Decimal]] = {}
    for one in compared:
        value, target = getattr(one.line, f"{stage}_value"), one.rule.target
        by_target = best.setdefault(one.line.criterion_id, {})
        if value is not None and one.is_measure and target is not None:
            by_target[target] = max(value, by_target.get(target, value))
    return {criterion: _peers(by_target) for criterion, by_target in best.items()}


def _peers(by_target: Mapping[Decimal, Decimal]) -> Peers:
    """From the best value among the units of each target."""
    ratios = [Fraction(value) / Fraction(target) for target, value in by_target.items() if target]
    return Peers(max(ratios, default=None), by_target.get(Decimal(0)))


def peers_by_stage(year: EmulationYear) -> dict[str, dict[int, Peers]]:
    """What the units of the year reached in each stage that is compared; one query."""
    return by_stage(compared_lines(year))


def by_stage(compared: Sequence[Compared]) -> dict[str, dict[int, Peers]]:
    """What the units reached in each stage that is compared."""
    return {stage: peers_of(compared, stage) for stage in STAGES}


@dataclass(frozen=True)
class Difference:
    """A line whose stored points are not those that follow from the comparison."""

    line: ScoreLine
    stage: str
    points: Decimal | None


def differences(compared: Sequence[Compared], card_pk: int | None = None) -> list[Difference]:
    """What recomputing would change: in the whole year, or in one card."""
    found = []
    own = [one for one in compared if card_pk in (None, one.line.scorecard_id)]
    for stage, peers in by_stage(compared).items():
        for one in own:
            points = one.points(stage, peers)
            if getattr(one.line, f"{stage}_points") != points:
                found.append(Difference(one.line, stage, points))
    return found


def open_codes(year: EmulationYear) -> list[str]:
    """The codes of the criteria by which units of the year are really compared, whatever their cards' status."""
    lines = _comparable(ScoreLine.objects.filter(scorecard__membership__year=year))
    always = Q(criterion__kind=CriterionKind.RATIO_LEADER, criterion__full_at_excess__isnull=True)
    at_zero = Q(effective_target=0) & (Q(self_value__gt=0) | Q(reviewed_value__gt=0))
    codes = lines.filter(always | at_zero).order_by("criterion__order").values_list("criterion__code", flat=True)
    return list(dict.fromkeys(codes))
