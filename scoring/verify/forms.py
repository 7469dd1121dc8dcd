"""The form of the public check."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_app.lib.forms import PageFormMixin
from scoring.verify import codes

LONGEST_TYPED = 60


class CodeForm(PageFormMixin, forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=LONGEST_TYPED,
        help_text=gettext_lazy("It stands at the foot of the print, for example 3F9A-12BC."),
    )

    def clean_code(self) -> str:
        code = codes.normal(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(
                _("A code has eight digits and letters from A to F, for example 3F9A-12BC. Compare it with the print.")
            )
        return code
