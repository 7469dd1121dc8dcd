"""Issuing a paper of the year, and taking it back."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cluster_app.documents import issuing
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.models import IssuedDocument
from cluster_app.lib.errors import NotKnown, Refused, Stale, WrongState
from members.models import EmulationYear, User
from members.permissions import check_can_write_papers
from members.services import journal, numbers, years
from scoring.paperwork import checks, queries
from scoring.paperwork.enums import ISSUED_HERE
from scoring.paperwork.queries import Draft

WITHDRAW = "paper.withdraw"


@transaction.atomic
def issue(
    *,
    year: EmulationYear,
    kind: DocumentKind,
    number: str,
    dated_on: date | None,
    by: User,
    at: datetime,
    seen: str | None = None,
) -> IssuedDocument:
    """Freezes the paper under its number and date; left empty, the date is written by hand, and so is the number where
    the year has no register of its own.

    `seen` are the digests, `Draft.fingerprint`, of what the pages showed. Raises Refused with what is missing or wrong,
    also where the paper of that day reads otherwise than the one of today that was shown; Stale if none of them is what
    would be issued; WrongState while a paper of the kind is in force, except for letters and invitations, of which a
    year sends several.
    """
    year = years.lock(year)
    check_can_write_papers(by, year)
    subject = _free_subject(year, kind)
    draft = queries.draft(year, kind, at, dated_on=dated_on)
    _check(draft, dated_on, at)
    _check_seen(draft, seen)
    given = numbers.for_issue(year=year, kind=kind, typed=number, dated_on=dated_on, by=by, at=at)
    issued = issuing.issue(
        document=draft.document(is_draft=False, number=given.text, dated_on=dated_on, signed_on=timezone.localdate(at)),
        kind=kind,
        cluster_key=year.cluster.slug,
        year=year.year,
        subject_key=subject,
        by=by,
        at=at,
    )
    numbers.settle(given, issued)
    changes = {"number": issued.number_symbol, "dated_on": dated_on, "code": issued.code, "digest": issued.digest}
    journal.append(year, by=by, at=at, verb=queries.ISSUE, thing=issued, changes=changes, rows=[issued])
    return issued


def _free_subject(year: EmulationYear, kind: DocumentKind) -> str:
    """The key under which the paper is issued. Raises NotKnown for a kind that is issued elsewhere, WrongState while
    one is in force."""
    if kind not in ISSUED_HERE:
        raise NotKnown
    subject = queries.next_subject(year, kind)
    if queries.valid(year, kind, subject) is not None:
        raise WrongState(_("This paper has been issued already."), next_step=_("Withdraw it before issuing it again."))
    return subject


def _check(draft: Draft, dated_on: date | None, at: datetime) -> None:
    if missing := [*draft.blocking, *draft.missing]:
        raise Refused(_("The paper cannot be issued yet."), missing=missing)
    if dated_on is None:
        return
    if dated_on > timezone.localdate(at):
        raise Refused(errors={"dated_on": [_("The paper cannot be dated in the future.")]})
    if younger := checks.too_early(draft, dated_on):
        sentence = _("The paper cannot be dated before what it tells.")
        raise Refused(errors={"dated_on": [sentence, *younger]})


def _check_seen(draft: Draft, seen: str | None) -> None:
    """Holds what is about to be frozen against what the person read: late units, laws and signer are those of the
    paper's day."""
    if seen is None or draft.fingerprint in seen.split():
        return
    if queries.draft(draft.year, draft.kind, draft.records.at).fingerprint in seen.split():
        text = _("A paper of this day reads otherwise than the one of today. Read it as of this day, then issue it.")
        raise Refused(errors={"dated_on": [text]})
    raise Stale(
        _("The paper changed after your page was shown. Nothing was issued."),
        next_step=_("Read it once more, then issue it."),
    )


@transaction.atomic
def withdraw(*, year: EmulationYear, issued: IssuedDocument, reason: str, by: User, at: datetime) -> IssuedDocument:
    """Declares an issued paper void, with a reason; its content stays, and another one can be issued. Raises NotKnown
    if the year has no such paper, WrongState if it was withdrawn before."""
    year = years.lock(year)
    check_can_write_papers(by, year)
    found = queries.issued_paper(year, issued.pk)
    withdrawn = issuing.withdraw(issued=found, reason=reason, by=by, at=at)
    journal.append(
        year, by=by, at=at, verb=WITHDRAW, thing=withdrawn, reason=withdrawn.withdrawn_reason, rows=[withdrawn]
    )
    return withdrawn
