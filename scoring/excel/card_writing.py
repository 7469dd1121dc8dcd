"""Writes a score card into an .xlsx file to be filled in without a connection."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cluster_app.lib.errors import Refused
from cluster_app.lib.spreadsheets import POINTS, Column, Entry, SheetWriter, Workbook
from cluster_app.lib.spreadsheets.survey import letters_of
from scoring.enums import CriterionKind, Section
from scoring.excel import card_layout as layout
from scoring.excel.choices import FILE_LANGUAGE, options_of
from scoring.kinds import Rule, kind_of
from scoring.models import Criterion, ScoreLine
from scoring.sheets import Sheet

_PLAIN_NUMBER = "General"
_HINT = "Chỉ nhập vào các ô có màu ở cột “Kết quả” và “Ghi chú của đơn vị”. Các ô khác đã khóa; không đổi tên trang."

Written = str | Decimal | Entry | None


def write_card(sheet: Sheet, *, at: datetime) -> bytes:
    """The card as a file, with the self-scored values and points of now. Raises Refused where a text is longer than a
    cell can be."""
    try:
        with translation.override(FILE_LANGUAGE):
            return _workbook(sheet, at).content()
    except ValueError as error:
        raise Refused(_("A text of the card is longer than a cell of Excel can be. Shorten it first.")) from error


def _workbook(sheet: Sheet, at: datetime) -> Workbook:
    book = Workbook(title=f"{layout.CARD} {sheet.card.membership.year.year}", created_at=at)
    page = book.sheet(layout.CARD, [_column(heading.key, heading.width) for heading in layout.HEADINGS], protected=True)
    lists, openness = _Lists(sheet), layout.Openness(sheet)
    _write_head(page, sheet, at)
    lines = {line.criterion_id: line for line in sheet.lines}
    for _depth, criterion in sheet.tree.walk():
        cells: Mapping[str, Written]
        if criterion.is_leaf:
            cells = _line_cells(sheet, lines[criterion.pk], openness, lists)
        else:
            cells = {"code": criterion.code, "title": criterion.title, "maximum": maximum_of(criterion)}
        page.row([cells.get(one.key) for one in layout.HEADINGS], bold=not criterion.is_leaf)
    lists.write(book)
    return book


def _column(key: str, width: int) -> Column:
    return Column(width, POINTS if key in ("maximum", "points") else _PLAIN_NUMBER)


def _write_head(page: SheetWriter, sheet: Sheet, at: datetime) -> None:
    head, year = layout.head_of(sheet.card), sheet.card.membership.year
    page.title(f"PHIẾU TỰ CHẤM ĐIỂM THI ĐUA NĂM {year.year}")
    page.fact("", layout.CLUSTER, head.cluster, year.cluster.name)
    page.fact("", layout.YEAR, head.year)
    page.fact("", layout.UNIT, head.unit)
    page.fact("", layout.UNIT_NAME, head.unit_name)
    page.fact("", layout.SET_VERSION, head.set_version)
    page.fact("", layout.CARD_VERSION, head.card_version)
    page.fact("", layout.CHECK_CODE, head.check_code)
    page.fact("", "Xuất lúc", f"{timezone.localtime(at):%d/%m/%Y %H:%M}")
    page.fact("", _HINT)
    page.gap()
    page.head([heading.name for heading in layout.HEADINGS])


def maximum_of(criterion: Criterion) -> Decimal | None:
    """The maximum as the file shows it: a penalty's with its sign."""
    if criterion.max_points is None or criterion.section != Section.PENALTY:
        return criterion.max_points
    return -criterion.max_points


def target_of(rule: Rule) -> Decimal | None:
    """What the unit is measured by; None for kinds that know no target."""
    return rule.target if rule.kind in layout.MEASURED else None


def _line_cells(sheet: Sheet, line: ScoreLine, openness: layout.Openness, lists: "_Lists") -> Mapping[str, Written]:
    criterion, rule = line.criterion, sheet.rule(line)
    closed = openness.closed_because(line)
    options = options_of(criterion, rule)
    value: str | Decimal | None = line.self_value
    if options and line.self_value is not None:
        value = next((label for label, stands_for in options.items() if stands_for == line.self_value), None)
    return {
        "code": criterion.code,
        "title": criterion.title,
        "how": criterion.how_computed,
        "evidence": criterion.evidence_required,
        "measure": criterion.unit_of_measure,
        "target": target_of(rule),
        "maximum": maximum_of(criterion),
        "value": value if closed else _entry(value, rule, lists.range_of(criterion)),
        "note": line.self_note if closed else Entry(line.self_note),
        "closed": closed,
        "points": line.self_points,
    }


def _entry(value: str | Decimal | None, rule: Rule, choices_from: str) -> Entry:
    if choices_from:
        return Entry(value, choices_from=choices_from)
    # A value that is judged is the points themselves, which may have a least number.
    least = rule.min_points if rule.kind == CriterionKind.JUDGED else None
    return Entry(value, minimum=least or Decimal(0), maximum=kind_of(rule).largest_value(rule))


class _Lists:
    """The sheet with the entries that lines are chosen from, one list a column."""

    def __init__(self, sheet: Sheet) -> None:
        self._lists: dict[tuple[str, ...], tuple[int, str]] = {}
        self._of: dict[int, tuple[str, ...]] = {}
        for line in sheet.lines:
            labels = tuple(options_of(line.criterion, sheet.rule(line)))
            if labels:
                self._of[line.criterion_id] = labels
                self._lists.setdefault(labels, (len(self._lists), line.criterion.code))

    def range_of(self, criterion: Criterion) -> str:
        """Where the entries of the criterion stand; empty for one that is not chosen from a list."""
        labels = self._of.get(criterion.pk)
        if labels is None:
            return ""
        row, _code = self._lists[labels]
        return f"='{layout.LISTS}'!$B${row + 2}:${letters_of(len(labels))}${row + 2}"

    def write(self, book: Workbook) -> None:
        width = max((len(labels) for labels in self._lists), default=1)
        page = book.sheet(layout.LISTS, [Column(9), *[Column(24)] * width], protected=True)
        page.head(["Mã", *(f"Lựa chọn {place}" for place in range(1, width + 1))])
        for labels, (_row, code) in self._lists.items():
            page.row([code, *labels, *[None] * (width - len(labels))])
