"""Campaigns of the year: writing them, launching, reviewing and concluding them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from awards.enums import CampaignKind, CampaignOrigin, CampaignScope, ParticipationStatus
from awards.models import Campaign, CampaignParticipation
from awards.permissions import check_can_record_participation, check_can_write_campaign
from awards.services.guards import check_unchanged
from awards.workflow import CAMPAIGN
from cluster_app.audit.rows import plain
from cluster_app.lib.errors import Refused, save_checked
from cluster_app.lib.locking import for_update
from members.models import EmulationYear, Membership, User
from members.services import journal, years


@dataclass(frozen=True, kw_only=True)
class CampaignFacts:
    """A campaign as a person wrote it."""

    code: str
    title: str
    kind: CampaignKind
    origin: CampaignOrigin
    launching_authority: str
    starts_on: date
    membership: Membership | None = None
    slogan: str = ""
    document_number: str = ""
    document_on: date | None = None
    scope: CampaignScope = CampaignScope.CLUSTER
    ends_on: date | None = None
    objectives: str = ""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A unit's part in a campaign as a person recorded it; without a status it takes none."""

    membership: Membership
    status: ParticipationStatus | None
    note: str = ""


@transaction.atomic
def create(*, year: EmulationYear, facts: CampaignFacts, by: User, at: datetime) -> Campaign:
    """Prepares a campaign of the cluster, or a unit's own drive."""
    year = years.lock(year)
    campaign = Campaign(year=year)
    _take(campaign, facts)
    check_can_write_campaign(by, campaign)
    _check_unit(campaign)
    save_checked(campaign)
    journal.append(year, by=by, at=at, verb="campaign.create", thing=campaign, changes=_plain(facts))
    return campaign


@transaction.atomic
def edit(*, campaign: Campaign, facts: CampaignFacts, by: User, at: datetime, seen: str | None = None) -> Campaign:
    """Rewrites a campaign that is not concluded. Raises Stale if it is not the one the person saw.

    Asks for the right toward the campaign as it was and as it becomes: nobody makes a unit's drive the cluster's.
    """
    campaign = _locked(campaign)
    check_can_write_campaign(by, campaign)
    CAMPAIGN.check("edit", campaign.status)
    check_unchanged(seen, campaign)
    _take(campaign, facts)
    check_can_write_campaign(by, campaign)
    _check_unit(campaign)
    save_checked(campaign)
    journal.append(campaign.year, by=by, at=at, verb="campaign.edit", thing=campaign, changes=_plain(facts))
    return campaign


@transaction.atomic
def launch(*, campaign: Campaign, by: User, at: datetime) -> Campaign:
    """Launches a prepared campaign. Raises Refused with everything that is missing."""
    campaign = _locked(campaign)
    check_can_write_campaign(by, campaign)
    target = CAMPAIGN.check("launch", campaign.status).target
    if missing := missing_for_launch(campaign):
        raise Refused(_("The campaign cannot be launched yet: something is missing."), missing=missing)
    return _move(campaign, "launch", target, by, at)


@transaction.atomic
def review(*, campaign: Campaign, by: User, at: datetime) -> Campaign:
    """Records that the launched campaign was reviewed at half-time."""
    campaign = _locked(campaign)
    check_can_write_campaign(by, campaign)
    return _move(campaign, "review", CAMPAIGN.check("review", campaign.status).target, by, at)


@transaction.atomic
def conclude(*, campaign: Campaign, results: str, by: User, at: datetime) -> Campaign:
    """Concludes the campaign with its closing summary."""
    campaign = _locked(campaign)
    check_can_write_campaign(by, campaign)
    target = CAMPAIGN.check("conclude", campaign.status).target
    if not results.strip():
        raise Refused(errors={"results": [_("Write the results: they are the closing summary of the campaign.")]})
    campaign.results = results.strip()
    return _move(campaign, "conclude", target, by, at, changes={"results": campaign.results})


@transaction.atomic
def reopen(*, campaign: Campaign, reason: str, by: User, at: datetime) -> Campaign:
    """Opens a concluded campaign again, with the reason, so that it can be corrected."""
    campaign = _locked(campaign)
    check_can_write_campaign(by, campaign)
    target = CAMPAIGN.check("reopen", campaign.status, reason=reason).target
    return _move(campaign, "reopen", target, by, at, reason=reason.strip())


@transaction.atomic
def record_participation(
    *, campaign: Campaign, parts: Sequence[Part], by: User, at: datetime, seen: str | None = None
) -> list[CampaignParticipation]:
    """Records how far units take part in a campaign that is launched; returns the rows that changed, all or none.

    A part without a status takes the unit's row away: the audit log keeps what it said. Raises WrongState toward a unit
    from the review on, Refused for a unit of another year and for a note without a status, Stale if the rows of these
    units are not those the person saw.
    """
    campaign = _locked(campaign)
    for part in parts:
        check_can_record_participation(by, campaign.year, part.membership)
    CAMPAIGN.check("participate", campaign.status)
    for part in parts:
        _check_part(campaign, part)
    rows = participation_rows(campaign, [part.membership for part in parts])
    check_unchanged(seen, *rows)
    recorded = {row.membership_id: row for row in rows}
    changed = [_record_part(campaign, part, recorded.get(part.membership.pk), by, at) for part in parts]
    return [row for row in changed if row is not None]


def participation_rows(campaign: Campaign, memberships: Iterable[Membership]) -> list[CampaignParticipation]:
    """The rows of these units in the campaign, in one order, for the fingerprint of a page that shows them."""
    return list(campaign.participations.filter(membership__in=list(memberships)).order_by("membership_id"))


def missing_for_launch(campaign: Campaign) -> list[str]:
    """What the campaign still lacks (C2). A campaign that was joined from above needs no paper of the cluster."""
    missing = []
    if not campaign.objectives.strip():
        missing.append(_("The objectives are not written."))
    if campaign.origin != CampaignOrigin.JOINED:
        if not campaign.document_number:
            missing.append(_("The launching document has no number."))
        if campaign.document_on is None:
            missing.append(_("The launching document has no date."))
    return missing


def _check_part(campaign: Campaign, part: Part) -> None:
    if part.membership.year_id != campaign.year_id:
        raise Refused(_("%(unit)s is no member of this year.") % {"unit": part.membership.name})
    if part.status is None and part.note.strip():
        text = _("%(unit)s: say how far it takes part, or empty the note.")
        raise Refused(text % {"unit": part.membership.name})


def _record_part(
    campaign: Campaign, part: Part, row: CampaignParticipation | None, by: User, at: datetime
) -> CampaignParticipation | None:
    """Saves, changes or removes the row of one unit; None if it says the same already."""
    row = row or CampaignParticipation(campaign=campaign, membership=part.membership)
    before = {"status": row.status, "note": row.note}
    after = {"status": str(part.status or ""), "note": part.note.strip()}
    if before == after:
        return None
    row.status, row.note = after["status"], after["note"]
    if part.status is not None:
        save_checked(row)
    else:
        CampaignParticipation.objects.filter(pk=row.pk).delete()
    verb = "participation.remove" if part.status is None else "participation.record"
    changes = {"campaign": campaign.code, "unit": part.membership.name, "before": before, "after": after}
    journal.append(campaign.year, by=by, at=at, verb=verb, thing=row, changes=changes)
    return row


def _locked(campaign: Campaign) -> Campaign:
    year = years.lock(EmulationYear.objects.get(campaigns=campaign.pk))
    found = for_update(Campaign.objects).select_related("membership").get(pk=campaign.pk)
    found.year = year
    return found


def _take(campaign: Campaign, facts: CampaignFacts) -> None:
    for field in fields(facts):
        setattr(campaign, field.name, getattr(facts, field.name))


def _check_unit(campaign: Campaign) -> None:
    if campaign.origin != CampaignOrigin.UNIT and campaign.membership is not None:
        text = _("Only a campaign launched by a unit names one. Leave the unit empty, or change who launched it.")
        raise Refused(errors={"membership": [text]})
    if campaign.membership is not None and campaign.membership.year_id != campaign.year_id:
        raise Refused(errors={"membership": [_("%(unit)s is no member of this year.") % {"unit": campaign.membership}]})


def _move(
    campaign: Campaign,
    step: str,
    target: str,
    by: User,
    at: datetime,
    *,
    reason: str = "",
    changes: Mapping[str, object] | None = None,
) -> Campaign:
    campaign.status = target
    save_checked(campaign)
    journal.append(
        campaign.year,
        by=by,
        at=at,
        verb=f"campaign.{step}",
        thing=campaign,
        reason=reason,
        changes={"status": target, **(changes or {})},
    )
    return campaign


def _plain(facts: CampaignFacts) -> dict[str, object]:
    shallow = {field.name: getattr(facts, field.name) for field in fields(facts)}
    return {name: plain(value) for name, value in shallow.items()}
