"""The steps of a score card: open, submit, review, return."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cluster_app.audit import log
from cluster_app.lib.errors import NotKnown, Refused, WrongState
from members.calculations import is_late
from members.enums import DeadlineStep
from members.models import EmulationYear, User
from members.queries import due_for
from scoring import permissions, sheets
from scoring.enums import CardStatus, SetStatus, Stage
from scoring.models import CriteriaSet, Scorecard, ScoreLine, Target
from scoring.services import comparison, feeding, lines
from scoring.services.locking import check_version, lock_card, lock_card_among_others
from scoring.sheets import Sheet
from scoring.sources import Facts
from scoring.workflow import CARD


def open_for_year(*, year: EmulationYear, by: User, at: datetime) -> list[Scorecard]:
    """Gives every member unit of `year` its empty card, unless it has one. The caller holds the year's lock and has
    checked the right to open self-scoring. Raises Refused without an applied criteria set."""
    criteria_set = CriteriaSet.objects.filter(year=year, status=SetStatus.APPLIED).first()
    if criteria_set is None:
        raise Refused(missing=[_("The criteria set of the year is not applied yet.")])
    leaves = sheets.tree_of(criteria_set.pk).leaves()
    left_out = _not_assigned(criteria_set)
    facts = Facts(year, at)
    opened = []
    for membership in year.memberships.filter(scorecard__isnull=True).order_by("pk"):
        membership.year = year
        card = Scorecard.objects.create(membership=membership, criteria_set=criteria_set)
        ScoreLine.objects.bulk_create(
            lines.new_line(card, leaf, left_out.get((membership.pk, leaf.pk), "")) for leaf in leaves
        )
        sheet = sheets.load(card)
        if feeding.store(sheet, stages=(Stage.SELF,), at=at, facts=facts):
            sheet.store_totals()
            card.save()
        opened.append(card)
    return opened


def _not_assigned(criteria_set: CriteriaSet) -> dict[tuple[int, int], str]:
    """Why a criterion is not assigned, by member unit and criterion (primary keys)."""
    targets = Target.objects.filter(criterion__criteria_set=criteria_set, is_assigned=False)
    return {(one.membership_id, one.criterion_id): one.not_assigned_reason for one in targets}


def missing_for_submission(sheet: Sheet) -> list[tuple[ScoreLine, str]]:
    """What still stands between the card and its submission: pairs of line and sentence. A total of 0 is allowed."""
    missing = []
    for line in sheet.lines:
        code = line.criterion.code
        if sheet.is_due(line, Stage.SELF):
            missing.append((line, _("%(code)s has no value yet.") % {"code": code}))
        elif not line.is_assigned:
            continue
        elif sheet.lacks_target(line):
            text = _("%(code)s has no target for the unit yet. Ask the secretariat to set it.")
            missing.append((line, text % {"code": code}))
        elif sheets.needs_note(line.criterion, line.self_value) and not line.self_note.strip():
            missing.append((line, _("%(code)s needs a note that says where the value comes from.") % {"code": code}))
    return missing


@transaction.atomic
def submit(
    *,
    card: Scorecard,
    version: int,
    paper_number: str = "",
    paper_on: date | None = None,
    by: User,
    at: datetime,
) -> Scorecard:
    """Hands the self-scored card in. A person who is not the signatory gives number and date of the signed paper.

    Raises Refused with what is missing, and after a hard deadline (inclusive to its last second).
    """
    card = lock_card(card.pk)
    permissions.check_can_submit(by, card)
    permissions.check_open("submit", card.membership.year)
    transition = CARD.check("submit", card.status)
    check_version(card, version)
    _check_deadline(card, at)
    if permissions.needs_paper(by, card):
        _check_paper(paper_number, paper_on, at)
    sheet = sheets.load(card, lock=True)
    # A correction after a return does not make a card late that was handed in in time.
    card.submitted_at, card.submitted_by = card.submitted_at or at, by
    feeding.store(sheet, stages=(Stage.SELF,), at=at)
    if missing := missing_for_submission(sheet):
        raise Refused(_("The card is not complete yet."), missing=[sentence for _line, sentence in missing])
    card.status = transition.target
    card.paper_number, card.paper_on = paper_number.strip(), paper_on
    for line in sheet.lines:
        if line.is_returned:
            line.is_returned = False
            line.save()
    _save(sheet)
    _log("scorecard.submit", sheet, by, at, {"paper_number": card.paper_number})
    return card


@transaction.atomic
def conclude_review(*, card: Scorecard, version: int, by: User, at: datetime) -> Scorecard:
    """Ends the review: every assigned line has a reviewed value, and final becomes what was reviewed. Fed lines are
    taken from their records once more, compared ones from the other reviewed cards."""
    card = lock_card_among_others(card.pk)
    permissions.check_can_review(by, card)
    permissions.check_open("review", card.membership.year)
    transition = CARD.check("review", card.status)
    check_version(card, version)
    sheet = sheets.load(card, lock=True)
    open_codes = [line.criterion.code for line in sheet.lines if sheet.is_due(line, Stage.REVIEWED)]
    if open_codes:
        raise Refused(
            _("The review is not complete yet."),
            missing=[_("%(code)s has no reviewed value yet.") % {"code": code} for code in open_codes],
        )
    for line in sheet.lines:
        if not line.is_assigned:
            line.reviewed_points = line.self_points
    feeding.store(sheet, stages=(Stage.REVIEWED,), at=at)
    for line in sheet.lines:
        line.final_value, line.final_points, line.final_reason = (
            line.reviewed_value,
            line.reviewed_points,
            line.reviewed_reason,
        )
        line.version += 1
        line.save()
    card.status = transition.target
    card.reviewed_at, card.reviewed_by = at, by
    _save(sheet)
    sheet = _compare(sheet, by, at)
    _log("scorecard.review", sheet, by, at)
    return sheet.card


def _compare(sheet: Sheet, by: User, at: datetime) -> Sheet:
    """Lets the compared lines of the year follow a changed card; returns the sheet as it is then."""
    card = sheet.card
    changed = comparison.recompute(year=card.membership.year, by=by, at=at)
    return sheets.load(lock_card(card.pk), lock=True) if card.pk in changed else sheet


@transaction.atomic
def return_card(
    *, card: Scorecard, version: int, reason: str, codes: Sequence[str] = (), by: User, at: datetime
) -> Scorecard:
    """Sends the card back with a reason. If `codes` names criteria, only these lines unlock and lose their reviewed
    values; else all do. Raises WrongState if other cards are approved in comparison with this one."""
    card = lock_card_among_others(card.pk)
    permissions.check_can_return(by, card)
    permissions.check_open("return", card.membership.year)
    transition = CARD.check("return", card.status, reason=reason)
    check_version(card, version)
    comparison.check_none_approved(card)
    sheet = sheets.load(card, lock=True)
    named = set(codes)
    if unknown := named - {line.criterion.code for line in sheet.lines}:
        raise NotKnown(_("The card has no criterion %(code)s.") % {"code": ", ".join(sorted(unknown))})
    for line in sheet.lines:
        line.is_returned = line.criterion.code in named
        line.final_value = line.final_points = None
        line.final_reason = ""
        if line.is_returned or not named:
            line.reviewed_value = line.reviewed_points = line.reviewed_by = None
            line.reviewed_reason = ""
        elif sheet.is_compared(line):
            line.reviewed_points = None
        line.version += 1
        line.save()
    card.status = transition.target
    card.returned_reason = reason.strip()
    card.return_count += 1
    card.reviewed_at = card.reviewed_by = None
    _save(sheet)
    comparison.recompute(year=card.membership.year, by=by, at=at)
    _log("scorecard.return", sheet, by, at, {"codes": sorted(named)}, reason=reason.strip())
    return card


def _check_deadline(card: Scorecard, at: datetime) -> None:
    due = due_for(card.membership.year, DeadlineStep.SELF_SCORING, card.membership)
    if due is not None and due.is_hard and is_late(due.due_at, at) and card.status == CardStatus.DRAFT:
        raise WrongState(
            _("The deadline for submitting has passed. Ask the secretariat for an extension with its reason.")
        )


def _check_paper(paper_number: str, paper_on: date | None, at: datetime) -> None:
    errors = {}
    if not paper_number.strip():
        errors["paper_number"] = [_("Give the number of the paper that the head of the unit signed.")]
    if paper_on is None:
        errors["paper_on"] = [_("Give the date of the paper that the head of the unit signed.")]
    elif paper_on > timezone.localdate(at):
        errors["paper_on"] = [_("The paper cannot be dated in the future.")]
    if errors:
        raise Refused(errors=errors)


def _save(sheet: Sheet) -> None:
    sheet.store_totals()
    sheet.card.version += 1
    sheet.card.save()


def _log(verb: str, sheet: Sheet, by: User, at: datetime, changes: dict | None = None, reason: str = "") -> None:
    card = sheet.card
    log.append(
        by=by,
        at=at,
        verb=verb,
        thing=card,
        cluster=card.membership.year.cluster.slug,
        year=card.membership.year.year,
        reason=reason,
        changes={"status": card.status, "total": str(card.total_points or card.self_total)} | (changes or {}),
        rows=[card, *sheet.lines],
    )
