"""Annexes 2 and 2b: the commendations by level and recipient, and by unit."""

from awards.calculations import Breakdown, Count
from awards.enums import AwardLevel, AwardSystem
from awards.queries import UnitRow
from cluster_app.documents.blocks import Column, HeaderGroup, Row, RowKind, Table, group_row
from cluster_app.lib.wording import roman, whole_number
from scoring.year_end import cells
from scoring.year_end.cells import CENTRED, NUMBER, Cell
from scoring.year_end.figures import Figures
from scoring.year_end.sentences import LEVEL_NAMES, direct_workers, tally_period

_SYSTEM_NAMES = {AwardSystem.PARTY: "của Đảng", AwardSystem.ORGANISATION: "của các đoàn thể"}


def by_level(figures: Figures) -> Table:
    """Annex 2: every title and form under its level, with subtotals."""
    tally = figures.tally
    households = bool(tally.total.household)
    columns = (
        Column("TT", 5, align=CENTRED),
        Column("Danh hiệu thi đua, hình thức khen thưởng", 38),
        Column("Cấp", 11, align=CENTRED),
        *(Column(title, 8, NUMBER) for title in _recipient_titles(households)),
        Column("Cộng", 8, NUMBER, is_strong=True),
        Column("Công trạng", 8, NUMBER),
        Column("Chuyên đề", 8, NUMBER),
        Column("Đột xuất", 8, NUMBER),
    )
    rows: list[Row] = []
    for number, part in enumerate(tally.levels, 1):
        name = LEVEL_NAMES[AwardLevel(part.level)]
        short = name.removeprefix("Cấp ")
        rows.append(group_row(f"{roman(number)}. {name}", columns))
        rows += [
            cells.row((str(place), form.name, short[:1].upper() + short[1:], *_breakdown(form.breakdown, households)))
            for place, form in enumerate(part.rows, 1)
        ]
        label = f"Cộng {name[:1].lower()}{name[1:]}"
        rows.append(cells.row([label, *_breakdown(part.subtotal, households)], RowKind.SUBTOTAL, 3))
    rows.append(cells.row(("TỔNG CỘNG", *_breakdown(tally.breakdown, households)), RowKind.TOTAL, 3))
    return Table(
        caption=f"Tổng hợp khen thưởng theo cấp và đối tượng năm {figures.year.year}",
        columns=columns,
        rows=tuple(rows),
        header_groups=(
            HeaderGroup("", 3),
            HeaderGroup("Số lượt", 3 + households),
            HeaderGroup("Trong đó", 3),
        ),
        notes=_level_notes(figures),
        is_dense=True,
        shows_caption=False,
    )


def _recipient_titles(households: bool) -> tuple[str, ...]:
    return ("Tập thể", "Cá nhân", "Gia đình") if households else ("Tập thể", "Cá nhân")


def _counts(count: Count, households: bool) -> tuple[Cell, ...]:
    found = (count.collective, count.individual, count.household)
    return tuple(cells.whole(number) for number in found[: 2 + households])


def _breakdown(breakdown: Breakdown, households: bool) -> tuple[Cell, ...]:
    types = (breakdown.total, breakdown.merit, breakdown.thematic, breakdown.adhoc)
    return (*_counts(breakdown.count, households), *(cells.whole(number) for number in types))


def _level_notes(figures: Figures) -> tuple[str, ...]:
    tally, whole = figures.tally, figures.tally.breakdown
    notes = [tally_period(figures), direct_workers(figures)]
    if others := whole.total - whole.merit - whole.thematic - whole.adhoc:
        notes.append(f"Ngoài ba loại hình trên có {whole_number(others)} lượt khen thưởng theo loại hình khác.")
    notes += [
        f"Khen thưởng {_SYSTEM_NAMES[AwardSystem(part.system)]}, không tính trong bảng: "
        f"{whole_number(part.subtotal.total)} lượt."
        for part in tally.others
    ]
    if tally.late_count:
        notes.append(f"Trong bảng có {whole_number(tally.late_count)} lượt được ghi nhận sau khi công bố kết quả.")
    return tuple(filter(None, notes))


def by_unit(figures: Figures) -> Table:
    """Annex 2b: every unit by level, beside last year."""
    tally = figures.tally
    levels = [tally.level(level).subtotal.count for level in AwardLevel]
    total = (*_by_level(levels, tally.total), _before(tally.previous_total), cells.change(tally.change_percent))
    return Table(
        caption=f"Tổng hợp khen thưởng theo đơn vị năm {figures.year.year}",
        columns=_unit_columns(figures),
        rows=(
            *(_unit_row(place, unit) for place, unit in enumerate(tally.units, 1)),
            cells.row(("TỔNG CỘNG", *total), RowKind.TOTAL, 2),
        ),
        header_groups=(
            HeaderGroup("", 2),
            *(HeaderGroup(LEVEL_NAMES[level], 2) for level in AwardLevel),
            HeaderGroup("Cộng", 2),
            HeaderGroup("So với năm trước", 2),
        ),
        notes=_unit_notes(figures),
        shows_caption=False,
    )


def _unit_columns(figures: Figures) -> tuple[Column, ...]:
    before = f"Năm {figures.tally.previous_year or figures.year.year - 1}"
    pair = (Column("Tập thể", 8, NUMBER), Column("Cá nhân", 8, NUMBER))
    return (
        Column("TT", 4, align=CENTRED),
        Column("Đơn vị", 30),
        *pair * len(AwardLevel),
        *(Column(column.title, 8, NUMBER, is_strong=True) for column in pair),
        Column(before, 9, NUMBER),
        Column("Tăng, giảm", 10, NUMBER),
    )


def _unit_row(place: int, unit: UnitRow) -> Row:
    counts = _by_level([unit.levels[level] for level in AwardLevel], unit.total)
    ends = (_before(unit.previous), cells.change(unit.change_percent))
    return cells.row((str(place), unit.membership.name, *counts, *ends))


def _by_level(levels: list[Count], total: Count) -> tuple[Cell, ...]:
    return tuple(number for count in (*levels, total) for number in _counts(count, households=False))


def _before(previous: Count | None) -> Cell:
    return cells.NONE if previous is None else cells.whole(previous.total)


def _unit_notes(figures: Figures) -> tuple[str, ...]:
    tally = figures.tally
    notes = [tally_period(figures)]
    if tally.total.household:
        notes.append(f"Ngoài ra có {whole_number(tally.total.household)} lượt hộ gia đình.")
    if tally.previous_year is None:
        notes.append(f"Năm {figures.year.year - 1} không có số liệu để so sánh.")
    else:
        notes.append("Tăng, giảm tính trên tổng số lượt của năm trước.")
    return tuple(notes)
