"""Row locks as every service takes them."""

from typing import TypeVar

from django.db.models import Manager, Model, QuerySet

Row = TypeVar("Row", bound=Model)


def for_update(rows: "Manager[Row] | QuerySet[Row]") -> "QuerySet[Row]":
    """The rows, locked until the transaction ends; rows joined to them stay free.

    The lock leaves the key alone. A full one would wait for everybody who has just inserted a row that points to the
    locked one, and they may be waiting for us: the audit log is locked last by all, the year first by some.
    """
    return rows.select_for_update(of=("self",), no_key=True)
