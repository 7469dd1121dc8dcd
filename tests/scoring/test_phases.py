"""What score cards ask of the year before it moves on, and what its moves do."""

import pytest

from cluster_app.lib.errors import NotAllowed, Refused, WrongState
from members.enums import PendingKind, Phase
from members.models import Membership
from members.services import pending, years
from scoring.enums import CardStatus
from scoring.models import Scorecard
from scoring.services import phases
from tests.factories.scoring import CriteriaSetFactory, PublicationFactory, ScorecardFactory, applied_set
from tests.scenarios import NOW, two_clusters
from tests.scoring.cards import card_in, outcome

pytestmark = pytest.mark.django_db


def advance(world, user=None):
    return phases.advance(year=world.year, by=user or world.secretariat, at=NOW)


def test_self_scoring_needs_an_applied_set():
    world = two_clusters(phase=Phase.RUNNING)
    CriteriaSetFactory(year=world.year, small=True)

    with pytest.raises(Refused) as refused:
        advance(world)

    assert len(refused.value.missing) == 1
    assert not Scorecard.objects.exists()


@pytest.mark.parametrize("move", [phases.advance, years.move])
def test_entering_self_scoring_opens_a_card_for_every_unit_on_whatever_page(move):
    world = two_clusters(phase=Phase.RUNNING)
    applied_set(world.year)
    target = {} if move is phases.advance else {"to": Phase.SELF_SCORING}

    move(year=world.year, by=world.secretariat, at=NOW, **target)

    assert [card.membership.unit.code for card in Scorecard.objects.order_by("pk")] == ["A1", "A2", "A3", "A4"]


def test_only_the_secretariat_moves_the_year_on():
    world = two_clusters(phase=Phase.SELF_SCORING)

    found = {name: outcome(lambda user=user: advance(world, user)) for name, user in world.people().items()}

    assert found == {
        "of": "3", "sg": "3", "ot": "3", "fo": "4", "L": "3", "D": "3", "S": "Y", "R": "3", "O": "4",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("phase", "late", "enough"),
    [
        (Phase.REVIEWING, CardStatus.SUBMITTED, CardStatus.REVIEWED),
        (Phase.APPROVING, CardStatus.REVIEWED, CardStatus.APPROVED),
    ],
)
def test_the_year_waits_for_every_card_of_a_ranked_unit(phase, late, enough):
    world = two_clusters(phase=phase)
    for member in (world.leader, world.deputy):
        card_in(enough, member)
    waiting = card_in(late, world.member)
    Membership.objects.filter(pk=world.other.pk).update(standing="suspended", standing_reason="Đang xem xét")

    with pytest.raises(Refused) as refused:
        advance(world)

    assert [world.member.short_name in text for text in refused.value.missing] == [True]
    waiting.lines.all().delete()
    waiting.delete()
    ScorecardFactory(membership=world.member, **{enough: True})
    assert advance(two_clusters_again(world)).phase != phase


def two_clusters_again(world):
    """The same world with what the next request would read of the year."""
    world.year = type(world.year).objects.select_related("cluster", "rules").get(pk=world.year.pk)
    return world


def test_concluding_needs_published_results_and_two_units():
    world = two_clusters(phase=Phase.CONFERENCE)

    with pytest.raises(Refused):
        phases.propose_closing(year=world.year, by=world.leader_signatory, at=NOW)

    PublicationFactory(year=world.year)
    world.year.published_at = NOW
    world.year.save()
    step = phases.propose_closing(year=world.year, by=world.leader_signatory, at=NOW)
    with pytest.raises(NotAllowed):
        phases.confirm_closing(year=world.year, step=step, by=world.leader_signatory, at=NOW)
    closed = phases.confirm_closing(year=world.year, step=step, by=world.deputy_signatory, at=NOW)
    assert closed.phase == Phase.CONCLUDED
    assert pending.open_step(PendingKind.CONCLUDE, world.year) is None


def test_one_person_does_not_conclude_the_year_by_advancing_it():
    world = two_clusters(phase=Phase.CONFERENCE)

    with pytest.raises(WrongState):
        advance(world)
