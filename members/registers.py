"""The registers of numbers as a year keeps them: which papers are numbered together, and what was given."""

import re
from datetime import date

from django.db.models import Exists, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cluster_app.documents.enums import DocumentKind, NumberStatus
from cluster_app.documents.letterheads import PAPER_TYPES
from cluster_app.documents.models import DocumentNumber
from cluster_app.documents.numbering import Series
from cluster_app.lib.errors import Refused
from members.models import EmulationYear, YearRules

_YEAR = re.compile(r"\b20\d\d\b")


def period(year: EmulationYear, day: date | None = None) -> str:
    """The period in which a paper of the year that is dated `day` is numbered: a term, else the calendar year of that
    day (domain.md 6.3). Without a day the period after which the register of the year is named."""
    return year.rules.register_period or str(day.year if day else year.year)


def series(year: EmulationYear, kind: DocumentKind, day: date) -> Series:
    """The papers that are numbered together with the year's paper of this kind that is dated `day`. At most one query.

    Without an own register only the year's own papers count: those of other years may bear the numbers of another
    agency.
    """
    by_date = not year.rules.register_period
    return Series(
        cluster_key=year.cluster.slug,
        type_code=PAPER_TYPES[kind].code,
        period=period(year, day),
        years=_years_by_date(year) if by_date else _years_of_term(year),
        dated_in=day.year if by_date else None,
    )


def numbers_of(year: EmulationYear) -> list[DocumentNumber]:
    """The rows of `of_year`, by type of paper, the newest first. One query."""
    rows = of_year(year).select_related("register", "document").defer("document__content")
    return list(rows.order_by("register__type_code", "-register__period", "-number", "pk"))


def of_year(year: EmulationYear) -> QuerySet[DocumentNumber]:
    """The numbers that the register of the year shows: those of its term; else those of its calendar year and of the
    year's papers that are dated in another one. The calendar year before or after that is no year of the cluster has no
    register of its own and is shown here too."""
    rows = DocumentNumber.objects.filter(register__cluster_key=year.cluster.slug)
    if year.rules.register_period:
        return rows.filter(register__period=year.rules.register_period)
    shown = Q(register__period=str(year.year)) | Q(document__year=year.year)
    for beside in (year.year - 1, year.year + 1):
        has_own = Exists(EmulationYear.objects.filter(cluster=year.cluster_id, year=beside))
        shown |= Q(~has_own, register__period=str(beside))
    return rows.filter(shown)


def check_period(year: EmulationYear, named: str) -> None:
    """Raises Refused unless the year may number its papers through the period `named` from now on."""
    if _YEAR.fullmatch(named.strip()):
        sentence = _("Name a term, such as 2020-2025, or leave the period empty to number by the year.")
        raise Refused(errors={"register_period": [sentence]})
    open_numbers = of_year(year).filter(status=NumberStatus.RESERVED).count()
    if open_numbers and named != year.rules.register_period:
        sentence = ngettext(
            "%(count)d number of the period %(period)s is reserved. Use it or declare it void first.",
            "%(count)d numbers of the period %(period)s are reserved. Use them or declare them void first.",
            open_numbers,
        )
        raise Refused(errors={"register_period": [sentence % {"count": open_numbers, "period": period(year)}]})


def _years_by_date(year: EmulationYear) -> frozenset[int]:
    """The years whose papers are numbered together by their dates: those that name no term."""
    if not year.rules.own_register:
        return frozenset({year.year})
    rules = YearRules.objects.filter(year__cluster=year.cluster_id, register_period="")
    return frozenset(rules.values_list("year__year", flat=True))


def _years_of_term(year: EmulationYear) -> frozenset[int]:
    """The years of the term: those that name it, and those between its first and its last year that name none."""
    named = year.rules.register_period
    bounds = sorted(int(found) for found in _YEAR.findall(named))
    span = range(bounds[0], bounds[-1] + 1) if bounds else range(0)
    rules = YearRules.objects.filter(year__cluster=year.cluster_id).values_list("year__year", "register_period")
    return frozenset(number for number, of in rules if of == named or (not of and number in span)) | {year.year}
