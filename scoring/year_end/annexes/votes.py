"""Annex 5: whom the conference acclaimed, with the votes as the minutes record them."""

from cluster_app.documents.blocks import Column, Row, Table, group_row
from cluster_app.lib.points import NO_FIGURE
from cluster_app.lib.wording import date_short
from members.models import Resolution
from scoring.year_end import cells, cutoffs
from scoring.year_end.cells import CENTRED, NUMBER
from scoring.year_end.figures import Figures
from scoring.year_end.sentences import AT_THE_CONFERENCE


def table(figures: Figures) -> Table:
    """Every unit that was voted on; before the conference the table says so."""
    columns = (
        Column("TT", 4, align=CENTRED),
        Column("Đơn vị", 20),
        Column("Hình thức đề nghị", 32),
        Column("Điểm", 9, NUMBER),
        Column("Xếp hạng", 7, align=CENTRED),
        Column("Phiếu", 18, align=CENTRED),
        Column("Kết luận", 18, align=CENTRED),
    )
    found = figures.exemplary
    rows = tuple(_row(figures, place, one) for place, one in enumerate(found, 1))
    return Table(
        caption=f"Kết quả bình xét, suy tôn năm {figures.year.year}",
        columns=columns,
        rows=rows or (group_row(unsettled(figures), columns),),
        notes=(cutoffs.of_vote(found), *cutoffs.of_scores(figures)) if found else (),
        shows_caption=False,
    )


def unsettled(figures: Figures) -> str:
    """What stands where the conference named nobody."""
    if figures.conference is None:
        return AT_THE_CONFERENCE
    return f"Hội nghị không có nghị quyết suy tôn đơn vị tiêu biểu năm {figures.year.year}."


def _row(figures: Figures, place: int, resolution: Resolution) -> Row:
    score = figures.score_of(resolution.named)
    return cells.row(
        (
            str(place),
            resolution.named.name if resolution.named else NO_FIGURE,
            resolution.text,
            cells.points(score.total if score else None),
            cells.whole(score.unit.rank if score else None),
            resolution.vote or NO_FIGURE,
            f"Hội nghị suy tôn ngày {date_short(resolution.meeting.held_on)}",
        )
    )
