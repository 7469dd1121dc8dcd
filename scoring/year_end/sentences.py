"""The sentences of the annual summary that hold figures. Official Vietnamese; every number stands in an annex too."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from awards.calculations import Count
from awards.enums import AwardLevel, CampaignKind, CampaignStatus
from awards.queries import KindCount
from cluster_app.documents.blocks import Block, ListMarker, NumberedList, paragraph
from cluster_app.lib.points import format_percent
from cluster_app.lib.wording import date_short, points_text, whole_number
from members.enums import MeetingKind
from members.models import Meeting, Resolution
from scoring.year_end.figures import Election, Figures
from scoring.year_end.scores import ScoreRow

LEVEL_NAMES = {AwardLevel.STATE: "Cấp Nhà nước", AwardLevel.PROVINCE: "Cấp tỉnh", AwardLevel.AGENCY: "Cấp cơ quan"}
AT_THE_CONFERENCE = "Theo kết quả hội nghị."
LEADING_RANKS = 3

_MEETING_NAMES = {
    MeetingKind.LAUNCH: "hội nghị phát động thi đua",
    MeetingKind.HALF_YEAR: "hội nghị sơ kết 6 tháng",
    MeetingKind.YEAR_END: "hội nghị tổng kết",
    MeetingKind.REGULAR: "cuộc họp",
}

Writer = Callable[[Figures, bool], tuple[Block, ...]]


def occasions(count: Count) -> str:
    """ "108 lượt tập thể, 527 lượt cá nhân", households only where there are any."""
    parts = [f"{whole_number(count.collective)} lượt tập thể", f"{whole_number(count.individual)} lượt cá nhân"]
    if count.household:
        parts.append(f"{whole_number(count.household)} lượt hộ gia đình")
    return ", ".join(parts)


def tally_period(figures: Figures) -> str:
    tally = figures.tally
    return f"Số liệu tính theo ngày quyết định từ {date_short(tally.counted_from)} đến {date_short(tally.counted_to)}."


def direct_workers(figures: Figures) -> str:
    """How many of the individual occasions went to people in direct work; empty where there are none at all."""
    tally = figures.tally
    if not tally.total.individual:
        return ""
    return (
        f"Trong {whole_number(tally.total.individual)} lượt cá nhân có {whole_number(tally.direct_worker_count)} lượt "
        f"là người trực tiếp công tác, chiếm {format_percent(tally.direct_worker_percent)}."
    )


def _members(figures: Figures, is_draft: bool) -> tuple[Block, ...]:
    year = figures.year
    offices = []
    if figures.leader:
        offices.append(f"{figures.leader.name} là {year.leader_title}")
    if figures.deputies:
        offices.append(f"{listed(member.name for member in figures.deputies)} là {year.deputy_title}")
    led = f", do {', '.join(offices)}" if offices else ""
    names = "; ".join(member.name for member in year.roster())
    return (
        paragraph(f"{year.cluster.name} có {figures.unit_count} đơn vị thành viên{led}."),
        paragraph(f"Các đơn vị thành viên gồm: {names}."),
    )


def _meetings(figures: Figures, is_draft: bool) -> tuple[Block, ...]:
    if not figures.meetings:
        return ()
    held = "; ".join(
        f"{_MEETING_NAMES[MeetingKind(meeting.kind)]} ngày {date_short(meeting.held_on)} tại {meeting.place}"
        for meeting in figures.meetings
    )
    return (paragraph(f"{figures.group} đã tổ chức {held}."),)


def _pledge(figures: Figures, is_draft: bool) -> tuple[Block, ...]:
    found, year = figures.pledge, figures.year.year
    if found is None:
        return (paragraph(f"Năm {year}, {figures.group} không ký giao ước thi đua."),)
    signed = f"{found.signed_count}/{len(found.board)} đơn vị thành viên đã ký"
    day = f" ngày {date_short(found.pledge.signed_on)}" if found.pledge.signed_on and found.signed_count else ""
    text = f"Bản giao ước thi đua năm {year} gồm {found.item_count} nội dung, chỉ tiêu, {signed}{day}."
    waiting = [row.membership.name for row in found.board if row.signature is None]
    if found.signed_count and waiting:
        text += f" Đơn vị chưa ký: {listed(waiting)}."
    return (paragraph(f"{text} Kết quả thực hiện của từng đơn vị nêu tại {figures.annex('4')}."),)


def _campaigns(figures: Figures, is_draft: bool) -> tuple[Block, ...]:
    counts = figures.campaigns
    parts = [
        f"{count.total} {name}"
        for count, name in (
            (counts.regular, "phong trào thi đua thường xuyên"),
            (counts.thematic, "phong trào thi đua chuyên đề"),
            (counts.drive, "đợt thi đua"),
        )
        if count.total
    ]
    if not parts:
        return (paragraph(f"Năm {figures.year.year}, {figures.group} chưa phát động phong trào thi đua."),)
    text = f"Trong năm, các đơn vị đã tổ chức, hưởng ứng {listed(parts)} ({figures.annex('3')})."
    if counts.thematic.total:
        text += f" Trong {counts.thematic.total} phong trào thi đua chuyên đề có {_origins(figures, counts.thematic)};"
        thematic = figures.campaigns_of(CampaignKind.THEMATIC)
        concluded = [row for row in thematic if row.campaign.status == CampaignStatus.CONCLUDED]
        text += f" đã tổng kết {len(concluded)}/{counts.thematic.total} phong trào."
    return (paragraph(text),)


def _origins(figures: Figures, count: KindCount) -> str:
    parts = [
        f"{number} phong trào {origin}"
        for number, origin in (
            (count.cluster, f"do {figures.group} phát động"),
            (count.unit, "do đơn vị thành viên phát động"),
            (count.joined, "do cấp trên phát động"),
        )
        if number
    ]
    return listed(parts)


def _commendations(figures: Figures, is_draft: bool) -> tuple[Block, ...]:
    tally = figures.tally
    if not tally.total.total:
        text = f"Trong kỳ tổng hợp, {figures.group} chưa ghi nhận lượt khen thưởng nào. {tally_period(figures)}"
        return (paragraph(text),)
    parts = [f"{LEVEL_NAMES[AwardLevel(part.level)]}: {occasions(part.subtotal.count)}" for part in tally.levels]
    ends = [";"] * (len(parts) - 1) + ["."]
    types = tally.breakdown
    others = types.total - types.merit - types.thematic - types.adhoc
    rest = f", {whole_number(others)} lượt theo loại hình khác" if others else ""
    closing = [
        f"Theo loại hình có {whole_number(types.merit)} lượt khen thưởng theo công trạng, "
        f"{whole_number(types.thematic)} lượt theo chuyên đề, {whole_number(types.adhoc)} lượt đột xuất{rest}.",
        direct_workers(figures),
        _change(figures),
        tally_period(figures),
    ]
    return (
        paragraph(
            f"Trong năm, toàn {figures.group} có {occasions(tally.total)} được biểu dương, khen thưởng "
            f"({figures.annex('2')}, {figures.annex('2b')}), trong đó:"
        ),
        NumberedList(tuple(part + end for part, end in zip(parts, ends, strict=True)), marker=ListMarker.DASH),
        paragraph(" ".join(filter(None, closing))),
    )


def _change(figures: Figures) -> str:
    tally = figures.tally
    if tally.previous_total is None or tally.change_percent is None:
        return ""
    before = f"So với năm {tally.previous_year} ({whole_number(tally.previous_total.total)} lượt), tổng số lượt"
    return f"{before} {change_text(tally.change_percent)}."


def change_text(percent: Decimal | None) -> str:
    """ "tăng 12,50%", "giảm 3,00%" or "không thay đổi"; empty where there is nothing to compare with."""
    if percent is None:
        return ""
    if not percent:
        return "không thay đổi"
    return f"{'tăng' if percent > 0 else 'giảm'} {format_percent(abs(percent))}"


def _scores(figures: Figures, is_draft: bool) -> tuple[Block, ...]:
    scores, total = figures.scores, figures.scores.total
    if total is None:
        return (paragraph(f"Kết quả chấm điểm nêu tại {figures.annex('1')} khi hoàn thành thẩm định, phê duyệt."),)
    ranked_count = sum(row.unit.membership.is_ranked for row in scores.rows)
    how = "tạm tính, chưa hoàn thành phê duyệt" if scores.is_provisional else "đã được phê duyệt"
    highest, lowest = (_units_at(scores.scored, figure) for figure in (total.highest, total.lowest))
    bands = Counter(row.unit.band for row in scores.scored if row.unit.band)
    leading = [
        f"{row.unit.membership.name} (hạng {row.unit.rank}, {points_text(row.total)})"
        for row in scores.scored
        if row.unit.rank is not None and row.unit.rank <= LEADING_RANKS and row.total is not None
    ]
    texts = [
        f"Trên cơ sở tự chấm của các đơn vị và kết quả thẩm định, {total.count}/{ranked_count} đơn vị có kết quả chấm "
        f"điểm ({how}; {figures.annex('1')}). Điểm bình quân {points_text(total.average)}; cao nhất "
        f"{points_text(total.highest)} ({highest}); thấp nhất {points_text(total.lowest)} ({lowest}).",
        f"Các đơn vị xếp hạng cao nhất: {'; '.join(leading)}.",
    ]
    if bands:
        texts.append(f"Xếp loại: {'; '.join(f'{count} đơn vị {band}' for band, count in bands.items())}.")
    left_out = [member.name for member in figures.year.roster() if not member.is_ranked]
    if left_out:
        texts.append(f"Đơn vị không xét xếp hạng: {listed(left_out)}.")
    return (paragraph(texts[0]), paragraph(" ".join(texts[1:])))


def _units_at(rows: Iterable[ScoreRow], figure: object) -> str:
    return listed(row.unit.membership.name for row in rows if row.total == figure)


def _acclaimed(figures: Figures, is_draft: bool) -> tuple[Block, ...]:
    found = figures.exemplary
    if not found:
        none = f"Hội nghị không có nghị quyết suy tôn đơn vị tiêu biểu năm {figures.year.year}."
        return (paragraph(AT_THE_CONFERENCE if is_draft else none),)
    names = listed(member.name for member in figures.exemplary_units)
    text = f"{_meeting_of(found)} đã bình xét, suy tôn {names} là đơn vị tiêu biểu năm {figures.year.year}"
    return (paragraph(f"{text} ({figures.annex('5')}).{_votes(found)}"),)


def _proposals(figures: Figures, is_draft: bool) -> tuple[Block, ...]:
    found = figures.exemplary
    if not found:
        none = f"{figures.group} không có đề nghị khen thưởng chung; các đơn vị trình khen thưởng theo quy định."
        return (paragraph(AT_THE_CONFERENCE if is_draft else none),)
    intro = (
        "Căn cứ kết quả chấm điểm và bình xét, hội nghị thống nhất trình cấp có thẩm quyền xét khen thưởng "
        f"({figures.annex('6')}):"
    )
    ends = [";"] * (len(found) - 1) + ["."]
    items = tuple(resolution.text.strip().rstrip(".;") + end for resolution, end in zip(found, ends, strict=True))
    return (paragraph(intro), NumberedList(items, marker=ListMarker.DASH))


def _elections(figures: Figures, is_draft: bool) -> tuple[Block, ...]:
    offices = [office for office in (figures.next_leader, figures.next_deputy) if office.resolutions]
    if not offices:
        titles = f"{figures.next_leader.title}, {figures.next_deputy.title}"
        return (paragraph(AT_THE_CONFERENCE if is_draft else f"Hội nghị chưa bầu {titles} năm {figures.next_year}."),)
    elected = ", ".join(f"{_names(office)} làm {office.title}" for office in offices)
    settled = [resolution for office in offices for resolution in office.resolutions]
    return (paragraph(f"{_meeting_of(settled)} đã bầu {elected} năm {figures.next_year}." + _votes(settled)),)


def _names(office: Election) -> str:
    return listed(resolution.named.name for resolution in office.resolutions if resolution.named)


def _meeting_of(resolutions: Sequence[Resolution]) -> str:
    meeting: Meeting = resolutions[0].meeting
    name = _MEETING_NAMES[MeetingKind(meeting.kind)]
    return f"{name[:1].upper()}{name[1:]} ngày {date_short(meeting.held_on)}"


def _votes(resolutions: Sequence[Resolution]) -> str:
    """The vote as counted, said once where it was the same for all."""
    votes = [resolution.vote.strip().rstrip(".") for resolution in resolutions if resolution.vote.strip()]
    if not votes:
        return ""
    if len(set(votes)) == 1 and len(votes) == len(resolutions):
        return f" Kết quả: {votes[0]}."
    counted = dict.fromkeys(
        f"{resolution.named.name}: {resolution.vote.strip().rstrip('.')}"
        for resolution in resolutions
        if resolution.named and resolution.vote.strip()
    )
    return f" Kết quả: {'; '.join(counted)}."


def listed(items: Iterable[str]) -> str:
    """Joins names or counts as a sentence does: "a, b và c"."""
    *others, last = list(items) or [""]
    return f"{', '.join(others)} và {last}" if others else last


WRITERS: Mapping[str, Writer] = {
    "I.1": _members,
    "II.1": _meetings,
    "II.2": _pledge,
    "II.3": _campaigns,
    "II.5": _commendations,
    "IV.1": _scores,
    "IV.2": _acclaimed,
    "IV.3": _proposals,
    "IV.4": _elections,
}
