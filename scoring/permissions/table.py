"""The table of who may, for criteria, score cards, ranking and summary (security.md 3)."""

from django.utils.translation import gettext as _

from cluster_app.documents.models import IssuedDocument
from cluster_app.lib.errors import WrongState
from members import permissions as members_permissions
from members.enums import MemberRole
from members.models import EmulationYear, Membership
from members.permissions import INSIDERS, OF, OT, SG, D, L, R, S, Table, always, is_published
from scoring import offices
from scoring.enums import CardStatus
from scoring.models import Scorecard
from scoring.paperwork.enums import RESULTS
from scoring.workflow import OPEN_PHASES


def _may_enter_on_behalf(year: EmulationYear, thing: object) -> bool:
    return year.rules.may_enter_on_behalf


def _officer_may_submit(year: EmulationYear, thing: object) -> bool:
    return year.rules.officer_may_submit


def _is_open_to_units(year: EmulationYear, paper: IssuedDocument) -> bool:
    """An issued paper that is in force; one that tells results while they are published."""
    return paper.withdrawn_at is None and (paper.kind not in RESULTS or year.is_published)


def _has_submitted_too(role: MemberRole):
    """The leader, and the deputy, see another card once both their own and that one are submitted."""

    def condition(year: EmulationYear, card: Scorecard) -> bool:
        return card.submitted_at is not None and role not in _roles_that_wait(year)

    return condition


def _roles_that_wait(year: EmulationYear) -> set[str]:
    """The roles of which a holder has not submitted the own card."""
    return {member.role for member in waiting(year)}


def waiting(year: EmulationYear) -> list[Membership]:
    """The member units that have not submitted their card. Asked once for each loaded year: a list asks for every
    card."""
    if "_waiting" not in year.__dict__:
        handed_in = Scorecard.objects.filter(membership__year=year, submitted_at__isnull=False)
        note_submitted(year, set(handed_in.values_list("membership_id", flat=True)))
    waiting: list[Membership] = year.__dict__["_waiting"]
    return waiting


def note_submitted(year: EmulationYear, memberships: set[int]) -> None:
    """Tells which memberships (primary keys) have submitted their card; for a page that has read the cards anyway."""
    year.__dict__["_waiting"] = [member for member in year.roster() if member.pk not in memberships]


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
    "estimate.replace": {**always(SG), OF: _officer_may_submit, S: _may_enter_on_behalf},
    "evidence.write": {**always(OF, SG), S: _may_enter_on_behalf},
    "evidence.download": {
        **always(OF, SG, S, R),
        L: _has_submitted_too(MemberRole.LEADER),
        D: _has_submitted_too(MemberRole.DEPUTY),
    },
    "objection.raise": always(OF, SG),
    "objection.answer": always(L, D, S),
    "objection.list": always(L, D, S, R),
    "reviewers.write": always(S),
    "reviewers.see": always(L, D, S, R),
    "ranking.provisional": always(L, D, S, R),
    "ranking.published": dict.fromkeys((OF, SG, OT, L, D, S, R), is_published),
    "progress.see": always(L, D, S, R),
    "summary.write": always(L, S),
    "summary.print_draft": always(L, D, S, R),
    "summary.print": {**always(L, D, S, R), **dict.fromkeys((OF, SG, OT), is_published)},
    "paper.list": always(*INSIDERS),
    "paper.print": {**always(L, D, S, R), **dict.fromkeys((OF, SG, OT), _is_open_to_units)},
    "results.export": always(S, R),
}

# What an assigned reviewer (relation A) may do with the card, once it and the card of the own unit are submitted.
BY_REVIEWER = {"card.see", "card.review", "card.return", "card.refresh", "evidence.download", "objection.answer"}


def check_open(step: str, year: EmulationYear) -> None:
    """Raises WrongState unless the phase of the year opens `step`."""
    members_permissions.check_not_archived(year)
    if year.phase not in OPEN_PHASES[step]:
        text = _("This is not open in the phase “%(phase)s” of the year %(year)s.")
        raise WrongState(text % {"phase": year.get_phase_display(), "year": year.year})
