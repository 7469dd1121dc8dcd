"""Forms of the register: a decision typed once with several rows under it, and one row alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.calculations import fingerprint
from awards.enums import AwardLevel, AwardSystem, CommendationType, RecipientKind
from awards.forms import SeenMixin
from awards.models import AwardForm, Campaign, Commendation, Decision
from awards.permissions import can_confirm, can_confirm_any, entry_units
from awards.services.commendations import CommendationFacts, DecisionFacts, RowsRefused
from cluster_app.lib.errors import Refused
from cluster_app.lib.forms import PageFormMixin
from cluster_app.lib.vietnamese import sort_key
from members.models import EmulationYear, Membership, User

MOST_ROWS = 60


@dataclass(frozen=True)
class EntryChoices:
    """What the fields of a page of rows choose from, read once for all of them."""

    units: Sequence[Membership]
    catalogue: dict[str, list[AwardForm]]
    campaigns: Sequence[Campaign]

    def form_on(self, code: str, day: date) -> AwardForm:
        """The row with this code that was in force on `day`; else the newest, which the service refuses by name."""
        dated = self.catalogue[code]
        return next((form for form in dated if form.is_valid_on(day)), dated[0])


def entry_choices(units: Sequence[Membership], year: EmulationYear) -> EntryChoices:
    catalogue: dict[str, list[AwardForm]] = {}
    for form in AwardForm.objects.order_by("code", "-valid_from", "pk"):
        catalogue.setdefault(form.code, []).append(form)
    campaigns = Campaign.objects.filter(year=year).order_by("kind", "code", "pk")
    return EntryChoices(units=units, catalogue=catalogue, campaigns=list(campaigns))


def award_form_choices(catalogue: dict[str, list[AwardForm]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Forms by name under their level, those of Party and organisations under their own heads."""
    heads: dict[str, list[tuple[str, str]]] = {str(level.label): [] for level in AwardLevel}
    for code, dated in catalogue.items():
        newest = dated[0]
        is_state = newest.system == AwardSystem.STATE
        head = AwardLevel(newest.level).label if is_state else AwardSystem(newest.system).label
        heads.setdefault(str(head), []).append((code, newest.name))
    return [(head, sorted(names, key=lambda name: sort_key(name[1]))) for head, names in heads.items() if names]


class OneOfField(forms.ChoiceField):
    """A choice among rows that the page has read already."""

    def offer(self, rows: Iterable[Membership | Campaign]) -> None:
        self.rows = {str(row.pk): row for row in rows}
        self.choices = [("", "—"), *((key, str(row)) for key, row in self.rows.items())]

    def clean(self, value: object) -> object:
        return self.rows.get(super().clean(value))

    def prepare_value(self, value: object) -> object:
        return getattr(value, "pk", value)


class DecisionFields(forms.Form):
    number = forms.CharField(label=gettext_lazy("Number of the decision"), max_length=60)
    decided_on = forms.DateField(label=gettext_lazy("Decided on"))
    signer = forms.CharField(
        label=gettext_lazy("Signed by"),
        max_length=120,
        help_text=gettext_lazy("The office, for example Chủ tịch UBND tỉnh."),
    )

    def decision_facts(self) -> DecisionFacts:
        return DecisionFacts(**{name: self.cleaned_data[name] for name in ("number", "decided_on", "signer")})


class RowFields(forms.Form):
    membership = OneOfField(label=gettext_lazy("Member unit"))
    award_form = forms.ChoiceField(label=gettext_lazy("Title or form"))
    recipient_kind = forms.ChoiceField(
        label=gettext_lazy("Recipient kind"), choices=RecipientKind, initial=RecipientKind.INDIVIDUAL
    )
    recipient = forms.CharField(label=gettext_lazy("Recipient"), max_length=200)
    position = forms.CharField(label=gettext_lazy("Position"), max_length=120, required=False)
    occasions = forms.IntegerField(label=gettext_lazy("Occasions"), min_value=1, max_value=100_000, initial=1)
    type = forms.ChoiceField(label=gettext_lazy("Type"), choices=CommendationType, initial=CommendationType.MERIT)
    campaign = OneOfField(label=gettext_lazy("Campaign"), required=False)
    is_direct_worker = forms.NullBooleanField(label=gettext_lazy("Direct worker"), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)

    def __init__(self, *args, choices: EntryChoices, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.entry_choices = choices
        cast(OneOfField, self.fields["membership"]).offer(choices.units)
        cast(OneOfField, self.fields["campaign"]).offer(choices.campaigns)
        forms_in_law = [("", "—"), *award_form_choices(choices.catalogue)]
        cast(forms.ChoiceField, self.fields["award_form"]).choices = forms_in_law
        if len(choices.units) == 1:
            self.fields["membership"].initial = str(choices.units[0].pk)

    def row_facts(self, decided_on: date) -> CommendationFacts:
        names = ("membership", "recipient", "position", "occasions", "campaign", "is_direct_worker", "note")
        cleaned = self.cleaned_data
        return CommendationFacts(
            award_form=self.entry_choices.form_on(cleaned["award_form"], decided_on),
            recipient_kind=RecipientKind(cleaned["recipient_kind"]),
            type=CommendationType(cleaned["type"]),
            **{name: cleaned[name] for name in names},
        )


class DecisionForm(PageFormMixin, DecisionFields):
    """The decision, and whether its rows count at once."""

    rows = (("number", "decided_on", "signer"),)

    is_confirmed = forms.BooleanField(
        label=gettext_lazy("I have compared these rows with the signed decision: confirm them now"), required=False
    )


class RowForm(PageFormMixin, RowFields):
    rows = (
        ("membership", "award_form", "recipient_kind", "recipient"),
        ("position", "occasions", "type", "is_direct_worker"),
        ("campaign", "note"),
    )

    def has_changed(self) -> bool:
        """A row in which nothing but the unit was chosen is an empty one."""
        return bool(set(self.changed_data) - {"membership"})


class CommendationForm(PageFormMixin, SeenMixin, DecisionFields, RowFields):
    """One row with its decision."""

    rows = (DecisionForm.rows[0], *RowForm.rows)


class BaseRowFormSet(forms.BaseFormSet):
    def filled(self) -> list[RowForm]:
        return [form for form in self.forms if form.has_changed()]


class Entry:
    """The page on which a decision is typed once and its rows under it."""

    def __init__(
        self, data, *, user: User, year: EmulationYear, decision: Decision | None = None, row_count: int = 5
    ) -> None:
        self.user, self.year = user, year
        initial = {}
        if decision is not None:
            initial = {name: getattr(decision, name) for name in ("number", "decided_on", "signer")}
        self.decision_form = DecisionForm(data, initial=initial)
        if not can_confirm_any(user, year):
            del self.decision_form.fields["is_confirmed"]
        formset_class = forms.formset_factory(RowForm, formset=BaseRowFormSet, extra=row_count, max_num=MOST_ROWS)
        choices = entry_choices(entry_units(user, year), year)
        formset = formset_class(data, prefix="rows", form_kwargs={"choices": choices})
        self.formset = cast(BaseRowFormSet, formset)

    def is_valid(self) -> bool:
        both = [self.decision_form.is_valid(), self.formset.is_valid()]
        return all(both) and self._may_confirm()

    def facts(self) -> tuple[DecisionFacts, list[CommendationFacts]]:
        decision = self.decision_form.decision_facts()
        return decision, [form.row_facts(decision.decided_on) for form in self.formset.filled()]

    @property
    def is_confirmed(self) -> bool:
        return self.decision_form.cleaned_data.get("is_confirmed", False)

    def take(self, refusal: Refused) -> None:
        """Says each sentence where it belongs: at its row, at the decision, or above the page."""
        if isinstance(refusal, RowsRefused):
            filled = self.formset.filled()
            for place, one in refusal.rows.items():
                one.add_to(filled[place])
        else:
            refusal.add_to(self.decision_form)

    def _may_confirm(self) -> bool:
        """Rows of the home unit are entered and left for somebody else to confirm."""
        if self.is_confirmed:
            for form in self.formset.filled():
                if not can_confirm(self.user, self.year, form.cleaned_data["membership"]):
                    form.add_error("membership", _("You cannot confirm rows of your own unit. Enter them separately."))
        return not any(form.errors for form in self.formset.filled())


def commendation_form(data, commendation: Commendation, user: User) -> CommendationForm:
    """The form of a row on record, offering the units for which the person may enter."""
    decision, year = commendation.decision, commendation.membership.year
    initial = {name: getattr(decision, name) for name in ("number", "decided_on", "signer")}
    initial |= {
        "membership": commendation.membership_id,
        "award_form": commendation.award_form.code,
        "campaign": commendation.campaign_id,
        **{
            name: getattr(commendation, name)
            for name in ("recipient_kind", "recipient", "position", "occasions", "type", "is_direct_worker", "note")
        },
        "seen": fingerprint(commendation),
    }
    return CommendationForm(data, initial=initial, choices=entry_choices(entry_units(user, year), year))
