"""The one interface of all kinds of criteria: what is needed goes in, points and the sentences of their computation
come out (features.md E2). Pure arithmetic; the database is not known here."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from django.utils.translation import gettext as _

from cluster_app.lib.errors import Refused
from cluster_app.lib.points import Exact, format_points, format_value, to_points
from scoring.enums import Direction, Section

ZERO = Decimal(0)
LARGEST_COUNT = 999


# The sentences that explain points. They are built only for somebody who reads them.
Sentences = Callable[[], list[str]]


@dataclass(frozen=True, slots=True)
class Band:
    """Values from `from_value` to below `to_value` give `points`; the last band has no end."""

    from_value: Decimal | None
    to_value: Decimal | None
    points: Decimal


@dataclass(frozen=True, slots=True)
class Rule:
    """What a leaf is scored by: a criterion's parameters and the unit's own target.

    `full_at_excess` is in percent. `levels` maps positions to points. `is_fed` says that the value comes from records.
    """

    kind: str
    max_points: Decimal | None
    points_per_item: Decimal | None = None
    direction: str = Direction.HIGHER
    target: Decimal | None = None
    levels: Mapping[int, Decimal] = field(default_factory=dict)
    bands: tuple[Band, ...] = ()
    is_percentage: bool = False
    min_points: Decimal | None = None
    step: Decimal | None = None
    full_at_excess: Decimal | None = None
    is_fed: bool = False


@dataclass(frozen=True, slots=True)
class Peers:
    """What the units that a line is compared with reached: the best share of a target above zero, and the best value
    among units whose target is zero. None where there is no such unit."""

    best_ratio: Fraction | None = None
    best_without_target: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Points, rounded to 0.01, and how they were computed; no points where they are known only in comparison."""

    points: Decimal | None
    explanation: tuple[str, ...] = ()


class Kind(ABC):
    """A way from a value to points. `columns` are the parameters it needs, `may_have` those it can have besides the
    maximum; a criterion of this kind has no others."""

    columns: ClassVar[frozenset[str]] = frozenset()
    may_have: ClassVar[frozenset[str]] = frozenset()
    sections: ClassVar[frozenset[str]] = frozenset({Section.BASE})
    counts_items: ClassVar[bool] = False

    @abstractmethod
    def compute(self, rule: Rule, value: Decimal, peers: Peers | None) -> tuple[Exact, Sentences]:
        """The exact points and what explains them; `value` has passed `check_value`."""

    def problems(self, rule: Rule) -> list[str]:
        """What is wrong with the parameters, in sentences without the criterion's code."""
        return []

    def largest_value(self, rule: Rule) -> Decimal | None:
        """The largest value that can be entered; None where there is no such bound."""
        return Decimal(LARGEST_COUNT) if self.counts_items and not rule.is_fed else None

    def step(self, rule: Rule) -> Decimal | None:
        """Of what the value must be a multiple; None where every hundredth will do."""
        if rule.is_fed:
            return None
        return rule.step or (Decimal(1) if self.counts_items else None)

    def compares(self, rule: Rule) -> bool:
        """Whether the points of a unit always depend on what the other units reached."""
        return False

    def is_open(self, rule: Rule, value: Decimal) -> bool:
        """Whether there are no points for `value` before the other units' values are known."""
        return self.compares(rule)

    def check_value(self, rule: Rule, value: Decimal) -> None:
        """Raises Refused with what is wrong with `value` and what to write instead."""
        if value < 0:
            raise Refused(_("Write 0 or more; the sign of a penalty is added by the computation."))
        step = self.step(rule)
        if step is not None and value % step:
            if step == 1:
                raise Refused(_("This criterion counts whole items: write a number without decimals."))
            raise Refused(_("Write a multiple of %(step)s.") % {"step": format_value(step)})
        largest = self.largest_value(rule)
        if largest is not None and value > largest:
            raise Refused(_("At most %(maximum)s is possible here.") % {"maximum": format_value(largest)})

    def score(self, rule: Rule, value: Decimal, peers: Peers | None = None) -> Score:
        """The points for `value`, rounded half up to 0.01; penalties are negative. Raises Refused as `check_value`."""
        computed = self._computed(rule, value, peers)
        if computed is None:
            return Score(None, (_("Compared with the other units: points follow after the review."),))
        exact, sentences = computed
        explanation, least = sentences(), rule.min_points
        if least is not None and exact < least:
            explanation.append(_("Raised to the least points, %(least)s.") % {"least": format_points(least)})
        return Score(_at_least(least, exact), tuple(explanation))

    def points(self, rule: Rule, value: Decimal, peers: Peers | None = None) -> Decimal | None:
        """The points of `score` without its sentences. Raises Refused as `check_value`."""
        computed = self._computed(rule, value, peers)
        return None if computed is None else _at_least(rule.min_points, computed[0])

    def _computed(self, rule: Rule, value: Decimal, peers: Peers | None) -> tuple[Exact, Sentences] | None:
        """None where there are no points before the comparison."""
        self.check_value(rule, value)
        return None if peers is None and self.is_open(rule, value) else self.compute(rule, value, peers)


def _at_least(least: Decimal | None, exact: Exact) -> Decimal:
    return to_points(exact if least is None else max(least, exact))


def known(parameter: Decimal | None) -> Decimal:
    """A parameter that the constraints of the criterion guarantee for its kind."""
    if parameter is None:
        raise ValueError("The criterion lacks a parameter that its kind needs.")
    return parameter


def is_monotone(points: Sequence[Decimal]) -> bool:
    """Whether the points only rise or only fall."""
    return list(points) in (sorted(points), sorted(points, reverse=True))
