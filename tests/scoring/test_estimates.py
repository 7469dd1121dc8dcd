""" "Ước cả năm": what may be marked, and how an official figure takes the place of an estimate."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from cluster_app.audit.models import AuditEvent
from cluster_app.audit.verification import verify
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, Stale, WrongState
from members.enums import DeadlineStep
from scoring import snapshots, versions
from scoring.enums import CardStatus, SubmissionWay
from scoring.models import ScoreLine, SignedPaper, Submission
from scoring.services import estimates, lines, scorecards
from scoring.services.lines import Entry
from scoring.sheets import load
from tests.factories.members import DeadlineFactory
from tests.factories.scoring import ScorecardFactory, amend, put_into_log, unfrozen
from tests.scenarios import NOW
from tests.scoring.cards import (
    card_in,
    forget,
    line_of,
    outcome,
    paper,
    record_paper,
    reread,
    reviewing_world,
    state_of,
    truth_table,
)

pytestmark = pytest.mark.django_db

D = Decimal
NOTE = "Báo cáo số 120-BC/CQ"


def build_world():
    return reviewing_world()


def marked(card, code="A1"):
    """The same card, one line of which was marked when it was filled in."""
    if card.status != CardStatus.APPROVED:
        card.lines.filter(criterion__code=code).update(is_estimate=True)
    return card


def estimated(status, world):
    return marked(card_in(status, world.member))


def replace(card, user, code="A1", value="90", note=NOTE, version=None, given=None):
    line = line_of(card, code)
    return estimates.replace(
        card=card,
        line_pk=line.pk,
        value=D(value),
        note=note,
        version=line.version if version is None else version,
        paper=given,
        by=user,
        at=NOW,
    )


# --- marking ---


def fill(card, user, code, value, *, is_estimate):
    line = line_of(card, code)
    entry = Entry(line.pk, None if value is None else D(value), "Theo sổ", line.version, is_estimate)
    lines.fill(card=card, entries=[entry], by=user, at=NOW)
    return line_of(card, code).is_estimate


@pytest.mark.parametrize(
    ("code", "is_marked"),
    [("A1", True), ("A2", True), ("A3", False), ("B1", False), ("B2", True), ("E1", True), ("F1", True)],
)
def test_only_numbers_that_are_typed_can_be_estimates(world, code, is_marked):
    card = reread(ScorecardFactory(membership=world.member))

    assert fill(card, world.officer, code, "1", is_estimate=True) == is_marked


def test_a_line_without_a_value_is_no_estimate(world):
    card = estimated(CardStatus.DRAFT, world)

    assert fill(card, world.officer, "A1", None, is_estimate=True) is False


def test_a_mark_alone_is_a_change_and_can_be_taken_away(world):
    card = card_in(CardStatus.DRAFT, world.member)
    value, version = "95", line_of(card, "A1").version

    assert fill(card, world.officer, "A1", value, is_estimate=True) is True
    assert line_of(card, "A1").version == version + 1
    assert fill(card, world.officer, "A1", value, is_estimate=False) is False


def test_who_says_nothing_of_the_mark_leaves_it_as_it_is(world):
    card = estimated(CardStatus.DRAFT, world)

    assert fill(card, world.officer, "A1", "96", is_estimate=None) is True


def test_the_text_of_a_card_names_the_mark_only_where_there_is_one(world):
    card = card_in(CardStatus.SUBMITTED, world.member)
    without = snapshots.of_card(load(card))

    marked(card)

    with_mark = snapshots.of_card(load(reread(card)))
    assert "is_estimate" not in without
    assert with_mark.count('"is_estimate":true') == 1


# --- replacing ---


def test_who_may_replace_an_estimate_in_which_status(world):
    found = truth_table(world, lambda card, user: replace(marked(card), user))

    assert found == {  # officer, signatory, other unit, other cluster, leader, deputy, secretariat, observer, admin
        CardStatus.DRAFT: "W W 3 4 3 3 W 3 4",
        CardStatus.SUBMITTED: "R Y 3 4 3 3 W 3 4",
        CardStatus.RETURNED: "W W 3 4 3 3 W 3 4",
        CardStatus.REVIEWED: "R Y 3 4 3 3 W 3 4",
        CardStatus.APPROVED: "W W 3 4 3 3 W 3 4",
    }


def test_who_may_replace_an_estimate_with_a_signed_paper(world):
    found = truth_table(world, lambda card, user: replace(marked(card), user, given=paper()))

    assert found[CardStatus.SUBMITTED] == found[CardStatus.REVIEWED] == "Y Y 3 4 3 3 W 3 4"


def test_no_officer_replaces_it_where_only_the_signatory_hands_in(world):
    world.year.rules.officer_may_submit = False
    world.year.rules.save()
    card = estimated(CardStatus.REVIEWED, world)
    before = state_of(card)

    with pytest.raises(NotAllowed):
        replace(card, world.officer, given=paper())
    with pytest.raises(NotAllowed):
        record_paper(card, world.officer)

    assert state_of(card) == before


def test_without_a_paper_the_officer_is_told_what_is_missing(world):
    card = estimated(CardStatus.REVIEWED, world)

    with pytest.raises(Refused) as refused:
        replace(card, world.officer)

    assert set(refused.value.errors) == {"number", "signed_on", "file"}


def test_a_recorded_paper_stands_for_one_replacement(world):
    card = marked(estimated(CardStatus.REVIEWED, world), "A2")
    record_paper(card, world.officer)

    replace(card, world.officer)
    with pytest.raises(Refused):
        replace(reread(card), world.officer, code="A2", value="2")

    assert Submission.objects.get().paper == SignedPaper.objects.get()


def test_a_paper_is_recorded_while_estimates_are_left_and_no_longer(world):
    card = estimated(CardStatus.SUBMITTED, world)
    record_paper(card, world.officer)
    replace(card, world.signatory)

    with pytest.raises(WrongState):
        record_paper(reread(card), world.officer)


def test_the_secretariat_replaces_it_for_a_unit_that_handed_in_on_paper(world):
    card = marked(estimated(CardStatus.DRAFT, world), "A2")
    scorecards.submit(card=card, version=card.version, paper=paper(), by=world.secretariat, at=NOW)

    with pytest.raises(Refused):
        replace(reread(card), world.secretariat)
    replace(reread(card), world.secretariat, given=paper("16-BC/CQ"))
    record_paper(card, world.secretariat)
    replace(reread(card), world.secretariat, code="A2", value="2")

    kept = list(Submission.objects.order_by("number").values_list("number", "way", "paper__number"))
    assert kept == [(number, SubmissionWay.ON_BEHALF, f"{name}-BC/CQ") for number, name in [(1, 15), (2, 16), (3, 15)]]
    assert line_of(card, "A1").self_value == D(90)


def test_the_secretariat_records_no_paper_for_a_unit_that_handed_in_itself(world):
    card = estimated(CardStatus.SUBMITTED, world)

    with pytest.raises(WrongState):
        record_paper(card, world.secretariat)


def test_every_replacement_is_kept_as_a_submission(world):
    card = estimated(CardStatus.REVIEWED, world)
    put_into_log(card)

    replace(card, world.signatory)

    kept = Submission.objects.get()
    assert (kept.way, kept.paper, kept.submitted_by, kept.late_days) == ("signatory", None, world.signatory, 0)
    assert kept.snapshot == snapshots.of_card(load(reread(card)))
    assert kept.digest == snapshots.digest(kept.snapshot)
    assert [version.key for version in versions.compare(world.signatory, reread(card), {}).versions] == ["s1", "now"]
    assert verify().problem == ""


def test_the_secretariat_replaces_nothing_where_the_rules_close_the_way(world):
    world.year.rules.may_enter_on_behalf = False
    world.year.rules.save()
    card = estimated(CardStatus.SUBMITTED, world)

    with pytest.raises(NotAllowed):
        replace(card, world.secretariat)


def test_the_official_figure_of_a_reviewed_card_brings_it_back_into_review(world):
    card = estimated(CardStatus.REVIEWED, world)
    put_into_log(card)

    replace(card, world.signatory)

    line, other, stored = line_of(card, "A1"), line_of(card, "A2"), reread(card)
    assert (line.self_value, line.self_points, line.self_note, line.is_estimate) == (D(90), D(27), NOTE, False)
    assert (line.reviewed_value, line.reviewed_points, line.reviewed_reason, line.reviewed_by) == (None, None, "", None)
    assert (other.reviewed_value, other.reviewed_points) == (D(2), D(10))
    assert not ScoreLine.objects.filter(scorecard=card, final_points__isnull=False).exists()
    assert (stored.status, stored.reviewed_at, stored.reviewed_by) == (CardStatus.SUBMITTED, None, None)
    assert (stored.self_total, stored.reviewed_total, stored.total_points) == (D("83.00"), None, None)


def test_the_log_names_both_values(world):
    card = estimated(CardStatus.SUBMITTED, world)

    replace(card, world.signatory)

    event = AuditEvent.objects.get(verb="scoreline.replace_estimate")
    assert event.actor == world.signatory.username
    assert json.loads(event.payload)["changes"] == {
        "code": "A1",
        "before": "95.00",
        "after": "90",
        "note": NOTE,
        "paper_number": "",
        "way": "signatory",
    }


def test_an_estimate_is_replaced_once(world):
    card = estimated(CardStatus.SUBMITTED, world)
    replace(card, world.signatory)
    before = state_of(card)

    with pytest.raises(WrongState):
        replace(reread(card), world.signatory, value="100")

    assert state_of(card) == before


def test_a_line_that_was_not_marked_at_the_submission_stays(world):
    card = estimated(CardStatus.SUBMITTED, world)
    before = state_of(card)

    with pytest.raises(WrongState):
        replace(card, world.signatory, code="A2", value="4")

    assert state_of(card) == before


@pytest.mark.parametrize(
    ("values", "error", "fields"),
    [
        ({"note": "  "}, Refused, ["note"]),
        ({"value": "-1"}, Refused, ["value"]),
        ({"version": 99}, Stale, None),
    ],
)
def test_what_is_refused_changes_nothing(world, values, error, fields):
    card = estimated(CardStatus.REVIEWED, world)
    before = state_of(card)

    with pytest.raises(error) as refused:
        replace(card, world.signatory, **values)

    assert fields is None or list(refused.value.errors) == fields
    assert state_of(card) == before


@pytest.mark.parametrize(
    "changes", [{"source": "commendations"}, {"kind": "boolean", "unit_of_measure": ""}], ids=["fed", "a choice"]
)
def test_a_mark_on_a_line_that_cannot_be_estimated_opens_nothing(world, changes):
    card = estimated(CardStatus.SUBMITTED, world)
    amend(line_of(card, "A1").criterion, **changes)

    with pytest.raises(WrongState):
        replace(card, world.signatory, value="1")


@pytest.mark.parametrize(
    ("is_hard", "hours", "letter"), [(True, -1, "W"), (True, 0, "Y"), (False, -1, "Y")], ids=["over", "in time", "soft"]
)
def test_after_a_hard_deadline_for_objections_nothing_is_replaced(world, is_hard, hours, letter):
    due_at = NOW + timedelta(hours=hours)
    DeadlineFactory(year=world.year, step=DeadlineStep.OBJECTING, due_at=due_at, is_hard=is_hard)
    card = estimated(CardStatus.REVIEWED, world)

    assert outcome(lambda: replace(card, world.signatory)) == letter


def test_an_estimate_without_a_value_is_refused_by_the_database(world):
    card = card_in(CardStatus.DRAFT, world.member)

    with pytest.raises(IntegrityError), transaction.atomic():
        card.lines.filter(criterion__code="A1").update(is_estimate=True, self_value=None)


def test_a_line_of_another_card_is_not_known(world):
    card, other = estimated(CardStatus.SUBMITTED, world), marked(card_in(CardStatus.SUBMITTED, world.other))

    with pytest.raises(NotKnown):
        estimates.replace(
            card=card, line_pk=line_of(other, "A1").pk, value=D(1), note=NOTE, version=1, by=world.signatory, at=NOW
        )


def test_the_reviewers_are_told(world):
    card = estimated(CardStatus.SUBMITTED, world)
    forget(world.year)

    replace(card, world.signatory)

    assert world.secretariat.notifications.count() == 1


def test_the_log_vouches_for_a_card_entered_on_behalf_and_for_its_replaced_estimate(world):
    card = estimated(CardStatus.DRAFT, world)
    record_paper(card, world.secretariat)
    scorecards.submit(card=card, version=card.version, by=world.secretariat, at=NOW)
    replace(reread(card), world.secretariat, given=paper("16-BC/CQ"))

    assert verify().problem == ""
    with unfrozen():
        SignedPaper.objects.filter(number="16-BC/CQ").update(number="99-BC/CQ")
    assert verify().problem != ""
