"""Fills the bench's database: clusters with their people, units, criteria, filled and reviewed cards, commendations."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from awards.enums import AwardKind, AwardLevel, PledgeGroup, PledgeStatus, RecipientKind, SigningMethod
from awards.models import AwardForm, Commendation, Decision, Pledge, PledgeItem, PledgeSignature
from members.enums import AssignmentRole, DeadlineStep, MemberRole, Phase
from members.models import Assignment, Cluster, Deadline, EmulationYear, Membership, Unit, User, YearRules
from scoring.bench import criteria
from scoring.enums import CardStatus, CriterionKind, Section, Stage
from scoring.models import Criterion, Scorecard, ScoreLine

YEAR = 2021
_OPENED = datetime(YEAR, 6, 1, 2, tzinfo=UTC)
_SUBMITTED = datetime(YEAR, 11, 20, 2, tzinfo=UTC)
REVIEWED_AT = datetime(YEAR, 11, 23, 2, tzinfo=UTC)
_DUE = {
    DeadlineStep.SELF_SCORING: datetime(YEAR, 11, 22, 16, 59, 59, tzinfo=UTC),
    DeadlineStep.REVIEWING: datetime(YEAR, 12, 5, 16, 59, 59, tzinfo=UTC),
}
_COMMENDATIONS_OF_A_UNIT = 4
_STAGES = {
    CardStatus.DRAFT: (Stage.SELF,),
    CardStatus.SUBMITTED: (Stage.SELF,),
    CardStatus.REVIEWED: (Stage.SELF, Stage.REVIEWED, Stage.FINAL),
}


@dataclass(frozen=True)
class Size:
    clusters: int
    units: int
    criteria: int

    @property
    def lines(self) -> int:
        return self.clusters * self.units * self.criteria


@dataclass(frozen=True)
class Seeded:
    """One cluster with its year 2021, in review."""

    year: EmulationYear
    members: list[Membership]
    cards: list[Scorecard]
    leaves: list[Criterion]
    officers: list[User]
    secretariat: User


def seed(size: Size) -> list[Seeded]:
    """All cards are reviewed, except in every second cluster: there the last is a draft, filled in, the one before
    submitted."""
    with transaction.atomic():
        administrator = User.objects.create(username="quantri", password=make_password(None))
        Assignment.objects.create(user=administrator, role=AssignmentRole.ADMINISTRATOR)
        form = AwardForm.objects.create(
            code="GK",
            name="Giấy khen",
            kind=AwardKind.CERTIFICATE,
            level=AwardLevel.AGENCY,
            is_for_individuals=True,
            authority="Thủ trưởng cơ quan",
            valid_from=date(2020, 1, 1),
        )
    seeded = []
    for number in range(1, size.clusters + 1):
        with transaction.atomic():
            seeded.append(_cluster(number, size, form, administrator))
    return seeded


def _cluster(number: int, size: Size, form: AwardForm, administrator: User) -> Seeded:
    cluster = Cluster.objects.create(slug=f"cum-{number}", name=f"Cụm thi đua số {number}", province="Lạng Sơn")
    year = EmulationYear.objects.create(cluster=cluster, year=YEAR, phase=Phase.REVIEWING)
    YearRules.objects.create(year=year, tally_from=date(YEAR, 1, 1), tally_to=date(YEAR, 12, 31))
    Deadline.objects.bulk_create(Deadline(year=year, step=step, due_at=due_at) for step, due_at in _DUE.items())
    members = _members(year, number, size.units)
    people = _people(cluster, members)
    leaves = criteria.plant(year, size.criteria)
    statuses = [CardStatus.REVIEWED] * size.units
    if number % 2 == 0:
        statuses[-2:] = CardStatus.SUBMITTED, CardStatus.DRAFT
    cards = _cards(members, leaves, statuses, people[-1])
    _pledge(year, members, administrator)
    _commendations(cluster, members, form, administrator)
    return Seeded(year, members, cards, leaves, people[size.units : -1], people[-1])


def _members(year: EmulationYear, cluster: int, count: int) -> list[Membership]:
    names = [f"Cơ quan số {place} thuộc Cụm số {cluster}" for place in range(1, count + 1)]
    units = Unit.objects.bulk_create(
        Unit(code=f"C{cluster}U{place}", name=name, short_name=f"CQ {place}")
        for place, name in enumerate(names, start=1)
    )
    roles = [MemberRole.LEADER, MemberRole.DEPUTY] + [MemberRole.MEMBER] * (count - 2)
    members = Membership.objects.bulk_create(
        Membership(year=year, unit=unit, name=unit.name, short_name=unit.short_name, role=role, protocol_order=place)
        for place, (unit, role) in enumerate(zip(units, roles, strict=True), start=1)
    )
    return list(members)


def _people(cluster: Cluster, members: list[Membership]) -> list[User]:
    """The signatories of the units, then their officers, then the secretariat. Nobody has a password."""
    parts: list[dict[str, Any]] = [
        {"role": role, "unit": member.unit}
        for role in (AssignmentRole.SIGNATORY, AssignmentRole.OFFICER)
        for member in members
    ]
    parts.append({"role": AssignmentRole.SECRETARIAT, "cluster": cluster})
    people = User.objects.bulk_create(
        User(username=f"{cluster.slug}.{place}", full_name=f"Người dùng {place}", password=make_password(None))
        for place, _part in enumerate(parts)
    )
    Assignment.objects.bulk_create(Assignment(user=person, **part) for person, part in zip(people, parts, strict=True))
    return list(people)


def _cards(
    members: list[Membership], leaves: list[Criterion], statuses: list[CardStatus], reviewer: User
) -> list[Scorecard]:
    cards, lines = [], []
    for place, (member, status) in enumerate(zip(members, statuses, strict=True)):
        card = Scorecard(membership=member, criteria_set=leaves[0].criteria_set, status=status)
        if status != CardStatus.DRAFT:
            card.submitted_at = _SUBMITTED
        if status == CardStatus.REVIEWED:
            card.reviewed_at, card.reviewed_by = REVIEWED_AT, reviewer
        own = [_line(card, leaf, criteria.scored(leaf, place, number)) for number, leaf in enumerate(leaves)]
        _store_totals(card, own)
        cards.append(card)
        lines += own
    Scorecard.objects.bulk_create(cards)
    ScoreLine.objects.bulk_create(lines)
    return cards


def _line(card: Scorecard, leaf: Criterion, scored: criteria.Scored) -> ScoreLine:
    value, points = scored
    line = ScoreLine(
        scorecard=card,
        criterion=leaf,
        section=leaf.section,
        max_points=leaf.max_points,
        self_note="Báo cáo số 125-BC/CQ ngày 15/11/2021",
    )
    for stage in _STAGES[CardStatus(card.status)]:
        setattr(line, f"{stage}_value", value)
        # The points beside the best unit are known once the cards are reviewed.
        if stage != Stage.SELF or leaf.kind != CriterionKind.RATIO_LEADER:
            setattr(line, f"{stage}_points", points)
    return line


def _store_totals(card: Scorecard, lines: list[ScoreLine]) -> None:
    card.self_total = _sum(lines, "self_points")
    if card.status == CardStatus.REVIEWED:
        card.reviewed_total = card.total_points = _sum(lines, "final_points")
        card.base_points = _sum(lines, "final_points", Section.BASE)
        card.bonus_points = _sum(lines, "final_points", Section.BONUS)
        card.penalty_points = _sum(lines, "final_points", Section.PENALTY)


def _sum(lines: list[ScoreLine], points: str, section: str = "") -> Decimal:
    wanted = [line for line in lines if not section or line.section == section]
    return sum((getattr(line, points) or Decimal(0) for line in wanted), Decimal("0.00"))


def _pledge(year: EmulationYear, members: list[Membership], by: User) -> None:
    pledge = Pledge.objects.create(year=year, status=PledgeStatus.SIGNED, signed_on=date(YEAR, 2, 20))
    PledgeItem.objects.create(
        pledge=pledge, group=PledgeGroup.POLITICAL_TASKS, order=1, text="Hoàn thành chương trình công tác năm"
    )
    PledgeSignature.objects.bulk_create(
        PledgeSignature(
            pledge=pledge,
            membership=member,
            signed_on=date(YEAR, 2, 20),
            method=SigningMethod.PAPER,
            recorded_by=by,
            recorded_at=_OPENED,
        )
        for member in members
    )


def _commendations(cluster: Cluster, members: list[Membership], form: AwardForm, by: User) -> None:
    decision = Decision.objects.create(
        cluster=cluster, number="12-QĐ/CQ", decided_on=date(YEAR, 5, 30), signer="Thủ trưởng cơ quan"
    )
    Commendation.objects.bulk_create(
        Commendation(
            decision=decision,
            membership=member,
            award_form=form,
            recipient_kind=RecipientKind.INDIVIDUAL,
            recipient=f"Cán bộ số {number} của {member.name}",
            recorded_by=by,
            recorded_at=_OPENED,
            confirmed_by=by,
            confirmed_at=_OPENED,
        )
        for member in members
        for number in range(1, _COMMENDATIONS_OF_A_UNIT + 1)
    )
