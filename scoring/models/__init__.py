from scoring.models.criteria import CriteriaSet, Criterion, CriterionLevel, SourceRule, Target
from scoring.models.evidence import Evidence
from scoring.models.review import Objection, ObjectionMessage, ReviewAssignment
from scoring.models.scorecard import Approval, LineRecord, Publication, Scorecard, ScoreLine, SummaryParagraph
from scoring.models.submission import SignedPaper, Submission

__all__ = [
    "Approval",
    "CriteriaSet",
    "Criterion",
    "CriterionLevel",
    "Evidence",
    "LineRecord",
    "Objection",
    "ObjectionMessage",
    "Publication",
    "ReviewAssignment",
    "ScoreLine",
    "Scorecard",
    "SignedPaper",
    "SourceRule",
    "Submission",
    "SummaryParagraph",
    "Target",
]
