"""Writing to the audit log. `append` is the last step of every service that changes something that counts."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import Model

from cluster_app.audit.models import AuditEvent
from cluster_app.audit.rows import canonical, key_of, plain, row_of

SYSTEM = "system"
# Any number will do, as long as nothing else on the database takes the same one.
_CHAIN_LOCK = 20201230


def append(
    *,
    by: AbstractBaseUser | None,
    at: datetime,
    verb: str,
    thing: Model,
    cluster: str = "",
    year: int | None = None,
    reason: str = "",
    changes: Mapping[str, object] | None = None,
    rows: Iterable[Model] = (),
    deleted: Iterable[str] = (),
) -> AuditEvent:
    """Appends one event to the chain and returns it.

    `by` is the person, None for the command line. `changes` says in plain values what was changed; `rows` are the
    protected rows after the change, `deleted` the keys of those that are gone. Must run inside the transaction of the
    change, so that neither exists without the other.
    """
    last = _hold_chain()
    previous = last.digest if last else ""
    event = AuditEvent(
        sequence=last.sequence + 1 if last else 1,
        previous=previous,
        at=at,
        actor=by.get_username() if by is not None else SYSTEM,
        verb=verb,
        object_key=key_of(thing),
        cluster=cluster,
        year=year,
    )
    row_after: dict[str, object] = {key_of(row): row_of(row) for row in rows}
    row_after |= dict.fromkeys(deleted)
    event.payload = canonical(
        envelope(event) | {"reason": reason, "changes": dict(changes or {}), "rows": row_after, "thing": str(thing)}
    )
    event.digest = seal(previous, event.payload)
    event.save(force_insert=True)
    return event


def _hold_chain() -> AuditEvent | None:
    """Returns the last event, and keeps others from following it until the transaction ends. On SQLite the transaction
    itself does: it is the only one that writes."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An audit event belongs into the transaction of its change.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])
    return _last()


def _last() -> AuditEvent | None:
    return AuditEvent.objects.order_by("-sequence").only("sequence", "digest").first()


def envelope(event: AuditEvent) -> dict[str, object]:
    """The columns of an event that its payload repeats under the seal."""
    return {
        "sequence": event.sequence,
        "at": plain(event.at),
        "actor": event.actor,
        "verb": event.verb,
        "object": event.object_key,
        "cluster": event.cluster,
        "year": event.year,
    }


def seal(previous: str, payload: str) -> str:
    """HMAC-SHA256 over the previous digest and the payload, as hexadecimal text."""
    return hmac.new(settings.AUDIT_KEY.encode(), (previous + payload).encode(), hashlib.sha256).hexdigest()


def head() -> str:
    """The head of the chain, as `count:short digest`. Kept on paper, it shows whether the log's tail was cut off."""
    last = _last()
    return f"{last.sequence}:{last.digest[:12]}" if last else "0:"
