"""Spreadsheets: workbooks that people upload, read exactly and safely, and workbooks that they download."""

from cluster_app.lib.spreadsheets.reading import READABLE, Book, Cell, Sheet, read
from cluster_app.lib.spreadsheets.writing import DAY, GROUPED, POINTS, WHOLE, Column, Entry, SheetWriter, Workbook

__all__ = [
    "DAY",
    "GROUPED",
    "POINTS",
    "READABLE",
    "WHOLE",
    "Book",
    "Cell",
    "Column",
    "Entry",
    "Sheet",
    "SheetWriter",
    "Workbook",
    "read",
]
