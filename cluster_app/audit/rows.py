"""Rows as canonical plain values, so that a row can be compared with what the log says it was."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from django.db.models import Field, Model, QuerySet

Row = dict[str, object]
# A row as it was last logged, and all rows as they were last logged by their keys: must it still be so?
Binding = Callable[[Row, Mapping[str, Row | None]], bool]


@dataclass(frozen=True)
class Protection:
    """`rows` are those that are protected at present, `binds` says which the log itself holds fast: a row that was
    protected when it was logged does not escape by claiming another state."""

    rows: Callable[[], QuerySet]
    binds: Binding


_protected: dict[str, Protection] = {}


def protect(model: type[Model], rows: Callable[[], QuerySet], binds: Binding | None = None) -> None:
    """Names a table whose rows the audit log vouches for; without `binds` it holds every logged row fast."""
    _protected[model._meta.label_lower] = Protection(rows, binds or _always)


def _always(row: Row, log: Mapping[str, Row | None]) -> bool:
    return True


def protected() -> dict[str, Protection]:
    return dict(_protected)


def key_of(instance: Model) -> str:
    """The plain text key of a row, such as `scoring.scorecard:12`; it outlives the row."""
    return f"{instance._meta.label_lower}:{instance.pk}"


def row_of(instance: Model) -> Row:
    """Every column of the row as a plain value: decimals and times as strings, times in UTC."""
    return {
        field.attname: plain(field.to_python(getattr(instance, field.attname)), field)
        for field in instance._meta.concrete_fields
    }


def plain(value: object, field: Field | None = None) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        places = getattr(field, "decimal_places", None)
        return str(value if places is None else value.quantize(Decimal(1).scaleb(-places)))
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if value is None or isinstance(value, bool | int | dict | list):
        return value
    return str(value)


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces: the same value always gives the same text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=plain)
