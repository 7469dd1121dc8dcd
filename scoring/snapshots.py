"""What exactly was submitted, approved or published: canonical text, its digest, and what differs between two."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_app.audit.rows import canonical
from cluster_app.lib.points import NO_FIGURE, format_points, format_value
from scoring.enums import Stage
from scoring.evidence import reference_of
from scoring.models import ScoreLine
from scoring.sheets import Sheet

_LINE_FIELDS = tuple(
    f"{stage}_{what}"
    for stage, text in (("self", "note"), ("reviewed", "reason"), ("final", "reason"))
    for what in ("value", "points", text)
)


def of_card(sheet: Sheet) -> str:
    """The canonical text of a card as a person sees it: totals and every line in three stages."""
    card = sheet.card
    year = card.membership.year
    return canonical(
        {
            "cluster": year.cluster.slug,
            "year": year.year,
            "unit": card.membership.unit.code,
            "totals": {
                name: _text(getattr(card, name))
                for name in (
                    "self_total",
                    "reviewed_total",
                    "base_points",
                    "bonus_points",
                    "penalty_points",
                    "total_points",
                )
            },
            "lines": [
                {"code": line.criterion.code, "is_assigned": line.is_assigned}
                | {name: _text(getattr(line, name)) for name in _LINE_FIELDS}
                | _estimate(line)
                | _records(sheet, line)
                | _evidence(sheet, line)
                for line in sheet.lines
            ],
        }
    )


def _estimate(line: ScoreLine) -> dict[str, object]:
    """The mark of an estimated value; nothing for another one, so that the texts of such cards stay the same."""
    return {"is_estimate": True} if line.is_estimate else {}


def _records(sheet: Sheet, line: ScoreLine) -> dict[str, object]:
    """The records behind a fed line; nothing for a typed one."""
    found = sheet.records.get(line.pk)
    return {"records": [[one.key, one.text, _text(one.amount)] for one in found]} if found else {}


def _evidence(sheet: Sheet, line: ScoreLine) -> dict[str, object]:
    """The visible evidence of a line, each with what it refers to; nothing for a line without."""
    found = sheet.evidence.get(line.pk)
    return {EVIDENCE: [[one.kind, one.title, reference_of(one)] for one in found]} if found else {}


def digest(snapshot: str) -> str:
    """SHA-256 of a snapshot, as hexadecimal text."""
    return hashlib.sha256(snapshot.encode()).hexdigest()


def _text(value: object) -> str | None:
    return None if value is None else str(value)


_SALT = "scoring.snapshots"


def seal(snapshot: str) -> str:
    """A snapshot as a form carries it: compressed, and signed, so that nobody else can have written it."""
    return signing.dumps(snapshot, salt=_SALT, compress=True)


def unseal(sealed: str, expected: str) -> str:
    """The snapshot that `seal` made; empty if it is missing, changed, or not the one with the digest `expected`."""
    try:
        text: str = signing.loads(sealed, salt=_SALT)
    except signing.BadSignature:
        return ""
    return text if digest(text) == expected else ""


@dataclass(frozen=True)
class Change:
    """One field of two snapshots in words, for people; the field of a total has no code. `stage` is empty for what
    belongs to no stage; `name` is that of the field in the snapshot."""

    code: str
    field: str
    before: str
    after: str
    stage: str = ""
    name: str = ""

    @property
    def is_change(self) -> bool:
        return self.before != self.after


EVIDENCE = "evidence"
# In the order in which people read them.
_LABELS = {
    "self_total": gettext_lazy("Self-scored total"),
    "reviewed_total": gettext_lazy("Reviewed total"),
    "base_points": gettext_lazy("Base points"),
    "bonus_points": gettext_lazy("Bonus points"),
    "penalty_points": gettext_lazy("Penalty points"),
    "total_points": gettext_lazy("Total"),
    "is_assigned": gettext_lazy("Assigned to the unit"),
    "is_estimate": gettext_lazy("Estimate of the whole year"),
    "self_value": gettext_lazy("Self-scored value"),
    "self_points": gettext_lazy("Self-scored points"),
    "self_note": gettext_lazy("Note of the unit"),
    "reviewed_value": gettext_lazy("Reviewed value"),
    "reviewed_points": gettext_lazy("Reviewed points"),
    "reviewed_reason": gettext_lazy("Reason of the reviewer"),
    "final_value": gettext_lazy("Final value"),
    "final_points": gettext_lazy("Final points"),
    "final_reason": gettext_lazy("Reason of the final value"),
    "records": gettext_lazy("Records behind the value"),
    EVIDENCE: gettext_lazy("Evidence"),
}

# How the value of a criterion, named by its code, is read: "98,5 %", "Tốt".
ValueWords = Callable[[str, Decimal], str]


def differences(old: str, new: str, value_words: ValueWords | None = None) -> list[Change]:
    """What differs between two snapshots of a card: totals first, then line by line in printed order."""
    return [change for change in compared(old, new, value_words) if change.is_change]


def compared(old: str, new: str, value_words: ValueWords | None = None) -> list[Change]:
    """Every field that is filled in in one of two snapshots of a card, side by side; points are formatted."""
    before, after = json.loads(old), json.loads(new)
    found = list(_compared("", before["totals"], after["totals"], None))
    old_lines = {line["code"]: line for line in before["lines"]}
    new_lines = {line["code"]: line for line in after["lines"]}
    for code in (*new_lines, *(code for code in old_lines if code not in new_lines)):
        found += _compared(code, old_lines.get(code, {}), new_lines.get(code, {}), value_words)
    return found


def _compared(
    code: str, before: Mapping[str, Any], after: Mapping[str, Any], value_words: ValueWords | None
) -> Iterator[Change]:
    names = {*before, *after} - {"code"}
    for name in (*(name for name in _LABELS if name in names), *sorted(names - set(_LABELS))):
        old, new = before.get(name), after.get(name)
        # What an older snapshot did not know yet was not so.
        is_flag = isinstance(old, bool) or isinstance(new, bool)
        was, is_now = (_in_words(code, name, bool(value) if is_flag else value, value_words) for value in (old, new))
        if (was, is_now) != (NO_FIGURE, NO_FIGURE):
            yield Change(code, str(_LABELS.get(name, name)), was, is_now, stage=_stage_of(name), name=name)


def _in_words(code: str, name: str, value: Any, value_words: ValueWords | None) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value in (None, "", []):
        return NO_FIGURE
    if isinstance(value, list):
        return "; ".join(_item(item) for item in value)
    if name.endswith("_value"):
        return value_words(code, Decimal(value)) if value_words else format_value(Decimal(value))
    return format_points(Decimal(value)) if name.endswith(("_points", "_total")) else str(value)


def _item(item: Any) -> str:
    """A record behind a value, without its key."""
    parts = item[1:] if isinstance(item, list) else [item]
    return ": ".join(str(part) for part in parts if part is not None)


_FINAL_TOTALS = ("base_points", "bonus_points", "penalty_points", "total_points")


def _stage_of(name: str) -> str:
    if name in _FINAL_TOTALS:
        return Stage.FINAL
    first = name.partition("_")[0]
    return first if first in Stage.values else ""
