"""Who may do what with one score card, in the words of the person who is refused."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cluster_app.lib.errors import NotAllowed
from members import permissions as members_permissions
from members.enums import MemberRole
from members.models import Delegation, Resolution, User
from members.queries import delegation_held, third_unit_for
from members.relations import Relation, relations, signatory_unit_ids
from scoring import offices, reviewers
from scoring.enums import ApprovalOffice, CardStatus
from scoring.models import Scorecard
from scoring.permissions.table import BY_REVIEWER, TABLE, waiting
from scoring.workflow import OPEN_PHASES

_OWN_UNIT = (Relation.OFFICER, Relation.SIGNATORY)
# What whoever entered the card on behalf of its unit leaves to others.
_JUDGING = ("card.review", "objection.answer")
_TO_APPROVE = (CardStatus.REVIEWED, CardStatus.APPROVED)


def _message(action: str, user: User, card: Scorecard) -> str:
    """The reason of a refusal toward a card, in the words of the person who is refused."""
    if any(relation in _OWN_UNIT for relation in relations(user, card.membership.year, card.membership)):
        return {
            "card.review": _("Nobody reviews the card of the own unit. Another member of the secretariat does it."),
            "card.return": _("Nobody returns the card of the own unit. Another member of the secretariat does it."),
            "card.approve": _own_card_message(card),
            "card.submit": _("The card is submitted by the signatory of the unit."),
            "estimate.replace": _("Estimates are replaced by the signatory of the unit, who submitted the card."),
            "objection.answer": _("Nobody answers an objection of the own unit."),
        }.get(action, "")
    return {
        "objection.raise": _("Objections to the points of a card are raised by its own unit."),
        "evidence.write": _("Evidence is added by the card's own unit."),
        "evidence.download": _("The evidence of other units is open to the reviewers only."),
        "card.see": _see_message(user, card),
        "card.fill": _("The card is filled in by its own unit."),
        "card.submit": _("The card is submitted by the signatory of the unit."),
        "card.approve": _("The card is approved by the %(title)s.") % {"title": card.membership.year.leader_title},
    }.get(action, "")


def _see_message(user: User, card: Scorecard) -> str:
    if relations(user, card.membership.year, card.membership) & {Relation.LEADER, Relation.DEPUTY}:
        return _("You see and approve this card once it and the card of your own unit are submitted.")
    return _("The cards of other units are open after the results are published.")


def _own_card_message(card: Scorecard) -> str:
    year = card.membership.year
    if card.membership.is_leader:
        text = _("This is the card of the own unit of the %(leader)s: it is approved by the %(deputy)s.")
        return text % {"leader": year.leader_title, "deputy": year.deputy_title}
    return _("Nobody approves the card of the own unit.")


def is_allowed(action: str, user: User, card: Scorecard) -> bool:
    if action in _JUDGING and has_entered(user, card):
        return False
    by_relation = members_permissions.is_allowed(TABLE, action, user, card.membership.year, card.membership, card)
    return by_relation or (action in BY_REVIEWER and is_reviewer(user, card))


def has_entered(user: User, card: Scorecard) -> bool:
    """Whether the person handed the card in on behalf of its unit: nobody verifies a sheet of their own (domain.md rule
    19). Asks the database for a card that was handed in from a signed paper only."""
    return bool(card.paper_number) and card.pk in reviewers.entered_on_behalf(user, card.membership.year)


def is_reviewer(user: User, card: Scorecard) -> bool:
    """Whether the person is asked to review this card, and may by now: it and the card of the own unit are submitted.
    Nobody reviews the own unit, whatever an assignment says (domain.md rule 19)."""
    year = card.membership.year
    if not year.is_active or card.submitted_at is None or card.pk not in reviewers.cards_of(user, year):
        return False
    own_units = {held.unit_id for held in user.assignments_held() if held.unit_id}
    return card.membership.unit_id not in own_units and not any(one.unit_id in own_units for one in waiting(year))


def _check_card(action: str, user: User, card: Scorecard) -> None:
    if is_allowed(action, user, card):
        return
    if action in _JUDGING and has_entered(user, card):
        raise NotAllowed(_("You entered this card on behalf of its unit; another person reviews it."))
    year = card.membership.year
    members_permissions.check(TABLE, action, user, year, card.membership, card, message=_message(action, user, card))


def can_see(user: User, card: Scorecard) -> bool:
    return is_allowed("card.see", user, card)


def check_can_see(user: User, card: Scorecard) -> None:
    """Raises NotAllowed or NotKnown. The third unit that approves the card sees it too, as one card and in no list."""
    if not can_see(user, card) and not _approves_as_third_unit(user, card):
        _check_card("card.see", user, card)


def check_can_fill(user: User, card: Scorecard) -> None:
    _check_card("card.fill", user, card)


def check_can_submit(user: User, card: Scorecard) -> None:
    _check_card("card.submit", user, card)


def check_can_review(user: User, card: Scorecard) -> None:
    _check_card("card.review", user, card)


def check_can_return(user: User, card: Scorecard) -> None:
    _check_card("card.return", user, card)


def can_refresh(user: User, card: Scorecard) -> bool:
    year = card.membership.year
    is_open = card.status != CardStatus.APPROVED and year.phase in OPEN_PHASES["fill"]
    return is_open and is_allowed("card.refresh", user, card)


def check_can_refresh(user: User, card: Scorecard) -> None:
    """Taking values from records judges nothing; still a unit does it only while the card is its own, and the leader
    and the deputy only once it is handed in."""
    _check_card("card.refresh", user, card)


def check_can_reopen(user: User, card: Scorecard) -> None:
    _check_card("card.reopen", user, card)


def check_can_replace_estimate(user: User, card: Scorecard) -> None:
    _check_card("estimate.replace", user, card)


def can_write_evidence(user: User, card: Scorecard) -> bool:
    return is_allowed("evidence.write", user, card)


def check_can_write_evidence(user: User, card: Scorecard) -> None:
    _check_card("evidence.write", user, card)


def can_download_evidence(user: User, card: Scorecard) -> bool:
    """Whether evidence and scans of the card are open to the person; who approves it as third unit among them. Up to
    three queries toward people of other units, so not for lists."""
    return is_allowed("evidence.download", user, card) or _approves_as_third_unit(user, card)


def check_can_download_evidence(user: User, card: Scorecard) -> None:
    """Raises NotAllowed toward other units, also after the results are published."""
    if not can_download_evidence(user, card):
        _check_card("evidence.download", user, card)


def check_can_raise_objection(user: User, card: Scorecard) -> None:
    _check_card("objection.raise", user, card)


def check_can_answer_objection(user: User, card: Scorecard) -> None:
    _check_card("objection.answer", user, card)


def _approves_as_third_unit(user: User, card: Scorecard) -> bool:
    """Whether the card is there to be approved, and the person does so, or did, for a third unit."""
    year = card.membership.year
    is_at_hand = card.status in _TO_APPROVE and year.is_active
    is_other = Relation.OTHER in relations(user, year, card.membership)
    return is_at_hand and is_other and third_unit_resolution(user, card) is not None


def third_unit_resolution(user: User, card: Scorecard) -> Resolution | None:
    """The resolution in the minutes by which a unit for which `user` signs approves this card, because leader and
    deputy are both parties. The secretariat of the cluster approves nothing, so it is no third unit's signatory."""
    units = signatory_unit_ids(user)
    if not units or card.membership.year.cluster_id in members_permissions.secretariat_of(user):
        return None
    resolution = third_unit_for(card.membership)
    if resolution is None or resolution.named is None or resolution.named.unit_id not in units:
        return None
    both_are_parties = all(offices.is_party(card, role) for role in (MemberRole.LEADER, MemberRole.DEPUTY))
    return resolution if both_are_parties else None


@dataclass(frozen=True)
class Authority:
    """In which office a person approves a card; `delegation` is the paper by which a deputy does so for the leader."""

    office: ApprovalOffice
    delegation: Delegation | None = None


def check_can_approve(user: User, card: Scorecard, at: datetime) -> Authority:
    """Returns the authority by which `user` may approve the card at that moment. Raises NotAllowed with the reason.

    domain.md rule 19: the leader approves, or a deputy by written delegation; where the leader is a party, or the
    office is vacant, the deputy does; and where both are, a third unit named in the minutes. No person reviews and
    approves the same card.
    """
    authority = _authority(user, card, at)
    if authority.office != ApprovalOffice.THIRD_UNIT and offices.holds_back_a_card(user, card.membership.year):
        raise NotAllowed(_see_message(user, card))
    if user.pk in offices.reviewers(card):
        raise NotAllowed(_("You reviewed this card; another person approves it."))
    return authority


def _authority(user: User, card: Scorecard, at: datetime) -> Authority:
    year = card.membership.year
    held = relations(user, year, card.membership)
    if Relation.OTHER in held and third_unit_resolution(user, card) is not None:
        return Authority(ApprovalOffice.THIRD_UNIT)
    if Relation.DEPUTY in held and not is_allowed("card.approve", user, card):
        delegation = delegation_for(user, card, at)
        if delegation is not None:
            return Authority(ApprovalOffice.LEADER, delegation)
    _check_card("card.approve", user, card)
    return Authority(ApprovalOffice.LEADER if Relation.LEADER in held else ApprovalOffice.DEPUTY)


def delegation_for(user: User, card: Scorecard, at: datetime) -> Delegation | None:
    """The paper by which `user` signs for the leader toward this card at that moment. The own card of the leader's unit
    is not the leader's to approve, so nobody approves it in the leader's place."""
    delegation = delegation_held(user, card.membership.year, at)
    return delegation if delegation is not None and delegation.principal_id != card.membership_id else None


def leads_to_approval(user: User, card: Scorecard, at: datetime) -> bool:
    """Whether the office of the person, or a delegation, leads to approving the card; `check_can_approve` decides."""
    if is_allowed("card.approve", user, card):
        return True
    held = relations(user, card.membership.year, card.membership)
    return Relation.DEPUTY in held and delegation_for(user, card, at) is not None
