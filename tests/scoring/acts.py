"""Every act that a service offers toward one card, in a form that works if it is allowed at all."""

import hashlib
from decimal import Decimal

from members.models import StoredFile
from scoring import permissions, snapshots
from scoring.enums import CardStatus, EvidenceKind, SubmissionWay
from scoring.models import Evidence, Objection, Scorecard, SignedPaper, Submission
from scoring.services import approvals, estimates, evidence, feeding, lines, objections, scorecards
from scoring.services.evidence import Shown
from scoring.services.lines import Entry
from scoring.services.objections import Outcome
from scoring.sheets import load
from tests.factories.scoring import ApprovalFactory, ScorecardFactory, line_versions
from tests.scenarios import NOW
from tests.scoring.cards import TRAIT, line_of, reread, seen

REASON = "Đối chiếu lại hồ sơ gốc"


def ready_card(status, membership, *, objected: bool = False) -> Scorecard:
    """The card of a unit in a status, with everything that an act may need: the signed paper of its head, evidence on
    A1, an estimate in A2 and, if `objected`, an open objection to A1."""
    is_approved = status == CardStatus.APPROVED
    card = ScorecardFactory(membership=membership, **TRAIT[CardStatus.REVIEWED if is_approved else CardStatus(status)])
    card.lines.filter(criterion__code="A2").update(is_estimate=True)
    line = line_of(card, "A1")
    person = membership.unit.assignments.get(role="signatory").user
    _hand_in_on_paper(card, membership, person)
    Evidence.objects.create(
        scorecard=card,
        line=line,
        kind=EvidenceKind.DOCUMENT,
        title="12-BC",
        number="12-BC",
        issued_on="2021-11-10",
        added_by=person,
        added_at=NOW,
    )
    if objected:
        Objection.objects.create(line=line, raised_by=person, raised_at=NOW)
    if is_approved:
        Scorecard.objects.filter(pk=card.pk).update(status=CardStatus.APPROVED)
        ApprovalFactory(scorecard=reread(card))
    return reread(card)


def _hand_in_on_paper(card, membership, person) -> None:
    """The card was handed in on behalf of its unit, and the paper of the next round is recorded."""
    papers = []
    for number in ("15-BC", "16-BC"):
        content = f"{card.pk} {number}".encode()
        scan = StoredFile.objects.create(
            year=membership.year,
            membership=membership,
            name="phieu.pdf",
            extension="pdf",
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            stored_name=f"{card.pk}-{number}",
            uploaded_by=person,
            uploaded_at=NOW,
        )
        papers.append(
            SignedPaper.objects.create(
                scorecard=card, number=number, signed_on="2021-11-20", scan=scan, recorded_by=person, recorded_at=NOW
            )
        )
    text = snapshots.of_card(load(reread(card)))
    Submission.objects.create(
        scorecard=card,
        number=1,
        way=SubmissionWay.ON_BEHALF,
        paper=papers[0],
        submitted_at=NOW,
        submitted_by=person,
        snapshot=text,
        digest=snapshots.digest(text),
    )


def _entry(card, code, value, text=REASON):
    line = line_of(card, code)
    return Entry(line.pk, None if value is None else Decimal(value), text, line.version)


def _fill(card, user):
    return lines.fill(card=card, entries=[_entry(card, "A1", "80")], by=user, at=NOW)


def _review(card, user):
    return lines.review(card=card, entries=[_entry(card, "A1", "80")], by=user, at=NOW)


def _accept(card, user):
    return lines.accept_as_claimed(card=card, code="", seen=line_versions(card), by=user, at=NOW)


def _conclude(card, user):
    """Concluding a review in which every line has its value."""
    if card.status == CardStatus.SUBMITTED:
        for line in card.lines.all():
            line.reviewed_value, line.reviewed_points = line.self_value, line.self_points
            line.save()
    return scorecards.conclude_review(card=card, version=card.version, by=user, at=NOW)


def _set_assigned(card, user):
    line = line_of(card, "A1")
    return lines.set_assigned(card=card, line_pk=line.pk, is_assigned=False, reason=REASON, by=user, at=NOW)


def _replace_estimate(card, user):
    line = line_of(card, "A2")
    return estimates.replace(
        card=card, line_pk=line.pk, value=Decimal(2), note="Báo cáo 20", version=line.version, by=user, at=NOW
    )


def _add_evidence(card, user):
    shown = Shown(kind=EvidenceKind.LINK, url="https://example.vn/bao-cao")
    return evidence.add(card=card, line_pk=line_of(card, "A1").pk, shown=shown, by=user, at=NOW)


def _hide_evidence(card, user):
    piece = Evidence.objects.get(scorecard=card)
    return evidence.hide(card=card, pk=piece.pk, reason=REASON, by=user, at=NOW)


def _raise_objection(card, user):
    return objections.raise_(card=card, line_pk=line_of(card, "A1").pk, text=REASON, by=user, at=NOW)


def _objection(card):
    return Objection.objects.select_related("line__criterion").get(line__scorecard=card)


def _settle(card, user):
    outcome = Outcome(True, REASON, Decimal(90))
    return objections.settle(objection=_objection(card), version=card.version, outcome=outcome, by=user, at=NOW)


ACTS = {
    "see": lambda card, user: permissions.check_can_see(user, card),
    "fill": _fill,
    "submit": lambda card, user: scorecards.submit(card=card, version=card.version, by=user, at=NOW),
    "add evidence": _add_evidence,
    "hide evidence": _hide_evidence,
    "replace estimate": _replace_estimate,
    "set assigned": _set_assigned,
    "refresh": lambda card, user: feeding.refresh(card_pk=card.pk, by=user, at=NOW),
    "review": _review,
    "accept": _accept,
    "conclude": _conclude,
    "return": lambda card, user: scorecards.return_card(
        card=card, version=card.version, reason=REASON, by=user, at=NOW
    ),
    "raise objection": _raise_objection,
    "answer objection": lambda card, user: objections.answer(objection=_objection(card), text=REASON, by=user, at=NOW),
    "settle objection": _settle,
    "withdraw objection": lambda card, user: objections.withdraw(
        objection=_objection(card), reason=REASON, by=user, at=NOW
    ),
    "approve": lambda card, user: approvals.approve(seen=seen(card), by=user, at=NOW),
    "propose reopening": lambda card, user: approvals.propose_reopening(card=card, reason=REASON, by=user, at=NOW),
}
# These are about an objection that is open.
OF_OBJECTION = {"answer objection", "settle objection", "withdraw objection"}
