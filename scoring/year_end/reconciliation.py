"""Recomputes every number of the finished annual summary from its list (features.md J10; domain.md 6.4: every number of
the text stands in a table).

It reads the very document that is going to be frozen. A table is added up from its rows; a sentence is held to the
annexes, and a number that no annex holds must be a figure of the records. Of what people typed by hand, what can only
mean one figure is held to the annexes too; preflight lists the rest as not verified.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest
from operator import itemgetter

from django.utils.translation import gettext as _

from cluster_app.documents.blocks import Block, Chart, Document, Heading, NumberedList, Paragraph, Table
from cluster_app.lib.wording import date_short
from scoring.year_end import claims, placeholders, typed_claims, vocabulary
from scoring.year_end.claims import Annexes
from scoring.year_end.figures import Figures
from scoring.year_end.recounting import differences, number_of
from scoring.year_end.skeleton import PARTS, places

_TOKEN = re.compile(r"\d\d/\d\d/\d{4}|\d+(?:\.\d{3})*(?:,\d+)?")
_ANNEX = re.compile(r"Phụ lục (\w+)")
# Wordings with a number that is no figure.
_WORDINGS = re.compile(r"sơ kết 6 tháng")
_TYPED_FIRST = frozenset(place.key for place in places() if place.figures_last)


@dataclass(frozen=True)
class Mismatch:
    """Two numbers that should be one: `said` stands in the paper at `where`, `found` was recomputed; it is empty where
    no list holds the number at all."""

    where: str
    said: str
    found: str
    row: str = ""
    column: str = ""

    @property
    def sentence(self) -> str:
        """What the person reads, with both numbers."""
        told = {"where": self.where, "row": self.row, "column": self.column, "said": self.said, "found": self.found}
        if self.row or self.column:
            text = _("%(where)s, row “%(row)s”, column “%(column)s”: printed is %(said)s, the rows give %(found)s.")
            return text % told
        if not self.found:
            return _("%(where)s: the text says %(said)s, which stands in no annex and in no figure.") % told
        return _("%(where)s: the text says %(said)s, the annexes give %(found)s.") % told


def mismatches(document: Document, figures: Figures, texts: Mapping[str, str]) -> list[Mismatch]:
    """Everything in the document that its lists do not give; `texts` are the typed paragraphs it was made from."""
    annexes = Annexes(document, figures)
    return [*_tables(document), *_between(annexes), *_sentences(document, annexes, texts)]


# --- Tables ---


def _tables(document: Document) -> Iterator[Mismatch]:
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table | Chart):
                name = section.annex.label if section.annex else _name(block)
                for one in differences(block):
                    yield Mismatch(name, one.said, one.found, one.row, one.column)


def _name(block: Table | Chart) -> str:
    return block.title if isinstance(block, Chart) else block.caption


def _between(annexes: Annexes) -> Iterator[Mismatch]:
    """The same figure in two annexes: occasions by level and by unit, points of the ranking and of the matrix."""
    by_level, by_unit = annexes.first("2"), annexes.first("2b")
    where = f"{annexes.label('2')} – {annexes.label('2b')}"
    for title in ("Tập thể", "Cá nhân"):
        if (count := by_level.sum_of(title)) != (counted := by_unit.sum_of(title)):
            yield Mismatch(where, str(count), str(counted), column=title)
    ranked = annexes.first("1")
    totals = [ranked.cell(row, ranked.titles.index("Tổng điểm")) for row in ranked.all_rows()]
    matrix = [text for sheet in annexes.sheets("7") for text in sheet.last_points()]
    where = f"{annexes.label('1')} – {annexes.label('7')}"
    pairs = zip_longest(totals, matrix, fillvalue="") if matrix else ()
    for place, (one, other) in enumerate(pairs, 1):
        if number_of(one) != number_of(other):
            yield Mismatch(where, one, other, row=str(place), column="Tổng điểm")


# --- Sentences ---


def _sentences(document: Document, annexes: Annexes, texts: Mapping[str, str]) -> Iterator[Mismatch]:
    figures = annexes.figures
    values = vocabulary.values(figures)
    typed = {key: _lines(placeholders.fill(text, values)) for key, text in texts.items()}
    known = _known(annexes, values)
    for key, mistake in typed_claims.mistakes(texts, values, annexes):
        yield Mismatch(_place(key), mistake.said, mistake.found)
    for key, sentence in _written(document, typed):
        yield from _references(key, sentence, annexes)
        mistakes, rest = claims.check(key, sentence, annexes)
        for mistake in mistakes:
            yield Mismatch(_place(key), mistake.said, mistake.found)
        for number in _TOKEN.findall(_WORDINGS.sub("", _ANNEX.sub("", rest))):
            if number not in known:
                yield Mismatch(_place(key), number, "")


def _written(document: Document, typed: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """The sentences that the records wrote: all but the typed ones, which stand together before or after them. One that
    reads like a typed one is held to the annexes all the same."""
    for key, found in groupby(_by_place(document), key=itemgetter(0)):
        sentences = [sentence for _key, sentence in found]
        lines = typed.get(key, ())
        starts = range(len(sentences) - len(lines) + 1)
        for start in starts if key in _TYPED_FIRST else reversed(starts):
            if all(map(_is_typed, lines, sentences[start:])):
                del sentences[start : start + len(lines)]
                break
        yield from ((key, sentence) for sentence in sentences)


def _is_typed(line: str, sentence: str) -> bool:
    return sentence in (line, line.removeprefix("-").strip())


def _by_place(document: Document) -> Iterator[tuple[str, str]]:
    """The sentences of the report with the key of their place; those before the first heading have none."""
    part, place = -1, 0
    for block in document.sections[0].blocks:
        if isinstance(block, Heading):
            part, place = (part + 1, 0) if block.level == 1 else (part, place + 1)
            continue
        alone = part >= 0 and len(PARTS[part].places) == 1
        key = PARTS[part].places[0 if alone else place - 1].key if part >= 0 else ""
        for text in _texts(block):
            yield key, text.replace("\u00a0", " ").strip()


def _texts(block: Block) -> tuple[str, ...]:
    if isinstance(block, Paragraph):
        return ("".join(run.text for run in block.runs),)
    return block.items if isinstance(block, NumberedList) else ()


def _lines(text: str) -> list[str]:
    return [line for typed in text.splitlines() if (line := typed.replace("\u00a0", " ").strip())]


def _references(key: str, sentence: str, annexes: Annexes) -> Iterator[Mismatch]:
    """A sentence refers to annexes that are there."""
    there = {label.casefold() for label in annexes.labels}
    for match in _ANNEX.finditer(sentence):
        if match[0].casefold() not in there:
            yield Mismatch(_place(key), match[0], "")


def _place(key: str) -> str:
    return _("Section %(key)s") % {"key": key} if key else _("Opening")


def _known(annexes: Annexes, values: Mapping[str, str]) -> set[str]:
    """Every number that an annex, a figure, or a text of the records holds."""
    texts = [*values.values(), *_record_texts(annexes.figures)]
    for sheet in annexes.all_sheets():
        texts += [cell for row in sheet.table.rows for cell in row.cells]
        texts += sheet.table.notes
    return {number for text in texts for number in _TOKEN.findall(text)}


def _record_texts(figures: Figures) -> Iterator[str]:
    """Names, numbers and days as the records of year, meetings and pledge spell them."""
    year = figures.year
    yield from (year.cluster.name, year.cluster.founding_number, year.regulation_number, year.plan_number)
    yield from (year.leader_title, year.deputy_title, figures.next_leader.title, figures.next_deputy.title)
    yield from (member.name for member in year.roster())
    days = [year.cluster.founded_on, year.regulation_on, year.plan_on, *(one.held_on for one in figures.meetings)]
    yield from (date_short(day) for day in days if day)
    tally = figures.tally
    yield from (date_short(tally.counted_from), date_short(tally.counted_to), str(tally.previous_year))
    for meeting in figures.meetings:
        yield meeting.place
        yield from (text for one in meeting.resolutions.all() for text in (one.vote, one.text))
