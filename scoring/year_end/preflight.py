"""What stands between the annual summary and its issue: the same list on page, button and refusal (features.md J9).

A red finding blocks the official edition and nothing else; a yellow one is worth a look. The draft prints at any time.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from awards.queries import reconcile, unconfirmed_counts
from cluster_app.documents import letterheads
from cluster_app.documents.models import IssuedDocument
from cluster_app.lib.wording import date_short
from scoring.enums import CardStatus, ObjectionStatus
from scoring.models import Objection, SummaryParagraph
from scoring.year_end import placeholders, vocabulary
from scoring.year_end.figures import Figures
from scoring.year_end.placeholders import Change
from scoring.year_end.skeleton import places
from scoring.year_end.typed_numbers import TypedNumber, typed_numbers

BLOCK, WARN, OK = "block", "warn", "ok"
PARAGRAPHS = "scoring:summary_paragraphs"
# Open to those alone who set the year up.
SETUP_PAGES = {"members:year_setup", "members:year_edit", "members:rules_edit"}

Paragraphs = Mapping[str, SummaryParagraph]


@dataclass(frozen=True)
class Finding:
    """One sentence; `page` is the URL name of the page of the year where it is mended, `place` the part of it."""

    level: str
    text: str
    page: str = ""
    place: str = ""


def findings(
    figures: Figures, paragraphs: Paragraphs, *, on: date, issued: IssuedDocument | None = None
) -> list[Finding]:
    """Everything worth knowing before the summary is issued on that day: what blocks it first, then what is worth a
    look. `issued` is the edition in force."""
    values = vocabulary.values(figures)
    return [
        *_after_withdrawal(figures, issued),
        *blocking(figures, paragraphs),
        *_people_and_papers(figures),
        *_texts_worth_a_look(paragraphs, values),
        *_head_worth_a_look(figures, on),
    ]


def blocking(figures: Figures, paragraphs: Paragraphs) -> list[Finding]:
    """What must be mended before the official edition can be issued."""
    values = vocabulary.values(figures)
    return [*_records(figures), *_required_texts(figures, paragraphs), *_placeholders(paragraphs, values)]


def grounds_after(figures: Figures, dated_on: date) -> list[str]:
    """The grounds that the opening names and that are younger than the report (domain.md rule 30): a sentence each."""
    year = figures.year
    days = (
        (_("founding decision"), year.cluster.founding_number, year.cluster.founded_on),
        (_("regulations"), year.regulation_number, year.regulation_on),
        (_("plan of the year"), year.plan_number, year.plan_on),
    )
    text = _("The report is dated before its ground: %(ground)s %(number)s of %(day)s.")
    return [
        text % {"ground": ground, "number": number, "day": date_short(day)}
        for ground, number, day in days
        if number and day is not None and day > dated_on
    ]


def head_of(issued: IssuedDocument) -> str:
    """Number and date of the edition as a sentence names them; what was left to the pen is said."""
    told = {"number": issued.number_symbol, "day": date_short(issued.dated_on) if issued.dated_on else ""}
    if issued.number_symbol.startswith(letterheads.NUMBER_ROOM):
        text = _("of %(day)s (number left to the pen)") if issued.dated_on else _("(number and date left to the pen)")
    else:
        text = _("%(number)s of %(day)s") if issued.dated_on else _("%(number)s (date left to the pen)")
    return text % told


# --- Red ---


def _after_withdrawal(figures: Figures, issued: IssuedDocument | None) -> Iterator[Finding]:
    if issued is not None and not figures.year.is_published:
        text = _("The results were withdrawn after the official edition %(paper)s was issued: withdraw it too.")
        yield Finding(BLOCK, text % {"paper": head_of(issued)}, "scoring:summary_withdraw")


def _records(figures: Figures) -> Iterator[Finding]:
    year = figures.year
    if not year.is_published:
        yield Finding(BLOCK, _("The results of the year are not published yet."), "scoring:ranking")
    yield from _cards(figures)
    if figures.leader is None:
        yield Finding(BLOCK, _("No unit leads in this year; nobody can sign."), "members:year_setup")
    if figures.conference is None:
        text = _("The year-end conference and what it settled are not recorded yet.")
        yield Finding(BLOCK, text, "members:conference")
    if not (year.cluster.founding_number and year.cluster.founded_on):
        # features.md A2: the report prints the founding decision as its legal basis.
        text = _("The founding decision of the cluster lacks its number or date. An administrator enters it.")
        yield Finding(BLOCK, text)
    for sentence in reconcile(year):
        yield Finding(BLOCK, sentence, "awards:commendation_tally")


def _cards(figures: Figures) -> Iterator[Finding]:
    units = [row.unit for row in figures.scores.rows if row.unit.membership.is_ranked]
    missing = [unit.membership.name for unit in units if unit.card is None]
    waiting = [unit.membership.name for unit in units if unit.card and unit.card.status != CardStatus.APPROVED]
    if missing:
        text = _("No score card: %(units)s.") % {"units": ", ".join(missing)}
        yield Finding(BLOCK, text, "scoring:scorecard_list")
    if waiting:
        text = _("Score card not approved: %(units)s.") % {"units": ", ".join(waiting)}
        yield Finding(BLOCK, text, "scoring:scorecard_list")
    open_ones = Objection.objects.filter(line__scorecard__membership__year=figures.year, status=ObjectionStatus.OPEN)
    if count := open_ones.count():
        text = ngettext(
            "%(count)d objection to points is not settled.", "%(count)d objections to points are not settled.", count
        )
        yield Finding(BLOCK, text % {"count": count}, "scoring:objection_list")


def _required_texts(figures: Figures, paragraphs: Paragraphs) -> Iterator[Finding]:
    if unwritten := [place for place in places() if place.is_required and not _text(paragraphs, place.key)]:
        titles = "; ".join(f"{place.key}. {place.title.format(**figures.words())}" for place in unwritten)
        yield Finding(BLOCK, _("Not written yet: %(places)s.") % {"places": titles}, PARAGRAPHS, unwritten[0].key)


def _placeholders(paragraphs: Paragraphs, values: Mapping[str, str]) -> Iterator[Finding]:
    for place in places():
        paragraph = paragraphs.get(place.key)
        if paragraph is None:
            continue
        for sentence in placeholders.problems(paragraph.text, values):
            yield Finding(BLOCK, f"{place.key}. {sentence}", PARAGRAPHS, place.key)
        if names := placeholders.without_figure(paragraph.text, values):
            text = _("%(place)s. There is no figure yet for: %(names)s.")
            yield Finding(BLOCK, text % {"place": place.key, "names": _braced(names)}, PARAGRAPHS, place.key)
        known = [change for change in placeholders.changes(paragraph.text, paragraph.figures, values) if change.new]
        if known:
            text = _("%(place)s. The figures changed since the paragraph was written: %(changes)s.")
            told = {"place": place.key, "changes": "; ".join(map(change_sentence, known))}
            yield Finding(BLOCK, text % told, PARAGRAPHS, place.key)


def change_sentence(change: Change) -> str:
    """A changed figure with its old and its new value."""
    return f"{{{change.name}}}: {change.old or _('(not seen yet)')} → {change.new or _('(no such figure)')}"


# --- Yellow ---


def _people_and_papers(figures: Figures) -> Iterator[Finding]:
    if waiting := sum(unconfirmed_counts(figures.year).values()):
        text = ngettext(
            "%(count)d occasion waits for the secretariat's check and is not counted.",
            "%(count)d occasions wait for the secretariat's check and are not counted.",
            waiting,
        )
        yield Finding(WARN, text % {"count": waiting}, "awards:commendation_confirm")
    unsigned = [row.membership.name for row in figures.pledge.board if row.signature is None] if figures.pledge else []
    if figures.pledge is None:
        yield Finding(WARN, _("The year has no pledge."), "awards:pledge_detail")
    elif unsigned:
        text = _("The pledge is not signed by: %(units)s.") % {"units": ", ".join(unsigned)}
        yield Finding(WARN, text, "awards:pledge_detail")
    if figures.conference is not None and not figures.exemplary:
        yield Finding(WARN, _("The conference named no exemplary unit."), "members:conference")
    if figures.conference is not None and not figures.next_leader.resolutions:
        text = _("The conference named no %(title)s of the next year.") % {"title": figures.next_leader.title}
        yield Finding(WARN, text, "members:conference")
    if figures.signer is None:
        text = _("No signatory of the leading unit is recorded; the office under the signature is empty.")
        yield Finding(WARN, text, "members:year_setup")


def _texts_worth_a_look(paragraphs: Paragraphs, values: Mapping[str, str]) -> Iterator[Finding]:
    if unwritten := [place.key for place in places() if place.stock and not _text(paragraphs, place.key)]:
        text = _("Not written; a general sentence stands there: %(places)s.") % {"places": ", ".join(unwritten)}
        yield Finding(WARN, text, PARAGRAPHS, unwritten[0])
    unchecked: dict[str, Sequence[TypedNumber]] = {}
    for place in places():
        typed = typed_numbers(_text(paragraphs, place.key), values)
        for number in typed:
            if number.name:
                text = _("%(place)s. %(number)s is typed by hand; let the placeholder {%(name)s} say it.")
                told = {"place": place.key, "number": number.text, "name": number.name}
                yield Finding(WARN, text % told, PARAGRAPHS, place.key)
        if others := [number for number in typed if not number.name]:
            unchecked[place.key] = others
    if unchecked:
        listed = "; ".join(f"{key}: {', '.join(one.text for one in numbers)}" for key, numbers in unchecked.items())
        text = _("Numbers typed by hand, which nobody can check against the records: %(numbers)s.")
        yield Finding(WARN, text % {"numbers": listed}, PARAGRAPHS, next(iter(unchecked)))


def _head_worth_a_look(figures: Figures, on: date) -> Iterator[Finding]:
    year, rules = figures.year, figures.year.rules
    lacking = [
        ground
        for ground, number, day in (
            (_("regulations"), year.regulation_number, year.regulation_on),
            (_("plan of the year"), year.plan_number, year.plan_on),
        )
        if not (number and day)
    ]
    if lacking:
        text = _("The opening lacks number or date of: %(grounds)s.") % {"grounds": ", ".join(lacking)}
        yield Finding(WARN, text, "members:year_edit")
    if not (figures.paper.recipients.strip() or year.recipients.strip()):
        yield Finding(WARN, _("No recipients are given; only the archive stands there."), "members:year_edit")
    if rules.tally_to > on:
        text = _("Commendations are counted to %(day)s; those still to be decided until then are not in the report.")
        yield Finding(WARN, text % {"day": date_short(rules.tally_to)}, "members:rules_edit")
    if year.cluster.is_illustrative:
        yield Finding(WARN, _("The data of this cluster are illustrative; every page says so."))


def _text(paragraphs: Paragraphs, key: str) -> str:
    return paragraphs[key].text.strip() if key in paragraphs else ""


def _braced(names: Sequence[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
