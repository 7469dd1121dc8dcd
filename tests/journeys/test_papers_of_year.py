"""A paper from its last missing sentence to its withdrawal: written, issued, printed, checked, revoked."""

import re

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import expect

from cluster_app.documents.enums import DocumentKind
from scoring.models import SummaryParagraph
from scoring.paperwork.services import issuing
from tests.journeys.screens import button, of_year, vi
from tests.scenarios import NOW
from tests.scoring.test_papers_issuing import issue, ready_world

pytestmark = pytest.mark.django_db(transaction=True)

LAST = "V.1"
SENTENCE = "Phấn đấu năm sau có nhiều hơn"
REASON = "Sai chức danh người ký"
FILES = {
    "pdf": ("application/pdf", b"%PDF-"),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
}


@pytest.fixture
def world():
    """The year is at its end, and its summary lacks one required paragraph. The plan is issued, the invitation was
    withdrawn."""
    with transaction.atomic():
        built = ready_world()
        SummaryParagraph.objects.filter(year=built.year, key=LAST).delete()
        issue(built, DocumentKind.PLAN)
        issued = issue(built, DocumentKind.INVITATION)
        issuing.withdraw(year=built.year, issued=issued, reason=REASON, by=built.secretariat, at=NOW)
    return built


def secretary_sees_what_is_missing(page, world):
    page.goto(of_year("scoring:summary_issue", world))
    expect(button(page, "Issue the official edition")).to_be_disabled()
    page.locator(".checklist a", has_text=LAST).click()


def secretary_writes_the_last_paragraph(page):
    field = page.locator("#p-V-1 textarea")
    field.fill(SENTENCE)
    page.locator("[data-figure='{lượt tập thể}'] button").click()
    expect(field).to_have_value(f"{SENTENCE} {{lượt tập thể}}")
    button(page, "Save").click()
    expect(page.locator("#p-V-1 .preview p")).to_have_text([f"{SENTENCE} 3 lượt tập thể"])


def secretary_issues_the_official_edition(page, world):
    page.goto(of_year("scoring:summary_issue", world))
    page.get_by_label(vi("Number of the report")).fill("03")
    button(page, "Issue the official edition").click()
    expect(page.locator("article.document")).to_contain_text(f"{SENTENCE} 3 lượt tập thể")
    expect(page.locator(".letterhead .number")).to_contain_text("03-BC/CTĐ")


def code_on(page):
    return re.search(r"[0-9A-F]{4}-[0-9A-F]{4}", page.locator(".footer-note").inner_text())[0]


def files_of(page):
    """Kind and first bytes of what each button of the toolbar opens."""
    found = {}
    for ending in FILES:
        address = page.locator(f"a[href*='format={ending}']").first.get_attribute("href")
        answer = page.request.get(absolute(page, address))
        found[ending] = (answer.headers["content-type"], answer.body()[: len(FILES[ending][1])])
    return found


def absolute(page, address):
    """An address of a link as it stands on the page, absolute."""
    return page.evaluate("address => new URL(address, location.href).href", address)


def stranger_checks(page, code, verdict):
    page.goto(reverse("verify:code_check", args=[code]))
    expect(page.locator(".notice strong")).to_contain_text(f"{vi(verdict)}: {code}")


def secretary_withdraws(page, world):
    page.goto(of_year("scoring:summary_withdraw", world))
    page.get_by_label(vi("Reason")).fill(REASON)
    button(page, "Withdraw the official edition").click()
    expect(page.locator("article.document")).to_contain_text("DỰ THẢO")


def secretary_finds_drafts_beside_what_is_issued(page, world):
    page.goto(of_year("scoring:papers", world))
    expect(drafts_on(page)).not_to_have_count(0)


def drafts_on(page):
    return page.locator("table.papers").first.get_by_text(vi("Draft"), exact=True)


def numbers_read_by(page, world):
    """The numbers of all papers on the page; a unit sees no draft among them."""
    page.goto(of_year("scoring:papers", world))
    expect(drafts_on(page)).to_have_count(0)
    cells = page.locator("table.papers").first.locator("td:nth-of-type(2)").all_inner_texts()
    return re.findall(r"\d\d-\w+/CTĐ", " ".join(cells))


def test_summary_from_its_last_paragraph_to_its_withdrawal(world, enter):
    secretary, stranger, officer = enter(world.secretariat), enter(), enter(world.officer)

    secretary_sees_what_is_missing(secretary, world)
    secretary_writes_the_last_paragraph(secretary)
    secretary_issues_the_official_edition(secretary, world)
    code = code_on(secretary)

    assert files_of(secretary) == FILES
    stranger_checks(stranger, code, "Valid")
    secretary_finds_drafts_beside_what_is_issued(secretary, world)
    assert numbers_read_by(officer, world) == ["05-KH/CTĐ", "03-BC/CTĐ"]
    draft = officer.request.get(absolute(officer, of_year("scoring:paper_draft", world, kind="notice")))
    assert draft.status == 403

    secretary_withdraws(secretary, world)

    stranger_checks(stranger, code, "Revoked")
    assert numbers_read_by(officer, world) == ["05-KH/CTĐ"]
