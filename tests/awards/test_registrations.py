"""Registering titles for the year: B3 of features.md."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from awards.calculations import fingerprint
from awards.enums import RecipientKind
from awards.models import TitleRegistration
from awards.services import registrations
from awards.services.registrations import RegistrationFacts
from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, Stale, WrongState
from members.enums import Phase
from tests.awards.registering import archive, save
from tests.factories.awards import AwardFormFactory, TitleRegistrationFactory
from tests.scenarios import NOW, two_clusters

pytestmark = pytest.mark.django_db


def build_world():
    return two_clusters()


@pytest.fixture
def form():
    return AwardFormFactory(code="LDTT", name="Lao động tiên tiến", is_for_collectives=False)


@pytest.fixture
def facts(world, form):
    return RegistrationFacts(
        membership=world.member, award_form=form, recipient_kind=RecipientKind.INDIVIDUAL, count=46
    )


# --- The service ---


@pytest.mark.parametrize("person", ["officer", "signatory", "secretariat", "secretariat_at_home"])
def test_title_is_registered_by_the_unit_and_the_secretariat(world, facts, person):
    row = save(world, replace(facts, document_number=" 21-ĐK/VP "), person)

    row.refresh_from_db()
    assert (row.membership, row.count, row.document_number) == (world.member, 46, "21-ĐK/VP")
    assert AuditEvent.objects.get(verb="registration.save").object_key == f"awards.titleregistration:{row.pk}"


@pytest.mark.parametrize(
    ("person", "error"),
    [
        ("other_officer", NotAllowed),
        ("leader_signatory", NotAllowed),
        ("deputy_signatory", NotAllowed),
        ("observer", NotAllowed),
        ("administrator", NotKnown),
        ("stranger", NotKnown),
    ],
)
def test_title_is_refused_to_others(world, facts, person, error):
    row = TitleRegistrationFactory(membership=world.member)

    with pytest.raises(error):
        save(world, facts, person)
    with pytest.raises(error):
        registrations.remove(registration=row, by=getattr(world, person), at=NOW)

    assert list(TitleRegistration.objects.all()) == [row]


def test_row_of_another_unit_is_not_moved_to_the_own_one(world, facts):
    row = TitleRegistrationFactory(membership=world.other)

    with pytest.raises(NotAllowed):
        save(world, facts, registration=row)

    row.refresh_from_db()
    assert row.membership == world.other


@pytest.mark.parametrize(
    ("catalogue", "field"),
    [
        ({"valid_to": date(2020, 12, 31)}, "award_form"),
        ({"valid_from": date(2022, 1, 1)}, "award_form"),
        ({"party": True}, "award_form"),
        ({"is_for_individuals": False}, "recipient_kind"),
    ],
)
def test_title_outside_the_catalogue_of_the_year_is_refused(world, facts, catalogue, field):
    facts = replace(facts, award_form=AwardFormFactory(**catalogue))

    with pytest.raises(Refused) as refusal:
        save(world, facts)

    assert list(refusal.value.errors) == [field]
    assert not TitleRegistration.objects.exists()


def test_everything_wrong_is_said_at_once(world, facts):
    form = AwardFormFactory(valid_from=date(2022, 1, 1), is_for_individuals=False)

    with pytest.raises(Refused) as refusal:
        save(world, replace(facts, award_form=form))

    assert set(refusal.value.errors) == {"award_form", "recipient_kind"}


def test_unit_of_another_year_is_refused(world, facts):
    with pytest.raises(Refused) as refusal:
        save(world, replace(facts, membership=world.foreign.member), "secretariat")

    assert list(refusal.value.errors) == ["membership"]


def test_title_is_registered_once_also_where_the_law_changed(world, facts):
    later = AwardFormFactory(code=facts.award_form.code, valid_from=date(2021, 4, 1), is_for_collectives=False)
    row = save(world, facts)

    for again in (facts, replace(facts, award_form=later)):
        with pytest.raises(Refused) as refusal:
            save(world, again)
        assert list(refusal.value.errors) == ["award_form"]
    save(world, replace(facts, count=50), registration=row)

    assert list(TitleRegistration.objects.values_list("count", flat=True)) == [50]


def test_none_of_a_title_is_no_registration(world, facts):
    with pytest.raises(Refused):
        save(world, replace(facts, count=0))


def test_change_between_is_not_overwritten(world, facts):
    row = save(world, facts)
    shown = fingerprint(row)
    save(world, replace(facts, count=50), registration=row)

    with pytest.raises(Stale):
        save(world, facts, registration=row, seen=shown)


@pytest.mark.parametrize("person", ["officer", "signatory", "secretariat_at_home"])
def test_unit_adds_and_raises_but_does_not_lower(world, facts, person):
    row = save(world, facts)

    raised = save(world, replace(facts, count=47, document_number="22-ĐK/VP"), person, registration=row)
    with pytest.raises(Refused) as refusal:
        save(world, facts, person, registration=row)

    raised.refresh_from_db()
    assert (raised.count, raised.document_number) == (47, "22-ĐK/VP")
    assert list(refusal.value.errors) == ["count"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda world: {"award_form": AwardFormFactory(code="CSTD")}, "award_form"),
        (lambda world: {"recipient_kind": RecipientKind.COLLECTIVE}, "recipient_kind"),
    ],
)
def test_unit_does_not_put_another_title_in_the_place_of_the_registered_one(world, change, field):
    both = AwardFormFactory(code="BK")
    facts = RegistrationFacts(
        membership=world.member, award_form=both, recipient_kind=RecipientKind.INDIVIDUAL, count=5
    )
    row, other = save(world, facts), replace(facts, **change(world))

    with pytest.raises(Refused) as refusal:
        save(world, other, registration=row)
    corrected = save(world, replace(other, count=1), "secretariat", registration=row)

    assert list(refusal.value.errors) == [field]
    assert corrected.count == 1


@pytest.mark.parametrize("person", ["officer", "signatory", "secretariat_at_home"])
def test_unit_does_not_withdraw_what_it_registered(world, facts, person):
    row = save(world, facts)

    with pytest.raises(NotAllowed):
        registrations.remove(registration=row, by=getattr(world, person), at=NOW)

    assert TitleRegistration.objects.get() == row


@pytest.mark.parametrize("phase", [Phase.REVIEWING, Phase.APPROVING, Phase.CONFERENCE, Phase.CONCLUDED])
def test_from_the_review_on_the_secretariat_registers(world, facts, phase):
    row = save(world, facts)
    world.year.phase = phase
    world.year.save()

    for person in ("officer", "signatory", "secretariat_at_home"):
        with pytest.raises(WrongState):
            save(world, replace(facts, count=50), person, registration=row)
    save(world, replace(facts, count=50), "secretariat", registration=row)

    assert list(TitleRegistration.objects.values_list("count", flat=True)) == [50]


def test_remove_takes_the_row_away_and_the_log_keeps_it(world, facts):
    row = save(world, facts)

    registrations.remove(registration=row, by=world.secretariat, at=NOW)

    assert not TitleRegistration.objects.exists()
    event = AuditEvent.objects.get(verb="registration.remove")
    assert event.object_key == f"awards.titleregistration:{row.pk}"
    assert "Lao động tiên tiến" in event.payload
    with pytest.raises(NotKnown):
        registrations.remove(registration=row, by=world.secretariat, at=NOW)


def test_archived_year_is_read_only(world, facts):
    row = TitleRegistrationFactory(membership=world.member)
    archive(world)

    with pytest.raises(WrongState):
        save(world, facts)
    with pytest.raises(WrongState):
        registrations.remove(registration=row, by=world.secretariat, at=NOW)


# --- The constraints ---


@pytest.mark.parametrize("changes", [{}, {"recipient_kind": "family"}, {"recipient_kind": "collective", "count": 0}])
def test_database_refuses_twice_unknown_and_none(world, form, changes):
    TitleRegistrationFactory(membership=world.member, award_form=form)

    with pytest.raises(IntegrityError), transaction.atomic():
        TitleRegistrationFactory(membership=world.member, award_form=form, **changes)
