import pytest
from django.urls import reverse

from members.enums import Phase, ResolutionKind
from members.models import Meeting, Resolution
from tests.factories.members import EmulationYearFactory, MeetingFactory, MembershipFactory, ResolutionFactory
from tests.scenarios import CANARY, two_clusters

pytestmark = pytest.mark.django_db


def build_world():
    return two_clusters(phase=Phase.CONFERENCE)


def url(world, name="conference"):
    return reverse(f"members:{name}", kwargs=world.url_kwargs())


def form_data(*resolutions, initial=0, **meeting):
    data = {"held_on": "30/12/2021", "place": "Hội trường", "minutes_number": "", **meeting}
    data |= {"resolutions-TOTAL_FORMS": len(resolutions), "resolutions-INITIAL_FORMS": initial}
    for number, resolution in enumerate(resolutions):
        data |= {f"resolutions-{number}-{name}": value for name, value in resolution.items()}
    return data


def test_conference_without_a_record_says_the_next_step_to_the_secretariat_only(client, world):
    client.force_login(world.secretariat)
    assert client.get(url(world)).context["edit_url"] == url(world, "meeting_edit")

    client.force_login(world.signatory)
    assert client.get(url(world)).context["edit_url"] == ""


def test_conference_shows_what_was_settled_and_who_leads_next_year(client, world):
    EmulationYearFactory(cluster=world.cluster, year=2022, deputy_title="Phó trưởng cụm")
    meeting = MeetingFactory(year=world.year)
    ResolutionFactory(meeting=meeting, kind=ResolutionKind.LEADER, text="Bầu", named=world.deputy, order=1)
    ResolutionFactory(meeting=meeting, kind=ResolutionKind.DEPUTY, text="Bầu", named=world.member, order=2)
    foreign = MeetingFactory(year=world.foreign.year, place=CANARY)
    ResolutionFactory(meeting=foreign, text=CANARY)
    client.force_login(world.signatory)

    page = client.get(url(world))

    assert page.context["next_offices"] == [
        {"title": "Cụm trưởng 2022", "name": world.deputy.name},
        {"title": "Phó trưởng cụm 2022", "name": world.member.name},
    ]
    assert [row["kind"] for row in page.context["resolutions"]] == ["Cụm trưởng năm sau", "Phó trưởng cụm năm sau"]
    assert CANARY not in page.content.decode()


@pytest.mark.parametrize("resolution_count", [2, 9])
def test_conference_costs_the_same_for_two_and_nine_resolutions(client, resolution_count, django_assert_num_queries):
    world = two_clusters(resolution_count)
    meeting = MeetingFactory(year=world.year)
    for order, member in enumerate(world.members, start=1):
        ResolutionFactory(meeting=meeting, order=order, named=member, concerned=world.leader)
    client.force_login(world.signatories[1])

    # Session, person, year, roster, assignments; meeting, resolutions, next year; deadlines of the frame.
    with django_assert_num_queries(9):
        response = client.get(url(world))

    assert len(response.context["resolutions"]) == resolution_count


@pytest.mark.parametrize(
    ("phase", "person", "is_offered"),
    [
        (Phase.CONFERENCE, "leader_signatory", True),
        (Phase.CONFERENCE, "deputy_signatory", True),
        (Phase.CONFERENCE, "secretariat", False),
        (Phase.REVIEWING, "leader_signatory", False),
        (Phase.ARCHIVED, "leader_signatory", True),
    ],
)
def test_conference_offers_the_closing_steps_to_leader_and_deputy(client, phase, person, is_offered):
    world = two_clusters(phase=phase)
    client.force_login(getattr(world, person))

    assert bool(client.get(url(world)).context["conclude_url"]) is is_offered


def test_meeting_edit_records_the_meeting_with_any_number_of_resolutions(client, world):
    client.force_login(world.secretariat)
    data = form_data(
        {"kind": "leader", "text": "Bầu Cụm trưởng", "named": world.deputy.pk, "vote": "4/4"},
        {"kind": "general", "text": ""},
        {"kind": "general", "text": "Thông qua báo cáo"},
    )

    assert client.post(url(world, "meeting_edit"), data)["Location"] == url(world)

    meeting = Meeting.objects.get()
    assert (meeting.kind, str(meeting.held_on)) == ("year_end", "2021-12-30")
    assert [(found.order, found.text) for found in meeting.resolutions.all()] == [
        (1, "Bầu Cụm trưởng"),
        (2, "Thông qua báo cáo"),
    ]


def test_meeting_edit_changes_and_strikes_out(client, world):
    meeting = MeetingFactory(year=world.year)
    kept, struck = (ResolutionFactory(meeting=meeting, order=order) for order in (1, 2))
    client.force_login(world.secretariat)
    data = form_data(
        {"id": kept.pk, "kind": "general", "text": "Sửa lại"},
        {"id": struck.pk, "kind": "general", "text": "x", "DELETE": "on"},
        initial=2,
    )

    client.post(url(world, "meeting_edit"), data)

    assert [found.text for found in Resolution.objects.all()] == ["Sửa lại"]


@pytest.mark.parametrize(
    ("meeting", "resolution"),
    [
        ({"held_on": "hôm qua"}, {"kind": "general", "text": "x"}),
        ({"place": ""}, {"kind": "general", "text": "x"}),
        ({}, {"kind": "leader", "text": "Không nêu đơn vị"}),
        ({}, {"kind": "khác", "text": "x"}),
    ],
)
def test_meeting_edit_with_wrong_input_is_shown_again_and_saves_nothing(client, world, meeting, resolution):
    client.force_login(world.secretariat)

    response = client.post(url(world, "meeting_edit"), form_data(resolution, **meeting))

    assert response.status_code == 200
    assert resolution["text"] in response.content.decode()
    assert not Meeting.objects.exists()


def test_meeting_edit_names_units_of_this_year_only(client, world):
    client.force_login(world.secretariat)
    foreign = {"kind": "leader", "text": "Bầu", "named": world.foreign.member.pk}

    response = client.post(url(world, "meeting_edit"), form_data(foreign))

    assert response.context["formset"].forms[0].errors["named"]


def test_meeting_edit_of_a_suspended_exemplary_unit_says_why(client, world):
    suspended = MembershipFactory(year=world.year, suspended=True, name="Đơn vị X")
    client.force_login(world.secretariat)
    data = form_data({"kind": "exemplary_unit", "text": "Suy tôn", "named": suspended.pk})

    response = client.post(url(world, "meeting_edit"), data)

    assert "Đơn vị X" in str(response.context["form"].non_field_errors())
    assert not Meeting.objects.exists()


def test_rotation_tells_who_led_and_who_waits(client, world):
    earlier = EmulationYearFactory(cluster=world.cluster, year=2020)
    MembershipFactory(year=earlier, unit=world.member.unit, leader=True, name="Tên năm 2020")
    client.force_login(world.other_officer)

    page = client.get(url(world, "rotation"))

    assert [(term["year"], term["leader"]) for term in page.context["terms"]] == [
        (2021, world.leader.name),
        (2020, "Tên năm 2020"),
    ]
    assert [turn["name"] for turn in page.context["turns"]] == [
        world.deputy.name,
        world.other.name,
        world.member.name,
        world.leader.name,
    ]
    assert f"{world.deputy.name}, {world.other.name}" in page.context["waiting"]
    assert world.foreign.leader.name not in page.content.decode()


@pytest.mark.parametrize("unit_count", [2, 9])
def test_rotation_costs_the_same_for_two_and_nine_units(client, unit_count, django_assert_num_queries):
    world = two_clusters(unit_count)
    client.force_login(world.leader_signatory)

    # Session, person, year, roster, assignments; years and officers; deadlines of the frame.
    with django_assert_num_queries(8):
        client.get(url(world, "rotation"))
