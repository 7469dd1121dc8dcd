import pytest

from awards.enums import AwardLevel, RecipientKind
from awards.models import Commendation
from awards.services import commendations
from tests.awards.register_pages import publish, shown, url
from tests.factories.awards import AwardFormFactory, BaseSalaryFactory, CommendationFactory, DecisionFactory
from tests.scenarios import CANARY, NOW, two_clusters

pytestmark = pytest.mark.django_db


def build_world():
    world = two_clusters()
    CommendationFactory(membership=world.foreign.member, recipient=f"{CANARY} cán bộ", confirmed=True)
    return world


@pytest.fixture
def row(world):
    return CommendationFactory(membership=world.member, recipient="Cán bộ 017", position="Chuyên viên")


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
def test_empty_register_says_the_next_step_once(client, world, person, says):
    client.force_login(getattr(world, person))

    page = client.get(url(world))

    assert (page.context["entry_url"] != "") is (says == "record")
    assert page.text.count(f'href="{url(world, "record")}"') == (says == "record")


def test_search_without_a_find_still_leads_to_the_entry(client, world):
    client.force_login(world.secretariat)

    page = client.get(url(world), {"q": "không có ai tên này"})

    assert page.context["is_filtered"]
    assert page.text.count(f'href="{url(world, "record")}"') == 1


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
