"""How the rows of the permission matrix are written down.

A row names a route and says, for GET and for POST, what each relation of `security.md` 3 gets, in this order:

    anon of sg ot fo L D S R O

    Y  allowed: a page, a form shown again, or a redirect of the act
    L  the sign-in page        3  refused, 403        4  not known, 404
    M  wrong method, 405       W  wrong state, 409    A  sent to the front page of the admin

The expectation is typed by hand from the table, never taken from the code. POST sends `data` (nothing by default).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

RELATIONS = ("anon", "of", "sg", "ot", "fo", "L", "D", "S", "R", "O")

Values = Callable[[Any], dict[str, object]]


def _nothing(world) -> dict[str, object]:
    return {}


def of_the_year(world) -> dict[str, object]:
    return world.url_kwargs()


@dataclass(frozen=True)
class Row:
    get: str
    post: str
    kwargs: Values = of_the_year
    data: Values = _nothing
    # Addresses that do not exist for the secretariat of the first cluster: another cluster's, a missing one.
    unknown: list[Values] = field(default_factory=list)
    unknown_letters: str = "4"

    def __post_init__(self):
        for codes in (self.get, self.post):
            assert len(codes.split()) == len(RELATIONS), codes

    def cells(self) -> list[tuple[str, str, str]]:
        """The cells as (method, relation, expectation)."""
        lines = (("GET", self.get.split()), ("POST", self.post.split()))
        return [
            (method, relation, letter)
            for method, letters in lines
            for relation, letter in zip(RELATIONS, letters, strict=True)
        ]


def page(get: str, post: str = "L M M M M M M M M M", *, kwargs: Values = of_the_year, **more) -> Row:
    """A page of the year to read; POST is no method of it, even for strangers."""
    return Row(get, post, kwargs, **more)


def form(codes: str, *, kwargs: Values = of_the_year, **more) -> Row:
    """A form of the year: GET and POST are open to the same people."""
    return Row(codes, codes, kwargs, **more)


def act(codes: str, *, kwargs: Values = of_the_year, **more) -> Row:
    """An act without a page of its own: POST only."""
    return Row("L M M M M M M M M M", codes, kwargs, **more)


def and_pk(name: str, pk: Callable[[Any], object]) -> Values:
    """Adds a key to the address of a page of the year."""
    return lambda world: world.url_kwargs() | {name: pk(world)}


def admin_rows(
    model: str, row: Callable[[Any], Any], *, see: str, add: str = "", change: str = "", foreign=None
) -> dict[str, Row]:
    """The six addresses the admin makes for a model. `see`, `add` and `change` name relations with a blank between.

    Who has nothing to do in the admin at all, or not with this model, gets 403; nobody deletes.
    """

    def codes(allowed: str, denied: str = "3") -> str:
        chosen = allowed.split()
        return " ".join("L" if name == "anon" else "Y" if name in chosen else denied for name in RELATIONS)

    def of_the_row(world):
        return {"object_id": row(world).pk}

    unknown = [lambda world: {"object_id": 999_999_999}, lambda world: {"object_id": "x"}]
    if foreign is not None:
        unknown.append(lambda world: {"object_id": foreign(world).pk})
    nobody = codes("")
    return {
        f"admin:{model}_changelist": Row(codes(see), codes(see), _nothing),
        f"admin:{model}_add": Row(codes(add), codes(add), _nothing),
        f"admin:{model}_change": Row(codes(see), codes(change), of_the_row, unknown=unknown, unknown_letters="A3"),
        f"admin:{model}_history": Row(codes(see), codes(see), of_the_row, unknown=unknown, unknown_letters="A3"),
        f"admin:{model}_delete": Row(nobody, nobody, of_the_row),
    }
