import pytest
from django.urls import reverse

from awards.models import Commendation, Decision
from members.enums import Phase
from tests.factories.awards import AwardFormFactory, CampaignFactory, CommendationFactory, DecisionFactory
from tests.scenarios import NOW, two_clusters

pytestmark = pytest.mark.django_db


def build_world():
    world = two_clusters()
    AwardFormFactory(code="GK", name="Giấy khen")
    return world


def url(world):
    return reverse("awards:commendation_record", kwargs=world.url_kwargs())


def typed(world, *rows, **decision):
    """What the page sends: a decision, the given rows, and one row left empty."""
    data = {"number": "12-QĐ/BTC", "decided_on": "20/05/2021", "signer": "Trưởng ban"} | decision
    data |= {"rows-TOTAL_FORMS": len(rows) + 1, "rows-INITIAL_FORMS": 0}
    empty = {
        "membership": "",
        "award_form": "",
        "recipient_kind": "individual",
        "recipient": "",
        "position": "",
        "occasions": 1,
        "type": "merit",
        "campaign": "",
        "is_direct_worker": "unknown",
        "note": "",
    }
    filled = {"membership": world.member.pk, "award_form": "GK"}
    for place, row in enumerate([*(filled | row for row in rows), {}]):
        data |= {f"rows-{place}-{name}": value for name, value in (empty | row).items()}
    return data


def test_decision_typed_once_carries_several_rows(client, world):
    client.force_login(world.officer)

    answer = client.post(url(world), typed(world, {"recipient": "Cán bộ 001"}, {"recipient": "Cán bộ 002"}))

    assert answer.status_code == 302
    assert Decision.objects.get().number == "12-QĐ/BTC"
    assert [(row.recipient, row.confirmed_at) for row in Commendation.objects.order_by("pk")] == [
        ("Cán bộ 001", None),
        ("Cán bộ 002", None),
    ]


def test_form_is_the_one_in_force_on_the_day_of_the_decision(client, world):
    old = AwardFormFactory(code="BKT", valid_to="2023-12-31")
    AwardFormFactory(code="BKT", valid_from="2024-01-01")
    client.force_login(world.officer)

    client.post(url(world), typed(world, {"recipient": "Cán bộ 001", "award_form": "BKT"}))

    assert Commendation.objects.get().award_form == old


def test_secretariat_confirms_in_the_same_act(client, world):
    client.force_login(world.secretariat)

    client.post(url(world), typed(world, {"recipient": "Cán bộ 001"}, is_confirmed="on"))

    assert Commendation.objects.get().confirmed_by == world.secretariat


def test_unit_is_not_offered_to_confirm_and_cannot_send_it(client, world):
    client.force_login(world.officer)

    page = client.get(url(world))
    client.post(url(world), typed(world, {"recipient": "Cán bộ 001"}, is_confirmed="on"))

    assert "is_confirmed" not in page.context["entry"].decision_form.fields
    assert Commendation.objects.get().confirmed_at is None


def test_confirming_rows_of_the_home_unit_is_refused_at_the_row(client, world):
    client.force_login(world.secretariat_at_home)

    answer = client.post(
        url(world),
        typed(world, {"recipient": "A", "membership": world.other.pk}, {"recipient": "B"}, is_confirmed="on"),
    )

    errors = [list(form.errors) for form in answer.context["entry"].formset]
    assert errors == [[], ["membership"], []]
    assert not Commendation.objects.exists()


def test_unit_is_offered_itself_only(client, world):
    client.force_login(world.officer)
    page = client.get(url(world))

    answer = client.post(url(world), typed(world, {"recipient": "A", "membership": world.other.pk}))

    choices = page.context["entry"].formset[0].fields["membership"].choices
    assert [key for key, _name in choices if key] == [str(world.member.pk)]
    assert answer.status_code == 200
    assert not Commendation.objects.exists()


@pytest.mark.parametrize(
    ("row", "decision", "where"),
    [
        ({"recipient": ""}, {}, "row"),
        ({"occasions": "hai"}, {}, "row"),
        ({"award_form": "XX"}, {}, "row"),
        ({"type": "thematic"}, {}, "row"),
        ({"recipient_kind": "household"}, {}, "row"),
        ({"recipient_kind": "collective", "is_direct_worker": "true"}, {}, "row"),
        ({}, {"decided_on": "25/11/2021"}, "decision"),
        ({}, {"decided_on": "31/06/2021"}, "decision"),
        ({}, {"number": ""}, "decision"),
        ({}, {"decided_on": "01/01/2010"}, "row"),
    ],
)
def test_bad_input_is_said_where_it_stands_and_keeps_what_was_typed(client, world, row, decision, where):
    client.force_login(world.officer)
    sent = typed(world, {"recipient": "Cán bộ 001", "position": "Chức vụ đã gõ"} | row, **decision)

    answer = client.post(url(world), sent)

    entry = answer.context["entry"]
    assert answer.status_code == 200
    assert "Chức vụ đã gõ" in answer.text
    assert bool(entry.decision_form.errors) is (where == "decision")
    assert bool(entry.formset[0].errors) is (where == "row")
    assert not Commendation.objects.exists()


def test_duplicate_is_said_at_its_row_and_nothing_is_recorded(client, world):
    client.force_login(world.officer)

    answer = client.post(url(world), typed(world, {"recipient": "Cán bộ 001"}, {"recipient": "can bo 001"}))

    errors = [bool(form.errors) for form in answer.context["entry"].formset]
    assert errors == [False, True, False]
    assert not Commendation.objects.exists()


def test_page_without_rows_says_so(client, world):
    client.force_login(world.officer)

    answer = client.post(url(world), typed(world))

    assert answer.context["entry"].decision_form.non_field_errors()


def test_namesake_in_the_year_is_a_warning(client, world):
    CommendationFactory(membership=world.member, recipient="Cán bộ 001")
    client.force_login(world.officer)

    answer = client.post(url(world), typed(world, {"recipient": "Cán Bộ 001"}), follow=True)

    assert [message.level_tag for message in answer.context["messages"]] == ["success", "warning"]


def test_thematic_row_names_a_campaign_of_the_year(client, world):
    campaign = CampaignFactory(year=world.year)
    client.force_login(world.officer)

    client.post(url(world), typed(world, {"recipient": "Cán bộ 001", "type": "thematic", "campaign": campaign.pk}))

    assert Commendation.objects.get().campaign == campaign


def test_more_rows_of_the_same_decision_begin_with_it(client, world):
    client.force_login(world.officer)

    answer = client.post(url(world), typed(world, {"recipient": "Cán bộ 001"}, more="1"), follow=True)

    assert answer.context["entry"].decision_form["number"].value() == "12-QĐ/BTC"
    assert answer.context["decision"] == Decision.objects.get()


@pytest.mark.parametrize("whose", ["foreign", "missing", "text", "huge"])
def test_decision_of_another_cluster_is_not_filled_in(client, world, whose):
    foreign = DecisionFactory(cluster=world.foreign.cluster)
    keys = {"foreign": foreign.pk, "missing": 10**9, "text": "abc", "huge": "9" * 40}
    client.force_login(world.secretariat)

    page = client.get(url(world), {"decision": keys[whose], "rows": "15"})

    assert page.context["decision"] is None
    assert len(page.context["entry"].formset.forms) == 15


@pytest.mark.parametrize("rows", ["", "7", "100000", "x"])
def test_number_of_rows_is_one_of_three(client, world, rows):
    client.force_login(world.secretariat)

    assert len(client.get(url(world), {"rows": rows}).context["entry"].formset.forms) == 5


@pytest.mark.parametrize("rows", ["5", "30"])
def test_page_has_a_fixed_number_of_queries(client, world, rows, django_assert_num_queries):
    client.force_login(world.secretariat)

    # Session, person, year, roster and assignments, then catalogue, campaigns, the frame's deadlines.
    with django_assert_num_queries(8):
        client.get(url(world), {"rows": rows})


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("person", "status"), [("observer", 403), ("administrator", 404), ("stranger", 404)])
def test_entry_is_refused_to_those_who_enter_nothing(client, world, method, person, status):
    client.force_login(getattr(world, person))

    assert getattr(client, method)(url(world)).status_code == status


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("person", "status"), [("officer", 409), ("secretariat", 200), ("observer", 403)])
def test_after_publication_entry_is_the_secretariats(client, world, method, person, status):
    world.year.published_at = NOW
    world.year.save()
    client.force_login(getattr(world, person))

    assert getattr(client, method)(url(world)).status_code == status


@pytest.mark.parametrize(("note", "count"), [("", 0), ("Quyết định gửi chậm", 1)])
def test_late_row_needs_its_reason(client, world, note, count):
    world.year.published_at = NOW
    world.year.save()
    client.force_login(world.secretariat)

    client.post(url(world), typed(world, {"recipient": "Cán bộ 001", "note": note}))

    assert Commendation.objects.count() == count


@pytest.mark.parametrize("method", ["get", "post"])
def test_archived_year_is_a_conflict(client, world, method):
    world.year.phase = Phase.ARCHIVED
    world.year.save()
    client.force_login(world.secretariat)

    assert getattr(client, method)(url(world)).status_code == 409
