"""The register of commendations in the admin: entered, corrected, searched and confirmed in bulk."""

import pytest

from awards.calculations import fingerprint
from awards.models import Commendation
from cluster_app.audit.models import AuditEvent
from tests.awards.admin_pages import archive, url
from tests.factories.awards import (
    AwardFormFactory,
    CommendationFactory,
    DecisionFactory,
)
from tests.scenarios import CANARY, two_clusters

pytestmark = pytest.mark.django_db


def build_world():
    return two_clusters()


# --- Register ---


def typed_row(world, **changes):
    data = {
        "membership": world.member.pk,
        "recipient_kind": "individual",
        "recipient": "Cán bộ 017",
        "occasions": 2,
        "type": "merit",
        "is_direct_worker": "unknown",
    }
    return data | changes


def test_secretariat_enters_a_row_through_the_service(client, world):
    decision, form = DecisionFactory(cluster=world.cluster), AwardFormFactory()
    client.force_login(world.secretariat)

    answer = client.post(url("commendation", "add"), typed_row(world, decision=decision.pk, award_form=form.pk))

    assert answer.status_code == 302
    row = Commendation.objects.get()
    assert (row.recorded_by, row.occasions, row.confirmed_at) == (world.secretariat, 2, None)
    assert AuditEvent.objects.get(verb="commendation.record").object_key == f"awards.commendation:{row.pk}"


def test_refusal_of_the_service_is_said_in_the_form(client, world):
    existing = CommendationFactory(membership=world.member, recipient="Cán bộ 017")
    client.force_login(world.secretariat)

    answer = client.post(
        url("commendation", "add"),
        typed_row(
            world,
            decision=existing.decision_id,
            award_form=existing.award_form_id,
            recipient="can bo 017",
            note="Đã gõ",
        ),
    )

    assert answer.status_code == 200
    assert str(Commendation._meta.constraints[0].violation_error_message) in answer.text
    assert "Đã gõ" in answer.text
    assert Commendation.objects.count() == 1


def test_rows_and_choices_of_another_cluster_are_not_there(client, world):
    foreign = CommendationFactory(membership=world.foreign.member, recipient=CANARY)
    CommendationFactory(membership=world.member)
    client.force_login(world.secretariat)

    assert CANARY not in client.get(url("commendation")).text
    assert CANARY not in client.get(url("commendation", "add")).text
    assert client.get(url("commendation", "change", foreign.pk)).status_code == 302
    sent = typed_row(
        world,
        decision=foreign.decision_id,
        membership=world.foreign.member.pk,
        award_form=foreign.award_form_id,
    )
    assert client.post(url("commendation", "add"), sent).status_code == 200
    assert Commendation.objects.count() == 2


def typed_change(world, row, **changes):
    kept = {"decision": row.decision_id, "award_form": row.award_form_id, "seen": fingerprint(row)}
    return typed_row(world, membership=row.membership_id, recipient=row.recipient, **(kept | changes))


def test_edit_is_one_act_of_the_service(client, world):
    row = CommendationFactory(membership=world.member, confirmed=True)
    client.force_login(world.secretariat)

    answer = client.post(url("commendation", "change", row.pk), typed_change(world, row))

    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.occasions, row.confirmed_by) == (2, world.secretariat)


def test_edit_after_another_tab_saved_is_told_and_can_be_sent_again(client, world):
    row = CommendationFactory(membership=world.member)
    client.force_login(world.secretariat)
    stale = typed_change(world, row, note="Cửa sổ này")
    Commendation.objects.filter(pk=row.pk).update(occasions=9)
    change = url("commendation", "change", row.pk)

    first = client.post(change, stale)
    row.refresh_from_db()
    again = client.post(change, stale | {"seen": fingerprint(row)})

    assert (first.status_code, "Cửa sổ này" in first.text) == (200, True)
    assert fingerprint(row) in first.text
    assert again.status_code == 302
    row.refresh_from_db()
    assert (row.occasions, row.note) == (2, "Cửa sổ này")


@pytest.mark.parametrize("fields", [{"confirmed": True}, {"revoked": True}])
def test_confirmed_row_of_the_home_unit_and_revoked_rows_are_read_only(client, world, fields):
    row = CommendationFactory(membership=world.member, **fields)
    client.force_login(world.secretariat_at_home)

    assert client.get(url("commendation", "change", row.pk)).status_code == 200
    assert client.post(url("commendation", "change", row.pk), typed_change(world, row)).status_code == 403


def test_rows_of_an_archived_year_are_read_only(client, world):
    row = CommendationFactory(membership=world.member)
    archive(world)
    client.force_login(world.secretariat)

    assert client.post(url("commendation", "change", row.pk), typed_change(world, row)).status_code == 403


@pytest.mark.parametrize("query", ["duc", "ĐỨC"])
def test_search_finds_without_accents(client, world, query):
    CommendationFactory(membership=world.member, recipient="Nguyễn Văn Đức")
    CommendationFactory(membership=world.member, recipient="Lý Thị Hoa")
    client.force_login(world.secretariat)

    page = client.get(url("commendation"), {"q": query})

    assert [row.recipient for row in page.context["cl"].result_list] == ["Nguyễn Văn Đức"]


@pytest.mark.parametrize(
    ("state", "found"), [("waiting", "Chờ"), ("confirmed", "Xong"), ("revoked", "Thu hồi"), ("x", None)]
)
def test_list_is_filtered_by_state(client, world, state, found):
    CommendationFactory(membership=world.member, recipient="Chờ")
    CommendationFactory(membership=world.member, recipient="Xong", confirmed=True)
    CommendationFactory(membership=world.member, recipient="Thu hồi", revoked=True)
    client.force_login(world.secretariat)

    page = client.get(url("commendation"), {"state": state})

    names = {row.recipient for row in page.context["cl"].result_list}
    assert names == ({found} if found else {"Chờ", "Xong", "Thu hồi"})


@pytest.mark.parametrize("row_count", [2, 9])
def test_list_has_a_fixed_number_of_queries(client, world, row_count, django_assert_max_num_queries):
    CommendationFactory.create_batch(row_count, membership=world.member)
    client.force_login(world.secretariat)

    with django_assert_max_num_queries(14):
        client.get(url("commendation"))


def test_revoking_leads_to_the_page_of_the_step_and_back(client, world):
    row = CommendationFactory(membership=world.member)
    client.force_login(world.secretariat)
    change = url("commendation", "change", row.pk)

    [link] = client.get(change).context["step_links"]
    answer = client.post(link["url"], {"reason": "Kê khai không đúng thành tích"})

    assert answer["Location"] == change
    row.refresh_from_db()
    assert row.status == "revoked"


# --- Confirming in bulk ---


def chosen(*rows, **more):
    return {"action": "confirm_selected", "_selected_action": [row.pk for row in rows], "index": 0} | more


def shown(page):
    return [item["value"] for item in page.context["hidden"] if item["name"] == "shown"]


def test_bulk_confirmation_restates_and_confirms_what_was_shown(client, world):
    rows = CommendationFactory.create_batch(2, membership=world.member)
    client.force_login(world.secretariat)

    page = client.post(url("commendation"), chosen(*rows))
    assert not Commendation.objects.filter(confirmed_at__isnull=False).exists()
    answer = client.post(url("commendation"), chosen(*rows, shown=shown(page)))

    assert [row["recipient"] for row in page.context["rows"]] == [row.recipient for row in rows]
    assert answer.status_code == 302
    assert Commendation.objects.filter(confirmed_by=world.secretariat).count() == 2


def test_row_that_came_after_the_page_was_shown_is_not_confirmed(client, world):
    first, later = CommendationFactory.create_batch(2, membership=world.member)
    client.force_login(world.secretariat)
    page = client.post(url("commendation"), chosen(first))

    client.post(url("commendation"), chosen(first, later, shown=shown(page)))

    later.refresh_from_db()
    assert later.confirmed_at is None


def test_row_that_changed_after_the_page_was_shown_is_a_conflict(client, world):
    row = CommendationFactory(membership=world.member)
    client.force_login(world.secretariat)
    page = client.post(url("commendation"), chosen(row))
    Commendation.objects.filter(pk=row.pk).update(occasions=400)

    assert client.post(url("commendation"), chosen(row, shown=shown(page))).status_code == 409
    row.refresh_from_db()
    assert row.confirmed_at is None


def test_bulk_confirmation_leaves_the_home_unit_out(client, world):
    own, other = CommendationFactory(membership=world.member), CommendationFactory(membership=world.other)
    client.force_login(world.secretariat_at_home)

    page = client.post(url("commendation"), chosen(own, other))
    client.post(url("commendation"), chosen(own, other, shown=[*shown(page), f"{own.pk}:{fingerprint(own)}"]))

    assert len(page.context["skipped"]) == 1
    own.refresh_from_db()
    assert own.confirmed_at is None


def test_bulk_confirmation_of_nothing_says_so(client, world):
    row = CommendationFactory(membership=world.member, confirmed=True)
    client.force_login(world.secretariat)

    answer = client.post(url("commendation"), chosen(row), follow=True)

    assert [message.level_tag for message in answer.context["messages"]] == ["warning"]
