"""What a cell of a table shows, kept beside its text as plain text: "947.50" behind "947,50", "2020-12-30" behind
"30/12/2020". It is frozen with the document, so that a spreadsheet of it needs to read nothing that is printed."""

import re
from datetime import date
from decimal import Decimal

Value = Decimal | int | date | None

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def stored(value: Value) -> str:
    """The value as a row keeps it; empty for none."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else f"{Decimal(value):f}"


def read(text: str) -> Decimal | date | None:
    """The value that `stored` was given. Raises ValueError or ArithmeticError on anything else."""
    if not text:
        return None
    return date.fromisoformat(text) if _DAY.fullmatch(text) else Decimal(text)
