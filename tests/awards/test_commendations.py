"""The register: what is recorded, by whom, and what it leaves in the audit log."""

from dataclasses import replace
from datetime import date

import pytest

from awards.enums import CommendationStatus, CommendationType, RecipientKind
from awards.models import Commendation, Decision
from awards.services import commendations
from awards.services.commendations import RowsRefused
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, WrongState
from members.enums import Phase
from tests.awards.recording import DECISION, facts, record
from tests.factories.awards import AwardFormFactory, CampaignFactory, CommendationFactory, DecisionFactory
from tests.scenarios import NOW, two_clusters

pytestmark = pytest.mark.django_db


def build_world():
    return two_clusters()


def test_record_by_the_own_unit_waits_for_the_secretariat(world):
    commendation = record(world)

    assert (commendation.recorded_by, commendation.recorded_at) == (world.officer, NOW)
    assert commendation.confirmed_at is None
    assert commendation.status == CommendationStatus.AWARDED


def test_record_and_confirm_in_one_act_is_the_secretariats(world):
    commendation = record(world, by=world.secretariat, is_confirmed=True)

    assert (commendation.confirmed_by, commendation.confirmed_at) == (world.secretariat, NOW)


@pytest.mark.parametrize("person", ["officer", "signatory", "secretariat_at_home"])
def test_record_and_confirm_in_one_act_is_refused_to_the_own_unit(world, person):
    with pytest.raises(NotAllowed):
        record(world, by=getattr(world, person), is_confirmed=True)

    assert not Commendation.objects.exists()


@pytest.mark.parametrize("person", ["other_officer", "leader_signatory", "deputy_signatory", "observer"])
def test_record_for_another_unit_is_refused(world, person):
    with pytest.raises(NotAllowed):
        record(world, by=getattr(world, person))


@pytest.mark.parametrize("person", ["administrator", "stranger"])
def test_record_by_people_outside_is_refused(world, person):
    with pytest.raises(NotKnown):
        record(world, by=getattr(world, person))


def test_record_for_a_unit_of_another_cluster_is_refused(world):
    with pytest.raises(Refused, match="Đơn vị"):
        record(world, by=world.secretariat, membership=world.foreign.member)


def test_record_takes_a_decision_of_another_cluster_for_unknown(world):
    with pytest.raises(NotKnown):
        record(world, decision=DecisionFactory(cluster=world.foreign.cluster))


def test_decision_typed_again_is_the_one_on_record(world):
    record(world, recipient="Cán bộ 001")
    record(world, recipient="Cán bộ 002", by=world.secretariat)

    assert Decision.objects.count() == 1
    assert Decision.objects.get().commendations.count() == 2


def test_decision_of_today_is_accepted_and_of_tomorrow_refused(world):
    tomorrow = replace(DECISION, decided_on=date(2021, 11, 25))

    record(world, decision=replace(DECISION, decided_on=date(2021, 11, 24)))
    with pytest.raises(Refused) as refusal:
        record(world, decision=tomorrow)

    assert list(refusal.value.errors) == ["decided_on"]


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "is_accepted"),
    [
        (date(2021, 5, 20), date(2021, 5, 20), True),
        (date(2021, 5, 21), None, False),
        (date(2017, 1, 1), date(2021, 5, 19), False),
        (date(2017, 1, 1), None, True),
    ],
)
def test_form_must_be_in_force_on_the_day_of_the_decision(world, valid_from, valid_to, is_accepted):
    form = AwardFormFactory(valid_from=valid_from, valid_to=valid_to)

    if is_accepted:
        assert record(world, award_form=form).pk
    else:
        with pytest.raises(Refused) as refusal:
            record(world, award_form=form)
        assert list(refusal.value.errors) == ["award_form"]


@pytest.mark.parametrize("kind", RecipientKind.values)
def test_form_must_be_given_to_this_kind_of_recipient(world, kind):
    form = AwardFormFactory(is_for_individuals=False, is_for_collectives=True)

    if kind == RecipientKind.COLLECTIVE:
        assert record(world, award_form=form, recipient_kind=kind).pk
    else:
        with pytest.raises(Refused) as refusal:
            record(world, award_form=form, recipient_kind=kind)
        assert list(refusal.value.errors) == ["recipient_kind"]


def test_thematic_commendation_names_its_campaign(world):
    campaign = CampaignFactory(year=world.year)

    assert record(world, type=CommendationType.THEMATIC, campaign=campaign).campaign == campaign
    with pytest.raises(Refused) as refusal:
        record(world, type=CommendationType.THEMATIC, recipient="Cán bộ 018")
    assert list(refusal.value.errors) == ["campaign"]


def test_campaign_of_another_year_is_refused(world):
    with pytest.raises(Refused) as refusal:
        record(world, type=CommendationType.THEMATIC, campaign=CampaignFactory(year=world.foreign.year))

    assert list(refusal.value.errors) == ["campaign"]


@pytest.mark.parametrize(
    ("differences", "field"),
    [
        ({"recipient_kind": RecipientKind.COLLECTIVE, "is_direct_worker": True}, "is_direct_worker"),
        ({"recipient": "  "}, "recipient"),
    ],
)
def test_contradictions_are_refused_with_the_field(world, differences, field):
    with pytest.raises(Refused) as refusal:
        record(world, **differences)

    assert list(refusal.value.errors) == [field]


def test_row_of_no_occasion_is_refused(world):
    constraint = next(one for one in Commendation._meta.constraints if one.name == "commendation_occasions_positive")

    with pytest.raises(Refused, match=str(constraint.violation_error_message)):
        record(world, occasions=0)


@pytest.mark.parametrize("recipient", ["Cán bộ 017", "can bo 017", "CÁN  BỘ 017"])
def test_same_recipient_under_the_same_decision_and_form_is_refused(world, recipient):
    first = record(world)

    with pytest.raises(Refused, match=str(Commendation._meta.constraints[0].violation_error_message)):
        record(world, award_form=first.award_form, recipient=recipient)

    assert Commendation.objects.count() == 1


def test_same_recipient_under_another_decision_is_recorded(world):
    first = record(world)

    record(world, award_form=first.award_form, decision=replace(DECISION, number="13-QĐ/BTC"))

    assert Commendation.objects.count() == 2


def test_several_rows_are_all_or_none_and_each_is_told_its_reason(world):
    rows = [
        facts(world, recipient="Cán bộ 001"),
        facts(world, recipient="Tập thể", recipient_kind=RecipientKind.HOUSEHOLD),
        facts(world, recipient="Cán bộ 003", award_form=AwardFormFactory(valid_from=date(2024, 1, 1))),
    ]

    with pytest.raises(RowsRefused) as refusal:
        commendations.record_rows(year=world.year, decision=DECISION, rows=rows, by=world.officer, at=NOW)

    assert {place: list(row.errors) for place, row in refusal.value.rows.items()} == {
        1: ["recipient_kind"],
        2: ["award_form"],
    }
    assert not Commendation.objects.exists()
    assert not Decision.objects.exists()


def test_no_rows_are_refused(world):
    with pytest.raises(Refused):
        commendations.record_rows(year=world.year, decision=DECISION, rows=[], by=world.officer, at=NOW)


def test_after_publication_the_secretariat_enters_with_a_reason(world):
    world.year.published_at = NOW
    world.year.save()
    reason = "Quyết định ký ngày 20/12, gửi chậm"

    with pytest.raises(WrongState):
        record(world, by=world.officer, note=reason)
    with pytest.raises(Refused) as refusal:
        record(world, by=world.secretariat, note="chậm")

    assert list(refusal.value.errors) == ["note"]
    assert record(world, by=world.secretariat, note=reason).note == reason


def test_archived_year_refuses_every_act(world):
    commendation = CommendationFactory(membership=world.member)
    world.year.phase = Phase.ARCHIVED
    world.year.save()
    by, at = world.secretariat, NOW

    for act in (
        lambda: record(world, by=by),
        lambda: commendations.edit(
            commendation=commendation, decision=commendation.decision, row=facts(world), by=by, at=at
        ),
        lambda: commendations.confirm(year=world.year, commendations=[commendation], by=by, at=at),
        lambda: commendations.revoke(commendation=commendation, reason="Kê khai không đúng", by=by, at=at),
    ):
        with pytest.raises(WrongState):
            act()
