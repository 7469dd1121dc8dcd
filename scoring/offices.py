"""Who is a party to a card: the holders of an office who may not approve it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import F, QuerySet

from members.enums import AssignmentRole, MemberRole
from members.models import Assignment, EmulationYear, User
from members.relations import signatory_unit_ids
from scoring.enums import ObjectionStatus
from scoring.models import Objection, Scorecard, ScoreLine


@dataclass(frozen=True)
class Approvers:
    """The signatories of the leader's and the deputies' units, by unit, and who reviewed, by card; all primary keys."""

    signatories: Mapping[int, set[int]]
    reviewers: Mapping[int, set[int]]

    def is_party(self, card: Scorecard, role: str) -> bool:
        """Whether nobody who holds the office of `role` may approve the card: it is the holder's own, every signatory
        took part in its review, or there is none."""
        holders = {member.unit_id for member in card.membership.year.roster() if member.role == role}
        of_others = [self.signatories.get(unit, set()) for unit in holders - {card.membership.unit_id}]
        return not set().union(*of_others) - self.reviewers[card.pk]


def approvers(year: EmulationYear, cards: Collection[Scorecard]) -> Approvers:
    """Reads for cards of one year who is a party to which. Two queries."""
    holders = {member.unit_id for member in year.roster() if member.role != MemberRole.MEMBER}
    by_unit: dict[int, set[int]] = {}
    for unit, user in _signing_for(holders).values_list("unit_id", "user_id"):
        by_unit.setdefault(unit, set()).add(user)
    return Approvers(by_unit, reviewers_of(cards))


def reviewers_of(cards: Collection[Scorecard]) -> dict[int, set[int]]:
    """The people who wrote a reviewed value of a card, concluded its review, or accepted an objection to what it found,
    by card; all primary keys."""
    found: dict[int, set[int]] = {card.pk: set() for card in cards}
    for card in cards:
        if card.reviewed_by_id is not None:
            found[card.pk].add(card.reviewed_by_id)
    wrote = ScoreLine.objects.filter(scorecard__in=found, reviewed_by__isnull=False).order_by()
    settled = Objection.objects.filter(
        line__scorecard__in=found,
        status=ObjectionStatus.ACCEPTED,
        raised_at__gte=F("line__scorecard__reviewed_at"),
    ).order_by()
    both = wrote.values_list("scorecard_id", "reviewed_by_id").union(
        settled.values_list("line__scorecard_id", "settled_by_id")
    )
    for pk, user in both:
        if user is not None:
            found[pk].add(user)
    return found


def reviewers(card: Scorecard) -> set[int]:
    """The people (primary keys) who took part in the review of one card, see `reviewers_of`."""
    return reviewers_of([card])[card.pk]


def signatories(unit_ids: set[int]) -> set[int]:
    """The people (primary keys) who sign for one of the units at present."""
    return set(_signing_for(unit_ids).values_list("user_id", flat=True))


def is_party(card: Scorecard, role: str) -> bool:
    """The same of one card, see `Approvers`."""
    return approvers(card.membership.year, [card]).is_party(card, role)


def _signing_for(unit_ids: Collection[int]) -> QuerySet[Assignment]:
    return Assignment.objects.filter(
        unit_id__in=unit_ids, role=AssignmentRole.SIGNATORY, ended_on__isnull=True, user__is_active=True
    )


def holds_back_a_card(user: User, year: EmulationYear) -> bool:
    """Whether a unit for which `user` signs has not submitted its own card: nobody studies the rivals' first."""
    own = Scorecard.objects.filter(membership__year=year, membership__unit_id__in=signatory_unit_ids(user))
    return own.filter(submitted_at__isnull=True).exists()
