"""The tables of a year's papers, in Vietnamese. Their figures come from the queries, formatted once."""

from collections.abc import Sequence

from cluster_app.documents.blocks import Align, Column, ColumnKind, Row, Table
from cluster_app.lib.points import NO_FIGURE, format_percent, format_points
from cluster_app.lib.wording import date_short
from members.enums import RankingBasis
from scoring.paperwork.late import LateRow
from scoring.paperwork.proposed import ProposedUnit
from scoring.ranking import RankedUnit, Ranking

_PLACE = Column("TT", 4, align=Align.CENTER)


def results(ranking: Ranking) -> Table:
    """The ranked units, best first, with total, rank and band."""
    by_percent = ranking.basis == RankingBasis.PERCENT
    rows = [row for row in ranking.rows if row.rank is not None]
    notes = (f"{row.membership.name}: {row.tie_note}" for row in rows if row.tie_note)
    return Table(
        caption="Kết quả chấm điểm, xếp hạng",
        columns=(
            Column("Xếp hạng", 8, align=Align.CENTER),
            Column("Đơn vị", 34),
            Column("Tổng điểm", 12, ColumnKind.NUMBER, is_strong=True),
            *((Column("Tỷ lệ %", 10, ColumnKind.NUMBER),) if by_percent else ()),
            Column("Xếp loại", 14, align=Align.CENTER),
        ),
        rows=tuple(_result(row, by_percent=by_percent) for row in rows),
        notes=tuple(notes),
        shows_caption=False,
    )


def _result(row: RankedUnit, *, by_percent: bool) -> Row:
    percent = (format_percent(row.percent),) if by_percent else ()
    return Row((str(row.rank), row.membership.name, format_points(row.total), *percent, row.band or NO_FIGURE))


def late(rows: Sequence[LateRow]) -> Table:
    """What each late unit owes, since when and by how many days."""
    return Table(
        caption="Danh sách đơn vị chậm",
        columns=(
            _PLACE,
            Column("Đơn vị", 24),
            Column("Nội dung chưa thực hiện", 30),
            Column("Thời hạn", 14, align=Align.CENTER),
            Column("Số ngày chậm", 10, ColumnKind.NUMBER),
        ),
        rows=tuple(
            Row((str(place), row.membership.name, row.what, row.due_text, str(row.days)))
            for place, row in enumerate(rows, 1)
        ),
        shows_caption=False,
    )


def proposed_by_form(units: Sequence[ProposedUnit]) -> Table:
    """The list by form that stands in the proposal itself."""
    ordered = sorted(enumerate(units), key=lambda one: ([unit.award for unit in units].index(one[1].award), one[0]))
    return Table(
        caption="Tập thể đề nghị khen thưởng",
        columns=(_PLACE, Column("Tên tập thể", 28), Column("Hình thức đề nghị", 28), Column("Kết quả thi đua", 28)),
        rows=tuple(
            Row((str(place), unit.membership.name, unit.award, unit.merit or NO_FIGURE))
            for place, (_order, unit) in enumerate(ordered, 1)
        ),
        shows_caption=False,
    )


def proposed_list(units: Sequence[ProposedUnit]) -> Table:
    """The columns of annex 6 of the annual summary (domain.md 6.4)."""
    return Table(
        caption="Danh sách tập thể đề nghị khen thưởng",
        columns=(
            _PLACE,
            Column("Tên tập thể", 22),
            Column("Hình thức đề nghị", 20),
            Column("Thành tích tóm tắt", 24),
            Column("Khen thưởng đã có (số, ngày quyết định)", 30),
            Column("Ghi chú", 20),
        ),
        rows=tuple(_listed(place, unit) for place, unit in enumerate(units, 1)),
        shows_caption=False,
    )


def _listed(place: int, unit: ProposedUnit) -> Row:
    meeting, vote = unit.resolution.meeting, unit.resolution.vote
    minutes = f"Biên bản số {meeting.minutes_number}" if meeting.minutes_number else "Hội nghị"
    note = f"{minutes} ngày {date_short(meeting.held_on)}{f': {vote}' if vote else ''}"
    awards = "; ".join(unit.awards) or NO_FIGURE
    return Row((str(place), unit.membership.name, unit.award, unit.merit or NO_FIGURE, awards, note))


def schedule(rows: Sequence[tuple[str, str]]) -> Table:
    """The deadlines that the year has set."""
    return Table(
        caption="Các mốc thời gian",
        columns=(_PLACE, Column("Nội dung", 50), Column("Thời hạn", 22, align=Align.CENTER)),
        rows=tuple(Row((str(place), *row)) for place, row in enumerate(rows, 1)),
        shows_caption=False,
    )
