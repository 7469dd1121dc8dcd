"""Plain edits: one service saves a row of the admin or of a set-up page, and says so in the audit log."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Model

from cluster_app.audit import log
from cluster_app.audit.rows import plain, protected
from cluster_app.lib.errors import save_checked
from cluster_app.lib.locking import for_update
from members.models import EmulationYear, User
from members.permissions import check_not_archived

Row = TypeVar("Row", bound=Model)


@transaction.atomic
def save(*, instance: Row, changed: Iterable[str], by: User, at: datetime, year: EmulationYear | None = None) -> Row:
    """Saves one row whose right to be edited the caller has checked, and appends the audit event.

    Of a row that exists only the columns in `changed` are taken from `instance`: the others stay as they are by now,
    not as they were when the page was shown. Raises WrongState in an archived year, Refused with the sentences of
    every violated rule.
    """
    if year is not None:
        check_not_archived(for_update(EmulationYear.objects).get(pk=year.pk))
    columns = [name for name in changed if _is_column(instance, name)]
    verb = "change" if instance.pk else "create"
    saved = _current(instance, columns) if instance.pk else instance
    save_checked(saved)
    log.append(
        by=by,
        at=at,
        verb=f"{instance._meta.model_name}.{verb}",
        thing=saved,
        cluster=year.cluster.slug if year is not None else "",
        year=year.year if year is not None else None,
        changes={name: plain(getattr(saved, name)) for name in columns},
        rows=[saved] if saved._meta.label_lower in protected() else [],
    )
    return saved


def _current(instance: Row, columns: Iterable[str]) -> Row:
    current = for_update(type(instance)._default_manager).get(pk=instance.pk)
    for name in columns:
        setattr(current, name, getattr(instance, name))
    return current


def _is_column(instance: Model, name: str) -> bool:
    return any(field.name == name for field in instance._meta.concrete_fields)
