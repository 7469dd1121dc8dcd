"""Estimates that are left while cards are approved: who is told to replace them, and who to remind the unit."""

import pytest
from django.urls import reverse
from django.utils import translation

from members.enums import DeadlineStep, Phase
from members.queries import get_year
from scoring.enums import SubmissionWay
from scoring.home.overview import overview_of
from scoring.home.todo import todos_of
from scoring.models import ScoreLine
from tests.factories.members import DeadlineFactory
from tests.factories.rounds import SubmissionFactory
from tests.factories.scoring import ScorecardFactory, SignedPaperFactory, unfrozen
from tests.scenarios import NOW, fresh, two_clusters
from tests.scoring.home_scenes import in_phase

pytestmark = pytest.mark.django_db

WHY = "An approved card keeps its estimates."


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def build_world():
    return two_clusters(phase=Phase.APPROVING)


def handed_in(member, way=SubmissionWay.SIGNATORY, codes=("A1", "A2"), **traits):
    """A card of the unit with estimates in the lines `codes`; submitted, if nothing else is said."""
    card = ScorecardFactory(membership=member, **(traits or {"submitted": True}))
    paper = None if way == SubmissionWay.SIGNATORY else SignedPaperFactory(scorecard=card)
    SubmissionFactory(scorecard=card, way=way, paper=paper)
    ScoreLine.objects.filter(scorecard=card, criterion__code__in=codes).update(is_estimate=True)
    return card


def about_estimates(world, user):
    year = get_year(fresh(user), world.cluster.slug, world.year.year)
    return [todo for todo in todos_of(overview_of(fresh(user), year, NOW)) if "estimate" in todo.what]


def address(name, world, member):
    return reverse(name, kwargs=world.url_kwargs() | {"code": member.unit.code})


@pytest.mark.parametrize("trait", ["submitted", "reviewed"])
@pytest.mark.parametrize("who", ["officer", "signatory"])
def test_unit_is_led_to_the_estimates_of_its_card_until_the_approving_ends(world, who, trait):
    DeadlineFactory(year=world.year, step=DeadlineStep.APPROVING)
    handed_in(world.member, **{trait: True})

    [todo] = about_estimates(world, getattr(world, who))

    assert (todo.what, todo.why) == ("Replace 2 estimates of Đơn vị A3 by the official figures", WHY)
    assert (todo.due, todo.is_late) == ("2 days late", True)
    assert todo.url == address("scoring:estimate_list", world, world.member)


def test_secretariat_reminds_a_unit_that_handed_its_card_in_itself(world):
    handed_in(world.member, codes=("A1",))

    [todo] = about_estimates(world, world.secretariat)

    assert (todo.what, todo.why) == ("Remind Đơn vị A3 to replace 1 estimate", WHY)
    assert todo.url == address("scoring:scorecard_detail", world, world.member)


def test_secretariat_replaces_estimates_that_it_entered_on_behalf_of_the_unit(world):
    handed_in(world.member, SubmissionWay.ON_BEHALF, codes=("A1",))

    [todo] = about_estimates(world, world.secretariat)

    assert todo.what == "Replace 1 estimate of Đơn vị A3 by the official figure"
    assert todo.url == address("scoring:estimate_list", world, world.member)


@pytest.mark.parametrize("who", ["officer", "secretariat"])
@pytest.mark.parametrize("phase", [Phase.REVIEWING, Phase.CONFERENCE])
def test_estimates_are_nobodys_business_before_and_after_the_approving(world, who, phase):
    handed_in(world.member)
    in_phase(world, phase)

    assert about_estimates(world, getattr(world, who)) == []


@pytest.mark.parametrize("trait", ["approved", "returned"])
def test_estimates_of_a_card_that_is_approved_or_back_at_the_unit_are_not_named(world, trait):
    with unfrozen():
        handed_in(world.member, **{trait: True})

    assert about_estimates(world, world.officer) == about_estimates(world, world.secretariat) == []


def test_others_do_not_read_of_the_estimates_of_a_unit(world):
    handed_in(world.member)

    for user in (world.leader_signatory, world.deputy_signatory, world.other_officer, world.observer):
        assert about_estimates(world, user) == []
