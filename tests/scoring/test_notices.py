"""What each step tells, and to whom: nobody hears of another unit's card who may not."""

from datetime import date
from decimal import Decimal

import pytest

from cluster_app.audit import verification
from cluster_app.lib.errors import Refused
from members.enums import DeadlineStep, MemberRole, Phase, ResolutionKind
from members.models import Notification
from members.services import notifications
from scoring.models import Objection, ReviewAssignment
from scoring.services import approvals, estimates, notices, objections, publications, reviewing, scorecards
from tests.factories.members import DeadlineFactory, DelegationFactory, MeetingFactory, ResolutionFactory
from tests.factories.scoring import ScorecardFactory, put_into_log
from tests.scenarios import CANARY, NOW, two_clusters
from tests.scoring.cards import card_in, line_of, reread, reviewing_world, seen

pytestmark = pytest.mark.django_db

REASON = "Đã đối chiếu văn bản gốc của đơn vị"
UNIT = {"a3", "a3.cb", "thuky2-cum-a"}


def told(**which):
    return set(Notification.objects.filter(**which).values_list("user__username", flat=True))


def objection_to(card, by):
    return Objection.objects.create(line=line_of(card, "A1"), raised_by=by, raised_at=NOW)


def asked(card, world, **reviewer):
    return ReviewAssignment.objects.create(scorecard=card, assigned_by=world.secretariat, assigned_at=NOW, **reviewer)


# step -> status of the card, who hears of it, when the deputy's signatory (or a3.cb where marked) takes it
CARD_STEPS = [
    ("submitted", "submitted", "a3", {"thuky-cum-a"}),
    ("returned", "returned", "a2", UNIT),
    ("reviewed", "reviewed", "thuky-cum-a", UNIT | {"a1"}),
    ("approved", "approved", "a1", UNIT),
    ("reopening_proposed", "approved", "a1", {"a2", "thuky-cum-a"}),
    ("reopened", "reviewed", "a2", UNIT),
]


@pytest.mark.parametrize(("step", "status", "actor", "people"), CARD_STEPS)
def test_step_of_a_card_tells_exactly_its_people(step, status, actor, people):
    world = reviewing_world()
    by = next(user for user in everybody(world) if user.username == actor)
    card = card_in(status, world.member)

    getattr(notices, step)(card, by, NOW)

    assert told() == people - {actor}


def everybody(world):
    return [*world.signatories, *world.officers, world.secretariat, world.secretariat_at_home, world.observer]


OBJECTION_STEPS = [
    ("objection_raised", "a3.cb", {"thuky-cum-a"}),
    ("objection_answered", "thuky-cum-a", UNIT),
    ("objection_answered", "a3", {"thuky-cum-a"}),
    ("objection_settled", "thuky-cum-a", UNIT),
]


@pytest.mark.parametrize(("step", "actor", "people"), OBJECTION_STEPS)
def test_step_of_an_objection_tells_the_other_side(step, actor, people):
    world = reviewing_world()
    by = next(user for user in everybody(world) if user.username == actor)
    objection = objection_to(card_in("reviewed", world.member), world.officer)

    getattr(notices, step)(objection, by, NOW)

    assert told() == people - {actor}


def test_assigned_reviewers_hear_of_the_submission():
    world = reviewing_world()
    card = card_in("submitted", world.member)
    asked(card, world, membership=world.other)
    asked(card, world, user=world.deputy_signatory)

    notices.submitted(card, world.signatory, NOW)

    assert told() == {"thuky-cum-a", "a4", "a4.cb", "a2"}


def test_own_unit_hears_nothing_as_its_reviewer():
    world = reviewing_world()
    card = card_in("submitted", world.member)

    notices.reviewers_assigned([asked(card, world, user=world.secretariat_at_home)], NOW)

    assert told() == set()


def test_reviewers_are_told_what_they_are_asked():
    world = reviewing_world()
    one = asked(card_in("submitted", world.member), world, membership=world.other)
    two = asked(card_in("submitted", world.other), world, user=world.deputy_signatory)

    notices.reviewers_assigned([one, two], NOW)

    assert told() == {"a4", "a4.cb", "a2"}
    assert "ĐV A3" in str(Notification.objects.get(user=world.other_signatory))


def test_returned_card_says_why_and_which_criteria():
    world = reviewing_world()
    card = card_in("returned", world.member)
    card.lines.filter(criterion__code__in=["A2", "B1"]).update(is_returned=True)

    notices.returned(card, world.secretariat, NOW)

    line = world.officer.notifications.get()
    assert line.params == {"unit": "ĐV A3", "reason": "Bổ sung số văn bản của A2", "codes": "A2, B1"}


def test_reviewed_card_says_until_when_to_object():
    """Or until the approval, which waits for nobody's deadline."""
    world = reviewing_world()
    DeadlineFactory(year=world.year, step=DeadlineStep.OBJECTING, due_at=NOW.replace(day=26, hour=16, minute=59))

    notices.reviewed(card_in("reviewed", world.member), world.secretariat, NOW)

    line = world.officer.notifications.get()
    assert line.params["until"] == "26/11/2021 23:59"
    assert line.text.endswith("until %(until)s or until its approval.")


def test_leaders_own_card_waits_for_the_deputy():
    world = reviewing_world()

    notices.reviewed(card_in("reviewed", world.leader), world.secretariat, NOW)

    assert told(key__startswith="to_approve") == {"a2"}


def test_delegate_hears_that_a_card_waits():
    world = reviewing_world()
    DelegationFactory(principal=world.leader, delegate_unit=world.deputy, delegate=world.deputy_signatory)

    notices.reviewed(card_in("reviewed", world.member), world.secretariat, NOW)

    assert told(key__startswith="to_approve") == {"a1", "a2"}


def test_third_unit_named_in_the_minutes_hears_that_a_card_waits():
    world = reviewing_world()
    card = card_in("reviewed", world.leader)
    card.lines.filter(criterion__code="A1").update(reviewed_by=world.deputy_signatory)
    ResolutionFactory(
        meeting=MeetingFactory(year=world.year, held_on=date(2021, 11, 20)),
        kind=ResolutionKind.THIRD_UNIT,
        concerned=world.leader,
        named=world.other,
    )

    notices.reviewed(card, world.secretariat, NOW)

    assert told(key__startswith="to_approve") == {"a4"}


def test_second_submission_is_told_again():
    world = reviewing_world()
    card = card_in("submitted", world.member)
    notices.submitted(card, world.signatory, NOW)
    notices.submitted(card, world.signatory, NOW)
    card.version += 2

    notices.submitted(card, world.signatory, NOW)

    assert world.secretariat.notifications.count() == 2


def test_publication_is_proposed_to_another_unit_and_told_to_all():
    world = two_clusters(phase=Phase.APPROVING)

    notices.publication_proposed(world.year, world.leader_signatory, NOW)
    proposed = told()
    notices.published(world.year, world.deputy_signatory, NOW)

    assert proposed == {"a2"}
    units = {user.username for user in (*world.signatories, *world.officers)} | {"thuky2-cum-a"}
    assert told(key__startswith="published") == units - {"a2"}


def test_without_a_deputy_the_secretariat_confirms_a_publication():
    world = two_clusters(phase=Phase.APPROVING)
    world.deputy.role = MemberRole.MEMBER
    world.deputy.save()
    world.year.__dict__.pop("_roster", None)

    notices.publication_proposed(world.year, world.leader_signatory, NOW)

    assert told() == {"thuky-cum-a", "thuky2-cum-a"}


def test_nothing_crosses_to_the_other_cluster():
    world = reviewing_world()
    foreign_card = card_in("reviewed", world.foreign.member)

    notices.reviewed(foreign_card, world.foreign.secretariat, NOW)
    notices.reviewed(card_in("reviewed", world.member), world.secretariat, NOW)

    foreign = {user.username for user in everybody(world.foreign)}
    own = Notification.objects.exclude(user__username__in=foreign)
    assert {line.year_id for line in own} == {world.year.pk}
    assert not [line for line in own if CANARY in str(line) or line.url.startswith("/cum-b/")]
    assert Notification.objects.filter(year=world.foreign.year).exists()


# --- The services call them, and the log still holds ---


def test_services_tell_what_they_did():
    world = reviewing_world()
    card = card_in("submitted", world.member)
    put_into_log(card)
    returned = scorecards.return_card(
        card=card, version=card.version, reason="Bổ sung minh chứng A2", codes=["A2"], by=world.secretariat, at=NOW
    )

    assert told(key__startswith="returned") == UNIT
    assert world.officer.notifications.get().params["codes"] == "A2"
    assert returned.status == "returned"
    assert verification.verify().problem == ""


def test_refused_step_tells_nobody():
    world = reviewing_world()
    card = card_in("approved", world.member)
    approvals.propose_reopening(card=card, reason="Nhập sai số liệu A2", by=world.leader_signatory, at=NOW)
    before = Notification.objects.count()

    with pytest.raises(Refused):
        approvals.propose_reopening(card=card, reason="Nhập sai số liệu A2", by=world.deputy_signatory, at=NOW)

    assert Notification.objects.count() == before > 0


def _approve(count):
    world = reviewing_world(9)
    cards = [card_in("reviewed", member) for member in world.members[1 : count + 1]]
    outcomes = approvals.approve_all(seen=[seen(card) for card in cards], by=world.leader_signatory, at=NOW)
    return world, [one.problem for one in outcomes]


def test_bulk_approval_tells_each_unit_of_its_own_card_only():
    world, problems = _approve(8)

    assert problems == [""] * 8
    for member, officer in zip(world.members[1:], world.officers[1:], strict=True):
        assert [line.params["unit"] for line in officer.notifications.all()] == [member.short_name]


@pytest.mark.parametrize("count", [2, 8])
def test_telling_many_units_costs_as_much_as_telling_two(count, django_assert_num_queries):
    world = reviewing_world(9)
    cards = [reread(ScorecardFactory(membership=member, approved=True)) for member in world.members[:count]]
    for card in cards:
        card.membership.year.roster()

    with django_assert_num_queries(6):  # closing, parts of all people, open accounts, lines; a savepoint around two
        notices.approved_all(cards, world.leader_signatory, NOW)


def unread(**which):
    return told(read_at__isnull=True, **which)


# what was told first, what happens then, and whose line is closed by it
CLOSING = [
    ("submitted", "reviewed", {"thuky-cum-a"}),
    ("submitted", "returned", {"thuky-cum-a"}),
    ("returned", "submitted", UNIT),
    ("reviewed", "approved", UNIT | {"a1"}),
    ("reviewed", "returned", UNIT | {"a1"}),
    ("reviewed", "submitted", UNIT | {"a1"}),
    ("reopening_proposed", "reopened", {"a1", "a2", "thuky-cum-a"}),
]


@pytest.mark.parametrize(("first", "then", "people"), CLOSING)
def test_what_a_step_asked_for_is_closed_by_the_step_that_did_it(first, then, people):
    world = reviewing_world()
    card, other_card = card_in("submitted", world.member), card_in("submitted", world.other)
    for one in (card, other_card):
        getattr(notices, first)(one, world.observer, NOW)
    asked_first = {one.pk for one in Notification.objects.filter(params__unit=world.member.short_name)}

    getattr(notices, then)(card, world.observer, NOW)

    assert unread(pk__in=asked_first) == set()
    assert told(pk__in=asked_first) == people
    assert Notification.objects.filter(params__unit=world.other.short_name, read_at__isnull=False).count() == 0


def test_publication_tells_the_units_when_it_is_confirmed():
    world = two_clusters(2, phase=Phase.APPROVING)
    for member in world.members:
        put_into_log(card_in("approved", member))
    step = publications.propose(year=world.year, by=world.leader_signatory, at=NOW)
    publications.confirm(year=world.year, step=step, by=world.deputy_signatory, at=NOW)

    assert told(key__startswith="publication_proposed") == {"a2"}
    assert {"a1", "a1.cb", "a2.cb"} <= told(key__startswith="published")
    assert notifications.mark_all_read(by=world.officer, at=NOW) == 1


@pytest.mark.parametrize("ending", ["withdraw", "return", "replace"])
def test_an_objection_that_ends_asks_nobody_any_more(ending):
    world = reviewing_world()
    card = card_in("reviewed", world.member)
    card.lines.filter(criterion__code="A2").update(is_estimate=True)
    line = line_of(card, "A1")
    objection = objections.raise_(card=card, line_pk=line.pk, text=REASON, by=world.officer, at=NOW)
    asked_first = unread(key__startswith=f"objection:{objection.pk}:")

    if ending == "withdraw":
        objections.withdraw(objection=objection, reason=REASON, by=world.officer, at=NOW)
    elif ending == "return":
        version = reread(card).version
        scorecards.return_card(card=card, version=version, reason=REASON, by=world.secretariat, at=NOW)
    else:
        mark = line_of(card, "A2")
        official = {"value": Decimal(1), "note": REASON, "version": mark.version}
        estimates.replace(card=card, line_pk=mark.pk, **official, by=world.signatory, at=NOW)

    assert asked_first == {"thuky-cum-a"}
    assert unread(key__startswith=f"objection:{objection.pk}:") == set()


def test_a_proposal_to_reopen_that_is_withdrawn_asks_nobody_any_more():
    world = reviewing_world()
    card = card_in("approved", world.member)
    step = approvals.propose_reopening(card=card, reason=REASON, by=world.leader_signatory, at=NOW)
    asked_first = unread(key__startswith="reopening:")

    approvals.withdraw_reopening(card=card, step=step, by=world.leader_signatory, at=NOW)

    assert (asked_first, unread(key__startswith="reopening:")) == ({"a2", "thuky-cum-a"}, set())


def test_a_proposal_to_publish_that_is_withdrawn_asks_nobody_any_more():
    world = two_clusters(2, phase=Phase.APPROVING)
    for member in world.members:
        put_into_log(ScorecardFactory(membership=member, approved=True))
    step = publications.propose(year=world.year, by=world.leader_signatory, at=NOW)
    asked_first = unread()

    publications.withdraw_proposal(year=world.year, step=step, by=world.leader_signatory, at=NOW)

    assert (asked_first, unread()) == ({"a2"}, set())


def test_a_reviewer_who_is_taken_back_is_asked_no_more():
    world = reviewing_world()
    card = card_in("submitted", world.member)
    one = reviewing.assign(card=card, membership=world.other, by=world.secretariat, at=NOW)
    notices.submitted(card, world.signatory, NOW)
    asked_first = unread()

    reviewing.remove(assignment=one, by=world.secretariat, at=NOW)

    assert asked_first - unread() == {"a4", "a4.cb"}
    assert unread() == {"thuky-cum-a"}
