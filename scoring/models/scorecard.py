from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cluster_app.lib.constraints import choices_constraint
from members.models import Delegation, EmulationYear, Membership, Resolution, Unit, User
from scoring.enums import ApprovalOffice, CardStatus, Section, Stage
from scoring.models.criteria import CriteriaSet, Criterion


def _points(verbose_name: Any) -> models.DecimalField:
    return models.DecimalField(verbose_name, max_digits=8, decimal_places=2, null=True, blank=True, editable=False)


class Scorecard(models.Model):
    """The score card of one unit. Totals are stored when they change, by one service; the rank never is.

    `base_points`, `bonus_points`, `penalty_points` (not above 0) and `total_points` are those of the final stage, null
    until the card is reviewed.
    """

    membership = models.OneToOneField(
        Membership, models.PROTECT, related_name="scorecard", verbose_name=_("member unit")
    )
    criteria_set = models.ForeignKey(
        CriteriaSet, models.PROTECT, related_name="scorecards", verbose_name=_("criteria set")
    )
    status = models.CharField(_("status"), max_length=10, choices=CardStatus, default=CardStatus.DRAFT, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    self_total = _points(_("self-scored"))
    reviewed_total = _points(_("reviewed"))
    base_points = _points(_("base points"))
    bonus_points = _points(_("bonus points"))
    penalty_points = _points(_("penalty points"))
    total_points = _points(_("total points"))
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True, editable=False)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("submitted by"), null=True, blank=True, editable=False
    )
    paper_number = models.CharField(_("number of the signed paper"), max_length=60, blank=True, editable=False)
    paper_on = models.DateField(_("date of the signed paper"), null=True, blank=True, editable=False)
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True, editable=False)
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("reviewed by"), null=True, blank=True, editable=False
    )
    returned_reason = models.TextField(_("reason of the return"), blank=True, editable=False)
    return_count = models.PositiveSmallIntegerField(_("returns"), default=0, editable=False)

    class Meta:
        verbose_name = _("score card")
        verbose_name_plural = _("score cards")
        ordering = ["membership__year", "membership__protocol_order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=CardStatus.APPROVED) | Q(total_points__isnull=False),
                name="scorecard_approved_has_total",
                violation_error_message=_("A card without a total cannot be approved."),
            ),
            models.CheckConstraint(
                condition=Q(penalty_points__isnull=True) | Q(penalty_points__lte=0),
                name="scorecard_penalty_not_positive",
                violation_error_message=_("Penalty points cannot be above 0."),
            ),
            models.CheckConstraint(
                condition=Q(status=CardStatus.DRAFT) | Q(submitted_at__isnull=False),
                name="scorecard_submitted_has_time",
                violation_error_message=_("A submitted card needs the time of its submission."),
            ),
            choices_constraint("status", CardStatus, "scorecard_status_known"),
        ]

    def __str__(self) -> str:
        return str(self.membership)


def _stage_bounds(stage: str) -> list[models.CheckConstraint]:
    points = f"{stage}_points"
    unset = Q((f"{points}__isnull", True))
    within = Q((f"{points}__gte", 0), (f"{points}__lte", F("max_points")))
    negative = Q(("section", Section.PENALTY), (f"{points}__lte", 0))
    return [
        models.CheckConstraint(
            condition=unset | negative | (~Q(section=Section.PENALTY) & within),
            name=f"scoreline_{stage}_within_bounds",
            violation_error_message=_("The points lie outside what the criterion allows."),
        )
    ]


class ScoreLine(models.Model):
    """One leaf of a card in three stages. Null is "not filled", 0 is zero.

    The value of a level is its position, that of yes/no 1 or 0. Points are rounded to 0.01 where they arise.
    """

    scorecard = models.ForeignKey(Scorecard, models.PROTECT, related_name="lines", verbose_name=_("score card"))
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="lines", verbose_name=_("criterion"))
    section = models.CharField(_("section"), max_length=10, choices=Section, editable=False)
    max_points = models.DecimalField(
        _("maximum points"), max_digits=8, decimal_places=2, null=True, blank=True, editable=False
    )
    is_assigned = models.BooleanField(_("assigned"), default=True)
    not_assigned_reason = models.CharField(_("reason why not assigned"), max_length=300, blank=True)
    is_returned = models.BooleanField(_("named in the return"), default=False, editable=False)
    self_value = models.DecimalField(_("self-scored value"), max_digits=15, decimal_places=2, null=True, blank=True)
    self_points = _points(_("self-scored points"))
    self_note = models.TextField(_("note of the unit"), blank=True)
    is_estimate = models.BooleanField(_("estimate for the whole year"), default=False, editable=False)
    reviewed_value = models.DecimalField(_("reviewed value"), max_digits=15, decimal_places=2, null=True, blank=True)
    reviewed_points = _points(_("reviewed points"))
    reviewed_reason = models.TextField(_("reason of the reviewer"), blank=True)
    reviewed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("reviewed by"), null=True, blank=True, editable=False
    )
    final_value = models.DecimalField(
        _("final value"), max_digits=15, decimal_places=2, null=True, blank=True, editable=False
    )
    final_points = _points(_("final points"))
    final_reason = models.TextField(_("reason of the final value"), blank=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("score line")
        verbose_name_plural = _("score lines")
        ordering = ["scorecard", "criterion__order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "criterion"],
                name="scoreline_once",
                violation_error_message=_("The card has a line for this criterion already."),
            ),
            models.CheckConstraint(
                condition=Q(is_assigned=True) | ~Q(not_assigned_reason=""),
                name="scoreline_not_assigned_has_reason",
                violation_error_message=_("Say why the criterion is not assigned to the unit."),
            ),
            models.CheckConstraint(
                condition=Q(section=Section.PENALTY) | Q(max_points__isnull=False),
                name="scoreline_has_max",
                violation_error_message=_("Only a penalty may be without a maximum."),
            ),
            models.CheckConstraint(
                condition=Q(is_estimate=False) | Q(self_value__isnull=False),
                name="scoreline_estimate_has_value",
                violation_error_message=_("Only a value can be an estimate. Give the value, or take the mark away."),
            ),
            choices_constraint("section", Section, "scoreline_section_known"),
            *(constraint for stage in Stage.values for constraint in _stage_bounds(stage)),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard} · {self.criterion}"


class LineRecord(models.Model):
    """One record that a line's value was taken from: what it is, where it lies, and how much it counted.

    `key` names the record in plain text, such as "commendation:12"; `amount` is empty for a record that a share was
    measured by.
    """

    line = models.ForeignKey(ScoreLine, models.CASCADE, related_name="records", verbose_name=_("score line"))
    key = models.CharField(_("record"), max_length=60)
    text = models.CharField(_("text"), max_length=400)
    amount = models.DecimalField(_("counts as"), max_digits=15, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = _("record of a line")
        verbose_name_plural = _("records of a line")
        ordering = ["line", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["line", "key"],
                name="line_record_once",
                violation_error_message=_("The line names this record already."),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Approval(models.Model):
    """The leader's approval of a card: what was approved, by whom, in which office. It is kept when it is revoked."""

    scorecard = models.ForeignKey(Scorecard, models.PROTECT, related_name="approvals", verbose_name=_("score card"))
    office = models.CharField(_("office"), max_length=12, choices=ApprovalOffice)
    approver = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("approved by"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit of the card"))
    approver_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit of the approver"))
    resolution = models.ForeignKey(
        Resolution, models.PROTECT, related_name="+", verbose_name=_("resolution"), null=True, blank=True
    )
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, related_name="+", verbose_name=_("delegation"), null=True, blank=True
    )
    snapshot = models.TextField(_("snapshot"))
    digest = models.CharField(_("digest"), max_length=64)
    approved_at = models.DateTimeField(_("approved"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("revoked by"), null=True, blank=True
    )
    revoked_reason = models.TextField(_("reason of the revocation"), blank=True)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["-approved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard"],
                condition=Q(revoked_at__isnull=True),
                name="approval_one_valid",
                violation_error_message=_("The card is approved already."),
            ),
            models.CheckConstraint(
                condition=~Q(unit=F("approver_unit")),
                name="approval_not_own_unit",
                violation_error_message=_("Nobody approves the card of the own unit."),
            ),
            models.CheckConstraint(
                condition=~Q(office=ApprovalOffice.THIRD_UNIT) | Q(resolution__isnull=False),
                name="approval_third_unit_by_minutes",
                violation_error_message=_("A third unit approves only by a resolution in the minutes."),
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | (~Q(revoked_reason="") & Q(revoked_by__isnull=False)),
                name="approval_revoked_has_reason",
                violation_error_message=_("A revocation needs a person and a reason."),
            ),
            choices_constraint("office", ApprovalOffice, "approval_office_known"),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard} · {self.approved_at:%d/%m/%Y}"


class Publication(models.Model):
    """The act that makes the results known. `EmulationYear.published_at` mirrors the valid one."""

    year = models.ForeignKey(
        EmulationYear, models.PROTECT, related_name="publications", verbose_name=_("emulation year")
    )
    snapshot = models.TextField(_("snapshot"))
    digest = models.CharField(_("digest"), max_length=64)
    published_at = models.DateTimeField(_("published"))
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    confirmed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("confirmed by"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("reason of the withdrawal"), blank=True)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year"],
                condition=Q(withdrawn_at__isnull=True),
                name="publication_one_valid",
                violation_error_message=_("The results of the year are published already."),
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("confirmed_by")),
                name="publication_two_persons",
                violation_error_message=_("The second person must be another one than the first."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
                name="publication_withdrawn_has_reason",
                violation_error_message=_("A withdrawal needs its reason in writing."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} · {self.published_at:%d/%m/%Y}"


class SummaryParagraph(models.Model):
    """A narrative paragraph of the annual summary, by its place in the skeleton of domain.md 6.4.

    `figures` are the values that the placeholders in the text had when a person last wrote or accepted it.
    """

    year = models.ForeignKey(
        EmulationYear, models.PROTECT, related_name="summary_paragraphs", verbose_name=_("emulation year")
    )
    key = models.CharField(_("place in the summary"), max_length=20)
    text = models.TextField(_("text"), blank=True)
    figures = models.JSONField(_("figures when it was accepted"), default=dict, blank=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    updated_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("written by"), editable=False)
    updated_at = models.DateTimeField(_("written"), editable=False)

    class Meta:
        verbose_name = _("paragraph of the summary")
        verbose_name_plural = _("paragraphs of the summary")
        ordering = ["year", "key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "key"],
                name="summary_paragraph_once",
                violation_error_message=_("This paragraph exists already. Change that one."),
            ),
        ]

    def __str__(self) -> str:
        return self.key
