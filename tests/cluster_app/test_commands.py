"""The two commands as somebody types them, each in a process of its own."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from urllib.request import urlopen

import pytest
from django.conf import settings as project_settings
from django.core.management import CommandError, call_command

from cluster_app.bootstrap import ROOT
from members.models import Cluster

HOSTILE = {
    "DEBUG": "1",
    "DEMO_NOW": "2021-12-30T08:00:00+07:00",
    "DEMO_PASSWORD": "from-the-environment",
    "SECRET_KEY": "from the environment",
}


def command_line(*arguments, **environ):
    return {
        "args": [sys.executable, "manage.py", *arguments],
        "cwd": ROOT,
        "env": {**os.environ, "CLUSTER_APP_NO_BOOTSTRAP": "1", "PYTHONUNBUFFERED": "1", **environ},
        "stdin": subprocess.DEVNULL,
        "text": True,
    }


def manage(*arguments, **environ):
    return subprocess.run(**command_line(*arguments, **environ), capture_output=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def read_until(last, stream):
    said = []
    for line in stream:
        said.append(line)
        if line == last:
            break
    return "".join(said)


@pytest.fixture(scope="module")
def demo_environ(tmp_path_factory):
    """A demo of its own: nothing of it lands in the database or the keys of this checkout."""
    return {
        "DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.sqlite3'}",
        "DEBUG": "",
        "DEMO_PASSWORD": "mot-mat-khau-dai",
        "DJANGO_SETTINGS_MODULE": "cluster_app.settings",
    }


@pytest.fixture(scope="module")
def first_start(demo_environ):
    return manage("demo", "--no-serve", **demo_environ)


def cluster_names(demo_environ):
    with sqlite3.connect(demo_environ["DATABASE_URL"].removeprefix("sqlite:///")) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM members_cluster ORDER BY slug")]


def rename_test_cluster(demo_environ, name):
    with sqlite3.connect(demo_environ["DATABASE_URL"].removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE members_cluster SET name = ? WHERE slug = 'thu-nghiem'", [name])


def test_tests_have_fixed_keys_and_no_debug():
    assert project_settings.SECRET_KEY.startswith("a fixed key")
    assert project_settings.AUDIT_KEY.startswith("a fixed key")
    assert (project_settings.DEBUG, project_settings.DEMO_NOW) == (False, "")


def test_test_command_passes_its_arguments_to_pytest_and_shuts_the_environment_out():
    done = manage("test", "-n", "0", "tests/cluster_app/test_commands.py", "-k", "fixed_keys", **HOSTILE)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_test_command_without_a_single_test_fails():
    done = manage("test", "-n", "0", "tests/cluster_app/test_keys.py", "-k", "nothing_has_this_name")

    assert done.returncode == 1
    assert "No test was found" in done.stderr


def test_demo_with_debug_off_in_the_environment_refuses():
    done = manage("demo", DEBUG="0")

    assert done.returncode == 1
    assert done.stderr.startswith("The demo does not start here: DEBUG=0")


def test_demo_called_with_debug_off_refuses():
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("demo", no_serve=True)


def test_demo_on_a_port_in_use_says_so_before_it_does_anything(settings):
    settings.DEBUG = True
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(CommandError, match=str(port)):
            call_command("demo", port=port)


@pytest.mark.django_db
def test_demo_on_a_database_with_real_clusters_refuses_even_to_reset(settings):
    settings.DEBUG = True
    Cluster.objects.create(slug="real", name="Cụm Thi đua số 1", province="Lạng Sơn")

    with pytest.raises(CommandError, match="DATABASE_URL"):
        call_command("demo", no_serve=True, reset=True, no_input=True)

    assert Cluster.objects.filter(slug="real").exists()


@pytest.mark.django_db
def test_demo_reset_without_anybody_to_ask_removes_nothing(settings):
    settings.DEBUG = True
    Cluster.objects.create(slug="demo", name="Cụm Thi đua mẫu", province="Lạng Sơn", is_illustrative=True)

    with pytest.raises(CommandError, match="--no-input"):
        call_command("demo", no_serve=True, reset=True)

    assert Cluster.objects.filter(slug="demo").exists()


def test_demo_without_serving_prints_addresses_accounts_and_password(first_start):
    assert first_start.returncode == 0, first_start.stderr
    for told in ("http://127.0.0.1:8000/\n", "http://127.0.0.1:8000/admin/\n", "mot-mat-khau-dai", "quantri", "thuky2"):
        assert told in first_start.stdout


@pytest.mark.usefixtures("first_start")
def test_demo_started_again_keeps_what_was_changed(demo_environ):
    rename_test_cluster(demo_environ, "Cụm đã đổi tên")
    changed = cluster_names(demo_environ)

    again = manage("demo", "--no-serve", **demo_environ)

    assert again.returncode == 0, again.stderr
    assert cluster_names(demo_environ) == changed


@pytest.mark.usefixtures("first_start")
def test_demo_reset_starts_over_serves_and_ends_quietly(demo_environ):
    port = free_port()
    rename_test_cluster(demo_environ, "Cụm đã đổi tên")
    arguments = ["demo", "--reset", "--no-input", "--port", str(port)]

    with subprocess.Popen(
        **command_line(*arguments, **demo_environ), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as server:
        try:
            said = read_until("Quit the server with CONTROL-C.\n", server.stdout)
            with urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=20) as page:
                text = page.read().decode()
            server.send_signal(signal.SIGINT)
            _rest, errors = server.communicate(timeout=20)
        finally:
            server.kill()

    assert "Cụm đã đổi tên" not in cluster_names(demo_environ)
    assert f"http://127.0.0.1:{port}/\n" in said
    assert 'name="password"' in text
    assert server.returncode == 0
    assert "Traceback" not in errors
