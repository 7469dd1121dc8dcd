from dataclasses import replace
from datetime import date

import pytest

from awards.calculations import fingerprint
from awards.enums import CampaignKind, CampaignOrigin, CampaignStatus
from awards.models import Campaign
from awards.services import campaigns
from awards.services.campaigns import CampaignFacts
from awards.workflow import CAMPAIGN
from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, Stale, WrongState
from members.enums import Phase
from tests.factories.awards import CampaignFactory
from tests.scenarios import NOW, two_clusters

pytestmark = pytest.mark.django_db

FACTS = CampaignFacts(
    code="CD-1",
    title="Tham mưu giỏi, hướng dẫn tốt",
    kind=CampaignKind.THEMATIC,
    origin=CampaignOrigin.CLUSTER,
    launching_authority="Cụm Thi đua",
    starts_on=date(2021, 3, 1),
)
REASON = "Bổ sung kết quả của hai đơn vị"


def build_world():
    return two_clusters()


def own_drive(membership):
    return replace(FACTS, kind=CampaignKind.DRIVE, origin=CampaignOrigin.UNIT, membership=membership)


@pytest.mark.parametrize("person", ["leader_signatory", "secretariat", "secretariat_at_home"])
def test_campaign_of_the_cluster_is_prepared_by_leader_or_secretariat(world, person):
    campaign = campaigns.create(year=world.year, facts=FACTS, by=getattr(world, person), at=NOW)

    assert (campaign.status, campaign.title) == (CampaignStatus.PREPARED, "Tham mưu giỏi, hướng dẫn tốt")


@pytest.mark.parametrize("person", ["officer", "signatory", "deputy_signatory", "observer"])
def test_campaign_of_the_cluster_is_refused_to_others(world, person):
    with pytest.raises(NotAllowed):
        campaigns.create(year=world.year, facts=FACTS, by=getattr(world, person), at=NOW)


@pytest.mark.parametrize("person", ["administrator", "stranger"])
def test_campaign_is_unknown_to_people_outside(world, person):
    with pytest.raises(NotKnown):
        campaigns.create(year=world.year, facts=FACTS, by=getattr(world, person), at=NOW)


@pytest.mark.parametrize("person", ["officer", "signatory", "secretariat"])
def test_own_drive_is_prepared_by_the_unit_or_the_secretariat(world, person):
    campaign = campaigns.create(year=world.year, facts=own_drive(world.member), by=getattr(world, person), at=NOW)

    assert campaign.membership == world.member


@pytest.mark.parametrize("person", ["other_officer", "leader_signatory", "deputy_signatory", "observer"])
def test_drive_of_another_unit_is_refused(world, person):
    with pytest.raises(NotAllowed):
        campaigns.create(year=world.year, facts=own_drive(world.member), by=getattr(world, person), at=NOW)


def test_thematic_campaign_of_a_unit_is_the_clusters_to_write(world):
    facts = replace(FACTS, origin=CampaignOrigin.UNIT, membership=world.member)

    with pytest.raises(NotAllowed):
        campaigns.create(year=world.year, facts=facts, by=world.signatory, at=NOW)
    assert campaigns.create(year=world.year, facts=facts, by=world.secretariat, at=NOW).pk


def test_unit_cannot_turn_its_drive_into_a_campaign_of_the_cluster(world):
    campaign = campaigns.create(year=world.year, facts=own_drive(world.member), by=world.officer, at=NOW)

    with pytest.raises(NotAllowed):
        campaigns.edit(campaign=campaign, facts=FACTS, by=world.officer, at=NOW)

    campaign.refresh_from_db()
    assert campaign.kind == CampaignKind.DRIVE


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"origin": CampaignOrigin.UNIT}, "campaign_of_a_unit_names_it"),
        ({"ends_on": date(2021, 2, 28)}, "campaign_dates_in_order"),
    ],
)
def test_contradictions_are_refused_by_the_constraint(world, changes, message):
    constraint = next(one for one in Campaign._meta.constraints if one.name == message)

    with pytest.raises(Refused, match=str(constraint.violation_error_message)):
        campaigns.create(year=world.year, facts=replace(FACTS, **changes), by=world.secretariat, at=NOW)


def test_same_code_twice_in_a_year_is_refused(world):
    CampaignFactory(year=world.year, code="CD-1")
    CampaignFactory(year=world.foreign.year, code="CD-1")

    with pytest.raises(Refused, match=str(Campaign._meta.constraints[0].violation_error_message)):
        campaigns.create(year=world.year, facts=FACTS, by=world.secretariat, at=NOW)


@pytest.mark.parametrize("whose", ["own", "foreign"])
def test_unit_is_named_only_if_it_launched_and_is_a_member(world, whose):
    facts = {
        "own": replace(FACTS, membership=world.member),
        "foreign": replace(FACTS, origin=CampaignOrigin.UNIT, membership=world.foreign.member),
    }[whose]

    with pytest.raises(Refused) as refusal:
        campaigns.create(year=world.year, facts=facts, by=world.secretariat, at=NOW)

    assert list(refusal.value.errors) == ["membership"]


def test_edit_of_a_campaign_changed_meanwhile_is_stale(world):
    campaign = CampaignFactory(year=world.year)
    seen = fingerprint(campaign)
    Campaign.objects.filter(pk=campaign.pk).update(slogan="Khẩu hiệu mới")

    with pytest.raises(Stale):
        campaigns.edit(campaign=campaign, facts=FACTS, by=world.secretariat, at=NOW, seen=seen)


@pytest.mark.parametrize(
    ("missing", "count"), [({"objectives": " "}, 1), ({"document_number": "", "document_on": None}, 2)]
)
def test_launch_names_everything_that_is_missing(world, missing, count):
    campaign = CampaignFactory(year=world.year, **missing)

    with pytest.raises(Refused) as refusal:
        campaigns.launch(campaign=campaign, by=world.secretariat, at=NOW)

    assert len(refusal.value.missing) == count


def test_campaign_joined_from_above_is_launched_without_a_paper_of_the_cluster(world):
    campaign = CampaignFactory(year=world.year, origin=CampaignOrigin.JOINED, document_number="", document_on=None)

    campaigns.launch(campaign=campaign, by=world.secretariat, at=NOW)

    campaign.refresh_from_db()
    assert campaign.status == CampaignStatus.LAUNCHED


STEPS = {
    "edit": lambda campaign, by: campaigns.edit(campaign=campaign, facts=FACTS, by=by, at=NOW),
    "launch": lambda campaign, by: campaigns.launch(campaign=campaign, by=by, at=NOW),
    "review": lambda campaign, by: campaigns.review(campaign=campaign, by=by, at=NOW),
    "conclude": lambda campaign, by: campaigns.conclude(campaign=campaign, results="Hoàn thành", by=by, at=NOW),
    "reopen": lambda campaign, by: campaigns.reopen(campaign=campaign, reason=REASON, by=by, at=NOW),
}
# From each state, where each step leads; steps not named are refused.
WAYS = {
    "prepared": {"edit": "prepared", "launch": "launched"},
    "launched": {"edit": "launched", "review": "reviewed", "conclude": "concluded"},
    "reviewed": {"edit": "reviewed", "conclude": "concluded"},
    "concluded": {"reopen": "launched"},
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", CampaignStatus.values)
def test_step_leads_where_the_table_says(world, status, step):
    campaign = CampaignFactory(year=world.year, status=status)

    if step in WAYS[status]:
        STEPS[step](campaign, world.secretariat)
    else:
        with pytest.raises(WrongState):
            STEPS[step](campaign, world.secretariat)

    campaign.refresh_from_db()
    assert campaign.status == WAYS[status].get(step, status)


@pytest.mark.parametrize("step", STEPS)
def test_step_is_refused_to_those_who_do_not_write_the_campaign(world, step):
    sources = {name: min(CAMPAIGN.transitions[name].sources) for name in STEPS}
    campaign = CampaignFactory(year=world.year, status=sources[step])

    with pytest.raises(NotAllowed):
        STEPS[step](campaign, world.signatory)


@pytest.mark.parametrize("step", STEPS)
def test_step_is_refused_in_an_archived_year(world, step):
    campaign = CampaignFactory(year=world.year, status=min(CAMPAIGN.transitions[step].sources))
    world.year.phase = Phase.ARCHIVED
    world.year.save()

    with pytest.raises(WrongState):
        STEPS[step](campaign, world.secretariat)


def test_conclusion_needs_the_results(world):
    campaign = CampaignFactory(year=world.year, launched=True)

    with pytest.raises(Refused) as refusal:
        campaigns.conclude(campaign=campaign, results=" ", by=world.secretariat, at=NOW)

    assert list(refusal.value.errors) == ["results"]


def test_reopening_needs_a_reason_and_keeps_it_in_the_log(world):
    campaign = CampaignFactory(year=world.year, concluded=True)

    with pytest.raises(Refused):
        campaigns.reopen(campaign=campaign, reason="sai", by=world.secretariat, at=NOW)
    campaigns.reopen(campaign=campaign, reason=REASON, by=world.secretariat, at=NOW)

    assert REASON in AuditEvent.objects.get(verb="campaign.reopen").payload
