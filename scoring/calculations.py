"""From points to totals, percentages, bands and ranks (domain.md 5.2, 5.4); from a value to points see `kinds`. Pure
arithmetic on Decimals; the database is not known here, and the only rounding is that of `lib/points`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cluster_app.lib.points import ratio, to_points
from scoring.enums import Section

ZERO = Decimal(0)
# The share of the maximum from which on a review counts as far from the claim.
FAR = Decimal("0.1")


@dataclass(frozen=True)
class Totals:
    """Sums of a card in one stage, in points; `penalty` is not above 0, `total` not below."""

    base: Decimal
    bonus: Decimal
    penalty: Decimal

    @property
    def total(self) -> Decimal:
        return max(ZERO, self.base + self.bonus + self.penalty)


def totals(points: Iterable[tuple[str, Decimal | None]], caps: Mapping[str, Decimal]) -> Totals:
    """Sums pairs of (section, points); unfilled lines count nothing.

    `caps` bounds the bonus and the penalty section, both as positive points (domain.md rule 16). Sums of rounded leaves
    are exact, so nothing is rounded here.
    """
    sums = dict.fromkeys(Section.values, Decimal("0.00"))
    for section, value in points:
        if value is not None:
            sums[section] += value
    bonus, penalty = sums[Section.BONUS], sums[Section.PENALTY]
    if Section.BONUS in caps:
        bonus = min(caps[Section.BONUS], bonus)
    if Section.PENALTY in caps:
        penalty = max(-caps[Section.PENALTY], penalty)
    return Totals(sums[Section.BASE], bonus, penalty)


def percent_of_assigned(totals_: Totals, assigned_maximum: Decimal, declared_total: Decimal) -> Decimal:
    """100 x base / assigned maximum + 100 x (bonus + penalty) / declared total, rounded once, not below 0
    (domain.md 5.2)."""
    base = ratio(100, totals_.base, assigned_maximum) if assigned_maximum else 0
    return max(ZERO, to_points(base + ratio(100, totals_.bonus + totals_.penalty, declared_total)))


def band_of(bands: Iterable[Mapping[str, str]], score: Decimal) -> str:
    """The name of the highest band whose lower bound `score` reaches; empty where there is none (domain.md 5.4)."""
    reached = [(Decimal(band["from"]), band["name"]) for band in bands if score >= Decimal(band["from"])]
    return max(reached)[1] if reached else ""


def standard_ranks(keys: Sequence[object]) -> list[int]:
    """Standard competition ranks (1, 2, 2, 4) of sort keys that are in their final order, best first."""
    ranks: list[int] = []
    for place, key in enumerate(keys):
        ranks.append(ranks[-1] if place and key == keys[place - 1] else place + 1)
    return ranks


def is_far(claimed: Decimal | None, reviewed: Decimal | None, maximum: Decimal | None) -> bool:
    """Whether the reviewed points lie more than a tenth of the maximum away from the claim (domain.md rule 22)."""
    if claimed is None or reviewed is None or not maximum:
        return False
    return abs(reviewed - claimed) > maximum * FAR
