import pytest
from django.conf import settings
from django.urls import reverse

from members.models import User
from tests.factories.members import UserFactory
from tests.scenarios import NOW, fresh, two_clusters

pytestmark = pytest.mark.django_db

PASSWORD = "cỏ non xanh tận chân trời"
LOGIN = "/accounts/login/"


@pytest.fixture
def person():
    return UserFactory(username="vptu", typed_password=PASSWORD)


def sign_in(client, username="vptu", password=PASSWORD, address="10.0.0.1", **data):
    return client.post(LOGIN, {"username": username, "password": password, **data}, REMOTE_ADDR=address)


def test_sign_in_says_when_the_account_was_used_before(client, person):
    first = client.post(LOGIN, {"username": "vptu", "password": PASSWORD}, follow=True)
    assert [str(message) for message in first.context["messages"]] == ["Đây là lần đăng nhập đầu tiên của tài khoản."]
    assert fresh(person).last_login == NOW

    client.post(reverse("members:logout"))
    second = client.post(LOGIN, {"username": "vptu", "password": PASSWORD}, follow=True)
    assert "24/11/2021 09:00" in str(next(iter(second.context["messages"])))


def test_sign_in_answers_the_same_for_an_unknown_user_and_a_wrong_password(client, person):
    unknown = sign_in(client, username="khongco")
    wrong = sign_in(client, password="sai")

    assert unknown.status_code == wrong.status_code == 200
    assert unknown.context["form"].non_field_errors() == wrong.context["form"].non_field_errors()


def test_sign_in_goes_on_to_the_page_that_was_asked_for_but_to_no_other_site(client, person):
    assert sign_in(client, next="/accounts/profile/")["Location"] == "/accounts/profile/"
    client.post(reverse("members:logout"))
    assert sign_in(client, next="https://example.org/")["Location"] == reverse("members:start")


def test_sign_out_needs_post(client, person):
    client.force_login(person)

    assert client.get(reverse("members:logout")).status_code == 405
    assert client.post(reverse("members:logout"))["Location"] == LOGIN


def test_closed_account_does_not_sign_in(client, person):
    User.objects.update(is_active=False)

    assert sign_in(client).status_code == 200


def test_one_time_password_opens_nothing_but_its_change(client):
    world = two_clusters()
    User.objects.filter(pk=world.signatory.pk).update(must_change_password=True)
    person = fresh(world.signatory)
    person.set_password(PASSWORD)
    person.save()
    client.force_login(person)
    change = reverse("members:password_change")

    assert client.get(reverse("members:conference", kwargs=world.url_kwargs()))["Location"] == change
    assert client.get(reverse("members:start"))["Location"] == change
    new = {"old_password": PASSWORD, "new_password1": "rừng thông đồi cọ", "new_password2": "rừng thông đồi cọ"}
    assert client.post(change, new)["Location"] == reverse("members:password_change_done")

    assert fresh(person).must_change_password is False
    assert fresh(person).check_password("rừng thông đồi cọ")
    assert client.get(reverse("members:conference", kwargs=world.url_kwargs())).status_code == 200


@pytest.mark.parametrize("new", ["ngan", "qwerty123456", "vptu"])
def test_password_that_is_short_common_or_the_name_is_refused(client, person, new):
    client.force_login(person)
    data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}

    response = client.post(reverse("members:password_change"), data)

    assert response.status_code == 200
    assert response.context["form"].errors["new_password2"]
    assert fresh(person).check_password(PASSWORD)


@pytest.mark.parametrize(
    ("by", "is_unlocked"), [("secretariat", True), ("secretariat_at_home", False), ("administrator", True)]
)
def test_lock_after_five_wrong_passwords_is_lifted_by_the_secretariat(client, settings, by, is_unlocked):
    settings.AXES_ENABLED = True
    world = two_clusters()
    world.officer.set_password(PASSWORD)
    world.officer.save()
    name = world.officer.username
    answers = [sign_in(client, name, "sai").status_code for _try in range(5)]

    assert answers == [200] * 4 + [429]
    assert sign_in(client, name).status_code == 429
    assert sign_in(client, name, address="10.0.0.2").status_code == 302, "another office is not locked out"
    client.force_login(getattr(world, by), backend=settings.AUTHENTICATION_BACKENDS[1])
    unlocked = client.post(reverse("members:account_unlock", args=[world.officer.pk]))
    assert unlocked.status_code == (302 if is_unlocked else 403)
    client.post(reverse("members:logout"))
    assert sign_in(client, name).status_code == (302 if is_unlocked else 429)


def test_lockout_page_speaks_vietnamese_and_names_no_account(client, settings, person):
    settings.AXES_ENABLED = True
    for _try in range(5):
        response = sign_in(client, password="sai")

    assert response.status_code == 429
    assert "15 phút" in response.content.decode()


def test_language_is_the_persons_choice_else_the_cookies(client, person):
    change = reverse("members:language_change")
    client.post(change, {"language": "en", "next": LOGIN})
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert client.get(LOGIN)["Content-Language"] == "en"

    client.force_login(person)
    client.post(change, {"language": "vi"})
    assert fresh(person).language == "vi"
    assert client.get(reverse("members:profile"))["Content-Language"] == "vi"


def test_language_that_is_not_offered_changes_nothing(client, person):
    client.force_login(person)

    response = client.post(reverse("members:language_change"), {"language": "fr", "next": "//example.org"})

    assert response["Location"] == reverse("members:start")
    assert fresh(person).language == ""


def test_display_keeps_brightness_and_letters(client, person):
    client.force_login(person)

    client.post(reverse("members:display_change"), {"theme": "dark", "is_large_font": "on"})
    assert (fresh(person).theme, fresh(person).is_large_font) == ("dark", True)
    client.post(reverse("members:display_change"), {"theme": "blue"})
    assert fresh(person).theme == "dark"
    assert client.get(reverse("members:display_change")).status_code == 405


def test_profile_shows_the_own_parts_and_saves_the_name(client):
    world = two_clusters()
    client.force_login(world.signatory)

    page = client.get(reverse("members:profile"))
    assert [item["text"] for item in page.context["assignments"]] == ["Lãnh đạo ký · Đơn vị A3"]
    client.post(reverse("members:profile"), {"full_name": " Nguyễn Văn A "})

    assert fresh(world.signatory).full_name == "Nguyễn Văn A"
