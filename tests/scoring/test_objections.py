"""Objections to points: raising, answering, settling, and what they change."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from cluster_app.audit.models import AuditEvent
from cluster_app.audit.verification import verify
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, Stale, WrongState
from members.enums import DeadlineStep, Phase
from scoring import objections as known
from scoring import offices
from scoring.enums import CardStatus, CriterionKind, ObjectionStatus
from scoring.models import Objection, ObjectionMessage
from scoring.services import approvals, lines, objections, scorecards
from scoring.services.objections import Outcome
from tests.factories.members import DeadlineFactory, ExtensionFactory
from tests.factories.scoring import ReviewAssignmentFactory, amend, line_versions, put_into_log
from tests.scenarios import NOW, fresh
from tests.scoring.cards import card_in, line_of, outcome, reread, reviewing_world, seen, state_of, truth_table

pytestmark = pytest.mark.django_db

D = Decimal
CLAIM = "Đề nghị tính thêm đề án số 12-ĐA/CQ ban hành ngày 30/9/2021"
REASON = "Đã đối chiếu văn bản gốc của đơn vị"
LATER = NOW + timedelta(hours=1)


def build_world():
    return reviewing_world()


@pytest.fixture
def card(world):
    """Leader and deputy have submitted, so that they see this one."""
    card_in(CardStatus.SUBMITTED, world.leader)
    card_in(CardStatus.SUBMITTED, world.deputy)
    return card_in(CardStatus.REVIEWED, world.member)


def object_to(card, user, code="A2", claimed="3", at=NOW, text=CLAIM):
    value = None if claimed is None else D(claimed)
    line = line_of(card, code)
    return objections.raise_(card=card, line_pk=line.pk, text=text, claimed_value=value, by=user, at=at)


def accept(objection, user, value="3", *, reason=REASON, version=None, at=LATER):
    found = Outcome(is_accepted=True, reason=reason, value=None if value is None else D(value))
    return settle(objection, user, found, version, at)


def keep(objection, user, *, reason=REASON, version=None, at=LATER):
    return settle(objection, user, Outcome(is_accepted=False, reason=reason), version, at)


def settle(objection, user, found, version, at):
    now = reread(objection.line.scorecard).version if version is None else version
    return objections.settle(objection=objection, version=now, outcome=found, by=user, at=at)


# --- who, in which status ---


def test_who_may_object_in_which_status(world):
    found = truth_table(world, object_to)

    assert found == {  # officer, signatory, other unit, other cluster, leader, deputy, secretariat, observer, admin
        CardStatus.DRAFT: "W W 3 4 3 3 3 3 4",
        CardStatus.SUBMITTED: "W W 3 4 3 3 3 3 4",
        CardStatus.RETURNED: "W W 3 4 3 3 3 3 4",
        CardStatus.REVIEWED: "Y Y 3 4 3 3 3 3 4",
        CardStatus.APPROVED: "W W 3 4 3 3 3 3 4",
    }


def people_and_reviewer(world, card):
    """The columns of the matrix, and at the end the signatory of the unit that is asked to review the card."""
    ReviewAssignmentFactory(scorecard=card, membership=world.other)
    card_in(CardStatus.SUBMITTED, world.other)
    return [*world.people().values(), world.other_signatory]


@pytest.mark.parametrize(
    ("act", "letters"),
    [
        (lambda objection, user: objections.answer(objection=objection, text=REASON, by=user, at=LATER), "YYY4YYY34Y"),
        (accept, "33Y4YYY34Y"),
        (keep, "33Y4YYY34Y"),
        (
            lambda objection, user: objections.withdraw(objection=objection, reason=REASON, by=user, at=LATER),
            "YY34333343",
        ),
    ],
    ids=["answer", "accept", "keep", "withdraw"],
)
def test_who_may_act_on_an_open_objection(world, card, act, letters):
    """The other unit stands twice here, being the one that is asked to review."""
    objection = object_to(card, world.officer)
    people = people_and_reviewer(world, card)

    found = "".join(outcome(lambda user=user: act(objection, fresh(user))) for user in people)

    assert found == letters


def test_a_secretary_settles_nothing_of_the_home_unit(world, card):
    objection = object_to(card, world.officer)

    with pytest.raises(NotAllowed):
        accept(objection, world.secretariat_at_home)
    with pytest.raises(NotAllowed):
        keep(objection, world.secretariat_at_home)


def test_a_reviewer_of_another_card_settles_nothing_here(world, card):
    objection = object_to(card, world.officer)
    ReviewAssignmentFactory(scorecard=card_in(CardStatus.SUBMITTED, world.other), membership=world.other)

    with pytest.raises(NotAllowed):
        keep(objection, world.other_signatory)


@pytest.mark.parametrize("phase", [Phase.CONFERENCE, Phase.CONCLUDED, Phase.ARCHIVED])
def test_nothing_is_objected_to_or_settled_after_approving(world, card, phase):
    objection = object_to(card, world.officer)
    world.year.phase = phase
    world.year.save()

    with pytest.raises(WrongState):
        object_to(reread(card), world.officer, code="A1")
    with pytest.raises((WrongState, NotAllowed)):
        keep(objection, world.secretariat)


# --- raising ---


def test_raising_keeps_the_card_as_it_is(world, card):
    before = state_of(card)

    objection = object_to(card, world.officer)

    assert (objection.status, objection.claimed_value, objection.is_late) == (ObjectionStatus.OPEN, D(3), False)
    assert [(one.author, one.text) for one in objection.messages.all()] == [(world.officer, CLAIM)]
    assert state_of(card) == before
    assert known.open_counts([card.pk]) == {card.pk: 1}
    assert known.open_codes(card) == ["A2"]


def test_a_claim_needs_no_value(world, card):
    assert object_to(card, world.officer, claimed=None).claimed_value is None


@pytest.mark.parametrize(
    ("code", "claimed", "text", "field"),
    [("A2", "3", "  ", "text"), ("B1", "7", CLAIM, "claimed_value"), ("A3", "9", CLAIM, "claimed_value")],
)
def test_a_claim_that_makes_no_sense_is_refused_at_its_field(world, card, code, claimed, text, field):
    with pytest.raises(Refused) as refused:
        object_to(card, world.officer, code=code, claimed=claimed, text=text)

    assert list(refused.value.errors) == [field]
    assert not Objection.objects.exists()


def test_one_line_has_one_open_objection(world, card):
    object_to(card, world.officer)

    with pytest.raises(Refused):
        object_to(card, world.signatory)

    assert object_to(card, world.signatory, code="A1", claimed="95").pk


def test_a_line_that_is_not_assigned_cannot_be_objected_to(world, card):
    card.lines.filter(criterion__code="B1").update(
        is_assigned=False, not_assigned_reason="Không giao", reviewed_value=None
    )

    with pytest.raises(WrongState):
        object_to(card, world.officer, code="B1", claimed="1")


def test_a_line_of_another_card_is_not_known(world, card):
    other = card_in(CardStatus.REVIEWED, world.other)

    with pytest.raises(NotKnown):
        objections.raise_(card=card, line_pk=line_of(other, "A2").pk, text=CLAIM, by=world.officer, at=NOW)


DUE_AT = datetime(2021, 11, 24, 16, 59, 59, tzinfo=UTC)  # 23:59:59 in Việt Nam


@pytest.mark.parametrize(
    ("is_hard", "at", "letter", "late"),
    [
        (True, DUE_AT + timedelta(milliseconds=900), "Y", False),
        (True, DUE_AT + timedelta(seconds=1), "W", None),
        (False, DUE_AT + timedelta(milliseconds=900), "Y", False),
        (False, DUE_AT + timedelta(seconds=1), "Y", True),
    ],
)
def test_the_deadline_holds_to_the_end_of_its_last_second(world, card, is_hard, at, letter, late):
    DeadlineFactory(year=world.year, step=DeadlineStep.OBJECTING, due_at=DUE_AT, is_hard=is_hard)

    assert outcome(lambda: object_to(card, world.officer, at=at)) == letter
    if late is not None:
        assert object_to(card, world.officer, at=at).is_late is late


def test_an_extension_opens_a_hard_deadline_for_one_unit(world, card):
    deadline = DeadlineFactory(year=world.year, step=DeadlineStep.OBJECTING, due_at=DUE_AT, is_hard=True)
    ExtensionFactory(deadline=deadline, membership=world.member, until=DUE_AT + timedelta(days=2))
    other = card_in(CardStatus.REVIEWED, world.other)
    at = DUE_AT + timedelta(days=1)

    assert outcome(lambda: object_to(card, world.officer, at=at)) == "Y"
    assert outcome(lambda: object_to(other, world.other_officer, at=at)) == "W"


# --- settling ---


def test_an_accepted_objection_changes_final_and_leaves_what_was_reviewed(world, card):
    objection = object_to(card, world.officer)
    before = reread(card)

    settled = accept(objection, world.secretariat)

    line, after = line_of(card, "A2"), reread(card)
    assert (line.reviewed_value, line.reviewed_points) == (D(2), D(10))
    assert (line.final_value, line.final_points, line.final_reason) == (D(3), D(15), REASON)
    assert (before.total_points, after.total_points) == (D("77.10"), D("82.10"))
    assert (before.reviewed_total, after.reviewed_total) == (D("77.10"), D("77.10"))
    assert (settled.value_before, settled.points_before, settled.value_after, settled.points_after) == (2, 10, 3, 15)
    assert (settled.status, settled.settled_by, settled.settled_at) == ("accepted", world.secretariat, LATER)
    assert after.version == before.version + 1


def test_a_kept_objection_changes_nothing_but_the_record(world, card):
    objection = object_to(card, world.officer)
    before = state_of(card)

    settled = keep(objection, world.secretariat)

    assert state_of(card) == before
    assert (settled.status, settled.value_before, settled.value_after) == ("kept", 2, 2)
    assert known.open_counts([card.pk]) == {}


@pytest.mark.parametrize(
    ("value", "reason", "field"), [("3", "ngắn", "reason"), (None, REASON, "value"), ("2", REASON, "value")]
)
def test_an_acceptance_needs_another_value_and_a_reason(world, card, value, reason, field):
    objection = object_to(card, world.officer)
    before = state_of(card)

    with pytest.raises(Refused) as refused:
        accept(objection, world.secretariat, value, reason=reason)

    assert list(refused.value.errors) == [field]
    assert state_of(card) == before


@pytest.mark.parametrize("claimed", ["3", None])
def test_an_acceptance_never_lowers_the_points(world, card, claimed):
    objection = object_to(card, world.officer, claimed=claimed)
    before = state_of(card)

    with pytest.raises(Refused) as refused:
        accept(objection, world.deputy_signatory, "1")

    assert list(refused.value.errors) == ["value"]
    assert "10,00" in refused.value.errors["value"][0]
    assert state_of(card) == before
    assert known.open_codes(card) == ["A2"]


def test_the_unit_itself_may_claim_fewer_points(world, card):
    settled = accept(object_to(card, world.officer, claimed="1"), world.secretariat, "1")

    assert (settled.points_before, settled.points_after) == (10, 5)


def test_points_of_a_compared_line_are_not_lowered_either(world, card):
    amend(line_of(card, "A1").criterion, kind=CriterionKind.RATIO_LEADER, unit_of_measure="")
    card.lines.filter(criterion__code="A1").update(final_value=95, final_points=30)
    objection = object_to(reread(card), world.officer, code="A1", claimed=None)

    with pytest.raises(Refused) as refused:
        accept(objection, world.secretariat, "80")

    assert list(refused.value.errors) == ["value"]
    assert line_of(card, "A1").final_points == 30


def test_an_answer_sent_twice_stands_once(world, card):
    objection = object_to(card, world.officer)

    def answer(text, user):
        objections.answer(objection=objection, text=text, by=user, at=LATER)

    for text, user in ((REASON, world.secretariat), (REASON, world.officer), (REASON, world.secretariat)):
        answer(text, user)
        with pytest.raises(WrongState):
            answer(f" {text}\n", user)

    assert list(objection.messages.order_by("pk").values_list("text", flat=True)) == [CLAIM, REASON, REASON, REASON]


def test_a_value_outside_the_rule_is_refused(world, card):
    objection = object_to(card, world.officer, code="A3", claimed="1")

    with pytest.raises(Refused) as refused:
        accept(objection, world.secretariat, "9")

    assert list(refused.value.errors) == ["value"]


def test_settling_what_was_changed_meanwhile_is_stale(world, card):
    first, second = object_to(card, world.officer), object_to(card, world.officer, code="A1", claimed="95")
    shown = reread(card).version
    accept(first, world.secretariat, version=shown)

    with pytest.raises(Stale):
        accept(second, world.secretariat, "95", version=shown)


@pytest.mark.parametrize("ending", [accept, keep])
def test_a_settled_objection_is_closed_to_everybody(world, card, ending):
    objection = object_to(card, world.officer)
    ending(objection, world.secretariat)

    assert outcome(lambda: accept(objection, world.secretariat, "1")) == "W"
    assert outcome(lambda: objections.answer(objection=objection, text=CLAIM, by=world.officer, at=LATER)) == "W"
    assert outcome(lambda: objections.withdraw(objection=objection, reason=REASON, by=world.officer, at=LATER)) == "W"


def test_kept_points_are_objected_to_again_only_after_a_return(world, card):
    keep(object_to(card, world.officer), world.secretariat)

    assert outcome(lambda: object_to(card, world.officer, at=LATER)) == "W"
    assert outcome(lambda: object_to(card, world.officer, code="A1", claimed="95", at=LATER)) == "Y"

    again = review_again(card, world)

    assert outcome(lambda: object_to(again, world.officer, at=LATER + timedelta(hours=9))) == "Y"


def review_again(card, world):
    """Returned, submitted and reviewed once more, an hour between the steps."""
    at = LATER + timedelta(hours=1)
    scorecards.return_card(card=card, version=reread(card).version, reason=REASON, by=world.secretariat, at=at)
    scorecards.submit(card=card, version=reread(card).version, by=world.signatory, at=at + timedelta(hours=1))
    versions = line_versions(card)
    lines.accept_as_claimed(card=reread(card), code="", seen=versions, by=world.secretariat, at=at)
    return scorecards.conclude_review(
        card=card, version=reread(card).version, by=world.secretariat, at=at + timedelta(hours=2)
    )


def test_a_line_from_records_follows_the_records_alone(world, card):
    amend(line_of(card, "E1").criterion, source="commendations")
    objection = object_to(card, world.officer, code="E1", claimed="3")
    before = state_of(card)

    with pytest.raises(Refused) as refused:
        accept(objection, world.secretariat, "3")
    settled = accept(objection, world.secretariat, None)

    assert list(refused.value.errors) == ["value"]
    assert state_of(card) == before
    assert settled.status == ObjectionStatus.ACCEPTED


# --- what open objections stand in the way of ---


def test_no_card_is_approved_while_an_objection_is_open(world, card):
    objection = object_to(card, world.officer)

    with pytest.raises(WrongState, match="A2"):
        approvals.approve(seen=seen(card), by=world.leader_signatory, at=LATER)
    keep(objection, world.secretariat)

    assert approvals.approve(seen=seen(card), by=world.leader_signatory, at=LATER).pk


def test_who_accepted_an_objection_does_not_approve_the_card(world, card):
    accept(object_to(card, world.officer), world.leader_signatory)

    with pytest.raises(NotAllowed):
        approvals.approve(seen=seen(card), by=fresh(world.leader_signatory), at=LATER)

    assert offices.reviewers(reread(card)) == {world.leader_signatory.pk}


def test_who_kept_the_points_may_approve_the_card(world, card):
    keep(object_to(card, world.officer), world.leader_signatory)

    assert approvals.approve(seen=seen(card), by=fresh(world.leader_signatory), at=LATER).pk


def test_an_acceptance_of_an_earlier_round_does_not_count_as_review(world, card):
    accept(object_to(card, world.officer), world.leader_signatory)

    again = review_again(card, world)

    assert offices.reviewers(reread(again)) == {world.secretariat.pk}


def test_a_return_ends_open_objections_as_withdrawn(world, card):
    objection = object_to(card, world.officer)

    scorecards.return_card(card=card, version=card.version, reason=REASON, by=world.secretariat, at=LATER)

    objection.refresh_from_db()
    assert (objection.status, objection.settled_by, objection.settled_reason) == (
        ObjectionStatus.WITHDRAWN,
        world.secretariat,
        REASON,
    )


# --- the log, and the database itself ---


def test_every_act_is_in_the_log_with_its_rows(world, card):
    put_into_log(*(member.scorecard for member in (world.leader, world.deputy, card.membership)))

    objection = object_to(card, world.officer)
    objections.answer(objection=objection, text="Đề nghị gửi bản gốc", by=world.secretariat, at=NOW)
    accept(objection, world.secretariat)
    objections.withdraw(
        objection=object_to(card, world.officer, code="A1", claimed="95"), reason=REASON, by=world.officer, at=LATER
    )

    verbs = AuditEvent.objects.filter(verb__startswith="objection.").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        "objection.raise",
        "objection.answer",
        "objection.settle",
        "objection.raise",
        "objection.withdraw",
    ]
    assert verify().problem == ""


def test_the_database_keeps_what_was_settled_and_what_was_written(world, card):
    objection = keep(object_to(card, world.officer), world.secretariat)
    message = objection.messages.get()

    for statement in (
        lambda: Objection.objects.filter(pk=objection.pk).update(status="accepted"),
        lambda: Objection.objects.filter(pk=objection.pk)._raw_delete("default"),
        lambda: ObjectionMessage.objects.filter(pk=message.pk).update(text="khác"),
        lambda: ObjectionMessage.objects.filter(pk=message.pk)._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="kept"), transaction.atomic():
            statement()


@pytest.mark.parametrize(
    "fields", [{"status": "kept"}, {"status": "unknown"}, {"settled_at": NOW}], ids=["no reason", "no status", "open"]
)
def test_the_database_refuses_a_half_settled_objection(world, card, fields):
    objection = object_to(card, world.officer)

    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.filter(pk=objection.pk).update(**fields)


def test_the_database_knows_one_open_objection_a_line(world, card):
    objection = object_to(card, world.officer)

    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.create(line=objection.line, raised_by=world.officer, raised_at=NOW)
