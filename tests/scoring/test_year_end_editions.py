"""Issuing and withdrawing the official edition: who, when, what is missing, and that it is frozen."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from cluster_app.audit.models import AuditEvent
from cluster_app.audit.rows import key_of, row_of
from cluster_app.audit.verification import verify
from cluster_app.documents import letterheads
from cluster_app.documents.models import DocumentNumber, IssuedDocument
from cluster_app.documents.text import text_of
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, Stale, WrongState
from members.enums import Phase
from members.models import EmulationYear, YearPaper
from scoring.issued.printing import kept_document
from scoring.models import SummaryParagraph
from scoring.year_end import figures as year_figures
from scoring.year_end import preflight
from scoring.year_end.queries import issued_of, texts_of
from scoring.year_end.services import editions, paragraphs
from scoring.year_end.services.paragraphs import Entry
from tests.factories.awards import CommendationFactory
from tests.scenarios import NOW
from tests.scoring.year_end_scenes import DATED_ON, HELD_ON, ended_world, report_of, reread, whole_text
from tests.threads import at_once

pytestmark = pytest.mark.django_db


def issue(world, *, by=None, number="03", dated_on=DATED_ON, seen=None):
    return editions.issue(
        year=world.year, number=number, dated_on=dated_on, by=by or world.leader_signatory, at=NOW, seen=seen
    )


def fingerprint_of(world):
    year = reread(world)
    return editions.fingerprint(year_figures.of(year), texts_of(year))


RIGHTS = [
    ("L", None),
    ("S", None),
    ("of", NotAllowed),
    ("sg", NotAllowed),
    ("ot", NotAllowed),
    ("D", NotAllowed),
    ("R", NotAllowed),
    ("fo", NotKnown),
    ("O", NotKnown),
]


@pytest.mark.parametrize(("relation", "error"), RIGHTS)
def test_official_edition_is_issued_by_leader_and_secretariat(relation, error):
    world = ended_world()
    user = world.people()[relation]

    if error is None:
        issue(world, by=user)
    else:
        with pytest.raises(error):
            issue(world, by=user)

    assert IssuedDocument.objects.count() == (0 if error else 1)


@pytest.mark.parametrize(("relation", "error"), RIGHTS)
def test_official_edition_is_withdrawn_by_leader_and_secretariat(relation, error):
    world = ended_world()
    issue(world)
    user = world.people()[relation]

    if error is None:
        editions.withdraw(year=world.year, reason="Sai số liệu khen thưởng", by=user, at=NOW)
    else:
        with pytest.raises(error):
            editions.withdraw(year=world.year, reason="Sai số liệu khen thưởng", by=user, at=NOW)

    assert (issued_of(world.year) is None) == (error is None)


@pytest.mark.parametrize("phase", [Phase.APPROVING, Phase.CONFERENCE, Phase.CONCLUDED])
def test_published_year_can_be_issued_until_it_is_archived(phase):
    world = ended_world()
    EmulationYear.objects.filter(pk=world.year.pk).update(phase=phase)

    assert issue(world).number_symbol == "03-BC/CTĐ"


def test_archived_year_is_closed_for_issuing_and_withdrawing():
    world = ended_world()
    issue(world)
    EmulationYear.objects.filter(pk=world.year.pk).update(phase=Phase.ARCHIVED)

    with pytest.raises(WrongState):
        issue(world, by=world.secretariat)
    with pytest.raises(WrongState):
        editions.withdraw(year=world.year, reason="Sai số liệu", by=world.secretariat, at=NOW)


def test_issued_edition_is_frozen_while_the_records_move_on():
    world = ended_world()
    issued = issue(world)
    text = whole_text(kept_document(issued))
    CommendationFactory(membership=world.leader, recipient_kind="collective", occasions=50, confirmed=True)
    SummaryParagraph.objects.filter(year=world.year).update(text="Sửa sau khi ban hành")

    assert whole_text(kept_document(issued_of(world.year))) == text
    assert "3 lượt tập thể, 20 lượt cá nhân" in text
    assert "Sửa sau khi ban hành" not in text


def test_issued_edition_carries_number_date_code_digest_and_the_head_of_the_log():
    world = ended_world()
    issued = issue(world)
    event = AuditEvent.objects.latest("sequence")
    document = kept_document(issued)
    head = f"{event.sequence}:{event.digest[:12]}"

    assert (issued.number_symbol, issued.dated_on) == ("03-BC/CTĐ", DATED_ON)
    assert document.footer_note == (f"Mã văn bản: {issued.code}. SHA-256: {issued.digest}. Nhật ký hệ thống: {head}.")
    assert "head" not in verify(known_head=head).problem
    assert document.watermarks == ()


def test_event_of_the_issue_carries_the_whole_row():
    world = ended_world()
    issued = issue(world)
    event = AuditEvent.objects.get(verb="summary.issue")
    payload = json.loads(event.payload)

    assert (event.actor, event.cluster, event.year) == (world.leader_signatory.username, "cum-a", 2021)
    assert payload["rows"] == {key_of(issued): row_of(issued)}
    assert payload["changes"] == {
        "number": "03-BC/CTĐ",
        "dated_on": "2021-11-24",
        "code": issued.code,
        "digest": issued.digest,
    }


def test_second_issue_waits_for_the_withdrawal_of_the_first():
    world = ended_world()
    first = issue(world)

    with pytest.raises(WrongState):
        issue(world, number="04")

    withdrawn = editions.withdraw(year=world.year, reason=" Sai số hiệu ", by=world.secretariat, at=NOW)
    second = issue(world, number="04")

    assert (withdrawn.pk, withdrawn.withdrawn_reason) == (first.pk, "Sai số hiệu")
    assert AuditEvent.objects.get(verb="summary.withdraw").object_key == key_of(first)
    assert issued_of(world.year) == second
    assert second.code != first.code


def test_withdrawal_needs_a_reason_and_an_edition():
    world = ended_world()
    with pytest.raises(WrongState):
        editions.withdraw(year=world.year, reason="Sai", by=world.secretariat, at=NOW)
    issue(world)

    with pytest.raises(Refused):
        editions.withdraw(year=world.year, reason="  ", by=world.secretariat, at=NOW)

    assert issued_of(world.year) is not None


@pytest.mark.parametrize("field", ["founded_on", "regulation_on", "plan_on"])
def test_report_is_not_dated_before_a_ground_that_it_names(field):
    world = ended_world()
    world.year.regulation_number = world.year.plan_number = "02"
    setattr(world.cluster if field == "founded_on" else world.year, field, DATED_ON)
    world.cluster.save()
    world.year.save()

    with pytest.raises(Refused) as caught:
        issue(world, dated_on=HELD_ON)

    assert list(caught.value.errors) == ["dated_on"]
    assert issue(world, dated_on=DATED_ON).dated_on == DATED_ON


def test_own_register_gives_the_number_and_keeps_it_for_the_edition():
    world = ended_world()
    world.year.rules.own_register = True
    world.year.rules.save()

    issued = issue(world, number="")

    row = DocumentNumber.objects.get()
    assert issued.number_symbol == "01-BC/CTĐ"
    assert (row.number, row.status, row.document) == (1, "issued", issued)


def test_refused_issue_uses_up_no_number():
    world = ended_world(published=False)
    world.year.rules.own_register = True
    world.year.rules.save()

    with pytest.raises(Refused):
        issue(world, number="")

    assert DocumentNumber.objects.count() == 0


def test_letterhead_and_recipients_of_the_kind_of_paper_go_before_those_of_the_year():
    world = ended_world()
    YearPaper.objects.create(
        year=world.year,
        kind="annual_summary",
        letterhead="state",
        recipients="UBND tỉnh",
        updated_by=world.secretariat,
        updated_at=NOW,
    )

    issued = issue(world)

    assert issued.number_symbol == "03/BC-CTĐ"
    text = whole_text(kept_document(issued))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in text
    assert "- UBND tỉnh;" in text
    assert "Phụ lục IIb" in text


def test_summary_of_a_cluster_without_superior_is_headed_by_the_unit_that_leads():
    world = ended_world()

    assert kept_document(issue(world)).letterhead.superior == "ĐƠN VỊ A1"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"number": "03-BC"}, "number"),
        ({"dated_on": DATED_ON + timedelta(days=1)}, "dated_on"),
        ({"dated_on": HELD_ON - timedelta(days=1)}, "dated_on"),
        ({"number": "", "dated_on": HELD_ON - timedelta(days=1)}, "dated_on"),
    ],
)
def test_number_and_date_must_make_sense(values, field):
    world = ended_world()

    with pytest.raises(Refused) as caught:
        issue(world, **values)

    assert list(caught.value.errors) == [field]
    assert IssuedDocument.objects.count() == 0


def test_number_and_date_that_are_left_to_the_pen_are_blanks_in_report_and_annexes():
    world = ended_world()

    issued = issue(world, number=" ", dated_on=None)

    lines = text_of(kept_document(issued))
    room = letterheads.NUMBER_ROOM
    day = f"ngày{letterheads.DATE_ROOM}tháng{letterheads.DATE_ROOM}năm 2021"
    assert (issued.number_symbol, issued.dated_on) == (f"{room}-BC/CTĐ", None)
    assert f"Số {room}-BC/CTĐ" in lines
    assert any(line.endswith(day) for line in lines)
    assert f"(Kèm theo Báo cáo số {room}-BC/CTĐ {day})" in lines
    changes = json.loads(AuditEvent.objects.get(verb="summary.issue").payload)["changes"]
    assert (changes["number"], changes["dated_on"]) == ("", None)


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ({}, "03-BC/CTĐ of 24/11/2021"),
        ({"dated_on": None}, "03-BC/CTĐ (date left to the pen)"),
        ({"number": ""}, "of 24/11/2021 (number left to the pen)"),
        ({"number": "", "dated_on": None}, "(number and date left to the pen)"),
    ],
)
def test_edition_is_named_by_what_was_typed(typed, named):
    issued = issue(ended_world(), **typed)

    with translation.override("en"):
        assert preflight.head_of(issued) == named


def test_content_that_is_not_what_was_read_is_not_issued():
    world = ended_world()
    seen = fingerprint_of(world)
    paragraphs.write(year=world.year, entries=[Entry("VI", "Kiến nghị mới", 0)], by=world.secretariat, at=NOW)

    with pytest.raises(Stale):
        issue(world, seen=seen)
    assert IssuedDocument.objects.count() == 0

    assert "Kiến nghị mới" in report_of(kept_document(issue(world, seen=fingerprint_of(world))))


def test_failed_log_leaves_nothing_issued(monkeypatch):
    world = ended_world()

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(editions.journal, "append", fail)

    with pytest.raises(RuntimeError):
        issue(world)
    assert IssuedDocument.objects.count() == 0


def test_kept_content_can_neither_be_changed_nor_printed_once_changed():
    world = ended_world()
    issued = issue(world)

    with pytest.raises(IntegrityError), transaction.atomic():
        IssuedDocument.objects.filter(pk=issued.pk).update(content="{}")

    issued.content = issued.content.replace("20 lượt", "21 lượt")
    with pytest.raises(WrongState):
        kept_document(issued)


def test_edition_of_one_cluster_is_none_of_the_other():
    world = ended_world()
    issue(world)

    assert issued_of(world.foreign.year) is None


@pytest.mark.django_db(transaction=True)
def test_of_eight_simultaneous_issues_one_takes_effect():
    with transaction.atomic():
        world = ended_world()

    outcomes = at_once(8, lambda number: issue(world, number=f"{number + 1:02d}"))

    assert sum(isinstance(outcome, IssuedDocument) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, WrongState) for outcome in outcomes) == 7
    assert IssuedDocument.objects.count() == 1
    assert AuditEvent.objects.filter(verb="summary.issue").count() == 1
