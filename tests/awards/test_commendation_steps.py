"""What happens to a row of the register: edited, confirmed, revoked, and found in the log."""

import json

import pytest

from awards.calculations import fingerprint
from awards.enums import CommendationStatus
from awards.models import Commendation
from awards.services import commendations
from cluster_app.audit.models import AuditEvent
from cluster_app.audit.verification import verify
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, Stale, WrongState
from tests.awards.recording import facts, record
from tests.factories.awards import CommendationFactory
from tests.scenarios import NOW, two_clusters

pytestmark = pytest.mark.django_db


def build_world():
    return two_clusters()


def test_unit_edits_its_row_until_it_is_confirmed(world):
    commendation = record(world)

    commendations.edit(
        commendation=commendation,
        decision=commendation.decision,
        row=facts(world, recipient="Cán bộ 018", award_form=commendation.award_form),
        by=world.officer,
        at=NOW,
        seen=fingerprint(commendation),
    )

    commendation.refresh_from_db()
    assert (commendation.recipient, commendation.search_text) == ("Cán bộ 018", "can bo 018")
    assert commendation.confirmed_at is None


def test_edit_of_a_confirmed_row_by_the_secretariat_is_a_new_confirmation(world):
    commendation = CommendationFactory(membership=world.member, confirmed=True)
    row = facts(world, award_form=commendation.award_form, occasions=3)

    commendations.edit(commendation=commendation, decision=commendation.decision, row=row, by=world.secretariat, at=NOW)

    commendation.refresh_from_db()
    assert (commendation.occasions, commendation.confirmed_by, commendation.confirmed_at) == (
        3,
        world.secretariat,
        NOW,
    )


def test_edit_of_a_confirmed_row_cannot_bring_it_to_the_home_unit(world):
    commendation = CommendationFactory(membership=world.other, confirmed=True)

    with pytest.raises(NotAllowed):
        commendations.edit(
            commendation=commendation,
            decision=commendation.decision,
            row=facts(world, award_form=commendation.award_form),
            by=world.secretariat_at_home,
            at=NOW,
        )


def test_edit_of_a_row_changed_meanwhile_is_stale(world):
    commendation = record(world)
    seen = fingerprint(commendation)
    Commendation.objects.filter(pk=commendation.pk).update(occasions=2)

    with pytest.raises(Stale):
        commendations.edit(
            commendation=commendation,
            decision=commendation.decision,
            row=facts(world, occasions=5),
            by=world.officer,
            at=NOW,
            seen=seen,
        )

    commendation.refresh_from_db()
    assert commendation.occasions == 2


def test_confirm_in_bulk_makes_rows_count_and_writes_one_event_each(world):
    waiting = CommendationFactory.create_batch(2, membership=world.member)
    done = CommendationFactory(membership=world.member, confirmed=True)
    events = AuditEvent.objects.count()

    confirmed = commendations.confirm(year=world.year, commendations=[*waiting, done], by=world.secretariat, at=NOW)

    assert confirmed == waiting
    assert AuditEvent.objects.count() == events + 2
    for row in waiting:
        row.refresh_from_db()
        assert (row.confirmed_by, row.confirmed_at) == (world.secretariat, NOW)
    done.refresh_from_db()
    assert done.confirmed_by != world.secretariat


def test_confirm_twice_says_it_is_done(world):
    commendation = CommendationFactory(membership=world.member)
    commendations.confirm(year=world.year, commendations=[commendation], by=world.secretariat, at=NOW)

    with pytest.raises(WrongState):
        commendations.confirm(year=world.year, commendations=[commendation], by=world.secretariat, at=NOW)


def test_confirm_with_a_row_of_the_home_unit_changes_nothing(world):
    own = CommendationFactory(membership=world.member)
    other = CommendationFactory(membership=world.other)

    with pytest.raises(NotAllowed):
        commendations.confirm(year=world.year, commendations=[own, other], by=world.secretariat_at_home, at=NOW)

    assert not Commendation.objects.filter(confirmed_at__isnull=False).exists()


def test_confirm_of_a_row_changed_since_it_was_shown_is_stale(world):
    first, second = CommendationFactory.create_batch(2, membership=world.member)
    seen = {first.pk: fingerprint(first), second.pk: fingerprint(second)}
    Commendation.objects.filter(pk=second.pk).update(occasions=40)

    with pytest.raises(Stale):
        commendations.confirm(year=world.year, commendations=[first, second], by=world.secretariat, at=NOW, seen=seen)

    assert not Commendation.objects.filter(confirmed_at__isnull=False).exists()


def test_confirm_of_a_row_of_another_cluster_is_unknown(world):
    foreign = CommendationFactory(membership=world.foreign.member)

    with pytest.raises(NotKnown):
        commendations.confirm(year=world.year, commendations=[foreign], by=world.secretariat, at=NOW)


def test_revoked_row_stays_with_its_reason(world):
    commendation = CommendationFactory(membership=world.member, confirmed=True)

    commendations.revoke(
        commendation=commendation, reason=" Kê khai không đúng thành tích ", by=world.secretariat, at=NOW
    )

    commendation.refresh_from_db()
    assert (commendation.status, commendation.revoked_reason) == (
        CommendationStatus.REVOKED,
        "Kê khai không đúng thành tích",
    )


def test_revoke_without_a_reason_is_refused(world):
    commendation = CommendationFactory(membership=world.member, confirmed=True)

    with pytest.raises(Refused):
        commendations.revoke(commendation=commendation, reason="sai", by=world.secretariat, at=NOW)


@pytest.mark.parametrize("act", ["edit", "confirm", "revoke"])
def test_revoked_row_is_final(world, act):
    commendation = CommendationFactory(membership=world.member, revoked=True)
    by, at = world.secretariat, NOW
    acts = {
        "edit": lambda: commendations.edit(
            commendation=commendation, decision=commendation.decision, row=facts(world), by=by, at=at
        ),
        "confirm": lambda: commendations.confirm(year=world.year, commendations=[commendation], by=by, at=at),
        "revoke": lambda: commendations.revoke(commendation=commendation, reason="Kê khai sai lần hai", by=by, at=at),
    }

    with pytest.raises(WrongState):
        acts[act]()


def test_every_act_leaves_the_full_row_in_the_log(world):
    commendation = record(world)
    commendations.edit(
        commendation=commendation,
        decision=commendation.decision,
        row=facts(world, occasions=2),
        by=world.officer,
        at=NOW,
    )
    commendations.confirm(year=world.year, commendations=[commendation], by=world.secretariat, at=NOW)
    commendations.revoke(commendation=commendation, reason="Kê khai không đúng", by=world.secretariat, at=NOW)

    key = f"awards.commendation:{commendation.pk}"
    events = AuditEvent.objects.filter(object_key=key).order_by("sequence")
    assert [event.verb for event in events] == [
        "commendation.record",
        "commendation.edit",
        "commendation.confirm",
        "commendation.revoke",
    ]
    assert all(key in json.loads(event.payload)["rows"] for event in events)
    assert json.loads(events.last().payload)["reason"] == "Kê khai không đúng"
    assert verify().problem == ""


def test_row_changed_behind_the_services_is_found_by_the_log(world):
    commendation = record(world)

    Commendation.objects.filter(pk=commendation.pk).update(occasions=500)

    assert f"awards.commendation:{commendation.pk}" in verify().problem


def test_failing_log_leaves_no_row(world, monkeypatch):
    def fail(**kwargs):
        raise RuntimeError("no log")

    monkeypatch.setattr("cluster_app.audit.log.append", fail)
    with pytest.raises(RuntimeError):
        record(world)

    assert not Commendation.objects.exists()
