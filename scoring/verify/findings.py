"""What the code of a print leads to: an issued document, or the approval of a score card (G7, T31)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db.models import F

from cluster_app.documents import issuing
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.models import IssuedDocument
from scoring import snapshots
from scoring.models import Approval


class Verdict(StrEnum):
    VALID = "valid"
    REVOKED = "revoked"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True)
class Finding:
    """What anybody may know of a print: whether it counts, and what identifies it. `thing` is for those who may see
    more."""

    verdict: Verdict
    kind: str
    digest: str
    thing: IssuedDocument | Approval
    number_symbol: str = ""
    dated_on: date | None = None


def find(code: str) -> Finding | None:
    """What was issued or approved under this code, as papers print it; None for an unknown one."""
    document = IssuedDocument.objects.filter(code=code).first()
    if document is not None:
        return of_document(document)
    approvals = Approval.objects.filter(digest__startswith=code.replace("-", "").lower())
    # Of the same content approved twice the approval in force counts.
    found = approvals.order_by(F("revoked_at").desc(nulls_first=True), "-pk").first()
    return of_approval(found) if found is not None else None


def of_document(document: IssuedDocument) -> Finding:
    return Finding(
        verdict=_verdict(is_intact=issuing.is_intact(document), is_revoked=document.withdrawn_at is not None),
        kind=document.get_kind_display(),
        digest=document.digest,
        thing=document,
        number_symbol=document.number_symbol,
        dated_on=document.dated_on,
    )


def of_approval(approval: Approval) -> Finding:
    """Of a card nothing but its digest: neither its unit nor its points."""
    return Finding(
        verdict=_verdict(
            is_intact=snapshots.digest(approval.snapshot) == approval.digest, is_revoked=approval.revoked_at is not None
        ),
        kind=str(DocumentKind.SCORECARD.label),
        digest=approval.digest,
        thing=approval,
    )


def _verdict(*, is_intact: bool, is_revoked: bool) -> Verdict:
    if not is_intact:
        return Verdict.ALTERED
    return Verdict.REVOKED if is_revoked else Verdict.VALID
