"""What people type on the pages of score cards, read into clean values.

The sheet has no formset: its inputs are written by one template and read here by hand, each line on its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_app.lib.errors import Refused
from cluster_app.lib.form_fields import VietnameseDecimalField
from cluster_app.lib.forms import PageFormMixin
from cluster_app.lib.numbers import parse_decimal
from cluster_app.lib.upload_fields import UploadField
from scoring.enums import CriterionKind
from scoring.kinds import Rule, kind_of
from scoring.models import ScoreLine
from scoring.services.lines import Entry
from scoring.services.signed_papers import Paper
from scoring.sheets import Sheet

CHOSEN_KINDS = (CriterionKind.LEVELS, CriterionKind.BOOLEAN)


@dataclass
class Typed:
    """The lines of a posted sheet: what could be read, what was typed as it stands, and what is wrong with it."""

    entries: list[Entry] = field(default_factory=list)
    values: dict[int, str] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    estimates: dict[int, bool] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)

    def refuse(self, refused: Refused) -> None:
        """Takes over what a service says about single lines."""
        for key, sentences in refused.errors.items():
            self.errors[int(key)] = " ".join(sentences)

    def versions(self) -> dict[int, int]:
        """The version of every line that the page showed, by the line's primary key."""
        return {entry.line_pk: entry.version for entry in self.entries}


def read_lines(data: Mapping[str, str], sheet: Sheet) -> Typed:
    """Reads the lines of `sheet` that `data` names; lines it does not name are left alone."""
    typed = Typed()
    for line in sheet.lines:
        if f"value-{line.pk}" not in data:
            continue
        value, text = data[f"value-{line.pk}"], data.get(f"text-{line.pk}", "").replace("\0", "")
        typed.values[line.pk], typed.texts[line.pk] = value, text
        typed.estimates[line.pk] = f"estimate-{line.pk}" in data
        try:
            number = _read_value(value, sheet.rule(line))
        except Refused as refused:
            typed.errors[line.pk] = refused.message
            continue
        typed.entries.append(Entry(line.pk, number, text, _read_version(data, line), typed.estimates[line.pk]))
    return typed


def _read_value(text: str, rule: Rule) -> Decimal | None:
    if not text.strip():
        return None
    if rule.kind not in CHOSEN_KINDS:
        return parse_decimal(text, maximum=kind_of(rule).largest_value(rule))
    if not (text.isascii() and text.isdigit()):
        raise Refused(_("Choose one of the entries of the list."))
    return Decimal(text)


def _read_version(data: Mapping[str, str], line: ScoreLine) -> int:
    """The version the page was shown with; 0, which no line has, where the form does not say."""
    text = data.get(f"version-{line.pk}", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


class SeenForm(PageFormMixin, forms.Form):
    """A step on a card as the person saw it."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class PaperForm(PageFormMixin, forms.Form):
    """The paper that the head of the unit signed, with its scan."""

    rows = (("number", "signed_on"),)

    number = forms.CharField(label=gettext_lazy("Number of the signed paper"), max_length=60)
    signed_on = forms.DateField(
        label=gettext_lazy("Date of the signed paper"),
        help_text=gettext_lazy("Day/month/year, for example 20/11/2021."),
    )
    file = UploadField(label=gettext_lazy("Scan of the signed paper"))


class SubmitForm(SeenForm, PaperForm):
    """The signatory needs no more than the card as it was seen; whoever submits instead adds the signed paper, unless
    it is recorded already."""

    def __init__(self, *args, needs_paper: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not needs_paper:
            _leave_out_paper(self)


def _leave_out_paper(form: PaperForm) -> None:
    form.rows = ()
    for name in PaperForm.base_fields:
        del form.fields[name]


def paper_of(data: Mapping[str, Any]) -> Paper | None:
    """The signed paper in the clean data of one of these forms; None where none was asked for."""
    return Paper(data["number"], data["signed_on"], data["file"]) if "file" in data else None


class OfficialFigureForm(SeenForm, PaperForm):
    """The official figure that takes the place of an estimate; with the signed paper, as a submission."""

    value = VietnameseDecimalField(label=gettext_lazy("Official figure"))
    note = forms.CharField(
        label=gettext_lazy("Document in which it stands"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("It takes the place of the note of the line."),
    )

    def __init__(self, *args, needs_paper: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(["value", "note"])
        if not needs_paper:
            _leave_out_paper(self)


class ReturnForm(SeenForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("At least 10 characters; the unit reads it."),
    )
    codes = forms.MultipleChoiceField(
        label=gettext_lazy("Lines to correct"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Only the lines ticked here open again; if none is ticked, all of them do."),
    )

    def __init__(self, *args, sheet: Sheet, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["codes"].choices = [
            (line.criterion.code, f"{line.criterion.code} {line.criterion.title}")
            for line in sheet.lines
            if line.is_assigned
        ]


class ReasonForm(PageFormMixin, forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("At least 10 characters; it stays on record."),
    )
