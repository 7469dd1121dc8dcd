from datetime import date

import pytest

from awards import queries
from awards.enums import AwardLevel, CampaignKind, CampaignOrigin, CampaignStatus, RecipientKind
from tests.factories.awards import (
    AwardFormFactory,
    BaseSalaryFactory,
    CampaignFactory,
    CommendationFactory,
    PledgeFactory,
    PledgeSignatureFactory,
)
from tests.scenarios import NOW, two_clusters

pytestmark = pytest.mark.django_db


def build_world():
    return two_clusters()


@pytest.mark.parametrize(
    ("person", "is_published", "sees"),
    [
        ("officer", False, "own"),
        ("other_signatory", False, "none"),
        ("other_signatory", True, "all"),
        ("leader_signatory", False, "all"),
        ("deputy_signatory", False, "all"),
        ("secretariat", False, "all"),
        ("secretariat_at_home", False, "all"),
        ("observer", False, "all"),
        ("administrator", True, "none"),
    ],
)
def test_register_shows_what_the_person_may_see(world, person, is_published, sees):
    own = CommendationFactory(membership=world.member)
    leaders = CommendationFactory(membership=world.leader)
    CommendationFactory(membership=world.foreign.member)
    world.year.published_at = NOW if is_published else None

    rows = queries.visible_commendations(getattr(world, person), world.year)

    assert set(rows) == {"own": {own}, "all": {own, leaders}, "none": set()}[sees]


def test_unconfirmed_counts_are_occasions_by_unit(world):
    CommendationFactory(membership=world.member, occasions=3)
    CommendationFactory(membership=world.member, occasions=4)
    CommendationFactory(membership=world.member, confirmed=True)
    CommendationFactory(membership=world.other, revoked=True)
    CommendationFactory(membership=world.foreign.member)

    assert queries.unconfirmed_counts(world.year) == {world.member.pk: 7}


def test_namesakes_are_other_rows_of_the_unit_that_read_the_same(world):
    first = CommendationFactory(membership=world.member, recipient="Cán bộ 017")
    new = CommendationFactory(membership=world.member, recipient="Can Bo 017")
    CommendationFactory(membership=world.other, recipient="Cán bộ 017")
    CommendationFactory(membership=world.member, recipient="Cán bộ 017", revoked=True)

    assert queries.namesakes([new]) == [first]


@pytest.mark.parametrize(
    ("day", "amount"),
    [(date(2019, 6, 30), None), (date(2019, 7, 1), 1_490_000), (date(2023, 7, 1), 1_800_000)],
)
def test_base_salary_is_the_one_in_force_on_the_day(day, amount):
    BaseSalaryFactory()
    BaseSalaryFactory(amount=1_800_000, valid_from=date(2023, 7, 1))

    found = queries.base_salary_on(day)

    assert (found and found.amount) == amount


def test_award_forms_are_those_in_force_on_the_day():
    old = AwardFormFactory(code="GK", valid_to=date(2023, 12, 31))
    new = AwardFormFactory(code="GK", valid_from=date(2024, 1, 1))

    assert list(queries.award_forms_on(date(2023, 12, 31))) == [old]
    assert list(queries.award_forms_on(date(2024, 1, 1))) == [new]


def test_campaign_kinds_are_counted_apart_by_who_launched_them(world):
    launched = {"year": world.year, "status": CampaignStatus.LAUNCHED}
    CampaignFactory(kind=CampaignKind.REGULAR, **launched)
    CampaignFactory.create_batch(2, origin=CampaignOrigin.JOINED, **launched)
    CampaignFactory(origin=CampaignOrigin.UNIT, membership=world.member, **launched)
    CampaignFactory(own_drive=True, membership=world.member, year=world.year, concluded=True)
    CampaignFactory(year=world.year)
    CampaignFactory(year=world.foreign.year, status=CampaignStatus.LAUNCHED)

    counts = queries.campaign_counts(world.year)

    assert counts.regular == queries.KindCount(cluster=1, unit=0, joined=0, prepared=0)
    assert counts.thematic == queries.KindCount(cluster=0, unit=1, joined=2, prepared=1)
    assert counts.drive == queries.KindCount(cluster=0, unit=1, joined=0, prepared=0)
    assert (counts.regular.total, counts.thematic.total, counts.drive.total) == (1, 3, 1)


def test_campaign_carries_the_occasions_it_brought(world):
    campaign = CampaignFactory(year=world.year, launched=True)
    CampaignFactory(year=world.year, launched=True, code="Z")
    form = AwardFormFactory(level=AwardLevel.PROVINCE)
    fields = {"membership": world.member, "campaign": campaign, "award_form": form, "type": "thematic"}
    CommendationFactory(confirmed=True, occasions=3, **fields)
    CommendationFactory(confirmed=True, occasions=2, recipient_kind=RecipientKind.COLLECTIVE, **fields)
    CommendationFactory(occasions=50, **fields)

    rows = {row.code: row for row in queries.year_campaigns(world.year)}

    brought = rows[campaign.code]
    assert (brought.collective_count, brought.individual_count, brought.household_count) == (2, 3, 0)
    assert (rows["Z"].collective_count, rows["Z"].individual_count) == (0, 0)
    assert [part.subtotal.total for part in queries.campaign_tally(campaign)] == [0, 5, 0]


def test_board_shows_every_member_and_who_has_not_signed(world):
    pledge = PledgeFactory(year=world.year, open=True)
    signature = PledgeSignatureFactory(pledge=pledge, membership=world.deputy)

    board = queries.pledge_board(pledge)

    assert [(row.membership, row.signature) for row in board] == [
        (member, signature if member == world.deputy else None) for member in world.members
    ]
    assert queries.unsigned(world.year) == [world.leader, world.member, world.other]


def test_without_a_pledge_nobody_has_signed(world):
    assert queries.pledge_of(world.year) is None
    assert queries.unsigned(world.year) == world.members
