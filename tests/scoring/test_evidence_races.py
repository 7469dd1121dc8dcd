"""Evidence sent eight times at once, and while the card is handed in."""

import pytest

from cluster_app.audit import verification
from cluster_app.lib import uploads
from members.models import StoredFile
from scoring.enums import CardStatus
from scoring.models import Evidence, Scorecard
from scoring.services import evidence, scorecards
from scoring.services.evidence import Shown
from tests.cluster_app.sample_uploads import pdf
from tests.scenarios import NOW, fresh
from tests.scoring.cards import card_in, line_of, reread, reviewing_world
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_file_added_by_eight_at_once_stands_once():
    world = reviewing_world()
    card = card_in(CardStatus.DRAFT, world.member)
    line_pk = line_of(card, "A1").pk
    shown = Shown(kind="file", upload=uploads.judge("Báo cáo.pdf", pdf()))

    outcomes = at_once(
        8, lambda number: evidence.add(card=card, line_pk=line_pk, shown=shown, by=fresh(world.officer), at=NOW)
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Evidence"] + ["Refused"] * 7
    assert (Evidence.objects.count(), StoredFile.objects.count()) == (1, 1)
    assert reread(card).version == card.version + 1


def test_evidence_against_submission_never_lands_on_a_submitted_card():
    world = reviewing_world()
    card = card_in(CardStatus.DRAFT, world.member)
    line_pk = line_of(card, "A1").pk

    def act(number):
        if number == 0:
            return scorecards.submit(card=card, version=card.version, by=fresh(world.signatory), at=NOW)
        shown = Shown(kind="link", url=f"https://a.example/{number}")
        return evidence.add(card=card, line_pk=line_pk, shown=shown, by=fresh(world.officer), at=NOW)

    outcomes = [type(outcome).__name__ for outcome in at_once(4, act)]

    is_submitted = Scorecard.objects.get().status == CardStatus.SUBMITTED
    assert outcomes[0] == ("Scorecard" if is_submitted else "Stale")
    assert outcomes[1:] == ["WrongState" if is_submitted else "Evidence"] * 3
    assert Evidence.objects.count() == (0 if is_submitted else 3)
    assert verification.verify().problem == ""
