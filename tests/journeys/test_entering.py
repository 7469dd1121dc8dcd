"""Entering a whole card: 38 lines with Tab and Enter only, a pasted column, and an agency that works on paper."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from members.enums import Phase
from scoring.enums import CardStatus, CriterionKind, SubmissionWay
from scoring.models import Scorecard, ScoreLine
from tests.cluster_app.sample_uploads import pdf
from tests.factories.scoring import (
    FILLED,
    CriteriaSetFactory,
    CriterionFactory,
    CriterionLevelFactory,
    ScorecardFactory,
    put_into_force,
    put_into_log,
)
from tests.journeys.conftest import four_units
from tests.journeys.screens import button, link, of_card, text_of, value_of, write
from tests.scenarios import two_clusters

pytestmark = pytest.mark.django_db(transaction=True)

LINE_COUNT = 38
# Parameters of a kind, what is typed or pressed for it, and the value that is stored then.
WAYS = [
    ({"kind": CriterionKind.RATIO, "unit_of_measure": "%", "default_target": 100}, "95", 95),
    ({"kind": CriterionKind.PER_ITEM, "points_per_item": 5, "unit_of_measure": "đề án"}, "2", 2),
    ({"kind": CriterionKind.LEVELS}, "ArrowDown", 1),
    ({"kind": CriterionKind.BOOLEAN}, "ArrowDown", 1),
]
SCAN = {"name": "ban-giay.pdf", "mimeType": "application/pdf", "buffer": pdf("15")}


def codes():
    return [(f"A{place + 1}", *WAYS[place % len(WAYS)]) for place in range(LINE_COUNT)]


@pytest.fixture
def large_card():
    """The empty card of `member` under a set of 38 criteria."""
    with transaction.atomic():
        world = two_clusters(unit_count=4, phase=Phase.SELF_SCORING)
        criteria_set = CriteriaSetFactory(year=world.year, declared_total=LINE_COUNT * 10)
        group = CriterionFactory(
            criteria_set=criteria_set, code="A", order=0, kind=CriterionKind.GROUP, max_points=LINE_COUNT * 10
        )
        for place, (code, values, _typed, _stored) in enumerate(codes(), start=1):
            leaf = CriterionFactory(criteria_set=criteria_set, parent=group, code=code, order=place, **values)
            if leaf.kind == CriterionKind.LEVELS:
                CriterionLevelFactory(criterion=leaf, position=1, label="Tốt", points=10)
        put_into_force(criteria_set)
        put_into_log(ScorecardFactory(membership=world.member))
    return world


def focused(page):
    return page.evaluate("document.activeElement.name")


def test_38_lines_are_entered_with_tab_and_enter_only(large_card, enter):
    page = enter(large_card.officer)
    page.goto(of_card("scoring:scorecard_detail", large_card))
    value_of(page, "A1").focus()
    page.keyboard.press("Control+A")

    for place, (code, _values, typed, _stored) in enumerate(codes()):
        expect(value_of(page, code)).to_be_focused()
        page.keyboard.press(typed) if typed.startswith("Arrow") else page.keyboard.type(typed)
        if place % 2:
            page.keyboard.press("Enter")
            continue
        page.keyboard.press("Tab")
        expect(text_of(page, code)).to_be_focused()
        page.keyboard.type(f"Theo sổ {code}")
        page.keyboard.press("Tab")

    expect(page.locator(f"#line-A{LINE_COUNT} .state")).to_contain_text("đã lưu")
    expect(page.locator(".htmx-request")).to_have_count(0)
    lines = ScoreLine.objects.filter(scorecard__membership=large_card.member)
    stored = dict(lines.values_list("criterion__code", "self_value"))
    assert stored == {code: value for code, _values, _typed, value in codes()}
    assert lines.exclude(self_note="").count() == LINE_COUNT / 2
    expect(page.locator("#totals dd.sum")).to_have_text(f"{Scorecard.objects.get().self_total}".replace(".", ","))


def test_the_box_of_an_estimate_is_found_backwards_and_does_not_stand_in_the_way(enter, world):
    page = enter(world.officer)
    page.goto(of_card("scoring:scorecard_detail", world))

    text_of(page, "A1").focus()
    page.keyboard.press("Tab")
    expect(value_of(page, "A2")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    while not focused(page).startswith("estimate-"):
        page.keyboard.press("Shift+Tab")
    value_of(page, "A1").fill("95")
    with page.expect_response(lambda response: "line" in response.url):
        page.locator("#line-A1 input[type=checkbox]").check()

    expect(page.locator(".htmx-request")).to_have_count(0)
    assert ScoreLine.objects.get(scorecard__membership=world.member, criterion__code="A1").is_estimate


def paste(field, text):
    field.evaluate(
        """(field, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            field.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def test_a_column_pasted_into_a_cell_is_shown_stored_and_undone(enter, world):
    page = enter(world.officer)
    page.goto(of_card("scoring:scorecard_detail", world))

    paste(value_of(page, "A1"), "95\tBC 12\n3\tDS kèm theo\nTốt")
    expect(page.locator("h1")).to_have_text("Dán cột từ Excel")
    expect(page.locator("#pasted-2")).to_contain_text("3 đề án")
    button(page, "Save these values").click()
    expect(value_of(page, "A2")).to_have_value("3")
    expect(text_of(page, "A2")).to_have_value("DS kèm theo")

    button(page, "Undo the paste").click()
    expect(value_of(page, "A2")).to_have_value("")
    expect(button(page, "Undo the paste")).to_have_count(0)


# --- an agency that works on paper ---


def give_paper(page):
    page.locator("input[name=number]").fill("15-BC/CQ")
    page.locator("input[name=signed_on]").fill("20/11/2021")
    page.locator("input[name=file]").set_input_files(SCAN)


def test_an_officer_submits_with_the_scan_of_the_signed_paper(enter):
    world = four_units(filled=True)
    page = enter(world.officer)
    page.goto(of_card("scoring:scorecard_detail", world))
    link(page, "Check and submit").click()

    give_paper(page)
    button(page, "Submit").click()

    expect(page.locator(".subheading")).to_contain_text("kèm bản giấy đã ký")
    with page.expect_download() as download:
        link(page, "Download the scan").click()
    assert download.value.suggested_filename == "ban-giay.pdf"
    assert Scorecard.objects.get(membership=world.member).status == CardStatus.SUBMITTED


def test_the_secretariat_enters_a_card_from_its_signed_paper(enter, world):
    page = enter(world.secretariat)
    page.goto(of_card("scoring:scorecard_detail", world))
    expect(page.locator("input[name^=value-]")).to_have_count(0)

    link(page, "Record the signed paper").click()
    give_paper(page)
    button(page, "Record the paper").click()
    for code, (value, _points) in FILLED.items():
        write(value_of(page, code), value)
        text_of(page, code).fill(f"Theo bản giấy {code}")
    button(page, "Save all").click()
    expect(page.locator("#totals")).to_contain_text("84,50")
    link(page, "Check and submit").click()
    button(page, "Submit").click()

    expect(page.locator(".subheading")).to_contain_text("nhập hộ")
    card = Scorecard.objects.get(membership=world.member)
    assert (card.status, card.submissions.get().way) == (CardStatus.SUBMITTED, SubmissionWay.ON_BEHALF)
