"""The cells are typed by hand from security.md 3; `people()` are the columns."""

import pytest

from cluster_app.lib.errors import NotAllowed, NotKnown, WrongState
from members import permissions
from members.enums import AssignmentRole, MemberRole, Phase
from members.models import Membership
from tests.factories.members import AssignmentFactory, EmulationYearFactory, UserFactory
from tests.scenarios import fresh, two_clusters

pytestmark = pytest.mark.django_db

COLUMNS = ("of", "sg", "ot", "fo", "L", "D", "S", "R", "O")
#                                                         of sg ot fo L D S R O
CELLS = [
    (permissions.check_can_see_cluster,                  "Y Y Y 4 Y Y Y Y Y"),
    (permissions.check_can_see_setup,                    "3 3 3 4 3 3 Y 3 Y"),
    (permissions.check_can_edit_year,                    "3 3 3 4 3 3 Y 3 4"),
    (permissions.check_can_advance_year,                 "3 3 3 4 3 3 Y 3 4"),
    (permissions.check_can_conclude_year,                "3 3 3 4 Y Y 3 3 4"),
    (permissions.check_can_publish_year,                 "3 3 3 4 Y Y 3 3 4"),
    (permissions.check_can_send_back_to_approving,       "3 3 3 4 Y Y Y 3 4"),
    (permissions.check_can_write_meeting,                "3 3 3 4 3 3 Y 3 4"),
    (permissions.check_can_write_unit_accounts,          "3 3 3 4 3 3 Y 3 Y"),
]  # fmt: skip


def answer(check, *arguments):
    try:
        check(*arguments)
    except NotKnown:
        return "4"
    except NotAllowed:
        return "3"
    except WrongState:
        return "W"
    return "Y"


@pytest.mark.parametrize(("check", "cells"), CELLS, ids=lambda value: getattr(value, "__name__", ""))
def test_permissions_of_every_relation(check, cells):
    world = two_clusters(phase=Phase.CONFERENCE)

    found = [answer(check, world.people()[column], world.year) for column in COLUMNS]

    assert found == cells.split()


@pytest.mark.parametrize(("check", "cells"), CELLS, ids=lambda value: getattr(value, "__name__", ""))
def test_permissions_in_an_archived_year_leave_reading_and_reopening(check, cells):
    world = two_clusters(phase=Phase.ARCHIVED)
    open_in_the_archive = {
        permissions.check_can_see_cluster,
        permissions.check_can_see_setup,
        permissions.check_can_write_unit_accounts,
        permissions.check_can_conclude_year,
    }

    found = [answer(check, world.people()[column], world.year) for column in COLUMNS]

    assert ("Y" in found) is (check in open_in_the_archive)


def test_conclude_year_without_a_deputy_is_open_to_the_secretariat():
    world = two_clusters(phase=Phase.CONFERENCE)
    Membership.objects.filter(pk=world.deputy.pk).update(role=MemberRole.MEMBER)
    year = type(world.year).objects.get(pk=world.year.pk)

    assert answer(permissions.check_can_conclude_year, world.secretariat, year) == "Y"
    assert answer(permissions.check_can_conclude_year, world.deputy_signatory, year) == "3"


@pytest.mark.parametrize(
    ("phase", "secretariat", "administrator"),
    [(Phase.PREPARING, "Y", "Y"), (Phase.RUNNING, "Y", "3"), (Phase.ARCHIVED, "Y", "Y")],
)
def test_create_year_is_the_secretariats_and_the_first_one_the_administrators(phase, secretariat, administrator):
    world = two_clusters(phase=phase)

    assert answer(permissions.check_can_create_year, world.secretariat, world.cluster) == secretariat
    assert answer(permissions.check_can_create_year, world.administrator, world.cluster) == administrator
    assert answer(permissions.check_can_create_year, world.foreign.secretariat, world.cluster) == "3"
    assert answer(permissions.check_can_create_year, world.leader_signatory, world.cluster) == "3"


@pytest.mark.parametrize(
    ("account", "secretary", "secretary_at_home", "administrator"),
    [
        ("officer", "Y", "3", "Y"),
        ("signatory", "Y", "3", "Y"),
        ("other_signatory", "Y", "Y", "Y"),
        ("secretariat_at_home", "3", "3", "Y"),
        ("observer", "3", "3", "Y"),
        ("administrator", "4", "4", "Y"),
        ("stranger", "4", "4", "Y"),
    ],
)
def test_manage_account_by_whom(account, secretary, secretary_at_home, administrator):
    world = two_clusters()
    managed = getattr(world, account)

    found = [
        answer(permissions.check_can_manage_account, by, fresh(managed))
        for by in (world.secretariat, world.secretariat_at_home, world.administrator)
    ]

    assert found == [secretary, secretary_at_home, administrator]


@pytest.mark.parametrize("column", ["of", "sg", "ot", "fo", "L", "D", "R"])
def test_manage_account_is_refused_to_everybody_else(column):
    world = two_clusters()

    assert answer(permissions.check_can_manage_account, world.people()[column], world.other_signatory) == "3"


def test_manage_account_of_a_unit_that_is_also_in_another_cluster_is_the_administrators():
    world = two_clusters()
    AssignmentFactory(user=world.officer, unit=world.foreign.member.unit, role=AssignmentRole.OFFICER)

    assert answer(permissions.check_can_manage_account, world.secretariat, fresh(world.officer)) == "3"


def test_power_of_the_leader_belongs_to_the_year_of_the_object():
    world = two_clusters()
    next_year = EmulationYearFactory(cluster=world.cluster, year=2022)
    for member, role in zip(world.members, [MemberRole.MEMBER, MemberRole.LEADER, MemberRole.DEPUTY], strict=False):
        Membership.objects.create(
            year=next_year, unit=member.unit, name=member.name, short_name=member.short_name, role=role
        )

    assert answer(permissions.check_can_publish_year, world.leader_signatory, world.year) == "Y"
    assert answer(permissions.check_can_publish_year, world.leader_signatory, next_year) == "3"
    assert answer(permissions.check_can_publish_year, world.deputy_signatory, next_year) == "Y"


def test_person_without_a_part_knows_nothing():
    world = two_clusters()

    assert answer(permissions.check_can_see_cluster, UserFactory(), world.year) == "4"
