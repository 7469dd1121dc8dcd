"""What is asked of single units: targets, pledge items, and criteria that are not assigned, to the last output."""

import io
import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from awards.services import pledges
from awards.services.pledges import PledgeFacts
from cluster_app.audit import log
from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotKnown, Refused, Stale
from members.enums import NotAssignedRule, Phase, RankingBasis
from scoring import target_history
from scoring.enums import CardStatus, CriterionKind, SetStatus
from scoring.models import CriteriaSet, Criterion, Target
from scoring.ranking import ranking
from scoring.services import criteria_sets, lines, scorecards, targets
from scoring.services.targets import Change
from scoring.sheets import load
from tests.factories.awards import PledgeFactory, PledgeItemFactory, PledgeSignatureFactory
from tests.factories.scoring import (
    CriteriaSetFactory,
    CriterionFactory,
    TargetFactory,
    amend,
    applied_set,
    put_into_force,
)
from tests.scenarios import NOW, two_clusters
from tests.scoring.cards import card_in, entry, line_of, outcome, reread, reviewing_world, truth_table
from tests.scoring.pages import text_of, year_address

pytestmark = pytest.mark.django_db

D = Decimal


def build_world():
    return reviewing_world()


@pytest.fixture
def criteria(world):
    """The criteria in force, by code."""
    return {one.code: one for one in applied_set(world.year).criteria.all()}


def give(world, criterion, unit=None, **what):
    target = Target(membership=unit or world.member, criterion=criterion, **what)
    return targets.save(target=target, by=world.secretariat, at=NOW)


def nothing(world, criterion, unit=None, reason="Không thuộc chức năng"):
    return give(world, criterion, unit, is_assigned=False, not_assigned_reason=reason)


def save_all(world, *changes, by=None):
    return targets.save_all(year=world.year, changes=changes, by=by or world.secretariat, at=NOW)


def change(unit, criterion, value, shown=None):
    return Change(unit.pk, criterion.pk, value, shown)


def stored():
    return list(Target.objects.order_by("pk").values_list("membership__unit__code", "criterion__code", "value"))


def target_events():
    return AuditEvent.objects.filter(verb__startswith="target.")


# --- the row ---


def test_a_target_is_not_negative(world, criteria):
    with pytest.raises(IntegrityError, match="target_not_negative"), transaction.atomic():
        TargetFactory(membership=world.member, criterion=criteria["A1"], value=D(-1))


@pytest.mark.parametrize(
    "fields",
    [
        {"value": None},
        {"value": None, "is_assigned": False},
        {"value": D(5), "is_assigned": False},
        {"value": D(5), "not_assigned_reason": "Không giao"},
    ],
)
def test_a_target_says_one_thing(world, criteria, fields):
    with pytest.raises(IntegrityError, match="target_says_one_thing"), transaction.atomic():
        TargetFactory(membership=world.member, criterion=criteria["A1"], **fields)


@pytest.mark.parametrize("is_assigned", [True, False])
def test_a_target_is_a_value_or_a_pledge_item(world, criteria, is_assigned):
    item = PledgeItemFactory(pledge=PledgeFactory(year=world.year), target_value=D(80))
    reason = "" if is_assigned else "Không giao"
    both = {"value": D(5), "pledge_item": item, "is_assigned": is_assigned, "not_assigned_reason": reason}

    with pytest.raises(IntegrityError, match="target_says_one_thing"), transaction.atomic():
        TargetFactory(membership=world.member, criterion=criteria["A1"], **both)


def test_a_unit_has_one_target_for_a_criterion(world, criteria):
    give(world, criteria["A1"], value=D(90))

    with pytest.raises(Refused):
        give(world, criteria["A1"], value=D(5))


# --- who, and in which status of the card ---


def _set(card, user):
    target = Target(membership=card.membership, criterion=line_of(card, "A1").criterion, value=D(50))
    targets.save(target=target, by=user, at=NOW)


def _take_from_unit(card, user):
    criterion = line_of(card, "A1").criterion
    target = Target(
        membership=card.membership, criterion=criterion, is_assigned=False, not_assigned_reason="Không giao"
    )
    targets.save(target=target, by=user, at=NOW)


def _set_in_bulk(card, user):
    changes = [change(card.membership, line_of(card, "A1").criterion, D(50))]
    targets.save_all(year=card.membership.year, changes=changes, by=user, at=NOW)


#                                        of sg ot fo L D S R O
CLOSED = "3 3 3 4 3 3 {} 3 4"


@pytest.mark.parametrize(
    ("act", "letters"),
    [
        #                 draft submitted returned reviewed approved
        (_set, "YWWWW"),
        (_take_from_unit, "YYYWW"),
        (_set_in_bulk, "YRRRR"),
    ],
)
def test_targets_are_the_secretariat_s_and_end_with_the_submission(world, act, letters):
    found = truth_table(world, act)

    statuses = (
        CardStatus.DRAFT,
        CardStatus.SUBMITTED,
        CardStatus.RETURNED,
        CardStatus.REVIEWED,
        CardStatus.APPROVED,
    )
    assert found == {status: CLOSED.format(letter) for status, letter in zip(statuses, letters, strict=True)}


def test_nobody_sets_the_targets_of_the_own_unit(world, criteria):
    answers = []
    for user in (world.officer, world.signatory, world.secretariat_at_home):
        target = Target(membership=world.member, criterion=criteria["A1"], value=D(50))
        answers.append(outcome(lambda user=user, target=target: targets.save(target=target, by=user, at=NOW)))
        answers.append(outcome(lambda user=user: save_all(world, change(world.member, criteria["A1"], D(50)), by=user)))

    assert answers == ["3"] * 6


def test_a_secretary_sets_those_of_the_other_units(world, criteria):
    save_all(world, change(world.other, criteria["A1"], D(50)), by=world.secretariat_at_home)

    assert stored() == [("A4", "A1", D(50))]


def test_nothing_changes_in_an_archived_year(world, criteria):
    world.year.phase = Phase.ARCHIVED
    world.year.save()

    assert outcome(lambda: save_all(world, change(world.other, criteria["A1"], D(50)))) == "W"


# --- one cell ---


@pytest.mark.parametrize("code", ["A", "A2", "A3", "F1"])
def test_only_measured_criteria_have_a_target(world, criteria, code):
    with pytest.raises(Refused):
        give(world, criteria[code], value=D(50))


@pytest.mark.parametrize("code", ["A1", "A3", "E1", "F1"])
def test_every_criterion_can_be_not_assigned(world, criteria, code):
    nothing(world, criteria[code])

    assert Target.objects.get().not_assigned_reason == "Không thuộc chức năng"


def test_a_pledge_item_of_the_year_with_a_number_is_a_target(world, criteria):
    item = PledgeItemFactory(pledge=PledgeFactory(year=world.year), target_value=D(80))
    without_number = PledgeItemFactory(pledge=item.pledge)
    negative = PledgeItemFactory(pledge=item.pledge, target_value=D(-5))
    of_others = PledgeItemFactory(pledge=PledgeFactory(year=world.foreign.year), target_value=D(80))
    card = card_in(CardStatus.DRAFT, world.member)
    unsigned = outcome(lambda: give(world, criteria["A1"], pledge_item=item))
    for one in (item, of_others):
        PledgeSignatureFactory(pledge=one.pledge)

    refused = [
        outcome(lambda one=one: give(world, criteria["A1"], pledge_item=one))
        for one in (without_number, negative, of_others)
    ]
    give(world, criteria["A1"], pledge_item=item)

    assert (unsigned, refused) == ("R", ["R", "R", "R"])
    assert line_of(card, "A1").self_points == D("30.00")  # 95 of 80


def test_a_pledge_that_targets_point_to_is_not_rewritten(world, criteria):
    item = PledgeItemFactory(pledge=PledgeFactory(year=world.year), target_value=D(80))
    TargetFactory(membership=world.member, criterion=criteria["A1"], value=None, pledge_item=item)

    with pytest.raises(Refused) as refused:
        pledges.edit(pledge=item.pledge, facts=PledgeFacts(items=[]), by=world.secretariat, at=NOW)

    assert refused.value.message
    assert item.pledge.items.get() == item


def test_a_target_of_a_percentage_ends_at_100(world, criteria):
    pledge = PledgeFactory(year=world.year)
    PledgeSignatureFactory(pledge=pledge)
    high, reachable = (PledgeItemFactory(pledge=pledge, order=nr, target_value=D(nr)) for nr in (101, 100))
    cell = change(world.member, criteria["A1"], D("100.01"))

    with pytest.raises(Refused) as by_value:
        give(world, criteria["A1"], value=D("100.01"))
    with pytest.raises(Refused) as by_item:
        give(world, criteria["A1"], pledge_item=high)
    with pytest.raises(Refused) as by_grid:
        save_all(world, cell)

    found = [list(refused.value.errors) for refused in (by_value, by_item, by_grid)]
    assert found == [["value"], ["pledge_item"], [cell.key]]
    assert "100" in by_grid.value.errors[cell.key][0]
    assert give(world, criteria["A1"], pledge_item=reachable).pk
    assert give(world, criteria["A1"], world.other, value=D(100)).pk


def test_targets_in_other_measures_have_no_end(world, criteria):
    amend(criteria["A1"], unit_of_measure="giờ")
    criterion = Criterion.objects.get(pk=criteria["A1"].pk)

    assert give(world, criterion, value=D(2000)).pk


# --- not assigned, and again ---


def test_not_assigned_keeps_value_item_and_document(world, criteria):
    item = PledgeItemFactory(pledge=PledgeFactory(year=world.year), target_value=D(80))
    PledgeSignatureFactory(pledge=item.pledge)
    typed = give(world, criteria["A1"], value=D(90), source="KH 12")
    promised = give(world, criteria["A1"], world.other, pledge_item=item)

    for target in (typed, promised):
        target.value, target.pledge_item, target.source = None, None, ""
        target.is_assigned, target.not_assigned_reason = False, "Không giao"
        targets.save(target=target, by=world.secretariat, at=NOW)

    found = Target.objects.order_by("pk").values_list("value", "pledge_item", "source", "is_assigned")
    assert list(found) == [(D(90), None, "KH 12", False), (None, item.pk, "", False)]


def test_not_assigned_and_another_target_are_not_one_act(world, criteria):
    target = give(world, criteria["A1"], value=D(90))
    target.value, target.is_assigned, target.not_assigned_reason = D(50), False, "Không giao"

    with pytest.raises(Refused) as refused:
        targets.save(target=target, by=world.secretariat, at=NOW)

    assert list(refused.value.errors) == ["is_assigned"]
    assert stored() == [("A3", "A1", D(90))]


def _take(world, card):
    """Takes A1 from the unit of the card."""
    criterion = line_of(card, "A1").criterion
    target = Target.objects.filter(membership=card.membership).first()
    target = target or Target(membership=card.membership, criterion=criterion)
    target.is_assigned, target.not_assigned_reason = False, "Không giao"
    targets.save(target=target, by=world.secretariat, at=NOW)


def _again(world, **what):
    target = Target.objects.select_related("membership__year", "criterion__criteria_set").get()
    target.is_assigned, target.not_assigned_reason = True, ""
    for name, value in what.items():
        setattr(target, name, value)
    return targets.save(target=target, by=world.secretariat, at=NOW)


@pytest.mark.parametrize(
    ("status", "letters"),
    [
        #                       same other document item all
        (CardStatus.DRAFT, "Y Y Y Y Y"),
        (CardStatus.SUBMITTED, "W W W W W"),
        (CardStatus.RETURNED, "Y W W W W"),
    ],
)
def test_after_submission_the_very_target_comes_back_or_none(world, criteria, status, letters):
    item = PledgeItemFactory(pledge=PledgeFactory(year=world.year), target_value=D(90))
    PledgeSignatureFactory(pledge=item.pledge)
    TargetFactory(membership=world.member, criterion=criteria["A1"], value=D(90))
    _take(world, card_in(status, world.member))

    acts = (
        lambda: _again(world),
        lambda: _again(world, value=D(50)),
        lambda: _again(world, source="KH 13"),
        lambda: _again(world, value=None, pledge_item=item),
        lambda: targets.clear(membership=world.member, criterion=criteria["A1"], by=world.secretariat, at=NOW),
    )

    assert [outcome(act) for act in acts] == letters.split()


@pytest.mark.parametrize(
    ("status", "letters"), [(CardStatus.DRAFT, "Y Y"), (CardStatus.SUBMITTED, "W W"), (CardStatus.RETURNED, "W Y")]
)
def test_after_submission_a_unit_without_own_target_gets_that_of_all_units_back(world, criteria, status, letters):
    _take(world, card_in(status, world.member))

    acts = (
        lambda: _again(world, value=D(50)),
        lambda: targets.clear(membership=world.member, criterion=criteria["A1"], by=world.secretariat, at=NOW),
    )

    assert [outcome(act) for act in acts] == letters.split()


def test_the_target_that_comes_back_measures_the_line_as_before(world, criteria):
    TargetFactory(membership=world.member, criterion=criteria["A1"], value=D(80))
    card = card_in(CardStatus.RETURNED, world.member)
    before = load(reread(card)).rule(line_of(card, "A1")).target
    _take(world, card)
    taken = line_of(card, "A1").is_assigned

    _again(world)

    assert (before, taken) == (D(80), False)
    assert line_of(card, "A1").is_assigned is True
    assert load(reread(card)).rule(line_of(card, "A1")).target == D(80)


def test_the_card_itself_gives_a_criterion_back_only_without_a_kept_target(world, criteria):
    TargetFactory(membership=world.member, criterion=criteria["A1"], value=D(80))
    card = card_in(CardStatus.RETURNED, world.member)
    _take(world, card)
    nothing(world, criteria["A2"])
    who = {"card": card, "is_assigned": True, "by": world.secretariat, "at": NOW}

    answers = [
        outcome(lambda code=code: lines.set_assigned(line_pk=line_of(card, code).pk, **who)) for code in ("A1", "A2")
    ]

    assert answers == ["W", "Y"]


def test_what_the_card_itself_took_comes_back_with_its_target_too(world, criteria):
    TargetFactory(membership=world.member, criterion=criteria["A1"], value=D(80))
    card = card_in(CardStatus.RETURNED, world.member)
    lines.set_assigned(
        card=card, line_pk=line_of(card, "A1").pk, is_assigned=False, reason="Không giao", by=world.secretariat, at=NOW
    )
    other = outcome(lambda: _again(world, value=D(50)))
    all_units = outcome(
        lambda: targets.clear(membership=world.member, criterion=criteria["A1"], by=world.secretariat, at=NOW)
    )

    _again(world)

    assert (other, all_units) == ("W", "W")
    assert line_of(card, "A1").is_assigned is True


# --- what follows from a target ---


def test_points_of_a_filled_line_follow_the_target_there_and_back(world, criteria):
    card = card_in(CardStatus.DRAFT, world.member)
    target = give(world, criteria["A1"], value=D(50))
    with_own = line_of(card, "A1").self_points, reread(card).self_total

    targets.remove(target=target, by=world.secretariat, at=NOW)

    assert with_own == (D("30.00"), D("86.00"))
    assert (line_of(card, "A1").self_points, reread(card).self_total) == (D("28.50"), D("84.50"))


def test_a_target_that_still_measures_a_value_is_not_taken_away(world, criteria):
    amend(criteria["A1"], default_target=None)
    target = give(world, criteria["A1"], value=D(100))
    card = card_in(CardStatus.DRAFT, world.member)

    single = outcome(lambda: targets.remove(target=target, by=world.secretariat, at=NOW))
    bulk = outcome(lambda: save_all(world, change(world.member, criteria["A1"], None, D(100))))

    assert (single, bulk) == ("R", "R")
    assert line_of(card, "A1").self_points == D("28.50")


def test_a_criterion_is_taken_from_a_card_and_given_back(world, criteria):
    card = card_in(CardStatus.DRAFT, world.member)
    target = nothing(world, criteria["A2"])
    taken = line_of(card, "A2")

    targets.clear(membership=target.membership, criterion=target.criterion, by=world.secretariat, at=NOW)
    back = line_of(card, "A2")

    assert (taken.is_assigned, taken.self_value, taken.self_points) == (False, None, D(20))
    assert (back.is_assigned, back.self_points) == (True, None)
    assert not Target.objects.exists()


def test_what_was_taken_on_the_card_itself_is_given_back_too(world, criteria):
    card = card_in(CardStatus.RETURNED, world.member)
    lines.set_assigned(
        card=card, line_pk=line_of(card, "A2").pk, is_assigned=False, reason="Không giao", by=world.secretariat, at=NOW
    )

    targets.clear(membership=world.member, criterion=criteria["A2"], by=world.secretariat, at=NOW)

    assert line_of(card, "A2").is_assigned is True


def test_a_target_stays_with_its_unit_and_criterion(world, criteria):
    target = give(world, criteria["A1"], value=D(50))
    target.membership = world.other

    with pytest.raises(Refused):
        targets.save(target=target, by=world.secretariat, at=NOW)


def test_a_draft_beside_the_set_in_force_has_no_targets_of_its_own(world, criteria):
    draft = CriteriaSetFactory(year=world.year, version=2, small=True)
    criterion = draft.criteria.get(code="A1")

    answers = [
        outcome(lambda: give(world, criterion, value=D(50))),
        outcome(lambda: save_all(world, change(world.member, criterion, D(50)))),
    ]
    CriteriaSet.objects.filter(year=world.year, status=SetStatus.APPLIED).update(status=SetStatus.REPLACED)
    of_replaced = Criterion.objects.get(pk=criteria["A1"].pk)
    answers.append(outcome(lambda: give(world, of_replaced, value=D(50))))
    answers.append(outcome(lambda: give(world, criterion, value=D(50))))

    assert answers == ["R", "R", "R", "Y"]


def test_a_set_replaced_meanwhile_has_no_targets_any_more(world, criteria):
    """The page was made before; what it holds of the set is no longer so."""
    target = give(world, criteria["A1"], value=D(50))
    page = Criterion.objects.select_related("criteria_set").get(pk=criteria["A1"].pk)
    CriteriaSet.objects.filter(pk=page.criteria_set_id).update(status=SetStatus.REPLACED)
    target.value, target.criterion = D(60), page

    acts = (
        lambda: targets.save(target=target, by=world.secretariat, at=NOW),
        lambda: targets.remove(target=target, by=world.secretariat, at=NOW),
        lambda: targets.clear(membership=world.member, criterion=page, by=world.secretariat, at=NOW),
        lambda: save_all(world, change(world.member, page, D(60), D(50))),
    )
    answers = []
    for act in acts:
        page.criteria_set.status = SetStatus.APPLIED
        answers.append(outcome(act))

    assert answers == ["R"] * 4
    assert stored() == [("A3", "A1", D(50))]


@pytest.mark.parametrize("act", ["save", "clear", "save_all"])
def test_the_set_is_locked_before_the_cards(world, criteria, act):
    card_in(CardStatus.DRAFT, world.member)
    target = Target(membership=world.member, criterion=criteria["A1"], value=D(50))
    acts = {
        "save": lambda: targets.save(target=target, by=world.secretariat, at=NOW),
        "clear": lambda: targets.clear(membership=world.member, criterion=criteria["A1"], by=world.secretariat, at=NOW),
        "save_all": lambda: save_all(world, change(world.member, criteria["A1"], D(50))),
    }

    with CaptureQueriesContext(connection) as queries:
        acts[act]()

    tables = [
        name for query in queries for name in ("criteriaset", "scorecard") if f'FROM "scoring_{name}"' in query["sql"]
    ]
    assert tables.index("criteriaset") < tables.index("scorecard")


def test_the_next_version_takes_the_targets_over(world, criteria):
    give(world, criteria["A1"], value=D(50))
    in_force = criteria["A1"].criteria_set
    draft = criteria_sets.new_version(criteria_set=in_force, by=world.secretariat, at=NOW)

    criteria_sets.apply(criteria_set=draft, by=world.secretariat, at=NOW)

    assert stored() == [("A3", "A1", D(50)), ("A3", "A1", D(50))]  # both versions keep theirs


# --- the grid ---


def test_the_grid_sets_changes_and_removes_in_one_act(world, criteria):
    give(world, criteria["A1"], value=D(90))
    give(world, criteria["A1"], world.other, value=D(80), source="KH 12")

    count = save_all(
        world,
        change(world.member, criteria["A1"], None, D(90)),
        change(world.other, criteria["A1"], D(85), D(80)),
        change(world.leader, criteria["A1"], D(70)),
        change(world.deputy, criteria["A1"], None),
    )

    assert count == 3
    assert stored() == [("A4", "A1", D(85)), ("A1", "A1", D(70))]
    assert Target.objects.get(membership=world.other).source == "KH 12"
    assert [event.verb for event in target_events().order_by("-sequence")[:3]] == [
        "target.set",
        "target.set",
        "target.remove",
    ]


def test_points_of_all_cards_follow_the_grid(world, criteria):
    cards = [card_in(CardStatus.DRAFT, member) for member in (world.member, world.other)]

    save_all(world, *(change(card.membership, criteria["A1"], D(50)) for card in cards))

    assert [(line_of(card, "A1").self_points, reread(card).self_total) for card in cards] == [(D(30), D(86))] * 2


@pytest.mark.parametrize(
    ("last", "error"),
    [
        (lambda world, criteria: change(world.other, criteria["A1"], D(85), D(1)), Stale),
        (lambda world, criteria: change(world.other, criteria["A2"], D(85)), Refused),
        (lambda world, criteria: change(world.other, criteria["A1"], D(-5)), Refused),
        (lambda world, criteria: change(world.foreign.member, criteria["A1"], D(85)), NotKnown),
        (lambda world, criteria: Change(world.other.pk, 0, D(85), None), NotKnown),
    ],
)
def test_the_grid_is_saved_as_a_whole_or_not_at_all(world, criteria, last, error):
    card = card_in(CardStatus.DRAFT, world.member)

    with pytest.raises(error):
        save_all(world, change(world.member, criteria["A1"], D(50)), last(world, criteria))

    assert stored() == []
    assert line_of(card, "A1").self_points == D("28.50")
    assert not target_events().exists()


def test_errors_name_their_cell(world, criteria):
    card_in(CardStatus.SUBMITTED, world.member)
    late, wrong = change(world.member, criteria["A1"], D(50)), change(world.other, criteria["A2"], D(5))

    with pytest.raises(Refused) as refused:
        save_all(world, late, wrong)

    assert set(refused.value.errors) == {late.key, wrong.key}


def test_a_cell_that_is_no_plain_value_any_more_is_not_overwritten(world, criteria):
    nothing(world, criteria["A1"])

    with pytest.raises(Stale):
        save_all(world, change(world.member, criteria["A1"], D(50)))


@pytest.mark.parametrize("unit_count", [2, 9])
def test_what_a_unit_costs_in_the_grid_does_not_grow(unit_count, django_assert_num_queries):
    world = reviewing_world(unit_count)
    criterion = applied_set(world.year).criteria.get(code="A1")
    for member in world.members:
        card_in(CardStatus.DRAFT, member)
    # The log takes a lock of its own for every event on PostgreSQL.
    fixed, for_each_unit = 9, 12 if connection.vendor == "postgresql" else 11

    with django_assert_num_queries(fixed + for_each_unit * unit_count):
        save_all(world, *(change(member, criterion, D(50)) for member in world.members))


def test_the_last_step_failing_takes_everything_back(world, criteria):
    card = card_in(CardStatus.DRAFT, world.member)
    strange = card_in(CardStatus.DRAFT, world.other)
    strange.lines.get(criterion=criteria["B2"]).delete()  # its sheet can no longer be computed

    with pytest.raises(KeyError), transaction.atomic():
        save_all(
            world,
            change(world.member, criteria["A1"], D(50)),
            change(world.other, criteria["A1"], D(50)),
        )

    assert stored() == []
    assert line_of(card, "A1").self_points == D("28.50")
    assert not target_events().exists()


# --- both values are kept ---


def test_history_keeps_who_when_and_both_values(world, criteria):
    item = PledgeItemFactory(pledge=PledgeFactory(year=world.year), order=3, text="Chỉ tiêu", target_value=D("80.5"))
    target = give(world, criteria["A1"], value=D(90), source="KH 12")
    PledgeSignatureFactory(pledge=item.pledge)
    target.value, target.pledge_item = None, item
    targets.save(target=target, by=world.secretariat, at=NOW)
    targets.remove(target=target, by=world.secretariat, at=NOW)
    nothing(world, criteria["A1"], world.other, "Không giao")
    TargetFactory(membership=world.foreign.member)

    found = target_history.entries(world.year, target_history.events_of(world.year))
    of_cell = target_history.of_cell(world.year, "A3", "A1")

    assert [(one.unit, one.code, one.source) for one in found] == [
        ("ĐV A4", "A1", ""),
        ("ĐV A3", "A1", ""),
        ("ĐV A3", "A1", "KH 12"),
        ("ĐV A3", "A1", "KH 12"),
    ]
    assert {(one.person, one.at) for one in found} == {(str(world.secretariat), NOW)}
    assert "Không giao" in found[0].after
    assert found[1].before == found[2].after != found[2].before
    assert found[2].before == "90" == found[3].after
    assert "80,5" in found[2].after
    assert "3. Chỉ tiêu" in found[2].after
    assert found[0].before == found[1].after == found[3].before
    assert of_cell == found[1:]


def test_history_names_the_target_that_is_kept(world, criteria):
    target = give(world, criteria["A1"], value=D("90.5"))
    target.is_assigned, target.not_assigned_reason = False, "Không giao"
    targets.save(target=target, by=world.secretariat, at=NOW)

    found = target_history.of_cell(world.year, "A3", "A1")[0]

    assert found.before == "90,5"
    assert "Không giao" in found.after
    assert "90,5" in found.after


def test_events_of_the_first_release_are_read_too(world, criteria):

    target = TargetFactory(membership=world.member, criterion=criteria["A1"], value=D(90))
    changes = {"criterion": "A1", "value": "90", "source": "KH 12"}
    log.append(
        by=world.secretariat, at=NOW, verb="target.set", thing=target, cluster="cum-a", year=2021, changes=changes
    )

    [found] = target_history.entries(world.year, target_history.events_of(world.year))

    assert (found.unit, found.code, found.before, found.after) == (f"{world.member} {criteria['A1']}", "A1", "–", "90")


# --- not assigned, from the grid to the results (W3) ---


@pytest.fixture
def contest():
    """Two units under a set of 85 and 15 points."""
    world = two_clusters(2, phase=Phase.SELF_SCORING)
    criteria_set = CriteriaSetFactory(year=world.year, declared_total=D(100))
    group = CriterionFactory(criteria_set=criteria_set, code="A", kind=CriterionKind.GROUP, max_points=D(100), order=1)
    judged = {"criteria_set": criteria_set, "parent": group, "kind": CriterionKind.JUDGED, "step": D("0.5")}
    CriterionFactory(code="A1", max_points=D(85), order=2, **judged)
    CriterionFactory(code="A2", max_points=D(15), order=3, **judged)
    put_into_force(criteria_set)
    return world


def hold(world, rule, basis, first, second):
    """The leader reaches `first` (A1, A2); the deputy, to which A2 is not assigned, `second` of A1."""
    rules = world.year.rules
    rules.not_assigned, rules.ranking_basis = rule, basis
    rules.save()
    nothing(world, world.year.criteria_sets.get().criteria.get(code="A2"), world.deputy)
    scorecards.open_for_year(year=world.year, by=world.secretariat, at=NOW)
    for member, values in ((world.leader, {"A1": first[0], "A2": first[1]}), (world.deputy, {"A1": second})):
        card = reread(member.scorecard)
        entries = [entry(card, code, D(value), "Theo báo cáo") for code, value in values.items()]
        officer, signatory = world.officers[member.protocol_order - 1], world.signatories[member.protocol_order - 1]
        lines.fill(card=card, entries=entries, by=officer, at=NOW)
        scorecards.submit(card=card, version=reread(card).version, by=signatory, at=NOW)
        seen = dict(card.lines.values_list("pk", "version"))
        lines.accept_as_claimed(card=card, code="", seen=seen, by=world.secretariat, at=NOW)
        scorecards.conclude_review(card=card, version=reread(card).version, by=world.secretariat, at=NOW)


def outputs(world, client):
    """The units in order as the page, the print and the JSON have them, with what ranks them on the page."""
    year = type(world.year).objects.select_related("cluster", "rules").get(pk=world.year.pk)
    out = io.StringIO()
    call_command("export_results", "cum-a", "2021", output="-", stdout=out)
    client.force_login(world.secretariat)
    page = text_of(client.get(year_address("ranking", world))).split("Hạng", 1)[1]
    paper = text_of(client.get(year_address("ranking_print", world))).split("Ghi chú", 1)[1]
    by_page = sorted(("Đơn vị A1", "Đơn vị A2"), key=page.index)
    by_paper = sorted(("Đơn vị A1", "Đơn vị A2"), key=paper.index)
    by_json = [one["name"] for one in json.loads(out.getvalue())["units"]]
    rows = ranking(year).rows
    assert [row.membership.name for row in rows] == by_page == by_paper == by_json
    return [(row.membership.unit.code, row.rank, str(row.total), str(row.percent)) for row in rows], page, paper


def test_w3_left_out_of_the_maximum_80_of_85_beats_90_of_100(contest, client):
    hold(contest, NotAssignedRule.EXCLUDED, RankingBasis.PERCENT, ("80", "10"), "80")

    found, page, paper = outputs(contest, client)

    assert found == [("A2", 1, "80.00", "94.12"), ("A1", 2, "90.00", "90.00")]
    assert "94,12%" in page
    assert "90,00%" in page
    assert "94,12" in paper


@pytest.mark.parametrize(
    ("rule", "basis", "expected"),
    [
        (NotAssignedRule.EXCLUDED, RankingBasis.PERCENT, [("A1", 1, "94.50", "94.50"), ("A2", 2, "80.00", "94.12")]),
        (NotAssignedRule.FULL_POINTS, RankingBasis.PERCENT, [("A2", 1, "95.00", "95.00"), ("A1", 2, "94.50", "94.50")]),
        (NotAssignedRule.FULL_POINTS, RankingBasis.POINTS, [("A2", 1, "95.00", "95.00"), ("A1", 2, "94.50", "94.50")]),
    ],
)
def test_the_rule_of_the_year_decides_the_order_in_every_output(contest, client, rule, basis, expected):
    hold(contest, rule, basis, ("80", "14.5"), "80")

    found, _page, _paper = outputs(contest, client)

    assert found == expected


def test_a_percentage_is_never_above_100(contest, client):
    hold(contest, NotAssignedRule.EXCLUDED, RankingBasis.PERCENT, ("80", "10"), "85")

    found, _page, _paper = outputs(contest, client)

    assert found[0] == ("A2", 1, "85.00", "100.00")


def test_the_sheet_does_not_ask_for_what_is_not_assigned(contest):
    hold(contest, NotAssignedRule.FULL_POINTS, RankingBasis.POINTS, ("80", "10"), "80")

    line = line_of(contest.deputy.scorecard, "A2")

    assert (line.is_assigned, line.self_value, line.self_points, line.final_points) == (False, None, D(15), D(15))
    assert load(reread(contest.deputy.scorecard)).totals("final").total == D(95)
