"""What a second round keeps of the first: an accepted objection outlives the return of another line."""

from decimal import Decimal

import pytest

from scoring.enums import CardStatus
from scoring.services import estimates, lines, objections, scorecards
from scoring.services.objections import Outcome
from tests.factories.scoring import line_versions
from tests.scenarios import NOW
from tests.scoring.cards import card_in, line_of, reread, reviewing_world

pytestmark = pytest.mark.django_db

REASON = "Đã đối chiếu hồ sơ bổ sung"


def build_world():
    return reviewing_world()


def accepted_objection(world, code, value):
    """The reviewed card, after an objection to `code` was accepted with `value` by the leader."""
    card = card_in(CardStatus.REVIEWED, world.member)
    objection = objections.raise_(card=card, line_pk=line_of(card, code).pk, text=REASON, by=world.signatory, at=NOW)
    outcome = Outcome(is_accepted=True, reason=REASON, value=Decimal(value))
    objections.settle(
        objection=objection, version=reread(card).version, outcome=outcome, by=world.leader_signatory, at=NOW
    )
    return reread(card)


def review_again(world, card):
    """The card is submitted if need be, what is open is accepted as claimed, and the review concluded."""
    if card.status == CardStatus.RETURNED:
        card = scorecards.submit(card=card, version=card.version, by=world.signatory, at=NOW)
    lines.accept_as_claimed(card=card, code="", seen=line_versions(card), by=world.secretariat, at=NOW)
    card = reread(card)
    return reread(scorecards.conclude_review(card=card, version=card.version, by=world.secretariat, at=NOW))


def figures(card, code):
    line = line_of(card, code)
    return line.reviewed_value, line.final_value, line.final_points


def test_objection_accepted_keeps_what_was_reviewed_beside_the_final_value(world):
    card = accepted_objection(world, "A1", "95")

    assert figures(card, "A1") == (Decimal(87), Decimal(95), Decimal("28.50"))


def test_return_of_another_line_keeps_the_accepted_objection(world):
    card = accepted_objection(world, "A1", "95")
    card = scorecards.return_card(
        card=card, version=card.version, reason=REASON, codes=["A2"], by=world.secretariat, at=NOW
    )

    card = review_again(world, card)

    assert figures(card, "A1") == (Decimal(95), Decimal(95), Decimal("28.50"))
    assert line_of(card, "A1").reviewed_by == world.leader_signatory
    assert figures(card, "A2") == (Decimal(3), Decimal(3), Decimal(15))


def test_return_of_the_line_itself_begins_it_anew(world):
    card = accepted_objection(world, "A1", "90")
    card = scorecards.return_card(
        card=card, version=card.version, reason=REASON, codes=["A1"], by=world.secretariat, at=NOW
    )

    card = review_again(world, card)

    assert figures(card, "A1") == (Decimal(95), Decimal(95), Decimal("28.50"))


def test_return_of_the_whole_card_begins_every_line_anew(world):
    card = accepted_objection(world, "A1", "90")

    card = scorecards.return_card(card=card, version=card.version, reason=REASON, by=world.secretariat, at=NOW)

    assert {line.reviewed_value for line in card.lines.all()} == {None}


def test_replaced_estimate_keeps_the_accepted_objection_of_another_line(world):
    card = accepted_objection(world, "A1", "95")
    line = line_of(card, "A2")
    line.is_estimate = True
    line.save()
    estimates.replace(
        card=card,
        line_pk=line.pk,
        value=Decimal(4),
        note="Báo cáo số 40-BC/A3",
        version=line.version,
        by=world.signatory,
        at=NOW,
    )

    card = review_again(world, reread(card))

    assert figures(card, "A1") == (Decimal(95), Decimal(95), Decimal("28.50"))
    assert figures(card, "A2") == (Decimal(4), Decimal(4), Decimal(20))
