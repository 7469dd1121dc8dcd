"""Written delegations, to be read; they are recorded and ended on the pages of the year."""

from django.contrib import admin
from django.utils.translation import gettext as _

from members.addresses import year_url
from members.models import Delegation
from members.scoped_admin import ScopedFilter, ScopedModelAdmin, admin_clusters


@admin.register(Delegation)
class DelegationAdmin(ScopedModelAdmin):
    list_display = ("principal", "delegate", "delegate_unit", "form", "number", "starts_on", "ends_on", "ended_at")
    list_filter = (("principal__year", ScopedFilter), "form")
    list_select_related = ("principal", "delegate", "delegate_unit")
    search_fields = ("number", "delegate__username", "delegate__full_name")
    fields = (
        ("principal", "delegate_unit", "delegate"),
        ("form", "number", "decided_on"),
        ("starts_on", "ends_on"),
        ("recorded_by", "recorded_at"),
        ("ended_by", "ended_at", "ended_reason"),
    )

    def may_open(self, request) -> bool:
        return bool(admin_clusters(request))

    def visible(self, request):
        found = Delegation.objects.select_related(
            "principal__year__cluster", "delegate", "delegate_unit", "recorded_by", "ended_by"
        )
        return found.filter(principal__year__cluster__in=admin_clusters(request))

    def step_links(self, request, obj):
        url = year_url("members:delegation_list", obj.principal.year)
        return [{"label": _("Delegations of the year"), "url": url, "css": ""}]
