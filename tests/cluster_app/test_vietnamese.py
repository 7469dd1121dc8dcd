import datetime as dt
from decimal import Decimal
from operator import itemgetter

import pytest
from django import forms
from django.template import Context, Template
from django.utils import formats, translation

from cluster_app.lib.vietnamese import fold, sort_codes, sort_key

NAMES = [
    "An", "An Bình", "Anh", "Ăn", "Ân", "Ẩn", "Ba", "Bà", "Bả", "Bã", "Bá", "Bạ", "Bình", "Cụm", "Do", "Dương", "Đạt",
    "Đặng", "Em", "Ê", "Lê", "Ngô", "Nguyễn", "Nguyện", "Ô", "Ơ", "Tuấn", "Tư", "Yến", "Zorro",
]  # fmt: skip


def backwards(names):
    return list(reversed(names))


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Bảo hiểm", "bao hiem"),
        ("ĐẶNG", "dang"),
        ("đặng", "dang"),
        ("  Ủy   ban\u00a0Kiểm tra ", "uy ban kiem tra"),
        ("Uỷ ban", "uy ban"),
        ("Trường Chính trị Hoàng Văn Thụ", "truong chinh tri hoang van thu"),
        ("Đa\u0323\u0306ng", "dang"),
        ("", ""),
    ],
)
def test_fold_drops_accents_capitals_and_spare_spaces(text, folded):
    assert fold(text) == folded


def test_sort_key_follows_the_vietnamese_alphabet_then_the_tones():
    assert sorted(backwards(NAMES), key=sort_key) == NAMES


def test_sort_key_as_bytes_gives_the_same_order():
    assert sorted(backwards(NAMES), key=lambda name: sort_key(name).encode()) == NAMES


def test_sort_key_puts_punctuation_before_digits_before_letters_before_foreign_letters():
    names = ["A-B", "A1", "A2", "Aa", "Az", "Aß", "A中"]

    assert sorted(backwards(names), key=sort_key) == names


def test_sort_key_does_not_depend_on_case_or_on_how_accents_are_stored():
    assert sort_key("ĐẶNG") == sort_key("đặng") == sort_key("đa\u0323\u0306ng")


@pytest.mark.parametrize(
    "codes",
    [
        ["1.1", "1.2", "1.10"],
        ["I", "II", "III", "IV", "V", "VIII", "IX", "X", "XIV"],
        ["a", "b", "c", "d", "đ", "e"],
        ["A", "A1.1", "A1.2", "A1.10", "A2.1", "B", "B1.1", "Đ1"],
        ["I", "I.1", "I.2", "I.10", "II", "II.1.a", "II.1.đ", "V", "IX"],
        ["1", "1a", "1b", "2", "10"],
        ["C", "I", "IX", "V"],
        ["1.I", "1.II", "1.IX", "2.C", "2.I", "2.IX", "2.V"],
        ["IIII", "IX", "V"],
    ],
)
def test_sort_codes_gives_the_natural_order(codes):
    assert sort_codes(reversed(codes)) == codes


def test_sort_codes_ignores_a_closing_dot_and_keeps_a_total_order():
    assert sort_codes(["10.", "2.", "2", "1."]) == ["1.", "2", "2.", "10."]


def test_sort_codes_takes_the_code_of_an_item():
    rows = [("1.10", "c"), ("1.2", "b"), ("1.1", "a")]

    assert sort_codes(rows, key=itemgetter(0)) == [("1.1", "a"), ("1.2", "b"), ("1.10", "c")]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_dates_and_numbers_are_written_alike_in_both_languages(language):
    moment = dt.datetime(2026, 11, 30, 17, 5)  # noqa: DTZ001  a wall clock as it is printed
    page = Template('{{ m|date }} | {{ m|date:"DATETIME_FORMAT" }} | {{ m|time }} | {{ n }} | {{ year }}')

    with translation.override(language):
        text = page.render(Context({"m": moment, "n": Decimal("1012.50"), "year": 2026}))

    assert text == "30/11/2026 | 30/11/2026 17:05 | 17:05 | 1012,50 | 2026"


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("typed", ["30/11/2026", "30-11-2026", "30.11.2026", "2026-11-30"])
def test_date_field_reads_the_day_first_in_both_languages(typed, language):
    with translation.override(language):
        assert forms.DateField().clean(typed) == dt.date(2026, 11, 30)


def test_no_format_differs_between_the_languages():
    english, vietnamese = (
        {setting: formats.get_format(setting, lang=language) for setting in formats.FORMAT_SETTINGS}
        for language in ("en", "vi")
    )

    assert english == vietnamese
