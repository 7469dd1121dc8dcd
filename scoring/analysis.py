"""What each criterion distinguishes, once cards are reviewed: spread, how many reach the maximum, how often the review
corrected it (features.md E16). Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from members.models import EmulationYear
from scoring import queries
from scoring.calculations import ZERO
from scoring.enums import CardStatus, Section
from scoring.models import CriteriaSet, Criterion, Scorecard, ScoreLine
from scoring.sheets import tree_of
from scoring.spread import Spread, spread_of

# From this share of the lines on, in percent, a correction is the rule rather than the exception.
OFTEN_CORRECTED = 50
# Below this share of the maximum, in percent, a standard deviation hardly tells units apart.
HARDLY_DIFFERENT = 5
_REVIEWED = (CardStatus.REVIEWED, CardStatus.APPROVED)


@dataclass(frozen=True)
class Analysed:
    """One criterion over the units in good standing that it was assigned to. `corrected_points` is the sum of what the
    review took away or added, in points without sign; a value from records is never corrected."""

    criterion: Criterion
    spread: Spread | None
    at_maximum: int
    corrected: int
    corrected_points: Decimal

    @property
    def suggestions(self) -> list[str]:
        """What the figures suggest for the next set, in sentences; nothing where they suggest nothing."""
        if self.spread is None or self.spread.count < 2:
            return []
        found = [sentence] if (sentence := self._about_spread(self.spread)) else []
        if self.corrected * 100 >= OFTEN_CORRECTED * self.spread.count:
            found.append(_("Often corrected in review: word the criterion and its evidence more clearly."))
        return found

    def _about_spread(self, spread: Spread) -> str:
        section, maximum = self.criterion.section, self.criterion.max_points
        if section == Section.PENALTY:
            return _("No unit lost points: keep it only if it deters.") if not spread.least else ""
        if section == Section.BONUS and not spread.most:
            return _("No unit earned the bonus: consider dropping it or making it reachable.")
        if self.at_maximum == spread.count:
            return _("Every unit reaches the maximum: consider dropping it or raising the target.")
        if spread.is_flat:
            return _("Every unit has the same points: it tells nobody apart; consider finer levels.")
        if maximum and spread.deviation * 100 < HARDLY_DIFFERENT * maximum:
            return _("The units hardly differ: consider fewer points or a stricter target.")
        return ""


@dataclass(frozen=True)
class Analysis:
    """`unit_count` cards of units in good standing are reviewed, of `member_count` such units."""

    criteria_set: CriteriaSet
    criteria: list[Analysed]
    unit_count: int
    member_count: int

    @property
    def is_complete(self) -> bool:
        return self.unit_count == self.member_count


def analysis(year: EmulationYear) -> Analysis | None:
    """The figures of the year; None before a set is in force. Five queries, whatever the cluster's size."""
    criteria_set = queries.applied_set(year)
    if criteria_set is None:
        return None
    ranked = [member.pk for member in year.roster() if member.is_ranked]
    cards = Scorecard.objects.filter(membership__in=ranked, status__in=_REVIEWED, criteria_set=criteria_set)
    pks = list(cards.order_by("pk").values_list("pk", flat=True))
    lines: dict[int, list[ScoreLine]] = {}
    for line in ScoreLine.objects.filter(scorecard__in=pks, is_assigned=True).order_by("pk"):
        lines.setdefault(line.criterion_id, []).append(line)
    leaves = tree_of(criteria_set.pk).leaves()
    analysed = [_analysed(leaf, lines.get(leaf.pk, [])) for leaf in leaves]
    return Analysis(criteria_set, analysed, len(pks), len(ranked))


def _analysed(criterion: Criterion, lines: Sequence[ScoreLine]) -> Analysed:
    points = [line.final_points for line in lines if line.final_points is not None]
    corrected = [] if criterion.source else [line for line in lines if _is_corrected(line)]
    return Analysed(
        criterion=criterion,
        spread=spread_of(points),
        at_maximum=0 if criterion.section == Section.PENALTY else sum(one == criterion.max_points for one in points),
        corrected=len(corrected),
        corrected_points=sum((_correction(line) for line in corrected), Decimal("0.00")),
    )


def _is_corrected(line: ScoreLine) -> bool:
    return line.reviewed_value is not None and line.reviewed_value != line.self_value


def _correction(line: ScoreLine) -> Decimal:
    """What the review changed, without sign; a line that is compared has no points before the review."""
    if line.self_points is None or line.reviewed_points is None:
        return ZERO
    return abs(line.reviewed_points - line.self_points)
