"""Points and their explanation, kind by kind: hand-worked cases, and every edge of domain.md 5.2. The comparison with a
second computation stands in `test_kinds_exactly`."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation

from cluster_app.lib.errors import Refused
from scoring.enums import CriterionKind, Direction
from scoring.kinds import KINDS, Band, Peers, Rule, kind_of

D = Decimal
RATIO = Rule(CriterionKind.RATIO, max_points=D(60), target=D(100))
LOWER = Rule(CriterionKind.RATIO, max_points=D(60), target=D(10), direction=Direction.LOWER)
CLASSIC = Rule(CriterionKind.RATIO_LEADER, max_points=D(10), target=D(100))
SMOOTH = Rule(CriterionKind.RATIO_LEADER, max_points=D(10), target=D(100), full_at_excess=D(50))
PER_ITEM = Rule(CriterionKind.PER_ITEM, max_points=D(50), points_per_item=D(10))
LEVELS = Rule(CriterionKind.LEVELS, max_points=D(30), levels={1: D(30), 2: D(24), 3: D(15), 4: D(0)})
BANDS = Rule(
    CriterionKind.BANDS,
    max_points=D(20),
    bands=(Band(D(0), D(50), D(0)), Band(D(50), D(80), D(12)), Band(D(80), None, D(20))),
)
BOOLEAN = Rule(CriterionKind.BOOLEAN, max_points=D(15))
DEDUCT = Rule(CriterionKind.DEDUCT, max_points=D(30), points_per_item=D(5))
BONUS = Rule(CriterionKind.BONUS, max_points=D(15), points_per_item=D(5))
PENALTY = Rule(CriterionKind.PENALTY, max_points=None, points_per_item=D(10))
CAPPED_PENALTY = Rule(CriterionKind.PENALTY, max_points=D(25), points_per_item=D(10))
JUDGED = Rule(CriterionKind.JUDGED, max_points=D(20), min_points=D(5), step=D("0.25"))


def points(rule: Rule, value: str, peers: Peers | None = None) -> str:
    found = kind_of(rule).score(rule, D(value), peers).points
    assert kind_of(rule).points(rule, D(value), peers) == found
    return str(found)


def words(rule: Rule, value: str, peers: Peers | None = None) -> str:
    with translation.override("en"):
        return " ".join(kind_of(rule).score(rule, D(value), peers).explanation)


def problems(rule: Rule) -> list[str]:
    with translation.override("en"):
        return kind_of(rule).problems(rule)


def test_every_kind_but_the_group_has_a_strategy():
    assert set(KINDS) == set(CriterionKind) - {CriterionKind.GROUP}


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        (RATIO, "98.5", "59.10"),
        (RATIO, "100", "60.00"),
        (RATIO, "120", "60.00"),
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
        (BANDS, "0", "0.00"),
        (BANDS, "49.99", "0.00"),
        (BANDS, "50", "12.00"),
        (BANDS, "79.99", "12.00"),
        (BANDS, "80", "20.00"),
        (BANDS, "9999999999999.99", "20.00"),
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
        (JUDGED, "5", "5.00"),
        (JUDGED, "12.75", "12.75"),
        (JUDGED, "20", "20.00"),
    ],
)
def test_points_follow_the_rule_of_the_kind(rule, value, expected):
    assert points(rule, value) == expected


@pytest.mark.parametrize(("actual", "expected"), [("43", "1.08"), ("3", "0.08"), ("19", "0.48"), ("63", "1.58")])
def test_w2_a_half_rounds_up_where_a_float_would_not(actual, expected):
    rule = Rule(CriterionKind.RATIO, max_points=D("2.5"), target=D(100))
    half_of_five = Rule(CriterionKind.RATIO_LEADER, max_points=D(5), target=D(100))

    assert points(rule, actual) == expected
    assert points(half_of_five, actual, Peers()) == expected


def test_values_of_13_digits_before_the_comma_are_exact():
    rule = Rule(CriterionKind.RATIO, max_points=D("999999.99"), target=D("9999999999999.99"))

    assert points(rule, "9999999999999.98") == "999999.99"
    assert points(rule, "4999999999999.99") == "499999.99"


# --- edges of the ratio (domain.md 5.2) ---


def test_target_0_and_value_0_give_the_maximum():
    rule = Rule(CriterionKind.RATIO, max_points=D(60), target=D(0))

    assert points(rule, "0") == "60.00"


def test_results_without_a_target_have_no_points_before_the_others_are_known():
    rule = Rule(CriterionKind.RATIO, max_points=D(60), target=D(0))

    assert kind_of(rule).score(rule, D(5)).points is None
    assert words(rule, "5") == "Compared with the other units: points follow after the review."


def test_results_without_a_target_are_compared_within_that_group_only():
    rule = Rule(CriterionKind.RATIO, max_points=D(60), target=D(0))
    peers = Peers(best_ratio=Fraction(300), best_without_target=D(8))

    assert points(rule, "8", peers) == "60.00"
    assert points(rule, "6", peers) == "45.00"
    assert words(rule, "6", peers) == "Compared with the best unit without a target: 60,00 × 6 / 8 = 45,00."


def test_a_unit_alone_without_a_target_gets_the_maximum():
    rule = Rule(CriterionKind.RATIO, max_points=D(60), target=D(0))

    assert points(rule, "5", Peers(best_ratio=Fraction(3))) == "60.00"


def test_lower_is_better_with_target_0_gives_nothing_for_more():
    rule = Rule(CriterionKind.RATIO, max_points=D(60), target=D(0), direction=Direction.LOWER)

    assert points(rule, "0") == "60.00"
    assert points(rule, "3") == "0.00"


def test_least_points_hold_a_measured_value_up():
    rule = Rule(CriterionKind.RATIO, max_points=D(60), target=D(100), min_points=D(10))

    assert points(rule, "5") == "10.00"
    assert words(rule, "5") == "60,00 × 5 / 100 = 3,00. Raised to the least points, 10,00."


# --- leader-relative (W1) ---

BEST_150 = Peers(best_ratio=Fraction(150, 100))


@pytest.mark.parametrize(
    ("actual", "expected"), [("0", "0.00"), ("80", "4.00"), ("100", "5.00"), ("120", "7.00"), ("150", "10.00")]
)
def test_w1_half_for_the_target_and_half_in_proportion_to_the_best_excess(actual, expected):
    assert points(CLASSIC, actual, BEST_150) == expected


def test_w1_ties_for_the_best_all_get_the_maximum():
    assert [points(CLASSIC, value, BEST_150) for value in ("150", "150", "120")] == ["10.00", "10.00", "7.00"]


def test_w1_the_only_one_above_the_target_gets_the_maximum_by_the_classic_rule():
    assert points(CLASSIC, "101", Peers(best_ratio=Fraction(101, 100))) == "10.00"


@pytest.mark.parametrize(
    ("actual", "expected"),
    [("80", "4.00"), ("100", "5.00"), ("101", "5.10"), ("120", "7.00"), ("150", "10.00"), ("300", "10.00")],
)
def test_w1_the_smooth_rule_has_no_cliff_and_needs_no_other_unit(actual, expected):
    assert points(SMOOTH, actual) == expected


def test_leader_relative_has_no_points_before_the_others_are_known():
    assert [kind_of(CLASSIC).score(CLASSIC, D(value)).points for value in ("0", "80", "150")] == [None, None, None]


def test_a_unit_that_is_no_measure_for_others_never_exceeds_the_maximum():
    assert points(CLASSIC, "300", BEST_150) == "10.00"


def test_leader_relative_without_a_target_follows_the_no_target_group():
    rule = Rule(CriterionKind.RATIO_LEADER, max_points=D(10), target=D(0))

    assert points(rule, "0", Peers()) == "10.00"
    assert points(rule, "4", Peers(best_ratio=Fraction(2), best_without_target=D(8))) == "5.00"
    assert points(rule, "4", Peers()) == "10.00"


def test_leader_relative_explains_both_halves():
    assert words(CLASSIC, "120", BEST_150) == (
        "20,00% above the target, the best unit 50,00%: 0,5 × 10,00 + 0,5 × 10,00 × 20,00% / 50,00% = 7,00."
    )
    assert words(SMOOTH, "101") == (
        "1,00% above the target, 50,00% give the maximum: 0,5 × 10,00 + 0,5 × 10,00 × 1,00% / 50,00% = 5,10."
    )


# --- what the reader is told ---


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        (RATIO, "98.5", "60,00 × 98,5 / 100 = 59,10."),
        (RATIO, "130", "The target is reached: 60,00."),
        (LOWER, "16", "60,00 × 10 / 16 = 37,50."),
        (LOWER, "8", "Not above the target: 60,00."),
        (PER_ITEM, "4", "4 × 10 = 40,00."),
        (PER_ITEM, "7", "7 × 10 = 70,00. Capped at 50,00, from 70,00."),
        (LEVELS, "2", "This level gives 24,00."),
        (BANDS, "60", "60 lies from 50 to below 80: 12,00."),
        (BANDS, "90", "90 is 80 or more: 20,00."),
        (BOOLEAN, "1", "Achieved: 15,00."),
        (DEDUCT, "0", "Nothing to deduct: 30,00."),
        (DEDUCT, "2", "30,00 − 2 × 5 = 20,00."),
        (DEDUCT, "7", "30,00 − 7 × 5 is below 0, so 0,00."),
        (CAPPED_PENALTY, "3", "3 × 10 = -30,00. Capped at -25,00, from -30,00."),
        (JUDGED, "12.75", "Judged directly: 12,75."),
    ],
)
def test_the_explanation_shows_the_computation(rule, value, expected):
    assert words(rule, value) == expected


# --- values that make no sense ---


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        (RATIO, "-1"),
        (PER_ITEM, "-1"),
        (PER_ITEM, "2.5"),
        (PER_ITEM, "1000"),
        (LEVELS, "5"),
        (LEVELS, "0"),
        (LEVELS, "1.5"),
        (BANDS, "-0.01"),
        (BOOLEAN, "2"),
        (BOOLEAN, "0.5"),
        (DEDUCT, "0.5"),
        (PENALTY, "-2"),
        (JUDGED, "4.75"),
        (JUDGED, "20.25"),
        (JUDGED, "12.80"),
        (Rule(CriterionKind.RATIO, max_points=D(60), target=None), "5"),
        (Rule(CriterionKind.RATIO_LEADER, max_points=D(60), target=None), "5"),
        (Rule(CriterionKind.RATIO, max_points=D(60), target=D(100), is_percentage=True), "100.01"),
        (Rule(CriterionKind.RATIO, max_points=D(60), target=D(100), step=D("0.5")), "98.25"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_with_a_sentence(rule, value):
    with pytest.raises(Refused) as refused:
        kind_of(rule).score(rule, D(value))

    assert refused.value.message


def test_a_fed_value_need_be_neither_whole_nor_small():
    fed = Rule(CriterionKind.BONUS, max_points=D(15), points_per_item=D(1), is_fed=True)

    assert points(fed, "2.5") == "2.50"
    assert points(fed, "1200") == "15.00"


def test_a_step_lets_halves_be_counted():
    halves = Rule(CriterionKind.PER_ITEM, max_points=D(50), points_per_item=D(5), step=D("0.5"))

    assert points(halves, "2.5") == "12.50"


# --- parameters that make no sense ---


@pytest.mark.parametrize(
    "rule", [RATIO, LOWER, CLASSIC, SMOOTH, PER_ITEM, LEVELS, BANDS, BOOLEAN, DEDUCT, BONUS, JUDGED]
)
def test_the_rules_above_are_sound(rule):
    assert problems(rule) == []


def bands(*rows: tuple[str | None, str | None, str], best: str = "20", direction: str = Direction.HIGHER) -> Rule:
    table = tuple(
        Band(None if start is None else D(start), None if end is None else D(end), D(worth))
        for start, end, worth in rows
    )
    return Rule(CriterionKind.BANDS, max_points=D(best), bands=table, direction=direction)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (bands(("0", "50", "0"), ("60", None, "20")), "a band ends at 50, but the next one begins at 60"),
        (bands(("0", "70", "0"), ("60", None, "20")), "a band ends at 70, but the next one begins at 60"),
        (bands(("0", None, "0"), ("60", None, "20")), "a band ends at –, but the next one begins at 60"),
        (bands(("10", "50", "0"), ("50", None, "20")), "its first band does not begin at 0"),
        (bands(("0", "50", "0"), ("50", "90", "20")), "its last band has an end, so that values above it give nothing"),
        (bands(("0", "50", "0"), ("50", "80", "20"), ("80", None, "5")), "the points of its table go up and down"),
        (bands(("0", "50", "0"), ("50", None, "19")), "the best entry of its table does not give the maximum"),
        (
            bands(("0", "50", "20"), ("50", None, "0")),
            "the points of its bands do not go the way in which its values are better",
        ),
        (
            bands(("0", "50", "0"), ("50", None, "20"), direction=Direction.LOWER),
            "the points of its bands do not go the way in which its values are better",
        ),
        (bands(), "it has no bands"),
        (Rule(CriterionKind.LEVELS, D(30)), "it has no levels"),
        (
            Rule(CriterionKind.LEVELS, D(30), levels={1: D(30), 3: D(0)}),
            "its levels are not numbered 1, 2, 3 … without a hole",
        ),
        (
            Rule(CriterionKind.LEVELS, D(30), levels={1: D(30), 2: D(5), 3: D(10)}),
            "the points of its table go up and down",
        ),
        (
            Rule(CriterionKind.LEVELS, D(30), levels={1: D(29), 2: D(0)}),
            "the best entry of its table does not give the maximum",
        ),
        (
            Rule(CriterionKind.JUDGED, D(20), step=D(3)),
            "its least points and its maximum are not multiples of its step",
        ),
        (
            Rule(CriterionKind.RATIO_LEADER, D(20), direction=Direction.LOWER),
            "only higher values can be better where units are compared with the best one",
        ),
    ],
)
def test_a_rule_that_cannot_work_is_named(rule, sentence):
    assert problems(rule) == [sentence]


def test_bands_that_fall_suit_values_of_which_less_is_better():
    rule = bands(("0", "50", "20"), ("50", None, "0"), direction=Direction.LOWER)

    assert problems(rule) == []
    assert points(rule, "50") == "0.00"
