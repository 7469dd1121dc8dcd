"""The records of a year that a score line may take its value from: each query reads those of every member unit.

A record carries its primary key, the unit it belongs to, a text for people, and what a criterion weighs it by.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from awards.enums import AwardSystem, CampaignStatus, ParticipationStatus, RecipientKind
from awards.models import AwardForm, Campaign, CampaignParticipation, TitleRegistration
from awards.queries import counted_commendations
from cluster_app.lib.points import percent
from cluster_app.lib.wording import date_short
from members.models import EmulationYear

# --- Commendations ---


@dataclass(frozen=True)
class AwardRecord:
    """A commendation that counts in the year; `pk` is the commendation's."""

    pk: int
    membership_id: int
    level: str
    recipient_kind: str
    system: str
    form_code: str
    form_name: str
    recipient: str
    occasions: int
    is_direct_worker: bool | None
    decision_number: str
    decided_on: date

    @property
    def text(self) -> str:
        """What was given to whom by which decision; names and figures alone, the same in every language."""
        times = f" × {self.occasions}" if self.occasions > 1 else ""
        return f"{self.form_name}{times}: {self.recipient} ({self.decision_number}, {date_short(self.decided_on)})"


_AWARD_COLUMNS = (
    "pk",
    "membership_id",
    "award_form__level",
    "recipient_kind",
    "award_form__system",
    "award_form__code",
    "award_form__name",
    "recipient",
    "occasions",
    "is_direct_worker",
    "decision__number",
    "decision__decided_on",
)


def counted_records(year: EmulationYear, system: str = AwardSystem.STATE) -> tuple[AwardRecord, ...]:
    """The commendations that `queries.tally` counts, one by one, in one query: by unit, then by date of the decision.

    Needs the rules of the year, which cost a query of their own where they are not loaded.
    """
    rows = counted_commendations(year.rules).filter(award_form__system=system)
    rows = rows.order_by("membership__protocol_order", "membership", "decision__decided_on", "decision__number", "pk")
    return tuple(AwardRecord(*row) for row in rows.values_list(*_AWARD_COLUMNS))


@dataclass(frozen=True)
class DirectWorkers:
    """Of a unit's individual occasions those of people in direct work; `record_pks` are all its individual rows."""

    direct: int
    individuals: int
    record_pks: tuple[int, ...]

    @property
    def percent(self) -> Decimal | None:
        """In percent, rounded once as in the tally; None where no individual was commended."""
        return percent(self.direct, self.individuals)


def direct_workers(year: EmulationYear) -> dict[int, DirectWorkers]:
    """The direct workers among the commended by member unit (primary key), every unit of the roster in it."""
    by_unit: dict[int, list[AwardRecord]] = defaultdict(list)
    for record in counted_records(year):
        if record.recipient_kind == RecipientKind.INDIVIDUAL:
            by_unit[record.membership_id].append(record)
    return {
        member.pk: DirectWorkers(
            direct=sum(record.occasions for record in by_unit[member.pk] if record.is_direct_worker),
            individuals=sum(record.occasions for record in by_unit[member.pk]),
            record_pks=tuple(record.pk for record in by_unit[member.pk]),
        )
        for member in year.roster()
    }


# --- Campaigns ---


@dataclass(frozen=True)
class CampaignRecord:
    """A unit's part in a campaign; `pk` is the participation's."""

    pk: int
    membership_id: int
    campaign_pk: int
    code: str
    title: str
    kind: str
    campaign_status: str
    status: str
    note: str

    @property
    def text(self) -> str:
        return f"{self.code}: {self.title}"

    @property
    def is_reported(self) -> bool:
        """Whether the unit sent in what it did in the campaign, be the campaign over or not."""
        return self.status == ParticipationStatus.REPORTED

    @property
    def is_concluded(self) -> bool:
        """Whether the unit joined and concluded: it reported, and the campaign is concluded (features.md C5)."""
        return self.is_reported and self.campaign_status == CampaignStatus.CONCLUDED


_CAMPAIGN_COLUMNS = (
    "pk",
    "membership_id",
    "campaign_id",
    "campaign__code",
    "campaign__title",
    "campaign__kind",
    "campaign__status",
    "status",
    "note",
)


def campaign_records(year: EmulationYear) -> tuple[CampaignRecord, ...]:
    """Who takes part in which campaign of the year and how far, in one query: by unit, kind and code."""
    rows = CampaignParticipation.objects.filter(campaign__year=year)
    rows = rows.order_by("membership__protocol_order", "membership", "campaign__kind", "campaign__code", "pk")
    return tuple(CampaignRecord(*row) for row in rows.values_list(*_CAMPAIGN_COLUMNS))


def participation_of(campaign: Campaign) -> dict[int, CampaignParticipation]:
    """The rows of one campaign by member unit (primary key)."""
    return {row.membership_id: row for row in campaign.participations.all()}


# --- Registered titles ---


@dataclass(frozen=True)
class RegisteredTitle:
    """A title or form that a unit registered, and how many of it were awarded; `pk` is the registration's."""

    pk: int
    membership_id: int
    form_code: str
    form_name: str
    recipient_kind: str
    document_number: str
    registered: int
    awarded: int
    commendation_pks: tuple[int, ...]

    @property
    def counted(self) -> int:
        """Of those awarded at most as many as were registered, so that one title does not make up for another."""
        return min(self.awarded, self.registered)

    @property
    def percent(self) -> Decimal | None:
        """Counted against registered in percent, never more than 100."""
        return percent(self.counted, self.registered)

    @property
    def text(self) -> str:
        return f"{self.form_name}: {self.counted}/{self.registered}"


@dataclass(frozen=True)
class Registered:
    """What a unit registered against what it was awarded."""

    records: tuple[RegisteredTitle, ...]

    @property
    def registered(self) -> int:
        return sum(record.registered for record in self.records)

    @property
    def awarded(self) -> int:
        """Title by title at most as many as were registered; see `RegisteredTitle.counted`."""
        return sum(record.counted for record in self.records)

    @property
    def percent(self) -> Decimal | None:
        """In percent, never more than 100; None where the unit registered nothing."""
        return percent(self.awarded, self.registered)


def registered_against_awarded(year: EmulationYear) -> dict[int, Registered]:
    """What each member unit (primary key) registered and was awarded; every unit of the roster in it.

    Awarded is what `queries.tally` counts, in occasions. Forms are compared by their code: where the law changed
    within the year, the title is the same title.
    """
    awards: dict[tuple[int, str, str], list[AwardRecord]] = defaultdict(list)
    for award in counted_records(year):
        awards[award.membership_id, award.form_code, award.recipient_kind].append(award)
    by_unit: dict[int, list[RegisteredTitle]] = defaultdict(list)
    rows = TitleRegistration.objects.filter(membership__year=year).select_related("award_form")
    for row in rows.order_by("award_form__code", "recipient_kind", "pk"):
        found = awards[row.membership_id, row.award_form.code, row.recipient_kind]
        by_unit[row.membership_id].append(_registered_title(row, found))
    return {member.pk: Registered(tuple(by_unit[member.pk])) for member in year.roster()}


def _registered_title(row: TitleRegistration, awards: list[AwardRecord]) -> RegisteredTitle:
    return RegisteredTitle(
        pk=row.pk,
        membership_id=row.membership_id,
        form_code=row.award_form.code,
        form_name=row.award_form.name,
        recipient_kind=row.recipient_kind,
        document_number=row.document_number,
        registered=row.count,
        awarded=sum(award.occasions for award in awards),
        commendation_pks=tuple(award.pk for award in awards),
    )


def registrable_forms(year: EmulationYear) -> QuerySet[AwardForm]:
    """The forms of the State's system that are in force on a day of the tally period, the newest row of each first."""
    rules = year.rules
    in_force = Q(valid_to__isnull=True) | Q(valid_to__gte=rules.tally_from)
    forms = AwardForm.objects.filter(in_force, system=AwardSystem.STATE, valid_from__lte=rules.tally_to)
    return forms.order_by("code", "-valid_from", "pk")
