"""The issued documents of a year: the list, the page of one, and its kept copy."""

from dataclasses import replace

import pytest
from django.db import connection
from django.urls import reverse

from cluster_app.audit import log
from cluster_app.documents import freezing, issuing, marks
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.models import IssuedDocument
from cluster_app.lib import triggers
from members.services import journal
from scoring.issued.printing import kept_document
from tests.cluster_app import sample_documents
from tests.scenarios import CANARY, NOW, two_clusters

pytestmark = pytest.mark.django_db


def build_world():
    built = two_clusters()
    issue(built.foreign, reason=CANARY)
    return built


def issue(world, *, kind=DocumentKind.ANNUAL_SUMMARY, subject="", reason="", document=None):
    issued = issuing.issue(
        document=document or replace(sample_documents.annual_summary(), title=f"Báo cáo {subject}"),
        kind=kind,
        cluster_key=world.cluster.slug,
        year=world.year.year,
        subject_key=subject,
        by=world.secretariat,
        at=NOW,
    )
    journal.append(world.year, by=world.secretariat, at=NOW, verb="paper.issue", thing=issued, rows=[issued])
    return issuing.withdraw(issued=issued, reason=reason, by=world.secretariat, at=NOW) if reason else issued


def altered(issued):
    connection.check_constraints()
    triggers.drop_all(connection)
    IssuedDocument.objects.filter(pk=issued.pk).update(content=issued.content.replace("05-BC", "06-BC"))
    return IssuedDocument.objects.get(pk=issued.pk)


def url(world, name, **kwargs):
    return reverse(f"scoring:{name}", kwargs=world.url_kwargs() | kwargs)


def get(client, world, name, user=None, query="", **kwargs):
    client.force_login(user or world.secretariat)
    return client.get(url(world, name, **kwargs) + query)


def test_list_shows_what_went_out_and_what_was_taken_back(client, world):
    withdrawn = issue(world, reason="Sai số liệu")
    issued = issue(world)

    response = get(client, world, "issued_list")

    rows = response.context["rows"]
    assert [(row["code"], row["status"]["css"], row["reason"]) for row in rows] == [
        (issued.code, "ok", ""),
        (withdrawn.code, "revoked", "Sai số liệu"),
    ]
    assert (rows[0]["number"], rows[0]["day"]) == ("05-BC/CTĐ", "26/01/2021")
    assert CANARY not in response.content.decode()


def test_list_of_a_year_without_documents_says_so(client):
    assert get(client, two_clusters(), "issued_list").context["rows"] == []


@pytest.mark.parametrize("count", [2, 9])
def test_list_costs_the_same_for_two_and_nine_documents(client, world, count, django_assert_num_queries):
    for place in range(count):
        issue(world, subject=f"{place}")
    client.force_login(world.secretariat)

    # Session, person, years of the cluster, assignments, roster, calendar of the frame; documents.
    with django_assert_num_queries(7):
        response = client.get(url(world, "issued_list"))

    assert len(response.context["rows"]) == count


def test_page_of_an_intact_document_says_that_the_digest_matches(client, world):
    issued = issue(world)

    response = get(client, world, "issued_detail", code=issued.code)

    assert response.context["level"] == "success"
    assert [digest for _label, digest in response.context["digests"]] == [issued.digest] * 2
    assert response.context["print_url"] == url(world, "issued_print", code=issued.code)


def test_page_of_an_altered_document_is_red_and_prints_nothing(client, world):
    issued = altered(issue(world))

    response = get(client, world, "issued_detail", code=issued.code)
    paper = get(client, world, "issued_print", code=issued.code)

    assert (response.context["level"], response.context["status"]["css"]) == ("error", "bad")
    assert [digest for _label, digest in response.context["digests"]] == [
        issued.digest,
        freezing.digest_of_text(issued.content),
    ]
    assert response.context["print_url"] == ""
    assert paper.status_code == 409


def test_page_of_a_withdrawn_document_tells_who_why_and_when(client, world):
    issued = issue(world, reason="Sai số liệu")

    response = get(client, world, "issued_detail", code=issued.code)

    facts = [value for _label, value in response.context["facts"]]
    assert facts[-2:] == ["thuky-cum-a, 24/11/2021 09:00", "Sai số liệu"]
    assert response.context["status"]["css"] == "revoked"


def test_code_in_the_address_may_be_typed_carelessly(client, world):
    code = issue(world).code

    assert get(client, world, "issued_detail", code=code.lower().replace("-", "")).status_code == 200


def test_kept_copy_carries_code_digest_and_the_head_of_the_log_at_its_issue(client, world):
    issued = issue(world)
    head = log.head()
    journal.append(world.year, by=world.secretariat, at=NOW, verb="paper.later", thing=world.year)

    page = get(client, world, "issued_print", code=issued.code).content.decode()

    assert issued.code in page
    assert issued.digest in page
    assert f"Nhật ký hệ thống: {head}." in page
    assert marks.WITHDRAWN not in page


def test_kept_copy_of_a_withdrawn_document_says_so_across_the_page(client, world):
    page = get(client, world, "issued_print", code=issue(world, reason="Sai").code).content.decode()

    assert marks.WITHDRAWN in page


@pytest.mark.parametrize("reason", ["", "Sai ngày"])
@pytest.mark.parametrize("query", ["?format=pdf", "?format=docx"])
def test_every_page_prints_the_same_copy(client, world, reason, query):
    issued = issue(world, kind=DocumentKind.PLAN, reason=reason)
    journal.append(world.year, by=world.secretariat, at=NOW, verb="paper.later", thing=issued)

    one = get(client, world, "issued_print", code=issued.code, query=query)
    other = get(client, world, "paper_print", pk=issued.pk, query=query)

    assert one.content == other.content


def test_mark_of_a_withdrawn_copy_stands_before_the_others(world):
    document = replace(sample_documents.annual_summary(), watermarks=(marks.ILLUSTRATIVE,))
    issued = issue(world, document=document, reason="Sai ngày")

    assert kept_document(issued).watermarks == (marks.WITHDRAWN, marks.ILLUSTRATIVE)


@pytest.mark.parametrize(("query", "start"), [("?format=pdf", b"%PDF"), ("?format=docx", b"PK")])
def test_kept_copy_opens_as_a_file(client, world, query, start):
    issued = issue(world)

    assert get(client, world, "issued_print", code=issued.code, query=query).content.startswith(start)


def test_units_read_what_was_issued_after_the_publication(client, world):
    issued = issue(world)
    before = get(client, world, "issued_detail", world.signatory, code=issued.code)
    type(world.year).objects.filter(pk=world.year.pk).update(published_at=NOW)

    after = [
        get(client, world, name, world.signatory, **kwargs).status_code
        for name, kwargs in (
            ("issued_list", {}),
            ("issued_detail", {"code": issued.code}),
            ("issued_print", {"code": issued.code}),
        )
    ]

    assert before.status_code == 403
    assert after == [200, 200, 200]


def test_units_read_plans_and_invitations_at_once_and_nothing_that_was_withdrawn(client, world):
    issue(world)
    plan = issue(world, kind=DocumentKind.PLAN)
    withdrawn = issue(world, kind=DocumentKind.INVITATION, reason="Sai ngày")

    rows = get(client, world, "issued_list", world.signatory).context["rows"]

    assert [row["code"] for row in rows] == [plan.code]
    assert get(client, world, "issued_detail", world.signatory, code=withdrawn.code).status_code == 403
