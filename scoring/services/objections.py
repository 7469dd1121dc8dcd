""" "Kiến nghị về điểm": a unit claims another value for a reviewed line, a reviewer answers, and settles it.

It is the second round: what was reviewed stays, and only an accepted objection changes the final value. A round begins
with each conclusion of the review; a return of the card ends it with every objection that is still open.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from cluster_app.audit.rows import plain
from cluster_app.lib.errors import NotKnown, Refused, WrongState, integrity_as_refusal, save_checked
from cluster_app.lib.locking import for_update
from cluster_app.lib.points import format_points
from cluster_app.lib.workflow import check_reason
from members.calculations import is_late
from members.enums import DeadlineStep
from members.models import User
from members.queries import due_for
from members.services import journal
from scoring import objections as known
from scoring import permissions, sheets
from scoring.enums import ObjectionStatus, Stage
from scoring.models import Objection, ObjectionMessage, Scorecard, ScoreLine
from scoring.services import comparison, notices
from scoring.services.locking import check_version, lock_card, lock_card_among_others
from scoring.sheets import Sheet
from scoring.workflow import CARD


@dataclass(frozen=True)
class Outcome:
    """How an objection is settled: accepted with the new final `value`, or the points are kept; with the reason.

    `value` stays None for a line that is taken from records: its final value follows from these alone.
    """

    is_accepted: bool
    reason: str
    value: Decimal | None = None


@transaction.atomic
def raise_(
    *, card: Scorecard, line_pk: int, text: str, claimed_value: Decimal | None = None, by: User, at: datetime
) -> Objection:
    """Raises an objection of the unit to one line of its reviewed card, the claim being the first message.

    Raises WrongState after a hard deadline (inclusive to its last second); after a soft one it is taken and marked.
    """
    card = lock_card(card.pk)
    permissions.check_can_raise_objection(by, card)
    _check_state(card)
    late = _is_late(card, at)
    sheet = sheets.load(card, lock=True)
    line = sheet.line(line_pk)
    _check_line(card, line)
    _check_claim(sheet, line, claimed_value, text)
    objection = Objection(line=line, claimed_value=claimed_value, is_late=late, raised_by=by, raised_at=at)
    with integrity_as_refusal():
        objection.save()
    message = _write(objection, text, by, at)
    claimed = {"code": line.criterion.code, "claimed_value": plain(claimed_value), "is_late": late}
    notices.objection_raised(objection, by, at)
    _log("objection.raise", objection, by, at, changes=claimed, rows=[message])
    return objection


@transaction.atomic
def answer(*, objection: Objection, text: str, by: User, at: datetime) -> ObjectionMessage:
    """Writes into the thread of an open objection: the reviewers, or the unit."""
    card = lock_card(objection.line.scorecard_id)
    if not permissions.is_allowed("objection.raise", by, card):
        permissions.check_can_answer_objection(by, card)
    _check_state(card)
    objection = _lock(objection, card)
    _check_said_once(objection, text, by)
    message = _write(objection, text, by, at)
    notices.objection_answered(objection, by, at)
    _log("objection.answer", objection, by, at, rows=[message])
    return message


@transaction.atomic
def settle(*, objection: Objection, version: int, outcome: Outcome, by: User, at: datetime) -> Objection:
    """Ends an objection. Accepted, the final value and points of the line become those of `outcome`, with totals and
    every line that is compared with it; kept, nothing changes but the record.

    `version` is that of the card as the person saw it. Raises Stale, WrongState, or Refused by field: for an accepted
    value that lowers the points too, unless it is the value that the unit itself claims.
    """
    card = lock_card_among_others(objection.line.scorecard_id)
    permissions.check_can_answer_objection(by, card)
    _check_state(card)
    objection = _lock(objection, card)
    check_version(card, version)
    check_reason(outcome.reason)
    sheet = sheets.load(card, lock=True)
    line = sheet.line(objection.line_id)
    objection.value_before, objection.points_before = line.final_value, line.final_points
    changed: list[Scorecard | ScoreLine] = []
    if outcome.is_accepted:
        _check_accepted(sheet, line, outcome)
        changed = _change_final(sheet, line, outcome)
        if comparison.recompute(year=card.membership.year, by=by, at=at):
            line = ScoreLine.objects.get(pk=line.pk)
            changed = [lock_card(card.pk), line] if changed else []
        _check_not_lowered(objection, line, outcome)
    objection.value_after, objection.points_after = line.final_value, line.final_points
    status = ObjectionStatus.ACCEPTED if outcome.is_accepted else ObjectionStatus.KEPT
    _end(objection, status, outcome.reason, by, at)
    notices.objection_settled(objection, by, at)
    figures = _figures(objection)
    _log("objection.settle", objection, by, at, reason=objection.settled_reason, changes=figures, rows=changed)
    return objection


@transaction.atomic
def withdraw(*, objection: Objection, reason: str, by: User, at: datetime) -> Objection:
    """Takes an open objection back: the unit's act, with the reason."""
    card = lock_card(objection.line.scorecard_id)
    permissions.check_can_raise_objection(by, card)
    _check_state(card)
    objection = _lock(objection, card)
    check_reason(reason)
    _end(objection, ObjectionStatus.WITHDRAWN, reason, by, at)
    notices.objections_ended([objection], at)
    _log("objection.withdraw", objection, by, at, reason=objection.settled_reason)
    return objection


def end_open(*, sheet: Sheet, reason: str, by: User, at: datetime) -> list[Objection]:
    """Ends the open objections of a card that goes back to an earlier state: they count as withdrawn, with the reason
    of that step and by whoever takes it, because the line they stood against is open again. The caller holds the lock
    of the card, and has checked the right to its step."""
    found = for_update(Objection.objects).filter(line__scorecard=sheet.card, status=ObjectionStatus.OPEN)
    ended = list(found.order_by("pk"))
    for objection in ended:
        objection.line = sheet.line(objection.line_id)
    notices.objections_ended(ended, at)
    for objection in ended:
        _end(objection, ObjectionStatus.WITHDRAWN, reason, by, at)
        _log("objection.end", objection, by, at, reason=objection.settled_reason)
    return ended


def check_none_open(card: Scorecard) -> None:
    """Raises WrongState while an objection to the card is open: it is settled before anybody approves."""
    if codes := known.open_codes(card):
        raise WrongState(
            _("%(unit)s objects to the points of %(codes)s. Settle the objections before the card is approved.")
            % {"unit": card.membership.name, "codes": ", ".join(codes)}
        )


def check_unsettled(objection: Objection) -> None:
    """Raises WrongState for an objection that was settled or withdrawn."""
    if not objection.is_open:
        raise WrongState(
            _("This objection is settled: %(status)s. Open it again to see the outcome.")
            % {"status": objection.get_status_display()}
        )


def _check_state(card: Scorecard) -> None:
    permissions.check_open("object", card.membership.year)
    CARD.check("object", card.status)


def _is_late(card: Scorecard, at: datetime) -> bool:
    """Whether the deadline for objections has passed. Raises WrongState if it was a hard one."""
    due = due_for(card.membership.year, DeadlineStep.OBJECTING, card.membership)
    if due is None or not is_late(due.due_at, at):
        return False
    if due.is_hard:
        raise WrongState(
            _("The deadline for objections has passed. Ask the secretariat for an extension with its reason.")
        )
    return True


def _check_line(card: Scorecard, line: ScoreLine) -> None:
    """Raises WrongState for a line that was not reviewed, or whose points were kept in this round already."""
    if not line.is_assigned or line.reviewed_value is None:
        raise WrongState(_("Line %(code)s has no reviewed value to object to.") % {"code": line.criterion.code})
    kept = Objection.objects.filter(line=line, status=ObjectionStatus.KEPT, raised_at__gte=card.reviewed_at)
    if kept.exists():
        raise WrongState(
            _("The points of %(code)s were kept after an objection already. The meeting of the cluster decides.")
            % {"code": line.criterion.code}
        )


def _check_claim(sheet: Sheet, line: ScoreLine, value: Decimal | None, text: str) -> None:
    if not text.strip():
        raise Refused(errors={"text": [_("Say what you claim, and why.")]})
    if value is not None:
        _points(sheet, line, value, "claimed_value")


def _points(sheet: Sheet, line: ScoreLine, value: Decimal, field: str) -> Decimal | None:
    """The points of `value` by the sheet's rule. Raises Refused at `field` for a value that makes no sense."""
    try:
        return sheet.points(line, value, Stage.FINAL)
    except Refused as refused:
        raise Refused(errors={field: [refused.message]}) from refused


def _check_accepted(sheet: Sheet, line: ScoreLine, outcome: Outcome) -> None:
    if line.criterion.source:
        if outcome.value is not None:
            raise Refused(
                errors={
                    "value": [_("This value is taken from records. Correct the record, then take the values over.")]
                }
            )
    elif outcome.value is None:
        raise Refused(errors={"value": [_("Give the new final value.")]})
    elif outcome.value == line.final_value:
        raise Refused(errors={"value": [_("This is the final value already. Keep the points, or give another value.")]})


def _check_not_lowered(objection: Objection, line: ScoreLine, outcome: Outcome) -> None:
    """Accepting never costs the unit points that it did not offer: whoever finds the line too high returns the card."""
    before, after = objection.points_before, line.final_points
    if outcome.value is None or outcome.value == objection.claimed_value or before is None or after is None:
        return
    if after < before:
        raise Refused(
            errors={
                "value": [
                    _(
                        "With this value the line would have %(after)s points, and %(before)s before. An accepted "
                        "objection lowers no points, unless the unit claims the value itself. Return the card instead."
                    )
                    % {"after": format_points(after), "before": format_points(before)}
                ]
            }
        )


def _check_said_once(objection: Objection, text: str, by: User) -> None:
    """Raises WrongState for a form that was sent twice: the last message of the thread says the same."""
    last = objection.messages.order_by("pk").last()
    if last is not None and last.author_id == by.pk and last.text == _clean(text):
        raise WrongState(_("This answer stands in the thread already; nothing was written a second time."))


def _change_final(sheet: Sheet, line: ScoreLine, outcome: Outcome) -> list[Scorecard | ScoreLine]:
    """Writes the accepted value and returns what changed; a fed line stays as the records say."""
    if outcome.value is None:
        return []
    card = sheet.card
    line.final_points = _points(sheet, line, outcome.value, "value")
    line.final_value, line.final_reason = outcome.value, outcome.reason.strip()
    line.version += 1
    save_checked(line)
    sheet.store_totals()
    card.version += 1
    card.save()
    return [card, line]


def _lock(objection: Objection, card: Scorecard) -> Objection:
    """The objection as it is now, its row locked. Raises WrongState if it is settled."""
    found = for_update(Objection.objects).select_related("line__criterion").filter(pk=objection.pk)
    locked = found.filter(line__scorecard=card).first()
    if locked is None:
        raise NotKnown
    locked.line.scorecard = card
    check_unsettled(locked)
    return locked


def _end(objection: Objection, status: ObjectionStatus, reason: str, by: User, at: datetime) -> None:
    objection.status, objection.settled_reason = status, reason.strip()
    objection.settled_by, objection.settled_at = by, at
    objection.save()


def _write(objection: Objection, text: str, by: User, at: datetime) -> ObjectionMessage:
    message = ObjectionMessage(objection=objection, author=by, written_at=at, text=_clean(text))
    if not message.text:
        raise Refused(errors={"text": [_("Write what you want to say.")]})
    message.save()
    return message


def _clean(text: str) -> str:
    return text.replace("\0", "").strip()


def _figures(objection: Objection) -> dict[str, object]:
    names = ("value_before", "points_before", "value_after", "points_after")
    return {"status": objection.status} | {name: plain(getattr(objection, name)) for name in names}


def _log(
    verb: str,
    objection: Objection,
    by: User,
    at: datetime,
    *,
    reason: str = "",
    changes: Mapping[str, object] | None = None,
    rows: Iterable[Scorecard | ScoreLine | ObjectionMessage] = (),
) -> None:
    year = objection.line.scorecard.membership.year
    all_rows = [objection, *rows]
    journal.append(year, by=by, at=at, verb=verb, thing=objection, reason=reason, changes=changes, rows=all_rows)
