"""What the annexes of votes, promises and criteria need beside a year at its end, and years wider than a sheet."""

from datetime import date
from decimal import Decimal

from awards.enums import RecipientKind, TargetDirection
from cluster_app.documents.blocks import Table
from members.enums import Phase
from scoring.enums import CardStatus, CriterionKind, Stage
from scoring.models import Criterion, Scorecard, ScoreLine
from scoring.year_end import figures as year_figures
from scoring.year_end.enums import Edition
from scoring.year_end.printing import annexes_of
from scoring.year_end.summary import compose
from tests.factories.awards import AwardFormFactory, CommendationFactory
from tests.factories.members import EmulationYearFactory, MembershipFactory
from tests.factories.scoring import (
    SUBMITTED_AT,
    CriteriaSetFactory,
    CriterionFactory,
    TargetFactory,
    put_into_force,
)
from tests.scoring.year_end_scenes import DATED_ON, reread


def official(world):
    return compose(year_figures.of(reread(world)), {}, Edition.OFFICIAL, number="03", dated_on=DATED_ON)


def draft(world):
    return compose(year_figures.of(reread(world)), {}, Edition.DRAFT)


def tables_of(document, number):
    return [block for block in annexes_of(document)[number].blocks if isinstance(block, Table)]


def cells_of(document, number):
    """The rows of an annex as they are read: the cells of all of its tables."""
    return [row.cells for table in tables_of(document, number) for row in table.rows]


def promise(world, order, code, *, target, direction=TargetDirection.AT_LEAST, measure="%", members=None):
    """A criterion of these units, all without any given, is measured by an item of the pledge."""
    item = world.year.pledges.get().items.get(order=order)
    item.target_value, item.direction, item.unit_of_measure = Decimal(target), direction, measure
    item.save()
    criterion = Criterion.objects.get(criteria_set__year=world.year, code=code)
    for membership in world.members if members is None else members:
        TargetFactory(membership=membership, criterion=criterion, value=None, pledge_item=item)
    return item


def commend(membership, recipient, number, day, *, name="Bằng khen", **fields):
    """A commendation of a collective by a decision of that number and day."""
    decided = {"decision__number": number, "decision__decided_on": day}
    values = {"recipient_kind": RecipientKind.COLLECTIVE, "confirmed": True} | fields
    return CommendationFactory(
        membership=membership,
        recipient=recipient,
        award_form=AwardFormFactory(province=True, name=name, valid_from=date(2010, 1, 1)),
        **decided,
        **values,
    )


def wide_year(unit_count, leaf_count):
    """A year of so many units, their cards reviewed, with a group of criteria for every ten leaves; in the unit at
    place n (from 0) every leaf has 5 + n / 100 points."""
    year = EmulationYearFactory(phase=Phase.CONFERENCE)
    criteria_set = CriteriaSetFactory(year=year, declared_total=Decimal(10 * leaf_count))
    for number in range(leaf_count):
        if number % 10 == 0:
            group = CriterionFactory(
                criteria_set=criteria_set, code=f"N{number}", kind=CriterionKind.GROUP, max_points=Decimal(100)
            )
        CriterionFactory(criteria_set=criteria_set, parent=group, code=f"T{number}")
    put_into_force(criteria_set)
    leaves = list(criteria_set.criteria.exclude(kind=CriterionKind.GROUP).order_by("order", "pk"))
    for place in range(unit_count):
        points = Decimal(5) + Decimal(place) / 100
        member = MembershipFactory(year=year, protocol_order=place + 1)
        total = points * leaf_count
        card = Scorecard.objects.create(
            membership=member,
            criteria_set=criteria_set,
            status=CardStatus.REVIEWED,
            submitted_at=SUBMITTED_AT,
            reviewed_total=total,
            base_points=total,
            bonus_points=0,
            penalty_points=0,
            total_points=total,
        )
        scored = {f"{stage}_points": points for stage in Stage.values}
        valued = {f"{stage}_value": 1 for stage in Stage.values}
        ScoreLine.objects.bulk_create(
            ScoreLine(
                scorecard=card, criterion=leaf, section=leaf.section, max_points=leaf.max_points, **scored, **valued
            )
            for leaf in leaves
        )
    return type(year).objects.select_related("cluster", "rules").get(pk=year.pk)
