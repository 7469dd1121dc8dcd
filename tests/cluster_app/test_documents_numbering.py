"""Numbers of papers: none is left out, none is given twice, none is taken back."""

from dataclasses import replace

import pytest
from django.db import transaction

from cluster_app.documents import letterheads, numbering
from cluster_app.documents.blocks import LetterheadKind
from cluster_app.documents.enums import DocumentKind, NumberStatus
from cluster_app.documents.models import NumberRegister
from cluster_app.lib.errors import Refused, WrongState
from tests.cluster_app.numbering_acts import AT, OTHERS, SERIES, give, issued, numbers, person, withdrawn


# --- how a number is written ---
@pytest.mark.parametrize(
    ("typed", "text"),
    [("7", "07"), (" 07 ", "07"), ("0012", "12"), ("127", "127"), ("9999", "9999"), ("15a", "15a"), ("5B", "05b"),
     ("15Đ", "15đ")],
)  # fmt: skip
def test_normal_writes_a_typed_number_as_it_is_printed(typed, text):
    assert numbering.normal(typed) == text


@pytest.mark.parametrize("typed", ["", "0", "000", "a", "12345", "15ab", "-3", "1.5", "15 a", "03-BC", "١٢", "²"])
def test_normal_refuses_what_is_no_number(typed):
    with pytest.raises(Refused) as refusal:
        numbering.normal(typed)

    assert list(refusal.value.errors) == ["number"]


@pytest.mark.parametrize(
    ("symbol", "text"),
    [
        ("03-BC/CTĐ", "03"),
        ("3-BC/CTĐ", "03"),
        ("127/BC-CTĐ", "127"),
        ("15a/CTĐ", "15a"),
        (letterheads.number_symbol(LetterheadKind.PARTY, "", type_code="BC", issuer_code="CTĐ"), ""),
        (letterheads.number_symbol(LetterheadKind.STATE, "", type_code="CV", issuer_code="CTĐ"), ""),
        ("", ""),
        ("BC/CTĐ", ""),
        ("số 5", ""),
    ],
)
def test_number_in_a_symbol(symbol, text):
    assert numbering.number_in(symbol) == text


# --- giving ---
@pytest.mark.django_db
def test_numbers_run_from_one_on_without_a_gap():
    rows = [give(purpose=" Báo cáo quý ") for _place in range(3)]

    assert [row.number for row in rows] == [1, 2, 3]
    assert (rows[0].status, rows[0].purpose, rows[0].reserved_by_key) == (NumberStatus.RESERVED, "Báo cáo quý", "thuky")
    assert rows[0].reserved_at == AT
    register = NumberRegister.objects.get()
    assert (register.first_number, register.last_number) == (1, 3)


@pytest.mark.django_db
@pytest.mark.parametrize("other", OTHERS)
def test_every_cluster_type_and_period_counts_for_itself(other):
    give()
    give()

    assert give(other).number == 1
    assert give().number == 3


@pytest.mark.django_db
def test_number_that_was_asked_for_in_vain_is_not_given():
    give()
    with transaction.atomic():
        assert give().number == 2
        transaction.set_rollback(True)

    assert give().number == 2


@pytest.mark.django_db
def test_first_number_follows_on_the_highest_that_papers_of_the_series_bear():
    issued("3")
    withdrawn("15a", subject="b")
    issued("40", cluster="cum-b")
    issued("41", kind=DocumentKind.PROPOSAL)
    issued("42", year=2020)

    assert give().number == 16
    assert NumberRegister.objects.get().first_number == 16
    assert list(numbering.problems()) == []


@pytest.mark.django_db
def test_first_number_can_be_later_but_not_earlier():
    issued("15")

    assert give(begin_at=7).number == 16
    assert give(OTHERS[1], begin_at=57).number == 57
    assert give(OTHERS[1], begin_at=99).number == 58


@pytest.mark.django_db
def test_period_of_several_years_follows_on_the_papers_of_all_of_them():
    issued("8", year=2020)

    assert give(replace(SERIES, period="2020-2025", years=frozenset({2020, 2021}))).number == 9


@pytest.mark.django_db
def test_paper_that_was_numbered_by_hand_keeps_its_number_in_the_register():
    give()
    withdrawn("2")
    by_hand = issued("02", subject="b")
    next_by_hand = issued("3", subject="c")

    allotment = numbering.give(series=SERIES, by=person(), at=AT)

    assert allotment.row.number == 4
    assert [row.document for row in allotment.adopted] == [by_hand, next_by_hand]
    assert numbers() == [(1, "reserved"), (2, "issued"), (3, "issued"), (4, "reserved")]
    assert give().number == 5
    assert list(numbering.problems()) == []


@pytest.mark.django_db
def test_number_is_found_by_what_is_printed():
    row = give()

    assert numbering.find(SERIES, "01") == row
    assert [numbering.find(SERIES, text) for text in ("", "02", "01a")] == [None] * 3
    assert [numbering.find(series, "01") for series in OTHERS] == [None] * 3


@pytest.mark.django_db
def test_number_is_in_force_while_its_paper_is():
    issued("3")
    withdrawn("4", subject="b")
    issued("5", cluster="cum-b")
    issued("6", year=2020)
    issued("7", kind=DocumentKind.PROPOSAL)

    assert [text for text in ("03", "3a", "04", "05", "06", "07") if numbering.is_in_force(SERIES, text)] == ["03"]


# --- settling ---
@pytest.mark.django_db
def test_number_is_issued_with_its_paper():
    row, paper = give(), issued("01")

    numbering.mark_issued(row=row, document=paper)

    row.refresh_from_db()
    assert (row.status, row.document) == (NumberStatus.ISSUED, paper)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "paper", [{"number": "02"}, {"number": "1", "kind": DocumentKind.PROPOSAL}, {"number": "1", "cluster": "cum-b"}]
)
def test_number_is_not_issued_with_a_paper_that_bears_another_one(paper):
    row = give()

    with pytest.raises(ValueError, match="does not bear"):
        numbering.mark_issued(row=row, document=issued(**paper))


@pytest.mark.django_db
def test_void_number_stays_with_its_reason_and_is_not_given_again():
    row = give()

    numbering.void(row=row, reason=" Hủy dự thảo ", by=person(), at=AT)

    row.refresh_from_db()
    assert (row.status, row.void_reason, row.voided_at, row.voided_by_key) == ("void", "Hủy dự thảo", AT, "thuky")
    assert give().number == 2


@pytest.mark.django_db
def test_void_needs_a_reason():
    with pytest.raises(Refused) as refusal:
        numbering.void(row=give(), reason=" ", by=person(), at=AT)

    assert list(refusal.value.errors) == ["reason"]


@pytest.mark.django_db
def test_number_that_was_settled_is_settled_for_good():
    void, taken = give(), give()
    numbering.void(row=void, reason="Hủy", by=person(), at=AT)
    numbering.mark_issued(row=taken, document=issued("02"))
    other = issued("01", subject="b")

    for row in (void, taken):
        with pytest.raises(WrongState):
            numbering.void(row=row, reason="Hủy", by=person(), at=AT)
        with pytest.raises(WrongState):
            numbering.mark_issued(row=row, document=other)
