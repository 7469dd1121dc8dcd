"""Papers that go out under numbers, for the tests of the register."""

from dataclasses import replace
from datetime import UTC, date, datetime

from django.contrib.auth import get_user_model

from cluster_app.documents import issuing, letterheads, numbering
from cluster_app.documents.blocks import LetterheadKind
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.models import NumberRegister
from cluster_app.documents.numbering import Series
from tests.cluster_app import sample_documents

AT = datetime(2021, 11, 24, 2, tzinfo=UTC)
SERIES = Series("cum-a", "BC", "2021", frozenset({2021}))
OTHERS = [
    replace(SERIES, cluster_key="cum-b"),
    replace(SERIES, type_code="TTr"),
    replace(SERIES, period="2022", years=frozenset({2022})),
]
REQUESTS = 50


def person():
    return get_user_model()(username="thuky")


def give(series=SERIES, **more):
    return numbering.give(series=series, by=person(), at=AT, **more).row


def issued(number, *, year=2021, kind=DocumentKind.ANNUAL_SUMMARY, cluster="cum-a", subject="", form="party"):
    paper = sample_documents.annual_summary()
    symbol = letterheads.number_symbol(
        LetterheadKind(form), number, type_code=letterheads.PAPER_TYPES[kind].code, issuer_code="CTĐ"
    )
    head = replace(paper.letterhead, number_symbol=symbol, dated_on=date(2021, 11, 20))
    return issuing.issue(
        document=replace(paper, letterhead=head, title=f"{paper.title} {subject}"),
        kind=kind,
        cluster_key=cluster,
        year=year,
        subject_key=subject,
        by=person(),
        at=AT,
    )


def withdrawn(number, **more):
    return issuing.withdraw(issued=issued(number, **more), reason="Sai số liệu", by=person(), at=AT)


def numbers(series=SERIES):
    register = NumberRegister.objects.get(cluster_key=series.cluster_key, type_code=series.type_code)
    return list(register.numbers.order_by("number").values_list("number", "status"))
