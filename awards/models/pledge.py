from django.db import models
from django.utils.translation import gettext_lazy as _

from awards.enums import PledgeGroup, PledgeStatus, SigningMethod, TargetDirection
from cluster_app.lib.constraints import choices_constraint
from members.models import EmulationYear, Membership, User


class Pledge(models.Model):
    """The agreement that every member unit signs for the year (domain.md 2)."""

    year = models.ForeignKey(EmulationYear, models.PROTECT, related_name="pledges", verbose_name=_("emulation year"))
    number = models.CharField(_("number"), max_length=60, blank=True)
    signed_on = models.DateField(_("date of signing"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    preamble = models.TextField(_("preamble"), blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=PledgeStatus, default=PledgeStatus.DRAFT, editable=False
    )

    class Meta:
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        ordering = ["year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year"],
                name="pledge_once_per_year",
                violation_error_message=_("The year has a pledge already. Open that one."),
            ),
            choices_constraint("status", PledgeStatus, "pledge_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.year.year}"


class PledgeItem(models.Model):
    """One numbered promise. Items are frozen from the first signature on (domain.md rule 14)."""

    pledge = models.ForeignKey(Pledge, models.CASCADE, related_name="items", verbose_name=_("pledge"))
    group = models.CharField(_("group"), max_length=5, choices=PledgeGroup)
    order = models.PositiveSmallIntegerField(_("order"))
    text = models.CharField(_("text"), max_length=500)
    unit_of_measure = models.CharField(_("unit of measure"), max_length=40, blank=True)
    target_value = models.DecimalField(_("target"), max_digits=15, decimal_places=2, null=True, blank=True)
    direction = models.CharField(
        _("direction"), max_length=10, choices=TargetDirection, default=TargetDirection.AT_LEAST
    )

    class Meta:
        verbose_name = _("pledge item")
        verbose_name_plural = _("pledge items")
        ordering = ["pledge", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pledge", "order"],
                name="pledge_item_order_once",
                violation_error_message=_("The pledge has another item with this number. Choose the next one."),
            ),
            choices_constraint("group", PledgeGroup, "pledge_item_group_known"),
            choices_constraint("direction", TargetDirection, "pledge_item_direction_known"),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.text}"


class PledgeSignature(models.Model):
    """A unit's signature: by the signatory's own account, or recorded from the paper."""

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="signatures", verbose_name=_("pledge"))
    membership = models.ForeignKey(
        Membership, models.PROTECT, related_name="pledge_signatures", verbose_name=_("member unit")
    )
    office = models.CharField(_("office of the signatory"), max_length=120, blank=True)
    signed_on = models.DateField(_("signed on"))
    method = models.CharField(_("method"), max_length=10, choices=SigningMethod)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("pledge signature")
        verbose_name_plural = _("pledge signatures")
        ordering = ["pledge", "signed_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pledge", "membership"],
                name="pledge_signature_once",
                violation_error_message=_("The unit has signed this pledge already."),
            ),
            choices_constraint("method", SigningMethod, "pledge_signature_method_known"),
        ]

    def __str__(self) -> str:
        return f"{self.membership} · {self.signed_on:%d/%m/%Y}"
