from decimal import Decimal

import pytest
from django.urls import reverse

from members.enums import Phase
from scoring.enums import CriterionKind, SetStatus
from scoring.models import CriteriaSet, Criterion, Target
from tests.factories.scoring import CriteriaSetFactory, ScorecardFactory, TargetFactory
from tests.scenarios import two_clusters

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
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
    assert response.context["skipped"] == ["A ghi 70,00 điểm nhưng các phần cộng lại là 69,00 (lệch 1,00)."]
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
    form = {"criterion": criterion.pk, "value": "98,5", "source": "Kế hoạch"}

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
        {"membership": world.member.pk, "criterion": target.criterion_id, "value": "50", "source": ""},
    )

    assert response.status_code == 409
    assert Target.objects.get(pk=target.pk).value == Decimal(100)
