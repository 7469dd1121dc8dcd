"""Approving what was seen, freezing it in the database, and reopening it by two persons."""

import pytest
from django.db import IntegrityError, connection, transaction

from cluster_app.audit.models import AuditEvent
from cluster_app.lib import triggers
from cluster_app.lib.errors import NotAllowed, Refused, Stale, WrongState
from members.enums import AssignmentRole, MeetingKind, PendingKind, Phase, ResolutionKind
from members.models import PendingStep
from members.services import pending
from scoring.enums import ApprovalOffice, CardStatus
from scoring.models import Approval, Scorecard, ScoreLine
from scoring.services import approvals
from scoring.services.approvals import Seen
from tests.factories.members import MeetingFactory, ResolutionFactory
from tests.factories.scoring import ApprovalFactory, PublicationFactory
from tests.scenarios import NOW, fresh, two_clusters, with_part
from tests.scoring.cards import card_in, reread, reviewing_world, seen, state_of, truth_table

pytestmark = pytest.mark.django_db

REASON = "Đơn vị bổ sung quyết định khen thưởng"


def build_world():
    return reviewing_world()


def approve(card, user, what=None):
    return approvals.approve(seen=what or seen(card), by=user, at=NOW)


# --- who ---


def test_who_may_approve_in_which_status(world):
    assert truth_table(world, approve) == {
        CardStatus.DRAFT: "3 3 3 4 W 3 3 3 4",
        CardStatus.SUBMITTED: "3 3 3 4 W 3 3 3 4",
        CardStatus.RETURNED: "3 3 3 4 W 3 3 3 4",
        CardStatus.REVIEWED: "3 3 3 4 Y 3 3 3 4",
        CardStatus.APPROVED: "3 3 3 4 W 3 3 3 4",
    }


def test_the_leader_s_own_card_is_approved_by_the_deputy(world):
    card = card_in(CardStatus.REVIEWED, world.leader)

    with pytest.raises(NotAllowed, match="Cụm phó"):
        approve(card, world.leader_signatory)
    approval = approve(card, world.deputy_signatory)

    assert (approval.office, approval.approver_unit, approval.unit) == (
        ApprovalOffice.DEPUTY,
        world.deputy.unit,
        world.leader.unit,
    )


def test_officers_of_the_leader_s_unit_never_approve(world):
    card = card_in(CardStatus.REVIEWED, world.member)

    with pytest.raises(NotAllowed):
        approve(card, world.officers[0])


def test_who_reviewed_does_not_approve(world):
    card = card_in(CardStatus.REVIEWED, world.member)
    Scorecard.objects.filter(pk=card.pk).update(reviewed_by=world.leader_signatory)

    with pytest.raises(NotAllowed):
        approve(card, world.leader_signatory)


def test_a_third_unit_approves_only_by_the_minutes(world):
    card = card_in(CardStatus.REVIEWED, world.leader)
    Scorecard.objects.filter(pk=card.pk).update(reviewed_by=world.deputy_signatory)
    with pytest.raises(NotAllowed):
        approve(card, world.other_signatory)
    resolution = ResolutionFactory(
        meeting=MeetingFactory(year=world.year, kind=MeetingKind.REGULAR),
        kind=ResolutionKind.THIRD_UNIT,
        concerned=world.leader,
        named=world.other,
    )

    approval = approve(card, world.other_signatory)

    assert (approval.office, approval.resolution, approval.approver_unit) == (
        ApprovalOffice.THIRD_UNIT,
        resolution,
        world.other.unit,
    )


def test_who_works_in_the_secretariat_is_no_third_units_signatory(world):
    card = card_in(CardStatus.REVIEWED, world.leader)
    Scorecard.objects.filter(pk=card.pk).update(reviewed_by=world.deputy_signatory)
    ResolutionFactory(
        meeting=MeetingFactory(year=world.year, kind=MeetingKind.REGULAR),
        kind=ResolutionKind.THIRD_UNIT,
        concerned=world.leader,
        named=world.other,
    )
    person = with_part(world.other_signatory, unit=None, cluster=world.cluster, role=AssignmentRole.SECRETARIAT)

    with pytest.raises(NotAllowed):
        approve(card, person)


@pytest.mark.parametrize("phase", [Phase.SELF_SCORING, Phase.CONFERENCE, Phase.CONCLUDED])
def test_approving_is_closed_outside_its_phases(phase):
    world = two_clusters(phase=phase)
    card = card_in(CardStatus.REVIEWED, world.member)

    with pytest.raises(WrongState):
        approve(card, world.leader_signatory)


def test_the_leader_of_last_year_has_no_power_in_this_one(world):
    card = card_in(CardStatus.REVIEWED, world.member)
    world.leader.role, world.deputy.role = "member", "leader"
    world.leader.save()
    world.deputy.save()

    with pytest.raises(NotAllowed):
        approve(card, fresh(world.leader_signatory))
    approve(card, fresh(world.deputy_signatory))


# --- what ---


def test_approval_freezes_the_card_with_its_digest(world):
    card = card_in(CardStatus.REVIEWED, world.member)
    what = seen(card)

    approval = approve(card, world.leader_signatory, what)

    stored = reread(card)
    assert (stored.status, stored.version) == (CardStatus.APPROVED, card.version + 1)
    assert approval.digest == what.digest
    assert '"code":"A1"' in approval.snapshot
    event = AuditEvent.objects.order_by("-sequence").first()
    assert event.verb == "scorecard.approve"
    assert what.digest in event.payload


def test_a_card_that_changed_after_the_page_was_shown_is_not_approved(world):
    card = card_in(CardStatus.REVIEWED, world.member)
    what = seen(card)
    Scorecard.objects.filter(pk=card.pk).update(version=card.version + 1)
    before = state_of(card)

    with pytest.raises(Stale):
        approve(card, world.leader_signatory, what)

    assert state_of(card) == before


def test_a_line_that_changed_without_its_version_is_found_by_the_digest(world):
    card = card_in(CardStatus.REVIEWED, world.member)
    what = seen(card)
    card.lines.filter(criterion__code="A1").update(final_points="29.00")

    with pytest.raises(Stale):
        approve(card, world.leader_signatory, what)


def test_the_same_approval_twice_is_one(world):
    card = card_in(CardStatus.REVIEWED, world.member)
    what = seen(card)
    approve(card, world.leader_signatory, what)
    events = AuditEvent.objects.count()

    with pytest.raises(WrongState):
        approve(card, world.leader_signatory, what)

    assert Approval.objects.count() == 1
    assert AuditEvent.objects.count() == events


def test_bulk_approval_takes_exactly_what_was_shown(world):
    leader, member = card_in(CardStatus.REVIEWED, world.leader), card_in(CardStatus.REVIEWED, world.member)
    other, deputy = card_in(CardStatus.REVIEWED, world.other), card_in(CardStatus.SUBMITTED, world.deputy)
    shown = [seen(leader), seen(member), seen(deputy), Seen(other.pk, other.version - 1, seen(other).digest)]

    outcomes = approvals.approve_all(seen=shown, by=world.leader_signatory, at=NOW)

    assert [bool(outcome.problem) for outcome in outcomes] == [True, False, True, True]
    assert [reread(card).status for card in (leader, member, deputy, other)] == [
        CardStatus.REVIEWED,
        CardStatus.APPROVED,
        CardStatus.SUBMITTED,
        CardStatus.REVIEWED,
    ]
    assert AuditEvent.objects.filter(verb="scorecard.approve").count() == 1


# --- the database ---

FROZEN = [
    "UPDATE scoring_scorecard SET version = version + 1 WHERE id = %s",
    "UPDATE scoring_scorecard SET status = 'reviewed' WHERE id = %s",
    "DELETE FROM scoring_scorecard WHERE id = %s",
    "UPDATE scoring_scoreline SET final_points = 0 WHERE scorecard_id = %s",
    "DELETE FROM scoring_scoreline WHERE scorecard_id = %s",
    "UPDATE scoring_approval SET digest = 'x' WHERE scorecard_id = %s",
    "DELETE FROM scoring_approval WHERE scorecard_id = %s",
]


def run(statement, card):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [card.pk])
        return cursor.rowcount


@pytest.mark.parametrize("statement", FROZEN)
def test_raw_sql_cannot_touch_an_approved_card(world, statement):
    card = card_in(CardStatus.APPROVED, world.member)

    with pytest.raises(IntegrityError):
        run(statement, card)


@pytest.mark.parametrize("statement", [FROZEN[0], FROZEN[3], FROZEN[5], FROZEN[6]])
def test_control_without_the_triggers_raw_sql_works(world, statement):
    card = card_in(CardStatus.APPROVED, world.member)

    with transaction.atomic():
        triggers.drop_all(connection)
        changed = run(statement, card)
        transaction.set_rollback(True)
    triggers.install_all(connection)

    assert changed > 0


@pytest.mark.parametrize("statement", [FROZEN[0], FROZEN[3]])
def test_a_card_that_is_not_approved_is_not_frozen(world, statement):
    card = card_in(CardStatus.REVIEWED, world.member)

    assert run(statement, card) > 0


def test_no_line_is_added_to_or_moved_into_an_approved_card(world):
    approved, other = card_in(CardStatus.APPROVED, world.member), card_in(CardStatus.REVIEWED, world.other)
    line = other.lines.first()

    with pytest.raises(IntegrityError), transaction.atomic():
        ScoreLine.objects.filter(pk=line.pk).update(scorecard=approved)


def test_no_trigger_is_missing():
    assert triggers.missing(connection) == []


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"approver_unit": "own"}, "approval_not_own_unit"),
        ({"office": ApprovalOffice.THIRD_UNIT}, "approval_third_unit_by_minutes"),
        ({"office": "clerk"}, "approval_office_known"),
        ({"revoked_at": NOW}, "approval_revoked_has_reason"),
    ],
)
def test_the_database_refuses_an_impossible_approval(world, fields, name):
    card = card_in(CardStatus.REVIEWED, world.member)
    if fields.get("approver_unit") == "own":
        fields = {"approver_unit": world.member.unit}

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ApprovalFactory(scorecard=card, **fields)


def test_a_card_has_one_valid_approval(world):
    card = card_in(CardStatus.APPROVED, world.member)

    with pytest.raises(IntegrityError), transaction.atomic():
        ApprovalFactory(scorecard=card)


# --- reopening ---


def propose(card, user, reason=REASON):
    return approvals.propose_reopening(card=card, reason=reason, by=user, at=NOW)


def confirm(card, user):
    step = pending.open_step(PendingKind.REOPEN_CARD, card)
    return approvals.confirm_reopening(card=card, step=step, by=user, at=NOW)


def test_who_may_propose_to_reopen_in_which_status(world):
    assert truth_table(world, propose) == {
        CardStatus.DRAFT: "3 3 3 4 W W W 3 4",
        CardStatus.SUBMITTED: "3 3 3 4 W W W 3 4",
        CardStatus.RETURNED: "3 3 3 4 W W W 3 4",
        CardStatus.REVIEWED: "3 3 3 4 W W W 3 4",
        CardStatus.APPROVED: "3 3 3 4 Y Y Y 3 4",
    }


@pytest.mark.parametrize("reason", ["", "ngắn", "         "])
def test_reopening_needs_a_reason(world, reason):
    card = card_in(CardStatus.APPROVED, world.member)

    with pytest.raises(Refused):
        propose(card, world.leader_signatory, reason)

    assert not PendingStep.objects.exists()


def test_one_person_alone_reopens_nothing(world):
    card = card_in(CardStatus.APPROVED, world.member)
    propose(card, world.leader_signatory)
    before = state_of(card)

    with pytest.raises(NotAllowed):
        confirm(card, world.leader_signatory)

    assert state_of(card) == before
    assert reread(card).status == CardStatus.APPROVED


def test_two_persons_reopen_and_the_old_approval_stays_as_revoked(world):
    card = card_in(CardStatus.APPROVED, world.member)
    propose(card, world.secretariat)

    confirm(card, world.leader_signatory)

    approval = Approval.objects.get()
    assert reread(card).status == CardStatus.REVIEWED
    assert (approval.revoked_at, approval.revoked_by, approval.revoked_reason) == (
        NOW,
        world.leader_signatory,
        REASON,
    )


def test_a_reopened_card_is_approved_anew_beside_the_old_approval(world):
    card = card_in(CardStatus.APPROVED, world.member)
    propose(card, world.secretariat)
    confirm(card, world.deputy_signatory)

    approve(card, world.leader_signatory)

    assert [bool(approval.revoked_at) for approval in Approval.objects.order_by("pk")] == [True, False]


def test_a_revoked_approval_is_not_revived(world):
    card = card_in(CardStatus.APPROVED, world.member)
    propose(card, world.secretariat)
    confirm(card, world.leader_signatory)

    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.update(revoked_at=None, revoked_by=None, revoked_reason="")


@pytest.mark.parametrize("phase", [Phase.CONFERENCE, Phase.CONCLUDED])
def test_reopening_after_the_conference_withdraws_the_results_and_moves_the_year_back(phase):
    world = two_clusters(phase=phase)
    card = card_in(CardStatus.APPROVED, world.member)
    publication = PublicationFactory(year=world.year)
    world.year.published_at = NOW
    world.year.save()
    propose(card, world.leader_signatory)

    confirm(card, world.deputy_signatory)

    world.year.refresh_from_db()
    publication.refresh_from_db()
    assert (world.year.phase, world.year.published_at) == (Phase.APPROVING, None)
    assert (publication.withdrawn_at, publication.withdrawn_reason) == (NOW, REASON)


def test_an_archived_year_reopens_nothing():
    world = two_clusters(phase=Phase.ARCHIVED)
    card = card_in(CardStatus.APPROVED, world.member)

    with pytest.raises(WrongState):
        propose(card, world.secretariat)


def test_a_proposal_can_be_withdrawn(world):
    card = card_in(CardStatus.APPROVED, world.member)
    step = propose(card, world.leader_signatory)

    approvals.withdraw_reopening(card=card, step=step, by=world.leader_signatory, at=NOW)

    assert pending.open_step(PendingKind.REOPEN_CARD, card) is None
    assert reread(card).status == CardStatus.APPROVED
    with pytest.raises(WrongState):
        approvals.confirm_reopening(card=card, step=step, by=world.deputy_signatory, at=NOW)
