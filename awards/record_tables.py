"""The tables of participation and of registered titles, every cell made ready."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from awards.enums import CampaignKind, ParticipationStatus, RecipientKind
from awards.models import Campaign, CampaignParticipation
from awards.presentation import Badge
from awards.records import CampaignRecord, Registered, RegisteredTitle
from awards.workflow import CAMPAIGN
from cluster_app.lib.points import format_percent
from cluster_app.lib.wording import whole_number
from members.addresses import year_url
from members.models import EmulationYear, Membership

_CSS = {
    ParticipationStatus.REGISTERED: "info",
    ParticipationStatus.ACTIVE: "reviewed",
    ParticipationStatus.REPORTED: "ok",
}
_ICONS = {
    ParticipationStatus.REGISTERED: "pen",
    ParticipationStatus.ACTIVE: "circle-half",
    ParticipationStatus.REPORTED: "check-circle",
}


# --- Participation ---


def participation_rows(
    members: Iterable[Membership], recorded: Mapping[int, CampaignParticipation]
) -> list[dict[str, object]]:
    """Every unit of the year and its part in one campaign; those without one are shown too."""
    rows: list[dict[str, object]] = []
    for member in members:
        row = recorded.get(member.pk)
        state: Badge = {"css": "neutral", "label": _("Takes no part")}
        if row is not None:
            state = {"css": _CSS[ParticipationStatus(row.status)], "label": row.get_status_display()}
        rows.append({"unit": member.name, "title": member.title, "state": state, "note": row.note if row else ""})
    return rows


def participation_matrix(
    year: EmulationYear, campaigns: Iterable[Campaign], records: Sequence[CampaignRecord]
) -> dict[str, object]:
    """Campaigns by units, the kinds apart: under each kind the number of campaigns that a unit reported on (C3)."""
    members = year.roster()
    status = {(record.campaign_pk, record.membership_id): record.status for record in records}
    by_kind: dict[str, list[Campaign]] = defaultdict(list)
    for campaign in campaigns:
        if CAMPAIGN.can("participate", campaign.status):
            by_kind[campaign.kind].append(campaign)
    return {
        "units": [{"name": member.name, "short_name": member.short_name} for member in members],
        "groups": [
            _matrix_group(year, members, kind, by_kind[kind], status) for kind in CampaignKind.values if by_kind[kind]
        ],
        "legend": [_mark(status) for status in ParticipationStatus.values],
    }


def _matrix_group(
    year: EmulationYear,
    members: Sequence[Membership],
    kind: str,
    campaigns: Sequence[Campaign],
    status: Mapping[tuple[int, int], str],
) -> dict[str, object]:
    reported = [
        sum(status.get((campaign.pk, member.pk)) == ParticipationStatus.REPORTED for campaign in campaigns)
        for member in members
    ]
    rows = [
        {
            "code": campaign.code,
            "title": campaign.title,
            "url": year_url("awards:campaign_detail", year, pk=campaign.pk),
            "cells": [
                {"unit": member.short_name, "mark": _mark(found) if found else None}
                for member in members
                for found in [status.get((campaign.pk, member.pk))]
            ],
        }
        for campaign in campaigns
    ]
    sums = [
        {"unit": member.short_name, "figure": whole_number(count)}
        for member, count in zip(members, reported, strict=True)
    ]
    title = _("%(kind)s: reported on") % {"kind": CampaignKind(kind).label}
    return {"title": title, "sums": sums, "rows": rows}


def _mark(status: str) -> dict[str, object]:
    """The icon of a status with its word: nine of them stand in a row."""
    part = ParticipationStatus(status)
    return {"icon": _ICONS[part], "label": part.label}


# --- Registered titles ---


def registration_tables(
    year: EmulationYear,
    found: Mapping[int, Registered],
    members: Iterable[Membership],
    may_write: Callable[[Membership], bool],
    may_withdraw: Callable[[Membership], bool],
) -> list[dict[str, object]]:
    """Each unit with what it registered and was awarded; a unit that registered nothing is shown too."""
    labels = {"edit": _("Edit"), "remove": pgettext("registration", "Withdraw")}
    may = {"edit": may_write, "remove": may_withdraw}
    return [
        {
            "unit": member.name,
            "title": member.title,
            "rows": [_title_row(year, row, steps) for row in found[member.pk].records],
            "sums": _sums([found[member.pk]]),
        }
        for member in members
        for steps in [{step: label for step, label in labels.items() if may[step](member)}]
    ]


def registration_total(found: Mapping[int, Registered], members: Iterable[Membership]) -> dict[str, str]:
    return _sums([found[member.pk] for member in members])


def _sums(parts: Sequence[Registered]) -> dict[str, str]:
    together = Registered(tuple(record for part in parts for record in part.records))
    return {
        "registered": whole_number(together.registered),
        "awarded": whole_number(sum(record.awarded for record in together.records)),
        "counted": whole_number(together.awarded),
        "percent": format_percent(together.percent),
    }


def _title_row(year: EmulationYear, record: RegisteredTitle, steps: Mapping[str, str]) -> dict[str, object]:
    return {
        "form": record.form_name,
        "kind": RecipientKind(record.recipient_kind).label,
        "document": record.document_number,
        "registered": whole_number(record.registered),
        "awarded": whole_number(record.awarded),
        "counted": whole_number(record.counted),
        "percent": format_percent(record.percent),
        "steps": [
            {"label": label, "url": year_url(f"awards:registration_{step}", year, pk=record.pk)}
            for step, label in steps.items()
        ],
    }
