"""Stored columns that let SQLite and PostgreSQL search and sort Vietnamese alike.

Both are filled by `pre_save`, that is in `save()` and `bulk_create()`. `QuerySet.update()`, `bulk_update()` and a
`save(update_fields=…)` that does not name them leave them as they were: do not use those on the source columns.
"""

from collections.abc import Sequence
from typing import Any

from django.db import models

from cluster_app.lib.vietnamese import fold, sort_key


class DerivedField(models.Field):
    """An indexed column, not for editing, whose value comes from the columns named by `source`."""

    def __init__(self, *args: Any, source: str | Sequence[str], **kwargs: Any) -> None:
        self.source = [source] if isinstance(source, str) else list(source)
        super().__init__(*args, **kwargs | {"editable": False, "blank": True, "db_index": True})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("editable", "blank", "db_index"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs | {"source": self.source[0] if len(self.source) == 1 else self.source}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        text = " ".join(str(value) for name in self.source if (value := getattr(model_instance, name)))
        value = self.derive(text)
        setattr(model_instance, self.attname, value)
        return value

    def derive(self, text: str) -> Any:
        raise NotImplementedError


class FoldedField(DerivedField, models.TextField):
    """The source without accents and capitals: filter with `search_text__contains=fold(query)`."""

    def derive(self, text: str) -> str:
        return fold(text)


class SortKeyField(DerivedField, models.BinaryField):
    """The source's place in the Vietnamese alphabet: `order_by("sort_key", "pk")`.

    Bytes, because the order of a text column depends on the database server's collation.
    """

    def derive(self, text: str) -> bytes:
        return sort_key(text).encode()
