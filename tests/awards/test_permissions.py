"""The cells of `security.md` 3 for this app, typed by hand from that table."""

import pytest
from django.db import transaction

from awards import permissions
from cluster_app.lib import clock
from cluster_app.lib.errors import NotAllowed, NotKnown, WrongState
from members.enums import Phase
from tests.factories.awards import CampaignFactory, CommendationFactory, PledgeFactory
from tests.factories.members import EmulationYearFactory, MembershipFactory
from tests.scenarios import NOW, fresh, two_clusters

pytestmark = pytest.mark.django_db

RELATIONS = ("of", "sg", "ot", "fo", "L", "D", "S", "R", "O")
#                          of  sg  ot  fo  L   D   S   R   O
CELLS = {
    "see campaigns":      " Y   Y   Y   -   Y   Y   Y   Y   Y",
    "see pledge":         " Y   Y   Y   -   Y   Y   Y   Y   -",
    "write pledge":       " -   -   -   -   Y   -   Y   -   -",
    "sign":               " -   Y   -   -   -   -   -   -   -",
    "record paper":       " -   -   -   -   -   -   Y   -   -",
    "write campaign":     " -   -   -   -   Y   -   Y   -   -",
    "write own drive":    " Y   Y   -   -   -   -   Y   -   -",
    "record part":        " Y   Y   -   -   -   -   Y   -   -",
    "register titles":    " Y   Y   -   -   -   -   Y   -   -",
    "withdraw title":     " -   -   -   -   -   -   Y   -   -",
    "see registration":   " Y   Y   P   -   Y   Y   Y   Y   -",
    "enter commendation": " Y   Y   -   -   -   -   Y   -   -",
    "edit commendation":  " Y   Y   -   -   -   -   Y   -   -",
    "confirm":            " -   -   -   -   -   -   Y   -   -",
    "revoke":             " -   -   -   -   -   -   Y   -   -",
    "see commendation":   " Y   Y   P   -   Y   Y   Y   Y   -",
}  # fmt: skip


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """One world for all cells: what a test writes or changes does not outlive it."""
    with django_db_blocker.unblock(), clock.stopped_at(NOW), transaction.atomic():
        yield two_clusters()
        transaction.set_rollback(True)


@pytest.fixture
def world(built):
    built.year.published_at, built.year.phase = None, Phase.RUNNING
    return built


def ask(action, user, world):
    """Raises if the person may not take `action` toward the objects of the unit `member`."""
    year, member = world.year, world.member
    commendation = CommendationFactory.build(membership=member, award_form=None, decision=None, recorded_by=None)
    pledge = PledgeFactory.build(year=year)
    acts = {
        "see campaigns": lambda: permissions.check_can_see_campaigns(user, year),
        "see pledge": lambda: permissions.check_can_see_pledge(user, year),
        "write pledge": lambda: permissions.check_can_write_pledge(user, year),
        "sign": lambda: permissions.check_can_sign(user, pledge, member),
        "record paper": lambda: permissions.check_can_record_paper(user, pledge, member),
        "write campaign": lambda: permissions.check_can_write_campaign(user, CampaignFactory.build(year=year)),
        "write own drive": lambda: permissions.check_can_write_campaign(
            user, CampaignFactory.build(year=year, own_drive=True, membership=member)
        ),
        "record part": lambda: permissions.check_can_record_participation(user, year, member),
        "register titles": lambda: permissions.check_can_register_titles(user, year, member),
        "withdraw title": lambda: permissions.check_can_withdraw_registration(user, year, member),
        "see registration": lambda: permissions.check_can_see_registration(user, year, member),
        "enter commendation": lambda: permissions.check_can_enter(user, year, member),
        "edit commendation": lambda: permissions.check_can_edit_commendation(user, commendation),
        "confirm": lambda: permissions.check_can_confirm(user, year, member),
        "revoke": lambda: permissions.check_can_revoke(user, commendation),
        "see commendation": lambda: permissions.check_can_see_commendation(user, commendation),
    }
    acts[action]()


def answer(action, user, world):
    try:
        ask(action, user, world)
    except NotAllowed:
        return "403"
    except NotKnown:
        return "404"
    except WrongState:
        return "409"
    return "Y"


def expected(action, relation, *, is_published):
    cell = dict(zip(RELATIONS, CELLS[action].split(), strict=True))[relation]
    if cell == "P":
        cell = "Y" if is_published else "-"
    return {"Y": "Y", "-": "404" if relation in ("fo", "O") else "403"}[cell]


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("action", CELLS)
def test_cell_before_publication(world, action, relation):
    user = world.people()[relation]

    assert answer(action, user, world) == expected(action, relation, is_published=False)


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("action", ["see commendation", "see registration"])
def test_everybody_inside_sees_the_records_of_all_units_after_publication(world, action, relation):
    world.year.published_at = NOW

    assert answer(action, world.people()[relation], world) == expected(action, relation, is_published=True)


@pytest.mark.parametrize(
    ("relation", "outcome"), [("of", "409"), ("sg", "409"), ("ot", "403"), ("L", "403"), ("S", "Y"), ("fo", "404")]
)
def test_after_publication_only_the_secretariat_enters(world, relation, outcome):
    world.year.published_at = NOW

    assert answer("enter commendation", world.people()[relation], world) == outcome


#                  of  sg  ot  fo  L   D   S   R   O
FROM_REVIEW_ON = "409 409 403 404 403 403 Y   403 404"


@pytest.mark.parametrize("phase", [Phase.REVIEWING, Phase.APPROVING, Phase.CONFERENCE, Phase.CONCLUDED])
@pytest.mark.parametrize("action", ["record part", "register titles"])
def test_from_the_review_on_units_leave_their_records_to_the_secretariat(world, action, phase):
    world.year.phase = phase

    found = [answer(action, user, world) for user in map(world.people().get, RELATIONS)]

    assert found == FROM_REVIEW_ON.split()
    assert answer(action, world.secretariat_at_home, world) == "409"


@pytest.mark.parametrize("phase", [Phase.PREPARING, Phase.RUNNING, Phase.SELF_SCORING])
@pytest.mark.parametrize("relation", ["of", "sg", "S"])
@pytest.mark.parametrize("action", ["record part", "register titles"])
def test_until_the_review_units_write_their_own_records(world, action, relation, phase):
    world.year.phase = phase

    assert answer(action, world.people()[relation], world) == "Y"


@pytest.mark.parametrize(("phase", "units"), [(Phase.SELF_SCORING, ["A3"]), (Phase.REVIEWING, [])])
def test_pages_offer_the_records_of_the_own_unit_until_the_review(world, phase, units):
    world.year.phase = phase

    for offered in (permissions.participating_units, permissions.registering_units):
        assert [member.unit.code for member in offered(world.officer, world.year)] == units
        assert offered(world.secretariat, world.year) == world.members
    assert permissions.can_register_titles(world.officer, world.year, world.member) is bool(units)


@pytest.mark.parametrize("opening", ["check_can_open_participation", "check_can_open_registration"])
@pytest.mark.parametrize(("person", "error"), [("officer", WrongState), ("observer", NotAllowed)])
def test_forms_of_records_say_why_they_are_closed_in_the_review(world, opening, person, error):
    world.year.phase = Phase.REVIEWING

    with pytest.raises(error):
        getattr(permissions, opening)(getattr(world, person), world.year)


@pytest.mark.parametrize("action", [action for action in CELLS if not action.startswith("see")])
@pytest.mark.parametrize("relation", ["sg", "S"])
def test_nothing_is_written_in_an_archived_year(world, action, relation):
    world.year.phase = Phase.ARCHIVED

    assert answer(action, world.people()[relation], world) in ("403", "409")


@pytest.mark.parametrize(
    ("action", "outcome"), [("confirm", "403"), ("revoke", "403"), ("record paper", "403"), ("withdraw title", "403")]
)
def test_secretariat_has_no_power_over_the_home_unit(world, action, outcome):
    assert answer(action, world.secretariat_at_home, world) == outcome


def test_secretariat_enters_for_the_home_unit_as_its_officer(world):
    assert answer("enter commendation", world.secretariat_at_home, world) == "Y"


def test_confirmed_commendation_is_edited_by_those_who_may_confirm_it_only(world):
    commendation = CommendationFactory(membership=world.member, confirmed=True)

    permissions.check_can_edit_commendation(world.secretariat, commendation)
    for user in (world.officer, world.signatory, world.secretariat_at_home):
        with pytest.raises(WrongState):
            permissions.check_can_edit_commendation(user, commendation)


@pytest.mark.parametrize(
    ("relation", "sees_all"),
    [("of", False), ("sg", False), ("ot", False), ("L", True), ("D", True), ("S", True), ("R", True), ("O", False)],
)
def test_whole_tally_before_publication_is_for_chairs_secretariat_and_observers(world, relation, sees_all):
    assert permissions.can_see_tally(world.people()[relation], world.year) is sees_all


@pytest.mark.parametrize(
    ("relation", "sees_all"), [("of", True), ("ot", True), ("L", True), ("fo", False), ("O", False)]
)
def test_whole_tally_after_publication_is_for_everybody_inside(world, relation, sees_all):
    world.year.published_at = NOW

    assert permissions.can_see_tally(world.people()[relation], world.year) is sees_all


def test_leader_of_last_year_has_no_power_over_this_year(world):
    last_year = EmulationYearFactory(cluster=world.cluster, year=2020, concluded=True)
    MembershipFactory(year=last_year, unit=world.member.unit, leader=True)
    former = fresh(world.signatory)

    permissions.check_can_write_pledge(former, last_year)
    with pytest.raises(NotAllowed):
        permissions.check_can_write_pledge(former, world.year)


@pytest.mark.parametrize(
    ("person", "units"),
    [("officer", "own"), ("secretariat", "all"), ("secretariat_at_home", "all"), ("observer", "none")],
)
def test_entry_units_are_those_the_person_may_enter_for(world, person, units):
    found = permissions.entry_units(getattr(world, person), world.year)

    assert found == {"own": [world.member], "all": world.members, "none": []}[units]
