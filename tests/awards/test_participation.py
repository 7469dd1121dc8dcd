"""How far units take part in a campaign: C3 of features.md."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from awards.calculations import fingerprint
from awards.enums import CampaignKind, CampaignStatus, ParticipationStatus
from awards.models import CampaignParticipation
from awards.services import campaigns
from awards.services.campaigns import Part
from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, Stale, WrongState
from members.enums import Phase
from tests.factories.awards import CampaignFactory, CampaignParticipationFactory
from tests.scenarios import CANARY, NOW, two_clusters

pytestmark = pytest.mark.django_db


def build_world():
    return two_clusters()


@pytest.fixture
def campaign(world):
    return CampaignFactory(year=world.year, launched=True)


def part(membership, status="active", note=""):
    return Part(membership=membership, status=ParticipationStatus(status) if status else None, note=note)


def record(campaign, *parts, by, **more):
    return campaigns.record_participation(campaign=campaign, parts=parts, by=by, at=NOW, **more)


def on_record(campaign):
    rows = CampaignParticipation.objects.filter(campaign=campaign)
    return {row.membership: (row.status, row.note) for row in rows}


def url(world, name="participation", **kwargs):
    return reverse(f"awards:campaign_{name}", kwargs=world.url_kwargs() | kwargs)


def typed(campaign, lines, *shown):
    """What the form sends: for each unit its status and note, and the rows that the page showed."""
    data = {"seen": fingerprint(*shown)}
    for member, (status, note) in lines.items():
        data |= {f"status_{member.pk}": status, f"note_{member.pk}": note}
    return data


# --- The service ---


def test_secretariat_records_all_units_at_once_with_an_event_each(world, campaign):
    record(campaign, *(part(member) for member in world.members), by=world.secretariat)

    assert on_record(campaign) == dict.fromkeys(world.members, ("active", ""))
    events = AuditEvent.objects.filter(verb="participation.record")
    assert {event.object_key for event in events} == {
        f"awards.campaignparticipation:{row.pk}" for row in CampaignParticipation.objects.all()
    }


@pytest.mark.parametrize("person", ["officer", "signatory", "secretariat", "secretariat_at_home"])
def test_part_of_a_unit_is_recorded_by_the_unit_and_the_secretariat(world, campaign, person):
    [row] = record(campaign, part(world.member, "reported", " Báo cáo 12-BC "), by=getattr(world, person))

    assert (row.membership, row.status, row.note) == (world.member, "reported", "Báo cáo 12-BC")


@pytest.mark.parametrize(
    ("person", "error"),
    [
        ("other_officer", NotAllowed),
        ("other_signatory", NotAllowed),
        ("leader_signatory", NotAllowed),
        ("deputy_signatory", NotAllowed),
        ("observer", NotAllowed),
        ("administrator", NotKnown),
        ("stranger", NotKnown),
    ],
)
def test_part_of_a_unit_is_refused_to_others(world, campaign, person, error):
    with pytest.raises(error):
        record(campaign, part(world.member), by=getattr(world, person))

    assert on_record(campaign) == {}


def test_one_foreign_part_among_own_ones_records_nothing(world, campaign):
    with pytest.raises(NotAllowed):
        record(campaign, part(world.member), part(world.other), by=world.officer)

    assert on_record(campaign) == {}


@pytest.mark.parametrize(
    ("status", "is_open"), [("prepared", False), ("launched", True), ("reviewed", True), ("concluded", True)]
)
def test_part_is_recorded_from_the_launch_on(world, status, is_open):
    campaign = CampaignFactory(year=world.year, status=status)

    if is_open:
        assert record(campaign, part(world.member), by=world.officer)
    else:
        with pytest.raises(WrongState):
            record(campaign, part(world.member), by=world.officer)


@pytest.mark.parametrize("phase", [Phase.REVIEWING, Phase.APPROVING, Phase.CONFERENCE, Phase.CONCLUDED])
def test_from_the_review_on_the_secretariat_records_the_part_of_a_unit(world, campaign, phase):
    world.year.phase = phase
    world.year.save()

    for person in (world.officer, world.signatory, world.secretariat_at_home):
        with pytest.raises(WrongState):
            record(campaign, part(world.member, "reported"), by=person)
    with pytest.raises(NotAllowed):
        record(campaign, part(world.member, "reported"), by=world.leader_signatory)
    record(campaign, part(world.member, "active"), by=world.secretariat)

    assert on_record(campaign) == {world.member: ("active", "")}


def test_archived_year_is_read_only(world, campaign):
    world.year.phase = Phase.ARCHIVED
    world.year.save()

    with pytest.raises(WrongState):
        record(campaign, part(world.member), by=world.officer)


def test_none_removes_the_row_and_the_log_keeps_it(world, campaign):
    row = CampaignParticipationFactory(campaign=campaign, membership=world.member, note="Báo cáo 12-BC")

    record(campaign, part(world.member, None), by=world.officer)

    assert on_record(campaign) == {}
    event = AuditEvent.objects.get(verb="participation.remove")
    assert event.object_key == f"awards.campaignparticipation:{row.pk}"
    assert "Báo cáo 12-BC" in event.payload


def test_what_stays_the_same_is_no_event(world, campaign):
    CampaignParticipationFactory(campaign=campaign, membership=world.member)

    changed = record(campaign, part(world.member), part(world.other, None), by=world.secretariat)

    assert changed == []
    assert not AuditEvent.objects.filter(verb__startswith="participation.").exists()


def test_note_without_a_part_is_refused(world, campaign):
    with pytest.raises(Refused, match=world.member.name):
        record(campaign, part(world.member, None, "Báo cáo 12-BC"), by=world.officer)


def test_unit_of_another_year_is_refused(world, campaign):
    with pytest.raises(Refused):
        record(campaign, part(world.foreign.member), by=world.secretariat)

    assert on_record(campaign) == {}


def test_parts_are_recorded_all_or_none(world, campaign):
    with pytest.raises(Refused):
        record(campaign, part(world.leader), part(world.member, "active", "x" * 301), by=world.secretariat)

    assert on_record(campaign) == {}
    assert not AuditEvent.objects.filter(verb__startswith="participation.").exists()


def test_change_between_is_not_overwritten(world, campaign):
    row = CampaignParticipationFactory(campaign=campaign, membership=world.member)
    shown = fingerprint(row)
    record(campaign, part(world.member, "reported"), by=world.officer)

    with pytest.raises(Stale):
        record(campaign, part(world.member, "registered"), by=world.secretariat, seen=shown)

    assert on_record(campaign) == {world.member: ("reported", "")}


# --- The constraints ---


@pytest.mark.parametrize("changes", [{}, {"status": "none"}])
def test_database_knows_one_row_a_unit_and_the_three_words(world, campaign, changes):
    CampaignParticipationFactory(campaign=campaign, membership=world.member)
    membership = world.other if changes else world.member

    with pytest.raises(IntegrityError), transaction.atomic():
        CampaignParticipationFactory(campaign=campaign, membership=membership, **changes)


# --- The pages ---


def test_form_offers_the_secretariat_every_unit_and_a_unit_its_own(client, world, campaign):
    def offered(person):
        client.force_login(getattr(world, person))
        form = client.get(url(world, pk=campaign.pk)).context["form"]
        return [name for name in form.fields if name.startswith("status_")]

    assert offered("secretariat") == [f"status_{member.pk}" for member in world.members]
    assert offered("officer") == [f"status_{world.member.pk}"]
    assert offered("leader_signatory") == [f"status_{world.leader.pk}"]


def test_form_records_what_was_chosen_and_changes_nothing_else(client, world, campaign):
    kept = CampaignParticipationFactory(campaign=campaign, membership=world.other)
    client.force_login(world.officer)

    answer = client.post(
        url(world, pk=campaign.pk),
        typed(campaign, {world.member: ("reported", "12-BC"), world.other: ("", "")}),
    )

    assert answer.status_code == 302
    assert on_record(campaign) == {world.member: ("reported", "12-BC"), world.other: (kept.status, "")}


def test_form_with_bad_input_keeps_what_was_typed(client, world, campaign):
    client.force_login(world.officer)

    for status in ("", "none"):
        answer = client.post(url(world, pk=campaign.pk), typed(campaign, {world.member: (status, "Ghi chú đã gõ")}))
        assert answer.status_code == 200
        assert "Ghi chú đã gõ" in answer.text
    assert on_record(campaign) == {}


def test_form_after_another_tab_saved_can_be_sent_again(client, world, campaign):
    row = CampaignParticipationFactory(campaign=campaign, membership=world.member)
    data = typed(campaign, {world.member: ("registered", "của cửa sổ này")}, row)
    record(campaign, part(world.member, "reported"), by=world.officer)
    client.force_login(world.officer)

    first = client.post(url(world, pk=campaign.pk), data)
    again = client.post(url(world, pk=campaign.pk), data | {"seen": first.context["form"].data["seen"]})

    assert (first.status_code, again.status_code) == (409, 302)
    assert "của cửa sổ này" in first.text
    assert on_record(campaign) == {world.member: ("registered", "của cửa sổ này")}


@pytest.mark.parametrize("method", ["get", "post"])
def test_form_of_a_prepared_campaign_is_a_conflict(client, world, method):
    campaign = CampaignFactory(year=world.year)
    client.force_login(world.secretariat)

    assert getattr(client, method)(url(world, pk=campaign.pk)).status_code == 409


@pytest.mark.parametrize("method", ["get", "post"])
def test_form_closes_for_units_with_the_review(client, world, campaign, method):
    world.year.phase = Phase.REVIEWING
    world.year.save()

    def answer(person):
        client.force_login(getattr(world, person))
        linked = url(world, pk=campaign.pk) in client.get(url(world, "detail", pk=campaign.pk)).text
        return linked, getattr(client, method)(url(world, pk=campaign.pk), {"seen": fingerprint()}).status_code

    assert answer("officer") == (False, 409)
    assert answer("secretariat")[0] is True
    assert answer("secretariat")[1] in (200, 302)


@pytest.mark.parametrize("method", ["get", "post"])
def test_form_in_an_archived_year_is_a_conflict(client, world, campaign, method):
    world.year.phase = Phase.ARCHIVED
    world.year.save()
    client.force_login(world.officer)

    assert getattr(client, method)(url(world, pk=campaign.pk)).status_code == 409


def test_campaign_shows_every_unit_and_its_part(client, world, campaign):
    CampaignParticipationFactory(campaign=campaign, membership=world.other, reported=True, note="Báo cáo 12-BC")
    client.force_login(world.officer)

    page = client.get(url(world, "detail", pk=campaign.pk))

    rows = page.context["participation"]
    assert [(row["unit"], row["state"]["css"], row["note"]) for row in rows] == [
        (member.name, "ok" if member == world.other else "neutral", "Báo cáo 12-BC" if member == world.other else "")
        for member in world.members
    ]
    assert url(world, pk=campaign.pk) in page.text


def test_participation_is_shown_to_insiders_once_the_campaign_is_launched(client, world, campaign):
    prepared = CampaignFactory(year=world.year)

    def rows(person, pk):
        client.force_login(getattr(world, person))
        page = client.get(url(world, "detail", pk=pk))
        return len(page.context["participation"]), url(world, pk=pk) in page.text

    assert rows("secretariat", prepared.pk) == (0, False)
    assert rows("observer", campaign.pk) == (4, False)
    assert rows("administrator", campaign.pk) == (0, False)


def test_matrix_shows_campaigns_by_units_with_the_kinds_apart(client, world):
    first = CampaignFactory(year=world.year, launched=True, code="A")
    second = CampaignFactory(year=world.year, concluded=True, code="B")
    drive = CampaignFactory(year=world.year, launched=True, code="C", kind=CampaignKind.DRIVE)
    CampaignFactory(year=world.year, code="Z")
    CampaignParticipationFactory(campaign=first, membership=world.member, reported=True)
    CampaignParticipationFactory(campaign=second, membership=world.member, reported=True)
    CampaignParticipationFactory(campaign=second, membership=world.other)
    CampaignParticipationFactory(campaign=drive, membership=world.member)
    CampaignParticipationFactory(membership=world.foreign.member, campaign__title=CANARY)
    client.force_login(world.officer)

    page = client.get(url(world, "list"))

    groups = page.context["matrix"]["groups"]
    assert [[row["code"] for row in group["rows"]] for group in groups] == [["A", "B"], ["C"]]
    assert [[one["figure"] for one in group["sums"]] for group in groups] == [["0", "0", "2", "0"], ["0"] * 4]
    marks = [[cell["mark"] and cell["mark"]["icon"] for cell in row["cells"]] for row in groups[0]["rows"]]
    assert marks == [[None, None, "check-circle", None], [None, None, "check-circle", "circle-half"]]
    assert CANARY not in page.text


def test_matrix_is_for_insiders(client, world, campaign):
    client.force_login(world.administrator)

    assert client.get(url(world, "list")).context["matrix"] == {}


@pytest.mark.parametrize("unit_count", [2, 9])
def test_matrix_and_form_cost_the_same_for_every_size(client, unit_count, django_assert_num_queries):
    world = two_clusters(unit_count)
    found = [CampaignFactory(year=world.year, status=CampaignStatus.LAUNCHED) for _member in world.members]
    for campaign in found:
        for member in world.members:
            CampaignParticipationFactory(campaign=campaign, membership=member)
    client.force_login(world.secretariat)

    # Session, person, year, roster and assignments, then campaigns, counts, participations, the frame's deadlines.
    with django_assert_num_queries(9):
        client.get(url(world, "list"))
    # Session, person, year, roster and assignments, then campaign, its rows, the frame's deadlines.
    with django_assert_num_queries(8):
        client.get(url(world, pk=found[0].pk))
