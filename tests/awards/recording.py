"""Recording commendations as the tests do."""

from datetime import date

from awards.enums import RecipientKind
from awards.services import commendations
from awards.services.commendations import CommendationFacts, DecisionFacts
from tests.factories.awards import AwardFormFactory
from tests.scenarios import NOW

DECISION = DecisionFacts(number="12-QĐ/BTC", decided_on=date(2021, 5, 20), signer="Trưởng ban")


def facts(world, **differences):
    row = {
        "membership": world.member,
        "award_form": AwardFormFactory(),
        "recipient_kind": RecipientKind.INDIVIDUAL,
        "recipient": "Cán bộ 017",
    }
    return CommendationFacts(**(row | differences))


def record(world, by=None, decision=DECISION, at=NOW, is_confirmed=False, **differences):
    return commendations.record(
        year=world.year,
        decision=decision,
        row=facts(world, **differences),
        by=by or world.officer,
        at=at,
        is_confirmed=is_confirmed,
    )
