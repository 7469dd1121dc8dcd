"""The pages of objections: raising one, its thread, its outcome, the list and its paper."""

import pytest
from django.urls import reverse

from members.enums import DeadlineStep
from scoring.enums import CardStatus, ObjectionStatus
from scoring.models import Objection, ObjectionMessage, Scorecard
from scoring.services import objections
from scoring.services.objections import Outcome
from tests.factories.members import DeadlineFactory
from tests.factories.scoring import ReviewAssignmentFactory, amend
from tests.scenarios import CANARY, NOW
from tests.scoring.cards import card_in, line_of, reread, reviewing_world, state_of
from tests.scoring.pages import address, content, row_of, text_of, year_address

pytestmark = pytest.mark.django_db

CLAIM = "Đề nghị tính thêm đề án số 12-ĐA/CQ"
REASON = "Đã đối chiếu văn bản gốc của đơn vị"


def build_world():
    return reviewing_world()


@pytest.fixture
def card(world, client):
    card_in(CardStatus.SUBMITTED, world.leader)
    client.force_login(world.officer)
    return card_in(CardStatus.REVIEWED, world.member)


def raise_url(card, code="A2"):
    kwargs = {"cluster": card.membership.year.cluster.slug, "year": card.membership.year.year}
    return reverse("scoring:objection_raise", kwargs=kwargs | {"code": card.membership.unit.code, "criterion": code})


def url(name, objection, world):
    return year_address(name, world, pk=objection.pk)


def an_objection(card, user, code="A2", claimed=3, text=CLAIM):
    return objections.raise_(
        card=card, line_pk=line_of(card, code).pk, text=text, claimed_value=claimed, by=user, at=NOW
    )


def kept(objection, user):
    version = reread(objection.line.scorecard).version
    found = Outcome(is_accepted=False, reason=REASON)
    return objections.settle(objection=objection, version=version, outcome=found, by=user, at=NOW)


# --- on the sheet ---


def test_the_unit_finds_at_each_line_the_way_to_object(client, card):
    response = client.get(address("scorecard_detail", card))

    assert content(response).count('class="objection"') == 7
    assert f'href="{raise_url(card)}"' in content(response)
    assert "Bạn có thể kiến nghị" in text_of(response)


def test_reviewers_find_no_way_to_object(client, world, card):
    client.force_login(world.secretariat)

    assert 'class="objection"' not in content(client.get(address("scorecard_detail", card)))


def test_a_line_with_an_objection_leads_to_its_thread(client, world, card):
    objection = an_objection(card, world.officer)

    response = client.get(address("scorecard_detail", card))

    assert f'href="{url("objection_detail", objection, world)}"' in content(response)
    assert raise_url(card) not in content(response)
    assert "Kiến nghị:" in row_of(response, "line-A2")


def test_after_a_hard_deadline_no_line_offers_to_object(client, world, card):
    DeadlineFactory(year=world.year, step=DeadlineStep.OBJECTING, due_at=NOW.replace(day=20), is_hard=True)

    response = client.get(address("scorecard_detail", card))

    assert 'class="objection"' not in content(response)
    assert "Đã hết hạn gửi kiến nghị" in text_of(response)


def test_a_review_far_from_the_claim_is_marked(client, card):
    """A1 was lowered by 2.40 of 30 points, A2 by 5 of 20."""
    response = client.get(address("scorecard_detail", card))

    assert "chênh trên 10 %" not in row_of(response, "line-A1")
    assert "chênh trên 10 %" in row_of(response, "line-A2")


def test_sheet_costs_the_same_with_and_without_objections(client, world, card, django_assert_num_queries):
    page = address("scorecard_detail", card)
    client.get(page)
    with django_assert_num_queries(QUERIES_OF_THE_SHEET):
        client.get(page)
    for code in ("A1", "A2", "A3", "B2"):
        an_objection(card, world.officer, code, claimed=1)

    with django_assert_num_queries(QUERIES_OF_THE_SHEET):
        client.get(page)


QUERIES_OF_THE_SHEET = 18


# --- raising ---


def test_raising_leads_back_to_the_line(client, card):
    page = client.get(raise_url(card))
    response = client.post(raise_url(card), {"claimed_value": "3", "text": CLAIM})

    assert "Không nhập văn bản mật" in text_of(page)
    assert response["Location"] == f"{address('scorecard_detail', card)}#line-A2"
    assert (Objection.objects.get().claimed_value, ObjectionMessage.objects.get().text) == (3, CLAIM)


def test_a_level_is_chosen_from_the_list(client, card):
    client.post(raise_url(card, "A3"), {"claimed_value": "1", "text": CLAIM})

    assert Objection.objects.get().claimed_value == 1


@pytest.mark.parametrize("data", [{}, {"claimed_value": "3.5", "text": CLAIM}, {"claimed_value": "3", "text": " "}])
def test_a_bad_claim_is_shown_again(client, card, data):
    response = client.post(raise_url(card), data)

    assert response.status_code == 200
    assert data.get("claimed_value", "") in content(response)
    assert not Objection.objects.exists()


def test_nobody_objects_to_a_card_that_is_not_reviewed(client, world):
    card = card_in(CardStatus.SUBMITTED, world.member)
    client.force_login(world.officer)

    assert client.get(raise_url(card)).status_code == 409
    assert client.post(raise_url(card), {"text": CLAIM}).status_code == 409


# --- the thread ---


def test_the_thread_says_who_wrote_for_whom(client, world, card):
    objection = an_objection(card, world.officer)
    client.force_login(world.secretariat)
    client.post(url("objection_answer", objection, world), {"text": "Đề nghị gửi bản gốc"})
    client.force_login(world.signatory)

    response = client.get(url("objection_detail", objection, world))

    assert "Đơn vị · a3.cb" in text_of(response)
    assert "Người thẩm định · thuky-cum-a" in text_of(response)
    assert text_of(response).index(CLAIM) < text_of(response).index("Đề nghị gửi bản gốc")


def test_the_unit_is_offered_to_withdraw_and_the_reviewer_to_settle(client, world, card):
    objection = an_objection(card, world.officer)
    ways = [url(name, objection, world) for name in ("objection_withdraw", "objection_keep", "objection_accept")]

    of_unit = content(client.get(url("objection_detail", objection, world)))
    client.force_login(world.secretariat)
    of_reviewer = content(client.get(url("objection_detail", objection, world)))
    client.force_login(world.observer)
    of_observer = content(client.get(url("objection_detail", objection, world)))

    assert [f'href="{way}"' in of_unit for way in ways] == [True, False, False]
    assert [f'href="{way}"' in of_reviewer for way in ways] == [False, True, True]
    assert [f'href="{way}"' in of_observer for way in ways] == [False, False, False]
    assert "<textarea" not in of_observer


def test_an_empty_answer_is_refused(client, world, card):
    objection = an_objection(card, world.officer)

    response = client.post(url("objection_answer", objection, world), {"text": "  "})

    assert response.status_code == 200
    assert objection.messages.count() == 1


def test_a_settled_thread_takes_no_answer(client, world, card):
    objection = kept(an_objection(card, world.officer), world.secretariat)

    assert client.post(url("objection_answer", objection, world), {"text": CLAIM}).status_code == 409
    assert "<textarea" not in content(client.get(url("objection_detail", objection, world)))


# --- settling ---


def test_the_points_are_shown_before_they_are_accepted(client, world, card):
    objection = an_objection(card, world.officer)
    client.force_login(world.secretariat)
    page, before = url("objection_accept", objection, world), state_of(card)
    data = {"version": card.version, "value": "3", "reason": REASON}

    first = client.post(page, data)
    assert state_of(card) == before
    second = client.post(page, data | {"shown": "3"})

    assert "Điểm cuối trước 2 đề án 10,00 Điểm cuối sau 3 đề án 15,00" in text_of(first)
    assert 'name="shown" value="3"' in content(first)
    assert second["Location"] == url("objection_detail", objection, world)
    assert str(line_of(card, "A2").final_points) == "15.00"


def test_another_value_than_the_shown_one_is_shown_first(client, world, card):
    objection = an_objection(card, world.officer)
    client.force_login(world.secretariat)
    data = {"version": card.version, "value": "4", "reason": REASON, "shown": "3"}

    response = client.post(url("objection_accept", objection, world), data)

    assert response.status_code == 200
    assert "4 đề án 20,00" in text_of(response)
    assert Objection.objects.get().status == ObjectionStatus.OPEN


@pytest.mark.parametrize(
    "data",
    [
        {"value": "3", "reason": "ngắn", "shown": "3"},
        {"value": "2", "reason": REASON, "shown": "2"},
        {"value": "", "reason": REASON},
        {"value": "1.5", "reason": REASON},
    ],
)
def test_a_bad_acceptance_is_shown_again(client, world, card, data):
    objection = an_objection(card, world.officer)
    client.force_login(world.secretariat)
    before = state_of(card)

    response = client.post(url("objection_accept", objection, world), data | {"version": card.version})

    assert response.status_code == 200
    assert "invalid-feedback" in content(response)
    assert state_of(card) == before


def test_settling_a_card_that_changed_meanwhile_answers_409(client, world, card):
    objection = an_objection(card, world.officer)
    client.force_login(world.secretariat)
    stale = {"version": card.version - 1, "reason": REASON}

    keep = client.post(url("objection_keep", objection, world), stale)
    accept = client.post(url("objection_accept", objection, world), stale | {"value": "3", "shown": "3"})

    assert [keep.status_code, accept.status_code] == [409, 409]
    assert Objection.objects.get().status == ObjectionStatus.OPEN


def test_a_line_from_records_is_accepted_without_a_value(client, world, card):
    amend(line_of(card, "E1").criterion, source="commendations")
    objection = an_objection(card, world.officer, "E1", claimed=3)
    client.force_login(world.secretariat)
    page = url("objection_accept", objection, world)

    form = client.get(page)
    client.post(page, {"version": card.version, "reason": REASON, "shown": "records"})

    assert 'name="value"' not in content(form)
    assert "Hãy sửa sổ theo dõi" in text_of(form)
    assert Objection.objects.get().status == ObjectionStatus.ACCEPTED


def test_kept_points_and_withdrawals_stand_in_the_thread_with_their_reason(client, world, card):
    first, second = an_objection(card, world.officer), an_objection(card, world.officer, "A1", 95)
    client.post(url("objection_withdraw", second, world), {"reason": REASON})
    client.force_login(world.secretariat)
    client.post(url("objection_keep", first, world), {"version": card.version, "reason": REASON})

    found = Objection.objects.order_by("pk").values_list("status", flat=True)
    assert list(found) == [ObjectionStatus.KEPT, ObjectionStatus.WITHDRAWN]
    assert REASON in text_of(client.get(url("objection_detail", first, world)))
    assert REASON in text_of(client.get(url("objection_detail", second, world)))


@pytest.mark.parametrize("name", ["objection_accept", "objection_keep", "objection_withdraw"])
def test_a_settled_objection_is_not_settled_again(client, world, card, name):
    objection = kept(an_objection(card, world.officer), world.secretariat)
    client.force_login(world.officer if name == "objection_withdraw" else world.secretariat)

    assert client.get(url(name, objection, world)).status_code == 409
    assert client.post(url(name, objection, world), {"reason": REASON}).status_code == 409


def test_an_assigned_reviewer_settles_here_and_meets_no_list(client, world, card):
    objection = an_objection(card, world.officer)
    card_in(CardStatus.SUBMITTED, world.other)
    ReviewAssignmentFactory(scorecard=card, membership=world.other)
    client.force_login(world.other_officer)

    response = client.post(url("objection_keep", objection, world), {"version": card.version, "reason": REASON})

    assert response.status_code == 302
    assert client.get(year_address("objection_list", world)).status_code == 403


def test_nobody_without_a_part_learns_which_objections_there_are(client, world, card):
    objection = an_objection(card, world.officer)
    unknown = year_address("objection_list", world) + "999999/"
    client.force_login(world.other_signatory)

    answers = [client.get(page) for page in (url("objection_detail", objection, world), unknown)]

    assert [answer.status_code for answer in answers] == [404, 404]
    Scorecard.objects.filter(membership=world.leader).update(status=CardStatus.DRAFT, submitted_at=None)
    client.force_login(world.leader_signatory)
    assert client.get(url("objection_detail", objection, world)).status_code == 403


# --- the list ---


def test_the_list_has_open_ones_first_then_those_that_were_kept(client, world, card):
    settled = kept(an_objection(card, world.officer, "A1", 95), world.secretariat)
    withdrawn = an_objection(card, world.officer, "B2", 0)
    objections.withdraw(objection=withdrawn, reason=REASON, by=world.officer, at=NOW)
    an_objection(card, world.officer, "A3", 1)
    _foreign_objection(world)
    client.force_login(world.observer)

    response = client.get(year_address("objection_list", world))

    text = text_of(response)
    assert text.index("Đơn vị A3 · A3") < text.index("Đơn vị A3 · A1")
    assert REASON in row_of(response, f"Đơn vị A3 · {settled.line.criterion.code}")
    assert "Đơn vị A3 · B2" not in text
    assert CANARY not in text


def _foreign_objection(world):
    foreign = card_in(CardStatus.REVIEWED, world.foreign.member)
    an_objection(foreign, world.foreign.officer, text=f"{CANARY} kiến nghị")


def test_the_paper_for_the_meeting_names_claim_answer_and_outcome(client, world, card):
    objection = an_objection(card, world.officer)
    objections.answer(objection=objection, text="Văn bản của năm 2020", by=world.secretariat, at=NOW)
    kept(objection, world.secretariat)
    _foreign_objection(world)
    client.force_login(world.secretariat)

    text = text_of(client.get(year_address("objection_list_print", world)))

    assert "DANH MỤC KIẾN NGHỊ VỀ ĐIỂM" in text
    assert f"{CLAIM} Văn bản của năm 2020 · {REASON}" in text
    assert CANARY not in text


def test_an_empty_list_says_so(client, world, card):
    client.force_login(world.secretariat)

    assert "Không có kiến nghị nào" in text_of(client.get(year_address("objection_list", world)))
    assert "Không có kiến nghị về điểm nào" in text_of(client.get(year_address("objection_list_print", world)))


@pytest.mark.parametrize("count", [2, 9])
def test_list_costs_the_same_with_two_and_nine_objections(client, count, django_assert_num_queries):
    world = reviewing_world(9)
    for place in range(count):
        card = card_in(CardStatus.REVIEWED, world.members[place])
        an_objection(card, world.officers[place])
    client.force_login(world.secretariat)
    page = year_address("objection_list", world)
    client.get(page)

    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        client.get(page)


QUERIES_OF_THE_LIST = 11
