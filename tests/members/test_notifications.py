"""The inbox: who gets a line, once, and who reads it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_noop

from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotKnown
from members.models import Notification
from members.services import notifications
from members.services.notifications import Message
from tests.scenarios import CANARY, NOW, two_clusters

pytestmark = pytest.mark.django_db

TEXT = gettext_noop("The score card of %(unit)s was approved.")


def _send(world, *users, key="approved:1", **more):
    given = {"text": TEXT, "params": {"unit": "ĐV A3"}, "url": "/dich/", "at": NOW}
    return notifications.send(users=[user.pk for user in users], year=world.year, key=key, **given | more)


def _rows(count, world):
    for number in range(count):
        _send(world, world.officer, key=f"approved:{number}", at=NOW + timedelta(minutes=number))


def test_message_is_new_to_each_person_once():
    world = two_clusters()

    first = _send(world, world.officer, world.signatory)
    again = _send(world, world.officer, world.signatory, world.observer)

    assert (first, again) == (2, 1)
    assert Notification.objects.count() == 3


def test_message_reaches_neither_closed_accounts_nor_the_actor():
    world = two_clusters()
    world.officer.is_active = False
    world.officer.save()

    sent = _send(world, world.officer, world.signatory, world.observer, by=world.signatory)

    assert sent == 1
    assert Notification.objects.get().user == world.observer


@pytest.mark.parametrize("count", [2, 9])
def test_many_messages_cost_two_queries(count, django_assert_num_queries):
    world = two_clusters(9)
    users = [user.pk for user in world.officers]
    messages = [Message(users, world.year, f"key:{number}", TEXT, "/dich/", {"unit": "ĐV"}) for number in range(count)]

    with django_assert_num_queries(4):  # a savepoint around the two
        sent = notifications.send_all(messages=messages, at=NOW)

    assert sent == 9 * count


def test_text_is_read_in_the_language_of_the_reader():
    world = two_clusters()
    _send(world, world.officer)
    line = Notification.objects.get()

    with translation.override("en"):
        english = str(line)

    assert english == "The score card of ĐV A3 was approved."
    assert line.text == TEXT


def test_database_refuses_a_second_line_of_the_same_event():
    world = two_clusters()
    _send(world, world.officer)
    line = Notification.objects.get()
    line.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        line.save(force_insert=True)


def test_line_of_somebody_else_does_not_exist():
    world = two_clusters()
    _send(world, world.officer)

    with pytest.raises(NotKnown):
        notifications.mark_read(pk=Notification.objects.get().pk, by=world.signatory, at=NOW)

    assert Notification.objects.get().read_at is None


def test_reading_again_keeps_the_first_moment():
    world = two_clusters()
    _send(world, world.officer)
    pk = Notification.objects.get().pk
    notifications.mark_read(pk=pk, by=world.officer, at=NOW)

    notifications.mark_read(pk=pk, by=world.officer, at=NOW + timedelta(hours=1))

    assert Notification.objects.get().read_at == NOW


def test_mark_all_reads_the_own_lines_only():
    world = two_clusters()
    _rows(3, world)
    _send(world, world.signatory)

    count = notifications.mark_all_read(by=world.officer, at=NOW)

    assert count == 3
    assert Notification.objects.get(read_at__isnull=True).user == world.signatory


def test_inbox_shows_unread_first_then_the_newest(client):
    world = two_clusters()
    _rows(3, world)
    notifications.mark_read(pk=Notification.objects.get(key="approved:2").pk, by=world.officer, at=NOW)
    client.force_login(world.officer)

    page = client.get(reverse("members:inbox"))

    keys = [Notification.objects.get(pk=line["pk"]).key for line in page.context["lines"]]
    assert keys == ["approved:1", "approved:0", "approved:2"]
    assert [line["is_unread"] for line in page.context["lines"]] == [True, True, False]


def test_inbox_shows_nothing_of_other_people_or_clusters(client):
    world = two_clusters()
    foreign = world.foreign
    notifications.send(
        users=[foreign.officer.pk],
        year=foreign.year,
        key="approved:1",
        text=TEXT,
        params={"unit": foreign.member.name},
        url="/dich/",
        at=NOW,
    )
    _send(world, world.signatory, params={"unit": CANARY})
    client.force_login(world.officer)

    page = client.get(reverse("members:inbox"))

    assert page.context["lines"] == []
    assert CANARY not in page.content.decode()


@pytest.mark.parametrize("count", [2, 9])
def test_inbox_costs_the_same_for_every_number_of_lines(count, client, django_assert_num_queries):
    world = two_clusters()
    _rows(count, world)
    client.force_login(world.officer)

    with django_assert_num_queries(7):
        client.get(reverse("members:inbox"))


def test_bell_counts_what_is_unread_and_costs_no_query(client, django_assert_num_queries):
    world = two_clusters()
    client.force_login(world.officer)
    address = reverse("members:rotation", kwargs=world.url_kwargs())
    client.get(address)
    _rows(3, world)

    with django_assert_num_queries(8):
        page = client.get(address)

    assert '<span class="unread-count">3</span>' in page.content.decode()


def test_opening_marks_read_and_leads_to_the_thing(client):
    world = two_clusters()
    _send(world, world.officer)
    client.force_login(world.officer)

    answer = client.post(reverse("members:inbox_open", kwargs={"pk": Notification.objects.get().pk}))

    assert answer["Location"] == "/dich/"
    assert Notification.objects.get().read_at == NOW


@pytest.mark.parametrize("name", ["members:inbox_open", "members:inbox_read"])
def test_get_changes_nothing(name, client):
    world = two_clusters()
    _send(world, world.officer)
    client.force_login(world.officer)

    answer = client.get(reverse(name, kwargs={"pk": Notification.objects.get().pk}))

    assert answer.status_code == 405
    assert Notification.objects.get().read_at is None


def test_closed_account_is_not_read_from_its_session(client):
    world = two_clusters()
    client.force_login(world.officer)
    world.officer.is_active = False
    world.officer.save()

    answer = client.get(reverse("members:inbox"))

    assert answer["Location"].startswith("/accounts/login/")


def test_profile_keeps_the_address_and_the_log_does_not(client):
    world = two_clusters()
    client.force_login(world.officer)

    client.post(reverse("members:profile"), {"full_name": "Trần Thị B", "email": "b@example.vn"})

    world.officer.refresh_from_db()
    assert (world.officer.full_name, world.officer.email) == ("Trần Thị B", "b@example.vn")
    event = AuditEvent.objects.get(verb="user.describe")
    assert "example.vn" not in event.payload
