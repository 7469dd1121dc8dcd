"""A unit's part in a year: entering it, its office, its standing."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max, ProtectedError
from django.utils.translation import gettext as _

from cluster_app.audit.rows import key_of
from cluster_app.lib.errors import NotKnown, Refused, WrongState, save_checked
from cluster_app.lib.locking import for_update
from cluster_app.lib.workflow import check_reason
from members.enums import MemberRole, Phase, Standing
from members.models import EmulationYear, Membership, Unit, User
from members.permissions import check_can_edit_year
from members.services import journal, years

_OPEN_TO_UNITS = (Phase.PREPARING, Phase.RUNNING)
_OVER = (Phase.CONCLUDED, Phase.ARCHIVED)


@transaction.atomic
def add(*, year: EmulationYear, unit: Unit, role: MemberRole = MemberRole.MEMBER, by: User, at: datetime) -> Membership:
    """Makes the unit a member of the year, last in protocol order, under its present name.

    Raises WrongState once self-scoring is open, Refused if the unit does not exist in that year, is a member already,
    or would be a second leader.
    """
    locked = years.lock(year)
    check_can_edit_year(by, locked)
    if locked.phase not in _OPEN_TO_UNITS:
        raise WrongState(_("Self-scoring is open; units join only before it."))
    last = locked.memberships.aggregate(last=Max("protocol_order"))["last"] or 0
    membership = years.enter(locked, unit, role, protocol_order=last + 1)
    journal.append(
        locked, by=by, at=at, verb="membership.add", thing=membership, changes={"role": role}, rows=[membership]
    )
    return membership


@transaction.atomic
def change_role(*, membership: Membership, role: MemberRole, reason: str = "", by: User, at: datetime) -> Membership:
    """Gives the unit another office. A new leader changes places with the former one.

    In an active year a reason is needed, and the year keeps a leader and a deputy. Raises WrongState once the year is
    concluded, Refused where one of these is missing.
    """
    year = years.lock(membership.year)
    check_can_edit_year(by, year)
    if year.phase in _OVER:
        raise WrongState(_("The year is concluded; its offices can no longer be changed."))
    if year.is_active:
        check_reason(reason)
    members = list(for_update(year.memberships).order_by("pk"))
    subject = _find(members, membership)
    before = subject.role
    changed = _give_office(subject, role, members)
    _check_offices_held(year, members)
    journal.append(
        year,
        by=by,
        at=at,
        verb="membership.change_role",
        thing=subject,
        reason=reason.strip(),
        changes={"role": [before, role]},
        rows=changed,
    )
    return subject


@transaction.atomic
def change_standing(*, membership: Membership, standing: Standing, reason: str, by: User, at: datetime) -> Membership:
    """Suspends or disqualifies a unit, or restores it to good standing; always with a reason.

    Raises WrongState once the results are published: the ranking they show was made of the standings of then.
    """
    year = years.lock(membership.year)
    check_can_edit_year(by, year)
    if year.is_published:
        raise WrongState(_("The results are published; the standing of a unit can no longer be changed."))
    check_reason(reason)
    subject = _find(list(for_update(year.memberships).filter(pk=membership.pk)), membership)
    before = subject.standing
    subject.standing = standing
    subject.standing_reason = "" if standing == Standing.GOOD else reason.strip()
    save_checked(subject)
    journal.append(
        year,
        by=by,
        at=at,
        verb="membership.change_standing",
        thing=subject,
        reason=reason.strip(),
        changes={"standing": [before, standing]},
        rows=[subject],
    )
    return subject


@transaction.atomic
def remove(*, membership: Membership, by: User, at: datetime) -> None:
    """Takes the unit out of a year that is still being prepared. Raises Refused if something hangs on it already."""
    year = years.lock(membership.year)
    check_can_edit_year(by, year)
    if year.phase != Phase.PREPARING:
        raise WrongState(_("The year has begun; its units stay. Change the standing of the unit instead."))
    subject = _find(list(year.memberships.filter(pk=membership.pk)), membership)
    key = key_of(subject)
    try:
        subject.delete()
    except ProtectedError as error:
        raise Refused(_("The unit has signed or entered something in this year already, so it stays.")) from error
    journal.append(
        year, by=by, at=at, verb="membership.remove", thing=year, changes={"unit": subject.name}, deleted=[key]
    )


def _find(members: Sequence[Membership], wanted: Membership) -> Membership:
    found = next((member for member in members if member.pk == wanted.pk), None)
    if found is None:
        raise NotKnown
    return found


def _give_office(subject: Membership, role: MemberRole, members: Sequence[Membership]) -> list[Membership]:
    """Saves the new role; returns every row that changed by it."""
    before = subject.role
    former = next((member for member in members if member.is_leader and member is not subject), None)
    if former is None or role != MemberRole.LEADER:
        subject.role = role
        save_checked(subject)
        return [subject]
    # One leader at a time: the office is free before the other unit takes it.
    former.role = MemberRole.MEMBER
    save_checked(former)
    subject.role = role
    save_checked(subject)
    former.role = before
    save_checked(former)
    return [subject, former]


def _check_offices_held(year: EmulationYear, members: Sequence[Membership]) -> None:
    if not year.is_active:
        return
    roles = [member.role for member in members]
    for role in (MemberRole.LEADER, MemberRole.DEPUTY):
        if role not in roles:
            refusal = _("The year needs a unit that is %(title)s. Give that office to another unit first.")
            raise Refused(refusal % {"title": year.title_of(role)})
