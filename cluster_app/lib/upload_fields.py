"""The one form field for a file that people hand in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cluster_app.lib import uploads
from cluster_app.lib.errors import Refused


class UploadField(forms.FileField):
    """Its clean value is an `Upload`, judged; what is wrong with a file stands at the field."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("PDF, Word (docx), Excel (xlsx), JPG or PNG, up to 20 MB."))
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": uploads.ACCEPT}))
        super().__init__(**kwargs)

    def to_python(self, data: Any) -> Any:
        if data in self.empty_values:
            return None
        try:
            return uploads.read(data)
        except Refused as refusal:
            raise ValidationError(refusal.message, code="invalid") from refusal
