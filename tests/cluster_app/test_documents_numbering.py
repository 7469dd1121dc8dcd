"""Numbers of papers: none is left out, none is given twice, none is taken back."""

from dataclasses import replace
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from cluster_app.documents import issuing, letterheads, numbering
from cluster_app.documents.blocks import LetterheadKind
from cluster_app.documents.enums import DocumentKind, NumberStatus
from cluster_app.documents.models import DocumentNumber, IssuedDocument, NumberRegister
from cluster_app.documents.numbering import Series
from cluster_app.lib import triggers
from cluster_app.lib.errors import Refused, WrongState
from tests.cluster_app import sample_documents
from tests.threads import PATIENCE, at_once

AT = datetime(2021, 11, 24, 2, tzinfo=UTC)
SERIES = Series("cum-a", "BC", "2021", frozenset({2021}))
OTHERS = [
    replace(SERIES, cluster_key="cum-b"),
    replace(SERIES, type_code="TTr"),
    replace(SERIES, period="2022", years=frozenset({2022})),
]
REQUESTS = 50


def person():
    return get_user_model()(username="thuky")


def give(series=SERIES, **more):
    return numbering.give(series=series, by=person(), at=AT, **more).row


def issued(number, *, year=2021, kind=DocumentKind.ANNUAL_SUMMARY, cluster="cum-a", subject="", form="party"):
    paper = sample_documents.annual_summary()
    symbol = letterheads.number_symbol(
        LetterheadKind(form), number, type_code=letterheads.PAPER_TYPES[kind].code, issuer_code="CTĐ"
    )
    head = replace(paper.letterhead, number_symbol=symbol, dated_on=date(2021, 11, 20))
    return issuing.issue(
        document=replace(paper, letterhead=head, title=f"{paper.title} {subject}"),
        kind=kind,
        cluster_key=cluster,
        year=year,
        subject_key=subject,
        by=person(),
        at=AT,
    )


def withdrawn(number, **more):
    return issuing.withdraw(issued=issued(number, **more), reason="Sai số liệu", by=person(), at=AT)


def numbers(series=SERIES):
    register = NumberRegister.objects.get(cluster_key=series.cluster_key, type_code=series.type_code)
    return list(register.numbers.order_by("number").values_list("number", "status"))


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


# --- the database holds it ---
def breaks(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"number": 9},
        {"purpose": "Khác"},
        {"reserved_by_key": "khac"},
        {"reserved_at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"status": NumberStatus.ISSUED},
        {"status": NumberStatus.VOID},
        {"status": "lost"},
        {"void_reason": "Hủy"},
    ],
)
def test_reserved_number_changes_in_no_other_way(values):
    row = give()

    breaks(lambda: DocumentNumber.objects.filter(pk=row.pk).update(**values))


@pytest.mark.django_db
def test_number_that_was_given_is_neither_deleted_nor_moved_nor_reopened():
    row = numbering.void(row=give(), reason="Hủy", by=person(), at=AT)
    other = give(OTHERS[1]).register
    rows = DocumentNumber.objects.filter(pk=row.pk)

    breaks(rows.delete)
    breaks(lambda: rows.update(register=other))
    breaks(lambda: rows.update(status=NumberStatus.RESERVED, voided_at=None, voided_by_key="", void_reason=""))
    breaks(lambda: rows.update(void_reason="Khác"))


@pytest.mark.django_db
def test_number_out_of_turn_is_not_taken():
    register = give().register
    common = {"register": register, "reserved_at": AT, "reserved_by_key": "thuky"}

    breaks(lambda: DocumentNumber.objects.create(number=1, **common))
    breaks(lambda: DocumentNumber.objects.create(number=2, **common))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"last_number": 1},
        {"last_number": 4},
        {"first_number": 2},
        {"type_code": "TB"},
        {"cluster_key": "cum-b"},
        {"period": "2022"},
    ],
)
def test_register_only_grows_by_one(values):
    give()
    register = give().register

    breaks(lambda: NumberRegister.objects.filter(pk=register.pk).update(**values))


@pytest.mark.django_db
def test_register_does_not_grow_while_its_last_number_is_missing():
    register = give().register
    rows = NumberRegister.objects.filter(pk=register.pk)
    rows.update(last_number=F("last_number") + 1)

    breaks(lambda: rows.update(last_number=F("last_number") + 1))


@pytest.mark.django_db
def test_register_is_kept_and_exists_once():
    register = NumberRegister.objects.create(cluster_key="cum-a", type_code="BC", period="2021")

    breaks(NumberRegister.objects.filter(pk=register.pk).delete)
    breaks(lambda: NumberRegister.objects.create(cluster_key="cum-a", type_code="BC", period="2021"))
    breaks(lambda: NumberRegister.objects.create(cluster_key="cum-a", type_code="TB", period="2021", first_number=5))


@pytest.mark.django_db
def test_one_paper_has_one_number():
    first, second, paper = give(), give(), issued("01")
    numbering.mark_issued(row=first, document=paper)

    breaks(lambda: DocumentNumber.objects.filter(pk=second.pk).update(status=NumberStatus.ISSUED, document=paper))


# --- what check_integrity says ---
@pytest.mark.django_db
def test_register_in_order_has_no_problems(django_assert_num_queries):
    for number in ("01", "02", "03"):
        numbering.mark_issued(row=give(), document=issued(number, subject=number))
    numbering.void(row=give(), reason="Hủy", by=person(), at=AT)
    give(OTHERS[0])

    with django_assert_num_queries(2):
        assert list(numbering.problems()) == []


@pytest.mark.django_db
def test_gap_and_stranger_are_named():
    rows = [give() for _place in range(3)]
    connection.check_constraints()
    triggers.drop_all(connection)
    DocumentNumber.objects.filter(pk=rows[1].pk).delete()
    DocumentNumber.objects.filter(pk=rows[2].pk).update(number=8)

    found = list(numbering.problems())

    assert [text for text in found if "02" in text] != []
    assert [text for text in found if "03" in text] != []
    assert [text for text in found if "08" in text] != []
    assert len(found) == 3


@pytest.mark.django_db
def test_number_of_another_paper_is_named():
    row = numbering.mark_issued(row=give(), document=issued("01"))
    connection.check_constraints()
    triggers.drop_all(connection)
    IssuedDocument.objects.filter(pk=row.document_id).update(number_symbol="02-BC/CTĐ")

    (text,) = numbering.problems()

    assert "01" in text


@pytest.mark.django_db
def test_check_integrity_tells_of_the_registers():
    rows = [give(), give()]
    connection.check_constraints()
    triggers.drop_all(connection)
    DocumentNumber.objects.filter(pk=rows[0].pk).delete()
    triggers.install_all(connection)

    with pytest.raises(CommandError, match="01"):
        call_command("check_integrity")


# --- at the same moment ---
@pytest.mark.django_db(transaction=True)
def test_fifty_requests_at_once_get_fifty_consecutive_numbers():
    outcomes = at_once(REQUESTS, lambda _place: give().number)

    assert sorted(outcomes) == list(range(1, REQUESTS + 1))
    assert NumberRegister.objects.get().last_number == REQUESTS
    assert list(numbering.problems()) == []


@pytest.mark.django_db(transaction=True)
def test_numbers_of_requests_that_fail_are_given_to_others():
    def ask(place):
        with transaction.atomic():
            number = give().number
            if place % 3 == 0:
                raise ZeroDivisionError
            return number

    outcomes = at_once(30, ask)

    given = [outcome for outcome in outcomes if not isinstance(outcome, Exception)]
    assert sorted(given) == list(range(1, 21))
    assert {type(outcome) for outcome in outcomes if isinstance(outcome, Exception)} == {ZeroDivisionError}


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_numbers_are_given_twice():
    everybody_has_read = Barrier(8, timeout=PATIENCE)
    with transaction.atomic():
        register = NumberRegister.objects.create(cluster_key="cum-a", type_code="BC", period="2021")

    def ask(_place):
        last = NumberRegister.objects.get(pk=register.pk).last_number
        everybody_has_read.wait()
        return last + 1

    assert set(at_once(8, ask)) == {1}
