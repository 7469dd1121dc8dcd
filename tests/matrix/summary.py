"""Permission matrix: the annual summary of a year that is not published. Typed by hand from security.md 3.

What opens once the year is published and the summary issued: tests/scoring/test_year_end_pages.py.
"""

from scoring.models import SummaryParagraph
from tests.matrix.shared import Row, act, form, page
from tests.scenarios import NOW


def prepare(world):
    """Rows that addresses of this file need, in both clusters."""
    for place in (world, world.foreign):
        SummaryParagraph.objects.create(
            year=place.year, key="III.1", text="Ưu điểm", updated_by=place.secretariat, updated_at=NOW
        )


def foreign_year(world):
    return world.foreign.url_kwargs()


def missing_year(world):
    return world.url_kwargs() | {"year": 2099}


def paragraph(world):
    return world.url_kwargs() | {"key": "III.1"}


def foreign_paragraph(world):
    return world.foreign.url_kwargs() | {"key": "III.1"}


def missing_paragraph(world):
    return world.url_kwargs() | {"key": "IX.9"}


UNKNOWN = {"unknown": [foreign_year, missing_year], "unknown_letters": "4M"}
UNKNOWN_PLACE = {"unknown": [foreign_paragraph, missing_paragraph], "unknown_letters": "4M"}

#                                      anon of sg ot fo L D S R O
ROWS: dict[str, Row] = {
    "scoring:summary": page(            "L 3 3 3 4 Y Y Y Y 4", **UNKNOWN),
    "scoring:summary_paragraphs": form( "L 3 3 3 4 Y 3 Y 3 4", **UNKNOWN),
    "scoring:summary_accept": act(      "L 3 3 3 4 W 3 W 3 4", kwargs=paragraph, **UNKNOWN_PLACE),  # no news
    "scoring:summary_issue": form(      "L 3 3 3 4 Y 3 Y 3 4", **UNKNOWN),
    "scoring:summary_withdraw": form(   "L 3 3 3 4 W 3 W 3 4", **UNKNOWN),  # nothing is issued
}  # fmt: skip
