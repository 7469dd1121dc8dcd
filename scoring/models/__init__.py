from scoring.models.criteria import CriteriaSet, Criterion, CriterionLevel, SourceRule, Target
from scoring.models.scorecard import Approval, LineRecord, Publication, Scorecard, ScoreLine, SummaryParagraph

__all__ = [
    "Approval",
    "CriteriaSet",
    "Criterion",
    "CriterionLevel",
    "LineRecord",
    "Publication",
    "ScoreLine",
    "Scorecard",
    "SourceRule",
    "SummaryParagraph",
    "Target",
]
