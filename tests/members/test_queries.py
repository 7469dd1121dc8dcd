from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cluster_app.lib.errors import NotKnown
from members import queries
from members.enums import DeadlineStep, MemberRole, Phase, ResolutionKind
from members.queries import Due
from tests.factories.members import (
    AssignmentFactory,
    ClusterFactory,
    DeadlineFactory,
    EmulationYearFactory,
    ExtensionFactory,
    MeetingFactory,
    MembershipFactory,
    ResolutionFactory,
    UnitFactory,
)
from tests.scenarios import fresh, two_clusters

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("column", ["of", "sg", "ot", "L", "D", "S", "R", "O"])
def test_get_year_finds_it_for_everybody_inside(column):
    world = two_clusters()

    assert queries.get_year(world.people()[column], "cum-a", 2021) == world.year


@pytest.mark.parametrize(("slug", "number"), [("cum-b", 2021), ("cum-a", 2020), ("khong-co", 2021)])
def test_get_year_of_others_and_of_nobody_is_not_known_alike(slug, number):
    world = two_clusters()

    with pytest.raises(NotKnown) as refusal:
        queries.get_year(world.signatory, slug, number)

    assert refusal.value.message == NotKnown().message


def test_get_year_is_not_known_to_a_unit_that_has_left():
    world = two_clusters()
    later = EmulationYearFactory(cluster=world.cluster, year=2022)
    MembershipFactory(year=later, unit=world.leader.unit)

    assert queries.get_year(world.leader_signatory, "cum-a", 2022) == later
    with pytest.raises(NotKnown):
        queries.get_year(world.signatory, "cum-a", 2022)


@pytest.mark.parametrize("unit_count", [2, 9])
def test_get_year_takes_three_queries(unit_count, django_assert_num_queries):
    world = two_clusters(unit_count)
    user = fresh(world.leader_signatory)

    with django_assert_num_queries(3):
        year = queries.get_year(user, "cum-a", 2021)
        assert (year.cluster.name, year.rules.ranking_basis, len(year.roster())) == ("Cụm A", "points", unit_count)


@pytest.mark.parametrize(
    ("column", "known"),
    [
        ("of", ["cum-a"]),
        ("fo", ["cum-b"]),
        ("S", ["cum-a"]),
        ("R", ["cum-a"]),
        ("O", ["cum-a", "cum-b"]),
    ],
)
def test_known_clusters_are_the_own_ones(column, known):
    world = two_clusters()

    assert [found.cluster.slug for found in queries.known_clusters(world.people()[column])] == known


def test_known_clusters_come_with_the_years_of_the_own_unit():
    world = two_clusters()
    EmulationYearFactory(cluster=world.cluster, year=2022)

    (of_the_unit,) = queries.known_clusters(world.signatory)
    (of_the_secretariat,) = queries.known_clusters(world.secretariat)

    assert [year.year for year in of_the_unit.years] == [2021]
    assert [year.year for year in of_the_secretariat.years] == [2022, 2021]


def test_known_clusters_of_a_stranger_are_none():
    world = two_clusters()

    assert queries.known_clusters(world.stranger) == []


def test_newest_active_prefers_a_year_whose_offices_carry_power():
    cluster = ClusterFactory()
    years = [
        EmulationYearFactory(cluster=cluster, year=number, phase=phase)
        for number, phase in ((2022, Phase.PREPARING), (2021, Phase.REVIEWING), (2020, Phase.CONCLUDED))
    ]

    assert queries.newest_active(years) == years[1]
    assert queries.newest_active(years[:1]) == years[0]
    assert queries.newest_active([]) is None


def test_due_for_counts_the_extension_of_this_unit_only():
    world = two_clusters()
    deadline = DeadlineFactory(year=world.year, is_hard=True)
    later = deadline.due_at + timedelta(days=4)
    ExtensionFactory(deadline=deadline, membership=world.member, until=later, reason="Phục vụ đoàn kiểm tra")

    extended = queries.due_for(world.year, DeadlineStep.SELF_SCORING, world.member)
    plain = queries.due_for(world.year, DeadlineStep.SELF_SCORING, world.other)

    assert extended == Due(later, is_hard=True, is_extended=True, reason="Phục vụ đoàn kiểm tra")
    assert plain == Due(deadline.due_at, is_hard=True, is_extended=False, reason="")
    assert queries.due_for(world.year, DeadlineStep.REVIEWING, world.member) is None


@pytest.mark.parametrize("days", [0, 2])
def test_due_for_takes_no_time_from_a_unit_whose_extension_all_others_have_overtaken(days):
    world = two_clusters()
    deadline = DeadlineFactory(year=world.year, is_hard=True)
    ExtensionFactory(deadline=deadline, membership=world.member, until=deadline.due_at - timedelta(days=days))

    due = queries.due_for(world.year, DeadlineStep.SELF_SCORING, world.member)

    assert due == Due(deadline.due_at, is_hard=True, is_extended=False, reason="")


@pytest.mark.parametrize("unit_count", [2, 9])
def test_due_for_all_units_takes_one_query(unit_count, django_assert_num_queries):
    world = two_clusters(unit_count)
    ExtensionFactory(deadline=DeadlineFactory(year=world.year), membership=world.member)
    world.year.roster()

    with django_assert_num_queries(1):
        for member in world.year.roster():
            queries.due_for(world.year, DeadlineStep.SELF_SCORING, member)


def test_third_unit_for_is_named_by_the_newest_minutes():
    world = two_clusters()
    early = MeetingFactory(year=world.year, held_on="2021-11-01", kind="regular")
    late = MeetingFactory(year=world.year, held_on="2021-11-20", kind="regular")
    for meeting, named in ((late, world.other), (early, world.deputy)):
        ResolutionFactory(meeting=meeting, kind=ResolutionKind.THIRD_UNIT, concerned=world.leader, named=named)

    assert queries.third_unit_for(world.leader).named == world.other
    assert queries.third_unit_for(world.member) is None


def history_of(cluster, *leaders):
    """One year for each leader, beginning with 2018."""
    for year, unit in enumerate(leaders, start=2018):
        emulation_year = EmulationYearFactory(cluster=cluster, year=year)
        MembershipFactory(year=emulation_year, unit=unit, leader=True)
        MembershipFactory(year=emulation_year, role=MemberRole.DEPUTY)


def test_terms_and_turns_say_who_led_and_who_waits_longest():
    cluster = ClusterFactory()
    first, second, never = (UnitFactory(code=code) for code in ("A", "B", "C"))
    history_of(cluster, first, second, first)
    year = cluster.years.get(year=2020)
    for place, unit in enumerate((second, never), start=1):
        MembershipFactory(year=year, unit=unit, protocol_order=place)

    terms = queries.terms(cluster)
    turns = {turn.membership.unit.code: (turn.last_led, turn.times_led) for turn in queries.turns(year, terms)}

    assert [(term.year.year, term.leader.unit.code, len(term.deputies)) for term in terms] == [
        (2020, "A", 1),
        (2019, "B", 1),
        (2018, "A", 1),
    ]
    assert turns["A"] == (2020, 2)
    assert turns["B"] == (2019, 1)
    assert turns["C"] == (None, 0)
    assert [turn.membership.unit.code for turn in queries.turns(year, terms)][-2:] == ["B", "A"]


@pytest.mark.parametrize("year_count", [2, 9])
def test_terms_take_two_queries(year_count, django_assert_num_queries):
    cluster = ClusterFactory()
    history_of(cluster, *(UnitFactory() for _year in range(year_count)))

    with django_assert_num_queries(2):
        assert len(queries.terms(cluster)) == year_count


def test_units_to_add_are_own_ones_of_earlier_years_and_nobodys():
    world = two_clusters()
    former = MembershipFactory(year=EmulationYearFactory(cluster=world.cluster, year=2020)).unit
    nobodys = UnitFactory()

    assert set(queries.units_to_add(world.year)) == {former, nobodys}


def test_accounts_of_units_follow_the_roster_signatories_first():
    world = two_clusters(unit_count=2)
    AssignmentFactory(unit=world.leader.unit, ended_on="2021-01-01")

    assert [found.user.username for found in queries.accounts_of_units(world.year)] == ["a1", "a1.cb", "a2", "a2.cb"]
    assert [found.user for found in queries.accounts_of_cluster(world.cluster)] == [
        world.secretariat,
        world.secretariat_at_home,
        world.observer,
    ]


def test_year_end_meeting_comes_with_its_resolutions_in_two_queries():
    world = two_clusters()
    meeting = MeetingFactory(year=world.year)
    ResolutionFactory(meeting=meeting, order=2, text="hai", named=world.member)
    ResolutionFactory(meeting=meeting, order=1, text="một")
    MeetingFactory(year=world.year, kind="regular")

    with CaptureQueriesContext(
        connection,
    ) as captured:
        found = queries.year_end_meeting(world.year)
        texts = [(resolution.text, resolution.named) for resolution in found.resolutions.all()]

    assert texts == [("một", None), ("hai", world.member)]
    assert len(captured) == 2
