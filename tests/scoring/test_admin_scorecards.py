from datetime import timedelta

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import localtime

from cluster_app.lib import clock
from members.enums import AssignmentRole, DeadlineStep, Phase, ResolutionKind
from scoring.admin import steps
from scoring.enums import CardStatus, SubmissionWay
from scoring.models import Approval, Scorecard
from tests.cluster_app.sample_uploads import pdf
from tests.factories.members import (
    AssignmentFactory,
    DeadlineFactory,
    DelegationFactory,
    ExtensionFactory,
    MeetingFactory,
    MembershipFactory,
    ResolutionFactory,
)
from tests.factories.scoring import ScorecardFactory, put_into_log, seen
from tests.scenarios import CANARY, two_clusters
from tests.scoring.cards import card_in, line_of, record_paper
from tests.scoring.pages import content, text_of

pytestmark = pytest.mark.django_db

LIST = "admin:scoring_scorecard_changelist"


def build_world():
    built = two_clusters(phase=Phase.REVIEWING)
    built.cards = [ScorecardFactory(membership=member, reviewed=True) for member in built.members]
    built.foreign_card = ScorecardFactory(membership=built.foreign.members[1], reviewed=True)
    put_into_log(*built.cards, built.foreign_card)
    return built


def change_url(card):
    return reverse("admin:scoring_scorecard_change", args=[card.pk])


def step_url(card, step):
    return reverse(f"admin:scoring_scorecard_{step}", args=[card.pk])


def approve_form(card):
    version, digest = seen(card)
    return {"version": version, "digest": digest}


def statuses(cards):
    return [Scorecard.objects.get(pk=card.pk).status for card in cards]


def post_action(client, cards, **more):
    return client.post(
        reverse(LIST),
        {"action": "approve_selected", "index": "0", ACTION_CHECKBOX_NAME: [card.pk for card in cards], **more},
    )


def listed_units(response):
    return [card.membership.name for card in response.context["cl"].result_list]


# --- who meets what ---
def test_list_of_leader_shows_the_cards_to_approve_of_the_own_cluster(client, world):
    client.force_login(world.leader_signatory)

    response = client.get(reverse(LIST))

    assert listed_units(response) == [member.name for member in world.members]
    assert CANARY not in response.content.decode()


def test_list_of_leader_leaves_out_cards_that_are_not_reviewed(client, world):
    Scorecard.objects.filter(pk=world.cards[3].pk).update(status=CardStatus.SUBMITTED)
    client.force_login(world.leader_signatory)

    assert listed_units(client.get(reverse(LIST))) == [member.name for member in world.members[:3]]


def test_list_of_deputy_shows_the_leaders_card_only(client, world):
    client.force_login(world.deputy_signatory)

    assert listed_units(client.get(reverse(LIST))) == [world.leader.name]


def test_list_of_secretariat_leaves_out_the_home_unit(client, world):
    client.force_login(world.secretariat_at_home)

    names = [member.name for member in world.members if member != world.member]
    assert listed_units(client.get(reverse(LIST))) == names


@pytest.mark.parametrize("relation", ["of", "sg", "ot", "fo", "R", "O"])
def test_admin_of_cards_is_closed_to_others(client, world, relation):
    person = world.people()[relation]
    client.force_login(person)

    for url in (reverse(LIST), change_url(world.cards[2]), step_url(world.cards[2], "approve")):
        assert client.get(url).status_code in (403, 404), url


def test_admin_of_cards_sends_a_stranger_to_the_login(client, world):
    response = client.get(reverse(LIST))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("members:login"))


@pytest.mark.parametrize("phase", [Phase.PREPARING, Phase.ARCHIVED])
def test_leader_meets_nothing_in_a_year_without_power(client, world, phase):
    world.year.phase = phase
    world.year.save()
    client.force_login(world.leader_signatory)

    assert client.get(change_url(world.cards[2])).status_code in (403, 404)


@pytest.mark.parametrize(("count", "queries"), [(2, 10), (9, 10)])
def test_list_costs_the_same_for_few_and_many_units(client, django_assert_num_queries, count, queries):
    world = two_clusters(unit_count=count, phase=Phase.REVIEWING)
    for member in world.members:
        ScorecardFactory(membership=member, reviewed=True)
    client.force_login(world.leader_signatory)

    with django_assert_num_queries(queries):
        client.get(reverse(LIST))


# --- the card and its steps ---
def test_card_of_another_unit_offers_approve_and_return_to_the_leader(client, world):
    client.force_login(world.leader_signatory)

    links = client.get(change_url(world.cards[2])).context["step_links"]

    assert [link["url"] for link in links] == [step_url(world.cards[2], "approve"), step_url(world.cards[2], "return")]


def test_own_card_offers_nothing_to_the_leader_and_says_why(client, world):
    client.force_login(world.leader_signatory)

    response = client.get(change_url(world.cards[0]))

    assert response.context["step_links"] == []
    assert response.context["refusals"] == [
        f"Đây là phiếu của đơn vị {world.year.leader_title}: do {world.year.deputy_title} phê duyệt."
    ]


def test_card_is_not_edited_by_posting_to_its_page(client, world):
    client.force_login(world.secretariat)

    response = client.post(change_url(world.cards[2]), {"status": "approved", "total_points": "999"})

    assert response.status_code == 403
    assert statuses([world.cards[2]]) == [CardStatus.REVIEWED]


def test_approve_freezes_what_was_shown(client, world):
    client.force_login(world.leader_signatory)
    card = world.cards[2]

    response = client.post(step_url(card, "approve"), approve_form(card))

    assert response.status_code == 302
    assert statuses([card]) == [CardStatus.APPROVED]
    approval = Approval.objects.get(scorecard=card)
    assert (approval.office, approval.approver, approval.approver_unit) == (
        "leader",
        world.leader_signatory,
        world.leader.unit,
    )


def test_approve_of_a_card_changed_meanwhile_answers_409(client, world):
    client.force_login(world.leader_signatory)
    card = world.cards[2]
    form = approve_form(card)
    line = card.lines.get(criterion__code="A1")
    line.final_points = line.final_points - 1
    line.save()

    response = client.post(step_url(card, "approve"), form)

    assert response.status_code == 409
    assert statuses([card]) == [CardStatus.REVIEWED]


def test_approve_of_the_own_card_is_refused_with_the_reason(client, world):
    client.force_login(world.leader_signatory)
    card = world.cards[0]

    response = client.post(step_url(card, "approve"), approve_form(card))

    assert response.status_code == 403
    assert f"do {world.year.deputy_title} phê duyệt" in response.content.decode()
    assert statuses([card]) == [CardStatus.REVIEWED]


def test_deputy_approves_the_leaders_card(client, world):
    client.force_login(world.deputy_signatory)

    client.post(step_url(world.cards[0], "approve"), approve_form(world.cards[0]))

    assert Approval.objects.get(scorecard=world.cards[0]).office == "deputy"


def test_third_unit_named_in_the_minutes_approves(client, world):
    meeting = MeetingFactory(year=world.year)
    ResolutionFactory(meeting=meeting, kind=ResolutionKind.THIRD_UNIT, concerned=world.leader, named=world.other)
    Scorecard.objects.filter(pk=world.cards[0].pk).update(reviewed_by=world.deputy_signatory)
    client.force_login(world.other_signatory)

    client.post(step_url(world.cards[0], "approve"), approve_form(world.cards[0]))

    approval = Approval.objects.get(scorecard=world.cards[0])
    assert (approval.office, approval.approver_unit) == ("third_unit", world.other.unit)


def test_return_needs_a_reason_and_keeps_what_was_typed(client, world):
    client.force_login(world.leader_signatory)
    card = world.cards[2]
    version, _digest = seen(card)

    response = client.post(step_url(card, "return"), {"version": version, "reason": "ngắn", "codes": ["A2"]})

    assert response.status_code == 200
    assert response.context["form"]["reason"].value() == "ngắn"
    assert statuses([card]) == [CardStatus.REVIEWED]


def test_return_names_the_lines_that_unlock(client, world):
    client.force_login(world.leader_signatory)
    card = world.cards[2]
    version, _digest = seen(card)

    client.post(step_url(card, "return"), {"version": version, "reason": "Bổ sung số văn bản", "codes": ["A2"]})

    assert statuses([card]) == [CardStatus.RETURNED]
    assert list(card.lines.filter(is_returned=True).values_list("criterion__code", flat=True)) == ["A2"]


# --- bulk approval ---
def test_bulk_approval_restates_every_card_and_skips_the_own_one(client, world):
    client.force_login(world.leader_signatory)

    response = post_action(client, world.cards)

    assert [row["unit"] for row in response.context["rows"]] == [member.name for member in world.members[1:]]
    assert [row["total"] for row in response.context["rows"]] == ["77,10"] * 3
    assert len(response.context["skipped"]) == 1
    assert response.context["skipped"][0].startswith(f"{world.leader.name}: ")
    assert statuses(world.cards) == [CardStatus.REVIEWED] * 4


def test_bulk_approval_approves_exactly_what_was_shown(client, world):
    client.force_login(world.leader_signatory)
    shown = [item["value"] for item in post_action(client, world.cards).context["hidden"] if item["name"] == "seen"]
    line = world.cards[3].lines.get(criterion__code="A1")
    line.final_points = line.final_points - 1
    line.save()

    response = post_action(client, world.cards, seen=shown)

    assert response.status_code == 302
    assert statuses(world.cards) == [
        CardStatus.REVIEWED,
        CardStatus.APPROVED,
        CardStatus.APPROVED,
        CardStatus.REVIEWED,
    ]


def test_bulk_approval_cannot_reach_a_foreign_cluster(client, world):
    client.force_login(world.leader_signatory)
    version, digest = seen(world.foreign_card)

    post_action(client, world.cards[:1], seen=[f"{world.foreign_card.pk}:{version}:{digest}"])

    assert statuses([world.foreign_card]) == [CardStatus.REVIEWED]


@pytest.mark.parametrize("text", ["", "x", "1:2", "1:x:y", "9" * 30 + ":1:ab"])
def test_bulk_approval_of_a_broken_form_changes_nothing(client, world, text):
    client.force_login(world.leader_signatory)

    response = post_action(client, world.cards, seen=[text])

    assert response.status_code < 500
    assert statuses(world.cards) == [CardStatus.REVIEWED] * 4


def test_secretariat_has_no_button_to_approve(client, world):
    client.force_login(world.secretariat)

    response = post_action(client, world.cards)

    assert response.status_code in (302, 200)
    assert statuses(world.cards) == [CardStatus.REVIEWED] * 4


# --- the secretariat does all of it in the admin ---
def test_secretariat_enters_and_submits_on_behalf_and_a_colleague_reviews(client, world):
    other = ScorecardFactory(membership=MembershipFactory(year=world.year), filled=True)
    client.force_login(world.secretariat)
    line = other.lines.get(criterion__code="A1")
    fields = {f"value-{line.pk}": "90", f"text-{line.pk}": "Báo cáo 12", f"version-{line.pk}": line.version}

    refused = client.post(step_url(other, "fill"), fields)
    scan = SimpleUploadedFile("ban-giay.pdf", pdf("12"), "application/pdf")
    client.post(step_url(other, "paper"), {"number": "12-CV/ĐV", "signed_on": "20/11/2021", "file": scan})
    client.post(step_url(other, "fill"), fields)
    other.refresh_from_db()
    client.post(step_url(other, "submit"), {"version": other.version})

    other.refresh_from_db()
    assert refused.status_code == 409
    assert (other.status, other.paper_number) == (CardStatus.SUBMITTED, "12-CV/ĐV")
    assert (other.submissions.get().way, str(line_of(other, "A1").self_value)) == (SubmissionWay.ON_BEHALF, "90.00")

    assert client.get(step_url(other, "review_lines")).status_code == 403
    client.force_login(AssignmentFactory(unit=None, cluster=world.cluster, role=AssignmentRole.SECRETARIAT).user)
    shown = {f"version-{line.pk}": line.version for line in other.lines.all()}
    client.post(step_url(other, "review_lines"), shown | dict.fromkeys(_values(other), "") | {"accept": "1"})
    other.refresh_from_db()
    client.post(step_url(other, "conclude_review"), {"version": other.version})

    other.refresh_from_db()
    assert (other.status, str(other.total_points)) == (CardStatus.REVIEWED, "83.00")


def _values(card):
    return [f"value-{line.pk}" for line in card.lines.all()]


def test_lines_keep_what_was_typed_when_one_is_wrong(client, world):
    card = ScorecardFactory(membership=MembershipFactory(year=world.year), submitted=True)
    client.force_login(world.secretariat)
    line = card.lines.get(criterion__code="A1")
    fields = {f"value-{line.pk}": "8.75", f"text-{line.pk}": "Lý do", f"version-{line.pk}": line.version}

    response = client.post(step_url(card, "review_lines"), fields)

    [row] = [row for row in response.context["rows"] if row.key == str(line.pk) and not row.is_group]
    assert (row.value, row.text) == ("8.75", "Lý do")
    assert "8,75" in row.error
    assert card.lines.get(pk=line.pk).reviewed_value is None


def test_secretariat_takes_a_criterion_out_with_the_reason(client, world):
    card = ScorecardFactory(membership=MembershipFactory(year=world.year), filled=True)
    client.force_login(world.secretariat)
    line = card.lines.get(criterion__code="A1")
    form = {"version": card.version, "line": line.pk, "is_assigned": "", "reason": ""}

    without_reason = client.post(step_url(card, "assign"), form)
    client.post(step_url(card, "assign"), form | {"reason": "Không có nhiệm vụ này"})

    assert without_reason.status_code == 200
    line.refresh_from_db()
    assert (line.is_assigned, line.not_assigned_reason, str(line.self_points)) == (
        False,
        "Không có nhiệm vụ này",
        "30.00",
    )


def test_leader_sees_and_approves_nothing_before_the_own_card_is_submitted(client, world):
    Scorecard.objects.filter(pk=world.cards[0].pk).update(status=CardStatus.DRAFT, submitted_at=None)
    client.force_login(world.leader_signatory)

    response = client.post(step_url(world.cards[2], "approve"), approve_form(world.cards[2]))

    assert response.status_code in (403, 404)
    assert statuses([world.cards[2]]) == [CardStatus.REVIEWED]


def back_to_draft(card):
    Scorecard.objects.filter(pk=card.pk).update(status=CardStatus.DRAFT, submitted_at=None)


@pytest.mark.parametrize("is_delegated", [False, True])
@pytest.mark.parametrize(("person", "own"), [("leader_signatory", 0), ("deputy_signatory", 1)])
def test_nobody_studies_the_rivals_cards_before_the_own_one_is_handed_in(client, world, person, own, is_delegated):
    if is_delegated:
        DelegationFactory(principal=world.leader, delegate_unit=world.deputy)
    card = world.cards[0] if person == "deputy_signatory" and not is_delegated else world.cards[2]
    pages = [change_url(card), *(reverse(f"admin:{step.url_name}", args=[card.pk]) for step in steps.STEPS)]
    client.force_login(getattr(world, person))
    open_before = (card.membership.name in listed_units(client.get(reverse(LIST))), client.get(pages[0]).status_code)

    back_to_draft(world.cards[own])

    assert open_before == (True, 200)
    assert client.get(reverse(LIST)).status_code == 403  # no card at all is left
    for url in pages:
        assert client.get(url).status_code in (403, 404), url


def test_third_unit_meets_its_card_whatever_became_of_its_own(client, world):
    meeting = MeetingFactory(year=world.year)
    ResolutionFactory(meeting=meeting, kind=ResolutionKind.THIRD_UNIT, concerned=world.leader, named=world.other)
    back_to_draft(world.cards[3])
    client.force_login(world.other_signatory)

    assert listed_units(client.get(reverse(LIST))) == [world.leader.name]
    assert client.get(change_url(world.cards[0])).status_code == 200


def test_deputy_approves_where_the_leader_reviewed(client, world):
    card = world.cards[2]
    card.lines.filter(criterion__code="A1").update(reviewed_by=world.leader_signatory)

    client.force_login(world.leader_signatory)
    refused = client.post(step_url(card, "approve"), approve_form(card))
    client.force_login(world.deputy_signatory)
    client.post(step_url(card, "approve"), approve_form(card))

    assert refused.status_code == 403
    assert Approval.objects.get(scorecard=card).office == "deputy"


def test_third_unit_has_no_part_while_the_deputy_can_approve(client, world):
    meeting = MeetingFactory(year=world.year)
    ResolutionFactory(meeting=meeting, kind=ResolutionKind.THIRD_UNIT, concerned=world.leader, named=world.other)
    client.force_login(world.other_signatory)

    assert client.post(step_url(world.cards[0], "approve"), approve_form(world.cards[0])).status_code == 403
    assert statuses([world.cards[0]]) == [CardStatus.REVIEWED]


# --- somebody else changed a line meanwhile ---
@pytest.mark.parametrize(
    ("step", "status", "person", "field"),
    [
        ("review_lines", CardStatus.SUBMITTED, "secretariat", "reviewed_value"),
        ("fill", CardStatus.DRAFT, "secretariat", "self_value"),
    ],
)
def test_a_stale_line_is_answered_with_both_beside_each_other(client, world, step, status, person, field):
    card = card_in(status, MembershipFactory(year=world.year))
    if step == "fill":
        record_paper(card, world.secretariat)
    client.force_login(getattr(world, person))
    line = line_of(card, "A1")
    mine = {f"value-{line.pk}": "70", f"text-{line.pk}": "Của tôi", f"version-{line.pk}": line.version}
    theirs = {"self_note": "Ghi ở máy khác", "reviewed_reason": "Ghi ở máy khác", "version": line.version + 1}
    card.lines.filter(pk=line.pk).update(**{field: 80}, **theirs, is_estimate=True)

    response = client.post(step_url(card, step), mine)
    words = text_of(response)
    repeated = client.post(step_url(card, step), mine | {f"version-{line.pk}": line.version + 1})

    assert response.status_code == 409
    assert all(text in content(response) for text in ("80 %", "Ghi ở máy khác", 'value="70"', "Của tôi"))
    assert ("ước cả năm" in words) == (step == "fill")
    assert f'name="version-{line.pk}" value="{line.version + 1}"' in content(response)
    assert repeated.status_code == 302
    assert str(getattr(line_of(card, "A1"), field)) == "70.00"


def test_the_page_of_the_approval_names_the_estimates_that_are_left(client, world):
    card = world.cards[2]
    card.lines.filter(criterion__code="A1").update(is_estimate=True)
    client.force_login(world.leader_signatory)

    assert "Còn 1 kết quả là số ước cả năm: A1" in text_of(client.get(step_url(card, "approve")))


def test_whoever_approves_reads_until_when_the_unit_may_object(client, world):
    """It holds nobody back: the sentence stands on the page of one card, and for each card of many."""
    deadline = DeadlineFactory(year=world.year, step=DeadlineStep.OBJECTING, due_at=clock.now() + timedelta(days=2))
    ExtensionFactory(deadline=deadline, membership=world.members[2], until=clock.now() + timedelta(days=4))
    client.force_login(world.leader_signatory)
    moments = [f"{localtime(clock.now() + timedelta(days=days)):%d/%m/%Y}" for days in (2, 4, 2)]

    pages = [text_of(client.get(step_url(card, "approve"))) for card in world.cards[1:]]
    together = post_action(client, world.cards)

    assert all(moment in page for moment, page in zip(moments, pages, strict=True))
    assert [line.split(":")[0] for line in together.context["lines"]] == [unit.name for unit in world.members[1:]]
    assert all(moment in line for moment, line in zip(moments, together.context["lines"], strict=True))
    assert all(line in text_of(together) for line in together.context["lines"])
    assert client.post(step_url(world.cards[1], "approve"), approve_form(world.cards[1])).status_code == 302


def test_a_deadline_for_objections_that_is_over_is_not_named(client, world):
    DeadlineFactory(year=world.year, step=DeadlineStep.OBJECTING, due_at=clock.now() - timedelta(minutes=1))
    client.force_login(world.leader_signatory)

    assert post_action(client, world.cards).context["lines"] == []
