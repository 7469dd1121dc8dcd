"""Annex 6: the units that are proposed for commendation, with what they reached and what they were given before."""

from awards.models import Commendation
from cluster_app.documents.blocks import Column, Row, Table, group_row
from cluster_app.lib.points import NO_FIGURE
from cluster_app.lib.wording import date_short, points_text
from members.models import Resolution
from scoring.year_end import cells, cutoffs
from scoring.year_end.annexes.votes import unsettled
from scoring.year_end.cells import CENTRED
from scoring.year_end.earlier import period_of
from scoring.year_end.figures import Figures
from scoring.year_end.score_annex import standing_remark
from scoring.year_end.scores import ScoreRow


def table(figures: Figures) -> Table:
    """The units that the conference proposes; before it the table says so."""
    columns = (
        Column("TT", 4, align=CENTRED),
        Column("Tên tập thể", 18),
        Column("Hình thức", 26),
        Column("Thành tích tóm tắt", 18),
        Column("Khen thưởng đã có (số quyết định, ngày)", 30),
        Column("Ghi chú", 10, align=CENTRED),
    )
    found = figures.exemplary
    rows = tuple(_row(figures, place, one) for place, one in enumerate(found, 1))
    return Table(
        caption=f"Danh sách đề nghị khen thưởng năm {figures.year.year}",
        columns=columns,
        rows=rows or (group_row(unsettled(figures), columns),),
        notes=_notes(figures) if found else (),
        shows_caption=False,
    )


def _row(figures: Figures, place: int, resolution: Resolution) -> Row:
    member = resolution.named
    score = figures.score_of(member)
    earlier = figures.earlier.get(member.unit_id, ()) if member else ()
    return cells.row(
        (
            str(place),
            member.name if member else NO_FIGURE,
            resolution.text,
            achievement(figures, score),
            "; ".join(_given(one) for one in earlier) or NO_FIGURE,
            standing_remark(member) if member else "",
        )
    )


def achievement(figures: Figures, score: ScoreRow | None) -> str:
    """What the unit reached: "947,50 điểm; xếp hạng 1/9; xếp loại Xuất sắc"."""
    if score is None or score.total is None:
        return NO_FIGURE
    parts = [points_text(score.total)]
    if score.unit.rank is not None:
        ranked = sum(row.unit.rank is not None for row in figures.scores.rows)
        parts.append(f"xếp hạng {score.unit.rank}/{ranked}")
    if score.unit.band:
        parts.append(f"xếp loại {score.unit.band}")
    return "; ".join(parts) + (" (tạm tính)" if figures.scores.is_provisional else "")


def _given(one: Commendation) -> str:
    decision = one.decision
    return f"{one.award_form.name} (Quyết định số {decision.number}, ngày {date_short(decision.decided_on)})"


def _notes(figures: Figures) -> tuple[str, ...]:
    first, last = period_of(figures.year)
    return (
        cutoffs.of_vote(figures.exemplary),
        *cutoffs.of_scores(figures),
        f"Khen thưởng đã có: của chính tập thể đơn vị, theo ngày quyết định từ {date_short(first)} đến "
        f"{date_short(last)}.",
    )
