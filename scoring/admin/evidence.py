"""Evidence of the score cards, to read: it is added, replaced and hidden on the pages of the card."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.addresses import year_url
from members.scoped_admin import ScopedModelAdmin, admin_clusters
from scoring.models import Evidence


@admin.register(Evidence)
class EvidenceAdmin(ScopedModelAdmin):
    list_display = ("title", "kind", "unit", "criterion", "added_by", "added_at", "hidden_at")
    list_filter = ("kind", ("hidden_at", admin.EmptyFieldListFilter))
    list_select_related = ("scorecard__membership", "line__criterion", "added_by")
    search_fields = ("title", "number", "scorecard__membership__name")
    ordering = ("-added_at", "-pk")
    fields = (
        ("scorecard", "line"),
        ("kind", "title"),
        ("number", "issued_on"),
        ("url", "record_key"),
        "file",
        "replaces",
        ("added_by", "added_at"),
        ("hidden_by", "hidden_at"),
        "hidden_reason",
    )

    def may_open(self, request) -> bool:
        return bool(admin_clusters(request))

    def visible(self, request):
        found = Evidence.objects.select_related(
            "scorecard__membership__year__cluster",
            "scorecard__membership__unit",
            "line__criterion",
            "line__scorecard__membership",
            "file",
            "replaces",
            "added_by",
            "hidden_by",
        )
        return found.filter(scorecard__membership__year__cluster__in=admin_clusters(request))

    def step_links(self, request, obj):
        member = obj.scorecard.membership
        url = year_url("scoring:evidence_list", member.year, code=member.unit.code)
        return [{"label": _("Evidence of the card"), "url": url, "css": ""}]

    @admin.display(description=gettext_lazy("unit"), ordering="scorecard__membership__name")
    def unit(self, evidence):
        return evidence.scorecard.membership.name

    @admin.display(description=gettext_lazy("criterion"), ordering="line__criterion__code")
    def criterion(self, evidence):
        return evidence.line.criterion.code if evidence.line else "–"
