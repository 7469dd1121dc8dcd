"""What exactly was approved or published: canonical text and its digest."""

import hashlib

from cluster_app.audit.rows import canonical
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
                | _records(sheet, line)
                for line in sheet.lines
            ],
        }
    )


def _records(sheet: Sheet, line: ScoreLine) -> dict[str, object]:
    """The records behind a fed line; nothing for a typed one."""
    found = sheet.records.get(line.pk)
    return {"records": [[one.key, one.text, _text(one.amount)] for one in found]} if found else {}


def digest(snapshot: str) -> str:
    """SHA-256 of a snapshot, as hexadecimal text."""
    return hashlib.sha256(snapshot.encode()).hexdigest()


def _text(value: object) -> str | None:
    return None if value is None else str(value)
