"""Two versions of a score card side by side on paper. Its words are Vietnamese, whatever the language of the page."""

from datetime import date

from cluster_app.documents.blocks import Column, Document, Orientation, Row, Section, Table, paragraph
from cluster_app.documents.enums import DocumentKind
from scoring import differences, papers
from scoring.enums import CardStatus
from scoring.versions import Comparison


def paper(found: Comparison, made_on: date) -> Document:
    """The comparison as it was chosen; the caller has asked for it in Vietnamese."""
    card = found.sheet.card
    year = card.membership.year
    title = f"Đối chiếu các bản của phiếu chấm điểm thi đua năm {year.year}: {card.membership.name}"
    return Document(
        kind=DocumentKind.SCORECARD,
        title=title,
        letterhead=papers.letterhead(
            year,
            "PCĐ",
            "BẢNG ĐỐI CHIẾU PHIẾU CHẤM ĐIỂM",
            f"năm {year.year} của {card.membership.name}",
            made_on=made_on,
        ),
        sections=(Section(blocks=_blocks(found), orientation=Orientation.LANDSCAPE),),
        watermarks=papers.watermarks(year, is_provisional=card.status != CardStatus.APPROVED),
        footer_note=papers.footer(),
    )


def _blocks(found: Comparison) -> tuple:
    told = [
        paragraph(f"{name}: {version.name}; {version.details}; mã {version.code}.", indent=False)
        for name, version in (("Bản trước", found.before), ("Bản sau", found.after))
    ]
    if not found.changes:
        return (*told, paragraph("Hai bản không có nội dung nào khác nhau.", indent=False))
    rows = differences.rows(found.changes, found.sheet.tree)
    return (*told, _table(rows))


def _table(rows: list[dict[str, object]]) -> Table:
    return Table(
        caption="Nội dung của hai bản",
        columns=(Column("Tiêu chí", 24), Column("Nội dung", 14), Column("Bản trước", 16), Column("Bản sau", 16)),
        rows=tuple(Row(tuple(str(row[key]) for key in ("criterion", "field", "before", "after"))) for row in rows),
        is_dense=True,
    )
