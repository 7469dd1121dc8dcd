"""What a person is toward an object of a year, at this moment: the columns of the table in `security.md` 3.

Relations come from assignments and from the roles of the object's own year; never from groups, flags or the calendar.
"""

from enum import StrEnum

from members.enums import AssignmentRole, MemberRole
from members.models import EmulationYear, Membership, User

_UNIT_ROLES = (AssignmentRole.SIGNATORY, AssignmentRole.OFFICER)


class Relation(StrEnum):
    OFFICER = "of"  # officer of the object's own unit; a home unit makes a person one too
    SIGNATORY = "sg"  # signatory of the object's own unit
    OTHER = "ot"  # staff of another unit of the cluster
    FOREIGN = "fo"  # staff of another cluster, or of none
    LEADER = "L"  # signatory of the leader's unit, toward another unit's object
    DEPUTY = "D"
    SECRETARIAT = "S"  # toward a unit that is not the home unit
    OBSERVER = "R"
    ADMINISTRATOR = "O"


def relations(user: User, year: EmulationYear, membership: Membership | None = None) -> frozenset[Relation]:
    """The relations of `user` toward an object of `year`, of the unit `membership` or of the cluster as a whole.

    Own beats every other relation: toward the own unit's object a person is its officer or signatory and nothing more.
    """
    held = user.assignments_held()
    roles_of_units = {member.unit_id: member.role for member in year.roster()}
    if membership is not None and (own := _own_relations(held, {membership.unit_id}, year)):
        return own
    found = set(_own_relations(held, set(roles_of_units), year)) if membership is None else set()
    for assignment in held:
        if assignment.role == AssignmentRole.ADMINISTRATOR:
            found.add(Relation.ADMINISTRATOR)
        elif assignment.role in _UNIT_ROLES and assignment.unit_id in roles_of_units:
            found.add(Relation.OTHER)
            found |= _chair(assignment, roles_of_units[assignment.unit_id], year)
        elif assignment.cluster_id == year.cluster_id and assignment.role == AssignmentRole.SECRETARIAT:
            found.add(Relation.SECRETARIAT)
        elif assignment.cluster_id == year.cluster_id and assignment.role == AssignmentRole.OBSERVER:
            found.add(Relation.OBSERVER)
    return frozenset(found or {Relation.FOREIGN})


def _own_relations(held, unit_ids: set[int], year: EmulationYear) -> frozenset[Relation]:
    found = set()
    for assignment in held:
        if assignment.unit_id in unit_ids:
            if assignment.role == AssignmentRole.SIGNATORY:
                found.add(Relation.SIGNATORY)
            elif assignment.role == AssignmentRole.OFFICER or assignment.cluster_id == year.cluster_id:
                found.add(Relation.OFFICER)
    return frozenset(found)


def _chair(assignment, role: str, year: EmulationYear) -> set[Relation]:
    """The roles of a year carry power from its activation until it is archived."""
    if assignment.role != AssignmentRole.SIGNATORY or not year.is_active:
        return set()
    if role == MemberRole.LEADER:
        return {Relation.LEADER}
    return {Relation.DEPUTY} if role == MemberRole.DEPUTY else set()


def signatory_unit_ids(user: User) -> set[int]:
    """The units for which the person signs."""
    held = user.assignments_held()
    return {one.unit_id for one in held if one.role == AssignmentRole.SIGNATORY and one.unit_id is not None}
