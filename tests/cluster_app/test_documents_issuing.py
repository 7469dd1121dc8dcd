from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from cluster_app.documents import freezing, issuing
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.models import IssuedDocument
from cluster_app.lib.errors import Refused, WrongState
from tests.cluster_app import sample_documents

pytestmark = pytest.mark.django_db

AT = datetime(2021, 1, 26, 2, tzinfo=UTC)
LATER = datetime(2021, 1, 27, 2, tzinfo=UTC)


def _user(username="tct"):
    return get_user_model()(username=username)


def _issue(document=None, **values):
    arguments = {
        "document": document or sample_documents.annual_summary(),
        "kind": DocumentKind.ANNUAL_SUMMARY,
        "cluster_key": "lang-son",
        "year": 2020,
        "by": _user(),
        "at": AT,
    }
    return issuing.issue(**arguments | values)


def test_issue_freezes_content_and_what_identifies_the_paper():
    document = sample_documents.annual_summary()

    issued = _issue(document)

    issued.refresh_from_db()
    assert issued.content == freezing.canonical(document)
    assert issued.digest == freezing.digest(document)
    assert issued.code == freezing.code(issued.digest)
    assert (issued.kind, issued.cluster_key, issued.year, issued.subject_key) == (
        "annual_summary",
        "lang-son",
        2020,
        "",
    )
    assert (issued.number_symbol, issued.dated_on) == ("05-BC/CTĐ", date(2021, 1, 26))
    assert (issued.issued_at, issued.issued_by_key, issued.withdrawn_at) == (AT, "tct", None)
    assert str(issued) == f"{document.title} ({issued.code})"


def test_document_of_prints_the_frozen_content_with_its_code_at_the_foot():
    document = sample_documents.annual_summary()

    issued = _issue(document)

    printed = issuing.document_of(issued)
    assert printed.footer_note == f"Mã văn bản: {issued.code}. SHA-256: {issued.digest}"
    assert replace(printed, footer_note=document.footer_note) == document


def test_document_of_names_the_address_of_the_check_where_the_server_knows_its_own(settings):
    issued = _issue()
    assert issuing.document_of(issued).check_url == ""

    settings.SITE_URL = "https://thidua.example.vn"
    printed = issuing.document_of(issued)

    assert printed.check_url == f"https://thidua.example.vn/verify/{issued.code}"
    assert (
        printed.footer_note == f"Mã văn bản: {issued.code} (kiểm tra tại {printed.check_url}). SHA-256: {issued.digest}"
    )
    assert freezing.digest(printed) == issued.digest
    assert issuing.check_url("") == ""


def test_paper_without_letterhead_has_no_number_and_no_date():
    issued = _issue(sample_documents.pledge(), kind=DocumentKind.PLEDGE)

    assert (issued.number_symbol, issued.dated_on) == ("", None)


def test_second_valid_document_of_the_same_kind_and_subject_is_refused():
    _issue()

    with pytest.raises(Refused) as refusal:
        _issue(sample_documents.annual_summary(dated_on=date(2021, 2, 1)))

    assert refusal.value.message
    assert IssuedDocument.objects.count() == 1


@pytest.mark.parametrize(
    "values",
    [
        {"kind": DocumentKind.SCORE_TABLE},
        {"cluster_key": "thu-nghiem"},
        {"year": 2021},
        {"subject_key": "scoring.scorecard:12"},
    ],
)
def test_document_of_another_kind_cluster_year_or_subject_is_issued_beside_it(values):
    _issue()

    _issue(sample_documents.pledge(), **values)

    assert IssuedDocument.objects.valid().count() == 2


def test_unknown_kind_is_refused():
    with pytest.raises(Refused):
        _issue(kind="rumour")

    assert not IssuedDocument.objects.exists()


def test_withdraw_keeps_the_content_and_the_reason():
    issued = _issue()

    issuing.withdraw(issued=issued, reason=" Sai số liệu Phụ lục 2 ", by=_user("thuky"), at=LATER)

    issued.refresh_from_db()
    assert (issued.withdrawn_at, issued.withdrawn_by_key) == (LATER, "thuky")
    assert issued.withdrawn_reason == "Sai số liệu Phụ lục 2"
    assert issuing.is_intact(issued)
    assert _valid() is None


def test_withdrawn_document_may_be_issued_again_with_a_code_of_its_own():
    issued = _issue()
    issuing.withdraw(issued=issued, reason="Ký nhầm", by=_user(), at=LATER)

    reissued = _issue(at=LATER)

    assert reissued.digest == issued.digest
    assert reissued.code == freezing.code(issued.digest, attempt=1)
    assert _valid() == reissued


def test_content_issued_more_often_than_there_are_codes_is_refused():
    for position in range(8):
        _issue(subject_key=f"scoring.scorecard:{position}")

    with pytest.raises(Refused):
        _issue(subject_key="scoring.scorecard:8")

    assert IssuedDocument.objects.count() == 8


def test_withdraw_without_reason_is_refused_at_its_field():
    issued = _issue()

    with pytest.raises(Refused) as refusal:
        issuing.withdraw(issued=issued, reason="  ", by=_user(), at=LATER)

    assert list(refusal.value.errors) == ["reason"]
    assert _valid() == issued


def test_withdraw_twice_is_refused():
    issued = _issue()
    issuing.withdraw(issued=issued, reason="Sai số liệu", by=_user(), at=LATER)

    with pytest.raises(WrongState):
        issuing.withdraw(issued=issued, reason="Lần nữa", by=_user(), at=LATER)


def test_content_that_no_longer_fits_its_digest_is_not_intact():
    issued = _issue()

    assert issuing.is_intact(issued)
    issued.content = issued.content.replace("108 lượt", "180 lượt")
    assert not issuing.is_intact(issued)


@pytest.mark.parametrize(
    "change",
    [
        {"content": "{}"},
        {"digest": "0" * 64},
        {"code": "0000-0000"},
        {"number_symbol": "06-BC/CTĐ"},
        {"dated_on": date(2021, 2, 1)},
        {"dated_on": None},
        {"title": "Báo cáo khác"},
        {"issued_by_key": "thuky"},
        {"issued_at": LATER},
        {"year": 2021},
    ],
)
def test_database_refuses_a_change_of_what_was_issued(change):
    _issue()

    with pytest.raises(IntegrityError), transaction.atomic():
        IssuedDocument.objects.update(**change)


def test_database_refuses_to_bring_back_a_withdrawn_document():
    issued = _issue()
    issuing.withdraw(issued=issued, reason="Sai số liệu", by=_user(), at=LATER)

    with pytest.raises(IntegrityError), transaction.atomic():
        IssuedDocument.objects.update(withdrawn_at=None, withdrawn_by_key="", withdrawn_reason="")


def test_database_refuses_to_delete_an_issued_document():
    issued = _issue()

    with pytest.raises(IntegrityError), transaction.atomic():
        issued.delete()


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "rumour"},
        {"digest": ""},
        {"withdrawn_at": LATER},
        {"withdrawn_reason": "Sai số liệu"},
        {"code": "AAAA-AAAA"},
        {"subject_key": ""},
    ],
    ids=["kind", "digest", "no reason", "no time", "code twice", "valid twice"],
)
def test_database_constraints_hold_without_the_service(values):
    fields = {
        "kind": "annual_summary",
        "cluster_key": "lang-son",
        "year": 2020,
        "title": "Báo cáo",
        "content": "{}",
        "digest": "a" * 64,
        "issued_at": AT,
        "issued_by_key": "tct",
    }
    IssuedDocument.objects.create(**fields, code="AAAA-AAAA")

    with pytest.raises(IntegrityError), transaction.atomic():
        IssuedDocument.objects.create(**fields | {"code": "BBBB-BBBB", "subject_key": "another"} | values)


def _valid():
    return issuing.valid(kind=DocumentKind.ANNUAL_SUMMARY, cluster_key="lang-son", year=2020)
