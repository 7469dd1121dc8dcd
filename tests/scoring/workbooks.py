"""Exported workbooks as people change them: cells overwritten, rows taken out, sheets hidden."""

import io
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter

from cluster_app.lib.spreadsheets import read
from cluster_app.lib.spreadsheets.survey import position_of


@dataclass(frozen=True)
class Formula:
    """A formula, with what it showed when the file was saved."""

    text: str
    shown: object


def grid_of(content, name="bang.xlsx"):
    """The values of every sheet, by its name."""
    return {
        sheet.name: [[cell.value for cell in row] for row in sheet.rows] for sheet in read(content, name=name).sheets
    }


def book_of(grid, *, hidden=(), merged=None):
    """An .xlsx of these values; a `Formula` becomes one. `merged` is a range on the first sheet."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    for name, rows in grid.items():
        sheet = book.add_worksheet(name)
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                _write(sheet, row, column, value)
        if name in hidden:
            sheet.hide()
        if merged and name == next(iter(grid)):
            sheet.merge_range(merged, "gộp")
    book.close()
    return buffer.getvalue()


def _write(sheet, row, column, value):
    if isinstance(value, Formula):
        sheet.write_formula(row, column, value.text, None, value.shown)
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, value)
    elif value is not None:
        sheet.write_string(row, column, str(value))


def edited(content, cells, *, sheet=None, **options):
    """The workbook with other values in the cells named by their addresses, on the first sheet unless `sheet` says."""
    grid = grid_of(content)
    rows = grid[sheet or next(iter(grid))]
    for address, value in cells.items():
        row, column = position_of(address)
        rows.extend([] for _more in range(row + 1 - len(rows)))
        rows[row].extend([None] * (column + 1 - len(rows[row])))
        rows[row][column] = value
    return book_of(grid, **options)


def row_with(content, code, *, sheet=None, column=0):
    """The number, as people count, of the row with `code` in its first column."""
    grid = grid_of(content)
    rows = grid[sheet or next(iter(grid))]
    return next(place for place, values in enumerate(rows, start=1) if values and values[column] == code)


def without_row(content, number):
    """The workbook without that row of its first sheet."""
    grid = grid_of(content)
    del next(iter(grid.values()))[number - 1]
    return book_of(grid)
