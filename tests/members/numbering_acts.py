"""The acts of people who number the papers of a year."""

import json
from datetime import date

from django.db import transaction

from cluster_app.audit.models import AuditEvent
from cluster_app.documents import issuing
from cluster_app.documents.blocks import Document, Section, paragraph
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.models import DocumentNumber
from cluster_app.lib.errors import NotAllowed, NotKnown
from members import paper_heads
from members.models import YearRules
from members.services import journal, numbers
from tests.scenarios import NOW, two_clusters

KIND = DocumentKind.NOTICE
REQUESTS = 50


def world_of(*, own=True, period="", **more):
    world = two_clusters(**more)
    YearRules.objects.filter(year=world.year).update(own_register=own, register_period=period)
    world.year.refresh_from_db()
    return world


def ask(world, typed="", *, by=None, year=None, kind=KIND, dated_on=None, at=NOW):
    return numbers.for_issue(
        year=year or world.year, kind=kind, typed=typed, dated_on=dated_on, by=by or world.secretariat, at=at
    )


def reserve(world, purpose="Thông báo", *, by=None, year=None, kind=KIND, at=NOW, **more):
    return numbers.reserve(
        year=year or world.year, kind=kind, purpose=purpose, by=by or world.secretariat, at=at, **more
    )


def void(world, number, *, by=None, year=None, reason="Hủy dự thảo"):
    return numbers.void(year=year or world.year, number=number, reason=reason, by=by or world.secretariat, at=NOW)


@transaction.atomic
def issue(world, typed="", *, by=None, year=None, kind=KIND, subject="", dated_on=date(2021, 11, 24), at=NOW):
    """A paper goes out, as the services of the papers do it."""
    year, by = year or world.year, by or world.secretariat
    given = ask(world, typed, by=by, year=year, kind=kind, dated_on=dated_on, at=at)
    paper = paper_heads.settled(year, kind)
    document = Document(
        kind=kind,
        title=f"Thông báo {subject}",
        letterhead=paper_heads.head(paper, summary="kết quả", number=given.text, dated_on=dated_on),
        sections=(Section((paragraph(f"Nội dung {subject} {given.text}"),)),),
    )
    issued = issuing.issue(
        document=document,
        kind=kind,
        cluster_key=year.cluster.slug,
        year=year.year,
        subject_key=subject,
        by=by,
        at=at,
    )
    numbers.settle(given, issued)
    journal.append(year, by=by, at=NOW, verb="paper.issue", thing=issued, rows=[issued])
    return issued


def event_of(verb):
    event = AuditEvent.objects.get(verb=verb)
    return event, json.loads(event.payload)


def statuses():
    return list(DocumentNumber.objects.order_by("number").values_list("number", "status"))


ANSWERS = {
    "of": NotAllowed,
    "sg": NotAllowed,
    "ot": NotAllowed,
    "fo": NotKnown,
    "L": None,
    "D": NotAllowed,
    "S": None,
    "R": NotAllowed,
    "O": NotKnown,
}
