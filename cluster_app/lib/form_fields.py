"""Form fields for numbers in Vietnamese notation."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import DecimalValidator

from cluster_app.lib.errors import Refused
from cluster_app.lib.numbers import parse_decimal
from cluster_app.lib.points import format_points, format_value


class VietnameseDecimalField(forms.Field):
    """Reads "8,75" and shows it again as "8,75"; what could not be read stays as it was typed.

    Takes the place of `forms.DecimalField` wherever a model's decimal is edited, as `form_class` too.
    """

    widget = forms.TextInput
    format = staticmethod(format_value)

    def __init__(
        self,
        *,
        maximum: Decimal | None = None,
        decimal_places: int = 2,
        max_digits: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.maximum = maximum
        self.decimal_places = decimal_places
        if max_digits is not None:
            self.validators.append(DecimalValidator(max_digits, decimal_places))

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or isinstance(value, Decimal):
            return value
        text = str(value).strip()
        if not text:
            return None
        try:
            number = parse_decimal(text, maximum=self.maximum, places=self.decimal_places)
        except Refused as refusal:
            raise ValidationError(refusal.message, code="invalid") from refusal
        return number

    def prepare_value(self, value: Any) -> Any:
        return self.format(value) if isinstance(value, Decimal) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {"inputmode": "decimal", "autocomplete": "off"}


class PointsField(VietnameseDecimalField):
    """A number of points, shown with both decimals as everywhere else: "8,50"."""

    format = staticmethod(format_points)
