from scoring.models.criteria import CriteriaSet, Criterion, CriterionLevel, Target
from scoring.models.scorecard import Approval, Publication, Scorecard, ScoreLine, SummaryParagraph

__all__ = [
    "Approval",
    "CriteriaSet",
    "Criterion",
    "CriterionLevel",
    "Publication",
    "ScoreLine",
    "Scorecard",
    "SummaryParagraph",
    "Target",
]
