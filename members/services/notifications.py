"""Lines in people's inboxes: what happened or is due. They change nothing of the year, so the audit log is not told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import FilteredRelation, Q, QuerySet

from cluster_app.lib.errors import NotKnown
from cluster_app.lib.locking import for_update
from members.models import EmulationYear, Notification, User


@dataclass(frozen=True)
class Message:
    """What is told to whom. `users` are primary keys; `key` names the event; `text` is a msgid marked with
    `gettext_noop` and `params` the names in it, so that each reader has it in the own language."""

    users: Collection[int]
    year: EmulationYear
    key: str
    text: str
    url: str
    params: Mapping[str, str | int] = field(default_factory=dict)


def send(
    *,
    users: Collection[int],
    year: EmulationYear,
    key: str,
    text: str,
    params: Mapping[str, str | int],
    url: str,
    at: datetime,
    by: User | None = None,
) -> int:
    """Tells `users` (primary keys) of one event, see `send_all`."""
    return send_all(messages=[Message(users, year, key, text, url, params)], at=at, by=by)


@transaction.atomic
def send_all(*, messages: Sequence[Message], at: datetime, by: User | None = None) -> int:
    """Puts the messages into the inboxes and returns how many lines are new. Two queries, however many messages.

    Nobody is told of an event twice, whoever has a closed account is not told, nor is `by`, who did it.
    """
    wanted = {pk for message in messages for pk in message.users} - {by.pk if by else None}
    told = _told(wanted, {message.key for message in messages})
    new = {
        (pk, message.key): _line(pk, message, at)
        for message in messages
        for pk in message.users
        if pk in told and message.key not in told[pk]
    }
    # Sorted, so that two services that tell the same people wait for each other in the same order.
    if new:
        Notification.objects.bulk_create([new[place] for place in sorted(new)], ignore_conflicts=True)
    return len(new)


def _told(users: set[int], keys: set[str]) -> dict[int, set[str | None]]:
    """Those of `users` whose accounts are open, each with the events among `keys` that they know of."""
    of_these = FilteredRelation("notifications", condition=Q(notifications__key__in=keys))
    found: dict[int, set[str | None]] = {}
    if users:
        rows = User.objects.filter(pk__in=users, is_active=True).annotate(told=of_these).order_by()
        for pk, key in rows.values_list("pk", "told__key"):
            found.setdefault(pk, set()).add(key)
    return found


def _line(pk: int, message: Message, at: datetime) -> Notification:
    return Notification(
        user_id=pk,
        year=message.year,
        key=message.key,
        text=message.text,
        params=dict(message.params),
        url=message.url,
        created_at=at,
    )


def mark_read(*, pk: int, by: User, at: datetime) -> Notification:
    """Marks one line of the own inbox as read; again is no change. Raises NotKnown for a line of somebody else."""
    found = Notification.objects.filter(user=by, pk=pk).first()
    if found is None:
        raise NotKnown
    Notification.objects.filter(pk=pk, read_at__isnull=True).update(read_at=at)
    return found


@transaction.atomic
def mark_all_read(*, by: User, at: datetime) -> int:
    """Marks every line of the own inbox as read, and returns how many were not."""
    return _read(Notification.objects.filter(user=by), at)


def close(
    *, year: EmulationYear, beginnings: Collection[str], at: datetime, users: Collection[int] | None = None
) -> int:
    """Marks as read the lines of `year` whose event begins with one of `beginnings`: what they asked for is done. For
    everybody, or for `users` (primary keys) alone. The caller is in a transaction. Returns how many were not read."""
    wanted = Q(pk__in=[])
    for beginning in beginnings:
        wanted |= Q(key__startswith=beginning)
    lines = Notification.objects.filter(wanted, year=year)
    return _read(lines if users is None else lines.filter(user__in=users), at)


def _read(lines: QuerySet[Notification], at: datetime) -> int:
    """Locks the lines in the order of their keys first: whoever else marks some of them waits, and nobody crosswise."""
    unread = for_update(lines.filter(read_at__isnull=True)).only("pk").order_by("pk")
    found = [line.pk for line in unread]
    return Notification.objects.filter(pk__in=found).update(read_at=at) if found else 0
