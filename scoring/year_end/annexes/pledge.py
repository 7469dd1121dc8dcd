"""Annex 4: what became of the promises of the pledge, as far as the criteria of the score cards measure them."""

from collections.abc import Sequence

from awards.models import PledgeItem
from awards.papers import target_text
from cluster_app.documents.blocks import Column, HeaderGroup, Row, RowKind, Table, group_row
from cluster_app.lib.points import NO_FIGURE
from cluster_app.lib.wording import date_short
from scoring.year_end import cells, cutoffs
from scoring.year_end.annexes.parting import parted
from scoring.year_end.annexes.units import heads, legend
from scoring.year_end.cells import CENTRED, Cell
from scoring.year_end.figures import Figures, PledgeFigures
from scoring.year_end.lines import Verdict
from scoring.year_end.scores import ScoreRow

_UNIT_SHARE = 100


def tables(figures: Figures) -> tuple[Table, ...]:
    """Every promise with a column for each unit; more units than fit stand in further tables."""
    found = figures.pledge
    if found is None:
        return (_without_pledge(figures),)
    units = sorted(figures.scores.rows, key=lambda row: row.unit.membership.protocol_order)
    parts = parted(units)
    last = len(parts) - 1
    return tuple(
        _table(figures, found, part, _notes(figures, found, units) if place == last else ())
        for place, part in enumerate(parts)
    )


def _table(figures: Figures, found: PledgeFigures, units: Sequence[ScoreRow], notes: tuple[str, ...]) -> Table:
    columns = (
        Column("TT", 6, align=CENTRED),
        Column("Nội dung", 44),
        Column("Chỉ tiêu", 22, align=CENTRED),
        *(Column(head, max(1, _UNIT_SHARE // max(1, len(units))), align=CENTRED) for head in heads(units)),
    )
    items = found.pledge.items.all()
    return Table(
        caption=_caption(figures),
        columns=columns,
        rows=(*(_row(figures, item, units) for item in items), _sums(figures, found, units)),
        header_groups=(HeaderGroup("", 3), HeaderGroup("Kết quả của đơn vị", len(units))),
        notes=notes,
        is_dense=True,
        shows_caption=False,
    )


def _caption(figures: Figures) -> str:
    return f"Kết quả thực hiện giao ước thi đua năm {figures.year.year}"


def _row(figures: Figures, item: PledgeItem, units: Sequence[ScoreRow]) -> Row:
    results = (_result(figures, item, unit) for unit in units)
    return cells.row((str(item.order), item.text, target_text(item) or NO_FIGURE, *results))


def _result(figures: Figures, item: PledgeItem, unit: ScoreRow) -> Cell:
    results = figures.lines.results.get((item.pk, unit.unit.membership.pk), ())
    made = [
        Cell(one.verdict.capitalize()) if one.value is None else cells.reached(one.value, one.verdict)
        for one in results
    ]
    if not made:
        return cells.NONE
    return made[0] if len(made) == 1 else Cell("; ".join(cell.text for cell in made))


def _sums(figures: Figures, found: PledgeFigures, units: Sequence[ScoreRow]) -> Row:
    """How many of the measured promises each unit kept; a promise that two criteria measure is kept by both."""
    counts = []
    for unit in units:
        of_unit = [
            results
            for item in found.pledge.items.all()
            if (results := figures.lines.results.get((item.pk, unit.unit.membership.pk)))
        ]
        kept = sum(all(one.verdict == Verdict.REACHED for one in results) for results in of_unit)
        counts.append(f"{kept}/{len(of_unit)}")
    return Row(("Số nội dung đạt trên số nội dung có kết quả", NO_FIGURE, *counts), RowKind.TOTAL, 2)


def _notes(figures: Figures, found: PledgeFigures, units: Sequence[ScoreRow]) -> tuple[str, ...]:
    notes = [*cutoffs.of_scores(figures)]
    pledge = found.pledge
    if pledge.signed_on is not None:
        number = f" số {pledge.number}" if pledge.number else ""
        notes.append(f"Bản giao ước{number} ký ngày {date_short(pledge.signed_on)}.")
    notes.append("Kết quả là giá trị cuối của tiêu chí chấm điểm lấy nội dung giao ước làm chỉ tiêu.")
    unmeasured = [str(item.order) for item in pledge.items.all() if item.pk not in figures.lines.measured]
    if unmeasured:
        notes.append(
            f"{NO_FIGURE}: chưa có kết quả. Không tiêu chí chấm điểm nào lấy làm chỉ tiêu các nội dung số "
            f"{', '.join(unmeasured)}; kết quả nêu trong báo cáo của từng đơn vị."
        )
    return (*notes, *legend(units))


def _without_pledge(figures: Figures) -> Table:
    columns = (Column("TT", 6, align=CENTRED), Column("Nội dung", 60), Column("Chỉ tiêu", 34))
    text = f"Năm {figures.year.year}, {figures.group} không ký giao ước thi đua."
    return Table(_caption(figures), columns, (group_row(text, columns),), shows_caption=False)
