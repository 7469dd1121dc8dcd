"""What the page of the register of numbers shows, as finished values for its template."""

from itertools import groupby

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cluster_app.documents.enums import NumberStatus
from cluster_app.documents.letterheads import PAPER_TYPES
from cluster_app.documents.models import DocumentNumber
from cluster_app.documents.numbering import printed
from members import registers
from members.addresses import year_url
from members.models import EmulationYear

STATUS_CSS = {NumberStatus.RESERVED: "warn", NumberStatus.ISSUED: "ok", NumberStatus.VOID: "bad"}


def context(year: EmulationYear, *, writes: bool) -> dict[str, object]:
    """The numbers of the register by type; `writes` says whether the page offers to reserve and to void."""
    rows = registers.numbers_of(year)
    gives = year.rules.own_register
    return {
        "year": year,
        "period": registers.period(year),
        "gives": gives,
        "rules_text": _rules_text(year),
        "types": [_type(code, list(found), year, writes) for code, found in groupby(rows, _type_code)],
        "reserve_url": year_url("members:number_reserve", year) if writes and gives else "",
        "print_url": year_url("members:number_list_print", year) if rows else "",
        **back(year),
    }


def back(year: EmulationYear) -> dict[str, str]:
    """The pages above those of the register."""
    return {"papers_url": year_url("scoring:papers", year), "list_url": year_url("members:number_list", year)}


def void_lines(year: EmulationYear, row: DocumentNumber) -> list[str]:
    """What is said before a number is declared void."""
    lines = [_("The number %(number)s stays in the register with your reason, and no other paper gets it.")]
    if row.purpose:
        lines.append(_("It was reserved for: %(purpose)s"))
    return [line % {"number": label_of(row), "purpose": row.purpose} for line in lines]


def label_of(row: DocumentNumber) -> str:
    """The number with its type, "05-TB"; the joints of a letterhead belong to the paper."""
    return f"{printed(row.number)}-{row.register.type_code}"


def label_in(year: EmulationYear, row: DocumentNumber) -> str:
    """The same in the register of the year; a number of another period is named with it, "01-TTr (2022)"."""
    period = row.register.period
    return label_of(row) if period == registers.period(year) else f"{label_of(row)} ({period})"


def status_of(row: DocumentNumber) -> dict[str, str]:
    """The badge of a number; of an issued one whose paper was withdrawn it says so."""
    if row.document is not None and row.document.withdrawn_at is not None:
        return {"css": "revoked", "label": _("taken back")}
    return {"css": STATUS_CSS[NumberStatus(row.status)], "label": row.get_status_display()}


def events_of(row: DocumentNumber) -> list[str]:
    """Who did what with the number, and when."""
    events = [_("reserved: %(who)s") % {"who": _who(row.reserved_by_key, row.reserved_at)}]
    if row.document is not None:
        issued = _("issued: %(who)s") % {"who": _who(row.document.issued_by_key, row.document.issued_at)}
        # A number that was not reserved beforehand is given with the paper.
        events = [*events, issued] if row.purpose else [issued]
    if row.voided_at is not None:
        events.append(_("void: %(who)s") % {"who": _who(row.voided_by_key, row.voided_at)})
    return events


def type_names(code: str) -> str:
    """The kinds of paper that bear this abbreviation."""
    return ", ".join(str(kind.label) for kind, of_type in PAPER_TYPES.items() if of_type.code == code)


def _type_code(row: DocumentNumber) -> str:
    return row.register.type_code


def _type(code: str, rows: list[DocumentNumber], year: EmulationYear, writes: bool) -> dict[str, object]:
    return {
        "code": code,
        "name": type_names(code),
        "count": len(rows),
        "rows": [_row(row, year, writes) for row in rows],
    }


def _row(row: DocumentNumber, year: EmulationYear, writes: bool) -> dict[str, object]:
    is_open = writes and row.status == NumberStatus.RESERVED
    return {
        "number": label_in(year, row),
        "status": status_of(row),
        "purpose": row.purpose,
        "reason": row.void_reason,
        "paper": row.document.title if row.document else "",
        "paper_url": _paper_url(row, year),
        "events": events_of(row),
        "void_url": year_url("members:number_void", year, number=row.pk) if is_open else "",
    }


def _paper_url(row: DocumentNumber, year: EmulationYear) -> str:
    if row.document is None:
        return ""
    kwargs = {"cluster": year.cluster.slug, "year": row.document.year, "code": row.document.code}
    return reverse("scoring:issued_detail", kwargs=kwargs)


def _rules_text(year: EmulationYear) -> str:
    if year.rules.own_register:
        return _("Numbers run on through the period %(period)s, without a gap.") % {"period": registers.period(year)}
    return _(
        "This year's papers take their numbers from the register of the leader's agency: they are typed when a paper "
        "is issued. The rules of the year can say that numbers are given here."
    )


def _who(key: str, moment) -> str:
    return f"{key}, {timezone.localtime(moment):%d/%m/%Y %H:%M}"
