"""What must hold for every number, tried on many: reading undoes writing, and rounding is that of exact fractions."""

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest

from cluster_app.lib.errors import Refused
from cluster_app.lib.numbers import parse_decimal
from cluster_app.lib.points import format_points, format_signed, format_value, to_points

hypothesis = pytest.importorskip("hypothesis", reason="hypothesis is locked with the heavy test tools")
strategies = hypothesis.strategies
# The same examples on every run, and none kept on disk.
steady = hypothesis.settings(derandomize=True, database=None, deadline=None)

points = strategies.decimals(min_value=-(10**12), max_value=10**12, places=2)
numerators = strategies.integers(min_value=-(10**15), max_value=10**15)
denominators = strategies.integers(min_value=1, max_value=10**6)


@steady
@hypothesis.given(points)
def test_reading_what_was_written_gives_the_same_number(value):
    assert parse_decimal(format_points(value)) == value
    assert parse_decimal(format_signed(value)) == value
    assert parse_decimal(format_value(value)) == value


@steady
@hypothesis.given(points)
def test_reading_a_grouped_number_gives_the_same_number(value):
    grouped = f"{value:,.2f}".translate(str.maketrans(",.", ".,"))

    assert parse_decimal(grouped) == value


@steady
@hypothesis.given(numerators, denominators)
def test_rounding_is_half_up_of_the_exact_fraction(numerator, denominator):
    exact = Fraction(numerator, denominator)
    size = Fraction(floor(abs(exact) * 100 + Fraction(1, 2)), 100)

    rounded = to_points(exact)

    assert Fraction(rounded) == (size if exact >= 0 else -size)
    assert rounded.as_tuple().exponent == -2


@steady
@hypothesis.given(strategies.text(max_size=40) | strategies.text(alphabet="0123456789.,-−+ ", max_size=20))
def test_reading_any_text_gives_a_number_that_can_be_stored_or_refuses(text):
    try:
        value = parse_decimal(text)
    except Refused:
        return

    assert abs(value) < 10**13
    assert value == value.quantize(Decimal("0.01"))
