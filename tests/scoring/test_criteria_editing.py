"""The pages on which the secretariat edits the criteria of a year."""

from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from members.enums import Phase
from members.models import EmulationYear
from scoring.criteria_nodes import nodes_of
from scoring.enums import CriterionKind, RecordSource, Section, SetStatus
from scoring.models import CriteriaSet, Criterion
from scoring.sheets import tree_of
from tests.factories.awards import AwardFormFactory
from tests.factories.members import EmulationYearFactory
from tests.factories.scoring import (
    CriteriaSetFactory,
    CriterionFactory,
    ScorecardFactory,
    TargetFactory,
    put_into_force,
)
from tests.journeys.screens import vi
from tests.scenarios import CANARY, two_clusters
from tests.scoring.pages import content, text_of, year_address

pytestmark = pytest.mark.django_db

D = Decimal
HTMX = {"HX-Request": "true"}
STATUS_WORDS = {"draft": "Draft", "applied": "Applied", "replaced": "Replaced by a later version"}


def build_world():
    built = two_clusters(phase=Phase.RUNNING)
    built.draft = CriteriaSetFactory(year=built.year, small=True, title="Bảng nháp")
    built.foreign_draft = CriteriaSetFactory(year=built.foreign.year, small=True, title=f"Bảng {CANARY}")
    return built


@pytest.fixture
def secretary(client, world):
    client.force_login(world.secretariat)
    return client


def node(world, code) -> Criterion:
    return world.draft.criteria.get(code=code)


def address(name, world, code="") -> str:
    return year_address(name, world, **({"pk": node(world, code).pk} if code else {}))


def typed(**changes) -> dict[str, str]:
    """A criterion of the kind "per item" as its form sends it."""
    return {
        "code": "A9",
        "title": "Sáng kiến",
        "kind": "per_item",
        "max_points": "12,5",
        "unit_of_measure": "sáng kiến",
        "points_per_item": "2,5",
        "source": "",
        "how_computed": "Mỗi sáng kiến 2,5 điểm",
        "evidence_required": "Quyết định công nhận",
    } | changes


def rows(prefix, *found) -> dict[str, str]:
    data = {f"{prefix}-TOTAL_FORMS": str(len(found)), f"{prefix}-INITIAL_FORMS": "0"}
    return data | {f"{prefix}-{place}-{name}": value for place, row in enumerate(found) for name, value in row.items()}


def state(world) -> tuple:
    """Everything stored of the draft."""
    draft = CriteriaSet.objects.get(pk=world.draft.pk)
    return draft.status, draft.title, draft.declared_total, nodes_of(tree_of(draft.pk))


def right_sum(points) -> str:
    return vi("Parts: %(found)s of %(declared)s") % {"found": points, "declared": points}


def too_many(found, declared, difference) -> str:
    values = {"found": found, "declared": declared, "difference": difference}
    return vi("Parts: %(found)s of %(declared)s, %(difference)s too many") % values


# --- the tree ---


def test_the_page_shows_the_whole_draft_in_words(secretary, world):
    page = text_of(secretary.get(address("criteria_edit", world)))

    found = [
        "Bảng nháp",
        "A1 Tỷ lệ nhiệm vụ hoàn thành",
        vi("Target %(target)s") % {"target": "100 %"},
        vi("%(points)s points for each %(item)s") % {"points": "5", "item": "đề án"},
        vi("%(points)s points off for each %(item)s") % {"points": "5", "item": "ngày chậm"},
        "Xuất sắc: 20,00",
        "Cách tính điểm A2",
        "Minh chứng A2",
    ]
    assert [words for words in found if words not in page] == []
    assert CANARY not in page


def test_sums_stand_beside_the_maximum_with_the_difference(secretary, world):
    world.draft.criteria.filter(code="A1").update(max_points=D("32.5"))

    response = secretary.get(address("criteria_edit", world))

    page = text_of(response)
    assert too_many("72,50", "70,00", "2,50") in page
    assert right_sum("30,00") in page
    assert right_sum("100,00") in page
    assert f'href="#node-{node(world, "A").pk}"' in content(response)
    assert f'id="node-{node(world, "A").pk}"' in content(response)
    assert [row.code for row in response.context["tree"].rows if row.is_wrong] == ["A"]


@pytest.mark.parametrize("count", [2, 9])
def test_the_page_costs_the_same_however_many_criteria(secretary, world, django_assert_num_queries, count):
    world.draft.criteria.filter(parent__isnull=False).delete()
    for _place in range(count):
        CriterionFactory(criteria_set=world.draft, parent=node(world, "A"))

    with django_assert_num_queries(10):
        assert secretary.get(address("criteria_edit", world)).status_code == 200


def test_without_a_draft_the_page_says_how_to_get_one(secretary, world):
    world.draft.delete()
    assert vi("Begin an empty set") in text_of(secretary.get(address("criteria_edit", world)))

    CriteriaSetFactory(year=world.year, small=True, applied=True)
    assert vi("Make a new version") in text_of(secretary.get(address("criteria_edit", world)))

    ScorecardFactory(membership=world.member, submitted=True)
    page = text_of(secretary.get(address("criteria_edit", world)))
    assert vi("Make a new version") not in page
    locked = "A score card was submitted under the criteria in force. They can be changed for the next year only."
    assert vi(locked) in page


@pytest.mark.parametrize("name", ["criteria_head", "criterion_add", "criteria_apply"])
def test_the_archived_year_is_closed(secretary, world, name):
    EmulationYear.objects.filter(pk=world.year.pk).update(phase=Phase.ARCHIVED)
    before = state(world)

    answers = [secretary.get(address(name, world)), secretary.post(address(name, world), typed())]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert state(world) == before


@pytest.mark.parametrize("name", ["criterion_edit", "criterion_delete", "criterion_move"])
def test_a_criterion_in_force_is_not_changed(secretary, world, name):
    put_into_force(world.draft)
    before = state(world)

    response = secretary.post(address(name, world, "A1"), typed() | {"to": "top:0"})

    assert response.status_code == 409
    assert state(world) == before


def test_a_page_that_is_out_of_date_loads_itself_again(secretary, world):
    put_into_force(world.draft)

    response = secretary.post(address("criterion_edit", world, "A1"), typed(), headers=HTMX)

    assert (response.status_code, response["HX-Refresh"]) == (200, "true")
    assert len(list(get_messages(response.wsgi_request))) == 1


# --- one criterion ---


def test_a_new_criterion_becomes_a_part_of_its_group(secretary, world):
    url = f"{address('criterion_add', world)}?parent={node(world, 'A').pk}"

    response = secretary.post(url, typed())

    added = node(world, "A9")
    assert response["Location"] == f"{address('criteria_edit', world)}#node-{added.pk}"
    assert (added.parent.code, added.section, added.max_points, added.points_per_item) == (
        "A",
        Section.BASE,
        D("12.5"),
        D("2.5"),
    )
    assert [row.code for row in tree_of(world.draft.pk).children[added.parent_id]] == ["A1", "A2", "A3", "A9"]


def test_a_new_criterion_stands_behind_the_one_it_was_added_at(secretary, world):
    secretary.post(f"{address('criterion_add', world)}?after={node(world, 'A1').pk}", typed())

    parts = tree_of(world.draft.pk).children[node(world, "A").pk]
    assert [row.code for row in parts] == ["A1", "A9", "A2", "A3"]


def test_a_part_of_the_bonus_is_a_bonus(secretary, world):
    secretary.post(
        f"{address('criterion_add', world)}?parent={node(world, 'E').pk}", typed(kind="bonus", section="base")
    )

    assert node(world, "A9").section == Section.BONUS


@pytest.mark.parametrize("query", ["parent=x", "parent=999999999", "after=99999999999999999999999"])
def test_a_place_that_does_not_exist_is_not_known(secretary, world, query):
    assert secretary.post(f"{address('criterion_add', world)}?{query}", typed()).status_code == 404


def test_a_group_of_another_cluster_is_no_place(secretary, world):
    foreign = world.foreign_draft.criteria.get(code="A")

    assert secretary.post(f"{address('criterion_add', world)}?parent={foreign.pk}", typed()).status_code == 404
    assert secretary.get(year_address("criterion_edit", world, pk=foreign.pk)).status_code == 404


def test_htmx_gets_the_form_in_its_row_and_then_the_whole_tree(secretary, world):
    url = address("criterion_edit", world, "A2")

    opened = secretary.get(url, headers=HTMX)
    saved = secretary.post(url, typed(code="A2", max_points="21"), headers=HTMX)

    assert content(opened).lstrip().startswith('<li class="node node-form"')
    assert content(saved).lstrip().startswith('<div id="criteria-tree">')
    assert (saved["HX-Retarget"], saved["HX-Reswap"]) == ("#criteria-tree", "outerHTML")
    assert too_many("71,00", "70,00", "1,00") in text_of(saved)
    assert content(saved).count("data-focus") == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_bad_input_keeps_what_was_typed(secretary, world, headers):
    before = state(world)

    response = secretary.post(
        address("criterion_edit", world, "A2"), typed(max_points="12.5", title="<b>Mới</b>"), headers=headers
    )

    page = content(response)
    assert response.status_code == 200
    assert 'value="12.5"' in page
    assert "&lt;b&gt;Mới&lt;/b&gt;" in page
    assert "invalid-feedback" in page
    assert state(world) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"max_points": "8.75"},
        {"max_points": "9" * 30},
        {"max_points": "NaN"},
        {"max_points": "abc"},
        {"max_points": ""},
        {"max_points": "0"},
        {"max_points": "-3"},
        {"code": ""},
        {"code": "A1"},
        {"code": "M" * 21},
        {"title": ""},
        {"kind": "guess"},
        {"kind": "group", "title": "x" * 301},
        {"points_per_item": ""},
        {"source": "guess"},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_with_a_sentence(secretary, world, changes):
    before = state(world)

    response = secretary.post(address("criterion_edit", world, "A2"), typed(code="A2") | changes)

    assert response.status_code == 200
    assert "invalid" in content(response) or "alert" in content(response)
    assert state(world) == before


def test_a_form_made_before_somebody_else_s_change_is_refused_once_with_what_was_typed(secretary, world):
    shown = secretary.get(address("criterion_edit", world, "A2"))
    seen = shown.context["seen"]
    world.draft.criteria.filter(code="A2").update(title="Tên do người khác sửa")

    first = secretary.post(address("criterion_edit", world, "A2"), typed(code="A2", title="Tên của tôi", seen=seen))
    kept = node(world, "A2").title
    second = secretary.post(
        address("criterion_edit", world, "A2"), typed(code="A2", title="Tên của tôi", seen=first.context["seen"])
    )

    assert (first.status_code, second.status_code) == (200, 302)
    assert "Tên của tôi" in content(first)
    assert kept == "Tên do người khác sửa"
    assert node(world, "A2").title == "Tên của tôi"


def test_a_new_criterion_that_the_service_refuses_is_shown_again(secretary, world):
    response = secretary.post(f"{address('criterion_add', world)}?parent={node(world, 'A').pk}", typed(code="A1"))

    assert response.status_code == 200
    assert vi("The set has another criterion with this code. Choose a different one.") in text_of(response)
    assert 'value="Sáng kiến"' in content(response)


KIND_FIELDS = {
    "group": set(),
    "ratio": {"unit_of_measure", "default_target", "direction", "min_points", "step", "source"},
    "ratio_leader": {"unit_of_measure", "default_target", "min_points", "step", "full_at_excess", "source"},
    "per_item": {"unit_of_measure", "points_per_item", "step", "source"},
    "levels": {"source"},
    "bands": {"unit_of_measure", "direction", "step", "source"},
    "boolean": set(),
    "deduct": {"unit_of_measure", "points_per_item", "min_points", "step", "source"},
    "bonus": {"unit_of_measure", "points_per_item", "step", "source"},
    "penalty": {"unit_of_measure", "points_per_item", "step", "source"},
    "judged": {"step", "min_points"},
}


@pytest.mark.parametrize("kind", CriterionKind.values)
def test_the_form_has_the_fields_of_the_chosen_kind_only(secretary, world, kind):
    response = secretary.post(
        address("criterion_edit", world, "A2"), typed(kind=kind, title="Đang gõ", choose="1"), headers=HTMX
    )

    form = response.context["entry"].form
    always = {"code", "title", "kind", "max_points", "how_computed", "evidence_required"}
    source = set() if kind != "boolean" else {"source"} & set(form.fields)
    assert set(form.fields) - always - source == KIND_FIELDS[kind]
    assert (response.context["entry"].table is not None) == (kind in ("levels", "bands"))
    assert 'value="Đang gõ"' in content(response)
    assert "invalid-feedback" not in content(response)
    assert node(world, "A2").title == "Đề án được ban hành"


def test_levels_are_rows_of_the_same_form_and_empty_rows_are_left_out(secretary, world):
    found = [{"label": "Tốt", "points": "20"}, {"label": "", "points": ""}, {"label": "Kém", "points": "2,5"}]

    secretary.post(address("criterion_edit", world, "A3"), typed(code="A3", kind="levels") | rows("levels", *found))

    levels = node(world, "A3").levels.order_by("position").values_list("position", "label", "points")
    assert list(levels) == [(1, "Tốt", D(20)), (2, "Kém", D("2.5"))]


def test_bands_name_themselves_and_a_band_that_ends_before_it_begins_is_refused(secretary, world):
    bands = [{"from_value": "0", "to_value": "5", "points": "0"}, {"from_value": "5", "points": "20"}]
    url, form = address("criterion_edit", world, "A3"), typed(code="A3", kind="bands", direction="higher")

    refused = secretary.post(url, form | rows("levels", bands[0] | {"to_value": "0"}, bands[1]))
    saved = secretary.post(url, form | rows("levels", *bands))

    assert (refused.status_code, saved.status_code) == (200, 302)
    assert list(node(world, "A3").levels.values_list("from_value", "to_value")) == [(D(0), D(5)), (D(5), None)]
    assert all(node(world, "A3").levels.values_list("label", flat=True))


def test_more_rows_keep_what_was_typed(secretary, world):
    found = rows("levels", {"label": "Tốt", "points": "20x"})

    response = secretary.post(address("criterion_edit", world, "A3"), typed(kind="levels", more="1") | found)

    assert 'value="20x"' in content(response)
    assert len(response.context["entry"].table.forms) == 1 + 3 + 3


def test_rules_of_a_source_are_rows_too(secretary, world):
    AwardFormFactory(code="BK", name="Bằng khen")
    found = [
        {"level": "", "award_form": "BK", "recipient_kind": "", "amount": "1"},
        {"level": "province", "award_form": "", "recipient_kind": "collective", "amount": "2,5"},
    ]
    form = typed(code="E1", kind="bonus", source=RecordSource.COMMENDATIONS) | rows("rules", *found)

    response = secretary.post(address("criterion_edit", world, "E1"), form)

    assert response.status_code == 302
    rules = node(world, "E1").source_rules.order_by("pk").values_list("award_form__code", "level", "amount")
    assert list(rules) == [("BK", "", D(1)), (None, "province", D("2.5"))]
    page = text_of(secretary.get(address("criteria_edit", world)))
    assert "Bằng khen: 1" in page
    assert "Bằng khen" in text_of(secretary.get(address("criterion_edit", world, "E1")))


def test_a_rule_names_a_level_or_a_form_not_both(secretary, world):
    AwardFormFactory(code="BK")
    both = {"level": "province", "award_form": "BK", "recipient_kind": "", "amount": "1"}
    form = typed(code="E1", kind="bonus", source=RecordSource.COMMENDATIONS)

    response = secretary.post(address("criterion_edit", world, "E1"), form | rows("rules", both))

    assert response.status_code == 200
    assert node(world, "E1").source == ""


def test_another_kind_empties_what_it_does_not_have(secretary, world):
    TargetFactory(membership=world.member, criterion=node(world, "A1"))
    secretary.post(address("criterion_edit", world, "A2"), typed(code="A2", kind="boolean"))
    secretary.post(address("criterion_edit", world, "A3"), typed(code="A3", kind="boolean"))
    refused = secretary.post(address("criterion_edit", world, "A1"), typed(code="A1", kind="boolean"))

    assert (node(world, "A2").points_per_item, node(world, "A2").unit_of_measure) == (None, "")
    assert node(world, "A3").levels.count() == 0
    assert vi("Units have targets for it. Take the targets away first.") in text_of(refused)


# --- moving, sorting, removing ---


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_node_moves_to_the_place_that_was_sent(secretary, world, headers):
    group = node(world, "B")

    response = secretary.post(address("criterion_move", world, "A1"), {"to": f"{group.pk}:1"}, headers=headers)

    assert response.status_code == (200 if headers else 302)
    assert [row.code for row in tree_of(world.draft.pk).children[group.pk]] == ["B1", "A1", "B2"]


@pytest.mark.parametrize("to", ["", "x:y", "999999999:0", "9999999999999999999999:0"])
def test_a_place_that_is_gone_is_refused_with_the_fresh_tree(secretary, world, to):
    before = state(world)

    response = secretary.post(address("criterion_move", world, "A1"), {"to": to}, headers=HTMX)

    assert vi("This place is gone: somebody else changed the tree. Look at it again.") in text_of(response)
    assert state(world) == before


def test_a_group_does_not_move_into_another_set_or_itself(secretary, world):
    before, foreign = state(world), world.foreign_draft.criteria.get(code="A")
    for parent in (foreign, node(world, "A")):
        secretary.post(address("criterion_move", world, "A"), {"to": f"{parent.pk}:0"}, headers=HTMX)

    assert state(world) == before


def test_the_buttons_of_a_node_lead_where_they_say(secretary, world):
    tree = secretary.get(address("criteria_edit", world)).context["tree"]
    top, group = node(world, "A").pk, node(world, "B").pk
    moves = {row.code: [move.to for move in row.moves] for row in tree.rows}

    # up, down, into the group above, out of its group
    assert moves["A"] == ["", "top:1", "", ""]
    assert moves["A2"] == [f"{top}:0", f"{top}:2", "", "top:1"]
    assert moves["B"] == ["top:0", "top:2", f"{top}:3", ""]
    assert moves["B2"] == [f"{group}:0", "", "", "top:2"]


def test_codes_are_sorted_by_a_button(secretary, world):
    Criterion.objects.filter(pk=node(world, "A1").pk).update(code="A10")

    secretary.post(address("criteria_sort", world))

    assert [row.code for row in tree_of(world.draft.pk).children[node(world, "A").pk]] == ["A2", "A3", "A10"]


def test_a_group_is_removed_after_a_page_that_says_what_goes_along(secretary, world):
    url = address("criterion_delete", world, "B")

    page = text_of(secretary.get(url))
    secretary.post(url)

    assert "B1 Cơ quan đạt chuẩn văn hóa" in page
    assert not world.draft.criteria.filter(code__startswith="B").exists()


def test_a_criterion_with_targets_is_not_removed(secretary, world):
    TargetFactory(membership=world.member, criterion=node(world, "A1"))

    response = secretary.post(address("criterion_delete", world, "A1"))

    assert response.status_code == 200
    assert node(world, "A1").code == "A1"


# --- the set ---


def test_the_head_is_changed(secretary, world):
    form = {"title": "Bảng mới", "declared_total": "110", "allows_shared_records": "on"}

    secretary.post(address("criteria_head", world), form)

    draft = CriteriaSet.objects.get(pk=world.draft.pk)
    assert (draft.title, draft.declared_total, draft.allows_shared_records) == ("Bảng mới", D(110), True)


@pytest.mark.parametrize("total", ["", "0", "110.5", "x"])
def test_a_wrong_total_is_refused(secretary, world, total):
    response = secretary.post(address("criteria_head", world), {"title": "Bảng mới", "declared_total": total})

    assert response.status_code == 200
    assert CriteriaSet.objects.get(pk=world.draft.pk).title == "Bảng nháp"


def test_the_head_begins_an_empty_set_where_there_is_none(secretary, world):
    world.draft.delete()

    secretary.post(address("criteria_head", world), {"title": "Bảng đầu tiên", "declared_total": "100"})

    draft = CriteriaSet.objects.get(year=world.year)
    assert (draft.version, draft.status, draft.criteria.count()) == (1, SetStatus.DRAFT, 0)


def test_a_draft_that_does_not_add_up_is_not_applied(secretary, world):
    world.draft.criteria.filter(code="A1").update(max_points=D(29))

    answers = [secretary.get(address("criteria_apply", world)), secretary.post(address("criteria_apply", world))]

    sentence = "%(name)s declares %(declared)s, but its parts sum to %(total)s (difference %(difference)s)."
    values = {"name": vi("It"), "declared": "70,00", "total": "69,00", "difference": "1,00"}
    assert [f"A: {vi(sentence) % values}" in text_of(answer) for answer in answers] == [True, True]
    assert state(world)[0] == SetStatus.DRAFT


def test_applying_shows_what_it_replaces_and_then_carries_the_cards(secretary, world):
    world.draft.delete()
    CriteriaSetFactory(year=world.year, small=True, applied=True)
    ScorecardFactory(membership=world.member, filled=True)
    secretary.post(address("criteria_new_version", world))
    world.draft = CriteriaSet.objects.get(year=world.year, version=2)
    secretary.post(address("criterion_edit", world, "A2"), typed(code="A2", title="Đổi tên", max_points="20"))

    page = text_of(secretary.get(address("criteria_apply", world)))
    response = secretary.post(address("criteria_apply", world))

    summary = "%(added)d added, %(changed)d changed, %(removed)d removed, %(same)d unchanged."
    assert vi(summary) % {"added": 0, "changed": 1, "removed": 0, "same": 10} in page
    assert "Đề án được ban hành → Đổi tên" in page
    assert f"Bản 1 được thay; 1 phiếu đang mở được chuyển theo mã: {world.member.short_name}." in page
    assert response["Location"] == address("criteria", world)
    assert list(CriteriaSet.objects.filter(year=world.year).order_by("version").values_list("status", flat=True)) == [
        SetStatus.REPLACED,
        SetStatus.APPLIED,
    ]


def test_a_year_without_criteria_in_force_has_no_new_version(secretary, world):
    assert secretary.post(address("criteria_new_version", world)).status_code == 409


# --- copying ---


def test_the_sets_to_copy_are_those_the_person_may_see(secretary, world):
    CriteriaSetFactory(year=EmulationYearFactory(cluster=world.cluster, year=2020), small=True, title="Bảng 2020")

    page = text_of(secretary.get(address("criteria_copy", world)))

    assert "Bảng 2020" in page
    assert "Bảng nháp" not in page
    assert CANARY not in page


def test_a_copy_is_shown_before_it_is_made_and_made_once(secretary, world):
    source = CriteriaSetFactory(year=EmulationYearFactory(cluster=world.cluster, year=2020), small=True)
    source.criteria.filter(code="A1").update(title="Tên cũ")
    url, before = address("criteria_copy", world), state(world)

    shown = text_of(secretary.get(f"{url}?source={source.pk}"))
    unchanged = state(world) == before
    secretary.post(url, {"source": source.pk})
    again = text_of(secretary.get(f"{url}?source={source.pk}"))

    assert unchanged
    assert "Tỷ lệ nhiệm vụ hoàn thành → Tên cũ" in shown
    assert node(world, "A1").title == "Tên cũ"
    assert vi("Nothing changed: both sides have the same criteria.") in again
    assert vi("Copy into the draft") not in again


@pytest.mark.parametrize("source", ["foreign", "x", "999999999"])
def test_a_set_that_the_person_may_not_see_is_not_copied(secretary, world, source):
    before = state(world)
    wanted = world.foreign_draft.pk if source == "foreign" else source

    answers = [
        secretary.get(f"{address('criteria_copy', world)}?source={wanted}"),
        secretary.post(address("criteria_copy", world), {"source": wanted}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert state(world) == before


# --- reading ---


@pytest.mark.parametrize("status", [SetStatus.APPLIED, SetStatus.REPLACED])
def test_every_version_that_was_in_force_is_read_by_the_units(client, world, status):
    CriteriaSet.objects.filter(pk=world.draft.pk).update(status=status)
    client.force_login(world.officer)

    page = text_of(client.get(year_address("criteria_version", world, version=1)))

    assert "Bảng nháp" in page
    assert vi(STATUS_WORDS[status]) in page
    assert vi("Edit the criteria") not in page


def test_a_draft_is_for_those_who_write_it(client, secretary, world):
    assert vi(STATUS_WORDS[SetStatus.DRAFT]) in text_of(
        secretary.get(year_address("criteria_version", world, version=1))
    )
    client.force_login(world.officer)

    answers = [
        client.get(year_address("criteria_version", world, version=1)),
        client.get(year_address("criteria_export", world) + "?version=1"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_the_read_page_leads_the_secretariat_to_the_editing(secretary, world):
    assert reverse("scoring:criteria_edit", kwargs=world.url_kwargs()) in content(
        secretary.get(address("criteria", world))
    )


@pytest.mark.parametrize("count", [2, 9])
def test_reading_costs_the_same_however_many_criteria(secretary, world, django_assert_num_queries, count):
    world.draft.criteria.filter(parent__isnull=False).delete()
    for _place in range(count):
        CriterionFactory(criteria_set=world.draft, parent=node(world, "A"))
    put_into_force(world.draft)

    with django_assert_num_queries(10):
        assert secretary.get(address("criteria", world)).status_code == 200
