"""Points that depend on the other units: computed for the whole cluster, approved only when all are known."""

from decimal import Decimal

import pytest
from django.db import connection

from cluster_app.audit.verification import verify
from cluster_app.lib.errors import WrongState
from members.enums import Phase, Standing
from scoring import relative
from scoring.enums import CardStatus, CriterionKind, Stage
from scoring.integrity import problems
from scoring.models import Approval, Scorecard, ScoreLine
from scoring.services import approvals, comparison, feeding, lines, publications, scorecards
from scoring.services.approvals import Seen
from tests.factories.scoring import ScorecardFactory, TargetFactory, amend, applied_set, put_into_log, seen
from tests.scenarios import NOW, two_clusters
from tests.scoring.cards import entry, line_of, reread

D = Decimal
pytestmark = pytest.mark.django_db


def compared_world(*, target: str | None = "100", kind: str = CriterionKind.RATIO_LEADER):
    """Four units in review; A1 (30 points) compares them."""
    world = two_clusters(phase=Phase.REVIEWING)
    criterion = applied_set(world.year).criteria.get(code="A1")
    amend(criterion, kind=kind, default_target=None if target is None else D(target), unit_of_measure="")
    world.cards = [
        ScorecardFactory(membership=member, submitted=True, self_values={"A1": (value, None)})
        for member, value in zip(world.members, ("150", "120", "80", "150"), strict=True)
    ]
    put_into_log(*world.cards)
    return world


def build_world():
    return compared_world()


def claim(card: Scorecard, value: int) -> None:
    """Lets the unit have claimed another value."""
    ScoreLine.objects.filter(scorecard=card, criterion__code="A1").update(self_value=D(value))
    put_into_log(card)


def conclude(world, card: Scorecard) -> None:
    """Agrees with the claim and concludes, as the secretary."""
    card = reread(card)
    versions = dict(card.lines.values_list("pk", "version"))
    lines.accept_as_claimed(card=card, code="", seen=versions, by=world.secretariat, at=NOW)
    card = reread(card)
    scorecards.conclude_review(card=card, version=card.version, by=world.secretariat, at=NOW)


def approve(card: Scorecard, by) -> Approval:
    version, digest = seen(card)
    return approvals.approve(seen=Seen(card.pk, version, digest), by=by, at=NOW)


def points(world, stage: str = Stage.FINAL) -> list[Decimal | None]:
    return [getattr(line_of(card, "A1"), f"{stage}_points") for card in world.cards]


def reopen(world, card: Scorecard) -> None:
    step = approvals.propose_reopening(
        card=reread(card), reason="Sai số liệu của một đơn vị", by=world.secretariat, at=NOW
    )
    approvals.confirm_reopening(card=reread(card), step=step, by=world.leader_signatory, at=NOW)


def test_a_compared_line_has_a_value_but_no_points_before_the_review(world):
    line = line_of(world.cards[0], "A1")

    lines.review(card=world.cards[0], entries=[entry(world.cards[0], "A1", D(140), "Sổ")], by=world.secretariat, at=NOW)

    line.refresh_from_db()
    assert (line.self_value, line.self_points, line.reviewed_value, line.reviewed_points) == (150, None, 140, None)


def test_points_follow_from_the_units_reviewed_so_far_and_then_from_all(world):
    conclude(world, world.cards[1])
    first = points(world)

    for card in (world.cards[0], world.cards[2], world.cards[3]):
        conclude(world, card)

    assert first == [None, D("30.00"), None, None]
    assert points(world) == [D("30.00"), D("21.00"), D("12.00"), D("30.00")]
    assert points(world) == points(world, Stage.REVIEWED)
    assert [reread(card).total_points for card in world.cards] == [D("86.00"), D("77.00"), D("68.00"), D("86.00")]


def test_everything_that_follows_is_in_the_log_and_stays_sound(world):
    for card in world.cards:
        conclude(world, card)

    assert verify().problem == ""
    assert list(problems()) == []


def test_recomputing_again_changes_nothing(world):
    for card in world.cards:
        conclude(world, card)

    assert comparison.recompute(year=world.year, by=world.secretariat, at=NOW) == []


@pytest.mark.parametrize("unit_count", [2, 9])
def test_recomputing_costs_the_same_for_2_and_9_units(unit_count, django_assert_num_queries):
    world = two_clusters(unit_count, phase=Phase.REVIEWING)
    amend(applied_set(world.year).criteria.get(code="A1"), kind=CriterionKind.RATIO_LEADER, unit_of_measure="")
    for place, member in enumerate(world.members):
        ScorecardFactory(membership=member, reviewed=True, reviewed_values={"A1": (str(101 + place), "1")})

    # The log takes a lock of its own on PostgreSQL.
    with django_assert_num_queries(14 if connection.vendor == "postgresql" else 13):
        changed = comparison.recompute(year=world.year, by=world.secretariat, at=NOW)

    assert len(changed) == unit_count


def test_a_unit_not_in_good_standing_measures_nobody_and_does_not_exceed_the_maximum(world):
    world.members[0].standing, world.members[0].standing_reason = Standing.DISQUALIFIED, "Không ký giao ước"
    world.members[0].save()
    claim(world.cards[0], 300)

    for card in world.cards:
        conclude(world, card)

    assert points(world) == [D("30.00"), D("21.00"), D("12.00"), D("30.00")]


def test_a_line_that_is_not_assigned_takes_no_part(world):
    card = world.cards[0]
    lines.set_assigned(
        card=card,
        line_pk=line_of(card, "A1").pk,
        is_assigned=False,
        reason="Không giao chỉ tiêu năm nay",
        by=world.secretariat,
        at=NOW,
    )
    claim(world.cards[3], 120)

    for one in world.cards:
        conclude(world, one)

    assert points(world) == [D("30.00"), D("30.00"), D("12.00"), D("30.00")]


def test_results_without_a_target_are_compared_among_themselves():
    world = compared_world(target="100", kind=CriterionKind.RATIO)
    criterion = line_of(world.cards[0], "A1").criterion
    for member, value in zip(world.members, (0, 0, 100, 0), strict=True):
        TargetFactory(membership=member, criterion=criterion, value=D(value))
    ScoreLine.objects.filter(scorecard=world.cards[2], criterion__code="A1").update(self_points=D("24.00"))
    put_into_log(world.cards[2])

    for card in world.cards:
        conclude(world, card)

    assert points(world) == [D("30.00"), D("24.00"), D("24.00"), D("30.00")]
    assert relative.open_codes(world.year) == ["A1"]


def test_no_card_is_approved_before_every_card_in_good_standing_is_reviewed(world):
    for card in world.cards[1:]:
        conclude(world, card)

    with pytest.raises(WrongState) as refused:
        approve(world.cards[2], world.leader_signatory)

    assert "A1" in refused.value.message
    assert world.members[0].short_name in refused.value.message
    conclude(world, world.cards[0])
    assert approve(world.cards[2], world.leader_signatory).pk


def test_reopening_one_card_revokes_the_approvals_of_the_year_and_of_no_other(world):
    for card in world.cards:
        conclude(world, card)
    for card in world.cards[1:]:
        approve(card, world.leader_signatory)
    foreign = ScorecardFactory(membership=world.foreign.member, approved=True)

    reopen(world, world.cards[2])

    assert [reread(card).status for card in world.cards] == [CardStatus.REVIEWED] * 4
    assert list(Approval.objects.filter(revoked_at__isnull=True)) == [foreign.approvals.get()]
    assert set(Approval.objects.filter(revoked_at__isnull=False).values_list("revoked_reason", flat=True)) == {
        "Sai số liệu của một đơn vị"
    }


def test_a_card_is_not_returned_from_under_approved_ones(world):
    for card in world.cards:
        conclude(world, card)
    approve(world.cards[2], world.leader_signatory)
    card = reread(world.cards[0])

    with pytest.raises(WrongState):
        scorecards.return_card(
            card=card, version=card.version, reason="Thiếu sổ theo dõi", by=world.secretariat, at=NOW
        )


def test_returning_a_card_lets_the_others_follow(world):
    for card in world.cards:
        conclude(world, card)

    for place in (0, 3):
        card = reread(world.cards[place])
        scorecards.return_card(
            card=card, version=card.version, reason="Thiếu sổ theo dõi", by=world.secretariat, at=NOW
        )

    assert points(world) == [None, D("30.00"), D("12.00"), None]
    assert verify().problem == ""


def test_a_standing_restored_after_the_review_is_taken_in_by_one_button(world):
    best = world.members[0]
    best.standing, best.standing_reason = Standing.SUSPENDED, "Chờ kết luận"
    best.save()
    claim(world.cards[0], 200)
    for card in world.cards:
        conclude(world, card)
    best.standing, best.standing_reason = Standing.GOOD, ""
    best.save()

    with pytest.raises(WrongState):
        approve(world.cards[1], world.leader_signatory)
    feeding.refresh(card_pk=world.cards[1].pk, by=world.secretariat, at=NOW)

    assert points(world) == [D("30.00"), D("18.00"), D("12.00"), D("22.50")]
    assert approve(world.cards[1], world.leader_signatory).pk


def test_outdated_points_stand_against_publishing(world):
    for card in world.cards:
        conclude(world, card)
    for card in world.cards[1:]:
        approve(card, world.leader_signatory)
    approve(world.cards[0], world.deputy_signatory)
    assert publications.missing_for_publication(world.year) == []

    world.members[0].standing, world.members[0].standing_reason = Standing.SUSPENDED, "Chờ kết luận"
    world.members[0].save()
    world.members[3].standing, world.members[3].standing_reason = Standing.SUSPENDED, "Chờ kết luận"
    world.members[3].save()
    year = type(world.year).objects.get(pk=world.year.pk)

    assert len(publications.missing_for_publication(year)) == 1


def test_a_unit_restored_after_the_approvals_needs_a_reopening_and_says_so(world):
    """Its card would raise the measure of cards that are approved already."""
    best = world.members[0]
    best.standing, best.standing_reason = Standing.SUSPENDED, "Chờ kết luận"
    best.save()
    claim(world.cards[0], 200)
    for card in world.cards[1:]:
        conclude(world, card)
    approve(world.cards[1], world.leader_signatory)
    best.standing, best.standing_reason = Standing.GOOD, ""
    best.save()

    with pytest.raises(WrongState):
        conclude(world, world.cards[0])
    reopen(world, world.cards[1])
    conclude(world, world.cards[0])

    assert points(world) == [D("30.00"), D("18.00"), D("12.00"), D("22.50")]


def test_a_return_that_names_another_line_leaves_no_stale_points(world):
    for card in world.cards:
        conclude(world, card)
    card = reread(world.cards[0])

    scorecards.return_card(
        card=card, version=card.version, reason="Thiếu sổ theo dõi", codes=["B1"], by=world.secretariat, at=NOW
    )

    line = line_of(card, "A1")
    assert (line.reviewed_value, line.reviewed_points, line.final_points) == (150, None, None)
    assert list(problems()) == []
