"""The yearly statistics forms 0602 and 0603 as a workbook. Their columns and rows are data, with source and mark."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from awards.calculations import Counted
from awards.enums import AwardSystem, RecipientKind
from awards.queries import counted_sums
from cluster_app.lib.spreadsheets.writing import Column, HeadCell, SheetWriter, Workbook
from cluster_app.lib.wording import date_short
from members.models import EmulationYear

_FILE = Path(__file__).parent / "data" / "statistics_forms.json"
_RECIPIENTS = {RecipientKind.COLLECTIVE: "Tập thể", RecipientKind.INDIVIDUAL: "Cá nhân"}
_UNVERIFIED = "Mẫu biểu chưa đối chiếu với văn bản chính thức"
_NOT_RECORDED = "Ô để trống ở dòng không có trong dữ liệu của hệ thống: điền tay trước khi gửi."

Figures = list[int | None]


@dataclass(frozen=True)
class FormColumn:
    """A column of a form: which award forms it takes; `recipients` part it, none leaves it whole."""

    number: str
    title: str
    recipients: tuple[str, ...]
    codes: frozenset[str]
    kinds: frozenset[str]
    takes_rest: bool


@dataclass(frozen=True)
class FormRow:
    """A row of a form; `counts` says which occasions it takes, None is what is not recorded here."""

    code: str
    title: str
    unit: str
    is_heading: bool
    counts: Mapping[str, Any] | None

    def part_of(self, one: Counted) -> int:
        """The occasions of `one` that this row takes."""
        counts = self.counts or {}
        if counts.get("direct"):
            return one.direct if one.recipient_kind == RecipientKind.INDIVIDUAL else 0
        is_taken = counts.get("recipient", one.recipient_kind) == one.recipient_kind
        return one.occasions if is_taken and counts.get("type", one.type) == one.type else 0


@dataclass(frozen=True)
class StatisticsForm:
    code: str
    sheet: str
    title: str
    issued_by: str
    source: str
    is_verified: bool
    level: str
    columns: tuple[FormColumn, ...]
    rows: tuple[FormRow, ...]

    def column_of(self, one: Counted) -> FormColumn | None:
        """The column that takes `one`: one that names its code, else its kind, else the column of all others."""
        asked = (
            lambda column: one.code in column.codes,
            lambda column: one.kind in column.kinds,
            lambda column: column.takes_rest,
        )
        return next((column for ask in asked for column in self.columns if ask(column)), None)


@cache
def forms() -> tuple[StatisticsForm, ...]:
    return tuple(_form(data) for data in json.loads(_FILE.read_text(encoding="utf-8"))["forms"])


def workbook(year: EmulationYear) -> bytes:
    """The forms with the year's occasions of the State's system, a sheet each. Equal data give equal bytes: the file
    bears the last day of the tally period."""
    counted = [one for one in counted_sums(year.rules) if one.system == AwardSystem.STATE]
    day = datetime.combine(year.rules.tally_to, time.min, tzinfo=UTC)
    book = Workbook(title=f"Biểu thống kê khen thưởng năm {year.year}", created_at=day)
    for form in forms():
        _sheet(book, form, year, counted)
    return book.content()


def figures(form: StatisticsForm, counted: Iterable[Counted]) -> list[Figures]:
    """For each row the total, then the columns, parted where they are; headings and what is not recorded are None."""
    of_level = [(form.column_of(one), one) for one in counted if one.level == form.level]
    listed = [(column, one) for column, one in of_level if column is not None]
    return [_of_row(form, row, listed) for row in form.rows]


def outside(form: StatisticsForm, counted: Iterable[Counted]) -> dict[str, int]:
    """The occasions of the level that have no column in the form, by the name of the award form."""
    found: dict[str, int] = {}
    for one in counted:
        if one.level == form.level and form.column_of(one) is None:
            found[one.name] = found.get(one.name, 0) + one.occasions
    return found


def _of_row(form: StatisticsForm, row: FormRow, listed: list[tuple[FormColumn, Counted]]) -> Figures:
    width = 1 + sum(max(1, len(column.recipients)) for column in form.columns)
    if row.is_heading or row.counts is None:
        return [None] * width
    found: Figures = [sum(row.part_of(one) for _column, one in listed)]
    for column in form.columns:
        own = [one for taken, one in listed if taken == column]
        parts = [[one for one in own if one.recipient_kind == kind] for kind in column.recipients] or [own]
        found += [sum(row.part_of(one) for one in part) for part in parts]
    return found


def _sheet(book: Workbook, form: StatisticsForm, year: EmulationYear, counted: list[Counted]) -> None:
    width = sum(max(1, len(column.recipients)) for column in form.columns)
    sheet = book.sheet(form.sheet, [Column(44), Column(8), Column(13), Column(10), *[Column(12)] * width])
    rules = year.rules
    sheet.wide(f"Biểu số: {form.code}", bold=True)
    sheet.wide(f"Ban hành theo {form.issued_by}. Đơn vị báo cáo: {year.cluster.name}")
    sheet.wide(form.title.upper(), bold=True, size=13, centred=True)
    sheet.wide(f"Số liệu tính theo ngày quyết định từ {date_short(rules.tally_from)} đến {date_short(rules.tally_to)}")
    _head(sheet, form)
    for row, values in zip(form.rows, figures(form, counted), strict=True):
        sheet.row([row.title, row.code, row.unit, *values], bold=row.is_heading or row.counts == {})
    sheet.gap()
    sheet.wide(_NOT_RECORDED, italic=True)
    for name, occasions in sorted(outside(form, counted).items()):
        sheet.wide(f"Không thuộc cột nào của biểu: {name}, {occasions} lượt.", italic=True)
    if not form.is_verified:
        sheet.wide(f"{_UNVERIFIED}. Nguồn: {form.source}.", italic=True)


def _head(sheet: SheetWriter, form: StatisticsForm) -> None:
    own = [HeadCell(title, rows=2) for title in ("A. Chỉ tiêu", "B. Mã số", "C. Đơn vị tính", "1. Tổng số")]
    upper = [HeadCell(f"{column.number}. {column.title}", *_size(column)) for column in form.columns]
    lower = [HeadCell(_RECIPIENTS[RecipientKind(kind)]) for column in form.columns for kind in column.recipients]
    sheet.heads([[*own, *upper], lower], frozen_columns=1)


def _size(column: FormColumn) -> tuple[int, int]:
    """How many columns and rows of the head it takes."""
    return (len(column.recipients), 1) if column.recipients else (1, 2)


def _form(data: Mapping[str, Any]) -> StatisticsForm:
    return StatisticsForm(
        code=data["code"],
        sheet=data["sheet"],
        title=data["title"],
        issued_by=data["issued_by"],
        source=data["source"],
        is_verified=data["verified"],
        level=data["level"],
        columns=tuple(_column(column) for column in data["columns"]),
        rows=tuple(
            FormRow(row["code"], row["title"], row["unit"], row.get("heading", False), row.get("counts"))
            for row in data["rows"]
        ),
    )


def _column(data: Mapping[str, Any]) -> FormColumn:
    return FormColumn(
        number=data["number"],
        title=data["title"],
        recipients=tuple(data["recipients"]),
        codes=frozenset(data.get("codes", ())),
        kinds=frozenset(data.get("kinds", ())),
        takes_rest=data.get("rest", False),
    )
