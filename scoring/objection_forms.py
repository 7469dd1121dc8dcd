"""What people type about an objection."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_app.lib.form_fields import VietnameseDecimalField
from cluster_app.lib.forms import PageFormMixin
from cluster_app.lib.points import format_value
from scoring.enums import CriterionKind
from scoring.forms import CHOSEN_KINDS, SeenForm
from scoring.kinds import kind_of
from scoring.models import ScoreLine
from scoring.services.objections import Outcome
from scoring.sheets import Sheet


class ChosenValueField(forms.TypedChoiceField):
    """The value of a line of levels, or of yes and no: its position."""

    def __init__(self, *, line: ScoreLine, **kwargs) -> None:
        if line.criterion.kind == CriterionKind.BOOLEAN:
            pairs = [("1", _("Achieved")), ("0", _("Not achieved"))]
        else:
            pairs = [(str(level.position), level.label) for level in line.criterion.levels.all()]
        super().__init__(choices=[("", "–"), *pairs], coerce=Decimal, empty_value=None, **kwargs)

    def prepare_value(self, value):
        return format_value(value) if isinstance(value, Decimal) else value


def value_field(sheet: Sheet, line: ScoreLine, *, label: str, required: bool, help_text: str = "") -> forms.Field:
    """The field for a value of the line, by the kind of its criterion."""
    if line.criterion.kind in CHOSEN_KINDS:
        return ChosenValueField(line=line, label=label, required=required, help_text=help_text)
    rule, measure = sheet.rule(line), line.criterion.unit_of_measure
    named = f"{label} ({measure})" if measure else label
    maximum = kind_of(rule).largest_value(rule)
    return VietnameseDecimalField(label=named, required=required, maximum=maximum, max_digits=15, help_text=help_text)


class ObjectionForm(PageFormMixin, forms.Form):
    """The claim of a unit: the value it thinks right, and why."""

    text = forms.CharField(
        label=gettext_lazy("What you claim, and why"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Name the documents. The reviewers answer here."),
    )

    def __init__(self, *args, sheet: Sheet, line: ScoreLine, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = value_field(
            sheet,
            line,
            label=_("Claimed value"),
            required=False,
            help_text=_("May stay empty where the claim is about something else than the value."),
        )
        self.fields = {"claimed_value": field, **self.fields}


class AnswerForm(PageFormMixin, forms.Form):
    text = forms.CharField(label=gettext_lazy("Your answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class OutcomeReasonForm(PageFormMixin, forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("At least 10 characters; it stays on record."),
    )


class KeepForm(OutcomeReasonForm, SeenForm):
    @property
    def outcome(self) -> Outcome:
        return Outcome(is_accepted=False, reason=self.cleaned_data["reason"])


class AcceptForm(OutcomeReasonForm, SeenForm):
    """The new final value with its reason; a line from records has no value to type. `shown` holds the value whose
    points the person has seen, so that nothing is accepted unseen."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, sheet: Sheet, line: ScoreLine, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not line.criterion.source:
            self.fields = {"value": value_field(sheet, line, label=_("New final value"), required=True), **self.fields}

    @property
    def outcome(self) -> Outcome:
        data = self.cleaned_data
        return Outcome(is_accepted=True, reason=data["reason"], value=data.get("value"))

    @property
    def is_confirmed(self) -> bool:
        """Whether what is accepted now is what was shown with its points."""
        return self.cleaned_data.get("shown") == self.shown_now

    @property
    def shown_now(self) -> str:
        value = self.cleaned_data.get("value")
        return "records" if value is None else format_value(value)

    def note_shown(self) -> None:
        """Lets the form say, when it is sent again, which value was shown with its points."""
        self.data = dict(self.data.items()) | {"shown": self.shown_now}
