"""What becomes of open cards and of targets when the next version of the criteria is put into force."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from awards.enums import AwardLevel, CampaignKind, RecipientKind
from cluster_app.audit.models import AuditEvent
from members.enums import Phase
from scoring.criteria_nodes import LevelNode, RuleNode
from scoring.enums import CriterionKind, RecordSource
from scoring.integrity import problems
from scoring.models import CriteriaSet, Criterion, ScoreLine, Target
from scoring.services import criteria_sets
from tests.factories.awards import AwardFormFactory, CommendationFactory
from tests.factories.scoring import CriteriaSetFactory, EvidenceFactory, ScorecardFactory, TargetFactory
from tests.scenarios import two_clusters
from tests.scoring.cards import line_of
from tests.scoring.test_criteria_sets import apply, new_version, nodes, take_over

pytestmark = pytest.mark.django_db

D = Decimal
FED = {
    "source": RecordSource.COMMENDATIONS,
    "source_rules": (RuleNode(D(1), level=AwardLevel.PROVINCE, recipient_kind=RecipientKind.COLLECTIVE),),
}
TYPED = {"source": "", "source_rules": ()}


def build_world():
    return two_clusters(phase=Phase.RUNNING)


@pytest.fixture
def in_force(world):
    return CriteriaSetFactory(year=world.year, small=True, applied=True)


@pytest.fixture
def card(world, in_force):
    return ScorecardFactory(membership=world.member, filled=True)


def next_version(world, criteria_set, /, **changes) -> criteria_sets.Applied:
    """Applies the next version, in which the named criteria have other fields, or are gone (None)."""
    draft = new_version(world, criteria_set)
    wanted = [replace(node, **(changes.get(node.code) or {})) for node in nodes(draft)]
    gone = {code for code, fields in changes.items() if fields is None}
    take_over(world, draft, [node for node in wanted if node.code not in gone])
    return apply(world, draft)


def levels(*labels) -> tuple[LevelNode, ...]:
    """Levels of 20, 18, 16 … points."""
    return tuple(LevelNode(label, D(20 - 2 * place)) for place, label in enumerate(labels))


def stated(line: ScoreLine) -> tuple:
    return line.self_value, line.self_points, line.self_note


# --- levels ---


@pytest.mark.parametrize(
    ("labels", "value", "points"),
    [
        (("Xuất sắc", "Rất tốt", "Tốt", "Khá"), D(3), D(16)),
        (("Tốt", "Khá"), D(1), D(20)),
        (("Xuất sắc", "Tốt"), D(2), D(18)),
    ],
    ids=["one more above", "one less above", "same place, other points"],
)
def test_a_level_is_carried_by_its_label(world, in_force, card, labels, value, points):
    applied = next_version(world, in_force, A3={"levels": levels(*labels)})

    assert stated(line_of(card, "A3")) == (value, points, "Theo báo cáo số A3")
    assert applied.cleared == ()


@pytest.mark.parametrize("labels", [("Xuất sắc", "Khá"), ("Tốt", "Khá", "Tốt")], ids=["gone", "twice"])
def test_a_level_whose_label_names_none_is_cleared_and_its_note_stays(world, in_force, card, labels):
    applied = next_version(world, in_force, A3={"levels": levels(*labels)})

    assert stated(line_of(card, "A3")) == (None, None, "Theo báo cáo số A3")
    assert applied.cleared == ("A3",)


def test_values_of_an_unchanged_table_stay_even_with_a_label_twice(world):
    criteria_set = CriteriaSetFactory(year=world.year, small=True)
    Criterion.objects.get(criteria_set=criteria_set, code="A3").levels.filter(position__in=(2, 3)).update(label="Được")
    apply(world, criteria_set)
    card = ScorecardFactory(membership=world.member, filled=True)

    applied = next_version(world, criteria_set, B2={"points_per_item": D(4)})

    assert line_of(card, "A3").self_value == D(2)
    assert applied.cleared == ()


# --- kinds ---


def test_another_kind_clears_the_value_and_keeps_note_and_assignment(world, in_force, card):
    card.lines.filter(criterion__code="B2").update(
        is_assigned=False, not_assigned_reason="Không giao", self_value=None, self_points=20
    )
    boolean = {"kind": CriterionKind.BOOLEAN, "points_per_item": None, "unit_of_measure": ""}

    applied = next_version(world, in_force, A2=boolean, B2=boolean)

    assert stated(line_of(card, "A2")) == (None, None, "Theo báo cáo số A2")
    carried = line_of(card, "B2")
    assert (carried.is_assigned, carried.not_assigned_reason) == (False, "Không giao")
    assert stated(carried) == (None, D(20), "Theo báo cáo số B2")
    assert applied.cleared == ("A2",)


def test_a_note_without_a_value_is_a_loss_where_its_criterion_goes(world, in_force, card):
    card.lines.filter(criterion__code="B1").update(self_value=None, self_points=None)

    applied = next_version(world, in_force, B1=None, B2={"max_points": D(30)})

    assert applied.cleared == ("B1",)
    assert applied.carried.values == {}
    assert applied.carried.notes == {"A3": {"B1": "Theo báo cáo số B1"}}


# --- sources ---


def award(world):
    form = AwardFormFactory(level=AwardLevel.PROVINCE)
    CommendationFactory(
        membership=world.member, award_form=form, recipient_kind=RecipientKind.COLLECTIVE, confirmed=True
    )


def test_what_was_typed_is_lost_where_records_say_it_from_now_on(world, in_force, card):
    award(world)

    applied = next_version(world, in_force, A2=FED)

    fed = line_of(card, "A2")
    assert (fed.self_value, fed.self_points, fed.records.count()) == (D(1), D(5), 1)
    assert applied.carried.values == {"A3": {"A2": D(3)}}


def test_what_was_taken_from_records_is_no_claim_of_the_unit(world, in_force, card):
    award(world)
    next_version(world, in_force, A2=FED)
    fed_set = CriteriaSet.objects.get(year=world.year, version=2)

    applied = next_version(world, fed_set, A2=TYPED)

    typed = line_of(card, "A2")
    assert (typed.self_value, typed.self_points, typed.records.count()) == (None, None, 0)
    assert applied.cleared == ()


def test_another_source_feeds_the_line_anew(world, in_force, card):
    award(world)
    next_version(world, in_force, A2=FED)
    fed_set = CriteriaSet.objects.get(year=world.year, version=2)

    campaigns = (RuleNode(D(1), campaign_kind=CampaignKind.THEMATIC),)
    applied = next_version(world, fed_set, A2={"source": RecordSource.CAMPAIGNS, "source_rules": campaigns})

    fed = line_of(card, "A2")
    assert (fed.self_value, fed.records.filter(key__startswith="commendation").count()) == (D(0), 0)
    assert applied.cleared == ()


@pytest.mark.parametrize("unit_count", [2, 5])
def test_records_of_the_year_are_read_once_for_all_cards(unit_count):
    world = two_clusters(unit_count, phase=Phase.RUNNING)
    criteria_set = CriteriaSetFactory(year=world.year, small=True, applied=True)
    for member in world.members:
        ScorecardFactory(membership=member, filled=True)
    draft = new_version(world, criteria_set)
    take_over(world, draft, [replace(node, **(FED if node.code == "A2" else {})) for node in nodes(draft)])

    with CaptureQueriesContext(connection) as statements:
        apply(world, draft)

    assert len([one for one in statements if "awards_commendation" in one["sql"]]) == 1


# --- targets ---


def of_two_drafts(world, first: dict, second: dict) -> tuple[CriteriaSet, CriteriaSet]:
    """Two drafts of a year without a set in force; both ask something of the unit by A1."""
    drafts = [CriteriaSetFactory(year=world.year, small=True, version=version) for version in (1, 2)]
    for draft, fields in zip(drafts, (first, second), strict=True):
        TargetFactory(membership=world.member, criterion=draft.criteria.get(code="A1"), **fields)
    apply(world, drafts[0])
    return drafts[0], drafts[1]


def test_a_target_of_the_new_set_stands_against_the_old_one(world):
    _first, second = of_two_drafts(world, {"value": D(100)}, {"value": D(95)})
    card = ScorecardFactory(membership=world.member, filled=True)

    apply(world, second)

    assert list(Target.objects.filter(criterion__criteria_set=second).values_list("value", flat=True)) == [D(95)]
    assert line_of(card, "A1").self_points == D(30)


def test_a_criterion_that_the_new_set_does_not_assign_to_the_unit_loses_its_value(world):
    plan = {"value": None, "is_assigned": False, "not_assigned_reason": "Không giao"}
    _first, second = of_two_drafts(world, {"value": D(50)}, plan)
    card = ScorecardFactory(membership=world.member, filled=True)

    applied = apply(world, second)

    line = line_of(card, "A1")
    assert (line.is_assigned, line.not_assigned_reason, line.self_value) == (False, "Không giao", None)
    assert applied.carried.values == {"A3": {"A1": D(95)}}


# --- the audit log ---


def test_the_log_says_what_differs_and_what_was_lost(world, in_force, card):
    next_version(
        world,
        in_force,
        A3={"levels": levels("Xuất sắc", "Khá")},
        B1=None,
        B2={"max_points": D(30)},
    )

    changes = json.loads(AuditEvent.objects.get(verb="criteria_set.apply").payload)["changes"]
    assert {name: changes[name] for name in ("added", "changed", "removed")} == {
        "added": [],
        "changed": ["A3", "B2"],
        "removed": ["B1"],
    }
    assert changes["cleared"] == {"A3": {"A3": "2.00", "B1": "1.00"}}
    assert changes["lost_notes"] == {"A3": {"B1": "Theo báo cáo số B1"}}
    assert list(problems()) == []


def test_evidence_of_a_criterion_that_is_gone_keeps_its_card_and_loses_its_line(world, in_force, card):
    kept = EvidenceFactory(line=line_of(card, "A1"))
    lost = EvidenceFactory(line=line_of(card, "B1"))

    applied = next_version(world, in_force, B1=None, B2={"max_points": D(30)})

    kept.refresh_from_db()
    lost.refresh_from_db()
    assert (kept.line, kept.scorecard) == (line_of(card, "A1"), card)
    assert (lost.line, lost.scorecard) == (None, card)
    assert applied.carried.evidence == [lost]
    rows = json.loads(
        AuditEvent.objects.get(verb="criteria_set.apply", object_key__endswith=f":{applied.criteria_set.pk}").payload
    )["rows"]
    assert rows[f"scoring.evidence:{lost.pk}"]["line_id"] is None


# --- the mark of an estimate ---


@pytest.mark.parametrize(
    ("changes", "is_kept"),
    [
        ({"A1": {"title": "Tên khác"}}, True),
        ({"A1": FED}, False),
        ({"A1": {"kind": CriterionKind.BOOLEAN, "unit_of_measure": "", "default_target": None}}, False),
    ],
    ids=["another name", "fed now", "another kind"],
)
def test_the_mark_of_an_estimate_goes_with_its_value(world, in_force, card, changes, is_kept):
    card.lines.filter(criterion__code="A1").update(is_estimate=True)

    next_version(world, in_force, **changes)

    line = line_of(card, "A1")
    assert line.criterion.criteria_set != in_force
    assert line.is_estimate is is_kept
