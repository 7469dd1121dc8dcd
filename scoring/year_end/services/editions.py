"""Issuing the official edition of the annual summary, and taking it back."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cluster_app.documents import freezing, issuing
from cluster_app.documents.blocks import Document
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.models import IssuedDocument
from cluster_app.lib.errors import Refused, Stale, WrongState
from cluster_app.lib.wording import date_short
from members.models import EmulationYear, User
from members.services import journal, numbers, years
from scoring import permissions
from scoring.year_end import figures as year_figures
from scoring.year_end import preflight, reconciliation
from scoring.year_end.enums import Edition
from scoring.year_end.figures import Figures
from scoring.year_end.queries import issued_of, paragraphs_of, texts_in
from scoring.year_end.summary import compose

ISSUE, WITHDRAW = "summary.issue", "summary.withdraw"


@transaction.atomic
def issue(
    *, year: EmulationYear, number: str, dated_on: date | None, by: User, at: datetime, seen: str | None = None
) -> IssuedDocument:
    """Freezes the summary as the official edition under its number and date; left empty, they are written by hand,
    except that the year's own register, where it has one, gives the next number.

    Raises Refused with what is missing, or with every number of the finished paper that its lists do not give; Stale if
    the content is not the one whose `fingerprint` was `seen`; WrongState while an official edition is in force.
    """
    year = years.lock(year)
    permissions.check_can_write_summary(by, year)
    if issued_of(year) is not None:
        raise WrongState(
            _("The official edition has been issued already."), next_step=_("Withdraw it before issuing it again.")
        )
    figures, written = year_figures.of(year), paragraphs_of(year)
    texts = texts_in(written)
    _check_ready(finding.text for finding in preflight.blocking(figures, written))
    if dated_on is not None:
        _check_date(figures, dated_on, at)
    _check_seen(figures, texts, seen)
    kind = DocumentKind.ANNUAL_SUMMARY
    given = numbers.for_issue(year=year, kind=kind, typed=number, dated_on=dated_on, by=by, at=at)
    document = _finished(figures, texts, given.text, dated_on, at)
    cluster = year.cluster.slug
    issued = issuing.issue(document=document, kind=kind, cluster_key=cluster, year=year.year, by=by, at=at)
    numbers.settle(given, issued)
    symbol = issued.number_symbol if given.text else ""
    changes = {"number": symbol, "dated_on": dated_on, "code": issued.code, "digest": issued.digest}
    journal.append(year, by=by, at=at, verb=ISSUE, thing=issued, changes=changes, rows=[issued])
    return issued


@transaction.atomic
def withdraw(*, year: EmulationYear, reason: str, by: User, at: datetime) -> IssuedDocument:
    """Declares the official edition void, with a reason; it is kept, and a new one can be issued."""
    year = years.lock(year)
    permissions.check_can_write_summary(by, year)
    issued = issued_of(year)
    if issued is None:
        raise WrongState(_("There is no official edition in force."))
    issued = issuing.withdraw(issued=issued, reason=reason, by=by, at=at)
    journal.append(year, by=by, at=at, verb=WITHDRAW, thing=issued, reason=issued.withdrawn_reason, rows=[issued])
    return issued


def fingerprint(figures: Figures, texts: Mapping[str, str]) -> str:
    """The digest of what would be issued, number and date aside: what a person has read before issuing it."""
    return freezing.digest(compose(figures, texts, Edition.OFFICIAL))


def _finished(figures: Figures, texts: Mapping[str, str], number: str, dated_on: date | None, at: datetime) -> Document:
    """The very document that is frozen, its numbers recomputed from its lists."""
    signed_on = timezone.localdate(at)
    document = compose(figures, texts, Edition.OFFICIAL, number=number, dated_on=dated_on, signed_on=signed_on)
    _check_ready(mismatch.sentence for mismatch in reconciliation.mismatches(document, figures, texts))
    return document


def _check_ready(missing: Iterable[str]) -> None:
    if sentences := list(missing):
        raise Refused(_("The summary cannot be issued yet."), missing=sentences)


def _check_seen(figures: Figures, texts: Mapping[str, str], seen: str | None) -> None:
    if seen is not None and seen != fingerprint(figures, texts):
        raise Stale(
            _("The summary changed after your page was shown. Nothing was issued."),
            next_step=_("Read it once more, then issue it."),
        )


def _check_date(figures: Figures, dated_on: date, at: datetime) -> None:
    sentences: list[str] = []
    if dated_on > timezone.localdate(at):
        sentences = [_("The report cannot be dated in the future.")]
    elif figures.conference is not None and dated_on < figures.conference.held_on:
        text = _("The report tells of the conference of %(day)s and cannot be dated before it.")
        sentences = [text % {"day": date_short(figures.conference.held_on)}]
    else:
        sentences = preflight.grounds_after(figures, dated_on)
    if sentences:
        raise Refused(errors={"dated_on": sentences})
