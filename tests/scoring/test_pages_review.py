"""Reviewing, returning and reopening on the pages."""

import pytest

from members.enums import PendingKind, Phase
from members.services import pending
from scoring.enums import CardStatus
from scoring.models import Approval
from scoring.services import lines
from tests.factories.scoring import PublicationFactory
from tests.scenarios import NOW, two_clusters
from tests.scoring.cards import card_in, entry, line_of, reread, reviewing_world, state_of
from tests.scoring.pages import address, content, row_of, text_of, typed

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}
REASON = "Bổ sung số văn bản của A2"


def build_world():
    return reviewing_world()


@pytest.fixture
def card(world, client):
    client.force_login(world.secretariat)
    return card_in(CardStatus.SUBMITTED, world.member)


def accept(client, card, code="", **values):
    """Sends the whole sheet as the page does: the lines that nobody typed into are empty."""
    empty = {line.criterion.code: ("", "") for line in card.lines.select_related("criterion")}
    return client.post(address("scorecard_accept", card), typed(card, **empty | values) | {"code": code})


# --- the sheet ---


def test_the_reviewer_sees_the_claim_beside_an_empty_field(client, card):
    response = client.get(address("scorecard_review", card))

    line = line_of(card, "A1")
    assert f'id="value-{line.pk}" name="value-{line.pk}" value=""' in content(response)
    assert row_of(response, "line-A1").startswith("A1 Tỷ lệ nhiệm vụ hoàn thành")
    assert "28,50 95 %" in row_of(response, "line-A1")
    assert "Theo báo cáo số A1" in row_of(response, "line-A1")


@pytest.mark.parametrize("status", [CardStatus.DRAFT, CardStatus.REVIEWED, CardStatus.APPROVED])
def test_there_is_no_review_sheet_for_a_card_that_is_not_submitted(client, world, status):
    card = card_in(status, world.member)
    client.force_login(world.secretariat)

    response = client.get(address("scorecard_review", card))

    assert response.status_code == 302
    assert response["Location"] == address("scorecard_detail", card)


def test_one_line_is_reviewed_by_itself(client, card):
    response = client.post(address("review_line_save", card), typed(card, A1=("87", "Đối chiếu sổ theo dõi")), **HTMX)

    line = line_of(card, "A1")
    assert (response.status_code, str(line.reviewed_points), line.reviewed_reason) == (
        200,
        "26.10",
        "Đối chiếu sổ theo dõi",
    )
    assert text_of(response).startswith("đã lưu")
    assert "Chưa thẩm định (6): A2 A3 B1 B2 E1 F1" in text_of(response)


def test_a_lowered_value_without_a_reason_is_refused_at_its_line(client, card):
    before = state_of(card)

    by_line = client.post(address("review_line_save", card), typed(card, A1=("87", " ")), **HTMX)
    by_button = client.post(address("review_save", card), typed(card, A1=("87", ""), A2=("3", "")))

    assert text_of(by_line).startswith("Chưa lưu.")
    assert by_button.status_code == 200
    assert 'value="87"' in content(by_button)
    assert state_of(card) == before


def test_one_button_stores_the_review_of_all_lines(client, card):
    response = client.post(address("review_save", card), typed(card, A1=("87", "Đối chiếu sổ"), A2=("3", "")))

    assert response.status_code == 302
    assert response["Location"] == address("scorecard_review", card)
    assert [str(line_of(card, code).reviewed_points) for code in ("A1", "A2")] == ["26.10", "15.00"]


def test_another_reviewer_who_saved_first_is_shown(client, world, card):
    data = typed(card, A1=("87", "Lý do của tôi"))
    lines.review(card=card, entries=[entry(card, "A1", 90, "Lý do người khác")], by=world.deputy_signatory, at=NOW)
    before = state_of(card)

    whole = client.post(address("review_save", card), data)
    single = client.post(address("review_line_save", card), data, **HTMX)
    group = client.post(address("scorecard_accept", card), data | {"code": "A"})

    assert [answer.status_code for answer in (whole, single, group)] == [409, 409, 409]
    assert all("Lý do người khác" in text_of(answer) for answer in (whole, single, group))
    assert "Lý do của tôi" in text_of(whole)
    assert state_of(card) == before


# --- agreeing with what was claimed ---


def test_agreeing_with_a_group(client, card):
    response = accept(client, card, "A")

    reviewed = {code: line_of(card, code).reviewed_points for code in ("A1", "A2", "A3", "B1", "E1")}
    assert response.status_code == 302
    assert {code: str(points) for code, points in reviewed.items()} == {
        "A1": "28.50", "A2": "15.00", "A3": "16.00", "B1": "None", "E1": "None",
    }  # fmt: skip


def test_agreeing_with_the_whole_card_keeps_what_was_typed_first(client, card):
    accept(client, card, A1=("87", "Đối chiếu sổ"))

    assert [str(line_of(card, code).reviewed_points) for code in ("A1", "F1")] == ["26.10", "-10.00"]
    assert str(reread(card).reviewed_total) == "82.10"


def test_agreeing_with_something_unreadable_typed_changes_nothing(client, card):
    before = state_of(card)

    response = accept(client, card, "", A1=("8.75", "Đối chiếu sổ"))

    assert response.status_code == 200
    assert 'value="8.75"' in content(response)
    assert state_of(card) == before


def test_agreeing_with_a_group_that_does_not_exist_is_not_known(client, card):
    before = state_of(card)

    assert accept(client, card, "Z").status_code == 404
    assert state_of(card) == before


# --- concluding ---


def test_the_conclusion_restates_what_the_review_changed(client, card):
    accept(client, card, A1=("87", "Đối chiếu sổ theo dõi"))

    page = client.get(address("scorecard_conclude_review", card))
    response = client.post(address("scorecard_conclude_review", card), {"version": reread(card).version})

    assert 'id="line-A1"' in content(page)
    assert 'id="line-A2"' not in content(page)
    assert "82,10" in text_of(page)
    assert response.status_code == 302
    assert reread(card).status == CardStatus.REVIEWED


def test_the_conclusion_of_an_open_review_names_the_open_lines(client, card):
    accept(client, card, "A")
    before = state_of(card)

    page = client.get(address("scorecard_conclude_review", card))
    response = client.post(address("scorecard_conclude_review", card), {"version": reread(card).version})

    assert "Chưa thẩm định: 4" in text_of(page)
    assert f'href="{address("scorecard_review", card)}#line-B1"' in content(page)
    assert response.status_code == 200
    assert state_of(card) == before


def test_concluding_what_was_changed_meanwhile_is_stale(client, card):
    accept(client, card)
    seen = reread(card).version
    client.post(address("review_save", card), typed(card, A1=("80", "Đối chiếu lại")))

    assert client.post(address("scorecard_conclude_review", card), {"version": seen}).status_code == 409
    assert reread(card).status == CardStatus.SUBMITTED


# --- returning ---


def test_a_return_with_its_reason_opens_the_ticked_lines(client, world, card):
    data = {"version": card.version, "reason": REASON, "codes": ["A2", "E1"]}

    response = client.post(address("scorecard_return", card), data)

    client.force_login(world.officer)
    page = client.get(address("scorecard_detail", card))
    assert response.status_code == 302
    assert reread(card).status == CardStatus.RETURNED
    assert REASON in text_of(page)
    assert [f'name="value-{line_of(card, code).pk}"' in content(page) for code in ("A1", "A2", "E1", "F1")] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("reason", ["", "ngắn quá"])
def test_a_return_without_a_real_reason_keeps_what_was_ticked(client, card, reason):
    before = state_of(card)

    response = client.post(
        address("scorecard_return", card), {"version": card.version, "reason": reason, "codes": ["A2"]}
    )

    assert response.status_code == 200
    assert 'value="A2"' in content(response)
    assert "checked" in content(response)
    assert state_of(card) == before


def test_a_line_that_the_card_does_not_have_cannot_be_ticked(client, card):
    before = state_of(card)

    response = client.post(
        address("scorecard_return", card), {"version": card.version, "reason": REASON, "codes": ["Z9"]}
    )

    assert response.status_code == 200
    assert state_of(card) == before


def test_returning_a_card_that_is_approved_answers_409(client, world):
    card = card_in(CardStatus.APPROVED, world.member)
    client.force_login(world.secretariat)

    answers = [
        client.get(address("scorecard_return", card)),
        client.post(address("scorecard_return", card), {"version": card.version, "reason": REASON}),
    ]

    assert [answer.status_code for answer in answers] == [409, 409]


def test_a_stale_return_changes_nothing(client, card):
    response = client.post(address("scorecard_return", card), {"version": card.version - 1, "reason": REASON})

    assert response.status_code == 409
    assert reread(card).status == CardStatus.SUBMITTED


# --- reopening ---


@pytest.fixture
def approved(world):
    """Leader and deputy have submitted their own cards, so that they see this one."""
    card_in(CardStatus.SUBMITTED, world.leader)
    card_in(CardStatus.SUBMITTED, world.deputy)
    return card_in(CardStatus.APPROVED, world.member)


def test_one_proposes_another_confirms(client, world, approved):
    client.force_login(world.secretariat)
    proposed = client.post(address("scorecard_reopen", approved), {"reason": REASON})
    own = client.get(address("scorecard_reopen", approved))
    client.force_login(world.leader_signatory)
    seen = client.get(address("scorecard_reopen", approved))
    confirmed = client.post(address("scorecard_reopen_confirm", approved))

    assert [answer.status_code for answer in (proposed, confirmed)] == [302, 302]
    assert address("scorecard_reopen_confirm", approved) not in content(own)
    assert address("scorecard_reopen_confirm", approved) in content(seen)
    assert REASON in text_of(seen)
    assert reread(approved).status == CardStatus.REVIEWED
    assert Approval.objects.get().revoked_by == world.leader_signatory


def test_the_revoked_approval_stays_on_the_page_of_the_card(client, world, approved):
    client.force_login(world.secretariat)
    client.post(address("scorecard_reopen", approved), {"reason": REASON})
    client.force_login(world.deputy_signatory)
    client.post(address("scorecard_reopen_confirm", approved))
    client.force_login(world.officer)

    assert f"Phê duyệt ngày 24/11/2021 đã bị hủy ngày 24/11/2021: {REASON}" in text_of(
        client.get(address("scorecard_detail", approved))
    )


def test_one_person_does_not_confirm_the_own_proposal(client, world, approved):
    client.force_login(world.secretariat)
    client.post(address("scorecard_reopen", approved), {"reason": REASON})

    response = client.post(address("scorecard_reopen_confirm", approved))

    assert response.status_code == 403
    assert reread(approved).status == CardStatus.APPROVED


def test_a_proposal_needs_a_reason(client, world, approved):
    client.force_login(world.secretariat)

    response = client.post(address("scorecard_reopen", approved), {"reason": "ngắn"})

    assert response.status_code == 200
    assert "ngắn" in content(response)
    assert pending.open_step(PendingKind.REOPEN_CARD, approved) is None


def test_a_second_proposal_is_refused(client, world, approved):
    client.force_login(world.secretariat)
    client.post(address("scorecard_reopen", approved), {"reason": REASON})
    client.force_login(world.leader_signatory)

    response = client.post(address("scorecard_reopen", approved), {"reason": REASON})

    assert response.status_code == 200
    assert pending.open_step(PendingKind.REOPEN_CARD, approved).proposed_by == world.secretariat


def test_a_proposal_is_withdrawn(client, world, approved):
    client.force_login(world.secretariat)
    client.post(address("scorecard_reopen", approved), {"reason": REASON})

    response = client.post(address("scorecard_reopen_withdraw", approved))

    assert response.status_code == 302
    assert pending.open_step(PendingKind.REOPEN_CARD, approved) is None
    assert reread(approved).status == CardStatus.APPROVED


def test_reopening_says_that_published_results_are_withdrawn(client):
    world = two_clusters(phase=Phase.CONFERENCE)
    card_in(CardStatus.APPROVED, world.leader)
    card = card_in(CardStatus.APPROVED, world.member)
    PublicationFactory(year=world.year)
    world.year.published_at = NOW
    world.year.save()
    client.force_login(world.leader_signatory)

    assert "Kết quả đã công bố bị rút" in text_of(client.get(address("scorecard_reopen", card)))
