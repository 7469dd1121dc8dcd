"""The annexes as sections of the annual summary, each on its own pages."""

from cluster_app.documents import letterheads
from cluster_app.documents.blocks import Letterhead, Orientation, PaperSize, Section, Table
from scoring.year_end import cutoffs
from scoring.year_end.annexes import campaigns, commendations, matrix, pledge, proposals, votes
from scoring.year_end.annexes.parting import size_for
from scoring.year_end.figures import Figures
from scoring.year_end.score_annex import score_annex
from scoring.year_end.skeleton import ANNEX_NUMBERS

_PORTRAIT, _LANDSCAPE, _A4 = Orientation.PORTRAIT, Orientation.LANDSCAPE, PaperSize.A4


def annexes(figures: Figures, letterhead: Letterhead) -> tuple[Section, ...]:
    """The annexes in the order of ANNEX_NUMBERS."""
    year = figures.year.year
    provisional = " (TẠM TÍNH)" if figures.scores.is_provisional else ""
    wide = size_for(figures.unit_count)
    scores = score_annex(figures.scores, cutoffs.of_scores(figures))
    made: tuple[tuple[str, tuple[Table, ...], Orientation, PaperSize], ...] = (
        (f"BẢNG TỔNG HỢP ĐIỂM THI ĐUA NĂM {year}{provisional}", (scores,), _LANDSCAPE, _A4),
        (
            f"TỔNG HỢP KHEN THƯỞNG THEO CẤP VÀ ĐỐI TƯỢNG NĂM {year}",
            (commendations.by_level(figures),),
            _PORTRAIT,
            _A4,
        ),
        (f"TỔNG HỢP KHEN THƯỞNG THEO ĐƠN VỊ NĂM {year}", (commendations.by_unit(figures),), _LANDSCAPE, _A4),
        (
            f"PHONG TRÀO THI ĐUA CHUYÊN ĐỀ, THƯỜNG XUYÊN VÀ THEO ĐỢT NĂM {year}",
            (campaigns.table(figures),),
            _LANDSCAPE,
            _A4,
        ),
        (f"KẾT QUẢ THỰC HIỆN GIAO ƯỚC THI ĐUA NĂM {year}", pledge.tables(figures), _LANDSCAPE, wide),
        (f"KẾT QUẢ BÌNH XÉT, SUY TÔN NĂM {year}", (votes.table(figures),), _LANDSCAPE, _A4),
        (f"DANH SÁCH ĐỀ NGHỊ KHEN THƯỞNG NĂM {year}", (proposals.table(figures),), _LANDSCAPE, _A4),
        (f"BẢNG ĐIỂM CHI TIẾT THEO TIÊU CHÍ NĂM {year}{provisional}", matrix.tables(figures), _LANDSCAPE, wide),
    )
    return tuple(
        Section(
            blocks=tables,
            orientation=orientation,
            annex=letterheads.annex(letterhead, number, title),
            size=size,
        )
        for number, (title, tables, orientation, size) in zip(ANNEX_NUMBERS, made, strict=True)
    )
