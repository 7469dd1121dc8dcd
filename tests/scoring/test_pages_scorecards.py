"""The list of cards, one card to read, and its print: who sees what, at which price."""

import pytest
from django.urls import reverse

from cluster_app.documents import freezing
from members.addresses import year_url
from members.enums import Phase
from scoring.enums import CardStatus
from scoring.models import Scorecard
from tests.factories.awards import PledgeItemFactory
from tests.factories.members import DeadlineFactory, ExtensionFactory
from tests.factories.scoring import TargetFactory
from tests.scenarios import CANARY, NOW, two_clusters
from tests.scoring.cards import card_in, reviewing_world
from tests.scoring.pages import address, content, row_of, text_of, year_address

pytestmark = pytest.mark.django_db

FIGURES = ("84,50", "77,10", "7/7")


def build_world():
    """One card in each status; the unit `member` waits for its review, the unit `other` is approved."""
    world = two_clusters(5, phase=Phase.REVIEWING)
    statuses = (CardStatus.REVIEWED, CardStatus.RETURNED, CardStatus.SUBMITTED, CardStatus.APPROVED)
    for status, member in zip(statuses, world.members, strict=False):
        card_in(status, member)
    card_in(CardStatus.SUBMITTED, world.foreign.member)
    return world


def cards_page(client, world, user):
    client.force_login(user)
    return client.get(year_address("scorecard_list", world))


# --- the list ---


def test_the_secretariat_sees_every_unit_with_its_figures(client, world):
    response = cards_page(client, world, world.secretariat)

    assert row_of(response, "Đơn vị A1") == "Đơn vị A1 Cụm trưởng Đã thẩm định 7/7 84,50 77,10 77,10"
    assert row_of(response, "Đơn vị A3") == "Đơn vị A3 Đã gửi 7/7 84,50 – –"
    assert CANARY not in content(response)


def test_a_unit_sees_of_the_others_status_and_days_late_only(client, world):
    DeadlineFactory(year=world.year, due_at=NOW.replace(month=11, day=18))

    response = cards_page(client, world, world.other_signatory)

    assert row_of(response, "Đơn vị A1") == "Đơn vị A1 Cụm trưởng Đã thẩm định chậm 2 ngày"
    own = row_of(response, "Đơn vị A4")
    assert all(figure in own for figure in FIGURES)
    assert content(response).count("84,50") == 1
    assert content(response).count("/scorecards/A1/") == 0


def test_a_unit_does_not_see_its_review_while_it_goes_on(client, world):
    card = Scorecard.objects.get(membership=world.member)
    Scorecard.objects.filter(pk=card.pk).update(reviewed_total="61.23")

    response = cards_page(client, world, world.signatory)

    assert "61,23" not in content(response)


def test_the_leader_sees_another_card_once_both_are_submitted(client, world):
    Scorecard.objects.filter(membership=world.leader).update(status=CardStatus.DRAFT, submitted_at=None)

    before = row_of(cards_page(client, world, world.leader_signatory), "Đơn vị A3")
    Scorecard.objects.filter(membership=world.leader).update(submitted_at=NOW)
    after = row_of(cards_page(client, world, world.leader_signatory), "Đơn vị A3")

    assert ("84,50" in before, "84,50" in after) == (False, True)


def test_a_unit_without_a_card_is_listed_without_a_link(client, world):
    response = cards_page(client, world, world.secretariat)

    assert row_of(response, "Đơn vị A5") == "Đơn vị A5 Chưa mở phiếu"
    assert "/scorecards/A5/" not in content(response)


def test_the_primary_action_is_the_own_card(client, world):
    response = cards_page(client, world, world.officer)

    own = address("scorecard_detail", Scorecard.objects.get(membership=world.member))
    assert f'class="btn btn-primary" href="{own}"' in content(response)


def test_an_extension_counts(client, world):
    deadline = DeadlineFactory(year=world.year, due_at=NOW.replace(day=18))
    ExtensionFactory(deadline=deadline, membership=world.member, until=NOW.replace(day=26))

    response = cards_page(client, world, world.secretariat)

    assert "chậm" not in row_of(response, "Đơn vị A3")
    assert "chậm" in row_of(response, "Đơn vị A4")


@pytest.mark.parametrize("unit_count", [2, 9])
def test_the_list_costs_the_same_for_2_and_9_units(client, unit_count, django_assert_num_queries):
    world = reviewing_world(unit_count)
    DeadlineFactory(year=world.year)
    for member in world.members:
        card_in(CardStatus.SUBMITTED, member)
    client.force_login(world.secretariat)

    with django_assert_num_queries(7):
        client.get(year_address("scorecard_list", world))


# --- one card ---


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (CardStatus.DRAFT, "Lưu"),
        (CardStatus.SUBMITTED, "Phiếu đang được thẩm định"),
        (CardStatus.RETURNED, "Bổ sung số văn bản của A2"),
        (CardStatus.REVIEWED, "Đối chiếu sổ A1"),
        (CardStatus.APPROVED, "Phiếu đã khóa"),
    ],
)
def test_the_unit_sees_its_card_in_every_status(client, status, words):
    world = reviewing_world()
    card = card_in(status, world.member)
    client.force_login(world.officer)

    response = client.get(address("scorecard_detail", card))

    assert response.status_code == 200
    assert words in text_of(response)
    assert "Theo báo cáo số A1" in content(response)


@pytest.mark.parametrize(
    ("status", "is_form"),
    [
        (CardStatus.DRAFT, True),
        (CardStatus.SUBMITTED, False),
        (CardStatus.RETURNED, True),
        (CardStatus.REVIEWED, False),
        (CardStatus.APPROVED, False),
    ],
)
def test_inputs_stand_only_where_something_can_be_written(client, status, is_form):
    world = reviewing_world()
    card = card_in(status, world.member)
    client.force_login(world.officer)

    response = client.get(address("scorecard_detail", card))

    assert ('name="value-' in content(response)) is is_form


@pytest.mark.parametrize("name", ["observer", "leader_signatory"])
def test_who_only_reads_gets_no_inputs(client, name):
    world = reviewing_world()
    card_in(CardStatus.SUBMITTED, world.leader)
    card = card_in(CardStatus.RETURNED, world.member)
    client.force_login(getattr(world, name))

    response = client.get(address("scorecard_detail", card))

    assert response.status_code == 200
    assert 'name="value-' not in content(response)


def test_a_draft_of_another_unit_is_refused_with_the_reason(client):
    world = reviewing_world()
    card = card_in(CardStatus.DRAFT, world.member)
    client.force_login(world.other_signatory)

    response = client.get(address("scorecard_detail", card))

    assert response.status_code == 403
    assert "công bố" in text_of(response)
    assert "Theo báo cáo số A1" not in content(response)


def test_after_the_publication_every_unit_reads_every_card(client):
    world = two_clusters(phase=Phase.CONFERENCE)
    card = card_in(CardStatus.APPROVED, world.member)
    world.year.published_at = NOW
    world.year.save()
    client.force_login(world.other_officer)

    assert "77,10" in content(client.get(address("scorecard_detail", card)))


def test_the_changed_lines_alone(client, world):
    client.force_login(world.secretariat)
    url = address("scorecard_detail", Scorecard.objects.get(membership=world.leader))

    every, changed = client.get(url), client.get(url, {"changed": "1"})

    assert [code for code in ("A1", "A2", "A3", "B1", "B2", "E1", "F1") if f'id="line-{code}"' in content(changed)] == [
        "A1",
        "A2",
    ]
    assert 'id="line-B"' in content(every)
    assert 'id="line-B"' not in content(changed)
    assert row_of(changed, "line-A1") == (
        "A1 Tỷ lệ nhiệm vụ hoàn thành Cách tính điểm A1 Chỉ tiêu: 100 % 30,00 28,50 95 % 26,10 87 % -2,40 26,10 "
        "Theo báo cáo số A1 30,00 × 87 / 100 = 26,10. Người thẩm định: Đối chiếu sổ A1"
    )


def test_a_card_that_the_review_did_not_change_says_so(client):
    world = reviewing_world()
    card = card_in(CardStatus.REVIEWED, world.member, reviewed_values={"A1": ("95", "28.50"), "A2": ("3", "15")})
    client.force_login(world.secretariat)

    response = client.get(address("scorecard_detail", card), {"changed": "1"})

    assert 'id="line-A1"' not in content(response)
    assert "77,10" not in content(response)


@pytest.mark.parametrize("name", ["officer", "secretariat"])
def test_a_target_leads_to_the_promise_it_comes_from(client, name):
    world = reviewing_world()
    card = card_in(CardStatus.DRAFT, world.member)
    item = PledgeItemFactory(pledge__year=world.year, order=4, target_value=100)
    TargetFactory(
        membership=world.member, criterion=card.lines.get(criterion__code="A1").criterion, value=None, pledge_item=item
    )
    client.force_login(getattr(world, name))

    page = content(client.get(address("scorecard_detail", card)))

    assert f'{year_url("awards:pledge_detail", world.year)}#item-4">' in page


@pytest.mark.parametrize("unit_count", [2, 9])
@pytest.mark.parametrize(("status", "queries"), [(CardStatus.DRAFT, 13), (CardStatus.APPROVED, 17)])
def test_a_card_costs_the_same_for_2_and_9_units(client, unit_count, status, queries, django_assert_num_queries):
    world = reviewing_world(unit_count)
    DeadlineFactory(year=world.year)
    for member in world.members:
        card = card_in(status, member)
    client.force_login(world.signatories[-1])

    with django_assert_num_queries(queries):
        client.get(address("scorecard_detail", card))


@pytest.mark.parametrize(
    ("name", "is_led"), [("leader_signatory", True), ("deputy_signatory", False), ("observer", False)]
)
def test_who_may_approve_is_led_to_the_approval_in_the_administration(client, name, is_led):
    world = reviewing_world()
    for member in (world.leader, world.deputy):
        card_in(CardStatus.REVIEWED, member)
    card = card_in(CardStatus.REVIEWED, world.member)
    client.force_login(getattr(world, name))

    response = client.get(address("scorecard_detail", card))

    assert response.status_code == 200
    assert (reverse("admin:scoring_scorecard_change", args=[card.pk]) in content(response)) is is_led


# --- the print ---


def test_a_print_before_approval_says_that_it_is_provisional(client, world):
    client.force_login(world.secretariat)

    response = client.get(address("scorecard_print", Scorecard.objects.get(membership=world.leader)))

    words = text_of(response)
    assert "BẢN TẠM TÍNH" in words
    assert "SỐ LIỆU MINH HỌA" not in words
    assert "THỦ TRƯỞNG ĐƠN VỊ" in words
    assert "Thẩm định: Đối chiếu sổ A1" in words
    assert words.count("26,10") == 2


def test_a_print_after_approval_carries_the_code_of_the_approval(client, world):
    card = Scorecard.objects.get(membership=world.other)
    client.force_login(world.other_signatory)

    words = text_of(client.get(address("scorecard_print", card)))

    assert f"mã {freezing.code(card.approvals.get().digest)}" in words
    assert "Cụm trưởng (Đơn vị A1) phê duyệt ngày 24/11/2021" in words
    assert "BẢN TẠM TÍNH" not in words


def test_a_print_of_illustrative_data_says_so_in_vietnamese_whatever_the_language(client, world):
    world.cluster.is_illustrative = True
    world.cluster.save()
    world.secretariat.language = "en"
    world.secretariat.save()
    client.force_login(world.secretariat)

    words = text_of(client.get(address("scorecard_print", Scorecard.objects.get(membership=world.leader))))

    assert "SỐ LIỆU MINH HỌA" in words
    assert "Tình trạng: Đã thẩm định" in words
    assert "Achieved" not in words


def test_the_unit_prints_its_card_without_the_review_that_goes_on(client, world):
    card = Scorecard.objects.get(membership=world.member)
    card.lines.filter(criterion__code="A1").update(
        reviewed_value=80, reviewed_points="24.00", reviewed_reason="Đang đối chiếu"
    )
    client.force_login(world.officer)

    words = text_of(client.get(address("scorecard_print", card)))

    assert "28,50" in words
    assert "24,00" not in words
    assert "Đang đối chiếu" not in words


def test_criteria_are_shown_with_both_texts(client, world):
    client.force_login(world.officer)

    response = client.get(year_address("criteria", world))

    assert row_of(response, "A3") == (
        "A3 Chất lượng tham mưu Theo mức Xuất sắc: 20,00 Tốt: 16,00 Khá: 10,00 Không đạt: 0,00 20,00 "
        "Cách tính điểm A3 Minh chứng A3"
    )


def test_a_year_without_an_applied_set_says_the_next_step(client):
    world = reviewing_world()
    client.force_login(world.officer)

    response = client.get(year_address("criteria", world))

    assert response.status_code == 200
    assert "<table" not in content(response)


def test_secretariat_copies_a_reminder_for_the_units_that_are_late(client):
    world = reviewing_world()
    DeadlineFactory(year=world.year)
    card_in(CardStatus.DRAFT, world.member)
    card_in(CardStatus.SUBMITTED, world.other)

    text = cards_page(client, world, world.secretariat).context["late_text"]

    head, line = text.splitlines()
    assert "2021" in head
    assert line.startswith("1. Đơn vị A3: ")
    assert "22/11/2021, 23:59" in line
    assert "7/7" in line
    assert "Đơn vị A4" not in text


@pytest.mark.parametrize("name", ["signatory", "leader_signatory", "observer"])
def test_nobody_else_gets_the_reminder(client, name):
    world = reviewing_world()
    DeadlineFactory(year=world.year)
    card_in(CardStatus.DRAFT, world.member)

    response = cards_page(client, world, getattr(world, name))

    assert response.context["late_text"] == ""
    assert "late-text" not in content(response)


def test_without_late_units_there_is_nothing_to_copy(client):
    world = reviewing_world()
    DeadlineFactory(year=world.year)
    card_in(CardStatus.SUBMITTED, world.member)

    assert "late-text" not in content(cards_page(client, world, world.secretariat))


def test_card_says_why_its_unit_has_more_time(client):
    world = reviewing_world()
    ExtensionFactory(deadline=DeadlineFactory(year=world.year), membership=world.member, reason="Phục vụ đoàn kiểm tra")
    card = card_in(CardStatus.DRAFT, world.member)
    client.force_login(world.officer)

    assert "Phục vụ đoàn kiểm tra" in content(client.get(address("scorecard_detail", card)))
