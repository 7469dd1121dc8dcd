"""Annex 1, the table of points: for the annual summary, and for whoever prints the points alone."""

from collections.abc import Callable
from decimal import Decimal

from django.utils import timezone

from cluster_app.documents.blocks import Align, Column, ColumnKind, HeaderGroup, Row, RowKind, Table
from cluster_app.lib.points import NO_FIGURE
from cluster_app.lib.wording import date_short
from members.enums import Standing
from members.models import Membership
from scoring.year_end import cells, scores
from scoring.year_end.cells import Cell
from scoring.year_end.scores import ScoreRow, ScoreTable, Spread

_NUMBER = ColumnKind.NUMBER
_CENTRED = Align.CENTER
_TITLES = {
    scores.SELF: "Tự chấm",
    scores.REVIEWED: "Thẩm định",
    scores.BASE: "Điểm chuẩn",
    scores.BONUS: "Thưởng",
    scores.PENALTY: "Trừ",
    scores.TOTAL: "Tổng điểm",
}
_STANDINGS = {Standing.SUSPENDED: "Tạm dừng xét", Standing.DISQUALIFIED: "Không xét"}
_SPREAD_ROWS: tuple[tuple[str, Callable[[Spread], Decimal]], ...] = (
    ("Cộng", lambda spread: spread.sum),
    ("Bình quân", lambda spread: spread.average),
    ("Cao nhất", lambda spread: spread.highest),
    ("Thấp nhất", lambda spread: spread.lowest),
)


def score_annex(table: ScoreTable, cutoff: tuple[str, ...] = ()) -> Table:
    """Annex 1: every unit in the order of the ranking, below them what is said of each column as a whole. `cutoff` says
    until when the points count; without it a note says whether they are provisional."""
    by_percent = table.by_percent
    percent_column = (Column("Tỷ lệ %", 8, _NUMBER),) if by_percent else ()
    columns = (
        Column("TT", 4, align=_CENTRED),
        Column("Đơn vị", 21),
        *(_column(key) for key in table.columns),
        *percent_column,
        Column("Xếp hạng", 6, align=_CENTRED),
        Column("Xếp loại", 8, align=_CENTRED),
        Column("Ghi chú", 9, align=_CENTRED),
    )
    rows = [_row(place, row, table.columns, by_percent) for place, row in enumerate(table.rows, 1)]
    after = ("",) * (3 + by_percent)
    if table.total is not None:
        rows += [
            cells.row(
                (label, *(_of_spread(table.spreads[key], figure) for key in table.columns), *after), RowKind.TOTAL, 2
            )
            for label, figure in _SPREAD_ROWS
        ]
    sections = len(table.sections)
    groups = [HeaderGroup("", 4), HeaderGroup("Điểm chuẩn theo nhóm", sections), HeaderGroup("", 7 + by_percent)]
    return Table(
        caption=f"Bảng tổng hợp điểm thi đua năm {table.year.year}",
        columns=columns,
        rows=tuple(rows),
        header_groups=tuple(groups) if sections else (),
        notes=_notes(table, cutoff),
        is_dense=True,
        shows_caption=False,
    )


def _column(key: str) -> Column:
    return Column(_TITLES.get(key, key), 7, _NUMBER, is_strong=key == scores.TOTAL)


def _row(place: int, row: ScoreRow, columns: tuple[str, ...], by_percent: bool) -> Row:
    unit, membership = row.unit, row.unit.membership
    percent = (cells.points(unit.percent),) if by_percent else ()
    return cells.row(
        (
            str(place),
            membership.name,
            *(cells.points(row.points[key]) for key in columns),
            *percent,
            cells.whole(unit.rank),
            unit.band or NO_FIGURE,
            standing_remark(membership),
        )
    )


def standing_remark(membership: Membership) -> str:
    """Why a unit is not ranked, else its office in the cluster."""
    return _STANDINGS.get(Standing(membership.standing), membership.title)


def _of_spread(spread: Spread | None, figure: Callable[[Spread], Decimal]) -> Cell:
    return cells.NONE if spread is None else cells.points(figure(spread))


def _notes(table: ScoreTable, cutoff: tuple[str, ...]) -> tuple[str, ...]:
    notes = [*cutoff]
    if table.sections:
        notes.append("; ".join(f"{section.code}: {section.title}" for section in table.sections) + ".")
    if any(not row.unit.membership.is_ranked for row in table.rows):
        notes.append("Các dòng cộng, bình quân, cao nhất, thấp nhất không tính đơn vị không xét xếp hạng.")
    if table.is_provisional and not cutoff:
        notes.append("Số liệu tạm tính: chưa hoàn thành thẩm định, phê duyệt tất cả các đơn vị.")
    notes += [f"{row.unit.membership.name}: {row.unit.tie_note}" for row in table.rows if row.unit.tie_note]
    notes += [f"{row.unit.membership.name}: {text}." for row in table.rows if (text := _deadline_note(row))]
    return tuple(notes)


def _deadline_note(row: ScoreRow) -> str:
    """More time than the others, with its reason, and days late (features.md F13, O5)."""
    texts = []
    if row.due and row.due.is_extended:
        day = date_short(timezone.localdate(row.due.due_at))
        texts.append(f"được gia hạn gửi phiếu đến {day} ({row.due.reason.rstrip('.')})")
    if row.late_days:
        texts.append(f"gửi phiếu chậm {row.late_days} ngày")
    return "; ".join(texts)
