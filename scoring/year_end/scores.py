"""The ranking as the table that is printed: points by column, and what is said of each column as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from cluster_app.lib.points import average
from members.calculations import late_days
from members.enums import DeadlineStep, RankingBasis
from members.models import EmulationYear
from members.queries import Due, due_for
from scoring.enums import Section
from scoring.models import Criterion
from scoring.ranking import RankedUnit, Ranking

SELF, REVIEWED, BASE, BONUS, PENALTY, TOTAL = "self", "reviewed", "base", "bonus", "penalty", "total"


@dataclass(frozen=True)
class Spread:
    """What is said of a column: over the units in good standing that have a figure in it."""

    count: int
    sum: Decimal
    average: Decimal
    highest: Decimal
    lowest: Decimal


@dataclass(frozen=True)
class ScoreRow:
    """The figures of a unit; `due` is its last moment to submit, `late_days` how much later it did."""

    unit: RankedUnit
    points: Mapping[str, Decimal | None]
    due: Due | None = None
    late_days: int = 0

    @property
    def total(self) -> Decimal | None:
        return self.points[TOTAL]


@dataclass(frozen=True)
class ScoreTable:
    """`columns` are keys into the rows' points and into `spreads`: those of the sections are their codes."""

    year: EmulationYear
    by_percent: bool
    sections: tuple[Criterion, ...]
    columns: tuple[str, ...]
    rows: tuple[ScoreRow, ...]
    spreads: Mapping[str, Spread | None]
    is_provisional: bool

    @property
    def total(self) -> Spread | None:
        return self.spreads[TOTAL]

    @property
    def scored(self) -> list[ScoreRow]:
        """The units in good standing whose total is known, best first."""
        return [row for row in self.rows if row.unit.membership.is_ranked and row.total is not None]


def score_table(ranking: Ranking) -> ScoreTable:
    sections = tuple(root for root in ranking.sections if root.section == Section.BASE)
    codes = tuple(section.code for section in sections)
    columns = (SELF, REVIEWED, *codes, BASE, BONUS, PENALTY, TOTAL)
    rows = tuple(_row(unit, codes, ranking.year) for unit in ranking.rows)
    counted = [row for row in rows if row.unit.membership.is_ranked]
    spreads = {column: _spread([row.points[column] for row in counted]) for column in columns}
    by_percent = ranking.basis == RankingBasis.PERCENT
    return ScoreTable(ranking.year, by_percent, sections, columns, rows, spreads, ranking.is_provisional)


def _row(unit: RankedUnit, codes: tuple[str, ...], year: EmulationYear) -> ScoreRow:
    due = due_for(year, DeadlineStep.SELF_SCORING, unit.membership)
    submitted_at = unit.card.submitted_at if unit.card else None
    days = late_days(due.due_at, submitted_at) if due and submitted_at else 0
    return ScoreRow(unit, _points(unit, codes), due, days)


def _points(unit: RankedUnit, codes: tuple[str, ...]) -> dict[str, Decimal | None]:
    """The same figures as in `scoring.results`: what a unit claims is nobody's affair before it is handed in."""
    card = unit.card
    of_sections = {code: unit.sections.get(code) for code in codes}
    if card is None:
        return of_sections | dict.fromkeys((SELF, REVIEWED, BASE, BONUS, PENALTY, TOTAL))
    return of_sections | {
        SELF: card.self_total if card.submitted_at is not None else None,
        REVIEWED: card.reviewed_total,
        BASE: card.base_points,
        BONUS: card.bonus_points,
        PENALTY: card.penalty_points,
        TOTAL: card.total_points,
    }


def _spread(values: list[Decimal | None]) -> Spread | None:
    known = [value for value in values if value is not None]
    mean = average(known)
    if mean is None:
        return None
    return Spread(len(known), sum(known, Decimal("0.00")), mean, max(known), min(known))
