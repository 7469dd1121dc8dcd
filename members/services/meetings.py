"""Meetings of the cluster and what they settled."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from cluster_app.audit.rows import plain
from cluster_app.lib.errors import NotKnown, Refused, save_checked
from cluster_app.lib.locking import for_update
from members.enums import ResolutionKind
from members.models import EmulationYear, Meeting, Membership, Resolution, User
from members.permissions import check_can_write_meeting
from members.services import journal, years


@transaction.atomic
def record(
    *,
    meeting: Meeting,
    resolutions: Sequence[Resolution] = (),
    removed: Iterable[Resolution] = (),
    by: User,
    at: datetime,
) -> Meeting:
    """Saves a meeting, new or changed, with the resolutions that are new or changed; `removed` are struck out.

    New resolutions follow the ones that stand. Raises Refused if a unit is named that is not a member of the year, or
    one without good standing as exemplary.
    """
    year = years.lock(meeting.year)
    check_can_write_meeting(by, year)
    save_checked(meeting)
    _strike_out(meeting, removed)
    standing = {resolution.pk: resolution for resolution in for_update(meeting.resolutions)}
    order = max((resolution.order for resolution in standing.values()), default=0)
    for resolution in resolutions:
        if resolution._state.adding:
            order += 1
            resolution.order = order
        elif resolution.pk not in standing:
            raise NotKnown
        resolution.meeting = meeting
        _check_units(year, resolution)
        save_checked(resolution)
    settled = meeting.resolutions.order_by("order", "pk")
    changes = {"held_on": plain(meeting.held_on), "resolutions": [resolution.text for resolution in settled]}
    journal.append(year, by=by, at=at, verb="meeting.record", thing=meeting, changes=changes)
    return meeting


def _strike_out(meeting: Meeting, removed: Iterable[Resolution]) -> None:
    for resolution in removed:
        found = meeting.resolutions.filter(pk=resolution.pk).first()
        if found is None:
            raise NotKnown
        try:
            found.delete()
        except ProtectedError as error:
            raise Refused(_("A score card was approved by this resolution, so it stays.")) from error


def _check_units(year: EmulationYear, resolution: Resolution) -> None:
    members: dict[int | None, Membership] = {member.pk: member for member in year.roster()}
    for membership_id in (resolution.named_id, resolution.concerned_id):
        if membership_id is not None and membership_id not in members:
            raise Refused(_("A resolution names units that are members of this year only."))
    named = members.get(resolution.named_id)
    if resolution.kind == ResolutionKind.EXEMPLARY_UNIT and named and not named.is_ranked:
        # domain.md rule 12: a suspended or disqualified unit is neither ranked nor proposed.
        raise Refused(_("%(unit)s is not in good standing and cannot be the exemplary unit.") % {"unit": named.name})
    if resolution.kind == ResolutionKind.THIRD_UNIT and resolution.named_id == resolution.concerned_id:
        raise Refused(_("The third unit approves the card of another unit, never its own."))
