"""The results of a year as plain data, for `export_results` and for the snapshot of a publication."""

from decimal import Decimal

from members.models import EmulationYear
from scoring.enums import CardStatus
from scoring.ranking import RankedUnit, ranking

PUBLISHED, PROVISIONAL = "published", "provisional"


def results(year: EmulationYear) -> dict[str, object]:
    """Cluster, year, status and one entry a unit in ranking order; points as text with two decimals, None where not
    yet known."""
    return {
        "cluster": year.cluster.slug,
        "year": year.year,
        "status": PUBLISHED if year.is_published else PROVISIONAL,
        "units": [_unit(row) for row in ranking(year).rows],
    }


def _unit(row: RankedUnit) -> dict[str, object]:
    card, membership = row.card, row.membership
    return {
        "code": membership.unit.code,
        "name": membership.name,
        "role": membership.role,
        "status": card.status if card else CardStatus.DRAFT.value,
        "self": _text(card.self_total) if card and card.submitted_at else None,
        "reviewed": _text(card.reviewed_total) if card else None,
        "base": _text(card.base_points) if card else None,
        "bonus": _text(card.bonus_points) if card else None,
        "penalty": _text(card.penalty_points) if card else None,
        "total": _text(card.total_points) if card else None,
        "rank": row.rank,
        "band": row.band or None,
        "standing": membership.standing,
    }


def _text(points: Decimal | None) -> str | None:
    return None if points is None else f"{points:.2f}"
