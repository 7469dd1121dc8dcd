"""A document as plain data and back, so that what was issued can be kept, compared and printed again.

What still has its default is left out: a field added later with a default changes no digest of an older document.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from cluster_app.documents import blocks
from cluster_app.documents.blocks import Document

FORMAT = 1
CODE_LENGTH = 8

_CLASSES: dict[str, type] = {
    name: value for name, value in vars(blocks).items() if isinstance(value, type) and is_dataclass(value)
}


class NotADocument(ValueError):
    """The data are no document of a format that this program knows."""


def to_data(document: Document) -> dict[str, Any]:
    """The document as dicts, lists and plain values, each dataclass named by its "type"."""
    return {"format": FORMAT, **_plain(document)}


def from_data(data: Mapping[str, Any]) -> Document:
    """The document that `to_data` was given. Raises NotADocument on anything else."""
    content = dict(data)
    if content.pop("format", None) != FORMAT:
        raise NotADocument("The data are of an unknown format.")
    document = _built(content)
    if not isinstance(document, Document):
        raise NotADocument("The data are not those of a document.")
    return document


def canonical(document: Document) -> str:
    """The one text of the document's content: sorted keys, no spaces, without what a print adds at its foot."""
    content = replace(document, footer_note="", check_url="")
    return json.dumps(to_data(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(document: Document) -> str:
    return digest_of_text(canonical(document))


def digest_of_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def code(digest: str, *, attempt: int = 0) -> str:
    """A short code to read out from paper, "3F9A-12BC": the head of the digest.

    A later attempt takes the next eight digits, for the rare case that another document has the first ones.
    """
    part = digest[attempt * CODE_LENGTH : (attempt + 1) * CODE_LENGTH].upper()
    if len(part) < CODE_LENGTH:
        raise ValueError("The digest has no further code.")
    return f"{part[:4]}-{part[4:]}"


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        kept = {
            field.name: _plain(getattr(value, field.name))
            for field in fields(value)
            if field.default is MISSING or getattr(value, field.name) != field.default
        }
        return {"type": type(value).__name__, **kept}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    return value


def _built(value: Any, reader: type | None = None) -> Any:
    if isinstance(value, list):
        return tuple(_built(item) for item in value)
    if isinstance(value, Mapping):
        return _built_block(value)
    if reader is date and value is not None:
        return date.fromisoformat(value)
    if reader is not None and value is not None:
        return reader(value)
    return value


def _built_block(data: Mapping[str, Any]) -> Any:
    kind = _CLASSES.get(str(data.get("type")))
    if kind is None:
        raise NotADocument(f"There is no block {data.get('type')!r}.")
    readers = _readers(kind)
    given = {name: value for name, value in data.items() if name != "type"}
    if unknown := sorted(given.keys() - readers.keys()):
        raise NotADocument(f"{kind.__name__} has no {', '.join(unknown)}.")
    try:
        return kind(**{name: _built(value, readers[name]) for name, value in given.items()})
    except (TypeError, ValueError) as error:
        raise NotADocument(str(error)) from error


@cache
def _readers(kind: type) -> dict[str, type | None]:
    hints = get_type_hints(kind)
    return {field.name: _reader(field, hints[field.name]) for field in fields(kind)}


def _reader(field: Field[Any], hint: Any) -> type | None:
    """What turns the plain value of a field back into its own type, None where it already is."""
    options = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    for option in options:
        if isinstance(option, type) and get_origin(option) is None and issubclass(option, date | StrEnum):
            return option
    return None
