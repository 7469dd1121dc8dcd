"""Reminders of deadlines: who gets which one, once, and what becomes of the e-mail."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cluster_app.lib import clock
from members.enums import DeadlineStep, Phase
from members.models import Notification
from members.services import notifications
from scoring import reminders
from scoring.services import reminding
from scoring.services.reminding import remind
from tests.factories.awards import PledgeFactory, PledgeSignatureFactory
from tests.factories.members import DeadlineFactory, ExtensionFactory
from tests.factories.scoring import ScorecardFactory
from tests.scenarios import CANARY, two_clusters

pytestmark = pytest.mark.django_db

DUE = datetime(2021, 11, 22, 16, 59, 59, tzinfo=UTC)


def at(day, hour=0):
    """That day of November, 07:00 in Việt Nam and `hour` hours."""
    return datetime(2021, 11, day, hour, tzinfo=UTC)


def told():
    """Who was told, by user name."""
    return sorted(Notification.objects.values_list("user__username", flat=True))


STAGES = [
    (14, ""),
    (15, "before-7"),
    (18, "before-7"),
    (19, "before-3"),
    (21, "before-1"),
    (22, "before-1"),
    (23, "late-1"),
    (24, "late-2"),
    (29, "late-7"),
    (30, "late-7"),
]


@pytest.mark.parametrize(("day", "stage"), STAGES)
def test_stages_before_and_after_a_deadline(day, stage):
    assert reminders.stage_of(DUE, at(day)) == stage


def test_after_a_week_a_reminder_comes_weekly():
    stages = [reminders.stage_of(DUE, DUE + timedelta(days=days)) for days in (13, 14, 20, 21)]

    assert stages == ["late-7", "late-14", "late-14", "late-21"]


SECONDS = [(-1, "before-1"), (0, "before-1"), (1, "late-1")]


@pytest.mark.parametrize(("seconds", "stage"), SECONDS)
def test_last_second_of_the_day_is_in_time(seconds, stage):
    assert reminders.stage_of(DUE, DUE + timedelta(seconds=seconds)) == stage


def _card(world, member=None, **trait):
    return ScorecardFactory(membership=member or world.member, **trait)


def test_unit_is_reminded_of_its_card_once_a_stage():
    world = two_clusters(phase=Phase.SELF_SCORING)
    DeadlineFactory(year=world.year)
    _card(world)

    counts = [remind(at=moment) for moment in (at(19), at(19, 5), at(20), at(21), at(23), at(24))]

    people = {world.signatory.username, world.officer.username, world.secretariat_at_home.username}
    assert counts == [3, 0, 0, 3, 3, 3]
    assert set(told()) == people


def test_extension_moves_the_reminder_of_its_unit_alone():
    world = two_clusters(phase=Phase.SELF_SCORING)
    deadline = DeadlineFactory(year=world.year)
    ExtensionFactory(deadline=deadline, membership=world.member, until=DUE + timedelta(days=20))
    _card(world)
    _card(world, world.other)

    remind(at=at(23))

    assert told() == sorted([world.other_signatory.username, world.other_officer.username])


STATES = [
    ({}, Phase.SELF_SCORING, DeadlineStep.SELF_SCORING, {"a3", "a3.cb", "thuky2-cum-a"}),
    ({"returned": True}, Phase.REVIEWING, DeadlineStep.REVIEWING, {"a3", "a3.cb", "thuky2-cum-a"}),
    ({"submitted": True}, Phase.REVIEWING, DeadlineStep.REVIEWING, {"thuky-cum-a"}),
    ({"reviewed": True}, Phase.REVIEWING, DeadlineStep.OBJECTING, {"a3", "a3.cb", "thuky2-cum-a"}),
    ({"reviewed": True}, Phase.REVIEWING, DeadlineStep.APPROVING, {"a1"}),
    ({"approved": True}, Phase.REVIEWING, DeadlineStep.APPROVING, set()),
    ({}, Phase.RUNNING, DeadlineStep.SELF_SCORING, set()),
]


@pytest.mark.parametrize(("trait", "phase", "step", "people"), STATES)
def test_each_state_of_a_card_concerns_its_own_people(trait, phase, step, people):
    world = two_clusters(phase=phase)
    DeadlineFactory(year=world.year, step=step)
    _card(world, **trait)

    remind(at=at(21))

    assert set(told()) == people


def test_card_of_the_leader_waits_for_the_deputy():
    world = two_clusters(phase=Phase.APPROVING)
    DeadlineFactory(year=world.year, step=DeadlineStep.APPROVING)
    _card(world, world.leader, reviewed=True)

    remind(at=at(21))

    assert told() == [world.deputy_signatory.username]


def test_nobody_is_reminded_of_an_objection_that_came_too_late():
    world = two_clusters(phase=Phase.REVIEWING)
    DeadlineFactory(year=world.year, step=DeadlineStep.OBJECTING)
    _card(world, reviewed=True)

    assert remind(at=at(24)) == 0


def test_units_that_have_not_signed_the_pledge_are_reminded():
    world = two_clusters()
    DeadlineFactory(year=world.year, step=DeadlineStep.PLEDGE_SIGNING)
    pledge = PledgeFactory(year=world.year, open=True)
    for member in world.members[1:]:
        PledgeSignatureFactory(pledge=pledge, membership=member)

    remind(at=at(21))

    assert told() == ["a1", "a1.cb"]


def test_reviewer_gets_one_line_for_all_cards():
    world = two_clusters(phase=Phase.REVIEWING)
    DeadlineFactory(year=world.year, step=DeadlineStep.REVIEWING)
    for member in world.members:
        _card(world, member, submitted=True)

    remind(at=at(21))

    line = Notification.objects.get(user=world.secretariat)
    assert line.params["units"] == "ĐV A1, ĐV A2, ĐV A3, ĐV A4"
    assert Notification.objects.get(user=world.secretariat_at_home).params["units"] == "ĐV A1, ĐV A2, ĐV A4"


def test_unit_reads_of_no_other_unit_or_cluster():
    world = two_clusters(phase=Phase.SELF_SCORING)
    for each in (world, world.foreign):
        DeadlineFactory(year=each.year)
        for member in each.members:
            _card(each, member)
    world.foreign.year.phase = Phase.SELF_SCORING
    world.foreign.year.save()

    remind(at=at(23))

    texts = [str(line) for line in world.officer.notifications.all()]
    others = [world.leader.short_name, world.deputy.short_name, world.other.short_name, CANARY]
    assert len(texts) == 1
    assert not [name for name in others if name in texts[0]]
    assert Notification.objects.filter(user=world.foreign.officer).exists()


def _queries_for(count):
    world = two_clusters(count, phase=Phase.REVIEWING)
    for step in (DeadlineStep.SELF_SCORING, DeadlineStep.REVIEWING, DeadlineStep.APPROVING, DeadlineStep.OBJECTING):
        DeadlineFactory(year=world.year, step=step)
    traits = [{}, {"submitted": True}, {"reviewed": True}]
    for place, member in enumerate(world.members):
        _card(world, member, **traits[(place + 1) % 3])
    with CaptureQueriesContext(connection) as context:
        remind(at=at(23))
    return len(context)


@pytest.mark.parametrize("count", [3, 9])
def test_reminding_costs_the_same_for_every_number_of_units(count):
    assert _queries_for(count) == 19


# --- The command and the e-mail ---


@pytest.fixture
def late_world(settings):
    settings.EMAIL_URL, settings.SITE_URL = "smtp://mail.example.vn", "https://thidua.example.vn"
    world = two_clusters(phase=Phase.SELF_SCORING)
    DeadlineFactory(year=world.year)
    _card(world)
    world.officer.email = "can.bo@example.vn"
    world.officer.save()
    return world


def run(moment):
    out = StringIO()
    with clock.stopped_at(moment):
        call_command("send_reminders", stdout=out)
    return out.getvalue()


def test_command_writes_to_those_with_an_address_once(late_world):
    first, second = run(at(23)), run(at(23, 5))

    assert [line.split()[-1] for line in first.splitlines()] == ["3.", "1."]
    assert [line.split()[-1] for line in second.splitlines()] == ["0.", "0."]
    (message,) = mail.outbox
    assert message.to == ["can.bo@example.vn"]
    assert "https://thidua.example.vn/cum-a/2021/scorecards/A3/" in message.body
    assert Notification.objects.get(user=late_world.officer).mailed_at == at(23)


def test_command_writes_no_mail_without_a_server(late_world, settings):
    settings.EMAIL_URL = ""

    run(at(23))

    assert mail.outbox == []
    assert Notification.objects.filter(mailed_at__isnull=True).count() == 3


def test_command_wants_an_address_for_its_links(late_world, settings):
    settings.SITE_URL = ""

    with pytest.raises(CommandError):
        run(at(23))

    assert mail.outbox == []


def test_refused_mail_is_neither_lost_nor_doubled(late_world, settings):
    settings.EMAIL_BACKEND = "tests.scoring.refusing_mail.EmailBackend"
    with pytest.raises(CommandError):
        run(at(23))
    assert Notification.objects.filter(mailed_at__isnull=False).count() == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    run(at(23, 5))
    run(at(23, 6))

    assert len(mail.outbox) == 1


def test_what_was_read_is_not_mailed(late_world):
    remind(at=at(23))
    notifications.mark_all_read(by=late_world.officer, at=at(23))

    run(at(23))

    assert mail.outbox == []


def test_other_messages_stay_in_the_inbox(late_world):
    notifications.send(
        users=[late_world.officer.pk],
        year=late_world.year,
        key="approved:1",
        text="The score card of %(unit)s was approved.",
        params={"unit": "ĐV"},
        url="/",
        at=at(20),
    )

    run(at(10))

    assert mail.outbox == []
    assert reminding.PREFIX == "reminder:"
