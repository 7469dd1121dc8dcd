from datetime import date
from decimal import Decimal

import pytest

from cluster_app.lib import wording


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (date(2021, 1, 26), "ngày 26 tháng 01 năm 2021"),
        (date(2020, 3, 9), "ngày 09 tháng 3 năm 2020"),
        (date(2020, 12, 30), "ngày 30 tháng 12 năm 2020"),
        (date(2020, 10, 10), "ngày 10 tháng 10 năm 2020"),
    ],
)
def test_date_long_puts_a_zero_before_small_days_and_the_months_one_and_two_only(day, text):
    assert wording.date_long(day) == text


def test_date_short_has_two_digits_each():
    assert wording.date_short(date(2020, 3, 9)) == "09/03/2020"


@pytest.mark.parametrize(("number", "text"), [(0, "0"), (999, "999"), (1234, "1.234"), (1234567, "1.234.567")])
def test_whole_number_parts_thousands_by_dots(number, text):
    assert wording.whole_number(number) == text


def test_points_text_is_never_grouped():
    assert wording.points_text(Decimal("1012.5")) == "1012,50 điểm"


@pytest.mark.parametrize(
    ("number", "numeral"), [(1, "I"), (4, "IV"), (9, "IX"), (14, "XIV"), (40, "XL"), (99, "XCIX"), (399, "CCCXCIX")]
)
def test_roman_numeral(number, numeral):
    assert wording.roman(number) == numeral


@pytest.mark.parametrize("number", [0, -1, 400])
def test_roman_numeral_out_of_range_is_refused(number):
    with pytest.raises(ValueError, match=f"{number} has no Roman numeral"):
        wording.roman(number)
