from django.db import models
from django.utils.translation import gettext_lazy as _

from awards.enums import ParticipationStatus
from awards.models.campaign import Campaign
from cluster_app.lib.constraints import choices_constraint
from members.models import Membership


class CampaignParticipation(models.Model):
    """How far a unit takes part in a campaign. A unit that does not has no row (features.md C3)."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="participations", verbose_name=_("campaign"))
    membership = models.ForeignKey(
        Membership, models.PROTECT, related_name="campaign_participations", verbose_name=_("member unit")
    )
    status = models.CharField(_("participation"), max_length=10, choices=ParticipationStatus)
    note = models.CharField(
        _("note"), max_length=300, blank=True, help_text=_("For example the number of the report and its main figure.")
    )

    class Meta:
        verbose_name = _("participation in a campaign")
        verbose_name_plural = _("participations in campaigns")
        ordering = ["campaign", "membership"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "membership"],
                name="participation_once_per_campaign",
                violation_error_message=_("The unit's part in this campaign is recorded already. Change that row."),
            ),
            choices_constraint("status", ParticipationStatus, "participation_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.membership} · {self.get_status_display()}"
