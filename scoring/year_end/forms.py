"""What people type for the annual summary: its paragraphs, number and date, the reason of a withdrawal."""

import hashlib
from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_app.lib.errors import Refused
from cluster_app.lib.forms import PageFormMixin
from members.models import YearPaper
from members.paper_heads import number_symbol
from scoring.models import SummaryParagraph
from scoring.year_end.figures import Figures
from scoring.year_end.services.paragraphs import Entry
from scoring.year_end.skeleton import places

LONGEST_TEXT = 10_000
LETTERS_A_LINE, LEAST_HEIGHT = 80, 3


class ParagraphsForm(PageFormMixin, forms.Form):
    """All paragraphs on one page. Beside each text a hidden token says what the page showed there, so that only what
    the person changed is saved, and never over a text that this person has not seen."""

    def __init__(self, data=None, *, figures: Figures, present: Mapping[str, SummaryParagraph]) -> None:
        super().__init__(data)
        self.present = present
        words = figures.words()
        for place in places():
            text = self._text(place.key)
            self.fields[field_name(place.key)] = forms.CharField(
                label=f"{place.key}. {place.title.format(**words)}",
                initial=text,
                required=False,
                max_length=LONGEST_TEXT,
                widget=forms.Textarea({"rows": _height(text)}),
            )
            token = forms.CharField(initial=self._token(place.key), required=False, widget=forms.HiddenInput)
            self.fields[_token_name(place.key)] = token

    def fields_of(self, key: str) -> tuple[forms.BoundField, forms.BoundField]:
        """The text of a place and the token beside it."""
        return self[field_name(key)], self[_token_name(key)]

    def entries(self) -> list[Entry]:
        """The texts that differ from what the page showed."""
        entries = []
        for place in places():
            text = self.cleaned_data[field_name(place.key)]
            version, _colon, seen = self.cleaned_data[_token_name(place.key)].partition(":")
            if seen != _digest(text):
                entries.append(Entry(place.key, text, int(version) if version.isdecimal() else -1))
        return entries

    def show_stale(self, keys: list[str]) -> None:
        """Keeps what was typed, shows beside it what others wrote meanwhile, and lets the next save replace it."""
        self.data = self.data.copy()
        for key in keys:
            self.data[_token_name(key)] = self._token(key)
            text = self._text(key) or _("(empty)")
            message = _("Changed by somebody else meanwhile; it now reads: “%(text)s”. Saving again replaces it.")
            self.add_error(field_name(key), message % {"text": text})

    def show_refused(self, refusal: Refused) -> None:
        """Puts each sentence of the refusal, which names places, at its text."""
        for key, sentences in refusal.errors.items():
            for sentence in sentences:
                self.add_error(field_name(key), sentence)

    def _text(self, key: str) -> str:
        return self.present[key].text if key in self.present else ""

    def _token(self, key: str) -> str:
        version = self.present[key].version if key in self.present else 0
        return f"{version}:{_digest(self._text(key))}"


class IssueForm(PageFormMixin, forms.Form):
    """Number and date under which the report goes out, either of them left to the pen where it is empty; `seen` is the
    digest of what the page showed."""

    rows = (("number", "dated_on"),)

    number = forms.RegexField(
        r"^\d{1,4}[a-zA-Z]?$",
        label=gettext_lazy("Number of the report"),
        required=False,
        error_messages={"invalid": gettext_lazy("Write the number alone, for example 03; the symbol is added.")},
    )
    dated_on = forms.DateField(
        label=gettext_lazy("Date of the report"),
        required=False,
        help_text=gettext_lazy("Left empty, room is left for the pen."),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, paper: YearPaper, **kwargs) -> None:
        super().__init__(data, **kwargs)
        hint = _("The number alone; it is printed as %(symbol)s. Left empty, room is left for the pen.")
        if paper.year.rules.own_register:
            hint = _("Left empty, the register gives the next number, printed as %(symbol)s; or name a reserved one.")
        self.fields["number"].help_text = hint % {"symbol": number_symbol(paper, "03")}


class WithdrawForm(PageFormMixin, forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)


def field_name(key: str) -> str:
    return f"text_{key.replace('.', '_')}"


def _token_name(key: str) -> str:
    return f"seen_{key.replace('.', '_')}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.replace("\r\n", "\n").strip().encode()).hexdigest()[:16]


def _height(text: str) -> int:
    """About as many lines as the text fills on an office screen."""
    lines = sum(1 + len(line) // LETTERS_A_LINE for line in text.splitlines())
    return max(LEAST_HEIGHT, lines + 1)
