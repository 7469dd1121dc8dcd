"""Kinds that measure a value against the unit's target (domain.md 5.2)."""

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from cluster_app.lib.errors import Refused
from cluster_app.lib.points import Exact, format_percent, format_points, format_value, ratio, to_points
from scoring.enums import Direction
from scoring.kinds.base import ZERO, Kind, Peers, Rule, Sentences, known

LARGEST_PERCENT = 100
_HALF = Fraction(1, 2)


class _Measured(Kind):
    may_have = frozenset({"default_target", "unit_of_measure", "direction", "min_points", "step"})

    def check_value(self, rule: Rule, value: Decimal) -> None:
        super().check_value(rule, value)
        if rule.target is None:
            raise Refused(_("The unit has no target for this criterion yet. Ask the secretariat to set it."))

    def is_open(self, rule: Rule, value: Decimal) -> bool:
        return self.compares(rule) or _is_without_target(rule, value)

    @staticmethod
    def _without_target(rule: Rule, actual: Decimal, peers: Peers | None) -> tuple[Exact, Sentences]:
        """Results without a target are compared with each other only, never with units that had one [S58]."""
        maximum = known(rule.max_points)
        best = max(actual, (peers.best_without_target if peers else None) or ZERO)
        points = ratio(maximum, actual, best)

        def explained() -> list[str]:
            text = _("Compared with the best unit without a target: %(maximum)s × %(actual)s / %(best)s = %(points)s.")
            return [text % (_values(rule, actual, points) | {"best": format_value(best)})]

        return points, explained


class Ratio(_Measured):
    """max × min(1, actual / target); where lower is better max × min(1, target / actual)."""

    def largest_value(self, rule: Rule) -> Decimal | None:
        return Decimal(LARGEST_PERCENT) if rule.is_percentage else None

    def compute(self, rule: Rule, value: Decimal, peers: Peers | None) -> tuple[Exact, Sentences]:
        if rule.direction == Direction.LOWER:
            return self._lower(rule, value)
        if _is_without_target(rule, value):
            return self._without_target(rule, value, peers)
        return self._higher(rule, value)

    def _higher(self, rule: Rule, actual: Decimal) -> tuple[Exact, Sentences]:
        maximum, target = known(rule.max_points), known(rule.target)
        if actual >= target:
            return maximum, lambda: [_("The target is reached: %(maximum)s.") % _values(rule, actual, maximum)]
        points = ratio(maximum, actual, target)
        return points, lambda: [
            _("%(maximum)s × %(actual)s / %(target)s = %(points)s.") % _values(rule, actual, points)
        ]

    def _lower(self, rule: Rule, actual: Decimal) -> tuple[Exact, Sentences]:
        maximum, target = known(rule.max_points), known(rule.target)
        if actual <= target:
            return maximum, lambda: [_("Not above the target: %(maximum)s.") % _values(rule, actual, maximum)]
        points = ratio(maximum, target, actual)
        return points, lambda: [
            _("%(maximum)s × %(target)s / %(actual)s = %(points)s.") % _values(rule, actual, points)
        ]


class LeaderRelative(_Measured):
    """Half the maximum for the target; the other half for what lies above it (domain.md 5.2 [S58], W1).

    Classic: in proportion to the excess of the best unit, which gets the maximum. Smooth, with `full_at_excess`: in
    proportion to that excess, so that 1 % above the target does not bring the maximum.
    """

    may_have = frozenset({"default_target", "unit_of_measure", "min_points", "step", "full_at_excess"})

    def compares(self, rule: Rule) -> bool:
        return rule.full_at_excess is None

    def problems(self, rule: Rule) -> list[str]:
        if rule.direction == Direction.LOWER:
            return [_("only higher values can be better where units are compared with the best one")]
        return []

    def compute(self, rule: Rule, value: Decimal, peers: Peers | None) -> tuple[Exact, Sentences]:
        if _is_without_target(rule, value):
            return self._without_target(rule, value, peers)
        maximum, target = known(rule.max_points), known(rule.target)
        if value == target == 0:
            return maximum, lambda: [_("Nothing was asked: %(maximum)s.") % _values(rule, value, maximum)]
        if value == target:
            points: Exact = maximum * _HALF_DECIMAL
            return points, lambda: [
                _("The target is reached: 0,5 × %(maximum)s = %(points)s.") % _values(rule, value, points)
            ]
        if value < target:
            points = ratio(maximum, value, target) * _HALF
            return points, lambda: [
                _("Below the target: 0,5 × %(maximum)s × %(actual)s / %(target)s = %(points)s.")
                % _values(rule, value, points)
            ]
        reached = ratio(1, value, target)
        if rule.full_at_excess is not None:
            return self._smooth(rule, value, reached - 1)
        best = max(reached, (peers.best_ratio if peers else None) or reached)
        return self._classic(rule, value, reached - 1, best - 1)

    def _classic(self, rule: Rule, actual: Decimal, excess: Fraction, best: Fraction) -> tuple[Exact, Sentences]:
        maximum = known(rule.max_points)
        is_best = excess == best
        points: Exact = maximum if is_best else _HALF * Fraction(maximum) * (1 + excess / best)

        def explained() -> list[str]:
            text = (
                _("The best unit of the cluster, %(excess)s above the target: %(maximum)s.")
                if is_best
                else _(
                    "%(excess)s above the target, the best unit %(best)s: "
                    "0,5 × %(maximum)s + 0,5 × %(maximum)s × %(excess)s / %(best)s = %(points)s."
                )
            )
            return [text % (_values(rule, actual, points) | {"excess": _share(excess), "best": _share(best)})]

        return points, explained

    def _smooth(self, rule: Rule, actual: Decimal, excess: Fraction) -> tuple[Exact, Sentences]:
        maximum, full = known(rule.max_points), Fraction(known(rule.full_at_excess)) / 100
        is_full = excess >= full
        points: Exact = maximum if is_full else _HALF * Fraction(maximum) * (1 + excess / full)

        def explained() -> list[str]:
            text = (
                _("%(excess)s above the target, %(full)s give the maximum: %(maximum)s.")
                if is_full
                else _(
                    "%(excess)s above the target, %(full)s give the maximum: "
                    "0,5 × %(maximum)s + 0,5 × %(maximum)s × %(excess)s / %(full)s = %(points)s."
                )
            )
            return [text % (_values(rule, actual, points) | {"excess": _share(excess), "full": _share(full)})]

        return points, explained


_HALF_DECIMAL = Decimal("0.5")


def _is_without_target(rule: Rule, value: Decimal) -> bool:
    """Something was done although nothing was asked; a target of 0 with the value 0 is simply reached."""
    return rule.direction == Direction.HIGHER and rule.target == 0 and value > 0


def _values(rule: Rule, actual: Decimal, points: Exact) -> dict[str, str]:
    return {
        "maximum": format_points(rule.max_points),
        "actual": format_value(actual),
        "target": format_value(rule.target),
        "points": format_points(to_points(points)),
    }


def _share(value: Fraction) -> str:
    return format_percent(to_points(value * 100))
