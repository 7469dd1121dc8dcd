"""Fields of the set-up forms: deadlines and the bands of the ranking, as people write them."""

from datetime import datetime, time
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from cluster_app.lib.errors import Refused
from cluster_app.lib.numbers import parse_decimal
from cluster_app.lib.points import format_value

_END_OF_DAY = time(23, 59, 59)


class DeadlineField(forms.Field):
    """Reads "30/11/2026" as the end of that day in Việt Nam, "30/11/2026 17:00" as that minute."""

    widget = forms.TextInput

    def to_python(self, value: object) -> datetime | None:
        if value is None or isinstance(value, datetime):
            return value
        text = " ".join(str(value).split())
        if not text:
            return None
        for pattern in ("%d/%m/%Y", "%d/%m/%Y %H:%M"):
            try:
                moment = datetime.strptime(text, pattern)  # noqa: DTZ007 - made aware two lines below
            except ValueError:
                continue
            ends = moment if "%H" in pattern else datetime.combine(moment, _END_OF_DAY)
            return timezone.make_aware(ends)
        raise ValidationError(
            _("Write day, month and year, for example 30/11/2026, or with the hour: 30/11/2026 17:00.")
        )

    def prepare_value(self, value: object) -> object:
        if not isinstance(value, datetime):
            return value
        local = timezone.localtime(value)
        return f"{local:%d/%m/%Y}" if local.time() == _END_OF_DAY else f"{local:%d/%m/%Y %H:%M}"

    def has_changed(self, initial: object, data: object) -> bool:
        return self.prepare_value(initial) != data


class BandsField(forms.Field):
    """Reads one band a line, "Xuất sắc: 950", into the rows that the rules keep, highest first."""

    widget = forms.Textarea

    def to_python(self, value: object) -> list[dict[str, str]]:
        if isinstance(value, list):
            return value
        bands = [self._band(line) for line in str(value or "").splitlines() if line.strip()]
        bounds = [Decimal(band["from"]) for band in bands]
        if bounds != sorted(set(bounds), reverse=True):
            raise ValidationError(_("Begin with the highest band; each following one starts at fewer points."))
        return bands

    def _band(self, line: str) -> dict[str, str]:
        name, colon, bound = line.rpartition(":")
        if not colon or not name.strip():
            raise ValidationError(_("Write each band on a line of its own, for example “Xuất sắc: 950”."))
        try:
            points = parse_decimal(bound)
        except Refused as refusal:
            raise ValidationError(f"{name.strip()}: {refusal.message}") from refusal
        return {"name": name.strip(), "from": f"{points.normalize():f}"}

    def prepare_value(self, value: object) -> object:
        if not isinstance(value, list):
            return value
        return "\n".join(f"{band['name']}: {format_value(Decimal(band['from']))}" for band in value)

    def has_changed(self, initial: object, data: object) -> bool:
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True
