from enum import StrEnum

from cluster_app.documents.enums import DocumentKind


class VariableKind(StrEnum):
    """What a variable of a template holds. Tables are made from the year's data, never typed."""

    TEXT = "text"
    LINES = "lines"
    DATE = "date"
    TIME = "time"
    NUMBER = "number"
    TABLE = "table"


class PaperState(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


# The papers of a year in the order in which the year needs them.
ORDER = (
    DocumentKind.PLAN,
    DocumentKind.PLEDGE,
    DocumentKind.INVITATION,
    DocumentKind.REMINDER,
    DocumentKind.SCORE_TABLE,
    DocumentKind.NOTICE,
    DocumentKind.ANNUAL_SUMMARY,
    DocumentKind.PROPOSAL,
    DocumentKind.PROPOSAL_LIST,
)
# Written by a template of templates/documents.
TEMPLATED = frozenset(
    {
        DocumentKind.PLAN,
        DocumentKind.INVITATION,
        DocumentKind.REMINDER,
        DocumentKind.NOTICE,
        DocumentKind.PROPOSAL,
        DocumentKind.PROPOSAL_LIST,
    }
)
# Issued from the pages of this package; pledge and annual summary have their own.
ISSUED_HERE = TEMPLATED | {DocumentKind.SCORE_TABLE}
# Their letterhead can be settled here; who writes and issues them is said elsewhere.
SETTLED = ISSUED_HERE | {DocumentKind.PLEDGE, DocumentKind.SCORECARD, DocumentKind.ANNUAL_SUMMARY}
WITH_RECIPIENTS = TEMPLATED | {DocumentKind.ANNUAL_SUMMARY}
# A year sends several of these; each is a paper of its own.
SEVERAL = frozenset({DocumentKind.INVITATION, DocumentKind.REMINDER})
# They propose units for commendation, as the conference settled it.
PROPOSING = frozenset({DocumentKind.PROPOSAL, DocumentKind.PROPOSAL_LIST})
# They tell points or ranks: nothing of them before the results are published (features.md H7).
RESULTS = frozenset(
    {
        DocumentKind.SCORE_TABLE,
        DocumentKind.NOTICE,
        DocumentKind.ANNUAL_SUMMARY,
        DocumentKind.PROPOSAL,
        DocumentKind.PROPOSAL_LIST,
    }
)
