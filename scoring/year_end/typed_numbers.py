"""Numbers typed by hand into a paragraph: those that a figure already says, and those that nobody can check."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from scoring.year_end import placeholders

# A number as papers write it; what hangs on a letter (COVID-19, K3) or is a date is none.
NUMBER = re.compile(r"(?<![\w/,.])(?<!\w-)\d+(?:[.,]\d+)*(?![\w/])(?!-\w)")
_YEAR = re.compile(r"(?:19|20)\d\d")
# Below it a number says too little by itself: then the word behind it must be the figure's unit of measure.
_TELLING = 10


@dataclass(frozen=True)
class TypedNumber:
    """A number as typed; `name` is the figure that says the same, empty where none does."""

    text: str
    name: str


def typed_numbers(text: str, values: Mapping[str, str]) -> list[TypedNumber]:
    """The numbers of a text that do not come from a placeholder, each once. Years and dates are left out."""
    found: dict[TypedNumber, None] = {}
    spoken = placeholders.spoken(text)
    for match in NUMBER.finditer(spoken):
        if not _YEAR.fullmatch(match[0]):
            found[TypedNumber(match[0], _name_of(match[0], spoken[match.end() :], values))] = None
    return list(found)


def _name_of(number: str, rest: str, values: Mapping[str, str]) -> str:
    """The figure whose value begins with the number, one with the same unit of measure first."""
    same = {name: value.partition(" ")[2] for name, value in values.items() if value.partition(" ")[0] == number}
    following = rest.lstrip().casefold()
    fitting = [name for name, unit in same.items() if unit and following.startswith(unit.casefold())]
    if fitting:
        return max(fitting, key=lambda name: len(same[name]))
    is_telling = not number.isdecimal() or int(number) >= _TELLING
    return next(iter(same), "") if is_telling else ""
