"""Database triggers, written for both databases and installed after every migrate.

They are not migrations, because SQLite drops the triggers of a table that a migration rebuilds. PostgreSQL raises
with the class of integrity errors, so that both databases give IntegrityError.
"""

from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True)
class Trigger:
    """Refuses `event` (INSERT, UPDATE or DELETE) on a row of `table` whenever `condition` holds.

    `condition` is an SQL expression over OLD and NEW that both databases read.
    """

    name: str
    table: str
    event: str
    condition: str
    message: str


_registered: dict[str, Trigger] = {}


def register(*triggers: Trigger) -> None:
    """Called by an app when it is ready."""
    for trigger in triggers:
        _registered[trigger.name] = trigger


def registered() -> list[Trigger]:
    return sorted(_registered.values(), key=lambda trigger: trigger.name)


def install_all(connection: BaseDatabaseWrapper) -> None:
    """Installs every registered trigger whose table exists."""
    drop_all(connection)
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for trigger in registered():
            if trigger.table in tables:
                for statement in _create(trigger, connection.vendor):
                    cursor.execute(statement)


def drop_all(connection: BaseDatabaseWrapper) -> None:
    """Drops every registered trigger, so that tables can be altered or flushed."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for trigger in registered():
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}")
            elif trigger.table in tables:
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name} ON {trigger.table}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of registered triggers that the database does not hold."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return [trigger.name for trigger in registered() if trigger.name not in present]


def _create(trigger: Trigger, vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {trigger.name} BEFORE {trigger.event} ON {trigger.table} FOR EACH ROW "
            f"WHEN {trigger.condition} BEGIN SELECT RAISE(ABORT, '{trigger.message}'); END"
        ]
    answer = "OLD" if trigger.event == "DELETE" else "NEW"
    return [
        f"CREATE OR REPLACE FUNCTION {trigger.name}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {trigger.condition} THEN RAISE EXCEPTION '{trigger.message}' USING ERRCODE = '23000'; END IF; "
        f"RETURN {answer}; END $$",
        f"CREATE TRIGGER {trigger.name} BEFORE {trigger.event} ON {trigger.table} FOR EACH ROW "
        f"EXECUTE FUNCTION {trigger.name}_refuse()",
    ]


def drop_before_migrate(using: str = DEFAULT_DB_ALIAS, **kwargs: object) -> None:
    drop_all(connections[using])


def install_after_migrate(using: str = DEFAULT_DB_ALIAS, **kwargs: object) -> None:
    install_all(connections[using])
