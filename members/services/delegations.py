"""Written delegations of the leader's office (features.md G8): recording the paper, and ending it early."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cluster_app.audit.rows import plain
from cluster_app.lib.errors import NotKnown, Refused, WrongState, save_checked
from cluster_app.lib.locking import for_update
from cluster_app.lib.wording import date_short
from cluster_app.lib.workflow import check_reason
from members.addresses import year_url
from members.enums import AssignmentRole, SignatureForm
from members.models import Assignment, Delegation, EmulationYear, Membership, User
from members.permissions import UNIT_ROLES, check_can_write_delegation
from members.services import journal, notifications, years


@dataclass(frozen=True)
class Paper:
    """What the signed paper says: how the delegate signs, and from which day to which, both included."""

    form: SignatureForm
    number: str
    decided_on: date
    starts_on: date
    ends_on: date


@transaction.atomic
def record(
    *, principal: Membership, delegate_unit: Membership, delegate: User, paper: Paper, by: User, at: datetime
) -> Delegation:
    """Records the paper by which the leader's unit `principal` lets `delegate`, a signatory of the deputy's unit
    `delegate_unit`, sign for its office.

    The leader's own signatory does so, or the secretariat from the paper. Raises Refused by field, WrongState in an
    archived year.
    """
    year = years.lock(principal.year)
    principal, delegate_unit = _member(year, principal), _member(year, delegate_unit)
    check_can_write_delegation(by, principal)
    _check_persons(year, principal, delegate_unit, delegate)
    _check_days(principal, paper, at)
    delegation = Delegation(
        principal=principal,
        delegate_unit=delegate_unit,
        delegate=delegate,
        form=paper.form,
        number=paper.number.strip(),
        decided_on=paper.decided_on,
        starts_on=paper.starts_on,
        ends_on=paper.ends_on,
        recorded_by=by,
        recorded_at=at,
    )
    save_checked(delegation)
    text = gettext_noop("%(person)s signs for the %(title)s from %(start)s to %(end)s, by paper %(number)s.")
    _tell(delegation, year, text, "recorded", by, at)
    _log("delegation.record", delegation, year, by, at)
    return delegation


@transaction.atomic
def end(*, delegation: Delegation, reason: str, by: User, at: datetime) -> Delegation:
    """Ends a delegation before its last day, with the reason; it is kept. Raises WrongState if it is over already."""
    principal = Membership.objects.filter(delegations_given=delegation).select_related("year").first()
    if principal is None:
        raise NotKnown
    year = years.lock(principal.year)
    locked = for_update(Delegation.objects).select_related("delegate").get(pk=delegation.pk)
    locked.principal, locked.delegate_unit = _member(year, principal), _member(year, locked.delegate_unit)
    check_can_write_delegation(by, locked.principal)
    if locked.ended_at is not None or locked.ends_on < timezone.localdate(at):
        raise WrongState(_("This delegation is over already."))
    check_reason(reason)
    locked.ended_at, locked.ended_by, locked.ended_reason = at, by, reason.strip()
    save_checked(locked)
    text = gettext_noop("%(person)s no longer signs for the %(title)s: paper %(number)s was ended early.")
    _tell(locked, year, text, "ended", by, at)
    _log("delegation.end", locked, year, by, at, reason=locked.ended_reason)
    return locked


def candidates(year: EmulationYear) -> list[Assignment]:
    """Who may be named: the signatories of the deputies' units, in the order of the roster."""
    place = {member.unit_id: number for number, member in enumerate(year.roster()) if member.is_deputy}
    held = Assignment.objects.filter(
        unit_id__in=place, role=AssignmentRole.SIGNATORY, ended_on__isnull=True, user__is_active=True
    )
    return sorted(held.select_related("user", "unit"), key=lambda one: (place[one.unit_id or 0], one.pk))


def _member(year: EmulationYear, membership: Membership) -> Membership:
    found = next((member for member in year.roster() if member.pk == membership.pk), None)
    if found is None:
        raise NotKnown
    return found


def _check_persons(year: EmulationYear, principal: Membership, delegate_unit: Membership, delegate: User) -> None:
    if not principal.is_leader:
        raise Refused(_("Only the %(title)s delegates the office.") % {"title": year.leader_title})
    named = {(one.unit_id, one.user_id) for one in candidates(year)}
    if (delegate_unit.unit_id, delegate.pk) not in named:
        text = _("Choose a signatory of the unit that is %(title)s; officers sign for nobody.")
        raise Refused(errors={"delegate": [text % {"title": year.deputy_title}]})


def _check_days(principal: Membership, paper: Paper, at: datetime) -> None:
    today = timezone.localdate(at)
    errors = {}
    if paper.decided_on > today:
        errors["decided_on"] = [_("The paper cannot be dated in the future.")]
    elif paper.decided_on > paper.starts_on:
        errors["decided_on"] = [_("The paper is dated after the delegation begins. Correct one of the dates.")]
    if paper.ends_on < paper.starts_on:
        errors["ends_on"] = [_("The delegation ends before it begins. Correct one of the dates.")]
    elif paper.ends_on < today:
        errors["ends_on"] = [_("This delegation would be over already. Nobody can be authorised afterwards.")]
    if errors:
        raise Refused(errors=errors)
    given = Delegation.objects.filter(principal=principal, ended_at__isnull=True)
    overlapping = given.filter(starts_on__lte=paper.ends_on, ends_on__gte=paper.starts_on)
    if other := overlapping.order_by("starts_on", "pk").first():
        text = _("The office is delegated from %(start)s to %(end)s already (%(number)s). End that delegation first.")
        days = {"start": date_short(other.starts_on), "end": date_short(other.ends_on), "number": other.number}
        raise Refused(errors={"starts_on": [text % days]})


def _tell(delegation: Delegation, year: EmulationYear, text: str, event: str, by: User, at: datetime) -> None:
    """The people of both units: the delegate and the own office, and whoever gave it if the secretariat recorded it."""
    units = [delegation.principal.unit_id, delegation.delegate_unit.unit_id]
    held = Assignment.objects.filter(unit_id__in=units, role__in=UNIT_ROLES, ended_on__isnull=True).order_by("pk")
    notifications.send(
        users=set(held.values_list("user_id", flat=True)) | {delegation.delegate_id},
        year=year,
        key=f"delegation:{delegation.pk}:{event}",
        text=text,
        params={
            "person": str(delegation.delegate),
            "title": year.leader_title,
            "start": date_short(delegation.starts_on),
            "end": date_short(delegation.ends_on),
            "number": delegation.number,
        },
        url=year_url("members:delegation_list", year),
        at=at,
        by=by,
    )


def _log(verb: str, delegation: Delegation, year: EmulationYear, by: User, at: datetime, reason: str = "") -> None:
    changes = {
        "principal": delegation.principal.name,
        "delegate": delegation.delegate.username,
        "form": delegation.form,
        "number": delegation.number,
        "starts_on": plain(delegation.starts_on),
        "ends_on": plain(delegation.ends_on),
    }
    journal.append(year, by=by, at=at, verb=verb, thing=delegation, reason=reason, changes=changes, rows=[delegation])
