"""The public check of a code on paper (T31, G7): what everybody may know, and that it is no more than that."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse

from cluster_app.documents import freezing, issuing
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.models import IssuedDocument
from cluster_app.lib import triggers
from scoring import sheets
from scoring.models import Approval
from scoring.papers import scorecard_paper
from scoring.verify import codes
from scoring.verify.views import WRONG_CODES
from tests.cluster_app import sample_documents
from tests.factories.scoring import ApprovalFactory, ScorecardFactory
from tests.scenarios import CANARY, NOW, two_clusters

pytestmark = pytest.mark.django_db

SECRETS = (CANARY, "cum-a", "cum-b", "Cụm A", "Đơn vị A3")


@pytest.fixture(autouse=True)
def _nobody_has_guessed_yet():
    cache.clear()
    yield
    cache.clear()


def build_world():
    return two_clusters()


def issue(world, *, title="Báo cáo", year=2021):
    return issuing.issue(
        document=sample_documents.annual_summary(),
        kind=DocumentKind.ANNUAL_SUMMARY,
        cluster_key=world.cluster.slug,
        year=year,
        by=world.secretariat,
        at=NOW,
    )


def check(client, code, **more):
    return client.get(f"/verify/{code}", **more)


def facts_of(response):
    return dict(response.context["answer"]["facts"])


def holds_no_secret(response):
    page = response.content.decode()
    return [secret for secret in SECRETS if secret in page] == []


# --- the verdicts ---
def test_valid_document_is_confirmed_with_what_identifies_it_and_nothing_else(client, world):
    issued = issue(world)

    response = check(client, issued.code)

    assert (response.status_code, response.context["answer"]["level"]) == (200, "success")
    assert list(facts_of(response).values()) == [
        issued.get_kind_display(),
        "05-BC/CTĐ",
        "26/01/2021",
        issued.digest,
    ]
    assert response.context["answer"]["copy_url"] == ""
    assert issued.title not in response.content.decode()
    assert holds_no_secret(response)


def test_revoked_document_is_red_and_keeps_its_reason_to_itself(client, world):
    issued = issuing.withdraw(issued=issue(world), reason=f"Sai {CANARY}", by=world.secretariat, at=NOW)

    response = check(client, issued.code)

    assert response.context["answer"]["level"] == "error"
    assert facts_of(response)["SHA-256"] == issued.digest
    assert holds_no_secret(response)


def test_document_whose_kept_content_was_changed_is_not_confirmed(client, world):
    issued = issue(world)
    connection.check_constraints()
    triggers.drop_all(connection)
    IssuedDocument.objects.filter(pk=issued.pk).update(content=issued.content.replace("05-BC", "06-BC"))

    response = check(client, issued.code)

    valid = check(client, issue(world, year=2022).code)
    assert response.context["answer"]["level"] == "error"
    assert response.context["answer"]["title"] != valid.context["answer"]["title"]


def test_unknown_code_is_red_and_says_nothing(client, world):
    issue(world)

    response = check(client, "0000-0000")

    assert (response.status_code, response.context["answer"]["level"], response.context["answer"]["facts"]) == (
        200,
        "error",
        [],
    )
    assert holds_no_secret(response)


@pytest.mark.parametrize("typed", ["x", "123", "3F9A-12BG", "3F9A-12BCD", "%00", "3F9A-12BC%00", "<script>", "a" * 100])
def test_malformed_code_is_explained_at_its_field(client, world, typed):
    response = check(client, typed)

    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["code"]
    assert "answer" not in response.context


def test_approval_of_a_card_is_confirmed_by_its_digest_alone(client, world):
    card = ScorecardFactory(membership=world.member, approved=True)
    approval = Approval.objects.get(scorecard=card)

    response = check(client, approval.digest[:8])

    assert response.context["answer"]["level"] == "success"
    assert list(facts_of(response).values())[1:] == [approval.digest]
    assert str(card.total_points).replace(".", ",") not in response.content.decode()
    assert holds_no_secret(response)


def test_revoked_approval_is_red_until_the_same_content_is_approved_again(client, world):
    card = ScorecardFactory(membership=world.member, approved=True)
    first = Approval.objects.get(scorecard=card)
    Approval.objects.filter(pk=first.pk).update(
        revoked_at=NOW, revoked_by=world.deputy_signatory, revoked_reason="Sai số liệu"
    )

    revoked = check(client, first.digest[:8])
    ApprovalFactory(scorecard=card, snapshot=first.snapshot, digest=first.digest)
    again = check(client, first.digest[:8])

    assert (revoked.context["answer"]["level"], again.context["answer"]["level"]) == ("error", "success")


def test_code_of_another_cluster_is_answered_alike(client, world):
    issued = issue(world.foreign)

    response = check(client, issued.code)

    assert response.context["answer"]["level"] == "success"
    assert holds_no_secret(response)


# --- how it is typed ---
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("3F9A-12BC", "3F9A-12BC"),
        ("3f9a12bc", "3F9A-12BC"),
        ("  3F9A 12BC ", "3F9A-12BC"),
        ("3F9A–12BC", "3F9A-12BC"),
        ("3 f 9 a - 1 2 b c", "3F9A-12BC"),
        ("OOOO-IIll", "0000-1111"),
        ("3F9A-12B", ""),
        ("3F9A-12BC-", "3F9A-12BC"),
        ("3F9A-12BG", ""),
        ("３F9A-12BC", ""),
        ("", ""),
    ],
)
def test_code_is_read_as_people_type_it(typed, code):
    assert codes.normal(typed) == code


def test_form_leads_to_the_address_of_the_code(client, world):
    issued = issue(world)

    response = client.get("/verify/", {"code": issued.code.lower().replace("-", " ")})

    assert response["Location"] == f"/verify/{issued.code}"


def test_address_with_a_slash_at_the_end_is_answered_too(client, world):
    assert check(client, f"{issue(world).code}/").context["answer"]["level"] == "success"


@pytest.mark.parametrize("typed", ["", " ", "abc"])
def test_form_with_no_code_is_shown_again(client, typed):
    response = client.get("/verify/", {"code": typed})

    assert list(response.context["form"].errors) == ["code"]


def test_form_without_a_question_is_empty(client):
    response = client.get("/verify/")

    assert response.context["form"].errors == {}


# --- public, private, slow ---
def test_page_is_kept_nowhere(client, world):
    for address in ("/verify/", f"/verify/{issue(world).code}"):
        assert "no-store" in client.get(address)["Cache-Control"]


@pytest.mark.parametrize(("language", "word"), [("vi", "Tiếng Việt"), ("en", "Valid")])
def test_page_speaks_the_language_of_the_visitor(client, world, language, word):
    issued = issue(world)
    client.post(reverse("members:language_change"), {"language": language, "next": f"/verify/{issued.code}"})

    response = check(client, issued.code)

    assert response["Content-Language"] == language
    assert word in response.content.decode()


def test_page_loads_nothing_from_elsewhere(client, world):
    page = check(client, issue(world).code).content.decode()

    assert "//" not in page.replace("<!doctype", "")


def test_guessing_is_stopped_for_a_while_and_for_the_guesser_only(client, world):
    issued = issue(world)
    for _place in range(WRONG_CODES.limit):
        assert check(client, "0000-0000").status_code == 200

    stopped = check(client, "0000-0000")
    elsewhere = check(client, "0000-0000", REMOTE_ADDR="10.0.0.9")

    assert (stopped.status_code, elsewhere.status_code) == (429, 200)
    assert "answer" not in stopped.context
    # A whole office may share one address: whoever holds a real print is answered all the same.
    assert facts_of(check(client, issued.code))["SHA-256"] == issued.digest


def test_right_codes_are_not_counted(client, world):
    code = issue(world).code
    for _place in range(WRONG_CODES.limit + 5):
        assert check(client, code).status_code == 200


@pytest.mark.parametrize(("kind", "queries"), [("document", 1), ("approval", 2), ("unknown", 2)])
def test_check_costs_one_or_two_queries(client, world, kind, queries, django_assert_num_queries):
    issued, card = issue(world), ScorecardFactory(membership=world.member, approved=True)
    digest = Approval.objects.get(scorecard=card).digest
    code = {"document": issued.code, "approval": digest[:8], "unknown": "0000-0000"}[kind]

    with django_assert_num_queries(queries):
        check(client, code)


# --- who is signed in ---
SEES_THE_COPY = {"of": False, "sg": False, "ot": False, "fo": False, "L": True, "D": True, "S": True, "R": True,
                 "O": False}  # fmt: skip


@pytest.mark.parametrize("relation", SEES_THE_COPY)
def test_kept_copy_is_offered_to_those_who_may_print_it(client, world, relation):
    issued = issue(world)
    client.force_login(world.people()[relation])

    response = check(client, issued.code)

    url = f"/cum-a/2021/papers/issued/{issued.code}/"
    assert response.context["answer"]["copy_url"] == (url if SEES_THE_COPY[relation] else "")
    assert (url in response.content.decode()) == SEES_THE_COPY[relation]


@pytest.mark.parametrize("relation", ["of", "sg", "ot", "fo", "O"])
def test_kept_copy_is_offered_to_the_units_after_the_publication(client, world, relation):
    issued = issue(world)
    type(world.year).objects.filter(pk=world.year.pk).update(published_at=NOW)
    client.force_login(world.people()[relation])

    assert bool(check(client, issued.code).context["answer"]["copy_url"]) == (relation in ("of", "sg", "ot"))


@pytest.mark.parametrize(
    ("relation", "sees"), [("of", True), ("sg", True), ("ot", False), ("fo", False), ("S", True), ("R", True)]
)
def test_approved_card_is_offered_to_those_who_may_see_it(client, world, relation, sees):
    card = ScorecardFactory(membership=world.member, approved=True)
    code = Approval.objects.get(scorecard=card).digest[:8]
    client.force_login(world.people()[relation])

    assert bool(check(client, code).context["answer"]["copy_url"]) == sees


# --- what papers print ---
def test_approved_card_carries_the_address_of_its_check_and_others_none(world, settings):
    settings.SITE_URL = "https://thidua.example.vn"
    approved = ScorecardFactory(membership=world.member, approved=True)
    draft = ScorecardFactory(membership=world.other)
    approval = Approval.objects.get(scorecard=approved)

    papers = [scorecard_paper(sheets.load(card), given) for card, given in ((approved, approval), (draft, None))]

    url = f"https://thidua.example.vn/verify/{freezing.code(approval.digest)}"
    assert [paper.check_url for paper in papers] == [url, ""]


def test_foot_of_an_approved_card_has_code_and_digest_as_the_check_shows_them(client, world):
    card = ScorecardFactory(membership=world.member, approved=True)
    approval = Approval.objects.get(scorecard=card)

    foot = scorecard_paper(sheets.load(card), approval).footer_note

    answer = check(client, freezing.code(approval.digest)).context["answer"]
    assert f"Mã phê duyệt: {answer['code']}. SHA-256: {dict(answer['facts'])['SHA-256']}" in foot
    assert "SHA-256" not in scorecard_paper(sheets.load(card), None).footer_note
