"""Approving a card, and reopening an approved one. Approval is of what the approver saw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cluster_app.audit import log
from cluster_app.audit.rows import key_of
from cluster_app.lib.errors import DomainError, NotAllowed, NotKnown, Stale, WrongState, integrity_as_refusal
from cluster_app.lib.locking import for_update
from members.enums import PendingKind, Phase
from members.models import EmulationYear, Membership, PendingStep, Resolution, User
from members.relations import signatory_unit_ids
from members.services import pending, years
from scoring import permissions, relative, sheets, snapshots
from scoring.enums import ApprovalOffice, CardStatus
from scoring.models import Approval, Scorecard
from scoring.permissions import Authority
from scoring.services import comparison, feeding, notices, objections, publications
from scoring.services.locking import check_version, lock_card, lock_card_among_others
from scoring.sheets import Sheet
from scoring.workflow import CARD


@dataclass(frozen=True)
class Seen:
    """A card as the approver saw it: its version, and the digest of what was shown."""

    card_pk: int
    version: int
    digest: str


@dataclass(frozen=True)
class Outcome:
    """What became of one card of a bulk approval; `problem` is empty if it was approved."""

    card: Scorecard
    problem: str = ""


def digest_of(sheet: Sheet) -> str:
    """The digest of a card's content, which the approval form carries."""
    return snapshots.digest(snapshots.of_card(sheet))


@transaction.atomic
def approve(*, seen: Seen, by: User, at: datetime) -> Approval:
    """Approves one card. Raises Stale if it is no longer what was shown."""
    sheet, authority = _check(lock_card(seen.card_pk), seen, by, at)
    approval = _approve(sheet, authority, by, at)
    notices.approved(sheet.card, by, at)
    _log_approval(sheet, approval, by, at)
    return approval


@transaction.atomic
def approve_all(*, seen: Sequence[Seen], by: User, at: datetime) -> list[Outcome]:
    """Approves exactly the cards in `seen` that can be, with an outcome for each, in the order of their keys.

    Raises NotKnown, and approves nothing, if one of them is not a card that `by` may know.
    """
    outcomes: list[Outcome] = []
    approved: list[tuple[Sheet, Approval]] = []
    for one in sorted(seen, key=lambda one: one.card_pk):
        card = lock_card(one.card_pk)
        try:
            with transaction.atomic():
                sheet, authority = _check(card, one, by, at)
                approved.append((sheet, _approve(sheet, authority, by, at)))
            outcomes.append(Outcome(sheet.card))
        except NotKnown:
            raise
        except DomainError as error:
            outcomes.append(Outcome(card, error.message))
    notices.approved_all([sheet.card for sheet, _approval in approved], by, at)
    for sheet, approval in approved:
        _log_approval(sheet, approval, by, at)
    return outcomes


def check_ready(card: Scorecard) -> None:
    """Raises WrongState unless the card is reviewed, without an open objection, in a phase that opens approving."""
    permissions.check_open("approve", card.membership.year)
    if card.status == CardStatus.APPROVED:
        text = _("The card of %(unit)s is approved already; nothing was done a second time.")
        raise WrongState(text % {"unit": card.membership.name})
    CARD.check("approve", card.status)
    objections.check_none_open(card)


def _check(card: Scorecard, seen: Seen, by: User, at: datetime) -> tuple[Sheet, Authority]:
    authority = permissions.check_can_approve(by, card, at)
    check_ready(card)
    check_version(card, seen.version)
    comparison.check_all_reviewed(card)
    sheet = sheets.load(card, lock=True)
    if codes := feeding.outdated(sheet, at):
        raise WrongState(
            _("The records behind %(codes)s of %(unit)s changed after the review. Take the values over first.")
            % {"codes": ", ".join(codes), "unit": card.membership.name}
        )
    if digest_of(sheet) != seen.digest:
        raise Stale(
            _("The card of %(unit)s was changed after your page was shown. Nothing was done.")
            % {"unit": card.membership.name},
            next_step=_("Open the card again, look at what changed, then repeat the step."),
        )
    return sheet, authority


def _approve(sheet: Sheet, authority: Authority, by: User, at: datetime) -> Approval:
    card, office = sheet.card, authority.office
    snapshot = snapshots.of_card(sheet)
    updated = Scorecard.objects.filter(pk=card.pk, status=CardStatus.REVIEWED, version=card.version).update(
        status=CardStatus.APPROVED, version=card.version + 1
    )
    if updated != 1:
        raise Stale(_("The card was changed in the same moment. Nothing was done."))
    card.status, card.version = CardStatus.APPROVED, card.version + 1
    resolution = permissions.third_unit_resolution(by, card) if office == ApprovalOffice.THIRD_UNIT else None
    with integrity_as_refusal():
        return Approval.objects.create(
            scorecard=card,
            office=office,
            approver=by,
            unit=card.membership.unit,
            approver_unit_id=_approver_unit(card, authority, resolution, by),
            resolution=resolution,
            delegation=authority.delegation,
            snapshot=snapshot,
            digest=snapshots.digest(snapshot),
            approved_at=at,
        )


def _approver_unit(card: Scorecard, authority: Authority, resolution: Resolution | None, by: User) -> int:
    """The unit for which `by` signs here (primary key): a delegate's own, whoever it stands in for."""
    if authority.delegation is not None:
        return authority.delegation.delegate_unit.unit_id
    if resolution is not None and resolution.named is not None:
        return resolution.named.unit_id
    signs_for = signatory_unit_ids(by)
    for member in card.membership.year.roster():
        holds_office = member.is_leader if authority.office == ApprovalOffice.LEADER else member.is_deputy
        if holds_office and member.unit_id in signs_for:
            return member.unit_id
    raise NotAllowed(_("You do not sign for the unit that holds this office."))


def _names_of_both(approval: Approval) -> dict[str, str]:
    """By delegation the log says by which paper, who gave it, and who acted."""
    if approval.delegation is None:
        return {}
    return {
        "delegation": approval.delegation.number,
        "principal": approval.delegation.principal.name,
        "delegate": approval.approver.username,
    }


def _log_approval(sheet: Sheet, approval: Approval, by: User, at: datetime) -> None:
    card = sheet.card
    log.append(
        by=by,
        at=at,
        verb="scorecard.approve",
        thing=card,
        cluster=card.membership.year.cluster.slug,
        year=card.membership.year.year,
        changes={
            "office": approval.office,
            "total": str(card.total_points),
            "digest": approval.digest,
            "approval": approval.pk,
        }
        | _names_of_both(approval),
        rows=[card, *sheet.lines, approval],
    )


@transaction.atomic
def propose_reopening(*, card: Scorecard, reason: str, by: User, at: datetime) -> PendingStep:
    """The first of two persons proposes to reopen an approved card, with the reason."""
    card = lock_card(card.pk)
    permissions.check_can_reopen(by, card)
    permissions.check_open("reopen", card.membership.year)
    CARD.check("reopen", card.status, reason=reason)
    notices.reopening_proposed(card, by, at)
    return pending.propose(
        kind=PendingKind.REOPEN_CARD, thing=card, year=card.membership.year, reason=reason.strip(), by=by, at=at
    )


@transaction.atomic
def confirm_reopening(*, card: Scorecard, step: PendingStep, by: User, at: datetime) -> Scorecard:
    """The second person confirms: the approval is kept as revoked, the card is reviewed again, a publication of the
    year is withdrawn and the year goes back to approving."""
    year = for_update(EmulationYear.objects).get(pk=Membership.objects.get(scorecard=card).year_id)
    card = lock_card_among_others(card.pk)
    permissions.check_can_reopen(by, card)
    permissions.check_open("reopen", card.membership.year)
    CARD.check("reopen", card.status, reason=step.reason)
    if (step.kind, step.object_key) != (PendingKind.REOPEN_CARD, key_of(card)):
        raise NotKnown
    permissions.check_can_reopen(step.proposed_by, card)
    step = pending.confirm(step=step, by=by, at=at)
    publications.check_other_unit(step, by)
    revoked = [(approval, _reopen(approval, step, by, at)) for approval in _approvals_to_revoke(card)]
    notices.reopened_all([reopened for _approval, reopened in revoked], by, at)
    for approval, reopened in revoked:
        _log_reopening(approval, reopened, step, by, at)
    if year.is_published:
        publications.withdraw(year=year, reason=step.reason, by=by, at=at)
    if year.phase in (Phase.CONFERENCE, Phase.CONCLUDED):
        years.send_back_to_approving(year=year, reason=step.reason, by=by, at=at)
    card.refresh_from_db()
    return card


def _approvals_to_revoke(card: Scorecard) -> list[Approval]:
    """The valid approval of the card; of all cards of the year where units are compared with each other, because the
    points of each stand and fall with those of the others (domain.md 5.2). Ordered by card."""
    valid = for_update(Approval.objects).filter(revoked_at__isnull=True)
    is_compared = bool(relative.open_codes(card.membership.year))
    mine = (
        valid.filter(scorecard__membership__year=card.membership.year) if is_compared else valid.filter(scorecard=card)
    )
    return list(mine.order_by("scorecard"))


def _reopen(approval: Approval, step: PendingStep, by: User, at: datetime) -> Scorecard:
    approval.revoked_at, approval.revoked_by, approval.revoked_reason = at, by, step.reason
    approval.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
    card = lock_card(approval.scorecard_id)
    card.status = CardStatus.REVIEWED
    card.version += 1
    card.save()
    return card


def _log_reopening(approval: Approval, card: Scorecard, step: PendingStep, by: User, at: datetime) -> None:
    year = card.membership.year
    log.append(
        by=by,
        at=at,
        verb="scorecard.reopen",
        thing=card,
        cluster=year.cluster.slug,
        year=year.year,
        reason=step.reason,
        changes={"status": card.status, "proposed_by": step.proposed_by.username, "revoked": approval.digest},
        rows=[card, *sheets.load(card).lines, approval],
    )


@transaction.atomic
def withdraw_reopening(*, card: Scorecard, step: PendingStep, by: User, at: datetime) -> PendingStep:
    """Takes the proposal to reopen the card back."""
    card = lock_card(card.pk)
    permissions.check_can_reopen(by, card)
    notices.reopening_withdrawn(card, at)
    return pending.withdraw(step=step, by=by, at=at)
