"""The kept versions of a card, and two of them line by line."""

from datetime import timedelta

import pytest
from django.urls import reverse

from members.enums import PendingKind, Phase
from members.services import pending
from scoring import snapshots, versions
from scoring.enums import CardStatus, SubmissionWay
from scoring.models import Scorecard, ScoreLine, Submission
from scoring.services import approvals
from scoring.sheets import load
from tests.factories.scoring import ScorecardFactory
from tests.scenarios import CANARY, NOW, two_clusters
from tests.scoring.cards import card_in, reread, reviewing_world, seen

pytestmark = pytest.mark.django_db

REASON = "Đơn vị bổ sung quyết định khen thưởng"


def build_world():
    return reviewing_world()


def hand_in(card, number, at=NOW - timedelta(days=4)):
    text = snapshots.of_card(load(reread(card)))
    return Submission.objects.create(
        scorecard=card,
        number=number,
        way=SubmissionWay.SIGNATORY,
        submitted_at=at,
        submitted_by=card.membership.unit.assignments.get(role="signatory").user,
        snapshot=text,
        digest=snapshots.digest(text),
    )


def reopened_and_approved_again(world):
    """A card that was handed in, approved, reopened, lowered in one line, and approved again."""
    card = card_in(CardStatus.REVIEWED, world.member)
    hand_in(card, 1)
    approvals.approve(seen=seen(card), by=world.leader_signatory, at=NOW)
    approvals.propose_reopening(card=card, reason=REASON, by=world.secretariat, at=NOW + timedelta(hours=1))
    step = pending.open_step(PendingKind.REOPEN_CARD, card)
    approvals.confirm_reopening(card=card, step=step, by=world.deputy_signatory, at=NOW + timedelta(hours=2))
    ScoreLine.objects.filter(scorecard=card, criterion__code="A1").update(final_points="20")
    approvals.approve(seen=seen(card), by=world.leader_signatory, at=NOW + timedelta(hours=3))
    return card


def compared(user, card, **chosen):
    return versions.compare(user, reread(card), {name.rstrip("_"): value for name, value in chosen.items()})


def cells(found):
    return [(one.code, one.before, one.after) for one in found.changes]


def test_submissions_and_approvals_stand_in_the_order_of_their_time_and_the_present_state_last(world):
    card = reopened_and_approved_again(world)

    found = compared(world.secretariat, card)

    assert [version.key for version in found.versions] == ["s1", "a1", "a2", "now"]
    assert REASON in found.versions[1].details
    assert REASON not in found.versions[2].details
    assert found.versions[2].code == found.versions[3].code != found.versions[1].code


def test_the_revoked_approval_is_compared_with_the_valid_one(world):
    card = reopened_and_approved_again(world)

    found = compared(world.secretariat, card, from_="a1", to="a2")

    assert cells(found) == [("A1", "26,10", "20,00")]


def test_what_did_not_change_is_shown_on_request(world):
    card = reopened_and_approved_again(world)

    found = compared(world.secretariat, card, from_="a1", to="a2", all="1")

    assert {one.code for one in found.changes} == {"", "A1", "A2", "A3", "B1", "B2", "E1", "F1"}
    assert sum(one.is_change for one in found.changes) == 1


@pytest.mark.parametrize("chosen", [{}, {"from": "x", "to": "a99"}, {"from": "\x00"}])
def test_without_a_known_choice_the_first_is_compared_with_the_last(world, chosen):
    card = reopened_and_approved_again(world)

    found = versions.compare(world.secretariat, reread(card), chosen)

    assert (found.before.key, found.after.key) == ("s1", "now")


def test_a_card_of_which_nothing_is_kept_yet_has_its_present_state_alone(world):
    found = compared(world.signatory, card_in(CardStatus.DRAFT, world.member))

    assert [version.key for version in found.versions] == ["now"]
    assert found.changes == []


def test_the_unit_sees_no_review_while_it_goes_on(world):
    card = card_in(CardStatus.SUBMITTED, world.member)
    hand_in(card, 1)
    ScoreLine.objects.filter(scorecard=card, criterion__code="A1").update(
        reviewed_value="11", reviewed_points="3.30", reviewed_reason="Chưa khớp sổ"
    )
    Scorecard.objects.filter(pk=card.pk).update(reviewed_total="41.41")

    for person in (world.signatory, world.officer):
        assert cells(compared(person, card)) == []
    assert cells(compared(world.secretariat, card)) == [
        ("", "–", "41,41"),
        ("A1", "–", "11 %"),
        ("A1", "–", "3,30"),
        ("A1", "–", "Chưa khớp sổ"),
    ]


def page(world, name="scorecard_versions"):
    return reverse(f"scoring:{name}", kwargs=world.url_kwargs() | {"code": world.member.unit.code})


@pytest.mark.parametrize("name", ["scorecard_versions", "scorecard_versions_print"])
def test_page_and_paper_show_the_difference_and_no_other_cluster(client, world, name):
    reopened_and_approved_again(world)
    ScorecardFactory(membership=world.foreign.member, submitted=True)
    client.force_login(world.signatory)

    text = client.get(page(world, name), {"from": "a1", "to": "a2"}).content.decode()

    assert "26,10" in text
    assert "20,00" in text
    assert REASON in text or name.endswith("print")
    assert CANARY not in text


@pytest.mark.parametrize("relation", ["ot", "fo", "O"])
def test_versions_are_closed_to_those_who_do_not_see_the_card(client, world, relation):
    reopened_and_approved_again(world)
    client.force_login(world.people()[relation])

    assert client.get(page(world)).status_code in (403, 404)


@pytest.mark.parametrize("approvals_given", [1, 3])
def test_the_page_costs_the_same_for_few_and_many_versions(client, django_assert_num_queries, approvals_given):
    world = two_clusters(phase=Phase.REVIEWING)
    card = card_in(CardStatus.REVIEWED, world.member)
    for number in range(1, approvals_given + 1):
        hand_in(card, number)
    client.force_login(world.secretariat)

    with django_assert_num_queries(14):
        client.get(page(world))
