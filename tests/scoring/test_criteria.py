"""The draft of a criteria set, node by node: who may, what is refused, how nodes move."""

import re
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotAllowed, Refused, WrongState
from members.enums import Phase
from members.models import EmulationYear
from scoring.enums import CardStatus, CriterionKind, Section, SetStatus
from scoring.models import CriteriaSet, Criterion, CriterionLevel, Target
from scoring.services import criteria, criteria_sets, targets
from scoring.sheets import tree_of
from tests.factories.scoring import CriteriaSetFactory, CriterionFactory, CriterionLevelFactory, TargetFactory
from tests.scenarios import NOW, two_clusters
from tests.scoring.cards import card_in, outcome, reviewing_world

pytestmark = pytest.mark.django_db

D = Decimal


def build_world():
    return two_clusters(phase=Phase.RUNNING)


@pytest.fixture
def draft(world):
    return CriteriaSetFactory(year=world.year, small=True)


def criterion(draft, code) -> Criterion:
    return draft.criteria.get(code=code)


def apply(draft, user):
    return criteria_sets.apply(criteria_set=draft, by=user, at=NOW)


def test_the_small_set_adds_up(draft):
    assert criteria_sets.missing_for_application(draft) == []


@pytest.mark.parametrize(
    ("code", "fields", "said_of"),
    [
        ("A1", {"max_points": D(31)}, ["A"]),
        ("A", {"max_points": D(71)}, ["set", "A"]),
        ("A1", {"how_computed": ""}, ["A1"]),
        ("A1", {"evidence_required": ""}, ["A1"]),
        ("A3", {"max_points": D(19)}, ["A", "A3"]),
        ("B1", {"kind": CriterionKind.BONUS, "points_per_item": D(1)}, ["B1"]),
        ("F1", {"kind": CriterionKind.BOOLEAN, "max_points": D(5)}, ["F1", "F1"]),
        ("E1", {"kind": CriterionKind.RATIO}, ["E1", "E1"]),
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

    assert refused.value.missing[0].split(":")[0] == "G"


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
        lambda: criteria_sets.apply(criteria_set=applied, by=world.secretariat, at=NOW),
    ]
    assert [outcome(act) for act in acts] == ["W"] * 5


@pytest.mark.parametrize("status", SetStatus)
def test_who_may_edit_in_which_status(world, draft, status):
    """The secretariat alone, and a draft alone; whoever may not is refused before the status is looked at."""
    CriteriaSet.objects.filter(pk=draft.pk).update(status=status)
    node = criterion(draft, "A1")
    acts = {
        "save": lambda user: criteria.save_criterion(criterion=node, by=user, at=NOW),
        "move": lambda user: criteria.move(criterion=node, parent=None, place=0, by=user, at=NOW),
        "sort": lambda user: criteria.sort_by_codes(criteria_set=draft, by=user, at=NOW),
        "set": lambda user: criteria.save_set(criteria_set=draft, by=user, at=NOW),
        "levels": lambda user: criteria.save_levels(criterion=node, levels=[], by=user, at=NOW),
        "rules": lambda user: criteria.save_source_rules(criterion=node, rules=[], by=user, at=NOW),
        "replace": lambda user: criteria_sets.replace_nodes(criteria_set=draft, nodes=[], by=user, at=NOW),
        "delete": lambda user: criteria.delete_criterion(criterion=criterion(draft, "B1"), by=user, at=NOW),
    }
    letter = "Y" if status == SetStatus.DRAFT else "W"

    found = {
        name: "".join(outcome(partial(act, user)) for user in world.people().values()) for name, act in acts.items()
    }

    assert list(world.people()) == ["of", "sg", "ot", "fo", "L", "D", "S", "R", "O"]
    assert found == dict.fromkeys(acts, f"333433{letter}34")


def test_an_archived_year_is_not_edited(world, draft):
    EmulationYear.objects.filter(pk=world.year.pk).update(phase=Phase.ARCHIVED)
    draft.refresh_from_db()

    assert outcome(lambda: criteria.sort_by_codes(criteria_set=draft, by=world.secretariat, at=NOW)) == "W"


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
        targets.save(
            target=Target(membership=world.member, criterion=criterion(draft, "A1"), value=D(5)),
            by=world.secretariat,
            at=NOW,
        )


def test_the_target_of_the_own_unit_is_not_set_by_its_people(draft, world):
    target = Target(membership=world.member, criterion=criterion(draft, "A1"), value=D(50))
    people = [world.officer, world.signatory, world.secretariat_at_home]

    for user in people:
        with pytest.raises(NotAllowed):
            targets.save(target=target, by=user, at=NOW)


def test_a_submitted_card_keeps_its_targets():
    world = reviewing_world()
    card = card_in(CardStatus.SUBMITTED, world.member)

    with pytest.raises(WrongState):
        targets.save(
            target=Target(membership=world.member, criterion=card.lines.first().criterion, value=D(50)),
            by=world.secretariat,
            at=NOW,
        )


def codes(draft) -> list[str]:
    """The tree in printed order, each code with the parent's: "A>A1"."""
    found = []
    for _depth, node in tree_of(draft.pk).walk():
        found.append(f"{node.parent.code}>{node.code}" if node.parent else node.code)
    return found


def move(world, draft, code, parent, place):
    target = criterion(draft, parent) if parent else None
    criteria.move(criterion=criterion(draft, code), parent=target, place=place, by=world.secretariat, at=NOW)


@pytest.mark.parametrize(
    ("code", "parent", "place", "expected"),
    [
        ("A3", "A", 0, ["A", "A>A3", "A>A1", "A>A2", "B", "B>B1", "B>B2"]),
        ("A1", "A", 1, ["A", "A>A2", "A>A1", "A>A3", "B", "B>B1", "B>B2"]),
        ("A1", "B", 99, ["A", "A>A2", "A>A3", "B", "B>B1", "B>B2", "B>A1"]),
        ("B", "A", 1, ["A", "A>A1", "A>B", "B>B1", "B>B2", "A>A2", "A>A3"]),
        ("A2", None, 0, ["A2", "A", "A>A1", "A>A3", "B", "B>B1", "B>B2"]),
    ],
)
def test_a_node_moves_with_all_it_holds(world, draft, code, parent, place, expected):
    move(world, draft, code, parent, place)

    assert codes(draft)[:7] == expected


def test_what_moves_takes_on_the_section_of_its_group(world, draft):
    move(world, draft, "B", "E", 0)

    assert {node.code: node.section for node in draft.criteria.filter(code__startswith="B")} == dict.fromkeys(
        ("B", "B1", "B2"), Section.BONUS
    )


def test_a_group_does_not_move_into_itself(world, draft):
    move(world, draft, "B", "A", 0)

    with pytest.raises(Refused):
        move(world, draft, "A", "B", 0)
    assert codes(draft)[0] == "A"


def test_the_tree_has_six_levels_at_most(world, draft):
    for level in range(2, 6):
        above = criterion(draft, "A") if level == 2 else criterion(draft, f"G{level - 1}")
        CriterionFactory(criteria_set=draft, parent=above, kind=CriterionKind.GROUP, code=f"G{level}")
    deepest = CriterionFactory(criteria_set=draft, parent=criterion(draft, "G5"), kind=CriterionKind.GROUP, code="G6")
    leaf = Criterion(criteria_set=draft, parent=deepest, code="G7", title="Quá sâu", kind=CriterionKind.BOOLEAN)
    leaf.max_points = D(1)

    with pytest.raises(Refused):
        criteria.save_criterion(criterion=leaf, by=world.secretariat, at=NOW)
    with pytest.raises(Refused):
        move(world, draft, "B", "G5", 0)
    move(world, draft, "B1", "G5", 0)

    assert criterion(draft, "B1").parent.code == "G5"


def test_codes_are_sorted_in_natural_order(world):
    """W7: numbers as numbers; Roman only where every sibling is; đ after d."""
    draft = CriteriaSetFactory(year=world.year)
    groups = [
        CriterionFactory(criteria_set=draft, kind=CriterionKind.GROUP, code=code, order=place)
        for place, code in enumerate(["IV", "II", "I", "III"])
    ]
    for code in ("I.10", "I.2", "I.1"):
        CriterionFactory(criteria_set=draft, parent=groups[2], code=code)
    for code in ("đ", "d", "c", "e"):
        CriterionFactory(criteria_set=draft, parent=groups[0], code=code)

    criteria.sort_by_codes(criteria_set=draft, by=world.secretariat, at=NOW)

    printed = [node.code for _depth, node in tree_of(draft.pk).walk()]
    assert printed == ["I", "I.1", "I.2", "I.10", "II", "III", "IV", "c", "d", "đ", "e"]


def test_a_new_criterion_stands_behind_its_sibling(world, draft):
    new = CriterionFactory.build(criteria_set=draft, parent=criterion(draft, "A"), code="A9", order=0)

    criteria.save_criterion(criterion=new, after=criterion(draft, "A1"), by=world.secretariat, at=NOW)

    assert codes(draft)[:5] == ["A", "A>A1", "A>A9", "A>A2", "A>A3"]


def test_a_criterion_is_saved_with_its_table_or_not_at_all(world, draft):
    node = criterion(draft, "A3")
    node.title = "Mới"
    rows = [
        CriterionLevel(position=1, label="Tốt", points=D(20)),
        CriterionLevel(position=2, label="Kém", points=D(-1)),
    ]

    with pytest.raises(Refused) as refused:
        criteria.save_criterion(criterion=node, levels=rows, by=world.secretariat, at=NOW)

    assert "2" in refused.value.message
    assert criterion(draft, "A3").title == "Chất lượng tham mưu"
    assert criterion(draft, "A3").levels.count() == 4


def test_a_kind_without_targets_is_refused_while_units_have_some(world, draft):
    node = criterion(draft, "A1")
    TargetFactory(membership=world.member, criterion=node)
    node.kind, node.unit_of_measure, node.default_target = CriterionKind.BOOLEAN, "", None

    with pytest.raises(Refused):
        criteria.save_criterion(criterion=node, by=world.secretariat, at=NOW)


def test_a_criterion_with_targets_is_not_deleted(world, draft):
    TargetFactory(membership=world.member, criterion=criterion(draft, "A1"))

    with pytest.raises(Refused):
        criteria.delete_criterion(criterion=criterion(draft, "A"), by=world.secretariat, at=NOW)

    assert criterion(draft, "A1").title == "Tỷ lệ nhiệm vụ hoàn thành"
