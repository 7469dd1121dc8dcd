"""Filling in and submitting on the pages: by line, with one button, against another tab, and what is refused."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from members.enums import Phase
from scoring.enums import CardStatus
from scoring.services import lines
from tests.cluster_app.sample_uploads import pdf
from tests.factories.scoring import ScorecardFactory, amend
from tests.scenarios import NOW, two_clusters
from tests.scoring.cards import card_in, entry, line_of, reread, reviewing_world, state_of
from tests.scoring.pages import address, content, row_of, text_of, typed

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


def build_world():
    return reviewing_world()


@pytest.fixture
def card(world, client):
    client.force_login(world.officer)
    return card_in(CardStatus.DRAFT, world.member)


def save_line(client, card, **values):
    return client.post(address("line_save", card), typed(card, **values), **HTMX)


def save(client, card, **values):
    return client.post(address("scorecard_save", card), typed(card, **values))


def sent_paper(**other):
    """What the form of the signed paper sends."""
    scan = SimpleUploadedFile("ban-giay.pdf", pdf("15"), "application/pdf")
    return {"number": "15-BC/CQ", "signed_on": "20/11/2021", "file": scan} | other


def change_elsewhere(card, world, code="A1", value=80, text="Ghi ở máy khác"):
    lines.fill(card=card, entries=[entry(card, code, value, text)], by=world.signatory, at=NOW)


# --- one line ---


def test_a_line_is_saved_by_itself_and_says_so_with_points_subtotals_and_totals(client, card):
    response = save_line(client, card, A1=("98,5", "BC 12"))

    line = line_of(card, "A1")
    words = text_of(response)
    assert (response.status_code, str(line.self_value), line.self_note) == (200, "98.50", "BC 12")
    assert words.startswith("đã lưu")
    assert f'id="points-{line.pk}" hx-swap-oob="true">29,55<' in content(response)
    assert f'id="sub-{line.criterion.parent_id}" hx-swap-oob="true">60,55<' in content(response)
    assert f'name="version-{line.pk}" value="2"' in content(response)
    assert "Tổng điểm 85,55" in words


def test_what_is_still_missing_follows_each_line(client, world):
    card = reread(ScorecardFactory(membership=world.member))
    client.force_login(world.officer)

    response = save_line(client, card, A1=("98,5", ""))

    assert "Chưa có kết quả (6): A2 A3 B1 B2 E1 F1 Chưa có minh chứng hoặc ghi chú (1): A1" in text_of(response)


@pytest.mark.parametrize(
    ("code", "value", "words"),
    [
        ("A1", "8.75", "8,75"),
        ("A1", "1.234", "dấu phẩy"),
        ("A1", "100,01", "100"),
        ("A1", "9e2", "8,75"),
        ("A1", "-3", "0"),
        ("A2", "2,5", "nguyên"),
        ("A2", "1000", "999"),
        ("A3", "9", "mức"),
        ("A3", "x", "danh sách"),
        ("B1", "²", "danh sách"),
        ("B1", "7", "1"),
    ],
)
def test_a_bad_value_is_answered_with_what_to_write_and_nothing_changes(client, card, code, value, words):
    before = state_of(card)

    response = save_line(client, card, **{code: value})

    assert response.status_code == 200
    assert text_of(response).startswith("Chưa lưu.")
    assert words in text_of(response)
    assert state_of(card) == before


def test_a_ratio_without_a_target_says_whom_to_ask(client, card):
    amend(line_of(card, "A1").criterion, default_target=None)
    before = state_of(card)

    response = save_line(client, card, A1="97")

    assert "tổ thư ký" in text_of(response)
    assert state_of(card) == before


def test_a_line_changed_in_another_tab_answers_409_with_both_values(client, world, card):
    data = typed(card, A1=("70", "Của tôi"))
    change_elsewhere(card, world)
    before = state_of(card)

    response = client.post(address("line_save", card), data, **HTMX)

    words = text_of(response)
    assert response.status_code == 409
    assert "A1" in words
    assert "80 %" in words
    assert "Ghi ở máy khác" in words
    assert f'name="version-{line_of(card, "A1").pk}" value="2" hx-swap-oob' in content(response)
    assert state_of(card) == before


def test_a_line_of_a_submitted_card_answers_409_and_stays(client, world):
    card = card_in(CardStatus.SUBMITTED, world.member)
    client.force_login(world.officer)
    before = state_of(card)

    response = save_line(client, card, A1="50")

    assert response.status_code == 409
    assert "<html" not in content(response)
    assert state_of(card) == before


def test_a_lost_session_answers_401_so_that_the_page_keeps_the_cell(client, card):
    client.logout()

    assert save_line(client, card, A1="50").status_code == 401


def test_a_line_that_was_not_returned_is_refused(client, world):
    card = card_in(CardStatus.RETURNED, world.member)
    card.lines.filter(criterion__code="A2").update(is_returned=True)
    client.force_login(world.officer)
    before = state_of(card)

    refused, saved = save_line(client, card, A1="50"), save_line(client, card, A2=("4", "Bổ sung"))

    assert (refused.status_code, saved.status_code) == (403, 200)
    assert (state_of(card) == before, str(line_of(card, "A2").self_points)) == (False, "20.00")


def test_a_line_of_another_card_is_not_known(client, world, card):
    other = card_in(CardStatus.DRAFT, world.other)
    before = state_of(other)

    response = client.post(address("line_save", card), typed(other, A1="50"), **HTMX)

    assert response.status_code == 404
    assert state_of(other) == before


def test_a_nul_in_a_note_is_dropped(client, card):
    save_line(client, card, A1=("95", "Báo\0 cáo"))

    assert line_of(card, "A1").self_note == "Báo cáo"


# --- the whole sheet with one button ---


def test_one_button_saves_all_lines(client, card):
    response = save(client, card, A1=("98,5", "BC 12"), A3="1", B1="0", F1="")

    assert response.status_code == 302
    assert response["Location"] == address("scorecard_detail", card)
    found = dict(card.lines.values_list("criterion__code", "self_points"))
    assert {code: str(found[code]) for code in ("A1", "A3", "B1", "F1")} == {
        "A1": "29.55",
        "A3": "20.00",
        "B1": "0.00",
        "F1": "None",
    }


def test_one_bad_line_stops_all_and_everything_typed_is_kept(client, card):
    before = state_of(card)

    response = save(client, card, A1=("8.75", "Ghi chú mới"), A2=("4", "DS kèm theo"))

    assert response.status_code == 200
    assert state_of(card) == before
    assert 'value="8.75"' in content(response)
    assert 'value="4"' in content(response)
    assert "Ghi chú mới" in content(response)
    assert "DS kèm theo" in content(response)
    assert "8,75" in row_of(response, "line-A1")
    assert "1 dòng cần sửa" in text_of(response)


def test_what_the_service_refuses_stands_at_its_line(client, card):
    response = save(client, card, A2="2,5", E1="1")

    assert response.status_code == 200
    assert "nguyên" in row_of(response, "line-A2")
    assert "nguyên" not in row_of(response, "line-E1")


def test_another_tab_that_saved_first_is_shown_beside_what_was_typed(client, world, card):
    data = typed(card, A1=("70", "Của tôi"), A2=("4", "DS kèm theo"))
    change_elsewhere(card, world)
    before = state_of(card)

    response = client.post(address("scorecard_save", card), data)

    page = content(response)
    assert response.status_code == 409
    assert state_of(card) == before
    assert all(
        words in page for words in ("Ghi ở máy khác", "80 %", "Của tôi", "DS kèm theo", 'value="70"', 'value="4"')
    )
    assert f'name="version-{line_of(card, "A1").pk}" value="2"' in page


def test_sending_the_page_of_both_stores_mine_knowingly(client, world, card):
    change_elsewhere(card, world)

    response = save(client, card, A1=("70", "Của tôi"))

    assert response.status_code == 302
    assert str(line_of(card, "A1").self_value) == "70.00"


def test_a_card_submitted_meanwhile_keeps_what_was_typed_on_the_page(client, world, card):
    data = typed(card, A1=("70", "Của tôi"))
    submitted = reread(card)
    submitted.status, submitted.submitted_at = CardStatus.SUBMITTED, NOW
    submitted.save()
    before = state_of(card)

    response = client.post(address("scorecard_save", card), data)

    assert response.status_code == 409
    assert "Của tôi" in text_of(response)
    assert "<textarea" not in content(response)
    assert state_of(card) == before


@pytest.mark.parametrize("phase", [Phase.CONCLUDED, Phase.ARCHIVED])
def test_a_closed_year_changes_nothing(client, phase):
    world = two_clusters(phase=phase)
    card = card_in(CardStatus.DRAFT, world.member)
    client.force_login(world.officer)
    before = state_of(card)

    answers = [save(client, card, A1="50"), save_line(client, card, A1="50")]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert state_of(card) == before


@pytest.mark.parametrize("version", ["x", "9" * 5000])
def test_a_broken_version_is_stale(client, card, version):
    data = typed(card, A1="50") | {f"version-{line_of(card, 'A1').pk}": version}

    assert client.post(address("scorecard_save", card), data).status_code == 409


# --- submitting ---


def test_the_confirmation_lists_what_is_missing_with_a_link_to_each_line(client, world):
    card = reread(ScorecardFactory(membership=world.member))
    client.force_login(world.signatory)

    response = client.get(address("scorecard_submit", card))

    detail = address("scorecard_detail", card)
    assert [f'href="{detail}#line-{code}"' in content(response) for code in ("A1", "A2", "F1")] == [True] * 3
    assert "disabled" in content(response)
    assert "Còn thiếu 7 mục" in text_of(response)


def test_the_signatory_submits(client, world, card):
    client.force_login(world.signatory)

    page = client.get(address("scorecard_submit", card))
    response = client.post(address("scorecard_submit", card), {"version": card.version})

    assert 'name="number"' not in content(page)
    assert response.status_code == 302
    assert reread(card).status == CardStatus.SUBMITTED


def test_the_officer_gives_number_date_and_scan_of_the_signed_paper(client, card):
    url = address("scorecard_submit", card)

    without = client.post(url, {"version": card.version})
    status_before = reread(card).status
    future = client.post(url, {"version": card.version} | sent_paper(signed_on="25/11/2021"))
    done = client.post(url, {"version": card.version} | sent_paper())

    assert (without.status_code, future.status_code, done.status_code) == (200, 200, 302)
    assert status_before == CardStatus.DRAFT
    assert "15-BC/CQ" in content(future)
    stored = reread(card)
    assert (stored.status, stored.paper_number, stored.paper_on) == (
        CardStatus.SUBMITTED,
        "15-BC/CQ",
        date(2021, 11, 20),
    )


def test_the_secretariat_enters_on_behalf_on_the_same_page(client, world):
    card = card_in(CardStatus.DRAFT, world.member)
    client.force_login(world.secretariat)

    before = client.get(address("scorecard_detail", card))
    refused = save_line(client, card, A1=("90", "Theo bản giấy"))
    recorded = client.post(address("scorecard_paper", card), sent_paper())
    page = client.get(address("scorecard_detail", card))
    saved = save_line(client, card, A1=("90", "Theo bản giấy"))
    asked = client.get(address("scorecard_submit", card))
    response = client.post(address("scorecard_submit", card), {"version": reread(card).version})

    assert f'href="{address("scorecard_paper", card)}"' in content(before)
    assert "<textarea" not in content(before)
    assert (refused.status_code, recorded.status_code, saved.status_code) == (409, 302, 200)
    assert "Nhập hộ" in text_of(page)
    assert 'name="file"' not in content(asked)
    assert response.status_code == 302
    assert reread(card).submitted_by == world.secretariat


def test_submitting_an_incomplete_card_changes_nothing(client, world):
    card = reread(ScorecardFactory(membership=world.member))
    client.force_login(world.signatory)
    before = state_of(card)

    response = client.post(address("scorecard_submit", card), {"version": card.version})

    assert response.status_code == 200
    assert state_of(card) == before


def test_submitting_what_was_changed_meanwhile_is_stale(client, world, card):
    client.force_login(world.signatory)
    change_elsewhere(card, world)

    response = client.post(address("scorecard_submit", card), {"version": card.version})

    assert response.status_code == 409
    assert reread(card).status == CardStatus.DRAFT


def test_submitting_twice_is_answered_with_the_status(client, world, card):
    client.force_login(world.signatory)
    client.post(address("scorecard_submit", card), {"version": card.version})

    assert client.post(address("scorecard_submit", card), {"version": card.version}).status_code == 409
    assert client.get(address("scorecard_submit", card)).status_code == 409
