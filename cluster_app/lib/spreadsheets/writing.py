"""Writes .xlsx files: text is never a formula, numbers are exact, dates are dates, equal input gives equal bytes."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from cluster_app.lib.points import format_value

POINTS = "0.00"
GROUPED = "#,##0.00"
WHOLE = "0"
DAY = "dd/mm/yyyy"

_LONGEST_TEXT = 32_767
_LONGEST_CHOICES = 255
_MOST_DIGITS = 15
# Up to here Excel counts a 29 February 1900, so its days are not those of the calendar.
_FIRST_DAY = date(1900, 3, 1)
# The numbers by which Excel knows sizes of paper.
A4, A3 = 9, 8
_FONT = "Times New Roman"
_HEAD_COLOUR, _ENTRY_COLOUR = "#E8E8E8", "#FFF8DC"
_BASE_SIZE = 11
_LINE_HEIGHT = 1.4  # of the size of the type

Value = str | Decimal | int | bool | date | None


@dataclass(frozen=True)
class Column:
    """The width of a column in characters, how its Decimals look (`POINTS`, `GROUPED` or another format), and how its
    texts are aligned: "left", "center" or "right"."""

    width: float
    number: str = GROUPED
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Number:
    """A number that looks otherwise than those of its column: `look` is a format of Excel."""

    value: Decimal
    look: str


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A head over several columns, or beside heads that stand in several rows."""

    label: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Entry:
    """A cell to fill in: shaded, never locked, and checked by Excel while it is typed.

    A number may have a `minimum` and a `maximum`; a text may be one of `choices`, which are short and without commas,
    or of the cells that `choices_from` names, such as "='Mức điểm'!$A$2:$A$9".
    """

    value: Value = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    choices: Sequence[str] = ()
    choices_from: str = ""


class Workbook:
    """An .xlsx file in the making. `created_at` is the only time in it, so equal input gives equal bytes."""

    def __init__(self, *, title: str, created_at: datetime) -> None:
        if created_at.tzinfo is None:
            raise ValueError("The time of creation needs its time zone.")
        self._buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._buffer, {"in_memory": True})
        self._book.set_properties({"title": title, "created": created_at.astimezone(UTC).replace(tzinfo=None)})
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}
        self._sheets: list[SheetWriter] = []

    def sheet(
        self,
        name: str,
        columns: Sequence[Column],
        *,
        protected: bool = False,
        paper: int = A4,
        is_portrait: bool = False,
    ) -> "SheetWriter":
        """Adds a sheet; in a `protected` one (without password) only entries can be changed. It is printed on `paper`,
        which is `A4` or `A3`, lying unless it `is_portrait`."""
        sheet = SheetWriter(self, self._book.add_worksheet(name), columns, protected=protected)
        sheet.set_up_page(paper, is_portrait=is_portrait)
        self._sheets.append(sheet)
        return sheet

    def content(self) -> bytes:
        """Finishes the file and returns its bytes; nothing can be added afterwards."""
        for sheet in self._sheets:
            sheet.finish()
        self._book.close()
        return self._buffer.getvalue()

    def format(self, **properties: object) -> Format:
        """Returns the one format with these properties of XlsxWriter."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"font_name": _FONT, "valign": "top", **properties})
        return self._formats[key]


class SheetWriter:
    """One sheet, written row by row from the top. Rows are counted from one, as people see them."""

    def __init__(self, book: Workbook, sheet: Worksheet, columns: Sequence[Column], *, protected: bool) -> None:
        self._book = book
        self._sheet = sheet
        self._columns = columns
        self._next = 0
        self._has_head = False
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
        if protected:
            sheet.protect("", {"format_columns": True, "format_rows": True})

    def set_up_page(self, paper: int, *, is_portrait: bool) -> None:
        """Prints the sheet on `paper` in the width of one page, numbered."""
        if not is_portrait:
            self._sheet.set_landscape()
        self._sheet.set_paper(paper)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_footer("&C&P / &N")

    @property
    def next_row(self) -> int:
        """The number of the row that is written next."""
        return self._next + 1

    def title(self, text: str) -> int:
        """Writes a large heading that may run over the columns beside it. Returns its row."""
        self._put(0, text, bold=True, font_size=14)
        return self._end_row()

    def fact(self, label: str, *values: "Value | Entry") -> int:
        """Writes a label and its values above or below a table. Returns the row."""
        self._put(0, label, bold=True)
        for place, value in enumerate(values, start=1):
            self._put(place, value, align="left")
        return self._end_row()

    def gap(self) -> int:
        """Leaves a row empty. Returns it."""
        return self._end_row()

    def wide(
        self, text: str, *, bold: bool = False, italic: bool = False, size: int = _BASE_SIZE, centred: bool = False
    ) -> int:
        """Writes a text over all columns, in as many lines as it needs. Returns its row."""
        look: dict[str, object] = {"bold": bold, "italic": italic, "font_size": size, "text_wrap": True}
        look["align"] = "center" if centred else "left"
        self._span(self._next, 0, 1, len(self._columns), look)
        self._put(0, text, **look)
        room = sum(column.width for column in self._columns) * _BASE_SIZE / size
        lines = sum(math.ceil(max(1, len(line)) / room) for line in text.splitlines() or [""])
        self._sheet.set_row(self._next, lines * size * _LINE_HEIGHT)
        return self._end_row()

    def heads(self, rows: Sequence[Sequence[HeadCell]], *, frozen_columns: int = 0) -> int:
        """Writes a head of several rows; it stays in sight with the first columns, and is repeated on each printed
        page. Returns its last row. Raises ValueError for a second head on the sheet."""
        first, taken = self._next, set()
        look: dict[str, object] = {"bold": True, "border": 1, "text_wrap": True, "bg_color": _HEAD_COLOUR}
        look |= {"align": "center", "valign": "vcenter"}
        self._begin_head()
        for cells in rows:
            column = 0
            for cell in cells:
                while (self._next, column) in taken:
                    column += 1
                below = range(self._next, self._next + cell.rows)
                taken |= {(row, column + place) for row in below for place in range(cell.columns)}
                self._span(self._next, column, cell.rows, cell.columns, look)
                self._put(column, cell.label, **look)
                column += cell.columns
            self._end_row()
        self._sheet.freeze_panes(self._next, frozen_columns)
        self._sheet.repeat_rows(first, self._next - 1)
        return self._next

    def head(self, labels: Sequence[str]) -> int:
        """Writes the head of the table: it stays in sight and is repeated on each printed page. Returns its row.

        Raises ValueError for a second one on the sheet.
        """
        self._begin_head()
        for place, label in enumerate(labels):
            self._put(place, label, bold=True, border=1, text_wrap=True, bg_color=_HEAD_COLOUR)
        self._sheet.freeze_panes(self._next + 1, 0)
        self._sheet.repeat_rows(self._next)
        return self._end_row()

    def _begin_head(self) -> None:
        if self._has_head:
            raise ValueError("A sheet has one head row.")
        self._has_head = True

    def row(
        self, values: Sequence["Value | Entry | Number"], *, bold: bool = False, span: int = 1, is_shaded: bool = False
    ) -> int:
        """Writes a row of the table, bordered and wrapped; the first value takes `span` columns. Returns its number.

        Raises ValueError for what Excel could not hold exactly: more than 15 digits, or a text over 32,767 characters.
        """
        look: dict[str, object] = {"bold": bold, "border": 1, "text_wrap": True}
        if is_shaded:
            look["bg_color"] = _HEAD_COLOUR
        self._span(self._next, 0, 1, span, look)
        for place, value in enumerate(values):
            column = place + span - 1 if place else 0
            own = look | {"align": "left" if is_shaded else "center"} if span > 1 and not place else look
            if isinstance(value, Number):
                self._put_number(column, value, own)
            else:
                self._put(column, value, **own)
        return self._end_row()

    def finish(self) -> None:
        """Sets what is printed: everything written, in the width of one page."""
        if self._next:
            self._sheet.print_area(0, 0, self._next - 1, len(self._columns) - 1)

    def _span(self, row: int, column: int, rows: int, columns: int, look: dict[str, object]) -> None:
        """Makes one cell of several; what it says is written over it, for a merged cell would take it for a formula."""
        if rows > 1 or columns > 1:
            self._sheet.merge_range(row, column, row + rows - 1, column + columns - 1, "", self._book.format(**look))

    def _end_row(self) -> int:
        self._next += 1
        return self._next

    def _put(self, column: int, content: "Value | Entry", **look: object) -> None:
        value = content
        if isinstance(content, Entry):
            value = content.value
            look |= {"locked": False, "bg_color": _ENTRY_COLOUR, "border": 1}
            self._check_typing(column, content)
        if isinstance(value, datetime):
            raise TypeError("A cell holds a day; write a time of day as text.")
        if isinstance(value, date) and value < _FIRST_DAY:
            value = f"{value.day:02}/{value.month:02}/{value.year:04}"
        if isinstance(value, str) and value:
            if self._columns[column].align != "left":
                look.setdefault("align", self._columns[column].align)
            self._put_text(column, value, self._book.format(**look))
        elif isinstance(value, bool):
            self._sheet.write_boolean(self._next, column, value, self._book.format(**look))
        elif isinstance(value, date):
            self._sheet.write_datetime(self._next, column, value, self._book.format(num_format=DAY, **look))
        elif isinstance(value, (Decimal, int)):
            shown = WHOLE if isinstance(value, int) else self._columns[column].number
            number = self._book.format(num_format=shown, **look)
            # XlsxWriter formats what it is given, so a Decimal reaches the file digit by digit.
            self._sheet.write_number(self._next, column, _held_exactly(Decimal(value)), number)
        elif self._has_head or isinstance(content, Entry):
            self._sheet.write_blank(self._next, column, None, self._book.format(**look))

    def _put_number(self, column: int, number: Number, look: dict[str, object]) -> None:
        if self._columns[column].align == "center":
            look = {"align": "center", **look}
        shown = self._book.format(num_format=number.look, **look)
        self._sheet.write_number(self._next, column, _held_exactly(number.value), shown)

    def _put_text(self, column: int, text: str, look: Format) -> None:
        if len(text) > _LONGEST_TEXT:
            raise ValueError("A cell holds at most 32,767 characters.")
        if text.startswith("<r>") and text.endswith("</r>"):
            # XlsxWriter would copy such a text into the file as markup; in two pieces it is text.
            self._sheet.write_rich_string(self._next, column, "<", self._book.format(), text[1:], look)
        else:
            self._sheet.write_string(self._next, column, text, look)

    def _check_typing(self, column: int, entry: Entry) -> None:
        rule: dict[str, object]
        if entry.choices_from:
            rule = {"validate": "list", "source": entry.choices_from}
        elif entry.choices:
            if any("," in choice for choice in entry.choices) or len(",".join(entry.choices)) > _LONGEST_CHOICES:
                raise ValueError("These choices have to stand in cells, named by `choices_from`.")
            rule = {"validate": "list", "source": list(entry.choices)}
        elif entry.minimum is not None or entry.maximum is not None:
            rule = _number_rule(entry.minimum, entry.maximum)
        else:
            return
        self._sheet.data_validation(self._next, column, self._next, column, rule)


def _number_rule(minimum: Decimal | None, maximum: Decimal | None) -> dict[str, object]:
    low, high = format_value(minimum), format_value(maximum)
    if minimum is None:
        rule = {"criteria": "<=", "value": f"{maximum:f}"}
        message = _("Enter a number up to %(maximum)s.") % {"maximum": high}
    elif maximum is None:
        rule = {"criteria": ">=", "value": f"{minimum:f}"}
        message = _("Enter a number from %(minimum)s on.") % {"minimum": low}
    else:
        rule = {"criteria": "between", "minimum": f"{minimum:f}", "maximum": f"{maximum:f}"}
        message = _("Enter a number from %(minimum)s to %(maximum)s.") % {"minimum": low, "maximum": high}
    return {"validate": "decimal", **rule, "error_message": message}


def _held_exactly(value: Decimal) -> Decimal:
    digits = value.normalize().as_tuple()
    if not value.is_finite() or len(digits.digits) > _MOST_DIGITS:
        raise ValueError(f"{value} has more than {_MOST_DIGITS} digits, so Excel would change it.")
    return value
