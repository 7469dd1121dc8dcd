"""The page on which the paragraphs of the annual summary are written: what stands around each text."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from cluster_app.lib.wording import roman, whole_number
from members.addresses import year_url
from scoring.models import SummaryParagraph
from scoring.year_end import placeholders, vocabulary
from scoring.year_end.figures import Figures
from scoring.year_end.forms import LONGEST_TEXT, ParagraphsForm
from scoring.year_end.placeholders import Change
from scoring.year_end.services.paragraphs import token_of
from scoring.year_end.skeleton import PARTS, Part, Place
from scoring.year_end.summary import written_text


@dataclass(frozen=True)
class Mark:
    """How far a paragraph is: `css` is a class of the status badge."""

    css: str
    text: str


@dataclass(frozen=True)
class Card:
    """One place: its text, what stands there by itself before or after it, how it will print, what changed in it."""

    key: str
    anchor: str
    title: str
    mark: Mark
    text: forms.BoundField
    token: forms.BoundField
    written_before: str
    written_after: str
    hint: str
    count: str
    preview: tuple[str, ...]
    changes: tuple[Change, ...]
    accept_url: str
    seen: str


@dataclass(frozen=True)
class CardPart:
    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Pick:
    """A figure that can be put into a text: as it is written there, and what it prints."""

    placeholder: str
    value: str


@dataclass(frozen=True)
class PickGroup:
    title: str | Promise
    picks: tuple[Pick, ...]


def context(form: ParagraphsForm, figures: Figures, *, is_issued: bool) -> dict[str, object]:
    """Everything the page shows."""
    values = vocabulary.values(figures)
    parts = tuple(_part(number, part, form, figures, values) for number, part in enumerate(PARTS, 1))
    return {
        "form": form,
        "parts": parts,
        "accepts": [card for part in parts for card in part.cards if card.changes],
        "groups": [
            PickGroup(group.title, tuple(Pick(f"{{{name}}}", value) for name, value in group.figures))
            for group in vocabulary.groups(figures)
        ],
        "longest": LONGEST_TEXT,
        "is_issued": is_issued,
        "summary_url": year_url("scoring:summary", figures.year),
    }


def anchor(key: str) -> str:
    """The name of a place in the address of the page."""
    return f"p-{key.replace('.', '-')}"


def _part(number: int, part: Part, form: ParagraphsForm, figures: Figures, values: Mapping[str, str]) -> CardPart:
    title = f"{roman(number)}. {part.title.format(**figures.words())}"
    return CardPart(title, tuple(_card(place, form, figures, values) for place in part.places))


def _card(place: Place, form: ParagraphsForm, figures: Figures, values: Mapping[str, str]) -> Card:
    paragraph = form.present.get(place.key)
    changes = _changes(paragraph, values)
    text, token = form.fields_of(place.key)
    typed = str(text.value() or "")
    written = written_text(place, figures)
    return Card(
        key=place.key,
        anchor=anchor(place.key),
        title=f"{place.key}. {place.title.format(**figures.words())}",
        mark=_mark(place, typed, bool(written), bool(changes)),
        text=text,
        token=token,
        written_before="" if place.figures_last else written,
        written_after=written if place.figures_last else "",
        hint="" if typed.strip() else _hint(place, written, figures),
        count=_("%(count)s of %(longest)s characters") % _lengths(typed),
        preview=tuple(line.strip() for line in placeholders.fill(typed, values).splitlines() if line.strip()),
        changes=changes,
        accept_url=year_url("scoring:summary_accept", figures.year, key=place.key),
        seen=token_of(paragraph, values) if paragraph and changes else "",
    )


def _changes(paragraph: SummaryParagraph | None, values: Mapping[str, str]) -> tuple[Change, ...]:
    """Those that a person can accept: a name that is gone must be written anew."""
    if paragraph is None or placeholders.problems(paragraph.text, values):
        return ()
    return tuple(placeholders.changes(paragraph.text, paragraph.figures, values))


def _mark(place: Place, typed: str, stands_by_itself: bool, is_stale: bool) -> Mark:
    if is_stale:
        return Mark("warn", _("Figures changed"))
    if typed.strip():
        return Mark("ok", _("Written"))
    if place.is_required:
        return Mark("bad", _("Must be written"))
    return Mark("neutral", _("From the records") if stands_by_itself else _("General sentence"))


def _hint(place: Place, written: str, figures: Figures) -> str:
    if place.is_required:
        return _("Must be written before the summary is issued.")
    if place.stock and not (written and not place.figures_last):
        return _("Left empty, this stands here: “%(text)s”") % {"text": place.stock.format(**figures.words())}
    return _("May be left empty: the sentence with figures stands here in any case.")


def _lengths(typed: str) -> dict[str, str]:
    return {"count": whole_number(len(typed)), "longest": whole_number(LONGEST_TEXT)}
