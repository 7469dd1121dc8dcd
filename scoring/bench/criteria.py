"""The criteria set of the bench: every kind of criterion among its leaves, each leaf of 10 points, with the values that
units have and the points these give. The points are worked out here anew, from the formulas of domain.md 5.2."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from cluster_app.lib.points import ratio, to_points
from members.models import EmulationYear
from scoring.enums import CriterionKind, Section, SetStatus
from scoring.models import CriteriaSet, Criterion, CriterionLevel

MAXIMUM = 10
_ROOTS = "ABCDE"
_LEVELS = (("Xuất sắc", 10), ("Tốt", 8), ("Khá", 5), ("Không đạt", 0))
_BANDS = (("Dưới 50", 4, 0, 50), ("Từ 50 đến dưới 80", 7, 50, 80), ("Từ 80", 10, 80, None))
_TARGET = 100
_LARGEST_EXCESS = 50

Scored = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class Kind:
    """Parameters of a leaf, and value and points by a number, which differs from unit to unit."""

    parameters: dict[str, object]
    scored: Callable[[int], Scored]


def _counted(number: int, points: int) -> Scored:
    return Decimal(number), Decimal(points)


def _led(unit: int) -> Scored:
    """Half of the maximum for the target, the other half by the excess beside that of the best unit, the first (W1)."""
    excess = _LARGEST_EXCESS - unit % 15 * 3
    return Decimal(_TARGET + excess), to_points(ratio(MAXIMUM, _LARGEST_EXCESS + excess, 2 * _LARGEST_EXCESS))


def _band(number: int) -> Scored:
    value = number % 20 * 5
    return _counted(value, next(points for _label, points, start, _end in reversed(_BANDS) if value >= start))


_PERCENT = {"unit_of_measure": "%", "default_target": _TARGET}
_PER_TWO = {"unit_of_measure": "văn bản", "points_per_item": 2}
BASE = {
    CriterionKind.RATIO: Kind(_PERCENT, lambda n: (Decimal(80 + n % 20), Decimal(80 + n % 20) / 10)),
    CriterionKind.RATIO_LEADER: Kind({"unit_of_measure": "tin, bài", "default_target": _TARGET}, _led),
    CriterionKind.PER_ITEM: Kind(_PER_TWO, lambda n: _counted(n % 6, n % 6 * 2)),
    CriterionKind.LEVELS: Kind({}, lambda n: _counted(n % 4 + 1, _LEVELS[n % 4][1])),
    CriterionKind.BANDS: Kind({"unit_of_measure": "%"}, _band),
    CriterionKind.BOOLEAN: Kind({}, lambda n: _counted(n % 2, n % 2 * MAXIMUM)),
    CriterionKind.DEDUCT: Kind(_PER_TWO, lambda n: _counted(n % 3, MAXIMUM - n % 3 * 2)),
    CriterionKind.JUDGED: Kind({"step": Decimal("0.5")}, lambda n: (Decimal(n % 21) / 2, Decimal(n % 21) / 2)),
}
KINDS = BASE | {
    CriterionKind.BONUS: Kind(_PER_TWO, lambda n: _counted(n % 3, n % 3 * 2)),
    CriterionKind.PENALTY: Kind(_PER_TWO, lambda n: _counted(n % 2, n % 2 * -2)),
}
_KINDS_OF = {
    Section.BASE: [*BASE],
    Section.BONUS: [CriterionKind.BONUS],
    Section.PENALTY: [CriterionKind.PENALTY],
}
# Fewer leaves could not hold every kind.
LEAST = len(KINDS)


def scored(leaf: Criterion, unit: int, place: int) -> Scored:
    """Value and points of a leaf for the unit number `unit`; others for the leaf at another `place`."""
    kind = CriterionKind(leaf.kind)
    return KINDS[kind].scored(unit if kind == CriterionKind.RATIO_LEADER else unit + place)


def plant(year: EmulationYear, count: int) -> list[Criterion]:
    """Writes the applied set of `year` with `count` leaves in seven groups, and returns the leaves in printed order."""
    extra = max(1, count // 15)
    base = count - 2 * extra
    criteria_set = CriteriaSet.objects.create(
        year=year, title="Bảng tiêu chí chấm điểm", declared_total=Decimal(base * MAXIMUM)
    )
    sizes = [base // len(_ROOTS) + (place < base % len(_ROOTS)) for place in range(len(_ROOTS))]
    plan = [(code, Section.BASE, size) for code, size in zip(_ROOTS, sizes, strict=True)]
    plan += [("F", Section.BONUS, extra), ("G", Section.PENALTY, extra)]
    roots = [_root(criteria_set, place, *row) for place, row in enumerate(plan)]
    Criterion.objects.bulk_create(roots)
    leaves: list[Criterion] = []
    for root, (_code, section, size) in zip(roots, plan, strict=True):
        for number in range(1, size + 1):
            kinds = _KINDS_OF[section]
            leaves.append(_leaf(root, number, kinds[len(leaves) % len(kinds)]))
    Criterion.objects.bulk_create(leaves)
    CriterionLevel.objects.bulk_create([level for leaf in leaves for level in _levels(leaf)])
    # Applied at the end: the criteria of an applied set can no longer be written.
    CriteriaSet.objects.filter(pk=criteria_set.pk).update(status=SetStatus.APPLIED)
    return leaves


def _root(criteria_set: CriteriaSet, place: int, code: str, section: Section, size: int) -> Criterion:
    return Criterion(
        criteria_set=criteria_set,
        code=code,
        order=place * 100,
        title=f"Nhóm tiêu chí {code}",
        section=section,
        kind=CriterionKind.GROUP,
        max_points=Decimal(size * MAXIMUM),
    )


def _leaf(root: Criterion, number: int, kind: CriterionKind) -> Criterion:
    return Criterion(
        criteria_set=root.criteria_set,
        parent=root,
        code=f"{root.code}{number}",
        order=root.order + number,
        title=f"Kết quả thực hiện nhiệm vụ {number} của nhóm {root.code} theo chương trình công tác năm",
        section=root.section,
        kind=kind,
        max_points=Decimal(MAXIMUM),
        how_computed="Điểm được tính theo kết quả thực hiện so với mức được giao từ đầu năm",
        evidence_required="Báo cáo năm, số và ngày của văn bản",
        **KINDS[kind].parameters,
    )


def _levels(leaf: Criterion) -> list[CriterionLevel]:
    rows: list[tuple] = []
    if leaf.kind == CriterionKind.LEVELS:
        rows = [(label, points, None, None) for label, points in _LEVELS]
    elif leaf.kind == CriterionKind.BANDS:
        rows = list(_BANDS)
    return [
        CriterionLevel(
            criterion=leaf, position=place, label=label, points=Decimal(points), from_value=start, to_value=end
        )
        for place, (label, points, start, end) in enumerate(rows, start=1)
    ]
