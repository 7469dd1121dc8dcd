"""Whom the steps of a year concern: people by their parts, read once and asked for many cards."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from members.enums import AssignmentRole, MemberRole
from members.models import Assignment, Delegation, EmulationYear, User
from members.permissions import UNIT_ROLES, has_no_deputy
from members.queries import third_unit_for
from scoring import offices
from scoring.models import ReviewAssignment, Scorecard


class People:
    """Who plays which part in `year` at present; every answer is a set of primary keys of open accounts. One query,
    and one more the first time somebody asks for reviewers."""

    def __init__(self, year: EmulationYear) -> None:
        self.year = year
        units = [member.unit_id for member in year.roster()]
        held = Assignment.objects.filter(ended_on__isnull=True, user__is_active=True)
        self._held = list(held.filter(Q(unit_id__in=units) | Q(cluster_id=year.cluster_id)).order_by("pk"))
        self._asked: dict[int, list[ReviewAssignment]] | None = None

    def of_unit(self, unit: int) -> set[int]:
        """Signatories and officers of the unit, and whoever of the cluster's secretariat has it as home."""
        return {
            held.user_id
            for held in self._held
            if held.unit_id == unit and (held.role in UNIT_ROLES or held.cluster_id == self.year.cluster_id)
        }

    def of_all_units(self) -> set[int]:
        return set().union(*(self.of_unit(member.unit_id) for member in self.year.roster()))

    def signatories(self, units: Iterable[int]) -> set[int]:
        wanted = set(units)
        return {held.user_id for held in self._held if held.unit_id in wanted and held.role == AssignmentRole.SIGNATORY}

    def holding(self, *roles: str) -> set[int]:
        """Who signs for a unit with one of these offices."""
        return self.signatories(member.unit_id for member in self.year.roster() if member.role in roles)

    def secretariat(self) -> set[int]:
        return {
            held.user_id
            for held in self._held
            if held.role == AssignmentRole.SECRETARIAT and held.cluster_id == self.year.cluster_id
        }

    def reviewers(self, card: Scorecard) -> set[int]:
        """The secretariat and whoever is asked to review the card; nobody of its own unit."""
        found = self.secretariat()
        for asked in self._reviewers_asked().get(card.pk, []):
            found |= self.asked(asked)
        return found - self.of_unit(card.membership.unit_id)

    def asked(self, assignment: ReviewAssignment) -> set[int]:
        """The person, or the people of the unit, whom the assignment names."""
        if assignment.user_id is not None:
            return {assignment.user_id}
        return self.of_unit(_unit_of(self.year, assignment.membership_id))

    def _reviewers_asked(self) -> dict[int, list[ReviewAssignment]]:
        if self._asked is None:
            self._asked = {}
            for found in ReviewAssignment.objects.filter(scorecard__membership__year=self.year):
                self._asked.setdefault(found.scorecard_id, []).append(found)
        return self._asked

    def two_persons(self, *roles: str, by: User) -> set[int]:
        """Who may confirm what `by` proposed: holders of the offices and the secretariat, from another unit."""
        own = {held.unit_id for held in by.assignments_held() if held.unit_id}
        found = self.holding(*roles) | self.secretariat()
        return found.difference(*(self.of_unit(unit) for unit in own))


def who_publishes(people: People, by: User) -> set[int]:
    """Who confirms a publication that `by` proposed: leader and deputy; the secretariat only without a deputy."""
    found = people.two_persons(MemberRole.LEADER, MemberRole.DEPUTY, by=by)
    return found if has_no_deputy(people.year, None) else found - people.secretariat()


def delegates(year: EmulationYear, at: datetime) -> set[int]:
    """Who holds a written delegation of the leader on the day of `at`."""
    today = timezone.localdate(at)
    valid = Delegation.objects.filter(
        principal__year=year,
        principal__role=MemberRole.LEADER,
        starts_on__lte=today,
        ends_on__gte=today,
        ended_at__isnull=True,
    )
    return set(valid.values_list("delegate_id", flat=True))


def approvers_of(people: People, cards: Collection[Scorecard], at: datetime) -> dict[int, set[int]]:
    """Who approves each of the cards of one year when it is reviewed (domain.md rule 19), by card (primary keys)."""
    held, reviewers = delegates(people.year, at), offices.reviewers_of(cards)
    return {card.pk: _approvers(people, card, held, reviewers[card.pk]) for card in cards}


def _approvers(people: People, card: Scorecard, delegates: set[int], reviewers: set[int]) -> set[int]:
    """The leader, or a delegate; where nobody there may, the deputy; then the third unit named in the minutes. Nobody
    who reviewed the card."""
    parties = reviewers | people.of_unit(card.membership.unit_id)
    for role in (MemberRole.LEADER, MemberRole.DEPUTY):
        found = people.holding(role)
        if role == MemberRole.LEADER and not card.membership.is_leader:
            found |= delegates
        if found - parties:
            return found - parties
    third = third_unit_for(card.membership)
    named = [member.unit_id for member in people.year.roster() if third is not None and member.pk == third.named_id]
    return people.signatories(named) - parties


def _unit_of(year: EmulationYear, membership: int | None) -> int:
    return next(member.unit_id for member in year.roster() if member.pk == membership)
