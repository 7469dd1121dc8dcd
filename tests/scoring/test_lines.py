"""Filling in and reviewing: who may, what is stored, what is refused; points and totals follow."""

from contextlib import suppress
from decimal import Decimal

import pytest

from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, Stale, WrongState
from members.enums import NotAssignedRule, Phase, RankingBasis
from scoring import offices
from scoring.enums import CardStatus, Stage
from scoring.models import Target
from scoring.services import lines, targets
from tests.factories.scoring import ScorecardFactory, TargetFactory, amend, line_versions
from tests.scenarios import NOW, two_clusters
from tests.scoring.cards import card_in, entry, line_of, record_paper, reread, reviewing_world, state_of, truth_table

pytestmark = pytest.mark.django_db

D = Decimal


def build_world():
    return reviewing_world()


def fill(card, user, *entries):
    return lines.fill(card=card, entries=entries, by=user, at=NOW)


def review(card, user, *entries):
    return lines.review(card=card, entries=entries, by=user, at=NOW)


def fill_one(card, user):
    return fill(card, user, entry(card, "A1", D("50"), "Theo sổ"))


def fill_one_from_paper(card, user):
    with suppress(NotAllowed, WrongState):
        record_paper(card, user)
    return fill_one(card, user)


def test_the_secretariat_fills_in_which_status_once_the_signed_paper_is_recorded(world):
    found = truth_table(world, fill_one_from_paper, people={"S": world.secretariat, "R": world.observer})

    assert found == {
        CardStatus.DRAFT: "Y 3",
        CardStatus.SUBMITTED: "W 3",
        CardStatus.RETURNED: "Y 3",
        CardStatus.REVIEWED: "W 3",
        CardStatus.APPROVED: "W 3",
    }


def test_who_may_fill_in_which_status_without_a_signed_paper(world):
    found = truth_table(world, fill_one)

    assert found == {  # officer, signatory, other unit, other cluster, leader, deputy, secretariat, observer, admin
        CardStatus.DRAFT: "Y Y 3 4 3 3 W 3 4",
        CardStatus.SUBMITTED: "W W 3 4 3 3 W 3 4",
        CardStatus.RETURNED: "Y Y 3 4 3 3 W 3 4",
        CardStatus.REVIEWED: "W W 3 4 3 3 W 3 4",
        CardStatus.APPROVED: "W W 3 4 3 3 W 3 4",
    }


def test_who_may_review_in_which_status(world):
    found = truth_table(world, lambda card, user: review(card, user, entry(card, "A1", D("50"), "Đối chiếu sổ")))

    assert found == {
        CardStatus.DRAFT: "3 3 3 4 W W W 3 4",
        CardStatus.SUBMITTED: "3 3 3 4 Y Y Y 3 4",
        CardStatus.RETURNED: "3 3 3 4 W W W 3 4",
        CardStatus.REVIEWED: "3 3 3 4 W W W 3 4",
        CardStatus.APPROVED: "3 3 3 4 W W W 3 4",
    }


def test_who_may_accept_as_claimed_in_which_status(world):
    found = truth_table(
        world,
        lambda card, user: lines.accept_as_claimed(card=card, code="", seen=line_versions(card), by=user, at=NOW),
    )

    assert found == {
        CardStatus.DRAFT: "3 3 3 4 W W W 3 4",
        CardStatus.SUBMITTED: "3 3 3 4 Y Y Y 3 4",
        CardStatus.RETURNED: "3 3 3 4 W W W 3 4",
        CardStatus.REVIEWED: "3 3 3 4 W W W 3 4",
        CardStatus.APPROVED: "3 3 3 4 W W W 3 4",
    }


def test_the_secretariat_with_a_home_unit_fills_as_its_officer_and_never_reviews_it(world):
    draft = card_in(CardStatus.DRAFT, world.member)
    submitted = card_in(CardStatus.SUBMITTED, world.other)

    fill(draft, world.secretariat_at_home, entry(draft, "A1", D(50), "Theo sổ"))
    review(submitted, world.secretariat_at_home, entry(submitted, "A1", D(50), "Đối chiếu sổ"))

    assert line_of(draft, "A1").self_value == 50
    assert line_of(submitted, "A1").reviewed_value == 50
    own = reread(draft)
    own.status, own.submitted_at = CardStatus.SUBMITTED, NOW
    own.save()
    with pytest.raises(NotAllowed):
        review(own, world.secretariat_at_home, entry(own, "A1", D(50), "Đối chiếu sổ"))


@pytest.mark.parametrize("phase", [Phase.PREPARING, Phase.RUNNING, Phase.CONFERENCE, Phase.CONCLUDED])
def test_filling_is_closed_outside_its_phases(phase):
    world = two_clusters(phase=phase)
    card = card_in(CardStatus.DRAFT, world.member)

    with pytest.raises(WrongState):
        fill(card, world.signatory, entry(card, "A1", D(50), "Theo sổ"))


def test_an_archived_year_is_read_only():
    world = two_clusters(phase=Phase.ARCHIVED)
    card = card_in(CardStatus.DRAFT, world.member)

    with pytest.raises(WrongState):
        fill(card, world.signatory, entry(card, "A1", D(50), "Theo sổ"))


def test_the_secretariat_may_not_enter_on_behalf_where_the_rules_say_so(world):
    world.year.rules.may_enter_on_behalf = False
    world.year.rules.save()
    card = card_in(CardStatus.DRAFT, world.member)

    with pytest.raises(NotAllowed):
        fill(card, world.secretariat, entry(card, "A1", D(50), "Theo sổ"))


def test_filling_stores_value_note_points_and_totals(world):
    card = reread(ScorecardFactory(membership=world.member))

    sheet = fill(card, world.officer, entry(card, "A1", D("98.5"), "  BC 12  "), entry(card, "F1", D(2)))

    line, stored = line_of(card, "A1"), reread(card)
    assert (line.self_value, line.self_points, line.self_note, line.version) == (D("98.50"), D("29.55"), "BC 12", 2)
    assert line_of(card, "F1").self_points == D(-20)
    assert stored.self_total == D("9.55")
    assert stored.version == card.version + 1
    assert sheet.totals(Stage.SELF).total == D("9.55")


def test_an_empty_value_clears_the_line(world):
    card = card_in(CardStatus.DRAFT, world.member)

    fill(card, world.officer, entry(card, "A1", None))

    line = line_of(card, "A1")
    assert (line.self_value, line.self_points, line.self_note) == (None, None, "")
    assert reread(card).self_total == D("56.00")


def test_drafts_are_not_audited_and_reviews_are(world):
    before = AuditEvent.objects.count()
    draft = card_in(CardStatus.DRAFT, world.member)
    submitted = card_in(CardStatus.SUBMITTED, world.other)

    fill(draft, world.officer, entry(draft, "A1", D(50), "Theo sổ"))
    review(submitted, world.secretariat, entry(submitted, "A1", D(50), "Đối chiếu sổ"))

    assert list(AuditEvent.objects.order_by("sequence").values_list("verb", flat=True))[before:] == [
        "scorecard.review_lines"
    ]


def test_saying_the_same_again_changes_nothing(world):
    card = card_in(CardStatus.DRAFT, world.member)
    before = state_of(card)

    fill(card, world.officer, entry(card, "A1", D("95.00"), "Theo báo cáo số A1", version=0))

    assert state_of(card) == before


def test_a_line_changed_elsewhere_is_stale_and_nothing_is_stored(world):
    card = card_in(CardStatus.DRAFT, world.member)
    old = entry(card, "A1", D(70), "Của tôi")
    other = entry(card, "A2", D(1), "Cũng của tôi")
    fill(card, world.signatory, entry(card, "A1", D(80), "Của người khác"))
    before = state_of(card)

    with pytest.raises(Stale, match="A1"):
        fill(card, world.officer, other, old)

    assert state_of(card) == before


@pytest.mark.parametrize(
    ("code", "value"),
    [("A1", D("100.01")), ("A2", D("2.5")), ("A3", D(9)), ("B1", D(3)), ("B2", D(-1)), ("E1", D(1000))],
)
def test_one_bad_line_stops_all_of_them(world, code, value):
    card = card_in(CardStatus.DRAFT, world.member)
    good = entry(card, "F1", D(0))
    before = state_of(card)

    with pytest.raises(Refused) as refused:
        fill(card, world.officer, good, entry(card, code, value))

    assert list(refused.value.errors) == [str(line_of(card, code).pk)]
    assert state_of(card) == before


def test_a_ratio_without_a_target_is_refused_with_what_to_do(world):
    card = card_in(CardStatus.DRAFT, world.member)
    amend(line_of(card, "A1").criterion, default_target=None)

    with pytest.raises(Refused):
        fill(card, world.officer, entry(card, "A1", D(50), "Theo sổ"))


def test_the_unit_s_own_target_beats_that_of_all_units(world):
    card = card_in(CardStatus.DRAFT, world.member)
    TargetFactory(membership=world.member, criterion=line_of(card, "A1").criterion, value=D(80))

    fill(card, world.officer, entry(card, "A1", D(60), "Theo sổ"))

    assert line_of(card, "A1").self_points == D("22.50")


def test_a_line_of_another_card_is_not_known(world):
    card = card_in(CardStatus.DRAFT, world.member)
    other = card_in(CardStatus.DRAFT, world.other)

    with pytest.raises(NotKnown):
        fill(card, world.officer, entry(other, "A1", D(50), "Theo sổ"))


def test_after_a_return_only_the_named_lines_are_open(world):
    card = card_in(CardStatus.RETURNED, world.member)
    card.lines.filter(criterion__code="A2").update(is_returned=True)

    fill(card, world.officer, entry(card, "A2", D(4), "Bổ sung"))

    assert line_of(card, "A2").self_points == D(20)
    with pytest.raises(NotAllowed, match="A1"):
        fill(card, world.officer, entry(card, "A1", D(99), "Theo sổ"))


def test_after_a_return_without_names_all_lines_are_open(world):
    card = card_in(CardStatus.RETURNED, world.member)

    fill(card, world.officer, entry(card, "A1", D(90), "Theo sổ"))

    assert line_of(card, "A1").self_points == D(27)


def test_a_reviewed_value_that_differs_needs_a_reason(world):
    card = card_in(CardStatus.SUBMITTED, world.member)
    before = state_of(card)

    with pytest.raises(Refused) as refused:
        review(card, world.secretariat, entry(card, "A1", D(90), "   "), entry(card, "A2", D(3)))

    assert list(refused.value.errors) == [str(line_of(card, "A1").pk)]
    assert state_of(card) == before


def test_a_reviewed_value_that_agrees_needs_none(world):
    card = card_in(CardStatus.SUBMITTED, world.member)

    review(card, world.secretariat, entry(card, "A1", D(95)))

    assert line_of(card, "A1").reviewed_points == D("28.50")


def test_the_event_of_a_review_says_before_after_and_reason(world):
    card = card_in(CardStatus.SUBMITTED, world.member)

    review(card, world.secretariat, entry(card, "A1", D(90), "Đối chiếu sổ theo dõi"))

    event = AuditEvent.objects.order_by("-sequence").first()
    assert event.actor == world.secretariat.username
    assert '"A1":{"after":"90","before":null,"reason":"Đối chiếu sổ theo dõi"}' in event.payload


def test_the_reviewed_total_appears_with_the_last_line(world):
    card = card_in(CardStatus.SUBMITTED, world.member)

    review(card, world.secretariat, entry(card, "A1", D(90), "Đối chiếu sổ"))
    assert reread(card).reviewed_total is None

    lines.accept_as_claimed(card=card, code="", seen=line_versions(card), by=world.secretariat, at=NOW)
    assert reread(card).reviewed_total == D("83.00")


def test_accepting_a_group_takes_only_its_untouched_lines(world):
    card = card_in(CardStatus.SUBMITTED, world.member)
    review(card, world.secretariat, entry(card, "A1", D(90), "Đối chiếu sổ"))

    lines.accept_as_claimed(card=card, code="A", seen=line_versions(card), by=world.secretariat, at=NOW)

    reviewed = dict(card.lines.order_by("pk").values_list("criterion__code", "reviewed_points"))
    assert reviewed == {
        "A1": D("27.00"), "A2": D("15.00"), "A3": D("16.00"), "B1": None, "B2": None, "E1": None, "F1": None,
    }  # fmt: skip


def test_accepting_an_unknown_group_is_not_known(world):
    card = card_in(CardStatus.SUBMITTED, world.member)

    with pytest.raises(NotKnown):
        lines.accept_as_claimed(card=card, code="Z", seen=line_versions(card), by=world.secretariat, at=NOW)


def test_not_assigned_gives_full_points_and_takes_the_value(world):
    card = card_in(CardStatus.DRAFT, world.member)
    line = line_of(card, "A1")

    lines.set_assigned(
        card=card, line_pk=line.pk, is_assigned=False, reason="Không giao chỉ tiêu", by=world.secretariat, at=NOW
    )

    line.refresh_from_db()
    assert (line.is_assigned, line.self_value, line.self_points) == (False, None, D(30))
    assert reread(card).self_total == D("86.00")


def test_not_assigned_gives_nothing_where_it_is_left_out_of_the_maximum(world):
    world.year.rules.ranking_basis = RankingBasis.PERCENT
    world.year.rules.not_assigned = NotAssignedRule.EXCLUDED
    world.year.rules.save()
    card = card_in(CardStatus.DRAFT, world.member)
    line = line_of(card, "A1")

    lines.set_assigned(
        card=card, line_pk=line.pk, is_assigned=False, reason="Không giao chỉ tiêu", by=world.secretariat, at=NOW
    )

    line.refresh_from_db()
    assert line.self_points == 0


def test_who_takes_a_line_out_of_a_submitted_card_counts_as_its_reviewer(world):
    card = card_in(CardStatus.SUBMITTED, world.member)

    lines.set_assigned(
        card=card, line_pk=line_of(card, "A1").pk, is_assigned=False, reason="Không giao", by=world.secretariat, at=NOW
    )

    assert line_of(card, "A1").reviewed_by == world.secretariat
    assert world.secretariat.pk in offices.reviewers(reread(card))


def test_not_assigned_needs_a_reason(world):
    card = card_in(CardStatus.DRAFT, world.member)

    with pytest.raises(Refused):
        lines.set_assigned(card=card, line_pk=line_of(card, "A1").pk, is_assigned=False, by=world.secretariat, at=NOW)


def test_who_may_say_that_a_line_is_not_assigned(world):
    found = truth_table(
        world,
        lambda card, user: lines.set_assigned(
            card=card, line_pk=line_of(card, "A1").pk, is_assigned=False, reason="Không giao", by=user, at=NOW
        ),
    )

    assert found == {
        CardStatus.DRAFT: "3 3 3 4 3 3 Y 3 4",
        CardStatus.SUBMITTED: "3 3 3 4 3 3 Y 3 4",
        CardStatus.RETURNED: "3 3 3 4 3 3 Y 3 4",
        CardStatus.REVIEWED: "3 3 3 4 3 3 W 3 4",
        CardStatus.APPROVED: "3 3 3 4 3 3 W 3 4",
    }


def test_a_line_that_is_not_assigned_is_not_filled_in(world):
    card = card_in(CardStatus.DRAFT, world.member)
    card.lines.filter(criterion__code="A1").update(is_assigned=False, not_assigned_reason="Không giao chỉ tiêu")
    before = state_of(card)

    fill(card, world.officer, entry(card, "A1", D(50), "Theo sổ"))

    assert state_of(card) == before


def test_points_follow_a_target_that_is_set_later(world):
    card = card_in(CardStatus.DRAFT, world.member)
    line = line_of(card, "A1")

    targets.save(
        target=Target(membership=world.member, criterion=line.criterion, value=D(50)), by=world.secretariat, at=NOW
    )

    line.refresh_from_db()
    assert (line.self_points, line.version) == (D("30.00"), 2)
    assert reread(card).self_total == D("86.00")
