"""Clusters and units: the administrator's catalogues."""

from django.contrib import admin
from django.db.models import Q

from cluster_app.lib.vietnamese import fold
from members.models import Cluster, Unit
from members.scoped_admin import ScopedModelAdmin, admin_clusters, is_administrator


@admin.register(Cluster)
class ClusterAdmin(ScopedModelAdmin):
    list_display = ("name", "kind", "province", "slug")
    list_filter = ("kind",)
    search_fields = ("name", "slug")
    fields = ("name", "kind", "slug", "province", "superior", "founding_number", "founded_on", "is_illustrative")

    def may_open(self, request) -> bool:
        return is_administrator(request) or bool(admin_clusters(request))

    def may_change(self, request, obj=None) -> bool:
        return self.may_open(request) and (obj is None or self.visible(request).filter(pk=obj.pk).exists())

    def may_add(self, request) -> bool:
        return is_administrator(request)

    def visible(self, request):
        clusters = Cluster.objects.all()
        return clusters if is_administrator(request) else clusters.filter(pk__in=admin_clusters(request))

    def get_readonly_fields(self, request, obj=None):
        """Addresses are on paper and in bookmarks; the secretariat does not change them."""
        return ("is_illustrative",) if is_administrator(request) else ("is_illustrative", "slug")


@admin.register(Unit)
class UnitAdmin(ScopedModelAdmin):
    list_display = ("code", "name", "short_name", "kind", "valid_from", "valid_to")
    list_filter = ("kind",)
    search_fields = ("code", "name")
    autocomplete_fields = ("predecessors",)
    fields = ("code", "name", "short_name", "kind", "valid_from", "valid_to", "predecessors")

    def may_open(self, request) -> bool:
        return is_administrator(request)

    def may_change(self, request, obj=None) -> bool:
        return is_administrator(request)

    def may_add(self, request) -> bool:
        return is_administrator(request)

    def visible(self, request):
        units = Unit.objects.all()
        if is_administrator(request):
            return units
        return units.filter(memberships__year__cluster_id__in=admin_clusters(request)).distinct()

    def get_search_results(self, request, queryset, search_term):
        """Finds "bảo hiểm" by "bao hiem"."""
        found = Q(search_text__contains=fold(search_term)) | Q(code__icontains=search_term)
        return queryset.filter(found), False
