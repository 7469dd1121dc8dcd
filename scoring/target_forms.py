"""What people type on the pages of targets, read into clean values.

The grid has no formset: its inputs are written by one template and read here by hand, each cell on its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from awards.models import PledgeItem
from cluster_app.lib.errors import Refused
from cluster_app.lib.form_fields import VietnameseDecimalField
from cluster_app.lib.forms import PageFormMixin
from cluster_app.lib.numbers import parse_decimal
from cluster_app.lib.points import format_value
from scoring.enums import CardStatus
from scoring.kinds import kind_of
from scoring.models import Criterion, Target
from scoring.services.target_checks import is_kept
from scoring.services.targets import Change
from scoring.sheets import rule_of
from scoring.target_grid import NOT_ASSIGNED, OWN, PLEDGE, Asked, Grid, Typed

LONGEST_TYPED = 60
AS_ALL, AS_KEPT, TYPED, ITEM, NOTHING = "all", "kept", "value", "item", "nothing"


@dataclass
class Read:
    """A posted grid: the changes that could be read, what was typed into the changed cells as it stands, and what is
    wrong with it."""

    changes: list[Change] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def refuse(self, refused: Refused) -> None:
        """Takes over what the service says about single cells."""
        self.errors |= {key: " ".join(sentences) for key, sentences in refused.errors.items()}

    def typed(self, found: Grid) -> Typed:
        """What stands in the page again. Cells that this person did not touch are shown as `found` has them now; one
        that somebody else changed too says so, since sending the page once more overwrites it."""
        errors = dict(self.errors)
        asked = {cell.key: cell for cell in found.cells()}
        for change in self.changes:
            now = asked[change.key].own
            if now != change.shown and change.key not in errors:
                errors[change.key] = _("In the meantime changed to: %(target)s.") % {"target": format_value(now)}
        return Typed(self.values, errors)


def read_grid(data: Mapping[str, str], found: Grid) -> Read:
    """Reads the cells of the grid that `data` names and that differ from what the page showed; an empty cell follows
    the target of all units."""
    read = Read()
    for asked in found.cells():
        text = data.get(f"target-{asked.key}", "").replace("\0", "")[:LONGEST_TYPED]
        before = data.get(f"shown-{asked.key}", "")
        if f"target-{asked.key}" not in data or text.strip() == before:
            continue
        read.values[asked.key] = text
        try:
            value, shown = read_target(text, asked.criterion), read_target(before, asked.criterion)
        except Refused as refused:
            read.errors[asked.key] = refused.message
            continue
        read.changes.append(Change(asked.column.membership.pk, asked.criterion.pk, value, shown))
    return read


def read_target(text: str, criterion: Criterion) -> Decimal | None:
    """The target that was typed, None for an empty cell. Raises Refused with what to write instead."""
    if not text.strip():
        return None
    rule = rule_of(criterion, None)
    value = parse_decimal(text, maximum=kind_of(rule).largest_value(rule))
    if value < 0:
        raise Refused(_("A target cannot be negative."))
    return value


class _ItemField(forms.ModelChoiceField):
    def label_from_instance(self, obj: PledgeItem) -> str:
        figure = f"{format_value(obj.target_value)} {obj.unit_of_measure}".strip()
        return f"{obj} ({figure})"


class TargetForm(PageFormMixin, forms.Form):
    """What is asked of one unit by one criterion. Only the choices that are open at present are offered."""

    mode = forms.ChoiceField(label=gettext_lazy("What is asked of the unit"), widget=forms.RadioSelect)
    value = VietnameseDecimalField(label=gettext_lazy("Own target"), required=False)
    pledge_item = _ItemField(
        PledgeItem.objects.none(),
        empty_label="—",
        label=gettext_lazy("Item of the pledge"),
        required=False,
        help_text=gettext_lazy(
            "Its number is the target then. Offered are the items with a number of a pledge that a unit has signed."
        ),
    )
    source = forms.CharField(
        label=gettext_lazy("Source document"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Only where it differs from the paper that sets the target of all units."),
    )
    not_assigned_reason = forms.CharField(
        label=gettext_lazy("Reason why not assigned"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data, *, asked: Asked, items: QuerySet[PledgeItem]) -> None:
        super().__init__(data, initial=_initial(asked))
        self.asked = asked
        modes = open_modes(asked)
        self.fields["mode"].choices = [(mode, _label(mode, asked)) for mode in modes]  # type: ignore[attr-defined]
        self.fields["pledge_item"].queryset = items  # type: ignore[attr-defined]
        for name, needed in (("value", TYPED), ("pledge_item", ITEM), ("source", TYPED)):
            if needed not in modes:
                del self.fields[name]

    def clean(self) -> dict:
        cleaned = super().clean() or {}
        name, sentence = {
            TYPED: ("value", _("Write the target.")),
            ITEM: ("pledge_item", _("Choose the item.")),
            NOTHING: ("not_assigned_reason", _("Say why the criterion is not assigned to the unit.")),
        }.get(cleaned.get("mode", ""), ("", ""))
        if name and not self.has_error(name) and cleaned.get(name) in (None, ""):
            self.add_error(name, sentence)
        return cleaned

    def clean_value(self) -> Decimal | None:
        value = self.cleaned_data["value"]
        if value is None or self.data.get("mode") != TYPED:
            return None
        try:
            return read_target(self.data["value"], self.asked.criterion)
        except Refused as refused:
            raise forms.ValidationError(refused.message) from refused

    @property
    def is_as_all(self) -> bool:
        return self.cleaned_data["mode"] == AS_ALL

    def target(self) -> Target:
        """The target as it was given, unsaved; what belongs to another choice is left out, and what is not assigned
        keeps its target."""
        cleaned, asked = self.cleaned_data, self.asked
        mode = cleaned["mode"]
        found = asked.target or Target(membership=asked.column.membership, criterion=asked.criterion)
        found.membership, found.criterion = asked.column.membership, asked.criterion
        if mode in (TYPED, ITEM):
            found.value = cleaned["value"] if mode == TYPED else None
            found.pledge_item = cleaned["pledge_item"] if mode == ITEM else None
            found.source = cleaned["source"]
        found.is_assigned = mode != NOTHING
        found.not_assigned_reason = cleaned["not_assigned_reason"] if mode == NOTHING else ""
        return found


def open_modes(asked: Asked) -> list[str]:
    """What can be chosen at present: once the card was submitted only the assignment can still be changed, and only a
    returned card is given a criterion back, with the target that was kept if there is one."""
    card = asked.column.card
    is_submitted = card is not None and card.submitted_at is not None
    is_returned = card is not None and card.status == CardStatus.RETURNED
    if is_submitted and not (is_returned and asked.state == NOT_ASSIGNED):
        return [NOTHING]
    if is_submitted:
        return [AS_KEPT if is_kept(asked.target, asked.criterion) else AS_ALL, NOTHING]
    return [AS_ALL, TYPED, ITEM, NOTHING] if asked.is_measured else [AS_ALL, NOTHING]


def _label(mode: str, asked: Asked) -> str:
    if mode == AS_ALL and not asked.is_measured:
        return _("Assigned, as to all units")
    default = asked.criterion.default_target
    figure = f"{format_value(default)} {asked.criterion.unit_of_measure}".strip() if default is not None else ""
    kept = f"{format_value(asked.kept)} {asked.criterion.unit_of_measure}".strip()
    return {
        AS_KEPT: _("Assigned again, with the target it had: %(target)s") % {"target": kept},
        AS_ALL: _("The target of all units: %(target)s") % {"target": figure or _("not set")},
        TYPED: _("An own target"),
        ITEM: _("The number of an item of the pledge"),
        NOTHING: _("Nothing: not assigned"),
    }[mode]


def _initial(asked: Asked) -> dict[str, object]:
    target = asked.target
    return {
        "mode": {OWN: TYPED, PLEDGE: ITEM, NOT_ASSIGNED: NOTHING}.get(asked.state, AS_ALL),
        "value": target.value if target else None,
        "pledge_item": target.pledge_item_id if target else None,
        "source": target.source if target else "",
        "not_assigned_reason": asked.reason,
    }
