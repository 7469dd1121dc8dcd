"""Forms of pledge and campaigns: input into clean values. What may be done with it the services know."""

from collections.abc import Iterable

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy

from awards.calculations import fingerprint
from awards.enums import CampaignKind, CampaignOrigin, PledgeGroup, TargetDirection
from awards.models import Campaign, Pledge, PledgeItem
from awards.permissions import can_write_cluster_campaigns, drive_units
from awards.services.campaigns import CampaignFacts
from awards.services.pledges import ItemFacts, PledgeFacts, rows_of
from cluster_app.lib.errors import Stale
from cluster_app.lib.form_fields import VietnameseDecimalField
from cluster_app.lib.forms import PageFormMixin, form_helper
from members.models import EmulationYear, Membership, User

MOST_ITEMS = 60
SPARE_ITEMS = 4


class SeenMixin(forms.Form):
    """Carries the fingerprint of the rows that the page showed, so that another tab's change is not overwritten."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def show(self, *rows: Model) -> None:
        self.fields["seen"].initial = fingerprint(*rows)

    def take_stale(self, stale: Stale, *rows: Model) -> None:
        """Keeps what was typed, says what happened, and lets the person save again knowing it."""
        self.add_error(None, stale.message)
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = fingerprint(*rows)


class ConfirmForm(PageFormMixin, forms.Form):
    """A step that asks for nothing but the button."""


class ReasonForm(PageFormMixin, forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


# --- Pledge ---


class PledgeHeadForm(PageFormMixin, SeenMixin, forms.ModelForm):
    """What can still be corrected after units have signed."""

    rows = (("number", "signed_on", "place"),)

    class Meta:
        model = Pledge
        fields = ["number", "signed_on", "place"]

    def facts(self, preamble: str, items: Iterable[ItemFacts]) -> PledgeFacts:
        head = {name: self.cleaned_data[name] for name in ("number", "signed_on", "place")}
        return PledgeFacts(**head, preamble=preamble, items=list(items))


class PledgeForm(PledgeHeadForm):
    class Meta(PledgeHeadForm.Meta):
        fields = ["number", "signed_on", "place", "preamble"]


class ItemForm(PageFormMixin, forms.ModelForm):
    rows = (("group", "order"), ("text",), ("direction", "target_value", "unit_of_measure"))

    order = forms.IntegerField(
        label=gettext_lazy("Order"), min_value=1, required=False, help_text=gettext_lazy("Empty: after the others.")
    )

    class Meta:
        model = PledgeItem
        fields = ["group", "order", "text", "unit_of_measure", "target_value", "direction"]
        field_classes = {"target_value": VietnameseDecimalField}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = PledgeGroup.choices
        self.fields["group"].initial = PledgeGroup.POLITICAL_TASKS
        self.fields["direction"].initial = TargetDirection.AT_LEAST


class BaseItemFormSet(forms.BaseFormSet):
    @property
    def helper(self):
        return form_helper(ItemForm.rows)

    def items(self) -> list[ItemFacts]:
        """The items that were kept, numbered anew from 1: by group, then by the order typed, then as they stood."""
        groups = PledgeGroup.values
        kept = [
            (
                groups.index(form.cleaned_data["group"]),
                form.cleaned_data["order"] or MOST_ITEMS,
                place,
                form.cleaned_data,
            )
            for place, form in enumerate(self.forms)
            if form.cleaned_data and not form.cleaned_data["DELETE"]
        ]
        names = ("group", "text", "unit_of_measure", "target_value", "direction")
        return [
            ItemFacts(order=order, **{name: cleaned[name] for name in names})
            for order, (_group, _order, _place, cleaned) in enumerate(sorted(kept, key=lambda item: item[:3]), start=1)
        ]


ItemFormSet = forms.formset_factory(
    ItemForm, formset=BaseItemFormSet, extra=SPARE_ITEMS, max_num=MOST_ITEMS, can_delete=True
)


def item_formset(data, pledge: Pledge | None) -> BaseItemFormSet:
    """The items of the pledge, each in a form, and some empty ones."""
    initial = [] if pledge is None else [item_initial(item) for item in pledge.items.all()]
    return ItemFormSet(data, initial=initial, prefix="items")


def item_initial(item: PledgeItem) -> dict[str, object]:
    names = ("group", "order", "text", "unit_of_measure", "target_value", "direction")
    return {name: getattr(item, name) for name in names}


def pledge_form(data, pledge: Pledge | None, *, is_frozen: bool, initial: dict[str, object]) -> PledgeHeadForm:
    form = PledgeHeadForm(data, instance=pledge) if is_frozen else PledgeForm(data, instance=pledge, initial=initial)
    if pledge is not None:
        form.show(*rows_of(pledge))
    return form


class PaperForm(PageFormMixin, forms.Form):
    """Who signed the paper, and when."""

    signed_on = forms.DateField(label=gettext_lazy("Date of signing"))
    memberships = forms.MultipleChoiceField(
        label=gettext_lazy("Units that signed"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args, units: Iterable[Membership], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(member.pk): member for member in units}
        self.fields["memberships"].choices = [(key, member.name) for key, member in self.units.items()]

    def signed_by(self) -> list[Membership]:
        return [self.units[key] for key in self.cleaned_data["memberships"]]


# --- Campaigns ---


class CampaignForm(PageFormMixin, SeenMixin, forms.ModelForm):
    """A campaign of the cluster; toward those who write for their own unit only, a drive of that unit."""

    rows = (
        ("code", "title"),
        ("kind", "origin", "membership"),
        ("launching_authority", "scope"),
        ("document_number", "document_on"),
        ("starts_on", "ends_on"),
    )

    class Meta:
        model = Campaign
        fields = [
            "code",
            "title",
            "slogan",
            "kind",
            "origin",
            "membership",
            "launching_authority",
            "scope",
            "document_number",
            "document_on",
            "starts_on",
            "ends_on",
            "objectives",
        ]

    def __init__(self, *args, user: User, year: EmulationYear, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("kind", CampaignKind), ("origin", CampaignOrigin)):
            self.fields[name].choices = choices.choices
        units = year.roster()
        if not can_write_cluster_campaigns(user, year):
            units = drive_units(user, year)
            del self.fields["kind"], self.fields["origin"]
            self.instance.kind, self.instance.origin = CampaignKind.DRIVE, CampaignOrigin.UNIT
            self.rows = (("code", "title"), ("membership",), *self.rows[2:])
            self.fields["membership"].required = True
        self.fields["membership"].queryset = year.memberships.filter(pk__in=[member.pk for member in units])
        if len(units) == 1:
            self.fields["membership"].initial = units[0].pk

    def facts(self) -> CampaignFacts:
        drive = {"kind": CampaignKind.DRIVE, "origin": CampaignOrigin.UNIT}
        cleaned = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return CampaignFacts(**(drive | cleaned))


class ResultsForm(PageFormMixin, forms.Form):
    results = forms.CharField(label=gettext_lazy("Results"), widget=forms.Textarea(attrs={"rows": 6}))


def default_preamble(year: EmulationYear) -> str:
    """What a pledge says before its items (domain.md 2), for the secretariat to change."""
    grounds = "hướng dẫn của Ban Thi đua - Khen thưởng tỉnh"
    if year.regulation_number:
        grounds = f"Quy chế hoạt động số {year.regulation_number} và {grounds}"
    return (
        f"Căn cứ {grounds}; chúng tôi, đại diện lãnh đạo các đơn vị thành viên {year.cluster.name}, "
        f"thống nhất ký giao ước thi đua năm {year.year} với các nội dung sau:"
    )
