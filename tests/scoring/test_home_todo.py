"""What the home page tells each person to do, by role and phase."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from django.utils import translation

from awards.enums import CampaignStatus, RecipientKind
from cluster_app.lib.errors import DomainError
from members.enums import DeadlineStep, MemberRole, PendingKind, Phase, ResolutionKind
from members.models import Deadline
from members.queries import get_year
from scoring.enums import CardStatus
from scoring.home.overview import REQUIRED_KEYS, overview_of
from scoring.home.todo import todos_of
from scoring.models import Scorecard
from scoring.permissions import check_can_approve
from tests.factories.awards import CampaignFactory, CommendationFactory, PledgeFactory, PledgeSignatureFactory
from tests.factories.members import (
    DeadlineFactory,
    DelegationFactory,
    ExtensionFactory,
    MeetingFactory,
    MembershipFactory,
    PendingStepFactory,
    ResolutionFactory,
)
from tests.factories.scoring import ScorecardFactory
from tests.scenarios import NOW, fresh, two_clusters, with_part
from tests.scoring.home_scenes import in_phase, issue_summary, write_paragraphs

pytestmark = pytest.mark.django_db

LATER = datetime(2021, 11, 28, 16, 59, 59, tzinfo=UTC)
CARDS_TO_APPROVE = "/admin/scoring/scorecard/?status__exact=reviewed&year="


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def build_world():
    return two_clusters(phase=Phase.REVIEWING)


def todos(world, user, at=NOW):
    year = get_year(fresh(user), world.cluster.slug, world.year.year)
    return todos_of(overview_of(fresh(user), year, at))


def whats(world, user, at=NOW):
    return [todo.what for todo in todos(world, user, at)]


def address(name, world, **kwargs):
    return reverse(name, kwargs=world.url_kwargs() | kwargs)


def card_address(name, world, member):
    return address(name, world, code=member.unit.code)


def card_of(world, member=None, **traits):
    return ScorecardFactory(membership=member or world.member, **traits)


def cards_of_all(world, **traits):
    return [card_of(world, member, **traits) for member in world.members]


def next_phase_last(found):
    """The secretariat's last item is always the next phase; most tests look at what stands before it."""
    assert found[-1].what.startswith("Lead the year into the phase")
    return found[:-1]


# --- the own card ---


def test_unit_with_an_empty_card_is_told_to_fill_it_in(world):
    card_of(world)

    [todo] = todos(world, world.officer)

    assert (todo.what, todo.why) == ("Fill in the score card of Đơn vị A3", "0 of 7 criteria filled in")
    assert todo.url == card_address("scoring:scorecard_detail", world, world.member)


def test_unit_with_a_card_begun_is_told_how_far_it_is(world):
    card = card_of(world, filled=True)
    card.lines.filter(criterion__code__in=("A1", "A2")).update(self_value=None, self_points=None)

    [todo] = todos(world, world.officer)

    assert (todo.what, todo.why) == ("Continue the score card of Đơn vị A3", "5 of 7 criteria filled in")


def test_signatory_of_a_full_card_is_led_to_submit_it(world):
    card_of(world, filled=True)

    [todo] = todos(world, world.signatory)

    assert todo.what == "Submit the score card of Đơn vị A3"
    assert todo.url == card_address("scoring:scorecard_submit", world, world.member)


def test_officer_of_a_full_card_is_told_to_have_it_signed(world):
    card_of(world, filled=True)

    assert whats(world, world.officer) == ["Have the score card of Đơn vị A3 signed and submitted"]


def test_criterion_that_is_not_assigned_is_not_waited_for(world):
    card = card_of(world, filled=True)
    card.lines.filter(criterion__code="A1").update(
        self_value=None, self_points=None, is_assigned=False, not_assigned_reason="Không giao"
    )

    [todo] = todos(world, world.signatory)

    assert (todo.what, todo.why) == ("Submit the score card of Đơn vị A3", "6 of 6 criteria filled in")


def test_unit_with_a_returned_card_reads_the_reason_and_has_until_the_review_ends(world):
    DeadlineFactory(year=world.year, step=DeadlineStep.REVIEWING, due_at=LATER)
    card_of(world, returned=True)

    [todo] = todos(world, world.officer)

    assert (todo.what, todo.why) == ("Correct the returned score card of Đơn vị A3", "Bổ sung số văn bản của A2")
    assert todo.due == "due Sunday 28/11/2021, 23:59"


@pytest.mark.parametrize("trait", ["submitted", "reviewed", "approved"])
def test_unit_whose_card_is_handed_in_has_nothing_to_do(world, trait):
    card_of(world, **{trait: True})

    assert whats(world, world.signatory) == []


@pytest.mark.parametrize("phase", [Phase.CONFERENCE, Phase.CONCLUDED, Phase.ARCHIVED])
def test_unit_is_not_sent_to_a_card_that_can_no_longer_be_filled(world, phase):
    card_of(world)
    in_phase(world, phase)

    assert whats(world, world.signatory) == []


def test_card_after_its_deadline_counts_the_days(world):
    DeadlineFactory(year=world.year)
    card_of(world)

    [todo] = todos(world, world.officer)

    assert (todo.due, todo.is_late) == ("2 days late", True)


def test_extended_unit_has_its_own_deadline_with_the_reason(world):
    deadline = DeadlineFactory(year=world.year)
    ExtensionFactory(deadline=deadline, membership=world.member)
    card_of(world)

    [todo] = todos(world, world.officer)

    assert (todo.due, todo.is_late) == ("extended to Friday 26/11/2021, 23:59", False)
    assert todo.why == "0 of 7 criteria filled in · more time given: Phục vụ đoàn kiểm tra"


def test_officer_through_the_home_unit_fills_its_card_too(world):
    card_of(world)

    found = next_phase_last(todos(world, world.secretariat_at_home))

    assert "Fill in the score card of Đơn vị A3" in [todo.what for todo in found]


# --- the pledge ---


def test_pledge_open_for_signing_waits_for_the_signatory(world):
    DeadlineFactory(year=world.year, step=DeadlineStep.PLEDGE_SIGNING, due_at=LATER)
    PledgeFactory(year=world.year, open=True)

    [todo] = todos(world, world.signatory)

    assert (todo.what, todo.due) == ("Sign the pledge for Đơn vị A3", "due Sunday 28/11/2021, 23:59")
    assert todo.url == address("awards:pledge_detail", world)
    assert whats(world, world.officer) == ["Have the pledge signed for Đơn vị A3"]


def test_pledge_signed_by_the_unit_no_longer_waits(world):
    pledge = PledgeFactory(year=world.year, open=True)
    PledgeSignatureFactory(pledge=pledge, membership=world.member)

    assert whats(world, world.signatory) == []
    assert whats(world, world.other_signatory) == ["Sign the pledge for Đơn vị A4"]


def test_pledge_in_draft_waits_for_leader_and_secretariat_only(world):
    PledgeFactory(year=world.year)

    assert whats(world, world.signatory) == []
    assert whats(world, world.leader_signatory) == ["Open the pledge for signing"]
    assert "Open the pledge for signing" in whats(world, world.secretariat)


def test_secretariat_reads_which_units_have_not_signed(world):
    pledge = PledgeFactory(year=world.year, open=True)
    for member in world.members[:2]:
        PledgeSignatureFactory(pledge=pledge, membership=member)

    [todo] = next_phase_last(todos(world, world.secretariat))

    assert (todo.what, todo.why) == ("2 units have not signed the pledge", "ĐV A3, ĐV A4")


# --- campaigns ---


def test_unit_launches_and_concludes_its_own_drives(world):
    PledgeFactory(year=world.year, signed=True)
    CampaignFactory(
        year=world.year, own_drive=True, membership=world.member, title="Đợt một", starts_on=date(2021, 11, 1)
    )
    CampaignFactory(
        year=world.year,
        own_drive=True,
        membership=world.member,
        title="Đợt hai",
        launched=True,
        ends_on=date(2021, 11, 20),
    )

    found = [todo for todo in todos(world, world.officer) if "pledge" not in todo.what]

    assert [(todo.what, todo.due) for todo in found] == [
        ("Launch the campaign “Đợt một”", "23 days late"),
        ("Conclude the campaign “Đợt hai”", "4 days late"),
    ]


def test_campaigns_whose_time_has_not_come_are_nobodys_business_yet(world):
    CampaignFactory(year=world.year, own_drive=True, membership=world.member, starts_on=date(2021, 12, 1))
    CampaignFactory(year=world.year, own_drive=True, membership=world.member, launched=True, ends_on=date(2021, 12, 31))
    CampaignFactory(year=world.year, own_drive=True, membership=world.member, launched=True)

    assert whats(world, world.officer) == []


def test_drive_of_another_unit_and_campaign_of_the_cluster_are_not_the_units(world):
    ended = {"launched": True, "ends_on": date(2021, 11, 20)}
    CampaignFactory(year=world.year, own_drive=True, membership=world.other, **ended)
    CampaignFactory(year=world.year, **ended)

    assert whats(world, world.signatory) == []


def test_several_campaigns_of_the_cluster_are_one_item_that_leads_to_their_list(world):
    PledgeFactory(year=world.year, signed=True)
    for title, day in (("Phong trào một", 20), ("Phong trào hai", 10)):
        CampaignFactory(year=world.year, title=title, launched=True, ends_on=date(2021, 11, day))
    CampaignFactory(year=world.year, status=CampaignStatus.CONCLUDED, ends_on=date(2021, 11, 1), results="Xong")

    [todo] = [todo for todo in todos(world, world.leader_signatory) if "campaign" in todo.what]

    assert (todo.what, todo.why, todo.due) == (
        "Conclude 2 campaigns",
        "Phong trào hai · Phong trào một",
        "14 days late",
    )
    assert todo.url == address("awards:campaign_list", world)


# --- leader and deputy ---


def without_pledge(found):
    return [todo for todo in found if "pledge" not in todo.what]


def test_leader_is_led_to_the_admins_list_of_the_cards_to_approve(world):
    DeadlineFactory(year=world.year, step=DeadlineStep.APPROVING, due_at=LATER)
    cards_of_all(world, reviewed=True)

    [todo] = without_pledge(todos(world, world.leader_signatory))

    assert (todo.what, todo.why) == ("3 score cards to approve", "ĐV A2, ĐV A3, ĐV A4")
    assert todo.url == f"{CARDS_TO_APPROVE}{world.year.pk}"
    assert todo.due == "due Sunday 28/11/2021, 23:59"


def test_leader_does_not_meet_cards_that_are_not_reviewed_or_reviewed_by_the_own_hand(world):
    card_of(world, world.deputy, submitted=True)
    card_of(world, world.member, reviewed=True, reviewed_by=world.leader_signatory)
    card_of(world, world.other, approved=True)

    assert without_pledge(todos(world, world.leader_signatory)) == []


@pytest.mark.parametrize("phase", [Phase.SELF_SCORING, Phase.CONFERENCE, Phase.ARCHIVED])
def test_leader_approves_in_the_phases_that_open_it_only(world, phase):
    card_of(world, reviewed=True)
    in_phase(world, phase)

    assert [what for what in whats(world, world.leader_signatory) if "approve" in what] == []


def test_officer_of_the_leader_unit_has_nothing_to_approve(world):
    card_of(world, reviewed=True)

    assert whats(world, world.officers[0]) == []


def test_deputy_is_led_to_the_card_of_the_leader_and_to_no_other(world):
    cards = cards_of_all(world, reviewed=True)

    [todo] = todos(world, world.deputy_signatory)

    assert todo.what == "Approve the score card of Đơn vị A1"
    assert todo.why == "It is not for the Cụm trưởng to approve; the Cụm phó does."
    assert todo.url == reverse("admin:scoring_scorecard_change", args=[cards[0].pk])


def test_deputy_is_led_to_a_card_that_the_leader_took_part_in_reviewing(world):
    card_of(world, world.leader, submitted=True)
    card_of(world, world.deputy, submitted=True)
    card_of(world, world.member, reviewed=True, reviewed_by=world.leader_signatory)
    by_a_line = card_of(world, world.other, reviewed=True)
    by_a_line.lines.filter(criterion__code="A1").update(reviewed_by=world.leader_signatory)

    assert whats(world, world.deputy_signatory) == [
        "Approve the score card of Đơn vị A3",
        "Approve the score card of Đơn vị A4",
    ]
    assert without_pledge(todos(world, world.leader_signatory)) == []


def test_deputy_does_not_approve_what_the_own_hand_reviewed_and_the_third_unit_of_the_minutes_does(world):
    cards = cards_of_all(world, reviewed=True)
    meeting = MeetingFactory(year=world.year)
    third_unit = {"kind": ResolutionKind.THIRD_UNIT, "concerned": world.leader}
    ResolutionFactory(meeting=meeting, order=1, named=world.member, **third_unit)
    ResolutionFactory(meeting=meeting, order=2, named=world.other, **third_unit)
    assert whats(world, world.other_signatory) == []

    cards[0].lines.filter(criterion__code="A1").update(reviewed_by=world.deputy_signatory)

    [todo] = todos(world, world.other_signatory)
    assert todo.what == "Approve the score card of Đơn vị A1"
    assert todo.url == reverse("admin:scoring_scorecard_change", args=[cards[0].pk])
    assert whats(world, world.signatory) == []
    assert whats(world, world.deputy_signatory) == []


@pytest.mark.parametrize("is_delegated", [False, True])
@pytest.mark.parametrize("reviewer", [None, "leader_signatory", "deputy_signatory", "other_signatory"])
def test_cards_to_approve_are_exactly_those_that_may_be_approved(world, reviewer, is_delegated):
    """The home page reads for all cards at once what the check asks for one; both must say the same."""
    cards = cards_of_all(world, reviewed=True)
    if is_delegated:
        DelegationFactory(principal=world.leader, delegate_unit=world.deputy, recorded_by=world.secretariat)
    if reviewer:
        cards[2].lines.filter(criterion__code="A1").update(reviewed_by=getattr(world, reviewer))
        cards[0].lines.filter(criterion__code="A1").update(reviewed_by=getattr(world, reviewer))
    meeting = MeetingFactory(year=world.year)
    ResolutionFactory(meeting=meeting, kind=ResolutionKind.THIRD_UNIT, concerned=world.leader, named=world.other)

    for person in (*world.signatories, *world.officers, world.secretariat, world.observer, world.administrator):
        assert approved_by_home(world, person) == [card.membership.name for card in cards if may_approve(person, card)]


def approved_by_home(world, person):
    """The units whose cards the home page tells the person to approve, in protocol order."""
    short_names = {member.short_name: member.name for member in world.members}
    found = [todo for todo in todos(world, person) if "pprove" in todo.what and "phase" not in todo.what]
    if found and found[0].url.startswith(CARDS_TO_APPROVE):
        return [short_names[name] for name in found[0].why.split(", ")]
    return [todo.what.removeprefix("Approve the score card of ") for todo in found]


def may_approve(person, card):
    try:
        check_can_approve(fresh(person), Scorecard.objects.get(pk=card.pk), NOW)
    except DomainError:
        return False
    return True


# --- acts of two persons ---


@pytest.fixture
def approved_world(world):
    PledgeFactory(year=world.year, signed=True)
    for member in world.members:
        PledgeSignatureFactory(pledge=world.year.pledges.get(), membership=member)
    write_paragraphs(world, REQUIRED_KEYS)
    cards_of_all(world, approved=True)
    in_phase(world, Phase.APPROVING)
    return world


def test_leader_proposes_the_publication_once_every_card_is_approved(approved_world):
    world = approved_world

    [todo] = todos(world, world.leader_signatory)

    assert todo.what == "Propose to publish the results"
    assert todo.url == address("scoring:publication", world)
    assert whats(world, world.deputy_signatory) == []


def test_publication_waits_for_the_last_ranked_unit_only(approved_world):
    world = approved_world
    suspended = MembershipFactory(year=world.year, suspended=True, protocol_order=9)
    assert whats(world, world.leader_signatory) == ["Propose to publish the results"]

    suspended.standing, suspended.standing_reason = "good", ""
    suspended.save()

    assert whats(world, world.leader_signatory) == []


def test_deputy_confirms_the_publication_that_the_leader_proposed(approved_world):
    world = approved_world
    PendingStepFactory(year=world.year, kind=PendingKind.PUBLISH, proposed_by=world.leader_signatory)

    [todo] = todos(world, world.deputy_signatory)

    assert todo.what == "Confirm: Publish the results"
    assert todo.why == f"Proposed by {world.leader_signatory}, 24/11/2021 09:00"
    assert todo.url == address("scoring:publication", world)
    assert whats(world, world.leader_signatory) == []
    assert whats(world, world.signatory) == []


def test_nobody_of_the_proposers_own_unit_is_asked_to_confirm(approved_world):
    world = approved_world
    colleague = with_part(world.stranger, unit=world.leader.unit)
    PendingStepFactory(year=world.year, kind=PendingKind.PUBLISH, proposed_by=world.leader_signatory)

    assert whats(world, colleague) == []


def test_secretariat_confirms_the_publication_only_where_there_is_no_deputy(approved_world):
    world = approved_world
    PendingStepFactory(year=world.year, kind=PendingKind.PUBLISH, proposed_by=world.leader_signatory)
    assert next_phase_last(todos(world, world.secretariat)) == []

    world.year.memberships.filter(role=MemberRole.DEPUTY).update(role=MemberRole.MEMBER)

    assert [todo.what for todo in next_phase_last(todos(world, world.secretariat))] == ["Confirm: Publish the results"]


def test_reopening_is_confirmed_by_leader_deputy_or_secretariat_of_another_unit(approved_world):
    world = approved_world
    card = world.member.scorecard
    PendingStepFactory(
        year=world.year,
        kind=PendingKind.REOPEN_CARD,
        object_key=f"scoring.scorecard:{card.pk}",
        reason="Sai số liệu A1",
        proposed_by=world.secretariat,
    )
    expected = ("Confirm: Reopen a score card", card_address("scoring:scorecard_reopen", world, world.member))

    [of_deputy] = todos(world, world.deputy_signatory)

    assert (of_deputy.what, of_deputy.url) == expected
    assert of_deputy.why.endswith("Sai số liệu A1")
    assert expected[0] in whats(world, world.leader_signatory)
    assert expected[0] not in whats(world, world.secretariat)
    assert expected[0] not in whats(world, world.secretariat_at_home)
    assert whats(world, world.signatory) == []


def test_leader_proposes_to_conclude_the_published_year_and_the_deputy_confirms(approved_world):
    world = approved_world
    in_phase(world, Phase.CONFERENCE, published_at=NOW)

    todo, of_summary = todos(world, world.leader_signatory)

    assert (todo.what, todo.url) == ("Propose to conclude the year 2021", address("members:year_move", world))
    PendingStepFactory(year=world.year, kind=PendingKind.CONCLUDE, proposed_by=world.leader_signatory)
    assert whats(world, world.leader_signatory) == [of_summary.what]
    assert whats(world, world.deputy_signatory) == ["Confirm: Conclude the year"]


@pytest.mark.parametrize("phase", [Phase.APPROVING, Phase.CONFERENCE, Phase.CONCLUDED])
def test_published_year_waits_for_its_summary_to_be_issued(approved_world, phase):
    world = approved_world
    in_phase(world, phase, published_at=NOW)
    expected = ("Issue the annual summary", address("scoring:summary_issue", world))

    assert expected in [(todo.what, todo.url) for todo in todos(world, world.leader_signatory)]
    assert expected in [(todo.what, todo.url) for todo in todos(world, world.secretariat)]
    assert whats(world, world.deputy_signatory) == []


def test_summary_that_is_issued_waits_for_nobody(approved_world):
    world = approved_world
    in_phase(world, Phase.CONCLUDED, published_at=NOW)
    issue_summary(world)

    assert whats(world, world.leader_signatory) == []
    assert whats(world, world.secretariat) == []


# --- the secretariat ---


@pytest.fixture
def signed_world(world):
    pledge = PledgeFactory(year=world.year, signed=True)
    for member in world.members:
        PledgeSignatureFactory(pledge=pledge, membership=member)
    return world


def test_secretariat_reviews_every_submitted_card(signed_world):
    world = signed_world
    DeadlineFactory(year=world.year, step=DeadlineStep.REVIEWING, due_at=LATER)
    card_of(world, world.member, submitted=True)
    card_of(world, world.other, submitted=True)

    found = next_phase_last(todos(world, world.secretariat))

    assert [(todo.what, todo.why, todo.due) for todo in found] == [
        ("Review the score card of Đơn vị A3", "0 of 7 criteria reviewed", "due Sunday 28/11/2021, 23:59"),
        ("Review the score card of Đơn vị A4", "0 of 7 criteria reviewed", "due Sunday 28/11/2021, 23:59"),
    ]
    assert found[0].url == card_address("scoring:scorecard_review", world, world.member)


def test_secretariat_at_home_does_not_review_the_card_of_the_home_unit(signed_world):
    world = signed_world
    cards_of_all(world, submitted=True)

    found = next_phase_last(todos(world, world.secretariat_at_home))

    assert [todo.what for todo in found] == [
        "Review the score card of Đơn vị A1",
        "Review the score card of Đơn vị A2",
        "Review the score card of Đơn vị A4",
    ]


def test_secretariat_concludes_a_review_that_is_complete(signed_world):
    world = signed_world
    card = card_of(world, reviewed=True)
    card.status = CardStatus.SUBMITTED
    card.save()

    [todo] = next_phase_last(todos(world, world.secretariat))

    assert (todo.what, todo.why) == ("Conclude the review of Đơn vị A3", "All 7 criteria are reviewed.")


def test_secretariat_reminds_units_that_are_late(signed_world):
    world = signed_world
    deadline = DeadlineFactory(year=world.year)
    ExtensionFactory(deadline=deadline, membership=world.other)
    card_of(world, world.member)
    card_of(world, world.other)
    card_of(world, world.deputy, returned=True)

    [todo] = next_phase_last(todos(world, world.secretariat))

    assert (todo.what, todo.why) == ("Remind Đơn vị A3 to submit its score card", "0 of 7 criteria filled in")
    assert (todo.due, todo.is_late) == ("2 days late", True)
    assert todo.url == card_address("scoring:scorecard_detail", world, world.member)


def test_last_second_of_the_deadline_is_not_late(signed_world):
    world = signed_world
    card_of(world)
    due_at = Deadline.objects.get(pk=DeadlineFactory(year=world.year).pk).due_at

    assert next_phase_last(todos(world, world.secretariat, at=due_at)) == []


def test_secretariat_checks_the_commendations_of_other_units(signed_world):
    world = signed_world
    CommendationFactory(membership=world.member, occasions=9, recipient_kind=RecipientKind.COLLECTIVE)
    CommendationFactory(membership=world.other, occasions=5)
    CommendationFactory(membership=world.other, occasions=70, confirmed=True)
    CommendationFactory(membership=world.foreign.member, occasions=600)

    [todo] = next_phase_last(todos(world, world.secretariat))
    [at_home] = next_phase_last(todos(world, world.secretariat_at_home))

    assert (todo.what, todo.why) == ("Check 14 commendations", "ĐV A3 9 · ĐV A4 5")
    assert todo.url == address("awards:commendation_list", world) + "?state=waiting"
    assert (at_home.what, at_home.why) == ("Check 5 commendations", "ĐV A4 5")


def test_next_phase_says_what_is_missing(signed_world):
    world = signed_world
    cards_of_all(world, reviewed=True)
    last = todos(world, world.secretariat)[-1]
    assert (last.what, last.why) == ("Lead the year into the phase “Approving”", "Nothing is missing.")
    assert last.url == address("members:year_move", world)

    Scorecard.objects.filter(membership=world.member).update(status=CardStatus.SUBMITTED)

    last = todos(world, world.secretariat)[-1]
    assert last.why.startswith("Still missing:")
    assert "ĐV A3" in last.why


@pytest.mark.parametrize("phase", [Phase.CONFERENCE, Phase.CONCLUDED, Phase.ARCHIVED])
def test_step_of_two_persons_is_not_the_secretariats(signed_world, phase):
    world = signed_world
    write_paragraphs(world, REQUIRED_KEYS)
    in_phase(world, phase)

    assert whats(world, world.secretariat) == []


def test_secretariat_makes_accounts_while_the_year_begins(signed_world):
    world = signed_world
    MembershipFactory(year=world.year, protocol_order=9, short_name="ĐV mới")
    in_phase(world, Phase.RUNNING)

    found = {todo.what: todo for todo in todos(world, world.secretariat)}

    assert found["Make the account of 1 unit"].why == "ĐV mới"
    assert found["Make the account of 1 unit"].url == address("members:accounts_make", world)


def test_secretariat_of_a_year_without_members_is_led_to_the_next_step(world):
    world.foreign.year.memberships.all().delete()
    in_phase(world.foreign, Phase.PREPARING)

    [todo] = todos(world.foreign, world.foreign.secretariat)

    assert todo.what == "Lead the year into the phase “Running”"
    assert todo.why == ("Still missing: Name the unit that is Cụm trưởng. Name at least one unit that is Cụm phó.")


def test_year_without_a_pledge_asks_leader_and_secretariat_to_draft_it(world):
    assert whats(world, world.leader_signatory) == ["Draft the pledge of the year"]
    assert "Draft the pledge of the year" in whats(world, world.secretariat)
    assert whats(world, world.deputy_signatory) == []


def test_summary_lacks_the_paragraphs_that_are_not_written(signed_world):
    world = signed_world
    in_phase(world, Phase.CONFERENCE)
    write_paragraphs(world, REQUIRED_KEYS[:4])
    write_paragraphs(world, REQUIRED_KEYS[4:5], text="")
    write_paragraphs(world, ["I.2"])

    [todo] = todos(world, world.secretariat)

    assert todo.what == f"Write {len(REQUIRED_KEYS) - 4} paragraphs of the annual summary"
    assert todo.url == address("scoring:summary_paragraphs", world)
    assert todo.what in whats(world, world.leader_signatory)
    assert whats(world, world.deputy_signatory) == []


# --- order, and people without things to do ---


def test_what_is_due_first_stands_first_and_what_has_no_date_last(signed_world):
    world = signed_world
    DeadlineFactory(year=world.year)
    DeadlineFactory(year=world.year, step=DeadlineStep.REVIEWING, due_at=LATER)
    card_of(world, world.member, submitted=True)
    card_of(world, world.other)
    CommendationFactory(membership=world.other)

    assert whats(world, world.secretariat) == [
        "Remind Đơn vị A4 to submit its score card",
        "Review the score card of Đơn vị A3",
        "Check 1 commendation",
        "Lead the year into the phase “Approving”",
    ]


def test_observer_and_administrator_have_nothing_to_do(world):
    cards_of_all(world, submitted=True)
    PledgeFactory(year=world.year, open=True)

    assert whats(world, world.observer) == []
    assert whats(world, world.administrator) == []
