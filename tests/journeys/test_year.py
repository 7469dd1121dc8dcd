"""The year of a small cluster in the browser: filled, reviewed, approved, published, summed up."""

import re

import pytest
from playwright.sync_api import expect

from cluster_app.audit.verification import verify
from scoring.enums import CardStatus
from scoring.models import Scorecard
from scoring.results import results
from tests.factories.scoring import FILLED
from tests.journeys.conftest import HOSTILE
from tests.journeys.screens import (
    button,
    link,
    of_card,
    of_year,
    state_of,
    status_of,
    text_of,
    todo,
    value_of,
    vi,
    write,
)

pytestmark = pytest.mark.django_db(transaction=True)

NOTE = f"Báo cáo số 12-BC/A3 {HOSTILE}"
REASON = f"Đối chiếu sổ theo dõi {HOSTILE}"
PASSWORD = "mat-khau-cua-cum-truong"


def statuses(world):
    cards = Scorecard.objects.filter(membership__year=world.year).order_by("membership__protocol_order")
    return [card.status for card in cards]


# --- the steps of the year, in the order in which they are taken ---


def officer_fills_the_card(page, world):
    page.goto(of_card("scoring:scorecard_detail", world))
    write(value_of(page, "A1"), "8.75")
    value_of(page, "A1").press("Tab")
    expect(state_of(page, "A1")).to_contain_text("8,75")
    expect(value_of(page, "A1")).to_have_value("8.75")

    for code, (value, _points) in FILLED.items():
        write(value_of(page, code), value)
        text_of(page, code).fill(NOTE)
        text_of(page, code).press("Tab")
        expect(state_of(page, code)).to_have_text("đã lưu")
    expect(page.locator("#totals")).to_contain_text("84,50")


def signatory_submits(page, world):
    page.goto(of_card("scoring:scorecard_detail", world))
    link(page, "Check and submit").click()
    button(page, "Submit").click()
    expect(status_of(page)).to_have_class(re.compile("submitted"))


def secretary_reviews(page, world):
    page.goto(of_card("scoring:scorecard_review", world))
    text_of(page, "A1").fill(REASON)
    write(value_of(page, "A1"), "87")
    value_of(page, "A1").press("Tab")
    expect(state_of(page, "A1")).to_have_text("đã lưu")
    button(page, "Agree with the self-score of the whole card").first.click()
    expect(page.locator("#totals")).to_contain_text("82,10")
    link(page, "Conclude the review").click()
    expect(page.locator("#line-A1")).to_contain_text(REASON)
    button(page, "Conclude the review").click()
    expect(status_of(page)).to_have_class(re.compile("reviewed"))


def secretary_opens_the_approval(page, world):
    page.goto(of_year("members:year_move", world))
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".phases [aria-current=step]")).to_contain_text(vi("Approving"))


def leader_approves_the_others(page, world):
    """From the sign-in page to three approved cards; returns how often the mouse was pressed."""
    clicks = []

    def click(target):
        clicks.append(target)
        target.click()

    page.goto("/")
    page.locator("input[name=username]").fill(world.leader_signatory.username)
    page.locator("input[name=password]").fill(PASSWORD)
    click(button(page, "Log in"))
    click(todo(page, world.other.short_name))
    click(page.locator("#action-toggle"))
    click(button(page, "Approve the selected cards"))
    restated = page.locator("main, #content-main").locator("tbody tr")
    expect(restated).to_have_count(3)
    expect(restated.filter(has_text="82,10")).to_contain_text(world.member.name)
    expect(page.locator(".checklist .warn")).to_contain_text(world.leader.name)
    click(button(page, "Approve"))
    expect(page.locator(".messagelist, .messages, .notice").first).to_contain_text(world.member.short_name)
    return len(clicks)


def deputy_approves_the_card_of_the_leader(page, world):
    page.goto(of_year("scoring:home", world))
    todo(page, world.leader.name).click()
    link(page, "Approve").click()
    button(page, "Approve").click()


def two_persons_publish(leader, deputy, world):
    leader.goto(of_year("scoring:home", world))
    todo(leader, vi("Propose to publish the results")).click()
    button(leader, "Propose to publish").click()
    deputy.goto(of_year("scoring:publication", world))
    button(deputy, "Confirm and publish").click()
    expect(deputy.locator(".notice.success").first).to_be_visible()


def points_in_ranking(page):
    """Total and rank of every unit, as they are read off the page."""
    rows = page.locator(".results tbody tr").all()
    cells = [(row.locator("td strong").inner_text(), row.locator(".rank").inner_text()) for row in rows]
    return sorted(cells)


def test_year_from_the_first_line_to_the_summary(world, enter, complaints):
    world.leader_signatory.set_password(PASSWORD)
    world.leader_signatory.save()
    plain_unit = enter(world.other_signatory)
    secretary = enter(world.secretariat)
    leader, deputy = enter(), enter(world.deputy_signatory)

    officer_fills_the_card(enter(world.officer), world)
    signatory_submits(enter(world.signatory), world)
    secretary_reviews(secretary, world)
    secretary_opens_the_approval(secretary, world)
    click_count = leader_approves_the_others(leader, world)
    assert click_count == 5
    assert statuses(world) == [CardStatus.REVIEWED] + [CardStatus.APPROVED] * 3

    deputy_approves_the_card_of_the_leader(deputy, world)
    assert statuses(world) == [CardStatus.APPROVED] * 4
    assert plain_unit.goto(of_year("scoring:ranking", world)).status == 403
    complaints.forgive(403)

    two_persons_publish(leader, deputy, world)
    plain_unit.goto(of_year("scoring:ranking", world))
    expected = [("77,10", "2"), ("77,10", "2"), ("77,10", "2"), ("82,10", "1")]
    assert points_in_ranking(plain_unit) == expected
    leader.goto(of_year("scoring:home", world))
    leader.get_by_role("link", name=vi("Annual summary")).first.click()
    expect(leader.locator("table").filter(has_text="82,10").filter(has_text="77,10").first).to_be_visible()
    exported = sorted((unit["total"].replace(".", ","), str(unit["rank"])) for unit in results(world.year)["units"])
    assert exported == expected
    assert verify().problem == ""
