import pytest

from cluster_app.audit import verification
from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotAllowed, Refused, WrongState
from members.enums import PendingKind
from members.services import pending
from tests.factories.members import AssignmentFactory
from tests.scenarios import NOW, two_clusters

pytestmark = pytest.mark.django_db


def build_world():
    return two_clusters()


def propose(world, **more):
    arguments = {"kind": PendingKind.PUBLISH, "thing": world.year, "year": world.year, "digest": "d1"}
    return pending.propose(**arguments | more, by=world.leader_signatory, at=NOW)


def test_propose_keeps_who_and_what_was_seen(world):
    step = propose(world, reason="  Đã đủ phiếu  ")

    assert (step.proposed_by, step.digest, step.reason, step.closed_at) == (
        world.leader_signatory,
        "d1",
        "Đã đủ phiếu",
        None,
    )
    assert AuditEvent.objects.first().verb == "publish.propose"
    assert pending.open_step(PendingKind.PUBLISH, world.year) == step
    assert pending.open_step(PendingKind.CONCLUDE, world.year) is None


def test_propose_twice_is_refused_with_the_sentence(world):
    propose(world)

    with pytest.raises(Refused, match="waits for the second person"):
        propose(world)


def test_confirm_by_another_person_closes_the_step_without_an_event_of_its_own(world):
    step = propose(world)
    events = AuditEvent.objects.count()

    confirmed = pending.confirm(step=step, by=world.deputy_signatory, at=NOW)

    assert (confirmed.confirmed_by, confirmed.closed_at) == (world.deputy_signatory, NOW)
    assert pending.open_step(PendingKind.PUBLISH, world.year) is None
    assert AuditEvent.objects.count() == events


def test_confirm_by_the_same_person_is_not_allowed(world):
    step = propose(world)

    with pytest.raises(NotAllowed, match="second person"):
        pending.confirm(step=step, by=world.leader_signatory, at=NOW)


def test_confirm_by_a_second_signatory_of_the_same_unit_is_not_allowed(world):
    step = propose(world)
    colleague = AssignmentFactory(unit=world.leader.unit).user

    with pytest.raises(NotAllowed, match="another unit"):
        pending.confirm(step=step, by=colleague, at=NOW)


def test_confirm_twice_says_already_done(world):
    step = propose(world)
    pending.confirm(step=step, by=world.deputy_signatory, at=NOW)

    with pytest.raises(WrongState, match="already done"):
        pending.confirm(step=step, by=world.secretariat, at=NOW)


def test_withdraw_closes_the_step_and_is_in_the_log(world):
    step = propose(world)

    pending.withdraw(step=step, by=world.deputy_signatory, at=NOW)

    assert pending.open_step(PendingKind.PUBLISH, world.year) is None
    assert AuditEvent.objects.first().verb == "publish.withdraw"
    assert verification.verify().problem == ""
    with pytest.raises(WrongState):
        pending.withdraw(step=step, by=world.deputy_signatory, at=NOW)


def test_propose_again_after_withdrawal_is_possible(world):
    pending.withdraw(step=propose(world), by=world.leader_signatory, at=NOW)

    assert propose(world).closed_at is None
