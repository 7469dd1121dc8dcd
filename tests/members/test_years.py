from datetime import UTC, date, datetime, timedelta

import pytest

from cluster_app.audit import verification
from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, WrongState
from members.enums import ClusterKind, DeadlineStep, MemberRole, Phase
from members.models import Deadline, EmulationYear, Membership
from members.services import years
from tests.factories.members import (
    AssignmentFactory,
    ClusterFactory,
    DeadlineFactory,
    EmulationYearFactory,
    MembershipFactory,
    UnitFactory,
)
from tests.scenarios import NOW, two_clusters

pytestmark = pytest.mark.django_db

REASON = "Điều chỉnh theo biên bản họp Cụm"


@pytest.fixture
def no_hooks(monkeypatch):
    """The rules of `members` alone: what higher floors ask for is theirs to test."""
    monkeypatch.setattr(years, "_checks", {})
    monkeypatch.setattr(years, "_follow_ups", {})


def test_create_opens_a_year_in_preparation_with_rules_and_members():
    administrator = AssignmentFactory(administrator=True).user
    cluster = ClusterFactory(kind=ClusterKind.BLOC)
    leading, second = UnitFactory(name="Sở Nội vụ"), UnitFactory()

    year = years.create(
        cluster=cluster,
        year=2021,
        members=[(leading, MemberRole.LEADER), (second, MemberRole.DEPUTY)],
        regulation_number="01-QC/CTĐ",
        by=administrator,
        at=NOW,
    )

    assert (year.phase, year.leader_title, year.deputy_title) == (Phase.PREPARING, "Khối trưởng", "Khối phó")
    assert year.regulation_number == "01-QC/CTĐ"
    assert (year.rules.tally_from, year.rules.tally_to) == (date(2021, 1, 1), date(2021, 12, 31))
    assert [(member.name, member.role, member.protocol_order) for member in year.roster()] == [
        ("Sở Nội vụ", "leader", 1),
        (second.name, "deputy", 2),
    ]
    assert verification.verify().problem == ""


def test_create_takes_titles_as_they_are_given():
    world = two_clusters()

    year = years.create(cluster=world.cluster, year=2022, deputy_title="Phó trưởng cụm", by=world.secretariat, at=NOW)

    assert (year.leader_title, year.deputy_title) == ("Cụm trưởng", "Phó trưởng cụm")


def test_create_the_same_year_again_is_refused_and_changes_nothing():
    world = two_clusters()
    events = AuditEvent.objects.count()

    with pytest.raises(Refused, match="has this year already"):
        years.create(cluster=world.cluster, year=2021, by=world.secretariat, at=NOW)

    assert AuditEvent.objects.count() == events


def test_create_with_a_unit_outside_its_dates_is_refused():
    world = two_clusters()
    unit = UnitFactory(name="Huyện ủy cũ", valid_to=date(2021, 12, 31))

    with pytest.raises(Refused, match="Huyện ủy cũ does not exist in 2022"):
        years.create(
            cluster=world.cluster, year=2022, members=[(unit, MemberRole.MEMBER)], by=world.secretariat, at=NOW
        )

    assert not EmulationYear.objects.filter(year=2022).exists()


@pytest.mark.parametrize(
    ("roles", "titles"),
    [
        ([], ["Cụm trưởng", "Cụm phó"]),
        ([MemberRole.LEADER], ["Cụm phó"]),
        ([MemberRole.DEPUTY, MemberRole.MEMBER], ["Cụm trưởng"]),
        ([MemberRole.LEADER, MemberRole.DEPUTY], []),
        ([MemberRole.LEADER, MemberRole.DEPUTY, MemberRole.DEPUTY], []),
    ],
)
def test_move_to_running_needs_a_leader_and_a_deputy(no_hooks, roles, titles):
    cluster = ClusterFactory()
    secretary = AssignmentFactory(secretariat=True, cluster=cluster).user
    year = EmulationYearFactory(cluster=cluster, preparing=True)
    for role in roles:
        MembershipFactory(year=year, role=role)

    if titles:
        with pytest.raises(Refused) as refusal:
            years.move(year=year, to=Phase.RUNNING, by=secretary, at=NOW)
        assert [title for title in ("Cụm trưởng", "Cụm phó") if title in " ".join(refusal.value.missing)] == titles
        assert len(refusal.value.missing) == len(titles)
    else:
        assert years.move(year=year, to=Phase.RUNNING, by=secretary, at=NOW).phase == Phase.RUNNING
    assert years.missing_for(year, Phase.RUNNING) == ([] if not titles else refusal.value.missing)


def test_move_appends_the_full_row_to_the_log(no_hooks):
    world = two_clusters(phase=Phase.RUNNING)

    years.move(year=world.year, to=Phase.SELF_SCORING, by=world.secretariat, at=NOW)

    event = AuditEvent.objects.first()
    assert (event.verb, event.actor, event.cluster, event.year) == (
        "year.open_self_scoring",
        "thuky-cum-a",
        "cum-a",
        2021,
    )
    assert verification.verify().problem == ""


def test_move_refuses_with_the_sentences_of_the_caller_and_of_the_hooks(no_hooks):
    world = two_clusters(phase=Phase.RUNNING)
    years.require(Phase.SELF_SCORING, lambda year: [f"hook {year.year}"])

    with pytest.raises(Refused) as refusal:
        years.move(year=world.year, to=Phase.SELF_SCORING, missing=["caller"], by=world.secretariat, at=NOW)

    assert refusal.value.missing == ["caller", "hook 2021"]
    assert EmulationYear.objects.get(pk=world.year.pk).phase == Phase.RUNNING


def test_move_takes_its_follow_ups_along_and_falls_with_them(no_hooks):
    world = two_clusters(phase=Phase.RUNNING)
    seen = []
    years.follow(Phase.SELF_SCORING, lambda year, by, at: seen.append((year.phase, by, at)))

    years.move(year=world.year, to=Phase.SELF_SCORING, by=world.secretariat, at=NOW)

    assert seen == [(Phase.SELF_SCORING, world.secretariat, NOW)]

    def fail(year, by, at):
        raise Refused("later")

    years.follow(Phase.REVIEWING, fail)
    with pytest.raises(Refused, match="later"):
        years.move(year=world.year, to=Phase.REVIEWING, by=world.secretariat, at=NOW)
    assert EmulationYear.objects.get(pk=world.year.pk).phase == Phase.SELF_SCORING


@pytest.mark.parametrize("to", [Phase.PREPARING, Phase.RUNNING, Phase.REVIEWING, Phase.APPROVING])
def test_move_along_no_step_is_a_wrong_state(no_hooks, to):
    world = two_clusters(phase=Phase.RUNNING)

    with pytest.raises(WrongState):
        years.move(year=world.year, to=to, by=world.secretariat, at=NOW)


@pytest.mark.parametrize(
    ("column", "error"),
    [("of", NotAllowed), ("L", NotAllowed), ("R", NotAllowed), ("O", NotKnown), ("fo", NotKnown)],
)
def test_move_by_somebody_else_is_refused(no_hooks, column, error):
    world = two_clusters(phase=Phase.RUNNING)

    with pytest.raises(error):
        years.move(year=world.year, to=Phase.SELF_SCORING, by=world.people()[column], at=NOW)


def test_conclude_takes_two_persons_of_two_units(no_hooks):
    world = two_clusters(phase=Phase.CONFERENCE)
    with pytest.raises(WrongState, match="two persons"):
        years.move(year=world.year, to=Phase.CONCLUDED, by=world.leader_signatory, at=NOW)

    years.propose(year=world.year, to=Phase.CONCLUDED, by=world.leader_signatory, at=NOW)
    with pytest.raises(NotAllowed):
        years.move(year=world.year, to=Phase.CONCLUDED, by=world.leader_signatory, at=NOW)
    concluded = years.move(year=world.year, to=Phase.CONCLUDED, by=world.deputy_signatory, at=NOW)

    assert concluded.phase == Phase.CONCLUDED
    assert verification.verify().problem == ""


def test_conclude_by_the_secretariat_is_refused_while_there_is_a_deputy(no_hooks):
    world = two_clusters(phase=Phase.CONFERENCE)

    with pytest.raises(NotAllowed):
        years.propose(year=world.year, to=Phase.CONCLUDED, by=world.secretariat, at=NOW)


def test_propose_withdrawn_leaves_nothing_to_confirm(no_hooks):
    world = two_clusters(phase=Phase.CONCLUDED)
    step = years.propose(year=world.year, to=Phase.ARCHIVED, by=world.leader_signatory, at=NOW)

    years.withdraw_proposal(year=world.year, step=step, by=world.deputy_signatory, at=NOW)

    with pytest.raises(WrongState):
        years.move(year=world.year, to=Phase.ARCHIVED, by=world.deputy_signatory, at=NOW)


def test_unarchive_takes_two_persons_and_a_reason(no_hooks):
    world = two_clusters(phase=Phase.ARCHIVED)
    with pytest.raises(Refused):
        years.propose(year=world.year, to=Phase.CONCLUDED, by=world.leader_signatory, at=NOW)

    years.propose(year=world.year, to=Phase.CONCLUDED, reason=REASON, by=world.leader_signatory, at=NOW)
    reopened = years.move(year=world.year, to=Phase.CONCLUDED, by=world.deputy_signatory, at=NOW)

    assert reopened.phase == Phase.CONCLUDED
    assert REASON in AuditEvent.objects.first().payload


@pytest.mark.parametrize("phase", [Phase.CONFERENCE, Phase.CONCLUDED])
def test_send_back_to_approving_needs_a_reason(no_hooks, phase):
    world = two_clusters(phase=phase)
    with pytest.raises(Refused):
        years.send_back_to_approving(year=world.year, reason="", by=world.deputy_signatory, at=NOW)

    moved = years.send_back_to_approving(year=world.year, reason=REASON, by=world.deputy_signatory, at=NOW)

    assert moved.phase == Phase.APPROVING


def test_edit_saves_the_named_columns_only():
    world = two_clusters(phase=Phase.RUNNING)
    stale = EmulationYear.objects.select_related("cluster").get(pk=world.year.pk)
    EmulationYear.objects.filter(pk=world.year.pk).update(phase=Phase.REVIEWING)
    stale.deputy_title = "Phó trưởng cụm"

    years.edit(year=stale, changed=["deputy_title"], by=world.secretariat, at=NOW)

    year = EmulationYear.objects.get(pk=world.year.pk)
    assert (year.deputy_title, year.phase) == ("Phó trưởng cụm", Phase.REVIEWING)
    assert verification.verify().problem == ""


def test_edit_in_an_archived_year_is_a_wrong_state():
    world = two_clusters(phase=Phase.ARCHIVED)

    with pytest.raises(WrongState, match="archived"):
        years.edit(year=world.year, changed=["leader_title"], by=world.secretariat, at=NOW)


def test_edit_rules_after_publication_is_a_wrong_state():
    world = two_clusters(phase=Phase.CONFERENCE)
    rules = world.year.rules
    rules.officer_may_submit = False
    years.edit_rules(rules=rules, changed=["officer_may_submit"], by=world.secretariat, at=NOW)
    EmulationYear.objects.filter(pk=world.year.pk).update(published_at=NOW)

    with pytest.raises(WrongState, match="published"):
        years.edit_rules(rules=rules, changed=["officer_may_submit"], by=world.secretariat, at=NOW)


def test_set_deadline_replaces_the_former_one_and_says_the_same_only_once():
    world = two_clusters()
    due = datetime(2021, 11, 22, 16, 59, 59, tzinfo=UTC)
    years.set_deadline(year=world.year, step=DeadlineStep.SELF_SCORING, due_at=due, by=world.secretariat, at=NOW)
    events = AuditEvent.objects.count()

    years.set_deadline(year=world.year, step=DeadlineStep.SELF_SCORING, due_at=due, by=world.secretariat, at=NOW)
    assert AuditEvent.objects.count() == events
    changed = years.set_deadline(
        year=world.year, step=DeadlineStep.SELF_SCORING, due_at=due, is_hard=True, by=world.secretariat, at=NOW
    )

    assert list(world.year.deadlines.all()) == [changed]
    assert changed.is_hard is True


def test_extend_replaces_the_former_extension_of_the_unit():
    world = two_clusters()
    deadline = DeadlineFactory(year=world.year)

    for days in (2, 4):
        years.extend(
            deadline=deadline,
            membership=world.member,
            until=deadline.due_at + timedelta(days=days),
            reason=REASON,
            by=world.secretariat,
            at=NOW,
        )

    extension = deadline.extensions.get()
    assert (extension.until, extension.reason) == (deadline.due_at + timedelta(days=4), REASON)


@pytest.mark.parametrize(("days", "reason"), [(0, REASON), (-1, REASON), (2, "ngắn"), (2, "")])
def test_extend_without_reason_or_more_time_is_refused(days, reason):
    world = two_clusters()
    deadline = DeadlineFactory(year=world.year)

    with pytest.raises(Refused):
        years.extend(
            deadline=deadline,
            membership=world.member,
            until=deadline.due_at + timedelta(days=days),
            reason=reason,
            by=world.secretariat,
            at=NOW,
        )

    assert not deadline.extensions.exists()


def test_extend_compares_with_the_deadline_as_it_is_now():
    world = two_clusters()
    shown = DeadlineFactory(year=world.year)
    Deadline.objects.filter(pk=shown.pk).update(due_at=shown.due_at + timedelta(days=5))

    with pytest.raises(Refused):
        years.extend(
            deadline=shown,
            membership=world.member,
            until=shown.due_at + timedelta(days=2),
            reason=REASON,
            by=world.secretariat,
            at=NOW,
        )

    assert not shown.extensions.exists()


def test_extend_of_the_own_unit_is_refused():
    world = two_clusters()
    deadline = DeadlineFactory(year=world.year)

    with pytest.raises(NotAllowed):
        years.extend(
            deadline=deadline,
            membership=world.member,
            until=deadline.due_at + timedelta(days=1),
            reason=REASON,
            by=world.secretariat_at_home,
            at=NOW,
        )

    assert not deadline.extensions.exists()


def test_extend_for_a_unit_of_another_year_is_not_known():
    world = two_clusters()
    deadline = DeadlineFactory(year=world.year)

    with pytest.raises(NotKnown):
        years.extend(
            deadline=deadline,
            membership=world.foreign.member,
            until=deadline.due_at + timedelta(days=1),
            reason=REASON,
            by=world.secretariat,
            at=NOW,
        )


def test_second_leader_is_refused_by_the_database():
    world = two_clusters()
    unit = UnitFactory()

    with pytest.raises(Refused, match="leader already"):
        years.create(
            cluster=world.cluster,
            year=2022,
            members=[(unit, MemberRole.LEADER), (UnitFactory(), MemberRole.LEADER)],
            by=world.secretariat,
            at=NOW,
        )

    assert Membership.objects.filter(year__year=2022).count() == 0
