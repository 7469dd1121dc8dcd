"""Eight persons click at the same moment: one effect, and the others read why not."""

import pytest

from cluster_app.audit import verification
from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import Refused, WrongState
from members.enums import MemberRole, PendingKind, Phase
from members.models import EmulationYear, Membership, PendingStep, User
from members.services import accounts, memberships, pending, years
from tests.scenarios import NOW, fresh, two_clusters
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

COUNT = 8
REASON = "Theo biên bản họp Cụm ngày 20/11/2021"


@pytest.fixture(autouse=True)
def _rules_of_members_alone(monkeypatch):
    monkeypatch.setattr(years, "_checks", {})
    monkeypatch.setattr(years, "_follow_ups", {})


def kinds(outcomes):
    return sorted(type(outcome).__name__ for outcome in outcomes)


def test_move_by_eight_at_once_moves_once():
    world = two_clusters(phase=Phase.RUNNING)

    outcomes = at_once(
        COUNT,
        lambda number: years.move(year=world.year, to=Phase.SELF_SCORING, by=fresh(world.secretariat), at=NOW),
    )

    assert kinds(outcomes) == ["EmulationYear"] + ["WrongState"] * 7
    assert AuditEvent.objects.filter(verb="year.open_self_scoring").count() == 1
    assert verification.verify().problem == ""


def test_propose_by_eight_at_once_is_open_once():
    world = two_clusters(phase=Phase.CONFERENCE)

    outcomes = at_once(
        COUNT,
        lambda number: years.propose(year=world.year, to=Phase.CONCLUDED, by=fresh(world.leader_signatory), at=NOW),
    )

    assert kinds(outcomes) == ["PendingStep"] + ["Refused"] * 7
    assert PendingStep.objects.count() == 1


def test_confirm_by_eight_at_once_confirms_once():
    world = two_clusters(phase=Phase.CONFERENCE)
    step = pending.propose(
        kind=PendingKind.CONCLUDE, thing=world.year, year=world.year, by=world.leader_signatory, at=NOW
    )

    outcomes = at_once(COUNT, lambda number: pending.confirm(step=step, by=fresh(world.deputy_signatory), at=NOW))

    assert kinds(outcomes) == ["PendingStep"] + ["WrongState"] * 7


def test_new_leaders_at_once_leave_one_leader_and_one_deputy():
    world = two_clusters(unit_count=9)

    outcomes = at_once(
        COUNT,
        lambda number: memberships.change_role(
            membership=world.members[number + 1],
            role=MemberRole.LEADER,
            reason=REASON,
            by=fresh(world.secretariat),
            at=NOW,
        ),
    )

    assert [outcome for outcome in outcomes if not isinstance(outcome, Membership)] == []
    roles = list(Membership.objects.filter(year=world.year).values_list("role", flat=True))
    assert (roles.count(MemberRole.LEADER), roles.count(MemberRole.DEPUTY)) == (1, 1)
    assert verification.verify().problem == ""


def test_last_two_administrators_do_not_close_each_other():
    world = two_clusters()
    second = accounts.make_account(username="quantri2", role="administrator", by=world.administrator, at=NOW)
    persons = [world.administrator, User.objects.get(username=second.username)]

    outcomes = at_once(
        2,
        lambda number: accounts.disable(user=persons[1 - number], by=fresh(persons[number]), at=NOW),
    )

    assert kinds(outcomes) == ["Refused", "User"]
    assert User.objects.filter(pk__in=[person.pk for person in persons], is_active=True).count() == 1


def test_create_of_the_same_year_at_once_opens_it_once():
    world = two_clusters()

    outcomes = at_once(
        COUNT, lambda number: years.create(cluster=world.cluster, year=2022, by=fresh(world.secretariat), at=NOW)
    )

    assert kinds(outcomes) == ["EmulationYear"] + ["Refused"] * 7
    assert all(isinstance(outcome, EmulationYear | Refused | WrongState) for outcome in outcomes)
