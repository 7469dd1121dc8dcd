from datetime import date

import pytest

from awards.calculations import fingerprint
from awards.models import Decision
from awards.services import decisions
from awards.services.commendations import DecisionFacts
from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotAllowed, Refused, Stale, WrongState
from members.enums import Phase
from tests.factories.awards import AwardFormFactory, CommendationFactory, DecisionFactory
from tests.scenarios import NOW, two_clusters

pytestmark = pytest.mark.django_db


def build_world():
    return two_clusters()


def correct(decision, by, *, number="99-QĐ/BTC", decided_on=date(2021, 5, 20), seen=None):
    facts = DecisionFacts(number=number, decided_on=decided_on, signer="Trưởng ban")
    return decisions.correct(decision=decision, facts=facts, by=by, at=NOW, seen=seen)


def test_correction_reaches_every_row_by_the_one_decision(world):
    decision = DecisionFactory(cluster=world.cluster)
    CommendationFactory(decision=decision, membership=world.member, confirmed=True)

    correct(decision, world.secretariat)

    assert Decision.objects.get().number == "99-QĐ/BTC"
    assert AuditEvent.objects.get(verb="decision.correct").object_key == f"awards.decision:{decision.pk}"


@pytest.mark.parametrize("person", ["officer", "leader_signatory", "observer", "administrator", "stranger"])
def test_only_the_secretariat_corrects(world, person):
    with pytest.raises(NotAllowed):
        correct(DecisionFactory(cluster=world.cluster), getattr(world, person))


def test_secretariat_of_another_cluster_is_refused(world):
    with pytest.raises(NotAllowed):
        correct(DecisionFactory(cluster=world.cluster), world.foreign.secretariat)


def test_confirmed_row_of_the_home_unit_stops_the_correction(world):
    decision = DecisionFactory(cluster=world.cluster)
    CommendationFactory(decision=decision, membership=world.other, confirmed=True)
    CommendationFactory(decision=decision, membership=world.member, confirmed=True)

    with pytest.raises(WrongState):
        correct(decision, world.secretariat_at_home)


def test_row_of_an_archived_year_stops_the_correction(world):
    decision = DecisionFactory(cluster=world.cluster)
    CommendationFactory(decision=decision, membership=world.member)
    world.year.phase = Phase.ARCHIVED
    world.year.save()

    with pytest.raises(WrongState):
        correct(decision, world.secretariat)


def test_new_date_must_suit_the_forms_of_its_rows(world):
    decision = DecisionFactory(cluster=world.cluster)
    form = AwardFormFactory(valid_from=date(2021, 1, 1))
    CommendationFactory(decision=decision, membership=world.member, award_form=form)

    with pytest.raises(Refused) as refusal:
        correct(decision, world.secretariat, decided_on=date(2020, 12, 31))

    assert list(refusal.value.errors) == ["decided_on"]


def test_date_in_the_future_is_refused(world):
    with pytest.raises(Refused):
        correct(DecisionFactory(cluster=world.cluster), world.secretariat, decided_on=date(2021, 11, 25))


def test_correction_into_a_decision_that_exists_is_refused(world):
    existing = DecisionFactory(cluster=world.cluster, number="99-QĐ/BTC", signer="Trưởng ban")

    with pytest.raises(Refused, match=str(Decision._meta.constraints[0].violation_error_message)):
        correct(DecisionFactory(cluster=world.cluster), world.secretariat, decided_on=existing.decided_on)


def test_correction_of_a_decision_changed_meanwhile_is_stale(world):
    decision = DecisionFactory(cluster=world.cluster)
    seen = fingerprint(decision)
    Decision.objects.filter(pk=decision.pk).update(signer="Phó Trưởng ban")

    with pytest.raises(Stale):
        correct(decision, world.secretariat, seen=seen)
