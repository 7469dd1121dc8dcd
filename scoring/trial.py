"""A set of criteria tried on what the units reached last year: the ranking that would have come out. Reads only."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from cluster_app.lib.errors import Refused
from cluster_app.lib.points import percent
from members.enums import NotAssignedRule, RankingBasis, Standing
from members.models import EmulationYear, Membership
from scoring import calculations, queries, relative
from scoring.calculations import ZERO, Totals
from scoring.enums import CardStatus, CriterionKind, Section, SetStatus, Stage
from scoring.kinds import kind_of
from scoring.models import CriteriaSet, Criterion, Scorecard, ScoreLine, Target
from scoring.ranking import RankedUnit, placed
from scoring.ranking import ranking as real_ranking
from scoring.relative import Compared
from scoring.services.carrying import level_in
from scoring.services.criteria_sets import draft_of
from scoring.services.lines import points_if_not_assigned
from scoring.services.target_checks import MEASURED_KINDS
from scoring.sheets import Tree, tree_of
from scoring.spread import Spread, spread_of

_REVIEWED = (CardStatus.REVIEWED, CardStatus.APPROVED)


@dataclass(frozen=True)
class TriedUnit:
    """One unit of last year: as it would have been ranked, and its real rank. `covered_points` of the `largest_points`
    of the base sections could be scored; `coverage` is their percentage."""

    unit: RankedUnit
    last_rank: int | None
    last_total: Decimal | None
    covered_points: Decimal
    largest_points: Decimal

    @property
    def coverage(self) -> Decimal | None:
        return percent(self.covered_points, self.largest_points)

    @property
    def moved(self) -> int | None:
        """By how many places the unit would have been better (above 0) or worse; None without two ranks."""
        if self.unit.rank is None or self.last_rank is None:
            return None
        return self.last_rank - self.unit.rank


@dataclass(frozen=True)
class TriedCriterion:
    criterion: Criterion
    spread: Spread | None


@dataclass(frozen=True)
class LeftOut:
    """A criterion that could not be scored for some units, with the reason; `is_for_all` if for every unit."""

    code: str
    title: str
    reason: str
    units: tuple[Membership, ...]
    is_for_all: bool


@dataclass(frozen=True)
class Trial:
    criteria_set: CriteriaSet
    last_year: EmulationYear
    units: list[TriedUnit]
    criteria: list[TriedCriterion]
    left_out: list[LeftOut]


@dataclass
class _Try:
    """One unit while it is scored: its lines by criterion, and why some have no points."""

    card: Scorecard
    compared: dict[int, Compared] = field(default_factory=dict)
    points: dict[int, Decimal] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    not_assigned: set[int] = field(default_factory=set)


def trial_set(year: EmulationYear) -> CriteriaSet | None:
    """The set that is tried: the draft of the year, else the one in force."""
    return draft_of(year) or queries.applied_set(year)


def year_before(year: EmulationYear) -> EmulationYear | None:
    """The newest earlier year of the cluster."""
    earlier = EmulationYear.objects.filter(cluster=year.cluster_id, year__lt=year.year)
    return earlier.select_related("cluster", "rules").order_by("-year").first()


def trial(criteria_set: CriteriaSet, last_year: EmulationYear) -> Trial:
    """Scores the reviewed cards of `last_year`, value by value, with `criteria_set` and the rules of its own year.

    A value is taken over by the code of its criterion where the kind is the same. Units without a reviewed card take no
    part. The number of queries does not grow with units or criteria.
    """
    tree = tree_of(criteria_set.pk)
    leaves = tree.leaves()
    tries = _tries(last_year)
    _assign(criteria_set, tree, tries)
    _score(leaves, tries)
    rows = [_row(criteria_set, tree, leaves, one) for one in tries]
    return Trial(
        criteria_set,
        last_year,
        _units(criteria_set.year, last_year, leaves, tries, rows),
        [TriedCriterion(leaf, _spread(leaf, tries)) for leaf in leaves],
        _left_out(leaves, tries),
    )


def _tries(last_year: EmulationYear) -> list[_Try]:
    cards = Scorecard.objects.filter(membership__year=last_year, status__in=_REVIEWED)
    cards = cards.select_related("membership__unit").order_by("membership__protocol_order", "pk")
    return [_Try(card) for card in cards]


def _assign(criteria_set: CriteriaSet, tree: Tree, tries: Sequence[_Try]) -> None:
    """Gives every unit its lines: last year's value and this year's target, or the reason why there is none."""
    lines: dict[int, dict[str, ScoreLine]] = {one.card.pk: {} for one in tries}
    found = ScoreLine.objects.filter(scorecard__in=lines).select_related("criterion")
    for line in found.prefetch_related("criterion__levels").order_by("pk"):
        lines[line.scorecard_id][line.criterion.code] = line
    targets = _targets(criteria_set)
    leaves = tree.leaves()
    for one in tries:
        for leaf in leaves:
            target = targets.get((one.card.membership.unit_id, leaf.code))
            _take_over(one, tree, leaf, lines[one.card.pk].get(leaf.code), target)


def _targets(criteria_set: CriteriaSet) -> dict[tuple[int, str], Target]:
    """What is asked of units by the tried set, by unit and code. A draft beside the set in force takes over the targets
    of that one, so that these hold where it has none of its own."""
    of_sets = Q(criterion__criteria_set=criteria_set) | Q(criterion__criteria_set__status=SetStatus.APPLIED)
    found = Target.objects.filter(of_sets, membership__year=criteria_set.year_id)
    found = found.select_related("membership", "criterion", "pledge_item").order_by("pk")
    own_last = sorted(found, key=lambda target: target.criterion.criteria_set_id == criteria_set.pk)
    return {(target.membership.unit_id, target.criterion.code): target for target in own_last}


def _take_over(one: _Try, tree: Tree, leaf: Criterion, old: ScoreLine | None, target: Target | None) -> None:
    if target is not None and not target.is_assigned:
        one.not_assigned.add(leaf.pk)
        return
    amount = None
    if target is not None:
        amount = target.pledge_item.target_value if target.pledge_item else target.value
    rule = tree.rule(leaf.pk, amount)
    reason = _reason(leaf, old, has_target=rule.target is not None)
    value = old.final_value if old is not None else None
    if reason or old is None or value is None:
        one.reasons[leaf.pk] = reason
        return
    try:
        value = _value_now(leaf, old.criterion, value)
        kind_of(rule).check_value(rule, value)
    except Refused as refused:
        one.reasons[leaf.pk] = _("last year's value is not admitted: %(why)s") % {"why": refused.message}
        return
    line = ScoreLine(criterion=leaf, section=leaf.section, max_points=leaf.max_points, final_value=value)
    one.compared[leaf.pk] = Compared(line, tree, rule, one.card.membership.standing == Standing.GOOD)


def _reason(leaf: Criterion, old: ScoreLine | None, *, has_target: bool) -> str:
    """Why a criterion cannot be scored with last year's line; empty if it can."""
    if old is None:
        return _("no criterion with this code last year")
    if old.criterion.kind != leaf.kind:
        return _("last year it was of another kind: %(kind)s") % {"kind": old.criterion.get_kind_display()}
    if not old.is_assigned:
        return _("not assigned last year")
    if old.final_value is None:
        return _("no value last year")
    if leaf.kind in MEASURED_KINDS and not has_target:
        return _("no target this year")
    return ""


def _value_now(leaf: Criterion, old: Criterion, value: Decimal) -> Decimal:
    """Last year's value under this year's criterion: a level is found again by its label. Raises Refused."""
    if leaf.kind != CriterionKind.LEVELS:
        return value
    found = level_in(leaf, old, value)
    if found is None:
        label = next((level.label for level in old.levels.all() if level.position == value), "")
        raise Refused(_("The criterion has not exactly one level “%(label)s”.") % {"label": label})
    return found


def _score(leaves: Sequence[Criterion], tries: Sequence[_Try]) -> None:
    """Points of all units at once: some kinds compare the units."""
    peers = relative.peers_of([line for one in tries for line in one.compared.values()], Stage.FINAL)
    for one in tries:
        for pk, compared in one.compared.items():
            points = compared.points(Stage.FINAL, peers)
            if points is not None:
                one.points[pk] = points


def _row(criteria_set: CriteriaSet, tree: Tree, leaves: Sequence[Criterion], one: _Try) -> RankedUnit:
    """The unit as it would stand, not ranked yet; its card is never stored."""
    rules = criteria_set.year.rules
    points = dict(one.points)
    for leaf in leaves:
        if leaf.pk in one.not_assigned:
            line = ScoreLine(section=leaf.section, max_points=leaf.max_points)
            points[leaf.pk] = points_if_not_assigned(line, rules.not_assigned)
    totals = calculations.totals([(leaf.section, points.get(leaf.pk)) for leaf in leaves], tree.caps())
    is_left_out = rules.not_assigned == NotAssignedRule.EXCLUDED
    counted = [leaf for leaf in leaves if not (is_left_out and leaf.pk in one.not_assigned)]
    share = calculations.percent_of_assigned(totals, _base_maximum(counted), criteria_set.declared_total)
    score = share if rules.ranking_basis == RankingBasis.PERCENT else totals.total
    membership = one.card.membership
    return RankedUnit(
        membership,
        _card(one.card, totals),
        _sections(tree, points),
        share,
        band=calculations.band_of(rules.bands, score) if membership.is_ranked else "",
    )


def _card(last: Scorecard, totals: Totals) -> Scorecard:
    return Scorecard(
        membership=last.membership,
        submitted_at=last.submitted_at,
        base_points=totals.base,
        bonus_points=totals.bonus,
        penalty_points=totals.penalty,
        total_points=totals.total,
    )


def _sections(tree: Tree, points: Mapping[int, Decimal]) -> dict[str, Decimal]:
    """The points of every top group, within its cap; tie-breaks ask for them."""
    found = {}
    for root in tree.roots():
        value = sum((points.get(leaf.pk, ZERO) for leaf in tree.leaves_under(root)), Decimal("0.00"))
        if root.section != Section.BASE and root.max_points is not None:
            value = max(-root.max_points, min(root.max_points, value))
        found[root.code] = value
    return found


def _base_maximum(leaves: Iterable[Criterion]) -> Decimal:
    return sum((leaf.max_points or ZERO for leaf in leaves if leaf.section == Section.BASE), ZERO)


def _units(
    year: EmulationYear,
    last_year: EmulationYear,
    leaves: Sequence[Criterion],
    tries: Sequence[_Try],
    rows: Sequence[RankedUnit],
) -> list[TriedUnit]:
    real = {row.membership.pk: row for row in real_ranking(last_year).rows}
    by_membership = {one.card.membership_id: one for one in tries}
    ranked = placed(year, [row for row in rows if row.membership.is_ranked])
    found = []
    for row in [*ranked, *(row for row in rows if not row.membership.is_ranked)]:
        one, last = by_membership[row.membership.pk], real[row.membership.pk]
        assigned = [leaf for leaf in leaves if leaf.pk not in one.not_assigned]
        covered = _base_maximum(leaf for leaf in assigned if leaf.pk in one.points)
        found.append(TriedUnit(row, last.rank, last.total, covered, _base_maximum(assigned)))
    return found


def _spread(leaf: Criterion, tries: Iterable[_Try]) -> Spread | None:
    return spread_of([one.points[leaf.pk] for one in tries if leaf.pk in one.points])


def _left_out(leaves: Sequence[Criterion], tries: Sequence[_Try]) -> list[LeftOut]:
    found = []
    for leaf in leaves:
        by_reason: dict[str, list[Membership]] = {}
        for one in tries:
            if leaf.pk in one.reasons:
                by_reason.setdefault(one.reasons[leaf.pk], []).append(one.card.membership)
        for reason, units in by_reason.items():
            found.append(LeftOut(leaf.code, leaf.title, reason, tuple(units), len(units) == len(tries)))
    return found
