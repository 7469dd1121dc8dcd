"""The only place that orders units. Screen, print, JSON and the conference all call `ranking`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, Func, Q, Sum
from django.db.models.functions import Abs, Coalesce
from django.utils.translation import gettext as _

from cluster_app.lib.points import format_points
from members.enums import NotAssignedRule, RankingBasis
from members.models import EmulationYear, Membership
from members.validators import EARLIEST_SUBMISSION, FEWEST_PENALTY_POINTS, SECTION_PREFIX, SMALLEST_CORRECTION
from scoring import calculations
from scoring.calculations import Totals
from scoring.enums import CardStatus, Section
from scoring.models import Criterion, Scorecard, ScoreLine
from scoring.sheets import tree_in_force

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class RankedUnit:
    """One row of the ranking, in points. `rank` is None for a unit that is not ranked, or has no final score yet."""

    membership: Membership
    card: Scorecard | None
    sections: Mapping[str, Decimal] = field(default_factory=dict)
    percent: Decimal | None = None
    correction: Decimal = calculations.ZERO
    rank: int | None = None
    band: str = ""
    gap: Decimal | None = None
    tie_note: str = ""

    @property
    def total(self) -> Decimal | None:
        return self.card.total_points if self.card else None


@dataclass(frozen=True)
class Ranking:
    """The units of a year, best first, unranked ones last in protocol order."""

    year: EmulationYear
    basis: str
    sections: list[Criterion]
    rows: list[RankedUnit]
    is_provisional: bool


@dataclass(frozen=True)
class _Figures:
    """What a ranked unit is compared by."""

    row: RankedUnit
    score: Decimal


def ranking(year: EmulationYear) -> Ranking:
    """Ranks the units of `year` by its rules: standard competition ranks, then the ordered tie-breaks
    (domain.md 5.4, rule 23). Provisional until the card of every unit in good standing is approved.
    """
    cards = {
        card.membership_id: card
        for card in Scorecard.objects.filter(membership__year=year).select_related("criteria_set").order_by("pk")
    }
    roots = _roots(next((card.criteria_set_id for card in cards.values()), None))
    sums = _sums(year, [card.pk for card in cards.values()], roots)
    rows = []
    for membership in year.roster():
        card = cards.get(membership.pk)
        sums_of_card = sums.get(card.pk) if card else None
        rows.append(_unranked(year, membership, card, sums_of_card))
    ranked = placed(year, [row for row in rows if row.membership.is_ranked and row.total is not None])
    others = [row for row in rows if not row.membership.is_ranked or row.total is None]
    is_provisional = any(
        membership.is_ranked and (membership.pk not in cards or cards[membership.pk].status != CardStatus.APPROVED)
        for membership in year.roster()
    )
    sections = [root for pk, root in roots.items() if root.pk == pk]
    return Ranking(year, year.rules.ranking_basis, sections, ranked + others, is_provisional)


@dataclass
class _Sums:
    sections: dict[str, Decimal] = field(default_factory=dict)
    correction: Decimal = calculations.ZERO
    assigned_maximum: Decimal = calculations.ZERO


def _roots(criteria_set_pk: int | None) -> dict[int, Criterion]:
    """The top group of every group, itself among them, in printed order. A leaf without a group is its own."""
    if criteria_set_pk is None:
        return {}
    tree = tree_in_force(criteria_set_pk)
    return {node.pk: _root_of(node, tree.by_pk) for node in tree.criteria if not node.is_leaf or node.parent_id is None}


def _root_of(node: Criterion, by_pk: Mapping[int, Criterion]) -> Criterion:
    return node if node.parent_id is None else _root_of(by_pk[node.parent_id], by_pk)


def _sums(year: EmulationYear, cards: Sequence[int], roots: Mapping[int, Criterion]) -> dict[int, _Sums]:
    """Sums of the final stage by card, added up in the database by group of leaves, in whole hundredths: SQLite would
    add the points themselves in binary. A line without self-scored points was compared, not corrected."""
    is_counted = Q(section=Section.BASE)
    if year.rules.not_assigned == NotAssignedRule.EXCLUDED:
        is_counted &= Q(is_assigned=True)
    lines = (
        ScoreLine.objects.filter(scorecard__in=cards, final_points__isnull=False)
        .order_by()
        .values_list("scorecard_id", Coalesce("criterion__parent_id", "criterion_id"))
        .annotate(
            total=Sum(_Hundredths("final_points")),
            corrected=Sum(Abs(_Hundredths("self_points") - _Hundredths("final_points"))),
            maximum=Sum(_Hundredths("max_points"), filter=is_counted),
        )
    )
    sums: dict[int, _Sums] = {}
    for card, group, points, corrected, maximum in lines:
        of_card = sums.setdefault(card, _Sums())
        code = roots[group].code
        of_card.sections[code] = of_card.sections.get(code, Decimal("0.00")) + _points(points)
        of_card.correction += _points(corrected)
        of_card.assigned_maximum += _points(maximum)
    for of_card in sums.values():
        _cap(of_card, roots)
    return sums


class _Hundredths(Func):
    """A column of points as a whole number. Points have two places, so rounding gives back what SQLite keeps in binary;
    none stay none, which no sum counts."""

    template = "CAST(ROUND(%(expressions)s * 100) AS BIGINT)"
    arity = 1
    output_field = BigIntegerField()


def _points(hundredths: int | None) -> Decimal:
    return Decimal(hundredths or 0).scaleb(-2)


def _cap(of_card: _Sums, roots: Mapping[int, Criterion]) -> None:
    for root in set(roots.values()):
        if root.section != Section.BASE and root.max_points is not None and root.code in of_card.sections:
            value = of_card.sections[root.code]
            of_card.sections[root.code] = max(-root.max_points, min(root.max_points, value))


def _unranked(year: EmulationYear, membership: Membership, card: Scorecard | None, sums: _Sums | None) -> RankedUnit:
    if card is None or card.total_points is None or sums is None:
        return RankedUnit(membership, card)
    totals = Totals(card.base_points, card.bonus_points, card.penalty_points)
    percent = calculations.percent_of_assigned(totals, sums.assigned_maximum, card.criteria_set.declared_total)
    score = percent if year.rules.ranking_basis == RankingBasis.PERCENT else card.total_points
    return RankedUnit(
        membership,
        card,
        sums.sections,
        percent,
        sums.correction,
        band=calculations.band_of(year.rules.bands, score) if membership.is_ranked else "",
    )


def placed(year: EmulationYear, rows: list[RankedUnit]) -> list[RankedUnit]:
    """The rows of units with a score in the order of the year's rules, with rank, gap and what decided a tie."""
    by_percent = year.rules.ranking_basis == RankingBasis.PERCENT
    figures = [_Figures(row, (row.percent if by_percent else row.total) or calculations.ZERO) for row in rows]
    tie_breaks = list(year.rules.tie_breaks)

    def key(one: _Figures) -> tuple:
        return (-one.score, *(_comparison(name)(one.row) for name in tie_breaks))

    figures.sort(key=lambda one: (key(one), one.row.membership.protocol_order, one.row.membership.pk))
    ranks = calculations.standard_ranks([key(one) for one in figures])
    ranked = []
    for place, (one, rank) in enumerate(zip(figures, ranks, strict=True)):
        previous = figures[place - 1] if place else None
        following = figures[place + 1] if place + 1 < len(figures) else None
        ranked.append(
            RankedUnit(
                one.row.membership,
                one.row.card,
                one.row.sections,
                one.row.percent,
                one.row.correction,
                rank=rank,
                band=one.row.band,
                gap=previous.score - one.score if previous else None,
                tie_note=_tie_note(one, previous, following, tie_breaks),
            )
        )
    return ranked


def _comparison(name: str) -> Callable[[RankedUnit], Any]:
    """What a tie-break compares; smaller is better."""
    if name.startswith(SECTION_PREFIX):
        code = name.removeprefix(SECTION_PREFIX)
        return lambda row: -row.sections.get(code, calculations.ZERO)
    return {
        FEWEST_PENALTY_POINTS: lambda row: -row.card.penalty_points,
        SMALLEST_CORRECTION: lambda row: row.correction,
        EARLIEST_SUBMISSION: lambda row: row.card.submitted_at or _NEVER,
    }[name]


def _tie_note(one: _Figures, previous: _Figures | None, following: _Figures | None, tie_breaks: list[str]) -> str:
    """Says what decided between this unit and a neighbour with the same score; empty if there is none."""
    for neighbour in (previous, following):
        if neighbour is None or neighbour.score != one.score:
            continue
        for name in tie_breaks:
            own, other = _comparison(name)(one.row), _comparison(name)(neighbour.row)
            if own != other:
                return _sentence(name, one.row, neighbour.row, is_better=own < other)
        return _("Equal to %(unit)s in every tie-break.") % {"unit": neighbour.row.membership.name}
    return ""


def _sentence(name: str, row: RankedUnit, neighbour: RankedUnit, *, is_better: bool) -> str:
    values = {"unit": neighbour.membership.name}
    if name.startswith(SECTION_PREFIX):
        code = name.removeprefix(SECTION_PREFIX)
        values |= {
            "code": code,
            "own": format_points(row.sections.get(code)),
            "other": format_points(neighbour.sections.get(code)),
        }
        text = (
            _("Same total as %(unit)s; ahead by section %(code)s: %(own)s against %(other)s.")
            if is_better
            else _("Same total as %(unit)s; behind by section %(code)s: %(own)s against %(other)s.")
        )
    elif name == FEWEST_PENALTY_POINTS:
        text = (
            _("Same total as %(unit)s; ahead by fewer penalty points.")
            if is_better
            else _("Same total as %(unit)s; behind by more penalty points.")
        )
    elif name == SMALLEST_CORRECTION:
        text = (
            _("Same total as %(unit)s; ahead by the smaller correction in review.")
            if is_better
            else _("Same total as %(unit)s; behind by the larger correction in review.")
        )
    else:
        text = (
            _("Same total as %(unit)s; ahead by the earlier submission.")
            if is_better
            else _("Same total as %(unit)s; behind by the later submission.")
        )
    return text % values
