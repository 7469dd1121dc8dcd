"""The admin of scoring: where the leader approves, and where the secretariat can do all of it too."""

from scoring.admin.criteria import CriteriaSetAdmin, CriterionAdmin, TargetAdmin
from scoring.admin.evidence import EvidenceAdmin
from scoring.admin.history import ApprovalAdmin, PublicationAdmin
from scoring.admin.scorecards import ScorecardAdmin

__all__ = [
    "ApprovalAdmin",
    "CriteriaSetAdmin",
    "CriterionAdmin",
    "EvidenceAdmin",
    "PublicationAdmin",
    "ScorecardAdmin",
    "TargetAdmin",
]
