"""A database of the bench's own: the connection is led away from the configured one before anything is written."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from django.utils.translation import gettext as _

from members.models import Cluster, User

DEFAULT_NAME = "bench"
_ALLOWED = re.compile(r"bench[a-z0-9_]{0,40}")
_SQLITE_FILES = ("", "-wal", "-shm", "-journal")


@contextmanager
def own_database(name: str) -> Iterator[str]:
    """Makes the database `name` anew, as the test runner would, and takes it away again; yields what it is called.

    On SQLite it is a file in `var/`. Raises CommandError for a name that could be somebody else's database.
    """
    if not _ALLOWED.fullmatch(name):
        raise CommandError(_("The database of the bench is called “bench…”, in small letters, digits and _."))
    configured = connection.settings_dict["NAME"]
    own = str(settings.VAR_DIR / f"{name}.sqlite3") if connection.vendor == "sqlite" else name
    if _is_same(configured, own):
        raise CommandError(_("%(name)s is the configured database. Give the bench another one.") % {"name": own})
    _remove_files(own)
    connection.settings_dict["TEST"]["NAME"] = own
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        _check_is_new(own)
        yield own
    finally:
        connection.creation.destroy_test_db(configured, verbosity=0)
        _remove_files(own)


def _is_same(configured: object, own: str) -> bool:
    if connection.vendor == "sqlite":
        return Path(str(configured)).resolve() == Path(own).resolve()
    return configured == own


def _remove_files(own: str) -> None:
    """Left behind by a run that was broken off; a log of an old file must not be replayed into the new one."""
    if connection.vendor == "sqlite":
        for suffix in _SQLITE_FILES:
            Path(own + suffix).unlink(missing_ok=True)


def _check_is_new(own: str) -> None:
    """Asks the database itself what it is, before anything is written."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA database_list")
            reached = cursor.fetchone()[2]
        else:
            cursor.execute("SELECT current_database()")
            reached = cursor.fetchone()[0]
    if not _is_same(reached, own) or Cluster.objects.exists() or User.objects.exists():
        raise CommandError(_("%(name)s is not the bench's own database. Nothing was done.") % {"name": reached})
