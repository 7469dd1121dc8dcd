"""What the home page shows: rows and figures as ready strings, each person getting what this person may see."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from awards import permissions as awards_permissions
from awards import queries as awards_queries
from awards.calculations import Count
from awards.queries import Tally
from cluster_app.lib.charts import Bar, Layout, Pattern, StackedBar, bar_chart, stacked_chart
from cluster_app.lib.points import NO_FIGURE, format_points
from members import permissions as members_permissions
from members.addresses import year_url
from members.enums import Phase
from members.permissions import can_see_setup
from scoring import permissions, queries
from scoring.enums import CardStatus
from scoring.home.overview import Overview, PublishedResult, UnitState, published_results
from scoring.models import Scorecard
from scoring.year_end.queries import issued_of

# Drawn about as wide as it is shown, so that its letters are as high as those of the page.
_SMALL = Layout(width=280, label_width=220, row_height=44, bar_height=14, label_above=True)
_NUMBER = "num ps-0"
_PATTERNS = {
    CardStatus.DRAFT: Pattern.LINES,
    CardStatus.SUBMITTED: Pattern.DOTS,
    CardStatus.RETURNED: Pattern.CROSS,
    CardStatus.REVIEWED: Pattern.DIAGONAL,
    CardStatus.APPROVED: Pattern.SOLID,
}


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    icon: str


@dataclass(frozen=True)
class UnitRow:
    """One unit. What the person may not see is empty."""

    name: str
    title: str
    standing: str
    is_own: bool
    url: str
    pledge: str
    status: Mapping[str, str]
    late: str
    way: str
    progress: Mapping[str, object] | None
    self_points: str
    reviewed_points: str
    commendations: str
    total: str
    rank: str

    @property
    def is_first(self) -> bool:
        return self.rank == "1"


@dataclass(frozen=True)
class UnitTable:
    """Some of the units; `has_points` says whether it has columns for what a plain unit does not see of others."""

    key: str
    heading: str
    rows: list[UnitRow]
    has_points: bool
    is_published: bool = False
    marks_own: bool = False
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A chart, and the same figures as a table."""

    heading: str
    note: str
    svg: SafeString
    columns: list[dict[str, str]]
    rows: list[dict[str, str]]
    total: dict[str, str] | None = None


def state_of_units(overview: Overview) -> dict[str, object]:
    """The rows and charts of the page; nothing for an administrator, who meets no figures."""
    if not overview.is_insider:
        return {"is_insider": False}
    year = overview.year
    tally = tally_of(overview)
    rows = unit_rows(overview, tally, published_results(year))
    return {
        "is_insider": True,
        "tables": _tables(overview, rows),
        "cards": card_figure(overview),
        "commendations": commendation_figure(overview, tally),
        "setup_url": year_url("members:year_setup", year) if can_see_setup(overview.user, year) else "",
    }


# --- The units ---


def _tables(overview: Overview, rows: list[UnitRow]) -> list[UnitTable]:
    """One table of all units; for a plain unit the own one with its figures, then the others without."""
    year, count = overview.year, len(rows)
    if year.is_published or permissions.can_see_progress(overview.user, year):
        heading = ngettext("%(count)d member unit", "%(count)d member units", count) % {"count": count}
        return [UnitTable("units", heading, rows, has_points=True, is_published=year.is_published, marks_own=True)]
    own, others = [row for row in rows if row.is_own], [row for row in rows if not row.is_own]
    heading = ngettext("%(count)d other member unit", "%(count)d other member units", len(others))
    note = _("Points of the other units are open after the results are published.")
    return [
        UnitTable("own", _("Your unit"), own, has_points=True),
        UnitTable("units", heading % {"count": len(others)}, others, has_points=False, note=note),
    ]


def unit_rows(overview: Overview, tally: Tally, published: Mapping[str, PublishedResult]) -> list[UnitRow]:
    """All units in protocol order; toward a plain unit the others show pledge, status and days late only, until the
    results are published."""
    open_units = {member.pk for member in awards_queries.visible_units(overview.user, overview.year)}
    awarded = {row.membership.pk: row.total for row in tally.units if row.membership.pk in open_units}
    sees_progress = permissions.can_see_progress(overview.user, overview.year)
    return [
        _unit_row(
            overview,
            unit,
            sees_progress=sees_progress or unit.is_own,
            awarded=awarded.get(unit.membership.pk),
            result=published.get(unit.membership.unit.code),
        )
        for unit in overview.units
    ]


def _unit_row(
    overview: Overview, unit: UnitState, *, sees_progress: bool, awarded: Count | None, result: PublishedResult | None
) -> UnitRow:
    member, card = unit.membership, unit.card
    can_see = card is not None and permissions.can_see(overview.user, card)
    self_points, reviewed_points = _points(overview, card) if card and can_see else ("", "")
    return UnitRow(
        name=member.name,
        title=member.title,
        standing=_standing(unit, sees_progress),
        is_own=unit.is_own,
        url=year_url("scoring:scorecard_detail", overview.year, code=member.unit.code) if can_see else "",
        pledge=_pledge(overview, unit),
        status=_status(unit),
        late=queries.due_of(card, overview.at).late if card else "",
        way=queries.word_of_way(unit.way) if can_see else "",
        progress=_progress(unit) if card and (can_see or sees_progress) else None,
        self_points=self_points,
        reviewed_points=reviewed_points,
        commendations=_both(awarded) if awarded else "",
        total=format_points(result.total) if result else "",
        rank=str(result.rank or NO_FIGURE) if result else "",
    )


def _points(overview: Overview, card: Scorecard) -> tuple[str, str]:
    """Self-scored and reviewed points; a review is not for the unit's eyes while it goes on."""
    sees_review = queries.sees_review(overview.user, card)
    return format_points(card.self_total), format_points(card.reviewed_total if sees_review else None)


def _standing(unit: UnitState, sees_reason: bool) -> str:
    member = unit.membership
    if member.is_ranked:
        return ""
    standing = str(member.get_standing_display())
    return f"{standing}: {member.standing_reason}" if sees_reason else standing


def _pledge(overview: Overview, unit: UnitState) -> str:
    if not overview.pledge_status:
        return NO_FIGURE
    return _("signed") if unit.has_signed else _("not signed")


def _status(unit: UnitState) -> Mapping[str, str]:
    if unit.card is None:
        return {"css": "neutral", "label": _("Not open yet")}
    return queries.status_of(unit.card)


def _progress(unit: UnitState) -> Mapping[str, object]:
    return {
        "value": unit.filled_count,
        "max": unit.line_count,
        "label": f"{unit.filled_count}/{unit.line_count}",
    }


def _both(count: Count) -> str:
    return f"{count.collective} / {count.individual}"


# --- The charts ---


def card_figure(overview: Overview) -> Figure:
    """How many cards stand in each status."""
    statuses = [unit.card.status if unit.card else None for unit in overview.units]
    found = [(str(status.label), statuses.count(status), _PATTERNS[status]) for status in reversed(CardStatus)]
    if None in statuses or not statuses:
        found.append((_("Not open yet"), statuses.count(None), Pattern.EMPTY))
    heading = _("Score cards by status")
    bars = [Bar(label, count, str(count), pattern) for label, count, pattern in found]
    return Figure(
        heading=heading,
        note="",
        svg=bar_chart(heading, bars, layout=_SMALL, maximum=len(statuses)),
        columns=[{"key": "status", "label": _("Status")}, {"key": "count", "label": _("Units"), "css": _NUMBER}],
        rows=[{"status": label, "count": str(count)} for label, count, _pattern in found],
    )


def tally_of(overview: Overview) -> Tally:
    """The commendations of all units, or of the own one where the others' are not open."""
    user, year = overview.user, overview.year
    if awards_permissions.can_see_tally(user, year):
        return awards_queries.tally(year, with_last_year=False)
    return awards_queries.tally(year, awards_queries.visible_units(user, year), with_last_year=False)


def commendation_figure(overview: Overview, tally: Tally) -> Figure:
    """Occasions by level and kind of recipient; households only where there are any."""
    heading = _("Commendations by level")
    kinds = [("collective", _("Collective")), ("individual", _("Individual"))]
    if tally.total.household:
        kinds.append(("household", _("Household")))
    parts = [(str(part.label), part.subtotal.count) for part in tally.levels]
    bars = [
        StackedBar(label, [getattr(count, kind) for kind, _label in kinds], str(count.total)) for label, count in parts
    ]
    whose = _("all units") if len(tally.units) == len(overview.units) else _("your unit")
    period = {"start": f"{tally.counted_from:%d/%m/%Y}", "end": f"{tally.counted_to:%d/%m/%Y}"}
    return Figure(
        heading=heading,
        note=_("Confirmed occasions of %(whose)s, decided from %(start)s to %(end)s") % {"whose": whose, **period},
        svg=stacked_chart(heading, [label for _kind, label in kinds], bars, layout=_SMALL),
        columns=[
            {"key": "level", "label": _("Level"), "css": "w-50 pe-0"},
            *({"key": kind, "label": label, "css": _NUMBER} for kind, label in kinds),
            {"key": "total", "label": pgettext("occasions", "Total"), "css": _NUMBER},
        ],
        rows=[_level_row(label, count, kinds) for label, count in parts],
        total=_level_row(_("All levels"), tally.total, kinds),
    )


def _level_row(label: str, count: Count, kinds: list[tuple[str, str]]) -> dict[str, str]:
    return {"level": label, "total": str(count.total)} | {kind: str(getattr(count, kind)) for kind, _label in kinds}


# --- What else there is ---


def notes(overview: Overview) -> list[str]:
    """What happens with the own card while its unit has nothing to do with it."""
    texts = {
        CardStatus.SUBMITTED: _("The score card of %(unit)s is submitted and waits for its review."),
        CardStatus.REVIEWED: _("The score card of %(unit)s is reviewed and waits for approval."),
        CardStatus.APPROVED: _("The score card of %(unit)s is approved."),
    }
    year = overview.year
    if not overview.is_insider:
        return [_("An administrator looks after accounts, clusters and catalogues, and meets no figures of the year.")]
    if year.is_published:
        return [_("The results of the year %(year)s are published.") % {"year": year.year}]
    cards = [unit.card for unit in overview.own_units if unit.card and unit.card.status in texts]
    if year.phase in (Phase.PREPARING, Phase.RUNNING):
        return [_("Self-scoring is not open yet. Commendations are recorded as soon as they are decided.")]
    return [texts[CardStatus(card.status)] % {"unit": card.membership.name} for card in cards]


def links(overview: Overview) -> list[Link]:
    """Where a person without things to do finds the year."""
    year = overview.year
    if not overview.is_insider:
        return _setup_links(overview)
    found = [
        Link(_("Score cards"), year_url("scoring:scorecard_list", year), "clipboard-check"),
        Link(_("Commendations"), year_url("awards:commendation_list", year), "award"),
        Link(_("Campaigns"), year_url("awards:campaign_list", year), "flag"),
    ]
    if permissions.can_see_ranking(overview.user, year):
        found.insert(0, Link(_("Ranking"), year_url("scoring:ranking", year), "bar-chart"))
    return found


def _setup_links(overview: Overview) -> list[Link]:
    found = [
        Link(_("New cluster"), reverse("members:cluster_create"), "plus-lg"),
        Link(_("New account"), reverse("members:account_create"), "key"),
        Link(_("Administration"), reverse("admin:index"), "gear"),
    ]
    if can_see_setup(overview.user, overview.year):
        found.insert(0, Link(_("Set-up"), year_url("members:year_setup", overview.year), "sliders"))
    return found


def primary(overview: Overview) -> Link | None:
    """The annual summary for those who may print it; until it is issued a unit's own card."""
    user, year = overview.user, overview.year
    if permissions.can_print_draft(user, year) or (_may_print(overview) and issued_of(year) is not None):
        return Link(_("Annual summary"), year_url("scoring:summary", year), "file-earmark-text")
    for unit in overview.own_units:
        if unit.card:
            url = year_url("scoring:scorecard_detail", year, code=unit.membership.unit.code)
            return Link(_("My unit's card"), url, "clipboard-check")
    return None


def _may_print(overview: Overview) -> bool:
    return members_permissions.is_allowed(permissions.TABLE, "summary.print", overview.user, overview.year)
