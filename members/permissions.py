"""The table of who may, for cluster, year and people; and the reader of such tables that every app uses.

A table maps an action to the relations that may take it. A value of True means always; a condition is asked with the
object's circumstances. What state a thing must be in is said by `workflow`.
"""

from collections.abc import Callable, Mapping
from copy import copy
from typing import Any

from django.utils.translation import gettext as _

from cluster_app.lib.errors import NotAllowed, NotKnown, WrongState
from members.enums import AssignmentRole, MemberRole, Phase
from members.models import Cluster, EmulationYear, Membership, User
from members.relations import Relation, relations

OF, SG, OT, FO = Relation.OFFICER, Relation.SIGNATORY, Relation.OTHER, Relation.FOREIGN
L, D, S, R, O = (  # noqa: E741 - the letters of security.md
    Relation.LEADER,
    Relation.DEPUTY,
    Relation.SECRETARIAT,
    Relation.OBSERVER,
    Relation.ADMINISTRATOR,
)

Condition = Callable[[EmulationYear, Any], bool]
Rule = bool | Condition
Table = Mapping[str, Mapping[Relation, Rule]]

INSIDERS = (OF, SG, OT, L, D, S, R)
UNIT_ROLES = (AssignmentRole.SIGNATORY, AssignmentRole.OFFICER)


def always(*who: Relation) -> dict[Relation, Rule]:
    return dict.fromkeys(who, True)


def is_published(year: EmulationYear, thing: object) -> bool:
    return year.is_published


def has_no_deputy(year: EmulationYear, thing: object) -> bool:
    return not any(member.role == MemberRole.DEPUTY for member in year.roster())


TABLE: Table = {
    "cluster.see": always(*INSIDERS, O),
    "setup.see": always(S, O),
    "year.edit": always(S),
    "year.advance": always(S),
    "deadline.extend": always(S),
    "year.reopen_card": always(L, D, S),
    "year.conclude": {**always(L, D), S: has_no_deputy},
    "year.publish": {**always(L, D), S: has_no_deputy},
    "meeting.write": always(S),
    "delegation.write": always(SG, S),
    "delegation.see": always(*INSIDERS),
    "unit_accounts.write": always(S, O),
    "paper.write": always(L, S),
    "paper.see": always(L, D, S, R),
}


def is_allowed(
    table: Table,
    action: str,
    user: User,
    year: EmulationYear,
    membership: Membership | None = None,
    thing: object = None,
) -> bool:
    """Whether one of the person's relations may take `action`. Rules are asked in the order in which the row has them,
    so that the number of queries does not change from run to run."""
    held = relations(user, year, membership)
    for relation, rule in table[action].items():
        if relation in held and (rule is True or (callable(rule) and rule(year, thing))):
            return True
    return False


def check(
    table: Table,
    action: str,
    user: User,
    year: EmulationYear,
    membership: Membership | None = None,
    thing: object = None,
    *,
    message: str = "",
) -> None:
    """Raises NotKnown toward a stranger, NotAllowed toward everybody else who may not take `action`."""
    if is_allowed(table, action, user, year, membership, thing):
        return
    if relations(user, year, membership) <= {FO, O}:
        raise NotKnown
    raise NotAllowed(message or _("Your part in this year does not include this act."))


def check_not_archived(year: EmulationYear) -> None:
    """Raises WrongState: an archived year is read-only for every service."""
    if year.is_archived:
        raise WrongState(_("The year %(year)s is archived and can no longer be changed.") % {"year": year.year})


def check_can_see_cluster(user: User, year: EmulationYear) -> None:
    check(TABLE, "cluster.see", user, year)


def can_edit_year(user: User, year: EmulationYear) -> bool:
    return is_allowed(TABLE, "year.edit", user, year)


def check_can_edit_year(user: User, year: EmulationYear) -> None:
    check(TABLE, "year.edit", user, year)
    check_not_archived(year)


def check_can_extend(user: User, membership: Membership) -> None:
    """Nobody gives the own unit more time."""
    message = _("More time is given by the secretariat, to other units than the own one.")
    check(TABLE, "deadline.extend", user, membership.year, membership, message=message)
    check_not_archived(membership.year)


def check_can_advance_year(user: User, year: EmulationYear) -> None:
    check(TABLE, "year.advance", user, year)
    check_not_archived(year)


def check_can_write_meeting(user: User, year: EmulationYear) -> None:
    check(TABLE, "meeting.write", user, year)
    check_not_archived(year)


def check_can_create_year(user: User, cluster: Cluster) -> None:
    """The secretariat opens the years of its cluster; an administrator the first one, while no year is active."""
    if cluster.pk in secretariat_of(user):
        return
    if not is_administrator(user):
        raise NotAllowed(_("Only the secretariat of the cluster may open a year."))
    active = cluster.years.exclude(phase__in=(Phase.PREPARING, Phase.ARCHIVED))
    if active.exists():
        raise NotAllowed(_("The cluster has an active year; its secretariat opens the next one."))


def can_conclude_year(user: User, year: EmulationYear) -> bool:
    return is_allowed(TABLE, "year.conclude", user, _while_offices_held(year))


def check_can_conclude_year(user: User, year: EmulationYear) -> None:
    check(TABLE, "year.conclude", user, _while_offices_held(year))


def _while_offices_held(year: EmulationYear) -> EmulationYear:
    """Reopening an archived year is asked of those who held its offices until it was archived."""
    if not year.is_archived:
        return year
    before = copy(year)
    before.phase = Phase.CONCLUDED
    return before


def check_can_send_back_to_approving(user: User, year: EmulationYear) -> None:
    check(TABLE, "year.reopen_card", user, year)
    check_not_archived(year)


def can_see_setup(user: User, year: EmulationYear) -> bool:
    return is_allowed(TABLE, "setup.see", user, year)


def check_can_see_setup(user: User, year: EmulationYear) -> None:
    check(TABLE, "setup.see", user, year)


def can_advance_year(user: User, year: EmulationYear) -> bool:
    return is_allowed(TABLE, "year.advance", user, year)


def can_write_meeting(user: User, year: EmulationYear) -> bool:
    return is_allowed(TABLE, "meeting.write", user, year) and not year.is_archived


def can_write_delegation(user: User, principal: Membership) -> bool:
    """The head of the unit delegates the own office; the secretariat records the paper."""
    year = principal.year
    return is_allowed(TABLE, "delegation.write", user, year, principal) and not year.is_archived


def check_can_write_delegation(user: User, principal: Membership) -> None:
    message = _("A delegation is given by the head of the unit, or recorded by the secretariat from its paper.")
    check(TABLE, "delegation.write", user, principal.year, principal, message=message)
    check_not_archived(principal.year)


def can_see_delegations(user: User, year: EmulationYear) -> bool:
    return is_allowed(TABLE, "delegation.see", user, year)


def check_can_see_delegations(user: User, year: EmulationYear) -> None:
    check(TABLE, "delegation.see", user, year)


def can_write_papers(user: User, year: EmulationYear) -> bool:
    """Papers of the year, their numbers, their issue and withdrawal."""
    return is_allowed(TABLE, "paper.write", user, year) and not year.is_archived


def check_can_write_papers(user: User, year: EmulationYear) -> None:
    message = _("Papers of the year are written and issued by the leader and the secretariat.")
    check(TABLE, "paper.write", user, year, message=message)
    check_not_archived(year)


def can_see_papers(user: User, year: EmulationYear) -> bool:
    return is_allowed(TABLE, "paper.see", user, year)


def check_can_see_papers(user: User, year: EmulationYear) -> None:
    """What is not issued yet, and the register of numbers."""
    message = _("Papers that are not issued yet are open to the secretariat and those who chair the cluster.")
    check(TABLE, "paper.see", user, year, message=message)


def can_publish_year(user: User, year: EmulationYear) -> bool:
    return is_allowed(TABLE, "year.publish", user, year)


def check_can_publish_year(user: User, year: EmulationYear) -> None:
    check(TABLE, "year.publish", user, year)
    check_not_archived(year)


def can_write_unit_accounts(user: User, year: EmulationYear) -> bool:
    return is_allowed(TABLE, "unit_accounts.write", user, year)


def check_can_write_unit_accounts(user: User, year: EmulationYear) -> None:
    check(TABLE, "unit_accounts.write", user, year)


def can_write_accounts_of(user: User, year: EmulationYear, membership: Membership) -> bool:
    """Nobody makes accounts for the own unit: a home unit's signatory is not for its secretary to open."""
    return is_allowed(TABLE, "unit_accounts.write", user, year, membership)


def check_manages_accounts(user: User) -> None:
    """Raises NotAllowed toward everybody who has no accounts to look after at all."""
    if not is_administrator(user) and not secretariat_of(user):
        raise NotAllowed(_("Accounts are looked after by the secretariat and the administrator."))


def check_can_manage_account(user: User, account: User) -> None:
    """The administrator manages every account, a secretariat those of its cluster's units, the own unit's excepted."""
    check_manages_accounts(user)
    if is_administrator(user):
        return
    held = account.assignments_held()
    units = {assignment.unit_id for assignment in held if assignment.unit_id}
    clusters = secretariat_of(user)
    members = Membership.objects.filter(year__cluster_id__in=clusters, unit_id__in=units)
    known = set(members.values_list("unit_id", flat=True))
    if not known and not clusters & {assignment.cluster_id for assignment in held}:
        raise NotKnown
    own_units = {assignment.unit_id for assignment in user.assignments_held() if assignment.unit_id}
    if units & own_units:
        raise NotAllowed(
            _("This account belongs to your own unit."),
            next_step=_("Ask another person of the secretariat or the administrator."),
        )
    if units != known or any(assignment.role not in UNIT_ROLES for assignment in held):
        raise NotAllowed(_("Only an administrator may do this with this account."))


def is_administrator(user: User) -> bool:
    return any(held.role == AssignmentRole.ADMINISTRATOR for held in user.assignments_held())


def check_is_administrator(user: User) -> None:
    """Raises NotAllowed: clusters, units and catalogues are the administrator's alone."""
    if not is_administrator(user):
        raise NotAllowed(_("Only an administrator may do this."))


def secretariat_of(user: User) -> set[int]:
    """The clusters (primary keys) in whose secretariat the person works."""
    held = user.assignments_held()
    return {part.cluster_id for part in held if part.role == AssignmentRole.SECRETARIAT and part.cluster_id}


def clusters_of(user: User) -> set[int]:
    """The clusters (primary keys) that the person may know: by assignment, or through the own unit's membership."""
    held = user.assignments_held()
    units = {assignment.unit_id for assignment in held if assignment.unit_id}
    known = {assignment.cluster_id for assignment in held if assignment.cluster_id}
    if is_administrator(user):
        return set(Cluster.objects.values_list("pk", flat=True))
    return known | set(Membership.objects.filter(unit_id__in=units).values_list("year__cluster_id", flat=True))
