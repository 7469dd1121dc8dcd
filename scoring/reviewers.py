"""Who is asked to review which card. Reads only; `services.reviewing` names the reviewers."""

from django.db.models import Q

from members.enums import AssignmentRole
from members.models import Assignment, EmulationYear, User
from scoring.enums import SubmissionWay
from scoring.models import ReviewAssignment, Submission

_OF_A_UNIT = (AssignmentRole.SIGNATORY, AssignmentRole.OFFICER)


def cards_of(user: User, year: EmulationYear) -> frozenset[int]:
    """The cards (primary keys) of the year that the person is asked to review: by name, while they belong to one of its
    units or to its secretariat, or for a unit. Read once for each loaded year and person."""
    kept: dict[int, frozenset[int]] = year.__dict__.setdefault("_review_assignments", {})
    if user.pk not in kept:
        units = {held.unit_id for held in user.assignments_held() if held.role in _OF_A_UNIT}
        mine = Q(membership__unit_id__in=units)
        if _can_be_asked(user, year):
            mine |= Q(user=user)
        found = ReviewAssignment.objects.filter(mine, scorecard__membership__year=year).order_by()
        kept[user.pk] = frozenset(found.values_list("scorecard_id", flat=True))
    return kept[user.pk]


def _can_be_asked(user: User, year: EmulationYear) -> bool:
    """Whether the person is one of `people_of` the year at this moment; observing or administering it gives no part."""
    units = {member.unit_id for member in year.roster()}
    return any(
        (held.role in _OF_A_UNIT and held.unit_id in units)
        or (held.role == AssignmentRole.SECRETARIAT and held.cluster_id == year.cluster_id)
        for held in user.assignments_held()
    )


def entered_on_behalf(user: User, year: EmulationYear) -> frozenset[int]:
    """The cards (primary keys) of the year that the person handed in on behalf of their units. Read once for each
    loaded year and person."""
    kept: dict[int, frozenset[int]] = year.__dict__.setdefault("_entered_on_behalf", {})
    if user.pk not in kept:
        found = Submission.objects.filter(
            submitted_by=user, way=SubmissionWay.ON_BEHALF, scorecard__membership__year=year
        ).order_by()
        kept[user.pk] = frozenset(found.values_list("scorecard_id", flat=True))
    return kept[user.pk]


def people_of(year: EmulationYear) -> list[User]:
    """Everybody who can be asked to review in the year, by user name: active people of its units, and its secretariat.
    One query, or two where the roster is not known yet."""
    units = [member.unit_id for member in year.roster()]
    held = Q(unit__in=units, role__in=_OF_A_UNIT) | Q(cluster=year.cluster_id, role=AssignmentRole.SECRETARIAT)
    assignments = Assignment.objects.filter(held, ended_on__isnull=True, user__is_active=True)
    return list(User.objects.filter(pk__in=assignments.values("user")).order_by("username", "pk"))


def people_with_units(year: EmulationYear) -> list[tuple[User, frozenset[int]]]:
    """The same people, each with the units (primary keys) to which they belong, home units among them. Two queries."""
    people = people_of(year)
    own: dict[int, set[int]] = {person.pk: set() for person in people}
    held = Assignment.objects.filter(user__in=own, ended_on__isnull=True, unit__isnull=False).order_by()
    for user, unit in held.values_list("user_id", "unit_id"):
        if unit is not None:
            own[user].add(unit)
    return [(person, frozenset(own[person.pk])) for person in people]
