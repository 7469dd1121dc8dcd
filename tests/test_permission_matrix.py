"""Who may open which address: security.md 3, cell by cell, over the whole URLconf and the admin's own addresses."""

from http.cookies import SimpleCookie

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import get_resolver, reverse

from cluster_app.audit.models import AuditEvent
from cluster_app.lib import clock
from members.enums import Phase
from tests.matrix import awards, evidence, home, members, numbers, papers, reviewing, scoring, scoring_admin, summary
from tests.matrix.shared import RELATIONS
from tests.scenarios import NOW, two_clusters

pytestmark = pytest.mark.django_db

PARTS = (members, awards, scoring, evidence, reviewing, scoring_admin, home, summary, numbers, papers)
MATRIX = {name: row for part in PARTS for name, row in part.ROWS.items()}

# Everybody on SQLite. Who may what does not depend on the database: on PostgreSQL only those ask who reach the most
# statements, so that CI stays within its time.
ASKING = RELATIONS if connection.vendor == "sqlite" else ("sg", "L", "S", "O")

# The admin's redirect of old addresses and its page for addresses it does not know have no name of their own.
UNNAMED = {"admin:<path:object_id>/", "admin:(?P<url>.*)$"}


def routes(resolver=None, namespace=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern, inner)
        else:
            yield namespace + (pattern.name or str(pattern.pattern))


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One world for all cells, everybody signed in; every cell is rolled back."""
    with django_db_blocker.unblock(), clock.stopped_at(NOW), transaction.atomic():
        built = two_clusters(phase=Phase.REVIEWING)
        built.event = AuditEvent.objects.get(cluster="cum-a")
        for part in PARTS:
            part.prepare(built)
        built.cookies = {"anon": SimpleCookie()} | {
            relation: _signed_in(user) for relation, user in built.people().items()
        }
        yield built
        transaction.set_rollback(True)


def _signed_in(user):
    client = Client()
    client.force_login(user)
    return client.cookies


def answer(world, name, method, relation, kwargs):
    """The answer to one request, and the first statement that wrote to a table. Nothing of it stays."""
    client = Client(raise_request_exception=False)
    client.cookies = SimpleCookie(world.cookies[relation].output(header="", sep=";"))
    url, writes = reverse(name, kwargs=kwargs), Writes()
    with transaction.atomic(), connection.execute_wrapper(writes):
        response = client.get(url) if method == "GET" else client.post(url, MATRIX[name].data(world))
        if response.streaming:
            response.getvalue()  # a file that is not read to its end stays open
        transaction.set_rollback(True)
    return letter_of(response), writes.first


class Writes:
    """Notes the first statement that changes a row; what a session keeps is not one."""

    def __init__(self):
        self.first = ""

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and "django_session" not in sql:
            self.first = self.first or sql
        return execute(sql, params, many, context)


def letter_of(response):
    if response.status_code in (301, 302):
        target = response["Location"]
        if target.startswith(("/accounts/login/?", "/admin/login/?")):
            return "L"
        return "A" if target == "/admin/" else "Y"
    letters = {200: "Y", 403: "3", 404: "4", 405: "M", 409: "W"}
    return letters.get(response.status_code, str(response.status_code))


def test_matrix_covers_urlconf():
    named = set(routes()) - UNNAMED

    assert set(MATRIX) == named


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_cells_are_as_typed(world, name):
    row = MATRIX[name]
    typed = [cell for cell in row.cells() if cell[1] in ASKING]
    found, changed = [], []
    for method, relation, _letter in typed:
        letter, write = answer(world, name, method, relation, row.kwargs(world))
        found.append((method, relation, letter))
        if write and (letter != "Y" or method == "GET"):
            changed.append((method, relation, write))

    assert found == typed
    assert changed == []


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", sorted(name for name, row in MATRIX.items() if row.unknown))
def test_addresses_of_others_do_not_exist(world, name, method):
    """The secretariat of the first cluster, which may do most, asks for rows of the second one and for none at all."""
    for kwargs in MATRIX[name].unknown:
        letter, write = answer(world, name, method, "S", kwargs(world))

        assert letter in MATRIX[name].unknown_letters, kwargs(world)
        assert write == ""
