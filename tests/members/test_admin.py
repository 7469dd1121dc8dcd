"""The admin of clusters, years and people. Who may open which page stands in the permission matrix."""

import pytest
from django.contrib import admin
from django.urls import reverse

from cluster_app.audit import verification
from cluster_app.audit.models import AuditEvent
from members.enums import MeetingKind, Phase
from members.models import Assignment, Cluster, EmulationYear, Meeting, Membership, Unit, User, YearRules
from members.scoped_admin import ClusterAdminSite, ScopedModelAdmin
from tests.factories.members import DeadlineFactory, MeetingFactory, UserFactory
from tests.scenarios import CANARY, NOW, fresh, two_clusters

pytestmark = pytest.mark.django_db

YEAR_FORM = {
    "leader_title": "Cụm trưởng",
    "deputy_title": "Phó trưởng cụm",
    "regulation_number": "",
    "regulation_on": "",
    "plan_number": "",
    "plan_on": "",
    "letterhead": "party",
    "recipients": "",
    "memberships-TOTAL_FORMS": 0,
    "memberships-INITIAL_FORMS": 0,
}


def build_world():
    return two_clusters()


def url(model, view, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}", args=args)


def rows_of(response):
    return set(response.context["cl"].queryset)


def deadlines(*rows, initial=0):
    data = {"deadlines-TOTAL_FORMS": len(rows), "deadlines-INITIAL_FORMS": initial}
    return data | {
        f"deadlines-{number}-{name}": value for number, row in enumerate(rows) for name, value in row.items()
    }


def test_every_model_of_the_admin_is_scoped():
    assert isinstance(admin.site._wrapped, ClusterAdminSite)
    assert [model for model, found in admin.site._registry.items() if not isinstance(found, ScopedModelAdmin)] == []


def test_anonymous_is_led_through_the_one_sign_in_page_and_back(client, world):
    wanted = url(EmulationYear, "changelist")

    response = client.get(wanted, follow=True)
    assert response.redirect_chain[-1][0] == f"/accounts/login/?next={wanted}"
    client.force_login(world.secretariat)
    assert client.get(f"/admin/login/?next={wanted}")["Location"] == wanted
    assert client.get("/admin/login/?next=https://example.org/")["Location"] == "/admin/"


def test_person_with_nothing_to_do_is_told_so(client, world):
    client.force_login(world.signatory)

    response = client.get("/admin/")

    assert response.status_code == 403
    assert "quản trị" in response.content.decode()


@pytest.mark.parametrize("model", [EmulationYear, YearRules, Membership, Meeting, Cluster])
def test_lists_show_the_own_cluster_only(client, world, model):
    MeetingFactory(year=world.year)
    MeetingFactory(year=world.foreign.year, place=CANARY)
    client.force_login(world.secretariat)

    response = client.get(url(model, "changelist"))

    assert rows_of(response)
    assert CANARY not in response.content.decode()


@pytest.mark.parametrize("unit_count", [2, 9])
def test_membership_list_costs_the_same_for_two_and_nine_units(client, unit_count, django_assert_num_queries):
    world = two_clusters(unit_count)
    client.force_login(world.secretariat)

    # Session, person, assignments; count and rows of the list, years of the filter; clusters and years of the frame.
    with django_assert_num_queries(8):
        response = client.get(url(Membership, "changelist"))

    assert len(rows_of(response)) == unit_count


@pytest.mark.parametrize(
    "lookup",
    [
        "year__cluster__slug=cum-b",
        "unit__assignments__user__password__startswith=m",
        "year__memberships__unit__assignments__user__username=b1",
    ],
)
def test_list_filters_are_no_oracle(client, world, lookup):
    client.force_login(world.secretariat)

    assert client.get(f"{url(Membership, 'changelist')}?{lookup}").status_code == 400


def test_filter_by_a_year_of_another_cluster_shows_none_of_its_rows(client, world):
    client.force_login(world.secretariat)

    response = client.get(f"{url(Membership, 'changelist')}?year__id__exact={world.foreign.year.pk}")

    assert rows_of(response) <= set(world.members)


def test_year_is_edited_by_the_same_service_and_links_to_its_pages(client, world):
    client.force_login(world.secretariat)
    change = url(EmulationYear, "change", world.year.pk)

    links = client.get(change).context["step_links"]
    data = YEAR_FORM | deadlines({"step": "reviewing", "due_at": "28/11/2021", "year": world.year.pk})
    response = client.post(change, data | {"phase": Phase.ARCHIVED, "published_at": "2021-01-01"})

    assert [link["url"] for link in links][:1] == [reverse("members:year_setup", kwargs=world.url_kwargs())]
    assert response.status_code == 302
    year = EmulationYear.objects.get(pk=world.year.pk)
    assert (year.deputy_title, year.phase, year.published_at) == ("Phó trưởng cụm", Phase.RUNNING, None)
    assert [deadline.step for deadline in year.deadlines.all()] == ["reviewing"]
    assert set(AuditEvent.objects.values_list("verb", flat=True)) == {
        "scenario.build",
        "emulationyear.change",
        "deadline.set",
    }
    assert verification.verify().problem == ""


def test_refusal_of_a_service_shows_the_form_again_with_what_was_typed(client, world):
    DeadlineFactory(year=world.year, step="reviewing")
    deadline = world.year.deadlines.get()
    client.force_login(world.secretariat)
    data = YEAR_FORM | {"leader_title": "Khối trưởng"}
    data |= deadlines({"id": deadline.pk, "year": world.year.pk, "step": "hôm nay", "due_at": "29/11/2021"}, initial=1)

    response = client.post(url(EmulationYear, "change", world.year.pk), data)

    assert response.status_code == 200
    assert "Khối trưởng" in response.content.decode()
    assert EmulationYear.objects.get(pk=world.year.pk).leader_title == "Cụm trưởng"


def test_meeting_that_a_service_refuses_is_shown_again_and_not_saved(client, world):
    client.force_login(world.secretariat)
    MeetingFactory(year=world.year)
    data = {
        "year": world.year.pk,
        "kind": MeetingKind.REGULAR,
        "held_on": "20/11/2021",
        "place": "Phòng họp số 2",
        "resolutions-TOTAL_FORMS": 1,
        "resolutions-INITIAL_FORMS": 0,
        "resolutions-0-kind": "third_unit",
        "resolutions-0-text": "Giao phê duyệt phiếu",
        "resolutions-0-named": world.leader.pk,
        "resolutions-0-concerned": world.leader.pk,
    }

    refused = client.post(url(Meeting, "add"), data)
    assert refused.status_code == 200
    assert "Phòng họp số 2" in refused.content.decode()
    assert "Giao phê duyệt phiếu" in refused.content.decode()
    assert refused.context["adminform"].form.non_field_errors()
    assert Meeting.objects.filter(kind=MeetingKind.REGULAR).count() == 0

    accepted = client.post(url(Meeting, "add"), data | {"resolutions-0-named": world.other.pk})
    assert accepted.status_code == 302
    assert Meeting.objects.get(kind=MeetingKind.REGULAR).resolutions.get().named == world.other


def test_meeting_offers_years_and_units_of_the_own_cluster(client, world):
    client.force_login(world.secretariat)

    form = client.get(url(Meeting, "add")).context["adminform"].form

    assert list(form.fields["year"].queryset) == [world.year]


@pytest.mark.parametrize(("field", "model"), [("year", EmulationYear), ("named", Membership)])
def test_meeting_with_rows_of_another_cluster_is_refused(client, world, field, model):
    client.force_login(world.secretariat)
    foreign = world.foreign.year if model is EmulationYear else world.foreign.member
    data = {
        "year": world.year.pk,
        "kind": "regular",
        "held_on": "20/11/2021",
        "place": "x",
        "resolutions-TOTAL_FORMS": 1,
        "resolutions-INITIAL_FORMS": 0,
        "resolutions-0-kind": "leader",
        "resolutions-0-text": "x",
        "resolutions-0-named": world.member.pk,
    }
    name = field if field in data else f"resolutions-0-{field}"

    assert client.post(url(Meeting, "add"), data | {name: foreign.pk}).status_code == 200
    assert not Meeting.objects.exists()


def test_rules_are_edited_as_people_write_them(client, world):
    client.force_login(world.secretariat)
    data = {
        "ranking_basis": "points",
        "not_assigned": "full_points",
        "bands": "Xuất sắc: 960",
        "first": "section:A",
        "second": "",
        "third": "",
        "tally_from": "01/01/2021",
        "tally_to": "31/12/2021",
    }
    change = url(YearRules, "change", world.year.rules.pk)

    assert client.post(change, data).status_code == 302
    rules = YearRules.objects.get(pk=world.year.rules.pk)
    assert (rules.bands, rules.tie_breaks) == ([{"name": "Xuất sắc", "from": "960"}], ["section:A"])

    EmulationYear.objects.filter(pk=world.year.pk).update(published_at=NOW)
    assert client.post(change, data).status_code == 409


@pytest.mark.parametrize("model", [EmulationYear, Membership, YearRules])
def test_rows_of_an_archived_year_are_read_only(client, model):
    world = two_clusters(phase=Phase.ARCHIVED)
    row = {EmulationYear: world.year, Membership: world.member, YearRules: world.year.rules}[model]
    client.force_login(world.secretariat)

    assert client.get(url(model, "change", row.pk)).status_code == 200
    assert client.post(url(model, "change", row.pk), YEAR_FORM).status_code == 403


def test_membership_keeps_office_and_standing_out_of_the_plain_form(client, world):
    client.force_login(world.secretariat)
    data = {
        "name": "Tên trong năm",
        "short_name": "TTN",
        "protocol_order": 5,
        "role": "leader",
        "standing": "suspended",
    }

    client.post(url(Membership, "change", world.member.pk), data)

    member = Membership.objects.get(pk=world.member.pk)
    assert (member.name, member.role, member.standing) == ("Tên trong năm", "member", "good")
    assert verification.verify().problem == ""


def test_administrator_enters_clusters_and_units(client, world):
    client.force_login(world.administrator)
    cluster = {"name": "Khối mới", "kind": "bloc", "slug": "khoi-moi", "province": "Lạng Sơn"}
    unit = {"code": "MOI", "name": "Đơn vị mới", "short_name": "ĐVM", "kind": "party"}

    assert client.post(url(Cluster, "add"), cluster).status_code == 302
    assert client.post(url(Cluster, "add"), cluster | {"slug": "admin"}).status_code == 200
    assert client.post(url(Unit, "add"), unit).status_code == 302

    assert Cluster.objects.filter(slug="khoi-moi").exists()
    assert Unit.objects.get(code="MOI").search_text == "don vi moi"
    found = client.get(f"{url(Unit, 'changelist')}?q=don+vi+moi")
    assert [row.code for row in rows_of(found)] == ["MOI"]


def test_secretariat_changes_its_cluster_but_not_the_address(client, world):
    client.force_login(world.secretariat)
    data = {"name": "Cụm đổi tên", "kind": "cluster", "slug": "khac", "province": "Lạng Sơn"}

    client.post(url(Cluster, "change", world.cluster.pk), data)

    cluster = Cluster.objects.get(pk=world.cluster.pk)
    assert (cluster.name, cluster.slug) == ("Cụm đổi tên", "cum-a")


def test_account_page_shows_no_password_and_takes_no_flag(client, world):
    client.force_login(world.administrator)
    world.officer.set_password("cỏ non xanh tận chân trời")
    world.officer.save()
    change = url(User, "change", world.officer.pk)

    page = client.get(change)
    client.post(
        change,
        {
            "full_name": "Cán bộ 017",
            "is_active": "",
            "username": "khac",
            "assignments-TOTAL_FORMS": 0,
            "assignments-INITIAL_FORMS": 0,
        },
    )

    assert world.officer.password not in page.content.decode()
    assert len(page.context["step_links"]) == 3
    user = fresh(world.officer)
    assert (user.full_name, user.is_active, user.username) == ("Cán bộ 017", True, "a3.cb")


def test_assignment_is_given_once_and_never_rewritten(client, world):
    person = UserFactory()
    client.force_login(world.administrator)
    data = {"user": person.pk, "role": "secretariat", "cluster": world.cluster.pk, "office": "", "started_on": ""}

    assert client.post(url(Assignment, "add"), data | {"cluster": ""}).status_code == 200
    assert client.post(url(Assignment, "add"), data).status_code == 302
    given = Assignment.objects.get(user=person)
    client.post(url(Assignment, "change", given.pk), data | {"role": "observer", "office": "Phó Chánh Văn phòng"})

    given.refresh_from_db()
    assert (given.role, given.office) == ("secretariat", "Phó Chánh Văn phòng")


def test_autocomplete_finds_accounts_for_the_administrator_alone(client, world):
    query = "?app_label=members&model_name=assignment&field_name=user&term=a3"

    client.force_login(world.administrator)
    found = client.get(f"/admin/autocomplete/{query}").json()["results"]
    assert {row["text"] for row in found} == {"a3", "a3.cb"}
    client.force_login(world.secretariat)
    assert client.get(f"/admin/autocomplete/{query}").status_code == 403


def test_observer_reads_the_log_of_the_own_cluster(client, world):
    client.force_login(world.observer)

    response = client.get(url(AuditEvent, "changelist"))
    event = AuditEvent.objects.get(cluster="cum-a")
    page = client.get(url(AuditEvent, "change", event.pk)).content.decode()

    assert rows_of(response) == {event}
    assert event.digest in page
    assert CANARY not in response.content.decode() + page


def test_history_of_a_row_comes_out_of_the_audit_log(client, world):
    client.force_login(world.secretariat)
    data = {"name": "Tên trong năm", "short_name": "TTN", "protocol_order": 5}
    client.post(url(Membership, "change", world.member.pk), data)

    response = client.get(url(Membership, "history", world.member.pk))

    assert [(row["actor"], row["verb"]) for row in response.context["rows"]] == [("thuky-cum-a", "membership.change")]


def test_front_page_shows_the_block_a_higher_floor_offers(client, world, monkeypatch):
    block = {"title": "Chấm điểm năm 2021", "items": [{"label": "Đã gửi", "count": 3, "url": "/x/"}], "links": []}
    monkeypatch.setattr(type(admin.site._registry[Meeting]), "overview", lambda self, request: block, raising=False)
    for model_admin in admin.site._registry.values():
        if model_admin.model is not Meeting:
            monkeypatch.setattr(model_admin, "overview", lambda request: None, raising=False)
    client.force_login(world.secretariat)

    assert "Chấm điểm năm 2021" in client.get("/admin/").content.decode()
