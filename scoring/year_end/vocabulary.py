"""The figures that a person may call by name in a paragraph of the annual summary, each with its unit of measure.

Names are Vietnamese whatever the page's language, for they stand in a Vietnamese text. Every value is read from the one
Figures object from which the sentences and the annexes are written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from awards.calculations import Count
from awards.enums import AwardLevel, CampaignKind, CampaignStatus
from cluster_app.lib.points import NO_FIGURE, format_percent
from cluster_app.lib.wording import date_short, points_text, whole_number
from scoring.year_end.figures import Election, Figures
from scoring.year_end.sentences import change_text, listed

_LEVELS = {AwardLevel.STATE: "cấp Nhà nước", AwardLevel.PROVINCE: "cấp tỉnh", AwardLevel.AGENCY: "cấp cơ quan"}
BAND_PREFIX = "xếp loại "


@dataclass(frozen=True)
class Group:
    """Figures that the page lists together."""

    title: str | Promise
    figures: tuple[tuple[str, str], ...]


def groups(figures: Figures) -> tuple[Group, ...]:
    """Every name with its present value as it is printed ("527 lượt cá nhân"); a dash where there is no figure yet."""
    return (
        Group(_("Cluster and year"), tuple(_cluster(figures))),
        Group(_("Commendations"), tuple(_commendations(figures))),
        Group(_("Campaigns"), tuple(_campaigns(figures))),
        Group(_("Pledge"), tuple(_pledge(figures))),
        Group(_("Points and ranking"), tuple(_scores(figures))),
        Group(_("Meetings and elections"), tuple(_meetings(figures))),
    )


def values(figures: Figures) -> dict[str, str]:
    """The present value of every name."""
    return {name: value for group in groups(figures) for name, value in group.figures}


def _cluster(figures: Figures) -> Iterator[tuple[str, str]]:
    word = figures.group.lower()
    ranked = sum(member.is_ranked for member in figures.year.roster())
    yield "năm", str(figures.year.year)
    yield "năm sau", str(figures.next_year)
    yield "số đơn vị", _count(figures.unit_count, "đơn vị thành viên")
    yield "số đơn vị xét xếp hạng", _count(ranked, "đơn vị")
    yield f"{word} trưởng", figures.leader.name if figures.leader else NO_FIGURE
    yield f"{word} phó", listed(member.name for member in figures.deputies) or NO_FIGURE


def _commendations(figures: Figures) -> Iterator[tuple[str, str]]:
    tally = figures.tally
    yield "lượt khen thưởng", _count(tally.total.total, "lượt khen thưởng")
    yield from _by_recipient("", tally.total)
    for level, name in _LEVELS.items():
        count = tally.level(level).subtotal.count
        yield f"lượt {name}", _count(count.total, "lượt")
        yield from _by_recipient(f" {name}", count)
    types = tally.breakdown
    yield "lượt công trạng", _count(types.merit, "lượt")
    yield "lượt chuyên đề", _count(types.thematic, "lượt")
    yield "lượt đột xuất", _count(types.adhoc, "lượt")
    yield "lượt loại hình khác", _count(types.total - types.merit - types.thematic - types.adhoc, "lượt")
    yield "lượt trực tiếp", _count(tally.direct_worker_count, "lượt")
    yield "tỷ lệ trực tiếp", format_percent(tally.direct_worker_percent)
    yield "lượt năm trước", _count(tally.previous_total.total, "lượt") if tally.previous_total else NO_FIGURE
    yield "so với năm trước", change_text(tally.change_percent) or NO_FIGURE


def _by_recipient(of_level: str, count: Count) -> Iterator[tuple[str, str]]:
    yield f"lượt tập thể{of_level}", _count(count.collective, "lượt tập thể")
    yield f"lượt cá nhân{of_level}", _count(count.individual, "lượt cá nhân")
    if not of_level:
        yield "lượt hộ gia đình", _count(count.household, "lượt hộ gia đình")


def _campaigns(figures: Figures) -> Iterator[tuple[str, str]]:
    counts = figures.campaigns
    concluded = [
        row for row in figures.campaigns_of(CampaignKind.THEMATIC) if row.campaign.status == CampaignStatus.CONCLUDED
    ]
    yield "phong trào chuyên đề", _count(counts.thematic.total, "phong trào thi đua chuyên đề")
    yield "chuyên đề cấp trên phát động", _count(counts.thematic.joined, "phong trào")
    yield f"chuyên đề {figures.group.lower()} phát động", _count(counts.thematic.cluster, "phong trào")
    yield "chuyên đề đơn vị phát động", _count(counts.thematic.unit, "phong trào")
    yield "chuyên đề đã tổng kết", _count(len(concluded), "phong trào")
    yield "phong trào thường xuyên", _count(counts.regular.total, "phong trào thi đua thường xuyên")
    yield "đợt thi đua", _count(counts.drive.total, "đợt thi đua")


def _pledge(figures: Figures) -> Iterator[tuple[str, str]]:
    pledge = figures.pledge
    yield "chỉ tiêu giao ước", _count(pledge.item_count, "nội dung, chỉ tiêu") if pledge else NO_FIGURE
    yield "đơn vị ký giao ước", _count(pledge.signed_count, "đơn vị") if pledge else NO_FIGURE
    yield "ngày ký giao ước", _day(pledge.pledge.signed_on if pledge else None)


def _scores(figures: Figures) -> Iterator[tuple[str, str]]:
    scores, total = figures.scores, figures.scores.total
    first = [row.unit.membership.name for row in scores.scored if row.unit.rank == 1]
    yield "đơn vị có điểm", _count(total.count, "đơn vị") if total else NO_FIGURE
    yield "điểm bình quân", _points(total.average if total else None)
    yield "điểm cao nhất", _points(total.highest if total else None)
    yield "điểm thấp nhất", _points(total.lowest if total else None)
    yield "đơn vị dẫn đầu", listed(first) or NO_FIGURE
    for band in figures.year.rules.bands:
        reached = sum(row.unit.band == band["name"] for row in scores.scored)
        yield f"{BAND_PREFIX}{band['name']}", _count(reached, "đơn vị") if total else NO_FIGURE


def _meetings(figures: Figures) -> Iterator[tuple[str, str]]:
    word, conference, units = figures.group.lower(), figures.conference, figures.exemplary_units
    yield "số hội nghị", _count(len(figures.meetings), "hội nghị, cuộc họp")
    yield "ngày hội nghị tổng kết", _day(conference.held_on if conference else None)
    yield "số đơn vị tiêu biểu", _count(len(units), "đơn vị") if units else NO_FIGURE
    yield f"{word} trưởng năm sau", _elected(figures.next_leader)
    yield f"{word} phó năm sau", _elected(figures.next_deputy)


def _elected(office: Election) -> str:
    return listed(resolution.named.name for resolution in office.resolutions if resolution.named) or NO_FIGURE


def _count(number: int, unit: str) -> str:
    return f"{whole_number(number)} {unit}"


def _points(points: Decimal | None) -> str:
    return NO_FIGURE if points is None else points_text(points)


def _day(day: date | None) -> str:
    return date_short(day) if day else NO_FIGURE
