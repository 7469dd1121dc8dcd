"""Reading the demo's data files. What the article does not say is marked illustrative in the files."""

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"

Row = dict[str, str]


def rows(name: str, **where: str) -> list[Row]:
    """The rows of a file whose columns have the values in `where`."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if all(row[key] == value for key, value in where.items())]


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def whole(text: str) -> int | None:
    return int(text) if text else None
