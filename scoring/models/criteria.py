from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from awards.enums import AwardLevel, CampaignKind, RecipientKind
from awards.models import AwardForm, PledgeItem
from cluster_app.lib.constraints import choices_constraint
from members.models import EmulationYear, Membership, User
from scoring.enums import CriterionKind, Direction, RecordSource, Section, SetStatus

LARGEST_DEPTH = 6


class CriteriaSet(models.Model):
    """The scoring sheet of a year (bảng tiêu chí chấm điểm). Once applied it is immutable."""

    year = models.ForeignKey(
        EmulationYear, models.PROTECT, related_name="criteria_sets", verbose_name=_("emulation year")
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    title = models.CharField(pgettext_lazy("criteria set", "title"), max_length=200)
    declared_total = models.DecimalField(_("declared total of base points"), max_digits=8, decimal_places=2)
    allows_shared_records = models.BooleanField(_("one record may feed several lines"), default=False)
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
        """Whether the set was put into force, so that nothing of it changes any more; replaced ones were too."""
        return self.status != SetStatus.DRAFT


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
    code = models.CharField(pgettext_lazy("criterion", "code"), max_length=20)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(pgettext_lazy("criterion", "title"), max_length=300)
    section = models.CharField(_("section"), max_length=10, choices=Section, default=Section.BASE)
    kind = models.CharField(_("kind"), max_length=12, choices=CriterionKind)
    max_points = models.DecimalField(_("maximum points"), max_digits=8, decimal_places=2, null=True, blank=True)
    unit_of_measure = models.CharField(_("unit of measure"), max_length=40, blank=True)
    default_target = models.DecimalField(
        _("target of all units"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    direction = models.CharField(_("direction"), max_length=10, choices=Direction, default=Direction.HIGHER)
    points_per_item = models.DecimalField(_("points per item"), max_digits=8, decimal_places=2, null=True, blank=True)
    min_points = models.DecimalField(
        _("least points"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("The points never fall below this; empty means 0."),
    )
    step = models.DecimalField(
        _("step"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("The value must be a multiple of it, for example 0,25 or 0,5."),
    )
    full_at_excess = models.DecimalField(
        _("excess over the target that gives the maximum, in percent"),
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Empty: only the best unit of the cluster gets the maximum, be it 1 % above the target."),
    )
    source = models.CharField(
        _("value taken from"), max_length=16, choices=RecordSource, blank=True, help_text=_("Empty: the unit types it.")
    )
    overclaim_percent = models.DecimalField(
        _("self-scored above the review by more than, in percent of the declared total"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
    )
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
            models.CheckConstraint(
                condition=Q(min_points__isnull=True)
                | Q(min_points__gte=0, max_points__isnull=False, min_points__lt=F("max_points")),
                name="criterion_min_below_max",
                violation_error_message=_("The least points must lie between 0 and the maximum."),
            ),
            models.CheckConstraint(
                condition=Q(step__isnull=True) | Q(step__gt=0),
                name="criterion_step_positive",
                violation_error_message=_("The step must be more than 0."),
            ),
            models.CheckConstraint(
                condition=Q(full_at_excess__isnull=True) | Q(full_at_excess__gt=0),
                name="criterion_excess_positive",
                violation_error_message=_("The excess that gives the maximum must be more than 0 %."),
            ),
            models.CheckConstraint(
                condition=Q(overclaim_percent__isnull=True) | Q(overclaim_percent__gt=0),
                name="criterion_overclaim_positive",
                violation_error_message=_("The percentage must be more than 0."),
            ),
            choices_constraint("source", RecordSource, "criterion_source_known", allows_blank=True),
            choices_constraint("section", Section, "criterion_section_known"),
            choices_constraint("kind", CriterionKind, "criterion_kind_known"),
            choices_constraint("direction", Direction, "criterion_direction_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def is_leaf(self) -> bool:
        return self.kind != CriterionKind.GROUP


class CriterionLevel(models.Model):
    """One level of a criterion of kind LEVELS, whose value is the level's position; or one band of kind BANDS, which
    holds the values from `from_value` to below `to_value` (none in the last band)."""

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="levels", verbose_name=_("criterion"))
    position = models.PositiveSmallIntegerField(_("place of the level"))
    label = models.CharField(_("label"), max_length=120)
    points = models.DecimalField(_("points"), max_digits=8, decimal_places=2)
    from_value = models.DecimalField(_("from"), max_digits=15, decimal_places=2, null=True, blank=True)
    to_value = models.DecimalField(_("to below"), max_digits=15, decimal_places=2, null=True, blank=True)

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
            models.CheckConstraint(
                condition=Q(to_value__isnull=True) | Q(from_value__isnull=False, to_value__gt=F("from_value")),
                name="level_band_in_order",
                violation_error_message=_("A band ends above where it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class SourceRule(models.Model):
    """How much one record counts toward the value of a criterion that is fed from records (W8).

    Commendations match by form, or else by level; and by kind of recipient, if one is named. Campaigns match by kind.
    """

    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="source_rules", verbose_name=_("criterion"))
    level = models.CharField(_("level"), max_length=10, choices=AwardLevel, blank=True)
    award_form = models.ForeignKey(
        AwardForm, models.PROTECT, related_name="+", verbose_name=_("title or form"), null=True, blank=True
    )
    recipient_kind = models.CharField(_("recipient"), max_length=12, choices=RecipientKind, blank=True)
    campaign_kind = models.CharField(_("kind of campaign"), max_length=10, choices=CampaignKind, blank=True)
    amount = models.DecimalField(_("counts as"), max_digits=8, decimal_places=2)

    class Meta:
        verbose_name = _("rule of a source")
        verbose_name_plural = _("rules of a source")
        ordering = ["criterion", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["criterion", "level", "recipient_kind", "campaign_kind"],
                condition=Q(award_form__isnull=True),
                name="source_rule_once",
                violation_error_message=_("The criterion has this rule already. Change that one."),
            ),
            models.UniqueConstraint(
                fields=["criterion", "award_form", "recipient_kind"],
                condition=Q(award_form__isnull=False),
                name="source_rule_form_once",
                violation_error_message=_("The criterion has a rule for this form already. Change that one."),
            ),
            models.CheckConstraint(
                condition=(~Q(level="") | Q(award_form__isnull=False)) & Q(campaign_kind="")
                | ~Q(campaign_kind="") & Q(level="", recipient_kind="", award_form__isnull=True),
                name="source_rule_says_what",
                violation_error_message=_("Name a level or a form of commendations, or a kind of campaigns."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="source_rule_amount_positive",
                violation_error_message=_("A record counts more than 0."),
            ),
            choices_constraint("level", AwardLevel, "source_rule_level_known", allows_blank=True),
            choices_constraint("recipient_kind", RecipientKind, "source_rule_recipient_known", allows_blank=True),
            choices_constraint("campaign_kind", CampaignKind, "source_rule_campaign_known", allows_blank=True),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} · {self.pk}"


class Target(models.Model):
    """What is asked of one unit by one criterion, where it differs from what is asked of all: another target, typed or
    that of a pledge item; or nothing at all, with the reason (domain.md 5.2, "not assigned"). What is not assigned
    keeps the target it had beside the reason, so that it can be asked again and as nothing else.

    Once the unit has a card, its line says whether the criterion is assigned; this row was the plan.
    """

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="targets", verbose_name=_("member unit"))
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="targets", verbose_name=_("criterion"))
    value = models.DecimalField(_("target"), max_digits=15, decimal_places=2, null=True, blank=True)
    pledge_item = models.ForeignKey(
        PledgeItem, models.PROTECT, related_name="targets", verbose_name=_("pledge item"), null=True, blank=True
    )
    source = models.CharField(_("source document"), max_length=200, blank=True)
    is_assigned = models.BooleanField(_("assigned"), default=True)
    not_assigned_reason = models.CharField(_("reason why not assigned"), max_length=300, blank=True)

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
                condition=Q(value__isnull=True) | Q(value__gte=0),
                name="target_not_negative",
                violation_error_message=_("A target cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(is_assigned=True, not_assigned_reason="")
                & (Q(value__isnull=False, pledge_item__isnull=True) | Q(value__isnull=True, pledge_item__isnull=False))
                | Q(is_assigned=False)
                & ~Q(not_assigned_reason="")
                & (Q(value__isnull=True) | Q(pledge_item__isnull=True)),
                name="target_says_one_thing",
                violation_error_message=_(
                    "Give a target, or a pledge item, or the reason why the criterion is not assigned."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership} {self.criterion}"
