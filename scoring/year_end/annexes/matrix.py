"""Annex 7: the points of every unit in every criterion, with subtotals; the same figures as ranking and cards."""

from collections.abc import Sequence

from cluster_app.documents.blocks import Column, HeaderGroup, Row, RowKind, Table, group_row
from cluster_app.lib.points import NO_FIGURE
from scoring.enums import Section
from scoring.models import Criterion
from scoring.year_end import cells, cutoffs
from scoring.year_end.annexes.parting import parted
from scoring.year_end.annexes.units import heads, legend
from scoring.year_end.cells import NUMBER, Cell
from scoring.year_end.figures import Figures
from scoring.year_end.scores import ScoreRow

# Shares of the width: what stands before the units, and all units together.
_CODE, _TITLE, _MAXIMUM, _UNITS = 6, 34, 8, 100


def tables(figures: Figures) -> tuple[Table, ...]:
    """Criteria below each other, units beside each other in the order of the ranking; more units than fit stand in
    further tables."""
    units = figures.scores.rows
    parts = parted(units)
    last = len(parts) - 1
    return tuple(_table(figures, part, _notes(figures) if place == last else ()) for place, part in enumerate(parts))


def _table(figures: Figures, units: Sequence[ScoreRow], notes: tuple[str, ...]) -> Table:
    columns = (
        Column("Mã", _CODE),
        Column("Tiêu chí", _TITLE),
        Column("Điểm tối đa", _MAXIMUM, NUMBER),
        *(Column(head, max(1, _UNITS // max(1, len(units))), NUMBER) for head in heads(units)),
    )
    tree = figures.lines.tree
    if tree is None:
        rows: tuple[Row, ...] = (group_row("Chưa có điểm thẩm định của đơn vị nào.", columns),)
    else:
        rows = (*(_row(figures, one, units) for _depth, one in tree.walk()), *_ends(units))
    return Table(
        caption=f"Bảng điểm chi tiết theo tiêu chí năm {figures.year.year}",
        columns=columns,
        rows=rows,
        header_groups=(HeaderGroup("", 3), HeaderGroup("Điểm của đơn vị", len(units))) if units else (),
        notes=notes,
        is_dense=True,
        shows_caption=False,
    )


def _row(figures: Figures, criterion: Criterion, units: Sequence[ScoreRow]) -> Row:
    maximum = criterion.max_points
    if maximum is not None and criterion.section == Section.PENALTY:
        maximum = -maximum
    figures_of = (cells.points(figures.lines.final_points(unit.unit.card, criterion)) for unit in units)
    if criterion.is_leaf:
        return cells.row((criterion.code, criterion.title, cells.points(maximum), *figures_of))
    return cells.row((f"{criterion.code}. {criterion.title}", cells.points(maximum), *figures_of), RowKind.GROUP, 2)


def _ends(units: Sequence[ScoreRow]) -> tuple[Row, ...]:
    totals = (cells.points(unit.total) for unit in units)
    ranks = (cells.whole(unit.unit.rank) for unit in units)
    return (
        cells.row(("TỔNG ĐIỂM", Cell(NO_FIGURE), *totals), RowKind.TOTAL, 2),
        cells.row(("XẾP HẠNG", Cell(NO_FIGURE), *ranks), RowKind.TOTAL, 2),
    )


def _notes(figures: Figures) -> tuple[str, ...]:
    notes = [*cutoffs.of_scores(figures)]
    if figures.lines.tree is not None:
        notes.append("Dòng nhóm là tổng điểm các tiêu chí trong nhóm; điểm thưởng, điểm trừ tính đến mức tối đa.")
    return (*notes, *legend(figures.scores.rows))
