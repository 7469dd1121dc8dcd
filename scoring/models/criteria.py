from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cluster_app.lib.constraints import choices_constraint
from members.models import EmulationYear, Membership, User
from scoring.enums import CriterionKind, Direction, Section, SetStatus


class CriteriaSet(models.Model):
    """The scoring sheet of a year (bảng tiêu chí chấm điểm). Once applied it is immutable."""

    year = models.ForeignKey(
        EmulationYear, models.PROTECT, related_name="criteria_sets", verbose_name=_("emulation year")
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    title = models.CharField(_("title"), max_length=200)
    declared_total = models.DecimalField(_("declared total of base points"), max_digits=8, decimal_places=2)
    status = models.CharField(_("status"), max_length=10, choices=SetStatus, default=SetStatus.DRAFT, editable=False)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True, editable=False)
    applied_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("applied by"), null=True, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("criteria set")
        verbose_name_plural = _("criteria sets")
        ordering = ["year", "-version", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "version"],
                name="criteria_set_version_once",
                violation_error_message=_("The year has this version of the criteria set already."),
            ),
            models.UniqueConstraint(
                fields=["year"],
                condition=Q(status=SetStatus.APPLIED),
                name="criteria_set_applied_once",
                violation_error_message=_("The year has an applied criteria set already."),
            ),
            models.CheckConstraint(
                condition=Q(declared_total__gt=0),
                name="criteria_set_total_positive",
                violation_error_message=_("The declared total must be more than 0."),
            ),
            choices_constraint("status", SetStatus, "criteria_set_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({_('version')} {self.version})"

    @property
    def is_applied(self) -> bool:
        return self.status == SetStatus.APPLIED


class Criterion(models.Model):
    """A node of the tree: a group, or a leaf that is scored.

    `max_points` of a group in the bonus or penalty section is the section's cap. A penalty leaf may have none.
    """

    criteria_set = models.ForeignKey(
        CriteriaSet, models.CASCADE, related_name="criteria", verbose_name=_("criteria set")
    )
    parent = models.ForeignKey(
        "self", models.CASCADE, related_name="children", verbose_name=_("parent"), null=True, blank=True
    )
    code = models.CharField(_("code"), max_length=20)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(_("title"), max_length=300)
    section = models.CharField(_("section"), max_length=10, choices=Section, default=Section.BASE)
    kind = models.CharField(_("kind"), max_length=10, choices=CriterionKind)
    max_points = models.DecimalField(_("maximum points"), max_digits=8, decimal_places=2, null=True, blank=True)
    unit_of_measure = models.CharField(_("unit of measure"), max_length=40, blank=True)
    default_target = models.DecimalField(
        _("target of all units"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    direction = models.CharField(_("direction"), max_length=10, choices=Direction, default=Direction.HIGHER)
    points_per_item = models.DecimalField(_("points per item"), max_digits=8, decimal_places=2, null=True, blank=True)
    how_computed = models.TextField(_("how points are computed"), blank=True)
    evidence_required = models.TextField(_("evidence required"), blank=True)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["criteria_set", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["criteria_set", "code"],
                name="criterion_code_once",
                violation_error_message=_("The set has another criterion with this code. Choose a different one."),
            ),
            models.CheckConstraint(
                condition=Q(max_points__isnull=True) | Q(max_points__gt=0),
                name="criterion_max_positive",
                violation_error_message=_("The maximum must be more than 0."),
            ),
            models.CheckConstraint(
                condition=Q(kind=CriterionKind.PENALTY) | Q(max_points__isnull=False),
                name="criterion_has_max",
                violation_error_message=_("Only a penalty may be without a maximum."),
            ),
            models.CheckConstraint(
                condition=~Q(
                    kind__in=[CriterionKind.PER_ITEM, CriterionKind.DEDUCT, CriterionKind.BONUS, CriterionKind.PENALTY]
                )
                | Q(points_per_item__isnull=False, points_per_item__gt=0),  # a CHECK takes NULL > 0 for true
                name="criterion_has_points_per_item",
                violation_error_message=_("This kind of criterion needs the points per item."),
            ),
            choices_constraint("section", Section, "criterion_section_known"),
            choices_constraint("kind", CriterionKind, "criterion_kind_known"),
            choices_constraint("direction", Direction, "criterion_direction_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def is_leaf(self) -> bool:
        return self.kind != CriterionKind.GROUP

    @property
    def counts_whole_items(self) -> bool:
        """Whether the value is a count, so that 2,5 makes no sense."""
        return self.kind in (
            CriterionKind.PER_ITEM,
            CriterionKind.DEDUCT,
            CriterionKind.BONUS,
            CriterionKind.PENALTY,
        )


class CriterionLevel(models.Model):
    """One level of a criterion of kind LEVELS; the value of a line is the level's position."""

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="levels", verbose_name=_("criterion"))
    position = models.PositiveSmallIntegerField(_("place of the level"))
    label = models.CharField(_("label"), max_length=120)
    points = models.DecimalField(_("points"), max_digits=8, decimal_places=2)

    class Meta:
        verbose_name = _("criterion level")
        verbose_name_plural = _("criterion levels")
        ordering = ["criterion", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["criterion", "position"],
                name="level_position_once",
                violation_error_message=_("The criterion has another level at this position."),
            ),
            models.CheckConstraint(
                condition=Q(points__gte=0),
                name="level_points_not_negative",
                violation_error_message=_("The points of a level cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class Target(models.Model):
    """The target of one unit for one criterion, where it differs from that of all units."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="targets", verbose_name=_("member unit"))
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="targets", verbose_name=_("criterion"))
    value = models.DecimalField(_("target"), max_digits=15, decimal_places=2)
    source = models.CharField(_("source document"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["membership", "criterion", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "criterion"],
                name="target_once",
                violation_error_message=_("The unit has a target for this criterion already. Change that one."),
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0),
                name="target_not_negative",
                violation_error_message=_("A target cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership} {self.criterion}"
