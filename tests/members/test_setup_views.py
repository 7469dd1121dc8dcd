"""Pages of a year's set-up. Who may open them stands in the permission matrix; here is what they do."""

import json
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from cluster_app.audit import verification
from cluster_app.audit.models import AuditEvent
from members.enums import Phase
from members.models import EmulationYear, Extension, Membership, Notification, PendingStep, YearRules
from members.services import years
from tests.factories.members import DeadlineFactory, ExtensionFactory, UnitFactory
from tests.scenarios import CANARY, NOW, two_clusters

pytestmark = pytest.mark.django_db

REASON = "Theo biên bản họp Cụm ngày 20/11/2021"
YEAR_FORM = {
    "leader_title": "Cụm trưởng",
    "deputy_title": "Phó trưởng cụm",
    "regulation_number": "01-QC/CTĐ",
    "regulation_on": "15/02/2021",
    "plan_number": "",
    "plan_on": "",
    "letterhead": "party",
    "recipients": "Tỉnh ủy\nCác đơn vị thành viên",
}
RULES_FORM = {
    "ranking_basis": "points",
    "not_assigned": "full_points",
    "bands": "Xuất sắc: 960\nTốt: 850,5",
    "first": "fewest_penalty_points",
    "second": "section:A",
    "third": "",
    "tally_from": "01/12/2020",
    "tally_to": "30/11/2021",
    "may_enter_on_behalf": "on",
    "review_mode": "secretariat",
}
# Every form of the set-up: its page, good input, and one field that is wrong.
FORMS = [
    ("year_edit", YEAR_FORM, {"leader_title": ""}),
    ("rules_edit", RULES_FORM, {"bands": "Tốt: 850\nXuất sắc: 950"}),
    ("rules_edit", RULES_FORM, {"bands": "Xuất sắc 950"}),
    ("rules_edit", RULES_FORM, {"bands": "Xuất sắc: 8.75"}),
    ("rules_edit", RULES_FORM, {"second": "fewest_penalty_points"}),
    ("rules_edit", RULES_FORM, {"tally_to": "01/11/2020"}),
    ("deadlines_edit", {"self_scoring": "22/11/2021"}, {"self_scoring": "22.11.21"}),
]


@pytest.fixture(autouse=True)
def _rules_of_members_alone(monkeypatch):
    monkeypatch.setattr(years, "_checks", {})
    monkeypatch.setattr(years, "_follow_ups", {})


def build_world():
    return two_clusters()


def post(client, world, name, data, user=None, **kwargs):
    client.force_login(user or world.secretariat)
    return client.post(reverse(f"members:{name}", kwargs=world.url_kwargs() | kwargs), data)


def setup_url(world):
    return reverse("members:year_setup", kwargs=world.url_kwargs())


@pytest.mark.parametrize("unit_count", [2, 9])
def test_year_setup_costs_the_same_for_two_and_nine_units(client, unit_count, django_assert_num_queries):
    world = two_clusters(unit_count)
    DeadlineFactory(year=world.year)
    client.force_login(world.secretariat)

    # Session, person, year, assignments, roster; deadlines with extensions, accounts.
    with django_assert_num_queries(7):
        response = client.get(setup_url(world))

    assert len(response.context["members"]) == unit_count


def test_year_setup_shows_the_titles_of_the_year_and_nothing_of_others(client, world):
    client.force_login(world.secretariat)

    page = client.get(setup_url(world)).content.decode()

    assert "Cụm trưởng" in page
    assert world.foreign.member.name not in page


def test_year_edit_saves_the_details(client, world):
    response = post(client, world, "year_edit", YEAR_FORM)

    assert response["Location"] == setup_url(world)
    year = EmulationYear.objects.get(pk=world.year.pk)
    assert (year.deputy_title, year.regulation_number, str(year.regulation_on)) == (
        "Phó trưởng cụm",
        "01-QC/CTĐ",
        "2021-02-15",
    )
    assert verification.verify().problem == ""


def test_rules_edit_saves_bands_and_tie_breaks_as_people_write_them(client, world):
    post(client, world, "rules_edit", RULES_FORM)

    rules = YearRules.objects.get(year=world.year)
    assert rules.bands == [{"name": "Xuất sắc", "from": "960"}, {"name": "Tốt", "from": "850.5"}]
    assert rules.tie_breaks == ["fewest_penalty_points", "section:A"]
    assert (str(rules.tally_from), rules.officer_may_submit) == ("2020-12-01", False)
    shown = client.get(reverse("members:rules_edit", kwargs=world.url_kwargs())).content.decode()
    assert "Tốt: 850,5" in shown


@pytest.mark.parametrize(("name", "good", "wrong"), FORMS)
def test_form_with_wrong_input_is_shown_again_with_what_was_typed(client, world, name, good, wrong):
    events = AuditEvent.objects.count()

    response = post(client, world, name, good | wrong)

    assert response.status_code == 200
    assert response.context["form"].errors
    for value in wrong.values():
        assert value.splitlines()[-1:] == [] or value.splitlines()[-1] in response.content.decode()
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize(
    "name", ["year_edit", "rules_edit", "deadlines_edit", "extension_add", "membership_add", "meeting_edit"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_form_in_an_archived_year_is_a_wrong_state(client, name, method):
    world = two_clusters(phase=Phase.ARCHIVED)
    client.force_login(world.secretariat)

    response = getattr(client, method)(reverse(f"members:{name}", kwargs=world.url_kwargs()))

    assert response.status_code == 409


def test_rules_edit_after_publication_is_a_wrong_state(client, world):
    EmulationYear.objects.filter(pk=world.year.pk).update(published_at=NOW)

    assert post(client, world, "rules_edit", RULES_FORM).status_code == 409


def test_deadlines_edit_sets_the_end_of_the_day_or_the_hour(client, world):
    data = {"self_scoring": "22/11/2021", "reviewing": "28/11/2021 17:00", "reviewing_is_hard": "on"}

    post(client, world, "deadlines_edit", data)

    found = {deadline.step: (deadline.due_at, deadline.is_hard) for deadline in world.year.deadlines.all()}
    assert found == {
        "self_scoring": (datetime(2021, 11, 22, 16, 59, 59, tzinfo=UTC), False),
        "reviewing": (datetime(2021, 11, 28, 10, 0, tzinfo=UTC), True),
    }
    shown = client.get(reverse("members:deadlines_edit", kwargs=world.url_kwargs())).content.decode()
    assert 'value="22/11/2021"' in shown
    assert 'value="28/11/2021 17:00"' in shown


def test_deadlines_edit_does_not_take_a_deadline_away(client, world):
    DeadlineFactory(year=world.year)

    response = post(client, world, "deadlines_edit", {"self_scoring": ""})

    assert response.context["form"].errors["self_scoring"]
    assert world.year.deadlines.count() == 1


def test_extension_add_gives_one_unit_more_time(client, world):
    deadline = DeadlineFactory(year=world.year)
    data = {"deadline": deadline.pk, "membership": world.member.pk, "until": "26/11/2021", "reason": REASON}

    assert post(client, world, "extension_add", data)["Location"] == setup_url(world)

    extension = Extension.objects.get()
    assert (extension.membership, extension.until) == (world.member, datetime(2021, 11, 26, 16, 59, 59, tzinfo=UTC))


@pytest.mark.parametrize(
    "wrong",
    [{"until": "21/11/2021"}, {"reason": "ngắn"}, {"membership": "0"}, {"until": "mai"}],
)
def test_extension_add_with_wrong_input_is_shown_again(client, world, wrong):
    deadline = DeadlineFactory(year=world.year)
    data = {"deadline": deadline.pk, "membership": world.member.pk, "until": "26/11/2021", "reason": REASON}

    response = post(client, world, "extension_add", data | wrong)

    assert list(response.context["form"].errors) == list(wrong)
    assert not Extension.objects.exists()


def test_extension_add_offers_units_of_this_year_only(client, world):
    deadline = DeadlineFactory(year=world.year)
    data = {"deadline": deadline.pk, "membership": world.foreign.member.pk, "until": "26/11/2021", "reason": REASON}

    assert post(client, world, "extension_add", data).context["form"].errors["membership"]


def test_membership_add_takes_a_unit_from_the_list_or_by_its_code(client, world):
    listed, foreign = UnitFactory(), world.foreign.member.unit

    post(client, world, "membership_add", {"unit": listed.pk, "role": "member"})
    post(client, world, "membership_add", {"code": foreign.code.lower(), "role": "deputy"})

    added = list(Membership.objects.filter(year=world.year, protocol_order__gt=4).values_list("unit_id", "role"))
    assert added == [(listed.pk, "member"), (foreign.pk, "deputy")]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"role": "member"}, "unit"),
        ({"role": "member", "code": "KHONGCO"}, "code"),
        ({"role": "leader", "code": "B2"}, "__all__"),
        ({"role": "member", "code": "A1"}, "__all__"),
    ],
)
def test_membership_add_with_wrong_input_is_shown_again(client, world, data, field):
    response = post(client, world, "membership_add", data)

    assert list(response.context["form"].errors) == [field]
    assert Membership.objects.filter(year=world.year).count() == 4


def edit(client, world, data, membership=None):
    return post(client, world, "membership_edit", data, membership=(membership or world.member).pk)


def test_membership_edit_changes_office_standing_and_name_one_at_a_time(client, world):
    edit(client, world, {"part": "role", "role-role": "deputy", "role-reason": REASON})
    edit(client, world, {"part": "standing", "standing-standing": "suspended", "standing-reason": REASON})
    name = {"name-name": "Ban mới", "name-short_name": "BM", "name-protocol_order": "7"}
    edit(client, world, {"part": "name", **name})

    member = Membership.objects.get(pk=world.member.pk)
    assert (member.role, member.standing, member.name, member.protocol_order) == ("deputy", "suspended", "Ban mới", 7)
    assert verification.verify().problem == ""


@pytest.mark.parametrize(
    "data",
    [
        {"part": "role", "role-role": "leader", "role-reason": "ngắn"},
        {"part": "role", "role-role": "chủ tịch", "role-reason": REASON},
        {"part": "standing", "standing-standing": "suspended", "standing-reason": ""},
        {"part": "name", "name-name": "", "name-short_name": "BM", "name-protocol_order": "7"},
        {"part": "khác"},
        {},
    ],
)
def test_membership_edit_with_wrong_input_changes_nothing(client, world, data):
    events = AuditEvent.objects.count()

    assert edit(client, world, data).status_code == 200

    assert AuditEvent.objects.count() == events


def test_membership_edit_calls_the_offices_as_the_year_does(client, world):
    EmulationYear.objects.filter(pk=world.year.pk).update(deputy_title="Phó trưởng cụm")
    client.force_login(world.secretariat)

    url = reverse("members:membership_edit", kwargs=world.url_kwargs() | {"membership": world.member.pk})
    page = client.get(url).content.decode()

    assert ">Phó trưởng cụm</option>" in page


def test_membership_remove_while_preparing(client):
    world = two_clusters(phase=Phase.PREPARING)

    response = post(client, world, "membership_remove", {}, membership=world.other.pk)

    assert response["Location"] == setup_url(world)
    assert not Membership.objects.filter(pk=world.other.pk).exists()


def test_year_move_takes_the_step_the_page_showed_only_once(client, world):
    data = {"to": Phase.SELF_SCORING}

    assert post(client, world, "year_move", data)["Location"] == setup_url(world)
    assert post(client, world, "year_move", data).status_code == 409

    assert EmulationYear.objects.get(pk=world.year.pk).phase == Phase.SELF_SCORING
    assert AuditEvent.objects.filter(verb="year.open_self_scoring").count() == 1


@pytest.mark.parametrize("to", ["", "khác"])
def test_year_move_without_a_phase_changes_nothing(client, world, to):
    assert post(client, world, "year_move", {"to": to}).status_code == 200
    assert EmulationYear.objects.get(pk=world.year.pk).phase == Phase.RUNNING


def test_year_move_shows_what_is_missing_and_offers_no_button(client):
    world = two_clusters(phase=Phase.PREPARING)
    Membership.objects.filter(pk=world.leader.pk).update(role="member")
    client.force_login(world.secretariat)
    url = reverse("members:year_move", kwargs=world.url_kwargs())

    page = client.get(url)
    answer = client.post(url, {"to": Phase.RUNNING})

    assert [item["text"] for item in page.context["missing"]] == ["Hãy chọn đơn vị giữ chức Cụm trưởng."]
    assert page.context["can_move"] is False
    assert answer.status_code == 200
    assert "Hãy chọn đơn vị giữ chức Cụm trưởng." in answer.content.decode()
    assert EmulationYear.objects.get(pk=world.year.pk).phase == Phase.PREPARING


def test_conclusion_is_proposed_by_one_and_confirmed_by_another_person(client):
    world = two_clusters(phase=Phase.CONFERENCE)
    move = {"to": Phase.CONCLUDED}
    assert post(client, world, "year_move", move, world.leader_signatory).status_code == 409

    post(client, world, "year_propose", {"reason": ""}, world.leader_signatory)
    own_page = client.get(reverse("members:year_move", kwargs=world.url_kwargs()))
    assert (own_page.context["can_move"], own_page.context["waits"]) == (False, True)
    assert post(client, world, "year_move", move, world.leader_signatory).status_code == 403
    assert post(client, world, "year_move", move, world.deputy_signatory).status_code == 302

    assert EmulationYear.objects.get(pk=world.year.pk).phase == Phase.CONCLUDED


def test_proposal_is_withdrawn_once(client):
    world = two_clusters(phase=Phase.CONFERENCE)
    post(client, world, "year_propose", {"reason": ""}, world.leader_signatory)

    assert post(client, world, "year_withdraw", {}, world.deputy_signatory).status_code == 302
    assert post(client, world, "year_withdraw", {}, world.deputy_signatory).status_code == 409
    assert PendingStep.objects.get().confirmed_by is None


def test_proposal_to_reopen_an_archived_year_needs_a_reason(client):
    world = two_clusters(phase=Phase.ARCHIVED)

    without = post(client, world, "year_propose", {"reason": ""}, world.leader_signatory)
    assert without.context["form"].errors["reason"]
    assert post(client, world, "year_propose", {"reason": REASON}, world.leader_signatory).status_code == 302
    assert post(client, world, "year_move", {"to": Phase.CONCLUDED}, world.deputy_signatory).status_code == 302

    assert EmulationYear.objects.get(pk=world.year.pk).phase == Phase.CONCLUDED


def test_extension_is_changed_later_and_earlier_and_the_log_keeps_both(client, world):
    deadline = DeadlineFactory(year=world.year)
    extension = ExtensionFactory(deadline=deadline, membership=world.member)

    for day in ("30/11/2021", "24/11/2021"):
        post(client, world, "extension_edit", {"until": day, "reason": REASON}, extension=extension.pk)

    extension.refresh_from_db()
    assert extension.until == datetime(2021, 11, 24, 16, 59, 59, tzinfo=UTC)
    events = AuditEvent.objects.filter(verb="deadline.extend").order_by("sequence")
    changes = [json.loads(event.payload)["changes"]["until"] for event in events]
    days = [[moment[:10] for moment in pair] for pair in changes]
    assert days == [["2021-11-26", "2021-11-30"], ["2021-11-30", "2021-11-24"]]


def test_extension_is_told_to_its_unit(client, world):
    deadline = DeadlineFactory(year=world.year)
    data = {"deadline": deadline.pk, "membership": world.member.pk, "until": "26/11/2021", "reason": REASON}

    post(client, world, "extension_add", data)

    told = set(Notification.objects.values_list("user__username", flat=True))
    assert told == {world.signatory.username, world.officer.username}
    assert REASON in str(Notification.objects.first())


def test_extension_list_shows_the_own_cluster_with_reasons(client, world):
    ExtensionFactory(deadline=DeadlineFactory(year=world.year), membership=world.member, reason=REASON)
    foreign = world.foreign
    ExtensionFactory(deadline=DeadlineFactory(year=foreign.year), membership=foreign.member, reason=CANARY)
    client.force_login(world.secretariat)

    page = client.get(reverse("members:extension_list", kwargs=world.url_kwargs()))

    (row,) = page.context["rows"]
    assert (row["unit"], row["reason"]) == (world.member.name, REASON)
    assert CANARY not in page.content.decode()


@pytest.mark.parametrize("count", [2, 9])
def test_extension_list_costs_the_same_for_every_number(client, django_assert_num_queries, count):
    world = two_clusters(9)
    deadline = DeadlineFactory(year=world.year)
    for member in world.members[:count]:
        ExtensionFactory(deadline=deadline, membership=member)
    client.force_login(world.secretariat)

    with django_assert_num_queries(7):
        client.get(reverse("members:extension_list", kwargs=world.url_kwargs()))
