"""Approval in the admin is of what was shown: what changed, came, or was done already is said, and nothing is done."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse

from cluster_app.audit.models import AuditEvent
from members.enums import Phase
from scoring.enums import CardStatus
from scoring.models import Approval, Scorecard, ScoreLine
from scoring.services import scorecards
from tests.factories.scoring import ScorecardFactory, put_into_log
from tests.scenarios import NOW, two_clusters
from tests.scoring.cards import reread

pytestmark = pytest.mark.django_db

LIST = "admin:scoring_scorecard_changelist"


def build_world():
    return with_cards(4)


def with_cards(unit_count):
    built = two_clusters(unit_count, phase=Phase.REVIEWING)
    built.cards = [ScorecardFactory(membership=member, reviewed=True) for member in built.members]
    put_into_log(*built.cards)
    return built


def approve_url(card):
    return reverse("admin:scoring_scorecard_approve", args=[card.pk])


def shown_form(client, card):
    """What the browser sends back: the hidden fields of the page as it was shown."""
    form = client.get(approve_url(card)).context["form"]
    return {name: form[name].value() for name in form.fields}


def lower(card, code="A1", points="20", reason="Sổ theo dõi <i>khác</i>"):
    ScoreLine.objects.filter(scorecard=card, criterion__code=code).update(final_points=points, final_reason=reason)


def cells(response):
    return [(row["criterion"], row["before"], row["after"]) for row in response.context["rows"]]


# --- one card ---
def test_the_page_to_approve_shows_every_line_that_is_approved(client, world):
    client.force_login(world.leader_signatory)

    response = client.get(approve_url(world.cards[2]))

    codes = [row.code for row in response.context["sheet_rows"] if not row.is_group]
    assert codes == ["A1", "A2", "A3", "B1", "B2", "E1", "F1"]


def test_a_line_changed_after_the_page_is_shown_line_by_line_and_nothing_is_done(client, world):
    client.force_login(world.leader_signatory)
    card = world.cards[2]
    form = shown_form(client, card)
    lower(card)

    response = client.post(approve_url(card), form)

    assert response.status_code == 409
    assert cells(response) == [
        ("A1 Tỷ lệ nhiệm vụ hoàn thành", "26,10", "20,00"),
        ({"again": "A1 Tỷ lệ nhiệm vụ hoàn thành"}, "Đối chiếu sổ A1", "Sổ theo dõi <i>khác</i>"),
    ]
    page = response.content.decode()
    assert "&lt;i&gt;khác" in page
    assert "<i>khác" not in page
    assert response.context["again_url"] == reverse("admin:scoring_scorecard_change", args=[card.pk])
    assert (reread(card).status, Approval.objects.count()) == (CardStatus.REVIEWED, 0)


@pytest.mark.parametrize("snapshot", [None, "", "x", "other card"])
def test_without_the_text_that_was_shown_the_answer_is_the_same_without_details(client, world, snapshot):
    client.force_login(world.leader_signatory)
    card = world.cards[2]
    form = shown_form(client, card)
    if snapshot == "other card":
        snapshot = shown_form(client, world.cards[3])["snapshot"]
    form.pop("snapshot") if snapshot is None else form.update(snapshot=snapshot)
    lower(card)

    response = client.post(approve_url(card), form)

    assert (response.status_code, cells(response)) == (409, [])
    assert reread(card).status == CardStatus.REVIEWED


def test_a_card_that_was_only_touched_is_not_approved_either(client, world):
    client.force_login(world.leader_signatory)
    card = world.cards[2]
    form = shown_form(client, card)
    Scorecard.objects.filter(pk=card.pk).update(version=card.version + 1)

    response = client.post(approve_url(card), form)

    assert (response.status_code, cells(response), response.context["is_compared"]) == (409, [], True)
    assert reread(card).status == CardStatus.REVIEWED


def test_the_same_approval_sent_twice_has_one_effect(client, world):
    client.force_login(world.leader_signatory)
    card = world.cards[2]
    form = shown_form(client, card)
    client.post(approve_url(card), form)
    events = AuditEvent.objects.count()

    response = client.post(approve_url(card), form)

    assert response.status_code == 409
    assert card.membership.name in response.context["error"].message
    assert (Approval.objects.count(), AuditEvent.objects.count()) == (1, events)


def test_returning_a_card_that_was_changed_meanwhile_answers_in_the_admin_too(client, world):
    client.force_login(world.secretariat)
    card = world.cards[2]
    url = reverse("admin:scoring_scorecard_return", args=[card.pk])

    response = client.post(url, {"version": card.version - 1, "reason": "Bổ sung số văn bản"})

    assert (response.status_code, cells(response)) == (409, [])
    assert reread(card).status == CardStatus.REVIEWED


# --- several cards ---
def post_action(client, cards, **more):
    checked = {"action": "approve_selected", "index": "0", ACTION_CHECKBOX_NAME: [card.pk for card in cards]}
    return client.post(reverse(LIST), checked | more, follow=bool(more))


def triples(response):
    return [item["value"] for item in response.context["hidden"] if item["name"] == "seen"]


def statuses(cards):
    return [reread(card).status for card in cards]


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_nine_cards_are_approved_but_the_own_one_in_one_act(client):
    world = with_cards(9)
    client.force_login(world.leader_signatory)
    shown = triples(post_action(client, world.cards))

    response = post_action(client, world.cards, seen=shown)

    assert statuses(world.cards) == [CardStatus.REVIEWED] + [CardStatus.APPROVED] * 8
    assert AuditEvent.objects.filter(verb="scorecard.approve").count() == 8
    assert len(said(response)) == 1


def test_the_same_bulk_approval_sent_twice_has_one_effect_and_says_so_for_each_card(client, world):
    client.force_login(world.leader_signatory)
    shown = triples(post_action(client, world.cards))
    post_action(client, world.cards, seen=shown)
    events = AuditEvent.objects.count()

    response = post_action(client, world.cards, seen=shown)

    assert AuditEvent.objects.count() == events
    assert [text.partition(":")[0] for text in said(response)] == [member.name for member in world.members[1:]]


def test_a_card_that_came_in_after_the_page_is_not_approved(client, world):
    Scorecard.objects.filter(pk=world.cards[3].pk).update(status=CardStatus.SUBMITTED)
    client.force_login(world.leader_signatory)
    shown = triples(post_action(client, world.cards))
    Scorecard.objects.filter(pk=world.cards[3].pk).update(status=CardStatus.REVIEWED)

    post_action(client, world.cards, seen=shown)

    assert statuses(world.cards[1:]) == [CardStatus.APPROVED, CardStatus.APPROVED, CardStatus.REVIEWED]


def test_a_card_that_was_returned_after_the_page_leaves_the_others_approved(client, world):
    client.force_login(world.leader_signatory)
    shown = triples(post_action(client, world.cards))
    card = reread(world.cards[3])
    scorecards.return_card(card=card, version=card.version, reason="Bổ sung minh chứng", by=world.secretariat, at=NOW)

    response = post_action(client, world.cards, seen=shown)

    assert statuses(world.cards[1:]) == [CardStatus.APPROVED, CardStatus.APPROVED, CardStatus.RETURNED]
    assert len(said(response)) == 2


def test_a_forged_version_or_digest_approves_nothing(client, world):
    client.force_login(world.leader_signatory)
    pk, version, digest = triples(post_action(client, world.cards[1:2]))[0].split(":")

    post_action(client, world.cards, seen=[f"{pk}:{int(version) + 1}:{digest}"])
    post_action(client, world.cards, seen=[f"{pk}:{version}:{digest[::-1]}"])

    assert statuses(world.cards) == [CardStatus.REVIEWED] * 4
