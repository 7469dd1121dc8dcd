from django.core.validators import validate_slug
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cluster_app.lib.constraints import choices_constraint
from cluster_app.lib.fields import FoldedField, SortKeyField
from members.enums import ClusterKind, UnitKind

# First parts of addresses that are not clusters.
RESERVED_SLUGS = ("accounts", "admin", "healthz", "readyz", "set-up", "static", "verify")


class Cluster(models.Model):
    """A group of units that compete with each other year by year (domain.md 1.1)."""

    slug = models.CharField(_("address"), max_length=50, validators=[validate_slug])
    name = models.CharField(_("name"), max_length=200, help_text=_("As printed, with the word Cụm or Khối."))
    kind = models.CharField(_("kind"), max_length=10, choices=ClusterKind, default=ClusterKind.CLUSTER)
    province = models.CharField(_("province"), max_length=60)
    superior = models.CharField(
        _("superior organisation"), max_length=200, blank=True, help_text=_("Printed at the top left of papers.")
    )
    founding_number = models.CharField(_("founding decision"), max_length=60, blank=True)
    founded_on = models.DateField(_("date of the founding decision"), null=True, blank=True)
    is_illustrative = models.BooleanField(_("illustrative data"), default=False, editable=False)

    class Meta:
        verbose_name = _("cluster")
        verbose_name_plural = _("clusters")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["slug"],
                name="cluster_slug_once",
                violation_error_message=_("Another cluster has this address. Choose a different one."),
            ),
            models.CheckConstraint(
                condition=~Q(slug__in=RESERVED_SLUGS) & ~Q(slug=""),
                name="cluster_slug_not_reserved",
                violation_error_message=_("This address is used by the software itself. Choose a different one."),
            ),
            choices_constraint("kind", ClusterKind, "cluster_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """An agency that can be a member of clusters. It is deactivated by its dates, never deleted."""

    code = models.CharField(pgettext_lazy("unit", "code"), max_length=20)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=UnitKind, default=UnitKind.PARTY)
    valid_from = models.DateField(_("exists from"), null=True, blank=True)
    valid_to = models.DateField(_("exists to"), null=True, blank=True)
    predecessors = models.ManyToManyField(
        "self", verbose_name=_("predecessors"), symmetrical=False, related_name="successors", blank=True
    )
    search_text = FoldedField(source="name")
    sort_key = SortKeyField(source="name")

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                name="unit_code_once",
                violation_error_message=_("Another unit has this code. Choose a different one."),
            ),
            models.UniqueConstraint(
                fields=["search_text"],
                name="unit_name_once",
                violation_error_message=_("A unit of this name exists already (accents are not told apart)."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=models.F("valid_from")),
                name="unit_dates_in_order",
                violation_error_message=_("The unit's last day is before its first. Correct one of the dates."),
            ),
            choices_constraint("kind", UnitKind, "unit_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def exists_in(self, year: int) -> bool:
        """Whether the unit existed on any day of `year` (domain.md rule 5)."""
        starts_in_time = self.valid_from is None or self.valid_from.year <= year
        return starts_in_time and (self.valid_to is None or self.valid_to.year >= year)
