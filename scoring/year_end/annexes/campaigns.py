"""Annex 3: the campaigns of the year, by kind."""

from awards.enums import CampaignKind, CampaignScope, CampaignStatus
from cluster_app.documents.blocks import Column, HeaderGroup, Row, Table, group_row
from cluster_app.lib.points import NO_FIGURE
from scoring.year_end import cells
from scoring.year_end.cells import CENTRED, NUMBER
from scoring.year_end.figures import CampaignRow, Figures
from scoring.year_end.sentences import tally_period

_CAMPAIGN_GROUPS = (
    (CampaignKind.THEMATIC, "Phong trào thi đua chuyên đề"),
    (CampaignKind.REGULAR, "Phong trào thi đua thường xuyên"),
    (CampaignKind.DRIVE, "Đợt thi đua"),
)
_SCOPES = {
    CampaignScope.NATION: "Toàn quốc",
    CampaignScope.PROVINCE: "Bộ, ngành, tỉnh",
    CampaignScope.CLUSTER: "Cụm, khối",
    CampaignScope.AGENCY: "Cơ quan",
}
_STATUSES = {
    CampaignStatus.LAUNCHED: "Đang thực hiện",
    CampaignStatus.REVIEWED: "Đã sơ kết",
    CampaignStatus.CONCLUDED: "Đã tổng kết",
}


def table(figures: Figures) -> Table:
    """Every campaign that was launched, with the commendations that it brought."""
    columns = (
        Column("TT", 3, align=CENTRED),
        Column("Tên phong trào", 16),
        Column("Cơ quan phát động", 11),
        Column("Số, ký hiệu", 9),
        Column("Ngày", 9, align=CENTRED),
        Column("Phạm vi", 7, align=CENTRED),
        Column("Từ ngày", 9, align=CENTRED),
        Column("Đến ngày", 9, align=CENTRED),
        Column("Mục tiêu, chỉ tiêu", 16),
        Column("Kết quả", 16),
        Column("Tập thể", 5, NUMBER),
        Column("Cá nhân", 5, NUMBER),
        Column("Trạng thái", 7, align=CENTRED),
    )
    rows: list[Row] = []
    for kind, name in _CAMPAIGN_GROUPS:
        found = figures.campaigns_of(kind)
        if found:
            rows.append(group_row(f"{name}: {len(found)}", columns))
            rows += [_row(place, row) for place, row in enumerate(found, 1)]
    return Table(
        caption=f"Phong trào thi đua năm {figures.year.year}",
        columns=columns,
        rows=tuple(rows) or (group_row("Chưa có phong trào thi đua được phát động.", columns),),
        header_groups=(
            HeaderGroup("", 3),
            HeaderGroup("Văn bản", 2),
            HeaderGroup("", 1),
            HeaderGroup("Thời gian", 2),
            HeaderGroup("", 2),
            HeaderGroup("Khen thưởng (lượt)", 2),
            HeaderGroup("", 1),
        ),
        notes=(tally_period(figures),),
        is_dense=True,
        shows_caption=False,
    )


def _row(place: int, row: CampaignRow) -> Row:
    campaign = row.campaign
    return cells.row(
        (
            str(place),
            campaign.title,
            campaign.launching_authority,
            campaign.document_number or NO_FIGURE,
            cells.day(campaign.document_on),
            _SCOPES[CampaignScope(campaign.scope)],
            cells.day(campaign.starts_on),
            cells.day(campaign.ends_on),
            campaign.objectives,
            campaign.results or NO_FIGURE,
            cells.whole(row.occasions.collective),
            cells.whole(row.occasions.individual),
            _STATUSES[CampaignStatus(campaign.status)],
        )
    )
