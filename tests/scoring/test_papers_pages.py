"""The pages of the papers: who sees what, forms that lose nothing, steps, leaks, query counts."""

import pytest
from django.urls import reverse

from awards.enums import PledgeStatus
from awards.models import Pledge
from cluster_app.audit.models import AuditEvent
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.models import IssuedDocument
from members.enums import Phase
from members.models import EmulationYear, YearPaper
from scoring.paperwork.services import issuing
from tests.scenarios import CANARY, NOW
from tests.scoring.test_papers_issuing import TYPED, issue, ready_world
from tests.scoring.test_papers_late import late_world
from tests.scoring.year_end_scenes import reread

pytestmark = pytest.mark.django_db

HOSTILE = '<script>alert("x")</script>{{ user }}{year}'
UNITS = ("of", "sg", "ot")
INSIDERS = ("L", "D", "S", "R")
WITHOUT_DEFAULT = {"value_held_on": "30/12/2021", "value_place": "Hội trường", "value_contents": "Tổng kết"}


@pytest.fixture(autouse=True)
def _in_english(client):
    client.cookies["django_language"] = "en"


def url_of(world, name, **kwargs):
    return reverse(f"scoring:{name}", kwargs=world.url_kwargs() | kwargs)


def page(client, world, relation, name="papers", **kwargs):
    client.force_login(world.people()[relation])
    return client.get(url_of(world, name, **kwargs))


def text_of_page(*args, **kwargs):
    return page(*args, **kwargs).content.decode()


def typed(client, world, kind, **changes):
    """What the form shows, with changes, as the browser would send it."""
    form = client.get(url_of(world, "paper_edit", kind=kind)).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else str(value) for name, value in shown.items()} | changes


# --- Who sees what ---


@pytest.mark.parametrize("published", [False, True])
def test_units_see_issued_papers_only_and_results_once_they_are_published(client, published):
    world = ready_world()
    codes = {kind: issue(world, kind).code for kind in (DocumentKind.PLAN, DocumentKind.NOTICE)}
    if not published:
        EmulationYear.objects.filter(pk=world.year.pk).update(published_at=None)

    for relation in UNITS:
        content = text_of_page(client, world, relation)
        assert codes[DocumentKind.PLAN] in content
        assert (codes[DocumentKind.NOTICE] in content) == published
        assert url_of(world, "paper_draft", kind=DocumentKind.PROPOSAL) not in content
        assert url_of(world, "dossier") not in content


@pytest.mark.parametrize("relation", INSIDERS)
def test_who_chairs_and_keeps_the_papers_sees_drafts_and_only_writers_are_led_to_steps(client, relation):
    world = ready_world()

    content = text_of_page(client, world, relation)

    assert url_of(world, "paper_draft", kind=DocumentKind.PROPOSAL) in content
    assert (url_of(world, "paper_edit", kind=DocumentKind.PROPOSAL) in content) == (relation in ("L", "S"))
    assert (url_of(world, "paper_issue", kind=DocumentKind.PROPOSAL) in content) == (relation in ("L", "S"))


def test_unit_prints_its_own_card_from_here(client):
    world = ready_world(published=False)

    content = text_of_page(client, world, "of")

    assert reverse("scoring:scorecard_print", kwargs=world.url_kwargs() | {"code": "A3"}) in content
    assert reverse("scoring:scorecard_print", kwargs=world.url_kwargs() | {"code": "A1"}) not in content


def test_withdrawn_paper_is_closed_to_units_and_marked_for_the_others(client):
    world = ready_world()
    issued = issue(world, DocumentKind.PLAN)
    issuing.withdraw(year=world.year, issued=issued, reason="Sai ngày", by=world.secretariat, at=NOW)

    statuses = {relation: page(client, world, relation, "paper_print", pk=issued.pk).status_code for relation in UNITS}

    assert statuses == dict.fromkeys(UNITS, 403)
    assert "ĐÃ THU HỒI" in text_of_page(client, world, "S", "paper_print", pk=issued.pk)
    assert "Sai ngày" in text_of_page(client, world, "S")


@pytest.mark.parametrize("kind", [DocumentKind.NOTICE, DocumentKind.SCORE_TABLE])
def test_issued_results_are_closed_to_units_while_nothing_is_published(client, kind):
    world = ready_world()
    issued = issue(world, kind)
    EmulationYear.objects.filter(pk=world.year.pk).update(published_at=None)

    statuses = {
        relation: page(client, world, relation, "paper_print", pk=issued.pk).status_code
        for relation in (*UNITS, *INSIDERS)
    }

    assert statuses == dict.fromkeys(UNITS, 403) | dict.fromkeys(INSIDERS, 200)


def test_nothing_of_the_other_cluster_is_shown(client):
    world = ready_world()
    for place in (world, world.foreign):
        issue(place, DocumentKind.PLAN)
    foreign_paper = IssuedDocument.objects.get(cluster_key=world.foreign.cluster.slug)

    for name, more in (("papers", {}), ("dossier", {}), ("paper_draft", {"kind": DocumentKind.NOTICE})):
        assert CANARY not in text_of_page(client, world, "S", name, **more)
        client.force_login(world.foreign.secretariat)
        assert CANARY in client.get(url_of(world.foreign, name, **more)).content.decode()
    for name in ("paper_print", "paper_withdraw"):
        assert page(client, world, "S", name, pk=foreign_paper.pk).status_code == 404


# --- A draft ---


def test_draft_with_something_missing_is_no_paper_but_a_list(client):
    world = ready_world()
    YearPaper.objects.filter(kind=DocumentKind.INVITATION).update(values={"place": "Hội trường"})

    response = page(client, world, "S", "paper_draft", kind=DocumentKind.INVITATION)
    as_file = client.get(url_of(world, "paper_draft", kind=DocumentKind.INVITATION) + "?format=pdf")

    content = response.content.decode()
    assert [label in content for label in ("Day of the meeting", "Contents", "Place")] == [True, True, False]
    assert "GIẤY MỜI" not in content
    assert as_file["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(("query", "content_type"), [("?format=pdf", "application/pdf"), ("?format=docx", "wordproc")])
def test_draft_prints_as_pdf_and_as_word(client, query, content_type):
    world = ready_world()
    client.force_login(world.secretariat)

    response = client.get(url_of(world, "paper_draft", kind=DocumentKind.NOTICE) + query)

    assert content_type in response["Content-Type"]


def test_letter_to_late_units_is_one_click_from_the_page_of_papers(client):
    world = late_world()

    hub = text_of_page(client, world, "S")
    letter = text_of_page(client, world, "S", "paper_draft", kind=DocumentKind.REMINDER)

    assert "3 units are late." in hub
    assert f'href="{url_of(world, "paper_draft", kind=DocumentKind.REMINDER)}"' in hub
    assert "Ký bản giao ước thi đua" in letter
    assert "units are late" not in text_of_page(client, world, "of")


def test_hostile_text_is_never_markup_and_never_template(client):
    world = ready_world()
    values = {"tasks": HOSTILE, "purpose": HOSTILE}
    YearPaper.objects.filter(kind=DocumentKind.PLAN).update(values=values, recipients=HOSTILE)

    for name in ("paper_draft", "paper_edit"):
        content = text_of_page(client, world, "S", name, kind=DocumentKind.PLAN)
        assert "<script>alert" not in content
        assert "{{ user }}{year}" in content


# --- The form ---


def test_form_saves_what_was_typed_and_keeps_no_default(client):
    world = ready_world()
    YearPaper.objects.all().delete()
    client.force_login(world.leader_signatory)

    data = typed(client, world, DocumentKind.INVITATION, letterhead="state", recipients="Lưu", **WITHOUT_DEFAULT)
    response = client.post(url_of(world, "paper_edit", kind=DocumentKind.INVITATION), data)

    paper = YearPaper.objects.get()
    assert response.status_code == 302
    assert (paper.letterhead, paper.recipients, paper.version) == ("state", "Lưu", 1)
    assert paper.values == TYPED[DocumentKind.INVITATION]
    assert AuditEvent.objects.filter(verb="paper.settle").count() == 1


def test_form_that_changes_nothing_writes_nothing(client):
    world = ready_world()
    client.force_login(world.secretariat)

    data = typed(client, world, DocumentKind.INVITATION, value_held_on="30/12/2021")
    client.post(url_of(world, "paper_edit", kind=DocumentKind.INVITATION), data)

    assert YearPaper.objects.get(year=world.year, kind=DocumentKind.INVITATION).version == 1
    assert not AuditEvent.objects.filter(verb="paper.settle").exists()


@pytest.mark.parametrize("value", ["31/02/2021", "hôm nay"])
def test_bad_date_shows_the_form_again_with_what_was_typed(client, value):
    world = ready_world()
    client.force_login(world.secretariat)

    data = typed(client, world, DocumentKind.INVITATION, value_held_on=value, value_place="Nhà khách")
    response = client.post(url_of(world, "paper_edit", kind=DocumentKind.INVITATION), data)

    content = response.content.decode()
    assert response.status_code == 200
    assert f'value="{value}"' in content
    assert 'value="Nhà khách"' in content


def test_form_over_a_newer_text_is_stale_keeps_what_was_typed_and_then_replaces_it(client):
    world = ready_world()
    client.force_login(world.secretariat)
    url = url_of(world, "paper_edit", kind=DocumentKind.INVITATION)
    mine = typed(client, world, DocumentKind.INVITATION, value_held_on="30/12/2021", value_place="Phòng của tôi")
    theirs = typed(client, world, DocumentKind.INVITATION, value_held_on="30/12/2021", value_place="Phòng của họ")
    client.post(url, theirs)

    stale = client.post(url, mine)

    content = stale.content.decode()
    assert stale.status_code == 409
    assert ('value="Phòng của tôi"' in content, "Phòng của họ" in content) == (True, True)
    form = stale.context["form"]
    assert client.post(url, mine | {"version": form["version"].value()}).status_code == 302
    assert YearPaper.objects.get(year=world.year, kind=DocumentKind.INVITATION).values["place"] == "Phòng của tôi"


@pytest.mark.parametrize("kind", [DocumentKind.PLEDGE, DocumentKind.SCORECARD, DocumentKind.SCORE_TABLE])
def test_letterhead_of_papers_written_elsewhere_is_settled_here(client, kind):
    world = ready_world()
    Pledge.objects.filter(year=world.year).update(status=PledgeStatus.DRAFT)
    client.force_login(world.secretariat)

    client.post(url_of(world, "paper_edit", kind=kind), {"version": 0, "letterhead": "state"})

    printed = {
        DocumentKind.PLEDGE: reverse("awards:pledge_print", kwargs=world.url_kwargs()),
        DocumentKind.SCORECARD: reverse("scoring:scorecard_print", kwargs=world.url_kwargs() | {"code": "A1"}),
        DocumentKind.SCORE_TABLE: url_of(world, "ranking_print"),
    }
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in client.get(printed[kind]).content.decode()


@pytest.mark.parametrize("status", [PledgeStatus.OPEN, PledgeStatus.SIGNED])
def test_letterhead_of_a_pledge_that_is_no_draft_stays(client, status):
    world = ready_world()
    Pledge.objects.filter(year=world.year).update(status=status)
    edit = url_of(world, "paper_edit", kind=DocumentKind.PLEDGE)

    assert edit not in text_of_page(client, world, "S")

    refused = client.post(edit, {"version": 0, "letterhead": "state"})

    assert refused.status_code == 409
    assert not YearPaper.objects.filter(year=world.year, kind=DocumentKind.PLEDGE).exists()


def test_page_of_the_dossier_says_which_of_its_files_are_for_the_archive(client):
    assert "PDF/A" in text_of_page(client, ready_world(), "S", "dossier")


# --- Issuing and withdrawing ---


def test_issue_page_issues_what_was_shown(client):
    world = ready_world()
    client.force_login(world.secretariat)
    url = url_of(world, "paper_issue", kind=DocumentKind.PROPOSAL)
    seen = client.get(url).context["form"].initial["seen"]
    data = {"number": "05", "dated_on": "24/11/2021", "seen": seen}

    response = client.post(url, data)

    assert (response.status_code, response["Location"]) == (302, url_of(world, "papers"))
    assert IssuedDocument.objects.get().number_symbol == "05/TTr-CTĐ"
    assert client.get(url).status_code == 409
    assert client.post(url, data).status_code == 409


def test_issue_of_what_has_changed_since_is_stale(client):
    world = ready_world()
    client.force_login(world.secretariat)
    url = url_of(world, "paper_issue", kind=DocumentKind.PLAN)
    seen = client.get(url).context["form"].initial["seen"]
    YearPaper.objects.filter(year=world.year, kind=DocumentKind.PLAN).update(values={"tasks": "Khác"})

    assert client.post(url, {"number": "05", "dated_on": "24/11/2021", "seen": seen}).status_code == 409
    assert not IssuedDocument.objects.exists()


@pytest.mark.parametrize("changes", [{"number": "05-TB/CTĐ"}, {"number": "12345"}, {"dated_on": "25/11/2021"}])
def test_bad_number_or_date_shows_the_form_again_with_what_was_typed(client, changes):
    world = ready_world()
    client.force_login(world.secretariat)
    url = url_of(world, "paper_issue", kind=DocumentKind.PLAN)
    data = {"number": "05", "dated_on": "24/11/2021", "seen": client.get(url).context["form"].initial["seen"]}

    response = client.post(url, data | changes)

    assert response.status_code == 200
    assert next(iter(changes.values())) in response.content.decode()
    assert not IssuedDocument.objects.exists()


def test_what_blocks_the_issue_is_listed_and_the_button_is_off(client):
    content = text_of_page(client, ready_world(published=False), "S", "paper_issue", kind=DocumentKind.NOTICE)

    assert "The results of the year are not published yet." in content
    assert 'name="number"' not in content


def test_withdraw_page_needs_a_reason(client):
    world = ready_world()
    issued = issue(world, DocumentKind.PLAN)
    client.force_login(world.secretariat)
    url = url_of(world, "paper_withdraw", pk=issued.pk)

    assert client.post(url, {"reason": " "}).status_code == 200
    assert client.post(url, {"reason": "Sai ngày"}).status_code == 302
    assert IssuedDocument.objects.get().withdrawn_reason == "Sai ngày"
    assert client.get(url).status_code == 409


def test_archived_year_shows_no_steps(client):
    world = ready_world()
    issued = issue(world, DocumentKind.PLAN)
    EmulationYear.objects.filter(pk=world.year.pk).update(phase=Phase.ARCHIVED)

    content = text_of_page(client, world, "S")

    assert url_of(world, "paper_print", pk=issued.pk) in content
    assert url_of(world, "paper_withdraw", pk=issued.pk) not in content
    assert url_of(world, "paper_edit", kind=DocumentKind.NOTICE) not in content


# --- Cost ---


@pytest.mark.parametrize("unit_count", [2, 9])
@pytest.mark.parametrize(
    ("name", "more", "count"),
    [
        ("papers", {}, 9),
        ("paper_draft", {"kind": DocumentKind.NOTICE}, 15),
        ("paper_draft", {"kind": DocumentKind.PROPOSAL}, 16),
        ("paper_draft", {"kind": DocumentKind.PROPOSAL_LIST}, 18),
        ("paper_edit", {"kind": DocumentKind.PLAN}, 9),
        ("paper_issue", {"kind": DocumentKind.PROPOSAL}, 18),
        ("dossier", {}, 21),
        ("dossier_statistics", {}, 6),
    ],
)
def test_pages_ask_the_database_as_often_for_two_units_as_for_nine(
    client, django_assert_num_queries, unit_count, name, more, count
):
    world = ready_world(unit_count)
    client.force_login(world.secretariat)
    assert reread(world).is_published

    with django_assert_num_queries(count):
        client.get(url_of(world, name, **more))
