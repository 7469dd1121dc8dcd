"""The table of who may, for criteria, score cards, ranking and summary (security.md 3)."""

from django.utils.translation import gettext as _

from cluster_app.lib.errors import NotAllowed, WrongState
from members import permissions as members_permissions
from members.enums import MemberRole
from members.models import EmulationYear, Membership, Resolution, User
from members.permissions import INSIDERS, OF, OT, SG, D, L, R, S, Table, always, is_published
from members.queries import third_unit_for
from members.relations import Relation, relations, signatory_unit_ids
from scoring import offices
from scoring.enums import ApprovalOffice, CardStatus
from scoring.models import CriteriaSet, Scorecard
from scoring.workflow import OPEN_PHASES


def _may_enter_on_behalf(year: EmulationYear, thing: object) -> bool:
    return year.rules.may_enter_on_behalf


def _officer_may_submit(year: EmulationYear, thing: object) -> bool:
    return year.rules.officer_may_submit


def _has_submitted_too(role: MemberRole):
    """The leader, and the deputy, see another card once both their own and that one are submitted."""

    def condition(year: EmulationYear, card: Scorecard) -> bool:
        return card.submitted_at is not None and role not in _roles_that_wait(year)

    return condition


def _roles_that_wait(year: EmulationYear) -> set[str]:
    """The roles of which a holder has not submitted the own card. Asked once for each loaded year: a list asks for
    every card."""
    if "_roles_that_wait" not in year.__dict__:
        handed_in = Scorecard.objects.filter(membership__year=year, submitted_at__isnull=False)
        note_submitted(year, set(handed_in.values_list("membership_id", flat=True)))
    waiting: set[str] = year.__dict__["_roles_that_wait"]
    return waiting


def note_submitted(year: EmulationYear, memberships: set[int]) -> None:
    """Tells which memberships (primary keys) have submitted their card; for a page that has read the cards anyway."""
    year.__dict__["_roles_that_wait"] = {member.role for member in year.roster() if member.pk not in memberships}


def _is_published_and_submitted(year: EmulationYear, card: Scorecard) -> bool:
    return year.is_published and card.submitted_at is not None


def _is_with_unit(year: EmulationYear, card: Scorecard) -> bool:
    return card.status in (CardStatus.DRAFT, CardStatus.RETURNED)


def _is_handed_in(year: EmulationYear, card: Scorecard) -> bool:
    return not _is_with_unit(year, card)


def _leader_is_party(year: EmulationYear, card: Scorecard) -> bool:
    return offices.is_party(card, MemberRole.LEADER)


TABLE: Table = {
    "criteria.see": always(*INSIDERS),
    "criteria.edit": always(S),
    "target.write": always(S),
    "card.list": always(*INSIDERS),
    "card.see": {
        **always(OF, SG, S, R),
        OT: _is_published_and_submitted,
        L: _has_submitted_too(MemberRole.LEADER),
        D: _has_submitted_too(MemberRole.DEPUTY),
    },
    "card.fill": {**always(OF, SG), S: _may_enter_on_behalf},
    "card.submit": {**always(SG), OF: _officer_may_submit, S: _may_enter_on_behalf},
    "card.review": always(L, D, S),
    "card.return": always(L, D, S),
    "card.refresh": {**dict.fromkeys((OF, SG), _is_with_unit), **dict.fromkeys((L, D), _is_handed_in), S: True},
    "card.approve": {**always(L), D: _leader_is_party},
    "card.reopen": always(L, D, S),
    "ranking.provisional": always(L, D, S, R),
    "ranking.published": dict.fromkeys((OF, SG, OT, L, D, S, R), is_published),
    "progress.see": always(L, D, S, R),
    "summary.write": always(L, S),
    "summary.print_draft": always(L, D, S, R),
    "summary.print": {**always(L, D, S, R), **dict.fromkeys((OF, SG, OT), is_published)},
    "results.export": always(S, R),
}

_OWN_UNIT = (Relation.OFFICER, Relation.SIGNATORY)


def _message(action: str, user: User, card: Scorecard) -> str:
    """The reason of a refusal toward a card, in the words of the person who is refused."""
    if any(relation in _OWN_UNIT for relation in relations(user, card.membership.year, card.membership)):
        return {
            "card.review": _("Nobody reviews the card of the own unit. Another member of the secretariat does it."),
            "card.return": _("Nobody returns the card of the own unit. Another member of the secretariat does it."),
            "card.approve": _own_card_message(card),
            "card.submit": _("The card is submitted by the signatory of the unit."),
        }.get(action, "")
    return {
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
    return members_permissions.is_allowed(TABLE, action, user, card.membership.year, card.membership, card)


def _check_card(action: str, user: User, card: Scorecard) -> None:
    year = card.membership.year
    members_permissions.check(TABLE, action, user, year, card.membership, card, message=_message(action, user, card))


def check_open(step: str, year: EmulationYear) -> None:
    """Raises WrongState unless the phase of the year opens `step`."""
    members_permissions.check_not_archived(year)
    if year.phase not in OPEN_PHASES[step]:
        text = _("This is not open in the phase “%(phase)s” of the year %(year)s.")
        raise WrongState(text % {"phase": year.get_phase_display(), "year": year.year})


def check_can_list(user: User, year: EmulationYear) -> None:
    """The units with status and days late are open to everybody of the cluster; what else, each card says itself."""
    members_permissions.check(TABLE, "card.list", user, year)


def can_see(user: User, card: Scorecard) -> bool:
    return is_allowed("card.see", user, card)


def check_can_see(user: User, card: Scorecard) -> None:
    _check_card("card.see", user, card)


def check_can_fill(user: User, card: Scorecard) -> None:
    _check_card("card.fill", user, card)


def check_can_submit(user: User, card: Scorecard) -> None:
    _check_card("card.submit", user, card)


def needs_paper(user: User, card: Scorecard) -> bool:
    """Whether the person submits for the signatory, so that number and date of the signed paper must be given."""
    return Relation.SIGNATORY not in relations(user, card.membership.year, card.membership)


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


def third_unit_resolution(user: User, card: Scorecard) -> Resolution | None:
    """The resolution in the minutes by which a unit for which `user` signs approves this card, because leader and
    deputy are both parties."""
    resolution = third_unit_for(card.membership)
    if resolution is None or resolution.named is None or resolution.named.unit_id not in signatory_unit_ids(user):
        return None
    both_are_parties = all(offices.is_party(card, role) for role in (MemberRole.LEADER, MemberRole.DEPUTY))
    return resolution if both_are_parties else None


def check_can_approve(user: User, card: Scorecard) -> ApprovalOffice:
    """Returns the office in which `user` may approve the card. Raises NotAllowed with the reason.

    domain.md rule 19: the leader approves; where the leader is a party, or the office is vacant, the deputy does; and
    where both are, a third unit named in the minutes. No person reviews and approves the same card.
    """
    held = relations(user, card.membership.year, card.membership)
    if Relation.OTHER in held and third_unit_resolution(user, card) is not None:
        office = ApprovalOffice.THIRD_UNIT
    else:
        _check_card("card.approve", user, card)
        if offices.holds_back_a_card(user, card.membership.year):
            raise NotAllowed(_see_message(user, card))
        office = ApprovalOffice.LEADER if Relation.LEADER in held else ApprovalOffice.DEPUTY
    if user.pk in offices.reviewers(card):
        raise NotAllowed(_("You reviewed this card; another person approves it."))
    return office


def can_see_progress(user: User, year: EmulationYear) -> bool:
    return members_permissions.is_allowed(TABLE, "progress.see", user, year)


def can_see_ranking(user: User, year: EmulationYear) -> bool:
    return any(
        members_permissions.is_allowed(TABLE, action, user, year)
        for action in ("ranking.provisional", "ranking.published")
    )


def check_can_see_ranking(user: User, year: EmulationYear) -> None:
    """Raises NotAllowed: before the results are published only leader, deputy, secretariat and observers see them."""
    if not members_permissions.is_allowed(TABLE, "ranking.provisional", user, year):
        message = _("The ranking is open to the units after the results are published.")
        members_permissions.check(TABLE, "ranking.published", user, year, message=message)


def check_can_see_criteria(user: User, year: EmulationYear) -> None:
    members_permissions.check(TABLE, "criteria.see", user, year)


def can_see_criteria(user: User, year: EmulationYear) -> bool:
    return members_permissions.is_allowed(TABLE, "criteria.see", user, year)


def can_edit_criteria(user: User, year: EmulationYear) -> bool:
    return not year.is_archived and members_permissions.is_allowed(TABLE, "criteria.edit", user, year)


def can_copy_criteria(user: User, criteria_set: CriteriaSet) -> bool:
    """A set that was in force is read, and so copied, by everybody of its cluster; a draft by those who write it."""
    return (
        can_edit_criteria(user, criteria_set.year)
        if not criteria_set.is_applied
        else can_see_criteria(user, criteria_set.year)
    )


def check_can_edit_criteria(user: User | None, year: EmulationYear) -> None:
    """None is the command line, which acts with the rights of the secretariat; a request always has a user."""
    if user is not None:
        members_permissions.check(TABLE, "criteria.edit", user, year)
    members_permissions.check_not_archived(year)


def check_can_write_target(user: User, membership: Membership) -> None:
    """Targets, and what is not assigned, are set by the secretariat, never by the unit itself."""
    message = _("Targets are set by the secretariat, for other units than the own one.")
    members_permissions.check(TABLE, "target.write", user, membership.year, membership, message=message)
    members_permissions.check_not_archived(membership.year)


def can_write_summary(user: User, year: EmulationYear) -> bool:
    return members_permissions.is_allowed(TABLE, "summary.write", user, year)


def check_can_write_summary(user: User, year: EmulationYear) -> None:
    members_permissions.check(TABLE, "summary.write", user, year)
    members_permissions.check_not_archived(year)


def can_print_draft(user: User, year: EmulationYear) -> bool:
    return members_permissions.is_allowed(TABLE, "summary.print_draft", user, year)


def check_can_print_draft(user: User, year: EmulationYear) -> None:
    members_permissions.check(TABLE, "summary.print_draft", user, year)


def check_can_print_summary(user: User, year: EmulationYear) -> None:
    message = _("The annual summary is open to the units after the results are published.")
    members_permissions.check(TABLE, "summary.print", user, year, message=message)


def check_can_export_results(user: User, year: EmulationYear) -> None:
    members_permissions.check(TABLE, "results.export", user, year)


def can_write_target(user: User, membership: Membership) -> bool:
    year = membership.year
    return members_permissions.is_allowed(TABLE, "target.write", user, year, membership) and not year.is_archived


def can_write_targets(user: User, year: EmulationYear) -> bool:
    return members_permissions.is_allowed(TABLE, "target.write", user, year) and not year.is_archived


def check_can_write_targets(user: User, year: EmulationYear) -> None:
    """The grid of all units is the secretariat's; the column of the own unit is not (`check_can_write_target`)."""
    message = _("Targets are set by the secretariat, for other units than the own one.")
    members_permissions.check(TABLE, "target.write", user, year, message=message)
    members_permissions.check_not_archived(year)
