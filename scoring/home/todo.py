"""What a person must do now, by role and phase: deadlines first, each item a link to the thing itself."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from awards import permissions as awards_permissions
from awards import queries as awards_queries
from awards.enums import CampaignStatus, PledgeStatus
from awards.models import Campaign
from members import permissions as members_permissions
from members import queries as members_queries
from members.addresses import year_url
from members.calculations import late_days
from members.enums import AssignmentRole, DeadlineStep, Phase
from members.queries import Due
from members.relations import Relation
from members.services import years
from members.workflow import BY_TWO_PERSONS, NEXT_STEP, YEAR
from scoring import permissions, queries
from scoring.enums import CardStatus, SubmissionWay
from scoring.home import decisions
from scoring.home import overview as reads
from scoring.home.items import Todo, card_url, due_of, filled, item, named
from scoring.home.overview import REQUIRED_KEYS, Overview, UnitState
from scoring.models import Scorecard
from scoring.workflow import OPEN_PHASES
from scoring.year_end.queries import issued_of

_OVER = (Phase.CONCLUDED, Phase.ARCHIVED)


def todos_of(overview: Overview) -> list[Todo]:
    """What the person has to do, what is due first standing first and what has no date last."""
    found = [*_of_own_units(overview), *_of_campaigns(overview), *decisions.to_approve(overview)]
    if overview.has(Relation.LEADER, Relation.DEPUTY, Relation.SECRETARIAT) or _held_an_office(overview):
        found += decisions.of_two_persons(overview)
    if overview.has(Relation.SECRETARIAT):
        found += _of_secretariat(overview)
    found += [*_asked_to_review(overview), *_objections(overview)]
    if overview.has(Relation.LEADER, Relation.SECRETARIAT):
        found += [*_pledge_to_prepare(overview), *_summary(overview)]
    if overview.has(Relation.SECRETARIAT):
        found += _next_phase(overview)
    return sorted(found, key=lambda todo: (todo.due_at is None, todo.due_at and todo.due_at.timestamp()))


def _held_an_office(overview: Overview) -> bool:
    """Who led an archived year, or was its deputy, still decides whether it is opened again."""
    return overview.year.is_archived and members_permissions.can_conclude_year(overview.user, overview.year)


# --- The own unit ---


def _of_own_units(overview: Overview) -> Iterator[Todo]:
    for unit in overview.own_units:
        yield from _pledge_to_sign(overview, unit)
        if unit.card is None:
            continue
        if "fill" in queries.open_steps(overview.user, unit.card):
            yield _own_card(overview, unit, unit.card)
        yield from _estimates(overview, unit, unit.card)


def _pledge_to_sign(overview: Overview, unit: UnitState) -> Iterator[Todo]:
    is_open = overview.pledge_status in (PledgeStatus.OPEN, PledgeStatus.SIGNED) and overview.year.phase not in _OVER
    if is_open and not unit.has_signed:
        text = _("Sign the pledge for %(unit)s") if unit.signs else _("Have the pledge signed for %(unit)s")
        why = "" if unit.signs else _("It is signed by the head of the unit.")
        url = year_url("awards:pledge_detail", overview.year)
        yield item(overview, text % named(unit), url, why=why, due=due_of(overview, DeadlineStep.PLEDGE_SIGNING, unit))


def _own_card(overview: Overview, unit: UnitState, card: Scorecard) -> Todo:
    url = card_url("scoring:scorecard_detail", unit)
    if card.status == CardStatus.RETURNED:
        text, why = _("Correct the returned score card of %(unit)s"), card.returned_reason
        return item(overview, text % named(unit), url, why=why, due=due_of(overview, DeadlineStep.REVIEWING, unit))
    why = filled(unit)
    if not unit.filled_count:
        text = _("Fill in the score card of %(unit)s")
    elif unit.filled_count < unit.line_count:
        text = _("Continue the score card of %(unit)s")
    elif unit.signs:
        text, url = _("Submit the score card of %(unit)s"), card_url("scoring:scorecard_submit", unit)
    else:
        text = _("Have the score card of %(unit)s signed and submitted")
    due = due_of(overview, DeadlineStep.SELF_SCORING, unit)
    if due is not None and due.is_extended:
        why += " · " + _("more time given: %(reason)s") % {"reason": due.reason}
    return item(overview, text % named(unit), url, why=why, due=due)


def _estimates(overview: Overview, unit: UnitState, card: Scorecard) -> Iterator[Todo]:
    """While cards are approved, official figures take the place of estimates: by the unit or who entered for it on its
    behalf. The secretariat reminds a unit that handed its card in itself."""
    count = unit.estimate_count
    is_time = overview.year.phase == Phase.APPROVING and "replace_estimate" in queries.open_steps(overview.user, card)
    if not count or not is_time:
        return
    if unit.is_own or unit.way == SubmissionWay.ON_BEHALF:
        text = ngettext(
            "Replace %(count)d estimate of %(unit)s by the official figure",
            "Replace %(count)d estimates of %(unit)s by the official figures",
            count,
        )
        url = card_url("scoring:estimate_list", unit)
    else:
        text = ngettext(
            "Remind %(unit)s to replace %(count)d estimate", "Remind %(unit)s to replace %(count)d estimates", count
        )
        url = card_url("scoring:scorecard_detail", unit)
    why, due = _("An approved card keeps its estimates."), due_of(overview, DeadlineStep.APPROVING, unit)
    yield item(overview, text % {"count": count, **named(unit)}, url, why=why, due=due)


# --- Campaigns ---


def _of_campaigns(overview: Overview) -> Iterator[Todo]:
    """Those whose time has come to be launched or concluded, of the own unit or of the cluster."""
    year = overview.year
    if not year.is_active or year.is_published or year.phase in _OVER or not _may_have_campaigns(overview):
        return
    today = timezone.localdate(overview.at)
    own = {unit.membership.pk for unit in overview.own_units}
    mine = [campaign for campaign in reads.open_campaigns(year) if _is_mine(overview, campaign, own)]
    prepared = [one for one in mine if one.status == CampaignStatus.PREPARED and one.starts_on <= today]
    ended = [one for one in mine if one.status != CampaignStatus.PREPARED and one.ends_on and one.ends_on < today]
    if len(prepared) == 1:
        launch = _("Launch the campaign “%(title)s”")
    else:
        launch = ngettext("Launch %(count)d campaign", "Launch %(count)d campaigns", len(prepared))
    if len(ended) == 1:
        conclude = _("Conclude the campaign “%(title)s”")
    else:
        conclude = ngettext("Conclude %(count)d campaign", "Conclude %(count)d campaigns", len(ended))
    yield from _campaigns(overview, prepared, launch, [campaign.starts_on for campaign in prepared])
    yield from _campaigns(overview, ended, conclude, [campaign.ends_on for campaign in ended if campaign.ends_on])


def _may_have_campaigns(overview: Overview) -> bool:
    return bool(overview.own_units) or overview.has(Relation.LEADER, Relation.SECRETARIAT)


def _is_mine(overview: Overview, campaign: Campaign, own: set[int]) -> bool:
    if awards_permissions.is_own_drive(campaign.kind, campaign.origin):
        return campaign.membership_id in own
    return awards_permissions.can_write_campaign(overview.user, campaign)


def _campaigns(overview: Overview, campaigns: Sequence[Campaign], text: str, days: Sequence[date]) -> Iterator[Todo]:
    """One campaign is named, several are one item that leads to their list."""
    if not campaigns:
        return
    first, year = campaigns[0], overview.year
    is_one = len(campaigns) == 1
    url = year_url("awards:campaign_detail", year, pk=first.pk) if is_one else year_url("awards:campaign_list", year)
    why = "" if is_one else " · ".join(campaign.title for campaign in campaigns)
    end_of_day = timezone.make_aware(datetime.combine(min(days), time(23, 59, 59)))
    due = Due(end_of_day, is_hard=False, is_extended=False, reason="")
    yield item(overview, text % {"title": first.title, "count": len(campaigns)}, url, why=why, due=due)


# --- The secretariat ---


def _of_secretariat(overview: Overview) -> Iterator[Todo]:
    for unit, card in overview.cards:
        if not unit.is_own:
            yield from _card_of_other(overview, unit, card)
    yield from _commendations_to_confirm(overview)
    yield from _missing_accounts(overview)


def _card_of_other(overview: Overview, unit: UnitState, card: Scorecard) -> Iterator[Todo]:
    """A submitted card is reviewed; who is late or left estimates is reminded."""
    yield from _to_review(overview, unit, card)
    due = due_of(overview, DeadlineStep.SELF_SCORING, unit)
    is_awaited = card.status == CardStatus.DRAFT and overview.year.phase in OPEN_PHASES["submit"]
    if is_awaited and due is not None and late_days(due.due_at, overview.at):
        text = _("Remind %(unit)s to submit its score card") % named(unit)
        yield item(overview, text, card_url("scoring:scorecard_detail", unit), why=filled(unit), due=due)
    yield from _estimates(overview, unit, card)


def _to_review(overview: Overview, unit: UnitState, card: Scorecard) -> Iterator[Todo]:
    """A submitted card is reviewed line by line, then concluded."""
    if "review" in queries.open_steps(overview.user, card):
        counts = {"done": unit.reviewed_count, "all": unit.line_count}
        if unit.reviewed_count < unit.line_count:
            text, why = _("Review the score card of %(unit)s"), _("%(done)d of %(all)d criteria reviewed") % counts
        else:
            text, why = _("Conclude the review of %(unit)s"), _("All %(all)d criteria are reviewed.") % counts
        url = card_url("scoring:scorecard_review", unit)
        yield item(overview, text % named(unit), url, why=why, due=due_of(overview, DeadlineStep.REVIEWING, unit))


def _asked_to_review(overview: Overview) -> Iterator[Todo]:
    """The cards that the person is asked to review; the secretariat has all of them on its list anyway."""
    if overview.has(Relation.SECRETARIAT):
        return
    for unit, card in overview.cards:
        if not unit.is_own and permissions.is_reviewer(overview.user, card):
            yield from _to_review(overview, unit, card)


def _objections(overview: Overview) -> Iterator[Todo]:
    """The open objections to cards that the person reviews, by unit."""
    user = overview.user
    if overview.year.phase not in OPEN_PHASES["object"]:
        return
    for unit, card in overview.cards:
        if unit.objection_count and not unit.is_own and _reviews(overview, card):
            count = unit.objection_count
            text = ngettext(
                "Settle %(count)d objection of %(unit)s", "Settle %(count)d objections of %(unit)s", count
            ) % {"count": count, **named(unit)}
            can_list = permissions.can_list_objections(user, overview.year)
            url = card_url("scoring:scorecard_detail", unit)
            url = year_url("scoring:objection_list", overview.year) if can_list else url
            yield item(overview, text, url, why=_("The card cannot be approved before."))


def _reviews(overview: Overview, card: Scorecard) -> bool:
    return overview.has(Relation.SECRETARIAT) or permissions.is_reviewer(overview.user, card)


def _commendations_to_confirm(overview: Overview) -> Iterator[Todo]:
    if overview.year.is_archived:
        return
    counts = awards_queries.unconfirmed_counts(overview.year)
    waiting = [unit for unit in overview.units if not unit.is_own and counts.get(unit.membership.pk)]
    if waiting:
        count = sum(counts[unit.membership.pk] for unit in waiting)
        text = ngettext("Check %(count)d commendation", "Check %(count)d commendations", count) % {"count": count}
        why = " · ".join(f"{unit.membership.short_name} {counts[unit.membership.pk]}" for unit in waiting)
        url = f"{year_url('awards:commendation_list', overview.year)}?state=waiting"
        yield item(overview, text, url, why=why, due=due_of(overview, DeadlineStep.CONFERENCE))


def _missing_accounts(overview: Overview) -> Iterator[Todo]:
    """Only before the cards are opened: later a unit without a signatory is noticed by other things."""
    year = overview.year
    if year.phase not in (Phase.PREPARING, Phase.RUNNING) or not overview.units:
        return
    held = members_queries.accounts_of_units(year)
    signed_for = {account.unit_id for account in held if account.role == AssignmentRole.SIGNATORY}
    if missing := [unit for unit in overview.units if unit.membership.unit_id not in signed_for]:
        text = ngettext("Make the account of %(count)d unit", "Make the accounts of %(count)d units", len(missing))
        url = year_url("members:accounts_make", year)
        yield item(overview, text % {"count": len(missing)}, url, why=reads.names(missing))


def _next_phase(overview: Overview) -> Iterator[Todo]:
    """The step that the secretariat takes alone, with what is still missing."""
    year = overview.year
    step = NEXT_STEP[Phase(year.phase)]
    if step in BY_TWO_PERSONS or not members_permissions.can_advance_year(overview.user, year):
        return
    target = Phase(YEAR.transitions[step].target)
    missing = years.missing_for(year, target)
    why = " ".join([_("Still missing:"), *missing]) if missing else _("Nothing is missing.")
    text = _("Lead the year into the phase “%(phase)s”") % {"phase": target.label}
    yield item(overview, text, year_url("members:year_move", year), why=why)


# --- What leader and secretariat write ---


def _pledge_to_prepare(overview: Overview) -> Iterator[Todo]:
    year, due = overview.year, due_of(overview, DeadlineStep.PLEDGE_SIGNING)
    if not overview.units or year.phase in _OVER:
        return
    url = year_url("awards:pledge_detail", year)
    unsigned = [unit for unit in overview.units if not unit.has_signed]
    if not overview.pledge_status:
        yield item(overview, _("Draft the pledge of the year"), year_url("awards:pledge_write", year), due=due)
    elif overview.pledge_status == PledgeStatus.DRAFT:
        yield item(overview, _("Open the pledge for signing"), url, due=due)
    elif unsigned and overview.has(Relation.SECRETARIAT):
        count = len(unsigned)
        text = ngettext("%(count)d unit has not signed the pledge", "%(count)d units have not signed the pledge", count)
        yield item(overview, text % {"count": count}, url, why=reads.names(unsigned), due=due)


def _summary(overview: Overview) -> Iterator[Todo]:
    """The paragraphs that it cannot do without; then, once the results are known, its issue."""
    year = overview.year
    missing = len(REQUIRED_KEYS) - overview.paragraph_count
    if missing and year.phase in (Phase.APPROVING, Phase.CONFERENCE):
        text = ngettext(
            "Write %(count)d paragraph of the annual summary",
            "Write %(count)d paragraphs of the annual summary",
            missing,
        )
        url, due = year_url("scoring:summary_paragraphs", year), due_of(overview, DeadlineStep.CONFERENCE)
        why = _("The official edition cannot be issued without them.")
        yield item(overview, text % {"count": missing}, url, why=why, due=due)
    elif not missing and year.is_published and not year.is_archived and issued_of(year) is None:
        due = due_of(overview, DeadlineStep.CONCLUSION)
        yield item(overview, _("Issue the annual summary"), year_url("scoring:summary_issue", year), due=due)
