"""Two people at one card in the same moment: each time exactly one effect, and the other is told. On SQLite and on
PostgreSQL alike; the control loses with the guard off."""

from decimal import Decimal
from threading import Barrier, Event

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import F, Sum

from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import Refused, Stale, WrongState
from members.enums import DeadlineStep, PendingKind, Phase
from members.models import User
from members.services import pending, years
from scoring.enums import CardStatus, ObjectionStatus
from scoring.models import Approval, Objection, Scorecard, ScoreLine
from scoring.services import approvals, lines, objections, scorecards
from scoring.services.lines import Entry
from scoring.services.objections import Outcome
from tests.factories.scoring import ScorecardFactory
from tests.scenarios import NOW, two_clusters
from tests.scoring.cards import card_in, line_of, reread, seen, state_of
from tests.threads import PATIENCE, at_once

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8
EDITS = 100  # of each thread
CARDS = 5
ROUNDS = 5  # of every race of two
REASON = "Bổ sung minh chứng của đơn vị"


def world_of(unit_count: int = 4):
    with transaction.atomic():
        return two_clusters(unit_count, phase=Phase.REVIEWING)


def person(user: User) -> User:
    """The same account as another request would load it."""
    return User.objects.get(pk=user.pk)


def tell(outcomes) -> tuple[int, set[type]]:
    """How many worked, and what the others were told."""
    failures = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    return len(outcomes) - len(failures), {type(failure) for failure in failures}


def both(first, second):
    """`first` and `second` at once; what each gave or raised."""
    return at_once(2, lambda number: second() if number else first())


def cards_in(status, world):
    """One card for every round, each of another unit."""
    return [card_in(status, member) for member in world.members[2 : 2 + ROUNDS]]


# --- approving ---
def approve(world, card, what):
    return approvals.approve(seen=what, by=person(world.leader_signatory), at=NOW)


def review(world, card, value, version):
    line = line_of(card, "A1")
    entry = Entry(line.pk, Decimal(value), REASON, version)
    return lines.review(card=reread(card), entries=[entry], by=person(world.secretariat), at=NOW)


def give_back(world, card):
    return scorecards.return_card(card=card, version=card.version, reason=REASON, by=person(world.secretariat), at=NOW)


def test_approving_against_returning_has_one_effect():
    world = world_of(2 + ROUNDS)
    for card in cards_in(CardStatus.REVIEWED, world):
        what = seen(card)

        worked, told = tell(
            both(lambda what=what, card=card: approve(world, card, what), lambda card=card: give_back(world, card))
        )

        assert worked == 1
        assert told <= {WrongState, Stale}
        status = reread(card).status
        assert status in (CardStatus.APPROVED, CardStatus.RETURNED)
        assert Approval.objects.filter(scorecard=card).count() == (status == CardStatus.APPROVED)


def test_editing_against_approving_never_approves_what_was_not_seen():
    """The edit is that of an accepted objection's kind: it changes a final value of a reviewed card."""
    world = world_of(2 + ROUNDS)
    for card in cards_in(CardStatus.REVIEWED, world):
        what = seen(card)

        def edit(card=card):
            with transaction.atomic():
                changed = Scorecard.objects.filter(pk=card.pk, status=CardStatus.REVIEWED, version=card.version)
                if changed.update(version=F("version") + 1) != 1:
                    raise Stale(REASON)
                ScoreLine.objects.filter(scorecard=card, criterion__code="A1").update(final_points=1)

        worked, told = tell(both(lambda what=what, card=card: approve(world, card, what), edit))

        assert worked == 1
        assert told <= {WrongState, Stale}
        is_approved = reread(card).status == CardStatus.APPROVED
        assert (line_of(card, "A1").final_points == 1) != is_approved


def test_reviewing_against_concluding_loses_no_value():
    world = world_of(2 + ROUNDS)
    for card in cards_in(CardStatus.SUBMITTED, world):
        with transaction.atomic():
            for line in card.lines.all():
                line.reviewed_value, line.reviewed_points = line.self_value, line.self_points
                line.save()
        version = line_of(card, "A1").version

        def conclude(card=card):
            return scorecards.conclude_review(
                card=card, version=card.version, by=person(world.leader_signatory), at=NOW
            )

        worked, told = tell(both(conclude, lambda card=card, version=version: review(world, card, 80, version)))

        stored = reread(card)
        assert worked == 1
        assert told <= {WrongState, Stale}
        assert stored.status == (
            CardStatus.REVIEWED if line_of(card, "A1").reviewed_value == 95 else CardStatus.SUBMITTED
        )


def test_settling_an_objection_against_approving_has_one_effect():
    world = world_of(2 + ROUNDS)
    for place, card in enumerate(cards_in(CardStatus.REVIEWED, world), start=2):
        raised = objections.raise_(
            card=card, line_pk=line_of(card, "A1").pk, text=REASON, by=world.signatories[place], at=NOW
        )
        objection = Objection.objects.select_related("line__criterion").get(pk=raised.pk)
        what, version = seen(card), reread(card).version

        def settle(objection=objection, version=version):
            outcome = Outcome(True, REASON, Decimal(90))
            return objections.settle(
                objection=objection, version=version, outcome=outcome, by=person(world.secretariat), at=NOW
            )

        worked, told = tell(both(settle, lambda what=what, card=card: approve(world, card, what)))

        # Approving waits for the settlement, and then it is not the card that was seen.
        assert worked == 1
        assert told <= {WrongState, Stale}
        assert Objection.objects.get(pk=raised.pk).status == ObjectionStatus.ACCEPTED
        assert reread(card).status == CardStatus.REVIEWED


def test_raising_an_objection_against_approving_has_one_effect():
    world = world_of(2 + ROUNDS)
    for place, card in enumerate(cards_in(CardStatus.REVIEWED, world), start=2):
        what = seen(card)

        def raise_it(card=card, place=place):
            line = line_of(card, "A1")
            return objections.raise_(
                card=card, line_pk=line.pk, text=REASON, by=person(world.signatories[place]), at=NOW
            )

        worked, told = tell(both(raise_it, lambda what=what, card=card: approve(world, card, what)))

        assert worked == 1
        assert told <= {WrongState}
        assert Objection.objects.filter(line__scorecard=card).exists() != (reread(card).status == CardStatus.APPROVED)


def test_eight_simultaneous_bulk_approvals_approve_each_card_once():
    world = world_of(6)
    cards = [card_in(CardStatus.REVIEWED, member) for member in world.members[2:]]
    what = [seen(card) for card in cards]

    outcomes = at_once(THREADS, lambda _n: approvals.approve_all(seen=what, by=person(world.leader_signatory), at=NOW))

    assert [one for one in outcomes if isinstance(one, Exception)] == []
    assert sum(not outcome.problem for found in outcomes for outcome in found) == len(cards)
    assert (Approval.objects.count(), AuditEvent.objects.filter(verb="scorecard.approve").count()) == (4, 4)


def test_eight_simultaneous_confirmations_reopen_once():
    world = world_of()
    card = card_in(CardStatus.APPROVED, world.member)
    approvals.propose_reopening(card=card, reason=REASON, by=world.secretariat, at=NOW)
    step = pending.open_step(PendingKind.REOPEN_CARD, card)

    worked, told = tell(
        at_once(
            THREADS,
            lambda _n: approvals.confirm_reopening(card=card, step=step, by=person(world.deputy_signatory), at=NOW),
        )
    )

    assert worked == 1
    assert told <= {WrongState}
    assert (Approval.objects.count(), AuditEvent.objects.filter(verb="scorecard.reopen").count()) == (1, 1)


# --- submitting ---
def test_submitting_against_returning_leaves_a_state_that_one_of_them_made():
    """The reviewer returns the card that is handed in again in the same moment, as it was shown before."""
    world = world_of(2 + ROUNDS)
    for place, card in enumerate(cards_in(CardStatus.RETURNED, world), start=2):
        before = state_of(card)

        def submit(card=card, place=place):
            return scorecards.submit(card=card, version=card.version, by=person(world.signatories[place]), at=NOW)

        worked, told = tell(both(submit, lambda card=card: give_back(world, card)))

        stored = reread(card)
        assert worked == 1
        assert told <= {WrongState, Stale}
        assert (stored.status, stored.version) == (CardStatus.SUBMITTED, card.version + 1)
        assert state_of(card) != before


def test_submitting_against_filling_in_hands_in_what_was_written_or_nothing():
    world = world_of(2 + ROUNDS)
    for place, card in enumerate(cards_in(CardStatus.DRAFT, world), start=2):
        line = line_of(card, "A1")
        entry = Entry(line.pk, Decimal(80), REASON, line.version)

        def submit(card=card, place=place):
            return scorecards.submit(card=card, version=card.version, by=person(world.signatories[place]), at=NOW)

        def fill(card=card, place=place, entry=entry):
            return lines.fill(card=card, entries=[entry], by=person(world.officers[place]), at=NOW)

        worked, told = tell(both(submit, fill))

        is_written = line_of(card, "A1").self_value == 80
        assert worked == 1
        assert told <= {WrongState, Stale, Refused}
        assert (reread(card).status == CardStatus.SUBMITTED) != is_written


# --- nobody waits for ever ---
@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite has one writer at a time: nobody can wait for another"
)
def test_an_objection_and_a_deadline_of_the_same_year_do_not_lock_each_other_out():
    """The unit holds the audit log and, by its message to the reviewers, points to the year; the secretary holds the
    year and waits for the log."""
    world = world_of()
    card = card_in(CardStatus.REVIEWED, world.member)
    line = line_of(card, "A1")
    has_objected, has_year = Event(), Event()

    def objects():
        with transaction.atomic():
            objections.raise_(card=card, line_pk=line.pk, text=REASON, by=person(world.signatory), at=NOW)
            has_objected.set()
            has_year.wait(PATIENCE)

    def sets_the_deadline():
        has_objected.wait(PATIENCE)
        with transaction.atomic():
            years.lock(world.year)
            has_year.set()
            years.set_deadline(
                year=world.year, step=DeadlineStep.APPROVING, due_at=NOW, by=person(world.secretariat), at=NOW
            )

    worked, told = tell(both(objects, sets_the_deadline))

    assert (worked, told) == (2, set())


# --- nothing lost ---
def test_eight_threads_of_a_hundred_edits_over_five_cards_lose_nothing():
    world = world_of(CARDS + 1)
    cards = [card_in(CardStatus.SUBMITTED, member) for member in world.members[:CARDS]]

    def edit(number):
        """Writes values that no other edit writes; a stale one, or one that found the database busy, is repeated as a
        person would, until it is stored."""
        reviewer = person(world.secretariat)
        for step in range(EDITS):
            card, value = cards[(number + step) % CARDS], Decimal(number * EDITS + step) / 8
            for _attempt in range(THREADS * 4):
                line = ScoreLine.objects.get(scorecard=card, criterion__code="A1")
                entry = Entry(line.pk, value.quantize(Decimal("0.01")), REASON, line.version)
                try:
                    lines.review(card=reread(card), entries=[entry], by=reviewer, at=NOW)
                    break
                except (Stale, OperationalError):
                    continue
            else:
                raise AssertionError("never stored")
        return EDITS

    worked, told = tell(at_once(THREADS, edit))

    assert (worked, told) == (THREADS, set())
    versions = sum(reread(card).version - card.version for card in cards)
    line_versions = ScoreLine.objects.filter(criterion__code="A1").aggregate(sum=Sum("version") - CARDS)["sum"]
    events = AuditEvent.objects.filter(verb="scorecard.review_lines").count()
    assert (versions, line_versions, events) == (THREADS * EDITS,) * 3


def test_control_without_the_guard_edits_are_lost():
    world = world_of()
    card = ScorecardFactory(membership=world.member, submitted=True)
    everybody_has_read = Barrier(THREADS, timeout=PATIENCE)

    def edit(_number):
        stored = Scorecard.objects.get(pk=card.pk)
        everybody_has_read.wait()
        stored.version += 1
        stored.save()

    worked, told = tell(at_once(THREADS, edit))

    assert (worked, told) == (THREADS, set())
    assert reread(card).version == card.version + 1
