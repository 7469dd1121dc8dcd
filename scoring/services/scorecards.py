"""The steps of a score card: open, submit, review, return."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cluster_app.audit import log
from cluster_app.lib.errors import NotKnown, Refused, WrongState
from members.calculations import is_late
from members.enums import DeadlineStep
from members.models import EmulationYear, User
from members.queries import due_for
from scoring import permissions, sheets
from scoring.enums import CardStatus, SetStatus, Stage
from scoring.models import CriteriaSet, Scorecard, ScoreLine, Submission, Target
from scoring.services import comparison, feeding, lines, notices, objections, rounds, signed_papers, submissions
from scoring.services.locking import check_version, lock_card, lock_card_among_others
from scoring.services.signed_papers import Paper
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
        elif sheet.needs_evidence(line):
            text = _("%(code)s needs evidence, or a note that says where the value comes from.")
            missing.append((line, text % {"code": code}))
    return missing


@transaction.atomic
def submit(*, card: Scorecard, version: int, paper: Paper | None = None, by: User, at: datetime) -> Scorecard:
    """Hands the self-scored card in, and keeps what was handed in as a submission of its own.

    The signatory signs by this act. An officer, and whoever enters on behalf of the unit, does it with the signed
    paper: the one recorded since the last submission, else `paper`. Raises Refused with what is missing, and WrongState
    after a hard deadline (inclusive to its last second).
    """
    card = lock_card(card.pk)
    permissions.check_can_submit(by, card)
    permissions.check_open("submit", card.membership.year)
    transition = CARD.check("submit", card.status)
    check_version(card, version)
    _check_deadline(card, at)
    sheet = sheets.load(card, lock=True)
    # A correction after a return does not make a card late that was handed in in time.
    card.submitted_at, card.submitted_by = card.submitted_at or at, by
    feeding.store(sheet, stages=(Stage.SELF,), at=at)
    if missing := missing_for_submission(sheet):
        raise Refused(_("The card is not complete yet."), missing=[sentence for _line, sentence in missing])
    way = signed_papers.way_of(by, card)
    signed = signed_papers.use(card, paper, by=by, at=at)
    card.status = transition.target
    card.paper_number, card.paper_on = (signed.number, signed.signed_on) if signed else ("", None)
    for line in sheet.lines:
        if line.is_returned:
            line.is_returned = False
            line.save()
    _save(sheet)
    submission = submissions.keep(sheet, way=way, paper=signed, by=by, at=at)
    about = {"paper_number": card.paper_number, "way": submission.way, "late_days": submission.late_days}
    notices.submitted(card, by, at)
    _log("scorecard.submit", sheet, by, at, about, rows=[submission])
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
    notices.reviewed(sheet.card, by, at)
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
    values; else all do. Open objections end with it. Raises WrongState if other cards are approved in comparison with
    this one."""
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
    objections.end_open(sheet=sheet, reason=reason, by=by, at=at)
    rounds.take_back(sheet, {line.pk for line in sheet.lines if not named or line.criterion.code in named})
    for line in sheet.lines:
        line.is_returned = line.criterion.code in named
        line.save()
    card.status = transition.target
    card.returned_reason = reason.strip()
    card.return_count += 1
    card.reviewed_at = card.reviewed_by = None
    _save(sheet)
    comparison.recompute(year=card.membership.year, by=by, at=at)
    notices.returned(card, by, at)
    _log("scorecard.return", sheet, by, at, {"codes": sorted(named)}, reason=reason.strip())
    return card


def deadline_problem(card: Scorecard, at: datetime) -> str:
    """Why a card cannot be submitted any more for the first time; empty where the deadline is soft or not over."""
    due = due_for(card.membership.year, DeadlineStep.SELF_SCORING, card.membership)
    if due is not None and due.is_hard and is_late(due.due_at, at) and card.status == CardStatus.DRAFT:
        return _("The deadline for submitting has passed. Ask the secretariat for an extension with its reason.")
    return ""


def _check_deadline(card: Scorecard, at: datetime) -> None:
    if problem := deadline_problem(card, at):
        raise WrongState(problem)


def _save(sheet: Sheet) -> None:
    sheet.store_totals()
    sheet.card.version += 1
    sheet.card.save()


def _log(
    verb: str,
    sheet: Sheet,
    by: User,
    at: datetime,
    changes: dict | None = None,
    reason: str = "",
    rows: Sequence[Submission] = (),
) -> None:
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
        rows=[card, *sheet.lines, *rows],
    )
