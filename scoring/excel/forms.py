"""What people send with the pages for Excel files."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from cluster_app.lib.forms import PageFormMixin
from cluster_app.lib.spreadsheets.survey import MOST_BYTES


class UploadForm(PageFormMixin, forms.Form):
    """One .xlsx file. What it holds is judged by who reads it."""

    file = forms.FileField(
        label=_("Excel file"),
        help_text=_("A file ending in .xlsx, up to 5 MB. Nothing is saved before you have seen what changes."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_file(self) -> tuple[str, bytes]:
        """Name and content; of a file that is too large only as much as shows that it is."""
        file: UploadedFile = self.cleaned_data["file"]
        return str(file.name), file.read(MOST_BYTES + 1)
