"""Ranking and matrix as tables of ready strings, for the pages and for the papers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, reduce
from operator import add

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cluster_app.lib.points import NO_FIGURE, format_percent, format_points
from members.enums import RankingBasis
from members.models import EmulationYear, Membership, User
from scoring import permissions
from scoring.enums import CardStatus, Section
from scoring.models import Criterion, Scorecard, ScoreLine
from scoring.queries import cards_of
from scoring.ranking import RankedUnit, Ranking
from scoring.sheet_rows import value_text, with_mark
from scoring.sheets import Tree, rule_of, targets_of, tree_in_force

# From this share of the maximum on, in percent: the shade of a cell of the matrix. Figures stand in every cell.
_SHADES = ((100, "heat-5"), (85, "heat-4"), (70, "heat-3"), (50, "heat-2"), (0, "heat-1"))


@dataclass(frozen=True)
class Labelled:
    """A cell that says on a phone, where the head of the table is gone, what it is."""

    label: str
    text: str


@dataclass(frozen=True)
class ResultRow:
    """One unit of the ranking. `note` says what broke a tie, or why the unit is not ranked."""

    membership: Membership
    rank: str
    sections: tuple[Labelled, ...]
    base: str
    bonus: str
    penalty: str
    total: str
    percent: str
    gap: str
    band: str
    note: str

    @property
    def is_first(self) -> bool:
        return self.rank == "1"


@dataclass(frozen=True)
class Results:
    """The ranking as a table; `sections` are the base sections, each a column."""

    sections: list[Criterion]
    rows: list[ResultRow]
    shows_percent: bool
    is_provisional: bool


@dataclass(frozen=True)
class Cell:
    text: str
    css: str


@dataclass(frozen=True)
class MatrixRow:
    """One criterion; its cells, of which there are a thousand on the page, are drawn already."""

    code: str
    title: str
    maximum: str
    is_group: bool
    cells: SafeString


@dataclass(frozen=True)
class Matrix:
    cards: list[Scorecard]
    rows: list[MatrixRow]


@dataclass(frozen=True)
class Compared:
    """One unit's line of a criterion, beside those of the other units."""

    card: Scorecard
    self_value: str
    self_points: str
    self_note: str
    reviewed_value: str
    reviewed_points: str
    reviewed_reason: str
    final_points: str


def results_table(ranking: Ranking) -> Results:
    """The ranking, row by row as it is ordered, in words and figures as people read them."""
    sections = [root for root in ranking.sections if root.section == Section.BASE]
    return Results(
        sections=sections,
        rows=[_result_row(row, sections) for row in ranking.rows],
        shows_percent=ranking.basis == RankingBasis.PERCENT,
        is_provisional=ranking.is_provisional,
    )


def results_status(year: EmulationYear, results: Results) -> dict[str, str]:
    """What the badge beside the ranking says of it."""
    if year.is_published:
        return {"css": "published", "label": _("Published")}
    if results.is_provisional:
        return {"css": "provisional", "label": _("Provisional")}
    return {"css": "info", "label": _("Every card is approved; not published yet")}


def _result_row(row: RankedUnit, sections: list[Criterion]) -> ResultRow:
    card = row.card
    return ResultRow(
        membership=row.membership,
        rank=NO_FIGURE if row.rank is None else str(row.rank),
        sections=tuple(Labelled(one.code, format_points(row.sections.get(one.code))) for one in sections),
        base=format_points(card.base_points if card else None),
        bonus=format_points(card.bonus_points if card else None),
        penalty=format_points(card.penalty_points if card else None),
        total=format_points(row.total),
        percent=format_percent(row.percent),
        gap=NO_FIGURE if row.gap is None else format_points(row.gap),
        band=row.band or NO_FIGURE,
        note=row.tie_note or _why_unranked(row),
    )


def _why_unranked(row: RankedUnit) -> str:
    membership = row.membership
    if not membership.is_ranked:
        return f"{membership.get_standing_display()}: {membership.standing_reason}"
    if row.rank is None:
        status = CardStatus(row.card.status).label if row.card else _("Not open yet")
        return _("No final score yet: %(status)s") % {"status": status}
    return ""


def matrix(user: User, year: EmulationYear) -> Matrix:
    """Units beside each other, criteria below each other, with the newest points of every card this person may see."""
    every_card = cards_of(year)
    permissions.note_submitted(year, {card.membership_id for card in every_card if card.submitted_at is not None})
    cards = [card for card in every_card if permissions.can_see(user, card)]
    if not cards:
        return Matrix([], [])
    points = _newest_points(cards)
    tree = tree_in_force(every_card[0].criteria_set_id)
    return Matrix(cards, [_matrix_row(criterion, tree, cards, points) for _depth, criterion in tree.walk()])


def _matrix_row(
    criterion: Criterion, tree: Tree, cards: list[Scorecard], points: Mapping[int, Mapping[int, Decimal | None]]
) -> MatrixRow:
    pks = [leaf.pk for leaf in tree.leaves_under(criterion)]
    figures = [_sum(points[card.pk], pks) for card in cards]
    bounds = _bounds(criterion)
    drawn = {figure: _cell(_shade(criterion, figure, bounds), format_points(figure)) for figure in set(figures)}
    return MatrixRow(
        code=criterion.code,
        title=criterion.title,
        maximum=format_points(criterion.max_points),
        is_group=not criterion.is_leaf,
        cells=reduce(add, (drawn[figure] for figure in figures)),
    )


@lru_cache(maxsize=4096)
def _cell(css: str, text: str) -> SafeString:
    """The same few hundred cells fill every matrix."""
    return format_html('<td class="num {}">{}</td>', css, text)


def _newest_points(cards: Iterable[Scorecard]) -> dict[int, dict[int, Decimal | None]]:
    """Points by card and criterion: final ones where there are any, else what the unit submitted. One query."""
    found: dict[int, dict[int, Decimal | None]] = {card.pk: {} for card in cards}
    submitted = [card.pk for card in cards if card.submitted_at is not None]
    lines = ScoreLine.objects.filter(scorecard__in=submitted)
    for card, criterion, self_points, final_points in lines.values_list(
        "scorecard_id", "criterion_id", "self_points", "final_points"
    ):
        found[card][criterion] = self_points if final_points is None else final_points
    return found


def _sum(points: Mapping[int, Decimal | None], pks: list[int]) -> Decimal | None:
    if len(pks) == 1:
        return points.get(pks[0])
    values = [value for pk in pks if (value := points.get(pk)) is not None]
    return sum(values, Decimal("0.00")) if values else None


def legend() -> list[Cell]:
    """What the shades of the matrix mean."""
    text = _("from %(percent)d%% of the maximum")
    named = [Cell(text % {"percent": bound}, css) for bound, css in _SHADES[:-1]]
    return [*named, Cell(_("less, or a penalty"), _SHADES[-1][1])]


def _bounds(criterion: Criterion) -> list[tuple[Decimal, str]]:
    """From how many points on a cell has which shade, the most first."""
    return [] if criterion.max_points is None else [(criterion.max_points * bound / 100, css) for bound, css in _SHADES]


def _shade(criterion: Criterion, points: Decimal | None, bounds: list[tuple[Decimal, str]]) -> str:
    """The share of the maximum as one of five shades; a penalty is the lowest, no bonus is no shade at all."""
    if points is None or not criterion.is_leaf or (criterion.section == Section.BONUS and not points):
        return "heat-0"
    if criterion.section == Section.PENALTY or not bounds:
        return "heat-1" if points else "heat-0"
    return next(css for bound, css in bounds if points >= bound)


def compared(user: User, year: EmulationYear, criterion: Criterion) -> list[Compared]:
    """What every unit this person may see claims for one criterion, and what the review made of it. Three queries."""
    cards = {card.pk: card for card in cards_of(year) if card.submitted_at and permissions.can_see(user, card)}
    targets = targets_of(criterion)
    lines = {line.scorecard_id: line for line in criterion.lines.filter(scorecard__in=cards)}
    return [_compared(card, lines[pk], criterion, targets.get(card.membership_id)) for pk, card in cards.items()]


def _compared(card: Scorecard, line: ScoreLine, criterion: Criterion, target: Decimal | None) -> Compared:
    rule = rule_of(criterion, target)
    return Compared(
        card=card,
        self_value=with_mark(value_text(rule, criterion, line.self_value), line),
        self_points=format_points(line.self_points),
        self_note=line.self_note or line.not_assigned_reason,
        reviewed_value=value_text(rule, criterion, line.reviewed_value),
        reviewed_points=format_points(line.reviewed_points),
        reviewed_reason=line.reviewed_reason,
        final_points=format_points(line.final_points),
    )
