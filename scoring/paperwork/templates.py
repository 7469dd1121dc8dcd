"""The templates of a year's papers: declared variables, then the text that uses them (templates/documents/*.txt).

A template is read by this program alone. `{name}` stands for a declared variable and nothing else: no attribute, no
expression, no call. A value is put in once and never looked at again, so `{`, `#` or `<` in it stay text.

The head of a file declares, a line each:  who | name | kind | need | label / English label | default
`who` is `ask` (typed by the secretariat) or `fill` (from the year's data), `need` is `required` or `optional`.
Below `---` each line is a paragraph, or begins with a mark:  `#` and `##` headings, `@lines {name}`, `@table {name}`,
`@grounds {name}`, `@to {name}`, `@end` for the closing sentence, `?` for a line that goes where its value is empty.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cluster_app.documents.blocks import Table
from cluster_app.documents.enums import DocumentKind
from cluster_app.lib.errors import Refused
from cluster_app.lib.wording import date_long, whole_number
from scoring.paperwork.enums import VariableKind

FOLDER = Path(settings.BASE_DIR) / "templates" / "documents"
HEADERS = ("title", "summary", "orientation")
MARKS = {
    "#": "heading",
    "##": "subheading",
    "@lines": "lines",
    "@table": "table",
    "@grounds": "grounds",
    "@to": "to",
    "@end": "end",
}
WHOLE = frozenset({"lines", "table", "grounds", "to"})
_KINDS_OF_MARK = {
    "lines": {VariableKind.LINES},
    "table": {VariableKind.TABLE},
    "grounds": {VariableKind.LINES},
    "to": {VariableKind.LINES},
}
_IN_TEXT = frozenset({VariableKind.TEXT, VariableKind.DATE, VariableKind.TIME, VariableKind.NUMBER})
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")

Value = str | tuple[Table, ...]


class TemplateError(ValueError):
    """A template that does not keep to its own declarations; a mistake of its author, found before any paper."""


@dataclass(frozen=True)
class Variable:
    """A declared variable. `labels` are Vietnamese and English: a template carries its words itself."""

    name: str
    kind: VariableKind
    is_asked: bool
    is_required: bool
    labels: tuple[str, str]
    default: str = ""

    @property
    def label(self) -> str:
        return self.labels[1 if get_language() == "en" else 0]


@dataclass(frozen=True)
class Line:
    """One line of a paper: what it is, its text with places, and whether it goes where a value is empty."""

    mark: str
    text: str
    may_go: bool = False

    @property
    def names(self) -> list[str]:
        return _PLACE.findall(self.text)


@dataclass(frozen=True)
class Template:
    title: str
    summary: str
    is_landscape: bool
    variables: Mapping[str, Variable]
    lines: tuple[Line, ...]

    @property
    def asked(self) -> list[Variable]:
        return [variable for variable in self.variables.values() if variable.is_asked]


@cache
def of(kind: DocumentKind) -> Template:
    """The template of a kind of paper, checked. Raises TemplateError."""
    return parse((FOLDER / f"{kind.value}.txt").read_text(encoding="utf-8"))


def parse(source: str) -> Template:
    """Reads a template and checks that text and declarations agree. Raises TemplateError naming the line."""
    head, divider, body = source.partition("\n---\n")
    if not divider:
        raise TemplateError("A template has its declarations above '---' and its text below.")
    headers: dict[str, str] = {}
    variables: dict[str, Variable] = {}
    for row in _rows(head):
        name, colon, text = row.partition(":")
        if colon and name in HEADERS:
            headers[name] = text.strip()
            continue
        variable = _variable(row)
        if variable.name in variables:
            raise TemplateError(f"{variable.name} is declared twice.")
        variables[variable.name] = variable
    lines = tuple(_line(row) for row in _rows(body))
    template = Template(
        title=headers.get("title", ""),
        summary=headers.get("summary", ""),
        is_landscape=headers.get("orientation") == "landscape",
        variables=variables,
        lines=lines,
    )
    _check(template)
    return template


def _rows(text: str) -> Iterator[str]:
    """The lines that say something; one that begins with ";" is a remark."""
    for row in text.splitlines():
        if row.strip() and not row.startswith(";"):
            yield row.strip()


def _variable(row: str) -> Variable:
    who, name, kind, need, label, *default = [part.strip() for part in row.split("|")] + [""] * (4 - row.count("|"))
    vietnamese, slash, english = label.partition(" / ")
    try:
        known = VariableKind(kind)
    except ValueError as error:
        raise TemplateError(f"There is no kind {kind!r}: {row}") from error
    if who not in ("ask", "fill") or need not in ("required", "optional") or not slash or len(default) > 1:
        raise TemplateError(f"This is no declaration: {row}")
    if who == "ask" and known == VariableKind.TABLE:
        raise TemplateError(f"A table cannot be typed: {row}")
    return Variable(name, known, who == "ask", need == "required", (vietnamese, english), "".join(default))


def _line(row: str) -> Line:
    may_go = row.startswith("?")
    row = row.removeprefix("?").strip()
    first, _blank, rest = row.partition(" ")
    if first in MARKS:
        return Line(MARKS[first], rest.strip(), may_go)
    if first.startswith("@"):
        raise TemplateError(f"There is no mark {first}.")
    return Line("paragraph", row, may_go)


def _check(template: Template) -> None:
    used: set[str] = set()
    own = (Line("paragraph", template.title), Line("paragraph", template.summary))
    defaults = tuple(Line("paragraph", variable.default) for variable in template.asked)
    for line in (*own, *template.lines, *defaults):
        used.update(line.names)
        _check_line(template, line)
    if unused := sorted(template.variables.keys() - used):
        raise TemplateError(f"Declared and never used: {', '.join(unused)}.")


def _check_line(template: Template, line: Line) -> None:
    if "{" in _PLACE.sub("", line.text) or "}" in _PLACE.sub("", line.text):
        raise TemplateError(f"Only the name of a variable stands in braces: {line.text}")
    if unknown := [name for name in line.names if name not in template.variables]:
        raise TemplateError(f"Not declared: {', '.join(unknown)}.")
    if line.mark in WHOLE and not _PLACE.fullmatch(line.text):
        raise TemplateError(f"This mark takes one variable alone: {line.text}")
    allowed = _KINDS_OF_MARK.get(line.mark, _IN_TEXT)
    for variable in (template.variables[name] for name in line.names):
        if variable.kind not in allowed:
            raise TemplateError(f"{variable.name} is {variable.kind} and cannot stand here: {line.text}")
        if not variable.is_required and line.mark not in WHOLE and not line.may_go:
            raise TemplateError(f"{variable.name} may be empty, and would leave a hole: {line.text}")


# --- Values ---


def values_of(template: Template, filled: Mapping[str, Value], typed: Mapping[str, object]) -> dict[str, Value]:
    """Every declared variable with its value as printed: typed, else its default; filled from data.

    Raises Refused with a sentence for each variable that is missing, wrong or not declared, by its label: nothing is
    printed with a hole in it.
    """
    errors = [_undeclared(name) for name in sorted(typed.keys() - {one.name for one in template.asked})]
    values: dict[str, Value] = {}
    for variable in template.variables.values():
        value = _typed(variable, typed, filled) if variable.is_asked else filled.get(variable.name, "")
        try:
            values[variable.name] = _printed(variable, value)
        except ValueError:
            errors.append(_("%(label)s: “%(value)s” cannot be read.") % {"label": variable.label, "value": value})
            continue
        if variable.is_required and not values[variable.name]:
            errors.append(_missing(variable))
    if errors:
        raise Refused(_("The paper cannot be made yet."), missing=errors)
    return values


def default_of(variable: Variable, filled: Mapping[str, Value]) -> str:
    """What is printed where nothing is typed; a default may name what the year's data fill in, " // " ends a line."""
    return put_in(variable.default.replace(" // ", "\n"), filled)


def put_in(text: str, values: Mapping[str, Value]) -> str:
    """The text with each place taken by its value, once: what stands in a value is not read again."""
    return _PLACE.sub(lambda found: str(values.get(found[1], "")), text)


def _typed(variable: Variable, typed: Mapping[str, object], filled: Mapping[str, Value]) -> Value:
    given = typed.get(variable.name)
    text = given.strip() if isinstance(given, str) else ""
    return text or default_of(variable, filled)


def _printed(variable: Variable, value: Value) -> Value:
    """The value as it stands on paper. Raises ValueError if it is not of its kind."""
    if not isinstance(value, str) or (not variable.is_asked and variable.kind != VariableKind.LINES):
        return value
    if variable.kind == VariableKind.LINES:
        return "\n".join(line.strip() for line in value.splitlines() if line.strip())
    text = " ".join(value.split())
    if not text:
        return text
    match variable.kind:
        case VariableKind.DATE:
            return date_long(date.fromisoformat(text))
        case VariableKind.TIME:
            moment = time.fromisoformat(text)
            return f"{moment.hour:02d} giờ {moment.minute:02d}"
        case VariableKind.NUMBER:
            return whole_number(int(text))
    return text


def _missing(variable: Variable) -> str:
    if variable.is_asked:
        return _("Not filled in: %(label)s.") % {"label": variable.label}
    return _("Not known yet from the records of the year: %(label)s.") % {"label": variable.label}


def _undeclared(name: str) -> str:
    return _("The template has no place for “%(name)s”.") % {"name": name}
