"""Eight people at the same moment. Every race has a control that loses with the guard off, so that the test sees what
it looks for, on SQLite and on PostgreSQL alike."""

from decimal import Decimal
from threading import Barrier

import pytest
from django.db import transaction

from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import Refused, Stale, WrongState
from members.enums import PendingKind, Phase
from members.models import EmulationYear, PendingStep, User
from members.services import pending
from scoring.enums import CardStatus
from scoring.models import Approval, Publication, Scorecard, ScoreLine
from scoring.services import approvals, lines, publications, scorecards
from scoring.services.lines import Entry
from tests.scenarios import NOW, two_clusters
from tests.scoring.cards import card_in, reread, seen
from tests.threads import PATIENCE, at_once

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8
EDITS = 6  # of each thread
CARDS = 5


def world_of(unit_count: int = 4, *, phase: str):
    with transaction.atomic():
        return two_clusters(unit_count, phase=phase)


def person(user: User) -> User:
    """The same account as another request would load it."""
    return User.objects.get(pk=user.pk)


def tell(outcomes) -> tuple[int, set[type]]:
    """How many worked, and what the others were told."""
    failures = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    return len(outcomes) - len(failures), {type(failure) for failure in failures}


# --- one effect ---


def test_eight_simultaneous_approvals_approve_once():
    world = world_of(phase=Phase.REVIEWING)
    card = card_in(CardStatus.REVIEWED, world.member)
    what = seen(card)

    worked, told = tell(
        at_once(THREADS, lambda _n: approvals.approve(seen=what, by=person(world.leader_signatory), at=NOW))
    )

    assert worked == 1
    assert told <= {WrongState, Stale, Refused}
    assert (Approval.objects.count(), AuditEvent.objects.filter(verb="scorecard.approve").count()) == (1, 1)
    assert reread(card).version == card.version + 1


def test_eight_simultaneous_submissions_submit_once():
    world = world_of(phase=Phase.REVIEWING)
    card = card_in(CardStatus.DRAFT, world.member)

    worked, told = tell(
        at_once(
            THREADS,
            lambda _n: scorecards.submit(card=card, version=card.version, by=person(world.signatory), at=NOW),
        )
    )

    assert worked == 1
    assert told <= {WrongState, Stale}
    assert AuditEvent.objects.filter(verb="scorecard.submit").count() == 1


def test_eight_simultaneous_confirmations_publish_once():
    world = world_of(phase=Phase.APPROVING)
    for member in world.members:
        card_in(CardStatus.APPROVED, member)
    publications.propose(year=world.year, by=world.leader_signatory, at=NOW)

    def confirm(_number):
        year = EmulationYear.objects.select_related("cluster", "rules").get(pk=world.year.pk)
        step = PendingStep.objects.select_related("proposed_by").get()
        return publications.confirm(year=year, step=step, by=person(world.deputy_signatory), at=NOW)

    worked, told = tell(at_once(THREADS, confirm))

    assert worked == 1
    assert told == {WrongState}
    assert (Publication.objects.count(), AuditEvent.objects.filter(verb="year.publish").count()) == (1, 1)


def test_eight_simultaneous_proposals_to_reopen_are_one():
    world = world_of(phase=Phase.REVIEWING)
    card = card_in(CardStatus.APPROVED, world.member)

    worked, told = tell(
        at_once(
            THREADS,
            lambda _n: approvals.propose_reopening(
                card=card, reason="Bổ sung quyết định khen thưởng", by=person(world.secretariat), at=NOW
            ),
        )
    )

    assert (worked, told) == (1, {Refused})
    assert pending.open_step(PendingKind.REOPEN_CARD, card) is not None


def test_control_without_lock_and_condition_all_eight_approve():
    card = card_in(CardStatus.REVIEWED, world_of(phase=Phase.REVIEWING).member)
    everybody_has_looked = Barrier(THREADS, timeout=PATIENCE)

    def approve_without_guard(_number):
        is_open = Scorecard.objects.get(pk=card.pk).status == CardStatus.REVIEWED
        everybody_has_looked.wait()
        return is_open and Scorecard.objects.filter(pk=card.pk).update(status=CardStatus.APPROVED)

    worked, told = tell(at_once(THREADS, approve_without_guard))

    assert (worked, told) == (THREADS, set())


# --- nothing lost ---


def submitted_cards():
    world = world_of(CARDS + 1, phase=Phase.REVIEWING)
    return world, [card_in(CardStatus.SUBMITTED, member) for member in world.members[:CARDS]]


def test_eight_threads_that_edit_lines_of_five_cards_lose_nothing():
    world, cards = submitted_cards()

    def edit(number):
        """Writes values that no other edit writes; what was changed meanwhile is refused, not overwritten."""
        stored = 0
        for step in range(EDITS):
            line = ScoreLine.objects.get(scorecard=cards[(number + step) % CARDS], criterion__code="A1")
            entry = Entry(line.pk, Decimal(number * EDITS + step + 1), "Đối chiếu sổ theo dõi", line.version)
            try:
                lines.review(card=line.scorecard, entries=[entry], by=person(world.secretariat), at=NOW)
                stored += 1
            except Stale:
                continue
        return stored

    outcomes = at_once(THREADS, edit)

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    stored = sum(outcomes)
    versions = sum(reread(card).version - card.version for card in cards)
    line_versions = sum(ScoreLine.objects.get(scorecard=card, criterion__code="A1").version - 1 for card in cards)
    events = AuditEvent.objects.filter(verb="scorecard.review_lines").count()
    assert stored >= THREADS
    assert (versions, line_versions, events) == (stored, stored, stored)


def test_control_without_versions_edits_are_lost():
    _world, cards = submitted_cards()
    everybody_has_read = Barrier(THREADS, timeout=PATIENCE)

    def edit_without_guard(_number):
        card = Scorecard.objects.get(pk=cards[0].pk)
        everybody_has_read.wait()
        card.version += 1
        card.save()
        return 1

    worked, told = tell(at_once(THREADS, edit_without_guard))

    assert (worked, told) == (THREADS, set())
    assert reread(cards[0]).version == cards[0].version + 1  # seven of eight are lost


def test_two_units_fill_in_their_cards_at_once():
    world = world_of(4, phase=Phase.REVIEWING)
    cards = [card_in(CardStatus.DRAFT, member) for member in world.members]

    def fill(number):
        card = cards[number % 4]
        line = ScoreLine.objects.get(scorecard=card, criterion__code="A1" if number < 4 else "A2")
        entry = Entry(line.pk, Decimal(number % 4 + 1), "Theo sổ", line.version)
        return lines.fill(card=card, entries=[entry], by=person(world.signatories[number % 4]), at=NOW)

    worked, told = tell(at_once(THREADS, fill))

    assert (worked, told) == (THREADS, set())
    assert [reread(card).version - card.version for card in cards] == [2, 2, 2, 2]
