"""Filling in and reviewing the lines of a card. Points and totals are stored here and nowhere else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cluster_app.audit import log
from cluster_app.audit.rows import plain
from cluster_app.lib.errors import NotAllowed, Refused, Stale, WrongState, check_fields, refusal_of, save_checked
from members.enums import NotAssignedRule
from members.models import User
from scoring import calculations, permissions, sheets
from scoring.enums import CardStatus, Section, Stage
from scoring.models import Criterion, Scorecard, ScoreLine, Target
from scoring.services import signed_papers
from scoring.services.locking import lock_card
from scoring.services.target_checks import is_kept
from scoring.sheets import Sheet
from scoring.workflow import CARD


@dataclass(frozen=True)
class Entry:
    """What a person wrote into one line: the value (None clears it) and the note or reason.

    `version` is that of the line when the page was shown. `is_estimate` says whether the unit marked the value as
    estimated for the whole year ("ước cả năm"); None leaves the mark as it is.
    """

    line_pk: int
    value: Decimal | None
    text: str
    version: int
    is_estimate: bool | None = None


# What a person wrote, or how it is read once the sheet is locked and loaded: then nobody has to load it twice.
Entries = Sequence[Entry] | Callable[[Sheet], Sequence[Entry]]
Changed = list[tuple[ScoreLine, Entry]]

_TOTALS = ("self_total", "reviewed_total", "base_points", "bonus_points", "penalty_points", "total_points", "version")


@transaction.atomic
def fill(*, card: Scorecard, entries: Entries, by: User, at: datetime) -> Sheet:
    """Writes self-scored values and notes of a draft or returned card, all or none, and returns the sheet.

    Points follow from the values. Whoever enters on behalf of the unit has recorded its signed paper before.
    Raises NotAllowed, WrongState, Stale, or Refused with the sentences by line.
    """
    card = lock_card(card.pk, roster_of=card)
    permissions.check_can_fill(by, card)
    permissions.check_open("fill", card.membership.year)
    CARD.check("fill", card.status)
    signed_papers.check_entered_from_paper(by, card)
    sheet = sheets.load(card, lock=True)
    changed = _changed_lines(sheet, entries, Stage.SELF, "self_note")
    _check_typed(changed, Stage.SELF)
    check_unlocked(sheet, [line for line, _entry in changed])
    for line, entry in changed:
        line.is_estimate = _estimate_of(line, entry)
    _write(sheet, changed, Stage.SELF, "self_note")
    return sheet


@transaction.atomic
def review(*, card: Scorecard, entries: Entries, by: User, at: datetime) -> Sheet:
    """Writes reviewed values and reasons of a submitted card, all or none, and returns the sheet.

    A value that differs from the self-scored one needs a reason (domain.md rule 22, architecture: F14).
    """
    card = lock_card(card.pk, roster_of=card)
    permissions.check_can_review(by, card)
    permissions.check_open("review", card.membership.year)
    CARD.check("review", card.status)
    sheet = sheets.load(card, lock=True)
    changed = _changed_lines(sheet, entries, Stage.REVIEWED, "reviewed_reason")
    _check_typed(changed, Stage.REVIEWED)
    _check_reasons(changed)
    before = {line.pk: line.reviewed_value for line, _entry in changed}
    for line, _entry in changed:
        line.reviewed_by = by
    _write(sheet, changed, Stage.REVIEWED, "reviewed_reason")
    if changed:
        lines = [line for line, _entry in changed]
        _log_review(sheet, lines, "scorecard.review_lines", before, by, at)
    return sheet


@transaction.atomic
def accept_as_claimed(*, card: Scorecard, code: str, seen: Mapping[int, int], by: User, at: datetime) -> Sheet:
    """ "Đồng ý với tự chấm": untouched lines take over the self-scored value, in the group `code` or, if it is empty,
    in the whole card.

    `seen` gives the version of every line (by primary key) that the reviewer was shown. Raises Stale if a line to be
    accepted is another one by now.
    """
    card = lock_card(card.pk)
    permissions.check_can_review(by, card)
    permissions.check_open("review", card.membership.year)
    CARD.check("review", card.status)
    sheet = sheets.load(card, lock=True)
    wanted = sheet.lines_under(code) if code else sheet.lines
    untouched = [line for line in wanted if sheet.is_due(line, Stage.REVIEWED)]
    for line in untouched:
        _check_seen(line, seen.get(line.pk))
    before = {line.pk: line.reviewed_value for line in untouched}
    for line in untouched:
        line.reviewed_value, line.reviewed_points, line.reviewed_by = line.self_value, line.self_points, by
        line.version += 1
        line.save()
    if untouched:
        _save_totals(sheet)
        _log_review(sheet, untouched, "scorecard.accept_as_claimed", before, by, at)
    return sheet


@transaction.atomic
def set_assigned(
    *, card: Scorecard, line_pk: int, is_assigned: bool, reason: str = "", by: User, at: datetime
) -> ScoreLine:
    """Says whether a criterion is assigned to the unit; if not, with the reason. The secretariat's act, possible until
    the card is reviewed. The points follow the year's rule for criteria that are not assigned."""
    card = lock_card(card.pk)
    permissions.check_can_write_target(by, card.membership)
    if card.status in (CardStatus.REVIEWED, CardStatus.APPROVED):
        CARD.check("fill", card.status)
    sheet = sheets.load(card, lock=True)
    line = sheet.line(line_pk)
    if line.is_assigned == is_assigned and line.not_assigned_reason == reason.strip():
        return line
    if is_assigned and card.status == CardStatus.SUBMITTED:
        raise WrongState(_("The unit has not filled in this line. Return the card before the criterion is assigned."))
    if is_assigned:
        _check_plan(card, line)
    if not is_assigned and not reason.strip():
        raise Refused(errors={"reason": [_("Say why the criterion is not assigned to the unit.")]})
    before = line.self_value
    line.is_assigned, line.not_assigned_reason = is_assigned, "" if is_assigned else reason.strip()
    if card.status == CardStatus.RETURNED and any(other.is_returned for other in sheet.lines):
        line.is_returned = is_assigned  # or nobody could fill it in
    points = None if is_assigned else points_if_not_assigned(line, card.membership.year.rules.not_assigned)
    line.self_value = line.reviewed_value = None
    line.is_estimate = False
    line.self_points = points
    is_in_review = card.status == CardStatus.SUBMITTED
    line.reviewed_points, line.reviewed_by = (points, by) if is_in_review else (None, None)
    line.version += 1
    save_checked(line)
    line.records.all().delete()
    _save_totals(sheet)
    _log_assigned(card, line, before, by, at)
    return line


def _check_plan(card: Scorecard, line: ScoreLine) -> None:
    """Raises WrongState for a line that would be measured by another target than the unit had."""
    plan = Target.objects.filter(membership=card.membership_id, criterion=line.criterion_id, is_assigned=False).first()
    if is_kept(plan, line.criterion):
        raise WrongState(
            _("The unit had a target of its own for this criterion. Assign it on the page of targets, with that one.")
        )


def new_line(card: Scorecard, leaf: Criterion, not_assigned_reason: str = "") -> ScoreLine:
    """An empty line of `card` for `leaf`, unsaved; with a reason it is not assigned, and has its points by the year's
    rule."""
    line = ScoreLine(scorecard=card, criterion=leaf, section=leaf.section, max_points=leaf.max_points)
    if not_assigned_reason:
        line.is_assigned, line.not_assigned_reason = False, not_assigned_reason
        line.self_points = points_if_not_assigned(line, card.membership.year.rules.not_assigned)
    return line


def recompute_self(sheet: Sheet, criterion_pk: int) -> None:
    """Lets the self-scored points of one line follow a changed rule or target; the caller holds the card's lock."""
    for line in sheet.lines:
        if line.criterion_id == criterion_pk and line.is_assigned and line.self_value is not None:
            line.self_points = sheet.points(line, line.self_value)
            line.version += 1
            line.save()
    _save_totals(sheet)


def points_if_not_assigned(line: ScoreLine, rule: str) -> Decimal:
    """The points of a line that is not assigned: its maximum in a base section under the rule of full points, else 0
    (domain.md 5.2)."""
    if line.section == Section.BASE and rule == NotAssignedRule.FULL_POINTS:
        return line.max_points or calculations.ZERO
    return calculations.ZERO


def _changed_lines(sheet: Sheet, entries: Entries, stage: str, text_field: str) -> Changed:
    """The entries that change their line. Raises Stale if one of them was changed by somebody else meanwhile."""
    changed = []
    for entry in entries(sheet) if callable(entries) else entries:
        line = sheet.line(entry.line_pk)
        is_same = entry.value == getattr(line, f"{stage}_value") and entry.text.strip() == getattr(line, text_field)
        is_same = is_same and (stage != Stage.SELF or _estimate_of(line, entry) == line.is_estimate)
        if is_same or not line.is_assigned:
            continue
        _check_seen(line, entry.version)
        changed.append((line, entry))
    return changed


def _estimate_of(line: ScoreLine, entry: Entry) -> bool:
    """Whether the line is marked as an estimate once `entry` is written: only a number can be one."""
    if entry.value is None or not sheets.may_be_estimated(line.criterion):
        return False
    return line.is_estimate if entry.is_estimate is None else entry.is_estimate


def _check_typed(changed: Changed, stage: str) -> None:
    """Raises Refused for a value of a line that is taken from records; a note may stand beside it."""
    errors = {
        str(line.pk): [_("This value is taken from records and is not typed. To change it, change the record.")]
        for line, entry in changed
        if line.criterion.source and entry.value != getattr(line, f"{stage}_value")
    }
    if errors:
        raise Refused(errors=errors)


def _check_seen(line: ScoreLine, version: int | None) -> None:
    """Raises Stale if the line is no longer the one that the person's page showed."""
    if line.version != version:
        raise Stale(
            _("Line %(code)s was changed in another place after your page was shown. Nothing was saved.")
            % {"code": line.criterion.code},
            next_step=_("What you typed is still in the other tab; open the card again and compare."),
        )


def check_unlocked(sheet: Sheet, lines: Sequence[ScoreLine]) -> None:
    """After a return that names lines, only these can be changed."""
    if sheet.card.status != CardStatus.RETURNED or not any(line.is_returned for line in sheet.lines):
        return
    for line in lines:
        if not line.is_returned:
            raise NotAllowed(
                _("Line %(code)s was not returned to you, so it stays as it was submitted.")
                % {"code": line.criterion.code}
            )


def _check_reasons(changed: Changed) -> None:
    errors = {
        str(line.pk): [_("Give the reason: the value differs from the self-scored one.")]
        for line, entry in changed
        if entry.value is not None and entry.value != line.self_value and not entry.text.strip()
    }
    if errors:
        raise Refused(errors=errors)


def _write(sheet: Sheet, changed: Changed, stage: str, text_field: str) -> None:
    errors: dict[str, list[str]] = {}
    for line, entry in changed:
        try:
            points = None if entry.value is None else sheet.points(line, entry.value)
        except Refused as refused:
            errors[str(line.pk)] = [refused.message]
            continue
        setattr(line, f"{stage}_value", entry.value)
        setattr(line, f"{stage}_points", points)
        setattr(line, text_field, entry.text.strip())
        line.version += 1
    if errors:
        raise Refused(errors=errors)
    for line, _entry in changed:
        try:
            check_fields(line)
        except Refused as refused:
            errors[str(line.pk)] = [refused.message]
    if errors:
        raise Refused(errors=errors)
    written = (f"{stage}_value", f"{stage}_points", text_field, "is_estimate", "reviewed_by", "version")
    for line, _entry in changed:
        try:
            line.save(update_fields=written)
        except IntegrityError as error:  # nothing of the step is kept, so no savepoint is needed
            raise Refused(errors={str(line.pk): [refusal_of(error).message]}) from error
    if changed:
        _save_totals(sheet)


def _save_totals(sheet: Sheet) -> None:
    sheet.store_totals()
    sheet.card.version += 1
    sheet.card.save(update_fields=_TOTALS)


def _log_assigned(card: Scorecard, line: ScoreLine, before: Decimal | None, by: User, at: datetime) -> None:
    log.append(
        by=by,
        at=at,
        verb="scoreline.set_assigned",
        thing=line,
        cluster=card.membership.year.cluster.slug,
        year=card.membership.year.year,
        reason=line.not_assigned_reason,
        changes={"is_assigned": line.is_assigned, "value_before": plain(before)},
        rows=[card, line] if card.status == CardStatus.SUBMITTED else [],
    )


def _log_review(
    sheet: Sheet,
    lines: Sequence[ScoreLine],
    verb: str,
    before: Mapping[int, Decimal | None],
    by: User,
    at: datetime,
) -> None:
    card = sheet.card
    log.append(
        by=by,
        at=at,
        verb=verb,
        thing=card,
        cluster=card.membership.year.cluster.slug,
        year=card.membership.year.year,
        changes={
            line.criterion.code: {
                "before": plain(before[line.pk]),
                "after": plain(line.reviewed_value),
                "reason": line.reviewed_reason,
            }
            for line in lines
        },
        rows=[card, *lines],
    )
