"""Kinds that count items, faults or cases (domain.md 5.2)."""

from decimal import Decimal

from django.utils.translation import gettext as _

from cluster_app.lib.points import Exact, format_points, format_value
from scoring.enums import Section
from scoring.kinds.base import ZERO, Kind, Peers, Rule, Sentences, known

_PER_ITEM = frozenset({"points_per_item"})


class PerItem(Kind):
    """min(cap, n × p); the same for a bonus."""

    columns = _PER_ITEM
    may_have = frozenset({"unit_of_measure", "step"})
    counts_items = True

    def compute(self, rule: Rule, value: Decimal, peers: Peers | None) -> tuple[Exact, Sentences]:
        exact, cap = value * known(rule.points_per_item), known(rule.max_points)
        return min(cap, exact), lambda: [_product(value, rule, exact), *_capped(cap, exact, exact > cap)]


class Bonus(PerItem):
    sections = frozenset({Section.BONUS})


class Deduct(Kind):
    """max(least points, max − n × d); the least points are 0 unless the criterion says otherwise."""

    columns = _PER_ITEM
    may_have = frozenset({"unit_of_measure", "min_points", "step"})
    counts_items = True

    def compute(self, rule: Rule, value: Decimal, peers: Peers | None) -> tuple[Exact, Sentences]:
        maximum, loss = known(rule.max_points), value * known(rule.points_per_item)
        points = max(ZERO, maximum - loss)

        def explained() -> list[str]:
            if not value:
                return [_("Nothing to deduct: %(maximum)s.") % {"maximum": format_points(maximum)}]
            text = (
                _("%(maximum)s − %(count)s × %(each)s = %(points)s.")
                if loss <= maximum
                else _("%(maximum)s − %(count)s × %(each)s is below 0, so %(points)s.")
            )
            values = {"count": format_value(value), "each": format_value(rule.points_per_item)}
            return [text % (values | {"maximum": format_points(maximum), "points": format_points(points)})]

        return points, explained


class Penalty(Kind):
    """−n × p, not below the maximum of the criterion where it has one."""

    columns = _PER_ITEM
    may_have = frozenset({"unit_of_measure", "step"})
    sections = frozenset({Section.PENALTY})
    counts_items = True

    def compute(self, rule: Rule, value: Decimal, peers: Peers | None) -> tuple[Exact, Sentences]:
        loss, cap = value * known(rule.points_per_item), rule.max_points
        exact = -loss if loss else ZERO
        is_capped = cap is not None and loss > cap
        points = -known(cap) if is_capped else exact
        return points, lambda: [_product(value, rule, exact), *_capped(points, exact, is_capped)]


def _capped(cap: Decimal, exact: Decimal, is_capped: bool) -> list[str]:
    if not is_capped:
        return []
    return [_("Capped at %(cap)s, from %(exact)s.") % {"cap": format_points(cap), "exact": format_points(exact)}]


def _product(count: Decimal, rule: Rule, exact: Decimal) -> str:
    values = {"count": format_value(count), "each": format_value(rule.points_per_item), "points": format_points(exact)}
    return _("%(count)s × %(each)s = %(points)s.") % values
