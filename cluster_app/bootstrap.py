"""Sets the environment up before Django can be imported, with nothing but the standard library.

`demo` and `test` make `.venv`, install the locks they need and start again inside it; every other command goes
there if this interpreter has no Django. A stamp per lock (its sha256, written last) makes the next start instant.
"""

import contextlib
import hashlib
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, MutableMapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"demo": ["requirements.txt"], "test": ["requirements.txt", "tests/requirements.txt"]}
STAY_HERE = "CLUSTER_APP_NO_BOOTSTRAP"
TRUE_WORDS = {"true", "on", "ok", "y", "yes", "1"}  # what django-environ takes for true
ENSUREPIP_LINE = "apt-get install -y python3-venv"
HOW_TO_INSTALL = (
    "`python3 manage.py demo` sets everything up to look around. For a place of your own, type:\n"
    "  python3 -m venv --clear .venv && .venv/bin/python -m pip install --require-hashes -r requirements.txt"
)


class SetupError(Exception):
    """Says what keeps the environment from being set up, and what to do about it."""


class Environment:
    """The virtual environment of the project that lives in `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.python = self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        self.unfinished = self.folder / ".unfinished"

    def is_running(self) -> bool:
        return Path(sys.prefix).resolve() == self.folder.resolve()

    def missing_locks(self, locks: list[str]) -> list[str]:
        if self.unfinished.exists() or not self.python.exists():
            return locks
        return [lock for lock in locks if self._read(self.stamp(lock)) != self.digest(lock)]

    def stamp(self, lock: str) -> Path:
        return self.folder / f".installed-{lock.replace('/', '-')}"

    def digest(self, lock: str) -> str:
        return hashlib.sha256((self.root / lock).read_bytes()).hexdigest()

    def install(self, locks: list[str]) -> None:
        """Bring the environment up to the locks. One that was left half made is made anew."""
        with self._alone():
            missing = self.missing_locks(locks)
            if not missing:
                return
            if not self._is_sound():
                self._create()
            self.unfinished.touch()
            for lock in missing:
                self.stamp(lock).unlink(missing_ok=True)
                say(f"Installing {lock}; this takes a while the first time.")
                run_pip(self.python, self.root / lock)
                self.stamp(lock).write_text(self.digest(lock), encoding="utf-8")
            self.unfinished.unlink()

    def mark_unfinished(self) -> None:
        self.unfinished.touch()

    def _is_sound(self) -> bool:
        if self.unfinished.exists() or not self.python.exists():
            return False
        asked = subprocess.run([self.python, "-m", "pip", "--version"], capture_output=True, check=False)
        return asked.returncode == 0

    def _create(self) -> None:
        ensure_ensurepip()
        say("Making .venv")
        made = subprocess.run(
            [sys.executable, "-m", "venv", "--clear", str(self.folder)], capture_output=True, text=True, check=False
        )
        if made.returncode != 0:
            raise SetupError(f"{self.folder} could not be made:\n{(made.stdout + made.stderr).strip()}")

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one process at a time work on the environment; a second one waits and then finds it ready."""
        if importlib.util.find_spec("fcntl") is None:  # Windows
            yield
            return
        fcntl = importlib.import_module("fcntl")
        place = self.root / "var"
        place.mkdir(mode=0o700, exist_ok=True)
        with (place / "bootstrap.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @staticmethod
    def _read(path: Path) -> str:
        return path.read_text(encoding="utf-8") if path.exists() else ""


def enter(argv: list[str]) -> None:
    """Return once Django can be imported; otherwise start again where it can, or leave with a sentence."""
    command = argv[1] if len(argv) > 1 else "help"
    try:
        prepare(command, os.environ, ROOT)
        choose_interpreter(command, argv, Environment(ROOT))
    except SetupError as error:
        sys.exit(str(error))
    except OSError as error:  # a folder that cannot be written, a full disk
        sys.exit(f"The set-up failed: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


def prepare(command: str, environ: MutableMapping[str, str], root: Path) -> None:
    """Give the command the settings it runs with. The demo brings its own accounts: it never runs with DEBUG off."""
    if command == "demo":
        debug = declared("DEBUG", environ, root)
        if debug and debug.lower() not in TRUE_WORDS:
            raise SetupError(
                f"The demo does not start here: DEBUG={debug} says that this is a place for real work.\n"
                "To try the demo, unset DEBUG (see also the file .env) or use another copy of the project."
            )
        environ["DEBUG"] = "1"
    if command == "test":
        environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    environ.setdefault("DJANGO_SETTINGS_MODULE", "cluster_app.settings")


def declared(name: str, environ: MutableMapping[str, str], root: Path) -> str:
    """The value of the variable, from the environment or else from `.env`, as the settings will read it."""
    env_file = root / ".env"
    if name in environ or not env_file.exists():
        return environ.get(name, "").strip()
    line = re.compile(rf"^\s*(?:export\s+)?{name}\s*=\s*['\"]?([^'\"#\n]*)", re.MULTILINE)
    found = line.findall(env_file.read_text(encoding="utf-8"))
    return found[0].strip() if found else ""


def choose_interpreter(command: str, argv: list[str], environment: Environment) -> None:
    has_django = importlib.util.find_spec("django") is not None
    if environment.is_running():
        if not has_django:
            environment.mark_unfinished()
            raise SetupError(f"{environment.folder} is incomplete.\n{HOW_TO_INSTALL}")
        return
    if os.environ.get(STAY_HERE) == "1":
        if not has_django:
            raise SetupError(f"{STAY_HERE}=1, but {sys.executable} has no Django.")
        return
    if command in LOCKS:
        environment.install(LOCKS[command])
    elif has_django:
        return
    elif not environment.python.exists():
        raise SetupError(f"Django is not installed here yet.\n{HOW_TO_INSTALL}")
    restart(environment.python, argv)


def restart(python: Path, argv: list[str]) -> None:
    if os.name == "nt":  # there execv would let go of the console
        sys.exit(subprocess.call([python, *argv]))
    sys.stdout.flush()
    os.execv(python, [str(python), *argv])  # noqa: S606  the very point: no shell in between


def ensure_ensurepip() -> None:
    """Debian keeps ensurepip in a package of its own, and without it leaves a broken environment behind."""
    if importlib.util.find_spec("ensurepip") is not None:
        return
    if os.name == "nt" or os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise SetupError(f"This Python lacks ensurepip. On Debian and Ubuntu, type:\n  sudo {ENSUREPIP_LINE}")
    say("Installing python3-venv")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for line in ("apt-get update", f"{ENSUREPIP_LINE} --no-install-recommends"):
        done = subprocess.run(
            shlex.split(line), env=quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode != 0 and "install" in line:
            raise SetupError(f"python3-venv could not be installed:\n{done.stderr.strip()}\nType: {ENSUREPIP_LINE}")
    importlib.invalidate_caches()
    if importlib.util.find_spec("ensurepip") is None:
        raise SetupError(f"{sys.executable} has no ensurepip; use Debian's own Python: /usr/bin/python3 manage.py demo")


def run_pip(python: Path, lock: Path) -> None:
    """Install the lock with its hashes, a line per package; a failure is explained by pip's own last words."""
    options = ["--require-hashes", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    said = []
    with subprocess.Popen(
        [str(python), "-m", "pip", "install", *options, "-r", str(lock)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            said.append(line.rstrip())
            if progress := progress_of(line):
                say(progress)
    if process.returncode != 0:
        last_words = [line for line in said if line.startswith("ERROR")] or said[-8:]
        raise SetupError(
            f"pip could not install {lock.name}:\n  " + "\n  ".join(last_words) + "\n"
            "Check the connection to the package index (PIP_INDEX_URL, PIP_PROXY) and start again."
        )


def progress_of(line: str) -> str:
    """What a line of pip's output is worth telling: "" for most of them."""
    if found := re.match(r"Collecting (\S+?)==(\S+)", line):
        return f"  {found[1]} {found[2]}"
    if line.startswith("Installing collected packages"):
        return "  unpacking"
    if "Retrying" in line:
        return "  the package index does not answer, trying again"
    return ""


def say(line: str) -> None:
    print(line, flush=True)
