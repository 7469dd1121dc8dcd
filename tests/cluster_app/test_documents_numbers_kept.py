"""What database and check_integrity say of numbers: none is taken back, none is given twice at once."""

from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from cluster_app.documents import numbering
from cluster_app.documents.enums import NumberStatus
from cluster_app.documents.models import DocumentNumber, IssuedDocument, NumberRegister
from cluster_app.lib import triggers
from tests.cluster_app.numbering_acts import AT, OTHERS, REQUESTS, give, issued, person
from tests.threads import PATIENCE, at_once


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
