"""The one count of commendations: what is in it, what is not, and that it equals the register."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from awards import queries
from awards.calculations import Count
from awards.enums import AwardLevel, AwardSystem, CommendationStatus, CommendationType, RecipientKind
from awards.models import AwardForm, Commendation, Decision
from awards.queries import reconcile, tally
from members.models import EmulationYear, Membership
from tests.factories.awards import AwardFormFactory, CampaignFactory, CommendationFactory, DecisionFactory
from tests.factories.members import EmulationYearFactory, MembershipFactory
from tests.scenarios import NOW, two_clusters

pytestmark = pytest.mark.django_db


def build_world():
    return two_clusters()


def award(membership, level=AwardLevel.AGENCY, kind=RecipientKind.INDIVIDUAL, occasions=1, **fields):
    fields.setdefault("award_form", AwardForm.objects.filter(level=level).first() or AwardFormFactory(level=level))
    fields.setdefault("confirmed", True)
    return CommendationFactory(membership=membership, recipient_kind=kind, occasions=occasions, **fields)


def counted(year):
    return tally(EmulationYear.objects.get(pk=year.pk))


def test_register_of_the_worked_numbers_adds_up(world):
    """features.md W9: 20 list rows, State 2 + 1, province 3 + 2, agency 4 + 8."""
    numbers = {AwardLevel.STATE: (2, 1), AwardLevel.PROVINCE: (3, 2), AwardLevel.AGENCY: (4, 8)}
    for level, (collectives, individuals) in numbers.items():
        for number in range(collectives):
            award(world.members[number % 4], level, RecipientKind.COLLECTIVE)
        for number in range(individuals):
            award(world.members[number % 4], level, RecipientKind.INDIVIDUAL)

    counts = counted(world.year)

    assert [(part.level, part.subtotal.count) for part in counts.levels] == [
        (level, Count(collective=collectives, individual=individuals))
        for level, (collectives, individuals) in numbers.items()
    ]
    assert counts.total == Count(collective=9, individual=11)
    assert counts.total.total == 20 == Commendation.objects.count()
    assert reconcile(world.year) == ()


def test_occasions_are_counted_and_not_rows(world):
    award(world.member, occasions=31, recipient="Danh sách 31 cán bộ")

    assert counted(world.year).total == Count(individual=31)


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({}, 1),
        ({"confirmed": False}, 0),
        ({"revoked": True}, 0),
        ({"decision__decided_on": date(2021, 1, 1)}, 1),
        ({"decision__decided_on": date(2021, 12, 31)}, 1),
        ({"decision__decided_on": date(2020, 12, 31)}, 0),
        ({"decision__decided_on": date(2022, 1, 1)}, 0),
        ({"award_form__system": AwardSystem.PARTY}, 0),
        ({"award_form__system": AwardSystem.ORGANISATION}, 0),
    ],
)
def test_counted_are_confirmed_awards_of_the_state_decided_in_the_period(world, fields, count):
    CommendationFactory(membership=world.member, **({"confirmed": True} | fields))

    assert counted(world.year).total.total == count
    assert reconcile(world.year) == ()


def test_other_clusters_and_years_do_not_count(world):
    award(world.foreign.member)
    award(MembershipFactory(year=EmulationYearFactory(cluster=world.cluster, year=2022), unit=world.member.unit))

    assert counted(world.year).total.total == 0


def test_party_and_organisation_stand_beside(world):
    award(world.member, award_form=AwardFormFactory(system=AwardSystem.PARTY), occasions=4)

    counts = counted(world.year)

    assert [(part.system, part.subtotal.total) for part in counts.others] == [("party", 4)]
    assert counts.total.total == 0


def test_units_come_in_protocol_order_each_with_its_levels(world):
    award(world.leader, AwardLevel.STATE, RecipientKind.COLLECTIVE)
    award(world.member, AwardLevel.PROVINCE, occasions=2)
    award(world.member, AwardLevel.AGENCY, RecipientKind.HOUSEHOLD)

    rows = counted(world.year).units

    assert [row.membership for row in rows] == world.members
    assert rows[0].levels["state"] == Count(collective=1)
    assert rows[2].levels == {"state": Count(), "province": Count(individual=2), "agency": Count(household=1)}
    assert [row.total.total for row in rows] == [1, 0, 3, 0]


def test_types_are_told_apart_and_others_only_in_the_total(world):
    campaign = CampaignFactory(year=world.year)
    for type_, occasions in (("merit", 1), ("adhoc", 4), ("service", 8)):
        award(world.member, type=type_, occasions=occasions)
    award(world.member, type=CommendationType.THEMATIC, campaign=campaign, occasions=2)

    breakdown = counted(world.year).breakdown

    assert (breakdown.total, breakdown.merit, breakdown.thematic, breakdown.adhoc) == (15, 1, 2, 4)


def test_direct_workers_are_a_share_of_the_individuals(world):
    award(world.member, is_direct_worker=True, occasions=2)
    award(world.member, is_direct_worker=False)
    award(world.member, kind=RecipientKind.COLLECTIVE, occasions=5)
    award(world.member, is_direct_worker=True, award_form=AwardFormFactory(system=AwardSystem.PARTY))

    counts = counted(world.year)

    assert (counts.direct_worker_count, counts.direct_worker_percent) == (2, Decimal("66.67"))


def test_empty_register_counts_zero_and_knows_no_share(world):
    counts = counted(world.year)

    assert (counts.total, counts.direct_worker_percent, counts.previous_year) == (Count(), None, None)
    assert [part.subtotal.total for part in counts.levels] == [0, 0, 0]
    assert reconcile(world.year) == ()


def test_rows_recorded_after_publication_are_counted_and_marked(world):
    award(world.member, occasions=2)
    award(world.member, occasions=3, recorded_at=datetime(2022, 1, 5, tzinfo=UTC))
    EmulationYear.objects.filter(pk=world.year.pk).update(published_at=datetime(2021, 12, 30, tzinfo=UTC))

    counts = counted(world.year)

    assert (counts.total.total, counts.late_count) == (5, 3)


def test_last_year_is_counted_by_its_own_rules_and_matched_by_unit(world):
    last_year = EmulationYearFactory(cluster=world.cluster, year=2020)
    former = MembershipFactory(year=last_year, unit=world.member.unit)
    gone = MembershipFactory(year=last_year)
    in_2020 = DecisionFactory(cluster=world.cluster, decided_on=date(2020, 6, 1))
    award(former, decision=in_2020, occasions=4)
    award(gone, decision=in_2020, occasions=5)
    award(former, decision=DecisionFactory(cluster=world.cluster, decided_on=date(2021, 1, 5)), occasions=40)
    award(world.member, occasions=5)

    counts = counted(world.year)
    row = counts.units[2]

    assert (counts.previous_year, counts.previous_total) == (2020, Count(individual=9))
    assert (row.total, row.previous, row.change_percent) == (Count(individual=5), Count(individual=4), Decimal(25))
    assert [(unit.previous, unit.change_percent) for unit in counts.units[:2]] == [(None, None), (None, None)]
    assert counts.change_percent == Decimal("-44.44")


def test_tally_of_one_unit_counts_it_alone(world):
    award(world.member, occasions=2)
    award(world.other, occasions=3)

    counts = tally(world.year, [world.member])

    assert counts.total == Count(individual=2)
    assert [row.membership for row in counts.units] == [world.member]


@pytest.mark.parametrize("unit_count", [2, 9])
def test_query_count_does_not_depend_on_the_number_of_units(unit_count, django_assert_num_queries):
    world = two_clusters(unit_count)
    last_year = EmulationYearFactory(cluster=world.cluster, year=2020)
    for member in world.members:
        award(member, AwardLevel.PROVINCE, occasions=2)
        award(member, kind=RecipientKind.COLLECTIVE)
        MembershipFactory(year=last_year, unit=member.unit)
    year = EmulationYear.objects.select_related("cluster", "rules").get(pk=world.year.pk)

    # roster, sums; last year's rules, roster and sums
    with django_assert_num_queries(5):
        counts = tally(year)
    assert counts.total.total == 3 * unit_count


@pytest.mark.parametrize("unit_count", [2, 9])
def test_campaigns_are_counted_in_one_query(unit_count, django_assert_num_queries):
    world = two_clusters(unit_count)
    for member in world.members:
        CampaignFactory(year=world.year, launched=True, own_drive=True, membership=member)
    year = EmulationYear.objects.select_related("cluster", "rules").get(pk=world.year.pk)

    with django_assert_num_queries(1):
        counts = queries.campaign_counts(year)
    with django_assert_num_queries(1):
        assert len(queries.year_campaigns(year)) == unit_count
    assert counts.drive.total == unit_count


def test_reconcile_names_what_the_tally_lost(world, monkeypatch):
    award(world.member, AwardLevel.PROVINCE, occasions=3)
    real = queries.counted_commendations
    monkeypatch.setattr(queries, "counted_commendations", lambda rules: real(rules).filter(occasions__lt=3))

    sentences = reconcile(world.year)

    assert len(sentences) == 4  # all units, the level, the unit, the form
    assert any(world.member.name in sentence for sentence in sentences)


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "unit": st.integers(0, 1),
            "form": st.integers(0, 3),
            "kind": st.sampled_from(RecipientKind.values),
            "type": st.sampled_from(CommendationType.values),
            "occasions": st.integers(1, 500),
            "day": st.dates(date(2020, 12, 1), date(2022, 1, 31)),
            "is_confirmed": st.booleans(),
            "is_revoked": st.booleans(),
        }
    ),
    max_size=12,
)


@pytest.fixture
def small_world():
    world = two_clusters(2)
    AwardFormFactory(level=AwardLevel.STATE)
    AwardFormFactory(level=AwardLevel.PROVINCE)
    AwardFormFactory(level=AwardLevel.AGENCY)
    AwardFormFactory(level=AwardLevel.AGENCY, system=AwardSystem.PARTY)
    return world


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_tally_equals_the_sum_of_any_register(small_world, rows):
    with transaction.atomic():
        _fill(small_world, rows)
        year = EmulationYear.objects.select_related("rules").get(pk=small_world.year.pk)

        counts = tally(year)

        expected = _sum(rows)
        assert counts.total.total == sum(expected.values())
        assert {kind: getattr(counts.total, kind) for kind in RecipientKind.values} == expected
        assert sum(row.total.total for row in counts.units) == counts.total.total
        assert sum(part.subtotal.total for part in counts.levels) == counts.total.total
        assert all(part.subtotal.total == sum(r.breakdown.total for r in part.rows) for part in counts.levels)
        assert reconcile(year) == ()
        transaction.set_rollback(True)


def _fill(world, rows):
    members = list(Membership.objects.filter(year=world.year).order_by("pk"))
    forms = list(AwardForm.objects.order_by("pk"))
    decisions = {
        day: Decision.objects.create(cluster=world.cluster, number=str(day), decided_on=day, signer="Trưởng ban")
        for day in {row["day"] for row in rows}
    }
    Commendation.objects.bulk_create(
        Commendation(
            decision=decisions[row["day"]],
            membership=members[row["unit"]],
            award_form=forms[row["form"]],
            recipient_kind=row["kind"],
            recipient=f"Số {number}",
            type=row["type"],
            occasions=row["occasions"],
            status=CommendationStatus.REVOKED if row["is_revoked"] else CommendationStatus.AWARDED,
            revoked_reason="Kê khai không đúng" if row["is_revoked"] else "",
            recorded_by=world.secretariat,
            recorded_at=NOW,
            confirmed_by=world.secretariat if row["is_confirmed"] else None,
            confirmed_at=NOW if row["is_confirmed"] else None,
        )
        for number, row in enumerate(rows)
    )


def _sum(rows):
    sums = dict.fromkeys(RecipientKind.values, 0)
    for row in rows:
        if row["is_confirmed"] and not row["is_revoked"] and row["day"].year == 2021 and row["form"] < 3:
            sums[row["kind"]] += row["occasions"]
    return sums
