"""From a value to points, from points to totals (domain.md 5.2). Pure arithmetic on Decimals; the database is not known
here, and the only rounding is that of `lib/points`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from cluster_app.lib.errors import Refused
from cluster_app.lib.points import Exact, ratio, to_points
from scoring.enums import CriterionKind, Direction, Section

ZERO = Decimal(0)
LARGEST_COUNT = 999
LARGEST_PERCENT = 100


@dataclass(frozen=True)
class Rule:
    """What a leaf is scored by: a criterion's parameters and the unit's own target."""

    kind: str
    max_points: Decimal | None
    points_per_item: Decimal | None = None
    direction: str = Direction.HIGHER
    target: Decimal | None = None
    levels: Mapping[int, Decimal] = field(default_factory=dict)
    is_percentage: bool = False


def points_for(rule: Rule, value: Decimal) -> Decimal:
    """Returns the points for `value`, rounded half up to 0.01; penalties are negative.

    Raises Refused where the value makes no sense for the kind, or where a needed target is missing.
    """
    check_value(rule, value)
    return to_points(_KINDS[CriterionKind(rule.kind)](rule, value))


def largest_value(rule: Rule) -> Decimal | None:
    """The largest value that can be entered; None where there is no such bound."""
    match rule.kind:
        case CriterionKind.BOOLEAN:
            return Decimal(1)
        case CriterionKind.LEVELS:
            return Decimal(max(rule.levels, default=0))
        case CriterionKind.RATIO:
            return Decimal(LARGEST_PERCENT) if rule.is_percentage else None
        case _:
            return Decimal(LARGEST_COUNT)


def check_value(rule: Rule, value: Decimal) -> None:
    """Raises Refused with what is wrong with `value` and what to write instead."""
    if value < 0:
        raise Refused(_("Write 0 or more; the sign of a penalty is added by the computation."))
    if rule.kind != CriterionKind.RATIO and value != value.to_integral_value():
        raise Refused(_("This criterion counts whole items: write a number without decimals."))
    if rule.kind == CriterionKind.LEVELS and int(value) not in rule.levels:
        raise Refused(_("Choose one of the levels of this criterion."))
    largest = largest_value(rule)
    if largest is not None and value > largest:
        raise Refused(_("At most %(maximum)s is possible here.") % {"maximum": largest})
    if rule.kind == CriterionKind.RATIO and rule.target is None:
        raise Refused(_("The unit has no target for this criterion yet. Ask the secretariat to set it."))


def _known(parameter: Decimal | None) -> Decimal:
    """A parameter that the constraints of the criterion guarantee for its kind."""
    if parameter is None:
        raise ValueError("The criterion lacks a parameter that its kind needs.")
    return parameter


def _ratio(rule: Rule, actual: Decimal) -> Exact:
    """max x min(1, actual / target); lower is better: max x min(1, target / actual). Edges of domain.md 5.2."""
    maximum, target = _known(rule.max_points), _known(rule.target)
    if rule.direction == Direction.LOWER:
        if actual == 0:
            return maximum
        return min(Fraction(maximum), ratio(maximum, target, actual))
    if target == 0:
        return maximum
    return min(Fraction(maximum), ratio(maximum, actual, target))


def _per_item(rule: Rule, count: Decimal) -> Decimal:
    return min(_known(rule.max_points), count * _known(rule.points_per_item))


def _level(rule: Rule, position: Decimal) -> Decimal:
    return rule.levels[int(position)]


def _boolean(rule: Rule, value: Decimal) -> Decimal:
    return _known(rule.max_points) if value else ZERO


def _deduct(rule: Rule, faults: Decimal) -> Decimal:
    return max(ZERO, _known(rule.max_points) - faults * _known(rule.points_per_item))


def _penalty(rule: Rule, cases: Decimal) -> Decimal:
    loss = cases * _known(rule.points_per_item)
    return -loss if rule.max_points is None else -min(rule.max_points, loss)


_KINDS: Mapping[CriterionKind, Callable[[Rule, Decimal], Exact]] = {
    CriterionKind.RATIO: _ratio,
    CriterionKind.PER_ITEM: _per_item,
    CriterionKind.LEVELS: _level,
    CriterionKind.BOOLEAN: _boolean,
    CriterionKind.DEDUCT: _deduct,
    CriterionKind.BONUS: _per_item,
    CriterionKind.PENALTY: _penalty,
}


@dataclass(frozen=True)
class Totals:
    """Sums of a card in one stage, in points; `penalty` is not above 0, `total` not below."""

    base: Decimal
    bonus: Decimal
    penalty: Decimal

    @property
    def total(self) -> Decimal:
        return max(ZERO, self.base + self.bonus + self.penalty)


def totals(points: Iterable[tuple[str, Decimal | None]], caps: Mapping[str, Decimal]) -> Totals:
    """Sums pairs of (section, points); unfilled lines count nothing.

    `caps` bounds the bonus and the penalty section, both as positive points (domain.md rule 16). Sums of rounded leaves
    are exact, so nothing is rounded here.
    """
    sums = dict.fromkeys(Section.values, Decimal("0.00"))
    for section, value in points:
        if value is not None:
            sums[section] += value
    bonus, penalty = sums[Section.BONUS], sums[Section.PENALTY]
    if Section.BONUS in caps:
        bonus = min(caps[Section.BONUS], bonus)
    if Section.PENALTY in caps:
        penalty = max(-caps[Section.PENALTY], penalty)
    return Totals(sums[Section.BASE], bonus, penalty)


def percent_of_assigned(totals_: Totals, assigned_maximum: Decimal, declared_total: Decimal) -> Decimal:
    """100 x base / assigned maximum + 100 x (bonus + penalty) / declared total, rounded once, not below 0
    (domain.md 5.2)."""
    base = ratio(100, totals_.base, assigned_maximum) if assigned_maximum else 0
    return max(ZERO, to_points(base + ratio(100, totals_.bonus + totals_.penalty, declared_total)))


def band_of(bands: Iterable[Mapping[str, str]], score: Decimal) -> str:
    """The name of the highest band whose lower bound `score` reaches; empty where there is none (domain.md 5.4)."""
    reached = [(Decimal(band["from"]), band["name"]) for band in bands if score >= Decimal(band["from"])]
    return max(reached)[1] if reached else ""


def standard_ranks(keys: Sequence[object]) -> list[int]:
    """Standard competition ranks (1, 2, 2, 4) of sort keys that are in their final order, best first."""
    ranks: list[int] = []
    for place, key in enumerate(keys):
        ranks.append(ranks[-1] if place and key == keys[place - 1] else place + 1)
    return ranks
