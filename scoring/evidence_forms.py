"""What people type about a piece of evidence: one form for all four kinds."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_app.lib.forms import PageFormMixin
from cluster_app.lib.upload_fields import UploadField
from cluster_app.lib.workflow import REASON_LENGTH
from members.models import StoredFile
from scoring import evidence
from scoring.enums import EvidenceKind
from scoring.models import Evidence, Scorecard, ScoreLine
from scoring.services.evidence import Shown

_ROWS = (
    ("kind",),
    ("file",),
    ("earlier",),
    ("number", "issued_on"),
    ("url",),
    ("record_key",),
    ("title",),
)


class EvidenceForm(PageFormMixin, forms.Form):
    """A piece of evidence. Of what is filled in, only that counts which belongs to the chosen kind."""

    line = forms.ChoiceField(label=gettext_lazy("Criterion"))
    kind = forms.ChoiceField(
        label=gettext_lazy("What you give"),
        choices=EvidenceKind,
        initial=EvidenceKind.FILE,
        widget=forms.RadioSelect,
    )
    file = UploadField(label=gettext_lazy("New file"), required=False)
    earlier = forms.TypedChoiceField(
        label=gettext_lazy("Or a file uploaded before"), required=False, coerce=int, empty_value=None
    )
    number = forms.CharField(label=gettext_lazy("Number of the document"), max_length=60, required=False)
    issued_on = forms.DateField(
        label=gettext_lazy("Date of the document"),
        help_text=gettext_lazy("Day/month/year, for example 20/11/2021."),
        required=False,
    )
    url = forms.CharField(
        label=gettext_lazy("Link"),
        max_length=500,
        help_text=gettext_lazy("A whole address that begins with http:// or https://."),
        required=False,
    )
    record_key = forms.ChoiceField(label=gettext_lazy("Commendation or campaign"), required=False)
    title = forms.CharField(
        label=gettext_lazy("What it shows"),
        max_length=300,
        help_text=gettext_lazy("Left empty, the evidence is named after the file, document, link or record."),
        required=False,
    )

    def __init__(self, *args, card: Scorecard, at: datetime, lines: Iterable[ScoreLine] | None, **kwargs):
        """Without `lines` it is not asked to which one the evidence belongs."""
        super().__init__(*args, **kwargs)
        self.rows = _ROWS if lines is None else (("line",), *_ROWS)
        if lines is None:
            del self.fields["line"]
        else:
            criteria = [line.criterion for line in lines]
            self.fields["line"].choices = [("", "–"), *((one.code, f"{one.code}. {one.title}") for one in criteria)]
        self._offer_earlier([(one.pk, _name_of(one)) for one in evidence.files_of_unit(card)])
        self._offer("record_key", [(one.key, one.text) for one in evidence.records_of_unit(card, at)])

    def _offer_earlier(self, pairs: Sequence[tuple]) -> None:
        """Without a file to pick from the form does not speak of it."""
        self._offer("earlier", pairs)
        if not pairs:
            self.fields["earlier"].widget = forms.HiddenInput()

    def _offer(self, name: str, pairs: Sequence[tuple]) -> None:
        """A choice with nothing to choose from says so."""
        self.fields[name].choices = [("", "–"), *pairs]
        if not pairs:
            self.fields[name].disabled = True
            self.fields[name].help_text = _("There is none yet.")

    def shown(self) -> Shown:
        data = self.cleaned_data
        return Shown(
            kind=data["kind"],
            title=data["title"],
            upload=data["file"],
            file_pk=data["earlier"],
            number=data["number"],
            issued_on=data["issued_on"],
            url=data["url"],
            record_key=data["record_key"],
        )


class HideForm(PageFormMixin, forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=Evidence._meta.get_field("hidden_reason").max_length,
        min_length=REASON_LENGTH,
        help_text=gettext_lazy("Why it does not belong to this line. The unit and the reviewers can read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _name_of(stored: StoredFile) -> str:
    return f"{stored.name} ({date_format(localtime(stored.uploaded_at), 'd/m/Y')})"
