"""What the database itself refuses: changes of a criteria set in force, and of the records behind an approved card."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from scoring.enums import CriterionKind, SetStatus
from scoring.models import CriteriaSet, Criterion, CriterionLevel, LineRecord, ScoreLine, SourceRule
from tests.factories.scoring import (
    CriteriaSetFactory,
    CriterionFactory,
    CriterionLevelFactory,
    ScorecardFactory,
    SourceRuleFactory,
    put_into_force,
    unfrozen,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def criteria_set():
    """A set in force with one level and one source rule."""
    draft = CriteriaSetFactory()
    CriterionLevelFactory(criterion=CriterionFactory(criteria_set=draft, code="A1", kind=CriterionKind.LEVELS))
    SourceRuleFactory(criterion=Criterion.objects.get(code="A1"))
    return put_into_force(draft)


CHANGES = {
    "criterion added": lambda found: CriterionFactory(criteria_set=found),
    "criterion changed": lambda found: found.criteria.update(max_points=Decimal(9)),
    "criterion moved in": lambda found: Criterion.objects.exclude(criteria_set=found).update(criteria_set=found),
    "criterion removed": lambda found: Criterion.objects.filter(criteria_set=found)._raw_delete("default"),
    "level added": lambda found: CriterionLevelFactory(criterion=found.criteria.get(), position=9),
    "level changed": lambda found: CriterionLevel.objects.update(points=Decimal(1)),
    "level removed": lambda found: CriterionLevel.objects.all().delete(),
    "rule added": lambda found: SourceRuleFactory(criterion=found.criteria.get(), level="state"),
    "rule changed": lambda found: SourceRule.objects.update(amount=Decimal(2)),
    "rule removed": lambda found: SourceRule.objects.all().delete(),
    "title changed": lambda found: CriteriaSet.objects.filter(pk=found.pk).update(title="Khác"),
    "total changed": lambda found: CriteriaSet.objects.filter(pk=found.pk).update(declared_total=Decimal(5)),
    "sharing allowed": lambda found: CriteriaSet.objects.filter(pk=found.pk).update(allows_shared_records=True),
    "made a draft again": lambda found: CriteriaSet.objects.filter(pk=found.pk).update(status=SetStatus.DRAFT),
    "set removed": lambda found: CriteriaSet.objects.filter(pk=found.pk)._raw_delete("default"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_set_in_force_does_not_change_on_any_path(criteria_set, change):
    CriterionFactory(code="Z0")
    levels, rules = CriterionLevel.objects.values_list("points", flat=True), SourceRule.objects.values_list("amount")
    before = (list(criteria_set.criteria.values_list()), list(levels), list(rules))

    with pytest.raises(IntegrityError), transaction.atomic():
        CHANGES[change](criteria_set)

    assert (list(criteria_set.criteria.values_list()), list(levels.all()), list(rules.all())) == before


@pytest.mark.parametrize("change", [name for name in CHANGES if name not in ("criterion removed", "set removed")])
def test_without_the_triggers_each_of_these_changes_would_succeed(criteria_set, change):
    CriterionFactory(code="Z0")

    with unfrozen():
        CHANGES[change](criteria_set)


def test_a_set_in_force_may_be_replaced_and_then_never_comes_back(criteria_set):
    CriteriaSet.objects.filter(pk=criteria_set.pk).update(status=SetStatus.REPLACED)

    with pytest.raises(IntegrityError), transaction.atomic():
        CriteriaSet.objects.filter(pk=criteria_set.pk).update(status=SetStatus.APPLIED)

    criteria_set.refresh_from_db()
    assert criteria_set.status == SetStatus.REPLACED


RECORDS = {
    "added": lambda line: LineRecord.objects.create(line=line, key="commendation:2", text="Bằng khen"),
    "changed": lambda line: LineRecord.objects.filter(line=line).update(text="Khác"),
    "removed": lambda line: LineRecord.objects.filter(line=line).delete(),
}


def _line_with_a_record(**trait) -> ScoreLine:
    card = ScorecardFactory(**trait)
    line = card.lines.get(criterion__code="E1")
    with unfrozen():
        LineRecord.objects.create(line=line, key="commendation:1", text="Bằng khen của Thủ tướng")
    return line


@pytest.mark.parametrize("change", RECORDS)
def test_the_records_of_an_approved_card_stay(change):
    line = _line_with_a_record(approved=True)

    with pytest.raises(IntegrityError), transaction.atomic():
        RECORDS[change](line)

    assert list(line.records.values_list("key", "text")) == [("commendation:1", "Bằng khen của Thủ tướng")]


@pytest.mark.parametrize("change", RECORDS)
def test_the_records_of_a_reviewed_card_may_change(change):
    RECORDS[change](_line_with_a_record(reviewed=True))
