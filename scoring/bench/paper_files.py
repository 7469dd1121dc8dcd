"""What papers cost as files: the annual summary beside the typesetting alone, the cards of many units, a workbook."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils.translation import gettext as _

from cluster_app.documents import pdf
from members.addresses import year_url
from scoring import papers, sheets
from scoring.bench.pages import Limits, Subject, WrongPage
from scoring.bench.seeding import REVIEWED_AT, Seeded
from scoring.bench.visitor import Visitor
from scoring.models import Scorecard
from scoring.year_end import pages, workbook

CARDS = 60
_PDF, _PACKED = b"%PDF", b"PK"
_MATRIX = "7"


def alone(seeded: Seeded) -> Subject:
    """The typesetting of the annual summary alone, with another title each time, so that nothing is kept of it."""
    data = pdf.data_of(pages.draft(seeded.year, None, REVIEWED_AT).document)
    numbers = count()

    def run() -> bytes:
        return pdf.compiled(data.replace('"title":"', f'"title":"{next(numbers)} ', 1))

    return Subject(_("annual summary, typesetting alone"), run, _checked(_PDF))


def papers_of(seeded: list[Seeded]) -> Iterator[Subject]:
    """The requests of the secretariat for the first cluster's summary, and the cards of all clusters together."""
    secretary, url = Visitor(seeded[0].secretariat), year_url("scoring:summary", seeded[0].year)
    pdf_limits, word_limits = Limits(cpu=Decimal(3), milliseconds=500), Limits(milliseconds=300)
    check_pdf, check_packed = _checked(_PDF), _checked(_PACKED)
    yield Subject(_("annual summary as PDF"), lambda: secretary.get(f"{url}?format=pdf").content, check_pdf, pdf_limits)
    yield Subject(
        _("annual summary as Word"), lambda: secretary.get(f"{url}?format=docx").content, check_packed, word_limits
    )
    yield Subject(_("60 unit cards as PDF"), _cards(seeded), _all_checked, Limits(milliseconds=3000))
    summary = pages.draft(seeded[0].year, None, REVIEWED_AT).document
    yield Subject(
        _("matrix as Excel"),
        lambda: workbook.write(summary, at=REVIEWED_AT, only=_MATRIX),
        check_packed,
        Limits(milliseconds=12),
    )


def _cards(seeded: list[Seeded]) -> Callable[[], list[bytes]]:
    keys = [card.pk for one in seeded for card in one.cards][:CARDS]

    def run() -> list[bytes]:
        cards = Scorecard.objects.filter(pk__in=keys).select_related("membership__year__cluster", "membership__unit")
        return [pdf.render(papers.scorecard_paper(sheets.load(card), None)) for card in cards.order_by("pk")]

    return run


def _checked(start: bytes) -> Callable[[Any], None]:
    def check(content: bytes) -> None:
        if not content.startswith(start):
            raise WrongPage(_("What came is not the paper that was asked for."))

    return check


def _all_checked(contents: list[bytes]) -> None:
    for content in contents:
        _checked(_PDF)(content)
