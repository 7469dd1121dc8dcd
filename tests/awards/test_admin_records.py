"""Participation and registered titles in the admin: the secretariat's, through the same services."""

import pytest
from django.urls import reverse

from awards.calculations import fingerprint
from awards.models import CampaignParticipation, TitleRegistration
from cluster_app.audit.models import AuditEvent
from members.enums import Phase
from tests.factories.awards import (
    AwardFormFactory,
    CampaignFactory,
    CampaignParticipationFactory,
    TitleRegistrationFactory,
)
from tests.scenarios import CANARY, two_clusters

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client):
    world = two_clusters()
    client.force_login(world.secretariat)
    return world


def url(model, page="changelist", *args):
    return reverse(f"admin:awards_{model}_{page}", args=args)


def archive(world):
    world.year.phase = Phase.ARCHIVED
    world.year.save()


# --- Participation ---


def test_participation_is_added_and_changed_by_the_service(client, world):
    campaign = CampaignFactory(year=world.year, launched=True)
    new = {"campaign": campaign.pk, "membership": world.member.pk, "status": "active", "note": ""}

    client.post(url("campaignparticipation", "add"), new)
    row = CampaignParticipation.objects.get()
    changed = {"status": "reported", "note": "12-BC", "seen": fingerprint(row)}
    client.post(url("campaignparticipation", "change", row.pk), changed)

    row.refresh_from_db()
    assert (row.membership, row.status, row.note) == (world.member, "reported", "12-BC")
    events = AuditEvent.objects.filter(object_key=f"awards.campaignparticipation:{row.pk}")
    assert [event.verb for event in events] == ["participation.record"] * 2


def test_participation_of_another_years_unit_or_before_the_launch_is_refused(client, world):
    prepared, launched = CampaignFactory(year=world.year), CampaignFactory(year=world.year, launched=True)
    data = {"campaign": launched.pk, "membership": world.foreign.member.pk, "status": "active", "note": "đã gõ"}

    foreign = client.post(url("campaignparticipation", "add"), data)
    early = client.post(
        url("campaignparticipation", "add"), data | {"campaign": prepared.pk, "membership": world.member.pk}
    )

    assert (foreign.status_code, early.status_code) == (200, 409)
    assert "đã gõ" in foreign.text
    assert not CampaignParticipation.objects.exists()


def test_participation_after_another_tab_saved_is_said_in_the_form(client, world):
    row = CampaignParticipationFactory(membership=world.member)
    shown = fingerprint(row)
    CampaignParticipation.objects.update(note="của người khác")

    answer = client.post(
        url("campaignparticipation", "change", row.pk), {"status": "reported", "note": "12-BC", "seen": shown}
    )

    assert answer.status_code == 200
    row.refresh_from_db()
    assert (row.status, row.note) == ("active", "của người khác")


# --- Registered titles ---


def test_registration_is_added_and_changed_by_the_service(client, world):
    form = AwardFormFactory()
    data = {
        "membership": world.member.pk,
        "award_form": form.pk,
        "recipient_kind": "individual",
        "count": "46",
        "document_number": "21-ĐK/VP",
    }

    client.post(url("titleregistration", "add"), data)
    row = TitleRegistration.objects.get()
    client.post(url("titleregistration", "change", row.pk), data | {"count": "50", "seen": fingerprint(row)})

    row.refresh_from_db()
    assert (row.membership, row.award_form, row.count) == (world.member, form, 50)
    events = AuditEvent.objects.filter(object_key=f"awards.titleregistration:{row.pk}")
    assert [event.verb for event in events] == ["registration.save"] * 2


@pytest.mark.parametrize("changes", [{"count": "0"}, {"recipient_kind": "household"}, {"count": ""}])
def test_registration_with_bad_input_keeps_what_was_typed(client, world, changes):
    data = {
        "membership": world.member.pk,
        "award_form": AwardFormFactory().pk,
        "recipient_kind": "individual",
        "count": "46",
        "document_number": "21-ĐK/VP",
    }

    answer = client.post(url("titleregistration", "add"), data | changes)

    assert answer.status_code == 200
    assert "21-ĐK/VP" in answer.text
    assert not TitleRegistration.objects.exists()


# --- Both ---


def rows_of(world):
    return {
        "campaignparticipation": CampaignParticipationFactory(membership=world.member),
        "titleregistration": TitleRegistrationFactory(membership=world.member),
    }


def test_lists_show_the_own_clusters_alone(client, world):
    own = rows_of(world)
    CampaignParticipationFactory(membership=world.foreign.member, note=CANARY)
    TitleRegistrationFactory(membership=world.foreign.member, document_number=CANARY)

    for model, row in own.items():
        page = client.get(url(model))
        assert list(page.context["cl"].result_list) == [row]
        assert CANARY not in page.text


@pytest.mark.parametrize("model", ["campaignparticipation", "titleregistration"])
def test_rows_of_an_archived_year_are_there_to_read(client, world, model):
    row = rows_of(world)[model]
    archive(world)

    assert client.get(url(model, "change", row.pk)).status_code == 200
    assert client.post(url(model, "change", row.pk), {"status": "reported", "count": "5"}).status_code == 403


@pytest.mark.parametrize("model", ["campaignparticipation", "titleregistration"])
@pytest.mark.parametrize("unit_count", [2, 9])
def test_lists_have_a_fixed_number_of_queries(client, unit_count, model, django_assert_num_queries):
    world = two_clusters(unit_count)
    client.force_login(world.secretariat)
    campaign, form = CampaignFactory(year=world.year, launched=True), AwardFormFactory()
    for member in world.members:
        CampaignParticipationFactory(campaign=campaign, membership=member)
        TitleRegistrationFactory(membership=member, award_form=form)

    # session, person, assignments; years for the filter, count, rows; frame: its year and cluster
    with django_assert_num_queries(8):
        client.get(url(model))
