import pytest
from django.urls import reverse

from awards.calculations import fingerprint
from awards.enums import AwardLevel, CommendationStatus, RecipientKind
from awards.models import Commendation
from awards.services import commendations
from members.enums import Phase
from tests.factories.awards import AwardFormFactory, BaseSalaryFactory, CommendationFactory, DecisionFactory
from tests.scenarios import CANARY, NOW, two_clusters

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    world = two_clusters()
    CommendationFactory(membership=world.foreign.member, recipient=f"{CANARY} cán bộ", confirmed=True)
    return world


@pytest.fixture
def row(world):
    return CommendationFactory(membership=world.member, recipient="Cán bộ 017", position="Chuyên viên")


def url(world, name="list", **kwargs):
    return reverse(f"awards:commendation_{name}", kwargs=world.url_kwargs() | kwargs)


def shown(page):
    return [row["recipient"]["text"] for row in page.context["rows"]]


def publish(world):
    world.year.published_at = NOW
    world.year.save()


def archive(world):
    world.year.phase = Phase.ARCHIVED
    world.year.save()


# --- List ---


@pytest.mark.parametrize("name", ["list", "tally"])
@pytest.mark.parametrize(
    ("person", "status"),
    [("officer", 200), ("other_officer", 200), ("observer", 200), ("administrator", 404), ("stranger", 404)],
)
def test_register_is_open_to_everybody_inside(client, world, name, person, status):
    client.force_login(getattr(world, person))

    assert client.get(url(world, name)).status_code == status
    assert client.post(url(world, name)).status_code == 405


def test_unit_sees_its_own_rows_before_and_all_rows_after_publication(client, world, row):
    CommendationFactory(membership=world.leader, recipient="Cán bộ của đơn vị khác")
    client.force_login(world.officer)

    assert shown(client.get(url(world))) == ["Cán bộ 017"]
    publish(world)
    assert sorted(shown(client.get(url(world)))) == ["Cán bộ 017", "Cán bộ của đơn vị khác"]
    assert CANARY not in client.get(url(world)).text


def test_rows_are_filtered(client, world):
    province = AwardFormFactory(code="BKT", level=AwardLevel.PROVINCE)
    agency = AwardFormFactory(code="GK")
    CommendationFactory(membership=world.member, award_form=province, recipient="Nguyễn Văn Đức", confirmed=True)
    CommendationFactory(
        membership=world.other,
        award_form=agency,
        recipient="Phòng Bảo hiểm",
        recipient_kind=RecipientKind.COLLECTIVE,
        decision=DecisionFactory(cluster=world.cluster, number="77-QĐ/TCT"),
    )
    CommendationFactory(membership=world.other, award_form=agency, recipient="Lý Thị Hoa", revoked=True)
    client.force_login(world.secretariat)

    def found(**query):
        return set(shown(client.get(url(world), query)))

    assert found(q="van duc") == {"Nguyễn Văn Đức"}
    assert found(q="BAO HIEM") == {"Phòng Bảo hiểm"}
    assert found(q="77-qđ") == {"Phòng Bảo hiểm"}
    assert found(unit=world.other.pk) == {"Phòng Bảo hiểm", "Lý Thị Hoa"}
    assert found(level="province") == {"Nguyễn Văn Đức"}
    assert found(kind="collective") == {"Phòng Bảo hiểm"}
    assert found(form="GK") == {"Phòng Bảo hiểm", "Lý Thị Hoa"}
    assert found(state="waiting") == {"Phòng Bảo hiểm"}
    assert found(state="confirmed") == {"Nguyễn Văn Đức"}
    assert found(state="revoked") == {"Lý Thị Hoa"}
    assert found(unit=world.other.pk, state="waiting", q="phong") == {"Phòng Bảo hiểm"}
    assert found(unit=world.foreign.member.pk, level="xx", page="xx") == {
        "Nguyễn Văn Đức",
        "Phòng Bảo hiểm",
        "Lý Thị Hoa",
    }
    assert found(q="không có ai") == set()


def test_unit_cannot_filter_by_another_unit_before_publication(client, world, row):
    client.force_login(world.officer)

    choices = dict(client.get(url(world)).context["filter_form"].fields["unit"].choices)

    assert [key for key in choices if key] == [world.member.pk]


@pytest.mark.parametrize("row_count", [2, 9])
def test_list_has_a_fixed_number_of_queries(client, world, row_count, django_assert_num_queries):
    CommendationFactory.create_batch(row_count, membership=world.member)
    client.force_login(world.secretariat)

    # Session, person, year, roster and assignments, then count, rows, forms, the frame's deadlines.
    with django_assert_num_queries(9):
        client.get(url(world))


def test_list_is_paged(client, world):
    CommendationFactory.create_batch(51, membership=world.member, award_form=AwardFormFactory())
    client.force_login(world.secretariat)

    assert len(shown(client.get(url(world)))) == 50
    assert len(shown(client.get(url(world), {"page": 2, "kind": "individual"}))) == 1


@pytest.mark.parametrize(
    ("person", "ticks"), [("secretariat", 2), ("secretariat_at_home", 1), ("leader_signatory", 0), ("observer", 0)]
)
def test_ticks_stand_at_the_rows_that_the_person_may_confirm(client, world, row, person, ticks):
    CommendationFactory(membership=world.other)
    CommendationFactory(membership=world.other, confirmed=True)
    client.force_login(getattr(world, person))

    page = client.get(url(world))

    assert page.text.count('type="checkbox" name="row"') == ticks


@pytest.mark.parametrize(
    ("person", "says"),
    [("secretariat", "record"), ("officer", "record"), ("observer", ""), ("leader_signatory", "record")],
)
def test_empty_register_says_the_next_step(client, world, person, says):
    client.force_login(getattr(world, person))

    page = client.get(url(world))

    assert (page.context["entry_url"] != "") is (says == "record")


# --- Tally ---


def test_tally_of_a_unit_is_its_own_before_publication(client, world):
    CommendationFactory(membership=world.member, confirmed=True, occasions=2)
    CommendationFactory(membership=world.other, confirmed=True, occasions=3)
    client.force_login(world.officer)

    before = client.get(url(world, "tally")).context["tally"]
    publish(world)
    after = client.get(url(world, "tally")).context["tally"]

    assert (before["total"]["total"], len(before["units"])) == ("2", 1)
    assert (after["total"]["total"], len(after["units"])) == ("5", 4)


@pytest.mark.parametrize("unit_count", [2, 9])
def test_tally_page_has_a_fixed_number_of_queries(client, unit_count, django_assert_num_queries):
    world = two_clusters(unit_count)
    for member in world.members:
        CommendationFactory(membership=member, confirmed=True)
    client.force_login(world.secretariat)

    # Session, person, year, roster and assignments, then sums, last year's rules, the frame's deadlines.
    with django_assert_num_queries(8):
        client.get(url(world, "tally"))


# --- One row ---


@pytest.mark.parametrize(
    ("person", "before", "after"),
    [
        ("officer", 200, 200),
        ("other_officer", 403, 200),
        ("leader_signatory", 200, 200),
        ("observer", 200, 200),
        ("administrator", 404, 404),
        ("stranger", 404, 404),
    ],
)
def test_row_is_open_as_the_table_says(client, world, row, person, before, after):
    client.force_login(getattr(world, person))

    assert client.get(url(world, "detail", pk=row.pk)).status_code == before
    publish(world)
    assert client.get(url(world, "detail", pk=row.pk)).status_code == after


@pytest.mark.parametrize("name", ["detail", "edit", "revoke"])
@pytest.mark.parametrize("whose", ["foreign", "missing", "huge"])
def test_row_of_another_cluster_is_unknown(client, world, name, whose):
    keys = {"foreign": Commendation.objects.get().pk, "missing": 10**9, "huge": 10**40}
    client.force_login(world.secretariat)

    assert client.get(url(world, name, pk=keys[whose])).status_code == 404


def test_row_shows_reward_and_history(client, world):
    BaseSalaryFactory()
    form = AwardFormFactory(individual_coefficient="0.30")
    row = CommendationFactory(membership=world.member, award_form=form)
    commendations.confirm(year=world.year, commendations=[row], by=world.secretariat, at=NOW)
    client.force_login(world.officer)

    page = client.get(url(world, "detail", pk=row.pk))

    assert "450.000 đồng" in page.text
    assert [event["who"] for event in page.context["history"]] == [world.secretariat.username]


def test_history_is_not_shown_to_other_units(client, world, row):
    commendations.confirm(year=world.year, commendations=[row], by=world.secretariat, at=NOW)
    publish(world)
    client.force_login(world.other_officer)

    assert client.get(url(world, "detail", pk=row.pk)).context["history"] == []


@pytest.mark.parametrize(
    ("person", "is_confirmed", "steps"),
    [
        ("secretariat", False, ["revoke", "edit", "confirm"]),
        ("secretariat", True, ["revoke", "edit"]),
        ("officer", False, ["edit"]),
        ("officer", True, []),
        ("secretariat_at_home", False, ["edit"]),
        ("leader_signatory", False, []),
    ],
)
def test_row_offers_the_steps_that_are_open(client, world, person, is_confirmed, steps):
    row = CommendationFactory(membership=world.member, confirmed=is_confirmed)
    client.force_login(getattr(world, person))

    links = client.get(url(world, "detail", pk=row.pk)).context["links"]

    found = [next(step for step in ("revoke", "edit", "confirm") if f"/{step}/" in link["url"]) for link in links]
    assert found == steps


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
