"""What papers rest on: the papers of the cluster, and the law in force on the day (domain.md rule 30)."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from cluster_app.lib.wording import date_short
from members.models import EmulationYear

_FILE = Path(__file__).parent / "data" / "legal_bases.json"


@dataclass(frozen=True)
class LegalBasis:
    text: str
    valid_from: date
    valid_to: date | None
    source: str
    is_verified: bool

    def is_in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@cache
def legal_bases() -> tuple[LegalBasis, ...]:
    """Every known legal basis, with its days and its source."""
    rows = json.loads(_FILE.read_text(encoding="utf-8"))["rows"]
    return tuple(
        LegalBasis(
            text=row["text"],
            valid_from=date.fromisoformat(row["from"]),
            valid_to=date.fromisoformat(row["to"]) if row["to"] else None,
            source=row["source"],
            is_verified=row["verified"],
        )
        for row in rows
    )


def in_force(day: date) -> list[LegalBasis]:
    return [basis for basis in legal_bases() if basis.is_in_force(day)]


@dataclass(frozen=True)
class Ground:
    """A paper of the cluster that others rest on, as they name it; `day` is None where the year does not know it."""

    text: str
    day: date | None


def of_year(year: EmulationYear, *, with_plan: bool = True) -> list[Ground]:
    """The cluster's own papers that a paper of the year rests on; what the year does not know is left out."""
    plan = (year.plan_number, year.plan_on) if with_plan else ("", None)
    about_plan = f"về công tác thi đua, khen thưởng năm {year.year}"
    found = (
        ("Quyết định", (year.cluster.founding_number, year.cluster.founded_on), f"về việc thành lập {year.cluster}"),
        ("Quy chế", (year.regulation_number, year.regulation_on), f"về hoạt động của {year.cluster}"),
        ("Kế hoạch", plan, about_plan),
    )
    return [
        Ground(f"{what} số {number}{f' ngày {date_short(day)}' if day else ''} {about}", day)
        for what, (number, day), about in found
        if number
    ]
