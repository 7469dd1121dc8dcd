"""The pages of registered titles: B3 of features.md."""

from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from awards.calculations import fingerprint
from awards.enums import RecipientKind
from awards.models import TitleRegistration
from awards.services.registrations import RegistrationFacts
from members.enums import Phase
from tests.awards.registering import archive, save
from tests.factories.awards import AwardFormFactory, CommendationFactory, TitleRegistrationFactory
from tests.scenarios import CANARY, NOW, two_clusters

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
