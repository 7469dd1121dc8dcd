"""The pages of reviewers, and of one criterion over all units."""

import pytest

from members.enums import ReviewMode
from scoring.enums import CardStatus
from scoring.models import ReviewAssignment
from scoring.services import lines
from tests.factories.members import MembershipFactory
from tests.factories.scoring import ReviewAssignmentFactory, amend
from tests.scenarios import CANARY, NOW
from tests.scoring.cards import card_in, entry, line_of, reviewing_world, state_of
from tests.scoring.pages import address, content, row_of, text_of, typed, year_address

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


def build_world():
    return reviewing_world()


@pytest.fixture
def cards(world, client):
    card_in(CardStatus.SUBMITTED, world.foreign.member)
    client.force_login(world.secretariat)
    return [card_in(CardStatus.SUBMITTED, member) for member in world.members]


def set_mode(world, mode):
    world.year.rules.review_mode = mode
    world.year.rules.save()


# --- reviewers ---


def test_one_button_names_the_ring(client, world, cards):
    set_mode(world, ReviewMode.RING)
    page = client.get(year_address("reviewer_list", world))

    response = client.post(year_address("reviewer_by_rule", world), follow=True)

    assert year_address("reviewer_by_rule", world) in content(page)
    assert "Đơn vị A4" in row_of(response, "Đơn vị A1")
    assert "Đơn vị A1" in row_of(response, "Đơn vị A2")
    assert CANARY not in text_of(response)


def test_a_reviewer_is_asked_and_taken_back(client, world, cards):
    data = {"card": "A3", "reviewer": f"unit:{world.other.pk}"}
    client.post(year_address("reviewer_assign", world), data)
    assignment = ReviewAssignment.objects.get()
    page = client.get(year_address("reviewer_list", world))
    client.post(year_address("reviewer_remove", world), {"assignment": assignment.pk})

    assert (assignment.scorecard, assignment.membership) == (cards[2], world.other)
    assert f'name="assignment" value="{assignment.pk}"' in content(page)
    assert not ReviewAssignment.objects.exists()


def test_the_choice_offers_nobody_of_the_own_unit(client, world, cards):
    form = content(client.get(year_address("reviewer_list", world))).split("<tr>")[4]

    assert 'value="A3"' in form
    assert f'value="unit:{world.other.pk}"' in form
    assert f'value="person:{world.secretariat.pk}"' in form
    for own in (f"unit:{world.member.pk}", f"person:{world.officer.pk}", f"person:{world.secretariat_at_home.pk}"):
        assert f'value="{own}"' not in form


def test_the_card_of_the_home_unit_has_no_form_for_its_secretary(client, world, cards):
    assignment = ReviewAssignmentFactory(scorecard=cards[2], membership=world.other)
    client.force_login(world.secretariat_at_home)

    page = client.get(year_address("reviewer_list", world))
    asked = client.post(year_address("reviewer_assign", world), {"card": "A3", "reviewer": f"unit:{world.leader.pk}"})
    removed = client.post(year_address("reviewer_remove", world), {"assignment": assignment.pk})

    assert 'name="card" value="A3"' not in content(page)
    assert f'name="assignment" value="{assignment.pk}"' not in content(page)
    assert "Đơn vị A4" in row_of(page, "Đơn vị A3")
    assert 'name="card" value="A4"' in content(page)
    assert (asked.status_code, removed.status_code) == (403, 403)
    assert ReviewAssignment.objects.get() == assignment


@pytest.mark.parametrize("reviewer", ["", "unit:", "unit:0", "person:999999", "card:1", "unit:x"])
def test_a_reviewer_who_was_not_offered_is_not_known(client, world, cards, reviewer):
    response = client.post(year_address("reviewer_assign", world), {"card": "A3", "reviewer": reviewer})

    assert response.status_code == 404
    assert not ReviewAssignment.objects.exists()


def test_the_own_unit_is_refused_with_the_reason(client, world, cards):
    data = {"card": "A3", "reviewer": f"person:{world.secretariat_at_home.pk}"}

    response = client.post(year_address("reviewer_assign", world), data)

    assert response.status_code == 403
    assert "đơn vị mình" in text_of(response)


def test_the_team_of_the_deputy_is_chosen(client, world, cards):
    set_mode(world, ReviewMode.DEPUTY_TEAM)
    page = client.get(year_address("reviewer_list", world))
    nobody = client.post(year_address("reviewer_by_rule", world), {})
    client.post(year_address("reviewer_by_rule", world), {"people": [world.officers[1].pk]})

    assert f'value="{world.officers[1].pk}"' in content(page)
    assert nobody.status_code == 200
    assert ReviewAssignment.objects.filter(user=world.officers[1]).count() == 3


def test_observers_read_the_list_and_change_nothing(client, world, cards):
    ReviewAssignmentFactory(scorecard=cards[2], membership=world.other)
    client.force_login(world.observer)

    response = client.get(year_address("reviewer_list", world))

    assert "Đơn vị A4" in row_of(response, "Đơn vị A3")
    assert "<form" not in content(response).split("<main")[1]


def test_the_paper_names_unit_person_or_the_secretariat(client, world, cards):
    ReviewAssignmentFactory(scorecard=cards[2], membership=world.other)

    text = text_of(client.get(year_address("reviewer_list_print", world)))

    assert "PHÂN CÔNG THẨM ĐỊNH" in text
    assert "Đơn vị A3 Đơn vị A4 –" in text
    assert "Đơn vị A1 – Tổ thư ký" in text
    assert CANARY not in text


@pytest.mark.parametrize("count", [2, 9])
def test_list_of_reviewers_costs_the_same_with_two_and_nine_cards(client, count, django_assert_num_queries):
    world = reviewing_world(9)
    for place in range(count):
        card = card_in(CardStatus.SUBMITTED, world.members[place])
        ReviewAssignmentFactory(scorecard=card, membership=world.members[place - 1])
    client.force_login(world.secretariat)
    page = year_address("reviewer_list", world)
    client.get(page)

    with django_assert_num_queries(QUERIES_OF_REVIEWERS):
        client.get(page)


QUERIES_OF_REVIEWERS = 10


# --- what an assigned reviewer meets ---


@pytest.fixture
def asked(world, cards, client):
    """The people of the fourth unit are asked to review the card of the third."""
    ReviewAssignmentFactory(scorecard=cards[2], membership=world.other)
    client.force_login(world.other_officer)
    return cards[2]


def test_an_assigned_reviewer_reads_it_among_the_things_to_do(client, world, asked):
    response = client.get(year_address("home", world))

    assert address("scorecard_review", asked) in content(response)
    assert client.get(address("scorecard_review", asked)).status_code == 200


def test_an_assigned_reviewer_gets_no_review_of_the_own_card_nor_of_others(client, world, cards, asked):
    own, others = cards[3], cards[0]

    assert client.get(address("scorecard_review", own)).status_code == 403
    assert client.get(address("scorecard_review", others)).status_code == 403
    assert client.get(address("scorecard_detail", others)).status_code == 403
    assert client.get(year_address("ranking", world)).status_code == 403
    assert client.get(year_address("matrix", world)).status_code == 403


def test_an_assigned_reviewer_meets_two_units_on_the_page_of_a_criterion(client, world, asked):
    response = client.get(year_address("criterion_review", world, code="A1"))

    rows = content(response).split("<tbody")[1].split("</tbody>")[0]
    assert rows.count("<tr") == 2
    assert f'name="value-{line_of(asked, "A1").pk}"' in rows
    assert rows.count("<textarea") == 1


# --- one criterion, all units ---


def grid(world, code="A1"):
    return year_address("criterion_review", world, code=code)


def save(client, world, data, code="A1"):
    return client.post(year_address("criterion_review_save", world, code=code), data)


def test_rows_of_one_criterion_are_saved_together(client, world, cards):
    data = typed(cards[0], A1=("95", "")) | typed(cards[2], A1=("87", "Đối chiếu sổ"))

    response = save(client, world, data)

    assert response.status_code == 302
    assert [str(line_of(card, "A1").reviewed_points) for card in cards] == ["28.50", "None", "26.10", "None"]


def test_one_bad_row_does_not_hold_back_the_others(client, world, cards):
    data = typed(cards[0], A1=("95", "")) | typed(cards[1], A1=("87", "")) | typed(cards[2], A1=("8.7", ""))

    response = save(client, world, data)

    assert response.status_code == 200
    assert [line_of(card, "A1").reviewed_points is not None for card in cards] == [True, False, False, False]
    assert "2 dòng chưa lưu được" in text_of(response)
    assert "lý do" in row_of(response, "unit-A2")
    assert 'value="8.7"' in content(response)


def test_a_stale_row_shows_mine_and_theirs_and_can_be_sent_again(client, world, cards):
    data = typed(cards[2], A1=("87", "Lý do của tôi"))
    lines.review(
        card=cards[2], entries=[entry(cards[2], "A1", 90, "Lý do người khác")], by=world.deputy_signatory, at=NOW
    )

    response = save(client, world, data)

    assert response.status_code == 409
    assert "Lý do người khác" in row_of(response, "unit-A3")
    assert "Lý do của tôi" in row_of(response, "unit-A3")
    line = line_of(cards[2], "A1")
    assert str(line.reviewed_value) == "90.00"
    assert f'name="version-{line.pk}" value="{line.version}"' in content(response)
    assert save(client, world, typed(cards[2], A1=("87", "Lý do của tôi"))).status_code == 302
    assert str(line_of(cards[2], "A1").reviewed_value) == "87.00"


def test_rows_that_nobody_changed_are_left_alone(client, world, cards):
    before = [state_of(card) for card in cards]

    response = save(client, world, typed(cards[0], A1=("", "")) | typed(cards[1], A1=("", "")))

    assert response.status_code == 302
    assert [state_of(card) for card in cards] == before


def test_rows_that_are_not_open_say_why(client, world, cards):
    card_in(CardStatus.REVIEWED, MembershipFactory(year=world.year, protocol_order=5))
    cards[0].lines.filter(criterion__code="A1").update(is_assigned=False, not_assigned_reason="Không có chỉ tiêu này")
    client.force_login(world.secretariat_at_home)

    response = client.get(grid(world))

    assert "Không có chỉ tiêu này" in row_of(response, "unit-A1")
    assert "của chính đơn vị mình" in row_of(response, "unit-A3")
    assert content(response).count("<textarea") == 2


def test_a_review_going_on_is_not_for_the_eyes_of_the_home_unit(client, world, cards):
    lines.review(
        card=cards[2], entries=[entry(cards[2], "A1", 87, "Đối chiếu sổ theo dõi")], by=world.secretariat, at=NOW
    )
    client.force_login(world.secretariat_at_home)

    response = client.get(grid(world))

    assert "26,10" not in row_of(response, "unit-A3")
    assert "Đối chiếu sổ theo dõi" not in text_of(response)


def test_a_row_from_records_is_not_typed(client, world, cards):
    amend(line_of(cards[0], "E1").criterion, source="commendations")

    response = client.get(grid(world, "E1"))

    assert "<textarea" not in content(response)
    assert "Lấy từ sổ theo dõi, không nhập tay." in text_of(response)


def test_observers_read_and_write_nothing(client, world, cards):
    client.force_login(world.observer)
    before = state_of(cards[0])

    page = client.get(grid(world))
    response = save(client, world, typed(cards[0], A1=("95", "")))

    assert "<textarea" not in content(page)
    assert response.status_code == 200
    assert state_of(cards[0]) == before


def test_one_row_is_saved_by_itself_as_it_is_typed(client, world, cards):
    page = content(client.get(grid(world)))
    url = f"{address('review_line_save', cards[2])}?alone=1"

    response = client.post(url, typed(cards[2], A1=("87", "Đối chiếu sổ")), **HTMX)

    assert f'hx-post="{url}"' in page
    assert 'id="totals"' not in content(response)
    assert text_of(response).startswith("đã lưu")


def test_the_page_leads_to_the_criteria_beside_it(client, world, cards):
    response = content(client.get(grid(world, "A2")))

    assert f'href="{grid(world, "A1")}"' in response
    assert f'href="{grid(world, "A3")}"' in response


@pytest.mark.parametrize("count", [2, 9])
def test_criterion_costs_the_same_with_two_and_nine_units(client, count, django_assert_num_queries):
    world = reviewing_world(9)
    for place in range(count):
        card_in(CardStatus.SUBMITTED, world.members[place])
    client.force_login(world.secretariat)
    client.get(grid(world))

    with django_assert_num_queries(QUERIES_OF_A_CRITERION):
        client.get(grid(world))


QUERIES_OF_A_CRITERION = 13


# --- the review sheet ---


def test_the_review_sheet_shows_changed_lines_only(client, world, cards):
    lines.review(
        card=cards[2],
        entries=[entry(cards[2], "A1", 87, "Đối chiếu sổ"), entry(cards[2], "A2", 3)],
        by=world.secretariat,
        at=NOW,
    )

    response = client.get(address("scorecard_review", cards[2]) + "?changed=1")

    assert 'id="line-A1"' in content(response)
    assert 'id="line-A2"' not in content(response)
    assert address("scorecard_accept", cards[2]) not in content(response)


def test_the_review_sheet_leads_to_the_next_open_line(client, world, cards):
    sheet = client.get(address("scorecard_review", cards[2]))
    saved = client.post(address("review_line_save", cards[2]), typed(cards[2], A1=("87", "Đối chiếu sổ")), **HTMX)

    assert 'href="#line-A1"' in content(sheet).split('id="next-line"')[1]
    assert 'href="#line-A2"' in content(saved).split('id="next-line"')[1]


def test_the_return_says_how_often_the_card_was_returned(client, world, cards):
    cards[2].return_count = 2
    cards[2].save()

    assert "2 lần" in text_of(client.get(address("scorecard_return", cards[2])))
