"""The annexes of the annual summary: its figures as tables (domain.md 6.4)."""

from decimal import Decimal

from awards.calculations import Breakdown, Count
from awards.enums import AwardLevel, AwardSystem, CampaignKind, CampaignScope, CampaignStatus
from awards.models import Campaign
from cluster_app.documents import letterheads
from cluster_app.documents.blocks import (
    Align,
    Column,
    ColumnKind,
    HeaderGroup,
    Letterhead,
    Orientation,
    Row,
    RowKind,
    Section,
    Table,
    group_row,
)
from cluster_app.lib.points import NO_FIGURE, format_signed
from cluster_app.lib.wording import date_short, roman, whole_number
from scoring.year_end.figures import CampaignRow, Figures
from scoring.year_end.score_annex import score_annex
from scoring.year_end.sentences import LEVEL_NAMES, direct_workers, tally_period
from scoring.year_end.skeleton import ANNEX_NUMBERS

_NUMBER = ColumnKind.NUMBER
_CENTRED = Align.CENTER
_SYSTEM_NAMES = {AwardSystem.PARTY: "của Đảng", AwardSystem.ORGANISATION: "của các đoàn thể"}
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


def annexes(figures: Figures, letterhead: Letterhead) -> tuple[Section, ...]:
    """The annexes in the order of ANNEX_NUMBERS."""
    year = figures.year.year
    provisional = " (TẠM TÍNH)" if figures.scores.is_provisional else ""
    made: tuple[tuple[str, Table, Orientation], ...] = (
        (f"BẢNG TỔNG HỢP ĐIỂM THI ĐUA NĂM {year}{provisional}", score_annex(figures.scores), Orientation.LANDSCAPE),
        (f"TỔNG HỢP KHEN THƯỞNG THEO CẤP VÀ ĐỐI TƯỢNG NĂM {year}", _level_table(figures), Orientation.PORTRAIT),
        (f"TỔNG HỢP KHEN THƯỞNG THEO ĐƠN VỊ NĂM {year}", _unit_table(figures), Orientation.LANDSCAPE),
        (
            f"PHONG TRÀO THI ĐUA CHUYÊN ĐỀ, THƯỜNG XUYÊN VÀ THEO ĐỢT NĂM {year}",
            _campaign_table(figures),
            Orientation.LANDSCAPE,
        ),
    )
    return tuple(
        Section(blocks=(table,), orientation=orientation, annex=letterheads.annex(letterhead, number, title))
        for number, (title, table, orientation) in zip(ANNEX_NUMBERS, made, strict=True)
    )


# --- 2: commendations by level ---


def _level_table(figures: Figures) -> Table:
    tally = figures.tally
    households = bool(tally.total.household)
    columns = (
        Column("TT", 5, align=_CENTRED),
        Column("Danh hiệu thi đua, hình thức khen thưởng", 38),
        Column("Cấp", 11, align=_CENTRED),
        *(Column(title, 8, _NUMBER) for title in _recipient_titles(households)),
        Column("Cộng", 8, _NUMBER, is_strong=True),
        Column("Công trạng", 8, _NUMBER),
        Column("Chuyên đề", 8, _NUMBER),
        Column("Đột xuất", 8, _NUMBER),
    )
    rows: list[Row] = []
    for number, part in enumerate(tally.levels, 1):
        name = LEVEL_NAMES[AwardLevel(part.level)]
        short = name.removeprefix("Cấp ")
        rows.append(group_row(f"{roman(number)}. {name}", columns))
        rows += [
            Row((str(place), form.name, short[:1].upper() + short[1:], *_breakdown(form.breakdown, households)))
            for place, form in enumerate(part.rows, 1)
        ]
        subtotal = (f"Cộng {name[:1].lower()}{name[1:]}", *_breakdown(part.subtotal, households))
        rows.append(Row(subtotal, RowKind.SUBTOTAL, 3))
    rows.append(Row(("TỔNG CỘNG", *_breakdown(tally.breakdown, households)), RowKind.TOTAL, 3))
    return Table(
        caption=f"Tổng hợp khen thưởng theo cấp và đối tượng năm {figures.year.year}",
        columns=columns,
        rows=tuple(rows),
        header_groups=(
            HeaderGroup("", 3),
            HeaderGroup("Số lượt", 3 + households),
            HeaderGroup("Trong đó", 3),
        ),
        notes=_level_notes(figures),
        is_dense=True,
        shows_caption=False,
    )


def _recipient_titles(households: bool) -> tuple[str, ...]:
    return ("Tập thể", "Cá nhân", "Gia đình") if households else ("Tập thể", "Cá nhân")


def _counts(count: Count, households: bool) -> tuple[str, ...]:
    found = (count.collective, count.individual, count.household)
    return tuple(whole_number(number) for number in found[: 2 + households])


def _breakdown(breakdown: Breakdown, households: bool) -> tuple[str, ...]:
    types = (breakdown.total, breakdown.merit, breakdown.thematic, breakdown.adhoc)
    return (*_counts(breakdown.count, households), *(whole_number(number) for number in types))


def _level_notes(figures: Figures) -> tuple[str, ...]:
    tally, whole = figures.tally, figures.tally.breakdown
    notes = [tally_period(figures), direct_workers(figures)]
    if others := whole.total - whole.merit - whole.thematic - whole.adhoc:
        notes.append(f"Ngoài ba loại hình trên có {whole_number(others)} lượt khen thưởng theo loại hình khác.")
    notes += [
        f"Khen thưởng {_SYSTEM_NAMES[AwardSystem(part.system)]}, không tính trong bảng: "
        f"{whole_number(part.subtotal.total)} lượt."
        for part in tally.others
    ]
    if tally.late_count:
        notes.append(f"Trong bảng có {whole_number(tally.late_count)} lượt được ghi nhận sau khi công bố kết quả.")
    return tuple(filter(None, notes))


# --- 2b: commendations by unit ---


def _unit_table(figures: Figures) -> Table:
    tally = figures.tally
    before = f"Năm {tally.previous_year or figures.year.year - 1}"
    pair = (Column("Tập thể", 8, _NUMBER), Column("Cá nhân", 8, _NUMBER))
    columns = (
        Column("TT", 4, align=_CENTRED),
        Column("Đơn vị", 30),
        *pair * len(AwardLevel),
        *(Column(column.title, 8, _NUMBER, is_strong=True) for column in pair),
        Column(before, 9, _NUMBER),
        Column("Tăng, giảm", 10, _NUMBER),
    )
    rows = [
        Row(
            (
                str(place),
                unit.membership.name,
                *_by_level([unit.levels[level] for level in AwardLevel], unit.total),
                _before(unit.previous),
                _changed(unit.change_percent),
            )
        )
        for place, unit in enumerate(tally.units, 1)
    ]
    levels = [tally.level(level).subtotal.count for level in AwardLevel]
    total = (*_by_level(levels, tally.total), _before(tally.previous_total), _changed(tally.change_percent))
    rows.append(Row(("TỔNG CỘNG", *total), RowKind.TOTAL, 2))
    return Table(
        caption=f"Tổng hợp khen thưởng theo đơn vị năm {figures.year.year}",
        columns=columns,
        rows=tuple(rows),
        header_groups=(
            HeaderGroup("", 2),
            *(HeaderGroup(LEVEL_NAMES[level], 2) for level in AwardLevel),
            HeaderGroup("Cộng", 2),
            HeaderGroup("So với năm trước", 2),
        ),
        notes=_unit_notes(figures),
        shows_caption=False,
    )


def _by_level(levels: list[Count], total: Count) -> tuple[str, ...]:
    return tuple(number for count in (*levels, total) for number in _counts(count, households=False))


def _before(previous: Count | None) -> str:
    return NO_FIGURE if previous is None else whole_number(previous.total)


def _changed(percent: Decimal | None) -> str:
    return NO_FIGURE if percent is None else f"{format_signed(percent)}%"


def _unit_notes(figures: Figures) -> tuple[str, ...]:
    tally = figures.tally
    notes = [tally_period(figures)]
    if tally.total.household:
        notes.append(f"Ngoài ra có {whole_number(tally.total.household)} lượt hộ gia đình.")
    if tally.previous_year is None:
        notes.append(f"Năm {figures.year.year - 1} không có số liệu để so sánh.")
    else:
        notes.append("Tăng, giảm tính trên tổng số lượt của năm trước.")
    return tuple(notes)


# --- 3: campaigns ---


def _campaign_table(figures: Figures) -> Table:
    columns = (
        Column("TT", 3, align=_CENTRED),
        Column("Tên phong trào", 16),
        Column("Cơ quan phát động", 11),
        Column("Văn bản", 13),
        Column("Phạm vi", 7, align=_CENTRED),
        Column("Thời gian", 12, align=_CENTRED),
        Column("Mục tiêu, chỉ tiêu", 18),
        Column("Kết quả", 18),
        Column("Tập thể", 5, _NUMBER),
        Column("Cá nhân", 5, _NUMBER),
        Column("Trạng thái", 7, align=_CENTRED),
    )
    rows: list[Row] = []
    for kind, name in _CAMPAIGN_GROUPS:
        found = figures.campaigns_of(kind)
        if found:
            rows.append(group_row(f"{name}: {len(found)}", columns))
            rows += [_campaign_row(place, row) for place, row in enumerate(found, 1)]
    return Table(
        caption=f"Phong trào thi đua năm {figures.year.year}",
        columns=columns,
        rows=tuple(rows) or (group_row("Chưa có phong trào thi đua được phát động.", columns),),
        header_groups=(HeaderGroup("", 8), HeaderGroup("Khen thưởng (lượt)", 2), HeaderGroup("", 1)),
        notes=(tally_period(figures),),
        is_dense=True,
        shows_caption=False,
    )


def _campaign_row(place: int, row: CampaignRow) -> Row:
    campaign = row.campaign
    return Row(
        (
            str(place),
            campaign.title,
            campaign.launching_authority,
            _document(campaign),
            _SCOPES[CampaignScope(campaign.scope)],
            _duration(campaign),
            campaign.objectives,
            campaign.results or NO_FIGURE,
            *_counts(row.occasions, households=False),
            _STATUSES[CampaignStatus(campaign.status)],
        )
    )


def _document(campaign: Campaign) -> str:
    parts = [campaign.document_number, date_short(campaign.document_on) if campaign.document_on else ""]
    return ", ".join(filter(None, parts)) or NO_FIGURE


def _duration(campaign: Campaign) -> str:
    start = f"Từ {date_short(campaign.starts_on)}"
    return f"{start} đến {date_short(campaign.ends_on)}" if campaign.ends_on else start
