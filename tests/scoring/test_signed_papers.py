"""Signed papers, and what is kept of every submission: who, in which way, how late, exactly what."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotAllowed, Refused, WrongState
from members.enums import Phase
from members.models import StoredFile
from scoring import snapshots
from scoring.enums import CardStatus, SubmissionWay
from scoring.models import SignedPaper, Submission
from scoring.services import scorecards, signed_papers
from scoring.services.signed_papers import Paper
from scoring.sheets import load
from tests.factories.members import DeadlineFactory, ExtensionFactory
from tests.scenarios import NOW, two_clusters
from tests.scoring.cards import card_in, paper, record_paper, reread, reviewing_world, truth_table

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
REASON = "Bổ sung minh chứng"


def build_world():
    return reviewing_world()


def submit(card, user, *, given=None, at=NOW):
    return scorecards.submit(card=reread(card), version=reread(card).version, paper=given, by=user, at=at)


def give_back(card, user, at=NOW):
    fresh = reread(card)
    return scorecards.return_card(card=fresh, version=fresh.version, reason=REASON, by=user, at=at)


# --- recording a paper ---


def test_who_may_record_a_signed_paper_in_which_status(world):
    assert truth_table(world, record_paper) == {
        # officer, signatory, other unit, other cluster, leader, deputy, secretariat, observer, administrator
        CardStatus.DRAFT: "Y 3 3 4 3 3 Y 3 4",
        CardStatus.SUBMITTED: "W 3 3 4 3 3 W 3 4",
        CardStatus.RETURNED: "Y 3 3 4 3 3 Y 3 4",
        CardStatus.REVIEWED: "W 3 3 4 3 3 W 3 4",
        CardStatus.APPROVED: "W 3 3 4 3 3 W 3 4",
    }


@pytest.mark.parametrize(("rule", "name"), [("officer_may_submit", "officer"), ("may_enter_on_behalf", "secretariat")])
def test_a_closed_way_takes_no_paper(world, rule, name):
    setattr(world.year.rules, rule, False)
    world.year.rules.save()
    card = card_in(CardStatus.DRAFT, world.member)

    with pytest.raises(NotAllowed):
        record_paper(card, getattr(world, name))

    assert not SignedPaper.objects.exists()


def test_a_recorded_paper_is_in_the_audit_log_with_the_hash_of_its_scan(world):
    card = card_in(CardStatus.DRAFT, world.member)

    record_paper(card, world.secretariat)

    kept = SignedPaper.objects.get()
    event = AuditEvent.objects.get(verb="scorecard.record_paper")
    assert (kept.number, kept.signed_on, kept.recorded_by) == ("15-BC/CQ", date(2021, 11, 20), world.secretariat)
    assert kept.scan.membership == world.member
    named = {"number": "15-BC/CQ", "signed_on": "2021-11-20", "sha256": kept.scan.sha256}
    assert json.loads(event.payload)["changes"] == named


def test_a_paper_sent_twice_is_recorded_once(world):
    card = card_in(CardStatus.DRAFT, world.member)
    record_paper(card, world.officer)

    with pytest.raises(WrongState):
        record_paper(card, world.officer)
    submit(card, world.officer, given=paper())

    assert SignedPaper.objects.get() == Submission.objects.get().paper
    assert AuditEvent.objects.filter(verb="scorecard.record_paper").count() == 1


def test_a_refused_paper_leaves_no_file_behind(world):
    card = card_in(CardStatus.DRAFT, world.member)

    with pytest.raises(Refused):
        signed_papers.record(card=card, paper=Paper("", None, paper().upload), by=world.officer, at=NOW)

    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("change", ["update", "delete"])
def test_a_paper_and_a_submission_are_never_changed(world, change):
    card = card_in(CardStatus.DRAFT, world.member)
    submit(card, world.officer, given=paper())

    for model, fields in ((SignedPaper, {"number": "16-BC/CQ"}), (Submission, {"late_days": 9})):
        rows = model.objects.filter(scorecard=card)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**fields) if change == "update" else rows._raw_delete("default")
        assert rows.count() == 1


def test_the_database_refuses_a_submission_of_somebody_else_without_paper(world):
    card = card_in(CardStatus.DRAFT, world.member)

    for way in (SubmissionWay.OFFICER, SubmissionWay.ON_BEHALF):
        with pytest.raises(IntegrityError), transaction.atomic():
            Submission.objects.create(
                scorecard=card, number=1, way=way, submitted_at=NOW, submitted_by=world.officer, digest="0" * 64
            )


# --- one paper, one round ---


@pytest.mark.parametrize(
    ("name", "given", "way"),
    [
        ("signatory", None, SubmissionWay.SIGNATORY),
        ("officer", paper(), SubmissionWay.OFFICER),
        ("secretariat_at_home", paper(), SubmissionWay.OFFICER),
        ("secretariat", paper(), SubmissionWay.ON_BEHALF),
    ],
)
def test_a_submission_says_in_which_way_the_card_was_handed_in(world, name, given, way):
    card = card_in(CardStatus.DRAFT, world.member)

    submit(card, getattr(world, name), given=given)

    kept = Submission.objects.get()
    assert (kept.number, kept.way, kept.submitted_at, kept.submitted_by) == (1, way, NOW, getattr(world, name))
    assert (kept.paper is None) == (way == SubmissionWay.SIGNATORY)


def test_a_recorded_paper_is_the_one_of_the_submission(world):
    card = card_in(CardStatus.DRAFT, world.member)
    record_paper(card, world.secretariat)

    submit(card, world.secretariat)

    kept, stored = Submission.objects.get(), reread(card)
    assert kept.paper == SignedPaper.objects.get()
    assert (stored.paper_number, stored.paper_on) == ("15-BC/CQ", date(2021, 11, 20))


def test_a_paper_stands_for_one_submission_only(world):
    card = card_in(CardStatus.DRAFT, world.member)
    submit(card, world.officer, given=paper())
    give_back(card, world.secretariat, at=LATER)

    with pytest.raises(Refused):
        submit(card, world.officer, at=LATER)
    submit(card, world.officer, given=paper("16-BC/CQ"), at=LATER)

    assert list(Submission.objects.values_list("number", "paper__number")) == [(1, "15-BC/CQ"), (2, "16-BC/CQ")]


def test_a_paper_left_from_an_earlier_round_does_not_open_the_next_one(world):
    card = card_in(CardStatus.DRAFT, world.member)
    record_paper(card, world.officer)
    submit(card, world.signatory, at=LATER)
    give_back(card, world.secretariat, at=LATER)

    assert signed_papers.of_this_round(reread(card)) is None


def test_what_was_submitted_is_kept_when_the_card_changes(world):
    card = card_in(CardStatus.DRAFT, world.member)
    submit(card, world.signatory)
    shown = snapshots.of_card(load(reread(card)))

    give_back(card, world.secretariat, at=LATER)

    kept = Submission.objects.get()
    assert kept.snapshot == shown
    assert kept.digest == snapshots.digest(shown)


# --- late ---

DUE = datetime(2021, 11, 22, 16, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "days"), [(DUE, 0), (DUE + timedelta(seconds=1), 1), (datetime(2021, 11, 24, 17, tzinfo=UTC), 3)]
)
def test_days_late_are_counted_and_kept(world, at, days):
    DeadlineFactory(year=world.year, due_at=DUE)
    card = card_in(CardStatus.DRAFT, world.member)

    submit(card, world.signatory, at=at)

    assert Submission.objects.get().late_days == days


def test_an_extension_counts(world):
    deadline = DeadlineFactory(year=world.year, due_at=DUE)
    ExtensionFactory(deadline=deadline, membership=world.member, until=DUE + timedelta(days=2))
    card = card_in(CardStatus.DRAFT, world.member)

    submit(card, world.signatory, at=DUE + timedelta(days=1))

    assert Submission.objects.get().late_days == 0


def test_a_correction_after_a_return_is_not_late_if_the_card_was_in_time(world):
    DeadlineFactory(year=world.year, due_at=DUE)
    card = card_in(CardStatus.DRAFT, world.member)
    submit(card, world.signatory, at=DUE)
    give_back(card, world.secretariat, at=DUE + timedelta(days=1))

    submit(card, world.signatory, at=DUE + timedelta(days=3))

    assert list(Submission.objects.values_list("late_days", flat=True)) == [0, 0]


@pytest.mark.parametrize("phase", [Phase.CONCLUDED, Phase.ARCHIVED])
def test_a_closed_year_takes_no_paper(phase):
    world = two_clusters(phase=phase)
    found = truth_table(world, record_paper, people={"of": world.officer, "S": world.secretariat})

    assert set(found.values()) == {"W W"}
