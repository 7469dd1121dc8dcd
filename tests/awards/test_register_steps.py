"""The steps of a row of the register on its pages: correcting, revoking, confirming."""

import pytest

from awards.calculations import fingerprint
from awards.enums import CommendationStatus
from awards.models import Commendation
from tests.awards.register_pages import archive, url
from tests.factories.awards import CommendationFactory
from tests.scenarios import CANARY, two_clusters

pytestmark = pytest.mark.django_db


def build_world():
    world = two_clusters()
    CommendationFactory(membership=world.foreign.member, recipient=f"{CANARY} cán bộ", confirmed=True)
    return world


@pytest.fixture
def row(world):
    return CommendationFactory(membership=world.member, recipient="Cán bộ 017", position="Chuyên viên")


# --- Correcting ---


def typed(row, **changes):
    decision = row.decision
    data = {
        "number": decision.number,
        "decided_on": f"{decision.decided_on:%d/%m/%Y}",
        "signer": decision.signer,
        "membership": row.membership_id,
        "award_form": row.award_form.code,
        "recipient_kind": row.recipient_kind,
        "recipient": row.recipient,
        "position": row.position,
        "occasions": row.occasions,
        "type": row.type,
        "campaign": "",
        "is_direct_worker": "unknown",
        "note": "",
        "seen": fingerprint(row),
    }
    return data | changes


def test_edit_shows_the_row_and_changes_it(client, world, row):
    client.force_login(world.officer)
    edit = url(world, "edit", pk=row.pk)

    assert "Cán bộ 017" in client.get(edit).text
    answer = client.post(edit, typed(row, recipient="Cán bộ 018", is_direct_worker="true"))

    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.recipient, row.is_direct_worker) == ("Cán bộ 018", True)


@pytest.mark.parametrize("step", ["edit", "revoke"])
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("person", "status"), [("leader_signatory", 403), ("stranger", 404)])
def test_edit_and_revoke_are_refused_to_others(client, world, row, step, method, person, status):
    client.force_login(getattr(world, person))

    assert getattr(client, method)(url(world, step, pk=row.pk)).status_code == status


@pytest.mark.parametrize("step", ["edit", "revoke"])
def test_revoked_row_and_archived_year_are_conflicts(client, world, row, step):
    revoked = CommendationFactory(membership=world.member, revoked=True)
    client.force_login(world.secretariat)

    reason = {"reason": "Kê khai không đúng thành tích"}
    assert client.post(url(world, step, pk=revoked.pk), typed(revoked) | reason).status_code == 409
    archive(world)
    assert client.post(url(world, step, pk=row.pk), typed(row) | reason).status_code == 409


@pytest.mark.parametrize(
    "changes", [{"decided_on": "25/11/2021"}, {"occasions": "0"}, {"recipient": ""}, {"award_form": "XX"}]
)
def test_edit_with_bad_input_keeps_what_was_typed(client, world, row, changes):
    client.force_login(world.officer)

    answer = client.post(url(world, "edit", pk=row.pk), typed(row, position="Trưởng phòng mới", **changes))

    assert answer.status_code == 200
    assert "Trưởng phòng mới" in answer.text
    row.refresh_from_db()
    assert row.position == "Chuyên viên"


def test_edit_after_another_tab_saved_keeps_what_was_typed_and_can_be_sent_again(client, world, row):
    client.force_login(world.officer)
    stale = typed(row, position="Cửa sổ này")
    Commendation.objects.filter(pk=row.pk).update(position="Cửa sổ khác")
    edit = url(world, "edit", pk=row.pk)

    first = client.post(edit, stale)
    again = client.post(edit, stale | {"seen": first.context["form"].data["seen"]})

    assert (first.status_code, "Cửa sổ này" in first.text) == (409, True)
    assert again.status_code == 302


def test_recorded_at_cannot_be_sent(client, world, row):
    client.force_login(world.officer)

    client.post(url(world, "edit", pk=row.pk), typed(row, recorded_at="2020-01-01", confirmed_at="2020-01-01"))

    before = row.recorded_at
    row.refresh_from_db()
    assert (row.recorded_at, row.confirmed_at) == (before, None)


# --- Revoking ---


def test_revoke_asks_for_the_reason_and_keeps_the_row(client, world, row):
    client.force_login(world.secretariat)
    revoke = url(world, "revoke", pk=row.pk)

    assert client.get(revoke).status_code == 200
    assert client.post(revoke, {"reason": "sai"}).status_code == 200
    assert client.post(revoke, {"reason": "Kê khai không đúng thành tích"}).status_code == 302
    row.refresh_from_db()
    assert row.status == CommendationStatus.REVOKED


# --- Confirming ---


def confirmation(page):
    return [item["value"] for item in page.context["hidden"]]


def test_confirm_restates_the_ticked_rows_and_confirms_them(client, world, row):
    other = CommendationFactory(membership=world.other)
    CommendationFactory(membership=world.other, recipient="Không đánh dấu")
    client.force_login(world.secretariat)

    page = client.get(url(world, "confirm"), {"row": [row.pk, other.pk]})
    answer = client.post(url(world, "confirm"), {"row": confirmation(page)})

    assert "Cán bộ 017" in page.text
    assert "Không đánh dấu" not in page.text
    assert answer.status_code == 302
    assert set(Commendation.objects.filter(confirmed_by=world.secretariat)) == {row, other}


def test_confirm_all_takes_every_waiting_row_of_the_filter(client, world, row):
    CommendationFactory(membership=world.other)
    CommendationFactory(membership=world.member, confirmed=True)
    client.force_login(world.secretariat)

    page = client.get(url(world, "confirm"), {"all": "1", "unit": world.member.pk})

    assert [shown["pk"] for shown in page.context["rows"]] == [row.pk]


def test_confirm_leaves_the_home_unit_out_and_says_why(client, world, row):
    other = CommendationFactory(membership=world.other)
    client.force_login(world.secretariat_at_home)

    page = client.get(url(world, "confirm"), {"row": [row.pk, other.pk]})

    assert [shown["pk"] for shown in page.context["rows"]] == [other.pk]
    assert len(page.context["skipped"]) == 1


def test_confirm_of_nothing_leads_back_with_a_word(client, world):
    client.force_login(world.secretariat)

    assert client.get(url(world, "confirm")).status_code == 302
    assert client.get(url(world, "confirm"), {"row": ["x", "9" * 40]}).status_code == 302
    assert client.post(url(world, "confirm")).status_code == 302


def test_confirm_of_a_row_changed_after_it_was_shown_is_a_conflict(client, world, row):
    client.force_login(world.secretariat)
    page = client.get(url(world, "confirm"), {"row": row.pk})
    Commendation.objects.filter(pk=row.pk).update(occasions=400)

    assert client.post(url(world, "confirm"), {"row": confirmation(page)}).status_code == 409
    row.refresh_from_db()
    assert row.confirmed_at is None


def test_confirm_twice_is_a_conflict_and_one_effect(client, world, row):
    client.force_login(world.secretariat)
    sent = {"row": confirmation(client.get(url(world, "confirm"), {"row": row.pk}))}

    assert client.post(url(world, "confirm"), sent).status_code == 302
    assert client.post(url(world, "confirm"), sent).status_code == 409


@pytest.mark.parametrize("sent", ["foreign", "missing", "text"])
def test_confirm_of_an_unknown_row_is_unknown(client, world, sent):
    foreign = Commendation.objects.get(membership=world.foreign.member)
    keys = {"foreign": f"{foreign.pk}:x", "missing": "999999:x", "text": "abc"}
    client.force_login(world.secretariat)

    assert client.post(url(world, "confirm"), {"row": keys[sent]}).status_code == 404


def test_confirm_of_the_home_unit_sent_by_hand_is_refused(client, world, row):
    client.force_login(world.secretariat_at_home)

    answer = client.post(url(world, "confirm"), {"row": f"{row.pk}:{fingerprint(row)}"})

    assert answer.status_code == 403
    row.refresh_from_db()
    assert row.confirmed_at is None


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("person", "status"),
    [("officer", 403), ("leader_signatory", 403), ("observer", 403), ("administrator", 404), ("stranger", 404)],
)
def test_confirm_is_refused_to_others_before_anything_is_read(client, world, row, method, person, status):
    client.force_login(getattr(world, person))

    assert getattr(client, method)(url(world, "confirm"), {"row": "abc"}).status_code == status


def test_confirm_in_an_archived_year_is_a_conflict(client, world, row):
    archive(world)
    client.force_login(world.secretariat)

    assert client.post(url(world, "confirm"), {"row": f"{row.pk}:{fingerprint(row)}"}).status_code == 409
