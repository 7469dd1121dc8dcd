"""Whoever changes the database behind the application's back is found, and the row and its column are named."""

import random
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone, translation

from cluster_app.audit import log
from cluster_app.audit.log import seal
from cluster_app.audit.models import AuditEvent
from cluster_app.audit.rows import key_of, protected, row_of
from cluster_app.audit.verification import verify
from members.models import Delegation, EmulationYear
from scoring.enums import CardStatus
from scoring.models import Approval, Evidence, Scorecard, ScoreLine
from tests.cluster_app.protected_records import Records
from tests.cluster_app.tampering import PROTECTED, behind_our_back, change_one_cell, execute
from tests.scenarios import NOW

pytestmark = pytest.mark.django_db

COLUMNS = [
    (model, field.attname) for model in PROTECTED for field in model._meta.concrete_fields if not field.primary_key
]


@pytest.fixture(scope="module")
def records(django_db_setup, django_db_blocker):
    """Built once: each test changes one thing behind the application's back and takes it back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Records()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def test_untouched_records_verify(records):
    assert verify().problem == ""


def test_these_tables_are_protected():
    assert sorted(protected()) == sorted(model._meta.label_lower for model in PROTECTED)


@pytest.mark.parametrize(("model", "column"), COLUMNS, ids=lambda value: getattr(value, "__name__", value))
def test_single_changed_cell_is_found_and_named(records, model, column):
    instance = records.row_of(model)

    with behind_our_back():
        assert change_one_cell(instance, column)
        problem = verify().problem

    assert problem == f"Row {key_of(instance)} differs from the log: {column}."


def test_three_hundred_random_cells_of_all_protected_rows_are_found_and_named(records):
    """T5 of security.md, bounded: in any protected row, any column, any value that the database takes."""
    chance, counts = random.Random(20211124), Counter()
    rows = {model: list(protected()[model._meta.label_lower].rows().order_by("pk")) for model in PROTECTED}
    columns = {model: [column for owner, column in COLUMNS if owner is model] for model in PROTECTED}

    with behind_our_back():
        while counts.total() < 300:
            model = PROTECTED[counts.total() % len(PROTECTED)]
            instance, column = chance.choice(rows[model]), chance.choice(columns[model])
            with transaction.atomic():
                if change_one_cell(instance, column, chance):
                    assert verify().problem == f"Row {key_of(instance)} differs from the log: {column}."
                    counts[model] += 1
                transaction.set_rollback(True)

    assert min(counts[model] for model in PROTECTED) >= 10


def log_before_the_migration(monkeypatch, instance, column):
    """The row is logged as it was while its table did not have the column yet."""
    monkeypatch.setattr(
        log, "row_of", lambda row: {name: value for name, value in row_of(row).items() if name != column}
    )
    log.append(by=None, at=NOW, verb="test.old", thing=instance, rows=[instance])


@pytest.mark.parametrize(
    ("model", "column", "default", "other"),
    [
        (Approval, "delegation_id", None, Delegation),
        (ScoreLine, "is_estimate", False, True),
        (ScoreLine, "final_value", None, Decimal("0.25")),
        (EmulationYear, "leader_title", "Cụm trưởng", "Trưởng khối"),
        (EmulationYear, "plan_number", "", "12-KH"),
        (Evidence, "issued_on", None, "2021-11-02"),
        (Scorecard, "return_count", 0, 3),
    ],
)
def test_column_that_came_after_the_event_holds_its_default(records, monkeypatch, model, column, default, other):
    instance = records.row_of(model)
    statement = f"UPDATE {model._meta.db_table} SET {column} = %s WHERE id = %s"

    with behind_our_back():
        log_before_the_migration(monkeypatch, instance, column)
        execute(statement, default, instance.pk)
        assert verify().problem == ""

        execute(statement, records.row_of(other).pk if other is Delegation else other, instance.pk)
        assert verify().problem == f"Row {key_of(instance)} differs from the log: {column}."


def test_default_of_a_later_column_compares_as_the_column_holds_it(records, monkeypatch):
    instance = records.row_of(ScoreLine)
    monkeypatch.setattr(ScoreLine._meta.get_field("self_value"), "default", 0)

    with behind_our_back():
        log_before_the_migration(monkeypatch, instance, "self_value")
        execute("UPDATE scoring_scoreline SET self_value = %s WHERE id = %s", "0.00", instance.pk)

        assert verify().problem == ""


@pytest.mark.parametrize("default", ["computed", "one-off"])
def test_column_whose_first_value_nobody_knows_raises_no_false_alarm(records, monkeypatch, default):
    """It was filled with the time of its migration, or with a value that only its migration named."""
    instance, field = records.row_of(Evidence), Evidence._meta.get_field("added_at")
    if default == "computed":
        monkeypatch.setattr(field, "default", timezone.now)

    with behind_our_back():
        log_before_the_migration(monkeypatch, instance, "added_at")
        assert verify().problem == ""

        monkeypatch.undo()
        log.append(by=None, at=NOW, verb="test.now", thing=instance, rows=[instance])
        assert change_one_cell(instance, "added_at")
        assert verify().problem == f"Row {key_of(instance)} differs from the log: added_at."


@pytest.mark.parametrize("claimed", [CardStatus.DRAFT, CardStatus.RETURNED])
@pytest.mark.parametrize("card", ["submitted", "reviewed", "approved"])
def test_card_that_was_handed_in_does_not_escape_by_calling_itself_a_draft(records, card, claimed):
    instance = getattr(records, card)

    with behind_our_back():
        execute("UPDATE scoring_scorecard SET status = %s WHERE id = %s", claimed, instance.pk)
        problem = verify().problem

    assert problem == f"Row {key_of(instance)} differs from the log: status."


@pytest.mark.parametrize("model", PROTECTED)
def test_row_with_another_primary_key_is_found(records, model):
    instance = records.row_of(model)

    with behind_our_back():
        execute(f"UPDATE {model._meta.db_table} SET id = 900001 WHERE id = %s", instance.pk)
        problem = verify().problem

    assert problem == f"Row {instance._meta.label_lower}:900001 is not in the log."


@pytest.mark.parametrize("model", PROTECTED)
def test_deleted_row_is_found(records, model):
    instance = records.row_of(model)

    with behind_our_back():
        assert execute(f"DELETE FROM {model._meta.db_table} WHERE id = %s", instance.pk) == 1
        problem = verify().problem

    assert problem == f"Row {key_of(instance)} is in the log, but no longer in its table."


@pytest.mark.parametrize("model", PROTECTED)
def test_row_without_event_is_found(records, model):
    with behind_our_back():
        instance = records.unlogged(model)
        problem = verify().problem

    assert problem == f"Row {key_of(instance)} is not in the log."


@pytest.mark.parametrize("model", PROTECTED)
def test_row_that_the_log_calls_deleted_is_found(records, model):
    instance = records.row_of(model)

    with behind_our_back():
        log.append(by=None, at=NOW, verb="test.delete", thing=instance, deleted=[key_of(instance)])
        problem = verify().problem

    assert problem == f"Row {key_of(instance)} is not in the log."


@pytest.mark.parametrize("card", ["draft", "returned"])
def test_card_in_the_hands_of_its_unit_may_change_without_an_event(records, card):
    instance = getattr(records, card)

    with behind_our_back():
        Scorecard.objects.filter(pk=instance.pk).update(self_total=Decimal("1.25"), version=9)
        instance.lines.update(self_value=Decimal("0.25"), self_note="Nháp", version=9)

        assert verify().problem == ""


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("payload", '{"rows": {}}'),
        ("digest", "0" * 64),
        ("at", datetime(2021, 11, 24, 2, 0, 0, 1, tzinfo=UTC)),
        ("actor", "khac"),
        ("verb", "scorecard.approve"),
        ("object_key", "members.cluster:1"),
        ("cluster", "cum-c"),
        ("year", 2020),
        ("previous", "0" * 64),
    ],
)
def test_edited_event_is_found_and_named_by_its_number(records, column, value):
    expected = {
        "payload": "was changed after it was written",
        "digest": "was changed after it was written",
        "previous": "does not follow the one before it",
    }.get(column, "has columns that differ from its sealed content")

    with behind_our_back():
        AuditEvent.objects.filter(sequence=2).update(**{column: value})
        problem = verify().problem

    assert problem == f"Audit event 2 {expected}."


def test_event_sealed_anew_without_the_key_is_found(records, settings):
    own_key = settings.AUDIT_KEY

    with behind_our_back():
        event = AuditEvent.objects.get(sequence=2)
        payload = event.payload.replace("2021", "2020")
        settings.AUDIT_KEY = "a key of the forger's own"
        AuditEvent.objects.filter(sequence=2).update(payload=payload, digest=seal(event.previous, payload))
        settings.AUDIT_KEY = own_key
        problem = verify().problem

    assert problem == "Audit event 2 was changed after it was written."


def test_deleted_event_is_found_by_the_one_that_stands_in_its_place(records):
    with behind_our_back():
        AuditEvent.objects.filter(sequence=2).delete()
        problem = verify().problem

    assert problem == "Audit event 3 stands where event 2 should be."


def test_first_event_cannot_be_cut_off(records):
    with behind_our_back():
        AuditEvent.objects.filter(sequence=1).delete()
        problem = verify().problem

    assert problem == "Audit event 2 stands where event 1 should be."


def test_events_in_another_order_are_found(records):
    with behind_our_back():
        for before, after in ((2, 0), (3, 2), (0, 3)):
            AuditEvent.objects.filter(sequence=before).update(sequence=after)
        problem = verify().problem

    assert problem == "Audit event 2 does not follow the one before it."


def test_cut_tail_is_found_with_the_known_head_and_only_with_it(records):
    with behind_our_back():
        before = log.head()
        log.append(by=None, at=NOW, verb="test.act", thing=records.world.cluster)
        printed = log.head()
        AuditEvent.objects.order_by("-sequence").first().delete()

        assert verify().problem == ""
        assert verify(before).problem == ""
        assert verify(printed).problem == f"The log does not contain the head {printed}."


def test_log_rewritten_up_to_the_same_length_does_not_contain_the_known_head(records):
    with behind_our_back():
        log.append(by=None, at=NOW, verb="test.act", thing=records.world.cluster)
        printed = log.head()
        AuditEvent.objects.order_by("-sequence").first().delete()
        log.append(by=None, at=NOW, verb="test.other_act", thing=records.world.cluster)

        assert verify().problem == ""
        assert verify(printed).problem == f"The log does not contain the head {printed}."


def test_emptied_log_does_not_contain_the_known_head(records):
    with behind_our_back():
        printed = log.head()
        AuditEvent.objects.all().delete()

        assert verify(printed).problem == f"The log does not contain the head {printed}."


def test_verification_tells_the_number_of_events_and_the_head(records):
    result = verify()

    assert (f"{result.events}", result.head) == (log.head().split(":")[0], log.head())
