"""What the pages of one card show, as the templates read it."""

from datetime import datetime

from django.utils.translation import gettext as _

from members.addresses import year_url
from members.enums import PendingKind
from members.models import User
from members.services import pending
from scoring import papers, permissions, queries, sheet_rows
from scoring.enums import CardStatus, Stage
from scoring.forms import Typed
from scoring.models import Scorecard
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
    }


def fill_page(user: User, sheet: Sheet, at: datetime, typed: Typed | None = None) -> dict[str, object]:
    """The sheet with its inputs, for the unit and for those who enter on its behalf."""
    card = sheet.card
    return head(user, card, at) | {
        "rows": sheet_rows.rows(sheet, stage=Stage.SELF, typed=typed, is_open=True),
        "totals": sheet_rows.totals_of(sheet, Stage.SELF),
        "missing": sheet_rows.missing_in_short(sheet),
        "ready_text": _ready_for_submission(),
        "error_count": len(typed.errors) if typed else 0,
        "returned_codes": [line.criterion.code for line in sheet.lines if line.is_returned],
        "is_on_behalf": not queries.is_own_card(user, card),
        "can_submit": "submit" in queries.open_steps(user, card),
        "save_url": card_url("scoring:scorecard_save", card),
        "line_url": card_url("scoring:line_save", card),
    }


def read_page(user: User, sheet: Sheet, at: datetime, *, only_changed: bool) -> dict[str, object]:
    """The sheet to read: self, reviewed and final beside each other."""
    card = sheet.card
    steps = queries.open_steps(user, card)
    sees_review = queries.sees_review(user, card)
    approvals = queries.approvals_of(card)
    approval = next((one for one in approvals if one.revoked_at is None), None)
    return head(user, card, at) | {
        "rows": sheet_rows.rows(sheet, only_changed=only_changed),
        "only_changed": only_changed,
        "sees_review": sees_review,
        "has_review": sees_review and card.reviewed_total is not None,
        "self_totals": sheet_rows.totals_of(sheet, Stage.SELF),
        "reviewed_totals": sheet_rows.totals_of(sheet, Stage.REVIEWED),
        "final_totals": sheet_rows.totals_of(sheet, Stage.FINAL) if card.total_points is not None else None,
        "approval": approval,
        "approval_code": papers.approval_code(approval),
        "is_returned": card.status == CardStatus.RETURNED,
        "revoked": [one for one in approvals if one.revoked_at is not None],
        "can_review": "review" in steps,
        "can_return": "return" in steps,
        "can_reopen": "reopen" in steps,
        "can_approve": card.status == CardStatus.REVIEWED and _may_approve(user, card),
        "reopening": pending.open_step(PendingKind.REOPEN_CARD, card),
    }


def _may_approve(user: User, card: Scorecard) -> bool:
    """Whether the link to the approval leads anywhere for this person."""
    return permissions.is_allowed("card.approve", user, card)


def review_page(user: User, sheet: Sheet, at: datetime, typed: Typed | None = None) -> dict[str, object]:
    """The sheet with self beside reviewed, for the reviewer."""
    card = sheet.card
    return head(user, card, at) | {
        "rows": sheet_rows.rows(sheet, stage=Stage.REVIEWED, typed=typed, is_open=True),
        "totals": sheet_rows.totals_of(sheet, Stage.REVIEWED),
        "self_totals": sheet_rows.totals_of(sheet, Stage.SELF),
        "missing": sheet_rows.missing_for_review(sheet),
        "ready_text": _ready_for_conclusion(),
        "error_count": len(typed.errors) if typed else 0,
        "save_url": card_url("scoring:review_save", card),
        "line_url": card_url("scoring:review_line_save", card),
        "accept_url": card_url("scoring:scorecard_accept", card),
    }


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
