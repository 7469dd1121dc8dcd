"""The criteria set of domain.md 5.5 and the targets of the units."""

from datetime import datetime
from decimal import Decimal

from awards.models import PledgeItem
from members.models import EmulationYear, User
from scoring.criteria_nodes import LevelNode, Node, RuleNode
from scoring.demo import files
from scoring.demo.files import decimal
from scoring.demo.foundation import members_of
from scoring.enums import Direction
from scoring.models import CriteriaSet, Criterion, Target
from scoring.services import criteria, criteria_sets
from scoring.services import targets as target_service

DECLARED_TOTAL = "1000"


def applied_set(year: EmulationYear, by: User, at: datetime) -> CriteriaSet:
    """Enters the whole sheet as a draft, then applies it as the secretariat would."""
    criteria_set = CriteriaSet(
        year=year, title=f"Bảng tiêu chí chấm điểm năm {year.year}", declared_total=decimal(DECLARED_TOTAL)
    )
    criteria.save_set(criteria_set=criteria_set, by=by, at=at)
    nodes = [_node(row) for row in files.rows("criteria")]
    criteria_sets.replace_nodes(criteria_set=criteria_set, nodes=nodes, by=by, at=at)
    return criteria_sets.apply(criteria_set=criteria_set, by=by, at=at).criteria_set


def _node(row: files.Row) -> Node:
    code = row["code"]
    levels = sorted(files.rows("levels", code=code), key=lambda level: int(level["position"]))
    return Node(
        code=code,
        parent=row["parent"],
        title=row["title"],
        section=row["section"],
        kind=row["kind"],
        max_points=decimal(row["max_points"]),
        unit_of_measure=row["unit_of_measure"],
        default_target=decimal(row["default_target"]),
        direction=row["direction"] or Direction.HIGHER,
        points_per_item=decimal(row["points_per_item"]),
        source=row["fed_from"],
        overclaim_percent=decimal(row["overclaim_percent"]),
        how_computed=row["how_computed"],
        evidence_required=row["evidence_required"],
        levels=tuple(LevelNode(level["label"], Decimal(level["points"])) for level in levels),
        source_rules=tuple(_rule(rule) for rule in files.rows("source_rules", code=code)),
    )


def _rule(row: files.Row) -> RuleNode:
    return RuleNode(
        amount=Decimal(row["amount"]),
        level=row["level"],
        recipient_kind=row["recipient_kind"],
        campaign_kind=row["campaign_kind"],
    )


def targets(year: EmulationYear, secretary_for, at: datetime) -> None:
    """Sets the units' own targets, typed ones and those of the signed pledge; each by a member of the secretariat who
    does not come from that unit."""
    members = members_of(year)
    leaves = {leaf.code: leaf for leaf in Criterion.objects.filter(criteria_set__year=year)}
    for row in files.rows(f"targets_{year.year}"):
        target = Target(
            membership=members[row["unit"]],
            criterion=leaves[row["criterion"]],
            value=decimal(row["value"]),
            source=f"{row['description']} ({row['unit_of_measure']})",
        )
        target_service.save(target=target, by=secretary_for(row["unit"]), at=at)
    items = {item.order: item for item in PledgeItem.objects.filter(pledge__year=year)}
    for row in files.rows("pledged_targets"):
        for code, membership in members.items():
            target = Target(
                membership=membership, criterion=leaves[row["criterion"]], pledge_item=items[int(row["pledge_item"])]
            )
            target_service.save(target=target, by=secretary_for(code), at=at)
