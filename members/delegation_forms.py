"""The form in which a written delegation is recorded."""

from django import forms
from django.utils.translation import gettext_lazy

from cluster_app.lib.forms import PageFormMixin
from members.models import Assignment, Delegation
from members.services.delegations import Paper


class DelegationForm(PageFormMixin, forms.ModelForm):
    """`candidates` are the assignments of those who may be named; the choice carries the unit with the person."""

    rows = (("candidate",), ("form", "number", "decided_on"), ("starts_on", "ends_on"))

    candidate = forms.ChoiceField(label=gettext_lazy("Delegate"))

    class Meta:
        model = Delegation
        fields = ["form", "number", "decided_on", "starts_on", "ends_on"]
        help_texts = {
            "form": gettext_lazy("The abbreviation stands before the title of the leader in the signature block."),
            "decided_on": gettext_lazy("Day/month/year, for example 20/11/2021."),
            "ends_on": gettext_lazy("Both days belong to the delegation."),
        }

    def __init__(self, *args, candidates: list[Assignment], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = {str(one.pk): one for one in candidates}
        names = [(pk, f"{one.user} · {one.unit.short_name}") for pk, one in self.candidates.items() if one.unit]
        self.fields["candidate"].choices = names

    def paper(self) -> Paper:
        return Paper(**{name: self.cleaned_data[name] for name in self._meta.fields})

    def chosen(self) -> Assignment:
        return self.candidates[self.cleaned_data["candidate"]]

    def _get_validation_exclusions(self) -> set[str]:
        """The days are compared by the service, which says at which field they do not fit."""
        return super()._get_validation_exclusions() | {"decided_on", "starts_on", "ends_on"}
