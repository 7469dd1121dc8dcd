"""What people type for the papers of a year: letterhead, recipients, variables; number and date; a reason."""

from datetime import date, time

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_app.documents.enums import DocumentKind
from cluster_app.lib.forms import PageFormMixin, form_helper
from members import paper_heads
from members.enums import Letterhead
from members.models import YearPaper
from scoring.paperwork import templates
from scoring.paperwork.enums import TEMPLATED, WITH_RECIPIENTS, VariableKind
from scoring.paperwork.templates import Variable

LONGEST_TEXT, LONGEST_LINES = 500, 10_000
LETTERS_A_LINE, LEAST_HEIGHT = 110, 3
_PREFIX = "value_"


class PaperForm(forms.Form):
    """A field for each variable that the template asks for. `version` says which state of the paper the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    letterhead = forms.ChoiceField(label=gettext_lazy("Letterhead"), required=False)
    recipients = forms.CharField(
        label=gettext_lazy("Recipients"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("One recipient a line, without the dash. Left empty, those of the year stand here."),
    )

    def __init__(self, data=None, *, paper: YearPaper, filled) -> None:
        super().__init__(data)
        kind = DocumentKind(paper.kind)
        self.paper, self.filled = paper, filled
        self.variables = templates.of(kind).asked if kind in TEMPLATED else []
        self.initial = {"version": _version(paper), "letterhead": paper.letterhead, "recipients": paper.recipients}
        usual = YearPaper(kind=paper.kind)
        usual.year = paper.year
        label = Letterhead(paper_heads.letterhead_kind(usual)).label
        empty = ("", _("As usual for this paper: %(letterhead)s") % {"letterhead": label})
        self.fields["letterhead"].choices = [empty, *Letterhead.choices]
        if kind not in WITH_RECIPIENTS:
            del self.fields["recipients"]
        for variable in self.variables:
            self.fields[_PREFIX + variable.name] = _field(variable, self._shown(variable))

    @property
    def helper(self) -> FormHelper:
        helper = form_helper()
        own = [Field(_PREFIX + variable.name) for variable in self.variables]
        head = [Field(name) for name in ("letterhead", "recipients") if name in self.fields]
        parts = [Fieldset(_("Text of the paper"), *own, css_class="form-part")] if own else []
        head_part = Fieldset(_("Letterhead and recipients"), *head, css_class="form-part")
        helper.layout = Layout(*parts, head_part, Field("version"))
        return helper

    def settled(self) -> dict[str, object]:
        """What the service is given; what still says the default is not kept, so that it follows the year's data."""
        data = self.cleaned_data
        typed = {variable.name: _stored(data[_PREFIX + variable.name]) for variable in self.variables}
        defaults = {variable.name: templates.default_of(variable, self.filled) for variable in self.variables}
        return {
            "letterhead": data["letterhead"],
            "recipients": data.get("recipients", ""),
            "values": {name: text for name, text in typed.items() if _same(text) != _same(defaults[name])},
            "version": data["version"],
        }

    def show_stale(self, present: YearPaper) -> None:
        """Keeps what was typed, says beside it what others wrote meanwhile, and lets the next save replace it."""
        self.data = self.data.copy()
        self.data["version"] = str(_version(present))
        message = _("Changed by somebody else meanwhile; it now reads: “%(text)s”. Saving again replaces it.")
        now = {_PREFIX + variable.name: str(present.values.get(variable.name, "")) for variable in self.variables}
        now |= {"letterhead": present.letterhead, "recipients": present.recipients}
        for name, text in now.items():
            if name in self.fields and _same(_stored(self.cleaned_data.get(name))) != _same(text):
                self.add_error(name, message % {"text": text or _("(empty)")})

    def _shown(self, variable: Variable) -> object:
        text = self.paper.values.get(variable.name) or templates.default_of(variable, self.filled)
        try:
            match variable.kind:
                case VariableKind.DATE:
                    return date.fromisoformat(text)
                case VariableKind.TIME:
                    return time.fromisoformat(text)
        except ValueError:
            return text
        return text


class IssueForm(PageFormMixin, forms.Form):
    """Number and date under which a paper goes out; `seen` are the digests of what the pages showed."""

    rows = (("number", "dated_on"),)

    number = forms.CharField(label=gettext_lazy("Number of the paper"), max_length=10, required=False)
    dated_on = forms.DateField(
        label=gettext_lazy("Date of the paper"),
        required=False,
        help_text=gettext_lazy("Left empty, room is left for the pen."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, paper: YearPaper, **kwargs) -> None:
        super().__init__(data, **kwargs)
        hint = _("The number alone; it is printed as %(symbol)s. Left empty, room is left for the pen.")
        if paper.year.rules.own_register:
            hint = _("Left empty, the register gives the next number, printed as %(symbol)s; or name a reserved one.")
        self.fields["number"].help_text = hint % {"symbol": paper_heads.number_symbol(paper, "03")}

    @property
    def day(self) -> date | None:
        """The day that was typed, one that was refused too; None where it is no day."""
        try:
            return self.fields["dated_on"].clean(self["dated_on"].data)
        except forms.ValidationError:
            return None

    def show_of_day(self, fingerprint: str) -> None:
        """The page now shows the paper of the day that was typed, too: the next submission confirms that one."""
        self.data = self.data.copy()
        self.data["seen"] = f"{self.data.get('seen', '')} {fingerprint}"


class WithdrawForm(PageFormMixin, forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500)


def _version(paper: YearPaper) -> int:
    return paper.version if paper.pk else 0


def _field(variable: Variable, shown: object) -> forms.Field:
    more = {"label": variable.label, "initial": shown, "required": False}
    if variable.is_required and not variable.default:
        more["help_text"] = escape(_("Needed before the paper can be made."))
    match variable.kind:
        case VariableKind.LINES:
            area = forms.Textarea({"rows": _height(str(shown))})
            return forms.CharField(max_length=LONGEST_LINES, widget=area, **more)
        case VariableKind.DATE:
            return forms.DateField(**more)
        case VariableKind.TIME:
            return forms.TimeField(widget=forms.TimeInput(format="%H:%M"), **more)
        case VariableKind.NUMBER:
            return forms.IntegerField(min_value=0, **more)
    return forms.CharField(max_length=LONGEST_TEXT, **more)


def _stored(value: object) -> str:
    """A clean value as it is kept: dates and times in the form of ISO 8601."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return "" if value is None else str(value)


def _same(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _height(text: str) -> int:
    """About as many lines as the text fills on an office screen."""
    lines = sum(1 + len(line) // LETTERS_A_LINE for line in text.splitlines())
    return max(LEAST_HEIGHT, lines + 1)
