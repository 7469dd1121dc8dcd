"""The bench as it is called from the command line, in a process of its own, small."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext

from cluster_app.bootstrap import ROOT
from scoring.bench import criteria
from scoring.enums import CriterionKind

NAME = f"bench_test_{os.getpid()}"
SIZE = ("--clusters", "2", "--units", "3", "--criteria", "11", "--repeat", "1")
SUBJECTS = (
    "floor",
    "home, secretariat",
    "home, unit",
    "score card, to fill in",
    "score card, to read",
    "score card, to review",
    "one line saved",
    "ranking",
    "matrix",
    "list of cards",
    "list of cards, administration",
    "cluster recomputed",
    "annual summary, typesetting alone",
    "annual summary as PDF",
    "annual summary as Word",
    "60 unit cards as PDF",
    "matrix as Excel",
)


def bench(database_url, *arguments):
    return subprocess.run(
        [sys.executable, "manage.py", "bench", *arguments],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "cluster_app.settings"},
        capture_output=True,
        encoding="utf-8",
    )


def statements(output):
    """The number of statements by what was measured, and how many there may be at most (None: any number)."""
    rows = re.findall(r"^(\S.*?) {2,}(\d+)(?: +(\d+))? .*$", output, re.MULTILINE)
    return {name: (int(count), int(most) if most else None) for name, count, most in rows}


@pytest.fixture
def configured(tmp_path):
    """A configured database that whoever opened it would stumble over."""
    path = tmp_path / "real.sqlite3"
    path.write_text("Somebody's work, and no database at all")
    return path


def test_bench_measures_every_page_and_leaves_the_configured_database_alone(configured):
    before = configured.stat()

    run = bench(f"sqlite:///{configured}", "--database", NAME, *SIZE)

    assert (run.returncode, run.stderr) == (0, "")
    with translation.override("vi"):
        assert [*statements(run.stdout)] == [gettext(name) for name in SUBJECTS]
        assert statements(run.stdout)[gettext("floor")] == (2, None)
    assert {name: count for name, (count, most) in statements(run.stdout).items() if most and count > most} == {}
    assert (configured.read_text(), configured.stat().st_mtime_ns) == (
        "Somebody's work, and no database at all",
        before.st_mtime_ns,
    )
    assert list(configured.parent.iterdir()) == [configured]
    assert list(settings.VAR_DIR.glob(f"{NAME}*")) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the server's own databases")
def test_bench_makes_and_drops_its_database_on_the_server(db):
    run = bench(os.environ["DATABASE_URL"], "--database", NAME, *SIZE)

    assert (run.returncode, len(statements(run.stdout))) == (0, len(SUBJECTS))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [NAME])
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize("name", ["production", "../bench", "bench.sqlite3", "bench; DROP"])
def test_bench_refuses_a_database_that_could_be_somebodys(name):
    with pytest.raises(CommandError, match="bench"):
        call_command("bench", database=name)


def test_bench_refuses_the_configured_database():
    path = settings.VAR_DIR / f"{NAME}.sqlite3"

    run = bench(f"sqlite:///{path}", "--database", NAME, *SIZE)

    assert run.returncode == 1
    assert str(path) in run.stderr
    assert not path.exists()


@pytest.mark.parametrize("size", [{"clusters": 1}, {"units": 2}, {"criteria": criteria.LEAST - 1}, {"repeat": 0}])
def test_bench_refuses_a_size_that_holds_too_little(size):
    with pytest.raises(CommandError, match=str(criteria.LEAST)):
        call_command("bench", **size)


def test_bench_has_a_leaf_of_every_kind():
    assert set(criteria.KINDS) == set(CriterionKind) - {CriterionKind.GROUP}
