"""Everything that the annual summary quotes, read once: its text and its annexes are written from one object."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils import translation

from awards.calculations import Count
from awards.enums import CampaignKind, CampaignStatus
from awards.models import Campaign, Commendation, Pledge
from awards.queries import (
    BoardRow,
    CampaignCounts,
    Tally,
    campaign_counts,
    pledge_board,
    pledge_of,
    tally,
    year_campaigns,
)
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.letterheads import annex_name
from members import paper_heads
from members.enums import ClusterKind, MeetingKind, ResolutionKind
from members.models import Assignment, EmulationYear, Meeting, Membership, Resolution, YearPaper
from members.queries import deputies_of, leader_of
from members.signing import LeaderSignatures, of_leader
from scoring.models import Approval
from scoring.ranking import ranking
from scoring.year_end.earlier import earlier_commendations
from scoring.year_end.lines import Lines, lines_of
from scoring.year_end.scores import ScoreRow, ScoreTable, score_table


@dataclass(frozen=True)
class PledgeFigures:
    pledge: Pledge
    item_count: int
    board: tuple[BoardRow, ...]

    @property
    def signed_count(self) -> int:
        return sum(row.signature is not None for row in self.board)


@dataclass(frozen=True)
class CampaignRow:
    """A campaign with the occasions of the commendations that it brought."""

    campaign: Campaign
    occasions: Count


@dataclass(frozen=True)
class Election:
    """Whom the conference named for an office of the next year, under the title that office then has."""

    title: str
    resolutions: tuple[Resolution, ...]


@dataclass(frozen=True)
class Figures:
    year: EmulationYear
    paper: YearPaper
    leader: Membership | None
    deputies: tuple[Membership, ...]
    signing: LeaderSignatures
    pledge: PledgeFigures | None
    campaigns: CampaignCounts
    campaign_rows: tuple[CampaignRow, ...]
    tally: Tally
    scores: ScoreTable
    approvals: tuple[Approval, ...]
    lines: Lines
    meetings: tuple[Meeting, ...]
    exemplary: tuple[Resolution, ...]
    earlier: Mapping[int, tuple[Commendation, ...]]
    next_leader: Election
    next_deputy: Election

    @property
    def signer(self) -> Assignment | None:
        """Who signs for the leader's unit at present."""
        return self.signing.signatory

    @property
    def unit_count(self) -> int:
        return len(self.year.roster())

    @property
    def next_year(self) -> int:
        return self.year.year + 1

    @property
    def conference(self) -> Meeting | None:
        return next((meeting for meeting in self.meetings if meeting.kind == MeetingKind.YEAR_END), None)

    def score_of(self, member: Membership | None) -> ScoreRow | None:
        """The row of a unit in the table of points; None for a unit that is no member of this year."""
        return next((row for row in self.scores.rows if member and row.unit.membership.pk == member.pk), None)

    @property
    def exemplary_units(self) -> tuple[Membership, ...]:
        """The units that the conference acclaimed, each once however many forms it is proposed for."""
        named = {one.named_id: one.named for one in self.exemplary if one.named is not None}
        return tuple(named.values())

    @property
    def group(self) -> str:
        """The word for such a group: "Cụm" or "Khối"."""
        return str(ClusterKind(self.year.cluster.kind).label)

    def annex(self, number: str) -> str:
        """How the text refers to an annex; a no-break space, for a number alone at the head of a line reads badly."""
        name = annex_name(paper_heads.letterhead_kind(self.paper), number)
        return "\u00a0".join(name.rsplit(" ", 1))

    def campaigns_of(self, kind: CampaignKind) -> list[CampaignRow]:
        """The campaigns of a kind that were launched, the ones that `campaigns` counts."""
        of_kind = [row for row in self.campaign_rows if row.campaign.kind == kind]
        return [row for row in of_kind if row.campaign.status != CampaignStatus.PREPARED]

    def words(self) -> dict[str, object]:
        """What the skeleton's titles and stock sentences put in."""
        year = self.year
        return {
            "group": self.group,
            "year": year.year,
            "next_year": self.next_year,
            "leader_title": year.leader_title,
            "deputy_title": year.deputy_title,
            "next_leader_title": self.next_leader.title,
            "next_deputy_title": self.next_deputy.title,
            "annex_1": self.annex("1"),
        }


def _following(year: EmulationYear) -> EmulationYear:
    """The next year of the cluster, whose titles its offices have; until it is opened, this year."""
    return EmulationYear.objects.filter(cluster_id=year.cluster_id, year=year.year + 1).first() or year


def of(year: EmulationYear) -> Figures:
    """Reads the figures of `year`; the number of queries does not grow with its units. Always in Vietnamese: what a
    tie was broken by is a sentence, and it is printed."""
    leader = leader_of(year)
    meetings = _meetings(year)
    following = _following(year)
    exemplary = _settled(meetings, ResolutionKind.EXEMPLARY_UNIT)
    pledge = _pledge(year)
    with translation.override("vi"):
        ranked = ranking(year)
    return Figures(
        year=year,
        paper=paper_heads.settled(year, DocumentKind.ANNUAL_SUMMARY),
        leader=leader,
        deputies=tuple(deputies_of(year)),
        signing=of_leader(year),
        pledge=pledge,
        campaigns=campaign_counts(year),
        campaign_rows=_campaign_rows(year),
        tally=tally(year),
        scores=score_table(ranked),
        approvals=_approvals(year),
        lines=lines_of(year, ranked, pledge.pledge if pledge else None),
        meetings=meetings,
        exemplary=exemplary,
        earlier=earlier_commendations(year, [one.named for one in exemplary if one.named]),
        next_leader=Election(following.leader_title, _settled(meetings, ResolutionKind.LEADER)),
        next_deputy=Election(following.deputy_title, _settled(meetings, ResolutionKind.DEPUTY)),
    )


def _meetings(year: EmulationYear) -> tuple[Meeting, ...]:
    resolutions = Resolution.objects.select_related("named").order_by("order", "pk")
    found = Meeting.objects.filter(year=year).order_by("held_on", "pk")
    return tuple(found.prefetch_related(Prefetch("resolutions", queryset=resolutions)))


def _settled(meetings: Sequence[Meeting], kind: ResolutionKind) -> tuple[Resolution, ...]:
    """The resolutions of a kind from the last meeting that settled any: a later vote replaces an earlier one."""
    for meeting in reversed(meetings):
        found = tuple(resolution for resolution in meeting.resolutions.all() if resolution.kind == kind)
        if found:
            return found
    return ()


def _approvals(year: EmulationYear) -> tuple[Approval, ...]:
    """The approvals that are in force, in the order in which they were given."""
    found = Approval.objects.filter(scorecard__membership__year=year, revoked_at__isnull=True)
    return tuple(found.select_related("approver_unit", "delegation").order_by("approved_at", "pk"))


def _campaign_rows(year: EmulationYear) -> tuple[CampaignRow, ...]:
    found: Iterable[Any] = year_campaigns(year)  # the counts are annotations
    return tuple(
        CampaignRow(one, Count(one.collective_count, one.individual_count, one.household_count)) for one in found
    )


def _pledge(year: EmulationYear) -> PledgeFigures | None:
    pledge = pledge_of(year)
    if pledge is None:
        return None
    return PledgeFigures(pledge, len(pledge.items.all()), pledge_board(pledge))
