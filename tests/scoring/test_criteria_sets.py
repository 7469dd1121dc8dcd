"""Criteria sets as wholes: applied, replaced by a later version, copied, taken over from a list."""

from dataclasses import replace
from decimal import Decimal

import pytest

from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotKnown, Refused, WrongState
from members.enums import AssignmentRole, Phase
from members.models import EmulationYear
from scoring.criteria_nodes import LevelNode, Node, RuleNode, nodes_of
from scoring.enums import CriterionKind, RecordSource, Section, SetStatus
from scoring.models import CriteriaSet, Criterion, CriterionLevel, Scorecard, Target
from scoring.services import criteria, criteria_sets
from scoring.sheets import tree_of
from tests.factories.awards import AwardFormFactory
from tests.factories.members import EmulationYearFactory
from tests.factories.scoring import CriteriaSetFactory, ScorecardFactory, TargetFactory
from tests.scenarios import CANARY, NOW, two_clusters, with_part
from tests.scoring.cards import outcome

pytestmark = pytest.mark.django_db

D = Decimal
NOT_ASSIGNED = {"value": None, "is_assigned": False, "not_assigned_reason": "Không giao"}
DETAILS = {"how_computed": "Cách tính", "evidence_required": "Minh chứng"}


def build_world():
    return two_clusters(phase=Phase.RUNNING)


@pytest.fixture
def in_force(world):
    return CriteriaSetFactory(year=world.year, small=True, applied=True)


@pytest.fixture
def draft(world):
    return CriteriaSetFactory(year=world.year, small=True)


def nodes(criteria_set) -> list[Node]:
    return list(nodes_of(tree_of(criteria_set.pk)))


def new_version(world, criteria_set) -> CriteriaSet:
    return criteria_sets.new_version(criteria_set=criteria_set, by=world.secretariat, at=NOW)


def apply(world, criteria_set):
    return criteria_sets.apply(criteria_set=criteria_set, by=world.secretariat, at=NOW)


def take_over(world, draft, wanted, **more):
    return criteria_sets.replace_nodes(criteria_set=draft, nodes=wanted, by=world.secretariat, at=NOW, **more)


def codes_of(diff) -> tuple[list[str], list[str], list[str]]:
    """Added, changed, removed."""
    changed = [one.after.code for one in diff.changed]
    return [node.code for node in diff.added], changed, [node.code for node in diff.removed]


# --- the next version ---


def test_a_new_version_begins_with_the_criteria_in_force(world, in_force):
    draft = new_version(world, in_force)

    assert (draft.version, draft.status, draft.title) == (2, SetStatus.DRAFT, in_force.title)
    assert nodes(draft) == nodes(in_force)
    in_force.refresh_from_db()
    assert in_force.status == SetStatus.APPLIED


def test_a_year_has_one_draft_at_a_time(world, in_force):
    new_version(world, in_force)

    assert outcome(lambda: new_version(world, in_force)) == "W"


def test_nothing_is_replaced_once_a_card_was_submitted(world, in_force):
    draft = new_version(world, in_force)
    ScorecardFactory(membership=world.member, submitted=True)

    assert outcome(lambda: new_version(world, in_force)) == "W"
    assert outcome(lambda: apply(world, draft)) == "W"
    assert list(CriteriaSet.objects.filter(year=world.year).order_by("version").values_list("status", flat=True)) == [
        SetStatus.APPLIED,
        SetStatus.DRAFT,
    ]


def test_applying_the_next_version_replaces_the_one_in_force_and_carries_the_cards(world, in_force):
    card = ScorecardFactory(membership=world.member, filled=True)
    draft = new_version(world, in_force)
    wanted = {node.code: node for node in nodes(draft)}
    wanted["A1"] = replace(wanted["A1"], max_points=D(25))  # kept, points follow: 95 % of 25
    wanted["A2"] = replace(
        wanted["A2"], kind=CriterionKind.BOOLEAN, points_per_item=None, unit_of_measure=""
    )  # cleared
    del wanted["B1"]  # gone with its value
    wanted["A4"] = Node("A4", "Mới", CriterionKind.BOOLEAN, parent="A", max_points=D(5), **DETAILS)
    wanted["B2"] = replace(wanted["B2"], max_points=D(30))
    take_over(world, draft, list(wanted.values()))

    applied = apply(world, draft)

    assert codes_of(applied.diff) == (["A4"], ["A1", "A2", "B2"], ["B1"])
    assert (applied.card_count, applied.cleared) == (1, ("A2", "B1"))
    in_force.refresh_from_db()
    assert in_force.status == SetStatus.REPLACED
    card = Scorecard.objects.get(pk=card.pk)
    assert card.criteria_set_id == draft.pk
    lines = {line.criterion.code: line for line in card.lines.select_related("criterion")}
    assert sorted(lines) == ["A1", "A2", "A3", "A4", "B2", "E1", "F1"]
    assert {line.criterion.criteria_set_id for line in lines.values()} == {draft.pk}
    assert {code: (line.self_value, line.self_points) for code, line in lines.items()} == {
        "A1": (D(95), D("23.75")),
        "A2": (None, None),
        "A3": (D(2), D(16)),
        "A4": (None, None),
        "B2": (D(1), D(25)),
        "E1": (D(2), D(10)),
        "F1": (D(1), D(-10)),
    }


def test_a_value_that_the_new_rule_does_not_admit_is_cleared(world, in_force):
    card = ScorecardFactory(membership=world.member, filled=True, self_values={"A3": ("4", "0")})
    draft = new_version(world, in_force)
    levels = [
        CriterionLevel(position=1, label="Đạt", points=D(20)),
        CriterionLevel(position=2, label="Không", points=0),
    ]
    criteria.save_levels(criterion=draft.criteria.get(code="A3"), levels=levels, by=world.secretariat, at=NOW)

    applied = apply(world, draft)

    assert applied.cleared == ("A3",)
    line = card.lines.get(criterion__code="A3")
    assert (line.self_value, line.self_points) == (None, None)


def test_targets_follow_into_the_next_version_and_stay_with_the_old_one(world, in_force):
    TargetFactory(membership=world.member, criterion=in_force.criteria.get(code="A1"), value=D(80))
    draft = new_version(world, in_force)

    apply(world, draft)

    found = Target.objects.order_by("criterion__criteria_set").values_list("criterion__criteria_set", "value")
    assert list(found) == [(in_force.pk, D(80)), (draft.pk, D(80))]


def test_a_version_that_does_not_add_up_replaces_nothing(world, in_force):
    draft = new_version(world, in_force)
    Criterion.objects.filter(criteria_set=draft, code="A1").update(max_points=D(29))
    events = AuditEvent.objects.count()

    with pytest.raises(Refused):
        apply(world, draft)

    in_force.refresh_from_db()
    assert in_force.status == SetStatus.APPLIED
    assert AuditEvent.objects.count() == events


# --- copies ---


def test_a_copy_keeps_codes_and_says_what_changed_and_done_again_nothing(world, in_force):
    year = EmulationYearFactory(cluster=world.cluster, year=2022)

    copied, first = criteria_sets.copy(source=in_force, year=year, by=world.secretariat, at=NOW)
    again, second = criteria_sets.copy(source=in_force, year=year, by=world.secretariat, at=NOW)

    assert nodes(copied) == nodes(in_force)
    assert (len(first.added), first.changed, first.removed) == (11, (), ())
    assert again.pk == copied.pk
    assert second.is_empty
    assert copied.status == SetStatus.DRAFT


def test_a_copy_makes_an_edited_draft_equal_to_its_source(world, draft):
    source = CriteriaSetFactory(
        year=EmulationYearFactory(cluster=world.cluster, year=2020),
        small=True,
        applied=True,
        declared_total=D(100),
        allows_shared_records=True,
    )
    draft.criteria.filter(code="A1").update(title="Sửa rồi")
    draft.criteria.filter(code="F1").delete()

    copied, found = criteria_sets.copy(source=source, year=world.year, by=world.secretariat, at=NOW)

    assert codes_of(found) == (["F1"], ["A1"], [])
    assert copied.allows_shared_records


def test_a_copy_from_another_cluster_needs_a_part_in_both(world, draft):
    foreign = CriteriaSetFactory(year=world.foreign.year, small=True, applied=True, title=CANARY)

    def copy(user):
        criteria_sets.copy(source=foreign, year=world.year, by=user, at=NOW)

    with pytest.raises(NotKnown):
        copy(world.secretariat)
    assert outcome(lambda: copy(world.foreign.secretariat)) == "4"


def test_a_secretary_of_two_clusters_copies_between_them(world, draft):
    from_both = world.secretariat
    foreign = CriteriaSetFactory(year=world.foreign.year, small=True, applied=True)
    Criterion.objects.filter(criteria_set=draft, code="A1").update(title="Khác")
    _join_foreign_secretariat(world)

    _draft, found = criteria_sets.copy(source=foreign, year=world.year, by=from_both, at=NOW)
    _draft, again = criteria_sets.copy(source=foreign, year=world.year, by=from_both, at=NOW)

    assert codes_of(found) == ([], ["A1"], [])
    assert again.is_empty


def _join_foreign_secretariat(world):
    with_part(world.secretariat, unit=None, cluster=world.foreign.cluster, role=AssignmentRole.SECRETARIAT)


def test_nothing_is_copied_into_a_year_with_submitted_cards(world, in_force):
    ScorecardFactory(membership=world.member, submitted=True)
    source = CriteriaSetFactory(year=EmulationYearFactory(cluster=world.cluster, year=2020), small=True, applied=True)

    with pytest.raises(WrongState):
        criteria_sets.copy(source=source, year=world.year, by=world.secretariat, at=NOW)


# --- a whole list ---


def test_children_move_out_of_a_group_that_goes(world, draft):
    wanted = [replace(node, parent="A" if node.parent == "B" else node.parent) for node in nodes(draft)]

    found = take_over(world, draft, [node for node in wanted if node.code != "B"])

    assert codes_of(found) == ([], ["B1", "B2"], ["B"])
    assert list(draft.criteria.filter(parent__code="A").values_list("code", flat=True)) == [
        "A1",
        "A2",
        "A3",
        "B1",
        "B2",
    ]


def test_two_criteria_swap_their_codes(world, draft):
    swapped = {"A1": "A2", "A2": "A1"}
    wanted = [replace(node, code=swapped.get(node.code, node.code)) for node in nodes(draft)]

    take_over(world, draft, wanted)

    assert nodes(draft) == wanted


def test_a_swap_of_places_is_a_change_of_both(world, draft):
    wanted = nodes(draft)
    wanted[1], wanted[2] = wanted[2], wanted[1]

    found = take_over(world, draft, wanted)

    assert [(one.after.code, one.fields) for one in found.changed] == [("A2", ("place",)), ("A1", ("place",))]
    assert nodes(draft) == wanted


@pytest.mark.parametrize(
    ("wanted", "said_of"),
    [
        ([Node("A", "A", "group", parent="B"), Node("B", "B", "group", parent="A")], ["A", "B"]),
        ([Node("A", "A", "group"), Node("A", "A", "group")], ["A"]),
        ([Node("A1", "A1", "boolean", parent="A")], ["A1"]),
        ([Node(f"G{n}", "G", "group", parent=f"G{n - 1}" if n else "") for n in range(7)], ["G6"]),
    ],
    ids=["cycle", "code twice", "no parent", "seventh level"],
)
def test_what_is_no_tree_is_refused_and_changes_nothing(world, draft, wanted, said_of):
    before = nodes(draft)

    with pytest.raises(Refused) as refused:
        take_over(world, draft, wanted)

    assert [sentence.split(":")[0] for sentence in refused.value.missing] == said_of
    assert nodes(draft) == before


def test_a_criterion_with_targets_stays_and_so_does_everything_else(world, draft):
    TargetFactory(membership=world.member, criterion=draft.criteria.get(code="A1"))
    before = nodes(draft)
    wanted = [replace(node, title="Mới") for node in before if node.code != "A1"]

    with pytest.raises(Refused):
        take_over(world, draft, wanted)

    assert nodes(draft) == before


_PLAIN = {"default_target": None, "unit_of_measure": ""}


@pytest.mark.parametrize(
    ("code", "change", "plan", "is_possible"),
    [
        ("A1", {"kind": CriterionKind.BOOLEAN, **_PLAIN}, {}, False),
        ("A1", {"kind": CriterionKind.RATIO_LEADER}, {}, True),
        ("A1", {"title": "Mới"}, {}, True),
        ("A1", {"kind": CriterionKind.BOOLEAN, **_PLAIN}, NOT_ASSIGNED, True),
        ("A2", {"kind": CriterionKind.GROUP, "points_per_item": None, **_PLAIN}, NOT_ASSIGNED, False),
    ],
    ids=["no targets", "measured as well", "same kind", "not assigned, still a leaf", "not assigned, now a group"],
)
def test_a_kind_that_cannot_have_the_plans_of_units_is_refused(world, draft, code, change, plan, is_possible):
    TargetFactory(membership=world.member, criterion=draft.criteria.get(code=code), **plan)
    before = nodes(draft)
    wanted = [replace(node, **change) if node.code == code else node for node in before]

    if is_possible:
        assert codes_of(take_over(world, draft, wanted)) == ([], [code], [])
    else:
        with pytest.raises(Refused, match=code):
            take_over(world, draft, wanted)
        assert nodes(draft) == before


def test_tables_and_rules_of_sources_are_taken_over(world, draft):
    AwardFormFactory(code="BK")
    bands = (LevelNode("dưới 5", D(0), D(0), D(5)), LevelNode("từ 5", D(5), D(5), None))
    rules = (RuleNode(D(1), award_form="BK"), RuleNode(D(3), level="province", recipient_kind="collective"))
    added = [
        Node("A8", "Dải", CriterionKind.BANDS, parent="A", max_points=D(5), levels=bands, **DETAILS),
        Node(
            "E2",
            "Khen",
            CriterionKind.BONUS,
            parent="E",
            section=Section.BONUS,
            max_points=D(5),
            points_per_item=D(1),
            source=RecordSource.COMMENDATIONS,
            source_rules=rules,
            **DETAILS,
        ),
    ]

    take_over(world, draft, [*nodes(draft), *added])

    stored = {node.code: node for node in nodes(draft)}
    assert stored["A8"] == added[0]
    assert stored["E2"] == added[1]
    assert take_over(world, draft, [*nodes(draft)]).is_empty


def test_a_form_of_commendation_that_is_not_known_is_refused(world, draft):
    rules = (RuleNode(D(1), award_form="KHONG-CO"),)
    wanted = [
        replace(node, source=RecordSource.COMMENDATIONS, source_rules=rules) if node.code == "E1" else node
        for node in nodes(draft)
    ]

    with pytest.raises(Refused, match="KHONG-CO"):
        take_over(world, draft, wanted)


def test_an_archived_year_takes_over_nothing(world, draft):
    EmulationYear.objects.filter(pk=world.year.pk).update(phase=Phase.ARCHIVED)
    draft.refresh_from_db()
    draft = CriteriaSet.objects.get(pk=draft.pk)

    assert outcome(lambda: take_over(world, draft, [])) == "W"
