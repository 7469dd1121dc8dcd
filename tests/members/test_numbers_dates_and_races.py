"""Numbers by the calendar year of the paper's date, and for two people at once."""

from datetime import UTC, date, datetime

import pytest
from django.db import OperationalError, transaction

from cluster_app.audit import verification
from cluster_app.documents import numbering
from cluster_app.documents.models import DocumentNumber, NumberRegister
from cluster_app.lib.errors import NotKnown, Refused, WrongState
from members.models import Cluster, EmulationYear, YearRules
from tests.factories.members import EmulationYearFactory, MembershipFactory
from tests.members.numbering_acts import REQUESTS, ask, issue, reserve, void, world_of
from tests.scenarios import fresh
from tests.threads import at_once

# --- the calendar year of the date ---
JANUARY = datetime(2022, 1, 20, 2, tzinfo=UTC)


def year_after(world, **rules):
    """The year after the world's, of the same cluster and the same people."""
    year = EmulationYearFactory(cluster=world.cluster, year=2022)
    YearRules.objects.filter(year=year).update(**rules)
    MembershipFactory(year=year, unit=world.members[0].unit, role="leader")
    return EmulationYear.objects.get(pk=year.pk)


@pytest.mark.django_db
def test_papers_of_two_years_dated_in_one_january_bear_two_numbers():
    world = world_of()
    following = year_after(world, own_register=True)
    issue(world)

    late = issue(world, subject="b", dated_on=date(2022, 1, 20), at=JANUARY)
    early = issue(world, year=following, dated_on=date(2022, 1, 21), at=JANUARY)
    dated_back = issue(world, subject="c", dated_on=date(2021, 12, 31), at=JANUARY)

    assert [paper.number_symbol for paper in (late, early, dated_back)] == ["01-TB/CTĐ", "02-TB/CTĐ", "02-TB/CTĐ"]
    assert set(NumberRegister.objects.values_list("period", "last_number")) == {("2021", 2), ("2022", 2)}
    assert list(numbering.problems()) == []


@pytest.mark.django_db
def test_paper_dated_by_hand_is_numbered_in_the_year_it_goes_out():
    world = world_of()
    following = year_after(world, own_register=False)
    issue(world, "7", year=following, dated_on=None, at=JANUARY)

    issued = issue(world, dated_on=None, at=JANUARY)

    assert issued.number_symbol == "08-TB/CTĐ"


@pytest.mark.django_db
def test_typed_number_is_compared_with_the_papers_of_the_year_that_are_dated_in_the_same_one():
    world = world_of(own=False)
    following = year_after(world)
    issue(world, "3")
    issue(world, "3", subject="b", dated_on=date(2022, 1, 20), at=JANUARY)

    assert ask(world, "3", year=following, dated_on=date(2022, 1, 21), at=JANUARY).text == "03"
    with pytest.raises(Refused):
        ask(world, "3", dated_on=date(2022, 1, 21), at=JANUARY)


@pytest.mark.django_db
def test_number_is_reserved_in_the_register_of_the_year_that_it_is():
    world = world_of()
    shown = reserve(world, at=JANUARY)
    following = year_after(world, own_register=True)

    with pytest.raises(WrongState) as refusal:
        reserve(world, at=JANUARY)

    assert "2022" in refusal.value.next_step
    assert reserve(world, year=following, at=JANUARY).number == shown.number + 1
    assert issue(world, "2", dated_on=date(2022, 1, 20), at=JANUARY).number_symbol == "02-TB/CTĐ"
    with pytest.raises(Refused):
        ask(world, "1", dated_on=date(2021, 12, 31), at=JANUARY)
    with pytest.raises(NotKnown):
        void(world, shown)
    assert void(world, shown, year=following).status == "void"


# --- at the same moment ---
def patiently(act):
    """Does it again where the database was busy for too long, as a person would after the page that says so."""
    for _attempt in range(REQUESTS):
        try:
            return act()
        except OperationalError:
            continue
    raise AssertionError("never done")


@pytest.mark.django_db(transaction=True)
def test_fifty_papers_issued_at_once_bear_fifty_consecutive_numbers():
    with transaction.atomic():
        world = world_of()

    outcomes = at_once(
        REQUESTS,
        lambda place: patiently(lambda: issue(world, by=fresh(world.secretariat), subject=f"{place}")).number_symbol,
    )

    assert sorted(outcomes) == [f"{number:02d}-TB/CTĐ" for number in range(1, REQUESTS + 1)]
    assert set(DocumentNumber.objects.values_list("status", flat=True)) == {"issued"}
    assert list(numbering.problems()) == []
    assert verification.verify().problem == ""


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_with_one_typed_number_issue_one_paper():
    with transaction.atomic():
        world = world_of(own=False)

    outcomes = at_once(8, lambda place: issue(world, "5", by=fresh(world.secretariat), subject=f"{place}"))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["IssuedDocument"] + ["Refused"] * 7


@pytest.mark.django_db(transaction=True)
def test_two_years_of_a_term_at_once_do_not_bear_the_same_typed_number():
    with transaction.atomic():
        world = world_of(own=False, period="2020-2025")
        other = EmulationYearFactory(cluster=world.cluster, year=2022)
        YearRules.objects.filter(year=other).update(register_period="2020-2025")
    years = [world.year, EmulationYear.objects.select_related("cluster").get(pk=other.pk)]

    outcomes = at_once(8, lambda place: issue(world, "5", year=years[place % 2], by=fresh(world.secretariat),
                                              subject=f"{place}"))  # fmt: skip

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["IssuedDocument"] + ["Refused"] * 7
    assert Cluster.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_voiding_against_issuing_a_reserved_number_has_one_effect():
    with transaction.atomic():
        world = world_of()
        row = reserve(world)

    outcomes = at_once(
        2,
        lambda place: (
            issue(world, "1", by=fresh(world.secretariat))
            if place
            else void(world, row, by=fresh(world.leader_signatory))
        ),
    )

    failures = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert len(failures) == 1
    assert type(failures[0]) in (Refused, WrongState)
    assert list(numbering.problems()) == []
