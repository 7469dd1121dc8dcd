from decimal import Decimal

import pytest
from django.urls import reverse

from members.addresses import year_url
from members.enums import Phase
from scoring.enums import CriterionKind, SetStatus
from scoring.models import CriteriaSet, Criterion, Target
from scoring.services import criteria_sets
from tests.factories.awards import PledgeItemFactory, PledgeSignatureFactory
from tests.factories.scoring import CriteriaSetFactory, ScorecardFactory, TargetFactory
from tests.journeys.screens import vi
from tests.scenarios import CANARY, NOW, two_clusters

pytestmark = pytest.mark.django_db


def build_world():
    built = two_clusters()
    built.draft = CriteriaSetFactory(year=built.year, small=True, title="Bảng của A")
    built.foreign_draft = CriteriaSetFactory(year=built.foreign.year, small=True, title="Bảng của B")
    return built


def change_url(criteria_set):
    return reverse("admin:scoring_criteriaset_change", args=[criteria_set.pk])


def apply_url(criteria_set):
    return reverse("admin:scoring_criteriaset_apply", args=[criteria_set.pk])


def inline_form(criteria_set, **changes):
    """The set's page as a browser would post it, with some cells changed: {"A1-max_points": "40"}."""
    rows = list(criteria_set.criteria.order_by("order", "pk"))
    form = {
        "year": criteria_set.year_id,
        "version": criteria_set.version,
        "title": criteria_set.title,
        "declared_total": "100",
        "criteria-TOTAL_FORMS": len(rows),
        "criteria-INITIAL_FORMS": len(rows),
    }
    for place, row in enumerate(rows):
        cells = {
            "id": row.pk,
            "criteria_set": criteria_set.pk,
            "order": row.order,
            "code": row.code,
            "parent": row.parent_id or "",
            "title": row.title,
            "section": row.section,
            "kind": row.kind,
            "max_points": _typed(row.max_points),
            "points_per_item": _typed(row.points_per_item),
            "default_target": _typed(row.default_target),
        }
        for name, value in cells.items():
            form[f"criteria-{place}-{name}"] = changes.get(f"{row.code}-{name}", value)
    return form


def _typed(value):
    return "" if value is None else str(value).replace(".", ",")


def test_list_shows_the_sets_of_the_own_cluster(client, world):
    client.force_login(world.secretariat)

    page = client.get(reverse("admin:scoring_criteriaset_changelist")).content.decode()

    assert "Bảng của A" in page
    assert "Bảng của B" not in page


@pytest.mark.parametrize("relation", ["of", "sg", "ot", "fo", "L", "D", "R", "O"])
def test_only_the_secretariat_opens_and_applies_a_set(client, world, relation):
    client.force_login(world.people()[relation])

    assert client.get(change_url(world.draft)).status_code in (403, 404)
    assert client.post(apply_url(world.draft)).status_code in (403, 404)
    assert CriteriaSet.objects.get(pk=world.draft.pk).status == SetStatus.DRAFT


def test_set_of_a_foreign_cluster_is_not_known(client, world):
    client.force_login(world.secretariat)

    assert client.post(apply_url(world.foreign_draft)).status_code == 404
    assert CriteriaSet.objects.get(pk=world.foreign_draft.pk).status == SetStatus.DRAFT


def test_draft_is_edited_in_place(client, world):
    client.force_login(world.secretariat)

    response = client.post(change_url(world.draft), inline_form(world.draft, **{"A1-max_points": "32,5"}))

    assert response.status_code == 302
    assert Criterion.objects.get(criteria_set=world.draft, code="A1").max_points == Decimal("32.50")


def test_wrong_number_keeps_what_was_typed(client, world):
    client.force_login(world.secretariat)

    response = client.post(change_url(world.draft), inline_form(world.draft, **{"A1-max_points": "32.5"}))

    assert response.status_code == 200
    assert 'value="32.5"' in response.content.decode()
    assert Criterion.objects.get(criteria_set=world.draft, code="A1").max_points == Decimal(30)


def test_group_inside_itself_is_refused(client, world):
    client.force_login(world.secretariat)
    group = world.draft.criteria.get(code="A")

    response = client.post(change_url(world.draft), inline_form(world.draft, **{"A-parent": group.pk}))

    assert response.status_code == 200
    assert world.draft.criteria.get(code="A").parent is None


def test_apply_names_every_node_that_does_not_add_up(client, world):
    Criterion.objects.filter(criteria_set=world.draft, code="A1").update(max_points=29)
    client.force_login(world.secretariat)

    response = client.post(apply_url(world.draft))

    assert response.status_code == 200
    sentence = "%(name)s declares %(declared)s, but its parts sum to %(total)s (difference %(difference)s)."
    values = {"name": vi("It"), "declared": "70,00", "total": "69,00", "difference": "1,00"}
    assert response.context["skipped"] == [f"A: {vi(sentence) % values}"]
    assert CriteriaSet.objects.get(pk=world.draft.pk).status == SetStatus.DRAFT


def test_applied_set_is_read_only(client, world):
    client.force_login(world.secretariat)
    client.post(apply_url(world.draft))

    response = client.post(change_url(world.draft), inline_form(world.draft, **{"A1-max_points": "1"}))

    assert CriteriaSet.objects.get(pk=world.draft.pk).status == SetStatus.APPLIED
    assert response.status_code == 403
    assert Criterion.objects.get(criteria_set=world.draft, code="A1").max_points == Decimal(30)


def test_levels_of_a_criterion_are_replaced(client, world):
    client.force_login(world.secretariat)
    criterion = world.draft.criteria.get(code="A3")
    levels = list(criterion.levels.order_by("position"))
    form = {
        "code": criterion.code,
        "order": criterion.order,
        "parent": criterion.parent_id,
        "title": criterion.title,
        "section": criterion.section,
        "kind": CriterionKind.LEVELS,
        "max_points": "20",
        "direction": criterion.direction,
        "how_computed": "Theo mức",
        "evidence_required": "Thông báo",
        "levels-TOTAL_FORMS": len(levels),
        "levels-INITIAL_FORMS": len(levels),
        "source_rules-TOTAL_FORMS": 0,
        "source_rules-INITIAL_FORMS": 0,
    }
    for place, level in enumerate(levels):
        form |= {
            f"levels-{place}-id": level.pk,
            f"levels-{place}-criterion": criterion.pk,
            f"levels-{place}-position": level.position,
            f"levels-{place}-label": level.label,
            f"levels-{place}-points": "17" if place == 1 else _typed(level.points),
        }

    client.post(reverse("admin:scoring_criterion_change", args=[criterion.pk]), form)

    points = [str(level.points) for level in criterion.levels.order_by("position")]
    assert points == ["20.00", "17.00", "10.00", "0.00"]


def test_target_is_set_for_other_units_only(client, world):
    client.force_login(world.secretariat_at_home)
    criterion = world.draft.criteria.get(code="A1")
    url = reverse("admin:scoring_target_add")
    form = {"criterion": criterion.pk, "value": "98,5", "source": "Kế hoạch", "is_assigned": "on"}

    allowed = client.post(url, form | {"membership": world.other.pk})
    refused = client.post(url, form | {"membership": world.member.pk})

    assert (allowed.status_code, refused.status_code) == (302, 403)
    assert list(Target.objects.values_list("membership", "value")) == [(world.other.pk, Decimal("98.50"))]


def test_target_of_a_submitted_card_stays(client, world):
    world.year.phase = Phase.REVIEWING
    world.year.save()
    CriteriaSet.objects.filter(pk=world.draft.pk).update(status=SetStatus.APPLIED)
    card = ScorecardFactory(membership=world.member, submitted=True)
    target = TargetFactory(membership=world.member, criterion=card.criteria_set.criteria.get(code="A1"), value=100)
    client.force_login(world.secretariat)

    response = client.post(
        reverse("admin:scoring_target_change", args=[target.pk]),
        {"membership": world.member.pk, "criterion": target.criterion_id, "value": "50", "is_assigned": "on"},
    )

    assert response.status_code == 409
    assert Target.objects.get(pk=target.pk).value == Decimal(100)


def criterion_form(criterion, **changes):
    """The page of a criterion without a table as a browser would post it."""
    return {
        "code": criterion.code,
        "order": criterion.order,
        "parent": criterion.parent_id,
        "title": criterion.title,
        "section": criterion.section,
        "kind": criterion.kind,
        "max_points": _typed(criterion.max_points),
        "points_per_item": _typed(criterion.points_per_item),
        "unit_of_measure": criterion.unit_of_measure,
        "direction": criterion.direction,
        "how_computed": criterion.how_computed,
        "evidence_required": criterion.evidence_required,
        "levels-TOTAL_FORMS": 0,
        "levels-INITIAL_FORMS": 0,
        "source_rules-TOTAL_FORMS": 0,
        "source_rules-INITIAL_FORMS": 0,
    } | changes


def criterion_url(criterion):
    return reverse("admin:scoring_criterion_change", args=[criterion.pk])


def test_new_columns_and_rules_of_the_source_are_edited(client, world):
    client.force_login(world.secretariat)
    criterion = world.draft.criteria.get(code="E1")
    rule = {"level": "province", "recipient_kind": "collective", "campaign_kind": "", "amount": "2,5", "award_form": ""}

    response = client.post(
        criterion_url(criterion),
        criterion_form(criterion, step="0,5", source="commendations")
        | {"source_rules-TOTAL_FORMS": 1}
        | {f"source_rules-0-{name}": value for name, value in rule.items()}
        | {"source_rules-0-criterion": criterion.pk},
    )

    assert response.status_code == 302
    stored = Criterion.objects.get(pk=criterion.pk)
    assert (stored.step, stored.source) == (Decimal("0.5"), "commendations")
    assert list(stored.source_rules.values_list("level", "amount")) == [("province", Decimal("2.5"))]


def test_what_the_service_refuses_is_said_in_the_form(client, world):
    client.force_login(world.secretariat)
    criterion = world.draft.criteria.get(code="A1")
    TargetFactory(membership=world.member, criterion=criterion)

    response = client.post(criterion_url(criterion), criterion_form(criterion, kind="boolean"))

    assert response.status_code == 200
    assert vi("Units have targets for it. Take the targets away first.") in response.content.decode()
    assert Criterion.objects.get(pk=criterion.pk).kind == CriterionKind.RATIO


def test_the_page_of_a_set_leads_to_the_tree_as_long_as_it_is_a_draft(client, world):
    client.force_login(world.secretariat)
    edit = year_url("scoring:criteria_edit", world.year)

    before = client.get(change_url(world.draft)).content.decode()
    client.post(apply_url(world.draft))
    after = client.get(change_url(world.draft)).content.decode()

    assert (edit in before, edit in after) == (True, False)


def test_criterion_of_an_applied_set_is_read_only(client, world):
    client.force_login(world.secretariat)
    criterion = world.draft.criteria.get(code="A1")
    client.post(apply_url(world.draft))

    answers = [client.get(criterion_url(criterion)), client.post(criterion_url(criterion), criterion_form(criterion))]

    assert [answer.status_code for answer in answers] == [200, 403]
    assert 'name="max_points"' not in answers[0].content.decode()


def test_applying_a_later_version_shows_what_it_changes(client, world):
    client.force_login(world.secretariat)
    client.post(apply_url(world.draft))
    draft = criteria_sets.new_version(criteria_set=world.draft, by=world.secretariat, at=NOW)
    draft.criteria.filter(code="A1").update(title="Tên mới")

    page = client.get(apply_url(draft)).content.decode()
    client.post(apply_url(draft))

    assert "Tỷ lệ nhiệm vụ hoàn thành → Tên mới" in page
    assert CriteriaSet.objects.get(pk=world.draft.pk).status == SetStatus.REPLACED


def test_a_later_version_is_not_applied_once_a_card_was_submitted(client, world):
    client.force_login(world.secretariat)
    client.post(apply_url(world.draft))
    draft = criteria_sets.new_version(criteria_set=world.draft, by=world.secretariat, at=NOW)
    ScorecardFactory(membership=world.member, submitted=True)

    shown, posted = client.get(apply_url(draft)), client.post(apply_url(draft))

    assert (shown.status_code, posted.status_code) == (200, 409)
    assert shown.context["submit_label"] == ""
    assert CriteriaSet.objects.get(pk=draft.pk).status == SetStatus.DRAFT


def test_a_criterion_is_not_assigned_with_a_reason(client, world):
    client.force_login(world.secretariat)
    url, criterion = reverse("admin:scoring_target_add"), world.draft.criteria.get(code="B1")
    form = {"membership": world.other.pk, "criterion": criterion.pk}

    refused = client.post(url, form)
    saved = client.post(url, form | {"not_assigned_reason": "Đơn vị không có nhiệm vụ này"})

    assert (refused.status_code, saved.status_code) == (200, 302)
    assert Target.objects.get().not_assigned_reason == "Đơn vị không có nhiệm vụ này"


def test_a_target_points_to_an_item_of_the_pledge_of_the_own_cluster(client, world):
    client.force_login(world.secretariat)
    own, foreign = (
        PledgeItemFactory(pledge__year=year, text=text, target_value=88)
        for year, text in ((world.year, "Chỉ tiêu của A"), (world.foreign.year, CANARY))
    )
    PledgeSignatureFactory(pledge=own.pledge, membership=world.member)
    url, criterion = reverse("admin:scoring_target_add"), world.draft.criteria.get(code="A1")
    form = {"membership": world.other.pk, "criterion": criterion.pk, "is_assigned": "on"}

    page = client.get(url).content.decode()
    answers = [client.post(url, form | {"pledge_item": item.pk}).status_code for item in (foreign, own)]

    assert CANARY not in page
    assert answers == [200, 302]
    assert Target.objects.get().pledge_item == own
    assert "88" in client.get(reverse("admin:scoring_target_changelist")).content.decode()
