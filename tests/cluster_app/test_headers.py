"""What every answer carries, and what no answer is: an error of the server for a malformed request."""

import os
import re
import secrets
import subprocess
import sys

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, path

from cluster_app.bootstrap import ROOT
from cluster_app.urls import handler400, handler403, handler404, handler500  # noqa: F401 - read by Django
from cluster_app.urls import urlpatterns as own_addresses
from members.enums import Phase
from members.models import User
from tests.factories.scoring import ScorecardFactory
from tests.scenarios import two_clusters

POLICY = {
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
    "base-uri 'none'",
}
FORM = "application/x-www-form-urlencoded"
MALFORMED = {
    "in utf-16": {"data": "username=a".encode("utf-16"), "content_type": f"{FORM}; charset=utf-16"},
    "in an unknown charset": {"data": b"username=a", "content_type": f"{FORM}; charset=no-such-charset"},
    "without a boundary": {"data": b"--x\r\n", "content_type": "multipart/form-data"},
    "with a broken boundary": {"data": b"--x\r\n", "content_type": "multipart/form-data; boundary=\xe9"},
    "cut off": {"data": b"--x\r\nContent-Disp", "content_type": "multipart/form-data; boundary=x"},
    "not text": {"data": b"username=\xff\xfe\x00&version=\x00", "content_type": FORM},
    "of another kind": {"data": b"{", "content_type": "application/json"},
    "of no kind": {"data": b"username=a", "content_type": ""},
}


# What stands in the addresses of the world below; everything else is a number.
FILLED = {"cluster": "cum-a", "year": "2021", "code": "A3", "key": "I.2", "app_label": "scoring"}


def break_down(request):
    raise ZeroDivisionError


urlpatterns = [path("test/break/", break_down), *own_addresses]


def build_world():
    world = two_clusters(phase=Phase.REVIEWING)
    ScorecardFactory(membership=world.member, submitted=True)
    return world


def check_headers(response):
    assert set(response["Content-Security-Policy"].split("; ")) == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/accounts/profile/", 200),
        ("/admin/", 200),
        ("/admin/scoring/scorecard/", 200),
        ("/cum-a/2021/", 200),
        ("/accounts/login/", 302),
        ("/cum-b/2021/", 404),
        ("/khong-co-trang-nay/", 404),
        ("/accounts/logout/", 405),
        ("/test/break/", 500),
    ],
)
@pytest.mark.urls(__name__)
def test_answer_to_a_signed_in_person_carries_the_headers_and_is_not_stored(client, world, address, status):
    client.force_login(world.secretariat)
    client.raise_request_exception = False

    response = client.get(address)

    assert response.status_code == status
    check_headers(response)
    assert "no-store" in response["Cache-Control"]


def test_refusal_in_the_admin_carries_the_headers(client, world):
    client.force_login(world.officer)

    response = client.get("/admin/", follow=True)

    assert response.status_code == 403
    check_headers(response)
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"), [("/accounts/login/", 200), ("/", 302), ("/khong-co-trang-nay/", 404), ("/healthz", 200)]
)
def test_answer_before_sign_in_carries_the_headers(client, address, status):
    response = client.get(address)

    assert response.status_code == status
    check_headers(response)


@pytest.mark.parametrize("name", ["css/base.css", "js/base.js", "favicon.svg", "vendor/bootstrap/bootstrap.min.css"])
def test_static_file_carries_the_headers_without_asking_the_database(client, name):
    response = client.get(f"/static/{name}")

    assert response.status_code == 200
    assert b"".join(response.streaming_content)
    check_headers(response)


def test_health_is_told_without_asking_the_database(client):
    response = client.get("/healthz")

    assert (response.status_code, response.content, response["Content-Type"]) == (200, b"ok", "text/plain")


def test_unknown_address_is_answered_without_asking_the_database(client):
    response = client.get("/khong-co-trang-nay/")

    assert response.status_code == 404
    assert "Trang này không có, hoặc không mở cho bạn." in response.content.decode()


def test_foreign_host_is_a_bad_request(client):
    response = client.get("/accounts/login/", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert "Trình duyệt gửi dữ liệu mà trang này không đọc được." in response.content.decode()
    check_headers(response)


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("post", "/healthz"),
        ("post", "/"),
        ("get", "/accounts/logout/"),
        ("get", "/accounts/language/"),
        ("get", "/accounts/display/"),
        ("put", "/accounts/profile/"),
        ("delete", "/accounts/password/"),
    ],
)
def test_wrong_method_is_answered_405(client, world, method, address):
    client.force_login(world.officer)

    response = getattr(client, method)(address)

    assert response.status_code == 405
    check_headers(response)


@pytest.mark.django_db
def test_form_without_its_token_is_refused_in_words_that_help():
    client = Client(enforce_csrf_checks=True)

    response = client.post("/accounts/login/", {"username": "thuky", "password": "x"})

    assert response.status_code == 403
    assert "Biểu mẫu đã quá hạn. Hãy quay lại, tải lại trang và gửi lại." in response.content.decode()
    check_headers(response)


@pytest.mark.django_db
@pytest.mark.parametrize("body", MALFORMED)
def test_malformed_sign_in_with_a_token_is_no_error_of_the_server(body):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get("/accounts/login/")
    token = client.cookies["csrftoken"].value

    response = client.generic("POST", "/accounts/login/", headers={"X-CSRFToken": token}, **MALFORMED[body])

    assert response.status_code in {200, 400, 403}
    check_headers(response)


def addresses(number="1", resolver=None, prefix="/"):
    """Every address of the project, its parts filled with what fits them."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: FILLED.get(part[1], number), str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from addresses(number, pattern, route)
        elif "(?P" not in route:
            yield route


@pytest.fixture
def secretary(world):
    client = Client(raise_request_exception=False)
    client.force_login(world.secretariat)
    return client


def test_no_address_answers_a_malformed_body_with_an_error_of_the_server(secretary):
    bodies = [MALFORMED[name] for name in ("in utf-16", "without a boundary")]
    asked = list(addresses())

    answers = [
        (address, body["content_type"], secretary.generic("POST", address, **body).status_code)
        for address in asked
        for body in bodies
    ]

    assert len(asked) > 80
    assert [answer for answer in answers if answer[-1] >= 500] == []
    assert {status for _address, _kind, status in answers} >= {400, 403, 404, 405}


@pytest.mark.parametrize(
    ("number", "query"),
    [
        ("1", "q=%00&page=%00&unit=%00&kind=%00&level=%00&status=%00&next=%00"),
        ("1", "q=%FF&page=0&unit=-1&kind=x&level=x&status=x&o=x&e=1&_popup=x"),
        ("9" * 30, ""),
    ],
    ids=["nul", "nonsense", "huge"],
)
def test_no_address_answers_a_strange_question_with_an_error_of_the_server(secretary, number, query):
    answers = {address: secretary.get(f"{address}?{query}").status_code for address in addresses(number)}

    assert {address: status for address, status in answers.items() if status >= 500} == {}


def test_settings_for_production_pass_djangos_deployment_check(tmp_path):
    environ = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={
            **environ,
            "CLUSTER_APP_NO_BOOTSTRAP": "1",
            "DJANGO_SETTINGS_MODULE": "cluster_app.settings",
            "DEBUG": "0",
            "DEMO_NOW": "",
            "HTTPS": "1",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "AUDIT_KEY": secrets.token_urlsafe(48),
            "ALLOWED_HOSTS": "thidua.example",
            "DATABASE_URL": f"sqlite:///{tmp_path / 'production.sqlite3'}",
        },
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


def test_people_are_never_superusers_or_staff_by_a_flag():
    names = {field.name for field in User._meta.get_fields()}

    assert not names & {"is_staff", "is_superuser", "groups", "user_permissions"}
