"""Journeys in a real browser: every person has a browser of their own, and every complaint of a page counts."""

import re

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from cluster_app.audit import log
from members.enums import Phase
from scoring.models import Scorecard
from tests.factories.scoring import CriteriaSetFactory, ScorecardFactory, put_into_log
from tests.scenarios import NOW, two_clusters

# What a unit could type to have its own script run on the page of whoever approves (security.md, T23).
HOSTILE = "<img src=x onerror=hurt()>"
_REPORT_VIOLATIONS = """addEventListener("securitypolicyviolation",
    (event) => console.error("CSP: " + event.violatedDirective + " " + event.blockedURI), true)"""


def pytest_collection_modifyitems(config, items):
    """How a page looks does not depend on the database: the long walk over all of them is made on SQLite alone, so that
    CI stays within its time."""
    if connection.vendor == "sqlite":
        return
    walk = [item for item in items if item.path.name == "test_accessibility.py"]
    config.hook.pytest_deselected(items=walk)
    items[:] = [item for item in items if item not in walk]


class Complaints(list):
    """What pages said to the console, broken policies among it, each with the address of the page."""

    def listen_to(self, page):
        page.on("pageerror", lambda error: self.append(f"{page.url}: {error}"))
        page.on("console", lambda message: message.type == "error" and self.append(_told(page, message)))

    def forgive(self, status: int):
        """A refusal that the journey asked for: browser and htmx note that a request was answered with `status`."""
        others = [
            complaint for complaint in self if not re.search(rf"(status of|Status Error Code) {status}", complaint)
        ]
        assert len(others) < len(self)
        self[:] = others


def _told(page, message):
    return f"{page.url}: {message.text} ({message.location['url']})"


@pytest.fixture
def complaints():
    """Has to be empty when the journey ends."""
    heard = Complaints()
    yield heard
    assert heard == []


@pytest.fixture
def enter(page, new_context, live_server, complaints):
    """Opens a browser for a person who is signed in, or for a stranger, with one blank page.

    `page` is asked for so that without a browser the test is skipped.
    """

    def browser_of(user=None, **options):
        context = new_context(base_url=live_server.url, **options)
        context.add_init_script(_REPORT_VIOLATIONS)
        if user is not None:
            client = Client()
            client.force_login(user)
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        opened = context.new_page()
        opened.set_viewport_size({"width": 1366, "height": 820})
        opened.set_default_timeout(10_000)
        complaints.listen_to(opened)
        return opened

    return browser_of


def four_units(**card):
    """A year whose cards are reviewed, but for that of `member`, whose name is hostile: it is as `card` says."""
    with transaction.atomic():
        built = two_clusters(unit_count=4, phase=Phase.REVIEWING)
        CriteriaSetFactory(year=built.year, small=True, applied=True)
        for membership in (built.leader, built.deputy, built.other):
            ScorecardFactory(membership=membership, reviewed=True)
        ScorecardFactory(membership=built.member, **card)
        built.member.name = f"Đơn vị A3 {HOSTILE}"
        built.member.save()
        log.append(by=None, at=NOW, verb="scenario.rename", thing=built.member, rows=[built.member])
        put_into_log(*Scorecard.objects.all())
    return built


@pytest.fixture
def world():
    """The card of `member` is empty."""
    return four_units()
