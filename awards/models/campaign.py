from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from awards.enums import CampaignKind, CampaignOrigin, CampaignScope, CampaignStatus
from cluster_app.lib.constraints import choices_constraint
from members.models import EmulationYear, Membership


class Campaign(models.Model):
    """A movement of the year. The three kinds are counted apart (domain.md 3)."""

    year = models.ForeignKey(EmulationYear, models.PROTECT, related_name="campaigns", verbose_name=_("emulation year"))
    code = models.CharField(_("code"), max_length=20)
    title = models.CharField(_("title"), max_length=300)
    slogan = models.CharField(_("slogan"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=CampaignKind)
    origin = models.CharField(_("who launched it"), max_length=10, choices=CampaignOrigin)
    membership = models.ForeignKey(
        Membership, models.PROTECT, related_name="campaigns", verbose_name=_("launching unit"), null=True, blank=True
    )
    launching_authority = models.CharField(_("launching authority"), max_length=200)
    document_number = models.CharField(_("launching document"), max_length=60, blank=True)
    document_on = models.DateField(_("date of the document"), null=True, blank=True)
    scope = models.CharField(_("scope"), max_length=10, choices=CampaignScope, default=CampaignScope.CLUSTER)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    objectives = models.TextField(_("objectives"), blank=True)
    results = models.TextField(_("results"), blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=CampaignStatus, default=CampaignStatus.PREPARED, editable=False
    )

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["year", "kind", "code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "code"],
                name="campaign_code_once",
                violation_error_message=_("The year has another campaign with this code. Choose a different one."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="campaign_dates_in_order",
                violation_error_message=_("The campaign ends before it starts. Correct one of the dates."),
            ),
            models.CheckConstraint(
                condition=~Q(origin=CampaignOrigin.UNIT) | Q(membership__isnull=False),
                name="campaign_of_a_unit_names_it",
                violation_error_message=_("Name the unit that launched the campaign."),
            ),
            choices_constraint("kind", CampaignKind, "campaign_kind_known"),
            choices_constraint("origin", CampaignOrigin, "campaign_origin_known"),
            choices_constraint("scope", CampaignScope, "campaign_scope_known"),
            choices_constraint("status", CampaignStatus, "campaign_status_known"),
        ]

    def __str__(self) -> str:
        return self.title
