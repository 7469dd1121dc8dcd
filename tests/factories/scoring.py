"""Rows of `scoring`, each a minimal valid one. The small set has one leaf of every kind, so that a whole card is
eight lines; the points below were worked out by hand."""

from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from django.db import connection
from factory.django import DjangoModelFactory

from awards.enums import AwardLevel
from cluster_app.audit import log
from cluster_app.lib import triggers
from cluster_app.lib.uploads import Upload
from members.enums import MemberRole
from members.services import files
from scoring.enums import ApprovalOffice, CardStatus, CriterionKind, EvidenceKind, Section, SetStatus, Stage
from scoring.models import (
    Approval,
    CriteriaSet,
    Criterion,
    CriterionLevel,
    Evidence,
    Publication,
    ReviewAssignment,
    Scorecard,
    ScoreLine,
    SignedPaper,
    SourceRule,
    Target,
)
from scoring.sheets import load
from scoring.snapshots import digest, of_card
from tests.cluster_app.sample_uploads import pdf
from tests.factories.members import AssignmentFactory, EmulationYearFactory, MembershipFactory, UserFactory

SUBMITTED_AT = datetime(2021, 11, 20, 2, tzinfo=UTC)
REVIEWED_AT = datetime(2021, 11, 23, 2, tzinfo=UTC)
APPROVED_AT = datetime(2021, 11, 24, 1, tzinfo=UTC)

_RATIO, _PER_ITEM, _LEVELS = CriterionKind.RATIO, CriterionKind.PER_ITEM, CriterionKind.LEVELS
_PERCENT = {"unit_of_measure": "%", "default_target": Decimal(100)}
# parent, code, title, kind, maximum, the rest
SMALL_TREE = [
    ("", "A", "Nhiệm vụ chính trị", CriterionKind.GROUP, 70, {}),
    ("A", "A1", "Tỷ lệ nhiệm vụ hoàn thành", _RATIO, 30, _PERCENT),
    ("A", "A2", "Đề án được ban hành", _PER_ITEM, 20, {"points_per_item": 5, "unit_of_measure": "đề án"}),
    ("A", "A3", "Chất lượng tham mưu", _LEVELS, 20, {}),
    ("", "B", "Xây dựng cơ quan", CriterionKind.GROUP, 30, {}),
    ("B", "B1", "Cơ quan đạt chuẩn văn hóa", CriterionKind.BOOLEAN, 10, {}),
    ("B", "B2", "Báo cáo đúng hạn", CriterionKind.DEDUCT, 20, {"points_per_item": 5, "unit_of_measure": "ngày chậm"}),
    ("", "E", "Điểm thưởng", CriterionKind.GROUP, 15, {"section": Section.BONUS}),
    ("E", "E1", "Bằng khen", CriterionKind.BONUS, 15, {"section": Section.BONUS, "points_per_item": 5}),
    ("", "F", "Điểm trừ", CriterionKind.GROUP, 40, {"section": Section.PENALTY}),
    ("F", "F1", "Bị phê bình", CriterionKind.PENALTY, None, {"section": Section.PENALTY, "points_per_item": 10}),
]
SMALL_LEVELS = [("Xuất sắc", 20), ("Tốt", 16), ("Khá", 10), ("Không đạt", 0)]

# A filled card: base 84.50, bonus 10, penalty -10, total 84.50. Code -> value, points.
FILLED = {
    "A1": ("95", "28.50"),
    "A2": ("3", "15"),
    "A3": ("2", "16"),
    "B1": ("1", "10"),
    "B2": ("1", "15"),
    "E1": ("2", "10"),
    "F1": ("1", "-10"),
}
# What a review makes of it: A1 and A2 lowered; base 77.10, total 77.10.
REVIEWED = FILLED | {"A1": ("87", "26.10"), "A2": ("2", "10")}


class CriteriaSetFactory(DjangoModelFactory):
    """A draft without criteria; `small` gives it the tree above, `applied` freezes it."""

    class Meta:
        model = CriteriaSet

    year = factory.SubFactory(EmulationYearFactory)
    title = "Bảng tiêu chí chấm điểm"
    declared_total = Decimal(100)

    @classmethod
    def _create(cls, model_class, *args, small=False, applied=False, **kwargs):
        criteria_set = super()._create(model_class, *args, **kwargs)
        if small:
            plant_small_tree(criteria_set)
        return put_into_force(criteria_set) if applied else criteria_set


class CriterionFactory(DjangoModelFactory):
    """A base leaf that is achieved or not."""

    class Meta:
        model = Criterion

    criteria_set = factory.SubFactory(CriteriaSetFactory)
    code = factory.Sequence(lambda number: f"Z{number}")
    order = factory.Sequence(lambda number: number)
    title = factory.LazyAttribute(lambda criterion: f"Tiêu chí {criterion.code}")
    kind = CriterionKind.BOOLEAN
    max_points = Decimal(10)
    how_computed = factory.LazyAttribute(lambda criterion: f"Cách tính điểm {criterion.code}")
    evidence_required = factory.LazyAttribute(lambda criterion: f"Minh chứng {criterion.code}")


class CriterionLevelFactory(DjangoModelFactory):
    class Meta:
        model = CriterionLevel

    criterion = factory.SubFactory(CriterionFactory, kind=CriterionKind.LEVELS)
    position = factory.Sequence(lambda number: number + 1)
    label = "Tốt"
    points = Decimal(8)


class SourceRuleFactory(DjangoModelFactory):
    """Every commendation of the agency's level counts once."""

    class Meta:
        model = SourceRule

    criterion = factory.SubFactory(CriterionFactory, kind=CriterionKind.PER_ITEM)
    level = AwardLevel.AGENCY
    amount = Decimal(1)


class TargetFactory(DjangoModelFactory):
    class Meta:
        model = Target

    membership = factory.SubFactory(MembershipFactory)
    criterion = factory.SubFactory(CriterionFactory, kind=CriterionKind.RATIO)
    value = Decimal(100)


def put_into_force(criteria_set: CriteriaSet) -> CriteriaSet:
    """Freezes the set as it is, unchecked; from then on the database refuses changes."""
    criteria_set.status, criteria_set.applied_at = SetStatus.APPLIED, datetime(2021, 2, 1, 2, tzinfo=UTC)
    criteria_set.save()
    return criteria_set


def plant_small_tree(criteria_set: CriteriaSet) -> None:
    planted: dict[str, Criterion] = {}
    for order, (parent, code, title, kind, maximum, more) in enumerate(SMALL_TREE, start=1):
        planted[code] = CriterionFactory(
            criteria_set=criteria_set,
            parent=planted.get(parent),
            code=code,
            order=order,
            title=title,
            kind=kind,
            max_points=maximum,
            **more,
        )
    for position, (label, points) in enumerate(SMALL_LEVELS, start=1):
        CriterionLevelFactory(criterion=planted["A3"], position=position, label=label, points=points)


class ScorecardFactory(DjangoModelFactory):
    """The card of a unit with a line for every leaf: empty, or as far as the trait says.

    `self_values` and `reviewed_values` replace single values of the tables above: {"A1": ("90", "27")}.
    """

    class Meta:
        model = Scorecard
        skip_postgeneration_save = True

    class Params:
        filled = factory.Trait(stages=(Stage.SELF,))
        submitted = factory.Trait(
            status=CardStatus.SUBMITTED, stages=(Stage.SELF,), submitted_at=SUBMITTED_AT, version=2
        )
        returned = factory.Trait(
            status=CardStatus.RETURNED,
            stages=(Stage.SELF,),
            submitted_at=SUBMITTED_AT,
            returned_reason="Bổ sung số văn bản của A2",
            return_count=1,
            version=3,
        )
        reviewed = factory.Trait(
            status=CardStatus.REVIEWED,
            stages=(Stage.SELF, Stage.REVIEWED, Stage.FINAL),
            submitted_at=SUBMITTED_AT,
            reviewed_at=REVIEWED_AT,
            version=3,
        )
        approved = factory.Trait(
            status=CardStatus.APPROVED,
            stages=(Stage.SELF, Stage.REVIEWED, Stage.FINAL),
            submitted_at=SUBMITTED_AT,
            reviewed_at=REVIEWED_AT,
            version=4,
        )

    membership = factory.SubFactory(MembershipFactory)
    criteria_set = factory.LazyAttribute(lambda card: applied_set(card.membership.year))
    stages = ()

    @classmethod
    def _create(cls, model_class, *args, self_values=None, reviewed_values=None, stages=(), **kwargs):
        status = kwargs.pop("status", CardStatus.DRAFT)
        card = super()._create(model_class, *args, **kwargs)
        tables = {
            Stage.SELF: FILLED | (self_values or {}),
            Stage.REVIEWED: REVIEWED | (reviewed_values or {}),
        }
        tables[Stage.FINAL] = tables[Stage.REVIEWED]
        for criterion in card.criteria_set.criteria.exclude(kind=CriterionKind.GROUP).order_by("order", "pk"):
            line = ScoreLine(
                scorecard=card, criterion=criterion, section=criterion.section, max_points=criterion.max_points
            )
            for stage in stages:
                _write(line, stage, *tables[stage][criterion.code])
            line.save()
        card.status = status
        if stages:
            load(card).store_totals()
        card.save()
        if card.status == CardStatus.APPROVED:
            ApprovalFactory(scorecard=card)
        return card


def _write(line: ScoreLine, stage: str, value: str, points: str | None) -> None:
    setattr(line, f"{stage}_value", Decimal(value))
    setattr(line, f"{stage}_points", None if points is None else Decimal(points))
    if stage == Stage.SELF:
        line.self_note = f"Theo báo cáo số {line.criterion.code}"
    elif line.self_value != Decimal(value):
        setattr(line, f"{stage}_reason", f"Đối chiếu sổ {line.criterion.code}")


def applied_set(year) -> CriteriaSet:
    """The applied set of the year: the small one, unless there is one already."""
    found = CriteriaSet.objects.filter(year=year, status=SetStatus.APPLIED).first()
    return found or CriteriaSetFactory(year=year, small=True, applied=True)


class ApprovalFactory(DjangoModelFactory):
    """The approval of a reviewed card by the leader's signatory, the deputy's for the leader's own card."""

    class Meta:
        model = Approval

    scorecard = factory.SubFactory(ScorecardFactory, reviewed=True)
    unit = factory.LazyAttribute(lambda approval: approval.scorecard.membership.unit)
    office = factory.LazyAttribute(
        lambda approval: ApprovalOffice.DEPUTY if approval.scorecard.membership.is_leader else ApprovalOffice.LEADER
    )
    approver_unit = factory.LazyAttribute(lambda approval: _approving_unit(approval.scorecard))
    approver = factory.LazyAttribute(lambda approval: _signatory_of(approval.approver_unit))
    snapshot = factory.LazyAttribute(lambda approval: of_card(load(_reread(approval.scorecard))))
    digest = factory.LazyAttribute(lambda approval: digest(approval.snapshot))
    approved_at = APPROVED_AT


def _reread(card: Scorecard) -> Scorecard:
    return Scorecard.objects.select_related(
        "membership__year__cluster", "membership__year__rules", "membership__unit"
    ).get(pk=card.pk)


def _approving_unit(card: Scorecard):
    wanted = MemberRole.DEPUTY if card.membership.is_leader else MemberRole.LEADER
    holder = card.membership.year.memberships.filter(role=wanted).select_related("unit").first()
    return holder.unit if holder else MembershipFactory(year=card.membership.year, role=wanted).unit


def _signatory_of(unit):
    held = unit.assignments.filter(role="signatory").select_related("user").first()
    return held.user if held else AssignmentFactory(unit=unit).user


class ReviewAssignmentFactory(DjangoModelFactory):
    """Somebody is asked to review: give either a `user` or a `membership`."""

    class Meta:
        model = ReviewAssignment

    scorecard = factory.SubFactory(ScorecardFactory, submitted=True)
    assigned_by = factory.SubFactory(UserFactory)
    assigned_at = SUBMITTED_AT


class SignedPaperFactory(DjangoModelFactory):
    """The paper of a unit that does not work in the application, with its scan on the disk."""

    class Meta:
        model = SignedPaper

    scorecard = factory.SubFactory(ScorecardFactory)
    number = "15-BC/CQ"
    signed_on = date(2021, 11, 20)
    recorded_by = factory.SubFactory(UserFactory)
    recorded_at = SUBMITTED_AT
    scan = factory.LazyAttribute(
        lambda paper: files.store(
            upload=Upload("ban-giay.pdf", "pdf", pdf(paper.number)),
            year=paper.scorecard.membership.year,
            membership=paper.scorecard.membership,
            by=paper.recorded_by,
            at=paper.recorded_at,
        )
    )


class PublicationFactory(DjangoModelFactory):
    class Meta:
        model = Publication

    year = factory.SubFactory(EmulationYearFactory)
    snapshot = "{}"
    digest = factory.LazyAttribute(lambda publication: digest(publication.snapshot))
    published_at = APPROVED_AT
    proposed_by = factory.SubFactory(UserFactory)
    confirmed_by = factory.SubFactory(UserFactory)


def put_into_log(*cards: Scorecard) -> None:
    """Says in the audit log what the rows of the cards are, as the services would have done."""
    for card in cards:
        approvals = Approval.objects.filter(scorecard=card)
        log.append(
            by=None,
            at=APPROVED_AT,
            verb="scenario.card",
            thing=card,
            rows=[Scorecard.objects.get(pk=card.pk), *ScoreLine.objects.filter(scorecard=card), *approvals],
        )


def line_versions(card: Scorecard) -> dict[int, int]:
    """The version of every line as a page would show it now."""
    return dict(ScoreLine.objects.filter(scorecard=card).values_list("pk", "version"))


def seen(card: Scorecard) -> tuple[int, str]:
    """Version and digest of the card as a page would show them now."""
    fresh = _reread(card)
    return fresh.version, digest(of_card(load(fresh)))


@contextmanager
def unfrozen():
    """Lets a test change what the triggers freeze, as no person can."""
    triggers.drop_all(connection)
    yield
    triggers.install_all(connection)


def amend(criterion: Criterion, **fields) -> Criterion:
    """Changes a criterion of a set that is in force."""
    for name, value in fields.items():
        setattr(criterion, name, value)
    with unfrozen():
        criterion.save()
    return criterion


class EvidenceFactory(DjangoModelFactory):
    """The number of a document on a `line` of a card, as a fixture that no service wrote."""

    class Meta:
        model = Evidence

    scorecard = factory.LazyAttribute(lambda evidence: evidence.line.scorecard)
    kind = EvidenceKind.DOCUMENT
    title = factory.Sequence(lambda number: f"Báo cáo số {number}")
    number = factory.Sequence(lambda number: f"{number}/BC-SNV")
    issued_on = date(2021, 11, 1)
    added_by = factory.SubFactory(UserFactory)
    added_at = datetime(2021, 11, 20, 2, tzinfo=UTC)
