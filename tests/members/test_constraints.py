"""What must always hold is held by the database, and the person reads its sentence."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from cluster_app.lib.errors import Refused, save_checked
from members.enums import AssignmentRole, MemberRole, ResolutionKind
from members.models import (
    Assignment,
    Cluster,
    Deadline,
    EmulationYear,
    Extension,
    Meeting,
    Membership,
    PendingStep,
    Resolution,
    Unit,
    User,
    YearRules,
)
from tests.factories.members import (
    DeadlineFactory,
    ExtensionFactory,
    MeetingFactory,
    PendingStepFactory,
    ResolutionFactory,
    UserFactory,
)
from tests.scenarios import two_clusters

pytestmark = pytest.mark.django_db


def meeting_of(world):
    return MeetingFactory(year=world.year)


# Each row: the constraint, and a row of data that violates it and nothing else.
VIOLATIONS = {
    "cluster_slug_once": lambda w: Cluster(slug="cum-a", name="Khác", province="Lạng Sơn"),
    "cluster_slug_not_reserved": lambda w: Cluster(slug="admin", name="Khác", province="Lạng Sơn"),
    "unit_code_once": lambda w: Unit(code="A1", name="Tên khác", short_name="TK"),
    "unit_name_once": lambda w: Unit(code="X", name="đơn vị a1", short_name="X"),
    "unit_dates_in_order": lambda w: Unit(
        code="X", name="Tên khác", short_name="X", valid_from=date(2021, 2, 1), valid_to=date(2021, 1, 1)
    ),
    "year_once_per_cluster": lambda w: EmulationYear(cluster=w.cluster, year=2021),
    "rules_tally_period_in_order": lambda w: YearRules(
        year=EmulationYear.objects.create(cluster=w.cluster, year=2022),
        tally_from=date(2022, 2, 1),
        tally_to=date(2022, 1, 1),
    ),
    "rules_excluded_needs_percent": lambda w: YearRules(
        year=EmulationYear.objects.create(cluster=w.cluster, year=2022),
        tally_from=date(2022, 1, 1),
        tally_to=date(2022, 2, 1),
        not_assigned="excluded",
    ),
    "membership_once_per_year": lambda w: Membership(year=w.year, unit=w.member.unit, name="X", short_name="X"),
    "membership_one_leader": lambda w: Membership(
        year=w.year,
        unit=Unit.objects.create(code="X", name="Tên khác", short_name="X"),
        name="X",
        short_name="X",
        role=MemberRole.LEADER,
    ),
    "membership_standing_has_reason": lambda w: changed(w.member, standing="suspended"),
    "deadline_once_per_step": lambda w: Deadline(
        year=w.year, step=DeadlineFactory(year=w.year).step, due_at=datetime(2021, 1, 1, tzinfo=UTC)
    ),
    "extension_once_per_unit": lambda w: again(
        ExtensionFactory(deadline=DeadlineFactory(year=w.year), membership=w.member)
    ),
    "extension_has_reason": lambda w: Extension(
        deadline=DeadlineFactory(year=w.year),
        membership=w.member,
        until=datetime(2021, 12, 1, tzinfo=UTC),
        reason="",
    ),
    "user_username_once": lambda w: User(username=w.officer.username, password="!"),
    "assignment_has_its_place": lambda w: Assignment(user=w.stranger, role=AssignmentRole.SIGNATORY),
    "assignment_dates_in_order": lambda w: Assignment(
        user=w.stranger,
        role=AssignmentRole.ADMINISTRATOR,
        started_on=date(2021, 2, 1),
        ended_on=date(2021, 1, 1),
    ),
    "pending_step_once": lambda w: again(PendingStepFactory(year=w.year)),
    "pending_step_two_persons": lambda w: changed(
        PendingStepFactory(year=w.year, proposed_by=w.officer), confirmed_by=w.officer, closed_at=w.year_at
    ),
    "pending_step_confirmed_is_closed": lambda w: changed(
        PendingStepFactory(year=w.year, proposed_by=w.officer), confirmed_by=UserFactory()
    ),
    "meeting_once_per_kind": lambda w: again(meeting_of(w)),
    "resolution_order_once": lambda w: again(ResolutionFactory(meeting=meeting_of(w))),
    "resolution_names_a_unit": lambda w: Resolution(meeting=meeting_of(w), kind=ResolutionKind.LEADER, text="Bầu"),
    "resolution_third_unit_has_card": lambda w: Resolution(
        meeting=meeting_of(w), kind=ResolutionKind.THIRD_UNIT, text="Giao", named=w.other
    ),
}
# The column's own rule speaks first.
SAID_BY_THE_FIELD = {"extension_has_reason": "This field cannot be blank."}
MODELS = (
    Assignment,
    Cluster,
    Deadline,
    EmulationYear,
    Extension,
    Meeting,
    Membership,
    PendingStep,
    Resolution,
    Unit,
    User,
    YearRules,
)


def changed(row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    return row


def again(row):
    """The same row once more."""
    row.pk = None
    row._state.adding = True
    return row


def constraints():
    return {constraint.name: constraint for model in MODELS for constraint in model._meta.constraints}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_constraint_is_held_by_the_database_and_speaks(name):
    world = two_clusters()
    world.year_at = datetime(2021, 11, 24, tzinfo=UTC)
    row = VIOLATIONS[name](world)

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    with pytest.raises(Refused) as refusal:
        save_checked(row)

    sentence = SAID_BY_THE_FIELD.get(name) or str(constraints()[name].violation_error_message)
    assert sentence in refusal.value.message


def test_every_constraint_that_is_not_a_list_of_choices_has_its_violation():
    of_choices = {name for name in constraints() if name.endswith("_known")}

    assert set(VIOLATIONS) == set(constraints()) - of_choices - {"year_in_range"}


@pytest.mark.parametrize("number", [1999, 2101])
def test_year_lies_in_its_range(number):
    world = two_clusters()

    with pytest.raises(IntegrityError), transaction.atomic():
        EmulationYear(cluster=world.cluster, year=number).save()
    with pytest.raises(Refused):
        save_checked(EmulationYear(cluster=world.cluster, year=number))


@pytest.mark.parametrize("name", sorted(name for name in constraints() if name.endswith("_known")))
def test_choices_are_known_to_the_database(name):
    world = two_clusters()
    DeadlineFactory(year=world.year)
    PendingStepFactory(year=world.year)
    ResolutionFactory(meeting=meeting_of(world))
    model = next(model for model in MODELS if name in {constraint.name for constraint in model._meta.constraints})
    (column, _choices) = constraints()[name].condition.children[0]

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**{column.removesuffix("__in"): "?"})
