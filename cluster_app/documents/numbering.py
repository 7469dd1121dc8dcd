"""Giving out the numbers of papers, without a gap and never twice. Knows no year: the caller names the series.

A number is given under a lock on the row of its register, in the transaction of whoever asks: if that fails, the number
is not given. The caller checks the permission and appends the audit event.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from cluster_app.documents.enums import DocumentKind, NumberStatus
from cluster_app.documents.letterheads import PAPER_TYPES
from cluster_app.documents.models import DocumentNumber, IssuedDocument, NumberRegister
from cluster_app.lib.errors import Refused, WrongState, check_fields, save_checked
from cluster_app.lib.locking import for_update

_NUMBER = re.compile(r"0*([1-9]\d{0,3})([a-zđ]?)")
_NUMBER_OF_SYMBOL = re.compile(r"\s*([^-/\s]+)\s*[-/]")


@dataclass(frozen=True, slots=True)
class Series:
    """The papers whose numbers run on together: of one cluster, of one type, over the years of one period; with
    `dated_in` only those dated in that calendar year (left to the pen: issued in it)."""

    cluster_key: str
    type_code: str
    period: str
    years: frozenset[int]
    dated_in: int | None = None


@dataclass(frozen=True, slots=True)
class Allotment:
    """A number that was given; `adopted` are numbers before it that papers bore already, now in the register too."""

    row: DocumentNumber
    adopted: tuple[DocumentNumber, ...] = ()


def normal(typed: str) -> str:
    """A number as it is printed: "7" and "007" are "07", "15A" is "15a". Raises Refused on anything else than one to
    four digits, with one letter at most."""
    found = _NUMBER.fullmatch(typed.strip().lower())
    if found is None:
        raise Refused(errors={"number": [_("A number is one to four digits, with one letter at most: 07, 15, 15a.")]})
    return printed(int(found[1])) + found[2]


def printed(number: int) -> str:
    """A zero stands before numbers under 10: papers are numbered from 01 on (domain.md 6.2)."""
    return f"{number:02d}"


def number_in(symbol: str) -> str:
    """The number in a number and symbol such as "15-BC/CTĐ", as it is printed; empty where there is none."""
    found = _NUMBER_OF_SYMBOL.match(symbol)
    number = _NUMBER.fullmatch(found[1].lower()) if found else None
    return printed(int(number[1])) + number[2] if number else ""


def find(series: Series, text: str) -> DocumentNumber | None:
    """The row of the register that bears this number, locked; None where the register never gave it."""
    if not text.isdecimal():
        return None
    rows = for_update(DocumentNumber.objects).select_related("register")
    return rows.filter(**_of_register(series, "register__"), number=int(text)).first()


def is_in_force(series: Series, text: str) -> bool:
    """Whether a paper of the series that was not withdrawn bears this number."""
    symbols = _papers(series).filter(withdrawn_at=None).values_list("number_symbol", flat=True)
    return text in map(number_in, symbols)


@transaction.atomic
def give(*, series: Series, purpose: str = "", by: AbstractBaseUser, at: datetime, begin_at: int = 1) -> Allotment:
    """Reserves the next number of the series. The first one follows on the highest number that its papers bear, and is
    not less than `begin_at`."""
    register = _locked(series, begin_at)
    outside = _papers_outside(series)
    adopted = []
    while (paper := outside.get(register.last_number + 1)) is not None:
        adopted.append(_append(register, by, at, status=NumberStatus.ISSUED, document=paper))
    return Allotment(_append(register, by, at, purpose=purpose.strip()), tuple(adopted))


@transaction.atomic
def mark_issued(*, row: DocumentNumber, document: IssuedDocument) -> DocumentNumber:
    """The reserved number now belongs to `document`. Raises ValueError if the document bears another one."""
    locked = _reserved(row)
    if not _belongs_to(locked, document):
        raise ValueError(f"{document.number_symbol} does not bear the number {locked}.")
    locked.status, locked.document = NumberStatus.ISSUED, document
    save_checked(locked)
    return locked


@transaction.atomic
def void(*, row: DocumentNumber, reason: str, by: AbstractBaseUser, at: datetime) -> DocumentNumber:
    """Declares a reserved number void; it stays in the register with the reason, and is given to no other paper."""
    locked = _reserved(row)
    if not reason.strip():
        raise Refused(errors={"reason": [_("Say why the number is void.")]})
    locked.status, locked.voided_at, locked.voided_by_key = NumberStatus.VOID, at, by.get_username()
    locked.void_reason = reason.strip()
    save_checked(locked)
    return locked


def problems() -> Iterator[str]:
    """Names in sentences where a register has a gap, or a number another paper than it says. Two queries."""
    rows_with_papers = DocumentNumber.objects.select_related("document").defer("document__content")
    registers = NumberRegister.objects.order_by("pk").prefetch_related(Prefetch("numbers", rows_with_papers))
    for register in registers:
        rows = {row.number: row for row in register.numbers.all()}
        expected = range(register.first_number, register.last_number + 1)
        for number in sorted(rows.keys() ^ set(expected)):
            yield _("%(register)s of %(cluster)s: the number %(number)s is missing, or was never given.") % {
                "register": register,
                "cluster": register.cluster_key,
                "number": printed(number),
            }
        for row in rows.values():
            row.register = register
            if row.document is not None and not _belongs_to(row, row.document):
                yield _("%(register)s of %(cluster)s: the number %(number)s is not that of “%(document)s”.") % {
                    "register": register,
                    "cluster": register.cluster_key,
                    "number": printed(row.number),
                    "document": row.document,
                }


def _locked(series: Series, begin_at: int) -> NumberRegister:
    """The register of the series, locked. Whoever comes first makes it; others wait for that and find it."""
    keys = _of_register(series)
    rows = for_update(NumberRegister.objects).filter(**keys)
    if found := rows.first():
        return found
    first = max(begin_at, 1 + max(_heads(series), default=0))
    register = NumberRegister(**keys, first_number=first, last_number=first - 1)
    check_fields(register)
    NumberRegister.objects.bulk_create([register], ignore_conflicts=True)
    return rows.get()


def _append(
    register: NumberRegister,
    by: AbstractBaseUser,
    at: datetime,
    *,
    status: NumberStatus = NumberStatus.RESERVED,
    document: IssuedDocument | None = None,
    purpose: str = "",
) -> DocumentNumber:
    register.last_number += 1
    register.save(update_fields=["last_number"])
    row = DocumentNumber(
        register=register,
        number=register.last_number,
        status=status,
        document=document,
        purpose=purpose,
        reserved_at=at,
        reserved_by_key=by.get_username(),
    )
    save_checked(row)
    return row


def _reserved(row: DocumentNumber) -> DocumentNumber:
    locked = for_update(DocumentNumber.objects).select_related("register").get(pk=row.pk)
    if locked.status != NumberStatus.RESERVED:
        raise WrongState(
            _("The number %(number)s is %(status)s already.")
            % {"number": printed(locked.number), "status": locked.get_status_display()}
        )
    return locked


def _of_register(series: Series, prefix: str = "") -> dict[str, str]:
    return {f"{prefix}{name}": getattr(series, name) for name in ("cluster_key", "type_code", "period")}


def _papers(series: Series) -> QuerySet[IssuedDocument]:
    kinds = [kind for kind, of_type in PAPER_TYPES.items() if of_type.code == series.type_code]
    papers = IssuedDocument.objects.filter(cluster_key=series.cluster_key, year__in=series.years, kind__in=kinds)
    if series.dated_in is None:
        return papers
    return papers.filter(Q(dated_on__year=series.dated_in) | Q(dated_on=None, issued_at__year=series.dated_in))


def _heads(series: Series) -> list[int]:
    """The numbers that papers of the series bear, withdrawn ones too; of "15a" the 15."""
    found = map(number_in, _papers(series).values_list("number_symbol", flat=True))
    return [int(re.sub(r"\D", "", number)) for number in found if number]


def _papers_outside(series: Series) -> dict[int, IssuedDocument]:
    """Papers that were numbered by hand, by their numbers; of two with the same number the one in force."""
    held = DocumentNumber.objects.filter(document=OuterRef("pk"))
    outside = _papers(series).filter(~Exists(held)).defer("content").order_by("pk")
    papers = sorted(outside, key=lambda paper: paper.withdrawn_at is None)
    numbers = {number_in(paper.number_symbol): paper for paper in papers}
    return {int(number): paper for number, paper in numbers.items() if number.isdecimal()}


def _belongs_to(row: DocumentNumber, document: IssuedDocument) -> bool:
    register = row.register
    type_code = PAPER_TYPES[DocumentKind(document.kind)].code
    return (document.cluster_key, type_code, number_in(document.number_symbol)) == (
        register.cluster_key,
        register.type_code,
        printed(row.number),
    )
