"""How far the points of several units lie apart. Exact until the last step; rounded once, by `lib/points`."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

from cluster_app.lib.points import average, to_points

# Far more places than a root of two-place points needs to be rounded to 0.01 without doubt.
_PRECISE = Context(prec=100)


@dataclass(frozen=True)
class Spread:
    """Points of several units, in points: how many, the least, the mean, the most, and the standard deviation over all
    of them (not a sample: the units are the whole cluster)."""

    count: int
    least: Decimal
    mean: Decimal
    most: Decimal
    deviation: Decimal

    @property
    def is_flat(self) -> bool:
        """Whether several units have all the same points: the variance is 0, nobody is told apart."""
        return self.count > 1 and self.least == self.most


def spread_of(points: Sequence[Decimal]) -> Spread | None:
    """The spread of `points`; None where there are none."""
    mean = average(points)
    if mean is None:
        return None
    return Spread(len(points), min(points), mean, max(points), deviation_of(points))


def deviation_of(points: Sequence[Decimal]) -> Decimal:
    """The standard deviation of at least one number, rounded once to 0.01."""
    exact = [Fraction(point) for point in points]
    mean = sum(exact, Fraction()) / len(exact)
    variance = sum(((point - mean) ** 2 for point in exact), Fraction()) / len(exact)
    quotient = _PRECISE.divide(Decimal(variance.numerator), Decimal(variance.denominator))
    return to_points(_PRECISE.sqrt(quotient))
