from datetime import date

import pytest

from cluster_app.audit import verification
from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, WrongState
from members.enums import MemberRole, Phase, Standing
from members.models import Membership
from members.services import memberships
from tests.factories.members import EmulationYearFactory, ResolutionFactory, UnitFactory
from tests.scenarios import NOW, two_clusters

pytestmark = pytest.mark.django_db

REASON = "Theo biên bản họp Cụm ngày 20/11/2021"


def roles(world):
    return list(Membership.objects.filter(year=world.year).order_by("protocol_order").values_list("role", flat=True))


def test_add_copies_the_names_of_today_and_comes_last():
    world = two_clusters()
    unit = UnitFactory(name="Đài Phát thanh", short_name="Đài PT")

    added = memberships.add(year=world.year, unit=unit, by=world.secretariat, at=NOW)

    assert (added.name, added.short_name, added.role, added.protocol_order) == ("Đài Phát thanh", "Đài PT", "member", 5)
    assert verification.verify().problem == ""


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "is_accepted"),
    [
        (None, None, True),
        (date(2021, 12, 31), None, True),
        (date(2022, 1, 1), None, False),
        (None, date(2021, 1, 1), True),
        (None, date(2020, 12, 31), False),
    ],
)
def test_add_asks_whether_the_unit_exists_in_the_year(valid_from, valid_to, is_accepted):
    world = two_clusters()
    unit = UnitFactory(valid_from=valid_from, valid_to=valid_to)

    if is_accepted:
        assert memberships.add(year=world.year, unit=unit, by=world.secretariat, at=NOW).unit == unit
    else:
        with pytest.raises(Refused, match="does not exist in 2021"):
            memberships.add(year=world.year, unit=unit, by=world.secretariat, at=NOW)


def test_add_a_member_again_is_refused():
    world = two_clusters()

    with pytest.raises(Refused, match="already a member"):
        memberships.add(year=world.year, unit=world.member.unit, by=world.secretariat, at=NOW)


@pytest.mark.parametrize("phase", [Phase.SELF_SCORING, Phase.REVIEWING, Phase.CONCLUDED, Phase.ARCHIVED])
def test_add_after_self_scoring_began_is_a_wrong_state(phase):
    world = two_clusters(phase=phase)

    with pytest.raises(WrongState):
        memberships.add(year=world.year, unit=UnitFactory(), by=world.secretariat, at=NOW)


@pytest.mark.parametrize(
    ("place", "role", "expected"),
    [
        (2, MemberRole.LEADER, ["member", "deputy", "leader", "member"]),
        (1, MemberRole.LEADER, ["deputy", "leader", "member", "member"]),
        (2, MemberRole.DEPUTY, ["leader", "deputy", "deputy", "member"]),
    ],
)
def test_change_role_swaps_a_new_leader_with_the_former(place, role, expected):
    world = two_clusters()

    memberships.change_role(membership=world.members[place], role=role, reason=REASON, by=world.secretariat, at=NOW)

    assert roles(world) == expected
    assert verification.verify().problem == ""


@pytest.mark.parametrize(("place", "title"), [(0, "Cụm trưởng"), (1, "Cụm phó")])
def test_change_role_leaves_no_active_year_without_its_offices(place, title):
    world = two_clusters()

    with pytest.raises(Refused, match=title):
        memberships.change_role(
            membership=world.members[place], role=MemberRole.MEMBER, reason=REASON, by=world.secretariat, at=NOW
        )

    assert roles(world) == ["leader", "deputy", "member", "member"]


def test_change_role_while_preparing_needs_neither_reason_nor_offices():
    world = two_clusters(phase=Phase.PREPARING)

    memberships.change_role(membership=world.leader, role=MemberRole.MEMBER, by=world.secretariat, at=NOW)

    assert roles(world) == ["member", "deputy", "member", "member"]


def test_change_role_in_an_active_year_needs_a_reason():
    world = two_clusters()

    with pytest.raises(Refused, match="reason"):
        memberships.change_role(membership=world.member, role=MemberRole.DEPUTY, by=world.secretariat, at=NOW)


@pytest.mark.parametrize("phase", [Phase.CONCLUDED, Phase.ARCHIVED])
def test_change_role_after_the_conclusion_is_a_wrong_state(phase):
    world = two_clusters(phase=phase)

    with pytest.raises(WrongState):
        memberships.change_role(
            membership=world.member, role=MemberRole.LEADER, reason=REASON, by=world.secretariat, at=NOW
        )


@pytest.mark.parametrize("column", ["of", "sg", "ot", "L", "D", "R"])
def test_change_role_is_the_secretariats_alone(column):
    world = two_clusters()

    with pytest.raises(NotAllowed):
        memberships.change_role(
            membership=world.member, role=MemberRole.LEADER, reason=REASON, by=world.people()[column], at=NOW
        )


def test_change_standing_keeps_the_reason_and_forgets_it_when_restored():
    world = two_clusters()

    suspended = memberships.change_standing(
        membership=world.member, standing=Standing.SUSPENDED, reason=REASON, by=world.secretariat, at=NOW
    )
    assert (suspended.is_ranked, suspended.standing_reason) == (False, REASON)

    restored = memberships.change_standing(
        membership=world.member,
        standing=Standing.GOOD,
        reason="Đã xem xét, không vi phạm",
        by=world.secretariat,
        at=NOW,
    )
    assert (restored.is_ranked, restored.standing_reason) == (True, "")
    assert verification.verify().problem == ""


def test_change_standing_without_a_reason_is_refused():
    world = two_clusters()

    with pytest.raises(Refused):
        memberships.change_standing(
            membership=world.member, standing=Standing.DISQUALIFIED, reason=" ", by=world.secretariat, at=NOW
        )


def test_change_standing_after_publication_is_a_wrong_state():
    world = two_clusters(phase=Phase.CONFERENCE)
    type(world.year).objects.filter(pk=world.year.pk).update(published_at=NOW)

    with pytest.raises(WrongState, match="published"):
        memberships.change_standing(
            membership=world.member, standing=Standing.SUSPENDED, reason=REASON, by=world.secretariat, at=NOW
        )


def test_remove_takes_the_row_away_and_says_so_in_the_log():
    world = two_clusters(phase=Phase.PREPARING)

    memberships.remove(membership=world.other, by=world.secretariat, at=NOW)

    assert roles(world) == ["leader", "deputy", "member"]
    assert AuditEvent.objects.first().verb == "membership.remove"
    assert verification.verify().problem == ""


def test_remove_of_a_unit_that_something_hangs_on_is_refused():
    world = two_clusters(phase=Phase.PREPARING)
    ResolutionFactory(meeting__year=world.year, named=world.member)

    with pytest.raises(Refused):
        memberships.remove(membership=world.member, by=world.secretariat, at=NOW)

    assert Membership.objects.filter(pk=world.member.pk).exists()


def test_remove_in_a_year_that_has_begun_is_a_wrong_state():
    world = two_clusters()

    with pytest.raises(WrongState):
        memberships.remove(membership=world.member, by=world.secretariat, at=NOW)


def test_change_standing_of_a_unit_of_another_year_touches_no_other_row():
    world = two_clusters()
    empty_year = EmulationYearFactory(cluster=world.cluster, year=2022)
    stray = Membership.objects.get(pk=world.member.pk)
    stray.year = empty_year

    with pytest.raises(NotKnown):
        memberships.change_standing(
            membership=stray, standing=Standing.SUSPENDED, reason=REASON, by=world.secretariat, at=NOW
        )
