import pytest

from members.enums import AssignmentRole, Phase
from members.relations import relations
from tests.scenarios import fresh, two_clusters, with_part

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("relation", "toward_member", "toward_year"),
    [
        ("of", "of", "of ot"),
        ("sg", "sg", "sg ot"),
        ("ot", "ot", "sg ot"),
        ("fo", "fo", "fo"),
        ("L", "L ot", "L sg ot"),
        ("D", "D ot", "D sg ot"),
        ("S", "S", "S"),
        ("R", "R", "R"),
        ("O", "O", "O"),
    ],
)
def test_relations_of_every_person(relation, toward_member, toward_year):
    world = two_clusters()
    user = world.people()[relation]

    assert relations(user, world.year, world.member) == set(toward_member.split())
    assert relations(user, world.year) == set(toward_year.split())


def test_relations_home_unit_makes_a_secretary_an_officer_and_nothing_more():
    world = two_clusters()

    assert relations(world.secretariat_at_home, world.year, world.member) == {"of"}
    assert relations(world.secretariat_at_home, world.year, world.other) == {"S"}


def test_relations_toward_the_own_unit_the_leader_is_signatory_only():
    world = two_clusters()

    assert relations(world.leader_signatory, world.year, world.leader) == {"sg"}


@pytest.mark.parametrize(
    ("phase", "expected"),
    [
        (Phase.PREPARING, {"ot"}),
        (Phase.RUNNING, {"L", "ot"}),
        (Phase.CONCLUDED, {"L", "ot"}),
        (Phase.ARCHIVED, {"ot"}),
    ],
)
def test_relations_leader_has_power_from_activation_until_the_archive(phase, expected):
    world = two_clusters(phase=phase)

    assert relations(world.leader_signatory, world.year, world.member) == expected


def test_relations_officer_of_the_leader_has_no_leaders_power():
    world = two_clusters()

    assert relations(world.officers[0], world.year, world.member) == {"ot"}


def test_relations_own_unit_beats_the_secretariat_of_the_same_person():
    world = two_clusters()
    user = with_part(world.officer, role=AssignmentRole.SECRETARIAT, unit=None, cluster=world.cluster)

    assert relations(user, world.year, world.member) == {"of"}
    assert relations(user, world.year, world.other) == {"S", "ot"}


def test_relations_end_with_the_assignment():
    world = two_clusters()
    world.signatory.assignments.update(ended_on="2021-11-01")

    assert relations(fresh(world.signatory), world.year, world.member) == {"fo"}
