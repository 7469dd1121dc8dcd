"""Issuing the papers of a year and taking them back: kind x state x role, numbers, dates, what was seen."""

from datetime import date, timedelta

import pytest

from awards.models import PledgeSignature
from cluster_app.audit.models import AuditEvent
from cluster_app.documents.blocks import LetterheadKind
from cluster_app.documents.enums import DocumentKind, NumberStatus
from cluster_app.documents.models import DocumentNumber, IssuedDocument
from cluster_app.documents.text import text_of
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, Stale, WrongState
from members.enums import Phase, ResolutionKind, SignatureForm, Standing
from members.models import EmulationYear, Membership, Resolution, YearPaper
from scoring.issued.printing import kept_document
from scoring.paperwork import queries
from scoring.paperwork.enums import ISSUED_HERE, RESULTS, SEVERAL
from scoring.paperwork.services import issuing, settling
from tests.factories.members import DeadlineFactory, DelegationFactory
from tests.scenarios import NOW
from tests.scoring.test_papers_late import late_world
from tests.scoring.year_end_scenes import DATED_ON, ended_world, reread

pytestmark = pytest.mark.django_db

TYPED = {
    DocumentKind.PLAN: {"tasks": "Hoàn thành nhiệm vụ chính trị."},
    DocumentKind.INVITATION: {"held_on": "2021-12-30", "place": "Hội trường", "contents": "Tổng kết"},
}
EVER = sorted(ISSUED_HERE - {DocumentKind.REMINDER})
ROLES = ("of", "sg", "ot", "fo", "L", "D", "S", "R", "O")


def ready_world(unit_count=4, *, published=True):
    """A year at its end in which every paper but the letter to late units can be issued."""
    world = ended_world(unit_count, published=published)
    for place in (world, world.foreign):
        DeadlineFactory(year=place.year)
        for kind, values in TYPED.items():
            YearPaper.objects.create(
                year=place.year, kind=kind, values=values, updated_by=place.secretariat, updated_at=NOW
            )
    return world


def issue(world, kind, **more):
    facts = {"number": "05", "dated_on": DATED_ON, "by": world.secretariat, "at": NOW} | more
    return issuing.issue(year=world.year, kind=kind, **facts)


def outcome(act, *args, **kwargs):
    try:
        act(*args, **kwargs)
    except (NotAllowed, NotKnown, Refused, Stale, WrongState) as error:
        return type(error).__name__
    return "done"


# --- Truth tables ---


@pytest.mark.parametrize("kind", EVER)
def test_issue_is_for_leader_and_secretariat(kind):
    world = ready_world()
    expected = dict.fromkeys(("of", "sg", "ot", "D", "R"), "NotAllowed") | {"fo": "NotKnown", "O": "NotKnown"}
    people = world.people()

    found = {role: outcome(issue, world, kind, by=people[role]) for role in ROLES if role not in ("L", "S")}

    assert found == expected
    assert not IssuedDocument.objects.exists()
    for role in ("L", "S"):
        issued = issue(world, kind, by=people[role])
        for other, error in expected.items():
            withdraw = {"year": world.year, "issued": issued, "reason": "Sai", "at": NOW}
            assert outcome(issuing.withdraw, by=people[other], **withdraw) == error
        issuing.withdraw(year=world.year, issued=issued, reason="Sai số", by=people[role], at=NOW)


@pytest.mark.parametrize("kind", EVER)
@pytest.mark.parametrize("state", ["unpublished", "ready", "issued", "withdrawn", "no leader", "archived"])
def test_issue_in_every_state(kind, state):
    world = ready_world(published=state != "unpublished")
    if state in ("issued", "withdrawn"):
        first = issue(world, kind, number="04")
        if state == "withdrawn":
            issuing.withdraw(year=world.year, issued=first, reason="Sai", by=world.secretariat, at=NOW)
    elif state == "no leader":
        Membership.objects.filter(pk=world.leader.pk).update(role="member")
    elif state == "archived":
        EmulationYear.objects.filter(pk=world.year.pk).update(phase=Phase.ARCHIVED)

    found = outcome(issue, world, kind)

    expected = {
        "unpublished": "Refused" if kind in RESULTS else "done",
        "ready": "done",
        "issued": "done" if kind in SEVERAL else "WrongState",
        "withdrawn": "done",
        "no leader": "Refused",
        "archived": "WrongState",
    }
    assert found == expected[state]


@pytest.mark.parametrize("state", ["withdrawn", "archived", "foreign"])
def test_withdrawal_is_refused(state):
    world = ready_world()
    issued = issue(world if state != "foreign" else world.foreign, DocumentKind.PLAN)
    if state == "withdrawn":
        issuing.withdraw(year=world.year, issued=issued, reason="Sai", by=world.secretariat, at=NOW)
    elif state == "archived":
        EmulationYear.objects.filter(pk=world.year.pk).update(phase=Phase.ARCHIVED)

    found = outcome(issuing.withdraw, year=world.year, issued=issued, reason="Sai", by=world.secretariat, at=NOW)

    assert found == {"withdrawn": "WrongState", "archived": "WrongState", "foreign": "NotKnown"}[state]


@pytest.mark.parametrize("reason", ["", "  "])
def test_withdrawal_needs_a_reason(reason):
    world = ready_world()
    issued = issue(world, DocumentKind.PLAN)

    with pytest.raises(Refused):
        issuing.withdraw(year=world.year, issued=issued, reason=reason, by=world.secretariat, at=NOW)


@pytest.mark.parametrize("kind", [DocumentKind.PLEDGE, DocumentKind.ANNUAL_SUMMARY, DocumentKind.SCORECARD])
def test_papers_with_pages_of_their_own_are_not_issued_here(kind):
    assert outcome(issue, ready_world(), kind) == "NotKnown"


# --- What is issued ---


def test_issued_paper_is_frozen_numbered_and_logged():
    world = ready_world()

    issued = issue(world, DocumentKind.NOTICE)

    event = AuditEvent.objects.filter(verb="paper.issue").get()
    assert (issued.number_symbol, issued.dated_on, issued.subject_key) == ("05-TB/CTĐ", DATED_ON, "")
    assert issued.digest in event.payload
    before = text_of(kept_document(issued))
    Membership.objects.filter(year=world.year).update(name="Tên mới")
    assert text_of(kept_document(IssuedDocument.objects.get())) == before
    assert "DỰ THẢO" not in before


def test_withdrawn_paper_keeps_its_content_says_so_and_makes_room_for_another():
    world = ready_world()
    first = issue(world, DocumentKind.PLAN)

    withdrawn = issuing.withdraw(year=world.year, issued=first, reason="Sai ngày", by=world.secretariat, at=NOW)
    second = issue(world, DocumentKind.PLAN, number="06")

    assert text_of(kept_document(withdrawn))[0] == "ĐÃ THU HỒI"
    assert AuditEvent.objects.filter(verb="paper.withdraw").count() == 1
    assert (second.code == first.code, IssuedDocument.objects.valid().get()) == (False, second)


def test_invitations_are_papers_of_their_own():
    world = ready_world()

    keys = [issue(world, DocumentKind.INVITATION, number=number).subject_key for number in ("01", "02", "03")]

    assert keys == ["1", "2", "3"]


def test_letter_to_late_units_is_issued_without_typing_anything():
    world = late_world()

    issued = issuing.issue(
        year=world.year, kind=DocumentKind.REMINDER, number="12", dated_on=NOW.date(), by=world.secretariat, at=NOW
    )

    assert issued.number_symbol == "12-CV/CTĐ"


def test_letter_is_refused_while_nobody_is_late():
    assert outcome(issue, ready_world(), DocumentKind.REMINDER) == "Refused"


def test_number_and_date_may_be_left_to_the_pen():
    issued = issue(ready_world(), DocumentKind.PLAN, number="", dated_on=None)

    assert (issued.number_symbol.strip("\u00a0"), issued.dated_on) == ("-KH/CTĐ", None)


def test_own_register_gives_the_numbers():
    world = ready_world()
    world.year.rules.own_register = True
    world.year.rules.save()

    first = issue(world, DocumentKind.INVITATION, number="")
    second = issue(world, DocumentKind.INVITATION, number="")

    assert [first.number_symbol, second.number_symbol] == ["01-GM/CTĐ", "02-GM/CTĐ"]
    assert set(DocumentNumber.objects.values_list("status", flat=True)) == {NumberStatus.ISSUED}


def test_date_in_the_future_is_refused_at_its_field():
    with pytest.raises(Refused) as refusal:
        issue(ready_world(), DocumentKind.PLAN, dated_on=DATED_ON + timedelta(days=1))

    assert set(refusal.value.errors) == {"dated_on"}


def test_paper_that_changed_since_it_was_seen_is_not_issued():
    world = ready_world()
    seen = queries.draft(reread(world), DocumentKind.PLAN, NOW).fingerprint
    settling.settle(
        year=world.year,
        kind=DocumentKind.PLAN,
        letterhead="",
        recipients="",
        values={"tasks": "Khác"},
        version=1,
        by=world.leader_signatory,
        at=NOW,
    )

    with pytest.raises(Stale):
        issue(world, DocumentKind.PLAN, seen=seen)

    now_seen = queries.draft(reread(world), DocumentKind.PLAN, NOW).fingerprint
    assert issue(world, DocumentKind.PLAN, seen=now_seen).code


# --- Proposals ---


@pytest.mark.parametrize("kind", [DocumentKind.PROPOSAL, DocumentKind.PROPOSAL_LIST])
@pytest.mark.parametrize("reason", ["standing", "pledge", "resolution"])
def test_unit_that_may_not_be_proposed_blocks_the_proposal(kind, reason):
    world = ready_world()
    if reason == "standing":
        Membership.objects.filter(pk=world.leader.pk).update(standing=Standing.SUSPENDED, standing_reason="Kỷ luật")
    elif reason == "pledge":
        PledgeSignature.objects.filter(membership=world.leader).delete()
    else:
        Resolution.objects.filter(meeting__year=world.year, kind=ResolutionKind.EXEMPLARY_UNIT).delete()

    with pytest.raises(Refused) as refusal:
        issue(world, kind)

    assert refusal.value.missing
    assert reason == "resolution" or all("Đơn vị A1" in sentence for sentence in refusal.value.missing)


def test_proposal_is_a_paper_of_the_state_and_names_the_law_of_its_day():
    world = ready_world()

    paper = queries.draft(reread(world), DocumentKind.PROPOSAL, NOW, dated_on=DATED_ON).document(
        is_draft=False, number="07", dated_on=DATED_ON
    )

    text = "\n".join(text_of(paper))
    assert (paper.letterhead.kind, paper.letterhead.number_symbol) == (LetterheadKind.STATE, "07/TTr-CTĐ")
    assert "91/2017/NĐ-CP" in text
    assert "152/2025/NĐ-CP" not in text
    assert "Kính gửi:" in text


def test_proposal_in_the_form_of_the_party_says_so_in_its_own_words():
    world = ready_world()
    YearPaper.objects.create(
        year=world.year,
        kind=DocumentKind.PROPOSAL,
        letterhead="party",
        recipients="Thường trực Tỉnh ủy",
        updated_by=world.secretariat,
        updated_at=NOW,
    )

    paper = queries.draft(reread(world), DocumentKind.PROPOSAL, NOW).document(is_draft=True)

    lines = text_of(paper)
    assert paper.letterhead.number_symbol.endswith("-TTr/CTĐ")
    assert "Kính trình:" in lines
    assert "- Thường trực Tỉnh ủy," in lines


def test_list_names_the_proposal_once_that_is_issued():
    world = ready_world()
    issue(world, DocumentKind.PROPOSAL, number="09")

    lines = text_of(queries.draft(reread(world), DocumentKind.PROPOSAL_LIST, NOW).document(is_draft=False))

    assert "(Kèm theo Tờ trình số 09/TTr-CTĐ ngày 24/11/2021)" in lines


def test_delegation_of_the_day_changes_the_signature():
    world = ready_world()
    DelegationFactory(
        principal=world.leader,
        delegate=world.deputy_signatory,
        delegate_unit=world.deputy,
        form=SignatureForm.KT,
        starts_on=date(2021, 11, 20),
        ends_on=date(2021, 11, 30),
    )

    issued = issue(world, DocumentKind.NOTICE)
    earlier = issue(world, DocumentKind.PLAN, dated_on=date(2021, 11, 1))

    assert "KT. CỤM TRƯỞNG" in text_of(kept_document(issued))
    assert "KT. CỤM TRƯỞNG" not in text_of(kept_document(earlier))
