"""The registers of numbers as a year keeps them: which papers are numbered together, and what was given."""

import re

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cluster_app.documents.enums import DocumentKind, NumberStatus
from cluster_app.documents.letterheads import PAPER_TYPES
from cluster_app.documents.models import DocumentNumber
from cluster_app.documents.numbering import Series
from cluster_app.lib.errors import Refused
from members.models import EmulationYear, YearRules

_YEAR = re.compile(r"\b20\d\d\b")


def period(year: EmulationYear) -> str:
    """The period through which the numbers of the year run on: a term, else the year itself."""
    return year.rules.register_period or str(year.year)


def series(year: EmulationYear, kind: DocumentKind) -> Series:
    """The papers that are numbered together with the year's papers of this kind. One query in a period of years."""
    return Series(
        cluster_key=year.cluster.slug,
        type_code=PAPER_TYPES[kind].code,
        period=period(year),
        years=_years(year),
    )


def numbers_of(year: EmulationYear) -> list[DocumentNumber]:
    """Every number that was given in the period of the year, by type of paper, the newest first. One query."""
    rows = _of_period(year).select_related("register", "document").defer("document__content")
    return list(rows.order_by("register__type_code", "-number", "pk"))


def check_period(year: EmulationYear, named: str) -> None:
    """Raises Refused unless the year may number its papers through the period `named` from now on."""
    if _YEAR.fullmatch(named.strip()):
        sentence = _("Name a term, such as 2020-2025, or leave the period empty to number by the year.")
        raise Refused(errors={"register_period": [sentence]})
    open_numbers = _of_period(year).filter(status=NumberStatus.RESERVED).count()
    if open_numbers and named != year.rules.register_period:
        sentence = ngettext(
            "%(count)d number of the period %(period)s is reserved. Use it or declare it void first.",
            "%(count)d numbers of the period %(period)s are reserved. Use them or declare them void first.",
            open_numbers,
        )
        raise Refused(errors={"register_period": [sentence % {"count": open_numbers, "period": period(year)}]})


def _of_period(year: EmulationYear) -> QuerySet[DocumentNumber]:
    return DocumentNumber.objects.filter(register__cluster_key=year.cluster.slug, register__period=period(year))


def _years(year: EmulationYear) -> frozenset[int]:
    """The years of the period: those that name it, and those between its first and its last year that name none."""
    named = year.rules.register_period
    if not named:
        return frozenset({year.year})
    bounds = sorted(int(found) for found in _YEAR.findall(named))
    span = range(bounds[0], bounds[-1] + 1) if bounds else range(0)
    rules = YearRules.objects.filter(year__cluster=year.cluster_id).values_list("year__year", "register_period")
    return frozenset(number for number, of in rules if of == named or (not of and number in span)) | {year.year}
