from datetime import date

import pytest

from awards.calculations import fingerprint
from awards.models import AwardForm, Campaign, Decision, Pledge
from awards.services.pledges import rows_of
from cluster_app.audit.models import AuditEvent
from cluster_app.audit.verification import verify
from tests.awards.admin_pages import url
from tests.factories.awards import (
    CampaignFactory,
    PledgeFactory,
    PledgeItemFactory,
    PledgeSignatureFactory,
)
from tests.scenarios import two_clusters

pytestmark = pytest.mark.django_db


def build_world():
    return two_clusters()


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
