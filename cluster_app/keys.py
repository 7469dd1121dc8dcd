"""Secrets that the first command makes in `var/` when the environment gives none."""

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path


def new_key() -> str:
    return secrets.token_urlsafe(48)


def read_or_make(name: str, directory: Path, make: Callable[[], str] = new_key) -> str:
    """Return the secret kept in `directory/name`; make it first if it is not there.

    The file is readable by its owner only and appears complete or not at all: two processes that start at once
    end up with the same secret.
    """
    path = directory / name
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        _write_once(path, make())
    secret = path.read_text(encoding="utf-8").strip()
    if not secret:
        raise ValueError(f"{path} is empty: restore it from a backup, or delete it to get a new one.")
    return secret


def _write_once(path: Path, secret: str) -> None:
    """Write the secret beside its place, then link it there: whoever links first wins, nobody sees half a file."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secret + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
