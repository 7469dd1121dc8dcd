"""Signed papers, estimates, and what is asked and told before a submission, on the pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from members.enums import AssignmentRole
from scoring.enums import CardStatus
from scoring.models import SignedPaper
from scoring.services import scorecards
from tests.cluster_app.sample_uploads import HTML, pdf
from tests.factories.members import AssignmentFactory, DeadlineFactory
from tests.factories.scoring import ScorecardFactory, SignedPaperFactory
from tests.scenarios import CANARY, NOW
from tests.scoring.cards import card_in, line_of, paper, reread, reviewing_world, state_of
from tests.scoring.pages import address, content, row_of, text_of, year_address

pytestmark = pytest.mark.django_db


def build_world():
    return reviewing_world()


def on_behalf(world):
    """The card of `member`, entered and submitted by the secretariat."""
    card = card_in(CardStatus.DRAFT, world.member)
    scorecards.submit(card=card, version=card.version, paper=paper(), by=world.secretariat, at=NOW)
    return reread(card)


def scan_address(card):
    return address("scorecard_detail", card) + f"papers/{card.papers.get().pk}/"


def sent(content=None, **other):
    scan = SimpleUploadedFile("ban-giay.pdf", pdf("15") if content is None else content, "application/pdf")
    return {"number": "15-BC/CQ", "signed_on": "20/11/2021", "file": scan} | other


# --- the signed paper ---


def test_the_form_of_the_paper_says_what_must_not_be_uploaded(client, world):
    card = card_in(CardStatus.DRAFT, world.member)
    client.force_login(world.secretariat)

    assert "Không nhập văn bản mật" in text_of(client.get(address("scorecard_paper", card)))


@pytest.mark.parametrize(
    "wrong",
    [{"number": ""}, {"signed_on": "31/02/2021"}, {"signed_on": "25/11/2021"}, {"file": ""}, {"content": HTML}],
    ids=["number", "no day", "future", "no file", "not a scan"],
)
def test_a_paper_that_is_not_complete_is_not_recorded(client, world, wrong):
    card = card_in(CardStatus.DRAFT, world.member)
    client.force_login(world.secretariat)

    response = client.post(address("scorecard_paper", card), sent(**wrong))

    assert response.status_code == 200
    assert "invalid-feedback" in content(response)
    assert not SignedPaper.objects.exists()


def test_a_card_entered_on_behalf_says_so_everywhere_with_the_scan(client, world):
    card = on_behalf(world)
    colleague = AssignmentFactory(unit=None, cluster=world.cluster, role=AssignmentRole.SECRETARIAT).user
    people = {"scorecard_review": colleague}

    for name in ("scorecard_detail", "scorecard_review", "scorecard_return"):
        client.force_login(people.get(name, world.secretariat))
        response = client.get(address(name, card))
        assert "nhập hộ" in text_of(response), name
        assert f'href="{scan_address(card)}"' in content(response), name
    row = row_of(client.get(year_address("scorecard_list", world)), world.member.name)
    printed = text_of(client.get(address("scorecard_print", card)))
    assert "nhập hộ" in row
    assert "theo bản giấy đã ký số 15-BC/CQ ngày 20/11/2021 (nhập hộ: thuky-cum-a)" in printed


def test_who_entered_a_card_on_behalf_reads_that_another_person_reviews_it(client, world):
    card = on_behalf(world)
    client.force_login(world.secretariat)

    page = client.get(address("scorecard_detail", card))
    refused = client.post(address("scorecard_accept", card), {})

    assert f'href="{address("scorecard_review", card)}"' not in content(page)
    for response in (page, refused):
        assert "người khác thẩm định" in text_of(response) or "another person reviews it" in text_of(response)
    assert refused.status_code == 403
    client.force_login(world.observer)
    assert "another person reviews it" not in text_of(client.get(address("scorecard_detail", card)))


def test_the_scan_is_sent_as_an_attachment_and_never_shown(client, world):
    card = on_behalf(world)
    client.force_login(world.signatory)

    response = client.get(scan_address(card))

    assert response["Content-Disposition"] == 'attachment; filename="ban-giay.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content) == paper().upload.content


def test_another_unit_reads_neither_the_scan_nor_of_it(client, world):
    card = on_behalf(world)
    foreign = SignedPaperFactory(scorecard=ScorecardFactory(membership=world.foreign.member, submitted=True))
    client.force_login(world.other_signatory)

    assert client.get(scan_address(card)).status_code == 403
    assert "nhập hộ" not in text_of(client.get(year_address("scorecard_list", world)))
    client.force_login(world.secretariat)
    assert client.get(address("scorecard_detail", foreign.scorecard) + f"papers/{foreign.pk}/").status_code == 404
    assert client.get(address("scorecard_detail", card) + f"papers/{foreign.pk}/").status_code == 404
    assert CANARY not in content(client.get(address("scorecard_detail", card)))


@pytest.mark.parametrize("unit_count", [2, 9])
def test_the_list_of_cards_asks_as_often_for_two_units_as_for_nine(client, django_assert_num_queries, unit_count):
    world = reviewing_world(unit_count)
    for membership in world.members:
        card = card_in(CardStatus.DRAFT, membership)
        scorecards.submit(card=card, version=card.version, paper=paper(), by=world.secretariat, at=NOW)
    client.force_login(world.secretariat)

    with django_assert_num_queries(7):
        client.get(year_address("scorecard_list", world))


# --- before submitting ---


def test_the_page_of_the_submission_names_estimates_and_days_late(client, world):
    DeadlineFactory(year=world.year)
    card = card_in(CardStatus.DRAFT, world.member)
    card.lines.filter(criterion__code="A1").update(is_estimate=True)
    client.force_login(world.signatory)

    response = client.get(address("scorecard_submit", card))

    words = text_of(response)
    assert "Đã quá hạn: phiếu tính là chậm" in words
    assert "1 kết quả ghi là ước cả năm" in words
    assert f'href="{address("scorecard_detail", card)}#line-A1"' in content(response)
    assert 'type="submit"' in content(response)


def test_a_card_in_time_is_not_warned_of(client, world):
    card = card_in(CardStatus.DRAFT, world.member)
    client.force_login(world.signatory)

    words = text_of(client.get(address("scorecard_submit", card)))

    assert "Đã quá hạn" not in words
    assert "ước cả năm" not in words


# --- estimates ---


@pytest.fixture
def estimated(client, world):
    card = card_in(CardStatus.REVIEWED, world.member)
    card.lines.filter(criterion__code="A1").update(is_estimate=True)
    client.force_login(world.signatory)
    return card


def replace_address(card, code="A1"):
    return address("estimate_list", card) + f"{line_of(card, code).pk}/"


def test_a_box_marks_a_value_as_an_estimate_line_by_line_and_with_the_button(client, world):
    card = card_in(CardStatus.DRAFT, world.member)
    client.force_login(world.officer)
    line = line_of(card, "A1")
    data = {f"value-{line.pk}": "95", f"text-{line.pk}": "Ước", f"version-{line.pk}": "1", f"estimate-{line.pk}": "1"}

    saved = client.post(address("line_save", card), data, HTTP_HX_REQUEST="true")
    page = client.get(address("scorecard_detail", card))
    marked = line_of(card, "A1").is_estimate
    data |= {f"version-{line.pk}": "2"}
    del data[f"estimate-{line.pk}"]
    client.post(address("scorecard_save", card), data)

    assert saved.status_code == 200
    assert marked
    assert f'name="estimate-{line.pk}" value="1" checked' in content(page)
    assert f'name="estimate-{line_of(card, "A3").pk}"' not in content(page)
    assert not line_of(card, "A1").is_estimate


def test_the_mark_stands_on_every_sheet_and_on_paper(client, world, estimated):
    pages = [("scorecard_detail", world.officer), ("scorecard_print", world.officer)]
    submitted = card_in(CardStatus.SUBMITTED, world.other)
    submitted.lines.filter(criterion__code="A1").update(is_estimate=True)

    for name, person in pages:
        client.force_login(person)
        assert "ước cả năm" in text_of(client.get(address(name, estimated))), name
    client.force_login(world.secretariat)
    assert "ước cả năm" in row_of(client.get(address("scorecard_review", submitted)), "line-A1")
    assert "ước cả năm" not in row_of(client.get(address("scorecard_review", submitted)), "line-A2")


def test_an_estimate_is_replaced_from_the_page_of_the_card(client, estimated):
    page = client.get(address("scorecard_detail", estimated))
    found = client.get(address("estimate_list", estimated))
    form = client.get(replace_address(estimated))
    data = {"version": line_of(estimated, "A1").version, "value": "98,5", "note": "Báo cáo số 120-BC/CQ"}
    response = client.post(replace_address(estimated), data)

    line = line_of(estimated, "A1")
    assert address("estimate_list", estimated) in content(page)
    assert f'href="{replace_address(estimated)}"' in content(found)
    assert replace_address(estimated, "A2") not in content(found)
    assert "95 %" in text_of(form)
    assert response.status_code == 302
    assert (str(line.self_value), line.self_note, line.is_estimate) == ("98.50", "Báo cáo số 120-BC/CQ", False)
    assert reread(estimated).status == CardStatus.SUBMITTED


@pytest.mark.parametrize(
    ("data", "words"),
    [({"value": "8.75"}, "8,75"), ({"value": ""}, ""), ({"note": ""}, ""), ({"value": "101"}, "100")],
)
def test_a_bad_official_figure_is_kept_in_the_form_and_changes_nothing(client, estimated, data, words):
    before = state_of(estimated)
    sent = {"version": line_of(estimated, "A1").version, "value": "98", "note": "BC 120"} | data

    response = client.post(replace_address(estimated), sent)

    assert response.status_code == 200
    assert words in text_of(response)
    assert state_of(estimated) == before


def test_an_outdated_page_replaces_nothing(client, estimated):
    before = state_of(estimated)

    response = client.post(replace_address(estimated), {"version": "99", "value": "98", "note": "BC 120"})

    assert response.status_code == 409
    assert state_of(estimated) == before


def test_an_officer_replaces_an_estimate_with_the_signed_paper(client, world, estimated):
    client.force_login(world.officer)
    data = {"version": line_of(estimated, "A1").version, "value": "98", "note": "BC 120"}

    form = client.get(replace_address(estimated))
    refused = client.post(replace_address(estimated), data)
    done = client.post(replace_address(estimated), data | sent())

    assert 'name="file"' in content(form)
    assert 'enctype="multipart/form-data"' in content(form)
    assert (refused.status_code, "invalid-feedback" in content(refused)) == (200, True)
    assert done.status_code == 302
    assert estimated.submissions.get().paper == SignedPaper.objects.get()


def test_the_page_of_an_estimate_names_the_recorded_paper(client, world, estimated):
    client.force_login(world.officer)
    client.post(address("scorecard_paper", estimated), sent())

    page = client.get(replace_address(estimated))

    assert 'name="file"' not in content(page)
    assert "15-BC/CQ" in text_of(page)


def test_a_line_that_is_no_estimate_has_no_page(client, estimated):
    assert client.get(replace_address(estimated, "A2")).status_code == 409


def test_after_a_hard_deadline_the_page_says_whom_to_ask_and_has_no_button(client, world):
    DeadlineFactory(year=world.year, is_hard=True)
    card = card_in(CardStatus.DRAFT, world.member)
    client.force_login(world.signatory)

    page = client.get(address("scorecard_submit", card))
    response = client.post(address("scorecard_submit", card), {"version": card.version})

    assert "gia hạn" in text_of(page)
    assert 'name="version"' not in content(page)
    assert response.status_code == 409
    assert reread(card).status == CardStatus.DRAFT


@pytest.mark.parametrize("headers", [{}, {"HTTP_HX_REQUEST": "true"}], ids=["page", "line"])
def test_a_mark_that_somebody_else_set_meanwhile_stands_beside_mine(client, world, headers):
    card = card_in(CardStatus.DRAFT, world.member)
    client.force_login(world.officer)
    line = line_of(card, "A1")
    mine = {f"value-{line.pk}": "70", f"text-{line.pk}": "Của tôi", f"version-{line.pk}": line.version}
    card.lines.filter(pk=line.pk).update(is_estimate=True, version=line.version + 1)

    response = client.post(address("line_save" if headers else "scorecard_save", card), mine, **headers)

    assert response.status_code == 409
    assert "ước cả năm" in text_of(response)
    assert (f'name="estimate-{line.pk}" value="1" checked' in content(response)) is False
