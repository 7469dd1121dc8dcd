"""Meetings of every kind with their resolutions, for the secretariat."""

from django.contrib import admin

from cluster_app.lib import clock
from members.models import Meeting, Resolution
from members.scoped_admin import ScopedFilter, ScopedInline, ScopedModelAdmin, admin_clusters
from members.services import meetings


class ResolutionInline(ScopedInline):
    model = Resolution
    fields = ("kind", "text", "named", "concerned", "vote")
    extra = 1

    def may_change(self, request, parent=None) -> bool:
        return bool(admin_clusters(request)) and (parent is None or not parent.year.is_archived)


@admin.register(Meeting)
class MeetingAdmin(ScopedModelAdmin):
    list_display = ("held_on", "kind", "year", "place", "minutes_number")
    list_filter = (("year", ScopedFilter), "kind")
    list_select_related = ("year__cluster",)
    search_fields = ("place", "minutes_number")
    inlines = (ResolutionInline,)
    fields = ("year", "kind", ("held_on", "place"), "minutes_number")

    def may_open(self, request) -> bool:
        return bool(admin_clusters(request))

    def may_add(self, request) -> bool:
        return self.may_open(request)

    def may_change(self, request, obj=None) -> bool:
        return self.may_open(request) and (obj is None or not obj.year.is_archived)

    def visible(self, request):
        return Meeting.objects.select_related("year__cluster").filter(year__cluster__in=admin_clusters(request))

    def get_readonly_fields(self, request, obj=None):
        return ("year", "kind") if obj else ()

    def save_model(self, request, obj, form, change) -> None:
        """Saved together with its resolutions, by one act."""

    def save_related(self, request, form, formsets, change) -> None:
        resolutions = [resolution for formset in formsets for resolution in formset.save(commit=False)]
        meetings.record(meeting=form.instance, resolutions=resolutions, by=request.user, at=clock.now())
