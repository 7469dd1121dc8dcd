"""Naming the reviewers: by hand, as a ring, as the deputy's team."""

import json

import pytest
from django.db import IntegrityError, transaction

from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, WrongState
from members.enums import AssignmentRole, Phase, ReviewMode, Standing
from scoring import permissions
from scoring.enums import CardStatus
from scoring.models import ReviewAssignment
from scoring.services import lines, objections, reviewing, scorecards
from tests.factories.scoring import ReviewAssignmentFactory, ScorecardFactory
from tests.scenarios import NOW, fresh, with_part
from tests.scoring.cards import card_in, entry, forget, line_of, outcome, reread, reviewing_world

pytestmark = pytest.mark.django_db


def build_world():
    return reviewing_world()


@pytest.fixture
def card(world):
    return card_in(CardStatus.SUBMITTED, world.member)


def set_mode(world, mode):
    world.year.rules.review_mode = mode
    world.year.rules.save()


def open_cards(world):
    return [card_in(CardStatus.SUBMITTED, member) for member in world.members]


def pairs(year):
    """Who reviews whom, by the codes of the units."""
    found = ReviewAssignment.objects.filter(scorecard__membership__year=year).order_by("scorecard__membership")
    return {one.membership.unit.code: one.scorecard.membership.unit.code for one in found}


# --- by hand ---


def test_who_may_name_reviewers(world, card):
    found = [
        outcome(lambda user=user: reviewing.assign(card=card, membership=world.other, by=user, at=NOW))
        for user in world.people().values()
    ]

    assert " ".join(found) == "3 3 3 4 3 3 Y 3 4"  # officer, signatory, other, foreign, leader, deputy, S, R, O


def test_who_may_take_a_request_back(world, card):
    assignment = ReviewAssignmentFactory(scorecard=card, membership=world.other)

    found = [
        outcome(lambda user=user: reviewing.remove(assignment=assignment, by=user, at=NOW))
        for user in world.people().values()
    ]

    assert " ".join(found) == "3 3 3 4 3 3 Y 3 4"


def test_who_belongs_to_the_unit_neither_names_nor_removes_its_reviewers(world, card):
    assignment = ReviewAssignmentFactory(scorecard=card, membership=world.other)
    others = card_in(CardStatus.SUBMITTED, world.deputy)

    with pytest.raises(NotAllowed):
        reviewing.assign(card=card, membership=world.leader, by=world.secretariat_at_home, at=NOW)
    with pytest.raises(NotAllowed):
        reviewing.remove(assignment=assignment, by=world.secretariat_at_home, at=NOW)

    assert ReviewAssignment.objects.get() == assignment
    reviewing.assign(card=others, membership=world.leader, by=world.secretariat_at_home, at=NOW)


def test_a_team_chosen_by_a_secretary_is_not_asked_for_the_card_of_the_home_unit(world):
    set_mode(world, ReviewMode.DEPUTY_TEAM)
    open_cards(world)

    reviewing.assign_by_mode(year=world.year, people=[world.officers[1]], by=world.secretariat_at_home, at=NOW)

    found = ReviewAssignment.objects.values_list("scorecard__membership__unit__code", flat=True)
    assert sorted(found) == ["A1", "A4"]


def test_a_unit_does_not_review_itself(world, card):
    with pytest.raises(NotAllowed):
        reviewing.assign(card=card, membership=world.member, by=world.secretariat, at=NOW)


@pytest.mark.parametrize("who", ["officer", "signatory", "secretariat_at_home"])
def test_nobody_reviews_the_own_unit_home_units_included(world, card, who):
    with pytest.raises(NotAllowed):
        reviewing.assign(card=card, user=getattr(world, who), by=world.secretariat, at=NOW)


def test_strangers_people_of_other_clusters_and_the_inactive_are_not_asked(world, card):
    world.other_officer.is_active = False
    world.other_officer.save()

    for person in (world.stranger, world.foreign.signatory, world.administrator, world.observer, world.other_officer):
        with pytest.raises(NotKnown):
            reviewing.assign(card=card, user=person, by=world.secretariat, at=NOW)
    with pytest.raises(NotKnown):
        reviewing.assign(card=card, membership=world.foreign.member, by=world.secretariat, at=NOW)


def test_nobody_is_asked_twice(world, card):
    reviewing.assign(card=card, user=world.other_officer, by=world.secretariat, at=NOW)

    with pytest.raises(Refused):
        reviewing.assign(card=card, user=world.other_officer, by=world.secretariat, at=NOW)


@pytest.mark.parametrize("named", [{}, {"user": "other_officer", "membership": "other"}])
def test_one_reviewer_is_named_at_a_time(world, card, named):
    values = {name: getattr(world, who) for name, who in named.items()}

    with pytest.raises(Refused):
        reviewing.assign(card=card, **values, by=world.secretariat, at=NOW)


def test_an_archived_year_names_nobody(world, card):
    world.year.phase = Phase.ARCHIVED
    world.year.save()

    with pytest.raises(WrongState):
        reviewing.assign(card=card, membership=world.other, by=world.secretariat, at=NOW)


def test_naming_and_taking_back_are_in_the_log(world, card):
    assignment = reviewing.assign(card=card, membership=world.other, by=world.secretariat, at=NOW)
    reviewing.remove(assignment=assignment, by=world.secretariat, at=NOW)

    found = AuditEvent.objects.filter(verb__startswith="reviewer.").order_by("pk")
    assert [(event.verb, json.loads(event.payload)["changes"]) for event in found] == [
        ("reviewer.assign", {"A3": ["Đơn vị A4"]}),
        ("reviewer.remove", {"A3": "Đơn vị A4"}),
    ]
    assert not ReviewAssignment.objects.exists()


# --- what an assigned reviewer may ---


@pytest.fixture
def asked(world, card):
    """The other unit is asked to review, and has handed in its own card."""
    card_in(CardStatus.SUBMITTED, world.other)
    ReviewAssignmentFactory(scorecard=card, membership=world.other)
    forget(world.year)
    return fresh(world.other_officer)


def test_an_assigned_reviewer_reviews_and_returns(world, card, asked):
    lines.review(card=card, entries=[entry(card, "A1", 95)], by=asked, at=NOW)

    assert line_of(card, "A1").reviewed_by == asked
    assert permissions.can_see(asked, card)
    assert scorecards.return_card(
        card=card, version=card.version + 1, reason="Bổ sung minh chứng", by=asked, at=NOW
    ).status == (CardStatus.RETURNED)


def test_an_assigned_reviewer_meets_no_other_card_and_names_nobody(world, card, asked):
    leaders = card_in(CardStatus.SUBMITTED, world.leader)

    assert not permissions.can_see(asked, leaders)
    assert not permissions.can_see_ranking(asked, world.year)
    assert not permissions.can_list_objections(asked, world.year)
    with pytest.raises(NotAllowed):
        reviewing.assign(card=leaders, membership=world.other, by=asked, at=NOW)


def test_a_reviewer_who_comes_to_the_unit_later_reviews_it_no_more(world, card, asked):
    joined = with_part(world.other_officer, unit=world.member.unit, role=AssignmentRole.OFFICER)

    with pytest.raises(NotAllowed):
        lines.review(card=card, entries=[entry(card, "A1", 95)], by=joined, at=NOW)


@pytest.mark.parametrize("role", [None, AssignmentRole.OBSERVER, AssignmentRole.ADMINISTRATOR])
def test_a_reviewer_by_name_who_has_no_unit_any_more_reviews_nothing(world, card, role):
    ReviewAssignmentFactory(scorecard=card, user=world.other_officer)
    card_in(CardStatus.SUBMITTED, world.other)
    before = permissions.is_reviewer(fresh(world.other_officer), reread(card))
    world.other_officer.assignments.update(ended_on=NOW.date())
    if role:
        cluster = world.cluster if role == AssignmentRole.OBSERVER else None
        with_part(world.other_officer, unit=None, cluster=cluster, role=role)
    person = fresh(world.other_officer)

    assert before
    assert not permissions.is_reviewer(person, reread(card))
    with pytest.raises((NotAllowed, NotKnown)):
        lines.review(card=card, entries=[entry(card, "A1", 95)], by=person, at=NOW)


def test_a_request_taken_back_ends_the_review(world, card, asked):
    reviewing.remove(assignment=ReviewAssignment.objects.get(), by=world.secretariat, at=NOW)

    with pytest.raises(NotAllowed):
        lines.review(card=card, entries=[entry(card, "A1", 95)], by=fresh(asked), at=NOW)


def test_an_assigned_reviewer_settles_objections(world):
    card = card_in(CardStatus.REVIEWED, world.member)
    card_in(CardStatus.SUBMITTED, world.other)
    ReviewAssignmentFactory(scorecard=card, user=world.other_signatory)
    objection = objections.raise_(
        card=card, line_pk=line_of(card, "A2").pk, text="Đề nghị tính lại", by=world.officer, at=NOW
    )
    kept = objections.Outcome(is_accepted=False, reason="Văn bản ban hành năm 2020")

    settled = objections.settle(
        objection=objection, version=card.version, outcome=kept, by=fresh(world.other_signatory), at=NOW
    )

    assert settled.settled_by == world.other_signatory


# --- by the rule of the year ---


@pytest.mark.parametrize("count", [2, 3, 9])
def test_in_a_ring_each_unit_reviews_the_next_and_the_last_the_first(count):
    world = reviewing_world(count)
    set_mode(world, ReviewMode.RING)
    open_cards(world)

    new = reviewing.assign_by_mode(year=world.year, by=world.secretariat, at=NOW)

    codes = [member.unit.code for member in world.members]
    assert pairs(world.year) == dict(zip(codes, [*codes[1:], codes[0]], strict=True))
    assert len(new) == count


def test_a_ring_leaves_out_suspended_units_and_those_without_a_card(world):
    set_mode(world, ReviewMode.RING)
    world.deputy.standing, world.deputy.standing_reason = Standing.SUSPENDED, "Theo thông báo"
    world.deputy.save()
    for member in (world.leader, world.deputy, world.member):
        ScorecardFactory(membership=member)

    reviewing.assign_by_mode(year=world.year, by=world.secretariat, at=NOW)

    assert pairs(world.year) == {"A1": "A3", "A3": "A1"}


def test_a_ring_of_one_names_nobody(world):
    set_mode(world, ReviewMode.RING)
    ScorecardFactory(membership=world.leader)

    assert reviewing.assign_by_mode(year=world.year, by=world.secretariat, at=NOW) == []


def test_naming_a_ring_again_adds_nothing(world):
    set_mode(world, ReviewMode.RING)
    open_cards(world)
    reviewing.assign_by_mode(year=world.year, by=world.secretariat, at=NOW)

    assert reviewing.assign_by_mode(year=world.year, by=world.secretariat, at=NOW) == []
    assert ReviewAssignment.objects.count() == 4


def test_a_team_reviews_every_card_but_those_of_the_own_units(world):
    set_mode(world, ReviewMode.DEPUTY_TEAM)
    open_cards(world)
    team = [world.officers[1], world.secretariat_at_home]

    reviewing.assign_by_mode(year=world.year, people=team, by=world.secretariat, at=NOW)

    found = ReviewAssignment.objects.values_list("user__username", "scorecard__membership__unit__code")
    assert sorted(found) == [
        ("a2.cb", "A1"),
        ("a2.cb", "A3"),
        ("a2.cb", "A4"),
        ("thuky2-cum-a", "A1"),
        ("thuky2-cum-a", "A2"),
        ("thuky2-cum-a", "A4"),
    ]


@pytest.mark.parametrize(("people", "error"), [([], Refused), (["stranger"], NotKnown)])
def test_a_team_has_people_of_the_cluster(world, people, error):
    set_mode(world, ReviewMode.DEPUTY_TEAM)
    open_cards(world)

    with pytest.raises(error):
        reviewing.assign_by_mode(
            year=world.year, people=[getattr(world, who) for who in people], by=world.secretariat, at=NOW
        )
    assert not ReviewAssignment.objects.exists()


def test_where_the_secretariat_reviews_nobody_needs_a_name(world):
    open_cards(world)

    assert reviewing.assign_by_mode(year=world.year, by=world.secretariat, at=NOW) == []


def test_only_the_secretariat_names_by_the_rule(world):
    set_mode(world, ReviewMode.RING)
    open_cards(world)

    found = [
        outcome(lambda user=user: reviewing.assign_by_mode(year=world.year, by=user, at=NOW))
        for user in world.people().values()
    ]

    assert " ".join(found) == "3 3 3 4 3 3 Y 3 4"


def test_the_database_wants_either_a_person_or_a_unit(world, card):
    for values in ({}, {"user": world.other_officer, "membership": world.other}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReviewAssignment.objects.create(scorecard=card, assigned_by=world.secretariat, assigned_at=NOW, **values)
