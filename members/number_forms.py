"""Forms of the register of numbers."""

from django import forms
from django.utils.translation import gettext_lazy

from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.letterheads import PAPER_TYPES
from cluster_app.documents.models import DocumentNumber
from cluster_app.lib.forms import PageFormMixin

LAST_TYPED = 9999

# A card is known by the code of its approval, and goes out under no number.
_NUMBERED = [kind for kind in PAPER_TYPES if kind != DocumentKind.SCORECARD]


def type_label(kind: DocumentKind) -> str:
    """A kind of paper with the abbreviation that stands in its number: "Notice of results (TB)"."""
    return f"{kind.label} ({PAPER_TYPES[kind].code})"


def type_choices() -> list[tuple[str, str]]:
    return [(kind.value, type_label(kind)) for kind in _NUMBERED]


class ReserveForm(PageFormMixin, forms.Form):
    rows = (("kind", "begin_at"), ("purpose",))

    kind = forms.ChoiceField(label=gettext_lazy("Type of paper"), choices=type_choices)
    begin_at = forms.IntegerField(
        label=gettext_lazy("First number"),
        min_value=1,
        max_value=LAST_TYPED,
        required=False,
        localize=False,
        help_text=gettext_lazy("Only for the first paper of a type, if others went out before it on paper."),
    )
    purpose = forms.CharField(
        label=gettext_lazy("For which paper"), max_length=DocumentNumber._meta.get_field("purpose").max_length
    )

    def facts(self) -> dict[str, object]:
        return {
            "kind": DocumentKind(self.cleaned_data["kind"]),
            "purpose": self.cleaned_data["purpose"],
            "begin_at": self.cleaned_data["begin_at"] or 1,
        }


class VoidForm(PageFormMixin, forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=DocumentNumber._meta.get_field("void_reason").max_length
    )
