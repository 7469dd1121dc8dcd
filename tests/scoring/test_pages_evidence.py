"""The pages of evidence: who reads and downloads what, what a person sends, and what is never told to another unit."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cluster_app.lib import uploads
from members.addresses import year_url
from members.enums import Phase, ResolutionKind
from members.models import EmulationYear, StoredFile
from scoring.enums import CardStatus, CriterionKind, EvidenceKind, Section
from scoring.models import Evidence, Scorecard
from scoring.services import evidence
from scoring.services.evidence import Shown
from tests.cluster_app import sample_uploads as samples
from tests.factories.members import MeetingFactory, ResolutionFactory
from tests.factories.scoring import (
    CriteriaSetFactory,
    CriterionFactory,
    EvidenceFactory,
    ReviewAssignmentFactory,
    ScorecardFactory,
    SignedPaperFactory,
    put_into_force,
)
from tests.scenarios import CANARY, NOW, fresh, two_clusters
from tests.scoring.cards import card_in, line_of, reread, reviewing_world
from tests.scoring.pages import address, content, row_of, text_of

pytestmark = pytest.mark.django_db

TITLE = "Danh mục đề án năm"


def build_world():
    return reviewing_world()


@pytest.fixture
def card(world):
    return card_in(CardStatus.DRAFT, world.member)


def file_on(card, code="A1", *, text="một", title=TITLE, by=None):
    """A file that the unit's officer added while the card was being filled in."""
    upload = uploads.judge(f"{title}.pdf", samples.pdf(text))
    officer = by or card.membership.unit.assignments.get(role="officer").user
    return evidence.add(
        card=card,
        line_pk=line_of(card, code).pk,
        shown=Shown(kind="file", title=title, upload=upload),
        by=officer,
        at=NOW,
    )


def submit(card):
    Scorecard.objects.filter(pk=card.pk).update(status=CardStatus.SUBMITTED, submitted_at=NOW)


def piece_url(name, card, piece):
    return year_url(f"scoring:{name}", card.membership.year, code=card.membership.unit.code, pk=piece.pk)


def get(client, user, address_of_page, **data):
    client.force_login(user)
    return client.get(address_of_page, data)


def post(client, user, address_of_page, **data):
    client.force_login(user)
    return client.post(address_of_page, data)


def download(client, user, card, piece):
    """Status and content of the answer; reading it to its end closes the file."""
    response = get(client, user, piece_url("evidence_download", card, piece))
    return response.status_code, response.getvalue()


# --- reading ---


def test_list_shows_every_line_with_its_evidence(client, world, card):
    file_on(card)
    EvidenceFactory(line=line_of(card, "E1"), title="Quyết định khen", number="9/QĐ-UBND")

    page = text_of(get(client, world.officer, address("evidence_list", card)))

    assert "A1 Tỷ lệ nhiệm vụ hoàn thành" in page
    assert "Danh mục đề án năm.pdf, " in page
    assert "Số 9/QĐ-UBND ngày 01/11/2021" in page
    assert "A2 Đề án được ban hành" not in page


def test_list_of_one_line_shows_it_even_without_evidence(client, world, card):
    file_on(card)

    page = text_of(get(client, world.officer, address("evidence_list", card), line="A2"))

    assert "A2 Đề án được ban hành" in page
    assert "Chưa có minh chứng." in page
    assert TITLE not in page


def test_list_shows_apart_what_has_lost_its_criterion(client, world, card):
    piece = EvidenceFactory(line=None, scorecard=card, title="Của tiêu chí cũ")

    page = get(client, world.officer, address("evidence_list", card))

    assert "Không còn tiêu chí" in text_of(page)
    assert "Của tiêu chí cũ" in text_of(page)
    assert piece_url("evidence_hide", card, piece) in content(page)
    assert piece_url("evidence_replace", card, piece) not in content(page)


@pytest.mark.parametrize("code", ["Z9", "\0", "<script>"])
def test_list_of_an_unknown_line_is_not_known(client, world, card, code):
    assert get(client, world.officer, address("evidence_list", card), line=code).status_code == 404


def test_history_is_open_to_unit_and_reviewers_with_person_time_and_reason(client, world, card):
    piece = file_on(card)
    evidence.hide(card=card, pk=piece.pk, reason="Tệp thuộc tiêu chí khác", by=world.officer, at=NOW)
    submit(card)

    for person in (world.officer, world.signatory, world.secretariat, world.observer):
        page = text_of(get(client, person, address("evidence_list", card)))
        assert "1 minh chứng đã thay hoặc đã ẩn" in page
        assert f"{world.officer} ẩn lúc 24/11/2021 09:00: Tệp thuộc tiêu chí khác" in page


@pytest.mark.parametrize(("unit_count", "codes"), [(2, ["A1"]), (9, ["A1", "A2", "A3", "B1", "E1", "F1"])])
def test_list_query_count_does_not_grow_with_units_or_evidence(client, django_assert_num_queries, unit_count, codes):
    world = two_clusters(unit_count, phase=Phase.REVIEWING)
    cards = [card_in(CardStatus.DRAFT, member) for member in world.members]
    for card in cards:
        for code in codes:
            file_on(card, code, text=code)
        submit(card)
    client.force_login(world.secretariat)
    client.get(address("evidence_list", cards[-1]))

    with django_assert_num_queries(13):
        client.get(address("evidence_list", cards[-1]))


# --- downloading ---


def test_download_per_person_own_other_and_foreign(client, world, card):
    piece = file_on(card)
    card_in(CardStatus.SUBMITTED, world.leader)
    card_in(CardStatus.SUBMITTED, world.deputy)
    submit(card)

    found = {name: download(client, user, card, piece)[0] for name, user in world.people().items()}

    assert found == {"of": 200, "sg": 200, "ot": 403, "fo": 404, "L": 200, "D": 200, "S": 200, "R": 200, "O": 404}


def test_third_unit_named_in_the_minutes_reads_evidence_and_scan_of_the_card_it_approves(client, world):
    card = card_in(CardStatus.DRAFT, world.leader)
    piece, scan = file_on(card), SignedPaperFactory(scorecard=card)
    Scorecard.objects.filter(pk=card.pk).update(
        status=CardStatus.REVIEWED, submitted_at=NOW, reviewed_by=world.deputy_signatory, reviewed_at=NOW
    )
    pages = [
        address("scorecard_detail", card),
        address("evidence_list", card),
        piece_url("evidence_download", card, piece),
        piece_url("paper_download", card, scan),
    ]

    def answers():
        found = [get(client, world.other_signatory, url) for url in pages]
        for response in found:
            response.getvalue()  # reading it to its end closes the file
        return [response.status_code for response in found]

    before = answers()
    ResolutionFactory(
        meeting=MeetingFactory(year=world.year),
        kind=ResolutionKind.THIRD_UNIT,
        concerned=world.leader,
        named=world.other,
    )

    assert before == [403] * 4
    assert answers() == [200, 200, 200, 200]
    assert get(client, world.other_officer, pages[1]).status_code == 403
    Scorecard.objects.filter(pk=card.pk).update(status=CardStatus.SUBMITTED)
    assert answers() == [403] * 4


def test_download_is_the_content_as_an_attachment(client, world, card):
    piece = file_on(card)

    response = get(client, world.officer, piece_url("evidence_download", card, piece))

    assert response.getvalue() == samples.pdf("một")
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''Danh%20m%E1%BB%A5c")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_download_of_a_hidden_file_stays_open(client, world, card):
    piece = file_on(card)
    evidence.hide(card=card, pk=piece.pk, reason="Tệp thuộc tiêu chí khác", by=world.officer, at=NOW)

    assert download(client, world.signatory, card, piece) == (200, samples.pdf("một"))


def test_download_of_what_is_no_file_is_not_known(client, world, card):
    piece = EvidenceFactory(line=line_of(card, "A1"))

    assert get(client, world.officer, piece_url("evidence_download", card, piece)).status_code == 404


def test_other_units_see_no_trace_of_evidence_even_after_the_publication(client, world):
    found = card_in(CardStatus.APPROVED, world.other)
    EmulationYear.objects.filter(pk=world.year.pk).update(phase=Phase.CONCLUDED, published_at=NOW)
    own = card_in(CardStatus.DRAFT, world.member)
    client.force_login(fresh(world.officer))

    sheet, paper = client.get(address("scorecard_detail", found)), client.get(address("scorecard_print", found))
    assert sheet.status_code == paper.status_code == 200
    assert "evidence" not in content(sheet)
    assert client.get(address("evidence_list", found)).status_code == 403
    assert client.get(address("evidence_list", own)).status_code == 200


# --- what the sheet and the paper say ---


def test_fill_sheet_leads_to_the_evidence_of_each_line(client, world, card):
    file_on(card)

    page = get(client, world.officer, address("scorecard_detail", card))

    assert "1 minh chứng" in row_of(page, "line-A1")
    assert "Thêm minh chứng" in row_of(page, "line-A2")
    assert f'href="{address("evidence_list", card)}?line=A1"' in content(page)
    assert f'href="{address("evidence_add", card)}?line=A2"' in content(page)


@pytest.mark.parametrize("name", ["scorecard_review", "scorecard_detail"])
def test_review_and_read_sheet_count_the_visible_evidence(client, world, card, name):
    file_on(card)
    hidden = file_on(card, "A2", text="hai")
    evidence.hide(card=card, pk=hidden.pk, reason="Tệp thuộc tiêu chí khác", by=world.officer, at=NOW)
    submit(card)

    page = get(client, world.secretariat, address(name, card))

    assert "1 minh chứng" in row_of(page, "line-A1")
    assert "minh chứng" not in row_of(page, "line-A2").lower().replace("ghi chú, minh chứng", "")


def test_paper_names_the_evidence_of_a_line_for_those_to_whom_it_is_open(client, world):
    found = card_in(CardStatus.DRAFT, world.member)
    file_on(found)
    EvidenceFactory(line=line_of(found, "E1"), number="9/QĐ-UBND")

    page = text_of(get(client, world.signatory, address("scorecard_print", found)))

    assert f"Minh chứng: {TITLE}." in page
    assert "Minh chứng: 9/QĐ-UBND ngày 01/11/2021." in page


def test_confidential_stands_once_at_the_head_of_the_penalties_and_on_the_form(client, world, card):
    sentence = "Không nhập văn bản mật, không ghi tên người bị kỷ luật."

    assert text_of(get(client, world.officer, address("scorecard_detail", card))).count(sentence) == 1
    assert text_of(get(client, world.officer, address("evidence_add", card))).count(sentence) == 1


# --- the same file twice ---


def two_bonus_lines(world):
    criteria_set = CriteriaSetFactory(year=world.year, small=True)
    bonus = criteria_set.criteria.get(code="E")
    CriterionFactory(
        criteria_set=criteria_set,
        code="E2",
        parent=bonus,
        kind=CriterionKind.BONUS,
        section=Section.BONUS,
        order=99,
        points_per_item=1,
        max_points=5,
    )
    put_into_force(criteria_set)
    return reread(ScorecardFactory(membership=world.member))


def test_file_on_two_bonus_lines_is_flagged_to_unit_and_reviewer(client, world):
    card = two_bonus_lines(world)
    file_on(card, "E1")
    file_on(card, "E2")
    file_on(card, "A1")

    for person in (world.officer, world.secretariat):
        page = text_of(get(client, person, address("evidence_list", card)))
        assert page.count("Tệp này cũng là minh chứng của mục thưởng E2.") == 1
        assert page.count("Tệp này cũng là minh chứng của mục thưởng E1.") == 1
        assert page.count("Tệp này cũng là") == 2


def test_file_of_two_units_is_flagged_to_reviewers_and_never_to_a_unit(client, world, card):
    other = card_in(CardStatus.DRAFT, world.other)
    foreign = card_in(CardStatus.SUBMITTED, world.foreign.member)
    EvidenceFactory(
        line=line_of(foreign, "A1"),
        kind=EvidenceKind.FILE,
        file=StoredFile.objects.create(
            year=foreign.membership.year, membership=foreign.membership, name=f"{CANARY}.pdf", extension="pdf", size=1,
            sha256=file_on(card).file.sha256, stored_name="x", uploaded_by=world.officer, uploaded_at=NOW,
        ),
    )  # fmt: skip
    file_on(other, "E1")
    for one in (card, other, card_in(CardStatus.SUBMITTED, world.leader), card_in(CardStatus.SUBMITTED, world.deputy)):
        submit(one)
    url = address("evidence_list", card)

    for person in (world.secretariat, world.leader_signatory, world.deputy_signatory, world.observer):
        page = text_of(get(client, person, url))
        assert "Đơn vị A4 cũng đã nộp tệp này (E1)." in page
        assert CANARY not in page
    for person in (world.officer, world.signatory):
        page = text_of(get(client, person, url))
        assert "cũng đã nộp" not in page
        assert "Đơn vị A4" not in page


def test_reviewer_of_another_unit_is_told_of_those_cards_only_that_are_open_to_them(client):
    world = reviewing_world(5)
    card, other, fifth = (card_in(CardStatus.DRAFT, member) for member in world.members[2:])
    file_on(card)
    file_on(other, "E1")
    for one in (card, other, fifth):
        submit(one)
    ReviewAssignmentFactory(scorecard=card, membership=fifth.membership)
    url, reviewer = address("evidence_list", card), world.signatories[4]

    page = text_of(get(client, reviewer, url))
    ReviewAssignmentFactory(scorecard=other, membership=fifth.membership)
    with_both = text_of(get(client, reviewer, url))

    assert TITLE in page
    assert "Đơn vị A4" not in page
    assert "Đơn vị A4 cũng đã nộp tệp này (E1)." in with_both


def test_file_on_a_card_that_is_not_handed_in_is_told_to_nobody(client, world, card):
    file_on(card)
    file_on(card_in(CardStatus.DRAFT, world.other), "E1")
    submit(card)

    assert "cũng đã nộp" not in text_of(get(client, world.secretariat, address("evidence_list", card)))


# --- writing ---


def test_add_form_stores_the_file_and_leads_to_the_line(client, world, card):
    file = SimpleUploadedFile("../../Báo cáo\u202e.pdf", samples.PDF)

    response = post(client, world.officer, address("evidence_add", card), line="A2", kind="file", file=file)

    assert response["Location"] == f"{address('evidence_list', card)}?line=A2"
    piece = Evidence.objects.get()
    assert (piece.title, piece.file.name, piece.line.criterion.code) == ("Báo cáo.pdf", "Báo cáo.pdf", "A2")


def test_add_form_takes_what_belongs_to_the_kind_only(client, world, card):
    data = {"line": "A1", "kind": "link", "url": "https://a.example/x", "number": "1/BC", "issued_on": "01/11/2021"}

    post(client, world.officer, address("evidence_add", card), **data)

    piece = Evidence.objects.get()
    assert (piece.kind, piece.url, piece.number, piece.issued_on) == ("link", "https://a.example/x", "", None)


def test_add_form_says_at_the_field_what_is_wrong(client, world, card):
    file = SimpleUploadedFile("trang.pdf", samples.HTML)

    response = post(client, world.officer, address("evidence_add", card), line="A1", kind="file", file=file)

    assert response.status_code == 200
    assert "Nội dung không phải là tệp PDF." in text_of(response)
    assert (Evidence.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_add_form_refuses_a_line_that_is_not_offered(client, world):
    card = card_in(CardStatus.RETURNED, world.member)
    card.lines.filter(criterion__code="A2").update(is_returned=True)
    data = {"kind": "document", "number": "1/BC", "issued_on": "01/11/2021"}

    for code in ("A1", "Z9", ""):
        assert post(client, world.officer, address("evidence_add", card), line=code, **data).status_code == 200
    assert Evidence.objects.count() == 0
    assert post(client, world.officer, address("evidence_add", card), line="A2", **data).status_code == 302


def test_add_form_offers_the_files_of_the_unit_and_of_nobody_else(client, world, card):
    file_on(card, title="Của mình")
    file_on(card_in(CardStatus.DRAFT, world.other), title="Của đơn vị khác")
    file_on(card_in(CardStatus.DRAFT, world.foreign.member), title=CANARY, by=world.foreign.officers[1])

    page = text_of(get(client, world.officer, address("evidence_add", card)))

    assert "Của mình.pdf (24/11/2021)" in page
    assert "Của đơn vị khác" not in page
    assert CANARY not in page


def test_replace_and_hide_pages_do_what_they_say(client, world, card):
    piece = file_on(card)
    data = {"kind": "document", "number": "1/BC", "issued_on": "01/11/2021"}

    post(client, world.officer, piece_url("evidence_replace", card, piece), **data)
    newer = Evidence.objects.get(hidden_at__isnull=True)
    post(client, world.officer, piece_url("evidence_hide", card, newer), reason="Văn bản này đã bị thu hồi")

    assert newer.replaces == piece
    assert list(Evidence.objects.order_by("pk").values_list("hidden_reason", flat=True)) == [
        "Đã được thay bằng bản mới hơn.",
        "Văn bản này đã bị thu hồi",
    ]


@pytest.mark.parametrize("name", ["evidence_replace", "evidence_hide"])
def test_steps_of_another_unit_are_refused_before_anything_is_read(client, world, card, name):
    piece = file_on(card)

    assert post(client, world.other_officer, piece_url(name, card, piece)).status_code == 403
    assert post(client, world.foreign.officers[1], piece_url(name, card, piece)).status_code == 404
    assert get(client, world.officer, piece_url(name, card, piece)).status_code == 200
    assert Evidence.objects.get().is_visible


def test_get_changes_nothing(client, world, card):
    piece = file_on(card)

    for name in ("evidence_replace", "evidence_hide"):
        get(client, world.officer, piece_url(name, card, piece), reason="Tệp thuộc tiêu chí khác")

    assert Evidence.objects.get().is_visible
