from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cluster_app.lib.constraints import choices_constraint
from members.enums import SignatureForm
from members.models.people import User
from members.models.year import Membership


class Delegation(models.Model):
    """A written paper by which the head of one unit lets another person sign for the own office in the cluster, for a
    time. Both days belong to it; it can be ended early, never changed."""

    principal = models.ForeignKey(
        Membership, models.PROTECT, related_name="delegations_given", verbose_name=_("unit that delegates")
    )
    delegate_unit = models.ForeignKey(
        Membership, models.PROTECT, related_name="delegations_held", verbose_name=_("unit of the delegate")
    )
    delegate = models.ForeignKey(User, models.PROTECT, related_name="delegations", verbose_name=_("delegate"))
    form = models.CharField(_("signs"), max_length=3, choices=SignatureForm, default=SignatureForm.KT)
    number = models.CharField(_("number of the paper"), max_length=60)
    decided_on = models.DateField(_("date of the paper"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    recorded_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("recorded by"), editable=False
    )
    recorded_at = models.DateTimeField(_("recorded"), editable=False)
    ended_at = models.DateTimeField(_("ended early"), null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("ended by"), null=True, blank=True, editable=False
    )
    ended_reason = models.CharField(_("reason of the early end"), max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(principal=F("delegate_unit")),
                name="delegation_to_another_unit",
                violation_error_message=_("A unit delegates to the signatory of another unit."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="delegation_dates_in_order",
                violation_error_message=_("The delegation ends before it begins. Correct one of the dates."),
            ),
            models.CheckConstraint(
                condition=Q(decided_on__lte=F("starts_on")),
                name="delegation_decided_before",
                violation_error_message=_("The paper is dated after the delegation begins. Correct one of the dates."),
            ),
            models.CheckConstraint(
                condition=~Q(number=""),
                name="delegation_has_number",
                violation_error_message=_("Give the number of the paper."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | (Q(ended_by__isnull=False) & ~Q(ended_reason="")),
                name="delegation_ended_has_reason",
                violation_error_message=_("Ending a delegation early needs a person and a reason."),
            ),
            choices_constraint("form", SignatureForm, "delegation_form_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()} {self.principal} · {self.delegate}"
