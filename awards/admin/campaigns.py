"""The campaigns of the year, for the secretariat."""

from dataclasses import fields

from django.contrib import admin
from django.utils.translation import gettext as _

from awards.admin.scope import OfOwnClusters, step_link
from awards.models import Campaign
from awards.permissions import can_write_campaign
from awards.services import campaigns
from awards.services.campaigns import CampaignFacts
from awards.workflow import CAMPAIGN
from members.addresses import year_url
from members.scoped_admin import ScopedFilter, admin_clusters


@admin.register(Campaign)
class CampaignAdmin(OfOwnClusters):
    list_display = ("code", "title", "kind", "origin", "starts_on", "status")
    list_display_links = ("code", "title")
    list_filter = (("year", ScopedFilter), "kind", "origin", "status")
    search_fields = ("code", "title")
    fields = (
        "year",
        ("code", "title"),
        "slogan",
        ("kind", "origin", "membership"),
        ("launching_authority", "scope"),
        ("document_number", "document_on"),
        ("starts_on", "ends_on"),
        "objectives",
        "results",
        "status",
    )

    def visible(self, request):
        return Campaign.objects.filter(year__cluster__in=admin_clusters(request)).select_related("year__cluster")

    def may_change(self, request, obj=None) -> bool:
        if obj is None:
            return self.may_open(request)
        return CAMPAIGN.can("edit", obj.status) and can_write_campaign(request.user, obj)

    def get_readonly_fields(self, request, obj=None):
        return ("year", "results", "status") if obj else ("results", "status")

    def act(self, request, obj, form, who):
        facts = CampaignFacts(**{field.name: getattr(obj, field.name) for field in fields(CampaignFacts)})
        if obj.pk is None:
            return campaigns.create(year=obj.year, facts=facts, **who)
        return campaigns.edit(campaign=obj, facts=facts, seen=form.cleaned_data["seen"], **who)

    def step_links(self, request, obj):
        if not can_write_campaign(request.user, obj):
            return []
        labels = {"reopen": _("Reopen"), "review": _("Half-time review"), "launch": _("Launch")}
        labels |= {"conclude": _("Conclude")}
        return [
            step_link(request, year_url(f"awards:campaign_{step}", obj.year, pk=obj.pk), label)
            for step, label in labels.items()
            if CAMPAIGN.can(step, obj.status)
        ]
