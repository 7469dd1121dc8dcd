import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.utils import timezone as django_timezone

from cluster_app.audit import log
from cluster_app.bootstrap import ROOT
from cluster_app.lib import clock
from members import demo_clock
from tests.factories.members import ClusterFactory

VIETNAM = timezone(timedelta(hours=7))
DEMO_START = datetime(2021, 11, 24, 9, tzinfo=VIETNAM)
A_WHILE = timedelta(minutes=1)


@pytest.fixture
def running():
    """The clock of a process that has just started; the one of all other tests stands still."""
    with clock.stopped_at(None):
        clock.reset()
        yield
        clock.use_origin(demo_clock.origin)
        clock.reset()


def test_now_is_aware_and_stands_where_it_was_stopped():
    assert clock.now() == DEMO_START
    with clock.stopped_at(datetime(2020, 2, 29, 17, tzinfo=UTC)):
        assert clock.now() == datetime(2020, 2, 29, 17, tzinfo=UTC)
    assert clock.now() == DEMO_START


def test_stopped_clock_goes_on_after_an_error():
    with pytest.raises(ZeroDivisionError), clock.stopped_at(datetime(2020, 1, 1, tzinfo=UTC)):
        raise ZeroDivisionError

    assert clock.now() == DEMO_START


def test_clock_stands_still_in_every_thread():
    moment = datetime(2021, 12, 30, 1, tzinfo=UTC)
    with clock.stopped_at(moment), ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _number: clock.now(), range(8)))

    assert answers == [moment] * 8


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2021, 12, 31, 16, 59, 59, tzinfo=UTC), date(2021, 12, 31)),
        (datetime(2021, 12, 31, 17, tzinfo=UTC), date(2022, 1, 1)),
        (datetime(2021, 12, 31, 23, 59, 59, tzinfo=UTC), date(2022, 1, 1)),
        (datetime(2022, 1, 1, 0, tzinfo=VIETNAM), date(2022, 1, 1)),
        (datetime(2022, 1, 1, 6, 59, 59, tzinfo=VIETNAM), date(2022, 1, 1)),
        (datetime(2020, 2, 28, 17, tzinfo=UTC), date(2020, 2, 29)),
    ],
)
def test_today_is_the_day_in_vietnam_also_before_seven_in_the_morning(moment, day):
    with clock.stopped_at(moment):
        assert clock.today() == day


@pytest.mark.usefixtures("running")
def test_without_an_origin_it_is_the_real_time():
    clock.use_origin(lambda: None)

    assert abs(clock.now() - django_timezone.now()) < A_WHILE


@pytest.mark.usefixtures("running")
def test_clock_runs_on_from_its_origin():
    clock.use_origin(lambda: DEMO_START)

    first, second = clock.now(), clock.now()

    assert DEMO_START <= first <= second < DEMO_START + A_WHILE


@pytest.mark.usefixtures("running")
def test_origin_is_asked_for_once_until_the_clock_is_reset():
    asked = []
    clock.use_origin(lambda: asked.append(1))

    clock.now()
    clock.now()
    assert len(asked) == 1

    clock.reset()
    clock.now()
    assert len(asked) == 2


@pytest.mark.django_db
def test_origin_of_a_database_without_a_demo_is_the_real_time():
    cluster = ClusterFactory(is_illustrative=False)
    log.append(by=None, at=DEMO_START, verb="test.act", thing=cluster)

    assert demo_clock.origin() is None


@pytest.mark.django_db
def test_origin_of_an_empty_database_is_the_real_time():
    assert demo_clock.origin() is None


@pytest.mark.django_db
def test_origin_of_a_demo_without_events_is_the_demos_moment():
    ClusterFactory(is_illustrative=True)

    assert demo_clock.origin() == DEMO_START


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("newest", "origin"),
    [
        (DEMO_START - timedelta(days=300), DEMO_START),
        (DEMO_START + timedelta(days=3, seconds=1), DEMO_START + timedelta(days=3, seconds=1)),
    ],
)
def test_origin_of_a_demo_is_the_later_of_its_moment_and_its_newest_event(newest, origin):
    cluster = ClusterFactory(is_illustrative=True)
    for at in (newest, newest - timedelta(days=1)):
        log.append(by=None, at=at, verb="test.act", thing=cluster)

    assert demo_clock.origin() == origin


@pytest.mark.django_db
def test_demo_now_moves_the_clock_of_a_demo_alone(settings):
    settings.DEMO_NOW = "2021-12-30T08:00:00+07:00"

    assert demo_clock.origin() is None
    ClusterFactory(is_illustrative=True)
    assert demo_clock.origin() == datetime(2021, 12, 30, 8, tzinfo=VIETNAM)


@pytest.mark.parametrize(("debug", "demo_now"), [("1", "2021-12-30T08:00:00+07:00"), ("0", "")])
def test_demo_now_of_the_environment_is_read_with_debug_on_only(debug, demo_now):
    asked = subprocess.run(
        [sys.executable, "-c", "from cluster_app import settings; print(settings.DEMO_NOW)"],
        cwd=ROOT,
        env={**os.environ, "DEBUG": debug, "DEMO_NOW": "2021-12-30T08:00:00+07:00"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert asked.stdout.strip() == demo_now
