"""One card, every act, everybody, in any order: what the services do is compared with `card_rules`, and a refused act
changes nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import Phase as Step
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import DomainError
from members.enums import PendingKind, Phase
from members.models import EmulationYear
from members.services import pending
from scoring.enums import CardStatus, ObjectionStatus
from scoring.models import Approval, Objection, ReviewAssignment, Scorecard, ScoreLine
from scoring.services import approvals, estimates, lines, objections, scorecards
from scoring.services.approvals import Seen, digest_of
from scoring.services.lines import Entry
from scoring.services.objections import Outcome
from scoring.sheets import load
from tests.factories.scoring import ScorecardFactory
from tests.scenarios import NOW, fresh, two_clusters
from tests.scoring.card_rules import (
    CHAIRS,
    CODES,
    ESTIMATED,
    HAS_CARDS,
    JUDGES,
    OPEN,
    OWN,
    OWNERS,
    PEOPLE,
    POINTS,
    REOPENING,
    REVIEWERS,
    STILL_APPROVING,
    CardNow,
)
from tests.scoring.cards import line_of, reread, state_of

pytestmark = pytest.mark.django_db

REASON = "Đối chiếu lại hồ sơ"
STORED = ("criterion", "self_value", "reviewed_value", "final_value", "is_estimate", "is_returned")


class CardMachine(RuleBasedStateMachine):
    """Each step draws an act and a person. `world` is set by the test."""

    world = None

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.card = reread(self.world.card)
        self.now = CardNow()
        self.minutes = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    # --- the machinery ---

    def attempt(self, act, *, is_allowed: bool) -> bool:
        """Runs the act and holds it against what the rules say; returns whether it was done."""
        card = self.card = reread(self.card)
        before, events = state_of(card), AuditEvent.objects.count()
        refusal = ""
        try:
            with transaction.atomic():
                act(card)
        except DomainError as error:
            refusal = error.message
        assert is_allowed == (not refusal), refusal or "done, but not allowed"
        if refusal:
            assert (state_of(card), AuditEvent.objects.count()) == (before, events)
        return not refusal

    def at(self):
        """Every act has a minute of its own: a round of review begins with its conclusion."""
        self.minutes += 1
        return NOW + timedelta(minutes=self.minutes)

    def person(self, who: str):
        return fresh(self.world.people[who])

    def entry(self, code: str, value: str, *, is_estimate: bool = False) -> Entry:
        line = line_of(self.card, code)
        return Entry(line.pk, Decimal(value), REASON, line.version, is_estimate=is_estimate)

    def seen(self, *, is_old: bool) -> Seen:
        card = reread(self.card)
        return Seen(card.pk, card.version - is_old, digest_of(load(card)))

    # --- the acts ---

    @rule(phase=st.sampled_from(HAS_CARDS))
    def the_year_moves(self, phase):
        """Any phase, as if the year had been led there."""
        EmulationYear.objects.filter(pk=self.world.year.pk).update(phase=phase)
        self.now.phase = phase

    @rule()
    def the_year_opens_again(self):
        EmulationYear.objects.filter(pk=self.world.year.pk).update(phase=Phase.REVIEWING)
        self.now.phase = Phase.REVIEWING

    @rule(who=OWNERS, code=st.sampled_from(CODES), data=st.data(), is_estimate=st.booleans())
    def fill(self, who, code, data, is_estimate):
        value = data.draw(st.sampled_from(list(POINTS[code])))
        self._fill(who, code, value, is_estimate=is_estimate and code in ESTIMATED)

    def _fill(self, who, code, value, *, is_estimate=False):
        now, line = self.now, self.now.lines[code]
        has_names = any(one.is_named for one in now.lines.values())
        is_unlocked = now.status == CardStatus.DRAFT or not has_names or line.is_named
        is_same = (line.claimed, line.is_estimate) == (value, is_estimate)
        may = who in OWN and now.is_open() and now.status in (CardStatus.DRAFT, CardStatus.RETURNED)
        entries = [self.entry(code, value, is_estimate=is_estimate)]
        if self.attempt(
            lambda card: lines.fill(card=card, entries=entries, by=self.person(who), at=self.at()),
            is_allowed=may and (is_unlocked or is_same),
        ):
            line.claimed, line.is_estimate = value, is_estimate

    @precondition(lambda self: self.now.status == CardStatus.DRAFT and self.now.phase in OPEN)
    @rule(is_estimate=st.booleans())
    def the_unit_hands_in_all(self, is_estimate):
        """A whole card at once, so that the later states are reached often."""
        missing = [code for code, line in self.now.lines.items() if not line.claimed]
        entries = [
            self.entry(code, next(iter(POINTS[code])), is_estimate=is_estimate and code in ESTIMATED)
            for code in missing
        ]
        self.attempt(
            lambda card: lines.fill(card=card, entries=entries, by=self.person("of"), at=self.at()), is_allowed=True
        )
        for code in missing:
            line = self.now.lines[code]
            line.claimed, line.is_estimate = next(iter(POINTS[code])), is_estimate and code in ESTIMATED
        self._submit("sg")

    @precondition(lambda self: self.now.status == CardStatus.SUBMITTED and self.now.phase in OPEN)
    @rule(who=st.sampled_from(sorted(REVIEWERS)))
    def one_person_reviews_all(self, who):
        self._accept(who)
        self._conclude(who)

    @rule(who=OWNERS, is_old=st.booleans())
    def submit(self, who, is_old):
        self._submit(who, is_old=is_old)

    def _submit(self, who, *, is_old=False):
        now = self.now
        is_complete = all(line.claimed for line in now.lines.values())
        may = who == "sg" and now.is_open() and now.status in (CardStatus.DRAFT, CardStatus.RETURNED)
        if self.attempt(
            lambda card: scorecards.submit(card=card, version=card.version - is_old, by=self.person(who), at=self.at()),
            is_allowed=may and is_complete and not is_old,
        ):
            now.status = CardStatus.SUBMITTED
            for line in now.lines.values():
                line.is_named = False

    def _may_review(self, who) -> bool:
        return who in REVIEWERS and self.now.is_open() and self.now.status == CardStatus.SUBMITTED

    @rule(who=JUDGES, code=st.sampled_from(CODES), data=st.data())
    def review(self, who, code, data):
        value = data.draw(st.sampled_from(list(POINTS[code])))
        entries = [self.entry(code, value)]
        if self.attempt(
            lambda card: lines.review(card=card, entries=entries, by=self.person(who), at=self.at()),
            is_allowed=self._may_review(who),
        ):
            line = self.now.lines[code]
            if line.reviewed != value or line_of(self.card, code).reviewed_by_id == self.world.people[who].pk:
                line.reviewer = who
            line.reviewed = value

    @rule(who=JUDGES)
    def accept_as_claimed(self, who):
        self._accept(who)

    def _accept(self, who):
        seen = dict(self.card.lines.values_list("pk", "version"))
        if self.attempt(
            lambda card: lines.accept_as_claimed(card=card, code="", seen=seen, by=self.person(who), at=self.at()),
            is_allowed=self._may_review(who),
        ):
            for line in self.now.lines.values():
                if not line.reviewed:
                    line.reviewed, line.reviewer = line.claimed, who

    @rule(who=JUDGES, is_old=st.booleans())
    def conclude(self, who, is_old):
        self._conclude(who, is_old=is_old)

    def _conclude(self, who, *, is_old=False):
        now = self.now
        is_complete = all(line.reviewed for line in now.lines.values())
        if self.attempt(
            lambda card: scorecards.conclude_review(
                card=card, version=card.version - is_old, by=self.person(who), at=self.at()
            ),
            is_allowed=self._may_review(who) and is_complete and not is_old,
        ):
            now.status, now.concluded_by = CardStatus.REVIEWED, who
            for line in now.lines.values():
                line.final = line.reviewed

    @rule(who=JUDGES, codes=st.sets(st.sampled_from(CODES), max_size=2), is_short=st.booleans())
    def give_back(self, who, codes, is_short):
        now = self.now
        may = who in REVIEWERS and now.is_open() and now.status in (CardStatus.SUBMITTED, CardStatus.REVIEWED)
        reason = "Sai" if is_short else REASON
        if self.attempt(
            lambda card: scorecards.return_card(
                card=card, version=card.version, reason=reason, codes=sorted(codes), by=self.person(who), at=self.at()
            ),
            is_allowed=may and not is_short,
        ):
            now.status, now.returns = CardStatus.RETURNED, now.returns + 1
            now.forget_review(codes or CODES)
            for code, line in now.lines.items():
                line.is_named, line.is_disputed, line.was_kept = code in codes, False, False

    @rule(who=OWNERS, code=st.sampled_from(ESTIMATED), data=st.data())
    def replace_estimate(self, who, code, data):
        now, line = self.now, self.now.lines[code]
        value = data.draw(st.sampled_from(list(POINTS[code])))
        # As when the card is handed in: others of the unit need a signed paper, and there is none.
        may = who == "sg" and now.is_open() and now.status in (CardStatus.SUBMITTED, CardStatus.REVIEWED)
        stored = line_of(self.card, code)
        if self.attempt(
            lambda card: estimates.replace(
                card=card,
                line_pk=stored.pk,
                value=Decimal(value),
                note=REASON,
                version=stored.version,
                by=self.person(who),
                at=self.at(),
            ),
            is_allowed=may and line.is_estimate,
        ):
            line.claimed, line.is_estimate = value, False
            now.status = CardStatus.SUBMITTED
            now.forget_review({code})
            for one in now.lines.values():
                one.is_disputed = one.was_kept = False

    @rule(who=OWNERS, code=st.sampled_from(CODES))
    def raise_objection(self, who, code):
        now, line = self.now, self.now.lines[code]
        may = who in OWN and now.is_open() and now.status == CardStatus.REVIEWED
        stored = line_of(self.card, code)
        if self.attempt(
            lambda card: objections.raise_(
                card=card, line_pk=stored.pk, text=REASON, by=self.person(who), at=self.at()
            ),
            is_allowed=may and not line.is_disputed and not line.was_kept,
        ):
            line.is_disputed = True

    @rule(who=JUDGES, code=st.sampled_from(CODES), is_accepted=st.booleans(), data=st.data())
    def settle_objection(self, who, code, is_accepted, data):
        now, line = self.now, self.now.lines[code]
        value = data.draw(st.sampled_from(list(POINTS[code])))
        found = Objection.objects.filter(
            line__scorecard=self.card, line__criterion__code=code, status=ObjectionStatus.OPEN
        ).first()
        if found is None:
            return
        may = who in REVIEWERS and now.is_open() and now.status == CardStatus.REVIEWED
        is_same = is_accepted and value == line.final
        is_lower = is_accepted and Decimal(POINTS[code][value]) < Decimal(POINTS[code].get(line.final, "0"))
        if self.attempt(
            lambda card: objections.settle(
                objection=found,
                version=card.version,
                outcome=Outcome(is_accepted, REASON, Decimal(value) if is_accepted else None),
                by=self.person(who),
                at=self.at(),
            ),
            is_allowed=may and not is_same and not is_lower,
        ):
            line.is_disputed = False
            if is_accepted:
                line.final, line.settler = value, who
                now.settled_by.add(who)
            line.was_kept = not is_accepted

    @rule(who=CHAIRS, is_old=st.booleans())
    def approve(self, who, is_old):
        now = self.now
        is_ready = now.status == CardStatus.REVIEWED and now.phase in STILL_APPROVING
        is_disputed = any(line.is_disputed for line in now.lines.values())
        if self.attempt(
            lambda card: approvals.approve(seen=self.seen(is_old=is_old), by=self.person(who), at=self.at()),
            is_allowed=is_ready and not is_disputed and not is_old and who == self._approver(),
        ):
            now.status = CardStatus.APPROVED

    def _approver(self) -> str | None:
        """The leader; the deputy where the leader took part in the review; nobody where both did."""
        reviewers = self.now.reviewers()
        if "L" not in reviewers:
            return "L"
        return "D" if "D" not in reviewers else None

    @rule(who=CHAIRS)
    def propose_reopening(self, who):
        now = self.now
        may = who in ("L", "D", "S") and now.phase in REOPENING
        if self.attempt(
            lambda card: approvals.propose_reopening(card=card, reason=REASON, by=self.person(who), at=self.at()),
            is_allowed=may and now.status == CardStatus.APPROVED and not now.proposed_by,
        ):
            now.proposed_by = who

    @rule(who=CHAIRS)
    def confirm_reopening(self, who):
        now = self.now
        step = pending.open_step(PendingKind.REOPEN_CARD, self.card)
        if step is None:
            return
        may = who in ("L", "D", "S") and now.phase in REOPENING
        if self.attempt(
            lambda card: approvals.confirm_reopening(card=card, step=step, by=self.person(who), at=self.at()),
            is_allowed=may and now.status == CardStatus.APPROVED and who != now.proposed_by,
        ):
            now.status, now.proposed_by = CardStatus.REVIEWED, ""
            if now.phase in (Phase.CONFERENCE, Phase.CONCLUDED):
                now.phase = Phase.APPROVING

    # --- what must hold after every act ---

    @invariant()
    def the_card_is_what_the_rules_say(self):
        now = self.now
        card = Scorecard.objects.values_list("status", "return_count", "reviewed_total", "total_points")
        lines_now = {code: [*line.values(), line.is_estimate, line.is_named] for code, line in now.lines.items()}
        found = ScoreLine.objects.filter(scorecard=self.card).order_by()

        assert card.get(pk=self.card.pk) == (now.status, now.returns, now.total("reviewed"), now.total("final"))
        assert {self.world.codes[criterion]: line for criterion, *line in found.values_list(*STORED)} == lines_now

    @invariant()
    def a_valid_approval_and_the_status_agree(self):
        valid = Approval.objects.filter(scorecard=self.card, revoked_at__isnull=True).count()

        assert valid == (self.now.status == CardStatus.APPROVED)


@pytest.fixture
def world():
    """Toward the card of `member`: everybody of security.md 3, the officer of the fourth unit as its reviewer (A), and
    the secretary whose home unit it is. The other cards are in, so that leader, deputy and reviewer may look."""
    world = two_clusters(5, phase=Phase.REVIEWING)
    world.card = ScorecardFactory(membership=world.member)
    world.codes = dict(ScoreLine.objects.filter(scorecard=world.card).values_list("criterion", "criterion__code"))
    for membership in (world.leader, world.deputy, world.other, world.members[4]):
        ScorecardFactory(membership=membership, submitted=True)
    ReviewAssignment.objects.create(
        scorecard=world.card, membership=world.other, assigned_by=world.secretariat, assigned_at=NOW
    )
    others = {"home": world.secretariat_at_home, "A": world.other_officer, "ot": world.signatories[4]}
    people = world.people() | others
    world.people = {who: people[who] for who in PEOPLE}
    return world


def test_card_follows_the_rules_whatever_is_tried(world):
    """500 runs; PostgreSQL, where a run takes twice as long, has the same rules under fewer of them."""
    machine = type("Machine", (CardMachine,), {"world": world})
    runs = 500 if connection.vendor == "sqlite" else 60

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=15,
            deadline=None,
            derandomize=True,
            phases=[Step.generate],  # shrinking takes longer than reading twelve steps
            suppress_health_check=list(HealthCheck),
        ),
    )
