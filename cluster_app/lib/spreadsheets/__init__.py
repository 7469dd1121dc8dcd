"""Spreadsheets: workbooks that people upload, read exactly and safely, and workbooks that they download."""

from cluster_app.lib.spreadsheets.reading import READABLE, Book, Cell, Sheet, read
from cluster_app.lib.spreadsheets.writing import (
    A3,
    A4,
    DAY,
    GROUPED,
    POINTS,
    WHOLE,
    Column,
    Entry,
    HeadCell,
    Number,
    SheetWriter,
    Workbook,
)

__all__ = [
    "A3",
    "A4",
    "DAY",
    "GROUPED",
    "POINTS",
    "READABLE",
    "WHOLE",
    "Book",
    "Cell",
    "Column",
    "Entry",
    "HeadCell",
    "Number",
    "Sheet",
    "SheetWriter",
    "Workbook",
    "read",
]
