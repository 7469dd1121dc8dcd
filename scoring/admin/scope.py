"""Which score cards a person meets in the admin."""

from django.db.models import Q, QuerySet

from cluster_app.lib import clock
from members.enums import AssignmentRole, MemberRole, Phase, ResolutionKind
from members.models import Membership, User
from members.queries import delegations_in_force
from members.relations import signatory_unit_ids
from scoring import offices
from scoring.enums import CardStatus
from scoring.models import Scorecard

# What an approver has to do with a card begins with its review.
_TO_APPROVE = (CardStatus.REVIEWED, CardStatus.APPROVED)
_POWERLESS = (Phase.PREPARING, Phase.ARCHIVED)


def secretariat_clusters(user: User) -> set[int]:
    return {held.cluster_id for held in user.assignments_held() if held.role == AssignmentRole.SECRETARIAT}


def cards_of(user: User) -> QuerySet[Scorecard]:
    """The secretariat meets the cards of its cluster but the home unit's; the leader's signatory the reviewed and
    approved cards of the years the unit leads, the deputy's the leader's card, or all by a delegation that is in
    force now, both once the own card is handed in, a third unit the one in the minutes."""
    cards = Scorecard.objects.select_related(
        "membership__year__cluster", "membership__year__rules", "membership__unit", "criteria_set"
    )
    # Worked out once for each loaded person: a page of the admin asks several times.
    known: dict[str, Q] = user.__dict__
    if "_cards_scope" not in known:
        known["_cards_scope"] = _scope(user)
    return cards.filter(known["_cards_scope"]).distinct()


def _scope(user: User) -> Q:
    units = signatory_unit_ids(user)
    home = {held.unit_id for held in user.assignments_held() if held.unit_id is not None}
    scope = Q(membership__year__cluster_id__in=secretariat_clusters(user)) & ~Q(membership__unit_id__in=home)
    if units:
        scope |= Q(status__in=_TO_APPROVE) & ~Q(membership__year__phase__in=_POWERLESS) & _to_approve_by(user, units)
    return scope


def _to_approve_by(user: User, units: set[int]) -> Q:
    chairs = "membership__year__memberships__"
    leads = Q((f"{chairs}unit_id__in", units), (f"{chairs}role", MemberRole.LEADER))
    named = Q(
        membership__resolutions_concerning__kind=ResolutionKind.THIRD_UNIT,
        membership__resolutions_concerning__named__unit_id__in=units,
    )
    return ((leads | _instead_of_the_leader(user, units)) & ~_held_back_by(units)) | named


def _held_back_by(units: set[int]) -> Q:
    """The cards of the years in which one of `units` has not handed in its own: nobody studies the rivals' first
    (`offices.holds_back_a_card`)."""
    waiting = Scorecard.objects.filter(membership__unit_id__in=units, submitted_at__isnull=True)
    return Q(membership__year__in=waiting.values("membership__year"))


def _instead_of_the_leader(user: User, units: set[int]) -> Q:
    """The cards that the deputy approves: the leader's own, those whose review the leader took part in, and all where
    nobody signs for the leader, or the leader has delegated."""
    wanted = Q(pk__in=[])
    deputised = Membership.objects.filter(unit_id__in=units, role=MemberRole.DEPUTY).values("year")
    leaders = list(Membership.objects.filter(year__in=deputised, role=MemberRole.LEADER))
    given_by = {one.principal_id for one in delegations_in_force(user, clock.now())} if leaders else set()
    for leader in leaders:
        people = offices.signatories({leader.unit_id})
        in_year = Q(membership__year_id=leader.year_id)
        if not people or leader.pk in given_by:
            wanted |= in_year
        wanted |= in_year & (Q(membership=leader) | Q(reviewed_by__in=people) | Q(lines__reviewed_by__in=people))
    return wanted


def may_open(user: User) -> bool:
    """Whether score cards appear in the admin for this person; one query for a signatory, none for others."""
    if secretariat_clusters(user):
        return True
    return bool(signatory_unit_ids(user)) and cards_of(user).exists()
