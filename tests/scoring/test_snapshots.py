"""What differs between two snapshots of a card, and how a form carries one."""

import json

import pytest

from scoring import snapshots
from scoring.enums import CardStatus
from scoring.models import ScoreLine
from scoring.services import scorecards
from scoring.sheets import load
from tests.scenarios import NOW
from tests.scoring.cards import card_in, reread, reviewing_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def card():
    return card_in(CardStatus.REVIEWED, reviewing_world().member)


def snapshot_of(card) -> str:
    return snapshots.of_card(load(reread(card)))


def changed(old: str, new: str) -> list[tuple[str, str, str, str]]:
    return [(one.code, one.stage, one.before, one.after) for one in snapshots.differences(old, new)]


def test_the_same_card_differs_in_nothing(card):
    assert changed(snapshot_of(card), snapshot_of(card)) == []


def test_a_lowered_line_differs_in_its_value_its_points_and_its_reason(card):
    old = snapshot_of(card)
    ScoreLine.objects.filter(scorecard=card, criterion__code="A1").update(
        final_value="80", final_points="24", final_reason="Đối chiếu <b>sổ</b>"
    )

    assert changed(old, snapshot_of(card)) == [
        ("A1", "final", "87", "80"),
        ("A1", "final", "26,10", "24,00"),
        ("A1", "final", "Đối chiếu sổ A1", "Đối chiếu <b>sổ</b>"),
    ]


def test_totals_stand_first_and_what_is_gone_is_a_dash(card):
    old = snapshot_of(card)
    scorecards.return_card(
        card=card,
        version=card.version,
        reason="Bổ sung minh chứng",
        codes=["B2"],
        by=reviewer_of(card),
        at=NOW,
    )

    found = changed(old, snapshot_of(card))

    assert found[0] == ("", "reviewed", "77,10", "–")
    assert ("", "final", "77,10", "–") in found
    assert ("B2", "reviewed", "15,00", "–") in found
    assert {stage for _code, stage, _before, _after in found} == {"reviewed", "final"}


def reviewer_of(card):
    year = card.membership.year
    return year.cluster.assignments.get(role="secretariat", unit=None).user


def test_a_line_that_one_of_the_two_does_not_have_is_compared_with_nothing(card):
    old = snapshot_of(card)
    shorter = json.loads(old)
    shorter["lines"] = [line for line in shorter["lines"] if line["code"] != "F1"]

    found = snapshots.differences(old, json.dumps(shorter))

    assert {one.code for one in found} == {"F1"}
    assert ("-10,00", "–") in {(one.before, one.after) for one in found}


def test_what_an_older_snapshot_did_not_know_is_no_change_as_long_as_it_is_not_so(card):
    old = json.loads(snapshot_of(card))
    new = json.loads(snapshot_of(card))
    for line in old["lines"]:
        line.pop("is_estimate", None)
    for line in new["lines"]:
        line["is_estimate"] = line["code"] == "A1"

    assert changed(json.dumps(old), json.dumps(new)) == [("A1", "", "Không", "Có")]


def test_values_are_read_in_the_words_of_their_criterion(card):
    old = snapshot_of(card)
    ScoreLine.objects.filter(scorecard=card, criterion__code="A3").update(final_value="1", final_points="20")

    [value, _points] = snapshots.differences(old, snapshot_of(card), lambda code, value: f"{code} bậc {value:.0f}")

    assert (value.before, value.after) == ("A3 bậc 2", "A3 bậc 1")


def test_a_sealed_snapshot_comes_back_only_with_its_own_digest(card):
    text = snapshot_of(card)
    sealed = snapshots.seal(text)

    assert snapshots.unseal(sealed, snapshots.digest(text)) == text
    assert snapshots.unseal(sealed, snapshots.digest(text + " ")) == ""
    assert len(sealed) < len(text) / 2


@pytest.mark.parametrize("sealed", ["", "x", "\x00", "eyJ4Ijox:1:2", "é" * 50])
def test_what_was_not_sealed_here_is_not_read(sealed):
    assert snapshots.unseal(sealed, snapshots.digest("x")) == ""
