"""Exact arithmetic on points, and the only place that rounds them.

A calculation keeps Decimals and Fractions until its last step, so that 5 × 43/100 × 1/2 is exactly 1.075 and becomes
1.08; a binary float or an early rounding would make it 1.07.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

Exact = Decimal | Fraction | int

NO_FIGURE = "–"
_ZERO, _HUNDREDTH = Decimal("0.00"), Decimal("0.01")
# A Decimal is rounded without the way through a Fraction, which takes ten times as long; wide enough for any number.
_WIDE = Context(prec=10_000, rounding=ROUND_HALF_UP)


def to_points(value: Exact) -> Decimal:
    """Returns `value` rounded half up to two places; a half moves away from zero, so -0.005 becomes -0.01."""
    if isinstance(value, Decimal) and value.is_finite():
        return value.quantize(_HUNDREDTH, context=_WIDE) or _ZERO
    exact = _fraction(value)
    hundredths = int(abs(exact) * 100 + Fraction(1, 2))
    sign = "-" if exact < 0 and hundredths else ""
    return Decimal(f"{sign}{hundredths // 100}.{hundredths % 100:02d}")


def ratio(maximum: Exact, actual: Exact, target: Exact) -> Fraction:
    """Returns `maximum` × `actual` / `target` exactly. A target of zero is the caller's rule and raises."""
    return _fraction(maximum) * _fraction(actual) / _fraction(target)


def percent(part: Exact, whole: Exact) -> Decimal | None:
    """Returns `part` as a percentage of `whole`, rounded once; None where there is no whole to compare with."""
    return to_points(ratio(100, part, whole)) if whole else None


def average(values: Sequence[Exact]) -> Decimal | None:
    """Returns the mean, rounded once; None where there are no values."""
    return to_points(sum(map(_fraction, values), Fraction()) / len(values)) if values else None


def format_points(value: Decimal | None) -> str:
    """Returns "947,50": two places, decimal comma, never grouped; a dash for None."""
    return NO_FIGURE if value is None else _with_comma(to_points(value))


def format_signed(value: Decimal | None) -> str:
    """Returns a difference as "+2,50", "-2,50" or "0,00"; a dash for None."""
    text = format_points(value)
    return f"+{text}" if value is not None and to_points(value) > 0 else text


def format_percent(value: Decimal | None) -> str:
    """Returns "94,12%"; a dash for None."""
    return NO_FIGURE if value is None else f"{format_points(value)}%"


def format_value(value: Decimal | None) -> str:
    """Returns a value as a person would write it, all its places but no trailing zeros: "98,5", "1000"."""
    if value is None:
        return NO_FIGURE
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text.replace(".", ",")


def _fraction(value: Exact) -> Fraction:
    if isinstance(value, float):
        raise TypeError("Points are never floats: a float has lost the exact value already.")
    return Fraction(value)


def _with_comma(value: Decimal) -> str:
    return f"{value:f}".replace(".", ",")
