"""What each criterion distinguishes, as a paper for the conference. Its words are Vietnamese, whatever the language of
the page."""

from datetime import date

from django.utils import translation

from cluster_app.documents.blocks import (
    Block,
    Column,
    ColumnKind,
    Document,
    Orientation,
    Row,
    Section,
    Table,
    paragraph,
)
from members.models import EmulationYear
from scoring import papers
from scoring.analysis import Analysis
from scoring.trial_pages import SpreadRow, analysis_rows

KIND = "criteria_analysis"
_NUMBER = ColumnKind.NUMBER


def analysis_paper(year: EmulationYear, found: Analysis, made_on: date) -> Document:
    """The figures of every criterion with what they suggest; provisional while a card is not reviewed."""
    with translation.override("vi"):
        text = (
            f"Tính trên {found.unit_count}/{found.member_count} đơn vị thuộc diện xếp hạng đã được thẩm định. "
            "Độ lệch chuẩn tính trên toàn bộ các đơn vị, theo điểm cuối."
        )
        blocks: tuple[Block, ...] = (paragraph(text, indent=False), _table(year, analysis_rows(found)))
    return Document(
        kind=KIND,
        title=f"Phân tích bảng tiêu chí năm {year.year}",
        letterhead=papers.letterhead(
            year, "BPT", "PHÂN TÍCH BẢNG TIÊU CHÍ", f"chấm điểm thi đua năm {year.year}", made_on=made_on
        ),
        sections=(Section(blocks=blocks, orientation=Orientation.LANDSCAPE),),
        watermarks=papers.watermarks(year, is_provisional=not found.is_complete),
        footer_note=papers.footer(),
    )


def _table(year: EmulationYear, rows: list[SpreadRow]) -> Table:
    return Table(
        caption=f"Mức độ phân hóa của từng tiêu chí năm {year.year}",
        columns=(
            Column("Mã", 5),
            Column("Tiêu chí", 26),
            Column("Điểm tối đa", 7, _NUMBER),
            Column("Số đơn vị", 5, _NUMBER),
            Column("Thấp nhất", 7, _NUMBER),
            Column("Trung bình", 7, _NUMBER),
            Column("Cao nhất", 7, _NUMBER),
            Column("Độ lệch chuẩn", 7, _NUMBER, is_strong=True),
            Column("Đạt tối đa", 5, _NUMBER),
            Column("Số lần sửa", 5, _NUMBER),
            Column("Tổng điểm sửa", 7, _NUMBER),
            Column("Gợi ý", 22),
        ),
        rows=tuple(_row(row) for row in rows),
        is_dense=True,
    )


def _row(row: SpreadRow) -> Row:
    figures = (row.maximum, row.count, row.least, row.mean, row.most, row.deviation)
    return Row(
        (row.code, row.title, *figures, row.at_maximum, row.corrected, row.corrected_points, row.suggestion),
    )
