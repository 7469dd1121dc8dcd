"""What leader, deputy, third unit and second persons decide: cards to approve, acts to propose and to confirm."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cluster_app.audit.rows import key_of
from members import permissions as members_permissions
from members.addresses import year_url
from members.enums import DeadlineStep, MemberRole, PendingKind, Phase
from members.models import Delegation
from members.queries import delegation_held
from members.relations import Relation, signatory_unit_ids
from scoring import offices, permissions
from scoring.enums import CardStatus
from scoring.home import overview as reads
from scoring.home.items import Todo, card_url, due_of, item, named
from scoring.home.overview import Overview, Proposal, UnitState
from scoring.models import Scorecard
from scoring.workflow import OPEN_PHASES

# Before these phases there is nothing that two persons do.
_WITH_PROPOSALS = (Phase.REVIEWING, Phase.APPROVING, Phase.CONFERENCE, Phase.CONCLUDED, Phase.ARCHIVED)
_PUBLISHING = (Phase.APPROVING, Phase.CONFERENCE)

Cards = list[tuple[UnitState, Scorecard]]


# --- Who approves ---


def to_approve(overview: Overview) -> Iterator[Todo]:
    """The cards that `permissions.check_can_approve` lets this person approve now, in at most four queries."""
    is_open = overview.year.phase in OPEN_PHASES["approve"] and overview.has(Relation.SIGNATORY)
    others = [(unit, card) for unit, card in overview.cards if not unit.is_own]
    reviewed = [
        (unit, card)
        for unit, card in others
        if is_open and card.status == CardStatus.REVIEWED and not unit.objection_count
    ]
    if not reviewed:
        return
    if overview.has(Relation.LEADER):
        yield from _as_leader(overview, reviewed)
    elif overview.has(Relation.DEPUTY):
        yield from _as_deputy(overview, reviewed)
    else:
        yield from _as_third_unit(overview, reviewed)


def _as_leader(overview: Overview, reviewed: Cards) -> Iterator[Todo]:
    """All cards in one item, which leads to the admin's list of them."""
    user = overview.user
    reviewers = offices.reviewers_of([card for _unit, card in reviewed])
    units = [unit for unit, card in reviewed if permissions.can_see(user, card) and user.pk not in reviewers[card.pk]]
    if units:
        text = ngettext("%(count)d score card to approve", "%(count)d score cards to approve", len(units))
        filters = f"?status__exact={CardStatus.REVIEWED}&year={overview.year.pk}"
        url = reverse("admin:scoring_scorecard_changelist") + filters
        due = due_of(overview, DeadlineStep.APPROVING)
        yield item(overview, text % {"count": len(units)}, url, why=reads.names(units), due=due)


def _as_deputy(overview: Overview, reviewed: Cards) -> Iterator[Todo]:
    """The leader's own card, and what the leader took part in reviewing; every other one by a delegation."""
    user, year = overview.user, overview.year
    parties = offices.approvers(year, [card for _unit, card in reviewed])
    why = _("It is not for the %(leader)s to approve; the %(deputy)s does.")
    why %= {"leader": year.leader_title, "deputy": year.deputy_title}
    delegation = delegation_held(user, year, overview.at)
    for unit, card in reviewed:
        if not permissions.can_see(user, card) or user.pk in parties.reviewers[card.pk]:
            continue
        if parties.is_party(card, MemberRole.LEADER):
            yield _one_to_approve(overview, unit, card, why)
        elif delegation is not None:
            yield _one_to_approve(overview, unit, card, _by_paper(delegation))


def _by_paper(delegation: Delegation) -> str:
    text = _("By delegation, paper %(number)s, until %(day)s.")
    return text % {"number": delegation.number, "day": date_format(delegation.ends_on, "d/m/Y")}


def _as_third_unit(overview: Overview, reviewed: Cards) -> Iterator[Todo]:
    """The cards to which leader and deputy both are parties, where the minutes name the own unit."""
    if overview.has(Relation.SECRETARIAT):
        return
    own, chosen = signatory_unit_ids(overview.user), reads.third_units(overview.year)
    ours = [(unit, card) for unit, card in reviewed if chosen.get(unit.membership.pk) in own]
    if not ours:
        return
    parties = offices.approvers(overview.year, [card for _unit, card in ours])
    for unit, card in ours:
        both = all(parties.is_party(card, role) for role in (MemberRole.LEADER, MemberRole.DEPUTY))
        if both and overview.user.pk not in parties.reviewers[card.pk]:
            why = _("By a resolution in the minutes your unit approves this card.")
            yield _one_to_approve(overview, unit, card, why)


def _one_to_approve(overview: Overview, unit: UnitState, card: Scorecard, why: str) -> Todo:
    url = reverse("admin:scoring_scorecard_change", args=[card.pk])
    text = _("Approve the score card of %(unit)s") % named(unit)
    return item(overview, text, url, why=why, due=due_of(overview, DeadlineStep.APPROVING, unit))


# --- Acts of two persons ---


def of_two_persons(overview: Overview) -> Iterator[Todo]:
    """What another person proposed and this one may confirm; then what the leader is to propose."""
    if overview.year.phase not in _WITH_PROPOSALS:
        return
    proposals = reads.proposals(overview.year, overview.user)
    for proposal in proposals:
        if url := _confirmation_url(overview, proposal):
            step = proposal.step
            when = date_format(timezone.localtime(step.proposed_at), "d/m/Y H:i")
            why = _("Proposed by %(person)s, %(when)s") % {"person": step.proposed_by, "when": when}
            why = f"{why} · {step.reason}" if step.reason else why
            yield item(overview, _("Confirm: %(act)s") % {"act": step.get_kind_display()}, url, why=why)
    if overview.has(Relation.LEADER):
        yield from _to_propose(overview, {proposal.step.kind for proposal in proposals})


def _confirmation_url(overview: Overview, proposal: Proposal) -> str:
    """Where the person confirms the act; empty if it is not for this person to confirm."""
    user, year, step = overview.user, overview.year, proposal.step
    if step.proposed_by_id == user.pk:
        return ""
    if step.kind == PendingKind.REOPEN_CARD:
        unit, card = next(found for found in overview.cards if key_of(found[1]) == step.object_key)
        return card_url("scoring:scorecard_reopen", unit) if permissions.is_allowed("card.reopen", user, card) else ""
    if proposal.is_of_own_unit:
        return ""
    if step.kind == PendingKind.PUBLISH:
        return year_url("scoring:publication", year) if members_permissions.can_publish_year(user, year) else ""
    return year_url("members:year_move", year) if members_permissions.can_conclude_year(user, year) else ""


def _to_propose(overview: Overview, proposed: set[str]) -> Iterator[Todo]:
    year = overview.year
    if _can_be_published(overview) and PendingKind.PUBLISH not in proposed:
        due = due_of(overview, DeadlineStep.CONFERENCE)
        why = _("Every card is approved; another person confirms.")
        yield item(
            overview, _("Propose to publish the results"), year_url("scoring:publication", year), why=why, due=due
        )
    if year.phase == Phase.CONFERENCE and year.is_published and PendingKind.CONCLUDE not in proposed:
        text = _("Propose to conclude the year %(year)s") % {"year": year.year}
        due = due_of(overview, DeadlineStep.CONCLUSION)
        yield item(overview, text, year_url("members:year_move", year), why=_("Another person confirms."), due=due)


def _can_be_published(overview: Overview) -> bool:
    ranked = [unit for unit in overview.units if unit.membership.is_ranked]
    is_ready = bool(ranked) and all(unit.card and unit.card.status == CardStatus.APPROVED for unit in ranked)
    return is_ready and overview.year.phase in _PUBLISHING and not overview.year.is_published
