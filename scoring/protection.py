"""The tables of this app whose rows the audit log vouches for. A card belongs to its unit until it is submitted, and
again while it is returned; drafts are not audited."""

from collections.abc import Mapping

from django.db.models import QuerySet

from cluster_app.audit.rows import Row
from cluster_app.documents.models import IssuedDocument
from scoring.enums import CardStatus
from scoring.models import (
    Approval,
    Evidence,
    Objection,
    ObjectionMessage,
    Publication,
    Scorecard,
    ScoreLine,
    SignedPaper,
    Submission,
)

_HANDED_IN = (CardStatus.SUBMITTED, CardStatus.REVIEWED, CardStatus.APPROVED)


def _cards() -> QuerySet:
    return Scorecard.objects.filter(status__in=_HANDED_IN)


def _lines() -> QuerySet:
    return ScoreLine.objects.filter(scorecard__status__in=_HANDED_IN)


def _card_is_handed_in(row: Row, log: Mapping[str, Row | None]) -> bool:
    return row["status"] in _HANDED_IN


def _line_is_handed_in(row: Row, log: Mapping[str, Row | None]) -> bool:
    card = log.get(f"{Scorecard._meta.label_lower}:{row['scorecard_id']}")
    return card is not None and _card_is_handed_in(card, log)


ROWS = {
    Scorecard: _cards,
    ScoreLine: _lines,
    Approval: Approval.objects.all,
    Publication: Publication.objects.all,
    Evidence: Evidence.objects.all,
    Objection: Objection.objects.all,
    ObjectionMessage: ObjectionMessage.objects.all,
    SignedPaper: SignedPaper.objects.all,
    Submission: Submission.objects.all,
    IssuedDocument: IssuedDocument.objects.all,
}

# A card that was handed in does not become a draft again by being called one: what the log says of it decides.
AS_LOGGED = {
    Scorecard: _card_is_handed_in,
    ScoreLine: _line_is_handed_in,
}
