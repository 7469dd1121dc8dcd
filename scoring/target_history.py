"""Every change of what is asked of the units, read from the audit log: who, when, from what to what."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cluster_app.audit.models import AuditEvent
from cluster_app.lib.points import format_value
from members.models import EmulationYear, User
from scoring.services.targets import REMOVE, SET

Facts = Mapping[str, Any] | None
_UNKNOWN: Mapping[str, Any] = {"value": None, "is_assigned": True}


@dataclass(frozen=True)
class Entry:
    """One change, in words; both values are kept."""

    at: datetime
    person: str
    unit: str
    code: str
    before: str
    after: str
    source: str


def events_of(year: EmulationYear) -> QuerySet[AuditEvent]:
    """The changes of the year in the audit log, the newest first."""
    found = AuditEvent.objects.filter(cluster=year.cluster.slug, year=year.year, verb__in=(SET, REMOVE))
    return found.order_by("-sequence")


def entries(year: EmulationYear, events: Iterable[AuditEvent]) -> list[Entry]:
    """The events in words. Two queries, one for the names of the persons, one for those of the units."""
    events = list(events)
    persons = {user.username: user for user in User.objects.filter(username__in={event.actor for event in events})}
    units = dict(year.memberships.values_list("unit__code", "short_name"))
    return [_entry(event, persons, units) for event in events]


def of_cell(year: EmulationYear, unit: str, code: str) -> list[Entry]:
    """The changes of one unit's target of one criterion, by their codes."""
    wanted = [event for event in events_of(year) if _place(event) == (unit, code)]
    return entries(year, wanted)


def _changes(event: AuditEvent) -> dict[str, Any]:
    """What an event says. The first release logged the new value alone, and the unit in the name of the target."""
    payload: dict[str, Any] = json.loads(event.payload)
    found: dict[str, Any] = payload["changes"]
    if "after" in found:
        return found
    after = {"value": found["value"], "is_assigned": True, "source": found["source"]}
    return {"criterion": found["criterion"], "unit": payload["thing"], "before": _UNKNOWN, "after": after}


def _place(event: AuditEvent) -> tuple[str, str]:
    changes = _changes(event)
    return changes["unit"], changes["criterion"]


def _entry(event: AuditEvent, persons: Mapping[str, User], units: Mapping[str, str]) -> Entry:
    changes = _changes(event)
    before, after = changes["before"], changes["after"]
    person = persons.get(event.actor)
    return Entry(
        at=event.at,
        person=str(person) if person else event.actor,
        unit=units.get(changes["unit"], changes["unit"]),
        code=changes["criterion"],
        before=_words(before),
        after=_words(after),
        source=(after or {}).get("source", ""),
    )


def _words(facts: Facts) -> str:
    if facts is None:
        return _("the target of all units")
    if not facts["is_assigned"]:
        text = _("not assigned: %(reason)s") % {"reason": facts["not_assigned_reason"]}
        kept = _("kept: %(target)s") % {"target": _amount(facts)}
        return text if facts.get("amount") is None else f"{text} ({kept})"
    return _amount(facts)


def _amount(facts: Mapping[str, Any]) -> str:
    amount = facts.get("amount", facts["value"])
    text = format_value(None if amount is None else Decimal(amount))
    item = facts.get("pledge_text")
    return _("%(amount)s, item %(item)s of the pledge") % {"amount": text, "item": item} if item else text
