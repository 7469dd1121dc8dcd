from datetime import date

import pytest
from django.urls import reverse

from awards.calculations import fingerprint
from awards.enums import PledgeStatus
from awards.models import Pledge, PledgeItem, PledgeSignature
from awards.services.pledges import rows_of
from members.enums import Phase
from tests.factories.awards import PledgeFactory, PledgeItemFactory, PledgeSignatureFactory
from tests.scenarios import CANARY, two_clusters

pytestmark = pytest.mark.django_db


def build_world():
    return two_clusters()


@pytest.fixture
def pledge(world):
    """Open for signing, with one item; the other cluster has one too."""
    pledge = PledgeFactory(year=world.year, open=True, number="01-GƯ/CTĐ")
    PledgeItemFactory(pledge=pledge, order=1, text="Hoàn thành chương trình công tác")
    foreign = PledgeFactory(year=world.foreign.year, open=True)
    PledgeItemFactory(pledge=foreign, order=1, text=f"{CANARY} chỉ tiêu")
    return pledge


def url(world, name="detail", **kwargs):
    return reverse(f"awards:pledge_{name}", kwargs=world.url_kwargs() | kwargs)


def archive(world):
    world.year.phase = Phase.ARCHIVED
    world.year.save()


def written(pledge=None, **changes):
    """What the form of a pledge sends, with one item."""
    data = {
        "number": "01-GƯ/CTĐ",
        "signed_on": "20/02/2021",
        "place": "Lạng Sơn",
        "preamble": "Căn cứ Quy chế, thống nhất:",
        "seen": fingerprint(*rows_of(pledge)) if pledge else "",
        "items-TOTAL_FORMS": "2",
        "items-INITIAL_FORMS": "0",
        "items-0-group": "II",
        "items-0-order": "",
        "items-0-text": "Chi bộ hoàn thành tốt nhiệm vụ",
        "items-0-direction": "at_least",
        "items-0-target_value": "98,5",
        "items-0-unit_of_measure": "%",
        "items-1-group": "I",
        "items-1-text": "Hoàn thành chương trình công tác",
        "items-1-direction": "yes",
    }
    return data | changes


@pytest.mark.parametrize(
    ("person", "status"),
    [("officer", 200), ("observer", 200), ("deputy_signatory", 200), ("administrator", 404), ("stranger", 404)],
)
def test_pledge_is_open_to_everybody_inside(client, world, pledge, person, status):
    client.force_login(getattr(world, person))

    assert client.get(url(world)).status_code == status


def test_pledge_of_another_cluster_is_unknown(client, world, pledge):
    client.force_login(world.secretariat)

    assert client.get(url(world.foreign)).status_code == 404


def test_pledge_shows_its_items_and_who_has_not_signed(client, world, pledge):
    PledgeSignatureFactory(pledge=pledge, membership=world.leader, office="Hiệu trưởng")
    client.force_login(world.officer)

    page = client.get(url(world))

    assert [row["state"]["css"] for row in page.context["board"]] == ["ok", "neutral", "neutral", "neutral"]
    assert "Hoàn thành chương trình công tác" in page.text
    assert CANARY not in page.text


def test_year_without_a_pledge_says_the_next_step(client, world):
    client.force_login(world.secretariat)

    assert url(world, "write") in client.get(url(world)).text


@pytest.mark.parametrize(
    ("person", "links"),
    [
        ("secretariat", {"paper"}),
        ("signatory", {"sign"}),
        ("officer", set()),
        ("observer", set()),
        ("leader_signatory", {"sign"}),
    ],
)
def test_pledge_offers_only_the_steps_open_to_the_person(client, world, pledge, person, links):
    client.force_login(getattr(world, person))

    context = client.get(url(world)).context

    offered = {"paper": context["paper_url"], "sign": context["sign_links"], "open": context["open_url"]}
    assert {name for name, found in offered.items() if found} == links


@pytest.mark.parametrize("unit_count", [2, 9])
def test_pledge_page_has_a_fixed_number_of_queries(client, unit_count, django_assert_num_queries):
    world = two_clusters(unit_count)
    pledge = PledgeFactory(year=world.year, open=True)
    for number, member in enumerate(world.members, start=1):
        PledgeItemFactory(pledge=pledge, order=number)
        PledgeSignatureFactory(pledge=pledge, membership=member)
    client.force_login(world.officer)

    with django_assert_num_queries(PAGE_QUERIES + 3):  # pledge, items, signatures
        client.get(url(world))


PAGE_QUERIES = 6  # session, person, year, roster, assignments; frame: deadlines


def test_write_creates_the_pledge_with_items_numbered_by_group(client, world):
    client.force_login(world.secretariat)

    answer = client.post(url(world, "write"), written())

    assert answer.status_code == 302
    pledge = Pledge.objects.get(year=world.year)
    assert (pledge.signed_on, pledge.status) == (date(2021, 2, 20), PledgeStatus.DRAFT)
    assert [(item.order, item.group, str(item.target_value)) for item in pledge.items.all()] == [
        (1, "I", "None"),
        (2, "II", "98.50"),
    ]


def test_write_of_a_new_pledge_proposes_the_opening_words(client, world):
    client.force_login(world.secretariat)

    assert "thống nhất ký giao ước thi đua năm 2021" in client.get(url(world, "write")).text


@pytest.mark.parametrize(
    "changes",
    [{"items-0-target_value": "98.5"}, {"items-0-text": ""}, {"signed_on": "30/02/2021"}],
)
def test_write_with_bad_input_keeps_what_was_typed(client, world, pledge, changes):
    client.force_login(world.secretariat)

    answer = client.post(url(world, "write"), written(pledge, preamble="Lời mở đầu mới", **changes))

    assert answer.status_code == 200
    assert "Lời mở đầu mới" in answer.text
    assert all(value in answer.text for value in changes.values())
    assert [item.text for item in pledge.items.all()] == ["Hoàn thành chương trình công tác"]


def test_write_after_another_tab_saved_keeps_what_was_typed_and_can_be_sent_again(client, world, pledge):
    client.force_login(world.secretariat)
    stale = written(pledge, preamble="Lời của cửa sổ này")
    Pledge.objects.filter(pk=pledge.pk).update(preamble="Lời của cửa sổ khác")

    first = client.post(url(world, "write"), stale)
    again = client.post(url(world, "write"), stale | {"seen": first.context["form"].data["seen"]})

    assert first.status_code == 409
    assert "Lời của cửa sổ này" in first.text
    assert again.status_code == 302
    assert Pledge.objects.get(pk=pledge.pk).preamble == "Lời của cửa sổ này"


def test_write_after_a_signature_corrects_the_head_only(client, world, pledge):
    PledgeSignatureFactory(pledge=pledge, membership=world.member)
    client.force_login(world.secretariat)

    answer = client.post(url(world, "write"), written(pledge, number="02-GƯ/CTĐ"))

    assert answer.status_code == 302
    pledge.refresh_from_db()
    assert (pledge.number, pledge.preamble) == ("02-GƯ/CTĐ", "")
    assert PledgeItem.objects.filter(pledge=pledge).count() == 1


@pytest.mark.parametrize("step", ["write", "open"])
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("person", "status"), [("signatory", 403), ("stranger", 404)])
def test_writing_and_opening_are_refused_before_the_form_is_read(client, world, pledge, step, method, person, status):
    Pledge.objects.filter(pk=pledge.pk).update(status=PledgeStatus.DRAFT)
    client.force_login(getattr(world, person))

    assert getattr(client, method)(url(world, step)).status_code == status
    pledge.refresh_from_db()
    assert pledge.status == PledgeStatus.DRAFT


def test_open_works_once(client, world, pledge):
    Pledge.objects.filter(pk=pledge.pk).update(status=PledgeStatus.DRAFT)
    client.force_login(world.leader_signatory)

    assert client.get(url(world, "open")).status_code == 200
    assert client.post(url(world, "open")).status_code == 302
    assert client.post(url(world, "open")).status_code == 409
    pledge.refresh_from_db()
    assert pledge.status == PledgeStatus.OPEN


def test_sign_restates_and_signs(client, world, pledge):
    client.force_login(world.signatory)
    sign = url(world, "sign", membership=world.member.pk)

    assert world.member.name in client.get(sign).text
    assert not PledgeSignature.objects.exists()
    assert client.post(sign).status_code == 302
    assert [row.membership for row in PledgeSignature.objects.all()] == [world.member]


def test_sign_twice_says_so_and_keeps_one(client, world, pledge):
    client.force_login(world.signatory)
    sign = url(world, "sign", membership=world.member.pk)
    client.post(sign)

    answer = client.post(sign, follow=True)

    assert str(PledgeSignature._meta.constraints[0].violation_error_message) in answer.text
    assert PledgeSignature.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("person", "status"),
    [("officer", 403), ("other_signatory", 403), ("secretariat", 403), ("observer", 403), ("stranger", 404)],
)
def test_sign_for_a_unit_is_refused_to_others(client, world, pledge, method, person, status):
    client.force_login(getattr(world, person))

    assert getattr(client, method)(url(world, "sign", membership=world.member.pk)).status_code == status
    assert not PledgeSignature.objects.exists()


@pytest.mark.parametrize("whose", ["foreign", "missing", "huge"])
def test_sign_for_a_unit_that_is_no_member_is_unknown(client, world, pledge, whose):
    keys = {"foreign": world.foreign.member.pk, "missing": 10**9, "huge": 10**40}
    client.force_login(world.signatory)

    assert client.post(url(world, "sign", membership=keys[whose])).status_code == 404


def test_paper_offers_the_units_that_have_not_signed_and_records_them(client, world, pledge):
    PledgeSignatureFactory(pledge=pledge, membership=world.leader)
    client.force_login(world.secretariat)
    page = client.get(url(world, "paper"))
    offered = [key for key, _name in page.context["form"].fields["memberships"].choices]

    answer = client.post(url(world, "paper"), {"signed_on": "20/02/2021", "memberships": offered})

    assert offered == [str(member.pk) for member in world.members[1:]]
    assert answer.status_code == 302
    pledge.refresh_from_db()
    assert (pledge.status, pledge.signatures.count()) == (PledgeStatus.SIGNED, 4)


def test_paper_does_not_offer_the_home_unit(client, world, pledge):
    client.force_login(world.secretariat_at_home)

    page = client.get(url(world, "paper"))
    forced = client.post(url(world, "paper"), {"signed_on": "20/02/2021", "memberships": [str(world.member.pk)]})

    assert str(world.member.pk) not in dict(page.context["form"].fields["memberships"].choices)
    assert forced.status_code == 200
    assert not PledgeSignature.objects.exists()


@pytest.mark.parametrize("data", [{"signed_on": "25/11/2021"}, {"signed_on": "hôm qua"}, {"memberships": []}])
def test_paper_with_bad_input_keeps_what_was_typed(client, world, pledge, data):
    client.force_login(world.secretariat)
    sent = {"signed_on": "20/02/2021", "memberships": [str(world.member.pk)]} | data

    answer = client.post(url(world, "paper"), sent)

    assert answer.status_code == 200
    assert sent["signed_on"] in answer.text
    assert not PledgeSignature.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("person", "status"), [("signatory", 403), ("leader_signatory", 403), ("stranger", 404)])
def test_paper_is_refused_to_others(client, world, pledge, method, person, status):
    client.force_login(getattr(world, person))

    assert getattr(client, method)(url(world, "paper")).status_code == status


@pytest.mark.parametrize("step", ["write", "open", "paper"])
def test_archived_year_refuses_every_step(client, world, pledge, step):
    archive(world)
    client.force_login(world.secretariat)

    assert client.post(url(world, step), written(pledge)).status_code == 409


def test_archived_year_refuses_a_signature(client, world, pledge):
    archive(world)
    client.force_login(world.signatory)

    assert client.post(url(world, "sign", membership=world.member.pk)).status_code == 409


@pytest.mark.parametrize("step", ["open", "paper", "print"])
def test_steps_of_a_pledge_that_is_not_written_are_unknown(client, world, step):
    client.force_login(world.secretariat)

    assert client.get(url(world, step)).status_code == 404


def test_print_has_every_item_and_a_place_to_sign_for_each_unit(client, world, pledge):
    client.force_login(world.officer)

    paper = client.get(url(world, "print")).text

    assert "BẢN GIAO ƯỚC THI ĐUA" in paper
    assert "1. Hoàn thành chương trình công tác." in paper
    assert all(member.name.upper() in paper for member in world.members)
    assert CANARY not in paper


def test_print_is_unknown_to_people_outside(client, world, pledge):
    client.force_login(world.foreign.signatory)

    assert client.get(url(world, "print")).status_code == 404


@pytest.mark.parametrize("name", ["detail", "print"])
def test_reading_pages_answer_no_post(client, world, pledge, name):
    client.force_login(world.secretariat)

    assert client.post(url(world, name)).status_code == 405
