"""Reads .xlsx, .ods and .xls files that people upload, exactly and only after a survey found them harmless."""

import io
import math
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import PurePath
from xml.parsers import expat

import python_calamine
from django.utils.translation import gettext as _

from cluster_app.lib.errors import Refused
from cluster_app.lib.numbers import MOST_CHARACTERS, MOST_WHOLE_DIGITS, parse_decimal
from cluster_app.lib.points import format_value
from cluster_app.lib.spreadsheets.compound import SIGNATURE as COMPOUND
from cluster_app.lib.spreadsheets.compound import Compound, Records
from cluster_app.lib.spreadsheets.packages import SIGNATURE as ZIP
from cluster_app.lib.spreadsheets.packages import Package
from cluster_app.lib.spreadsheets.survey import (
    MEGABYTE,
    MOST_BYTES,
    Damaged,
    SheetSurvey,
    Survey,
    address_of,
    listed,
    place_of,
    position_of,
)

Value = str | Decimal | bool | date | datetime | time | timedelta | None

READABLE = (".xlsx", ".ods", ".xls")
MACRO_EXTENSIONS = {".xlsm", ".xltm", ".xlam", ".xlsb"}

# Excel keeps fifteen digits of a number. A binary value this near to one of fifteen digits was meant to be that one.
_DIGITS = 15
_NOISE = 4

_DAMAGES = (
    Damaged,
    expat.ExpatError,
    zipfile.BadZipFile,
    NotImplementedError,
    zlib.error,
    struct.error,
    LookupError,
    ValueError,
    OverflowError,
    OSError,
    python_calamine.CalamineError,
)
_ENCRYPTED_STREAM = "ENCRYPTEDPACKAGE"
_MACRO_STREAMS = {"_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA", "MACROS"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its value as stored, its place counted from zero, and whether a formula or an error stands there."""

    value: Value
    row: int
    column: int
    is_formula: bool = False
    is_error: bool = False

    @property
    def address(self) -> str:
        """Where people find the cell, such as "C7"."""
        return address_of(self.row, self.column)

    @property
    def is_empty(self) -> bool:
        return not self.is_error and not self.text()

    def text(self) -> str:
        """Returns the content as stripped NFC text: a number as "6" or "1.5", a date as "31/12/2026".

        Raises Refused for an error such as #N/A.
        """
        if self.is_error:
            raise Refused(_("The cell shows an error. Enter the value itself."))
        if self.value is None:
            return ""
        if isinstance(self.value, Decimal):
            return f"{self.value:f}"
        if isinstance(self.value, datetime):
            return f"{self.value:%d/%m/%Y %H:%M}"
        if isinstance(self.value, date):
            return f"{self.value:%d/%m/%Y}"
        return unicodedata.normalize("NFC", str(self.value)).strip()

    def number(self, *, maximum: Decimal | None = None, places: int = 2) -> Decimal:
        """Returns the number that stands or is typed here, by the same rules as in a form field.

        Raises Refused as `lib.numbers.parse_decimal` does, and for dates, truth values, errors and "not a number".
        """
        if isinstance(self.value, (date, time, timedelta)):
            hint = _("Excel took this for a date or time. Set the format of the cell to Number and enter it again.")
            raise Refused(hint)
        if not isinstance(self.value, Decimal):
            return parse_decimal(self.text(), maximum=maximum, places=places)
        if not self.value.is_finite():
            raise Refused(_("Write the number in digits with a decimal comma, for example 8,75."))
        if abs(self.value) >= 10**MOST_WHOLE_DIGITS:
            raise Refused(_("Write at most %(count)d digits before the comma.") % {"count": MOST_WHOLE_DIGITS})
        return parse_decimal(format_value(self.value)[:MOST_CHARACTERS], maximum=maximum, places=places)


@dataclass(frozen=True)
class Sheet:
    """A sheet: all its rows from the first one of the page, each from column A, equally long."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]

    def cell(self, address: str) -> Cell:
        """Returns the cell at an address such as "C7", an empty one beyond the last row or column."""
        row, column = position_of(address)
        if row < len(self.rows) and column < len(self.rows[row]):
            return self.rows[row][column]
        return Cell(None, row, column)


@dataclass(frozen=True)
class Book:
    """A workbook as read: its sheets in their order, without charts."""

    sheets: tuple[Sheet, ...]

    def sheet(self, name: str) -> Sheet:
        """Returns the sheet of that name, whatever its capitals. Raises Refused where there is none."""
        wanted = unicodedata.normalize("NFC", name).casefold()
        for sheet in self.sheets:
            if unicodedata.normalize("NFC", sheet.name).strip().casefold() == wanted:
                return sheet
        raise Refused(_("There is no sheet “%(name)s” in the file.") % {"name": name})


def read(
    content: bytes,
    *,
    name: str,
    accepted: Sequence[str] = (".xlsx",),
    allow_hidden: bool = False,
    allow_merged: bool = False,
) -> Book:
    """Returns the cells of an uploaded workbook whose file is called `name`.

    `accepted` are the endings the caller takes, of `READABLE`. Raises Refused, with the place where there is one, for
    any other or damaged content, macros, a password, hidden sheets, merged cells, and whatever is over the limits of
    `survey`: such files are refused before their cells are read, in little time and memory.
    """
    extension = _checked_extension(content, name, accepted)
    try:
        survey = _surveyed(content, extension, name, accepted)
        with python_calamine.load_workbook(io.BytesIO(content)) as workbook:
            return _book(workbook, survey, allow_hidden=allow_hidden, allow_merged=allow_merged)
    except _DAMAGES as error:
        raise _damaged(name) from error
    except BaseException as error:
        # A panic of the library, deliberately outside of Exception; its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(name) from error


def _checked_extension(content: bytes, name: str, accepted: Sequence[str]) -> str:
    extension = PurePath(name).suffix.lower()
    if extension in MACRO_EXTENSIONS:
        raise _with_macros(name)
    if extension not in accepted:
        raise Refused(
            _("“%(name)s” cannot be read here. Save it as %(accepted)s and try again.")
            % {"name": name, "accepted": _endings(accepted)}
        )
    if len(content) > MOST_BYTES:
        limit = {"name": name, "limit": MOST_BYTES // MEGABYTE}
        raise Refused(
            _("“%(name)s” is larger than %(limit)d MB. Copy the filled cells to a new file and try again.") % limit
        )
    return extension


def _surveyed(content: bytes, extension: str, name: str, accepted: Sequence[str]) -> Survey:
    if content.startswith(COMPOUND):
        return _surveyed_compound(content, extension, name, accepted)
    if not content.startswith(ZIP):
        raise _other_kind(name, accepted)
    package = Package(content)
    if package.has_macros:
        raise _with_macros(name)
    if package.extension != extension:
        raise _other_kind(name, accepted)
    if package.is_encrypted:
        raise _with_password(name)
    return package.survey()


def _surveyed_compound(content: bytes, extension: str, name: str, accepted: Sequence[str]) -> Survey:
    compound = Compound(content)
    if _ENCRYPTED_STREAM in compound.names:
        raise _with_password(name)
    if compound.names & _MACRO_STREAMS:
        raise _with_macros(name)
    if extension != ".xls" or "WORKBOOK" not in compound.names:
        raise _other_kind(name, accepted)
    records = Records(compound.stream("Workbook"))
    survey = records.survey()
    if records.has_macros:
        raise _with_macros(name)
    if records.is_encrypted:
        raise _with_password(name)
    return survey


def _book(
    workbook: python_calamine.CalamineWorkbook, survey: Survey, *, allow_hidden: bool, allow_merged: bool
) -> Book:
    tables = [
        metadata for metadata in workbook.sheets_metadata if metadata.typ is python_calamine.SheetTypeEnum.WorkSheet
    ]
    hidden = [table.name for table in tables if table.visible is not python_calamine.SheetVisibleEnum.Visible]
    if hidden and not allow_hidden:
        raise Refused(
            _("The file has hidden sheets: %(sheets)s. Show or delete them and try again.") % {"sheets": listed(hidden)}
        )
    sheets = []
    for table in tables:
        known = survey.sheets[table.name]
        raw = workbook.get_sheet_by_name(table.name)
        merged = known.merged or [_range(corners) for corners in raw.merged_cell_ranges or ()]
        if merged and not allow_merged:
            refusal = _("Sheet “%(sheet)s” has merged cells: %(ranges)s. Unmerge them and try again.")
            raise Refused(refusal % {"sheet": table.name, "ranges": listed(merged)})
        sheets.append(Sheet(table.name, _rows(raw, known)))
    return Book(tuple(sheets))


def _rows(raw: python_calamine.CalamineSheet, known: SheetSurvey) -> tuple[tuple[Cell, ...], ...]:
    if raw.end and (raw.end[0] > known.last_row or raw.end[1] > known.last_column):
        raise Damaged
    formulas, errors = known.formulas, known.errors
    filled = raw.to_python(skip_empty_area=False)
    rows = []
    # A formula without a result reaches further than the values do.
    for row in range(known.last_row + 1):
        first = place_of(row, 0)
        values = filled[row] if row < len(filled) else []
        values += [""] * (known.last_column + 1 - len(values))
        rows.append(
            tuple(
                Cell(_value(value), row, column, first + column in formulas, first + column in errors)
                for column, value in enumerate(values)
            )
        )
    return tuple(rows)


def _range(corners: tuple[tuple[int, int], tuple[int, int]]) -> str:
    return f"{address_of(*corners[0])}:{address_of(*corners[1])}"


def _value(raw: object) -> Value:
    """Returns a cell's value with numbers exact, and a day without its midnight."""
    if raw == "":
        return None
    if isinstance(raw, (str, bool)):
        return raw
    if isinstance(raw, int):
        return Decimal(raw)
    if isinstance(raw, float):
        return _exact(raw)
    if isinstance(raw, datetime) and raw.time() == time():
        return raw.date()
    if isinstance(raw, (date, time, timedelta)):
        return raw
    raise Damaged


def _exact(binary: float) -> Decimal:
    """Returns the decimal number a person meant: 0.1 + 0.2 is 0.3, and every number of fifteen digits is itself."""
    if not math.isfinite(binary):
        return Decimal(binary)
    if binary.is_integer() and abs(binary) < 10**_DIGITS:
        return Decimal(int(binary))
    rounded = Decimal(f"{binary:.{_DIGITS}g}")
    meant = rounded if abs(float(rounded) - binary) <= _NOISE * math.ulp(binary) else Decimal(repr(binary))
    return Decimal(format_value(meant).replace(",", "."))


def _endings(accepted: Sequence[str]) -> str:
    return " / ".join(accepted)


def _other_kind(name: str, accepted: Sequence[str]) -> Refused:
    refusal = _(
        "The content of “%(name)s” is not what its ending says. Open it in Excel or LibreOffice, save it as "
        "%(accepted)s and try again."
    )
    return Refused(refusal % {"name": name, "accepted": _endings(accepted)})


def _with_macros(name: str) -> Refused:
    return Refused(
        _("“%(name)s” may contain macros. Save it as an ordinary workbook (.xlsx) and try again.") % {"name": name}
    )


def _with_password(name: str) -> Refused:
    return Refused(_("“%(name)s” is locked by a password. Save it without one and try again.") % {"name": name})


def _damaged(name: str) -> Refused:
    return Refused(
        _("“%(name)s” is damaged and cannot be read. Open it in Excel or LibreOffice, save it again and try again.")
        % {"name": name}
    )
