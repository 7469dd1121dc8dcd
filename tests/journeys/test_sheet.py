"""The score sheet under hard conditions: no script, no mouse, a lost session, somebody else in another tab."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from scoring.models import Scorecard, ScoreLine
from tests.factories.scoring import FILLED
from tests.journeys.conftest import four_units
from tests.journeys.screens import button, link, of_card, of_year, state_of, text_of, value_of, write

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "mat-khau-cua-can-bo"
MOST_TABS = 40


def stored(world, code):
    return ScoreLine.objects.get(scorecard__membership=world.member, criterion__code=code)


def write_all(page, values):
    for code, (value, _points) in values.items():
        write(value_of(page, code), value)
        text_of(page, code).fill(f"Theo báo cáo số {code}")


def sign_in(page, user):
    user.set_password(PASSWORD)
    user.save()
    page.goto("/accounts/login/")
    page.locator("input[name=username]").fill(user.username)
    page.locator("input[name=password]").fill(PASSWORD)
    button(page, "Log in").click()


# --- without a script ---


def test_card_without_script_is_filled_by_one_button(world, enter):
    page = enter(world.officer, java_script_enabled=False)
    page.goto(of_card("scoring:scorecard_detail", world))

    write_all(page, FILLED | {"A1": ("8.75", ""), "A2": ("40", "")})
    button(page, "Save all").click()
    expect(state_of(page, "A1")).to_contain_text("8,75")
    expect(value_of(page, "A1")).to_have_value("8.75")
    expect(value_of(page, "B2")).to_have_value("1")
    assert stored(world, "B2").self_value is None

    write_all(page, FILLED)
    button(page, "Save all").click()
    expect(page.locator("#totals")).to_contain_text("84,50")
    assert Scorecard.objects.get(membership=world.member).self_total.to_eng_string() == "84.50"


def test_review_without_script_is_saved_by_one_button(enter):
    world = four_units(submitted=True)
    page = enter(world.secretariat, java_script_enabled=False)
    page.goto(of_card("scoring:scorecard_review", world))

    write(value_of(page, "A1"), "87")
    button(page, "Save all").click()
    expect(value_of(page, "A1")).to_have_value("87")
    expect(state_of(page, "A1")).not_to_be_empty()

    text_of(page, "A1").fill("Đối chiếu sổ theo dõi")
    button(page, "Save all").click()
    button(page, "Agree with the self-score of the whole card").first.click()
    expect(page.locator("#totals")).to_contain_text("82,10")
    link(page, "Conclude the review").click()
    expect(button(page, "Conclude the review")).to_be_enabled()


# --- without a mouse ---


def focus_by_tab(page, target):
    """Presses Tab until `target` has the focus, as a person without a mouse would."""
    for _press in range(MOST_TABS):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{MOST_TABS} times Tab did not lead to {target}")


def choose_in_menu(page, choice):
    page.locator(".menu-user summary").focus()
    page.keyboard.press("Enter")
    focus_by_tab(page, page.locator(f".menu-user button{choice}"))
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def test_sheet_by_keyboard_alone(world, enter):
    page = enter(world.officer)
    page.goto(of_card("scoring:scorecard_detail", world))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()

    focus_by_tab(page, value_of(page, "A1"))
    page.keyboard.type("95")
    page.keyboard.press("Enter")
    expect(value_of(page, "A2")).to_be_focused()
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    expect(text_of(page, "A2")).to_be_focused()
    page.keyboard.type("Đề án số 1, 2, 3")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(value_of(page, "A3")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Enter")
    expect(value_of(page, "A2")).to_be_focused()

    expect(state_of(page, "A3")).to_contain_text("đã lưu")
    expect(page.locator("#totals")).to_contain_text("63,50")
    expect(page.locator(".htmx-request")).to_have_count(0)
    assert [str(stored(world, code).self_points) for code in ("A1", "A2", "A3")] == ["28.50", "15.00", "20.00"]
    assert stored(world, "A2").self_note == "Đề án số 1, 2, 3"


def test_language_and_brightness_change_by_keyboard_and_back(world, enter):
    page = enter(world.leader_signatory)
    page.goto(of_year("scoring:ranking", world))
    words, html = page.locator("h1").inner_text(), page.locator("html")

    choose_in_menu(page, "[value=en]")
    expect(html).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_have_text("Ranking 2021")
    expect(page.locator(".results tbody tr").first).to_contain_text("77,10")

    choose_in_menu(page, "[value=dark]")
    expect(html).to_have_attribute("data-bs-theme", "dark")
    choose_in_menu(page, "[value=light]")
    expect(html).to_have_attribute("data-bs-theme", "light")

    choose_in_menu(page, "[value=vi]")
    expect(html).to_have_attribute("lang", "vi")
    expect(page.locator("h1")).to_have_text(words)


# --- a lost session, another tab ---


def test_lost_session_keeps_what_was_typed(world, enter, complaints):
    page = enter()
    sign_in(page, world.officer)
    page.goto(of_card("scoring:scorecard_detail", world))

    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    value_of(page, "A1").fill("95")
    value_of(page, "A1").press("Tab")
    expect(page.locator("#live-notice")).to_be_visible()
    expect(value_of(page, "A1")).to_have_value("95")
    assert stored(world, "A1").self_value is None
    complaints.forgive(401)

    other_tab = page.context.new_page()
    sign_in(other_tab, world.officer)
    button(page, "Save all").click()
    expect(page.locator("#totals")).to_contain_text("28,50")
    assert stored(world, "A1").self_value == 95


def test_line_that_another_tab_saved_first_is_not_overwritten_unseen(world, enter, complaints):
    first, second = enter(world.officer), enter(world.signatory)
    for page in (first, second):
        page.goto(of_card("scoring:scorecard_detail", world))
    value_of(first, "A1").fill("95")
    value_of(first, "A1").press("Tab")
    expect(state_of(first, "A1")).to_contain_text("đã lưu")

    value_of(second, "A1").fill("90")
    value_of(second, "A1").press("Tab")
    expect(state_of(second, "A1")).to_contain_text("95")
    expect(value_of(second, "A1")).to_have_value("90")
    assert stored(world, "A1").self_value == 95
    complaints.forgive(409)

    button(second, "Save mine").click()
    expect(state_of(second, "A1")).to_contain_text("đã lưu")
    assert stored(world, "A1").self_value == 90


def test_line_of_a_card_that_was_submitted_meanwhile_stays_on_the_page(enter, complaints):
    world = four_units(filled=True)
    officer, signatory = enter(world.officer), enter(world.signatory)
    officer.goto(of_card("scoring:scorecard_detail", world))
    signatory.goto(of_card("scoring:scorecard_submit", world))
    button(signatory, "Submit").click()
    signatory.wait_for_load_state()

    value_of(officer, "A1").fill("90")
    value_of(officer, "A1").press("Tab")
    expect(state_of(officer, "A1").locator(".cell-error")).to_be_visible()
    expect(value_of(officer, "A1")).to_have_value("90")
    assert stored(world, "A1").self_value == 95
    complaints.forgive(409)


# --- the guard itself ---


def test_complaints_are_heard_when_a_handler_is_injected(world, enter, complaints):
    """The control of all journeys: if something typed became markup, they would fail."""
    page = enter(world.officer)
    page.goto(of_card("scoring:scorecard_detail", world))
    hostile = world.member.name

    with page.expect_console_message(lambda message: "CSP" in message.text):
        page.locator("#main").evaluate("(main, text) => main.insertAdjacentHTML('beforeend', text)", hostile)
    page.wait_for_load_state("networkidle")

    assert any("CSP" in complaint for complaint in complaints)
    complaints.clear()
