"""Every page that somebody can open: axe finds nothing, the console stays silent, a phone need not scroll sideways.

The addresses come from the permission matrix, so that a new page is looked at as soon as it has its row there; the
states of cards and years that one address can show are added by hand. Whatever people type holds markup here: a page
that took it for its own would be heard in the console.
"""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction
from django.urls import reverse

from cluster_app.audit.models import AuditEvent
from members.enums import Phase
from scoring.results import results
from tests.factories.awards import CommendationFactory, PledgeItemFactory
from tests.factories.members import DeadlineFactory, EmulationYearFactory, MembershipFactory, ResolutionFactory
from tests.factories.scoring import PublicationFactory, ScorecardFactory
from tests.journeys.conftest import HOSTILE
from tests.journeys.screens import button, of_card, of_year
from tests.scenarios import two_clusters
from tests.test_permission_matrix import MATRIX, PARTS

pytestmark = pytest.mark.django_db(transaction=True)

# Of all who may open a page, the one who has most to see on it looks at it.
LOOKERS = ("S", "L", "O", "R", "D", "sg", "of", "ot", "fo", "anon")
FILES = {
    "scoring:criteria_export",
    "scoring:criteria_template",
    "scoring:scorecard_export",
    "scoring:evidence_download",
    "scoring:paper_download",
    "scoring:dossier_pdf",
    "scoring:dossier_zip",
    "scoring:dossier_statistics",
}
NO_PAGES = {"healthz", "admin:jsi18n", *FILES}
# Contrast is a matter of classes and takes axe most of its time: it is measured on the elements of a page whose nesting
# of them no page before showed.
NESTINGS = """[...document.querySelectorAll("body *")].map((element) => [location.pathname.startsWith("/admin/"),
    element.parentElement.className, element.tagName, element.className].join(" "))"""
MARK = """(places) => {
    const elements = [...document.querySelectorAll("body *")]
    places.forEach((place) => elements[place].setAttribute("data-new", ""))
}"""
RUN = "async ([context, options]) => (await axe.run(context ?? document, options)).violations"
# Without `preload`: it copies style sheets into the page, which the policy forbids, for one rule.
OPTIONS = {"resultTypes": ["violations"], "preload": False}
BUT_CONTRAST = OPTIONS | {"rules": {"color-contrast": {"enabled": False}}}
CONTRAST = OPTIONS | {"runOnly": ["color-contrast"]}
DESKTOP, PHONE = {"width": 1366, "height": 820}, {"width": 390, "height": 844}
# The cards of the six units in protocol order; the first two lead.
STATES = ("reviewed", "approved", "returned", "submitted", "reviewed", "filled")


@pytest.fixture
def world():
    with transaction.atomic():
        built = two_clusters(unit_count=len(STATES), phase=Phase.REVIEWING)
        built.event = AuditEvent.objects.get(cluster="cum-a")
        for part in PARTS:
            part.prepare(built)
        for membership, state in zip(built.members, STATES, strict=True):
            membership.name += HOSTILE
            membership.save()
            ScorecardFactory(membership=membership, **{state: True})
        built.last = _published_year(built)
        _type_markup(built)
    return built


def _published_year(world):
    """The year before, approved and published."""
    year = EmulationYearFactory(cluster=world.cluster, year=2020, published=True)
    for member in world.members:
        place = {"unit": member.unit, "role": member.role, "protocol_order": member.protocol_order}
        ScorecardFactory(membership=MembershipFactory(year=year, **place), approved=True)
    PublicationFactory(year=year, snapshot=json.dumps(results(year)))
    return year


def _type_markup(world):
    """What a unit, a secretary or a person could write, in every place where it is read by others."""
    for thing, fields in (
        (world.cluster, ("name", "superior")),
        (world.campaign, ("title", "objectives")),
        (world.commendation, ("recipient", "position", "note")),
        (world.commendation.award_form, ("name",)),
        (world.decision, ("signer",)),
        (world.pledge, ("preamble", "place")),
        (world.meeting, ("place",)),
        (world.officer, ("full_name",)),
        (world.signatory, ("full_name",)),
    ):
        for field in fields:
            setattr(thing, field, f"{getattr(thing, field)} {HOSTILE}")
        thing.save()
    DeadlineFactory(year=world.year)
    ResolutionFactory(meeting=world.meeting, text=HOSTILE)
    PledgeItemFactory(pledge=world.pledge, order=2, text=HOSTILE)
    CommendationFactory(membership=world.other, confirmed=True, recipient=HOSTILE)


def of_matrix(world):
    """Every route of the matrix that answers GET with a page, each with the one who looks at it."""
    for name, row in MATRIX.items():
        allowed = {relation for method, relation, letter in row.cells() if method == "GET" and letter == "Y"}
        looker = next((relation for relation in LOOKERS if relation in allowed), None)
        if looker is not None and name not in NO_PAGES:
            yield looker, reverse(name, kwargs=row.kwargs(world))


def of_states(world):
    """What one address shows in other states, or to other people."""
    leader, deputy, member, other, fifth, sixth = world.members
    for looker in ("S", "L", "D", "R", "O", "sg", "of", "ot"):
        yield looker, of_year("scoring:home", world)
    for looker in ("sg", "L"):
        for name in ("home", "ranking", "matrix", "scorecard_list", "publication", "summary"):
            yield looker, reverse(f"scoring:{name}", kwargs=world.url_kwargs() | {"year": world.last.year})
    yield "sg", of_card("scoring:scorecard_detail", world, member)
    yield "sg", of_card("scoring:scorecard_submit", world, member)
    yield "sg", of_year("scoring:scorecard_list", world)
    for membership in (leader, deputy, member, other, sixth):
        yield "S", of_card("scoring:scorecard_detail", world, membership)
    yield "L", f"{reverse('admin:scoring_scorecard_changelist')}?status__exact=reviewed"
    yield "D", reverse("admin:scoring_scorecard_change", args=[leader.scorecard.pk])
    yield "D", reverse("admin:scoring_scorecard_approve", args=[leader.scorecard.pk])
    for step, membership in (
        ("fill", sixth),
        ("submit", sixth),
        ("review_lines", other),
        ("conclude_review", other),
        ("return", fifth),
        ("reopen", deputy),
    ):
        yield "S", reverse(f"admin:scoring_scorecard_{step}", args=[membership.scorecard.pk])
    yield "S", of_year("members:year_setup", world) + "?"
    yield "S", of_card("scoring:scorecard_detail", world).replace("2021", "2090")
    yield "sg", of_year("members:year_setup", world)


class Inspector:
    """Looks at the page that is open, and writes down what is wrong with it."""

    def __init__(self, complaints):
        self.axe_script = Axe().axe_script
        self.complaints, self.findings, self.nestings = complaints, [], set()

    def open(self, page, who, address):
        response = page.goto(address)
        if response.status >= 400:
            self.complaints.forgive(response.status)
        self.look(page, f"{who} {address}")

    def look(self, page, title):
        page.evaluate(self.axe_script)
        for violation in [*self.violations(page, BUT_CONTRAST), *self.contrast_of_what_is_new(page)]:
            places = [str(node["target"][0]) for node in violation["nodes"][:3]]
            self.findings.append(f"{title}: {violation['id']} at {places}")
        page.set_viewport_size(PHONE)
        width = page.evaluate("document.documentElement.scrollWidth")
        page.set_viewport_size(DESKTOP)
        if width > PHONE["width"]:
            self.findings.append(f"{title}: {width} px wide on a phone")

    @staticmethod
    def violations(page, options, context=None):
        return page.evaluate(RUN, [context, options])

    def contrast_of_what_is_new(self, page):
        nestings = page.evaluate(NESTINGS)
        places = [place for place, nesting in enumerate(nestings) if nesting not in self.nestings]
        self.nestings.update(nestings)
        if not places:
            return []
        page.evaluate(MARK, places)
        return self.violations(page, CONTRAST, {"include": ["[data-new]"]})


def look_at_what_forms_answer(inspector, pages, world):
    """Pages that only a sent form shows: what is confirmed, and what is refused."""
    leader = pages["L"]
    leader.goto(f"{reverse('admin:scoring_scorecard_changelist')}?year={world.year.pk}")
    leader.locator("#action-toggle").click()
    button(leader, "Approve the selected cards").click()
    inspector.look(leader, "L bulk approval")
    secretary = pages["S"]
    for name in ("awards:commendation_record", "awards:campaign_create", "members:meeting_edit"):
        secretary.goto(of_year(name, world))
        secretary.locator("main button[type=submit].btn-primary").first.click()
        inspector.look(secretary, f"S {name}, refused")
    stranger = pages["anon"]
    stranger.goto(reverse("members:login"))
    stranger.locator("main button[type=submit]").click()
    inspector.look(stranger, "anon sign-in, refused")


def of_the_dark(world):
    """A page of every kind, for those whose device is set to dark."""
    for name in (
        "scoring:home",
        "scoring:ranking",
        "scoring:matrix",
        "awards:commendation_tally",
        "members:year_setup",
    ):
        yield of_year(name, world)
    yield of_card("scoring:scorecard_detail", world, world.members[5])
    yield of_card("scoring:scorecard_review", world, world.members[3])
    yield reverse("admin:index")
    yield reverse("admin:scoring_scorecard_changelist")
    yield reverse("admin:scoring_scorecard_change", args=[world.member.scorecard.pk])


def test_dark_pages_have_contrast_too(world, enter, complaints):
    inspector, page = Inspector(complaints), enter(world.secretariat, color_scheme="dark")
    for address in of_the_dark(world):
        inspector.open(page, "dark", address)

    assert inspector.findings == []


def test_pages_are_accessible_silent_and_fit_a_phone(world, enter, complaints):
    inspector = Inspector(complaints)
    people = world.people() | {"anon": None}
    visits = dict.fromkeys([*of_matrix(world), *of_states(world)])
    pages = {}
    for looker in LOOKERS:
        pages[looker] = enter(people[looker])
        for who, address in visits:
            if who == looker:
                inspector.open(pages[looker], who, address)
    look_at_what_forms_answer(inspector, pages, world)

    assert inspector.findings == []
