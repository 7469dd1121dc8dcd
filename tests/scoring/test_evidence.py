"""Evidence as services write it: who may, what is kept, what is refused; never changed, frozen when approved."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from awards.enums import CampaignStatus, ParticipationStatus
from cluster_app.audit import verification
from cluster_app.audit.models import AuditEvent
from cluster_app.lib import uploads
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, WrongState
from members.enums import Phase
from members.models import StoredFile
from members.services import files
from scoring import evidence as pieces
from scoring import integrity, snapshots
from scoring.enums import CardStatus, EvidenceKind
from scoring.models import Evidence
from scoring.services import approvals, evidence, scorecards
from scoring.services.evidence import Shown
from scoring.sheets import load
from tests.cluster_app.sample_uploads import pdf
from tests.factories.awards import CampaignFactory, CampaignParticipationFactory, CommendationFactory
from tests.factories.scoring import EvidenceFactory, put_into_log, unfrozen
from tests.scenarios import NOW, two_clusters
from tests.scoring.cards import card_in, line_of, reread, reviewing_world, seen, truth_table

pytestmark = pytest.mark.django_db

REASON = "Tệp này thuộc tiêu chí khác"
DOCUMENT = Shown(kind="document", title="Báo cáo năm", number="12/BC-SNV", issued_on=date(2021, 11, 1))


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def build_world():
    return reviewing_world()


@pytest.fixture
def card(world):
    return card_in(CardStatus.DRAFT, world.member)


def shown_file(text="một", **values):
    return Shown(kind="file", upload=uploads.judge("Báo cáo.pdf", pdf(text)), **values)


def add(card, shown=DOCUMENT, code="A1", *, by=None):
    return evidence.add(card=card, line_pk=line_of(card, code).pk, shown=shown, by=by or officer_of(card), at=NOW)


def officer_of(card):
    held = card.membership.unit.assignments.get(role="officer")
    return held.user


def refusal(act):
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.errors or caught.value.message


# --- who may, and when ---


def test_who_may_add_in_which_status(world):
    found = truth_table(
        world,
        lambda card, user: evidence.add(card=card, line_pk=line_of(card, "A1").pk, shown=DOCUMENT, by=user, at=NOW),
    )

    assert found == {  # officer, signatory, other unit, other cluster, leader, deputy, secretariat, observer, admin
        CardStatus.DRAFT: "Y Y 3 4 3 3 W 3 4",  # on behalf of the unit: from its signed paper only
        CardStatus.SUBMITTED: "W W 3 4 3 3 W 3 4",
        CardStatus.RETURNED: "Y Y 3 4 3 3 W 3 4",
        CardStatus.REVIEWED: "W W 3 4 3 3 W 3 4",
        CardStatus.APPROVED: "W W 3 4 3 3 W 3 4",
    }


@pytest.mark.parametrize(
    "act",
    [
        lambda card, piece, user: evidence.replace(card=card, pk=piece.pk, shown=DOCUMENT, by=user, at=NOW),
        lambda card, piece, user: evidence.hide(card=card, pk=piece.pk, reason=REASON, by=user, at=NOW),
    ],
    ids=["replace", "hide"],
)
def test_who_may_replace_and_hide_in_which_status(world, act):
    def on_a_piece(card, user):
        piece = Evidence.objects.filter(scorecard=card).first()
        if piece is None and card.status != CardStatus.APPROVED:
            piece = EvidenceFactory(line=line_of(card, "A1"))
        return act(card, piece or Evidence(pk=0), user)

    found = truth_table(world, on_a_piece)

    assert found == {
        CardStatus.DRAFT: "Y Y 3 4 3 3 W 3 4",
        CardStatus.SUBMITTED: "W W 3 4 3 3 W 3 4",
        CardStatus.RETURNED: "Y Y 3 4 3 3 W 3 4",
        CardStatus.REVIEWED: "W W 3 4 3 3 W 3 4",
        CardStatus.APPROVED: "W W 3 4 3 3 W 3 4",
    }


@pytest.mark.parametrize("phase", [Phase.RUNNING, Phase.CONFERENCE, Phase.CONCLUDED, Phase.ARCHIVED])
def test_add_outside_the_open_phases_is_a_wrong_state(phase):
    card = card_in(CardStatus.DRAFT, two_clusters(phase=phase).member)

    with pytest.raises(WrongState):
        add(card)


def test_add_after_a_return_of_named_lines_is_open_on_these_alone(world):
    card = card_in(CardStatus.RETURNED, world.member)
    card.lines.filter(criterion__code="A2").update(is_returned=True)

    assert add(card, code="A2").line == line_of(card, "A2")
    with pytest.raises(NotAllowed):
        add(card, code="A1")


def test_replace_and_hide_on_a_line_that_was_not_returned_are_not_allowed(world):
    card = card_in(CardStatus.RETURNED, world.member)
    piece = add(card)
    card.lines.filter(criterion__code="A2").update(is_returned=True)

    with pytest.raises(NotAllowed):
        evidence.hide(card=card, pk=piece.pk, reason=REASON, by=world.officer, at=NOW)
    with pytest.raises(NotAllowed):
        evidence.replace(card=card, pk=piece.pk, shown=DOCUMENT, by=world.officer, at=NOW)


def test_hide_of_a_piece_without_line_is_open_only_after_a_return_of_the_whole_card(world):
    card = card_in(CardStatus.RETURNED, world.member)
    piece = EvidenceFactory(scorecard=card, line=None, kind="document", number="1/BC")
    card.lines.filter(criterion__code="A2").update(is_returned=True)

    with pytest.raises(NotAllowed):
        evidence.hide(card=card, pk=piece.pk, reason=REASON, by=world.officer, at=NOW)

    card.lines.update(is_returned=False)
    assert evidence.hide(card=card, pk=piece.pk, reason=REASON, by=world.officer, at=NOW).hidden_at == NOW


def test_add_to_a_line_that_is_not_assigned_is_a_wrong_state(card):
    card.lines.filter(criterion__code="A1").update(is_assigned=False, not_assigned_reason="Không có nhiệm vụ")

    with pytest.raises(WrongState):
        add(card)


def test_evidence_of_another_card_is_not_known(world, card):
    other = card_in(CardStatus.DRAFT, world.other)
    piece = add(other)

    with pytest.raises(NotKnown):
        evidence.hide(card=card, pk=piece.pk, reason=REASON, by=world.officer, at=NOW)
    with pytest.raises(NotKnown):
        evidence.replace(card=card, pk=piece.pk, shown=DOCUMENT, by=world.officer, at=NOW)
    with pytest.raises(NotKnown):
        evidence.add(card=card, line_pk=line_of(other, "A1").pk, shown=DOCUMENT, by=world.officer, at=NOW)


# --- what is kept ---


def test_add_document_keeps_number_and_date_and_says_so_in_the_log(world, card):
    line = line_of(card, "A1")

    piece = add(card)

    kept = Evidence.objects.get()
    assert kept == piece
    assert (kept.line, kept.kind, kept.title, kept.number, kept.issued_on) == (
        line,
        "document",
        "Báo cáo năm",
        "12/BC-SNV",
        date(2021, 11, 1),
    )
    assert (kept.added_by, kept.added_at, kept.is_visible) == (world.officer, NOW, True)
    assert (reread(card).version, line_of(card, "A1").version) == (card.version + 1, line.version)
    assert AuditEvent.objects.first().verb == "evidence.add"
    put_into_log(reread(card))
    assert verification.verify().problem == ""


def test_add_file_is_named_after_it_and_stored_for_the_unit(card):
    piece = add(card, shown_file())

    assert (piece.title, piece.file.membership, piece.file.year) == (
        "Báo cáo.pdf",
        card.membership,
        card.membership.year,
    )


def test_add_earlier_file_of_the_unit_stores_nothing_more(card):
    stored = add(card, shown_file()).file

    piece = add(card, Shown(kind="file", file_pk=stored.pk, title="Trang 3"), "A2")

    assert (piece.file, piece.title, StoredFile.objects.count()) == (stored, "Trang 3", 1)


def test_add_file_of_another_unit_is_not_known(world, card):
    theirs = add(card_in(CardStatus.DRAFT, world.other), shown_file()).file

    with pytest.raises(NotKnown):
        add(card, Shown(kind="file", file_pk=theirs.pk))


def test_add_link_keeps_the_address(card):
    piece = add(card, Shown(kind="link", url=" https://langson.example/bao-cao?a=1 "))

    assert (piece.url, piece.title) == ("https://langson.example/bao-cao?a=1", "https://langson.example/bao-cao?a=1")


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "ftp://a.example/x", "langson.example", "data:text/html,x", "https://", "//a.vn"]
)
def test_add_other_address_is_refused(card, url):
    assert refusal(lambda: add(card, Shown(kind="link", url=url))) == {
        "url": ["Give a whole address that begins with http:// or https://."]
    }


def test_add_record_takes_key_and_text_from_the_record(card):
    award = CommendationFactory(membership=card.membership, confirmed=True)
    campaign = CampaignFactory(year=card.membership.year, status=CampaignStatus.LAUNCHED)
    CampaignParticipationFactory(campaign=campaign, membership=card.membership, status=ParticipationStatus.REPORTED)
    found = pieces.records_of_unit(card, NOW)

    piece = add(card, Shown(kind="record", record_key=f"campaign:{campaign.pk}"))

    assert [one.key for one in found] == [f"commendation:{award.pk}", f"campaign:{campaign.pk}"]
    assert (piece.record_key, piece.title) == (f"campaign:{campaign.pk}", f"{campaign.code}: {campaign.title}")


def test_add_record_of_another_unit_or_year_is_refused(world, card):
    campaign = CampaignFactory(year=world.year)
    CampaignParticipationFactory(campaign=campaign, membership=world.other, status=ParticipationStatus.REPORTED)
    award = CommendationFactory(membership=world.foreign.member, confirmed=True)

    for key in (f"campaign:{campaign.pk}", f"commendation:{award.pk}", "campaign:999", "user:1", ""):
        assert list(refusal(lambda key=key: add(card, Shown(kind="record", record_key=key)))) == ["record_key"]


@pytest.mark.parametrize(
    ("shown", "fields"),
    [
        (Shown(kind="document"), ["number", "issued_on"]),
        (Shown(kind="document", number=" ", issued_on=date(2021, 11, 1)), ["number"]),
        (Shown(kind="document", number="1/BC", issued_on=date(2021, 11, 25)), ["issued_on"]),
        (Shown(kind="document", number="1" * 61, issued_on=date(2021, 11, 24)), ["number"]),
        (Shown(kind="file"), ["file"]),
        (Shown(kind="nothing"), ["kind"]),
    ],
)
def test_add_incomplete_evidence_is_refused_by_field(card, shown, fields):
    assert list(refusal(lambda: add(card, shown))) == fields
    assert Evidence.objects.count() == 0


def test_add_document_of_today_is_taken(card):
    assert add(card, Shown(kind="document", number="1/BC", issued_on=date(2021, 11, 24))).title == "1/BC"


@pytest.mark.parametrize("make", [lambda: DOCUMENT, shown_file, lambda: Shown(kind="link", url="https://a.example/")])
def test_add_twice_is_refused_the_second_time(card, make):
    add(card, make())

    assert refusal(lambda: add(card, make())) == "This is evidence of the line already."
    assert add(card, make(), "A2").line.criterion.code == "A2"


def test_add_that_is_refused_leaves_no_file(card, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    shown = shown_file(title="x")

    def act():
        add(card, shown)
        raise WrongState("Một bước sau đó không thành.")

    with pytest.raises(WrongState), transaction.atomic():
        act()

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


# --- replacing and hiding ---


def test_replace_hides_the_older_one_and_names_it(world, card):
    before = add(card)

    piece = evidence.replace(card=card, pk=before.pk, shown=shown_file(), by=world.officer, at=NOW)

    before.refresh_from_db()
    assert (piece.replaces, piece.line, piece.is_visible) == (before, before.line, True)
    assert (before.is_visible, before.hidden_by, before.hidden_at) == (False, world.officer, NOW)
    assert before.hidden_reason == "Đã được thay bằng bản mới hơn."
    put_into_log(reread(card))
    assert verification.verify().problem == ""


def test_replace_or_hide_of_a_hidden_one_is_a_wrong_state(world, card):
    piece = add(card)
    evidence.hide(card=card, pk=piece.pk, reason=REASON, by=world.officer, at=NOW)

    with pytest.raises(WrongState):
        evidence.hide(card=card, pk=piece.pk, reason=REASON, by=world.officer, at=NOW)
    with pytest.raises(WrongState):
        evidence.replace(card=card, pk=piece.pk, shown=DOCUMENT, by=world.officer, at=NOW)


@pytest.mark.parametrize("reason", ["", "         ", "quá ngắn", "  9 ký tự  "])
def test_hide_needs_a_reason(world, card, reason):
    piece = add(card)

    assert list(refusal(lambda: evidence.hide(card=card, pk=piece.pk, reason=reason, by=world.officer, at=NOW))) == [
        "reason"
    ]
    assert Evidence.objects.get().is_visible


def test_hidden_evidence_may_be_added_again(world, card):
    piece = add(card)
    evidence.hide(card=card, pk=piece.pk, reason=REASON, by=world.officer, at=NOW)

    assert add(card).is_visible
    assert Evidence.objects.count() == 2


# --- what the database itself holds fast ---


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Khác"},
        {"number": "13/BC"},
        {"kind": "link", "url": "https://a.example"},
        {"added_at": NOW.replace(hour=1)},
    ],
)
def test_row_is_never_changed(card, changed):
    found = Evidence.objects.filter(pk=add(card).pk)

    with pytest.raises(DatabaseError), transaction.atomic():
        found.update(**changed)


def test_row_is_never_deleted_nor_shown_again(world, card):
    piece = add(card)
    evidence.hide(card=card, pk=piece.pk, reason=REASON, by=world.officer, at=NOW)
    found = Evidence.objects.filter(pk=piece.pk)

    with pytest.raises(DatabaseError), transaction.atomic():
        found._raw_delete("default")
    with pytest.raises(DatabaseError), transaction.atomic():
        found.update(hidden_at=None, hidden_by=None, hidden_reason="")
    assert found.count() == 1


def test_row_of_an_approved_card_is_frozen(world):
    card = card_in(CardStatus.REVIEWED, world.member)
    piece = EvidenceFactory(line=line_of(card, "A1"))
    card = _approve(world, card)

    with pytest.raises(DatabaseError), transaction.atomic():
        Evidence.objects.filter(pk=piece.pk).update(hidden_at=NOW, hidden_by=world.officer, hidden_reason=REASON)
    with pytest.raises(DatabaseError), transaction.atomic():
        EvidenceFactory(line=line_of(card, "A2"))


@pytest.mark.parametrize(
    "values",
    [
        {"kind": EvidenceKind.FILE},
        {"kind": EvidenceKind.LINK},
        {"kind": EvidenceKind.RECORD},
        {"number": ""},
        {"issued_on": None},
        {"kind": "story"},
        {"hidden_at": NOW},
    ],
)
def test_row_without_the_content_of_its_kind_is_refused(card, values):
    with pytest.raises(DatabaseError), transaction.atomic():
        EvidenceFactory(line=line_of(card, "A1"), **values)


def test_file_stands_once_on_a_line(card):
    stored = add(card, shown_file()).file

    with pytest.raises(DatabaseError), transaction.atomic():
        EvidenceFactory(line=line_of(card, "A1"), kind=EvidenceKind.FILE, file=stored)


# --- what it means for the card ---


def test_submission_needs_a_note_or_visible_evidence(world, card):
    card.lines.filter(criterion__code="A1").update(self_note="")
    sentence = "A1 needs evidence, or a note that says where the value comes from."

    assert [text for _line, text in scorecards.missing_for_submission(load(card))] == [sentence]
    piece = add(card)
    assert scorecards.missing_for_submission(load(card)) == []
    evidence.hide(card=card, pk=piece.pk, reason=REASON, by=world.officer, at=NOW)
    assert [text for _line, text in scorecards.missing_for_submission(load(card))] == [sentence]


def test_snapshot_names_the_visible_evidence_of_a_line(world, card):
    before = snapshots.of_card(load(card))
    stored = add(card, shown_file()).file
    hidden = add(card)
    evidence.hide(card=card, pk=hidden.pk, reason=REASON, by=world.officer, at=NOW)

    after = snapshots.of_card(load(reread(card)))

    assert "evidence" not in before
    assert after == before.replace(
        '"code":"A1",', f'"code":"A1","evidence":[["file","Báo cáo.pdf","{stored.sha256}"]],'
    )


def test_evidence_added_after_the_page_was_shown_makes_its_approval_stale(world):
    card = card_in(CardStatus.REVIEWED, world.member)
    shown = seen(card)

    EvidenceFactory(line=line_of(card, "A1"))

    assert seen(card).digest != shown.digest


def test_integrity_names_an_altered_and_a_missing_file_behind_an_approved_card(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    card = card_in(CardStatus.REVIEWED, world.member)
    altered, missing = (
        files.store(
            upload=shown_file(text).upload, year=world.year, membership=card.membership, by=world.officer, at=NOW
        )
        for text in ("một", "hai")
    )
    for stored in (altered, missing):
        EvidenceFactory(line=line_of(card, "A1"), kind=EvidenceKind.FILE, file=stored)
    _approve(world, card)
    assert list(integrity.problems()) == []

    content = bytearray((tmp_path / altered.stored_name).read_bytes())
    content[-1] ^= 1
    (tmp_path / altered.stored_name).write_bytes(content)
    (tmp_path / missing.stored_name).unlink()

    assert list(integrity.problems()) == [
        f"The content of the file “Báo cáo.pdf” ({altered.stored_name}) was changed. Take it from the backup.",
        f"The content of the file “Báo cáo.pdf” ({missing.stored_name}) is missing. Take it from the backup.",
    ]


def test_integrity_notices_evidence_that_was_not_there_at_the_approval(world):
    card = _approve(world, card_in(CardStatus.REVIEWED, world.member))
    assert list(integrity.problems()) == []

    with unfrozen():
        EvidenceFactory(line=line_of(card, "A1"))

    assert any("it is not what was approved" in sentence for sentence in integrity.problems())


def _approve(world, card):
    approvals.approve(seen=seen(card), by=world.leader_signatory, at=NOW)
    return reread(card)
