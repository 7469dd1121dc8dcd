"""Reads over pledge, campaigns and commendations. `tally` is the only place that counts commendations."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from awards.calculations import (
    Breakdown,
    Count,
    Counted,
    LevelPart,
    SystemPart,
    breakdown_of,
    change_percent,
    count_of,
    level_parts,
    system_parts,
)
from awards.enums import (
    AwardLevel,
    AwardSystem,
    CampaignKind,
    CampaignOrigin,
    CampaignStatus,
    CommendationStatus,
    RecipientKind,
)
from awards.models import AwardForm, BaseSalary, Campaign, Commendation, Pledge, PledgeSignature
from awards.permissions import can_see_tally, units_open_for
from cluster_app.lib.points import percent
from members.enums import AssignmentRole
from members.models import Assignment, EmulationYear, Membership, User, YearRules

# --- Commendations: the count ---


@dataclass(frozen=True)
class UnitRow:
    """The occasions of one unit in the State's system; `previous` is None where it was no member last year."""

    membership: Membership
    levels: dict[str, Count]
    total: Count
    previous: Count | None
    change_percent: Decimal | None


@dataclass(frozen=True)
class Tally:
    """What was awarded in the tally period of the year: confirmed decisions of the State's system, in occasions."""

    year: EmulationYear
    counted_from: date
    counted_to: date
    levels: tuple[LevelPart, ...]
    breakdown: Breakdown
    units: tuple[UnitRow, ...]
    direct_worker_count: int
    direct_worker_percent: Decimal | None
    late_count: int
    others: tuple[SystemPart, ...]
    previous_year: int | None
    previous_total: Count | None

    @property
    def total(self) -> Count:
        return self.breakdown.count

    @property
    def change_percent(self) -> Decimal | None:
        return change_percent(self.total.total, self.previous_total.total) if self.previous_total else None

    def level(self, level: str) -> LevelPart:
        return next(part for part in self.levels if part.level == level)


def tally(
    year: EmulationYear, memberships: Collection[Membership] | None = None, *, with_last_year: bool = True
) -> Tally:
    """Counts the commendations of the year, or of some of its member units alone, beside last year's unless told not.

    domain.md rule 30: occasions, not people; awarded and confirmed; by the date of the decision within the tally
    period of the year's rules; the level follows the form, and last year's figures are counted by last year's rules.
    """
    members = [member for member in year.roster() if memberships is None or member in memberships]
    rules = year.rules
    counted = _sums(counted_commendations(rules).filter(membership__in=members))
    state = [one for one in counted if one.system == AwardSystem.STATE]
    total = breakdown_of(state)
    direct = sum(one.direct for one in state)
    last = _last_year(year, None if memberships is None else members) if with_last_year else None
    return Tally(
        year=year,
        counted_from=rules.tally_from,
        counted_to=rules.tally_to,
        levels=level_parts(counted),
        breakdown=total,
        units=tuple(_unit_row(member, state, last) for member in members),
        direct_worker_count=direct,
        direct_worker_percent=percent(direct, total.count.individual),
        late_count=sum(one.late for one in state),
        others=system_parts(counted),
        previous_year=last.year if last else None,
        previous_total=last.total if last else None,
    )


def counted_commendations(rules: YearRules) -> QuerySet[Commendation]:
    """The commendations that count in a year, in every system."""
    return Commendation.objects.filter(
        membership__year=rules.year_id,
        status=CommendationStatus.AWARDED,
        confirmed_at__isnull=False,
        decision__decided_on__range=(rules.tally_from, rules.tally_to),
    )


def counted_sums(rules: YearRules) -> list[Counted]:
    """The occasions that count in a year, in every system, parted by all that a statistics form may ask. One query."""
    return _sums(counted_commendations(rules))


def _sums(commendations: QuerySet[Commendation]) -> list[Counted]:
    """Sums the occasions by everything that the tally tells apart, in one query."""
    was_late = Q(membership__year__published_at__lt=F("recorded_at"))
    form = [f"award_form__{name}" for name in ("code", "name", "kind", "system", "level")]
    rows = (
        commendations.order_by()
        .values_list("membership_id", *form, "recipient_kind", "type")
        .annotate(
            total=Sum("occasions"),
            direct=Coalesce(Sum("occasions", filter=Q(is_direct_worker=True)), 0),
            late=Coalesce(Sum("occasions", filter=was_late), 0),
        )
    )
    return [Counted(*row) for row in rows]


@dataclass(frozen=True)
class _LastYear:
    year: int
    total: Count
    units: dict[int, Count]


def _last_year(year: EmulationYear, members: Sequence[Membership] | None) -> _LastYear | None:
    """The counts of the year before, where there is one: its total, and what each unit (primary key) had then."""
    rules = (
        YearRules.objects.filter(year__cluster_id=year.cluster_id, year__year=year.year - 1)
        .select_related("year")
        .first()
    )
    if rules is None:
        return None
    wanted = None if members is None else {member.unit_id for member in members}
    last_members = [member for member in rules.year.roster() if wanted is None or member.unit_id in wanted]
    counted = _sums(counted_commendations(rules).filter(membership__in=last_members))
    state = [one for one in counted if one.system == AwardSystem.STATE]
    units = {
        member.unit_id: count_of(one for one in state if one.membership_id == member.pk) for member in last_members
    }
    return _LastYear(rules.year.year, count_of(state), units)


def _unit_row(member: Membership, state: Sequence[Counted], last: _LastYear | None) -> UnitRow:
    own = [one for one in state if one.membership_id == member.pk]
    total = count_of(own)
    previous = last.units.get(member.unit_id) if last else None
    return UnitRow(
        membership=member,
        levels={level.value: count_of(one for one in own if one.level == level) for level in AwardLevel},
        total=total,
        previous=previous,
        change_percent=change_percent(total.total, previous.total) if previous else None,
    )


def reconcile(year: EmulationYear) -> tuple[str, ...]:
    """Adds the register up row by row and compares it with the tally; one sentence for every difference.

    This is a second, independent way to the same figures: it shares no filter and no sum with `tally`.
    """
    rules = year.rules
    sums: dict[tuple[str, str], int] = defaultdict(int)
    rows = Commendation.objects.filter(membership__year=year).select_related("decision", "award_form", "membership")
    for row in rows:
        in_period = rules.tally_from <= row.decision.decided_on <= rules.tally_to
        is_counted = row.confirmed_at is not None and row.status == CommendationStatus.AWARDED
        if in_period and is_counted and row.award_form.system == AwardSystem.STATE:
            sums[_("all units"), row.recipient_kind] += row.occasions
            sums[str(AwardLevel(row.award_form.level).label), row.recipient_kind] += row.occasions
            sums[row.membership.name, row.recipient_kind] += row.occasions
            sums[row.award_form.name, row.recipient_kind] += row.occasions
    found = _flat(tally(year))
    return tuple(
        _("%(where)s, %(kind)s: the tally says %(tally)s, the register %(register)s.")
        % {
            "where": key[0],
            "kind": RecipientKind(key[1]).label,
            "tally": found.get(key, 0),
            "register": sums.get(key, 0),
        }
        for key in sorted(found.keys() | sums.keys())
        if found.get(key, 0) != sums.get(key, 0)
    )


def _flat(counts: Tally) -> dict[tuple[str, str], int]:
    named = [(_("all units"), counts.total)]
    named += [(str(part.label), part.subtotal.count) for part in counts.levels]
    named += [(unit.membership.name, unit.total) for unit in counts.units]
    named += [(row.name, row.breakdown.count) for part in counts.levels for row in part.rows]
    flat: dict[tuple[str, str], int] = defaultdict(int)
    for name, count in named:
        for kind in RecipientKind.values:
            flat[name, kind] += getattr(count, kind)
    return flat


# --- Commendations: the register ---

# Entered and waiting for the secretariat's tick.
WAITING = {"status": CommendationStatus.AWARDED, "confirmed_at__isnull": True}


def visible_commendations(user: User, year: EmulationYear) -> QuerySet[Commendation]:
    """The rows of the register that the person may see: of the own unit, or of all units."""
    rows = Commendation.objects.filter(membership__year=year)
    return rows if can_see_tally(user, year) else rows.filter(membership__in=visible_units(user, year))


def visible_units(user: User, year: EmulationYear) -> list[Membership]:
    return units_open_for("commendation.see", user, year)


def namesakes(commendations: Iterable[Commendation]) -> list[Commendation]:
    """Other rows of the same unit and year whose recipient reads the same: perhaps one achievement rewarded twice."""
    rows = [row for row in commendations if row.recipient_kind == RecipientKind.INDIVIDUAL]
    same = Q(pk__in=[])
    for row in rows:
        same |= Q(membership=row.membership_id, search_text=row.search_text)
    others = Commendation.objects.filter(same, status=CommendationStatus.AWARDED)
    return list(others.exclude(pk__in=[row.pk for row in rows]).select_related("decision", "award_form"))


def unconfirmed_counts(year: EmulationYear) -> dict[int, int]:
    """Occasions that wait for the secretariat's tick, by member unit (primary key)."""
    waiting = Commendation.objects.filter(membership__year=year, **WAITING)
    return dict(waiting.order_by().values_list("membership_id").annotate(Sum("occasions")))


def award_forms_on(day: date) -> QuerySet[AwardForm]:
    """The catalogue as it was in force on `day`."""
    return AwardForm.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


def base_salary_on(day: date) -> BaseSalary | None:
    return BaseSalary.objects.filter(valid_from__lte=day).order_by("-valid_from", "pk").first()


# --- Campaigns ---


@dataclass(frozen=True)
class KindCount:
    """Campaigns of one kind: launched by the cluster, by a unit, joined from above; and those not launched yet."""

    cluster: int
    unit: int
    joined: int
    prepared: int

    @property
    def total(self) -> int:
        return self.cluster + self.unit + self.joined


@dataclass(frozen=True)
class CampaignCounts:
    """The three kinds are never mixed in a count (domain.md 3)."""

    regular: KindCount
    thematic: KindCount
    drive: KindCount


def campaign_counts(year: EmulationYear) -> CampaignCounts:
    """Counts the campaigns of the year by kind, and within it by who launched them."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for kind, origin, status in Campaign.objects.filter(year=year).values_list("kind", "origin", "status"):
        found[kind, "prepared" if status == CampaignStatus.PREPARED else origin] += 1
    kinds = {
        kind: KindCount(
            cluster=found[kind, CampaignOrigin.CLUSTER],
            unit=found[kind, CampaignOrigin.UNIT],
            joined=found[kind, CampaignOrigin.JOINED],
            prepared=found[kind, "prepared"],
        )
        for kind in CampaignKind.values
    }
    return CampaignCounts(**kinds)


def year_campaigns(year: EmulationYear) -> QuerySet[Campaign]:
    """The campaigns of the year with the occasions of the commendations that they brought and that count."""
    counted = {
        "commendations__in": counted_commendations(year.rules).filter(award_form__system=AwardSystem.STATE).values("pk")
    }

    def occasions(kind: str) -> Coalesce:
        only = Q(commendations__recipient_kind=kind, **counted)
        return Coalesce(Sum("commendations__occasions", filter=only), 0)

    return (
        Campaign.objects.filter(year=year)
        .select_related("membership", "year__cluster")
        .annotate(
            collective_count=occasions(RecipientKind.COLLECTIVE),
            individual_count=occasions(RecipientKind.INDIVIDUAL),
            household_count=occasions(RecipientKind.HOUSEHOLD),
        )
        .order_by("kind", "code", "pk")
    )


def campaign_tally(campaign: Campaign) -> tuple[LevelPart, ...]:
    """The counted commendations of one campaign by level and form (C4)."""
    counted = _sums(counted_commendations(campaign.year.rules).filter(campaign=campaign))
    return level_parts(counted)


# --- Pledge ---


@dataclass(frozen=True)
class BoardRow:
    membership: Membership
    signature: PledgeSignature | None


def pledge_of(year: EmulationYear) -> Pledge | None:
    """The pledge of the year with its items, or None while nobody has drafted one."""
    pledge = Pledge.objects.filter(year=year).prefetch_related("items").first()
    if pledge is not None:
        pledge.year = year
    return pledge


def pledge_board(pledge: Pledge) -> tuple[BoardRow, ...]:
    """Every member unit in protocol order, with its signature or None."""
    signatures = {signature.membership_id: signature for signature in pledge.signatures.all()}
    return tuple(BoardRow(member, signatures.get(member.pk)) for member in pledge.year.roster())


def signatories(year: EmulationYear) -> dict[int, Assignment]:
    """Each member unit's signatory, by unit (primary key); the first one where there are several."""
    units = [member.unit_id for member in year.roster()]
    held = Assignment.objects.filter(unit_id__in=units, role=AssignmentRole.SIGNATORY, ended_on__isnull=True)
    found = held.select_related("user").order_by("-pk")
    return {assignment.unit_id: assignment for assignment in found if assignment.unit_id is not None}


def unsigned(year: EmulationYear) -> list[Membership]:
    """The member units that have not signed the pledge of the year."""
    signed = set(PledgeSignature.objects.filter(pledge__year=year).values_list("membership_id", flat=True))
    return [member for member in year.roster() if member.pk not in signed]
