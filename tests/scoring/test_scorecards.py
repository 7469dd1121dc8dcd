"""Opening, submitting, reviewing and returning a card."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, Stale, WrongState
from members.enums import Phase
from scoring.enums import CardStatus
from scoring.models import Scorecard, ScoreLine, SignedPaper, Submission
from scoring.services import lines, scorecards
from scoring.services.signed_papers import Paper
from scoring.sheets import load
from tests.factories.members import DeadlineFactory, ExtensionFactory
from tests.factories.scoring import CriteriaSetFactory, ScorecardFactory, applied_set, line_versions
from tests.scenarios import NOW, two_clusters
from tests.scoring.cards import card_in, entry, line_of, paper, reread, reviewing_world, state_of, truth_table

pytestmark = pytest.mark.django_db

D = Decimal
REASON = "Bổ sung minh chứng"


def build_world():
    return reviewing_world()


def submit(card, user, at=NOW, paper=None):
    return scorecards.submit(card=card, version=card.version, paper=paper, by=user, at=at)


def conclude(card, user):
    return scorecards.conclude_review(card=card, version=card.version, by=user, at=NOW)


def give_back(card, user, *codes, reason=REASON):
    return scorecards.return_card(card=card, version=card.version, reason=reason, codes=codes, by=user, at=NOW)


# --- opening ---


def test_opening_gives_every_unit_one_empty_card(world):
    applied_set(world.year)

    opened = scorecards.open_for_year(year=world.year, by=world.secretariat, at=NOW)
    again = scorecards.open_for_year(year=world.year, by=world.secretariat, at=NOW)

    assert [card.membership.unit.code for card in opened] == ["A1", "A2", "A3", "A4"]
    assert again == []
    assert ScoreLine.objects.count() == 4 * 7
    assert not ScoreLine.objects.exclude(self_value=None).exists()


def test_opening_needs_an_applied_set(world):
    CriteriaSetFactory(year=world.year, small=True)

    with pytest.raises(Refused):
        scorecards.open_for_year(year=world.year, by=world.secretariat, at=NOW)


# --- submitting ---


def test_who_may_submit_in_which_status(world):
    found = truth_table(world, lambda card, user: submit(card, user, paper=paper()))

    assert found == {  # officer, signatory, other unit, other cluster, leader, deputy, secretariat, observer, admin
        CardStatus.DRAFT: "Y Y 3 4 3 3 Y 3 4",
        CardStatus.SUBMITTED: "W W 3 4 3 3 W 3 4",
        CardStatus.RETURNED: "Y Y 3 4 3 3 Y 3 4",
        CardStatus.REVIEWED: "W W 3 4 3 3 W 3 4",
        CardStatus.APPROVED: "W W 3 4 3 3 W 3 4",
    }


def test_the_signatory_submits_without_paper(world):
    card = card_in(CardStatus.DRAFT, world.member)

    submit(card, world.signatory)

    stored = reread(card)
    assert (stored.status, stored.submitted_at, stored.submitted_by) == (CardStatus.SUBMITTED, NOW, world.signatory)
    assert stored.version == card.version + 1
    event = AuditEvent.objects.order_by("-sequence").first()
    assert (event.verb, event.actor, event.object_key) == (
        "scorecard.submit",
        world.signatory.username,
        f"scoring.scorecard:{card.pk}",
    )


@pytest.mark.parametrize("name", ["officer", "secretariat", "secretariat_at_home"])
@pytest.mark.parametrize(
    ("given", "fields"),
    [
        (None, ["number", "signed_on", "file"]),
        (Paper("15-BC/CQ"), ["signed_on", "file"]),
        (Paper("15-BC/CQ", date(2021, 11, 20)), ["file"]),
        (paper(number="  "), ["number"]),
        (paper(signed_on=date(2021, 11, 25)), ["signed_on"]),
    ],
)
def test_everybody_else_gives_the_signed_paper_with_its_scan(world, name, given, fields):
    card = card_in(CardStatus.DRAFT, world.member)
    before = state_of(card)

    with pytest.raises(Refused) as refused:
        submit(card, getattr(world, name), paper=given)

    assert list(refused.value.errors) == fields
    assert state_of(card) == before
    assert not SignedPaper.objects.exists()
    assert not Submission.objects.exists()


def test_a_paper_dated_on_the_day_itself_is_taken_before_7_o_clock_too(world):
    card = card_in(CardStatus.DRAFT, world.member)
    in_the_night = datetime(2021, 11, 23, 18, tzinfo=UTC)  # 24 November, 1 o'clock in Việt Nam

    submit(card, world.officer, at=in_the_night, paper=paper(signed_on=date(2021, 11, 24)))

    assert reread(card).paper_on == date(2021, 11, 24)


def test_an_officer_may_not_submit_where_the_rules_say_so(world):
    world.year.rules.officer_may_submit = False
    world.year.rules.save()
    card = card_in(CardStatus.DRAFT, world.member)

    with pytest.raises(NotAllowed):
        submit(card, world.officer, paper=paper())


def test_what_is_missing_is_said_line_by_line(world):
    card = card_in(CardStatus.DRAFT, world.member)
    card.lines.filter(criterion__code="A1").update(self_note="")
    card.lines.filter(criterion__code="B1").update(self_value=None, self_points=None)
    before = state_of(card)

    with pytest.raises(Refused) as refused:
        submit(card, world.signatory)

    assert [text.split()[0] for text in refused.value.missing] == ["A1", "B1"]
    assert state_of(card) == before


@pytest.mark.parametrize(
    ("code", "is_needed"),
    [("A1", True), ("A2", True), ("A3", False), ("B1", False), ("B2", False), ("E1", True), ("F1", False)],
)
def test_measured_and_counted_values_need_a_note(world, code, is_needed):
    card = card_in(CardStatus.DRAFT, world.member)
    card.lines.filter(criterion__code=code).update(self_note=" ")

    missing = [line.criterion.code for line, _sentence in scorecards.missing_for_submission(load(card))]

    assert missing == ([code] if is_needed else [])


def test_a_total_of_0_can_be_submitted(world):
    nothing = {
        "A1": ("0", "0"),
        "A2": ("0", "0"),
        "A3": ("4", "0"),
        "B1": ("0", "0"),
        "B2": ("9", "0"),
        "E1": ("0", "0"),
    }
    card = card_in(CardStatus.DRAFT, world.member, self_values=nothing)

    submit(card, world.signatory)

    assert reread(card).self_total == 0


def test_a_line_that_is_not_assigned_is_not_missing(world):
    card = card_in(CardStatus.DRAFT, world.member)
    card.lines.filter(criterion__code="B1").update(
        self_value=None, self_points=None, is_assigned=False, not_assigned_reason="Không giao"
    )

    assert scorecards.missing_for_submission(load(card)) == []


def test_a_card_changed_meanwhile_is_stale(world):
    card = card_in(CardStatus.DRAFT, world.member)
    lines.fill(card=card, entries=[entry(card, "A2", D(1), "Sửa lại")], by=world.officer, at=NOW)

    with pytest.raises(Stale):
        submit(card, world.signatory)

    assert reread(card).status == CardStatus.DRAFT


LAST_SECOND = datetime(2021, 11, 30, 16, 59, 59, tzinfo=UTC)  # 30 November 2021, 23:59:59 in Việt Nam


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (datetime(2021, 11, 30, 16, 59, 58, tzinfo=UTC), True),
        (LAST_SECOND, True),
        (datetime(2021, 11, 30, 17, 0, 0, tzinfo=UTC), False),
    ],
)
def test_a_hard_deadline_holds_to_the_end_of_its_last_second(world, at, is_open):
    DeadlineFactory(year=world.year, due_at=LAST_SECOND, is_hard=True)
    card = card_in(CardStatus.DRAFT, world.member)

    if is_open:
        submit(card, world.signatory, at=at)
    else:
        with pytest.raises(WrongState):
            submit(card, world.signatory, at=at)


def test_a_soft_deadline_blocks_nothing(world):
    DeadlineFactory(year=world.year, due_at=LAST_SECOND)
    card = card_in(CardStatus.DRAFT, world.member)

    submit(card, world.signatory, at=datetime(2021, 12, 2, tzinfo=UTC))


def test_an_extension_moves_a_hard_deadline_for_its_unit_only(world):
    deadline = DeadlineFactory(year=world.year, due_at=datetime(2021, 11, 20, tzinfo=UTC), is_hard=True)
    ExtensionFactory(deadline=deadline, membership=world.member, until=LAST_SECOND)
    member, other = card_in(CardStatus.DRAFT, world.member), card_in(CardStatus.DRAFT, world.other)

    submit(member, world.signatory)

    with pytest.raises(WrongState):
        submit(other, world.other_signatory)


def test_a_returned_card_may_come_back_after_a_hard_deadline_and_keeps_its_first_day(world):
    DeadlineFactory(year=world.year, due_at=datetime(2021, 11, 22, tzinfo=UTC), is_hard=True)
    card = card_in(CardStatus.RETURNED, world.member)

    submit(card, world.signatory)

    assert reread(card).submitted_at == card.submitted_at


def test_submitting_locks_the_named_lines_again(world):
    card = card_in(CardStatus.RETURNED, world.member)
    card.lines.filter(criterion__code="A2").update(is_returned=True)

    submit(card, world.signatory)

    assert not card.lines.filter(is_returned=True).exists()


# --- concluding the review ---


def test_who_may_conclude_the_review_in_which_status(world):
    def act(card, user):
        card.lines.filter(reviewed_value=None, scorecard__status=CardStatus.SUBMITTED).update(
            reviewed_value=1, reviewed_points=0
        )
        conclude(card, user)

    assert truth_table(world, act) == {
        CardStatus.DRAFT: "3 3 3 4 W W W 3 4",
        CardStatus.SUBMITTED: "3 3 3 4 Y Y Y 3 4",
        CardStatus.RETURNED: "3 3 3 4 W W W 3 4",
        CardStatus.REVIEWED: "3 3 3 4 W W W 3 4",
        CardStatus.APPROVED: "3 3 3 4 W W W 3 4",
    }


def reviewed_sheet(world):
    card = card_in(CardStatus.SUBMITTED, world.member)
    lowered = entry(card, "A1", D(87), "Đối chiếu sổ theo dõi")
    lines.review(card=card, entries=[lowered], by=world.secretariat, at=NOW)
    lines.accept_as_claimed(card=card, code="", seen=line_versions(card), by=world.secretariat, at=NOW)
    return reread(card)


def test_final_becomes_what_was_reviewed(world):
    card = reviewed_sheet(world)

    conclude(card, world.secretariat)

    line, stored = line_of(card, "A1"), reread(card)
    assert (line.final_value, line.final_points, line.final_reason) == (D(87), D("26.10"), "Đối chiếu sổ theo dõi")
    assert (stored.status, stored.reviewed_by, stored.reviewed_at) == (CardStatus.REVIEWED, world.secretariat, NOW)
    assert (stored.base_points, stored.bonus_points, stored.penalty_points, stored.total_points) == (
        D("82.10"),
        D("10.00"),
        D("-10.00"),
        D("82.10"),
    )
    assert stored.reviewed_total == stored.total_points


def test_the_review_is_not_concluded_while_a_line_is_open(world):
    card = card_in(CardStatus.SUBMITTED, world.member)
    lines.accept_as_claimed(card=card, code="A", seen=line_versions(card), by=world.secretariat, at=NOW)
    card = reread(card)
    before = state_of(card)

    with pytest.raises(Refused) as refused:
        conclude(card, world.secretariat)

    assert [text.split()[0] for text in refused.value.missing] == ["B1", "B2", "E1", "F1"]
    assert state_of(card) == before


def test_a_line_that_is_not_assigned_keeps_its_points_in_every_stage(world):
    card = card_in(CardStatus.SUBMITTED, world.member)
    card.lines.filter(criterion__code="B1").update(
        is_assigned=False, not_assigned_reason="Không giao", self_value=None, self_points=10
    )
    for code in ("A", "B2", "E", "F"):
        lines.accept_as_claimed(card=card, code=code, seen=line_versions(card), by=world.secretariat, at=NOW)

    conclude(reread(card), world.secretariat)

    line = line_of(card, "B1")
    assert (line.reviewed_points, line.final_points, line.final_value) == (D(10), D(10), None)


# --- returning ---


def test_who_may_return_in_which_status(world):
    assert truth_table(world, give_back) == {
        CardStatus.DRAFT: "3 3 3 4 W W W 3 4",
        CardStatus.SUBMITTED: "3 3 3 4 Y Y Y 3 4",
        CardStatus.RETURNED: "3 3 3 4 W W W 3 4",
        CardStatus.REVIEWED: "3 3 3 4 Y Y Y 3 4",
        CardStatus.APPROVED: "3 3 3 4 W W W 3 4",
    }


@pytest.mark.parametrize("reason", ["", "         ", "chín ký t "])
def test_a_return_needs_a_reason_of_ten_characters(world, reason):
    card = card_in(CardStatus.SUBMITTED, world.member)

    with pytest.raises(Refused) as refused:
        give_back(card, world.secretariat, reason=reason)

    assert list(refused.value.errors) == ["reason"]
    assert reread(card).status == CardStatus.SUBMITTED


def test_a_return_that_names_lines_opens_these_and_clears_their_review(world):
    card = card_in(CardStatus.REVIEWED, world.member)

    give_back(card, world.secretariat, "A2", "E1")

    stored = reread(card)
    returned = dict(card.lines.order_by("pk").values_list("criterion__code", "is_returned"))
    reviewed = dict(card.lines.order_by("pk").values_list("criterion__code", "reviewed_points"))
    assert [code for code, is_returned in returned.items() if is_returned] == ["A2", "E1"]
    assert [code for code, points in reviewed.items() if points is None] == ["A2", "E1"]
    assert not card.lines.exclude(final_points=None).exists()
    assert (stored.status, stored.returned_reason, stored.return_count) == (CardStatus.RETURNED, REASON, 1)
    assert (stored.reviewed_by, stored.reviewed_total, stored.total_points) == (None, None, None)


def test_a_return_that_names_none_opens_all(world):
    card = card_in(CardStatus.REVIEWED, world.member)

    give_back(card, world.secretariat)

    assert not card.lines.filter(is_returned=True).exists()
    assert not card.lines.exclude(reviewed_points=None).exists()


def test_a_return_that_names_an_unknown_line_is_not_known(world):
    card = card_in(CardStatus.SUBMITTED, world.member)

    with pytest.raises(NotKnown):
        give_back(card, world.secretariat, "Z9")


def test_what_was_shown_before_the_return_is_stale(world):
    card = card_in(CardStatus.SUBMITTED, world.member)
    old = entry(card, "A1", D(50), "Cũ")

    give_back(card, world.secretariat)

    with pytest.raises(Stale):
        lines.fill(card=reread(card), entries=[old], by=world.officer, at=NOW)


# --- the database itself ---


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"status": "lost", "submitted_at": NOW}, "scorecard_status_known"),
        ({"status": CardStatus.SUBMITTED, "submitted_at": None}, "scorecard_submitted_has_time"),
        ({"status": CardStatus.APPROVED, "submitted_at": NOW, "total_points": None}, "scorecard_approved_has_total"),
        ({"penalty_points": D("0.01")}, "scorecard_penalty_not_positive"),
    ],
)
def test_the_database_refuses_an_impossible_card(world, fields, name):
    card = card_in(CardStatus.DRAFT, world.member)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Scorecard.objects.filter(pk=card.pk).update(**fields)


@pytest.mark.parametrize(
    ("code", "fields", "name"),
    [
        ("A1", {"self_points": D("30.01")}, "scoreline_self_within_bounds"),
        ("A1", {"reviewed_points": D("-0.01")}, "scoreline_reviewed_within_bounds"),
        ("A1", {"final_points": D("30.01")}, "scoreline_final_within_bounds"),
        ("F1", {"self_points": D("0.01")}, "scoreline_self_within_bounds"),
        ("A1", {"max_points": None}, "scoreline_has_max"),
        ("A1", {"section": "extra"}, "scoreline_section_known"),
        ("A1", {"is_assigned": False}, "scoreline_not_assigned_has_reason"),
    ],
)
def test_the_database_refuses_an_impossible_line(world, code, fields, name):
    card = card_in(CardStatus.DRAFT, world.member)

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        card.lines.filter(criterion__code=code).update(**fields)


def test_a_card_has_one_line_for_a_criterion(world):
    line = line_of(card_in(CardStatus.DRAFT, world.member), "A1")

    with pytest.raises(IntegrityError), transaction.atomic():
        ScoreLine.objects.create(
            scorecard=line.scorecard, criterion=line.criterion, section=line.section, max_points=line.max_points
        )


def test_a_unit_has_one_card(world):
    ScorecardFactory(membership=world.member)

    with pytest.raises(IntegrityError), transaction.atomic():
        ScorecardFactory(membership=world.member)


def test_a_submission_that_cannot_be_logged_leaves_nothing_behind(world):
    """The audit event is the last step; here its place in the chain is taken."""
    card = card_in(CardStatus.DRAFT, world.member)
    before = state_of(card)
    head = AuditEvent.objects.order_by("-sequence").first()
    AuditEvent.objects.create(sequence=0, previous=head.digest, at=NOW, actor="x", verb="x", object_key="x:1")

    with pytest.raises(IntegrityError):
        submit(card, world.signatory)

    assert state_of(card) == before


@pytest.mark.parametrize("phase", [Phase.RUNNING, Phase.CONFERENCE])
def test_submitting_is_closed_outside_its_phases(phase):
    world = two_clusters(phase=phase)
    card = card_in(CardStatus.DRAFT, world.member)

    with pytest.raises(WrongState):
        submit(card, world.signatory)


@pytest.mark.parametrize(
    ("phase", "is_open"),
    [(Phase.SELF_SCORING, True), (Phase.APPROVING, True), (Phase.RUNNING, False), (Phase.CONFERENCE, False)],
)
def test_review_and_return_have_their_own_phases(phase, is_open):
    world = two_clusters(phase=phase)
    card = card_in(CardStatus.SUBMITTED, world.member)

    if is_open:
        give_back(card, world.secretariat)
    else:
        with pytest.raises(WrongState):
            give_back(card, world.secretariat)


def test_a_card_returned_while_the_year_is_approving_finds_its_way_back():
    world = two_clusters(phase=Phase.APPROVING)
    card = card_in(CardStatus.REVIEWED, world.member)
    scorecards.return_card(card=card, version=card.version, reason=REASON, by=world.secretariat, at=NOW)
    card = reread(card)

    lines.fill(card=card, entries=[entry(card, "A2", D("4"), "Sổ công văn")], by=world.officer, at=NOW)
    card = reread(card)
    scorecards.submit(card=card, version=card.version, by=world.signatory, at=NOW)

    assert reread(card).status == CardStatus.SUBMITTED


def test_accepting_what_was_changed_after_the_page_was_shown_is_refused():
    world = two_clusters(phase=Phase.REVIEWING)
    card = card_in(CardStatus.SUBMITTED, world.member)
    shown = line_versions(card) | {line_of(card, "A2").pk: 0}

    with pytest.raises(Stale):
        lines.accept_as_claimed(card=card, code="", seen=shown, by=world.secretariat, at=NOW)

    assert line_of(card, "A1").reviewed_value is None
