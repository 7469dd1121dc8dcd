"""Rules for the head of the first page: national title, issuer, number, place and date, name of the paper."""

import re
import unicodedata
from collections.abc import Iterator

from django.utils.translation import gettext as _

from cluster_app.documents.blocks import LetterheadKind
from cluster_app.documents.linting.anatomy import TITLES, Anatomy
from cluster_app.documents.linting.demands import Demands, Range
from cluster_app.documents.linting.deviations import Deviation, at, missing, quoted
from cluster_app.documents.linting.reading import Line
from cluster_app.documents.linting.sheet_rules import between, points, range_text
from cluster_app.documents.typefaces import width

_DATE = re.compile(r"(?P<place>.*?),\s*ngày(?P<day>.*?)tháng(?P<month>.*?)năm(?P<year>.*)", re.DOTALL)
_ROOM = re.compile(r"[\s\u00a0.…_]*")
_POINTS_OF_MM = 72 / 25.4
# What a letter of the body's size is wider in a face that is no double of Times New Roman is not known here.
_ROOM_SLACK_MM = 4


def check(found: Anatomy, kind: LetterheadKind, demands: Demands) -> Iterator[Deviation]:
    yield from _national(found, kind, demands)
    yield from _issuer(found, demands)
    yield from _number(found, demands)
    yield from _place_date(found, demands)
    if not found.is_letter:
        yield from _name(found, demands)


def size_of(line: Line, code: str, allowed: Range) -> Iterator[Deviation]:
    """Whether the line is set in a size that the form allows."""
    if not between(line.size, allowed):
        yield at(line, code, f"{quoted(line.text)}: {points(line.size)}", range_text(allowed, "pt"))


def _national(found: Anatomy, kind: LetterheadKind, demands: Demands) -> Iterator[Deviation]:
    titles = TITLES[kind]
    if found.kind != kind:
        yield missing("national_title", quoted(titles[0]))
        return
    if len(found.national) != len(titles) or any(not _fits(line) for line in found.national):
        said = " / ".join(line.text for line in found.national)
        asked = _("each on one line: %(titles)s") % {"titles": " / ".join(titles)}
        yield at(found.national[0], "national_title_lines", quoted(said), asked)
        return
    for line, title, allowed in zip(found.national, titles, demands.titles, strict=True):
        if line.text != title:
            yield at(line, "national_title_words", quoted(line.text), quoted(title))
        if not line.bold:
            yield at(line, "national_title_bold", quoted(line.text), _("bold"))
        yield from size_of(line, "national_title_size", allowed)


def _fits(line: Line) -> bool:
    """Whether the title stands on one line: a Word file tells only how wide its cell is."""
    if "\n" in line.text:
        return False
    needed = width(line.text, size=line.size, bold=line.bold) / _POINTS_OF_MM
    return not line.room_mm or needed <= line.room_mm + _ROOM_SLACK_MM


def _issuer(found: Anatomy, demands: Demands) -> Iterator[Deviation]:
    if not found.issuer:
        yield missing("issuer", _("the issuing body in bold capitals on the left"))
    for line in found.issuer:
        if not line.is_capital:
            yield at(line, "issuer_capitals", quoted(line.text), _("capitals"))
        yield from size_of(line, "issuer_size", demands.issuer)
    if found.issuer and not found.issuer[-1].bold:
        yield at(found.issuer[-1], "issuer_bold", quoted(found.issuer[-1].text), _("bold"))
    if len(found.issuer) > 1 and found.issuer[0].bold and found.issuer[-1].bold and _is_superior(found.issuer[0]):
        yield at(found.issuer[0], "superior_bold", quoted(found.issuer[0].text), _("not bold"))
    if demands.has_asterisk and found.asterisk is None:
        yield missing("asterisk", _("an asterisk between the issuing body and the number"))
    if not demands.has_asterisk and found.asterisk is not None:
        yield at(found.asterisk, "asterisk", quoted("*"), _("no asterisk in a paper of the State"))


def _is_superior(line: Line) -> bool:
    """A Word file has the issuer in one paragraph, so a first one is the body above it; a PDF may break one name."""
    return not line.page


def _number(found: Anatomy, demands: Demands) -> Iterator[Deviation]:
    line = found.number
    if line is None:
        yield missing("number", quoted(demands.number_example))
        return
    if not demands.number_pattern.fullmatch(unicodedata.normalize("NFC", line.text)):
        asked = _("such as %(example)s, with or without a number") % {"example": quoted(demands.number_example)}
        yield at(line, "number_form", quoted(line.text), asked)
    yield from size_of(line, "number_size", demands.number)


def _place_date(found: Anatomy, demands: Demands) -> Iterator[Deviation]:
    line = found.place_date
    if line is None:
        yield missing("place_date", quoted("Lạng Sơn, ngày 05 tháng 02 năm 2026"))
        return
    parts = _DATE.fullmatch(line.text)
    if parts is None or not parts["place"].strip():
        yield at(line, "place_date_form", quoted(line.text), quoted("Lạng Sơn, ngày 05 tháng 02 năm 2026"))
    else:
        yield from _date_parts(line, *(parts[name].strip() for name in ("day", "month", "year")))
    if not line.italic:
        yield at(line, "place_date_italic", quoted(line.text), _("italics"))
    yield from size_of(line, "place_date_size", demands.place_date)


def _date_parts(line: Line, day: str, month: str, year: str) -> Iterator[Deviation]:
    """A zero stands before days under 10 and the months 1 and 2, before no other; room for the pen is allowed."""
    if not _ROOM.fullmatch(day) and not re.fullmatch(r"0[1-9]|[12]\d|3[01]", day):
        yield at(line, "date_day", quoted(day), _("the day in two digits, 01 to 31"))
    if not _ROOM.fullmatch(month) and not re.fullmatch(r"0[12]|[3-9]|1[0-2]", month):
        yield at(line, "date_month", quoted(month), _("the month as 01, 02, 3 to 12"))
    if not _ROOM.fullmatch(year) and not re.fullmatch(r"\d{4}", year):
        yield at(line, "date_year", quoted(year), _("the year in four digits"))


def _name(found: Anatomy, demands: Demands) -> Iterator[Deviation]:
    line = found.name
    if line is None:
        yield missing("name", _("the type of the paper in bold capitals in the middle"))
        return
    if not line.is_capital:
        yield at(line, "name_capitals", quoted(line.text), _("capitals"))
    if not line.bold:
        yield at(line, "name_bold", quoted(line.text), _("bold"))
    if not line.is_centred:
        yield at(line, "name_centred", quoted(line.text), _("in the middle of the sheet"))
    yield from size_of(line, "name_size", demands.name)
    for about in found.summary:
        if about.is_capital:
            yield at(about, "summary_capitals", quoted(about.text), _("small letters"))
        yield from size_of(about, "summary_size", demands.summary)
    if found.summary and demands.has_dashes != (found.dashes is not None):
        asked = _("five dashes below") if demands.has_dashes else _("a rule, no dashes")
        yield at(found.summary[-1], "summary_rule", quoted(found.dashes.text if found.dashes else ""), asked)
