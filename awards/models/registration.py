from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from awards.enums import RecipientKind
from awards.models.commendation import AwardForm
from cluster_app.lib.constraints import choices_constraint
from members.models import Membership


class TitleRegistration(models.Model):
    """How many of a title or form a unit registered for the year, later compared with what was awarded (B3)."""

    membership = models.ForeignKey(
        Membership, models.PROTECT, related_name="title_registrations", verbose_name=_("member unit")
    )
    award_form = models.ForeignKey(
        AwardForm, models.PROTECT, related_name="title_registrations", verbose_name=_("title or form")
    )
    recipient_kind = models.CharField(_("recipient kind"), max_length=12, choices=RecipientKind)
    count = models.PositiveIntegerField(_("registered"))
    document_number = models.CharField(_("registration document"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("registration of a title")
        verbose_name_plural = _("registrations of titles")
        ordering = ["membership", "award_form", "recipient_kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "award_form", "recipient_kind"],
                name="registration_once_per_form",
                violation_error_message=_("The unit has registered this title already. Change the number there."),
            ),
            models.CheckConstraint(
                condition=Q(count__gte=1),
                name="registration_count_positive",
                violation_error_message=_("Register at least 1, or withdraw the registration."),
            ),
            choices_constraint("recipient_kind", RecipientKind, "registration_recipient_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.award_form} · {self.get_recipient_kind_display()}"
