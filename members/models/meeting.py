from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cluster_app.lib.constraints import choices_constraint
from members.enums import MeetingKind, ResolutionKind
from members.models.year import EmulationYear, Membership


class Meeting(models.Model):
    """A meeting of the cluster; what it settled stands in its resolutions."""

    year = models.ForeignKey(EmulationYear, models.PROTECT, related_name="meetings", verbose_name=_("emulation year"))
    kind = models.CharField(_("kind"), max_length=10, choices=MeetingKind)
    held_on = models.DateField(_("held on"))
    place = models.CharField(_("place"), max_length=200)
    minutes_number = models.CharField(_("number of the minutes"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "kind"],
                condition=~Q(kind=MeetingKind.REGULAR),
                name="meeting_once_per_kind",
                violation_error_message=_("The year has a meeting of this kind already. Open that one."),
            ),
            choices_constraint("kind", MeetingKind, "meeting_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.held_on:%d/%m/%Y}"


class Resolution(models.Model):
    """One thing that a meeting settled, with the vote as it was counted."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="resolutions", verbose_name=_("meeting"))
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    kind = models.CharField(_("kind"), max_length=15, choices=ResolutionKind, default=ResolutionKind.GENERAL)
    text = models.CharField(_("text"), max_length=500)
    concerned = models.ForeignKey(
        Membership,
        models.PROTECT,
        related_name="resolutions_concerning",
        verbose_name=_("unit concerned"),
        null=True,
        blank=True,
    )
    named = models.ForeignKey(
        Membership,
        models.PROTECT,
        related_name="resolutions_naming",
        verbose_name=_("unit named"),
        null=True,
        blank=True,
    )
    vote = models.CharField(
        _("vote"), max_length=120, blank=True, help_text=_("As counted, for example 9/9 in favour.")
    )

    class Meta:
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering = ["meeting", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "order"],
                name="resolution_order_once",
                violation_error_message=_("The meeting has another resolution at this place. Choose the next number."),
            ),
            models.CheckConstraint(
                condition=Q(kind=ResolutionKind.GENERAL) | Q(named__isnull=False),
                name="resolution_names_a_unit",
                violation_error_message=_("This kind of resolution needs the unit that it names."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=ResolutionKind.THIRD_UNIT) | Q(concerned__isnull=False),
                name="resolution_third_unit_has_card",
                violation_error_message=_("Name the unit whose score card the third unit approves."),
            ),
            choices_constraint("kind", ResolutionKind, "resolution_kind_known"),
        ]

    def __str__(self) -> str:
        return self.text
