import re

import pytest
from axes.models import AccessAttempt

from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, WrongState
from members.enums import AssignmentRole, Phase
from members.models import Assignment, User
from members.services import accounts
from tests.factories.members import AssignmentFactory, MembershipFactory, UnitFactory
from tests.scenarios import NOW, fresh, two_clusters

pytestmark = pytest.mark.django_db


def build_world():
    return two_clusters()


def slips_of(world, by, **unit):
    """The slips for one new unit without accounts."""
    MembershipFactory(year=world.year, unit=UnitFactory(**unit), protocol_order=9)
    return accounts.make_unit_accounts(year=world.year, by=by, at=NOW)


def test_one_time_password_is_long_random_and_without_twins():
    first, second = accounts.one_time_password(), accounts.one_time_password()

    assert re.fullmatch(r"([a-z2-9]{4}-){2}[a-z2-9]{4}", first)
    assert not set("0o1il") & set(first)
    assert first != second


def test_make_unit_accounts_makes_signatory_and_officer_of_each_unit_without_them(world):
    slips = slips_of(world, world.secretariat, code="ĐUK", name="Đảng ủy Khối")

    assert [(slip.username, slip.unit, slip.role_label) for slip in slips] == [
        ("duk", "Đảng ủy Khối", "Signatory"),
        ("duk.cb", "Đảng ủy Khối", "Liaison officer"),
    ]
    user = User.objects.get(username="duk")
    assert user.check_password(slips[0].one_time_password)
    assert user.must_change_password is True
    assert [held.role for held in user.assignments_held()] == [AssignmentRole.SIGNATORY]


def test_make_unit_accounts_again_makes_nothing(world):
    slips_of(world, world.secretariat)

    assert accounts.make_unit_accounts(year=world.year, by=world.secretariat, at=NOW) == []


def test_make_unit_accounts_takes_another_name_where_one_is_taken(world):
    User.objects.create(username="bls", password="!")

    slips = slips_of(world, world.secretariat, code="BLS")

    assert [slip.username for slip in slips] == ["bls2", "bls.cb"]


def test_make_unit_accounts_keeps_the_passwords_out_of_the_log(world):
    slips = slips_of(world, world.secretariat)

    log = " ".join(AuditEvent.objects.values_list("payload", flat=True))
    assert AuditEvent.objects.filter(verb="user.create", cluster="cum-a").count() == 2
    assert [slip for slip in slips if slip.one_time_password in log] == []


def test_make_unit_accounts_gives_nobody_the_slips_of_the_own_unit(world):
    Assignment.objects.filter(unit=world.member.unit, user=world.signatory).update(ended_on="2021-11-01")
    Assignment.objects.filter(unit=world.other.unit, user=world.other_signatory).update(ended_on="2021-11-01")

    own = accounts.make_unit_accounts(year=world.year, by=world.secretariat_at_home, at=NOW)
    rest = accounts.make_unit_accounts(year=world.year, by=world.secretariat, at=NOW)

    assert [slip.unit for slip in own] == [world.other.name]
    assert [slip.unit for slip in rest] == [world.member.name]


@pytest.mark.parametrize(
    ("column", "error"),
    [("of", NotAllowed), ("sg", NotAllowed), ("L", NotAllowed), ("R", NotAllowed), ("fo", NotKnown)],
)
def test_make_unit_accounts_by_somebody_else_is_refused(world, column, error):
    count = User.objects.count()

    with pytest.raises(error):
        accounts.make_unit_accounts(year=world.year, by=world.people()[column], at=NOW)

    assert User.objects.count() == count


def test_make_unit_accounts_in_an_archived_year_is_a_wrong_state():
    world = two_clusters(phase=Phase.ARCHIVED)

    with pytest.raises(WrongState):
        accounts.make_unit_accounts(year=world.year, by=world.secretariat, at=NOW)


def test_make_first_accounts_is_all_or_nothing(world):
    MembershipFactory(year=world.year, unit=UnitFactory(code="MOI"))
    User.objects.create(username="thuky", password="!")

    with pytest.raises(Refused):
        accounts.make_first_accounts(year=world.year, secretary="thuky", by=world.administrator, at=NOW)

    assert not User.objects.filter(username="moi").exists()


def test_make_account_is_the_administrators_act(world):
    slip = accounts.make_account(
        username="thuky3",
        role=AssignmentRole.SECRETARIAT,
        cluster=world.cluster,
        home_unit=world.member.unit,
        by=world.administrator,
        at=NOW,
    )

    held = Assignment.objects.get(user__username=slip.username)
    assert (held.role, held.cluster, held.unit) == ("secretariat", world.cluster, world.member.unit)
    with pytest.raises(NotAllowed):
        accounts.make_account(
            username="thuky4", role=AssignmentRole.OBSERVER, cluster=world.cluster, by=world.secretariat, at=NOW
        )


@pytest.mark.parametrize(
    ("role", "has_cluster", "has_unit"),
    [
        (AssignmentRole.SIGNATORY, False, True),
        (AssignmentRole.SECRETARIAT, False, False),
        (AssignmentRole.OBSERVER, False, True),
        (AssignmentRole.ADMINISTRATOR, False, True),
    ],
)
def test_make_account_without_its_place_is_refused(world, role, has_cluster, has_unit):
    with pytest.raises(Refused):
        accounts.make_account(
            username="moi",
            role=role,
            cluster=world.cluster if has_cluster else None,
            home_unit=world.member.unit if has_unit else None,
            by=world.administrator,
            at=NOW,
        )

    assert not User.objects.filter(username="moi").exists()


def test_reset_password_must_be_changed_and_lifts_the_lock(world):
    AccessAttempt.objects.create(
        username=world.officer.username, ip_address="10.0.0.1", user_agent="", failures_since_start=5
    )

    slip = accounts.reset_password(user=world.officer, by=world.secretariat, at=NOW)

    user = fresh(world.officer)
    assert user.check_password(slip.one_time_password)
    assert user.must_change_password is True
    assert not AccessAttempt.objects.exists()
    assert AuditEvent.objects.first().verb == "user.reset_password"
    assert AuditEvent.objects.first().cluster == "cum-a"


def test_change_password_is_the_persons_own_from_then_on(world):
    accounts.reset_password(user=world.officer, by=world.secretariat, at=NOW)

    accounts.change_password(user=world.officer, password="mật khẩu của tôi 2021", at=NOW)

    user = fresh(world.officer)
    assert user.check_password("mật khẩu của tôi 2021")
    assert user.must_change_password is False


def test_disable_and_enable_say_when_it_is_done_already(world):
    accounts.disable(user=world.officer, by=world.secretariat, at=NOW)
    with pytest.raises(WrongState, match="already done"):
        accounts.disable(user=world.officer, by=world.secretariat, at=NOW)
    with pytest.raises(WrongState):
        accounts.reset_password(user=world.officer, by=world.secretariat, at=NOW)

    accounts.enable(user=world.officer, by=world.secretariat, at=NOW)
    assert fresh(world.officer).is_active is True
    with pytest.raises(WrongState, match="already done"):
        accounts.enable(user=world.officer, by=world.secretariat, at=NOW)


def test_disable_the_own_account_is_refused(world):
    with pytest.raises(Refused):
        accounts.disable(user=world.administrator, by=world.administrator, at=NOW)


def test_last_administrator_keeps_account_and_part(world):
    second = AssignmentFactory(administrator=True).user
    accounts.disable(user=second, by=world.administrator, at=NOW)

    with pytest.raises(Refused, match="last administrator"):
        accounts.end_assignment(assignment=world.administrator.assignments.get(), by=world.administrator, at=NOW)

    accounts.enable(user=second, by=world.administrator, at=NOW)
    ended = accounts.end_assignment(assignment=world.administrator.assignments.get(), by=second, at=NOW)
    assert ended.ended_on.isoformat() == "2021-11-24"
    with pytest.raises(Refused, match="last administrator"):
        accounts.end_assignment(assignment=second.assignments.get(), by=second, at=NOW)


def test_end_assignment_twice_is_a_wrong_state(world):
    assignment = world.officer.assignments.get()
    accounts.end_assignment(assignment=assignment, by=world.administrator, at=NOW)

    with pytest.raises(WrongState):
        accounts.end_assignment(assignment=assignment, by=world.administrator, at=NOW)


def test_unlock_forgets_the_wrong_passwords_of_this_account_only(world):
    for user in (world.officer, world.other_officer):
        AccessAttempt.objects.create(
            username=user.username, ip_address="10.0.0.1", user_agent="", failures_since_start=5
        )

    accounts.unlock(user=world.officer, by=world.secretariat, at=NOW)

    assert [attempt.username for attempt in AccessAttempt.objects.all()] == [world.other_officer.username]
