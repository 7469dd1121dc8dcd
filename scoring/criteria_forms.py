"""What the secretariat types about a criteria set: its head, a criterion with the parameters of its kind, the rows of
its table and of its source."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from awards.enums import AwardLevel, CampaignKind, RecipientKind
from cluster_app.lib.form_fields import PointsField, VietnameseDecimalField
from cluster_app.lib.forms import PageFormMixin
from scoring.criteria_nodes import LevelNode, Node
from scoring.criteria_words import level_text
from scoring.enums import CriterionKind, Direction, RecordSource, Section
from scoring.kinds import KINDS
from scoring.models import CriteriaSet, Criterion, CriterionLevel, SourceRule
from scoring.sources import SOURCES

EMPTY_ROWS = 3
MOST_ROWS = 60
_ALWAYS = ("code", "title", "kind", "max_points", "how_computed", "evidence_required")
# What a leaf can have besides, by the name that `columns` and `may_have` of its kind use.
_PARAMETERS = (
    "unit_of_measure",
    "default_target",
    "direction",
    "points_per_item",
    "min_points",
    "step",
    "full_at_excess",
)
_CLEARED = dict.fromkeys((*_PARAMETERS, "overclaim_percent")) | {
    "unit_of_measure": "",
    "direction": Direction.HIGHER,
    "source": "",
}
_NO_CHOICE = ("", "–")


class HeadForm(PageFormMixin, forms.Form):
    """Title, declared total, and whether a record may feed several lines."""

    rows = (("title", "declared_total"), ("allows_shared_records",))

    title = forms.CharField(label=gettext_lazy("Title of the set"), max_length=200)
    declared_total = PointsField(label=gettext_lazy("Declared total of base points"), max_digits=8)
    allows_shared_records = forms.BooleanField(
        label=gettext_lazy("One record may feed several lines"),
        required=False,
        help_text=gettext_lazy("Usually not: a commendation or a campaign then counts in one line only."),
    )

    def put_into(self, criteria_set: CriteriaSet) -> None:
        for name, value in self.cleaned_data.items():
            setattr(criteria_set, name, value)


class CriterionForm(PageFormMixin, forms.Form):
    """A criterion with the fields of its kind and its source, and no others."""

    rows = (
        ("code", "title"),
        ("section", "kind", "max_points", "unit_of_measure"),
        ("points_per_item", "default_target", "direction"),
        ("min_points", "step", "full_at_excess"),
        ("source", "overclaim_percent"),
        ("how_computed", "evidence_required"),
    )

    code = forms.CharField(label=pgettext_lazy("criterion", "Code"), max_length=20)
    title = forms.CharField(label=pgettext_lazy("criterion", "Title"), max_length=300)
    section = forms.ChoiceField(label=gettext_lazy("Section"), choices=Section)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=CriterionKind)
    max_points = PointsField(label=gettext_lazy("Maximum points"), max_digits=8)
    unit_of_measure = forms.CharField(
        label=gettext_lazy("Unit of measure"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("%, schemes, days …"),
    )
    points_per_item = VietnameseDecimalField(label=gettext_lazy("Points per item"), max_digits=8)
    default_target = VietnameseDecimalField(
        label=gettext_lazy("Target of all units"),
        max_digits=15,
        required=False,
        help_text=gettext_lazy("Empty: every unit has a target of its own."),
    )
    direction = forms.ChoiceField(label=gettext_lazy("Direction"), choices=Direction)
    min_points = VietnameseDecimalField(
        label=gettext_lazy("Least points"), max_digits=8, required=False, help_text=gettext_lazy("Empty means 0.")
    )
    step = VietnameseDecimalField(
        label=gettext_lazy("Step"),
        max_digits=8,
        required=False,
        help_text=gettext_lazy("The value must be a multiple of it, for example 0,25 or 0,5."),
    )
    full_at_excess = VietnameseDecimalField(
        label=gettext_lazy("Excess that gives the maximum, in percent"),
        max_digits=6,
        required=False,
        help_text=gettext_lazy(
            "Empty: only the best unit of the cluster gets the maximum, be it 1 % above the target."
        ),
    )
    source = forms.ChoiceField(label=gettext_lazy("Value taken from"), required=False)
    overclaim_percent = VietnameseDecimalField(
        label=gettext_lazy("Self-scored above the review by more than, in percent of the declared total"),
        max_digits=5,
    )
    how_computed = forms.CharField(
        label=gettext_lazy("How points are computed"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    evidence_required = forms.CharField(
        label=gettext_lazy("Evidence required"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, kind, source, section, is_top, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_top, self.own_section = is_top, section
        shown = {*_ALWAYS, *_parameters_of(kind), *(["section"] if is_top else [])}
        sources = _sources_for(kind)
        if sources:
            shown.add("source")
            self.fields["source"].choices = [("", _("Typed by the unit")), *sources]
        if source == RecordSource.OVERCLAIM:
            shown.add("overclaim_percent")
        for name in set(self.fields) - shown:
            del self.fields[name]
        self.fields["max_points"].required = kind != CriterionKind.PENALTY
        if not is_top:
            self.fields["kind"].choices = _kinds_for(section, kind)
        self.rows = [[name for name in row if name in self.fields] for row in self.rows]
        for name in ("kind", "source"):
            if name in self.fields:
                self.fields[name].widget.attrs["data-chooses"] = True

    def put_into(self, criterion: Criterion) -> None:
        """Writes what was typed into `criterion`; what its kind does not have is emptied."""
        values: dict[str, Any] = {**_CLEARED, **self.cleaned_data}
        for name, value in values.items():
            setattr(criterion, name, value)
        if not self.is_top:
            criterion.section = self.own_section


def _parameters_of(kind: str) -> list[str]:
    if kind not in KINDS:
        return []
    possible = KINDS[kind].columns | KINDS[kind].may_have
    return [name for name in _PARAMETERS if name in possible]


def _sources_for(kind: str) -> list[tuple[str, str]]:
    return [(source, str(RecordSource(source).label)) for source, found in SOURCES.items() if kind in found.kinds]


def _kinds_for(section: str, current: str) -> list[tuple[str, str]]:
    """The kinds that a section admits; the one that the criterion has stays, so that it can be seen and changed."""
    admitted = {kind for kind, found in KINDS.items() if section in found.sections} | {CriterionKind.GROUP, current}
    if section == Section.BONUS:
        admitted.add(CriterionKind.PER_ITEM)
    return [(kind.value, str(kind.label)) for kind in CriterionKind if kind in admitted]


class Rows(forms.BaseFormSet):
    """Rows of which the empty ones do not count, wherever they stand; that is how a row is taken away."""

    def initial_form_count(self) -> int:
        return 0 if self.is_bound else super().initial_form_count()

    def filled(self) -> list[Any]:
        return [form for form in self.forms if form.has_changed()]


class LevelForm(PageFormMixin, forms.Form):
    rows: Sequence[Sequence[str]] = (("label", "points"),)

    label = forms.CharField(label=pgettext_lazy("of a criterion", "Level"), max_length=120)
    points = PointsField(label=gettext_lazy("Points"), max_digits=8)

    def level(self) -> CriterionLevel:
        return CriterionLevel(**self.cleaned_data)


class BandForm(LevelForm):
    """A band may do without a name: its bounds name it."""

    rows = (("from_value", "to_value", "points", "label"),)

    label = forms.CharField(label=gettext_lazy("Name of the band"), max_length=120, required=False)
    from_value = VietnameseDecimalField(label=gettext_lazy("From"), max_digits=15)
    to_value = VietnameseDecimalField(label=gettext_lazy("To below"), max_digits=15, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        lower, upper = cleaned.get("from_value"), cleaned.get("to_value")
        if lower is not None and upper is not None and upper <= lower:
            self.add_error("to_value", _("A band ends above where it begins."))
        return cleaned

    def level(self) -> CriterionLevel:
        cleaned = self.cleaned_data
        band = LevelNode("", Decimal(0), cleaned["from_value"], cleaned["to_value"])
        name = cleaned["label"] or level_text(band, Node("", "", CriterionKind.BANDS))
        return CriterionLevel(**cleaned | {"label": name})


class AwardRuleForm(PageFormMixin, forms.Form):
    """Which commendations count, and how much each."""

    rows = (("level", "award_form", "recipient_kind", "amount"),)

    level = forms.ChoiceField(label=gettext_lazy("Level"), choices=[_NO_CHOICE, *AwardLevel.choices], required=False)
    award_form = forms.ChoiceField(label=gettext_lazy("Or: title or form"), required=False)
    recipient_kind = forms.ChoiceField(
        label=gettext_lazy("Recipient"), choices=[("", gettext_lazy("Any")), *RecipientKind.choices], required=False
    )
    amount = VietnameseDecimalField(label=gettext_lazy("Counts as"), max_digits=8)

    def __init__(self, *args, award_forms, **kwargs):
        super().__init__(*args, **kwargs)
        self.award_forms = award_forms
        self.fields["award_form"].choices = [_NO_CHOICE, *((code, form.name) for code, form in award_forms.items())]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if bool(cleaned.get("level")) == bool(cleaned.get("award_form")):
            self.add_error("level", _("Name a level, or a title or form."))
        return cleaned

    def rule(self) -> SourceRule:
        return SourceRule(**self.cleaned_data | {"award_form": self.award_forms.get(self.cleaned_data["award_form"])})


class CampaignRuleForm(PageFormMixin, forms.Form):
    """Which campaigns count, and how much each."""

    rows = (("campaign_kind", "amount"),)

    campaign_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of campaign"), choices=[_NO_CHOICE, *CampaignKind.choices]
    )
    amount = VietnameseDecimalField(label=gettext_lazy("Counts as"), max_digits=8)

    def rule(self) -> SourceRule:
        return SourceRule(**self.cleaned_data)


def rows_of(
    form: type[forms.Form],
    prefix: str,
    *,
    data: Mapping[str, Any] | None = None,
    initial: Sequence[Mapping[str, Any]] = (),
    more: int = 0,
    ids: str = "id_%s",
    **form_kwargs: Any,
) -> Rows:
    """The rows of a table, some empty ones at its end; `data` is what was posted."""
    made: Any = forms.formset_factory(
        form, formset=Rows, extra=EMPTY_ROWS + more, max_num=MOST_ROWS, absolute_max=MOST_ROWS, validate_max=True
    )
    return made(
        data, auto_id=ids, initial=None if data is not None else initial, prefix=prefix, form_kwargs=form_kwargs
    )
