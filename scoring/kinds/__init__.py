"""Kinds of criteria as strategies: `kind_of(rule)` gives the one that scores a rule."""

from collections.abc import Mapping

from scoring.enums import CriterionKind
from scoring.kinds.base import Band, Kind, Peers, Rule, Score
from scoring.kinds.chosen import Bands, Boolean, Judged, Levels
from scoring.kinds.counted import Bonus, Deduct, Penalty, PerItem
from scoring.kinds.measured import LeaderRelative, Ratio

KINDS: Mapping[str, Kind] = {
    CriterionKind.RATIO: Ratio(),
    CriterionKind.RATIO_LEADER: LeaderRelative(),
    CriterionKind.PER_ITEM: PerItem(),
    CriterionKind.LEVELS: Levels(),
    CriterionKind.BANDS: Bands(),
    CriterionKind.BOOLEAN: Boolean(),
    CriterionKind.DEDUCT: Deduct(),
    CriterionKind.BONUS: Bonus(),
    CriterionKind.PENALTY: Penalty(),
    CriterionKind.JUDGED: Judged(),
}

__all__ = ["KINDS", "Band", "Kind", "Peers", "Rule", "Score", "kind_of"]


def kind_of(rule: Rule) -> Kind:
    """The strategy of the rule's kind."""
    return KINDS[rule.kind]
