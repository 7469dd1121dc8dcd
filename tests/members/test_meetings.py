import pytest

from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, WrongState
from members.enums import MeetingKind, Phase, ResolutionKind
from members.models import Meeting, Resolution
from members.services import meetings
from tests.factories.members import MeetingFactory, MembershipFactory, ResolutionFactory
from tests.scenarios import NOW, two_clusters

pytestmark = pytest.mark.django_db


def build_world():
    return two_clusters(phase=Phase.CONFERENCE)


def year_end(world):
    return Meeting(year=world.year, kind=MeetingKind.YEAR_END, held_on="2021-12-30", place="Hội trường")


def test_record_keeps_the_meeting_with_its_resolutions_in_order(world):
    exemplary = Resolution(kind=ResolutionKind.EXEMPLARY_UNIT, text="Suy tôn", named=world.member, vote="4/4")
    leading = Resolution(kind=ResolutionKind.LEADER, text="Bầu", named=world.deputy)

    meeting = meetings.record(meeting=year_end(world), resolutions=[exemplary, leading], by=world.secretariat, at=NOW)

    assert [(found.order, found.kind, found.named) for found in meeting.resolutions.all()] == [
        (1, "exemplary_unit", world.member),
        (2, "leader", world.deputy),
    ]
    assert AuditEvent.objects.first().verb == "meeting.record"


def test_record_changes_adds_and_strikes_out(world):
    meeting = MeetingFactory(year=world.year)
    kept, struck = (ResolutionFactory(meeting=meeting, order=order) for order in (1, 2))
    kept.text = "Nội dung sửa lại"

    meetings.record(
        meeting=meeting,
        resolutions=[kept, Resolution(text="Thêm")],
        removed=[struck],
        by=world.secretariat,
        at=NOW,
    )

    assert [(found.order, found.text) for found in meeting.resolutions.all()] == [(1, "Nội dung sửa lại"), (2, "Thêm")]


def test_record_a_second_year_end_meeting_is_refused(world):
    meetings.record(meeting=year_end(world), by=world.secretariat, at=NOW)

    with pytest.raises(Refused, match="meeting of this kind already"):
        meetings.record(meeting=year_end(world), by=world.secretariat, at=NOW)


def test_record_names_members_of_the_year_only(world):
    resolution = Resolution(kind=ResolutionKind.LEADER, text="Bầu", named=world.foreign.member)

    with pytest.raises(Refused, match="members of this year only"):
        meetings.record(meeting=year_end(world), resolutions=[resolution], by=world.secretariat, at=NOW)

    assert not Meeting.objects.exists()


def test_record_a_unit_without_good_standing_as_exemplary_is_refused(world):
    suspended = MembershipFactory(year=world.year, suspended=True)
    resolution = Resolution(kind=ResolutionKind.EXEMPLARY_UNIT, text="Suy tôn", named=suspended)

    with pytest.raises(Refused, match="not in good standing"):
        meetings.record(meeting=year_end(world), resolutions=[resolution], by=world.secretariat, at=NOW)


@pytest.mark.parametrize("named", ["leader", None])
def test_record_a_third_unit_is_another_one(world, named):
    resolution = Resolution(
        kind=ResolutionKind.THIRD_UNIT,
        text="Giao phê duyệt",
        named=getattr(world, named) if named else None,
        concerned=world.leader,
    )

    with pytest.raises(Refused):
        meetings.record(meeting=year_end(world), resolutions=[resolution], by=world.secretariat, at=NOW)


def test_record_a_resolution_of_another_meeting_is_not_known(world):
    foreign = ResolutionFactory(meeting__year=world.foreign.year)

    with pytest.raises(NotKnown):
        meetings.record(meeting=MeetingFactory(year=world.year), removed=[foreign], by=world.secretariat, at=NOW)
    with pytest.raises(NotKnown):
        meetings.record(
            meeting=MeetingFactory(year=world.year, kind=MeetingKind.REGULAR),
            resolutions=[foreign],
            by=world.secretariat,
            at=NOW,
        )


@pytest.mark.parametrize(
    ("column", "error"), [("of", NotAllowed), ("L", NotAllowed), ("O", NotKnown), ("fo", NotKnown)]
)
def test_record_by_somebody_else_is_refused(world, column, error):
    with pytest.raises(error):
        meetings.record(meeting=year_end(world), by=world.people()[column], at=NOW)


def test_record_in_an_archived_year_is_a_wrong_state():
    world = two_clusters(phase=Phase.ARCHIVED)

    with pytest.raises(WrongState):
        meetings.record(meeting=year_end(world), by=world.secretariat, at=NOW)
