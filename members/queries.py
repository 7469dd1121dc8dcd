"""Reads over clusters, years and people. Whoever reads for a person gets what this person may know, or NotKnown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from cluster_app.lib.errors import NotKnown
from members.enums import AssignmentRole, MeetingKind, MemberRole, ResolutionKind
from members.models import (
    Assignment,
    Cluster,
    Deadline,
    Delegation,
    EmulationYear,
    Extension,
    Meeting,
    Membership,
    Resolution,
    Unit,
    User,
)
from members.permissions import UNIT_ROLES, check_can_see_cluster, is_administrator


@dataclass(frozen=True)
class Due:
    """The last moment of a step for one unit, its extension counted in."""

    due_at: datetime
    is_hard: bool
    is_extended: bool
    reason: str


@dataclass(frozen=True)
class KnownCluster:
    """A cluster with those of its years that a person may know, newest first."""

    cluster: Cluster
    years: list[EmulationYear]


@dataclass(frozen=True)
class Term:
    """Who led in a year, and who was deputy."""

    year: EmulationYear
    leader: Membership | None
    deputies: list[Membership]


@dataclass(frozen=True)
class Turn:
    """A unit of the newest year, and when it led last: None for never in the recorded years."""

    membership: Membership
    last_led: int | None
    times_led: int


def get_year(user: User, cluster_slug: str, year: int) -> EmulationYear:
    """Returns the year with its cluster, rules and roster. Raises NotKnown if the person may not know it.

    The other years of the cluster come with it, for `years_beside`: every page names them.
    """
    known = list(known_years(user).select_related("rules").filter(cluster__slug=cluster_slug).order_by("-year", "pk"))
    found = next((one for one in known if one.year == year), None)
    if found is None:
        raise NotKnown
    check_can_see_cluster(user, found)
    vars(found)["_years_beside"] = known
    return found


def years_beside(user: User, year: EmulationYear) -> list[EmulationYear]:
    """The years of the same cluster that the person may know, `year` among them, newest first."""
    kept = vars(year)
    if "_years_beside" not in kept:
        known = known_years(user).filter(cluster=year.cluster_id)
        kept["_years_beside"] = list(known.order_by("-year", "pk"))
    return kept["_years_beside"]


def known_clusters(user: User) -> list[KnownCluster]:
    """The clusters that the person may know, by name, each with its years that they may know."""
    clusters = Cluster.objects.order_by("name", "pk")
    if not is_administrator(user):
        own = {held.cluster_id for held in user.assignments_held() if held.cluster_id}
        clusters = clusters.filter(Q(pk__in=own) | Q(pk__in=known_years(user).values("cluster_id")))
    years = list(known_years(user).order_by("-year", "pk"))
    return [KnownCluster(found, [year for year in years if year.cluster_id == found.pk]) for found in clusters]


def known_years(user: User) -> QuerySet[EmulationYear]:
    """The years that the person may know: those of the own clusters, and those in which the own unit is a member."""
    years = EmulationYear.objects.select_related("cluster")
    if is_administrator(user):
        return years
    held = user.assignments_held()
    clusters = {assignment.cluster_id for assignment in held if assignment.cluster_id}
    units = {assignment.unit_id for assignment in held if assignment.unit_id}
    if not units:
        return years.filter(cluster_id__in=clusters)
    of_own_unit = Membership.objects.filter(unit_id__in=units).values("year_id")
    return years.filter(Q(cluster_id__in=clusters) | Q(pk__in=of_own_unit))


def newest_active(years: Iterable[EmulationYear]) -> EmulationYear | None:
    """The newest year whose roles carry power, else the newest of all; `years` come newest first."""
    ordered = list(years)
    active = [year for year in ordered if year.is_active]
    return next(iter(active or ordered), None)


def calendar(year: EmulationYear) -> dict[str, Deadline]:
    """The deadlines of the year by step, read once for each loaded year."""
    return _calendar(year)[0]


def extensions_of(year: EmulationYear, step: str) -> list[Extension]:
    """The extensions of the deadline of `step`, read together with the calendar."""
    return _calendar(year)[1].get(step, [])


def _calendar(year: EmulationYear) -> tuple[dict[str, Deadline], dict[str, list[Extension]]]:
    """Deadlines and extensions by step. One query, because every page of a year asks it."""
    kept = vars(year)
    if "_calendar" not in kept:
        deadlines: dict[str, Deadline] = {}
        extensions: dict[str, list[Extension]] = {}
        rows = year.deadlines.order_by("due_at", "pk", "extensions__pk").values_list(
            "pk", "step", "due_at", "is_hard", "extensions__membership_id", "extensions__until", "extensions__reason"
        )
        for pk, step, due_at, is_hard, membership, until, reason in rows:
            deadline = deadlines.setdefault(step, Deadline(pk=pk, year=year, step=step, due_at=due_at, is_hard=is_hard))
            if membership is not None:
                given = Extension(deadline=deadline, membership_id=membership, until=until, reason=reason)
                extensions.setdefault(step, []).append(given)
        kept["_calendar"] = deadlines, extensions
    return kept["_calendar"]


def due_for(year: EmulationYear, step: str, membership: Membership) -> Due | None:
    """The last moment of `step` for the unit `membership`; None where the year has set none. An extension that the
    deadline of all has overtaken meanwhile takes nothing away."""
    deadline = calendar(year).get(step)
    if deadline is None:
        return None
    for extension in extensions_of(year, step):
        if extension.membership_id == membership.pk and extension.until > deadline.due_at:
            return Due(extension.until, deadline.is_hard, is_extended=True, reason=extension.reason)
    return Due(deadline.due_at, deadline.is_hard, is_extended=False, reason="")


def units_to_add(year: EmulationYear) -> QuerySet[Unit]:
    """The units that are not in the year yet and were in an earlier one of the cluster, or never in any cluster."""
    members = [member.unit_id for member in year.roster()]
    own = Membership.objects.filter(year__cluster_id=year.cluster_id).values("unit_id")
    units = Unit.objects.filter(Q(pk__in=own) | Q(memberships__isnull=True))
    return units.exclude(pk__in=members).distinct().order_by("sort_key", "pk")


def leader_of(year: EmulationYear) -> Membership | None:
    return next((member for member in year.roster() if member.is_leader), None)


def deputies_of(year: EmulationYear) -> list[Membership]:
    return [member for member in year.roster() if member.is_deputy]


def year_before(year: EmulationYear) -> EmulationYear | None:
    """The newest earlier year of the same cluster."""
    return year.cluster.years.filter(year__lt=year.year).order_by("-year").first()


def year_after(year: EmulationYear) -> EmulationYear | None:
    """The next year of the same cluster, if it is opened already."""
    return year.cluster.years.filter(year=year.year + 1).first()


def year_end_meeting(year: EmulationYear) -> Meeting | None:
    """The year-end conference with its resolutions and the units they name."""
    resolutions = Resolution.objects.select_related("named", "concerned").order_by("order", "pk")
    return (
        Meeting.objects.filter(year=year, kind=MeetingKind.YEAR_END)
        .prefetch_related(Prefetch("resolutions", queryset=resolutions))
        .first()
    )


def resolutions(year: EmulationYear, kind: ResolutionKind) -> QuerySet[Resolution]:
    """What the year's meetings settled of one kind, oldest first."""
    return (
        Resolution.objects.filter(meeting__year=year, kind=kind)
        .select_related("meeting", "named", "concerned")
        .order_by("meeting__held_on", "order", "pk")
    )


def delegations_in_force(user: User, at: datetime) -> QuerySet[Delegation]:
    """The written delegations by which `user` signs for the leader of a year on the day of `at`; the newest first."""
    today = timezone.localdate(at)
    held = Delegation.objects.filter(
        delegate=user,
        principal__role=MemberRole.LEADER,
        starts_on__lte=today,
        ends_on__gte=today,
        ended_at__isnull=True,
    )
    return held.select_related("principal", "delegate_unit").order_by("-starts_on", "-pk")


def delegation_held(user: User, year: EmulationYear, at: datetime) -> Delegation | None:
    """The delegation by which `user` signs for the leader of the year on the day of `at`; the newest counts."""
    return delegations_in_force(user, at).filter(principal__year=year).first()


def third_unit_for(membership: Membership) -> Resolution | None:
    """The resolution that names a third unit to approve the card of `membership`; the newest one counts."""
    return (
        Resolution.objects.filter(kind=ResolutionKind.THIRD_UNIT, concerned=membership)
        .select_related("meeting", "named")
        .order_by("-meeting__held_on", "-order", "-pk")
        .first()
    )


def terms(cluster: Cluster) -> list[Term]:
    """Who led the cluster in each of its years, newest first. Two queries."""
    officers = Membership.objects.exclude(role=MemberRole.MEMBER).order_by("protocol_order", "pk")
    years = cluster.years.prefetch_related(Prefetch("memberships", queryset=officers, to_attr="officers"))
    history = []
    for year in years.order_by("-year", "pk"):
        leader = next((member for member in year.officers if member.is_leader), None)
        history.append(Term(year, leader, [member for member in year.officers if member.is_deputy]))
    return history


def turns(year: EmulationYear, history: Iterable[Term]) -> list[Turn]:
    """The units of `year` by how long ago they led up to that year: those who never did first, then the longest."""
    led: dict[int, list[int]] = {}
    for term in history:
        if term.leader is not None and term.year.year <= year.year:
            led.setdefault(term.leader.unit_id, []).append(term.year.year)
    found = [
        Turn(member, max(led.get(member.unit_id, [0])) or None, len(led.get(member.unit_id, [])))
        for member in year.roster()
    ]
    return sorted(found, key=lambda turn: (turn.last_led or 0, turn.membership.protocol_order, turn.membership.pk))


def accounts_of_units(year: EmulationYear) -> list[Assignment]:
    """The unit assignments in force of the year's members, in the order of the roster, signatories first."""
    place: dict[int | None, int] = {member.unit_id: number for number, member in enumerate(year.roster())}
    members = [member.unit_id for member in year.roster()]
    held = Assignment.objects.filter(unit_id__in=members, role__in=UNIT_ROLES, ended_on__isnull=True)
    return sorted(
        held.select_related("user", "unit"),
        key=lambda found: (place[found.unit_id], found.role != AssignmentRole.SIGNATORY, found.pk),
    )


def accounts_of_cluster(cluster: Cluster) -> list[Assignment]:
    """The assignments in force of the cluster's secretariat, then those of its observers."""
    held = Assignment.objects.filter(cluster=cluster, ended_on__isnull=True)
    return list(held.select_related("user", "unit").order_by("-role", "pk"))


def has_secretariat(cluster: Cluster) -> bool:
    return Assignment.objects.filter(
        cluster=cluster, role=AssignmentRole.SECRETARIAT, ended_on__isnull=True, user__is_active=True
    ).exists()


def locked_usernames(usernames: Iterable[str]) -> set[str]:
    """Those of the accounts that cannot be opened from some computer at present, after too many wrong passwords."""
    attempts = AccessAttempt.objects.filter(
        username__in=list(usernames), failures_since_start__gte=settings.AXES_FAILURE_LIMIT
    )
    return set(attempts.values_list("username", flat=True))
