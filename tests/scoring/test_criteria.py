"""The criteria set: drafted, checked, applied for good."""

import re
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotAllowed, Refused, WrongState
from members.enums import Phase
from scoring.enums import CardStatus, CriterionKind, Section, SetStatus
from scoring.models import CriteriaSet, Criterion, CriterionLevel, Target
from scoring.services import criteria
from tests.factories.scoring import CriteriaSetFactory, CriterionFactory, CriterionLevelFactory, TargetFactory
from tests.scenarios import NOW, two_clusters
from tests.scoring.cards import card_in, outcome, reviewing_world

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def world():
    return two_clusters(phase=Phase.RUNNING)


@pytest.fixture
def draft(world):
    return CriteriaSetFactory(year=world.year, small=True)


def criterion(draft, code) -> Criterion:
    return draft.criteria.get(code=code)


def apply(draft, user):
    return criteria.apply(criteria_set=draft, by=user, at=NOW)


def test_the_small_set_adds_up(draft):
    assert criteria.missing_for_application(draft) == []


@pytest.mark.parametrize(
    ("code", "fields", "said_of"),
    [
        ("A1", {"max_points": D(31)}, ["A"]),
        ("A", {"max_points": D(71)}, ["set", "A"]),
        ("A1", {"how_computed": ""}, ["A1"]),
        ("A1", {"evidence_required": ""}, ["A1"]),
        ("A3", {"max_points": D(19)}, ["A", "A3"]),
        ("B1", {"kind": CriterionKind.BONUS, "points_per_item": D(1)}, ["B1"]),
        ("F1", {"kind": CriterionKind.BOOLEAN, "max_points": D(5)}, ["F1"]),
        ("E1", {"kind": CriterionKind.RATIO}, ["E1"]),
    ],
)
def test_what_does_not_add_up_is_named(world, draft, code, fields, said_of):
    draft.criteria.filter(code=code).update(**fields)

    with pytest.raises(Refused) as refused:
        apply(draft, world.secretariat)

    found = [re.search(r"\b[A-F][0-9]?\b", text) for text in refused.value.missing]
    assert [match[0] if match else "set" for match in found] == said_of
    draft.refresh_from_db()
    assert draft.status == SetStatus.DRAFT


def test_an_empty_set_is_not_applied(world):
    with pytest.raises(Refused):
        apply(CriteriaSetFactory(year=world.year), world.secretariat)


def test_a_group_without_criteria_is_not_applied(world, draft):
    CriterionFactory(criteria_set=draft, kind=CriterionKind.GROUP, section=Section.BONUS, code="G", max_points=D(5))

    with pytest.raises(Refused) as refused:
        apply(draft, world.secretariat)

    assert refused.value.missing[0].split()[0] == "G"


def test_who_may_apply(world, draft):
    found = {name: outcome(lambda user=user: apply(draft, user)) for name, user in world.people().items()}

    assert found == {
        "of": "3", "sg": "3", "ot": "3", "fo": "4", "L": "3", "D": "3", "S": "Y", "R": "3", "O": "4",
    }  # fmt: skip


def test_applying_freezes_the_set(world, draft):
    apply(draft, world.secretariat)

    applied = CriteriaSet.objects.get()
    assert (applied.status, applied.applied_at, applied.applied_by) == (SetStatus.APPLIED, NOW, world.secretariat)
    assert AuditEvent.objects.order_by("-sequence").first().verb == "criteria_set.apply"
    node = criterion(applied, "A1")
    acts = [
        lambda: criteria.save_set(criteria_set=applied, by=world.secretariat, at=NOW),
        lambda: criteria.save_criterion(criterion=node, by=world.secretariat, at=NOW),
        lambda: criteria.save_levels(criterion=node, levels=[], by=world.secretariat, at=NOW),
        lambda: criteria.delete_criterion(criterion=node, by=world.secretariat, at=NOW),
        lambda: criteria.apply(criteria_set=applied, by=world.secretariat, at=NOW),
    ]
    assert [outcome(act) for act in acts] == ["W"] * 5


def test_a_year_has_one_applied_set(world, draft):
    apply(draft, world.secretariat)
    second = CriteriaSetFactory(year=world.year, version=2, small=True)

    with pytest.raises(Refused):
        apply(second, world.secretariat)


def test_a_draft_is_edited_node_by_node(world):
    draft = criteria.save_set(
        criteria_set=CriteriaSet(year=world.year, title="Bảng tiêu chí", declared_total=D(10)),
        by=world.secretariat,
        at=NOW,
    )
    group = criteria.save_criterion(
        criterion=CriterionFactory.build(criteria_set=draft, kind=CriterionKind.GROUP, code="A"),
        by=world.secretariat,
        at=NOW,
    )
    leaf = criteria.save_criterion(
        criterion=CriterionFactory.build(criteria_set=draft, parent=group, kind=CriterionKind.LEVELS, code="A1"),
        by=world.secretariat,
        at=NOW,
    )
    criteria.save_levels(
        criterion=leaf,
        levels=[
            CriterionLevel(position=1, label="Tốt", points=D(10)),
            CriterionLevel(position=2, label="Kém", points=D(0)),
        ],
        by=world.secretariat,
        at=NOW,
    )

    apply(draft, world.secretariat)

    assert list(leaf.levels.values_list("label", flat=True)) == ["Tốt", "Kém"]


def test_deleting_a_group_of_a_draft_takes_its_children(world, draft):
    criteria.delete_criterion(criterion=criterion(draft, "A"), by=world.secretariat, at=NOW)

    assert list(draft.criteria.order_by("order").values_list("code", flat=True)) == [
        "B",
        "B1",
        "B2",
        "E",
        "E1",
        "F",
        "F1",
    ]


def test_a_parent_is_a_group_of_the_same_set_and_not_below_the_node(world, draft):
    foreign = CriterionFactory(criteria_set=CriteriaSetFactory(), kind=CriterionKind.GROUP)
    node, group = criterion(draft, "A"), criterion(draft, "B")
    wrong = []
    for parent in (criterion(draft, "A1"), foreign):
        group.parent = parent
        wrong.append(outcome(lambda: criteria.save_criterion(criterion=group, by=world.secretariat, at=NOW)))
    Criterion.objects.filter(code="B").update(parent=node)
    node.parent = criterion(draft, "B")
    wrong.append(outcome(lambda: criteria.save_criterion(criterion=node, by=world.secretariat, at=NOW)))

    assert wrong == ["R", "R", "R"]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"max_points": None}, "criterion_has_max"),
        ({"max_points": D(0)}, "criterion_max_positive"),
        ({"points_per_item": None, "kind": CriterionKind.PER_ITEM}, "criterion_has_points_per_item"),
        ({"kind": "guess"}, "criterion_kind_known"),
        ({"section": "extra"}, "criterion_section_known"),
        ({"direction": "sideways"}, "criterion_direction_known"),
    ],
)
def test_the_database_refuses_an_impossible_criterion(draft, fields, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        CriterionFactory(criteria_set=draft, **fields)


def test_codes_positions_and_versions_are_unique(draft):
    for make in (
        lambda: CriterionFactory(criteria_set=draft, code="A1"),
        lambda: CriterionLevelFactory(criterion=criterion(draft, "A3"), position=1),
        lambda: CriteriaSetFactory(year=draft.year, version=draft.version),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make()


@pytest.mark.parametrize("value", [D(-1)])
def test_a_target_is_not_negative(draft, world, value):
    with pytest.raises(IntegrityError, match="target_not_negative"), transaction.atomic():
        TargetFactory(membership=world.member, criterion=criterion(draft, "A1"), value=value)


def test_a_unit_has_one_target_for_a_criterion(draft, world):
    TargetFactory(membership=world.member, criterion=criterion(draft, "A1"))

    with pytest.raises(Refused):
        criteria.set_target(
            target=Target(membership=world.member, criterion=criterion(draft, "A1"), value=D(5)),
            by=world.secretariat,
            at=NOW,
        )


def test_the_target_of_the_own_unit_is_not_set_by_its_people(draft, world):
    target = Target(membership=world.member, criterion=criterion(draft, "A1"), value=D(50))
    people = [world.officer, world.signatory, world.secretariat_at_home]

    for user in people:
        with pytest.raises(NotAllowed):
            criteria.set_target(target=target, by=user, at=NOW)


def test_a_submitted_card_keeps_its_targets():
    world = reviewing_world()
    card = card_in(CardStatus.SUBMITTED, world.member)

    with pytest.raises(WrongState):
        criteria.set_target(
            target=Target(membership=world.member, criterion=card.lines.first().criterion, value=D(50)),
            by=world.secretariat,
            at=NOW,
        )
