"""The pledge of the year: writing it, opening it for signing, and the signatures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from awards.enums import PledgeGroup, SigningMethod, TargetDirection
from awards.models import Pledge, PledgeItem, PledgeSignature
from awards.permissions import (
    check_can_open_paper,
    check_can_record_paper,
    check_can_sign,
    check_can_write_pledge,
)
from awards.services.guards import check_unchanged
from awards.workflow import PLEDGE
from cluster_app.audit.rows import plain
from cluster_app.lib.errors import Refused, WrongState, save_checked
from cluster_app.lib.locking import for_update
from members.calculations import is_late
from members.enums import AssignmentRole, DeadlineStep
from members.models import Assignment, EmulationYear, Membership, User
from members.queries import due_for
from members.services import journal, years


@dataclass(frozen=True, kw_only=True)
class ItemFacts:
    """One promise as a person wrote it."""

    group: PledgeGroup
    order: int
    text: str
    unit_of_measure: str = ""
    target_value: Decimal | None = None
    direction: TargetDirection = TargetDirection.AT_LEAST


@dataclass(frozen=True, kw_only=True)
class PledgeFacts:
    """The pledge as a person wrote it, with all its items."""

    number: str = ""
    signed_on: date | None = None
    place: str = ""
    preamble: str = ""
    items: Sequence[ItemFacts] = ()


_HEAD = ("number", "signed_on", "place")
_ITEM = ("group", "order", "text", "unit_of_measure", "target_value", "direction")


@transaction.atomic
def create(*, year: EmulationYear, facts: PledgeFacts, by: User, at: datetime) -> Pledge:
    """Drafts the pledge of the year. Raises Refused if the year has one."""
    year = years.lock(year)
    check_can_write_pledge(by, year)
    pledge = Pledge(year=year, **{name: getattr(facts, name) for name in (*_HEAD, "preamble")})
    save_checked(pledge)
    _replace_items(pledge, facts.items)
    journal.append(year, by=by, at=at, verb="pledge.create", thing=pledge, changes=_plain(facts))
    return pledge


@transaction.atomic
def edit(*, pledge: Pledge, facts: PledgeFacts, by: User, at: datetime, seen: str | None = None) -> Pledge:
    """Replaces the text and the items of the pledge; raises Stale if they are not those the person saw.

    domain.md rule 14: from the first signature on text and items are frozen (WrongState); number, date and place, which
    are often settled at the signing itself, can still be corrected.
    """
    pledge = _locked(pledge)
    check_can_write_pledge(by, pledge.year)
    check_unchanged(seen, *rows_of(pledge))
    written = [ItemFacts(**{name: getattr(item, name) for name in _ITEM}) for item in pledge.items.all()]
    items = sorted(facts.items, key=lambda item: item.order)
    is_rewritten = facts.preamble != pledge.preamble or items != written
    if is_rewritten and pledge.signatures.exists():
        raise WrongState(
            _("Units have signed this pledge: its text and items are frozen. Number, date and place may be corrected.")
        )
    for name in (*_HEAD, "preamble"):
        setattr(pledge, name, getattr(facts, name))
    save_checked(pledge)
    if is_rewritten:
        _replace_items(pledge, facts.items)
    journal.append(pledge.year, by=by, at=at, verb="pledge.edit", thing=pledge, changes=_plain(facts))
    return pledge


@transaction.atomic
def open_for_signing(*, pledge: Pledge, by: User, at: datetime) -> Pledge:
    """Lets the units sign. Raises Refused while the pledge promises nothing."""
    pledge = _locked(pledge)
    check_can_write_pledge(by, pledge.year)
    target = PLEDGE.check("open", pledge.status).target
    if not pledge.items.exists():
        raise Refused(_("The pledge has no items yet. Write at least one before it is opened for signing."))
    pledge.status = target
    save_checked(pledge)
    journal.append(pledge.year, by=by, at=at, verb="pledge.open", thing=pledge)
    return pledge


@transaction.atomic
def sign(*, pledge: Pledge, membership: Membership, by: User, at: datetime) -> PledgeSignature:
    """Signs for a unit by the own account of its signatory."""
    pledge = _locked(pledge)
    check_can_sign(by, pledge, membership)
    PLEDGE.check("sign", pledge.status)
    _check_deadline(pledge.year, membership, at)
    own = (membership.unit_id, AssignmentRole.SIGNATORY)
    office = next(held.office for held in by.assignments_held() if (held.unit_id, held.role) == own)
    facts = {"office": office, "signed_on": timezone.localdate(at), "method": SigningMethod.LOGIN}
    signature = _add(pledge, membership, facts, by, at)
    journal.append(pledge.year, by=by, at=at, verb="pledge.sign", thing=signature, rows=[signature])
    _complete(pledge, by, at)
    return signature


@transaction.atomic
def record_paper_signatures(
    *, pledge: Pledge, memberships: Iterable[Membership], signed_on: date, by: User, at: datetime
) -> list[PledgeSignature]:
    """Records who signed the paper on `signed_on`: all of the named units or, after a refusal, none.

    The pledge takes the date of its first paper if it has none.
    """
    pledge = _locked(pledge)
    check_can_open_paper(by, pledge.year)
    members = sorted(memberships, key=lambda member: member.pk)
    for membership in members:
        check_can_record_paper(by, pledge, membership)
    PLEDGE.check("sign", pledge.status)
    if not members:
        raise Refused(errors={"memberships": [_("Tick the units that signed the paper.")]})
    if signed_on > timezone.localdate(at):
        raise Refused(errors={"signed_on": [_("The date of signing lies in the future. Correct it.")]})
    offices = _offices(members)
    signatures = []
    for membership in members:
        facts = {"office": offices.get(membership.unit_id, ""), "signed_on": signed_on, "method": SigningMethod.PAPER}
        signatures.append(_add(pledge, membership, facts, by, at))
    if pledge.signed_on is None:
        pledge.signed_on = signed_on
        save_checked(pledge)
    for signature in signatures:
        journal.append(pledge.year, by=by, at=at, verb="pledge.record_paper", thing=signature, rows=[signature])
    _complete(pledge, by, at)
    return signatures


def rows_of(pledge: Pledge) -> list[Pledge | PledgeItem]:
    """The rows whose fingerprint a form of the pledge carries."""
    return [pledge, *pledge.items.all()]


def _locked(pledge: Pledge) -> Pledge:
    year = years.lock(EmulationYear.objects.get(pledges=pledge.pk))
    found = for_update(Pledge.objects).get(pk=pledge.pk)
    found.year = year
    return found


def _replace_items(pledge: Pledge, items: Iterable[ItemFacts]) -> None:
    """The items of a draft have no history of their own and are written anew."""
    try:
        pledge.items.all().delete()
    except ProtectedError as error:
        text = _("Targets of units point to items of this pledge, so the items stay. Take those targets away first.")
        raise Refused(text) from error
    for facts in items:
        save_checked(PledgeItem(pledge=pledge, **{name: getattr(facts, name) for name in _ITEM}))


def _add(pledge: Pledge, membership: Membership, facts: dict[str, object], by: User, at: datetime) -> PledgeSignature:
    if membership.year_id != pledge.year_id:
        raise Refused(_("%(unit)s is no member of this year.") % {"unit": membership.name})
    signature = PledgeSignature(pledge=pledge, membership=membership, recorded_by=by, recorded_at=at, **facts)
    save_checked(signature)
    return signature


def _check_deadline(year: EmulationYear, membership: Membership, at: datetime) -> None:
    due = due_for(year, DeadlineStep.PLEDGE_SIGNING, membership)
    if due is not None and due.is_hard and is_late(due.due_at, at):
        raise WrongState(_("The time for signing is over. Ask the secretariat for an extension."))


def _offices(members: Iterable[Membership]) -> dict[int, str]:
    """The office of each unit's first signatory, by unit (primary key)."""
    signatories = Assignment.objects.filter(
        unit_id__in=[member.unit_id for member in members], role=AssignmentRole.SIGNATORY, ended_on__isnull=True
    )
    return dict(signatories.order_by("-pk").values_list("unit_id", "office"))


def _complete(pledge: Pledge, by: User, at: datetime) -> None:
    """Signed by all is a fact about the rows; it is stored so that the pledge shows it, and audited as a change."""
    signed = set(pledge.signatures.values_list("membership_id", flat=True))
    target = PLEDGE.check("complete", pledge.status).target
    if pledge.status != target and all(member.pk in signed for member in pledge.year.roster()):
        pledge.status = target
        save_checked(pledge)
        journal.append(pledge.year, by=by, at=at, verb="pledge.complete", thing=pledge)


def _plain(facts: PledgeFacts) -> dict[str, object]:
    items = [{name: plain(getattr(item, name)) for name in _ITEM} for item in facts.items]
    return {name: plain(getattr(facts, name)) for name in (*_HEAD, "preamble")} | {"items": items}
