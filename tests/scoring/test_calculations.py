"""Points by kind, against hand-worked cases and against a second computation in fractions."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_app.lib.errors import Refused
from scoring import calculations
from scoring.calculations import Rule, Totals
from scoring.enums import CriterionKind, Direction, Section

D = Decimal
RATIO = Rule(CriterionKind.RATIO, max_points=D(60), target=D(100))
LOWER = Rule(CriterionKind.RATIO, max_points=D(60), target=D(10), direction=Direction.LOWER)
PER_ITEM = Rule(CriterionKind.PER_ITEM, max_points=D(50), points_per_item=D(10))
LEVELS = Rule(CriterionKind.LEVELS, max_points=D(30), levels={1: D(30), 2: D(24), 3: D(15), 4: D(0)})
BOOLEAN = Rule(CriterionKind.BOOLEAN, max_points=D(15))
DEDUCT = Rule(CriterionKind.DEDUCT, max_points=D(30), points_per_item=D(5))
BONUS = Rule(CriterionKind.BONUS, max_points=D(15), points_per_item=D(5))
PENALTY = Rule(CriterionKind.PENALTY, max_points=None, points_per_item=D(10))
CAPPED_PENALTY = Rule(CriterionKind.PENALTY, max_points=D(25), points_per_item=D(10))


@pytest.mark.parametrize(
    ("rule", "value", "points"),
    [
        (RATIO, "98.5", "59.10"),
        (RATIO, "100", "60.00"),
        (RATIO, "0", "0.00"),
        (LOWER, "0", "60.00"),
        (LOWER, "10", "60.00"),
        (LOWER, "8", "60.00"),
        (LOWER, "16", "37.50"),
        (PER_ITEM, "0", "0.00"),
        (PER_ITEM, "4", "40.00"),
        (PER_ITEM, "6", "50.00"),
        (LEVELS, "2", "24.00"),
        (LEVELS, "4", "0.00"),
        (BOOLEAN, "1", "15.00"),
        (BOOLEAN, "0", "0.00"),
        (DEDUCT, "0", "30.00"),
        (DEDUCT, "2", "20.00"),
        (DEDUCT, "7", "0.00"),
        (BONUS, "2", "10.00"),
        (BONUS, "9", "15.00"),
        (PENALTY, "0", "0.00"),
        (PENALTY, "3", "-30.00"),
        (CAPPED_PENALTY, "3", "-25.00"),
    ],
)
def test_points_follow_the_rule_of_the_kind(rule, value, points):
    assert str(calculations.points_for(rule, D(value))) == points


@pytest.mark.parametrize(("actual", "points"), [("43", "1.08"), ("3", "0.08"), ("19", "0.48"), ("63", "1.58")])
def test_points_at_a_half_round_up_where_a_float_would_not(actual, points):
    rule = Rule(CriterionKind.RATIO, max_points=D("2.5"), target=D(100))

    assert str(calculations.points_for(rule, D(actual))) == points


@pytest.mark.parametrize("actual", ["0", "5"])
def test_ratio_with_target_0_gives_the_maximum(actual):
    rule = Rule(CriterionKind.RATIO, max_points=D(60), target=D(0))

    assert calculations.points_for(rule, D(actual)) == 60


def test_ratio_lower_is_better_with_target_0_gives_nothing_for_more():
    rule = Rule(CriterionKind.RATIO, max_points=D(60), target=D(0), direction=Direction.LOWER)

    assert calculations.points_for(rule, D(3)) == 0


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        (RATIO, "-1"),
        (PER_ITEM, "-1"),
        (PER_ITEM, "2.5"),
        (PER_ITEM, "1000"),
        (LEVELS, "5"),
        (LEVELS, "0"),
        (BOOLEAN, "2"),
        (DEDUCT, "0.5"),
        (PENALTY, "-2"),
        (Rule(CriterionKind.RATIO, max_points=D(60), target=None), "5"),
        (Rule(CriterionKind.RATIO, max_points=D(60), target=D(100), is_percentage=True), "100.01"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_with_a_sentence(rule, value):
    with pytest.raises(Refused) as refused:
        calculations.points_for(rule, D(value))

    assert refused.value.message


counts = st.integers(0, 999).map(D)
points = st.decimals(D("0.01"), D("999.99"), places=2)
values = st.decimals(D(0), D(1_000_000), places=2)


def rounded(exact: Fraction) -> Decimal:
    """Half up to hundredths, by whole numbers only."""
    hundredths = (abs(exact) * 200 + 1) // 2
    return (D(-1) if exact < 0 else D(1)) * D(int(hundredths)) / 100


@given(maximum=points, target=values, actual=values)
def test_ratio_agrees_with_fractions(maximum, target, actual):
    rule = Rule(CriterionKind.RATIO, max_points=maximum, target=target)
    exact = Fraction(maximum) * (Fraction(1) if not target else min(Fraction(1), Fraction(actual) / Fraction(target)))

    assert calculations.points_for(rule, actual) == rounded(exact)


@given(maximum=points, target=values, actual=values)
def test_ratio_lower_is_better_agrees_with_fractions(maximum, target, actual):
    rule = Rule(CriterionKind.RATIO, max_points=maximum, target=target, direction=Direction.LOWER)
    share = Fraction(1) if not actual else min(Fraction(1), Fraction(target) / Fraction(actual))

    assert calculations.points_for(rule, actual) == rounded(Fraction(maximum) * share)


@given(maximum=points, each=points, count=counts, kind=st.sampled_from([CriterionKind.PER_ITEM, CriterionKind.BONUS]))
def test_points_per_item_agree_with_fractions_and_stay_under_the_maximum(maximum, each, count, kind):
    exact = min(Fraction(maximum), Fraction(each) * Fraction(count))

    assert calculations.points_for(Rule(kind, maximum, each), count) == rounded(exact)


@given(maximum=points, each=points, count=counts)
def test_deduction_agrees_with_fractions_and_stays_above_0(maximum, each, count):
    exact = max(Fraction(0), Fraction(maximum) - Fraction(each) * Fraction(count))

    assert calculations.points_for(Rule(CriterionKind.DEDUCT, maximum, each), count) == rounded(exact)


@given(maximum=st.none() | points, each=points, count=counts)
def test_penalty_agrees_with_fractions_and_is_never_above_0(maximum, each, count):
    loss = Fraction(each) * Fraction(count)
    exact = -loss if maximum is None else -min(Fraction(maximum), loss)

    found = calculations.points_for(Rule(CriterionKind.PENALTY, maximum, each), count)

    assert found == rounded(exact)
    assert found <= 0


@given(maximum=points, value=st.sampled_from([D(0), D(1)]))
def test_yes_or_no_is_the_maximum_or_nothing(maximum, value):
    assert calculations.points_for(Rule(CriterionKind.BOOLEAN, maximum), value) == maximum * value


@given(levels=st.dictionaries(st.integers(1, 9), points, min_size=1), data=st.data())
def test_levels_give_the_points_of_the_level(levels, data):
    position = data.draw(st.sampled_from(sorted(levels)))
    rule = Rule(CriterionKind.LEVELS, max(levels.values()), levels=levels)

    assert calculations.points_for(rule, D(position)) == levels[position]


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
