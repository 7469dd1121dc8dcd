"""Eight people at the same moment. Every race has a control that loses with the guard off, so that the test sees what
it looks for, on SQLite and on PostgreSQL alike."""

from decimal import Decimal
from threading import Barrier, Event
from time import sleep

import pytest
from django.db import transaction

from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import Refused, Stale, WrongState
from members.enums import PendingKind, Phase
from members.models import EmulationYear, Membership, PendingStep, User
from members.services import pending
from scoring.enums import CardStatus
from scoring.models import Approval, CriteriaSet, Criterion, Publication, Scorecard, ScoreLine, Target
from scoring.services import approvals, criteria_sets, lines, phases, publications, scorecards, targets
from scoring.services.lines import Entry
from tests.factories.scoring import applied_set
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


# --- the next version of the criteria, while somebody works with the one in force ---

HOLD = 0.5  # seconds that the first act keeps its locks after its work


def one_after_the_other(first, second):
    """What `first` and `second` gave or raised; `second` begins while the transaction of `first` is still open."""
    done = Event()

    def act(number):
        if number:
            assert done.wait(PATIENCE)
            return second()
        try:
            with transaction.atomic():
                first()
                done.set()
                sleep(HOLD)
        finally:
            done.set()
        return None

    return at_once(2, act)


def with_next_version(phase=Phase.SELF_SCORING):
    """A world with a set in force and a draft of the next one, in which a day late costs 4 points instead of 5."""
    world = world_of(phase=phase)
    with transaction.atomic():
        in_force = applied_set(world.year)
        draft = criteria_sets.new_version(criteria_set=in_force, by=world.secretariat, at=NOW)
        draft.criteria.filter(code="B2").update(points_per_item=4)
    world.in_force, world.draft = in_force, draft
    return world


def apply(world):
    draft = CriteriaSet.objects.get(pk=world.draft.pk)
    return criteria_sets.apply(criteria_set=draft, by=person(world.secretariat), at=NOW)


def submit(world, card):
    card = reread(card)
    return scorecards.submit(card=card, version=card.version, by=person(world.signatory), at=NOW)


def fill(world, card):
    card = reread(card)
    line = ScoreLine.objects.get(scorecard=card, criterion__code="A1")
    entry = Entry(line.pk, Decimal(80), "Theo sổ", line.version)
    return lines.fill(card=card, entries=[entry], by=person(world.signatory), at=NOW)


def open_cards(world):
    year = EmulationYear.objects.select_related("cluster", "rules").get(pk=world.year.pk)
    return phases.advance(year=year, by=person(world.secretariat), at=NOW)


def set_target(world):
    criterion = Criterion.objects.select_related("criteria_set").get(criteria_set=world.in_force, code="A1")
    target = Target(membership=Membership.objects.get(pk=world.member.pk), criterion=criterion, value=Decimal(95))
    return targets.save(target=target, by=person(world.secretariat), at=NOW)


def points_of(card, code) -> Decimal:
    return ScoreLine.objects.get(scorecard=card, criterion__code=code).self_points


def test_no_version_is_put_over_a_card_that_is_being_submitted():
    world = with_next_version()
    card = card_in(CardStatus.DRAFT, world.member)

    _none, told = one_after_the_other(lambda: submit(world, card), lambda: apply(world))

    assert isinstance(told, WrongState)
    assert (reread(card).criteria_set_id, points_of(card, "B2")) == (world.in_force.pk, 15)


def test_a_card_that_is_being_filled_in_is_carried_with_what_was_written():
    world = with_next_version()
    card = card_in(CardStatus.DRAFT, world.member)

    _none, applied = one_after_the_other(lambda: fill(world, card), lambda: apply(world))

    assert applied.card_count == 1
    assert (points_of(card, "A1"), points_of(card, "B2")) == (24, 16)


@pytest.mark.parametrize("act", [fill, submit])
def test_whoever_works_on_a_card_while_a_version_is_applied_is_told_to_look_again(act):
    world = with_next_version()
    card = card_in(CardStatus.DRAFT, world.member)
    shown = reread(card), ScoreLine.objects.get(scorecard=card, criterion__code="A1")

    def work():
        if act is submit:
            scorecards.submit(card=shown[0], version=shown[0].version, by=person(world.signatory), at=NOW)
        else:
            entry = Entry(shown[1].pk, Decimal(80), "Theo sổ", shown[1].version)
            lines.fill(card=shown[0], entries=[entry], by=person(world.signatory), at=NOW)

    failed, told = one_after_the_other(lambda: apply(world), work)

    assert (failed, type(told)) == (None, Stale)
    assert (reread(card).criteria_set_id, points_of(card, "B2")) == (world.draft.pk, 16)


@pytest.mark.parametrize("acts", [(open_cards, apply), (apply, open_cards)], ids=["opening first", "version first"])
def test_cards_that_are_opened_while_a_version_is_applied_have_the_new_one(acts):
    world = with_next_version(Phase.RUNNING)
    first, second = acts

    outcomes = one_after_the_other(lambda: first(world), lambda: second(world))

    assert [one for one in outcomes if isinstance(one, Exception)] == []
    assert list(Scorecard.objects.values_list("criteria_set", flat=True)) == [world.draft.pk] * len(world.members)


def test_a_target_that_is_being_set_goes_along_into_the_next_version():
    world = with_next_version()
    card = card_in(CardStatus.DRAFT, world.member)

    outcomes = one_after_the_other(lambda: set_target(world), lambda: apply(world))

    assert [one for one in outcomes if isinstance(one, Exception)] == []
    assert list(Target.objects.filter(criterion__criteria_set=world.draft).values_list("value", flat=True)) == [95]
    assert points_of(card, "A1") == 30


def test_no_target_is_set_for_a_version_that_is_being_replaced():
    world = with_next_version()
    card_in(CardStatus.DRAFT, world.member)

    failed, told = one_after_the_other(lambda: apply(world), lambda: set_target(world))

    assert failed is None
    assert isinstance(told, Refused | WrongState)
    assert Target.objects.count() == 0


def test_control_without_locks_a_submission_under_way_is_not_seen():
    world = with_next_version()
    card = card_in(CardStatus.DRAFT, world.member)

    _none, told = one_after_the_other(lambda: submit(world, card), lambda: criteria_sets.check_replaceable(world.year))

    assert told is None
