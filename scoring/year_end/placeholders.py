"""Placeholders in the paragraphs of the annual summary: `{lượt tập thể}` stands for a figure of the records.

On paper the present figure stands there; a paragraph whose figures are no longer those that its writer saw is stale. A
brace itself is written twice. Of a text that was never checked, what cannot be read prints as it stands.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cluster_app.lib.points import NO_FIGURE
from cluster_app.lib.vietnamese import fold

_TOKEN = re.compile(r"\{\{|\}\}|\{(?P<name>[^{}\n]*)\}|\{|\}")
_MOST_PROBLEMS = 5


@dataclass(frozen=True)
class Change:
    """A placeholder whose figure was `old` when the paragraph was last read by a person, and is `new` now. Empty `old`:
    nobody has seen its figure yet; empty `new`: there is no figure of this name any more."""

    name: str
    old: str
    new: str


def fill(text: str, values: Mapping[str, str]) -> str:
    """Returns the text as it prints: each placeholder replaced by its value, doubled braces by single ones."""
    names = _folded(values)

    def replace(name: str, raw: str) -> str:
        return values[names[fold(name)]] if fold(name) in names else raw

    return _replaced(text, replace, lambda braces: braces[:1])


def canonical(text: str, names: Iterable[str]) -> str:
    """Returns the text with each known name as the list spells it: `{LUOT TAP THE}` becomes `{lượt tập thể}`."""
    known = _folded(names)
    return _replaced(text, lambda name, raw: f"{{{known[fold(name)]}}}" if fold(name) in known else raw, str)


def literal(text: str) -> str:
    """Returns the text so written that `fill` gives it back unchanged."""
    return text.replace("{", "{{").replace("}", "}}")


def used(text: str, names: Iterable[str]) -> list[str]:
    """The names of the figures that the text calls, each once, in their order."""
    known = _folded(names)
    found = [known[folded] for name in _references(text) if (folded := fold(name)) in known]
    return list(dict.fromkeys(found))


def spoken(text: str) -> str:
    """The text without its placeholders: what a person typed."""
    return _replaced(text, lambda name, raw: " ", lambda braces: braces[:1])


def problems(text: str, names: Iterable[str]) -> list[str]:
    """One sentence for each placeholder that no figure has, with the nearest name, and for a brace left open."""
    known = _folded(names)
    unknown = dict.fromkeys(name.strip() for name in _references(text) if fold(name) not in known)
    found = [_unknown(name, known) for name in list(unknown)[:_MOST_PROBLEMS]]
    if any(match[0] == "{" for match in _TOKEN.finditer(text)):
        found.append(
            _("A brace { is opened and not closed. Close it after the name; for a brace itself write it twice: {{.")
        )
    return found


def without_figure(text: str, values: Mapping[str, str]) -> list[str]:
    """The names that the text calls and for which the records have no figure yet."""
    return [name for name in used(text, values) if values[name] == NO_FIGURE]


def accepted(text: str, values: Mapping[str, str]) -> dict[str, str]:
    """What is kept beside a text that a person has written or accepted: its placeholders with their values."""
    return {name: values[name] for name in used(text, values)}


def changes(text: str, seen: Mapping[str, str], values: Mapping[str, str]) -> list[Change]:
    """What changed since a person saw the figures of the text; a paragraph is stale if there is any."""
    known = _folded(values)
    found = [Change(name, seen.get(name, ""), values[name]) for name in used(text, values)]
    gone = dict.fromkeys(name.strip() for name in _references(text) if fold(name) not in known)
    found += [Change(name, seen.get(name, ""), "") for name in gone]
    return [change for change in found if change.old != change.new or not change.new]


def _unknown(name: str, known: Mapping[str, str]) -> str:
    near = difflib.get_close_matches(fold(name), known, n=1)
    if not near:
        text = _("There is no figure called {%(name)s}. Choose one of the list beside the text.")
        return text % {"name": name}
    text = _("There is no figure called {%(name)s}; the nearest is {%(near)s}.")
    return text % {"name": name, "near": known[near[0]]}


def _references(text: str) -> list[str]:
    return [match["name"] for match in _TOKEN.finditer(text) if match["name"] is not None]


def _replaced(text: str, reference: Callable[[str, str], str], brace: Callable[[str], str]) -> str:
    def replace(match: re.Match[str]) -> str:
        return brace(match[0]) if match["name"] is None else reference(match["name"], match[0])

    return _TOKEN.sub(replace, text)


def _folded(names: Iterable[str]) -> dict[str, str]:
    return {fold(name): name for name in names}
