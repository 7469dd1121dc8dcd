"""Publishing by two persons: who, when, and exactly what was proposed."""

import json

import pytest
from django.db import IntegrityError, transaction

from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotAllowed, Refused, Stale, WrongState
from members.enums import AssignmentRole, MemberRole, PendingKind, Phase
from members.models import Membership
from members.services import pending
from scoring.enums import CardStatus
from scoring.models import Publication
from scoring.services import publications
from tests.factories.members import AssignmentFactory
from tests.factories.scoring import PublicationFactory
from tests.scenarios import NOW, fresh, two_clusters
from tests.scoring.cards import card_in, forget, outcome

pytestmark = pytest.mark.django_db


def build_world():
    """Every card approved, before the conference."""
    world = two_clusters(phase=Phase.APPROVING)
    for member in world.members:
        card_in(CardStatus.APPROVED, member)
    return world


def propose(world, user):
    return publications.propose(year=world.year, by=user, at=NOW)


def confirm(world, user):
    step = pending.open_step(PendingKind.PUBLISH, world.year)
    return publications.confirm(year=world.year, step=step, by=user, at=NOW)


def test_who_may_propose(world):
    found = {name: outcome(lambda user=user: propose(world, user)) for name, user in world.people().items()}

    assert found == {
        "of": "3", "sg": "3", "ot": "3", "fo": "4", "L": "Y", "D": "Y", "S": "3", "R": "3", "O": "4",
    }  # fmt: skip


def test_the_secretariat_may_where_there_is_no_deputy(world):
    Membership.objects.filter(pk=world.deputy.pk).update(role=MemberRole.MEMBER)

    assert outcome(lambda: propose(world, fresh(world.secretariat))) == "Y"


def test_leader_proposes_and_deputy_confirms(world):
    propose(world, world.leader_signatory)

    published = confirm(world, world.deputy_signatory)

    world.year.refresh_from_db()
    assert world.year.published_at == NOW
    assert (published.proposed_by, published.confirmed_by) == (world.leader_signatory, world.deputy_signatory)
    snapshot = json.loads(published.snapshot)
    assert snapshot["status"] == "published"
    assert [unit["code"] for unit in snapshot["units"]] == ["A1", "A2", "A3", "A4"]
    assert AuditEvent.objects.order_by("-sequence").first().verb == "year.publish"


def test_one_person_alone_publishes_nothing(world):
    propose(world, world.leader_signatory)

    with pytest.raises(NotAllowed):
        confirm(world, world.leader_signatory)

    world.year.refresh_from_db()
    assert not world.year.is_published


def test_two_persons_of_one_unit_are_one(world):
    second = AssignmentFactory(unit=world.leader.unit, role=AssignmentRole.SIGNATORY).user
    propose(world, world.leader_signatory)

    with pytest.raises(NotAllowed):
        confirm(world, second)


def test_what_changed_since_the_proposal_is_stale(world):
    propose(world, world.leader_signatory)
    Membership.objects.filter(pk=world.other.pk).update(name="Đơn vị đổi tên")
    forget(world.year)

    with pytest.raises(Stale):
        confirm(world, world.deputy_signatory)

    assert not Publication.objects.exists()


def test_every_card_of_a_ranked_unit_must_be_approved():
    world = two_clusters(phase=Phase.APPROVING)
    card_in(CardStatus.APPROVED, world.leader)
    card_in(CardStatus.REVIEWED, world.deputy)
    card_in(CardStatus.SUBMITTED, world.member)
    Membership.objects.filter(pk=world.other.pk).update(standing="disqualified", standing_reason="Không ký giao ước")

    with pytest.raises(Refused) as refused:
        propose(world, world.leader_signatory)

    assert [world.deputy.name in refused.value.missing[0], world.member.name in refused.value.missing[1]] == [True] * 2
    assert len(refused.value.missing) == 2


@pytest.mark.parametrize("phase", [Phase.RUNNING, Phase.SELF_SCORING, Phase.REVIEWING, Phase.CONCLUDED])
def test_publishing_has_its_phases(world, phase):
    world.year.phase = phase
    world.year.save()

    with pytest.raises(WrongState):
        propose(world, world.leader_signatory)


def test_results_are_published_once(world):
    propose(world, world.leader_signatory)
    confirm(world, world.deputy_signatory)

    with pytest.raises(WrongState):
        propose(world, world.leader_signatory)


def test_the_same_proposal_twice_is_refused(world):
    propose(world, world.leader_signatory)

    with pytest.raises(Refused):
        propose(world, world.deputy_signatory)


def test_a_proposal_can_be_withdrawn_and_made_again(world):
    step = propose(world, world.leader_signatory)

    publications.withdraw_proposal(year=world.year, step=step, by=world.deputy_signatory, at=NOW)
    propose(world, world.deputy_signatory)

    assert pending.open_step(PendingKind.PUBLISH, world.year).proposed_by == world.deputy_signatory


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"withdrawn_at": NOW}, "publication_withdrawn_has_reason"),
        ({"confirmed_by": None}, "publication_two_persons"),
    ],
)
def test_the_database_refuses_an_impossible_publication(world, fields, name):
    if "confirmed_by" in fields:
        fields = {"proposed_by": world.leader_signatory, "confirmed_by": world.leader_signatory}

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        PublicationFactory(year=world.year, **fields)


def test_a_year_has_one_valid_publication(world):
    PublicationFactory(year=world.year, withdrawn_at=NOW, withdrawn_reason="Mở lại phiếu")
    PublicationFactory(year=world.year)

    with pytest.raises(IntegrityError), transaction.atomic():
        PublicationFactory(year=world.year)
