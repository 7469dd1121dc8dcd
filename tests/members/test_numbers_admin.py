"""Numbers, issued documents, files and evidence in the admin: the own cluster's, to read."""

from dataclasses import replace

import pytest
from django.urls import reverse

from cluster_app.documents import issuing, numbering
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.models import DocumentNumber, IssuedDocument, NumberRegister
from cluster_app.documents.numbering import Series
from members.models import StoredFile
from scoring.models import Evidence
from tests.cluster_app import sample_documents
from tests.factories.members import StoredFileFactory
from tests.factories.scoring import EvidenceFactory, ScorecardFactory
from tests.scenarios import CANARY, NOW, two_clusters

pytestmark = pytest.mark.django_db

MODELS = [DocumentNumber, IssuedDocument, NumberRegister, StoredFile, Evidence]


def fill(world, count=1, name=""):
    """`count` rows of every table in the cluster; their names hold `name`."""
    line = ScorecardFactory(membership=world.member, filled=True).lines.first()
    for place in range(count):
        series = Series(world.cluster.slug, f"T{place}", f"2021{name}", frozenset({2021}))
        numbering.give(series=series, purpose=f"Thông báo {name}", by=world.secretariat, at=NOW)
        issuing.issue(
            document=replace(sample_documents.pledge(), title=f"Bản giao ước {name}{place}"),
            kind=DocumentKind.PLEDGE,
            cluster_key=world.cluster.slug,
            year=world.year.year,
            subject_key=f"{name}{place}",
            by=world.secretariat,
            at=NOW,
        )
        StoredFileFactory(membership=world.member, name=f"Báo cáo {name}{place}.pdf")
        EvidenceFactory(line=line, title=f"Báo cáo {name}{place}", added_by=world.officer)


def url(model, view, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}", args=args)


@pytest.mark.parametrize("model", MODELS)
def test_list_and_search_show_the_own_cluster_only(client, model):
    world = two_clusters()
    fill(world)
    fill(world.foreign, name=CANARY)
    client.force_login(world.secretariat)

    for question in ("", f"?q={CANARY}"):
        response = client.get(url(model, "changelist") + question)
        assert len(response.context["cl"].queryset) == (0 if question else 1)
        assert CANARY not in response.content.decode().replace(f'value="{CANARY}"', "")


@pytest.mark.parametrize(
    ("model", "queries"),
    [(DocumentNumber, 9), (IssuedDocument, 9), (NumberRegister, 9), (StoredFile, 9), (Evidence, 7)],
)
@pytest.mark.parametrize("count", [2, 9])
def test_list_costs_the_same_for_two_and_nine_rows(client, model, queries, count, django_assert_num_queries):
    world = two_clusters()
    fill(world, count)
    client.force_login(world.secretariat)

    with django_assert_num_queries(queries):
        response = client.get(url(model, "changelist"))

    assert len(response.context["cl"].result_list) == count


@pytest.mark.parametrize("model", MODELS)
def test_row_is_shown_without_a_field_to_change(client, model):
    world = two_clusters()
    fill(world)
    client.force_login(world.secretariat)

    page = client.get(url(model, "change", model._default_manager.get().pk)).content.decode()

    assert 'name="_save"' not in page
    assert 'class="vTextField' not in page


def test_place_of_a_file_and_content_of_a_document_are_not_shown(client):
    world = two_clusters()
    fill(world)
    client.force_login(world.secretariat)
    file, document = StoredFile.objects.get(), IssuedDocument.objects.get()

    assert file.stored_name not in client.get(url(StoredFile, "change", file.pk)).content.decode()
    page = client.get(url(IssuedDocument, "change", document.pk)).content.decode()
    assert document.content[:40] not in page
    assert f"/cum-a/2021/papers/issued/{document.code}/" in page
