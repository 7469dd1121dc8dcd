"""What follows from submissions, objections, named reviewers and delegations; each is broken behind the triggers."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from members.enums import AssignmentRole, MemberRole
from members.models import Assignment, Delegation
from scoring import integrity
from scoring.enums import CardStatus
from scoring.models import Approval, Objection, Scorecard, Submission
from scoring.services import approvals, objections, reviewing
from scoring.services.objections import Outcome
from tests.factories.members import (
    AssignmentFactory,
    DelegationFactory,
    EmulationYearFactory,
    MembershipFactory,
    UnitFactory,
    UserFactory,
)
from tests.factories.rounds import ObjectionFactory, SubmissionFactory
from tests.factories.scoring import (
    SUBMITTED_AT,
    ApprovalFactory,
    ReviewAssignmentFactory,
    ScorecardFactory,
    amend,
    unfrozen,
)
from tests.scenarios import NOW
from tests.scoring.cards import card_in, line_of, reread, reviewing_world, seen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def unit():
    year = EmulationYearFactory(cluster__name="Cụm", conference=True)
    MembershipFactory(year=year, unit__code="LEAD", role=MemberRole.LEADER)
    return MembershipFactory(year=year, unit__code="DV", name="Đơn vị A")


def of_unit(sentence):
    return [f"Cụm 2021, Đơn vị A: {sentence}"]


def test_card_that_the_services_brought_through_its_rounds_is_sound():
    world = reviewing_world()
    for member in (world.leader, world.deputy, world.other):
        card_in(CardStatus.SUBMITTED, member)
    card = card_in(CardStatus.REVIEWED, world.member)
    reviewing.assign(card=card, membership=world.other, by=world.secretariat, at=NOW)
    line = line_of(card, "A2")
    claim = objections.raise_(card=card, line_pk=line.pk, text="Đã ban hành đề án", by=world.officer, at=NOW)
    outcome = Outcome(is_accepted=True, reason="Có văn bản xác nhận", value=Decimal(3))
    version = reread(card).version
    objections.settle(objection=claim, version=version, outcome=outcome, by=world.other_signatory, at=NOW)
    delegation = DelegationFactory(principal=world.leader, delegate_unit=world.deputy)
    approval = approvals.approve(seen=seen(card), by=delegation.delegate, at=NOW)

    assert approval.delegation == delegation
    assert list(integrity.problems()) == []


def test_submission_that_was_changed_does_not_have_its_digest(unit):
    card = ScorecardFactory(membership=unit, submitted=True)
    first, second = (SubmissionFactory(scorecard=card) for _place in range(2))
    assert list(integrity.problems()) == []

    with unfrozen():
        Submission.objects.filter(pk=first.pk).update(snapshot=first.snapshot.replace("84.50", "94.50"))
        Submission.objects.filter(pk=second.pk).update(digest="0" * 64)

    assert list(integrity.problems()) == [
        f"The digest of “{first}” is not that of its snapshot.",
        f"The digest of “{second}” is not that of its snapshot.",
    ]


@pytest.mark.parametrize(("column", "given"), [("value_after", "3,00 and 10,00"), ("points_after", "2,00 and 3,00")])
@pytest.mark.parametrize("status", ["reviewed", "approved"])
def test_last_accepted_objection_of_the_round_says_what_its_line_became(unit, status, column, given):
    card = ScorecardFactory(membership=unit, **{status: True})
    line = line_of(card, "A2")
    with unfrozen():
        ObjectionFactory(line=line, accepted=True, value_after=Decimal(4), points_after=Decimal(20))
        last = ObjectionFactory(line=line, accepted=True, settled_at=NOW)
    assert list(integrity.problems()) == []

    with unfrozen():
        Objection.objects.filter(pk=last.pk).update(**{column: Decimal(3)})

    assert list(integrity.problems()) == of_unit(
        f"A2: its objection was accepted with the value {given} points, 2,00 and 10,00 are stored."
    )


@pytest.mark.parametrize("reason", ["open", "kept", "earlier round", "returned since", "fed", "compared"])
def test_objection_that_does_not_decide_over_its_line_says_nothing_of_it(unit, monkeypatch, reason):
    card = ScorecardFactory(membership=unit, **{"returned" if reason == "returned since" else "reviewed": True})
    line = line_of(card, "A2")
    settled = {"accepted": reason != "open", "value_after": Decimal(3), "points_after": Decimal(15)}
    if reason == "kept":
        settled["status"] = "kept"
    if reason == "earlier round":
        settled["raised_at"] = SUBMITTED_AT
    if reason == "fed":
        amend(line.criterion, source="commendations")
    if reason == "compared":
        monkeypatch.setattr("scoring.sheets.Sheet.is_compared", lambda sheet, line: True)
    ObjectionFactory(line=line, **settled)

    assert list(integrity.problems()) == []


def test_unit_that_is_asked_to_review_its_own_card_is_named(unit):
    card = ScorecardFactory(membership=unit, submitted=True)
    ReviewAssignmentFactory(scorecard=card, membership=MembershipFactory(year=unit.year))
    assert list(integrity.problems()) == []

    ReviewAssignmentFactory(scorecard=card, membership=unit)

    assert list(integrity.problems()) == ["Cụm 2021, Đơn vị A: Đơn vị A is asked to review the card of the own unit."]


@pytest.mark.parametrize(
    ("started_on", "ended_on", "is_named"),
    [
        (None, None, True),
        (date(2021, 11, 19), None, True),
        (date(2021, 11, 19), date(2021, 11, 21), True),
        (date(2021, 11, 20), None, False),
        (date(2021, 12, 1), None, False),
        (date(2021, 1, 1), date(2021, 11, 20), False),
        (date(2021, 1, 1), date(2021, 6, 30), False),
    ],
)
@pytest.mark.parametrize("role", [AssignmentRole.OFFICER, AssignmentRole.SECRETARIAT])
def test_person_who_belonged_to_the_unit_when_asked_to_review_it_is_named(unit, role, started_on, ended_on, is_named):
    """Asked on 20 November 2021. Whoever joins the unit afterwards is kept out by the relations."""
    person = UserFactory(username="nguoi-tham-dinh")
    place = {"cluster": unit.year.cluster} if role == AssignmentRole.SECRETARIAT else {}
    held = AssignmentFactory(user=person, role=role, unit=unit.unit, **place)
    Assignment.objects.filter(pk=held.pk).update(started_on=started_on, ended_on=ended_on)
    AssignmentFactory(user=person, role=AssignmentRole.OFFICER, unit=UnitFactory())
    assignment = ReviewAssignmentFactory(scorecard=ScorecardFactory(membership=unit, submitted=True), user=person)

    found = [f"Cụm 2021, Đơn vị A: {assignment} is asked to review the card of the own unit."] if is_named else []
    assert list(integrity.problems()) == found


@pytest.fixture
def paper(unit):
    """The paper by which the card of the unit was approved at 8 in the morning of 24 November 2021."""
    card = ScorecardFactory(membership=unit, reviewed=True)
    paper = DelegationFactory(
        principal=unit.year.memberships.get(role=MemberRole.LEADER),
        delegate_unit=MembershipFactory(year=unit.year, role=MemberRole.DEPUTY),
    )
    Scorecard.objects.filter(pk=card.pk).update(status=CardStatus.APPROVED)
    ApprovalFactory(scorecard=card, delegation=paper, approver=paper.delegate, approver_unit=paper.delegate_unit.unit)
    return paper


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"starts_on": date(2021, 11, 24), "ends_on": date(2021, 11, 24)},
        {"ended_at": NOW, "ended_reason": "Thủ trưởng đã trở lại làm việc"},
    ],
)
def test_approval_by_a_paper_in_force_that_day_is_sound(paper, changed):
    with unfrozen():
        Delegation.objects.update(ended_by=paper.recorded_by, **changed)

    assert list(integrity.problems()) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"starts_on": date(2021, 11, 25)},
        {"ends_on": date(2021, 11, 23)},
        {"ended_at": NOW - timedelta(hours=2), "ended_reason": "Thủ trưởng đã trở lại làm việc"},
        {"delegate": "another person"},
        {"delegate_unit": "another unit"},
    ],
)
def test_approval_that_its_delegation_does_not_cover_is_named(unit, paper, changed):
    if "delegate" in changed:
        changed = {"delegate": UserFactory()}
    if "delegate_unit" in changed:
        changed = {"delegate_unit": unit}
    with unfrozen():
        Delegation.objects.update(ended_by=paper.recorded_by, **changed)

    assert list(integrity.problems()) == of_unit("the delegation 15-UQ/CQ does not cover its approval.")


@pytest.mark.usefixtures("paper")
def test_revoked_approval_needs_no_delegation_any_more(unit):
    approval = Approval.objects.get()
    approval.revoked_at, approval.revoked_by, approval.revoked_reason = NOW, approval.approver, "Mở lại phiếu"
    approval.save()
    Scorecard.objects.update(status=CardStatus.REVIEWED)
    with unfrozen():
        Delegation.objects.update(ends_on=date(2021, 11, 23))

    assert list(integrity.problems()) == []
