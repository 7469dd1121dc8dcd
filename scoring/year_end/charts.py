"""The charts of the annual summary, each above the table of its figures; a bar differs from another by its pattern."""

from collections.abc import Callable, Mapping, Sequence

from awards.calculations import Count
from awards.enums import AwardLevel
from cluster_app.documents.blocks import Chart, Column, Row, RowKind, Series, Table
from cluster_app.documents.values import stored
from scoring.year_end import cells, cutoffs
from scoring.year_end.cells import CENTRED, NUMBER, Cell
from scoring.year_end.figures import Figures
from scoring.year_end.scores import BASE, BONUS, PENALTY, ScoreRow
from scoring.year_end.sentences import LEVEL_NAMES, tally_period


def charts_at(key: str, figures: Figures) -> tuple[Chart, ...]:
    """The charts that close the place `key` of the summary; none where there is nothing to show."""
    draw = _PLACES.get(key)
    chart = draw(figures) if draw else None
    return (chart,) if chart else ()


def points_chart(figures: Figures) -> Chart | None:
    """The total of every unit, best first, with its rank and what the total is made of."""
    rows = [row for row in figures.scores.rows if row.total is not None]
    if not rows:
        return None
    provisional = " (tạm tính)" if figures.scores.is_provisional else ""
    title = f"Biểu đồ 2. Tổng điểm và xếp hạng năm {figures.year.year}{provisional}"
    columns = (
        Column("Hạng", 8, align=CENTRED),
        Column("Đơn vị", 44),
        Column("Điểm chuẩn", 12, NUMBER),
        Column("Thưởng", 12, NUMBER),
        Column("Trừ", 12, NUMBER),
        Column("Tổng điểm", 12, NUMBER, is_strong=True),
    )
    table = _table(title, columns, [_points_row(row) for row in rows], cutoffs.of_scores(figures))
    return Chart(
        title=title,
        categories=tuple(row.unit.membership.name for row in rows),
        series=(_series("Tổng điểm", [cells.points(row.total) for row in rows]),),
        table=table,
    )


def _points_row(row: ScoreRow) -> Row:
    parts = (cells.points(row.points[key]) for key in (BASE, BONUS, PENALTY))
    return cells.row((cells.whole(row.unit.rank), row.unit.membership.name, *parts, cells.points(row.total)))


def commendations_chart(figures: Figures) -> Chart | None:
    """The occasions by level, collectives and individuals one after the other."""
    tally = figures.tally
    if not tally.total.total:
        return None
    title = f"Biểu đồ 1. Lượt khen thưởng theo cấp và đối tượng năm {figures.year.year}"
    kinds = ("Tập thể", "Cá nhân", "Gia đình") if tally.total.household else ("Tập thể", "Cá nhân")
    by_level = {LEVEL_NAMES[AwardLevel(part.level)]: part.subtotal.count for part in tally.levels}
    counted = {name: _counts(count, len(kinds)) for name, count in by_level.items()}
    columns = (
        Column("Cấp", 40),
        *(Column(kind, 15, NUMBER) for kind in kinds),
        Column("Cộng", 15, NUMBER, is_strong=True),
    )
    rows = [cells.row((name, *counted[name], cells.whole(count.total))) for name, count in by_level.items()]
    ends = (*_counts(tally.total, len(kinds)), cells.whole(tally.total.total))
    rows.append(cells.row(("Tổng cộng", *ends), RowKind.TOTAL))
    return Chart(
        title=title,
        categories=tuple(by_level),
        series=tuple(_series(kind, [made[place] for made in counted.values()]) for place, kind in enumerate(kinds)),
        table=_table(title, columns, rows, (tally_period(figures),)),
    )


def _counts(count: Count, kinds: int) -> tuple[Cell, ...]:
    """The first `kinds` of the three kinds of recipients."""
    return tuple(cells.whole(number) for number in (count.collective, count.individual, count.household)[:kinds])


def _series(name: str, values: Sequence[Cell]) -> Series:
    return Series(name, tuple(stored(cell.value) for cell in values), tuple(cell.text for cell in values))


def _table(title: str, columns: tuple[Column, ...], rows: Sequence[Row], notes: tuple[str, ...]) -> Table:
    return Table(title, columns, tuple(rows), notes=notes, is_dense=True, shows_caption=False)


_PLACES: Mapping[str, Callable[[Figures], Chart | None]] = {"II.5": commendations_chart, "IV.1": points_chart}
