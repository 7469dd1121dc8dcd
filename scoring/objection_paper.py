"""The unsettled objections of a year as a paper for the meeting of the cluster. Its words are Vietnamese, whatever the
language of the page."""

from datetime import date

from django.utils import translation

from cluster_app.documents.blocks import (
    Block,
    Column,
    Document,
    Orientation,
    Row,
    Section,
    Signature,
    SignatureBlock,
    Table,
    paragraph,
)
from members.models import EmulationYear, User
from scoring import papers
from scoring.objection_pages import ObjectionRow, unresolved_rows

KIND = "objections"


def objections_paper(user: User, year: EmulationYear, made_on: date) -> Document:
    """What the units object to and the review did not accept, or has not answered yet, for those who may see it."""
    with translation.override("vi"):
        rows = unresolved_rows(user, year)
        return Document(
            kind=KIND,
            title=f"Danh mục kiến nghị về điểm năm {year.year}",
            letterhead=papers.letterhead(
                year, "DM", "DANH MỤC KIẾN NGHỊ VỀ ĐIỂM", f"chưa thống nhất, năm {year.year}", made_on=made_on
            ),
            sections=(Section(blocks=_blocks(year, rows), orientation=Orientation.LANDSCAPE),),
            watermarks=papers.watermarks(year, is_provisional=False),
            footer_note=papers.footer(),
        )


def _blocks(year: EmulationYear, rows: list[ObjectionRow]) -> tuple[Block, ...]:
    if not rows:
        return (paragraph("Không có kiến nghị về điểm nào chưa thống nhất.", indent=False),)
    count = f"Có {len(rows)} kiến nghị chưa thống nhất, trình hội nghị xem xét, quyết định."
    return (
        paragraph(count, indent=False),
        _table(year, rows),
        SignatureBlock(
            right=Signature(office=("CHỦ TRÌ HỘI NGHỊ",)),
            left=Signature(office=("NGƯỜI LẬP DANH MỤC",)),
        ),
    )


def _table(year: EmulationYear, rows: list[ObjectionRow]) -> Table:
    return Table(
        caption=f"Kiến nghị về điểm chưa thống nhất năm {year.year}",
        columns=(
            Column("TT", 3),
            Column("Đơn vị", 11),
            Column("Tiêu chí", 16),
            Column("Tự chấm", 9),
            Column("Thẩm định", 9),
            Column("Đề nghị", 8),
            Column("Nội dung kiến nghị", 20),
            Column("Ý kiến thẩm định", 18),
            Column("Kết quả", 10),
        ),
        rows=tuple(_row(number, row) for number, row in enumerate(rows, start=1)),
        is_dense=True,
    )


def _row(number: int, row: ObjectionRow) -> Row:
    answer = " · ".join(text for text in (row.answer, row.outcome) if text)
    claim = f"{row.claim} (gửi quá hạn)" if row.is_late else row.claim
    return Row(
        (
            str(number),
            row.unit,
            f"{row.code}. {row.title}",
            f"{row.self_value} ({row.self_points} điểm)",
            f"{row.reviewed_value} ({row.reviewed_points} điểm)",
            row.claimed_value,
            claim,
            answer,
            row.status["label"],
        )
    )
