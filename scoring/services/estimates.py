"""Values that a unit marked as estimated for the whole year ("ước cả năm"): replaced by the official figure once it is
known, until the card is approved (features.md F4)."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from cluster_app.audit import log
from cluster_app.audit.rows import plain
from cluster_app.lib.errors import Refused, Stale, WrongState, save_checked
from members.models import User
from scoring import objections as known
from scoring import permissions, sheets
from scoring.enums import Stage
from scoring.models import Scorecard, ScoreLine, SignedPaper, Submission
from scoring.services import comparison, notices, objections, rounds, signed_papers, submissions
from scoring.services.locking import lock_card, lock_card_among_others
from scoring.services.signed_papers import Paper
from scoring.sheets import Sheet
from scoring.workflow import CARD


def of_sheet(sheet: Sheet) -> list[ScoreLine]:
    """The lines whose value is still an estimate, in printed order."""
    return [line for line in sheet.lines if line.is_estimate and line.self_value is not None]


@transaction.atomic
def replace(
    *,
    card: Scorecard,
    line_pk: int,
    value: Decimal,
    note: str,
    version: int,
    paper: Paper | None = None,
    by: User,
    at: datetime,
) -> Scorecard:
    """Puts the official figure in the place of an estimate that was handed in; `note` says where it stands.

    It is a submission of its own: the signatory signs by this act, others do it with a signed paper, as in
    `scorecards.submit`. The review of the line is taken back, and the card waits for its review again. `version` is
    that of the line as the page showed it. Raises WrongState for a line that is no estimate (any more), after a hard
    deadline for objections, or if other cards are approved in comparison with this one; Stale; Refused by field.
    """
    card = lock_card_among_others(card.pk)
    check_open(card, by)
    _check_deadline(card, at)
    comparison.check_none_approved(card)
    sheet = sheets.load(card, lock=True)
    line = estimate_of(sheet, line_pk)
    _check_seen(line, version)
    before = line.self_value
    _check_note(note)
    points = _points(sheet, line, value)
    signed = signed_papers.use(card, paper, by=by, at=at)
    _end_objections(sheet, by, at)
    line.self_value, line.self_points, line.self_note, line.is_estimate = value, points, note.strip(), False
    changed = _hand_in(sheet, line, signed, by)
    kept, way = sheets.load(lock_card(card.pk)), signed_papers.way_of(by, card)
    submission = submissions.keep(kept, way=way, paper=signed, by=by, at=at)
    comparison.recompute(year=card.membership.year, by=by, at=at)
    notices.submitted(card, by, at)
    _log(submission, line, changed, before, by, at)
    return card


def _end_objections(sheet: Sheet, by: User, at: datetime) -> None:
    reason = _("An estimate was replaced by the official figure; the card is reviewed anew.")
    objections.end_open(sheet=sheet, reason=reason, by=by, at=at)


def _hand_in(sheet: Sheet, line: ScoreLine, signed: SignedPaper | None, by: User) -> list[ScoreLine]:
    """The card is submitted once more, as it is now, and `line` reviewed anew; returns the lines that changed."""
    card, changed = sheet.card, rounds.take_back(sheet, {line.pk})
    for one in changed:
        save_checked(one)
    card.status = CARD.check("replace_estimate", card.status).target
    card.reviewed_at = card.reviewed_by = None
    card.submitted_by = by
    card.paper_number, card.paper_on = (signed.number, signed.signed_on) if signed else ("", None)
    sheet.store_totals()
    card.version += 1
    card.save()
    return changed


def check_open(card: Scorecard, by: User) -> None:
    """Raises why `by` cannot replace estimates of the card now. Who enters on behalf does it for a unit that handed in
    on paper only."""
    permissions.check_can_replace_estimate(by, card)
    permissions.check_open("replace_estimate", card.membership.year)
    CARD.check("replace_estimate", card.status)
    signed_papers.check_handed_in_by_paper(by, card)


def _check_deadline(card: Scorecard, at: datetime) -> None:
    """Raises WrongState after a hard deadline for objections: what can no longer be objected to is not replaced."""
    if known.is_closed(card, at):
        raise WrongState(
            _("The deadline for objections has passed, so estimates are not replaced any more."),
            next_step=_("Ask the secretariat for an extension with its reason."),
        )


def estimate_of(sheet: Sheet, line_pk: int) -> ScoreLine:
    """The line, if its value is still an estimate. Raises NotKnown for a line of another card, WrongState for one whose
    value is no estimate, or no longer."""
    line = sheet.line(line_pk)
    if not (line.is_estimate and line.self_value is not None and sheets.may_be_estimated(line.criterion)):
        text = _("The value of line %(code)s is no estimate, so it stays as it was submitted.")
        raise WrongState(text % {"code": line.criterion.code})
    return line


def _check_seen(line: ScoreLine, version: int) -> None:
    if line.version != version:
        raise Stale(
            _("Line %(code)s was changed after your page was shown. Nothing was saved.")
            % {"code": line.criterion.code},
            next_step=_("Open the page again and look at what changed."),
        )


def _check_note(note: str) -> None:
    if not note.strip():
        raise Refused(errors={"note": [_("Name the document in which the official figure stands.")]})


def _points(sheet: Sheet, line: ScoreLine, value: Decimal) -> Decimal | None:
    try:
        return sheet.points(line, value, Stage.SELF)
    except Refused as refused:
        raise Refused(errors={"value": [refused.message]}) from refused


def _log(
    submission: Submission, line: ScoreLine, changed: list[ScoreLine], before: Decimal | None, by: User, at: datetime
) -> None:
    card = submission.scorecard
    year = card.membership.year
    log.append(
        by=by,
        at=at,
        verb="scoreline.replace_estimate",
        thing=line,
        cluster=year.cluster.slug,
        year=year.year,
        changes={
            "code": line.criterion.code,
            "before": plain(before),
            "after": plain(line.self_value),
            "note": line.self_note,
            "paper_number": card.paper_number,
            "way": submission.way,
        },
        rows=[card, *changed, submission],
    )
