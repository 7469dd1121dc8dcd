"""Acts that need two persons: the first proposes, the second confirms, and the act itself is the caller's."""

from datetime import datetime

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from cluster_app.audit.rows import key_of
from cluster_app.lib.errors import NotAllowed, WrongState, save_checked
from cluster_app.lib.locking import for_update
from members.enums import PendingKind
from members.models import EmulationYear, PendingStep, User
from members.relations import signatory_unit_ids
from members.services import journal


def open_step(kind: PendingKind, thing: Model) -> PendingStep | None:
    """The step of `kind` that waits for its second person; None if nobody has proposed it."""
    steps = PendingStep.objects.select_related("proposed_by", "year__cluster")
    return steps.filter(kind=kind, object_key=key_of(thing), closed_at__isnull=True).first()


@transaction.atomic
def propose(
    *,
    kind: PendingKind,
    thing: Model,
    year: EmulationYear,
    reason: str = "",
    digest: str = "",
    by: User,
    at: datetime,
) -> PendingStep:
    """Notes that `by` proposes the act. The caller has checked the right to it and the state of `thing`.

    `digest` seals what the proposer saw; the caller compares it when the act is confirmed. Raises Refused if the act
    is proposed already.
    """
    step = PendingStep(
        kind=kind,
        object_key=key_of(thing),
        year=year,
        reason=reason.strip(),
        digest=digest,
        proposed_by=by,
        proposed_at=at,
    )
    save_checked(step)
    journal.append(year, by=by, at=at, verb=f"{kind}.propose", thing=thing, reason=step.reason)
    return step


@transaction.atomic
def confirm(*, step: PendingStep, by: User, at: datetime) -> PendingStep:
    """Closes the step with its second person. The act, its audit event too, is done by the caller in the same
    transaction.

    Raises WrongState if the step is closed already, NotAllowed if `by` proposed it or signs for the same unit as the
    person who did.
    """
    locked = _lock_open(step)
    if locked.proposed_by_id == by.pk:
        raise NotAllowed(
            _("You proposed this yourself; it needs a second person."),
            next_step=_("Ask another person who may confirm it."),
        )
    if signatory_unit_ids(by) & signatory_unit_ids(locked.proposed_by):
        # Four eyes of one agency are two.
        raise NotAllowed(_("The second person must come from another unit than the first."))
    locked.confirmed_by = by
    locked.closed_at = at
    save_checked(locked)
    return locked


@transaction.atomic
def withdraw(*, step: PendingStep, by: User, at: datetime) -> PendingStep:
    """Takes the proposal back. The caller has checked that `by` may propose or confirm the act.

    Raises WrongState if the step is closed already.
    """
    locked = _lock_open(step)
    locked.closed_at = at
    save_checked(locked)
    journal.append(locked.year, by=by, at=at, verb=f"{locked.kind}.withdraw", thing=locked, reason=locked.reason)
    return locked


def _lock_open(step: PendingStep) -> PendingStep:
    steps = for_update(PendingStep.objects).select_related("year__cluster", "proposed_by")
    locked = steps.get(pk=step.pk)
    if locked.closed_at is not None:
        raise WrongState(_("This is already done: the step has been confirmed or withdrawn."))
    return locked
