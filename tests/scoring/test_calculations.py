"""Totals, percentages, bands and ranks; what single lines are worth is tested in `test_kinds`."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import calculations
from scoring.calculations import Totals
from scoring.enums import Section

D = Decimal
BASE, BONUS_SECTION, PENALTY_SECTION = Section.BASE, Section.BONUS, Section.PENALTY


def test_totals_cap_bonus_and_penalty_by_section():
    lines = [(BASE, D("945.17")), (BONUS_SECTION, D(40)), (BONUS_SECTION, D(25)), (PENALTY_SECTION, D(-250))]

    found = calculations.totals(lines, {BONUS_SECTION: D(50), PENALTY_SECTION: D(200)})

    assert found == Totals(D("945.17"), D(50), D(-200))
    assert found.total == D("795.17")


def test_total_is_never_below_0():
    assert Totals(D(10), D(0), D(-200)).total == 0


def test_lines_that_are_not_filled_in_count_nothing():
    assert calculations.totals([(BASE, None), (BASE, D("1.10"))], {}) == Totals(D("1.10"), D(0), D(0))


@given(st.lists(st.tuples(st.sampled_from(Section.values), st.decimals(D("-99.99"), D("99.99"), places=2))))
def test_sums_are_exact(lines):
    found = calculations.totals(lines, {})

    assert Fraction(found.base) == sum((Fraction(value) for name, value in lines if name == BASE), Fraction(0))


BANDS = [{"name": "Xuất sắc", "from": "950"}, {"name": "Tốt", "from": "850"}, {"name": "Trung bình", "from": "0"}]


@pytest.mark.parametrize(
    ("score", "band"),
    [("950", "Xuất sắc"), ("949.99", "Tốt"), ("850", "Tốt"), ("849.99", "Trung bình"), ("0", "Trung bình")],
)
def test_bands_are_half_open(score, band):
    assert calculations.band_of(BANDS, D(score)) == band


def test_there_may_be_no_band():
    assert calculations.band_of([{"name": "Tốt", "from": "850"}], D(10)) == ""


@pytest.mark.parametrize(
    ("keys", "ranks"), [([95, 92, 92, 90], [1, 2, 2, 4]), ([1, 1, 1], [1, 1, 1]), ([3, 2, 1], [1, 2, 3]), ([], [])]
)
def test_ranks_are_standard_competition_ranks(keys, ranks):
    assert calculations.standard_ranks(keys) == ranks


def test_percent_is_rounded_once():
    found = calculations.percent_of_assigned(Totals(D(80), D(0), D(0)), D(85), D(1000))

    assert str(found) == "94.12"


def test_percent_counts_bonus_and_penalty_against_the_declared_total():
    found = calculations.percent_of_assigned(Totals(D(900), D(20), D(-10)), D(1000), D(1000))

    assert str(found) == "91.00"
