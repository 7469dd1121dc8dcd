"""The years of a cluster, their rules and their units, for the secretariat."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_app.lib import clock
from members.addresses import year_url
from members.form_fields import DeadlineField
from members.forms import RulesForm
from members.models import Deadline, EmulationYear, Membership, YearRules
from members.scoped_admin import ScopedFilter, ScopedInline, ScopedModelAdmin, admin_clusters
from members.services import years


class _OfOwnClusters(ScopedModelAdmin):
    """Rows of the clusters in whose secretariat the person works; those of an archived year are read-only."""

    def may_open(self, request) -> bool:
        return bool(admin_clusters(request))

    def may_change(self, request, obj=None) -> bool:
        return self.may_open(request) and (obj is None or not self.year_of(obj).is_archived)


class MembershipInline(ScopedInline):
    model = Membership
    fields = readonly_fields = ("name", "office", "standing", "protocol_order")
    ordering = ("protocol_order", "pk")
    show_change_link = True

    @admin.display(description=gettext_lazy("office in the cluster"))
    def office(self, membership):
        return membership.title or membership.get_role_display()


class DeadlineInline(ScopedInline):
    model = Deadline
    fields = ("step", "due_at", "is_hard")

    def may_change(self, request, parent=None) -> bool:
        return parent is not None and not parent.is_archived

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "due_at":
            return DeadlineField(label=db_field.verbose_name, help_text=_("A date alone means the end of that day."))
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(EmulationYear)
class EmulationYearAdmin(_OfOwnClusters):
    list_display = ("year", "cluster", "phase", "published_at")
    list_display_links = ("year", "cluster")
    list_filter = ("phase", ("cluster", ScopedFilter))
    list_select_related = ("cluster",)
    search_fields = ("year", "cluster__name")
    ordering = ("-year", "cluster__name", "pk")
    inlines = (MembershipInline, DeadlineInline)
    fields = (
        ("cluster", "year", "phase", "published_at"),
        ("leader_title", "deputy_title"),
        ("regulation_number", "regulation_on"),
        ("plan_number", "plan_on"),
        "letterhead",
        "recipients",
    )
    readonly_fields = ("cluster", "year", "phase", "published_at")

    def visible(self, request):
        return EmulationYear.objects.select_related("cluster", "rules").filter(cluster__in=admin_clusters(request))

    def step_links(self, request, obj):
        return [
            {"label": _("Set-up"), "url": year_url("members:year_setup", obj), "css": ""},
            {"label": _("Rules"), "url": reverse("admin:members_yearrules_change", args=[obj.rules.pk]), "css": ""},
            {"label": _("Ranking"), "url": year_url("scoring:ranking", obj), "css": ""},
            {"label": _("Publication"), "url": reverse("admin:scoring_publication_year", args=[obj.pk]), "css": ""},
            {"label": _("Annual summary"), "url": year_url("scoring:summary", obj), "css": "primary"},
        ]

    def save_row(self, request, row, changed) -> None:
        by, at = request.user, clock.now()
        if isinstance(row, Deadline):
            years.set_deadline(year=row.year, step=row.step, due_at=row.due_at, is_hard=row.is_hard, by=by, at=at)
        elif changed:
            years.edit(year=row, changed=changed, by=by, at=at)


@admin.register(YearRules)
class YearRulesAdmin(_OfOwnClusters):
    form = RulesForm
    list_display = ("year", "ranking_basis", "not_assigned", "tally_from", "tally_to")
    list_filter = (("year", ScopedFilter),)
    list_select_related = ("year__cluster",)
    fields = (
        "year",
        ("ranking_basis", "not_assigned"),
        "bands",
        ("first", "second", "third"),
        ("tally_from", "tally_to"),
        "may_enter_on_behalf",
        "officer_may_submit",
        ("own_register", "register_period"),
    )
    readonly_fields = ("year",)

    def visible(self, request):
        rules = YearRules.objects.select_related("year__cluster").order_by("-year__year", "pk")
        return rules.filter(year__cluster__in=admin_clusters(request))

    def save_model(self, request, obj, form, change) -> None:
        years.edit_rules(rules=obj, changed=form.changed_columns, by=request.user, at=clock.now())


@admin.register(Membership)
class MembershipAdmin(_OfOwnClusters):
    list_display = ("name", "year", "office", "standing", "protocol_order")
    list_filter = (("year", ScopedFilter), "role", "standing")
    list_select_related = ("year__cluster", "unit")
    search_fields = ("name", "short_name", "unit__code")
    ordering = ("-year__year", "protocol_order", "pk")
    fields = ("year", "unit", "name", "short_name", "protocol_order", "office", "standing", "standing_reason")
    readonly_fields = ("year", "unit", "office", "standing", "standing_reason")

    def visible(self, request):
        memberships = Membership.objects.select_related("year__cluster", "unit")
        return memberships.filter(year__cluster__in=admin_clusters(request))

    def step_links(self, request, obj):
        url = year_url("members:membership_edit", obj.year, membership=obj.pk)
        return [] if obj.year.is_archived else [{"label": _("Office and standing"), "url": url, "css": ""}]

    @admin.display(description=gettext_lazy("office in the cluster"), ordering="role")
    def office(self, membership):
        return membership.title or membership.get_role_display()
