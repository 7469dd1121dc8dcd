"""Ranking, matrix, one criterion, publication: what is shown, to whom, and nothing before it is published."""

from datetime import timedelta

import pytest

from members.enums import MemberRole, Phase
from members.models import Membership
from scoring.enums import CardStatus
from scoring.models import Publication
from tests.factories.members import DeadlineFactory, DelegationFactory, ExtensionFactory
from tests.factories.scoring import SUBMITTED_AT, PublicationFactory
from tests.scenarios import CANARY, NOW, two_clusters
from tests.scoring.cards import card_in
from tests.scoring.pages import content, row_of, text_of, year_address

pytestmark = pytest.mark.django_db

LOW = {"A3": ("3", "10")}
FIGURES = ("77,10", "71,10", "84,50", "26,10")


def build_world():
    """Four approved cards before the conference: A1 and A2 lead with 77,10, A3 has 71,10; A4 is disqualified."""
    world = two_clusters(phase=Phase.APPROVING)
    for member in world.members:
        card_in(CardStatus.APPROVED, member, reviewed_values=LOW if member == world.member else None)
    Membership.objects.filter(pk=world.other.pk).update(standing="disqualified", standing_reason="Không ký giao ước")
    card_in(CardStatus.APPROVED, world.foreign.member)
    return world


def publish(world):
    PublicationFactory(year=world.year, proposed_by=world.leader_signatory, confirmed_by=world.deputy_signatory)
    world.year.published_at = NOW
    world.year.save()


def get(client, user, world, name, **kwargs):
    client.force_login(user)
    return client.get(year_address(name, world, **kwargs))


# --- the ranking ---


def test_the_ranking_shows_rank_points_gap_band_and_what_broke_a_tie(client, world):
    response = get(client, world.leader_signatory, world, "ranking")

    assert row_of(response, "Đơn vị A1") == (
        "Đơn vị A1 Cụm trưởng Bằng Đơn vị A2 ở mọi tiêu chí phụ. 1 52,10 25,00 77,10 10,00 -10,00 77,10 – Trung bình"
    )
    assert row_of(response, "Đơn vị A3") == "Đơn vị A3 3 46,10 25,00 71,10 10,00 -10,00 71,10 6,00 Trung bình"
    assert row_of(response, "Đơn vị A4") == (
        "Đơn vị A4 Không xét thi đua: Không ký giao ước – 52,10 25,00 77,10 10,00 -10,00 77,10 – –"
    )
    assert CANARY not in content(response)


@pytest.mark.parametrize(
    ("last", "is_published", "words"),
    [
        (CardStatus.REVIEWED, False, "Tạm tính"),
        (CardStatus.APPROVED, False, "Đã phê duyệt đủ, chưa công bố"),
        (CardStatus.APPROVED, True, "Đã công bố ngày 24/11/2021"),
    ],
)
def test_the_badge_says_how_far_the_ranking_is(client, last, is_published, words):
    world = two_clusters(2, phase=Phase.APPROVING)
    card_in(CardStatus.APPROVED, world.leader)
    card_in(last, world.deputy)
    if is_published:
        publish(world)

    assert words in text_of(get(client, world.observer, world, "ranking"))


@pytest.mark.parametrize("name", ["ranking", "ranking_print", "matrix", "publication"])
@pytest.mark.parametrize("user", ["officer", "signatory", "other_signatory", "secretariat_at_home"])
def test_no_unit_sees_a_figure_before_the_results_are_published(client, world, name, user):
    response = get(client, getattr(world, user), world, name)
    expected = 200 if user == "secretariat_at_home" else 403

    assert response.status_code == expected
    if expected == 403:
        assert [figure for figure in FIGURES if figure in content(response)] == []


@pytest.mark.parametrize("name", ["ranking", "ranking_print", "matrix", "publication"])
@pytest.mark.parametrize("user", ["officer", "other_signatory", "observer"])
def test_everybody_of_the_cluster_sees_them_afterwards(client, world, name, user):
    publish(world)

    response = get(client, getattr(world, user), world, name)

    assert response.status_code == 200
    assert "46,10" in content(response)  # section A of the unit A3
    assert CANARY not in content(response)


def test_the_list_of_cards_leaks_nothing_before_the_publication(client, world):
    response = get(client, world.other_signatory, world, "scorecard_list")

    assert content(response).count("77,10") == 2  # reviewed and final of the own card
    assert "71,10" not in content(response)


def test_a_secretary_with_a_home_unit_sees_the_ranking_as_the_secretariat(client, world):
    assert "71,10" in content(get(client, world.secretariat_at_home, world, "ranking"))


@pytest.mark.parametrize("unit_count", [2, 9])
@pytest.mark.parametrize(("name", "queries"), [("ranking", 10), ("matrix", 10), ("ranking_print", 14)])
def test_pages_cost_the_same_for_2_and_9_units(client, unit_count, name, queries, django_assert_num_queries):
    world = two_clusters(unit_count, phase=Phase.APPROVING)
    DeadlineFactory(year=world.year)
    for member in world.members:
        card_in(CardStatus.APPROVED, member)
    client.force_login(world.secretariat)

    with django_assert_num_queries(queries):
        client.get(year_address(name, world))


def test_a_year_without_cards_has_an_empty_ranking_and_matrix(client):
    world = two_clusters()

    ranking = get(client, world.secretariat, world, "ranking")
    matrix = get(client, world.secretariat, world, "matrix")

    assert row_of(ranking, "Đơn vị A3") == "Đơn vị A3 Chưa có điểm chốt: Chưa mở phiếu – – – – – – –"
    assert "Chưa có phiếu nào để so sánh" in text_of(matrix)


# --- the print ---


@pytest.mark.parametrize(("last", "is_provisional"), [(CardStatus.REVIEWED, True), (CardStatus.APPROVED, False)])
def test_the_score_table_is_provisional_until_every_card_is_approved(client, last, is_provisional):
    world = two_clusters(2, phase=Phase.APPROVING)
    card_in(CardStatus.APPROVED, world.leader)
    card_in(last, world.deputy)

    words = text_of(get(client, world.secretariat, world, "ranking_print"))

    assert ("BẢN TẠM TÍNH" in words) is is_provisional
    assert "BẢNG TỔNG HỢP ĐIỂM THI ĐUA" in words
    assert "T/M CỤM THI ĐUA CỤM TRƯỞNG" in words


def test_the_score_table_is_vietnamese_whatever_the_language_of_the_page(client, world):
    world.secretariat.language = "en"
    world.secretariat.save()

    words = text_of(get(client, world.secretariat, world, "ranking_print"))

    assert "Bằng Đơn vị A2 ở mọi tiêu chí phụ." in words
    assert "tie" not in words


# --- matrix and one criterion ---


def test_the_matrix_shades_points_by_their_share_of_the_maximum(client, world):
    response = get(client, world.observer, world, "matrix")

    page = content(response)
    assert row_of(response, "Chất lượng tham mưu") == "A3 Chất lượng tham mưu 20,00 16,00 16,00 10,00 16,00"
    assert page.count('class="num heat-3">16,00<') == 3
    assert page.count('class="num heat-2">10,00<') >= 1
    assert page.count('class="num heat-5">10,00<') == 4  # B1, the whole maximum
    assert page.count('class="num heat-1">-10,00<') == 4


def test_the_matrix_shows_a_reviewer_what_is_submitted_and_no_draft(client):
    world = two_clusters(phase=Phase.REVIEWING)
    card_in(CardStatus.SUBMITTED, world.member)
    card_in(CardStatus.DRAFT, world.other)

    response = get(client, world.secretariat, world, "matrix")

    assert row_of(response, "Tỷ lệ nhiệm vụ hoàn thành") == "A1 Tỷ lệ nhiệm vụ hoàn thành 30,00 28,50 –"


def test_the_leader_s_matrix_holds_only_cards_that_are_open_to_the_leader(client):
    world = two_clusters(phase=Phase.REVIEWING)
    card_in(CardStatus.SUBMITTED, world.member)
    card_in(CardStatus.DRAFT, world.leader)

    response = get(client, world.leader_signatory, world, "matrix")

    assert "28,50" not in content(response)


def test_one_criterion_of_all_units_side_by_side(client, world):
    response = get(client, world.observer, world, "criterion_review", code="A3")

    assert row_of(response, "Đơn vị A3") == (
        "Đơn vị A3 16,00 Tốt 10,00 Khá 10,00 Đơn vị: Theo báo cáo số A3 Người thẩm định: Đối chiếu sổ A3"
    )
    assert "/scorecards/A3/#line-A3" in content(response)
    assert CANARY not in content(response)


@pytest.mark.parametrize("code", ["A", "Z9"])
def test_a_group_or_an_unknown_code_has_no_such_page(client, world, code):
    assert get(client, world.observer, world, "criterion_review", code=code).status_code == 404


# --- publication ---


def test_leader_proposes_deputy_confirms_and_every_unit_sees_it(client, world):
    url = year_address("publication", world)
    client.force_login(world.leader_signatory)
    proposed = client.post(url)
    waiting = client.get(url)
    client.force_login(world.deputy_signatory)
    seen = client.get(url)
    confirmed = client.post(year_address("publication_confirm", world))

    world.year.refresh_from_db()
    assert [answer.status_code for answer in (proposed, confirmed)] == [302, 302]
    assert year_address("publication_confirm", world) not in content(waiting)
    assert year_address("publication_confirm", world) in content(seen)
    assert world.year.published_at == NOW
    assert get(client, world.officer, world, "ranking").status_code == 200


def test_what_is_missing_stands_beside_the_disabled_button(client):
    world = two_clusters(phase=Phase.APPROVING)
    for member in world.members[:3]:
        card_in(CardStatus.APPROVED, member)

    response = get(client, world.leader_signatory, world, "publication")
    posted = client.post(year_address("publication", world))

    assert "Đơn vị A4" in text_of(response).split("Đề nghị công bố")[0]
    assert "disabled" in content(response)
    assert posted.status_code == 200
    assert not world.year.pending_steps.exists()


def test_the_leader_does_not_confirm_the_own_proposal(client, world):
    client.force_login(world.leader_signatory)
    client.post(year_address("publication", world))

    response = client.post(year_address("publication_confirm", world))

    assert response.status_code == 403
    assert not Publication.objects.exists()


def test_results_that_changed_since_are_not_published(client, world):
    client.force_login(world.leader_signatory)
    client.post(year_address("publication", world))
    Membership.objects.filter(pk=world.member.pk).update(name="Đơn vị đổi tên")
    client.force_login(world.deputy_signatory)

    response = client.post(year_address("publication_confirm", world))

    assert response.status_code == 409
    assert not Publication.objects.exists()


def test_a_proposal_is_withdrawn(client, world):
    client.force_login(world.leader_signatory)
    client.post(year_address("publication", world))

    response = client.post(year_address("publication_withdraw", world))

    assert response.status_code == 302
    assert not world.year.pending_steps.filter(closed_at=None).exists()


def test_the_secretariat_publishes_only_where_there_is_no_deputy(client, world):
    client.force_login(world.secretariat)
    refused = client.post(year_address("publication", world))
    Membership.objects.filter(role=MemberRole.DEPUTY, year=world.year).update(role=MemberRole.MEMBER)
    allowed = client.post(year_address("publication", world))

    assert (refused.status_code, allowed.status_code) == (403, 302)


def test_the_page_keeps_the_record_of_publications_and_withdrawals(client, world):
    PublicationFactory(year=world.year, withdrawn_at=NOW, withdrawn_reason="Mở lại phiếu của Đơn vị A3")
    publish(world)

    words = text_of(get(client, world.officer, world, "publication"))

    assert "Lần công bố ngày 24/11/2021 đã bị rút ngày 24/11/2021: Mở lại phiếu của Đơn vị A3" in words
    assert f"{world.leader_signatory} đề nghị, {world.deputy_signatory} xác nhận" in words


def test_the_score_table_is_signed_by_the_delegate_while_there_is_one(client, world):
    before = text_of(get(client, world.secretariat, world, "ranking_print"))
    DelegationFactory(principal=world.leader, delegate_unit=world.deputy, delegate=world.deputy_signatory)
    within = text_of(get(client, world.secretariat, world, "ranking_print"))

    assert "KT. CỤM TRƯỞNG" not in before
    assert "KT. CỤM TRƯỞNG CỤM PHÓ" in " ".join(within.split())


def test_the_score_table_says_who_was_late_and_who_had_more_time(client, world):
    deadline = DeadlineFactory(year=world.year, due_at=SUBMITTED_AT - timedelta(days=2))
    more_time = deadline.due_at + timedelta(days=1)
    ExtensionFactory(deadline=deadline, membership=world.member, until=more_time, reason="Phục vụ đoàn kiểm tra.")

    words = " ".join(text_of(get(client, world.secretariat, world, "ranking_print")).split())

    assert "Đơn vị A3: được gia hạn gửi phiếu đến 19/11/2021 (Phục vụ đoàn kiểm tra); gửi phiếu chậm 1 ngày." in words
    assert "Đơn vị A2: gửi phiếu chậm 2 ngày." in words
