"""Kinds whose points stand in a table, or are given directly (domain.md 5.2)."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from cluster_app.lib.errors import Refused
from cluster_app.lib.points import Exact, format_points, format_value
from scoring.enums import Direction, Section
from scoring.kinds.base import ZERO, Band, Kind, Peers, Rule, Sentences, is_monotone, known

_BASE_AND_BONUS = frozenset({Section.BASE, Section.BONUS})


class Levels(Kind):
    """The value is the position of a level, counted from 1."""

    columns = frozenset({"levels"})
    sections = _BASE_AND_BONUS
    counts_items = True

    def problems(self, rule: Rule) -> list[str]:
        if not rule.levels:
            return [_("it has no levels")]
        places = sorted(rule.levels)
        found = []
        if places != list(range(1, len(places) + 1)):
            found.append(_("its levels are not numbered 1, 2, 3 … without a hole"))
        points = [rule.levels[place] for place in places]
        return found + _table_problems(rule, points)

    def largest_value(self, rule: Rule) -> Decimal | None:
        return Decimal(max(rule.levels, default=0))

    def check_value(self, rule: Rule, value: Decimal) -> None:
        if value not in rule.levels:
            raise Refused(_("Choose one of the levels of this criterion."))

    def compute(self, rule: Rule, value: Decimal, peers: Peers | None) -> tuple[Exact, Sentences]:
        points = rule.levels[int(value)]
        return points, lambda: [_("This level gives %(points)s.") % {"points": format_points(points)}]


class Boolean(Kind):
    """Everything or nothing."""

    sections = _BASE_AND_BONUS
    counts_items = True

    def largest_value(self, rule: Rule) -> Decimal | None:
        return Decimal(1)

    def compute(self, rule: Rule, value: Decimal, peers: Peers | None) -> tuple[Exact, Sentences]:
        points = known(rule.max_points) if value else ZERO

        def explained() -> list[str]:
            text = _("Achieved: %(points)s.") if value else _("Not achieved: %(points)s.")
            return [text % {"points": format_points(points)}]

        return points, explained


class Bands(Kind):
    """The value falls into one band of a table without holes; the points of the bands only rise or only fall."""

    columns = frozenset({"levels"})
    may_have = frozenset({"unit_of_measure", "direction", "step"})
    sections = _BASE_AND_BONUS

    def problems(self, rule: Rule) -> list[str]:
        if not rule.bands:
            return [_("it has no bands")]
        found = _holes(rule.bands)
        points = [band.points for band in rule.bands]
        found += _table_problems(rule, points)
        falls = points != sorted(points)
        if is_monotone(points) and len(set(points)) > 1 and falls != (rule.direction == Direction.LOWER):
            found.append(_("the points of its bands do not go the way in which its values are better"))
        return found

    def compute(self, rule: Rule, value: Decimal, peers: Peers | None) -> tuple[Exact, Sentences]:
        band = next(one for one in reversed(rule.bands) if one.from_value is not None and value >= one.from_value)
        return band.points, lambda: [_of_band(band, value)]


class Judged(Kind):
    """The points are given directly, in steps between the least points and the maximum."""

    columns = frozenset({"step"})
    may_have = frozenset({"min_points"})
    sections = _BASE_AND_BONUS

    def problems(self, rule: Rule) -> list[str]:
        if rule.step is not None and (known(rule.max_points) % rule.step or (rule.min_points or ZERO) % rule.step):
            return [_("its least points and its maximum are not multiples of its step")]
        return []

    def largest_value(self, rule: Rule) -> Decimal | None:
        return known(rule.max_points)

    def check_value(self, rule: Rule, value: Decimal) -> None:
        super().check_value(rule, value)
        if rule.min_points is not None and value < rule.min_points:
            raise Refused(_("At least %(minimum)s is possible here.") % {"minimum": format_value(rule.min_points)})

    def compute(self, rule: Rule, value: Decimal, peers: Peers | None) -> tuple[Exact, Sentences]:
        return value, lambda: [_("Judged directly: %(points)s.") % {"points": format_points(value)}]


def _of_band(band: Band, value: Decimal) -> str:
    values = {
        "value": format_value(value),
        "from": format_value(band.from_value),
        "to": format_value(band.to_value),
        "points": format_points(band.points),
    }
    text = (
        _("%(value)s is %(from)s or more: %(points)s.")
        if band.to_value is None
        else _("%(value)s lies from %(from)s to below %(to)s: %(points)s.")
    )
    return text % values


def _holes(bands: Sequence[Band]) -> list[str]:
    """Sentences for every place where the table begins late, has a hole or an overlap, or ends early."""
    found = []
    if bands[0].from_value != 0:
        found.append(_("its first band does not begin at 0"))
    for band, following in pairwise(bands):
        if band.to_value is None or band.to_value != following.from_value:
            values = {"to": format_value(band.to_value), "from": format_value(following.from_value)}
            found.append(_("a band ends at %(to)s, but the next one begins at %(from)s") % values)
    if bands[-1].to_value is not None:
        found.append(_("its last band has an end, so that values above it give nothing"))
    return found


def _table_problems(rule: Rule, points: Sequence[Decimal]) -> list[str]:
    found = []
    if not is_monotone(points):
        found.append(_("the points of its table go up and down"))
    if max(points) != rule.max_points:
        found.append(_("the best entry of its table does not give the maximum"))
    return found
