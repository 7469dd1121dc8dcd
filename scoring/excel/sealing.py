"""What a page was shown, carried by the page itself until it is confirmed: signed, for one person and one purpose."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from cluster_app.lib.errors import Refused
from members.models import User
from scoring.criteria_nodes import LevelNode, Node, RuleNode
from scoring.excel.criteria_reading import CriteriaFile

LONGEST_AGE = 4 * 60 * 60
LARGEST_SEAL = 2_000_000
_NUMBER = "number"


def seal(purpose: str, *, by: User, about: int, content: Mapping[str, Any]) -> str:
    """Returns `content` as a text that only `unseal` with the same purpose, person and thing (primary key) opens.

    Raises Refused for more than a form can send back.
    """
    packed = _pack({"by": by.pk, "about": about, "content": content})
    sealed = signing.dumps(packed, salt=_salt(purpose), compress=True)
    if len(sealed) > LARGEST_SEAL:
        raise Refused(_("There is more in this file than can be read at once. Split it into smaller files."))
    return sealed


def unseal(purpose: str, text: str, *, by: User, about: int) -> dict[str, Any]:
    """Returns what was sealed. Raises Refused for anything else, and after four hours."""
    try:
        found = signing.loads(text, salt=_salt(purpose), max_age=LONGEST_AGE)
    except signing.BadSignature as error:
        raise _outdated() from error
    if (found["by"], found["about"]) != (by.pk, about):
        raise _outdated()
    content: dict[str, Any] = _unpack(found["content"])
    return content


def _outdated() -> Refused:
    return Refused(_("This preview is no longer valid. Nothing was changed. Choose the file again."))


def _salt(purpose: str) -> str:
    return f"scoring.excel.{purpose}"


def _pack(value: Any) -> Any:
    """Plain values for JSON; a Decimal keeps its digits."""
    if isinstance(value, Decimal):
        return {_NUMBER: str(value)}
    return _through(_pack, value)


def _unpack(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {_NUMBER}:
        return Decimal(value[_NUMBER])
    return _through(_unpack, value)


def _through(change: Callable[[Any], Any], value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: change(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [change(one) for one in value]
    return value


def plain_file(file: CriteriaFile) -> dict[str, Any]:
    """A criteria file as plain values, to be sealed."""
    return asdict(file)


def file_of(plain: Mapping[str, Any]) -> CriteriaFile:
    """The criteria file that `plain_file` took apart."""
    nodes = [
        Node(
            **node
            | {
                "levels": tuple(LevelNode(**level) for level in node["levels"]),
                "source_rules": tuple(RuleNode(**rule) for rule in node["source_rules"]),
            }
        )
        for node in plain["nodes"]
    ]
    return CriteriaFile(**dict(plain) | {"nodes": tuple(nodes)})
