"""Pasting on the pages: shown first, stored as a whole, undone once; and last year's figures beside the lines."""

import re

import pytest

from members.enums import Phase
from scoring.enums import CardStatus
from scoring.services import lines
from tests.factories.members import EmulationYearFactory, MembershipFactory
from tests.factories.scoring import ScorecardFactory, amend
from tests.scenarios import CANARY, NOW, two_clusters
from tests.scoring.cards import card_in, entry, line_of, reread, reviewing_world, state_of
from tests.scoring.pages import address, content, row_of, text_of

pytestmark = pytest.mark.django_db


def build_world():
    return reviewing_world()


@pytest.fixture
def card(world, client):
    client.force_login(world.officer)
    return card_in(CardStatus.DRAFT, world.member)


def paste(client, card, text, **more):
    return client.post(address("scorecard_paste", card), {"text": text} | more)


def confirm(client, card, shown):
    sealed = re.search(r'name="sealed" value="([^"]+)"', content(shown))[1]
    return client.post(address("scorecard_paste", card), {"sealed": sealed, "text": "A1\t80"})


# --- shown, stored, undone ---


def test_a_paste_is_shown_and_changes_nothing_before_it_is_confirmed(client, card):
    before = state_of(card)

    response = paste(client, card, "A1\t80\tBC 12\nA2\t4")

    words = text_of(response)
    assert "95 % → 80 %" in words
    assert "Theo báo cáo số A1 → BC 12" in words
    assert "3 đề án → 4 đề án" in words
    assert state_of(card) == before


def test_a_confirmed_paste_is_stored_and_can_be_undone_once(client, card):
    values = [line_of(card, code).self_value for code in ("A1", "A2")]

    stored = confirm(client, card, paste(client, card, "A1\t80\tBC 12\nA2\t4"))
    after = [str(line_of(card, code).self_value) for code in ("A1", "A2")]
    page = client.get(address("scorecard_detail", card))
    undone = client.post(address("paste_undo", card))
    again = client.post(address("paste_undo", card))

    assert (stored.status_code, undone.status_code, again.status_code) == (302, 302, 409)
    assert after == ["80.00", "4.00"]
    assert f'action="{address("paste_undo", card)}"' in content(page)
    assert [line_of(card, code).self_value for code in ("A1", "A2")] == values
    assert line_of(card, "A1").self_note == "Theo báo cáo số A1"
    assert address("paste_undo", card) not in content(client.get(address("scorecard_detail", card)))


def test_a_mark_of_an_estimate_comes_back_with_the_undo(client, card):
    card.lines.filter(criterion__code="A1").update(is_estimate=True)
    confirm(client, card, paste(client, card, "A1\t80"))

    client.post(address("paste_undo", card))

    assert line_of(card, "A1").is_estimate


def test_a_paste_that_was_worked_on_since_is_not_undone(client, world, card):
    confirm(client, card, paste(client, card, "A1\t80\nA2\t4"))
    lines.fill(card=card, entries=[entry(card, "A1", 70, "Sửa tay")], by=world.officer, at=NOW)
    before = state_of(card)

    page = client.get(address("scorecard_detail", card))
    response = client.post(address("paste_undo", card))

    assert address("paste_undo", card) not in content(page)
    assert response.status_code == 409
    assert state_of(card) == before


def test_another_persons_paste_is_not_undone(client, world, card):
    confirm(client, card, paste(client, card, "A1\t80"))
    client.force_login(world.signatory)
    before = state_of(card)

    assert client.post(address("paste_undo", card)).status_code == 409
    assert state_of(card) == before


def test_one_wrong_cell_stops_all_and_what_was_pasted_is_kept(client, card):
    before = state_of(card)

    response = paste(client, card, "A1\t80\nA2\t8.75")

    assert "sealed" not in content(response)
    assert "A2\t8.75</textarea>" in content(response)
    assert "8,75" in row_of(response, "pasted-2")
    assert state_of(card) == before


def test_a_line_changed_after_the_preview_is_not_overwritten(client, world, card):
    shown = paste(client, card, "A1\t80")
    lines.fill(card=card, entries=[entry(card, "A1", 70, "Ở máy khác")], by=world.signatory, at=NOW)
    before = state_of(card)

    response = confirm(client, card, shown)

    assert response.status_code == 200
    assert "A1" in text_of(response)
    assert "70 % → 80 %" in text_of(response)
    assert state_of(card) == before


def test_a_preview_of_somebody_else_or_of_another_card_is_not_taken(client, world, card):
    shown = paste(client, card, "A1\t80")
    client.force_login(world.other_officer)
    other = card_in(CardStatus.DRAFT, world.other)
    before = state_of(card), state_of(other)

    confirm(client, other, shown)

    assert (state_of(card), state_of(other)) == before


def test_a_column_pasted_into_a_cell_begins_at_its_line(client, card):
    response = paste(client, card, "4\nKhá", start=str(line_of(card, "A2").pk))

    words = text_of(response)
    assert "3 đề án → 4 đề án" in words
    assert "Tốt → Khá" in words


@pytest.mark.parametrize("start", ["x", "9" * 30, "-1", "999999999"])
def test_a_broken_start_begins_at_the_first_line(client, card, start):
    assert "95 % → 80 %" in text_of(paste(client, card, "80", start=start))


def test_markup_in_a_cell_stays_text(client, card):
    assert "<img src=x" not in content(paste(client, card, "A1\t<img src=x onerror=hurt()>"))


@pytest.mark.parametrize("phase", [Phase.CONCLUDED, Phase.ARCHIVED])
def test_a_closed_year_is_not_pasted_into(client, phase):
    world = two_clusters(phase=phase)
    card = card_in(CardStatus.DRAFT, world.member)
    client.force_login(world.officer)

    assert paste(client, card, "A1\t80").status_code == 409


def test_a_submitted_card_is_not_pasted_into(client, world):
    card = card_in(CardStatus.SUBMITTED, world.member)
    client.force_login(world.officer)

    assert paste(client, card, "A1\t80").status_code == 409
    assert client.get(address("scorecard_paste", card)).status_code == 409


def test_the_secretariat_pastes_once_the_signed_paper_is_recorded(client, world, card):
    client.force_login(world.secretariat)

    assert paste(client, card, "A1\t80").status_code == 409


# --- the year before ---


@pytest.fixture
def before(world):
    """The year 2020 of the same cluster: the unit's own card, and one of another unit; in the other cluster too."""
    year = EmulationYearFactory(cluster=world.cluster, year=2020, phase=Phase.ARCHIVED)
    own = card_in(CardStatus.REVIEWED, MembershipFactory(year=year, unit=world.member.unit))
    other = card_in(CardStatus.REVIEWED, MembershipFactory(year=year, unit=world.other.unit))
    foreign_year = EmulationYearFactory(cluster=world.foreign.cluster, year=2020)
    foreign = card_in(CardStatus.REVIEWED, MembershipFactory(year=foreign_year, unit=world.foreign.member.unit))
    for card in (other, foreign):
        card.lines.update(self_note=CANARY)
    own.lines.filter(criterion__code="A1").update(self_note="Báo cáo năm trước")
    return own


def test_the_year_before_stands_beside_each_line(client, world, card, before):
    response = client.get(address("scorecard_detail", card))

    assert "Năm 2020: 87 % · 26,10 điểm · Báo cáo năm trước" in row_of(response, "line-A1")
    assert "Năm 2020: Tốt · 16,00 điểm" in row_of(response, "line-A3")
    assert CANARY not in content(response)


def test_a_card_that_was_not_reviewed_shows_what_was_self_scored(client, world, card, before):
    before.lines.filter(criterion__code="A1").update(final_points=None, final_value=None)

    assert "Năm 2020: 95 % · 28,50 điểm" in row_of(client.get(address("scorecard_detail", card)), "line-A1")


def test_a_code_that_stood_for_something_else_says_so(client, world, card, before):
    amend(before.lines.get(criterion__code="A2").criterion, title="Văn bản đã ban hành", unit_of_measure="văn bản")

    words = row_of(client.get(address("scorecard_detail", card)), "line-A2")

    assert "Năm 2020 (“Văn bản đã ban hành”): 2 văn bản · 10,00 điểm" in words


@pytest.mark.parametrize("name", ["other_officer", "leader_signatory"])
def test_who_may_not_see_the_older_card_does_not_see_it_here(client, world, before, name):
    card = card_in(CardStatus.SUBMITTED, world.member)
    for member in (world.leader, world.deputy, world.other):
        card_in(CardStatus.SUBMITTED, member)
    client.force_login(getattr(world, name))

    assert "Năm 2020" not in content(client.get(address("scorecard_detail", card)))


def test_the_reviewer_sees_it_too(client, world, before):
    card = card_in(CardStatus.SUBMITTED, world.member)
    client.force_login(world.secretariat)

    assert "Năm 2020: 87 %" in row_of(client.get(address("scorecard_review", card)), "line-A1")


def test_a_new_unit_has_no_year_before(client, world, before):
    card = reread(ScorecardFactory(membership=world.deputy))
    client.force_login(world.signatories[1])

    assert "Năm 2020" not in content(client.get(address("scorecard_detail", card)))
