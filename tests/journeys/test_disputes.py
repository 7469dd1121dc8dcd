"""What does not go straight in the browser: a card that comes back, an objection, a leader who is away."""

import re

import pytest
from playwright.sync_api import expect

from cluster_app.audit.verification import verify
from scoring.enums import ApprovalOffice, CardStatus
from scoring.models import Approval, Scorecard
from tests.journeys.conftest import four_units
from tests.journeys.screens import button, link, of_card, of_year, state_of, status_of, value_of, vi, write

pytestmark = pytest.mark.django_db(transaction=True)

REASON = "Bổ sung số văn bản của đề án"
CLAIM = "Đề án thứ ba ban hành theo Quyết định số 15-QĐ/A3"


def card_of(world):
    return Scorecard.objects.get(membership=world.member)


def in_the_admin(page, world):
    page.goto(f"/admin/scoring/scorecard/{card_of(world).pk}/change/")


def approve_in_the_admin(page, world):
    in_the_admin(page, world)
    link(page, "Approve").click()
    button(page, "Approve").click()


def test_returned_line_is_corrected_and_only_that_line(enter, complaints):
    world = four_units(submitted=True)
    secretary, officer, signatory = enter(world.secretariat), enter(world.officer), enter(world.signatory)

    secretary.goto(of_card("scoring:scorecard_return", world))
    secretary.locator("textarea[name=reason]").fill("Ngắn")
    secretary.locator("input[name=codes][value=A2]").check()
    secretary.locator("main form button[type=submit]").first.click()
    expect(secretary.locator(".invalid-feedback, .errorlist").first).to_be_visible()
    expect(secretary.locator("input[name=codes][value=A2]")).to_be_checked()
    secretary.locator("textarea[name=reason]").fill(REASON)
    secretary.locator("main form button[type=submit]").first.click()
    expect(status_of(secretary)).to_have_class(re.compile("returned"))

    officer.goto(of_card("scoring:scorecard_detail", world))
    expect(officer.get_by_text(REASON).first).to_be_visible()
    expect(value_of(officer, "A1")).to_have_count(0)
    write(value_of(officer, "A2"), "4")
    value_of(officer, "A2").press("Tab")
    expect(state_of(officer, "A2")).to_have_text("đã lưu")

    signatory.goto(of_card("scoring:scorecard_detail", world))
    link(signatory, "Check and submit").click()
    button(signatory, "Submit").click()
    expect(status_of(signatory)).to_have_class(re.compile("submitted"))
    assert (card_of(world).return_count, str(card_of(world).self_total)) == (1, "89.50")
    assert verify().problem == ""


def test_objection_is_raised_answered_accepted_and_then_the_card_approved(enter, complaints):
    world = four_units(reviewed=True)
    officer, secretary, leader = enter(world.officer), enter(world.secretariat), enter(world.leader_signatory)

    officer.goto(of_card("scoring:scorecard_detail", world))
    officer.locator("#line-A2 a[href*='/object/']").click()
    officer.locator("input[name=claimed_value]").fill("3")
    officer.locator("textarea[name=text]").fill(CLAIM)
    officer.locator("main form button[type=submit]").first.click()
    officer.locator("#line-A2").get_by_role("link", name=re.compile(vi("Objection: %(status)s").split("%")[0])).click()
    expect(officer.locator(".thread")).to_contain_text(CLAIM)

    in_the_admin(leader, world)
    expect(link(leader, "Approve")).to_have_count(0)

    secretary.goto(of_year("scoring:objection_list", world))
    secretary.get_by_role("link", name=re.compile("A2")).click()
    link(secretary, "Accept").click()
    secretary.locator("input[name=value]").fill("3")
    secretary.locator("textarea[name=reason]").fill(REASON)
    button(secretary, "Show the points").click()
    expect(secretary.locator("main")).to_contain_text("15,00")
    button(secretary, "Accept with these points").click()
    expect(secretary.locator(".thread")).to_be_visible()
    assert str(card_of(world).total_points) == "82.10"

    approve_in_the_admin(leader, world)
    assert card_of(world).status == CardStatus.APPROVED
    officer.goto(of_card("scoring:scorecard_detail", world))
    expect(status_of(officer)).to_have_class(re.compile("approved"))
    expect(officer.locator("#line-A2")).to_contain_text(REASON)
    assert verify().problem == ""


def test_deputy_approves_for_the_leader_by_written_delegation(enter, complaints):
    world = four_units(reviewed=True)
    leader, deputy = enter(world.leader_signatory), enter(world.deputy_signatory)

    assert deputy.goto(f"/admin/scoring/scorecard/{card_of(world).pk}/change/").status in (403, 404)
    complaints.clear()
    leader.goto(of_year("members:delegation_list", world))
    link(leader, "Record a delegation").click()
    for name, typed in {
        "number": "12-UQ/A1",
        "decided_on": "23/11/2021",
        "starts_on": "23/11/2021",
        "ends_on": "30/11/2021",
    }.items():
        leader.locator(f"input[name={name}]").fill(typed)
    button(leader, "Record the delegation").click()
    expect(leader.locator("main table")).to_contain_text("12-UQ/A1")

    approve_in_the_admin(deputy, world)
    approval = Approval.objects.get()
    assert (approval.office, approval.approver) == (ApprovalOffice.LEADER, world.deputy_signatory)
    assert (approval.delegation.number, approval.approver_unit) == ("12-UQ/A1", world.deputy.unit)
    deputy.goto(of_card("scoring:scorecard_detail", world))
    expect(deputy.locator("main")).to_contain_text("KT.")
    assert verify().problem == ""
