"""Written delegations of the leader's office: who records them, when they hold, what they print."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from cluster_app.audit import verification
from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, WrongState
from members.enums import Phase, SignatureForm
from members.models import Delegation, Notification
from members.queries import delegation_held
from members.services import delegations
from members.services.delegations import Paper
from members.signing import of_leader
from tests.factories.members import DelegationFactory
from tests.scenarios import CANARY, NOW, fresh, two_clusters

pytestmark = pytest.mark.django_db

REASON = "Thủ trưởng đã trở lại làm việc"


def record(world, by=None, **changes):
    people = {
        "principal": world.leader,
        "delegate_unit": world.deputy,
        "delegate": world.deputy_signatory,
    }
    paper = {
        "form": SignatureForm.KT,
        "number": "15-UQ/CQ",
        "decided_on": date(2021, 11, 20),
        "starts_on": date(2021, 11, 22),
        "ends_on": date(2021, 11, 26),
    }
    people |= {name: value for name, value in changes.items() if name in people}
    paper |= {name: value for name, value in changes.items() if name in paper}
    return delegations.record(**people, paper=Paper(**paper), by=by or world.leader_signatory, at=NOW)


def given(world, **facts):
    return DelegationFactory(
        principal=world.leader, delegate_unit=world.deputy, delegate=world.deputy_signatory, **facts
    )


ANSWERS = {
    "of": NotAllowed,
    "sg": NotAllowed,
    "ot": NotAllowed,
    "fo": NotKnown,
    "L": None,
    "D": NotAllowed,
    "S": None,
    "R": NotAllowed,
    "O": NotKnown,
}


@pytest.mark.parametrize(("relation", "error"), ANSWERS.items())
def test_only_the_principal_and_the_secretariat_record_and_end(relation, error):
    world = two_clusters()
    user = world.people()[relation]
    if error is None:
        delegation = record(world, by=user)
        delegations.end(delegation=delegation, reason=REASON, by=user, at=NOW)
        assert Delegation.objects.get().ended_by == user
        return

    with pytest.raises(error):
        record(world, by=user)
    with pytest.raises(error):
        delegations.end(delegation=given(world), reason=REASON, by=user, at=NOW)

    assert Delegation.objects.get().ended_at is None


def test_officer_of_the_leader_records_nothing():
    world = two_clusters()

    with pytest.raises(NotAllowed):
        record(world, by=world.officers[0])


def test_recording_is_told_and_logged_with_both_names():
    world = two_clusters()

    delegation = record(world, by=world.secretariat)

    event = AuditEvent.objects.get(verb="delegation.record")
    assert (event.actor, event.year) == (world.secretariat.username, 2021)
    assert world.leader.name in event.payload
    assert world.deputy_signatory.username in event.payload
    assert verification.verify().problem == ""
    told = set(Notification.objects.values_list("user__username", flat=True))
    assert told == {"a1", "a1.cb", "a2", "a2.cb"}
    assert str(delegation.delegate) in str(Notification.objects.first())


BAD = [
    ({"number": "  "}, "number"),
    ({"decided_on": date(2021, 11, 23)}, "decided_on"),
    ({"decided_on": date(2021, 11, 25), "starts_on": date(2021, 11, 25)}, "decided_on"),
    ({"ends_on": date(2021, 11, 21)}, "ends_on"),
    ({"starts_on": date(2021, 11, 21), "ends_on": date(2021, 11, 23)}, "ends_on"),
]


@pytest.mark.parametrize(("changes", "field"), BAD)
def test_days_that_make_no_sense_are_refused_at_their_field(changes, field):
    world = two_clusters()

    with pytest.raises(Refused) as refusal:
        record(world, **changes)

    assert list(refusal.value.errors) == [field] or field == "number"
    assert Delegation.objects.count() == 0


def test_officer_signs_for_nobody():
    world = two_clusters()

    with pytest.raises(Refused) as refusal:
        record(world, delegate=world.officers[1])

    assert list(refusal.value.errors) == ["delegate"]


def test_signatory_of_a_member_that_is_no_deputy_is_refused():
    world = two_clusters()

    with pytest.raises(Refused):
        record(world, delegate_unit=world.member, delegate=world.signatory)


def test_only_the_leader_has_an_office_to_delegate():
    world = two_clusters()

    with pytest.raises(Refused):
        record(world, by=world.secretariat, principal=world.member)


def test_unit_of_another_cluster_does_not_exist():
    world = two_clusters()

    with pytest.raises(NotKnown):
        record(world, delegate_unit=world.foreign.deputy, delegate=world.foreign.deputy_signatory)


OVERLAPS = [
    (date(2021, 11, 26), date(2021, 11, 30), True),
    (date(2021, 11, 27), date(2021, 11, 30), False),
]


@pytest.mark.parametrize(("starts_on", "ends_on", "overlaps"), OVERLAPS)
def test_office_is_delegated_once_a_day(starts_on, ends_on, overlaps):
    world = two_clusters()
    record(world)

    if overlaps:
        with pytest.raises(Refused):
            record(world, starts_on=starts_on, ends_on=ends_on)
    else:
        record(world, starts_on=starts_on, ends_on=ends_on)

    assert Delegation.objects.count() == (1 if overlaps else 2)


def test_ended_delegation_makes_room_for_another():
    world = two_clusters()
    delegations.end(delegation=record(world), reason=REASON, by=world.leader_signatory, at=NOW)

    record(world, number="16-UQ/CQ")

    assert Delegation.objects.filter(ended_at__isnull=True).get().number == "16-UQ/CQ"


def test_ending_needs_a_reason():
    world = two_clusters()

    with pytest.raises(Refused):
        delegations.end(delegation=given(world), reason="ngắn", by=world.leader_signatory, at=NOW)


def test_what_is_over_cannot_be_ended():
    world = two_clusters()
    over = given(world)

    with pytest.raises(WrongState):
        delegations.end(delegation=over, reason=REASON, by=world.leader_signatory, at=NOW + timedelta(days=3))
    delegations.end(delegation=over, reason=REASON, by=world.leader_signatory, at=NOW)
    with pytest.raises(WrongState):
        delegations.end(delegation=over, reason=REASON, by=world.leader_signatory, at=NOW)


def test_archived_year_takes_no_delegation():
    world = two_clusters(phase=Phase.ARCHIVED)

    with pytest.raises(WrongState):
        record(world, by=world.secretariat)


@pytest.mark.parametrize("changes", [{"ends_on": date(2021, 12, 31)}, {"number": "99-UQ/CQ"}, {"ended_at": None}])
def test_database_lets_a_delegation_only_end(changes):
    delegation = given(two_clusters(), ended=bool("ended_at" in changes))

    with pytest.raises(DatabaseError), transaction.atomic():
        Delegation.objects.filter(pk=delegation.pk).update(**changes)
    with pytest.raises(DatabaseError), transaction.atomic():
        Delegation.objects.filter(pk=delegation.pk).delete()


@pytest.mark.parametrize(
    "facts",
    [{"ends_on": date(2021, 11, 21)}, {"decided_on": date(2021, 11, 23)}, {"number": ""}, {"form": "??"}],
)
def test_database_refuses_a_delegation_that_makes_no_sense(facts):
    world = two_clusters()

    with pytest.raises(IntegrityError), transaction.atomic():
        given(world, **facts)


# Midnight in Việt Nam is 17:00 UTC.
EDGES = [
    (datetime(2021, 11, 21, 16, 59, 59, tzinfo=UTC), False),
    (datetime(2021, 11, 21, 17, 0, 0, tzinfo=UTC), True),
    (datetime(2021, 11, 26, 16, 59, 59, tzinfo=UTC), True),
    (datetime(2021, 11, 26, 17, 0, 0, tzinfo=UTC), False),
]


@pytest.mark.parametrize(("at", "holds"), EDGES)
def test_delegation_holds_on_its_days_of_the_local_calendar(at, holds):
    world = two_clusters()
    delegation = record(world)

    assert delegation_held(fresh(world.deputy_signatory), world.year, at) == (delegation if holds else None)


FORMS = [(SignatureForm.KT, "KT."), (SignatureForm.TL, "TL."), (SignatureForm.TUQ, "TUQ.")]


@pytest.mark.parametrize(("form", "printed"), FORMS)
def test_signature_block_is_the_delegates_on_these_days(form, printed):
    world = two_clusters()
    world.deputy_signatory.full_name = "Hoàng Văn Phó"
    world.deputy_signatory.save()
    record(world, form=form)
    signing = of_leader(world.year)

    before, within, after = (signing.on(date(2021, 11, day)) for day in (21, 22, 27))

    assert within.office == f"{printed} Cụm trưởng\nCụm phó"
    assert (within.agency_office, within.name) == (world.deputy.name, "Hoàng Văn Phó")
    assert before.office == after.office == signing.on(None).office == "Cụm trưởng"
    assert before.agency_office == world.leader.name


def test_signature_block_is_the_leaders_again_once_it_ended():
    world = two_clusters()
    delegations.end(delegation=record(world), reason=REASON, by=world.leader_signatory, at=NOW)
    signing = of_leader(world.year)

    assert signing.on(date(2021, 11, 23)).office == "KT. Cụm trưởng\nCụm phó"
    assert signing.on(date(2021, 11, 24)).office == "Cụm trưởng"


def _url(world, name, **more):
    return reverse(f"members:{name}", kwargs=world.url_kwargs() | more)


FIELDS = {
    "form": "kt",
    "number": "15-UQ/CQ",
    "decided_on": "20/11/2021",
    "starts_on": "22/11/2021",
    "ends_on": "26/11/2021",
}


def test_leader_records_and_ends_on_the_pages(client):
    world = two_clusters()
    client.force_login(world.leader_signatory)
    candidate = world.deputy_signatory.assignments.get()

    client.post(_url(world, "delegation_add"), FIELDS | {"candidate": candidate.pk})
    delegation = Delegation.objects.get()
    client.post(_url(world, "delegation_end", delegation=delegation.pk), {"reason": REASON})

    delegation.refresh_from_db()
    assert (delegation.delegate, delegation.ended_reason) == (world.deputy_signatory, REASON)


def test_refusal_stands_at_its_field_and_keeps_what_was_typed(client):
    world = two_clusters()
    client.force_login(world.leader_signatory)
    candidate = world.deputy_signatory.assignments.get()

    page = client.post(_url(world, "delegation_add"), FIELDS | {"candidate": candidate.pk, "ends_on": "21/11/2021"})

    assert list(page.context["form"].errors) == ["ends_on"]
    assert 'value="15-UQ/CQ"' in page.content.decode()
    assert Delegation.objects.count() == 0


def test_list_is_of_the_own_cluster(client):
    world = two_clusters()
    given(world)
    foreign = world.foreign
    DelegationFactory(principal=foreign.leader, delegate_unit=foreign.deputy, delegate=foreign.deputy_signatory)
    client.force_login(world.other_signatory)

    page = client.get(_url(world, "delegation_list"))

    assert [row["unit"] for row in page.context["rows"]] == [world.deputy.name]
    assert CANARY not in page.content.decode()
    assert page.context["add_url"] == page.context["rows"][0]["end_url"] == ""


@pytest.mark.parametrize("count", [2, 9])
def test_list_costs_the_same_for_every_number(count, client, django_assert_num_queries):
    world = two_clusters()
    for day in range(1, count + 1):
        given(world, starts_on=date(2021, 12, day), ends_on=date(2021, 12, day))
    client.force_login(world.secretariat)

    with django_assert_num_queries(7):
        client.get(_url(world, "delegation_list"))
