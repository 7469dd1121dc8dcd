"""Who reviews which card as a paper, "Phân công thẩm định" (F8). Its words are Vietnamese, whatever the language of the
page."""

from datetime import date

from django.utils import translation

from cluster_app.documents import letterheads
from cluster_app.documents.blocks import (
    Block,
    Column,
    Document,
    LetterheadKind,
    Row,
    Section,
    Signature,
    SignatureBlock,
    Table,
    paragraph,
)
from members.enums import ReviewMode
from members.models import EmulationYear
from members.signing import of_leader
from scoring import papers
from scoring.reviewer_pages import AssignmentView, ReviewerRow, rows_of

KIND = "reviewers"
_MODES = {
    ReviewMode.SECRETARIAT: "Tổ thư ký thẩm định phiếu chấm điểm của các đơn vị.",
    ReviewMode.RING: "Các đơn vị thẩm định chéo: mỗi đơn vị thẩm định phiếu chấm điểm của đơn vị kế tiếp.",
    ReviewMode.DEPUTY_TEAM: "Tổ thẩm định thẩm định phiếu chấm điểm của các đơn vị.",
}
_SECRETARIAT = "Tổ thư ký"


def reviewers_paper(year: EmulationYear, signed_on: date) -> Document:
    """The reviewers of every card, to be signed for the cluster on that day."""
    with translation.override("vi"):
        rows = rows_of(year)
        return Document(
            kind=KIND,
            title=f"Phân công thẩm định năm {year.year}",
            letterhead=papers.letterhead(
                year,
                "PC",
                "PHÂN CÔNG THẨM ĐỊNH",
                f"phiếu chấm điểm thi đua năm {year.year}",
                made_on=signed_on,
            ),
            sections=(Section(blocks=_blocks(year, rows, signed_on)),),
            watermarks=papers.watermarks(year, is_provisional=False),
            footer_note=papers.footer(),
        )


def _blocks(year: EmulationYear, rows: list[ReviewerRow], signed_on: date) -> tuple[Block, ...]:
    kind, office = LetterheadKind(year.letterhead), of_leader(year).on(signed_on).office
    return (
        paragraph(_MODES[ReviewMode(year.rules.review_mode)], indent=False),
        paragraph("Không ai thẩm định phiếu của chính đơn vị mình.", indent=False),
        _table(year, rows),
        SignatureBlock(
            right=letterheads.signature(kind, on_behalf_of=f"{year.cluster.get_kind_display()} thi đua", office=office),
            left=Signature(office=("NGƯỜI LẬP BẢNG",)),
        ),
    )


def _table(year: EmulationYear, rows: list[ReviewerRow]) -> Table:
    return Table(
        caption=f"Phân công thẩm định phiếu chấm điểm năm {year.year}",
        columns=(
            Column("TT", 3),
            Column("Phiếu của đơn vị", 20),
            Column("Đơn vị thẩm định", 20),
            Column("Người thẩm định", 20),
        ),
        rows=tuple(
            Row((str(number), row.card.membership.name, _names(row.units), _people(row)))
            for number, row in enumerate(rows, start=1)
        ),
    )


def _names(named: tuple[AssignmentView, ...]) -> str:
    return "; ".join(one.name for one in named) or "–"


def _people(row: ReviewerRow) -> str:
    """The people by name; a card for which nobody is named is left to the secretariat."""
    return _names(row.people) if row.people or row.units else _SECRETARIAT
