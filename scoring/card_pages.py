"""What the pages of one card show, as the templates read it."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.addresses import year_url
from members.enums import PendingKind
from members.models import User
from members.services import pending
from scoring import (
    approval_words,
    last_year,
    objection_marks,
    papers,
    permissions,
    queries,
    relative,
    sheet_rows,
    target_grid,
)
from scoring.enums import CardStatus, Stage
from scoring.forms import Typed
from scoring.models import Scorecard
from scoring.relative import Compared
from scoring.services import estimates, feeding, scorecards, signed_papers, submissions
from scoring.sheets import Sheet


def card_url(name: str, card: Scorecard) -> str:
    """The address of the page `name` of the card."""
    return year_url(name, card.membership.year, code=card.membership.unit.code)


def head(user: User, card: Scorecard, at: datetime) -> dict[str, object]:
    """What stands at the top of every page of a card."""
    is_own = queries.is_own_card(user, card)
    return {
        "card": card,
        "membership": card.membership,
        "code": card.membership.unit.code,
        "year": card.membership.year,
        "cluster": card.membership.year.cluster,
        "is_own": is_own,
        "status": queries.status_of(card, is_own=is_own),
        "due": queries.due_of(card, at),
        "handed_in": queries.handed_in(user, card),
    }


def _pledges(card: Scorecard) -> dict[int, tuple[str, str]]:
    """Every score leads to its promise (B5)."""
    return {pk: (link.text, link.url) for pk, link in target_grid.pledge_links(card.membership).items()}


def evidence_url(user: User, card: Scorecard) -> str:
    """The address of the evidence of the card; empty toward those to whom it is not open."""
    return card_url("scoring:evidence_list", card) if permissions.can_download_evidence(user, card) else ""


def fill_page(user: User, sheet: Sheet, at: datetime, typed: Typed | None = None) -> dict[str, object]:
    """The sheet with its inputs, for the unit and for those who enter on its behalf."""
    card = sheet.card
    sheet.pledges, sheet.last_year = _pledges(card), last_year.beside(user, sheet)
    sheet.evidence_url = evidence_url(user, card)
    return head(user, card, at) | {
        "rows": sheet_rows.rows(sheet, stage=Stage.SELF, typed=typed, is_open=True),
        "totals": sheet_rows.totals_of(sheet, Stage.SELF),
        "missing": sheet_rows.missing_in_short(sheet),
        "ready_text": _ready_for_submission(),
        "error_count": len(typed.errors) if typed else 0,
        "returned_codes": [line.criterion.code for line in sheet.lines if line.is_returned],
        "is_on_behalf": not queries.is_own_card(user, card),
        "can_submit": "submit" in queries.open_steps(user, card),
        "outdated": outdated(user, sheet, at),
        "save_url": card_url("scoring:scorecard_save", card),
        "line_url": card_url("scoring:line_save", card),
        "paste_url": card_url("scoring:scorecard_paste", card),
    }


def submit_page(user: User, sheet: Sheet, at: datetime) -> dict[str, object]:
    """What is handed in, what is still missing, and what the person should know before."""
    card = sheet.card
    late = submissions.days_late(card, at)
    return head(user, card, at) | {
        "missing": sheet_rows.missing_for_submission(sheet),
        "refusal": scorecards.deadline_problem(card, at),
        "estimates": estimate_codes(sheet),
        "late": ngettext("%(count)d day late", "%(count)d days late", late) % {"count": late} if late else "",
        "totals": sheet_rows.totals_of(sheet, Stage.SELF),
    }


def estimates_page(user: User, sheet: Sheet, at: datetime) -> dict[str, object]:
    """The estimates that are left, each with the address of the page for its official figure."""
    card = sheet.card
    page = ("scoring:estimate_replace", card.membership.year)
    found = [
        {
            "row": sheet_rows.line_row(sheet, line, stage=Stage.SELF),
            "url": year_url(*page, code=card.membership.unit.code, pk=line.pk),
        }
        for line in estimates.of_sheet(sheet)
    ]
    return head(user, card, at) | {"estimates": found, "needs": what_replacing_needs(user, card)}


def what_replacing_needs(user: User, card: Scorecard) -> str:
    """On what ground the person replaces an estimate, in a sentence."""
    paper = signed_papers.ready_for(user, card)
    if paper is not None:
        text = _("You replace one estimate for the head of the unit, from the signed paper %(number)s of %(day)s.")
        return text % {"number": paper.number, "day": date_format(paper.signed_on, "d/m/Y")}
    if signed_papers.is_missing(user, card):
        return _(
            "Whoever replaces an estimate for the head of the unit needs a paper with the official figure that the "
            "head signed, one for each estimate. The signatory of the unit needs none."
        )
    return _("With an official figure you sign for your unit, as when the card was submitted.")


def estimate_codes(sheet: Sheet) -> list[str]:
    """The codes of the lines whose value is still an estimate."""
    return [line.criterion.code for line in estimates.of_sheet(sheet)]


def read_page(user: User, sheet: Sheet, at: datetime, *, only_changed: bool) -> dict[str, object]:
    """The sheet to read: self, reviewed and final beside each other."""
    card = sheet.card
    steps = queries.open_steps(user, card)
    sees_review = queries.sees_review(user, card)
    approvals = queries.approvals_of(card)
    approval = next((one for one in approvals if one.revoked_at is None), None)
    compared = _compared(sheet) if sees_review else []
    sheet.peers = relative.by_stage(compared)
    sheet.pledges, sheet.last_year = _pledges(card), last_year.beside(user, sheet)
    sheet.evidence_url = evidence_url(user, card)
    sheet.marks = objection_marks.marks_of(sheet, user, at)
    return head(user, card, at) | {
        "objecting": objection_marks.objecting_until(user, card, at),
        "rows": sheet_rows.rows(sheet, stage=Stage.FINAL if sees_review else Stage.SELF, only_changed=only_changed),
        "outdated": outdated(user, sheet, at, compared),
        "only_changed": only_changed,
        "sees_review": sees_review,
        "has_review": sees_review and card.reviewed_total is not None,
        "self_totals": sheet_rows.totals_of(sheet, Stage.SELF),
        "reviewed_totals": sheet_rows.totals_of(sheet, Stage.REVIEWED),
        "final_totals": sheet_rows.totals_of(sheet, Stage.FINAL) if card.total_points is not None else None,
        "approval": approval,
        "approval_code": papers.approval_code(approval),
        "approval_office": approval_words.office(approval) if approval else "",
        "is_returned": card.status == CardStatus.RETURNED,
        "revoked": [one for one in approvals if one.revoked_at is not None],
        "can_review": "review" in steps,
        "is_entered_by_reader": card.status == CardStatus.SUBMITTED and permissions.has_entered(user, card),
        "can_return": "return" in steps,
        "can_reopen": "reopen" in steps,
        "estimates": estimate_codes(sheet),
        "can_replace_estimates": "replace_estimate" in steps,
        "can_enter_from_paper": "fill" in steps,
        "can_approve": card.status == CardStatus.REVIEWED and permissions.leads_to_approval(user, card, at),
        "reopening": pending.open_step(PendingKind.REOPEN_CARD, card),
    }


def review_page(
    user: User, sheet: Sheet, at: datetime, typed: Typed | None = None, *, only_changed: bool = False
) -> dict[str, object]:
    """The sheet with self beside reviewed, for the reviewer. Agreeing with a whole group is offered only where every
    line of it is shown."""
    card = sheet.card
    sheet.pledges, sheet.last_year = _pledges(card), last_year.beside(user, sheet)
    sheet.evidence_url = evidence_url(user, card)
    return head(user, card, at) | {
        "rows": sheet_rows.rows(sheet, stage=Stage.REVIEWED, typed=typed, is_open=True, only_changed=only_changed),
        "only_changed": only_changed,
        "criterion_url": year_url("scoring:criterion_review", card.membership.year, code=sheet.lines[0].criterion.code),
        "totals": sheet_rows.totals_of(sheet, Stage.REVIEWED),
        "self_totals": sheet_rows.totals_of(sheet, Stage.SELF),
        "missing": sheet_rows.missing_for_review(sheet),
        "ready_text": _ready_for_conclusion(),
        "error_count": len(typed.errors) if typed else 0,
        "outdated": outdated(user, sheet, at),
        "save_url": card_url("scoring:review_save", card),
        "line_url": card_url("scoring:review_line_save", card),
        "accept_url": "" if only_changed else card_url("scoring:scorecard_accept", card),
    }


def _compared(sheet: Sheet) -> list[Compared]:
    """The lines that are compared with lines of this card; none where it has no such line."""
    is_compared = any(sheet.is_compared(line) for line in sheet.lines)
    return relative.compared_lines(sheet.card.membership.year) if is_compared else []


def outdated(
    user: User, sheet: Sheet, at: datetime, compared: Sequence[Compared] | None = None
) -> dict[str, object] | None:
    """Which lines no longer say what the records, or the other units' values, say; with the address of the button that
    takes them over. None where all is well, or the person has no such button."""
    card = sheet.card
    if not permissions.can_refresh(user, card):
        return None
    codes = feeding.outdated(sheet, at)
    if card.status == CardStatus.REVIEWED:
        own = relative.differences(_compared(sheet) if compared is None else compared, card.pk)
        codes += [one.line.criterion.code for one in own]
    if not codes:
        return None
    return {"codes": ", ".join(dict.fromkeys(codes)), "url": card_url("scoring:scorecard_refresh", card)}


def saved_line(sheet: Sheet, line_pk: int, stage: str, typed: Typed) -> dict[str, object]:
    """What changes on the page when one line was saved, or could not be."""
    row = sheet_rows.line_row(sheet, sheet.line(line_pk), stage=stage, typed=typed)
    groups = sheet_rows.groups_above(sheet, sheet.line(line_pk))
    in_review = stage == Stage.REVIEWED
    points = f"{stage}_points"
    return {
        "row": row,
        "points": getattr(row, points),
        "groups": [{"key": group.key, "points": getattr(group, points)} for group in groups],
        "totals": sheet_rows.totals_of(sheet, stage),
        "missing": sheet_rows.missing_for_review(sheet) if in_review else sheet_rows.missing_in_short(sheet),
        "ready_text": _ready_for_conclusion() if in_review else _ready_for_submission(),
    }


def _ready_for_submission() -> str:
    return _("Everything is filled in: the card can be submitted.")


def _ready_for_conclusion() -> str:
    return _("Every line is reviewed: the review can be concluded.")
