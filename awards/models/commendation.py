from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from awards.enums import (
    AwardKind,
    AwardLevel,
    AwardSystem,
    CommendationStatus,
    CommendationType,
    RecipientKind,
)
from awards.models.campaign import Campaign
from cluster_app.lib.constraints import choices_constraint
from cluster_app.lib.fields import FoldedField
from members.models import Cluster, Membership, User


class AwardForm(models.Model):
    """A title or a form of commendation as the law in force between two dates knows it (domain.md 4)."""

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=200)
    english_name = models.CharField(_("English name"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=AwardKind)
    system = models.CharField(_("system"), max_length=12, choices=AwardSystem, default=AwardSystem.STATE)
    level = models.CharField(_("level"), max_length=10, choices=AwardLevel)
    is_for_individuals = models.BooleanField(_("for individuals"), default=False)
    is_for_collectives = models.BooleanField(_("for collectives"), default=False)
    is_for_households = models.BooleanField(_("for households"), default=False)
    authority = models.CharField(_("decided by"), max_length=200)
    legal_source = models.CharField(_("legal source"), max_length=300, blank=True)
    individual_coefficient = models.DecimalField(
        _("coefficient for individuals"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    collective_coefficient = models.DecimalField(
        _("coefficient for collectives"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    preconditions = models.TextField(_("preconditions"), blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    is_verified = models.BooleanField(_("verified against the official text"), default=False)

    class Meta:
        verbose_name = _("award form")
        verbose_name_plural = _("award forms")
        ordering = ["level", "code", "-valid_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                name="award_form_once_per_date",
                violation_error_message=_("This form has a row that is valid from the same day. Change that one."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="award_form_dates_in_order",
                violation_error_message=_("The row ends before it begins. Correct one of the dates."),
            ),
            models.CheckConstraint(
                condition=Q(is_for_individuals=True) | Q(is_for_collectives=True) | Q(is_for_households=True),
                name="award_form_has_recipients",
                violation_error_message=_("Say for whom this form is: individuals, collectives or households."),
            ),
            choices_constraint("kind", AwardKind, "award_form_kind_known"),
            choices_constraint("system", AwardSystem, "award_form_system_known"),
            choices_constraint("level", AwardLevel, "award_form_level_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_valid_on(self, day) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def is_for(self, recipient_kind: str) -> bool:
        return {
            RecipientKind.INDIVIDUAL: self.is_for_individuals,
            RecipientKind.COLLECTIVE: self.is_for_collectives,
            RecipientKind.HOUSEHOLD: self.is_for_households,
        }[RecipientKind(recipient_kind)]


class BaseSalary(models.Model):
    """The base salary (lương cơ sở) from a day on, the unit of reward money."""

    amount = models.PositiveIntegerField(_("amount in đồng"))
    valid_from = models.DateField(_("valid from"))
    legal_source = models.CharField(_("legal source"), max_length=200)
    is_verified = models.BooleanField(_("verified against the official text"), default=False)

    class Meta:
        verbose_name = _("base salary")
        verbose_name_plural = _("base salaries")
        ordering = ["-valid_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["valid_from"],
                name="base_salary_once_per_date",
                violation_error_message=_("A base salary valid from this day is recorded already."),
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="base_salary_positive",
                violation_error_message=_("The base salary must be more than 0."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} ({self.valid_from:%d/%m/%Y})"


class Decision(models.Model):
    """A signed decision; typed once, it carries many commendations."""

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="decisions", verbose_name=_("cluster"))
    number = models.CharField(_("number"), max_length=60)
    decided_on = models.DateField(_("decided on"))
    signer = models.CharField(_("signed by"), max_length=120)
    search_text = FoldedField(source=["number", "signer"])

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-decided_on", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "number", "decided_on", "signer"],
                name="decision_once",
                violation_error_message=_("This decision is recorded already. Choose it in the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.decided_on:%d/%m/%Y})"


class Commendation(models.Model):
    """One row of a decision: a recipient, or a list of them counted as occasions (số lượt)."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="commendations", verbose_name=_("decision"))
    membership = models.ForeignKey(
        Membership, models.PROTECT, related_name="commendations", verbose_name=_("member unit")
    )
    award_form = models.ForeignKey(
        AwardForm, models.PROTECT, related_name="commendations", verbose_name=_("title or form")
    )
    recipient_kind = models.CharField(_("recipient kind"), max_length=12, choices=RecipientKind)
    recipient = models.CharField(_("recipient"), max_length=200)
    position = models.CharField(_("position"), max_length=120, blank=True)
    occasions = models.PositiveIntegerField(_("occasions"), default=1)
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="commendations", verbose_name=_("campaign"), null=True, blank=True
    )
    type = models.CharField(_("type"), max_length=10, choices=CommendationType, default=CommendationType.MERIT)
    is_direct_worker = models.BooleanField(_("direct worker"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=CommendationStatus, default=CommendationStatus.AWARDED, editable=False
    )
    revoked_reason = models.CharField(_("reason of the revocation"), max_length=300, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("recorded by"), editable=False
    )
    recorded_at = models.DateTimeField(_("recorded"), editable=False)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("checked by"), null=True, blank=True, editable=False
    )
    confirmed_at = models.DateTimeField(_("checked"), null=True, blank=True, editable=False)
    search_text = FoldedField(source="recipient")

    class Meta:
        verbose_name = _("commendation")
        verbose_name_plural = _("commendations")
        ordering = ["-decision__decided_on", "decision__number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "membership", "award_form", "search_text"],
                name="commendation_once",
                violation_error_message=_("This recipient is recorded already under the same decision and form."),
            ),
            models.CheckConstraint(
                condition=Q(occasions__gte=1),
                name="commendation_occasions_positive",
                violation_error_message=_("The number of occasions must be at least 1."),
            ),
            models.CheckConstraint(
                condition=~Q(status=CommendationStatus.REVOKED) | ~Q(revoked_reason=""),
                name="commendation_revoked_has_reason",
                violation_error_message=_("A revocation needs its reason in writing."),
            ),
            choices_constraint("recipient_kind", RecipientKind, "commendation_recipient_kind_known"),
            choices_constraint("type", CommendationType, "commendation_type_known"),
            choices_constraint("status", CommendationStatus, "commendation_status_known"),
        ]

    def __str__(self) -> str:
        return self.recipient
