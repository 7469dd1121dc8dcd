"""The pages of the annual summary: who sees which edition, leaks, steps, query counts."""

import pytest
from django.urls import reverse

from cluster_app.documents.models import IssuedDocument
from members.enums import Phase
from members.models import EmulationYear
from scoring.year_end import reconciliation
from scoring.year_end.reconciliation import Mismatch
from scoring.year_end.services import editions
from tests.factories.scoring import ScorecardFactory
from tests.scenarios import CANARY, NOW, two_clusters
from tests.scoring.year_end_scenes import DATED_ON, ended_world, publish

pytestmark = pytest.mark.django_db

HOSTILE = '<script>alert("x")</script>{{ user }}'
RELATIONS = ("of", "sg", "ot", "fo", "L", "D", "S", "R", "O")


def url_of(world, name="summary", query=""):
    return reverse(f"scoring:{name}", kwargs=world.url_kwargs()) + query


def issue(world):
    return editions.issue(year=world.year, number="03", dated_on=DATED_ON, by=world.leader_signatory, at=NOW)


def page(client, world, relation, query=""):
    client.force_login(world.people()[relation])
    return client.get(url_of(world, query=query))


def statuses(client, world, query=""):
    return {relation: page(client, world, relation, query).status_code for relation in RELATIONS}


def state(published, issued):
    world = ended_world(published=False)
    if published or issued:
        publish(world)
    if issued:
        issue(world)
    if issued and not published:
        EmulationYear.objects.filter(pk=world.year.pk).update(published_at=None)
    return world


INSIDE = dict.fromkeys(("L", "D", "S", "R"), 200) | {"fo": 404, "O": 404}
UNITS = ("of", "sg", "ot")


@pytest.mark.parametrize(
    ("published", "issued", "units"),
    [(False, False, 403), (True, False, 403), (False, True, 403), (True, True, 200)],
)
def test_units_see_the_official_edition_once_it_is_published_and_issued(client, published, issued, units):
    world = state(published, issued)

    assert statuses(client, world) == INSIDE | dict.fromkeys(UNITS, units)


def test_draft_is_for_leader_deputy_secretariat_and_observer_at_any_time(client):
    world = state(published=True, issued=True)

    assert statuses(client, world, "?edition=draft") == INSIDE | dict.fromkeys(UNITS, 403)


@pytest.mark.parametrize("query", ["", "?edition=draft", "?edition=official", "?annex=1"])
@pytest.mark.parametrize("relation", UNITS)
def test_nothing_leaks_to_a_unit_before_publication(client, relation, query):
    world = state(published=False, issued=False)

    response = page(client, world, relation, query)

    content = response.content.decode()
    assert response.status_code == 403
    assert "BÁO CÁO" not in content
    assert [points in content for points in ("84,50", "78,00")] == [False, False]
    shown = page(client, world, "L").content.decode()
    assert [points in shown for points in ("84,50", "78,00")] == [True, True]


def test_unit_is_told_why_there_is_no_report_yet(client):
    client.cookies["django_language"] = "en"

    early = page(client, state(published=True, issued=False), "of").content.decode()

    assert "The annual summary has not been issued yet." in early
    assert "It can be read and printed here once the official edition is issued." in early


def test_default_is_the_official_edition_once_it_is_issued_else_the_draft(client):
    world = ended_world()
    assert "DỰ THẢO" in page(client, world, "S").content.decode()
    assert "DỰ THẢO" in page(client, world, "S", "?edition=official").content.decode()

    issued = issue(world)

    assert "DỰ THẢO" not in page(client, world, "S").content.decode()
    assert issued.code in page(client, world, "S").content.decode()
    assert "DỰ THẢO" in page(client, world, "S", "?edition=draft").content.decode()


def test_report_of_one_cluster_shows_nothing_of_the_other(client):
    world = ended_world()
    issue(world)

    for relation, query in (("S", ""), ("S", "?edition=draft"), ("L", "?edition=draft"), ("ot", "")):
        assert CANARY not in page(client, world, relation, query).content.decode()

    client.force_login(world.foreign.secretariat)
    assert client.get(url_of(world)).status_code == 404
    assert CANARY in client.get(url_of(world.foreign)).content.decode()


def test_figures_that_a_unit_has_not_handed_in_are_in_no_draft(client):
    world = two_clusters(phase=Phase.REVIEWING)
    ScorecardFactory(membership=world.member, filled=True)

    assert "84,50" not in page(client, world, "L").content.decode()


@pytest.mark.parametrize(("relation", "leads"), [("L", True), ("S", True), ("D", False), ("R", False)])
def test_only_who_writes_the_report_is_led_to_the_steps(client, relation, leads):
    world = ended_world(published=False)

    content = page(client, world, relation).content.decode()

    for name in ("summary_paragraphs", "summary_issue"):
        assert (url_of(world, name) in content) == leads
    assert (reverse("scoring:ranking", kwargs=world.url_kwargs()) + '">' in content) == leads


@pytest.mark.parametrize(("relation", "leads"), [("L", False), ("S", True)])
def test_set_up_pages_are_linked_for_the_secretariat_alone(client, relation, leads):
    world = ended_world()

    content = page(client, world, relation).content.decode()

    setup = reverse("members:year_edit", kwargs=world.url_kwargs())
    assert (f'href="{setup}"' in content) == leads
    assert f'href="{url_of(world, "summary_paragraphs")}#p-I-2"' in content


def test_page_says_until_when_figures_count_and_that_they_were_recomputed(client):
    world = ended_world()
    client.cookies["django_language"] = "en"

    content = page(client, world, "S").content.decode()

    for text in (
        "Commendations decided from 01/01/2021 to 31/12/2021.",
        "Results published on 23/11/2021.",
        "Year-end conference on 23/11/2021.",
        "Recomputed: every number of the text stands in its annex, every total is the sum of its rows.",
    ):
        assert text in content


def test_number_that_its_list_does_not_give_stands_on_the_page_and_closes_the_issue(client, monkeypatch):
    world = ended_world()
    wrong = Mismatch("Phụ lục 2", "4", "3", row="TỔNG CỘNG", column="Tập thể")
    monkeypatch.setattr(reconciliation, "mismatches", lambda *args: [wrong])

    for name in ("summary", "summary_issue"):
        client.force_login(world.secretariat)
        assert "TỔNG CỘNG" in client.get(url_of(world, name)).content.decode()
    assert client.get(url_of(world, "summary_issue")).context["is_blocked"]


def test_issue_page_of_a_year_with_its_own_register_needs_no_number(client):
    world = ended_world()
    world.year.rules.own_register = True
    world.year.rules.save()
    client.force_login(world.secretariat)
    data = {"number": "", "dated_on": "24/11/2021", "seen": seen_on(client, world)}

    assert client.post(url_of(world, "summary_issue"), data).status_code == 302
    assert IssuedDocument.objects.get().number_symbol == "01-BC/CTĐ"


def test_archived_year_shows_no_steps(client):
    world = ended_world()
    issue(world)
    EmulationYear.objects.filter(pk=world.year.pk).update(phase=Phase.ARCHIVED)

    content = page(client, world, "S").content.decode()

    assert url_of(world, "summary_withdraw") not in content
    assert url_of(world, "summary_paragraphs") not in content


@pytest.mark.parametrize("edition", ["draft", "official"])
@pytest.mark.parametrize(
    ("number", "title"),
    [
        ("1", "BẢNG TỔNG HỢP ĐIỂM"),
        ("2", "THEO CẤP VÀ ĐỐI TƯỢNG"),
        ("2b", "KHEN THƯỞNG THEO ĐƠN VỊ"),
        ("3", "PHONG TRÀO THI ĐUA CHUYÊN ĐỀ"),
        ("4", "THỰC HIỆN GIAO ƯỚC THI ĐUA"),
        ("5", "BÌNH XÉT, SUY TÔN"),
        ("6", "DANH SÁCH ĐỀ NGHỊ KHEN THƯỞNG"),
        ("7", "BẢNG ĐIỂM CHI TIẾT THEO TIÊU CHÍ"),
    ],
)
def test_annex_prints_alone(client, edition, number, title):
    world = ended_world()
    issue(world)

    content = page(client, world, "S", f"?edition={edition}&annex={number}").content.decode()

    assert f"PHỤ LỤC {number}: " in content
    assert title in content
    assert "KIẾN NGHỊ, ĐỀ XUẤT" not in content
    assert content.count("<table") == 1
    assert content.count("<h1") == 1


@pytest.mark.parametrize("number", ["8", "x", "0", "1'"])
def test_unknown_annex_does_not_exist(client, number):
    assert page(client, ended_world(), "S", f"?annex={number}").status_code == 404


def test_names_and_texts_are_never_markup_on_paper(client):
    world = ended_world()
    world.members[0].name = HOSTILE
    world.members[0].save()
    world.year.campaigns.filter(code="CD1").update(title=HOSTILE, results=HOSTILE)
    world.year.summary_paragraphs.update(text=HOSTILE)
    issue(world)

    for query in ("", "?edition=draft", "?annex=3", "?annex=1"):
        content = page(client, world, "S", query).content.decode()
        assert "<script>alert" not in content
        assert "{{ user }}" in content


# --- Issuing and withdrawing ---


def seen_on(client, world):
    return client.get(url_of(world, "summary_issue")).context["form"].initial["seen"]


def test_issue_page_issues_what_was_shown(client):
    world = ended_world()
    client.force_login(world.leader_signatory)
    data = {"number": "03", "dated_on": "24/11/2021", "seen": seen_on(client, world)}

    response = client.post(url_of(world, "summary_issue"), data)

    assert (response.status_code, response["Location"]) == (302, url_of(world))
    assert IssuedDocument.objects.get().number_symbol == "03-BC/CTĐ"
    assert client.post(url_of(world, "summary_issue"), data).status_code == 409
    assert client.get(url_of(world, "summary_issue")).status_code == 409


def test_issue_page_of_a_year_that_is_not_ready_shows_the_list_and_no_form(client):
    world = ended_world(published=False)
    client.force_login(world.secretariat)

    content = client.get(url_of(world, "summary_issue")).content.decode()
    response = client.post(url_of(world, "summary_issue"), {"number": "03", "dated_on": "24/11/2021", "seen": "x"})

    assert 'name="number"' not in content
    assert response.status_code == 200
    assert 'value="03"' in response.content.decode()
    assert IssuedDocument.objects.count() == 0


@pytest.mark.parametrize(
    "typed",
    [
        {"number": "03-BC/CTĐ"},
        {"number": "12345"},
        {"dated_on": "31/02/2021"},
        {"dated_on": "25/11/2021"},
    ],
)
def test_bad_number_or_date_shows_the_form_again_with_what_was_typed(client, typed):
    world = ended_world()
    client.force_login(world.secretariat)
    data = {"number": "03", "dated_on": "24/11/2021", "seen": seen_on(client, world)} | typed

    response = client.post(url_of(world, "summary_issue"), data)

    assert response.status_code == 200
    assert f'value="{data["number"]}"' in response.content.decode() or not data["number"]
    assert IssuedDocument.objects.count() == 0


@pytest.mark.parametrize("edition", ["", "?edition=draft"])
def test_number_and_date_may_be_left_to_the_pen(client, edition):
    world = ended_world()
    client.force_login(world.secretariat)
    client.cookies["django_language"] = "en"
    data = {"number": "", "dated_on": "", "seen": seen_on(client, world)}

    assert client.post(url_of(world, "summary_issue"), data).status_code == 302

    issued = IssuedDocument.objects.get()
    assert issued.dated_on is None
    told = client.get(url_of(world, query=edition)).context["status"]
    assert "the official edition (number and date left to the pen)" in told.lower()
    assert issued.code in told
    listed = client.get(url_of(world, "issued_list")).context["rows"][0]
    assert (listed["number"], listed["day"]) == ("…-BC/CTĐ", "–")
    assert client.get(url_of(world, "summary_withdraw")).status_code == 200


@pytest.mark.parametrize(("address", "is_told"), [("", True), ("https://thidua.example.vn", False)])
def test_issue_page_tells_that_prints_will_have_no_qr_code(client, settings, address, is_told):
    world = ended_world()
    settings.SITE_URL = address
    client.force_login(world.secretariat)
    client.cookies["django_language"] = "en"

    items = client.get(url_of(world, "summary_issue")).context["items"]

    assert any(item["level"] == "warn" and "no QR code" in item["text"] for item in items) == is_told


def test_issue_of_what_has_changed_since_is_stale(client):
    world = ended_world()
    client.force_login(world.secretariat)
    data = {"number": "03", "dated_on": "24/11/2021", "seen": seen_on(client, world)}
    world.year.summary_paragraphs.filter(key="III.1").update(text="Người khác sửa")

    assert client.post(url_of(world, "summary_issue"), data).status_code == 409
    assert IssuedDocument.objects.count() == 0


def test_withdraw_page_needs_a_reason(client):
    world = ended_world()
    issue(world)
    client.force_login(world.secretariat)

    assert client.post(url_of(world, "summary_withdraw"), {"reason": " "}).status_code == 200
    assert IssuedDocument.objects.get().withdrawn_at is None

    response = client.post(url_of(world, "summary_withdraw"), {"reason": "Sai số hiệu"})
    assert response.status_code == 302
    assert IssuedDocument.objects.get().withdrawn_reason == "Sai số hiệu"
    assert client.get(url_of(world, "summary_withdraw")).status_code == 409


@pytest.mark.parametrize("name", ["summary_paragraphs", "summary_issue", "summary_withdraw"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_steps_are_for_leader_and_secretariat(client, name, method):
    world = ended_world()
    found = {}
    for relation in RELATIONS:
        client.force_login(world.people()[relation])
        found[relation] = getattr(client, method)(url_of(world, name)).status_code

    allowed = found["L"]
    assert found["S"] == allowed
    assert allowed in (200, 302, 409)
    assert {key: code for key, code in found.items() if key not in ("L", "S")} == {
        **dict.fromkeys(("of", "sg", "ot", "D", "R"), 403),
        **dict.fromkeys(("fo", "O"), 404),
    }


# --- Cost ---


@pytest.mark.parametrize("unit_count", [2, 9])
@pytest.mark.parametrize(("query", "count"), [("?edition=draft", 38), ("", 7)])
def test_summary_asks_the_database_as_often_for_two_units_as_for_nine(
    client, django_assert_num_queries, unit_count, query, count
):
    world = ended_world(unit_count)
    issue(world)
    client.force_login(world.secretariat)

    with django_assert_num_queries(count):
        client.get(url_of(world, query=query))


@pytest.mark.parametrize("unit_count", [2, 9])
@pytest.mark.parametrize(("name", "count"), [("summary_paragraphs", 31), ("summary_issue", 37)])
def test_steps_ask_the_database_as_often_for_two_units_as_for_nine(
    client, django_assert_num_queries, unit_count, name, count
):
    world = ended_world(unit_count)
    client.force_login(world.secretariat)

    with django_assert_num_queries(count):
        client.get(url_of(world, name))
