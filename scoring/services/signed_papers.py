"""The card on paper, signed by the head of the unit: the ground on which somebody else submits the card, or enters it
on behalf of the unit ("nhập hộ")."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cluster_app.audit import log
from cluster_app.lib.errors import NotAllowed, Refused, WrongState, save_checked
from cluster_app.lib.uploads import Upload
from members.models import User
from members.relations import Relation, relations
from members.services import files
from scoring import permissions
from scoring.enums import SubmissionWay
from scoring.models import Scorecard, ScoreLine, SignedPaper, Submission
from scoring.services.locking import lock_card
from scoring.workflow import CARD


@dataclass(frozen=True)
class Paper:
    """What a person says of a signed paper: its number, its date, and the scan; None for what was not given."""

    number: str = ""
    signed_on: date | None = None
    upload: Upload | None = None


def way_of(user: User, card: Scorecard) -> SubmissionWay:
    """In which way `user` hands the card in: as its signatory, as an officer of the unit, or on behalf of it."""
    held = relations(user, card.membership.year, card.membership)
    if Relation.SIGNATORY in held:
        return SubmissionWay.SIGNATORY
    return SubmissionWay.OFFICER if Relation.OFFICER in held else SubmissionWay.ON_BEHALF


def of_this_round(card: Scorecard) -> SignedPaper | None:
    """The newest paper recorded since the card was handed in last; a paper stands for one submission only."""
    last = Submission.objects.filter(scorecard=card).order_by("-number").first()
    papers = SignedPaper.objects.filter(scorecard=card).select_related("scan")
    if last is not None:
        used = Submission.objects.filter(scorecard=card, paper__isnull=False).values("paper")
        papers = papers.filter(recorded_at__gte=last.submitted_at).exclude(pk__in=used)
    return papers.order_by("-recorded_at", "-pk").first()


def ready_for(user: User, card: Scorecard) -> SignedPaper | None:
    """The recorded paper with which `user` hands the card in; None for the signatory, who needs none."""
    return None if way_of(user, card) == SubmissionWay.SIGNATORY else of_this_round(card)


def is_missing(user: User, card: Scorecard) -> bool:
    """Whether `user` hands the card in for its signatory, and no signed paper is recorded for it yet."""
    return way_of(user, card) != SubmissionWay.SIGNATORY and of_this_round(card) is None


def may_enter(user: User, card: Scorecard) -> bool:
    """Whether `user` belongs to the unit, or its signed paper is recorded. Asks the database for others only."""
    return way_of(user, card) != SubmissionWay.ON_BEHALF or of_this_round(card) is not None


def check_entered_from_paper(user: User, card: Scorecard) -> None:
    """Raises WrongState for a person who enters on behalf of the unit before its signed paper is recorded."""
    if not may_enter(user, card):
        raise WrongState(
            _("A card is entered on behalf of a unit from its signed paper only."),
            next_step=_("Record number, date and scan of the paper first."),
        )


@transaction.atomic
def record(*, card: Scorecard, paper: Paper, by: User, at: datetime) -> SignedPaper:
    """Records the signed paper from which a draft or returned card is entered or submitted, or an estimate of a card
    that is handed in is replaced.

    Raises NotAllowed for the signatory, who needs none, and where the year's rules do not open the way; Refused with
    the sentences by field; WrongState for the same paper once more.
    """
    card = lock_card(card.pk)
    check_open(by, card)
    before = of_this_round(card)
    kept = keep(card, paper, by=by, at=at)
    if before is not None and kept.pk == before.pk:
        raise WrongState(_("This signed paper is recorded already; nothing was recorded a second time."))
    return kept


def check_open(user: User, card: Scorecard) -> None:
    """Raises why `user` cannot record a signed paper of the card now."""
    permissions.check_can_submit(user, card)
    if way_of(user, card) == SubmissionWay.SIGNATORY:
        raise NotAllowed(_("You sign for the unit yourself, so no signed paper is needed."))
    step = "replace_estimate" if _has_estimates_to_replace(card) else "submit"
    permissions.check_open(step, card.membership.year)
    CARD.check(step, card.status)
    if step == "replace_estimate":
        permissions.check_can_replace_estimate(user, card)
        check_handed_in_by_paper(user, card)


def _has_estimates_to_replace(card: Scorecard) -> bool:
    """Whether the card is handed in, and some of its values are still estimates."""
    estimates = ScoreLine.objects.filter(scorecard=card, is_estimate=True, self_value__isnull=False)
    return CARD.can("replace_estimate", card.status) and estimates.exists()


def check_handed_in_by_paper(user: User, card: Scorecard) -> None:
    """Raises WrongState toward who would replace estimates on behalf of a unit that handed its card in itself."""
    if way_of(user, card) != SubmissionWay.ON_BEHALF:
        return
    last = Submission.objects.filter(scorecard=card).order_by("-number").first()
    if last is None or last.way != SubmissionWay.ON_BEHALF:
        raise WrongState(_("The unit handed the card in itself, so it replaces its estimates itself."))


def use(card: Scorecard, paper: Paper | None, *, by: User, at: datetime) -> SignedPaper | None:
    """The paper by which `by` hands the card in: `paper` if it is given, else the one of this round; None for the
    signatory, who needs none. Raises Refused by field without any."""
    if way_of(by, card) == SubmissionWay.SIGNATORY:
        return None
    recorded = None if paper else of_this_round(card)
    return recorded or keep(card, paper or Paper(), by=by, at=at)


def keep(card: Scorecard, paper: Paper, *, by: User, at: datetime) -> SignedPaper:
    """Stores what `record` checked, or finds the same paper of this round again; for a step that holds the card's lock
    and has checked the right to it."""
    signed_on, upload = _checked(paper, at)
    membership = card.membership
    scan = files.store(upload=upload, year=membership.year, membership=membership, by=by, at=at)
    last = of_this_round(card)
    if last is not None and (last.number, last.signed_on, last.scan) == (paper.number.strip(), signed_on, scan):
        return last
    kept = SignedPaper(
        scorecard=card,
        number=paper.number.strip(),
        signed_on=signed_on,
        scan=scan,
        recorded_by=by,
        recorded_at=at,
    )
    save_checked(kept)
    log.append(
        by=by,
        at=at,
        verb="scorecard.record_paper",
        thing=card,
        cluster=membership.year.cluster.slug,
        year=membership.year.year,
        changes={"number": kept.number, "signed_on": str(kept.signed_on), "sha256": kept.scan.sha256},
        rows=[kept],
    )
    return kept


def _checked(paper: Paper, at: datetime) -> tuple[date, Upload]:
    """Date and scan of a paper that is complete. Raises Refused by field."""
    errors = {}
    if not paper.number.strip():
        errors["number"] = [_("Give the number of the paper that the head of the unit signed.")]
    if paper.signed_on is None:
        errors["signed_on"] = [_("Give the date of the paper that the head of the unit signed.")]
    elif paper.signed_on > timezone.localdate(at):
        errors["signed_on"] = [_("The paper cannot be dated in the future.")]
    if paper.upload is None:
        errors["file"] = [_("Add the scan of the paper that the head of the unit signed.")]
    if errors or paper.signed_on is None or paper.upload is None:
        raise Refused(errors=errors)
    return paper.signed_on, paper.upload
