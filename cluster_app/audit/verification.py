"""Does the log still say what happened, and do the protected rows still say what the log says?"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Field, Model
from django.utils.translation import gettext as _

from cluster_app.audit.log import envelope, seal
from cluster_app.audit.models import AuditEvent
from cluster_app.audit.rows import Protection, Row, key_of, plain, protected, row_of


@dataclass(frozen=True)
class Verification:
    """`problem` is empty if the log and every protected row agree, else it names the first bad row."""

    events: int
    head: str
    problem: str = ""


def verify(known_head: str = "") -> Verification:
    """Checks the whole chain and every protected row, as they are at one moment.

    `known_head` is an earlier head (`count:short digest`, printed on reports): a log whose tail was cut off before it,
    or rewritten, does not contain it.
    """
    with _one_moment():
        return _verify(known_head)


@contextmanager
def _one_moment() -> Iterator[None]:
    """On PostgreSQL a change committed between reading the log and reading the rows would look like tampering."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _verify(known_head: str) -> Verification:
    latest: dict[str, Row | None] = {}
    previous, count, head, was_known = "", 0, "0:", not known_head or known_head == "0:"
    for event in AuditEvent.objects.order_by("sequence").iterator(chunk_size=500):
        count += 1
        if problem := _problem_of(event, count, previous):
            return Verification(count, head, problem)
        latest.update(json.loads(event.payload)["rows"])
        previous = event.digest
        head = f"{event.sequence}:{event.digest[:12]}"
        was_known = was_known or head == known_head
    if not was_known:
        return Verification(count, head, _("The log does not contain the head %(head)s.") % {"head": known_head})
    problems = (_problem_of_table(label, protection, latest) for label, protection in protected().items())
    return Verification(count, head, next(filter(None, problems), ""))


def _problem_of(event: AuditEvent, place: int, previous: str) -> str:
    name = _("Audit event %(sequence)s") % {"sequence": event.sequence}
    if event.sequence != place:
        return _("%(event)s stands where event %(place)s should be.") % {"event": name, "place": place}
    if event.previous != previous:
        return _("%(event)s does not follow the one before it.") % {"event": name}
    if seal(previous, event.payload) != event.digest:
        return _("%(event)s was changed after it was written.") % {"event": name}
    content = json.loads(event.payload)
    if any(content[key] != value for key, value in envelope(event).items()):
        return _("%(event)s has columns that differ from its sealed content.") % {"event": name}
    return ""


def _problem_of_table(label: str, protection: Protection, latest: Mapping[str, Row | None]) -> str:
    queryset = protection.rows()
    at_present = set(queryset.values_list("pk", flat=True))
    logged_keys = {key for key, row in latest.items() if row is not None and key.rpartition(":")[0] == label}
    added = _put_by_migrations(queryset.model)
    for instance in queryset.model._default_manager.order_by("pk").iterator(chunk_size=500):
        key = key_of(instance)
        logged_keys.discard(key)
        logged = latest.get(key)
        if logged is None:
            if instance.pk in at_present:
                return _("Row %(key)s is not in the log.") % {"key": key}
        elif instance.pk in at_present or protection.binds(logged, latest):
            row = row_of(instance)
            expected = added | logged
            if changed := sorted(name for name in expected if row.get(name) != expected[name]):
                fields = ", ".join(changed)
                return _("Row %(key)s differs from the log: %(fields)s.") % {"key": key, "fields": fields}
    if logged_keys:
        return _("Row %(key)s is in the log, but no longer in its table.") % {"key": min(logged_keys)}
    return ""


def _put_by_migrations(model: type[Model]) -> Row:
    """What a column holds that was not there yet when its row was logged: the constant default that its migration put
    into every row. A default that was computed then is not known now; such a column counts from the next event on."""
    held: Row = {}
    for field in filter(_has_constant_default, model._meta.concrete_fields):
        empty = None if field.null else ""
        held[field.attname] = plain(field.to_python(field.default if field.has_default() else empty), field)
    return held


def _has_constant_default(field: Field) -> bool:
    if field.has_default():
        return not callable(field.default)
    is_computed = field.has_db_default() or getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return not is_computed and (field.null or (field.blank and field.empty_strings_allowed))
