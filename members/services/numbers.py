"""The numbers of a year's papers: typed from the register of the leader's agency, or given by the year's own one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cluster_app.documents import numbering
from cluster_app.documents.enums import DocumentKind, NumberStatus
from cluster_app.documents.models import DocumentNumber, IssuedDocument
from cluster_app.documents.numbering import Series, printed
from cluster_app.lib.errors import NotKnown, Refused, WrongState
from cluster_app.lib.locking import for_update
from members import registers
from members.models import Cluster, EmulationYear, User
from members.permissions import check_can_write_papers
from members.services import journal, years


@dataclass(frozen=True, slots=True)
class Given:
    """The number a paper goes out under, as it is printed; empty where it is left to the pen. `row` is its row in the
    register, if that gave it. It counts only once it is settled."""

    text: str
    row: DocumentNumber | None
    adopted: tuple[DocumentNumber, ...]
    year: EmulationYear
    by: User
    at: datetime


@transaction.atomic
def for_issue(
    *, year: EmulationYear, kind: DocumentKind, typed: str, dated_on: date | None = None, by: User, at: datetime
) -> Given:
    """The number for a paper that is being issued; the caller settles it in the same transaction. It is one of the
    calendar year of `dated_on`, of `at` where the date is left to the pen, if the year numbers by no term.

    A reserved number is named by typing it. Else the year's own register gives the next one, and without an own
    register it is what was typed. Raises Refused (at `number`) on a number that is none, that another paper bears, or
    that the own register did not reserve.
    """
    year = _lock(year)
    check_can_write_papers(by, year)
    series = registers.series(year, kind, dated_on or timezone.localdate(at))
    text = numbering.normal(typed) if typed.strip() else ""
    if row := numbering.find(series, text):
        if row.status != NumberStatus.RESERVED:
            raise _refused(_("The number %(number)s is taken: it is %(status)s.") % _facts(row))
        return Given(text, row, (), year, by, at)
    if not year.rules.own_register:
        _check_free(series, text)
        return Given(text, None, (), year, by, at)
    if text:
        sentence = _(
            "The register of %(period)s did not reserve the number %(number)s. Leave it empty to get the next one."
        )
        raise _refused(sentence % {"number": text, "period": series.period})
    allotted = numbering.give(series=series, by=by, at=at)
    return Given(printed(allotted.row.number), allotted.row, allotted.adopted, year, by, at)


@transaction.atomic
def settle(given: Given, issued: IssuedDocument) -> DocumentNumber | None:
    """Marks the number as issued with `issued`; None where no register gave it."""
    if given.row is None:
        return None
    row = numbering.mark_issued(row=given.row, document=issued)
    changes = {"code": issued.code} | _adopted(given.adopted)
    _log("number.issue", row, given.year, given.by, given.at, changes=changes)
    return row


@transaction.atomic
def reserve(
    *, year: EmulationYear, kind: DocumentKind, purpose: str, begin_at: int = 1, by: User, at: datetime
) -> DocumentNumber:
    """Takes the next number for a paper that is still to come, of the calendar year of `at` if the year numbers by no
    term. `begin_at` counts for the first one of its type only.

    Raises WrongState in a year without an own register and where another year of the cluster is the calendar year,
    Refused without a purpose.
    """
    year = _lock(year)
    check_can_write_papers(by, year)
    if not year.rules.own_register:
        raise WrongState(
            _("This year's papers take their numbers from the register of the leader's agency."),
            next_step=_("Set in the rules of the year that numbers are given here."),
        )
    if not purpose.strip():
        raise Refused(errors={"purpose": [_("Say for which paper the number is.")]})
    series = registers.series(year, kind, timezone.localdate(at))
    allotted = numbering.give(series=series, purpose=purpose, begin_at=begin_at, by=by, at=at)
    row = allotted.row
    if not registers.of_year(year).filter(pk=row.pk).exists():
        raise WrongState(
            _("A number that is reserved today is one of %(period)s, and that year has a register of its own.")
            % {"period": series.period},
            next_step=_("Reserve it there; a paper of this year that is dated in %(period)s takes it by its number.")
            % {"period": series.period},
        )
    _log("number.reserve", row, year, by, at, changes={"purpose": row.purpose} | _adopted(allotted.adopted))
    return row


@transaction.atomic
def void(*, year: EmulationYear, number: DocumentNumber, reason: str, by: User, at: datetime) -> DocumentNumber:
    """Declares a reserved number void, with the reason. Raises NotKnown if it is not of this year's registers."""
    year = _lock(year)
    check_can_write_papers(by, year)
    if not registers.of_year(year).filter(pk=number.pk).exists():
        raise NotKnown
    row = numbering.void(row=number, reason=reason, by=by, at=at)
    _log("number.void", row, year, by, at, reason=row.void_reason)
    return row


def _lock(year: EmulationYear) -> EmulationYear:
    """Locks the year and its cluster: the papers of a term are issued in several years."""
    locked = years.lock(year)
    for_update(Cluster.objects).get(pk=locked.cluster_id)
    return locked


def _check_free(series: Series, text: str) -> None:
    if text and numbering.is_in_force(series, text):
        raise _refused(_("Another paper of this type bears the number %(number)s.") % {"number": text})


def _refused(sentence: str) -> Refused:
    return Refused(errors={"number": [sentence]})


def _facts(row: DocumentNumber) -> dict[str, object]:
    return {"number": printed(row.number), "status": row.get_status_display()}


def _log(
    verb: str,
    row: DocumentNumber,
    year: EmulationYear,
    by: User,
    at: datetime,
    *,
    reason: str = "",
    changes: Mapping[str, object] | None = None,
) -> None:
    facts = {"type": row.register.type_code, "number": printed(row.number)} | dict(changes or {})
    journal.append(year, by=by, at=at, verb=verb, thing=row, reason=reason, changes=facts)


def _adopted(rows: Iterable[DocumentNumber]) -> dict[str, object]:
    """For the log: numbers that papers bore already, entered into the register on the way."""
    found = [printed(row.number) for row in rows]
    return {"adopted": found} if found else {}
