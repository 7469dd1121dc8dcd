import logging

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import include, path
from django.utils import translation

from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, Stale, WrongState
from cluster_app.urls import handler400, handler403, handler404, handler500  # noqa: F401 - read by Django
from cluster_app.urls import urlpatterns as own_addresses
from tests.factories.members import UserFactory

ERRORS = {"not-allowed": NotAllowed, "wrong-state": WrongState, "stale": Stale}
IN_VIETNAMESE = "Trang này không có, hoặc không mở cho bạn."


def raise_error(request, name):
    if name == "not-known":
        raise NotKnown("Câu trả lời <b>.")
    raise ERRORS[name]("Câu trả lời <b>.", next_step="Làm tiếp.", missing=["Thiếu."])


def refuse(request):
    raise Refused("Không nhận được.")


def say_language(request):
    return HttpResponse(translation.get_language())


@login_not_required
def say_language_to_anybody(request):
    return HttpResponse(translation.get_language())


@login_not_required
def render_late(request):
    return TemplateResponse(request, "errors/404.html")


def keep(request):
    return HttpResponse("may be kept", headers={"Cache-Control": "private, max-age=60"})


@login_not_required
def break_down(request):
    raise ZeroDivisionError("secret detail")


@login_not_required
def wait_too_long(request):
    raise OperationalError("canceling statement due to lock timeout")


urlpatterns = [
    path("test/wait/", wait_too_long),
    path("test/error/<slug:name>/", raise_error),
    path("test/refused/", refuse),
    path("test/language/", say_language),
    path("test/language-of-anybody/", say_language_to_anybody),
    path("test/late/", render_late),
    path("test/keep/", keep),
    path("test/break/", break_down),
    path("", include(own_addresses)),
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def person(client):
    user = UserFactory(username="nguoi.dung")
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    ("chosen", "cookie", "language"),
    [
        ("", "", "vi"),
        ("", "en", "en"),
        ("", "vi", "vi"),
        ("", "fr", "vi"),
        ("en", "", "en"),
        ("en", "vi", "en"),
        ("vi", "en", "vi"),
        ("xx", "en", "vi"),
    ],
)
def test_language_is_the_persons_choice_else_the_cookie_else_vietnamese(client, person, chosen, cookie, language):
    type(person).objects.update(language=chosen)
    if cookie:
        client.cookies["django_language"] = cookie

    response = client.get("/test/language/", headers={"Accept-Language": "en-GB,en;q=0.9"})

    assert (response.content.decode(), response["Content-Language"]) == (language, language)


@pytest.mark.parametrize(("cookie", "language"), [("", "vi"), ("en", "en"), ("de", "vi")])
def test_language_before_sign_in_is_that_of_the_cookie_and_never_that_of_the_browser(client, cookie, language):
    if cookie:
        client.cookies["django_language"] = cookie

    response = client.get("/test/language-of-anybody/", headers={"Accept-Language": "en"})

    assert response.content.decode() == language


def test_language_holds_until_a_page_that_is_rendered_late_is_drawn(client):
    client.cookies["django_language"] = "en"

    page = client.get("/test/late/").content.decode()

    assert '<html lang="en">' in page
    assert "Page not found" in page


def test_language_of_one_request_does_not_stay_for_the_next(client):
    client.cookies["django_language"] = "en"
    client.get("/test/language-of-anybody/")

    assert translation.get_language() == "vi"


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize(
    ("name", "status"), [("not-allowed", 403), ("not-known", 404), ("wrong-state", 409), ("stale", 409)]
)
def test_error_of_the_domain_is_answered_with_its_status_and_its_sentences(client, name, status):
    response = client.get(f"/test/error/{name}/")
    page = response.content.decode()

    assert response.status_code == status
    assert "Câu trả lời &lt;b&gt;." in page
    if name != "not-known":
        assert "<li>Thiếu.</li>" in page
        assert "<p>Làm tiếp.</p>" in page


@pytest.mark.usefixtures("person")
def test_refusal_that_a_view_did_not_catch_is_a_bad_request(client):
    response = client.get("/test/refused/")

    assert response.status_code == 400
    assert "Không nhận được." in response.content.decode()


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("not-allowed", ["403 GET /test/error/not-allowed/ by nguoi.dung"]),
        ("not-known", ["404 GET /test/error/not-known/ by nguoi.dung"]),
        ("wrong-state", []),
        ("stale", []),
    ],
)
def test_denial_is_written_to_the_log_file(client, caplog, name, lines):
    with caplog.at_level(logging.INFO, logger="cluster_app.denials"):
        client.get(f"/test/error/{name}/")

    assert [record.getMessage() for record in caplog.records if record.name == "cluster_app.denials"] == lines


def test_error_that_is_not_of_the_domain_is_a_plain_page_without_details(client):
    client.raise_request_exception = False

    response = client.get("/test/break/")
    page = response.content.decode()

    assert response.status_code == 500
    assert "Phần mềm gặp lỗi. Chưa có gì thay đổi." in page
    assert "secret detail" not in page


def test_database_that_does_not_answer_is_said_so_and_written_to_the_log_file(client, caplog):
    response = client.get("/test/wait/")

    assert response.status_code == 503
    assert "lock timeout" not in response.content.decode()
    assert [record.getMessage() for record in caplog.records if record.name == "cluster_app.failures"] == [
        "GET /test/wait/"
    ]


def test_page_of_a_signed_in_person_is_not_stored(client, person):
    response = client.get("/test/language/")

    assert "no-store" in response["Cache-Control"]


def test_page_that_says_itself_how_long_it_may_be_kept_is_left_alone(client, person):
    assert client.get("/test/keep/")["Cache-Control"] == "private, max-age=60"


def test_page_before_sign_in_may_be_stored(client):
    assert not client.get("/test/language-of-anybody/").has_header("Cache-Control")


def test_every_page_asks_for_sign_in_unless_it_says_otherwise(client):
    response = client.get("/test/language/")

    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/test/language/")


def test_fragment_after_the_session_ended_is_answered_401_so_that_the_page_keeps_the_cell(client):
    response = client.get("/test/language/", headers={"HX-Request": "true"})

    assert response.status_code == 401
    assert response.content.decode() == "Bạn đã bị đăng xuất. Hãy đăng nhập lại ở một thẻ khác."
    assert not response.has_header("Location")


def test_one_time_password_opens_nothing_but_the_page_to_change_it(client, person):
    type(person).objects.update(must_change_password=True)

    for address in ("/", "/test/language/", "/accounts/profile/", "/admin/"):
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (302, "/accounts/password/")
    assert client.post("/accounts/display/").status_code == 302
    assert client.get("/accounts/password/").status_code == 200


def test_one_time_password_leaves_the_language_and_the_way_out_open(client, person):
    type(person).objects.update(must_change_password=True)

    client.post("/accounts/language/", {"language": "en"})
    person.refresh_from_db()
    assert person.language == "en"

    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


def test_unknown_address_is_answered_in_vietnamese(client, person):
    response = client.get("/khong-co-trang-nay/")

    assert response.status_code == 404
    assert IN_VIETNAMESE in response.content.decode()
    assert '<html lang="vi">' in response.content.decode()
