"""How figures and dates read inside Vietnamese official papers."""

from datetime import date
from decimal import Decimal

from cluster_app.lib.points import format_points

ROMAN_STEPS = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def date_long(day: date) -> str:
    """The date as papers head it: a zero stands before days under 10 and before the months 1 and 2, before no other.

    Hướng dẫn 05-HD/VPTW (2026) and Nghị định 30/2020/NĐ-CP, Phụ lục I agree on this.
    """
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def date_short(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def whole_number(number: int) -> str:
    """A count with its thousands parted by dots: 1.234."""
    return f"{number:,}".replace(",", ".")


def points_text(points: Decimal) -> str:
    return f"{format_points(points)} điểm"


def roman(number: int) -> str:
    if not 1 <= number <= 399:
        raise ValueError(f"{number} has no Roman numeral here.")
    numeral = ""
    for value, letters in ROMAN_STEPS:
        count, number = divmod(number, value)
        numeral += letters * count
    return numeral
