"""Reads a criteria file into plain nodes. Whatever is wrong with it is said by cell, all at once."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from awards.models import AwardForm
from cluster_app.lib.errors import Refused
from cluster_app.lib.spreadsheets import Book, read
from scoring.criteria_nodes import LevelNode, Node, RuleNode
from scoring.enums import CriterionKind, Section
from scoring.excel import criteria_cells
from scoring.excel import criteria_layout as layout
from scoring.excel.choices import truth_of
from scoring.excel.criteria_cells import Reading
from scoring.excel.fields import RowReader, number_in
from scoring.excel.tables import Heading, Table, sheet_named, table_of, text_of
from scoring.models import CriteriaSet, Criterion, CriterionLevel, SourceRule

MOST_CRITERIA = 1000

_LONGEST_CODE: int = Criterion._meta.get_field("code").max_length  # type: ignore[assignment]
_LONGEST_TITLE: int = CriteriaSet._meta.get_field("title").max_length  # type: ignore[assignment]
_FIELDS = [one.key for one in layout.CRITERIA_HEADINGS if one.key not in ("code", "parent")]


@dataclass(frozen=True)
class CriteriaFile:
    """A criteria set as a file says it. `title` is empty where the file leaves it open."""

    title: str
    declared_total: Decimal
    allows_shared_records: bool
    nodes: tuple[Node, ...]


def award_form_codes() -> set[str]:
    """The codes by which rules of a source may name a title or form. One query."""
    return set(AwardForm.objects.values_list("code", flat=True))


def read_criteria(content: bytes, *, name: str, award_forms: Collection[str]) -> CriteriaFile:
    """Returns the set that the uploaded file `name` describes.

    Raises Refused with a sentence for every cell at fault, and for a file that is no workbook of this kind. A set that
    could not be put into force is refused too (docs/excel.md).
    """
    book = read(content, name=name)
    reading = Reading()
    table = _table(book, layout.CRITERIA, layout.CRITERIA_HEADINGS, reading)
    if table is None:
        raise Refused(_("There is no sheet “%(name)s” in the file.") % {"name": layout.CRITERIA})
    _read_head(table, reading)
    _read_criteria(table, reading)
    _read_levels(_table(book, layout.LEVELS, layout.LEVEL_HEADINGS, reading), reading)
    _read_rules(_table(book, layout.SOURCES, layout.RULE_HEADINGS, reading), reading, award_forms)
    nodes = _nodes(reading)
    criteria_cells.note_problems(reading, nodes)
    reading.problems.raise_if_any()
    return CriteriaFile(reading.title, reading.total or Decimal(0), reading.is_shared, nodes)


def _table(book: Book, name: str, headings: tuple[Heading, ...], reading: Reading) -> Table | None:
    """The table of the sheet with that name; None for a sheet that is not there, or has nothing in it. Raises Refused
    where the sheet is no such table: without it nothing can be said of the rest."""
    sheet = sheet_named(book, name)
    if sheet is None or all(cell.is_empty for cells in sheet.rows for cell in cells):
        return None
    table = table_of(sheet, headings, reading.problems)
    if table is None:
        reading.problems.raise_if_any()
    return table


def _read_head(table: Table, reading: Reading) -> None:
    title, total, shared = (table.fact(label) for label in (layout.TITLE, layout.TOTAL, layout.SHARED))
    if title is not None:
        try:
            reading.title = text_of(title, longest=_LONGEST_TITLE)
        except Refused as refused:
            reading.problems.add(refused.message, title)
    if shared is not None:
        try:
            reading.is_shared = truth_of(text_of(shared))
        except Refused as refused:
            reading.problems.add(refused.message, shared)
    if total is None:
        text = _("Above the headings there is no “%(label)s” with a number beside it.")
        reading.problems.add(text % {"label": layout.TOTAL})
        return
    reading.total_cell = total
    try:
        reading.total = number_in(total, CriteriaSet._meta.get_field("declared_total"))
    except Refused as refused:
        reading.problems.add(refused.message, total)
        return
    if reading.total is None or reading.total <= 0:
        reading.problems.add(_("The declared total must be more than 0."), total)
        reading.total = None


def _read_criteria(table: Table, reading: Reading) -> None:
    for row in table.rows():
        reader = RowReader(row, reading.problems)
        code = reader.code("code", _LONGEST_CODE)
        values = reader.fields(Criterion, _FIELDS, layout.CHOICES)
        values["parent"] = reader.code("parent", _LONGEST_CODE)
        for key in ("title", "kind"):
            if key not in values and key not in reader.unread and row.has(key):
                reader.note(key, _("This cell must be filled in."))
        if not code:
            if "code" not in reader.unread:
                reader.note("code", _("This cell must be filled in."))
            reading.torn.add(str(values["parent"]))
        elif code in reading.rows:
            reading.torn.add(str(values["parent"]))
            first = reading.rows[code].row.cell("code").address
            reader.note("code", _("The code stands in cell %(first)s already.") % {"first": first})
        elif len(reading.rows) >= MOST_CRITERIA:
            text = _("A set has at most %(count)d criteria.") % {"count": MOST_CRITERIA}
            reading.problems.add(text, row.cell("code"))
            return
        else:
            reading.rows[code], reading.values[code] = reader, values


def _read_levels(table: Table | None, reading: Reading) -> None:
    for row in table.rows() if table else ():
        reader = RowReader(row, reading.problems)
        code = _known_code(reader, reading)
        values = reader.fields(CriterionLevel, ["label", "points", "from_value", "to_value"], {})
        for key in ("label", "points"):
            if key not in values and key not in reader.unread:
                reader.note(key, _("This cell must be filled in."))
        criteria_cells.note_level(reader, values)
        if code and not reader.unread:
            reading.levels.setdefault(code, []).append(LevelNode(**values))
        reading.level_rows.setdefault(code, []).append(reader)


def _read_rules(table: Table | None, reading: Reading, award_forms: Collection[str]) -> None:
    for row in table.rows() if table else ():
        reader = RowReader(row, reading.problems)
        code = _known_code(reader, reading)
        keys = ["level", "recipient_kind", "campaign_kind", "amount"]
        values = reader.fields(SourceRule, keys, layout.RULE_CHOICES)
        form = reader.code("award_form", AwardForm._meta.get_field("code").max_length)  # type: ignore[arg-type]
        if form and form not in award_forms:
            reader.note("award_form", _("There is no title or form with the code %(code)s.") % {"code": form})
        if "amount" not in values and "amount" not in reader.unread:
            reader.note("amount", _("This cell must be filled in."))
        values["award_form"] = form
        criteria_cells.note_rule(reader, values, reading.rules.get(code, []))
        if code and not reader.unread:
            reading.rules.setdefault(code, []).append(RuleNode(**values))
        reading.rule_rows.setdefault(code, []).append(reader)


def _known_code(reader: RowReader, reading: Reading) -> str:
    code = reader.code("code", _LONGEST_CODE)
    if code not in reading.rows and "code" not in reader.unread:
        text = _("There is no criterion with this code in the sheet “%(sheet)s”.")
        reader.note("code", text % {"sheet": layout.CRITERIA})
    return code if code in reading.rows else ""


def _nodes(reading: Reading) -> tuple[Node, ...]:
    """The nodes in the order of the file. Where the section is left open it is that of the group; where the kind could
    not be read, one that fits the place stands in, since such a file is refused anyway."""
    parents = {values["parent"] for values in reading.values.values()}
    nodes = []
    for code, values in reading.values.items():
        stand_in = CriterionKind.GROUP if code in parents else CriterionKind.JUDGED
        given: dict[str, Any] = {"title": "", "kind": stand_in.value} | values | {"section": _section_of(code, reading)}
        levels, rules = tuple(reading.levels.get(code, ())), tuple(reading.rules.get(code, ()))
        nodes.append(Node(code=code, **given, levels=levels, source_rules=rules))
    return tuple(nodes)


def _section_of(code: str, reading: Reading) -> str:
    seen: set[str] = set()
    while code in reading.values and code not in seen:
        seen.add(code)
        values = reading.values[code]
        if "section" in values:
            return str(values["section"])
        code = values["parent"]
    return Section.BASE.value
