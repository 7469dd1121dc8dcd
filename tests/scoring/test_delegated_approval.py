"""The deputy approves in the leader's place by a written delegation, within its days and nowhere else."""

import json
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from cluster_app.audit.models import AuditEvent
from cluster_app.lib import clock
from cluster_app.lib.errors import NotAllowed
from members.enums import Phase
from members.models import Assignment
from scoring import approval_words, queries
from scoring.enums import ApprovalOffice, CardStatus
from scoring.home import decisions
from scoring.home.overview import overview_of
from scoring.models import Approval, Scorecard
from scoring.papers import scorecard_paper
from scoring.services import approvals
from scoring.sheets import load
from tests.factories.members import DelegationFactory
from tests.factories.scoring import ScorecardFactory, put_into_log
from tests.scenarios import NOW, fresh, two_clusters
from tests.scoring.cards import reread, seen

pytestmark = pytest.mark.django_db

LIST = "admin:scoring_scorecard_changelist"
# In Việt Nam: the last second of 21 November, the first of 22, the last of 26, the first of 27.
BEFORE, FIRST = datetime(2021, 11, 21, 16, 59, 59, tzinfo=UTC), datetime(2021, 11, 21, 17, tzinfo=UTC)
LAST, AFTER = datetime(2021, 11, 26, 16, 59, 59, tzinfo=UTC), datetime(2021, 11, 26, 17, tzinfo=UTC)


def build_world():
    built = two_clusters(phase=Phase.REVIEWING)
    built.cards = [ScorecardFactory(membership=member, reviewed=True) for member in built.members]
    put_into_log(*built.cards)
    return built


def delegate(world, **more):
    return DelegationFactory(principal=world.leader, delegate_unit=world.deputy, recorded_by=world.secretariat, **more)


def approve(card, user, at=NOW):
    return approvals.approve(seen=seen(card), by=fresh(user), at=at)


def listed(client, user):
    client.force_login(user)
    return [card.membership.name for card in client.get(reverse(LIST)).context["cl"].result_list]


# --- who and when ---
def test_the_deputy_approves_for_the_leader_by_the_paper(world):
    delegation = delegate(world)

    approval = approve(world.cards[2], world.deputy_signatory)

    assert (approval.office, approval.delegation, approval.approver, approval.approver_unit) == (
        ApprovalOffice.LEADER,
        delegation,
        world.deputy_signatory,
        world.deputy.unit,
    )


@pytest.mark.parametrize(("at", "is_open"), [(BEFORE, False), (FIRST, True), (LAST, True), (AFTER, False)])
def test_both_days_belong_to_the_delegation_and_no_other(world, at, is_open):
    delegate(world)

    if is_open:
        assert approve(world.cards[2], world.deputy_signatory, at).delegation is not None
    else:
        with pytest.raises(NotAllowed):
            approve(world.cards[2], world.deputy_signatory, at)


def test_a_delegation_that_was_ended_early_opens_nothing(world):
    delegate(world, ended=True)

    with pytest.raises(NotAllowed):
        approve(world.cards[2], world.deputy_signatory)


def test_without_a_delegation_the_deputy_does_not_approve(world):
    with pytest.raises(NotAllowed):
        approve(world.cards[2], world.deputy_signatory)


def test_a_delegation_to_somebody_else_gives_the_deputy_nothing(world):
    delegate(world, delegate=world.other_signatory)

    for person in (world.deputy_signatory, world.other_signatory):
        with pytest.raises(NotAllowed):
            approve(world.cards[2], person)


def test_the_leader_s_own_card_is_approved_in_the_deputy_s_own_office(world):
    delegate(world)

    approval = approve(world.cards[0], world.deputy_signatory)

    assert (approval.office, approval.delegation) == (ApprovalOffice.DEPUTY, None)


def test_the_delegate_does_not_approve_the_card_of_the_own_unit(world):
    delegate(world)

    with pytest.raises(NotAllowed):
        approve(world.cards[1], world.deputy_signatory)


def test_the_delegate_who_reviewed_does_not_approve(world):
    delegate(world)
    Scorecard.objects.filter(pk=world.cards[2].pk).update(reviewed_by=world.deputy_signatory)

    with pytest.raises(NotAllowed):
        approve(world.cards[2], world.deputy_signatory)


def test_the_leader_may_still_approve_while_a_delegation_is_in_force(world):
    delegate(world)

    assert approve(world.cards[2], world.leader_signatory).delegation is None


def test_where_nobody_signs_for_the_leader_the_deputy_acts_in_the_own_office(world):
    delegate(world)
    Assignment.objects.filter(user=world.leader_signatory).update(ended_on=date(2021, 11, 1))

    approval = approve(world.cards[2], world.deputy_signatory)

    assert (approval.office, approval.delegation) == (ApprovalOffice.DEPUTY, None)


# --- what is kept and shown ---
def test_the_log_keeps_both_names(world):
    delegate(world)
    approve(world.cards[2], world.deputy_signatory)

    event = AuditEvent.objects.get(verb="scorecard.approve")
    changes = json.loads(event.payload)["changes"]

    assert event.actor == world.deputy_signatory.username
    assert (changes["delegation"], changes["principal"], changes["delegate"]) == (
        "15-UQ/CQ",
        world.leader.name,
        world.deputy_signatory.username,
    )


def test_without_delegation_the_log_names_none(world):
    approve(world.cards[2], world.leader_signatory)

    changes = json.loads(AuditEvent.objects.get(verb="scorecard.approve").payload)["changes"]

    assert "delegation" not in changes


@pytest.mark.parametrize("form", ["kt", "tl", "tuq"])
def test_page_admin_and_print_say_in_whose_place_and_by_which_paper(client, world, form):
    delegate(world, form=form)
    card = world.cards[2]
    approval = approve(card, world.deputy_signatory)
    words = approval_words.office(queries.approval_of(reread(card)))
    urls = [
        reverse("scoring:scorecard_detail", kwargs=world.url_kwargs() | {"code": world.member.unit.code}),
        reverse("admin:scoring_scorecard_change", args=[card.pk]),
        reverse("admin:scoring_approval_changelist"),
    ]

    client.force_login(world.secretariat)
    pages = [client.get(url).content.decode() for url in urls]
    paper = str(scorecard_paper(load(reread(card)), queries.approval_of(reread(card))))

    assert words.startswith(f"{form.upper()}. {world.year.leader_title}: {world.deputy.unit.name}")
    assert [words in page for page in pages] == [True, True, True]
    assert f"{form.upper()}. {world.year.leader_title} ({world.deputy.unit.name}) theo văn bản số 15-UQ/CQ" in paper
    assert approval.delegation.number in words


# --- what the delegate meets ---
def test_the_admin_shows_the_delegate_all_cards_but_the_own_to_approve_while_it_is_in_force(client, world):
    delegate(world)

    assert listed(client, world.deputy_signatory) == [member.name for member in world.members]
    with clock.stopped_at(AFTER):
        assert listed(client, world.deputy_signatory) == [world.leader.name]


def test_the_admin_of_a_delegate_ends_with_an_early_end(client, world):
    delegate(world, ended=True)

    assert listed(client, world.deputy_signatory) == [world.leader.name]


def test_the_delegate_approves_in_the_admin(client, world):
    delegate(world)
    client.force_login(world.deputy_signatory)
    card = world.cards[2]
    url = reverse("admin:scoring_scorecard_approve", args=[card.pk])
    form = client.get(url).context["form"]

    client.post(url, {name: form[name].value() for name in form.fields})

    assert Approval.objects.get(scorecard=card).delegation is not None


def test_a_form_opened_in_time_and_sent_too_late_approves_nothing(client, world):
    delegate(world)
    client.force_login(world.deputy_signatory)
    card = world.cards[2]
    url = reverse("admin:scoring_scorecard_approve", args=[card.pk])
    form = client.get(url).context["form"]

    with clock.stopped_at(AFTER):
        response = client.post(url, {name: form[name].value() for name in form.fields})

    assert response.status_code == 404
    assert reread(card).status == CardStatus.REVIEWED


def to_do(world, at):
    user = fresh(world.deputy_signatory)
    return [todo.url for todo in decisions.to_approve(overview_of(user, world.year, at))]


def test_the_home_page_lists_what_the_delegate_may_approve(world):
    delegate(world)
    urls = [reverse("admin:scoring_scorecard_change", args=[card.pk]) for card in world.cards]

    assert to_do(world, NOW) == [urls[0], urls[2], urls[3]]
    assert to_do(world, AFTER) == [urls[0]]


def test_the_read_page_leads_the_delegate_to_the_approval(client, world):
    delegate(world)
    url = reverse("scoring:scorecard_detail", kwargs=world.url_kwargs() | {"code": world.member.unit.code})
    client.force_login(world.deputy_signatory)

    assert client.get(url).context["can_approve"] is True
    with clock.stopped_at(AFTER):
        assert client.get(url).context["can_approve"] is False
