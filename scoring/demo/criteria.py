"""The criteria set of domain.md 5.5 and the targets of the units."""

from datetime import datetime

from members.models import EmulationYear, User
from scoring.demo import files
from scoring.demo.files import decimal
from scoring.demo.foundation import members_of
from scoring.enums import Direction
from scoring.models import CriteriaSet, Criterion, CriterionLevel, Target
from scoring.services import criteria

DECLARED_TOTAL = "1000"


def applied_set(year: EmulationYear, by: User, at: datetime) -> CriteriaSet:
    """Enters the whole sheet as a draft, then applies it as the secretariat would."""
    criteria_set = CriteriaSet(
        year=year, title=f"Bảng tiêu chí chấm điểm năm {year.year}", declared_total=decimal(DECLARED_TOTAL)
    )
    criteria.save_set(criteria_set=criteria_set, by=by, at=at)
    nodes: dict[str, Criterion] = {}
    for place, row in enumerate(files.rows("criteria"), start=1):
        nodes[row["code"]] = Criterion.objects.create(
            criteria_set=criteria_set,
            parent=nodes.get(row["parent"]),
            code=row["code"],
            order=place,
            title=row["title"],
            section=row["section"],
            kind=row["kind"],
            max_points=decimal(row["max_points"]),
            unit_of_measure=row["unit_of_measure"],
            default_target=decimal(row["default_target"]),
            direction=row["direction"] or Direction.HIGHER,
            points_per_item=decimal(row["points_per_item"]),
            how_computed=row["how_computed"],
            evidence_required=row["evidence_required"],
        )
    CriterionLevel.objects.bulk_create(
        CriterionLevel(
            criterion=nodes[row["code"]],
            position=int(row["position"]),
            label=row["label"],
            points=decimal(row["points"]),
        )
        for row in files.rows("levels")
    )
    return criteria.apply(criteria_set=criteria_set, by=by, at=at)


def targets(year: EmulationYear, secretary_for, at: datetime) -> None:
    """Sets the units' own targets; each by a member of the secretariat who does not come from that unit."""
    members = members_of(year)
    leaves = {leaf.code: leaf for leaf in Criterion.objects.filter(criteria_set__year=year)}
    for row in files.rows(f"targets_{year.year}"):
        target = Target(
            membership=members[row["unit"]],
            criterion=leaves[row["criterion"]],
            value=decimal(row["value"]),
            source=f"{row['description']} ({row['unit_of_measure']})",
        )
        criteria.set_target(target=target, by=secretary_for(row["unit"]), at=at)
