"""Objections in the admin: the open ones of a card, answered, accepted and kept, each confirmed on a page."""

from decimal import Decimal

import pytest
from django.urls import reverse

from members.enums import Phase
from scoring.enums import CardStatus, ObjectionStatus
from scoring.models import Objection
from scoring.services import objections
from tests.factories.scoring import ScorecardFactory, put_into_log
from tests.scenarios import CANARY, NOW, two_clusters
from tests.scoring.cards import line_of, reread

pytestmark = pytest.mark.django_db

CLAIM, REASON = "Có 95% nhiệm vụ hoàn thành", "Đối chiếu lại hồ sơ gốc"


def build_world():
    built = two_clusters(phase=Phase.REVIEWING)
    built.cards = [ScorecardFactory(membership=member, reviewed=True) for member in built.members]
    put_into_log(*built.cards)
    built.card = reread(built.cards[2])
    built.objection = objections.raise_(
        card=built.card,
        line_pk=line_of(built.card, "A1").pk,
        text=CLAIM,
        claimed_value=Decimal(95),
        by=built.signatory,
        at=NOW,
    )
    return built


def url(world, slug):
    return reverse(f"admin:scoring_objection_{slug}", args=[world.card.pk, world.objection.pk])


def card_page(world):
    return reverse("admin:scoring_scorecard_change", args=[world.card.pk])


def fields(response):
    form = response.context["form"]
    return {name: form[name].value() for name in form.fields if form[name].value() is not None}


def status_of(world):
    return Objection.objects.get(pk=world.objection.pk).status


def test_the_card_lists_its_open_objections_with_their_steps(client, world):
    client.force_login(world.secretariat)

    [row] = client.get(card_page(world)).context["objections"]

    assert CLAIM in row["text"]
    assert [link["url"] for link in row["links"]] == [url(world, slug) for slug in ("answer", "accept", "keep")]


@pytest.mark.parametrize(("count", "queries"), [(2, 10), (9, 10)])
def test_the_list_of_cards_counts_open_objections_without_a_query_for_each(
    client, django_assert_num_queries, count, queries
):
    world = two_clusters(count, phase=Phase.REVIEWING)
    for member in world.members:
        card = ScorecardFactory(membership=member, reviewed=True)
        Objection.objects.create(line=line_of(card, "A1"), raised_by=world.signatory, raised_at=NOW)
    client.force_login(world.leader_signatory)

    with django_assert_num_queries(queries):
        response = client.get(reverse("admin:scoring_scorecard_changelist"))

    assert [card.open_count for card in response.context["cl"].result_list] == [1] * count


def test_an_answer_stands_in_the_thread(client, world):
    client.force_login(world.leader_signatory)

    client.post(url(world, "answer"), {"text": "Sổ theo dõi ghi 87%"})

    assert [message.text for message in world.objection.messages.order_by("pk")] == [CLAIM, "Sổ theo dõi ghi 87%"]
    assert status_of(world) == ObjectionStatus.OPEN


def test_the_new_value_is_shown_with_its_points_before_it_is_accepted(client, world):
    client.force_login(world.secretariat)
    form = fields(client.get(url(world, "accept"))) | {"value": "90", "reason": REASON}

    shown = client.post(url(world, "accept"), form)
    untouched = (status_of(world), str(line_of(world.card, "A1").final_points))
    client.post(url(world, "accept"), fields(shown))

    assert untouched == (ObjectionStatus.OPEN, "26.10")
    assert [row["points"] for row in shown.context["rows"]][-2:] == ["26,10", "27,00"]
    assert (status_of(world), str(line_of(world.card, "A1").final_points)) == (ObjectionStatus.ACCEPTED, "27.00")


def test_keeping_the_points_changes_none(client, world):
    client.force_login(world.secretariat)

    client.post(url(world, "keep"), fields(client.get(url(world, "keep"))) | {"reason": REASON})

    assert (status_of(world), str(line_of(world.card, "A1").final_points)) == (ObjectionStatus.KEPT, "26.10")


@pytest.mark.parametrize("slug", ["accept", "keep"])
def test_a_reason_that_is_too_short_settles_nothing(client, world, slug):
    client.force_login(world.secretariat)

    response = client.post(url(world, slug), fields(client.get(url(world, slug))) | {"reason": "ngắn"})
    if slug == "accept":
        response = client.post(url(world, slug), fields(response))

    assert (response.status_code, status_of(world)) == (200, ObjectionStatus.OPEN)


def test_a_settled_objection_is_not_settled_again(client, world):
    client.force_login(world.secretariat)
    form = fields(client.get(url(world, "keep"))) | {"reason": REASON}
    client.post(url(world, "keep"), form)

    assert client.post(url(world, "keep"), form).status_code == 409
    assert client.get(card_page(world)).context["objections"] == []


def test_a_card_that_was_changed_meanwhile_keeps_its_objection_open(client, world):
    client.force_login(world.secretariat)
    form = fields(client.get(url(world, "keep"))) | {"reason": REASON, "version": world.card.version - 1}

    assert client.post(url(world, "keep"), form).status_code == 409
    assert status_of(world) == ObjectionStatus.OPEN


def test_the_missing_button_to_approve_says_that_an_objection_is_open(client, world):
    client.force_login(world.leader_signatory)

    response = client.get(card_page(world))

    assert reverse("admin:scoring_scorecard_approve", args=[world.card.pk]) not in [
        link["url"] for link in response.context["step_links"]
    ]
    [why] = response.context["refusals"]
    assert "A1" in why
    assert reread(world.card).status == CardStatus.REVIEWED


@pytest.mark.parametrize("relation", ["of", "sg", "ot", "fo", "D", "R", "O"])
def test_objections_in_the_admin_are_closed_to_others(client, world, relation):
    client.force_login(world.people()[relation])

    response = client.post(url(world, "keep"), {"reason": REASON, "version": world.card.version})

    assert response.status_code in (403, 404)
    assert status_of(world) == ObjectionStatus.OPEN


def test_no_other_cluster_stands_on_the_page(client, world):
    client.force_login(world.secretariat)

    assert CANARY not in client.get(url(world, "accept")).content.decode()
