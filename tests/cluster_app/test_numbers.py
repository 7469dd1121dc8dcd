from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation

from cluster_app.lib.errors import Refused
from cluster_app.lib.form_fields import PointsField, VietnameseDecimalField
from cluster_app.lib.numbers import parse_decimal


def message_of(text, **kwargs):
    with translation.override("en"), pytest.raises(Refused) as refusal:
        parse_decimal(text, **kwargs)
    return refusal.value.message


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8,75", "8.75"),
        ("8,7", "8.7"),
        ("8", "8"),
        ("08,75", "8.75"),
        ("0", "0"),
        ("0,00", "0"),
        ("1.234,5", "1234.5"),
        ("1.234", "1234"),
        ("12.345.678", "12345678"),
        ("1234,5", "1234.5"),
        ("-2", "-2"),
        ("−2", "-2"),
        ("-1.234,5", "-1234.5"),
        ("+2,5", "2.5"),
        ("  8,75\n", "8.75"),
        ("\u00a08,75\u202f", "8.75"),
        ("9999999999999,99", "9999999999999.99"),
    ],
)
def test_parse_decimal_reads_vietnamese_notation_in_both_languages(text, value, language):
    with translation.override(language):
        assert parse_decimal(text) == Decimal(value)


@pytest.mark.parametrize(("text", "value"), [("8,50", "8.50"), ("123", "123"), ("-0,00", "0.00")])
def test_parse_decimal_keeps_the_places_typed_and_knows_no_minus_zero(text, value):
    assert str(parse_decimal(text)) == value


@pytest.mark.parametrize("text", ["", "   ", "\u00a0"])
def test_parse_decimal_of_nothing_is_refused(text):
    assert message_of(text) == "Enter a number."


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [("8.75", "8,75"), ("8.7", "8,7"), ("-8.75", "-8,75"), ("0.500", "0,5"), ("8.7500", "8,75")],
)
def test_parse_decimal_of_a_decimal_dot_suggests_the_comma(text, suggestion):
    assert message_of(text) == f"The decimals follow a comma: write {suggestion} instead of {text}."


@pytest.mark.parametrize("text", ["1.23,5", "1234.567,8", "1.2.3", ".5", "5.", "1..234", "0.123.456", "1.2345,6", "."])
def test_parse_decimal_of_wrong_groups_is_refused(text):
    assert message_of(text) == "A dot stands before each group of three digits only, for example 1.234,5."


@pytest.mark.parametrize("maximum", ["10", "999.99", "0"])
def test_parse_decimal_of_a_group_where_no_thousand_is_possible_is_refused(maximum):
    shown = maximum.replace(".", ",")

    assert message_of("1.234", maximum=Decimal(maximum)) == (
        f"1.234 would be more than a thousand, but at most {shown} is possible here. "
        "The decimals follow a comma, for example 8,75."
    )


def test_parse_decimal_of_a_negative_group_where_no_thousand_is_possible_is_refused():
    with pytest.raises(Refused):
        parse_decimal("-1.234", maximum=Decimal(10))


def test_parse_decimal_of_a_group_up_to_a_maximum_of_a_thousand_is_read():
    assert parse_decimal("1.000", maximum=Decimal(1000)) == 1000


@pytest.mark.parametrize(("text", "maximum"), [("10,01", "10"), ("1.001", "1000"), ("0,01", "0")])
def test_parse_decimal_over_the_maximum_is_refused(text, maximum):
    assert message_of(text, maximum=Decimal(maximum)) == f"At most {maximum} is possible here."


@pytest.mark.parametrize("text", ["1,2,3", "1,234,5", ",,"])
def test_parse_decimal_of_two_commas_is_refused(text):
    assert message_of(text) == "Write only one comma, before the decimals, for example 1.234,5."


@pytest.mark.parametrize(
    "text",
    [
        "abc", "8,75 điểm", "50%", "1 234,5", "1\u00a0234", "8'75", "1e3", "1E3", "NaN", "Infinity", "-∞",
        "٨", "８,７５", "8²", "½", "8,", ",5", "8,-5", "--2", "- 2", "-", "+", "8_0", "0x10", "8\x00",
        "9" * 100_000, "8." + "7" * 100_000,
    ],
)  # fmt: skip
def test_parse_decimal_of_anything_but_digits_is_refused(text):
    assert message_of(text) == "Write the number in digits with a decimal comma, for example 8,75."


@pytest.mark.parametrize("text", ["1" * 14, "1" * 30, "1.000.000.000.000.000"])
def test_parse_decimal_of_too_many_digits_is_refused(text):
    assert message_of(text) == "Write at most 13 digits before the comma."


@pytest.mark.parametrize(
    ("text", "places", "message"),
    [
        ("8,755", 2, "Write at most 2 digits after the comma."),
        ("8,750", 2, "Write at most 2 digits after the comma."),
        ("8,75", 1, "Write at most 1 digit after the comma."),
        ("8,5", 0, "Write a whole number, without decimals."),
        ("8," + "3" * 30, 2, "Write at most 2 digits after the comma."),
    ],
)
def test_parse_decimal_of_too_many_decimals_is_refused(text, places, message):
    assert message_of(text, places=places) == message


def test_parse_decimal_refuses_in_the_language_of_the_person():
    with pytest.raises(Refused) as refusal:
        parse_decimal("8.75")

    assert refusal.value.message == "Phần thập phân viết sau dấu phẩy: hãy viết 8,75 thay cho 8.75."


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("field", "shown"), [(VietnameseDecimalField(), "98,5"), (PointsField(), "98,50")], ids=["value", "points"]
)
def test_field_with_a_number_shows_it_in_vietnamese_notation(field, shown, language):
    with translation.override(language):
        assert field.prepare_value(Decimal("98.50")) == shown
        assert field.clean(shown) == Decimal("98.5")


def test_field_with_unreadable_input_keeps_what_was_typed_and_says_why():
    form = one_field_form(PointsField(maximum=Decimal(10)), "8.75")

    assert form.errors == {"points": ["Phần thập phân viết sau dấu phẩy: hãy viết 8,75 thay cho 8.75."]}
    assert 'value="8.75"' in str(form["points"])


def test_field_left_empty_is_required_or_none():
    required, optional = one_field_form(PointsField(), " "), one_field_form(PointsField(required=False), " ")

    assert required.errors == {"points": ["Mục này không được để trống."]}
    assert optional.is_valid()
    assert optional.cleaned_data == {"points": None}


@pytest.mark.parametrize(("typed", "has_changed"), [("98,5", False), ("98,50", False), ("98,51", True), ("98.5", True)])
def test_field_has_changed_only_when_the_number_is_another(typed, has_changed):
    assert PointsField().has_changed(Decimal("98.50"), typed) is has_changed


def test_field_in_place_of_a_model_decimal_takes_its_size():
    model_field = models.DecimalField(max_digits=3, decimal_places=1)

    field = model_field.formfield(form_class=VietnameseDecimalField)

    assert field.clean("8,5") == Decimal("8.5")
    with pytest.raises(ValidationError, match="Chỉ viết tối đa 1 chữ số sau dấu phẩy"):
        field.clean("8,55")
    with pytest.raises(ValidationError, match="không có nhiều hơn 2 chữ số trước dấu phẩy"):
        field.clean("123")


def one_field_form(field, typed):
    return type("OneFieldForm", (forms.Form,), {"points": field})({"points": typed})
