"""The secretary writes the criteria of the year in a real browser: adds, mends what does not add up, drags, applies."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from members.enums import Phase
from scoring.enums import CriterionKind, SetStatus
from scoring.models import CriteriaSet
from scoring.sheets import tree_of
from tests.factories.scoring import CriteriaSetFactory
from tests.journeys.screens import button, link, of_year, vi
from tests.scenarios import two_clusters

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    """A year in preparation with a draft that adds up."""
    with transaction.atomic():
        built = two_clusters(phase=Phase.PREPARING)
        built.draft = CriteriaSetFactory(year=built.year, small=True)
    return built


def node(page, world, code):
    return page.locator(f"#node-{world.draft.criteria.get(code=code).pk}")


def parts_of(world, code):
    group = world.draft.criteria.get(code=code)
    return [part.code for part in tree_of(world.draft.pk).children[group.pk]]


def fill_form(page, **values):
    """The form is marked as seen as soon as htmx has wired it."""
    page.locator(".node-form[data-seen]").wait_for()
    for name, value in values.items():
        page.locator(f".node-form [name={name}]").fill(value)


def sum_of(page, world, code):
    return node(page, world, code).locator(".node-points .sums-line")


def drop(page, dragged, target):
    """Drags a node by its grip onto the lower part of another one."""
    box = target.bounding_box()
    dragged.locator(".grip").drag_to(target, target_position={"x": 120, "y": box["height"] - 4})


def test_the_secretary_writes_the_criteria_and_applies_them(enter, world):
    page = enter(world.secretariat)
    page.goto(of_year("scoring:criteria_edit", world))
    assert "is-right" in sum_of(page, world, "A").get_attribute("class")

    # a part is added in place: its kind asks for its own fields, and what was typed stays
    node(page, world, "A").get_by_role("link", name=vi("Add a part of %(code)s") % {"code": "A"}).click()
    fill_form(page, code="A4", title="Sáng kiến")
    page.locator(".node-form [name=kind]").select_option("boolean")
    page.locator(".node-form [name=points_per_item]").wait_for(state="detached")
    assert page.locator(".node-form [name=title]").input_value() == "Sáng kiến"
    assert page.locator(".node-form .is-invalid").count() == 0
    fill_form(page, max_points="7.5", how_computed="Đạt: 7,5 điểm", evidence_required="Quyết định")
    button(page, "Save").click()
    page.locator(".node-form[data-seen] .is-invalid").wait_for()
    fill_form(page, max_points="7,5")
    button(page, "Save").click()

    # the sum of the group goes red, and the top of the page names the group
    page.locator(".node[data-focus]", has_text="A4").wait_for()
    assert "is-wrong" in sum_of(page, world, "A").get_attribute("class")
    assert "77,50" in sum_of(page, world, "A").inner_text()
    assert page.locator(".problem-list a").count() == 1

    # another criterion gives way
    node(page, world, "A1").get_by_role("link", name=vi("Edit %(code)s") % {"code": "A1"}).click()
    fill_form(page, max_points="22,5")
    button(page, "Save").click()
    page.locator(".node[data-focus]", has_text="A1").wait_for()
    assert "is-right" in sum_of(page, world, "A").get_attribute("class")
    assert page.locator(".problem-list").count() == 0

    # the new one is dragged behind A1, then goes up by its button
    drop(page, node(page, world, "A4"), node(page, world, "A1"))
    page.locator(".node[data-focus]", has_text="A4").wait_for()
    assert parts_of(world, "A") == ["A1", "A4", "A2", "A3"]
    with page.expect_response("**/move/"):
        node(page, world, "A4").get_by_role("button", name=f"A4: {vi('Up')}").click()
    assert parts_of(world, "A") == ["A4", "A1", "A2", "A3"]

    link(page, "Apply…").click()
    page.get_by_role("button", name=vi("Apply version %(version)d") % {"version": 1}).click()
    page.wait_for_url("**/criteria/")
    assert "A4" in page.locator("table").inner_text()
    assert CriteriaSet.objects.get(pk=world.draft.pk).status == SetStatus.APPLIED


@pytest.fixture
def edited(enter, world):
    """The open form of A1, whose next answer waits in `held` as on a slow line."""
    page = enter(world.secretariat)
    page.goto(of_year("scoring:criteria_edit", world))
    node(page, world, "A1").get_by_role("link", name=vi("Edit %(code)s") % {"code": "A1"}).click()
    fill_form(page, max_points="30")
    page.held = []

    def hold(route):
        page.held.append(route)

    page.route("**/edit/*/", hold, times=1)
    return page


def choose(page, kind):
    page.locator(".node-form [name=kind]").select_option(kind)


def field(page, name):
    return page.locator(f".node-form[data-seen] [name={name}]")


def test_another_kind_saves_nothing_and_keeps_what_is_typed_meanwhile(edited, world):
    with edited.expect_request("**/edit/*/"):
        choose(edited, "per_item")
    expect(button(edited, "Save")).to_be_disabled()
    field(edited, "title").fill("Đề án được ban hành đúng hạn")
    edited.held.pop().continue_()

    field(edited, "points_per_item").wait_for()
    assert field(edited, "title").input_value() == "Đề án được ban hành đúng hạn"
    assert field(edited, "kind").input_value() == "per_item"
    assert edited.locator(".node-form .is-invalid").count() == 0
    expect(button(edited, "Save")).to_be_enabled()
    assert world.draft.criteria.get(code="A1").kind == CriterionKind.RATIO


def test_of_two_kinds_chosen_one_after_the_other_the_form_follows_the_last(edited):
    with edited.expect_request("**/edit/*/"):
        choose(edited, "per_item")
    choose(edited, "boolean")
    with edited.expect_request("**/edit/*/"):
        edited.held.pop().continue_()

    field(edited, "points_per_item").wait_for(state="detached")
    assert field(edited, "kind").input_value() == "boolean"


def test_without_a_script_the_same_addresses_are_pages(enter, world):
    page = enter(world.secretariat, java_script_enabled=False)
    page.goto(of_year("scoring:criteria_edit", world))

    node(page, world, "A3").get_by_role("link", name=vi("Edit %(code)s") % {"code": "A3"}).click()
    page.locator("[name=levels-4-label]").fill("Kém")
    page.locator("[name=levels-4-points]").fill("0")
    page.locator("[name=kind]").select_option("bands")
    button(page, "Show the fields of the chosen kind").click()
    assert page.locator("[name=levels-4-label]").input_value() == "Kém"
    page.locator("[name=kind]").select_option("levels")
    button(page, "Show the fields of the chosen kind").click()
    button(page, "Save").click()

    assert world.draft.criteria.get(code="A3").levels.count() == 5
    node(page, world, "B2").get_by_role("button", name=f"B2: {vi('Up')}").click()
    assert parts_of(world, "B") == ["B2", "B1"]
