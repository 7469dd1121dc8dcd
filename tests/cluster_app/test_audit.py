import hashlib
import hmac
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from threading import Barrier

import pytest
from django.conf import settings
from django.core.management import ManagementUtility
from django.db import IntegrityError, connection, transaction

from cluster_app.audit import log
from cluster_app.audit.models import AuditEvent
from cluster_app.audit.rows import canonical, key_of, row_of
from cluster_app.audit.verification import verify
from cluster_app.lib import triggers
from members.models import Cluster, User
from scoring.models import ScoreLine
from tests.factories.members import ClusterFactory, EmulationYearFactory, UserFactory
from tests.factories.scoring import ScorecardFactory
from tests.threads import PATIENCE, at_once

AT = datetime(2021, 11, 24, 9, 0, 1, 5, tzinfo=timezone(timedelta(hours=7)))
THREADS = 8


@pytest.fixture
def cluster(db):
    return ClusterFactory(slug="lang-son", name="Cụm Thi đua")


def append(thing, by=None, verb="test.act", **facts):
    return log.append(by=by, at=AT, verb=verb, thing=thing, **facts)


def chain():
    return list(AuditEvent.objects.order_by("sequence").values_list("sequence", "previous", "digest"))


def test_events_form_one_chain(cluster):
    first, second, third = (append(cluster) for _place in range(3))

    assert chain() == [(1, "", first.digest), (2, first.digest, second.digest), (3, second.digest, third.digest)]
    assert len({first.digest, second.digest, third.digest}) == 3


def test_digest_seals_the_previous_digest_and_the_payload_with_the_audit_key(cluster):
    first, second = append(cluster), append(cluster)

    for previous, event in (("", first), (first.digest, second)):
        sealed = (previous + event.payload).encode()
        assert event.digest == hmac.new(settings.AUDIT_KEY.encode(), sealed, hashlib.sha256).hexdigest()


def test_another_audit_key_gives_another_digest(cluster, settings):
    event = append(cluster)

    settings.AUDIT_KEY = "the key of somebody else"

    assert log.seal("", event.payload) != event.digest


def test_payload_says_everything_as_canonical_json(cluster):
    year = EmulationYearFactory(cluster=cluster, year=2021)

    event = append(
        year,
        by=UserFactory(username="thuky"),
        verb="year.activate",
        cluster="lang-son",
        year=2021,
        reason="Theo nghị quyết",
        changes={"points": Decimal("947.50"), "on": date(2021, 11, 24), "at": AT, "is_hard": True, "none": None},
        deleted=["members.membership:7"],
    )

    assert event.payload == (
        '{"actor":"thuky","at":"2021-11-24T02:00:01.000005+00:00",'
        '"changes":{"at":"2021-11-24T02:00:01.000005+00:00","is_hard":true,"none":null,"on":"2021-11-24",'
        '"points":"947.50"},"cluster":"lang-son",'
        f'"object":"members.emulationyear:{year.pk}","reason":"Theo nghị quyết","rows":{{"members.membership:7":null}},'
        '"sequence":1,"thing":"Cụm Thi đua 2021","verb":"year.activate","year":2021}'
    )


def test_columns_repeat_what_the_payload_seals(cluster):
    event = append(cluster, by=UserFactory(username="thuky"), cluster="lang-son", year=2021)

    event.refresh_from_db()

    assert (event.at, event.actor, event.verb, event.object_key, event.cluster, event.year) == (
        AT,
        "thuky",
        "test.act",
        f"members.cluster:{cluster.pk}",
        "lang-son",
        2021,
    )


def test_act_of_the_command_line_is_the_systems(cluster):
    assert append(cluster).actor == "system"


def test_row_is_every_column_with_decimals_in_full_and_times_in_utc():
    line = ScoreLine(
        pk=5,
        scorecard_id=3,
        criterion_id=4,
        section="base",
        max_points=Decimal(60),
        self_value=Decimal("98.5"),
        self_note="Ghi chú",
    )

    row = row_of(line)

    assert list(row) == [field.attname for field in ScoreLine._meta.concrete_fields]
    assert {
        name: row[name] for name in ("id", "scorecard_id", "max_points", "self_value", "self_points", "self_note")
    } == {
        "id": 5,
        "scorecard_id": 3,
        "max_points": "60.00",
        "self_value": "98.50",
        "self_points": None,
        "self_note": "Ghi chú",
    }


@pytest.mark.django_db
def test_row_in_memory_reads_as_the_row_in_the_database():
    card = ScorecardFactory(approved=True)
    approval = card.approvals.get()

    for instance in (card, approval, *card.lines.all(), card.membership, card.membership.year):
        assert row_of(instance) == row_of(type(instance).objects.get(pk=instance.pk))


def test_canonical_text_does_not_depend_on_the_order_of_keys():
    assert canonical({"b": 1, "a": {"d": "Đ", "c": None}}) == canonical({"a": {"c": None, "d": "Đ"}, "b": 1})


def test_key_outlives_the_row(cluster):
    assert key_of(cluster) == f"members.cluster:{cluster.pk}"


def test_head_is_the_number_of_events_and_the_last_digest_in_short(cluster):
    assert log.head() == "0:"

    append(cluster)
    last = append(cluster)

    assert log.head() == f"2:{last.digest[:12]}"


@pytest.mark.django_db(transaction=True)
def test_append_outside_a_transaction_is_refused():
    cluster = ClusterFactory()

    with pytest.raises(transaction.TransactionManagementError):
        append(cluster)

    assert not AuditEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_change_that_fails_after_its_event_leaves_neither():
    @transaction.atomic
    def change_and_fail():
        append(ClusterFactory(slug="mat"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    with transaction.atomic():
        append(ClusterFactory(slug="con"))

    assert [cluster.slug for cluster in Cluster.objects.all()] == ["con"]
    assert [sequence for sequence, _previous, _digest in chain()] == [1]
    assert verify().problem == ""


@pytest.mark.parametrize("taken", ["sequence", "previous"])
def test_second_event_at_a_place_of_the_chain_is_refused_by_the_database(cluster, taken):
    append(cluster)
    event = append(cluster)
    copy = {"sequence": 3, "previous": "another digest", taken: getattr(event, taken)}

    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEvent.objects.create(digest="d", payload="{}", at=AT, actor="x", verb="x", object_key="x", **copy)

    assert AuditEvent.objects.count() == 2


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_auditevent SET actor = 'khac'", "DELETE FROM audit_auditevent"],
    ids=["update", "delete"],
)
def test_event_is_append_only_until_its_trigger_is_dropped(cluster, statement):
    append(cluster)

    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        cursor.execute(statement)
    assert verify().problem == ""

    triggers.drop_all(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 1


@pytest.mark.parametrize(
    "act",
    [
        lambda event: event.save(),
        lambda event: event.delete(),
        lambda event: AuditEvent.objects.update(verb="x"),
        lambda event: AuditEvent.objects.all().delete(),
    ],
    ids=["save", "delete", "update_all", "delete_all"],
)
def test_event_is_append_only_on_every_way_through_django(cluster, act):
    event = append(cluster)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        act(event)

    assert verify().events == 1


@pytest.mark.django_db(transaction=True)
def test_appends_of_eight_threads_give_one_unbroken_chain():
    clusters = [ClusterFactory() for _thread in range(THREADS)]

    def five_acts(number):
        for _act in range(5):
            with transaction.atomic():
                append(clusters[number])

    answers = at_once(THREADS, five_acts)

    assert answers == [None] * THREADS
    assert [sequence for sequence, _previous, _digest in chain()] == list(range(1, 5 * THREADS + 1))
    assert verify().problem == ""


@pytest.mark.django_db(transaction=True)
def test_threads_that_read_the_head_before_they_hold_the_chain_collide():
    """The control: without the lock before the reading, one predecessor is taken eight times, and seven fail."""
    cluster = ClusterFactory()
    with transaction.atomic():
        append(cluster)
    all_have_read = Barrier(THREADS, timeout=PATIENCE)

    def append_unguarded(number):
        last = AuditEvent.objects.order_by("-sequence").first()
        all_have_read.wait()
        with transaction.atomic():
            AuditEvent.objects.create(
                sequence=last.sequence + 1,
                previous=last.digest,
                digest=f"{number}",
                payload="{}",
                at=AT,
                actor="x",
                verb="x",
                object_key="x",
            )

    answers = at_once(THREADS, append_unguarded)

    assert sum(isinstance(answer, IntegrityError) for answer in answers) == THREADS - 1
    assert AuditEvent.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_verification_beside_writers_sees_one_moment():
    users = [UserFactory() for _thread in range(4)]
    years = [EmulationYearFactory(year=2020 + number) for number in range(3)]
    with transaction.atomic():
        append(users[0], rows=years)

    def write_or_verify(number):
        if number == 3:
            return {verify().problem for _time in range(10)}
        for place in range(10):
            with transaction.atomic():
                year = years[number]
                year.plan_number = f"{place}-KH"
                year.save()
                append(year, by=users[number], rows=[year])
        return None

    answers = at_once(4, write_or_verify)

    assert answers == [None, None, None, {""}]


def run(*arguments):
    """The command as the shell would start it; returns its exit status."""
    try:
        ManagementUtility(["manage.py", *arguments]).execute()
    except SystemExit as end:
        return end.code
    return 0


@pytest.mark.django_db(transaction=True)
def test_verify_audit_of_a_sound_log_says_how_far_it_reaches(capsys, settings):
    settings.LANGUAGE_CODE = "en"
    with transaction.atomic():
        event = append(UserFactory())

    assert run("verify_audit") == 0
    assert capsys.readouterr().out == f"1 events verified. Head of the log: 1:{event.digest[:12]}\n"
    assert run("verify_audit", "--head", log.head()) == 0


@pytest.mark.django_db(transaction=True)
def test_verify_audit_names_the_first_bad_event_with_exit_status_1(capsys, settings):
    settings.LANGUAGE_CODE = "en"
    with transaction.atomic():
        append(UserFactory())
        append(User.objects.get())
    triggers.drop_all(connection)
    AuditEvent.objects.filter(sequence=2).update(actor="khac")

    assert run("verify_audit") == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Audit event 2 has columns that differ from its sealed content." in captured.err


@pytest.mark.django_db(transaction=True)
def test_verify_audit_with_a_head_that_was_cut_off_fails(capsys, settings):
    settings.LANGUAGE_CODE = "en"
    with transaction.atomic():
        append(UserFactory())
        append(User.objects.get())
    printed = log.head()
    triggers.drop_all(connection)
    AuditEvent.objects.filter(sequence=2).delete()

    assert run("verify_audit") == 0
    assert run("verify_audit", "--head", printed) == 1
    assert f"The log does not contain the head {printed}." in capsys.readouterr().err
