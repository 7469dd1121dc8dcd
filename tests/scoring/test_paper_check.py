"""The page on which a person checks a file against the official form."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cluster_app.audit.models import AuditEvent
from cluster_app.documents import pdf, word
from cluster_app.documents.blocks import LetterheadKind
from members.models import StoredFile
from tests.cluster_app import sample_documents
from tests.scenarios import CANARY, two_clusters

pytestmark = pytest.mark.django_db


def build_world():
    return two_clusters()


def _address(world):
    return reverse("scoring:paper_check", kwargs=world.url_kwargs())


def _send(client, world, content, name="bao-cao.docx", **data):
    return client.post(_address(world), {"file": SimpleUploadedFile(name, content), **data})


def _wrong_paper():
    document = sample_documents.annual_summary()
    return word.render(replace(document, letterhead=replace(document.letterhead, number_symbol="05/BC-CTĐ")))


@pytest.mark.parametrize("unit_count", [2, 9])
def test_page_offers_the_form_and_costs_no_more_with_more_units(client, unit_count, django_assert_num_queries):
    world = two_clusters(unit_count)
    client.force_login(world.officer)

    with django_assert_num_queries(6):
        page = client.get(_address(world))

    assert page.status_code == 200
    assert 'accept=".pdf,.docx"' in page.content.decode()
    assert 'id="deviations"' not in page.content.decode()
    assert f'href="{reverse("scoring:papers", kwargs=world.url_kwargs())}"' in page.content.decode()


def test_list_of_papers_leads_to_the_page(client, world):
    client.force_login(world.officer)

    assert _address(world) in client.get(reverse("scoring:papers", kwargs=world.url_kwargs())).content.decode()


def test_file_that_keeps_to_the_form_is_praised(client, world):
    client.force_login(world.officer)

    page = _send(client, world, pdf.render(sample_documents.annual_summary(LetterheadKind.STATE)), "to-trinh.pdf")

    assert page.context["rows"] == []
    assert "to-trinh.pdf" in page.content.decode()


def test_deviations_are_listed_with_place_and_weight(client, world):
    client.force_login(world.officer)

    (row,) = _send(client, world, _wrong_paper()).context["rows"]

    assert row["found"] == "“Số 05/BC-CTĐ”"
    assert row["status"]["css"] == "returned"
    assert row["where"] == "–"


def test_form_may_be_asked_for(client, world):
    client.force_login(world.officer)

    rows = _send(client, world, word.render(sample_documents.annual_summary()), form="state").context["rows"]

    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in " ".join(row["asked"] for row in rows)


def test_nothing_of_the_file_is_stored(client, world, settings):
    client.force_login(world.officer)
    events = AuditEvent.objects.count()

    _send(client, world, _wrong_paper())

    assert (StoredFile.objects.count(), AuditEvent.objects.count()) == (0, events)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xlsx", b"PK\x03\x04"), ("a.pdf", b"%PDF-1.7 broken"), ("a.docx", b"MZ"), ("a.pdf", b"")],
)
def test_file_that_cannot_be_read_is_refused_at_the_field(client, world, name, content):
    client.force_login(world.officer)

    page = _send(client, world, content, name)

    assert page.status_code == 200
    assert page.context["form"].errors["file"]
    assert not page.context["is_checked"]


def test_missing_file_is_asked_for(client, world):
    client.force_login(world.officer)

    page = client.post(_address(world), {})

    assert page.context["form"].errors["file"]


def test_hostile_words_of_a_file_are_shown_as_text(client, world):
    client.force_login(world.officer)
    document = sample_documents.annual_summary()
    hostile = replace(document, letterhead=replace(document.letterhead, number_symbol="<script>alert(1)</script>"))

    page = _send(client, world, word.render(hostile)).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_people_of_another_cluster_do_not_find_the_page(client, world):
    client.force_login(world.foreign.secretariat)

    assert client.get(_address(world)).status_code == 404
    assert _send(client, world, _wrong_paper()).status_code == 404


def test_page_shows_nothing_of_another_cluster(client, world):
    client.force_login(world.officer)

    assert CANARY in world.foreign.cluster.name
    assert CANARY not in _send(client, world, _wrong_paper()).content.decode()
