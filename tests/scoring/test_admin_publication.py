"""Publishing in the admin: proposed by one person, confirmed by another one, each on a page of its own."""

import pytest
from django.urls import reverse

from members.enums import Phase
from members.models import PendingStep
from scoring.models import Publication
from tests.factories.scoring import ScorecardFactory
from tests.scenarios import CANARY, two_clusters

pytestmark = pytest.mark.django_db


def build_world():
    built = two_clusters(phase=Phase.APPROVING)
    built.cards = [ScorecardFactory(membership=member, approved=True) for member in built.members]
    return built


def url(world, slug):
    return reverse(f"admin:scoring_publication_{slug}", args=[world.year.pk])


def send(client, world, slug, user):
    """Opens the page as the person would, and sends its form."""
    client.force_login(user)
    page = client.get(url(world, slug))
    step = page.context["form"]["step"].value() if page.status_code == 200 else ""
    return client.post(url(world, slug), {"step": "" if step is None else step})


def test_two_persons_publish(client, world):
    send(client, world, "propose", world.leader_signatory)
    send(client, world, "confirm", world.deputy_signatory)

    publication = Publication.objects.get()
    world.year.refresh_from_db()
    assert (publication.proposed_by, publication.confirmed_by) == (world.leader_signatory, world.deputy_signatory)
    assert world.year.is_published


def test_nobody_confirms_the_own_proposal(client, world):
    send(client, world, "propose", world.leader_signatory)

    assert send(client, world, "confirm", world.leader_signatory).status_code == 403
    assert not Publication.objects.exists()


def test_a_proposal_is_withdrawn(client, world):
    send(client, world, "propose", world.leader_signatory)
    send(client, world, "withdraw", world.deputy_signatory)

    assert PendingStep.objects.get().confirmed_by is None
    assert send(client, world, "confirm", world.deputy_signatory).status_code == 409


def test_only_the_proposal_that_was_shown_is_confirmed(client, world):
    send(client, world, "propose", world.leader_signatory)
    shown = PendingStep.objects.get().pk
    send(client, world, "withdraw", world.leader_signatory)
    send(client, world, "propose", world.leader_signatory)
    client.force_login(world.deputy_signatory)

    response = client.post(url(world, "confirm"), {"step": shown})

    assert response.status_code == 409
    assert not Publication.objects.exists()


def test_what_is_missing_is_said_and_nothing_is_proposed(client):
    world = two_clusters(phase=Phase.APPROVING)
    for member in world.members[1:]:
        ScorecardFactory(membership=member, approved=True)
    ScorecardFactory(membership=world.leader, reviewed=True)

    response = send(client, world, "propose", world.leader_signatory)

    assert response.status_code == 200
    assert [world.leader.name in sentence for sentence in response.context["skipped"]] == [True]
    assert not PendingStep.objects.exists()


@pytest.mark.parametrize(
    ("name", "slugs"),
    [("leader_signatory", ["withdraw"]), ("deputy_signatory", ["confirm", "withdraw"]), ("secretariat", [])],
)
def test_the_page_of_the_year_offers_the_steps_open_to_the_person(client, world, name, slugs):
    send(client, world, "propose", world.leader_signatory)
    client.force_login(getattr(world, name))

    response = client.get(url(world, "year"))

    assert [link["url"] for link in response.context["step_links"]] == [url(world, slug) for slug in slugs]
    assert bool(response.context["refusals"]) == ("confirm" not in slugs)
    assert CANARY not in response.content.decode()


def test_the_year_and_the_front_page_of_the_admin_lead_there(client, world):
    client.force_login(world.secretariat)
    year = client.get(reverse("admin:members_emulationyear_change", args=[world.year.pk]))
    client.force_login(world.leader_signatory)
    front = client.get(reverse("admin:index"))

    assert url(world, "year") in [link["url"] for link in year.context["step_links"]]
    assert url(world, "year") in [link["url"] for link in front.context["admin_overview"]["links"]]


@pytest.mark.parametrize("relation", ["of", "sg", "ot", "fo", "S", "O"])
@pytest.mark.parametrize("slug", ["propose", "confirm", "withdraw"])
def test_publishing_is_closed_to_others(client, world, relation, slug):
    if slug != "propose":
        send(client, world, "propose", world.leader_signatory)
    client.force_login(world.people()[relation])

    assert client.post(url(world, slug), {"step": ""}).status_code in (403, 404)
    assert not Publication.objects.exists()
