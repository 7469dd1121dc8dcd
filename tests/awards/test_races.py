"""Eight people press the same button at the same moment: one effect, and a sentence for the other seven."""

import pytest
from django.db import transaction

from awards.enums import PledgeStatus
from awards.models import Commendation, Decision, PledgeSignature
from awards.services import commendations, pledges
from awards.services.commendations import CommendationFacts, DecisionFacts
from cluster_app.audit.models import AuditEvent
from cluster_app.audit.verification import verify
from cluster_app.lib.errors import Refused, WrongState
from tests.factories.awards import AwardFormFactory, CommendationFactory, PledgeFactory, PledgeItemFactory
from tests.scenarios import NOW, fresh, two_clusters
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

PRESSES = 8


@pytest.fixture
def world():
    with transaction.atomic():
        return two_clusters()


def test_pledge_is_signed_once(world):
    pledge = PledgeFactory(year=world.year, open=True)
    PledgeItemFactory(pledge=pledge)

    def press(number):
        return pledges.sign(pledge=pledge, membership=world.member, by=fresh(world.signatory), at=NOW)

    answers = at_once(PRESSES, press)

    assert sum(isinstance(answer, PledgeSignature) for answer in answers) == 1
    assert sum(isinstance(answer, Refused) for answer in answers) == PRESSES - 1
    assert AuditEvent.objects.filter(verb="pledge.sign").count() == 1


def test_last_two_signatures_together_complete_the_pledge_once(world):
    pledge = PledgeFactory(year=world.year, open=True)
    PledgeItemFactory(pledge=pledge)
    pairs = list(zip(world.members, world.signatories, strict=True))
    for member, signatory in pairs[:2]:
        pledges.sign(pledge=pledge, membership=member, by=signatory, at=NOW)

    def press(number):
        member, signatory = pairs[2 + number]
        return pledges.sign(pledge=pledge, membership=member, by=fresh(signatory), at=NOW)

    at_once(2, press)

    pledge.refresh_from_db()
    assert pledge.status == PledgeStatus.SIGNED
    assert AuditEvent.objects.filter(verb="pledge.complete").count() == 1


def test_row_is_recorded_once_and_its_decision_too(world):
    form = AwardFormFactory()
    decision = DecisionFacts(number="12-QĐ/BTC", decided_on=NOW.date(), signer="Trưởng ban")
    row = CommendationFacts(
        membership=world.member, award_form=form, recipient_kind="individual", recipient="Cán bộ 017"
    )

    def press(number):
        return commendations.record(year=world.year, decision=decision, row=row, by=fresh(world.officer), at=NOW)

    answers = at_once(PRESSES, press)

    assert sum(isinstance(answer, Refused) for answer in answers) == PRESSES - 1
    assert (Commendation.objects.count(), Decision.objects.count()) == (1, 1)
    assert verify().problem == ""


def test_rows_are_confirmed_once(world):
    with transaction.atomic():
        rows = CommendationFactory.create_batch(3, membership=world.member)

    def press(number):
        return commendations.confirm(year=world.year, commendations=rows, by=fresh(world.secretariat), at=NOW)

    answers = at_once(PRESSES, press)

    assert sum(isinstance(answer, WrongState) for answer in answers) == PRESSES - 1
    assert AuditEvent.objects.filter(verb="commendation.confirm").count() == 3
