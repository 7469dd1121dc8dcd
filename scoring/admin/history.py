"""Approvals and publications, to read: acts are never edited."""

from functools import partial

from django.contrib import admin
from django.urls import path
from django.utils.translation import gettext_lazy

from members.scoped_admin import ScopedModelAdmin, admin_clusters
from scoring import approval_words
from scoring.admin import publication
from scoring.models import Approval, Publication


class _ReadOnly(ScopedModelAdmin):
    def may_open(self, request) -> bool:
        return bool(admin_clusters(request))


@admin.register(Approval)
class ApprovalAdmin(_ReadOnly):
    list_display = ("scorecard", "in_which_office", "approver", "approved_at", "code", "revoked_at")
    list_filter = ("office",)
    list_select_related = ("scorecard__membership__year", "approver", "approver_unit", "delegation")
    fields = (
        "scorecard",
        "office",
        "approver",
        "unit",
        "approver_unit",
        "resolution",
        "delegation",
        "approved_at",
        "digest",
        "revoked_at",
        "revoked_by",
        "revoked_reason",
    )

    def visible(self, request):
        return Approval.objects.filter(scorecard__membership__year__cluster__in=admin_clusters(request))

    @admin.display(description=gettext_lazy("office"), ordering="office")
    def in_which_office(self, approval):
        return approval_words.office(approval)

    @admin.display(description=gettext_lazy("approval code"))
    def code(self, approval):
        return approval.digest[:8]


@admin.register(Publication)
class PublicationAdmin(_ReadOnly):
    list_display = ("year", "published_at", "proposed_by", "confirmed_by", "withdrawn_at")
    list_select_related = ("year__cluster", "proposed_by", "confirmed_by")
    fields = ("year", "published_at", "proposed_by", "confirmed_by", "digest", "withdrawn_at", "withdrawn_reason")

    def get_urls(self):
        views = {"year": partial(publication.state_view, self)}
        views |= {step.slug: partial(step.view, self) for step in publication.STEPS}
        own = [
            path(f"year/<int:pk>/{slug}/", self.admin_site.admin_view(view), name=f"scoring_publication_{slug}")
            for slug, view in views.items()
        ]
        return own + super().get_urls()

    def visible(self, request):
        return Publication.objects.filter(year__cluster__in=admin_clusters(request))
