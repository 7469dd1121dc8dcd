"""The audit log, for observers of a cluster to read. Nobody writes here."""

import json

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from cluster_app.audit.models import AuditEvent
from members.enums import AssignmentRole
from members.scoped_admin import ScopedModelAdmin


@admin.register(AuditEvent)
class AuditEventAdmin(ScopedModelAdmin):
    list_display = ("sequence", "at", "actor", "verb", "object_key", "year")
    list_filter = ("year", ("verb", admin.AllValuesFieldListFilter), ("actor", admin.AllValuesFieldListFilter))
    search_fields = ("object_key", "actor", "verb")
    date_hierarchy = "at"
    fields = ("sequence", "at", "actor", "verb", "object_key", "cluster", "year", "content", "previous", "digest")
    readonly_fields = ("content",)

    def may_open(self, request) -> bool:
        return bool(_observed(request))

    def visible(self, request):
        return AuditEvent.objects.filter(cluster__in=_observed(request))

    @admin.display(description=gettext_lazy("content"))
    def content(self, event):
        return format_html("<pre>{}</pre>", json.dumps(json.loads(event.payload), indent=2, ensure_ascii=False))


def _observed(request) -> set[str]:
    """The clusters, by their part of the address, that this person observes."""
    held = request.user.assignments_held()
    return {assignment.cluster.slug for assignment in held if assignment.role == AssignmentRole.OBSERVER}
