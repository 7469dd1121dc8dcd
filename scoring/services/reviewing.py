"""Naming the reviewers of score cards (F8). The secretariat needs no naming; nobody reviews the own unit."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, integrity_as_refusal
from cluster_app.lib.locking import for_update
from members.enums import ReviewMode, Standing
from members.models import EmulationYear, Membership, User
from members.services import journal
from scoring import permissions, reviewers
from scoring.models import ReviewAssignment, Scorecard
from scoring.services import notices
from scoring.services.locking import lock_card, lock_cards_of


@transaction.atomic
def assign(
    *, card: Scorecard, user: User | None = None, membership: Membership | None = None, by: User, at: datetime
) -> ReviewAssignment:
    """Asks one person, or the people of one unit, to review the card. Raises NotAllowed for a reviewer of the card's
    own unit, home units included, and toward who belongs to it; Refused for a reviewer who is asked already."""
    card = lock_card(card.pk)
    year = card.membership.year
    permissions.check_can_assign_reviewers_of(by, card.membership)
    if (user is None) == (membership is None):
        raise Refused(_("Name either a person or a unit as reviewer."))
    if membership is not None:
        _check_unit(card, membership)
    if user is not None:
        _check_person(card, user)
    with integrity_as_refusal():
        assignment = ReviewAssignment.objects.create(
            scorecard=card, user=user, membership=membership, assigned_by=by, assigned_at=at
        )
    notices.reviewers_assigned([assignment], at)
    _log("reviewer.assign", [assignment], year, by, at)
    return assignment


@transaction.atomic
def remove(*, assignment: ReviewAssignment, by: User, at: datetime) -> None:
    """Takes the request back. What the person reviewed already stays, with their name."""
    card = lock_card(assignment.scorecard_id)
    year = card.membership.year
    permissions.check_can_assign_reviewers_of(by, card.membership)
    found = for_update(ReviewAssignment.objects).filter(pk=assignment.pk, scorecard=card).first()
    if found is None:
        raise NotKnown
    changes = {card.membership.unit.code: str(found)}
    pk = found.pk
    found.scorecard = card
    found.delete()
    notices.reviewer_removed(found, pk, at)
    journal.append(year, by=by, at=at, verb="reviewer.remove", thing=card, changes=changes)


@transaction.atomic
def assign_by_mode(
    *, year: EmulationYear, people: Sequence[User] = (), by: User, at: datetime
) -> list[ReviewAssignment]:
    """Names the reviewers of all cards by the year's rule, and returns those that are new.

    In a ring each unit in good standing that has a card reviews the next one in protocol order, the last one the first;
    the cards of other units are left to the secretariat. The deputy's team are `people`, each asked for every card but
    that of the own unit, and nobody for that of the unit of `by`, who has a choice here. Where the secretariat reviews,
    nobody needs to be named.
    """
    permissions.check_can_assign_reviewers(by, year)
    lock_cards_of(year)
    mode = year.rules.review_mode
    if mode == ReviewMode.RING:
        wanted = _ring(year)
    elif mode == ReviewMode.DEPUTY_TEAM:
        wanted = _team(year, people, by)
    else:
        wanted = []
    named = ReviewAssignment.objects.filter(scorecard__membership__year=year)
    known = {(one.scorecard_id, one.user_id, one.membership_id) for one in named}
    new = [one for one in wanted if (one.scorecard_id, one.user_id, one.membership_id) not in known]
    for assignment in new:
        assignment.assigned_by, assignment.assigned_at = by, at
        assignment.save()
    if new:
        notices.reviewers_assigned(new, at)
        _log("reviewer.assign_by_mode", new, year, by, at)
    return new


def _ring(year: EmulationYear) -> list[ReviewAssignment]:
    cards = _cards(year)
    members = [one for one in year.roster() if one.standing == Standing.GOOD and one.pk in cards]
    if len(members) < 2:
        return []
    followers = [*members[1:], members[0]]
    return [
        ReviewAssignment(scorecard=cards[follower.pk], membership=member)
        for member, follower in zip(members, followers, strict=True)
    ]


def _team(year: EmulationYear, people: Sequence[User], by: User) -> list[ReviewAssignment]:
    if not people:
        raise Refused(errors={"people": [_("Choose the people of the team.")]})
    _check_known(year, people)
    return [
        ReviewAssignment(scorecard=card, user=person)
        for card in _cards(year).values()
        for person in people
        if card.membership.unit_id not in _units_of(person) | _units_of(by)
    ]


def _cards(year: EmulationYear) -> dict[int, Scorecard]:
    """The cards of the year in protocol order, by member unit (primary key)."""
    cards = Scorecard.objects.filter(membership__year=year).select_related("membership__unit")
    return {card.membership_id: card for card in cards.order_by("membership__protocol_order", "pk")}


def _units_of(user: User) -> set[int]:
    """The units of the person (primary keys), a secretary's home unit among them."""
    return {held.unit_id for held in user.assignments_held() if held.unit_id is not None}


def _check_unit(card: Scorecard, membership: Membership) -> None:
    if membership.year_id != card.membership.year_id:
        raise NotKnown
    if membership.pk == card.membership_id:
        raise NotAllowed(_("Nobody reviews the card of the own unit. Choose another reviewer."))


def _check_person(card: Scorecard, user: User) -> None:
    _check_known(card.membership.year, [user])
    if card.membership.unit_id in _units_of(user):
        raise NotAllowed(
            _("%(person)s belongs to %(unit)s. Nobody reviews the card of the own unit. Choose another reviewer.")
            % {"person": user, "unit": card.membership.name}
        )


def _check_known(year: EmulationYear, people: Collection[User]) -> None:
    """Raises NotKnown unless all of them can be asked: active people of the year's units or of the secretariat."""
    if {person.pk for person in people} - {person.pk for person in reviewers.people_of(year)}:
        raise NotKnown


def _log(verb: str, assignments: Sequence[ReviewAssignment], year: EmulationYear, by: User, at: datetime) -> None:
    named: dict[str, list[str]] = {}
    for one in assignments:
        named.setdefault(one.scorecard.membership.unit.code, []).append(str(one))
    thing = assignments[0].scorecard if len(assignments) == 1 else year
    journal.append(year, by=by, at=at, verb=verb, thing=thing, changes=named)
