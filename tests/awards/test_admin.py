from datetime import date

import pytest
from django.urls import reverse

from awards.calculations import fingerprint
from awards.models import AwardForm, Campaign, Commendation, Decision, Pledge
from awards.services.pledges import rows_of
from cluster_app.audit.models import AuditEvent
from cluster_app.audit.verification import verify
from members.enums import Phase
from tests.factories.awards import (
    AwardFormFactory,
    CampaignFactory,
    CommendationFactory,
    DecisionFactory,
    PledgeFactory,
    PledgeItemFactory,
    PledgeSignatureFactory,
)
from tests.scenarios import CANARY, two_clusters

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return two_clusters()


def url(model, page="changelist", *args):
    return reverse(f"admin:awards_{model}_{page}", args=args)


def archive(world):
    world.year.phase = Phase.ARCHIVED
    world.year.save()


# --- Catalogue ---


def typed_form(**changes):
    data = {
        "code": "LDTT",
        "name": "Lao động tiên tiến",
        "kind": "title",
        "system": "state",
        "level": "agency",
        "authority": "Thủ trưởng cơ quan",
        "is_for_individuals": "on",
        "individual_coefficient": "0,3",
        "valid_from": "01/10/2017",
    }
    return data | changes


def test_administrator_keeps_the_catalogue_with_its_history(client, world):
    client.force_login(world.administrator)

    client.post(url("awardform", "add"), typed_form())
    form = AwardForm.objects.get()
    client.post(url("awardform", "change", form.pk), typed_form(valid_to="31/12/2023"))

    form.refresh_from_db()
    assert (str(form.individual_coefficient), form.valid_to) == ("0.30", date(2023, 12, 31))
    events = AuditEvent.objects.filter(object_key=f"awards.awardform:{form.pk}").order_by("sequence")
    assert [event.verb for event in events] == ["awardform.create", "awardform.change"]


@pytest.mark.parametrize(
    "changes", [{"individual_coefficient": "0.3"}, {"is_for_individuals": ""}, {"valid_to": "01/01/2010"}]
)
def test_catalogue_refuses_bad_input_and_keeps_what_was_typed(client, world, changes):
    client.force_login(world.administrator)

    answer = client.post(url("awardform", "add"), typed_form(legal_source="Luật đã gõ", **changes))

    assert answer.status_code == 200
    assert "Luật đã gõ" in answer.text
    assert not AwardForm.objects.exists()


@pytest.mark.parametrize("model", ["awardform", "basesalary"])
@pytest.mark.parametrize("person", ["secretariat", "leader_signatory", "observer"])
def test_catalogue_is_closed_to_everybody_else(client, world, model, person):
    client.force_login(getattr(world, person))

    assert client.get(url(model)).status_code == 403


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


# --- Decisions ---

# The commendations of a decision stand on its page to be read.
NO_ROWS = {"commendations-TOTAL_FORMS": 0, "commendations-INITIAL_FORMS": 0}


def test_decision_is_recorded_and_corrected_through_the_service(client, world):
    client.force_login(world.secretariat)
    data = {"number": "12-QĐ/BTC", "decided_on": "20/05/2021", "signer": "Trưởng ban"}

    client.post(url("decision", "add"), data | {"cluster": world.cluster.pk})
    decision = Decision.objects.get()
    client.post(
        url("decision", "change", decision.pk),
        data | NO_ROWS | {"number": "13-QĐ/BTC", "seen": fingerprint(decision)},
    )

    decision.refresh_from_db()
    assert decision.number == "13-QĐ/BTC"
    assert [event.verb for event in AuditEvent.objects.filter(verb__startswith="decision").order_by("sequence")] == [
        "decision.record",
        "decision.correct",
    ]
    assert verify().problem == ""


@pytest.mark.parametrize("changes", [{"decided_on": "25/11/2021"}, {"number": ""}])
def test_decision_with_bad_input_is_asked_again(client, world, changes):
    client.force_login(world.secretariat)
    data = {"cluster": world.cluster.pk, "number": "12", "decided_on": "20/05/2021", "signer": "Đã gõ"} | changes

    answer = client.post(url("decision", "add"), data)

    assert (answer.status_code, "Đã gõ" in answer.text) == (200, True)
    assert not Decision.objects.exists()


def test_decision_cannot_be_recorded_for_another_cluster(client, world):
    client.force_login(world.secretariat)
    data = {"number": "12", "decided_on": "20/05/2021", "signer": "Trưởng ban"}

    assert client.post(url("decision", "add"), data | {"cluster": world.foreign.cluster.pk}).status_code == 200
    assert not Decision.objects.exists()


# --- Campaigns ---


def typed_campaign(**changes):
    data = {
        "code": "CD-1",
        "title": "Tham mưu giỏi, hướng dẫn tốt",
        "kind": "thematic",
        "origin": "cluster",
        "launching_authority": "Cụm Thi đua",
        "scope": "cluster",
        "starts_on": "01/03/2021",
    }
    return data | changes


def test_campaign_is_prepared_and_edited_through_the_service(client, world):
    client.force_login(world.secretariat)

    client.post(url("campaign", "add"), typed_campaign(year=world.year.pk))
    campaign = Campaign.objects.get()
    client.post(
        url("campaign", "change", campaign.pk),
        typed_campaign(title="Tên mới", seen=fingerprint(campaign), status="concluded"),
    )

    campaign.refresh_from_db()
    assert (campaign.title, campaign.status) == ("Tên mới", "prepared")
    assert AuditEvent.objects.filter(verb__in=["campaign.create", "campaign.edit"]).count() == 2


@pytest.mark.parametrize(
    ("status", "steps"),
    [
        ("prepared", {"launch"}),
        ("launched", {"review", "conclude"}),
        ("reviewed", {"conclude"}),
        ("concluded", {"reopen"}),
    ],
)
def test_campaign_offers_the_steps_of_its_state(client, world, status, steps):
    campaign = CampaignFactory(year=world.year, status=status)
    client.force_login(world.secretariat)

    links = client.get(url("campaign", "change", campaign.pk)).context["step_links"]

    assert {link["url"].split("/?")[0].rsplit("/", 1)[-1] for link in links} == steps


def test_concluded_campaign_is_read_only(client, world):
    campaign = CampaignFactory(year=world.year, concluded=True)
    client.force_login(world.secretariat)

    assert client.post(url("campaign", "change", campaign.pk), typed_campaign()).status_code == 403


# --- Pledge ---


def items(*rows, initial=0):
    data = {"items-TOTAL_FORMS": len(rows), "items-INITIAL_FORMS": initial}
    for place, row in enumerate(rows):
        filled = {"group": "I", "direction": "at_least", "order": place + 1} | row
        data |= {f"items-{place}-{name}": value for name, value in filled.items()}
    return data


def test_pledge_is_written_with_its_items_in_one_act(client, world):
    client.force_login(world.secretariat)
    head = {"year": world.year.pk, "number": "01-GƯ/CTĐ", "preamble": "Căn cứ Quy chế"}

    answer = client.post(
        url("pledge", "add"), head | items({"text": "Chỉ tiêu một", "target_value": "98,5"}, {"text": "Chỉ tiêu hai"})
    )

    assert answer.status_code == 302
    pledge = Pledge.objects.get()
    assert [(item.text, str(item.target_value)) for item in pledge.items.all()] == [
        ("Chỉ tiêu một", "98.50"),
        ("Chỉ tiêu hai", "None"),
    ]
    assert AuditEvent.objects.filter(verb__startswith="pledge").count() == 1


def test_items_are_changed_and_dropped_until_the_first_signature(client, world):
    pledge = PledgeFactory(year=world.year, preamble="Căn cứ")
    first, second = (PledgeItemFactory(pledge=pledge, order=order) for order in (1, 2))
    client.force_login(world.secretariat)
    sent = {"preamble": "Căn cứ", "seen": fingerprint(*rows_of(pledge))}
    sent |= items(
        {"id": first.pk, "text": "Sửa lại"}, {"id": second.pk, "text": second.text, "DELETE": "on"}, initial=2
    )

    assert client.post(url("pledge", "change", pledge.pk), sent).status_code == 302

    assert [item.text for item in pledge.items.all()] == ["Sửa lại"]


def test_signed_pledge_lets_only_its_head_be_corrected(client, world):
    pledge = PledgeFactory(year=world.year, open=True, preamble="Căn cứ")
    item = PledgeItemFactory(pledge=pledge, order=1)
    PledgeSignatureFactory(pledge=pledge, membership=world.member)
    client.force_login(world.secretariat)
    sent = {"number": "02-GƯ/CTĐ", "preamble": "Khác", "seen": fingerprint(*rows_of(pledge))}
    sent |= items({"id": item.pk, "text": "Khác"}, initial=1)

    assert client.post(url("pledge", "change", pledge.pk), sent).status_code == 302

    pledge.refresh_from_db()
    assert (pledge.number, pledge.preamble, pledge.items.get().text) == ("02-GƯ/CTĐ", "Căn cứ", item.text)


def test_second_pledge_of_a_year_is_refused_in_the_form(client, world):
    PledgeFactory(year=world.year)
    client.force_login(world.secretariat)

    answer = client.post(url("pledge", "add"), {"year": world.year.pk, "place": "Đã gõ"} | items())

    assert (answer.status_code, "Đã gõ" in answer.text) == (200, True)
    assert Pledge.objects.count() == 1


@pytest.mark.parametrize("model", ["pledge", "campaign", "decision", "commendation"])
@pytest.mark.parametrize("person", ["administrator", "leader_signatory", "observer", "officer"])
def test_rows_of_the_cluster_are_the_secretariats(client, world, model, person):
    client.force_login(getattr(world, person))

    assert client.get(url(model)).status_code == 403
