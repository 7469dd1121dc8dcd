"""Cells read as the fields of a model: by the same limits as everywhere else."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from cluster_app.lib.errors import Refused
from cluster_app.lib.spreadsheets import Cell
from scoring.excel.choices import value_of
from scoring.excel.tables import Problems, Row, code_of, text_of


def number_in(cell: Cell, field: models.DecimalField) -> Decimal | None:
    """The number in a cell, None for an empty one. Raises Refused for what could be misread or does not fit."""
    if cell.is_formula:
        raise Refused(_("A formula stands here. Enter the value itself."))
    if cell.is_empty:
        return None
    value = cell.number(places=field.decimal_places)
    whole = field.max_digits - field.decimal_places
    if abs(value) >= 10**whole:
        raise Refused(_("Write at most %(count)d digits before the comma.") % {"count": whole})
    return value


def field_in(cell: Cell, field: models.Field, choices: type[TextChoices] | None) -> str | Decimal | None:
    """What a cell says about a field of a model. Raises Refused as `number_in` and `text_of`."""
    if isinstance(field, models.DecimalField):
        return number_in(cell, field)
    if choices is not None:
        return value_of(choices, text_of(cell))
    return text_of(cell, longest=field.max_length)


class RowReader:
    """Reads the cells of one row as fields of a model. `unread` are the keys whose cells could not be read; what is
    wrong with them is noted in the problems."""

    def __init__(self, row: Row, problems: Problems) -> None:
        self.row = row
        self.unread: set[str] = set()
        self._problems = problems

    def note(self, key: str, sentence: str) -> None:
        self._problems.add(sentence, self.row.cell(key), self.row.sheet.name)
        self.unread.add(key)

    def code(self, key: str, longest: int) -> str:
        """A code; empty where there is none or it could not be read."""
        try:
            return code_of(self.row.cell(key), longest=longest)
        except Refused as refused:
            self.note(key, refused.message)
            return ""

    def fields(
        self, model: type[models.Model], keys: list[str], choices: Mapping[str, type[TextChoices]]
    ) -> dict[str, Any]:
        """The fields whose cells could be read and are not empty."""
        found: dict[str, Any] = {}
        for key in keys:
            field: Any = model._meta.get_field(key)
            try:
                value = field_in(self.row.cell(key), field, choices.get(key)) if self.row.has(key) else None
            except Refused as refused:
                self.note(key, refused.message)
                continue
            if value not in (None, ""):
                found[key] = value
        return found
