from datetime import date

import pytest
from django.urls import reverse

from awards.calculations import fingerprint
from awards.enums import CampaignKind, CampaignOrigin, CampaignStatus
from awards.models import Campaign
from members.enums import Phase
from tests.factories.awards import AwardFormFactory, CampaignFactory, CommendationFactory
from tests.scenarios import CANARY, NOW, two_clusters

pytestmark = pytest.mark.django_db


def build_world():
    world = two_clusters()
    CampaignFactory(year=world.foreign.year, title=f"{CANARY} phong trào", launched=True)
    return world


def url(world, name="list", **kwargs):
    return reverse(f"awards:campaign_{name}", kwargs=world.url_kwargs() | kwargs)


def typed(campaign=None, **changes):
    data = {
        "code": "CD-9",
        "title": "Tham mưu giỏi, hướng dẫn tốt",
        "kind": "thematic",
        "origin": "cluster",
        "membership": "",
        "launching_authority": "Cụm Thi đua",
        "scope": "cluster",
        "starts_on": "01/03/2021",
        "seen": fingerprint(campaign) if campaign else "",
    }
    return data | changes


@pytest.mark.parametrize(
    ("person", "status"), [("officer", 200), ("observer", 200), ("administrator", 200), ("stranger", 404)]
)
@pytest.mark.parametrize("name", ["list", "detail"])
def test_campaigns_are_open_to_everybody_inside_and_to_the_administrator(client, world, name, person, status):
    campaign = CampaignFactory(year=world.year)
    client.force_login(getattr(world, person))

    address = url(world, name, **({"pk": campaign.pk} if name == "detail" else {}))

    assert client.get(address).status_code == status


def test_list_counts_the_kinds_apart(client, world):
    CampaignFactory(year=world.year, kind=CampaignKind.REGULAR, launched=True)
    CampaignFactory.create_batch(2, year=world.year, launched=True)
    CampaignFactory(year=world.year)
    client.force_login(world.officer)

    page = client.get(url(world))

    assert [group["count"] for group in page.context["groups"]] == [1, 2, 0]
    assert CANARY not in page.text


def test_empty_list_says_the_next_step_once(client, world):
    client.force_login(world.secretariat)

    assert client.get(url(world)).text.count(url(world, "create")) == 1


@pytest.mark.parametrize("unit_count", [2, 9])
def test_list_has_a_fixed_number_of_queries(client, unit_count, django_assert_num_queries):
    world = two_clusters(unit_count)
    for member in world.members:
        CampaignFactory(year=world.year, own_drive=True, membership=member, launched=True)
    client.force_login(world.secretariat)

    # Session, person, year, roster and assignments, then campaigns, counts, participations, the frame's deadlines.
    with django_assert_num_queries(9):
        client.get(url(world))


def test_campaign_of_another_cluster_is_unknown(client, world):
    foreign = Campaign.objects.get(year=world.foreign.year)
    client.force_login(world.secretariat)

    assert client.get(url(world, "detail", pk=foreign.pk)).status_code == 404
    assert client.post(url(world, "conclude", pk=foreign.pk), {"results": "x"}).status_code == 404


def test_detail_shows_the_figures_only_to_those_who_may_see_them(client, world):
    campaign = CampaignFactory(year=world.year, launched=True)
    CommendationFactory(
        membership=world.other, campaign=campaign, type="thematic", confirmed=True, award_form=AwardFormFactory()
    )

    def figures(person):
        client.force_login(getattr(world, person))
        return bool(client.get(url(world, "detail", pk=campaign.pk)).context["levels"])

    assert (figures("secretariat"), figures("officer"), figures("administrator")) == (True, False, False)
    world.year.published_at = NOW
    world.year.save()
    assert (figures("officer"), figures("administrator")) == (True, False)


def test_detail_shows_the_results_to_insiders_only(client, world):
    campaign = CampaignFactory(year=world.year, concluded=True, results="Kết quả của phong trào")

    for person, sees in (("officer", True), ("observer", True), ("administrator", False)):
        client.force_login(getattr(world, person))
        assert ("Kết quả của phong trào" in client.get(url(world, "detail", pk=campaign.pk)).text) is sees


def test_create_by_the_secretariat_prepares_a_campaign(client, world):
    client.force_login(world.secretariat)

    answer = client.post(url(world, "create"), typed())

    assert answer.status_code == 302
    campaign = Campaign.objects.get(code="CD-9")
    assert (campaign.year, campaign.status, campaign.starts_on) == (
        world.year,
        CampaignStatus.PREPARED,
        date(2021, 3, 1),
    )


def test_create_by_a_unit_prepares_its_own_drive_whatever_is_sent(client, world):
    client.force_login(world.officer)
    sent = typed(kind="regular", origin="cluster", membership=world.member.pk)

    client.post(url(world, "create"), sent)

    campaign = Campaign.objects.get(code="CD-9")
    assert (campaign.kind, campaign.origin, campaign.membership) == (
        CampaignKind.DRIVE,
        CampaignOrigin.UNIT,
        world.member,
    )


def test_create_by_a_unit_for_another_unit_is_refused(client, world):
    client.force_login(world.officer)

    answer = client.post(url(world, "create"), typed(membership=world.other.pk))

    assert answer.status_code == 200
    assert not Campaign.objects.filter(year=world.year).exists()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("person", "status"), [("observer", 403), ("administrator", 404), ("stranger", 404)])
def test_create_is_refused_to_those_who_write_none(client, world, method, person, status):
    client.force_login(getattr(world, person))

    assert getattr(client, method)(url(world, "create")).status_code == status


@pytest.mark.parametrize(
    "changes",
    [{"title": ""}, {"starts_on": "31/02/2021"}, {"ends_on": "28/02/2021"}, {"origin": "unit"}, {"code": "CD-1"}],
)
def test_create_with_bad_input_keeps_what_was_typed(client, world, changes):
    CampaignFactory(year=world.year, code="CD-1")
    client.force_login(world.secretariat)

    answer = client.post(url(world, "create"), typed(objectives="Mục tiêu đã nhập", **changes))

    assert answer.status_code == 200
    assert "Mục tiêu đã nhập" in answer.text
    assert Campaign.objects.filter(year=world.year).count() == 1


def test_edit_changes_the_campaign(client, world):
    campaign = CampaignFactory(year=world.year)
    client.force_login(world.leader_signatory)

    answer = client.post(url(world, "edit", pk=campaign.pk), typed(campaign))

    assert answer.status_code == 302
    campaign.refresh_from_db()
    assert campaign.title == "Tham mưu giỏi, hướng dẫn tốt"


def test_edit_after_another_tab_saved_keeps_what_was_typed_and_can_be_sent_again(client, world):
    campaign = CampaignFactory(year=world.year)
    client.force_login(world.secretariat)
    stale = typed(campaign, slogan="Khẩu hiệu của cửa sổ này")
    Campaign.objects.filter(pk=campaign.pk).update(slogan="Khẩu hiệu khác")
    edit = url(world, "edit", pk=campaign.pk)

    first = client.post(edit, stale)
    again = client.post(edit, stale | {"seen": first.context["form"].data["seen"]})

    assert first.status_code == 409
    assert "Khẩu hiệu của cửa sổ này" in first.text
    assert again.status_code == 302


STEPS = {
    "edit": ("prepared", typed(), "prepared"),
    "launch": ("prepared", {}, "launched"),
    "review": ("launched", {}, "reviewed"),
    "conclude": ("reviewed", {"results": "Các đơn vị hoàn thành"}, "concluded"),
    "reopen": ("concluded", {"reason": "Bổ sung kết quả còn thiếu"}, "launched"),
}


@pytest.mark.parametrize("step", [step for step in STEPS if step != "edit"])
def test_step_is_shown_and_then_done(client, world, step):
    source, data, target = STEPS[step]
    campaign = CampaignFactory(year=world.year, status=source)
    client.force_login(world.secretariat)

    assert campaign.title in client.get(url(world, step, pk=campaign.pk)).text
    campaign.refresh_from_db()
    assert campaign.status == source
    assert client.post(url(world, step, pk=campaign.pk), data).status_code == 302
    campaign.refresh_from_db()
    assert campaign.status == target


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(("person", "status"), [("officer", 403), ("stranger", 404)])
def test_step_is_refused_to_those_who_do_not_write_the_campaign(client, world, method, step, person, status):
    source = STEPS[step][0]
    campaign = CampaignFactory(year=world.year, status=source)
    client.force_login(getattr(world, person))

    assert getattr(client, method)(url(world, step, pk=campaign.pk)).status_code == status
    campaign.refresh_from_db()
    assert campaign.status == source


@pytest.mark.parametrize("step", STEPS)
def test_step_in_a_wrong_state_is_a_conflict(client, world, step):
    wrong = "prepared" if step in ("review", "conclude", "reopen") else "concluded"
    campaign = CampaignFactory(year=world.year, status=wrong)
    client.force_login(world.secretariat)

    assert client.get(url(world, step, pk=campaign.pk)).status_code == 409
    assert client.post(url(world, step, pk=campaign.pk), STEPS[step][1]).status_code == 409


@pytest.mark.parametrize("step", STEPS)
def test_step_in_an_archived_year_is_a_conflict(client, world, step):
    campaign = CampaignFactory(year=world.year, status=STEPS[step][0])
    world.year.phase = Phase.ARCHIVED
    world.year.save()
    client.force_login(world.secretariat)

    assert client.post(url(world, step, pk=campaign.pk), STEPS[step][1]).status_code == 409


@pytest.mark.parametrize(
    ("step", "data"), [("conclude", {"results": ""}), ("reopen", {"reason": "sai"}), ("reopen", {"reason": ""})]
)
def test_step_with_bad_input_is_asked_again(client, world, step, data):
    campaign = CampaignFactory(year=world.year, status=STEPS[step][0])
    client.force_login(world.secretariat)

    assert client.post(url(world, step, pk=campaign.pk), data).status_code == 200
    campaign.refresh_from_db()
    assert campaign.status == STEPS[step][0]


def test_launch_lists_what_is_missing(client, world):
    campaign = CampaignFactory(year=world.year, document_number="", document_on=None)
    client.force_login(world.secretariat)

    answer = client.post(url(world, "launch", pk=campaign.pk))

    assert answer.status_code == 200
    assert len(answer.context["form"].non_field_errors()) == 3


@pytest.mark.parametrize("name", ["list", "detail"])
def test_reading_pages_answer_no_post(client, world, name):
    campaign = CampaignFactory(year=world.year)
    client.force_login(world.secretariat)
    address = url(world, name, **({"pk": campaign.pk} if name == "detail" else {}))

    assert client.post(address).status_code == 405
