"""Eight people press the same button at the same moment: one effect, and a sentence for the other seven."""

import pytest
from django.db import transaction

from awards.enums import ParticipationStatus, PledgeStatus, RecipientKind
from awards.models import Commendation, Decision, PledgeSignature, TitleRegistration
from awards.services import campaigns, commendations, pledges, registrations
from awards.services.campaigns import Part
from awards.services.commendations import CommendationFacts, DecisionFacts
from awards.services.registrations import RegistrationFacts
from cluster_app.audit.models import AuditEvent
from cluster_app.audit.verification import verify
from cluster_app.lib.errors import Refused, WrongState
from tests.factories.awards import (
    AwardFormFactory,
    CampaignFactory,
    CommendationFactory,
    PledgeFactory,
    PledgeItemFactory,
)
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


def test_part_in_a_campaign_is_recorded_once(world):
    campaign = CampaignFactory(year=world.year, launched=True)
    active = Part(membership=world.member, status=ParticipationStatus.ACTIVE)

    def press(number):
        return campaigns.record_participation(campaign=campaign, parts=[active], by=fresh(world.officer), at=NOW)

    answers = at_once(PRESSES, press)

    assert sorted(len(answer) for answer in answers) == [0] * (PRESSES - 1) + [1]
    assert AuditEvent.objects.filter(verb="participation.record").count() == 1


def test_title_is_registered_once(world):
    facts = RegistrationFacts(
        membership=world.member, award_form=AwardFormFactory(), recipient_kind=RecipientKind.INDIVIDUAL, count=5
    )

    def press(number):
        return registrations.save(year=world.year, facts=facts, by=fresh(world.officer), at=NOW)

    answers = at_once(PRESSES, press)

    assert sum(isinstance(answer, TitleRegistration) for answer in answers) == 1
    assert sum(isinstance(answer, Refused) for answer in answers) == PRESSES - 1
    assert AuditEvent.objects.filter(verb="registration.save").count() == 1
