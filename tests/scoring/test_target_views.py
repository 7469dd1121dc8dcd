"""The grid of targets, one cell in detail, and the history: what is shown to whom, and what is typed."""

from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.translation import gettext

from members.enums import Phase
from scoring import target_grid
from scoring.enums import CardStatus, SetStatus
from scoring.models import CriteriaSet, Target
from scoring.services import targets
from tests.factories.awards import PledgeFactory, PledgeItemFactory, PledgeSignatureFactory
from tests.factories.scoring import CriteriaSetFactory, TargetFactory, amend, applied_set
from tests.scenarios import CANARY, NOW
from tests.scoring.cards import card_in, line_of, reviewing_world
from tests.scoring.pages import content, row_of, text_of, year_address

pytestmark = pytest.mark.django_db

D = Decimal


def build_world():
    return reviewing_world()


@pytest.fixture
def criteria(world):
    applied_set(world.foreign.year)
    return {one.code: one for one in applied_set(world.year).criteria.all()}


def get(client, user, world, name="targets", query="", **kwargs):
    client.force_login(user)
    return client.get(year_address(name, world, **kwargs) + query)


def post(client, user, world, data, name="targets", **kwargs):
    client.force_login(user)
    return client.post(year_address(name, world, **kwargs), data)


def typed(*cells):
    """What the grid sends: `(unit, criterion, text, shown)`."""
    data = {}
    for unit, criterion, text, shown in cells:
        data |= {f"target-{unit.pk}-{criterion.pk}": text, f"shown-{unit.pk}-{criterion.pk}": shown}
    return data


def stored():
    return list(Target.objects.order_by("pk").values_list("membership__unit__code", "criterion__code", "value"))


def cell(world, code, unit=None):
    return {"unit": (unit or world.member).unit.code, "criterion": code}


# --- reading ---


def test_every_cell_says_where_its_target_comes_from(client, world, criteria):
    item = PledgeItemFactory(pledge=PledgeFactory(year=world.year), order=7, target_value=D("80.5"))
    TargetFactory(membership=world.leader, criterion=criteria["A1"], value=D("90.5"))
    TargetFactory(membership=world.deputy, criterion=criteria["A1"], value=None, pledge_item=item)
    TargetFactory(
        membership=world.member,
        criterion=criteria["A1"],
        value=None,
        is_assigned=False,
        not_assigned_reason="Không thuộc chức năng",
    )

    response = get(client, world.observer, world)

    with translation.override("vi"):
        off, item_words = gettext("Not assigned"), gettext("Item %(number)d of the pledge") % {"number": 7}
    found = row_of(response, "A1")
    assert found == (f"A1 Tỷ lệ nhiệm vụ hoàn thành (%) 100 90,5 80,5 {item_words} {off} Không thuộc chức năng 100")
    pledge_page = year_address("targets", world).replace("targets", "pledge")
    assert f'href="{pledge_page}#item-7"' in content(response)
    assert 'id="item-7"' in content(client.get(pledge_page))
    assert [(link.text, link.url) for link in target_grid.pledge_links(world.deputy).values()] == [
        (item_words, f"{pledge_page}#item-7")
    ]
    assert 'class="own">90,5<' in content(response)
    assert 'class="default">100<' in content(response)
    assert CANARY not in content(response)


def test_a_missing_target_is_counted_and_red(client, world, criteria):
    amend(criteria["A1"], default_target=None)
    TargetFactory(membership=world.leader, criterion=criteria["A1"], value=D(90))

    response = get(client, world.observer, world)

    assert content(response).count('class="missing">') == 3
    assert response.context["missing_count"] == 3


@pytest.mark.parametrize("user", ["officer", "signatory", "other_signatory", "leader_signatory", "observer"])
def test_everybody_of_the_cluster_reads_and_nobody_of_them_types(client, world, criteria, user):
    response = get(client, getattr(world, user), world)

    assert response.status_code == 200
    assert 'name="target-' not in content(response)
    assert "/targets/A3/A1/" not in content(response)


def test_the_secretary_does_not_type_into_the_column_of_the_own_unit(client, world, criteria):
    page = content(get(client, world.secretariat_at_home, world))
    open_units = [unit.unit.code for unit in world.members if f'name="target-{unit.pk}-' in page]

    assert open_units == ["A1", "A2", "A4"]


def test_a_submitted_card_closes_its_column_for_values_alone(client, world, criteria):
    card_in(CardStatus.SUBMITTED, world.member)
    card_in(CardStatus.REVIEWED, world.other)

    page = content(get(client, world.secretariat, world))

    assert [f'name="target-{unit.pk}-' in page for unit in world.members] == [True, True, False, False]
    assert ["/targets/A3/A1/" in page, "/targets/A4/A1/" in page] == [True, False]


def test_what_the_card_says_of_an_assignment_holds(client, world, criteria):
    card = card_in(CardStatus.DRAFT, world.member)
    line = line_of(card, "A1")
    line.is_assigned, line.not_assigned_reason = False, "Theo thông báo 5"
    line.save()

    assert "Theo thông báo 5" in row_of(get(client, world.secretariat, world), "A1")


def test_a_plan_that_the_card_has_overruled_is_settled_in_detail(client, world, criteria):
    TargetFactory(
        membership=world.member, criterion=criteria["A1"], value=None, is_assigned=False, not_assigned_reason="Cũ"
    )
    card_in(CardStatus.DRAFT, world.member)

    page = content(get(client, world.secretariat, world))
    response = send(client, world, mode="value", value="50")

    assert f'name="target-{world.member.pk}-' not in page
    assert "/targets/A3/A1/" in page
    assert response.status_code == 302
    assert stored() == [("A3", "A1", D(50))]


def test_the_page_narrows_to_one_unit_and_widens_to_every_criterion(client, world, criteria):
    narrow = content(get(client, world.secretariat, world, query="?unit=A3"))
    wide = get(client, world.secretariat, world, query="?all=1")

    assert [f'name="target-{unit.pk}-' in narrow for unit in world.members] == [False, False, True, False]
    assert "/targets/A3/B2/" not in narrow
    assert "/targets/A3/B2/" in content(wide)
    assert content(wide).count('name="target-') == 4


def test_a_draft_is_shown_to_the_secretariat_alone(client, world):
    CriteriaSetFactory(year=world.year, small=True)

    assert "A1" in content(get(client, world.secretariat, world)).split("<tbody>")[1]
    assert "<tbody>" not in content(get(client, world.officer, world))


def test_a_year_without_criteria_says_so(client, world):
    assert get(client, world.secretariat, world).status_code == 200
    assert post(client, world.secretariat, world, {}).status_code == 200


@pytest.mark.parametrize("unit_count", [2, 9])
@pytest.mark.parametrize(("user", "queries"), [("secretariat", 13), ("officer", 13)])
def test_the_grid_costs_the_same_for_2_and_9_units(client, unit_count, user, queries, django_assert_num_queries):
    world = reviewing_world(unit_count)
    criterion = applied_set(world.year).criteria.get(code="A1")
    for member in world.members:
        card_in(CardStatus.DRAFT, member)
        TargetFactory(membership=member, criterion=criterion)
    client.force_login(getattr(world, user))

    with django_assert_num_queries(queries):
        client.get(year_address("targets", world))


# --- typing ---


def test_one_save_writes_the_whole_grid(client, world, criteria):
    TargetFactory(membership=world.leader, criterion=criteria["A1"], value=D("90.5"))
    data = typed(
        (world.leader, criteria["A1"], "", "90,5"),
        (world.deputy, criteria["A1"], "98,75", ""),
        (world.other, criteria["A1"], "", ""),
    )

    response = post(client, world.secretariat, world, data)

    assert response.status_code == 302
    assert stored() == [("A2", "A1", D("98.75"))]


@pytest.mark.parametrize("text", ["8.75", "101", "-1", "nhiều", "1.234", "9" * 30, "NaN", "٣", "1,2345"])
def test_what_cannot_be_read_stands_in_its_cell_again_and_nothing_is_saved(client, world, criteria, text):
    data = typed((world.deputy, criteria["A1"], "90", ""), (world.other, criteria["A1"], text, ""))

    response = post(client, world.secretariat, world, data)

    page = content(response)
    assert response.status_code == 200
    assert stored() == []
    assert f'value="{text}"' in page
    assert 'value="90"' in page
    assert page.count('class="cell-error"') == 1


def test_a_cell_that_somebody_else_changed_is_shown_before_it_is_overwritten(client, world, criteria):
    TargetFactory(membership=world.other, criterion=criteria["A1"], value=D(70))
    TargetFactory(membership=world.leader, criterion=criteria["A1"], value=D(60))
    data = typed((world.other, criteria["A1"], "90", ""), (world.leader, criteria["A1"], "50", "50"))

    response = post(client, world.secretariat, world, data)
    page = content(response)
    again = post(client, world.secretariat, world, typed((world.other, criteria["A1"], "90", "70")))

    assert response.status_code == 409
    assert f'name="shown-{world.other.pk}-{criteria["A1"].pk}" value="70"' in page
    assert 'value="90"' in page
    assert 'value="60"' in page  # untouched by this person, so as it is now
    assert page.count('class="cell-error"') == 1
    assert again.status_code == 302
    assert stored() == [("A4", "A1", D(90)), ("A1", "A1", D(60))]


def test_a_card_submitted_in_the_meantime_keeps_its_targets(client, world, criteria):
    card_in(CardStatus.SUBMITTED, world.member)

    response = post(client, world.secretariat, world, typed((world.member, criteria["A1"], "90", "")))

    assert response.status_code == 200
    assert content(response).count('class="cell-error"') == 1
    assert stored() == []


def test_the_column_of_the_own_unit_is_refused_whatever_is_sent(client, world, criteria):
    data = typed((world.member, criteria["A1"], "90", ""), (world.other, criteria["A1"], "90", ""))

    assert post(client, world.secretariat_at_home, world, data).status_code == 403
    assert stored() == []


@pytest.mark.parametrize("user", ["officer", "signatory", "leader_signatory", "observer"])
def test_others_send_nothing(client, world, criteria, user):
    data = typed((world.other, criteria["A1"], "90", ""))

    assert post(client, getattr(world, user), world, data).status_code == 403
    assert stored() == []


def test_an_archived_year_is_read_only(client, world, criteria):
    world.year.phase = Phase.ARCHIVED
    world.year.save()

    page = get(client, world.secretariat, world)
    answer = post(client, world.secretariat, world, typed((world.other, criteria["A1"], "90", "")))

    assert 'name="target-' not in content(page)
    assert answer.status_code == 409
    assert stored() == []


# --- one cell in detail ---


def send(client, world, code="A1", user=None, **data):
    return post(client, user or world.secretariat, world, data, "target_edit", **cell(world, code))


def test_a_value_with_its_document(client, world, criteria):
    response = send(client, world, mode="value", value="87,5", source="KH 12-KH/TU")

    found = Target.objects.get()
    assert response.status_code == 302
    assert (found.value, found.source, found.is_assigned) == (D("87.5"), "KH 12-KH/TU", True)


def test_a_pledge_item_is_chosen_and_not_typed(client, world, criteria):
    item = PledgeItemFactory(pledge=PledgeFactory(year=world.year), target_value=D(80))
    without_number = PledgeItemFactory(pledge=item.pledge, text="Không có số")
    negative = PledgeItemFactory(pledge=item.pledge, text="Số âm", target_value=D(-5))
    foreign = PledgeItemFactory(pledge=PledgeFactory(year=world.foreign.year), text=CANARY, target_value=D(1))
    unsigned = content(get(client, world.secretariat, world, "target_edit", **cell(world, "A1")))
    too_early = send(client, world, mode="item", pledge_item=item.pk)
    for one in (item, foreign):
        PledgeSignatureFactory(pledge=one.pledge)

    page = content(get(client, world.secretariat, world, "target_edit", **cell(world, "A1")))
    refused = [send(client, world, mode="item", pledge_item=one.pk) for one in (without_number, negative, foreign)]
    response = send(client, world, mode="item", pledge_item=item.pk, value="50")

    found = Target.objects.get()
    assert item.text in page
    assert item.text not in unsigned
    for left_out in ("Không có số", "Số âm", CANARY):
        assert left_out not in page
    assert [answer.status_code for answer in (too_early, *refused)] == [200] * 4
    assert response.status_code == 302
    assert (found.pledge_item, found.value) == (item, None)


def test_not_assigned_with_its_reason_and_back(client, world, criteria):
    without = send(client, world, "B2", mode="nothing")
    taken = send(client, world, "B2", mode="nothing", not_assigned_reason="Không giao năm nay")
    reason = Target.objects.get().not_assigned_reason
    back = send(client, world, "B2", mode="all")

    assert [answer.status_code for answer in (without, taken, back)] == [200, 302, 302]
    assert reason == "Không giao năm nay"
    assert stored() == []


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"mode": "value"}, "value"),
        ({"mode": "value", "value": "8.75"}, "value"),
        ({"mode": "value", "value": "-1"}, "value"),
        ({"mode": "value", "value": "101"}, "value"),
        ({"mode": "item"}, "pledge_item"),
        ({"mode": "nothing", "not_assigned_reason": "  "}, "not_assigned_reason"),
        ({"mode": "guess"}, "mode"),
        ({}, "mode"),
    ],
)
def test_each_choice_needs_what_belongs_to_it(client, world, criteria, data, field):
    response = send(client, world, **data)

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert stored() == []


@pytest.mark.parametrize(
    ("status", "modes"),
    [
        (CardStatus.DRAFT, ["all", "value", "item", "nothing"]),
        (CardStatus.SUBMITTED, ["nothing"]),
        (CardStatus.RETURNED, ["nothing"]),
    ],
)
def test_only_what_is_possible_is_offered(client, world, criteria, status, modes):
    card_in(status, world.member)

    response = get(client, world.secretariat, world, "target_edit", **cell(world, "A1"))

    assert [mode for mode, _label in response.context["form"].fields["mode"].choices] == modes


def test_a_returned_card_is_given_a_criterion_back(client, world, criteria):
    card = card_in(CardStatus.RETURNED, world.member)
    send(client, world, "A2", mode="nothing", not_assigned_reason="Không giao năm nay")

    response = send(client, world, "A2", mode="all")

    assert response.status_code == 302
    assert line_of(card, "A2").is_assigned is True


def test_a_returned_card_is_given_a_criterion_back_with_the_target_it_had_and_no_other(client, world, criteria):
    TargetFactory(membership=world.member, criterion=criteria["A1"], value=D("90.5"), source="KH 12")
    card = card_in(CardStatus.RETURNED, world.member)
    send(client, world, mode="nothing", not_assigned_reason="Không giao năm nay")
    grid = row_of(get(client, world.secretariat, world), "A1")
    page = get(client, world.secretariat, world, "target_edit", **cell(world, "A1"))

    others = [send(client, world, mode=mode, value="50") for mode in ("all", "value", "item")]
    back = send(client, world, mode="kept", value="50")

    found = Target.objects.get()
    assert "90,5" in grid
    assert [mode for mode, _label in page.context["form"].fields["mode"].choices] == ["kept", "nothing"]
    assert "90,5" in text_of(page)
    assert [answer.status_code for answer in others] == [200] * 3
    assert back.status_code == 302
    assert (found.is_assigned, found.value, found.source) == (True, D("90.5"), "KH 12")
    assert line_of(card, "A1").is_assigned is True


def test_what_a_draft_card_is_not_assigned_keeps_its_target_in_grey(client, world, criteria):
    TargetFactory(membership=world.member, criterion=criteria["A1"], value=D("90.5"))
    send(client, world, mode="nothing", not_assigned_reason="Không giao năm nay", value="12")

    page = get(client, world.observer, world)
    found = target_grid.asked_of(world.secretariat, world.year, "A3", "A1")
    again = send(client, world, mode="value", value="80")

    with translation.override("vi"):
        kept = gettext("kept: %(target)s") % {"target": "90,5"}
    assert f'<span class="note">{kept}</span>' in content(page)
    assert (found.own, found.kept, found.is_open) == (None, D("90.5"), False)
    assert again.status_code == 302
    assert stored() == [("A3", "A1", D(80))]


def test_a_pledge_item_that_is_not_asked_any_more_is_no_link_of_the_card(world, criteria):
    item = PledgeItemFactory(pledge=PledgeFactory(year=world.year), target_value=D(80))
    target = TargetFactory(membership=world.member, criterion=criteria["A1"], value=None, pledge_item=item)
    before = target_grid.pledge_links(world.member)
    target.is_assigned, target.not_assigned_reason = False, "Không giao"
    target.save()

    assert [len(before), len(target_grid.pledge_links(world.member))] == [1, 0]


def test_a_reviewed_card_has_nothing_left_to_set(client, world, criteria):
    card_in(CardStatus.REVIEWED, world.member)

    assert get(client, world.secretariat, world, "target_edit", **cell(world, "A1")).status_code == 409
    assert send(client, world, mode="nothing", not_assigned_reason="Không giao").status_code == 409
    assert stored() == []


@pytest.mark.parametrize(
    ("user", "status"),
    [("officer", 403), ("signatory", 403), ("secretariat_at_home", 403), ("observer", 403), ("stranger", 404)],
)
def test_one_cell_is_for_the_secretariat_of_other_units(client, world, criteria, user, status):
    person = getattr(world, user)

    assert get(client, person, world, "target_edit", **cell(world, "A1")).status_code == status
    assert send(client, world, user=person, mode="value", value="50").status_code == status
    assert stored() == []


@pytest.mark.parametrize("codes", [("A3", "A"), ("A3", "Z9"), ("B1", "A1"), ("Z9", "A1")])
def test_groups_and_other_units_have_no_cell(client, world, criteria, codes):
    unit, code = codes

    assert get(client, world.secretariat, world, "target_edit", unit=unit, criterion=code).status_code == 404


def test_one_cell_shows_its_own_history(client, world, criteria):
    for unit, value in ((world.member, D(81)), (world.other, D(82))):
        target = Target(membership=unit, criterion=criteria["A1"], value=value)
        targets.save(target=target, by=world.secretariat, at=NOW)

    response = get(client, world.secretariat, world, "target_edit", **cell(world, "A1"))

    assert [(one.unit, one.after) for one in response.context["entries"]] == [("ĐV A3", "81")]


# --- the history ---


def test_everybody_of_the_cluster_reads_the_history(client, world, criteria):
    target = Target(membership=world.member, criterion=criteria["A1"], value=D(50), source="KH 12")
    targets.save(target=target, by=world.secretariat, at=NOW)
    foreign = Target(membership=world.foreign.member, criterion=applied_set(world.foreign.year).criteria.get(code="A1"))
    foreign.value = D(3)
    targets.save(target=foreign, by=world.foreign.secretariat, at=NOW)

    response = get(client, world.other_signatory, world, "targets_history")

    words = text_of(response)
    assert "24/11/2021 09:00" in words
    assert "ĐV A3 A1" in words
    assert "50 · KH 12" in words
    assert CANARY not in content(response)
    assert len(response.context["entries"]) == 1


@pytest.mark.parametrize("count", [2, 9])
def test_the_history_costs_the_same_for_2_and_9_changes(client, world, criteria, count, django_assert_num_queries):
    for value in range(1, count + 1):
        target = Target.objects.filter(membership=world.member).first() or Target(
            membership=world.member, criterion=criteria["A1"]
        )
        target.value = D(value)
        targets.save(target=target, by=world.secretariat, at=NOW)
    client.force_login(world.secretariat)

    with django_assert_num_queries(10):
        client.get(year_address("targets_history", world))


def test_a_year_without_changes_has_an_empty_history(client, world):
    response = get(client, world.officer, world, "targets_history")

    assert response.status_code == 200
    assert response.context["entries"] == []


def test_the_set_in_force_is_the_one_that_is_shown(client, world, criteria):
    CriteriaSetFactory(year=world.year, version=2)

    assert CriteriaSet.objects.filter(year=world.year, status=SetStatus.DRAFT).exists()
    assert "A1" in content(get(client, world.secretariat, world)).split("<tbody>")[1]
