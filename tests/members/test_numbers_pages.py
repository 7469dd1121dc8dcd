"""The register of numbers as people see it, and the rules of the year that turn it on."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from cluster_app.documents import issuing, numbering
from cluster_app.documents.blocks import Document, Section, paragraph
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.models import DocumentNumber
from cluster_app.documents.text import text_of
from cluster_app.lib.errors import Refused, WrongState
from members import paper_heads, registers
from members.enums import Phase
from members.models import EmulationYear, YearRules
from members.number_paper import register_paper
from members.services import numbers, years
from tests.factories.members import EmulationYearFactory
from tests.members.test_setup_views import RULES_FORM
from tests.scenarios import CANARY, NOW, two_clusters

pytestmark = pytest.mark.django_db

KIND = DocumentKind.NOTICE


def build_world():
    built = two_clusters()
    for each in (built, built.foreign):
        YearRules.objects.filter(year=each.year).update(own_register=True)
        each.year.refresh_from_db()
    reserve(built.foreign, CANARY)
    return built


def url(world, name, **kwargs):
    return reverse(f"members:{name}", kwargs=world.url_kwargs() | kwargs)


def reserve(world, purpose="Thông báo kết quả", kind=KIND):
    return numbers.reserve(year=world.year, kind=kind, purpose=purpose, by=world.secretariat, at=NOW)


def issue(world, typed="", *, title="Thông báo", subject="", dated_on=date(2021, 11, 24)):
    given = numbers.for_issue(year=world.year, kind=KIND, typed=typed, dated_on=dated_on, by=world.secretariat, at=NOW)
    paper = paper_heads.settled(world.year, KIND)
    document = Document(
        kind=KIND,
        title=title,
        letterhead=paper_heads.head(paper, summary="kết quả", number=given.text, dated_on=dated_on),
        sections=(Section((paragraph(title),)),),
    )
    issued = issuing.issue(
        document=document,
        kind=KIND,
        cluster_key=world.cluster.slug,
        year=world.year.year,
        subject_key=subject,
        by=world.secretariat,
        at=NOW,
    )
    numbers.settle(given, issued)
    return issued


def rows_of(response):
    return {kind["code"]: kind["rows"] for kind in response.context["types"]}


def get(client, world, name="number_list", user=None, **kwargs):
    client.force_login(user or world.secretariat)
    return client.get(url(world, name, **kwargs))


# --- the list ---
def test_list_shows_every_number_with_its_fate_and_nothing_of_others(client, world):
    kept, gone = reserve(world, "Thông báo một"), reserve(world, "Thông báo hai")
    numbers.void(year=world.year, number=gone, reason="Không ban hành", by=world.secretariat, at=NOW)
    issued = issue(world, title="Thông báo ba")
    withdrawn = issue(world, title="Thông báo bốn", subject="b")
    issuing.withdraw(issued=withdrawn, reason="Sai", by=world.secretariat, at=NOW)
    reserve(world, "Kế hoạch", kind=DocumentKind.PLAN)

    response = get(client, world)

    rows = rows_of(response)
    assert list(rows) == ["KH", "TB"]
    assert [(row["number"], row["status"]["css"]) for row in rows["TB"]] == [
        ("04-TB", "revoked"),
        ("03-TB", "ok"),
        ("02-TB", "bad"),
        ("01-TB", "warn"),
    ]
    assert [(row["paper"], row["purpose"], row["reason"]) for row in rows["TB"][1:]] == [
        ("Thông báo ba", "", ""),
        ("", "Thông báo hai", "Không ban hành"),
        ("", "Thông báo một", ""),
    ]
    assert rows["TB"][1]["paper_url"].endswith(f"/papers/issued/{issued.code}/")
    assert [bool(row["void_url"]) for row in rows["TB"]] == [False, False, False, True]
    assert rows["TB"][3]["void_url"] == url(world, "number_void", number=kept.pk)
    assert CANARY not in response.content.decode()


def test_list_names_the_calendar_year_of_a_paper_that_is_numbered_in_another_one(client, world):
    issue(world)
    issue(world, subject="b", title="Thông báo năm trước", dated_on=date(2020, 12, 31))
    EmulationYearFactory(cluster=world.cluster, year=2020)
    EmulationYearFactory(cluster=world.cluster, year=2022)

    rows = rows_of(get(client, world))["TB"]

    assert [row["number"] for row in rows] == ["01-TB", "01-TB (2020)"]
    assert "01-TB (2020)" in text_of(register_paper(world.year))


def test_list_says_who_did_what_and_when(client, world):
    numbers.void(year=world.year, number=reserve(world), reason="Hủy", by=world.secretariat, at=NOW)
    issue(world)

    page = get(client, world).content.decode()

    assert page.count("thuky-cum-a, 24/11/2021 09:00") == 3


@pytest.mark.parametrize(("relation", "writes"), [("L", True), ("S", True), ("D", False), ("R", False)])
def test_list_offers_acts_to_those_who_may(client, world, relation, writes):
    reserve(world)

    response = get(client, world, user=world.people()[relation])

    assert bool(response.context["reserve_url"]) == writes
    assert bool(rows_of(response)["TB"][0]["void_url"]) == writes


def test_list_of_a_year_without_an_own_register_says_where_numbers_come_from(client):
    world = two_clusters()

    response = get(client, world)

    assert (response.context["types"], response.context["reserve_url"], response.context["print_url"]) == ([], "", "")
    assert escape(response.context["rules_text"]) in response.content.decode()


@pytest.mark.parametrize("count", [2, 9])
def test_list_costs_the_same_for_two_and_nine_numbers(client, world, count, django_assert_num_queries):
    for place in range(count):
        issue(world, subject=f"{place}")
    client.force_login(world.secretariat)

    # Session, person, years of the cluster, assignments, roster, calendar of the frame; numbers with their papers.
    with django_assert_num_queries(7):
        response = client.get(url(world, "number_list"))

    assert len(rows_of(response)["TB"]) == count


# --- acts ---
def test_reserving_takes_the_next_number(client, world):
    client.force_login(world.leader_signatory)
    reserve(world)

    response = client.post(url(world, "number_reserve"), {"kind": "notice", "purpose": "Thông báo hai"})

    assert response["Location"] == url(world, "number_list")
    row = DocumentNumber.objects.get(purpose="Thông báo hai")
    assert (row.number, row.status, row.reserved_by_key) == (2, "reserved", "a1")


def test_first_number_may_be_typed_for_the_first_paper_of_a_type(client, world):
    client.force_login(world.secretariat)

    client.post(url(world, "number_reserve"), {"kind": "plan", "begin_at": "57", "purpose": "Kế hoạch"})

    assert DocumentNumber.objects.get(purpose="Kế hoạch").number == 57


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"purpose": " "}, "purpose"), ({"kind": "scorecard"}, "kind"), ({"kind": "x"}, "kind"),
     ({"begin_at": "0"}, "begin_at"), ({"begin_at": "10000"}, "begin_at"), ({"purpose": "x" * 201}, "purpose")],
)  # fmt: skip
def test_reserving_with_wrong_input_is_shown_again(client, world, wrong, field):
    client.force_login(world.secretariat)

    response = client.post(url(world, "number_reserve"), {"kind": "notice", "purpose": "Thông báo"} | wrong)

    assert list(response.context["form"].errors) == [field]
    assert not DocumentNumber.objects.filter(register__cluster_key="cum-a").exists()


def test_reserving_without_an_own_register_is_a_wrong_state(client):
    world = two_clusters()
    client.force_login(world.secretariat)

    assert client.post(url(world, "number_reserve"), {"kind": "notice", "purpose": "x"}).status_code == 409


def test_voiding_needs_a_reason_and_keeps_the_number(client, world):
    row = reserve(world)
    client.force_login(world.secretariat)

    refused = client.post(url(world, "number_void", number=row.pk), {"reason": " "})
    done = client.post(url(world, "number_void", number=row.pk), {"reason": "Không ban hành"})
    again = client.post(url(world, "number_void", number=row.pk), {"reason": "Không ban hành"})

    assert list(refused.context["form"].errors) == ["reason"]
    assert done["Location"] == url(world, "number_list")
    assert again.status_code == 409
    row.refresh_from_db()
    assert (row.status, row.void_reason) == ("void", "Không ban hành")


def test_acts_in_an_archived_year_are_a_wrong_state_and_the_list_stays_open(client, world):
    row = reserve(world)
    EmulationYear.objects.filter(pk=world.year.pk).update(phase=Phase.ARCHIVED)
    client.force_login(world.secretariat)

    assert client.post(url(world, "number_void", number=row.pk), {"reason": "x"}).status_code == 409
    assert client.post(url(world, "number_reserve"), {}).status_code == 409
    assert client.get(url(world, "number_list")).context["reserve_url"] == ""


# --- the print ---
def test_print_holds_every_number_in_order_in_vietnamese(world):
    reserve(world, "Thông báo một")
    numbers.void(year=world.year, number=reserve(world, "Thông báo hai"), reason="Hủy", by=world.secretariat, at=NOW)
    issue(world, title="Thông báo ba")
    reserve(world, "Kế hoạch", kind=DocumentKind.PLAN)

    with translation.override("en"):
        words = " ".join(text_of(register_paper(world.year)))

    found = [words.index(part) for part in ("01-KH", "01-TB", "02-TB", "03-TB")]
    assert found == sorted(found)
    assert "Thông báo hai. Lý do: Hủy" in words
    assert "Thông báo ba (03-TB/CTĐ)" in words
    assert "24/11/2021" in words
    assert [word for word in ("Giữ số", "Đã hủy", "Đã phát hành") if word not in words] == []
    assert CANARY not in words


@pytest.mark.parametrize(
    ("query", "content_type"), [("", "text/html"), ("?format=pdf", "application/pdf"), ("?format=x", "text/html")]
)
def test_print_opens_as_page_and_as_pdf(client, world, query, content_type):
    reserve(world)
    client.force_login(world.observer)

    response = client.get(url(world, "number_list_print") + query)

    assert response.status_code == (404 if query == "?format=x" else 200)
    assert response["Content-Type"].startswith(content_type)


# --- the rules of the year ---
def test_rules_form_turns_the_own_register_on(client):
    world = two_clusters()
    client.force_login(world.secretariat)

    client.post(url(world, "rules_edit"), RULES_FORM | {"own_register": "on", "register_period": "2020-2025"})

    rules = YearRules.objects.get(year=world.year)
    assert (rules.own_register, rules.register_period) == (True, "2020-2025")


def edit(world, **values):
    rules = YearRules.objects.get(year=world.year)
    for name, value in values.items():
        setattr(rules, name, value)
    return years.edit_rules(rules=rules, changed=list(values), by=world.secretariat, at=NOW)


def test_rules_of_papers_may_change_after_the_publication_and_no_others():
    world = two_clusters()
    EmulationYear.objects.filter(pk=world.year.pk).update(published_at=NOW)

    edit(world, own_register=True, register_period="2020-2025")

    with pytest.raises(WrongState):
        edit(world, own_register=False, review_mode="ring")
    assert YearRules.objects.get(year=world.year).own_register


@pytest.mark.parametrize("period", ["2022", " 2022 "])
def test_period_is_not_the_number_of_a_year(period):
    with pytest.raises(Refused) as refusal:
        edit(two_clusters(), register_period=period)

    assert list(refusal.value.errors) == ["register_period"]


def test_period_stays_while_numbers_of_it_are_reserved(world):
    row = reserve(world)

    with pytest.raises(Refused) as refusal:
        edit(world, register_period="2020-2025")
    numbers.void(year=world.year, number=row, reason="Hủy", by=world.secretariat, at=NOW)
    edit(world, register_period="2020-2025")

    assert list(refusal.value.errors) == ["register_period"]
    assert registers.period(EmulationYear.objects.get(pk=world.year.pk)) == "2020-2025"


def test_new_period_follows_on_the_papers_of_the_former_one(world):
    issue(world)
    edit(world, register_period="2020-2025")
    world.year.refresh_from_db()

    assert issue(world, subject="b").number_symbol == "02-TB/CTĐ"
    assert list(numbering.problems()) == []


def test_setup_page_says_how_papers_are_numbered(client, world):
    other = EmulationYearFactory(cluster=world.cluster, year=2022)
    client.force_login(world.secretariat)

    own, typed = (
        [value for _label, value in client.get(f"/cum-a/{year}/setup/").context["rules"]] for year in (2021, other.year)
    )

    differing = [pair for pair in zip(own, typed, strict=True) if pair[0] != pair[1] and "/" not in pair[0]]
    assert len(differing) == 1
    assert "2021" in differing[0][0]
