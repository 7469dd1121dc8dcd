from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from django.utils import translation

from cluster_app.lib.points import (
    average,
    format_percent,
    format_points,
    format_signed,
    format_value,
    percent,
    ratio,
    to_points,
)


@pytest.mark.parametrize(
    ("maximum", "actual", "target", "points"),
    [(5, 43, 100, "1.08"), (5, 3, 100, "0.08"), (5, 19, 100, "0.48"), (5, 63, 100, "1.58"), (10, 1, 3, "1.67")],
)
def test_half_of_a_ratio_is_rounded_half_up_once(maximum, actual, target, points):
    half = ratio(Decimal(maximum), Decimal(actual), Decimal(target)) * Fraction(1, 2)

    assert str(to_points(half)) == points


def test_ratio_is_exact_until_it_is_rounded():
    assert ratio(Decimal("0.1"), Decimal(1), Decimal(3)) * 30 == 1


def test_ratio_to_a_target_of_zero_is_the_callers_rule():
    with pytest.raises(ZeroDivisionError):
        ratio(Decimal(5), Decimal(1), Decimal(0))


@pytest.mark.parametrize(
    ("value", "points"),
    [
        ("1.005", "1.01"),
        ("1.0049999", "1.00"),
        ("-1.005", "-1.01"),
        ("-0.005", "-0.01"),
        ("-0.004", "0.00"),
        ("0", "0.00"),
        ("947.5", "947.50"),
        ("9999999999999.99", "9999999999999.99"),
    ],
)
def test_to_points_rounds_half_up_to_two_places(value, points):
    assert str(to_points(Decimal(value))) == points


def test_to_points_does_not_depend_on_the_decimal_context():
    with localcontext(prec=3):
        assert str(to_points(Decimal("1012.505"))) == "1012.51"


def test_to_points_of_a_float_is_refused():
    with pytest.raises(TypeError):
        to_points(0.1)


@pytest.mark.parametrize(
    ("part", "whole", "result"), [("90", "100", "90.00"), ("80", "85", "94.12"), ("2", "3", "66.67")]
)
def test_percent_is_rounded_once(part, whole, result):
    assert str(percent(Decimal(part), Decimal(whole))) == result


def test_percent_of_nothing_is_unknown():
    assert percent(Decimal(0), Decimal(0)) is None


def test_average_is_rounded_once_and_of_nothing_unknown():
    assert str(average([Decimal("947.50"), Decimal("947.51")])) == "947.51"
    assert average([]) is None


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (format_points, "947.5", "947,50"),
        (format_points, "1012.5", "1012,50"),
        (format_points, "0", "0,00"),
        (format_points, "-15", "-15,00"),
        (format_points, "-0.00", "0,00"),
        (format_signed, "2.5", "+2,50"),
        (format_signed, "-2.5", "-2,50"),
        (format_signed, "0", "0,00"),
        (format_signed, "0.001", "0,00"),
        (format_percent, "94.12", "94,12%"),
        (format_value, "98.50", "98,5"),
        (format_value, "1000.00", "1000"),
        (format_value, "100", "100"),
        (format_value, "1E+3", "1000"),
        (format_value, "0.005", "0,005"),
        (format_value, "-0.00", "0"),
        (format_value, "0", "0"),
    ],
)
def test_numbers_are_written_alike_in_both_languages(write, value, text, language):
    with translation.override(language):
        assert write(Decimal(value)) == text


@pytest.mark.parametrize("write", [format_points, format_signed, format_percent, format_value])
def test_a_missing_number_is_a_dash(write):
    assert write(None) == "–"
