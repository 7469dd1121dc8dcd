"""An empty installation is usable: migrate, createsuperuser, one page, one action."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from cluster_app.audit import verification
from members.enums import Phase
from members.models import Cluster, EmulationYear, User
from members.services import years

pytestmark = pytest.mark.django_db

UNITS = [
    ("VPTU", "Văn phòng Tỉnh ủy", "leader"),
    ("BTCTU", "Ban Tổ chức Tỉnh ủy", "deputy"),
    ("BLS", "Báo Lạng Sơn", "member"),
]
PASSWORD = "cỏ non xanh tận chân trời"


def installation(**changes):
    data = {
        "name": "Cụm Thi đua các cơ quan đảng tỉnh",
        "kind": "cluster",
        "slug": "lang-son",
        "province": "Lạng Sơn",
        "superior": "Tỉnh ủy Lạng Sơn",
        "year": "2021",
        "leader_title": "Cụm trưởng",
        "deputy_title": "Phó trưởng cụm",
        "units-TOTAL_FORMS": "10",
        "units-INITIAL_FORMS": "0",
    }
    for number in range(10):
        data[f"units-{number}-kind"] = "party"
        data[f"units-{number}-role"] = "member"
    for number, (code, name, role) in enumerate(UNITS):
        data |= {
            f"units-{number}-code": code,
            f"units-{number}-name": name,
            f"units-{number}-short_name": code,
            f"units-{number}-role": role,
        }
    return data | changes


@pytest.fixture
def administrator(client, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", username="quantri", interactive=False, verbosity=0)
    client.force_login(User.objects.get(username="quantri"))
    return client


def first_sign_in(slip):
    """Signs in with the printed slip and chooses an own password, as everybody must."""
    client = Client()
    data = {"username": slip.username, "password": slip.one_time_password}
    assert client.post(reverse("members:login"), data).status_code == 302
    change = reverse("members:password_change")
    assert client.get("/")["Location"] == change
    new = {"old_password": slip.one_time_password, "new_password1": PASSWORD, "new_password2": PASSWORD}
    assert client.post(change, new).status_code == 302
    return client


def test_empty_installation_becomes_usable(administrator, monkeypatch):
    monkeypatch.setattr(years, "_checks", {})
    start = administrator.get(reverse("members:start"))
    assert reverse("members:cluster_create") in start.content.decode()

    made = administrator.post(reverse("members:cluster_create"), installation())
    assert made["Location"] == "/lang-son/2021/setup/accounts/make/"
    slips = administrator.post(made["Location"], {"username": "thuky"}).context["slips"]

    assert [slip.username for slip in slips] == ["thuky", "vptu", "vptu.cb", "btctu", "btctu.cb", "bls", "bls.cb"]
    secretary = first_sign_in(slips[0])
    assert secretary.get("/lang-son/2021/setup/").status_code == 200
    assert secretary.post("/lang-son/2021/setup/step/", {"to": Phase.RUNNING}).status_code == 302
    assert EmulationYear.objects.get().phase == Phase.RUNNING
    unit = first_sign_in(slips[6])
    assert unit.get("/lang-son/2021/conference/").status_code == 200
    assert unit.get("/lang-son/2021/setup/").status_code == 403
    assert verification.verify().problem == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"slug": "admin"},
        {"slug": "có dấu"},
        {"name": ""},
        {"year": "1999"},
        {"leader_title": ""},
        {"units-1-code": "vptu"},
        {"units-1-role": "leader"},
        {"units-0-name": ""},
        {"units-2-name": "Ban tổ chức tỉnh ủy"},
        {"units-0-code": "", "units-0-name": "", "units-0-short_name": "", "units-1-code": "", "units-1-name": ""},
    ],
)
def test_installation_with_wrong_input_is_shown_again_and_saves_nothing(administrator, changes):
    response = administrator.post(reverse("members:cluster_create"), installation(**changes))

    assert response.status_code == 200
    assert "Tỉnh ủy Lạng Sơn" in response.content.decode()
    assert not Cluster.objects.exists()


def test_installation_takes_a_unit_that_exists_already(administrator):
    administrator.post(reverse("members:cluster_create"), installation())

    response = administrator.post(
        reverse("members:cluster_create"), installation(slug="cum-hai", name="Cụm hai", **{"units-0-name": "Tên khác"})
    )

    assert response.status_code == 302
    taken = EmulationYear.objects.get(cluster__slug="cum-hai").roster()
    assert [member.name for member in taken] == [name for _code, name, _role in UNITS]


def test_start_page_of_a_person_without_a_part_says_whom_to_ask(client):
    client.force_login(User.objects.create(username="moi"))

    response = client.get(reverse("members:start"))

    assert response.status_code == 200
    assert response.context["clusters"] == []
