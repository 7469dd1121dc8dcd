"""Permission matrix: the home page of a year. Typed by hand from security.md 3."""

from tests.matrix.shared import Row, page


def prepare(world):
    """Rows that addresses of this file need, in both clusters."""


def foreign_year(world):
    return world.foreign.url_kwargs()


def missing_year(world):
    return world.url_kwargs() | {"year": 2099}


#                                     anon of sg ot fo L D S R O
ROWS: dict[str, Row] = {
    "scoring:home": page(            "L Y Y Y 4 Y Y Y Y Y", unknown=[foreign_year, missing_year],
                                     unknown_letters="4M"),
}  # fmt: skip
