"""Registering titles for the year: B3 of features.md."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from awards.calculations import fingerprint
from awards.enums import RecipientKind
from awards.models import TitleRegistration
from awards.services import registrations
from awards.services.registrations import RegistrationFacts
from cluster_app.audit.models import AuditEvent
from cluster_app.lib.errors import NotAllowed, NotKnown, Refused, Stale, WrongState
from members.enums import Phase
from tests.factories.awards import AwardFormFactory, CommendationFactory, TitleRegistrationFactory
from tests.scenarios import CANARY, NOW, two_clusters

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return two_clusters()


@pytest.fixture
def form():
    return AwardFormFactory(code="LDTT", name="Lao động tiên tiến", is_for_collectives=False)


@pytest.fixture
def facts(world, form):
    return RegistrationFacts(
        membership=world.member, award_form=form, recipient_kind=RecipientKind.INDIVIDUAL, count=46
    )


def save(world, facts, person="officer", **more):
    return registrations.save(year=world.year, facts=facts, by=getattr(world, person), at=NOW, **more)


def url(world, name="list", **kwargs):
    return reverse(f"awards:registration_{name}", kwargs=world.url_kwargs() | kwargs)


def typed(world, registration=None, **changes):
    data = {
        "membership": world.member.pk,
        "award_form": "LDTT",
        "recipient_kind": "individual",
        "count": "46",
        "document_number": "21-ĐK/VP",
        "seen": fingerprint(registration) if registration else "",
    }
    return data | changes


def archive(world):
    world.year.phase = Phase.ARCHIVED
    world.year.save()


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


# --- The pages ---


def test_unit_sees_its_own_titles_until_publication(client, world, form):
    TitleRegistrationFactory(membership=world.member, award_form=form, count=10)
    TitleRegistrationFactory(membership=world.other, award_form=form, count=7_777)
    TitleRegistrationFactory(membership=world.foreign.member, award_form__name=f"{CANARY} giấy khen")
    CommendationFactory(membership=world.member, award_form=form, occasions=4, confirmed=True)

    def shown(person):
        client.force_login(getattr(world, person))
        page = client.get(url(world))
        assert CANARY not in page.text
        return [unit["unit"] for unit in page.context["units"]], "7.777" in page.text

    everybody = [member.name for member in world.members]
    assert shown("officer") == ([world.member.name], False)
    for person in ("secretariat", "leader_signatory", "deputy_signatory", "observer"):
        assert shown(person) == (everybody, True)
    world.year.published_at = NOW
    world.year.save()
    assert shown("officer") == (everybody, True)


def test_page_compares_title_by_title_and_in_all(client, world, form):
    TitleRegistrationFactory(membership=world.member, award_form=form, count=10)
    TitleRegistrationFactory(membership=world.other, award_form=form, count=6)
    CommendationFactory(membership=world.member, award_form=form, occasions=12, confirmed=True)
    CommendationFactory(membership=world.other, award_form=form, occasions=2, confirmed=True)
    client.force_login(world.secretariat)

    page = client.get(url(world))

    names = ("registered", "awarded", "counted", "percent")
    member = page.context["units"][2]
    assert [[row[name] for name in names] for row in member["rows"]] == [["10", "12", "10", "100,00%"]]
    assert [page.context["total"][name] for name in names] == ["16", "14", "12", "75,00%"]


def test_page_offers_steps_to_those_who_may_take_them(client, world, form):
    own = TitleRegistrationFactory(membership=world.member, award_form=form)
    others = TitleRegistrationFactory(membership=world.other, award_form=form)
    world.year.published_at = NOW
    world.year.save()

    def links(person):
        client.force_login(getattr(world, person))
        text = client.get(url(world)).text
        steps = [url(world, step, pk=row.pk) for step in ("edit", "remove") for row in (own, others)]
        return [address in text for address in (*steps, url(world, "create"))]

    assert links("officer") == [True, False, False, False, True]
    assert links("secretariat") == [True] * 5
    assert links("observer") == [False] * 5
    world.year.phase = Phase.REVIEWING
    world.year.save()
    assert links("officer") == [False] * 5
    assert links("secretariat") == [True] * 5
    archive(world)
    assert links("secretariat") == [False] * 5


@pytest.mark.parametrize("unit_count", [2, 9])
def test_page_has_a_fixed_number_of_queries(client, form, unit_count, django_assert_num_queries):
    world = two_clusters(unit_count)
    for member in world.members:
        TitleRegistrationFactory(membership=member, award_form=form)
        CommendationFactory(membership=member, award_form=form, confirmed=True)
    client.force_login(world.secretariat)

    # Session, person, year, roster and assignments, then commendations, registrations, the frame's deadlines.
    with django_assert_num_queries(8):
        client.get(url(world))


def test_create_by_the_unit_registers_its_own_title(client, world, form):
    client.force_login(world.officer)

    answer = client.post(url(world, "create"), typed(world))

    assert answer.status_code == 302
    row = TitleRegistration.objects.get()
    assert (row.membership, row.award_form, row.count, row.document_number) == (world.member, form, 46, "21-ĐK/VP")


@pytest.mark.parametrize(
    "changes",
    [
        {"count": "0"},
        {"count": "-1"},
        {"count": "4,5"},
        {"count": "NaN"},
        {"count": "9" * 30},
        {"award_form": "HCSV"},
        {"award_form": ""},
        {"recipient_kind": "collective"},
        {"recipient_kind": "family"},
        {"membership": ""},
    ],
)
def test_create_with_bad_input_keeps_what_was_typed(client, world, form, changes):
    client.force_login(world.officer)

    answer = client.post(url(world, "create"), typed(world, **changes))

    assert answer.status_code == 200
    assert "21-ĐK/VP" in answer.text
    assert not TitleRegistration.objects.exists()


def test_create_for_another_unit_is_refused(client, world, form):
    client.force_login(world.officer)

    assert client.post(url(world, "create"), typed(world, membership=world.other.pk)).status_code == 200
    assert not TitleRegistration.objects.exists()


def test_edit_changes_the_row_and_keeps_its_dated_form(client, world, form):
    row = TitleRegistrationFactory(membership=world.member, award_form=form)
    AwardFormFactory(code="LDTT", valid_from=date(2021, 4, 1))
    client.force_login(world.signatory)

    answer = client.post(url(world, "edit", pk=row.pk), typed(world, row, count="50"))

    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.count, row.award_form) == (50, form)


def test_edit_by_the_unit_that_lowers_says_who_does_it(client, world, form):
    row = TitleRegistrationFactory(membership=world.member, award_form=form, count=10)
    client.force_login(world.officer)

    answer = client.post(url(world, "edit", pk=row.pk), typed(world, row, count="9"))

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["count"]
    assert 'value="9"' in answer.text
    row.refresh_from_db()
    assert row.count == 10


def test_edit_after_another_tab_saved_can_be_sent_again(client, world, form, facts):
    row = TitleRegistrationFactory(membership=world.member, award_form=form)
    data = typed(world, row, count="70")
    save(world, replace(facts, count=60), registration=row)
    client.force_login(world.officer)

    first = client.post(url(world, "edit", pk=row.pk), data)
    again = client.post(url(world, "edit", pk=row.pk), data | {"seen": first.context["form"].data["seen"]})

    assert (first.status_code, again.status_code) == (409, 302)
    row.refresh_from_db()
    assert row.count == 70


def test_remove_is_shown_and_then_done(client, world, form):
    row = TitleRegistrationFactory(membership=world.member, award_form=form)
    kept = TitleRegistrationFactory(membership=world.other, award_form=form)
    client.force_login(world.officer)
    assert client.post(url(world, "remove", pk=row.pk)).status_code == 403
    client.force_login(world.secretariat)

    assert form.name in client.get(url(world, "remove", pk=row.pk)).text
    assert TitleRegistration.objects.count() == 2
    assert client.post(url(world, "remove", pk=row.pk)).status_code == 302
    assert list(TitleRegistration.objects.all()) == [kept]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("step", ["edit", "remove"])
def test_row_of_another_unit_is_refused_and_of_another_cluster_unknown(client, world, method, step):
    others = TitleRegistrationFactory(membership=world.other)
    foreign = TitleRegistrationFactory(membership=world.foreign.member)
    client.force_login(world.officer)

    assert getattr(client, method)(url(world, step, pk=others.pk)).status_code == 403
    assert getattr(client, method)(url(world, step, pk=foreign.pk)).status_code == 404
    assert TitleRegistration.objects.count() == 2


@pytest.mark.parametrize("step", ["create", "edit", "remove"])
def test_step_in_an_archived_year_is_a_conflict(client, world, form, step):
    row = TitleRegistrationFactory(membership=world.member, award_form=form)
    archive(world)
    client.force_login(world.secretariat)

    address = url(world, step) if step == "create" else url(world, step, pk=row.pk)

    assert client.post(address, typed(world, row)).status_code == 409
    assert TitleRegistration.objects.get() == row
