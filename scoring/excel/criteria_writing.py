"""Writes a criteria set into an .xlsx file that can be read again without a change."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _

from cluster_app.lib.errors import Refused
from cluster_app.lib.spreadsheets import Column, Entry, SheetWriter, Workbook
from scoring.criteria_nodes import LevelNode, Node, RuleNode, nodes_of
from scoring.excel import criteria_layout as layout
from scoring.excel.choices import FILE_LANGUAGE, NO, YES, label_of, labels_of
from scoring.excel.criteria_reading import CriteriaFile
from scoring.excel.examples import EXAMPLES, guide_rows
from scoring.excel.tables import Heading
from scoring.models import CriteriaSet
from scoring.sheets import tree_of

EMPTY_ROWS = 40
_PLAIN_NUMBER = "General"

Written = str | Decimal | Entry | None


def file_of_set(criteria_set: CriteriaSet) -> CriteriaFile:
    """What a file says about a stored set. Three queries, one more for a set with sources."""
    nodes = nodes_of(tree_of(criteria_set.pk))
    return CriteriaFile(
        criteria_set.title, criteria_set.declared_total, criteria_set.allows_shared_records, tuple(nodes)
    )


def write_set(criteria_set: CriteriaSet, *, at: datetime) -> bytes:
    """The stored set as a file. Raises Refused where a text is longer than a cell can be."""
    year = criteria_set.year
    origin = [("Cụm", year.cluster.name), ("Năm", str(year.year)), ("Phiên bản", str(criteria_set.version))]
    return _write(file_of_set(criteria_set), at=at, origin=origin, empty_rows=0)


def write_template(*, at: datetime) -> bytes:
    """A file with one example of every kind, an explanation, and empty rows to go on with. It can be imported as it
    is."""
    return _write(EXAMPLES, at=at, origin=[], empty_rows=EMPTY_ROWS)


def _write(file: CriteriaFile, *, at: datetime, origin: Sequence[tuple[str, str]], empty_rows: int) -> bytes:
    try:
        with translation.override(FILE_LANGUAGE):
            return _workbook(file, at, origin, empty_rows).content()
    except ValueError as error:
        raise Refused(_("A text of the set is longer than a cell of Excel can be. Shorten it first.")) from error


def _workbook(file: CriteriaFile, at: datetime, origin: Sequence[tuple[str, str]], empty_rows: int) -> Workbook:
    book = Workbook(title=file.title or layout.CRITERIA, created_at=at)
    lists = _Lists(dict(layout.CHOICES) | dict(layout.RULE_CHOICES))
    sheet = book.sheet(layout.CRITERIA, _columns(layout.CRITERIA_HEADINGS))
    _write_head(sheet, file, origin)
    for node in file.nodes:
        sheet.row([_criterion_cell(lists, node, one.key) for one in layout.CRITERIA_HEADINGS])
    for _place in range(empty_rows):
        sheet.row([lists.entry(one.key, "") for one in layout.CRITERIA_HEADINGS])
    _write_levels(book, file.nodes)
    _write_rules(book, file.nodes, lists, empty_rows)
    lists.write(book)
    _write_guide(book)
    return book


def _columns(headings: Sequence[Heading]) -> list[Column]:
    return [Column(heading.width, _PLAIN_NUMBER) for heading in headings]


def _write_head(sheet: SheetWriter, file: CriteriaFile, origin: Sequence[tuple[str, str]]) -> None:
    """The facts stand under the wide column, so that their labels can be read."""
    sheet.title("BẢNG TIÊU CHÍ CHẤM ĐIỂM THI ĐUA")
    sheet.fact("", "", layout.TITLE, Entry(file.title))
    sheet.fact("", "", layout.TOTAL, Entry(file.declared_total, minimum=Decimal(0)))
    sheet.fact("", "", layout.SHARED, Entry(YES if file.allows_shared_records else NO, choices=(YES, NO)))
    for label, value in origin:
        sheet.fact("", "", label, value)
    sheet.gap()
    sheet.head([heading.name for heading in layout.CRITERIA_HEADINGS])


def _criterion_cell(lists: "_Lists", node: Node, key: str) -> Written:
    value: str | Decimal | None = getattr(node, key)
    return lists.entry(key, str(value)) if key in layout.CHOICES else value


class _Lists:
    """The sheet with the words to choose from. An entry of a list refers to its column there."""

    def __init__(self, choices: dict[str, type[TextChoices]]) -> None:
        self._choices = choices
        self._letters = {key: chr(ord("A") + place) for place, key in enumerate(choices)}

    def entry(self, key: str, value: str) -> Entry | str:
        """A cell of this column: chosen from its list, where it has one."""
        choices = self._choices.get(key)
        if choices is None:
            return value
        letter, count = self._letters[key], len(choices)
        label = label_of(choices(value)) if value else ""
        return Entry(label, choices_from=f"='{layout.LISTS}'!${letter}$2:${letter}${count + 1}")

    def write(self, book: Workbook) -> None:
        sheet = book.sheet(layout.LISTS, [Column(30) for _key in self._choices], protected=True)
        names = {one.key: one.name for one in (*layout.CRITERIA_HEADINGS, *layout.RULE_HEADINGS)}
        sheet.head([names[key] for key in self._choices])
        columns = [labels_of(choices) for choices in self._choices.values()]
        for place in range(max(map(len, columns))):
            sheet.row([column[place] if place < len(column) else None for column in columns])


def _write_levels(book: Workbook, nodes: Sequence[Node]) -> None:
    sheet = book.sheet(layout.LEVELS, _columns(layout.LEVEL_HEADINGS))
    sheet.head([heading.name for heading in layout.LEVEL_HEADINGS])
    for node in nodes:
        for level in node.levels:
            sheet.row([node.code, *_level_cells(level)])


def _level_cells(level: LevelNode) -> list[Written]:
    return [getattr(level, heading.key) for heading in layout.LEVEL_HEADINGS[1:]]


def _write_rules(book: Workbook, nodes: Sequence[Node], lists: _Lists, empty_rows: int) -> None:
    sheet = book.sheet(layout.SOURCES, _columns(layout.RULE_HEADINGS))
    sheet.head([heading.name for heading in layout.RULE_HEADINGS])
    for node in nodes:
        for rule in node.source_rules:
            sheet.row([node.code, *(_rule_cell(lists, rule, one.key) for one in layout.RULE_HEADINGS[1:])])
    for _place in range(empty_rows):
        sheet.row([lists.entry(heading.key, "") for heading in layout.RULE_HEADINGS])


def _rule_cell(lists: _Lists, rule: RuleNode, key: str) -> Written:
    value: str | Decimal = getattr(rule, key)
    return lists.entry(key, str(value)) if key in layout.RULE_CHOICES else value


def _write_guide(book: Workbook) -> None:
    sheet = book.sheet(layout.GUIDE, [Column(26), Column(100)])
    sheet.title("HƯỚNG DẪN")
    sheet.head(["Cột hoặc loại", "Cách ghi"])
    for name, text in guide_rows():
        sheet.row([name, text])
