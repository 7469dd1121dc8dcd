"""What each criterion distinguishes: spread, how many reach the maximum, how often the review corrected it."""

from decimal import Decimal
from fractions import Fraction
from math import isqrt

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from members.enums import Phase
from members.models import Membership
from scoring.analysis import analysis
from scoring.enums import CardStatus, RecordSource
from scoring.models import ScoreLine
from scoring.spread import spread_of
from tests.factories.scoring import PublicationFactory, amend, applied_set
from tests.scenarios import CANARY, NOW, two_clusters
from tests.scoring.cards import card_in, forget
from tests.scoring.pages import content, row_of, text_of, year_address

D = Decimal
points = st.decimals(min_value=-200, max_value=1000, places=2, allow_nan=False, allow_infinity=False)


# --- the arithmetic, against a second one in whole numbers ---


def half_up(value: Fraction) -> Decimal:
    hundredths = (abs(value) * 200 + 1) // 2
    return Decimal(int(-hundredths if value < 0 else hundredths)).scaleb(-2)


def root_half_up(variance: Fraction) -> Decimal:
    """The largest r of which r − 1/2 hundredths is not above the root."""
    whole = (variance * 40_000).__floor__()
    return Decimal((isqrt(whole) + 1) // 2).scaleb(-2)


@settings(max_examples=500, deadline=None)
@given(st.lists(points, min_size=1, max_size=12))
def test_mean_and_deviation_are_exact_and_rounded_once(values):
    exact = [Fraction(value) for value in values]
    mean = sum(exact) / len(exact)
    variance = sum(value * value for value in exact) / len(exact) - mean * mean

    found = spread_of(values)

    assert (found.mean, found.deviation) == (half_up(mean), root_half_up(variance))
    assert (found.count, found.least, found.most) == (len(values), min(values), max(values))
    assert found.is_flat is (len(values) > 1 and variance == 0)


@pytest.mark.parametrize(
    ("values", "deviation"),
    [
        (["5"], "0.00"),
        (["0", "0.01"], "0.01"),  # exactly 0,005, half up
        (["10", "20"], "5.00"),
        (["1", "2", "4"], "1.25"),  # 1,2472…
    ],
)
def test_the_deviation_is_that_of_all_units_not_of_a_sample(values, deviation):
    assert spread_of([D(value) for value in values]).deviation == D(deviation)


def test_nothing_has_no_spread():
    assert spread_of([]) is None


# --- the figures of a year ---


def reviewed_world(unit_count=4, phase=Phase.APPROVING):
    """Every card lowers A1 and A2 in review; A3 alone tells the unit A3 apart."""
    world = two_clusters(unit_count, phase=phase)
    for member in world.members:
        low = {"A3": ("3", "10")} if member == world.member else {}
        card_in(CardStatus.REVIEWED, member, reviewed_values=low)
    card_in(CardStatus.REVIEWED, world.foreign.member, reviewed_values={"A3": ("1", "20")})
    return world


def build_world():
    return reviewed_world()


def figures(world):
    forget(world.year)
    with translation.override("en"):
        return {one.criterion.code: (one, one.suggestions) for one in analysis(world.year).criteria}


def test_every_criterion_has_its_figures(world):
    found = figures(world)
    a1, a3, b1 = (found[code][0] for code in ("A1", "A3", "B1"))

    assert list(found) == ["A1", "A2", "A3", "B1", "B2", "E1", "F1"]
    assert (a1.spread.count, a1.spread.mean, a1.spread.deviation) == (4, D("26.10"), D("0.00"))
    assert (a1.at_maximum, a1.corrected, a1.corrected_points) == (0, 4, D("9.60"))
    assert (a3.spread.least, a3.spread.mean, a3.spread.most, a3.spread.deviation) == (
        D("10"),
        D("14.50"),
        D("16"),
        D("2.60"),
    )
    assert (a3.corrected, a3.corrected_points) == (1, D("6.00"))
    assert (b1.at_maximum, b1.corrected, b1.corrected_points) == (4, 0, D("0.00"))


def test_the_figures_suggest_what_to_do(world):
    ScoreLine.objects.filter(criterion__code="E1", scorecard__membership__year=world.year).update(final_points=0)
    ScoreLine.objects.filter(criterion__code="F1", scorecard__membership__year=world.year).update(final_points=0)

    found = {code: suggestions for code, (_one, suggestions) in figures(world).items()}

    unclear = "Often corrected in review: word the criterion and its evidence more clearly."
    assert found == {
        "A1": ["Every unit has the same points: it tells nobody apart; consider finer levels.", unclear],
        "A2": ["Every unit has the same points: it tells nobody apart; consider finer levels.", unclear],
        "A3": [],
        "B1": ["Every unit reaches the maximum: consider dropping it or raising the target."],
        "B2": ["Every unit has the same points: it tells nobody apart; consider finer levels."],
        "E1": ["No unit earned the bonus: consider dropping it or making it reachable."],
        "F1": ["No unit lost points: keep it only if it deters."],
    }


def test_units_that_hardly_differ_are_said_to(world):
    line = ScoreLine.objects.get(scorecard__membership=world.member, criterion__code="A1")
    ScoreLine.objects.filter(pk=line.pk).update(final_points=D("26.00"))

    assert figures(world)["A1"][1][0] == "The units hardly differ: consider fewer points or a stricter target."


def test_penalties_that_fell_on_one_unit_suggest_nothing(world):
    ScoreLine.objects.filter(criterion__code="F1").exclude(scorecard__membership=world.member).update(final_points=0)

    assert figures(world)["F1"][1] == []


def test_values_from_records_are_never_corrected(world):
    amend(applied_set(world.year).criteria.get(code="A2"), source=RecordSource.CAMPAIGNS)

    assert figures(world)["A2"][0].corrected == 0


def test_what_is_not_assigned_does_not_count(world):
    ScoreLine.objects.filter(scorecard__membership=world.member, criterion__code="A3").update(
        is_assigned=False, not_assigned_reason="Không giao"
    )

    found = figures(world)["A3"][0]

    assert (found.spread.count, found.spread.is_flat) == (3, True)


def test_only_units_in_good_standing_count(world):
    Membership.objects.filter(pk=world.member.pk).update(standing="suspended", standing_reason="Đang xem xét")

    forget(world.year)
    found = analysis(world.year)

    assert (found.unit_count, found.member_count, found.is_complete) == (3, 3, True)
    assert figures(world)["A3"][0].spread.is_flat


def test_cards_that_are_not_reviewed_yet_do_not_count(db):
    world = two_clusters(phase=Phase.REVIEWING)
    card_in(CardStatus.SUBMITTED, world.leader)
    card_in(CardStatus.REVIEWED, world.member)

    found = analysis(world.year)

    assert (found.unit_count, found.member_count, found.is_complete) == (1, 4, False)
    assert {one.spread.count for one in found.criteria} == {1}
    assert [one.suggestions for one in found.criteria] == [[]] * 7


# --- page and print ---


def get(client, user, world, name="criteria_analysis"):
    client.force_login(user)
    return client.get(year_address(name, world))


def test_the_page_shows_the_figures(client, world):
    response = get(client, world.observer, world)

    assert row_of(response, "A3") == "A3 Chất lượng tham mưu 20,00 4 10,00 14,50 16,00 2,60 0 1 6,00"
    assert CANARY not in content(response)


def test_the_print_has_the_same_figures_and_is_provisional_until_all_are_reviewed(client, world):
    whole = text_of(get(client, world.observer, world, "criteria_analysis_print"))
    Membership.objects.filter(pk=world.other.pk).update(protocol_order=99)
    ScoreLine.objects.filter(scorecard__membership=world.other).delete()
    world.other.scorecard.delete()
    partly = text_of(get(client, world.observer, world, "criteria_analysis_print"))

    assert "PHÂN TÍCH BẢNG TIÊU CHÍ" in whole
    assert "20,00 4 10,00 14,50 16,00 2,60 0 1 6,00" in whole
    assert ["BẢN TẠM TÍNH" in paper for paper in (whole, partly)] == [False, True]
    assert CANARY not in whole


@pytest.mark.parametrize("name", ["criteria_analysis", "criteria_analysis_print"])
@pytest.mark.parametrize(
    ("user", "before"),
    [
        ("officer", 403),
        ("other_signatory", 403),
        ("leader_signatory", 200),
        ("deputy_signatory", 200),
        ("secretariat", 200),
        ("observer", 200),
    ],
)
def test_it_is_open_to_those_who_see_the_ranking(client, world, name, user, before):
    person = getattr(world, user)
    first = get(client, person, world, name)
    PublicationFactory(year=world.year, proposed_by=world.leader_signatory, confirmed_by=world.deputy_signatory)
    world.year.published_at = NOW
    world.year.save()

    assert first.status_code == before
    assert ("26,10" in content(first)) is (before == 200)
    assert get(client, person, world, name).status_code == 200


def test_without_reviews_or_criteria_there_is_nothing_to_analyse(client, db):
    world = two_clusters()
    without_set = get(client, world.secretariat, world)
    print_without_set = get(client, world.secretariat, world, "criteria_analysis_print")
    applied_set(world.year)
    without_reviews = get(client, world.secretariat, world)

    assert [page.status_code for page in (without_set, print_without_set, without_reviews)] == [200, 404, 200]
    assert "<tbody>" not in content(without_reviews)


@pytest.mark.parametrize("unit_count", [2, 9])
@pytest.mark.parametrize(("name", "queries"), [("criteria_analysis", 11), ("criteria_analysis_print", 11)])
def test_the_analysis_costs_the_same_for_2_and_9_units(
    client, db, unit_count, name, queries, django_assert_num_queries
):
    world = reviewed_world(unit_count)
    client.force_login(world.secretariat)

    with django_assert_num_queries(queries):
        client.get(year_address(name, world))
