"""How the admin restates a score card: its totals in a row, and who did what with it."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cluster_app.lib.points import format_points, format_signed
from members.addresses import year_url
from scoring import approval_words, objection_marks, queries
from scoring.models import Approval, Scorecard
from scoring.services import estimates
from scoring.sheets import Sheet


def summary_columns() -> list[dict[str, str]]:
    return [
        {"key": "unit", "label": _("Unit")},
        {"key": "self", "label": _("Self-scored"), "css": "num"},
        {"key": "reviewed", "label": _("Reviewed"), "css": "num"},
        {"key": "difference", "label": _("Difference"), "css": "num"},
        {"key": "bonus", "label": _("Bonus"), "css": "num"},
        {"key": "penalty", "label": _("Penalty"), "css": "num"},
        {"key": "total", "label": _("Total"), "css": "num"},
        {"key": "status", "label": _("Status")},
    ]


def summary_row(card: Scorecard) -> dict[str, object]:
    both = card.reviewed_total is not None and card.self_total is not None
    return {
        "unit": card.membership.name,
        "self": format_points(card.self_total),
        "reviewed": format_points(card.reviewed_total),
        "difference": format_signed(card.reviewed_total - card.self_total) if both else format_points(None),
        "bonus": format_points(card.bonus_points),
        "penalty": format_points(card.penalty_points),
        "total": format_points(card.total_points),
        "status": {"css": card.status, "label": card.get_status_display()},
    }


def facts(card: Scorecard) -> list[dict[str, str]]:
    """Who did what with the card, and when."""
    found = [{"label": _("Status"), "value": card.get_status_display()}]
    for label, at, by in (
        (_("Submitted"), card.submitted_at, card.submitted_by),
        (_("Reviewed"), card.reviewed_at, card.reviewed_by),
    ):
        if at is not None:
            found.append({"label": label, "value": f"{date_format(localtime(at), 'DATETIME_FORMAT')} · {by}"})
    last = card.submissions.select_related("paper", "submitted_by").order_by("-number").first()
    if last is not None and last.paper is not None:
        membership = card.membership
        place = {"code": membership.unit.code, "pk": last.paper.pk}
        found.append({"label": _("Way"), "value": f"{last.get_way_display()} · {last.submitted_by}"})
        found.append(
            {
                "label": _("Signed paper"),
                "value": f"{last.paper.number} · {date_format(last.paper.signed_on)}",
                "url": year_url("scoring:paper_download", membership.year, **place),
            }
        )
    for approval in reversed(queries.approvals_of(card)):
        text = f"{date_format(localtime(approval.approved_at), 'DATETIME_FORMAT')} · {approval.approver}"
        label = _("Approved") if approval.revoked_at is None else _("Approval, revoked")
        words = f"{text} · {approval_words.office(approval)} · {approval.digest[:8]}"
        found.append({"label": label, "value": words if approval.revoked_at is None else _revoked(words, approval)})
    return found


def _revoked(words: str, approval: Approval) -> str:
    day = date_format(localtime(approval.revoked_at), "DATETIME_FORMAT")
    text = _("%(approval)s; revoked %(day)s by %(person)s: %(reason)s")
    person, reason = approval.revoked_by, approval.revoked_reason
    return text % {"approval": words, "day": day, "person": person, "reason": reason}


def remarks(sheet: Sheet, at: datetime) -> list[str]:
    """What somebody who approves the card should know of it."""
    return list(filter(None, (_estimates_left(sheet), objection_marks.still_open(sheet.card, at))))


def _estimates_left(sheet: Sheet) -> str:
    codes = [line.criterion.code for line in estimates.of_sheet(sheet)]
    if not codes:
        return ""
    text = ngettext(
        "%(count)d value is still an estimate for the whole year: %(codes)s.",
        "%(count)d values are still estimates for the whole year: %(codes)s.",
        len(codes),
    )
    return text % {"count": len(codes), "codes": ", ".join(codes)}
