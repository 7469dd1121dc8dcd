"""Pages of the accounts of a year, and of the start where the first cluster is made."""

import pytest
from django.urls import reverse

from members.enums import AssignmentRole
from members.models import Assignment
from tests.factories.members import UserFactory
from tests.scenarios import fresh, two_clusters, with_part

pytestmark = pytest.mark.django_db


def build_world():
    return two_clusters()


def list_url(world):
    return reverse("members:account_list", kwargs=world.url_kwargs())


def make_url(world):
    return reverse("members:accounts_make", kwargs=world.url_kwargs())


@pytest.mark.parametrize("unit_count", [2, 9])
def test_account_list_costs_the_same_for_two_and_nine_units(client, unit_count, django_assert_num_queries):
    world = two_clusters(unit_count)
    client.force_login(world.secretariat)

    with django_assert_num_queries(8):
        response = client.get(list_url(world))

    assert len(response.context["rows"]) == 2 * unit_count


def test_account_list_leads_to_the_missing_accounts_once_with_and_without_rows(client, world):
    client.force_login(world.secretariat)

    with_rows = client.get(list_url(world))
    Assignment.objects.filter(unit__isnull=False).update(ended_on="2021-11-01")
    without_rows = client.get(list_url(world))

    assert [bool(page.context["rows"]) for page in (with_rows, without_rows)] == [True, False]
    assert [page.text.count(f'href="{make_url(world)}"') for page in (with_rows, without_rows)] == [1, 1]


def test_accounts_make_shows_each_password_once(client, world):
    for user in (world.signatory, world.officer):
        user.assignments.update(ended_on="2021-11-01")

    client.force_login(world.secretariat)

    first = client.post(make_url(world))
    second = client.post(make_url(world))

    slips = first.context["slips"]
    assert [slip.username for slip in slips] == ["a32", "a3.cb2"]
    assert all(slip.one_time_password in first.content.decode() for slip in slips)
    assert second.context["slips"] == []
    assert first["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


def test_accounts_make_by_the_administrator_begins_with_the_secretariat(client, world):
    for user in (world.secretariat, world.secretariat_at_home):
        user.assignments.update(ended_on="2021-11-01")
    url = make_url(world)
    client.force_login(world.administrator)

    assert client.get(url).context["form"] is not None
    refused = client.post(url, {"username": world.officer.username})
    assert refused.context["form"].errors
    made = client.post(url, {"username": "thuky"})

    assert [slip.username for slip in made.context["slips"]] == ["thuky"]


def test_account_reset_shows_the_slip_and_ends_the_old_password(client, world):
    client.force_login(world.secretariat)
    url = reverse("members:account_reset", args=[world.officer.pk])

    assert "slips" not in client.get(url).context
    (slip,) = client.post(url).context["slips"]

    assert fresh(world.officer).check_password(slip.one_time_password)


@pytest.mark.parametrize(("name", "is_active"), [("account_disable", False), ("account_enable", True)])
def test_account_is_closed_and_opened_and_leads_back(client, world, name, is_active):
    type(world.officer).objects.filter(pk=world.officer.pk).update(is_active=not is_active)
    client.force_login(world.secretariat)
    back = list_url(world)

    response = client.post(f"{reverse(f'members:{name}', args=[world.officer.pk])}?next={back}")

    assert response["Location"] == back
    assert fresh(world.officer).is_active is is_active
    again = client.post(reverse(f"members:{name}", args=[world.officer.pk]))
    assert again.status_code == 409


def test_account_disable_of_oneself_is_refused_in_words(client, world):
    client.force_login(world.administrator)

    response = client.post(reverse("members:account_disable", args=[world.administrator.pk]), follow=True)

    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert fresh(world.administrator).is_active is True


def test_account_create_prints_the_slip_of_a_secretary(client, world):
    client.force_login(world.administrator)
    url = reverse("members:account_create")
    data = {"username": "thuky3", "role": "secretariat", "cluster": world.cluster.pk, "home_unit": ""}

    without_cluster = client.post(url, data | {"cluster": ""})
    assert without_cluster.context["form"].errors
    (slip,) = client.post(url, data).context["slips"]

    assert (slip.username, slip.unit) == ("thuky3", world.cluster.name)


def test_account_list_offers_no_act_for_accounts_of_the_own_unit(client, world):
    client.force_login(world.secretariat_at_home)

    rows = client.get(list_url(world)).context["rows"]

    assert {row["username"] for row in rows if not row["acts"]} == {"a3", "a3.cb"}


def test_start_leads_to_a_new_cluster_once_with_and_without_clusters(client):
    client.force_login(with_part(UserFactory(), role=AssignmentRole.ADMINISTRATOR, unit=None))
    button = f'<a class="btn btn-primary" href="{reverse("members:cluster_create")}">'

    assert client.get(reverse("members:start")).text.count(button) == 1
    two_clusters()
    assert client.get(reverse("members:start")).text.count(button) == 1
