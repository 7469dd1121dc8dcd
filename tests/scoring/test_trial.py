"""A draft tried on last year's values: the ranking that would have come out, what could not be taken over, and who may
see it."""

from decimal import Decimal

import pytest
from django.utils import translation

from members.enums import NotAssignedRule, Phase, RankingBasis
from members.models import Membership
from scoring.enums import CardStatus, CriterionKind
from scoring.models import Criterion, CriterionLevel, Scorecard, ScoreLine
from scoring.trial import trial, trial_set, year_before
from tests.factories.awards import PledgeFactory, PledgeItemFactory
from tests.factories.members import EmulationYearFactory, MembershipFactory
from tests.factories.scoring import CriteriaSetFactory, TargetFactory, amend, applied_set
from tests.scenarios import CANARY, two_clusters
from tests.scoring.cards import card_in
from tests.scoring.pages import content, row_of, text_of, year_address

pytestmark = pytest.mark.django_db

D = Decimal
LOW = {"A3": ("3", "10")}  # 6 points less than the 77,10 of the others


def with_last_year(unit_count=4, status=CardStatus.REVIEWED):
    """A draft for 2021, and the cards of 2020: the unit A3 has 71,10 points, all others 77,10."""
    world = two_clusters(unit_count)
    world.draft = CriteriaSetFactory(year=world.year, small=True)
    world.last = EmulationYearFactory(cluster=world.cluster, year=2020, phase=Phase.CONCLUDED)
    world.cards = {}
    for member in world.members:
        old = MembershipFactory(
            year=world.last,
            unit=member.unit,
            name=member.name,
            short_name=member.short_name,
            role=member.role,
            protocol_order=member.protocol_order,
        )
        values = LOW if member == world.member else None
        world.cards[member.unit.code] = card_in(status, old, reviewed_values=values)
    return world


def build_world():
    return with_last_year()


def tried(world):
    criteria_set = trial_set(world.year)
    criteria_set.year = type(world.year).objects.select_related("cluster", "rules").get(pk=world.year.pk)
    with translation.override("en"):
        return trial(criteria_set, year_before(world.year))


def edit(world, edited, **fields):
    Criterion.objects.filter(criteria_set=world.draft, code=edited).update(**fields)


def ranks(found):
    return [(one.unit.membership.unit.code, one.unit.rank, str(one.unit.total)) for one in found.units]


@pytest.mark.parametrize("status", [CardStatus.REVIEWED, CardStatus.APPROVED])
def test_the_same_criteria_give_the_same_ranking(status):
    found = tried(with_last_year(status=status))

    assert ranks(found) == [("A1", 1, "77.10"), ("A2", 1, "77.10"), ("A4", 1, "77.10"), ("A3", 4, "71.10")]
    assert [(one.last_rank, one.last_total, one.moved) for one in found.units] == [
        (1, D("77.10"), 0),
        (1, D("77.10"), 0),
        (1, D("77.10"), 0),
        (4, D("71.10"), 0),
    ]
    assert {one.coverage for one in found.units} == {D("100.00")}
    assert found.left_out == []


def test_other_criteria_give_another_ranking(world):
    levels = CriterionLevel.objects.filter(criterion__criteria_set=world.draft)
    levels.filter(position=3).update(points=20)
    levels.filter(position=2).update(points=10)

    found = tried(world)

    assert ranks(found) == [("A3", 1, "81.10"), ("A1", 2, "71.10"), ("A2", 2, "71.10"), ("A4", 2, "71.10")]
    assert [one.moved for one in found.units] == [3, -1, -1, -1]


def test_what_cannot_be_taken_over_is_named_with_its_reason(world):
    edit(world, "A1", default_target=None)
    edit(world, "A2", kind=CriterionKind.DEDUCT)
    CriterionLevel.objects.filter(criterion__criteria_set=world.draft, position__gt=2).delete()
    edit(world, "B1", code="B9")
    ScoreLine.objects.filter(scorecard=world.cards["A1"], criterion__code="B2").update(
        is_assigned=False, not_assigned_reason="Không giao", final_value=None
    )
    ScoreLine.objects.filter(scorecard=world.cards["A2"], criterion__code="E1").update(final_value=None)

    found = tried(world)

    assert [
        (one.code, one.reason, [unit.unit.code for unit in one.units], one.is_for_all) for one in found.left_out
    ] == [
        ("A1", "no target this year", ["A1", "A2", "A3", "A4"], True),
        ("A2", "last year it was of another kind: Points per item", ["A1", "A2", "A3", "A4"], True),
        ("A3", "last year's value is not admitted: The criterion has not exactly one level “Khá”.", ["A3"], False),
        ("B9", "no criterion with this code last year", ["A1", "A2", "A3", "A4"], True),
        ("B2", "not assigned last year", ["A1"], False),
        ("E1", "no value last year", ["A2"], False),
    ]
    # Of 100 base points A1, A2 and B9 (60) have no value for anybody; for A1 B2 (20), for A3 A3 (20) is lacking too.
    assert {one.unit.membership.unit.code: one.coverage for one in found.units} == {
        "A1": D("20.00"),
        "A2": D("40.00"),
        "A3": D("20.00"),
        "A4": D("40.00"),
    }


def test_a_level_of_last_year_is_found_again_by_its_label(world):
    levels = CriterionLevel.objects.filter(criterion__criteria_set=world.draft)
    levels.filter(position=4).delete()
    levels.filter(position=3).update(label="Tốt")
    levels.filter(position=2).update(label="Khá")

    found = tried(world)

    # "Khá" stands where "Tốt" stood, with its 16 points, and the other way round with 10.
    assert ranks(found) == [("A3", 1, "77.10"), ("A1", 2, "71.10"), ("A2", 2, "71.10"), ("A4", 2, "71.10")]


def test_the_targets_of_this_year_count(world):
    edit(world, "A1", default_target=None)
    a1 = world.draft.criteria.get(code="A1")
    item = PledgeItemFactory(pledge=PledgeFactory(year=world.year), target_value=D(87))
    TargetFactory(membership=world.leader, criterion=a1, value=D(174))
    TargetFactory(membership=world.deputy, criterion=a1, value=None, pledge_item=item)
    TargetFactory(
        membership=world.member, criterion=a1, value=None, is_assigned=False, not_assigned_reason="Không giao"
    )

    found = tried(world)

    assert {code: total for code, _rank, total in ranks(found)} == {
        "A1": "66.00",  # 15 of 30 by its own target
        "A2": "81.00",  # 30 by the item of the pledge
        "A3": "75.00",  # 30 by the rule of full points
        "A4": "51.00",  # none
    }


def test_a_draft_beside_the_set_in_force_takes_over_the_targets_of_that_one(world):
    in_force = CriteriaSetFactory(year=world.year, version=2, small=True, applied=True)
    TargetFactory(membership=world.leader, criterion=in_force.criteria.get(code="A1"), value=D(174))

    found = tried(world)

    assert found.criteria_set == world.draft
    assert ranks(found)[-1] == ("A1", 4, "66.00")


def test_units_are_compared_with_each_other_by_last_year_s_values(world):
    for card, value in zip(world.cards.values(), ("100", "110", "120", "50"), strict=True):
        ScoreLine.objects.filter(scorecard=card, criterion__code="A1").update(final_value=D(value))
    amend(applied_set(world.last).criteria.get(code="A1"), kind=CriterionKind.RATIO_LEADER)
    edit(world, "A1", kind=CriterionKind.RATIO_LEADER)

    found = tried(world)

    # 15 for the target, 22,50 for half the excess of the best, 30 for the best, 7,50 for half the target.
    spread = next(one.spread for one in found.criteria if one.criterion.code == "A1")
    assert (spread.least, spread.most, spread.mean) == (D("7.50"), D("30.00"), D("18.75"))


def test_a_unit_out_of_the_ranking_is_no_measure_and_has_no_rank(world):
    Membership.objects.filter(year=world.last, unit__code="A3").update(
        standing="disqualified", standing_reason="Không ký giao ước"
    )

    found = tried(world)

    assert ranks(found)[-1] == ("A3", None, "71.10")
    assert found.units[-1].last_rank is None


def test_the_rules_of_this_year_rank(world):
    rules = world.year.rules
    rules.ranking_basis, rules.not_assigned = RankingBasis.PERCENT, NotAssignedRule.EXCLUDED
    rules.save()
    TargetFactory(
        membership=world.member,
        criterion=world.draft.criteria.get(code="A3"),
        value=None,
        is_assigned=False,
        not_assigned_reason="Không giao",
    )

    found = tried(world)

    # 61,10 of 80 = 76,375 % against 77,10 of 100; bonus and penalty take each other away.
    assert [(one.unit.membership.unit.code, str(one.unit.percent)) for one in found.units][-1] == ("A3", "76.38")


def test_a_criterion_without_variance_is_flagged(world):
    found = {one.criterion.code: one.spread for one in tried(world).criteria}

    assert found["A1"].is_flat
    assert not found["A3"].is_flat
    assert (found["A3"].least, found["A3"].mean, found["A3"].most) == (D(10), D("14.50"), D(16))
    assert found["A3"].deviation == D("2.60")  # the root of 6,75


def test_cards_that_were_never_reviewed_take_no_part(world):
    Scorecard.objects.filter(pk=world.cards["A2"].pk).update(status=CardStatus.RETURNED)

    assert [code for code, _rank, _total in ranks(tried(world))] == ["A1", "A4", "A3"]


# --- the page ---


def get(client, user, world):
    client.force_login(user)
    return client.get(year_address("criteria_trial", world))


def test_the_page_shows_both_ranks_coverage_and_what_is_flat(client, world):
    card_in(CardStatus.APPROVED, world.foreign.member)
    edit(world, "B1", code="B9")

    response = get(client, world.secretariat, world)

    assert row_of(response, "Đơn vị A3").startswith("Đơn vị A3 4 4 = 61,10 71,10 90,00% (90,00 / 100,00)")
    assert "B9" in text_of(response)
    assert CANARY not in content(response)


@pytest.mark.parametrize("user", ["officer", "signatory", "leader_signatory", "deputy_signatory", "observer"])
def test_a_trial_is_for_those_who_write_the_criteria(client, world, user):
    response = get(client, getattr(world, user), world)

    assert response.status_code == 403
    assert "77,10" not in content(response)


def test_a_first_year_and_a_year_without_criteria_say_what_is_missing(client):
    world = two_clusters()

    without_set = get(client, world.secretariat, world)
    CriteriaSetFactory(year=world.year, small=True)
    without_last_year = get(client, world.secretariat, world)
    EmulationYearFactory(cluster=world.cluster, year=2019)
    without_cards = get(client, world.secretariat, world)

    assert [page.status_code for page in (without_set, without_last_year, without_cards)] == [200] * 3
    assert len({text_of(page) for page in (without_set, without_last_year, without_cards)}) == 3


@pytest.mark.parametrize("unit_count", [2, 9])
def test_a_trial_costs_the_same_for_2_and_9_units(client, unit_count, django_assert_num_queries):
    world = with_last_year(unit_count)
    client.force_login(world.secretariat)

    with django_assert_num_queries(19):
        client.get(year_address("criteria_trial", world))
