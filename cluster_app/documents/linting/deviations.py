"""A deviation: what a paper has otherwise than its form asks, and where."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from cluster_app.documents.linting.reading import Line


class Level(StrEnum):
    """A fault is against the form; advice is what a person should look at."""

    FAULT = "fault"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Deviation:
    """`page` is 0 where the file does not tell it; `found` and `asked` are sentences in the language of the reader."""

    code: str
    page: int
    found: str
    asked: str
    level: Level = Level.FAULT


def at(line: Line, code: str, found: str, asked: str, level: Level = Level.FAULT) -> Deviation:
    """A deviation of one line of the paper."""
    return Deviation(code, line.page, found, asked, level)


def quoted(text: str) -> str:
    """The text as it is shown in a sentence, cut where it is long."""
    short = " ".join(text.split())
    return f"“{short[:80]}…”" if len(short) > 80 else f"“{short}”"


def missing(code: str, what: str, level: Level = Level.FAULT) -> Deviation:
    return Deviation(code, 1, _("not found"), what, level)
