import copy
import os
import shutil
from itertools import groupby

import pytest
from django.db import connection, transaction
from django.test import override_settings

from cluster_app.lib import clock, triggers
from tests.scenarios import NOW

# Playwright runs an event loop in the test's thread; without this every query of such a test is refused.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

BROWSER = os.environ.get("BROWSER_BIN") or shutil.which("chromium") or shutil.which("google-chrome")
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
SWITCHES = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


DATABASE_FIXTURES = {"django_db_setup", "db", "transactional_db", "live_server"}
# Whoever is free takes the next module: a long one that starts late would in the end run alone.
LONGEST = (
    "test_card_machine.py",
    "test_accessibility.py",
    "test_permission_matrix.py",
    "test_commands.py",
    "test_year.py",
    "test_before_publication.py",
    "test_year_end_pages.py",
    "test_entering.py",
    "test_kinds_exactly.py",
    "test_verification.py",
    "test_sheet.py",
    "test_headers.py",
    "test_bootstrap.py",
    "test_criteria.py",
    "test_card_races.py",
    "test_disputes.py",
    "test_seed_demo.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    _need_browser(items)
    _ask_each_database_only_its_own(config, items)
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))
    items[:] = [item for _path, group in groupby(items, lambda item: item.path) for item in _world_last(group)]


def _world_last(items):
    """Within a module, tests without its world come first: they never see the rows of it."""
    return sorted(items, key=lambda item: "world_of_module" in getattr(item, "fixturenames", ()))


def _ask_each_database_only_its_own(config, items):
    """What opens no database says the same whichever it is: CI asks it on SQLite alone, so that it stays within its
    time."""
    if not IN_CI or connection.vendor == "sqlite":
        return
    idle = [item for item in items if not _asks_database(item)]
    config.hook.pytest_deselected(items=idle)
    items[:] = [item for item in items if _asks_database(item)]


def _asks_database(item):
    return bool(item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(item.fixturenames))


def _need_browser(items):
    """Without a browser its tests are skipped, except in CI, where a missing browser must not go unnoticed."""
    browser_tests = [item for item in items if "page" in getattr(item, "fixturenames", ())]
    if BROWSER or not browser_tests:
        return
    if IN_CI:
        raise pytest.UsageError(f"{len(browser_tests)} browser tests and no Chromium: install it or set BROWSER_BIN.")
    for item in browser_tests:
        item.add_marker(pytest.mark.skip(reason="no Chromium found; install it or set BROWSER_BIN"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    switches = [*SWITCHES, "--no-sandbox"] if as_root else SWITCHES
    return {**browser_type_launch_args, "executable_path": BROWSER, "args": switches}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Ends what sessions a test left behind before the database is dropped: PostgreSQL would refuse to drop it."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session", autouse=True)
def _uploads_of_tests(tmp_path_factory):
    """No test writes among the files of the application. One folder for all: nobody guesses the names in it."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("uploads")):
        yield


@pytest.fixture(autouse=True)
def _triggers_yield_to_flush(request):
    """A test with real transactions ends in a flush, which the triggers on frozen rows would refuse.

    The flush sends `post_migrate`, and that installs them again. The database fixture is set up first, so that
    this one ends before it.
    """
    marker = request.node.get_closest_marker("django_db")
    names = {"transactional_db", "live_server", "django_db_reset_sequences"} & set(request.fixturenames)
    if not names and not (marker and marker.kwargs.get("transaction")):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    triggers.drop_all(connection)


@pytest.fixture(autouse=True)
def _time_stands_still():
    """In every test it is 24 November 2021, 9 o'clock in Việt Nam; a test that needs another moment stops it there."""
    with clock.stopped_at(NOW):
        yield


@pytest.fixture(scope="module")
def world_of_module(request, django_db_setup, django_db_blocker):
    """What `build_world` of the test module makes: built once for all its tests, and rolled back after the last one.

    Not for modules with real transactions, whose flush would find an open one.
    """
    with django_db_blocker.unblock(), clock.stopped_at(NOW), transaction.atomic():
        yield request.module.build_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(world_of_module, db):
    """The world of the module for one test. What the test does to its rows is rolled back, and its objects are copies,
    so that the next test finds everything as it was built."""
    return copy.deepcopy(world_of_module)
