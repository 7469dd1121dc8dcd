"""What score lines take their values from, compared with the tally that prints the same figures."""

from datetime import date
from decimal import Decimal

import pytest

from awards import queries, records
from awards.enums import AwardLevel, AwardSystem, CampaignKind, CampaignStatus, RecipientKind
from members.models import EmulationYear
from tests.factories.awards import (
    AwardFormFactory,
    CampaignFactory,
    CampaignParticipationFactory,
    CommendationFactory,
    DecisionFactory,
    TitleRegistrationFactory,
)
from tests.scenarios import two_clusters

pytestmark = pytest.mark.django_db

COLLECTIVE, INDIVIDUAL = RecipientKind.COLLECTIVE, RecipientKind.INDIVIDUAL


def build_world():
    return two_clusters()


def award(member, **fields):
    return CommendationFactory(membership=member, confirmed=True, **fields)


def not_counted(world):
    """One row for each reason not to count; all of the unit `member` but the last."""
    early = DecisionFactory(cluster=world.cluster, decided_on=date(2020, 12, 31))
    award(world.member, decision=early, occasions=1000)
    CommendationFactory(membership=world.member, occasions=1000)
    award(world.member, revoked=True, occasions=1000)
    award(world.member, award_form=AwardFormFactory(party=True), occasions=1000)
    award(world.foreign.member, occasions=1000)


# --- Commendations ---


def test_counted_record_says_what_it_is_weighed_by(world):
    not_counted(world)
    form = AwardFormFactory(code="BKT", name="Bằng khen của UBND tỉnh", province=True)
    decision = DecisionFactory(cluster=world.cluster, number="12/QĐ-UBND", decided_on=date(2021, 6, 3))
    row = award(world.member, award_form=form, decision=decision, recipient="Cán bộ 017", is_direct_worker=True)

    [record] = records.counted_records(world.year)

    assert record == records.AwardRecord(
        pk=row.pk,
        membership_id=world.member.pk,
        level=AwardLevel.PROVINCE,
        recipient_kind=INDIVIDUAL,
        system=AwardSystem.STATE,
        form_code="BKT",
        form_name="Bằng khen của UBND tỉnh",
        recipient="Cán bộ 017",
        occasions=1,
        is_direct_worker=True,
        decision_number="12/QĐ-UBND",
        decided_on=date(2021, 6, 3),
    )
    assert record.text == "Bằng khen của UBND tỉnh: Cán bộ 017 (12/QĐ-UBND, 03/06/2021)"


def test_list_says_its_number_of_occasions(world):
    award(
        world.member,
        occasions=12,
        recipient="Danh sách 12 cán bộ",
        award_form=AwardFormFactory(name="Giấy khen"),
        decision=DecisionFactory(cluster=world.cluster, number="9-QĐ/VP"),
    )

    [record] = records.counted_records(world.year)

    assert record.text == "Giấy khen × 12: Danh sách 12 cán bộ (9-QĐ/VP, 20/05/2021)"


def test_records_stand_by_unit_and_date_in_a_total_order(world):
    late = DecisionFactory(cluster=world.cluster, decided_on=date(2021, 9, 1))
    of_the_fourth = award(world.other)
    later, first, second = award(world.leader, decision=late), award(world.leader), award(world.leader)

    found = [record.pk for record in records.counted_records(world.year)]

    assert found == [first.pk, second.pk, later.pk, of_the_fourth.pk]


def test_other_systems_are_asked_for_by_name(world):
    party = award(world.member, award_form=AwardFormFactory(party=True))
    award(world.member)

    assert [record.pk for record in records.counted_records(world.year, AwardSystem.PARTY)] == [party.pk]


def mixed(world):
    """Levels, kinds and direct workers of three units, beside everything that does not count."""
    not_counted(world)
    for place, member in enumerate(world.members[1:], start=1):
        for level in AwardLevel:
            form = AwardFormFactory(level=level)
            award(member, award_form=form, recipient_kind=COLLECTIVE, occasions=place)
            award(member, award_form=form, occasions=3 * place, is_direct_worker=True)
            award(member, award_form=form, occasions=place, is_direct_worker=False)
            award(member, award_form=form, occasions=1)


def test_records_add_up_to_the_tally_of_every_unit_level_and_kind(world):
    mixed(world)

    found = records.counted_records(world.year)

    for row in queries.tally(world.year).units:
        for level in AwardLevel.values:
            for kind in (COLLECTIVE, INDIVIDUAL):
                own = [one for one in found if one.membership_id == row.membership.pk]
                total = sum(one.occasions for one in own if (one.level, one.recipient_kind) == (level, kind))
                assert total == getattr(row.levels[level], kind)


def test_direct_workers_of_a_unit_are_those_of_its_tally(world):
    mixed(world)

    found = records.direct_workers(world.year)

    assert list(found) == [member.pk for member in world.members]
    for member in world.members:
        tally = queries.tally(world.year, [member])
        assert (found[member.pk].direct, found[member.pk].individuals, found[member.pk].percent) == (
            tally.direct_worker_count,
            tally.total.individual,
            tally.direct_worker_percent,
        )


def test_direct_workers_name_the_individual_rows_alone(world):
    direct = award(world.member, occasions=2, is_direct_worker=True)
    other = award(world.member)
    award(world.member, recipient_kind=COLLECTIVE)

    found = records.direct_workers(world.year)[world.member.pk]

    assert found == records.DirectWorkers(direct=2, individuals=3, record_pks=(direct.pk, other.pk))
    assert found.percent == Decimal("66.67")
    assert records.direct_workers(world.year)[world.other.pk].percent is None


# --- Campaigns ---


def test_campaign_record_carries_campaign_and_part(world):
    campaign = CampaignFactory(year=world.year, concluded=True, code="CD-7", title="Dân vận khéo")
    row = CampaignParticipationFactory(campaign=campaign, membership=world.member, reported=True, note="12-BC")
    CampaignParticipationFactory(membership=world.foreign.member)

    [record] = records.campaign_records(world.year)

    assert record == records.CampaignRecord(
        pk=row.pk,
        membership_id=world.member.pk,
        campaign_pk=campaign.pk,
        code="CD-7",
        title="Dân vận khéo",
        kind=CampaignKind.THEMATIC,
        campaign_status=CampaignStatus.CONCLUDED,
        status="reported",
        note="12-BC",
    )
    assert record.text == "CD-7: Dân vận khéo"


@pytest.mark.parametrize(
    ("campaign_status", "status", "is_reported", "is_concluded"),
    [
        ("concluded", "reported", True, True),
        ("concluded", "active", False, False),
        ("reviewed", "reported", True, False),
        ("launched", "registered", False, False),
    ],
)
def test_joined_and_concluded_needs_the_report_and_the_end(world, campaign_status, status, is_reported, is_concluded):
    campaign = CampaignFactory(year=world.year, status=campaign_status)
    CampaignParticipationFactory(campaign=campaign, membership=world.member, status=status)

    [record] = records.campaign_records(world.year)

    assert (record.is_reported, record.is_concluded) == (is_reported, is_concluded)


# --- Registered titles ---


def test_registered_is_compared_title_by_title_and_capped(world):
    worker, flag = AwardFormFactory(code="LDTT"), AwardFormFactory(code="COT")
    first = TitleRegistrationFactory(membership=world.member, award_form=worker, count=10)
    TitleRegistrationFactory(membership=world.member, award_form=flag, recipient_kind=COLLECTIVE, count=4)
    counted = award(world.member, award_form=worker, occasions=12)
    award(world.member, award_form=worker, recipient_kind=COLLECTIVE, occasions=100)
    award(world.member, award_form=flag, recipient_kind=COLLECTIVE, occasions=1)
    award(world.other, award_form=worker, occasions=100)
    not_counted(world)

    found = records.registered_against_awarded(world.year)[world.member.pk]

    assert (found.registered, found.awarded, found.percent) == (14, 11, Decimal("78.57"))
    assert [(one.form_code, one.awarded, one.counted) for one in found.records] == [("COT", 1, 1), ("LDTT", 12, 10)]
    assert (found.records[1].pk, found.records[1].commendation_pks) == (first.pk, (counted.pk,))
    assert found.records[1].percent == Decimal("100.00")


def test_unit_that_registered_nothing_has_no_percent(world):
    award(world.member)

    found = records.registered_against_awarded(world.year)

    assert list(found) == [member.pk for member in world.members]
    assert (found[world.member.pk].registered, found[world.member.pk].percent) == (0, None)


def test_title_is_the_same_after_the_law_changed_within_the_year(world):
    old = AwardFormFactory(code="LDTT", valid_to=date(2021, 3, 31))
    new = AwardFormFactory(code="LDTT", valid_from=date(2021, 4, 1))
    TitleRegistrationFactory(membership=world.member, award_form=old, count=10)
    award(world.member, award_form=new, occasions=7)

    assert records.registered_against_awarded(world.year)[world.member.pk].awarded == 7


def test_registrable_forms_are_of_the_state_and_in_force_in_the_tally_period(world):
    AwardFormFactory(code="A", valid_to=date(2020, 12, 31))
    AwardFormFactory(code="B", valid_from=date(2022, 1, 1))
    AwardFormFactory(code="C", party=True)
    last = AwardFormFactory(code="D", valid_to=date(2021, 1, 1))
    newest = AwardFormFactory(code="D", valid_from=date(2021, 1, 2))

    assert list(records.registrable_forms(world.year)) == [newest, last]


# --- Cost ---


@pytest.mark.parametrize("unit_count", [2, 9])
@pytest.mark.parametrize(
    ("read", "count"),
    [
        (records.counted_records, 1),
        (records.campaign_records, 1),
        (records.direct_workers, 2),  # commendations, roster
        (records.registered_against_awarded, 3),  # commendations, registrations, roster
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_all_units_are_read_in_a_fixed_number_of_queries(read, count, unit_count, django_assert_num_queries):
    world = two_clusters(unit_count)
    campaign, form = CampaignFactory(year=world.year, launched=True), AwardFormFactory()
    for member in world.members:
        award(member, award_form=form)
        CampaignParticipationFactory(campaign=campaign, membership=member)
        TitleRegistrationFactory(membership=member, award_form=form)
    year = EmulationYear.objects.select_related("rules").get(pk=world.year.pk)

    with django_assert_num_queries(count):
        read(year)
