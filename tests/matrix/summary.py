"""Permission matrix: the annual summary of a year that is not published. Typed by hand from security.md 3.

What opens once the year is published and the summary issued: tests/scoring/test_year_end_pages.py.
"""

from tests.matrix.shared import Row, form, page


def prepare(world):
    """Rows that addresses of this file need, in both clusters."""


def foreign_year(world):
    return world.foreign.url_kwargs()


def missing_year(world):
    return world.url_kwargs() | {"year": 2099}


UNKNOWN = {"unknown": [foreign_year, missing_year], "unknown_letters": "4M"}

#                                      anon of sg ot fo L D S R O
ROWS: dict[str, Row] = {
    "scoring:summary": page(            "L 3 3 3 4 Y Y Y Y 4", **UNKNOWN),
    "scoring:summary_paragraphs": form( "L 3 3 3 4 Y 3 Y 3 4", **UNKNOWN),
    "scoring:summary_issue": form(      "L 3 3 3 4 Y 3 Y 3 4", **UNKNOWN),
    "scoring:summary_withdraw": form(   "L 3 3 3 4 W 3 W 3 4", **UNKNOWN),  # nothing is issued
}  # fmt: skip
