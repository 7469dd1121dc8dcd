"""What the home page knows of a year: how far every unit is, what waits for a second person, what was published."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from awards.enums import CampaignStatus
from awards.models import Campaign, Pledge, PledgeSignature
from members.enums import AssignmentRole, ResolutionKind
from members.models import Assignment, EmulationYear, Membership, PendingStep, User
from members.queries import resolutions
from members.relations import Relation, relations, signatory_unit_ids
from scoring.enums import ObjectionStatus
from scoring.models import Objection, Publication, Scorecard, Submission, SummaryParagraph
from scoring.permissions import note_submitted
from scoring.sheets import KNOWN_BEFORE_REVIEW
from scoring.year_end import skeleton

REQUIRED_KEYS = tuple(place.key for place in skeleton.places() if place.is_required)
_OWN = {Relation.OFFICER, Relation.SIGNATORY}


@dataclass(frozen=True)
class UnitState:
    """How far one unit is. What of it a person may see is said by `permissions`, not here."""

    membership: Membership
    card: Scorecard | None
    relations: frozenset[Relation]
    has_signed: bool
    line_count: int
    filled_count: int
    reviewed_count: int
    estimate_count: int
    way: str
    objection_count: int

    @property
    def is_own(self) -> bool:
        return bool(self.relations & _OWN)

    @property
    def signs(self) -> bool:
        """Whether the person is the unit's signatory."""
        return Relation.SIGNATORY in self.relations


@dataclass(frozen=True)
class Overview:
    """The year as `user` meets it at the moment `at`; `pledge_status` is empty while there is no pledge.

    `paragraph_count` counts those that the summary cannot do without and that are written.
    """

    user: User
    year: EmulationYear
    at: datetime
    relations: frozenset[Relation]
    units: tuple[UnitState, ...]
    pledge_status: str
    paragraph_count: int

    def has(self, *wanted: Relation) -> bool:
        return bool(self.relations & set(wanted))

    @property
    def cards(self) -> list[tuple[UnitState, Scorecard]]:
        return [(unit, unit.card) for unit in self.units if unit.card is not None]

    @property
    def own_units(self) -> list[UnitState]:
        return [unit for unit in self.units if unit.is_own]

    @property
    def is_insider(self) -> bool:
        """Everybody of the cluster; an administrator looks after accounts and meets no figures."""
        return bool(self.relations - {Relation.ADMINISTRATOR, Relation.FOREIGN})


@dataclass(frozen=True)
class PublishedResult:
    rank: int | None
    total: Decimal | None


@dataclass(frozen=True)
class Proposal:
    """An act that waits; `is_of_own_unit`: its first person signs for a unit for which the user signs too."""

    step: PendingStep
    is_of_own_unit: bool


def overview_of(user: User, year: EmulationYear, at: datetime) -> Overview:
    """Reads all units with pledge and card in one query."""
    members = list(_members_of(year))
    first = members[0] if members else None
    units = tuple(_state(user, year, member) for member in members)
    note_submitted(year, {unit.membership.pk for unit in units if unit.card and unit.card.submitted_at})
    return Overview(
        user=user,
        year=year,
        at=at,
        relations=relations(user, year),
        units=units,
        pledge_status=first.pledge_status if first else "",
        paragraph_count=first.paragraph_count if first else 0,
    )


def _members_of(year: EmulationYear):
    """Pledge status and number of paragraphs are those of the year, the same on every row: it saves two queries."""
    assigned = Q(scorecard__lines__is_assigned=True, scorecard__lines__criterion__source__in=KNOWN_BEFORE_REVIEW)
    estimated = Q(scorecard__lines__is_estimate=True, scorecard__lines__self_value__isnull=False)
    pledge = Pledge.objects.filter(year=OuterRef("year"))
    submitted = Submission.objects.filter(scorecard=OuterRef("scorecard")).order_by("-number")
    open_objections = Objection.objects.filter(line__scorecard=OuterRef("scorecard"), status=ObjectionStatus.OPEN)
    paragraphs = SummaryParagraph.objects.filter(year=OuterRef("year"), key__in=REQUIRED_KEYS).exclude(text="")
    return (
        year.memberships.select_related("unit", "scorecard")
        .annotate(
            line_count=Count("scorecard__lines", filter=assigned),
            filled_count=Count("scorecard__lines", filter=assigned & Q(scorecard__lines__self_value__isnull=False)),
            reviewed_count=Count(
                "scorecard__lines", filter=assigned & Q(scorecard__lines__reviewed_value__isnull=False)
            ),
            estimate_count=Count("scorecard__lines", filter=estimated),
            has_signed=Exists(PledgeSignature.objects.filter(membership=OuterRef("pk"))),
            pledge_status=Coalesce(Subquery(pledge.values("status")[:1]), Value("")),
            way=Coalesce(Subquery(submitted.values("way")[:1]), Value("")),
            objection_count=Coalesce(Subquery(_counted(open_objections, "line__scorecard")), 0),
            paragraph_count=Coalesce(Subquery(_counted(paragraphs, "year")), 0),
        )
        .order_by("protocol_order", "pk")
    )


def _counted(rows: QuerySet, by: str) -> QuerySet:
    """How many rows there are, as a subquery can be used; none where there is no row."""
    return rows.order_by().values(by).annotate(count=Count("pk")).values("count")


def _state(user: User, year: EmulationYear, member) -> UnitState:
    member.year = year
    return UnitState(
        membership=member,
        card=getattr(member, "scorecard", None),
        relations=relations(user, year, member),
        has_signed=member.has_signed,
        line_count=member.line_count,
        filled_count=member.filled_count,
        reviewed_count=member.reviewed_count,
        estimate_count=member.estimate_count,
        way=member.way,
        objection_count=member.objection_count,
    )


def published_results(year: EmulationYear) -> Mapping[str, PublishedResult]:
    """Rank and total of every unit by its code, as they were published; empty before."""
    if not year.is_published:
        return {}
    publication = Publication.objects.filter(year=year, withdrawn_at__isnull=True).first()
    units = json.loads(publication.snapshot).get("units", []) if publication else []
    return {
        unit["code"]: PublishedResult(unit["rank"], None if unit["total"] is None else Decimal(unit["total"]))
        for unit in units
    }


def proposals(year: EmulationYear, user: User) -> list[Proposal]:
    """The acts of the year that wait for a second person."""
    colleague = Assignment.objects.filter(
        user=OuterRef("proposed_by"),
        role=AssignmentRole.SIGNATORY,
        ended_on__isnull=True,
        unit_id__in=signatory_unit_ids(user),
    )
    steps = PendingStep.objects.filter(year=year, closed_at__isnull=True).select_related("proposed_by")
    ordered = steps.annotate(is_of_own_unit=Exists(colleague)).order_by("proposed_at", "pk")
    return [Proposal(step, is_of_own_unit=step.is_of_own_unit) for step in ordered]


def open_campaigns(year: EmulationYear) -> list[Campaign]:
    """The campaigns that are not concluded, those that end first standing first."""
    campaigns = Campaign.objects.filter(year=year).exclude(status=CampaignStatus.CONCLUDED)
    found = list(campaigns.order_by(F("ends_on").asc(nulls_last=True), "code", "pk"))
    for campaign in found:
        campaign.year = year
    return found


def third_units(year: EmulationYear) -> Mapping[int, int | None]:
    """The unit that approves instead of leader and deputy by the newest resolution, by membership (primary keys)."""
    return {
        resolution.concerned_id: resolution.named.unit_id if resolution.named else None
        for resolution in resolutions(year, ResolutionKind.THIRD_UNIT)
        if resolution.concerned_id is not None
    }


def names(units: Iterable[UnitState]) -> str:
    return ", ".join(unit.membership.short_name for unit in units)
