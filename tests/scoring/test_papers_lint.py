"""Every paper of a year in both forms, as PDF and as Word file, before the linter."""

import pytest

from awards.papers import pledge_paper
from awards.queries import pledge_of, signatories
from cluster_app.documents import pdf, word
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.linting import checking
from cluster_app.documents.linting.deviations import Level
from members.enums import Letterhead
from members.models import EmulationYear
from scoring import queries as cards
from scoring import sheets
from scoring.issued.printing import kept_document
from scoring.papers import scorecard_paper
from scoring.paperwork.enums import ISSUED_HERE
from tests.scoring.test_papers_issuing import issue, ready_world
from tests.scoring.test_papers_late import late_world
from tests.scoring.year_end_scenes import DATED_ON, reread

pytestmark = pytest.mark.django_db

RENDERERS = {"pdf": pdf.render, "docx": word.render}


def in_the_form(world, letterhead):
    """The whole year, and the papers that have a form of their own by custom, in one form."""
    EmulationYear.objects.filter(pk=world.year.pk).update(letterhead=letterhead, recipients="Các đơn vị thành viên")
    world.year.refresh_from_db()
    world.year.papers.update(letterhead=letterhead)
    return world


def faults(document):
    found = {}
    for ending, render in RENDERERS.items():
        deviations = checking.check(f"van-ban.{ending}", render(document))
        found[ending] = [(one.code, one.found) for one in deviations if one.level == Level.FAULT]
    return found


@pytest.mark.parametrize("letterhead", Letterhead.values)
@pytest.mark.parametrize("kind", sorted(ISSUED_HERE))
def test_issued_paper_keeps_to_its_form(kind, letterhead):
    world = late_world() if kind == DocumentKind.REMINDER else ready_world()

    issued = issue(in_the_form(world, letterhead), kind, dated_on=DATED_ON)

    assert faults(kept_document(issued)) == {"pdf": [], "docx": []}


@pytest.mark.parametrize("letterhead", Letterhead.values)
def test_card_keeps_to_its_form(letterhead):
    card = cards.card_of(reread(in_the_form(ready_world(), letterhead)), "A1")

    assert faults(scorecard_paper(sheets.load(card), cards.approval_of(card))) == {"pdf": [], "docx": []}


@pytest.mark.parametrize("letterhead", Letterhead.values)
def test_pledge_keeps_to_its_form_but_for_the_names_of_equals(letterhead):
    """Under a pledge stands "ĐẠI DIỆN" with the unit's name in bold (domain.md 2), where a form has an office."""
    year = reread(in_the_form(ready_world(), letterhead))

    found = faults(pledge_paper(pledge_of(year), signatories(year)))

    assert {code for deviations in found.values() for code, _text in deviations} <= {"office_bold"}
