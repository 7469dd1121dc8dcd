"""What the pages show: rows and words made ready, so that templates neither compare nor count."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from awards.calculations import reward_money
from awards.enums import (
    AwardSystem,
    CampaignKind,
    CampaignStatus,
    CommendationStatus,
    PledgeGroup,
    PledgeStatus,
    RecipientKind,
    TargetDirection,
)
from awards.models import BaseSalary, Campaign, Commendation, Pledge, PledgeItem
from awards.queries import BoardRow, CampaignCounts, KindCount
from cluster_app.audit.models import AuditEvent
from cluster_app.lib.points import format_value
from cluster_app.lib.wording import date_short, whole_number
from members.addresses import year_url
from members.models import EmulationYear, User

Badge = dict[str, object]

_PLEDGE_CSS = {PledgeStatus.DRAFT: "draft", PledgeStatus.OPEN: "submitted", PledgeStatus.SIGNED: "ok"}
_CAMPAIGN_CSS = {
    CampaignStatus.PREPARED: "draft",
    CampaignStatus.LAUNCHED: "info",
    CampaignStatus.REVIEWED: "reviewed",
    CampaignStatus.CONCLUDED: "ok",
}


# --- Pledge ---


def pledge_badge(pledge: Pledge) -> Badge:
    return {"css": _PLEDGE_CSS[PledgeStatus(pledge.status)], "label": pledge.get_status_display()}


def pledge_groups(items: Iterable[PledgeItem]) -> list[dict[str, object]]:
    """The items under the four heads of domain.md 2; heads without items are left out."""
    groups: dict[str, list[PledgeItem]] = {group: [] for group in PledgeGroup.values}
    for item in items:
        groups[item.group].append(item)
    return [
        {
            "title": f"{group}. {PledgeGroup(group).label}",
            "start": of_group[0].order,
            "rows": [{"order": item.order, "text": item.text, "target": target_label(item)} for item in of_group],
        }
        for group, of_group in groups.items()
        if of_group
    ]


def target_label(item: PledgeItem) -> str:
    """What the item promises in figures, in the language of the page."""
    if item.target_value is None or item.direction == TargetDirection.YES:
        return ""
    figure = f"{format_value(item.target_value)} {item.unit_of_measure}".strip().replace(" %", "%")
    text = _("at most %(figure)s") if item.direction == TargetDirection.AT_MOST else _("at least %(figure)s")
    return text % {"figure": figure}


def board_rows(board: Sequence[BoardRow]) -> list[dict[str, object]]:
    """Who has signed, how and when; who has not."""
    rows: list[dict[str, object]] = []
    for row in board:
        signature = row.signature
        state: Badge = {"css": "neutral", "label": _("Not signed yet")}
        if signature is not None:
            state = {"css": "ok", "label": _("Signed on %(day)s") % {"day": date_short(signature.signed_on)}}
        rows.append(
            {
                "unit": row.membership.name,
                "title": row.membership.title,
                "state": state,
                "office": signature.office if signature else "",
                "method": signature.get_method_display() if signature else "",
            }
        )
    return rows


# --- Campaigns ---


def campaign_badge(campaign: Campaign) -> Badge:
    return {"css": _CAMPAIGN_CSS[CampaignStatus(campaign.status)], "label": campaign.get_status_display()}


def campaign_period(campaign: Campaign) -> str:
    start = date_short(campaign.starts_on)
    return f"{start} – {date_short(campaign.ends_on)}" if campaign.ends_on else _("from %(day)s") % {"day": start}


def campaign_launcher(campaign: Campaign) -> str:
    return campaign.membership.short_name if campaign.membership else campaign.launching_authority


def campaign_groups(
    year: EmulationYear, campaigns: Iterable[Campaign], counts: CampaignCounts, *, shows_figures: bool
) -> list[dict[str, object]]:
    """The campaigns under their kind, each kind with its own count (domain.md 3: never mixed)."""
    by_kind: dict[str, list[dict[str, object]]] = {kind: [] for kind in CampaignKind.values}
    for campaign in campaigns:
        by_kind[campaign.kind].append(_campaign_row(year, campaign, shows_figures=shows_figures))
    return [
        {
            "title": CampaignKind(kind).label,
            "count": getattr(counts, kind).total,
            "summary": _kind_summary(getattr(counts, kind), year.cluster.get_kind_display()),
            "rows": rows,
        }
        for kind, rows in by_kind.items()
    ]


def _kind_summary(count: KindCount, cluster_kind: str) -> str:
    parts = [
        _("%(count)s launched by the %(kind)s") % {"count": count.cluster, "kind": cluster_kind},
        _("%(count)s by units") % {"count": count.unit},
        _("%(count)s joined from above") % {"count": count.joined},
    ]
    if count.prepared:
        parts.append(_("%(count)s being prepared, not counted") % {"count": count.prepared})
    return " · ".join(parts)


def _campaign_row(year: EmulationYear, campaign: Any, *, shows_figures: bool) -> dict[str, object]:
    awards = f"{campaign.collective_count} / {campaign.individual_count}" if shows_figures else ""
    return {
        "title": {"text": campaign.title, "url": year_url("awards:campaign_detail", year, pk=campaign.pk)},
        "launcher": campaign_launcher(campaign),
        "period": campaign_period(campaign),
        "awards": awards,
        "state": campaign_badge(campaign),
    }


def campaign_facts(campaign: Campaign) -> list[tuple[str, str]]:
    """Label and value of everything that is known about the campaign."""
    document = campaign.document_number
    if document and campaign.document_on:
        document = _("%(number)s of %(day)s") % {"number": document, "day": date_short(campaign.document_on)}
    pairs = [
        (_("Code"), campaign.code),
        (_("Kind"), campaign.get_kind_display()),
        (_("Who launched it"), campaign.get_origin_display()),
        (_("Launching unit"), campaign.membership.name if campaign.membership else ""),
        (_("Launching authority"), campaign.launching_authority),
        (_("Launching document"), document),
        (_("Scope"), campaign.get_scope_display()),
        (_("Period"), campaign_period(campaign)),
        (_("Slogan"), campaign.slogan),
    ]
    return [(label, value) for label, value in pairs if value]


# --- Commendations ---


def commendation_badge(commendation: Commendation, year: EmulationYear) -> Badge:
    """Whether the row counts, and if not, why not."""
    rules, decided_on = year.rules, commendation.decision.decided_on
    if commendation.status == CommendationStatus.REVOKED:
        return {"css": "revoked", "label": _("Revoked")}
    if commendation.confirmed_at is None:
        return {"css": "warn", "label": _("To be confirmed")}
    if not rules.tally_from <= decided_on <= rules.tally_to:
        return {"css": "neutral", "label": _("Outside the tally period")}
    if commendation.award_form.system != AwardSystem.STATE:
        return {"css": "neutral", "label": _("Beside the tally")}
    return {"css": "ok", "label": _("Confirmed")}


def decision_text(commendation: Commendation) -> str:
    decision = commendation.decision
    return _("%(number)s of %(day)s") % {"number": decision.number, "day": date_short(decision.decided_on)}


def register_row(commendation: Commendation, year: EmulationYear) -> dict[str, object]:
    return {
        "pk": commendation.pk,
        "recipient": {
            "text": commendation.recipient,
            "url": year_url("awards:commendation_detail", year, pk=commendation.pk),
        },
        "position": commendation.position,
        "unit": commendation.membership.short_name,
        "form": commendation.award_form.name,
        "level": commendation.award_form.get_level_display(),
        "decision": decision_text(commendation),
        "occasions": whole_number(commendation.occasions),
        "state": commendation_badge(commendation, year),
    }


def commendation_facts(commendation: Commendation, base_salary: BaseSalary | None) -> list[tuple[str, object]]:
    """Label and value of everything that is known about the row."""
    direct = {True: _("Yes"), False: _("No"), None: ""}[commendation.is_direct_worker]
    pairs: list[tuple[str, object]] = [
        (_("Member unit"), commendation.membership.name),
        (_("Title or form"), commendation.award_form.name),
        (_("Level"), commendation.award_form.get_level_display()),
        (_("Recipient kind"), commendation.get_recipient_kind_display()),
        (_("Position"), commendation.position),
        (_("Occasions"), whole_number(commendation.occasions)),
        (_("Type"), commendation.get_type_display()),
        (_("Campaign"), commendation.campaign.title if commendation.campaign else ""),
        (_("Direct worker"), direct),
        (_("Decision"), decision_text(commendation)),
        (_("Signed by"), commendation.decision.signer),
        (_("Reward by law"), reward_text(commendation, base_salary)),
        (_("Note"), commendation.note),
        (_("Reason of the revocation"), commendation.revoked_reason),
        (_("Recorded"), _by_and_when(commendation.recorded_by, commendation.recorded_at)),
        (_("Confirmed"), _by_and_when(commendation.confirmed_by, commendation.confirmed_at)),
    ]
    return [(label, value) for label, value in pairs if value]


def reward_text(commendation: Commendation, base_salary: BaseSalary | None) -> str:
    """The reward for one occasion with the figures it comes from; empty where the catalogue has no coefficient."""
    form = commendation.award_form
    coefficient = {
        RecipientKind.INDIVIDUAL: form.individual_coefficient,
        RecipientKind.COLLECTIVE: form.collective_coefficient,
        RecipientKind.HOUSEHOLD: None,
    }[RecipientKind(commendation.recipient_kind)]
    if coefficient is None or base_salary is None:
        return ""
    text = _("%(money)s đồng an occasion (%(coefficient)s × %(salary)s, rounded up to 10.000)")
    return text % {
        "money": whole_number(reward_money(coefficient, base_salary.amount)),
        "coefficient": format_value(coefficient),
        "salary": whole_number(base_salary.amount),
    }


def _by_and_when(person: User | None, moment: datetime | None) -> str:
    return f"{person} · {timezone.localtime(moment):%d/%m/%Y %H:%M}" if moment else ""


def history_rows(events: Iterable[AuditEvent]) -> list[dict[str, str]]:
    """The acts on a row, newest first, in the words of the page."""
    names = {
        "commendation.record": _("Recorded"),
        "commendation.edit": _("Corrected"),
        "commendation.confirm": _("Confirmed"),
        "commendation.revoke": _("Revoked"),
    }
    return [
        {
            "when": f"{timezone.localtime(event.at):%d/%m/%Y %H:%M}",
            "what": names.get(event.verb, event.verb),
            "who": event.actor,
        }
        for event in events
    ]
