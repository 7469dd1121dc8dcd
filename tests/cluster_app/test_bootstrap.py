import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cluster_app import bootstrap
from cluster_app.bootstrap import Environment, SetupError

LOCK = "requirements.txt"


@pytest.fixture
def environment(tmp_path):
    (tmp_path / LOCK).write_text("# nothing to install\n")
    return Environment(tmp_path)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A real environment, made once: an empty lock needs no network."""
    root = tmp_path_factory.mktemp("installed")
    (root / LOCK).write_text("# nothing to install\n")
    environment = Environment(root)
    environment.install([LOCK])
    return environment


@pytest.mark.parametrize("word", ["0", "false", "False", "off", "no"])
def test_prepare_refuses_the_demo_where_debug_is_off(word, tmp_path):
    environ = {"DEBUG": word}

    with pytest.raises(SetupError, match=f"DEBUG={word} says"):
        bootstrap.prepare("demo", environ, tmp_path)

    assert environ == {"DEBUG": word}


@pytest.mark.parametrize(
    "text", ["DEBUG=0", "SECRET_KEY=abc\nexport DEBUG = 'false'\n", 'DEBUG="off"  # the office server']
)
def test_prepare_refuses_the_demo_where_the_env_file_turns_debug_off(text, tmp_path):
    (tmp_path / ".env").write_text(text)

    with pytest.raises(SetupError, match="does not start here"):
        bootstrap.prepare("demo", {}, tmp_path)


@pytest.mark.parametrize("environ", [{}, {"DEBUG": ""}, {"DEBUG": "1"}, {"DEBUG": "True"}])
def test_prepare_turns_debug_on_for_the_demo(environ, tmp_path):
    (tmp_path / ".env").write_text("# DEBUG=0\nNO_DEBUG=0\n")

    bootstrap.prepare("demo", environ, tmp_path)

    assert environ == {"DEBUG": "1", "DJANGO_SETTINGS_MODULE": "cluster_app.settings"}


def test_prepare_gives_tests_their_own_settings_whatever_the_environment_says(tmp_path):
    environ = {"DEBUG": "1", "DJANGO_SETTINGS_MODULE": "cluster_app.settings"}

    bootstrap.prepare("test", environ, tmp_path)

    assert environ["DJANGO_SETTINGS_MODULE"] == "tests.settings"


@pytest.mark.parametrize("given", [{}, {"DEBUG": "0"}])
def test_prepare_leaves_debug_alone_for_other_commands(given, tmp_path):
    environ = dict(given)

    bootstrap.prepare("migrate", environ, tmp_path)

    assert environ == {**given, "DJANGO_SETTINGS_MODULE": "cluster_app.settings"}


def test_missing_locks_without_an_environment_names_them_all(environment):
    assert environment.missing_locks([LOCK]) == [LOCK]


def test_install_leaves_nothing_to_do_and_keeps_pip_out_of_the_next_start(installed):
    made = installed.python.lstat().st_mtime_ns

    installed.install([LOCK])

    assert installed.missing_locks([LOCK]) == []
    assert not installed.unfinished.exists()
    assert installed.python.lstat().st_mtime_ns == made


def test_missing_locks_after_a_change_names_the_changed_one(installed):
    other = "tests-requirements.txt"
    (installed.root / other).write_text("# new\n")

    assert installed.missing_locks([LOCK, other]) == [other]


def test_install_that_fails_says_why_and_the_next_one_starts_from_nothing(environment):
    (environment.root / LOCK).write_text("django==5.2.19\n")  # without its hash pip refuses before it asks anybody

    with pytest.raises(SetupError, match=r"(?s)could not install requirements\.txt.*[Hh]ash.*start again"):
        environment.install([LOCK])

    assert environment.missing_locks([LOCK]) == [LOCK]
    leftover = environment.folder / "leftover"
    leftover.touch()
    (environment.root / LOCK).write_text("# mended\n")
    environment.install([LOCK])
    assert environment.missing_locks([LOCK]) == []
    assert not leftover.exists()


def test_install_replaces_an_environment_without_pip(environment):
    """What `python3 -m venv` leaves behind on a Debian without ensurepip."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment.folder], check=True)

    environment.install([LOCK])

    subprocess.run([environment.python, "-m", "pip", "--version"], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("line", "progress"),
    [
        ("Collecting django==5.2.19 (from -r requirements.txt (line 21))", "  django 5.2.19"),
        ("Installing collected packages: sqlparse, asgiref, django", "  unpacking"),
        ("WARNING: Retrying (Retry(total=4)) after …", "  the package index does not answer, trying again"),
        ("  Using cached django-5.2.19-py3-none-any.whl (8.3 MB)", ""),
        ("Successfully installed django-5.2.19", ""),
    ],
)
def test_progress_of_tells_one_line_per_package(line, progress):
    assert bootstrap.progress_of(line) == progress


def test_manage_can_be_read_by_a_python_that_is_too_old():
    source = (bootstrap.ROOT / "manage.py").read_text(encoding="utf-8")

    ast.parse(source, feature_version=(3, 4))


def run_without_django(root: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess:
    """Run a copy of the command line as a machine without Django sees it."""
    (root / "cluster_app").mkdir(exist_ok=True)
    for name in ("manage.py", "cluster_app/__init__.py", "cluster_app/bootstrap.py"):
        (root / name).write_bytes((bootstrap.ROOT / name).read_bytes())
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-S", "manage.py", *arguments], cwd=root, env=clean | environ, capture_output=True, text=True
    )


def test_enter_without_django_and_without_an_environment_prints_the_line_to_type(tmp_path):
    done = run_without_django(tmp_path, "migrate")

    assert done.returncode == 1
    assert "pip install --require-hashes -r requirements.txt" in done.stderr
    assert "Traceback" not in done.stderr


def test_enter_without_django_goes_into_the_environment(installed):
    done = run_without_django(installed.root, "migrate")

    assert done.returncode == 1
    assert f"{installed.folder} is incomplete" in done.stderr  # said in there: the empty lock gave it no Django
    installed.unfinished.unlink()


def test_enter_stays_where_it_is_told_to(tmp_path):
    done = run_without_django(tmp_path, "demo", CLUSTER_APP_NO_BOOTSTRAP="1")

    assert done.returncode == 1
    assert "has no Django" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_enter_refuses_the_demo_with_debug_off_before_it_installs_anything(tmp_path):
    done = run_without_django(tmp_path, "demo", DEBUG="0")

    assert done.returncode == 1
    assert done.stderr.startswith("The demo does not start here")
    assert not (tmp_path / ".venv").exists()
