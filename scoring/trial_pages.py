"""Trial and analysis as tables of ready strings, for the pages and for the paper."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cluster_app.lib.points import NO_FIGURE, format_percent, format_points
from members.enums import RankingBasis
from members.models import Membership
from scoring.analysis import Analysed, Analysis
from scoring.spread import Spread
from scoring.trial import LeftOut, Trial, TriedUnit


@dataclass(frozen=True)
class UnitRow:
    membership: Membership
    rank: str
    last_rank: str
    moved: str
    total: str
    last_total: str
    percent: str
    coverage: str
    covered: str
    note: str


@dataclass(frozen=True)
class SpreadRow:
    """One criterion; `is_flat` marks variance 0."""

    code: str
    title: str
    maximum: str
    count: str
    least: str
    mean: str
    most: str
    deviation: str
    is_flat: bool = False
    at_maximum: str = ""
    corrected: str = ""
    corrected_points: str = ""
    suggestion: str = ""


@dataclass(frozen=True)
class LeftOutRow:
    code: str
    title: str
    reason: str
    units: str


def trial_page(found: Trial) -> dict[str, object]:
    """What the page of a trial shows."""
    return {
        "trial": found,
        "shows_percent": found.criteria_set.year.rules.ranking_basis == RankingBasis.PERCENT,
        "units": [_unit_row(one) for one in found.units],
        "criteria": [_spread_row(one.criterion, one.spread) for one in found.criteria],
        "left_out": [_left_out_row(one) for one in found.left_out],
        "flat_count": sum(one.spread is not None and one.spread.is_flat for one in found.criteria),
    }


def analysis_rows(found: Analysis) -> list[SpreadRow]:
    """One row a criterion, in printed order."""
    return [_analysed_row(one) for one in found.criteria]


def _unit_row(one: TriedUnit) -> UnitRow:
    row = one.unit
    return UnitRow(
        membership=row.membership,
        rank=_rank(row.rank),
        last_rank=_rank(one.last_rank),
        moved=_moved(one.moved),
        total=format_points(row.total),
        last_total=format_points(one.last_total),
        percent=format_percent(row.percent),
        coverage=format_percent(one.coverage),
        covered=f"{format_points(one.covered_points)} / {format_points(one.largest_points)}",
        note=row.tie_note or (row.membership.get_standing_display() if not row.membership.is_ranked else ""),
    )


def _rank(rank: int | None) -> str:
    return NO_FIGURE if rank is None else str(rank)


def _moved(places: int | None) -> str:
    """A shape and a number; the colour is not needed."""
    if not places:
        return NO_FIGURE if places is None else "="
    return f"▲ {places}" if places > 0 else f"▼ {-places}"


def _spread_row(criterion, spread: Spread | None, **more: str) -> SpreadRow:
    return SpreadRow(
        code=criterion.code,
        title=criterion.title,
        maximum=format_points(criterion.max_points),
        count=str(spread.count if spread else 0),
        least=format_points(spread.least if spread else None),
        mean=format_points(spread.mean if spread else None),
        most=format_points(spread.most if spread else None),
        deviation=format_points(spread.deviation if spread else None),
        is_flat=spread is not None and spread.is_flat,
        **more,
    )


def _analysed_row(one: Analysed) -> SpreadRow:
    return _spread_row(
        one.criterion,
        one.spread,
        at_maximum=str(one.at_maximum),
        corrected=NO_FIGURE if one.criterion.source else str(one.corrected),
        corrected_points=NO_FIGURE if one.criterion.source else format_points(one.corrected_points),
        suggestion=" ".join(one.suggestions),
    )


def _left_out_row(one: LeftOut) -> LeftOutRow:
    return LeftOutRow(one.code, one.title, one.reason, _("every unit") if one.is_for_all else _names(one.units))


def _names(units: Iterable[Membership]) -> str:
    return ", ".join(unit.short_name for unit in units)
