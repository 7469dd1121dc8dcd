"""What units sent in over the year: participation and registered titles, for the secretariat."""

from dataclasses import fields

from django.contrib import admin
from django.utils.translation import gettext_lazy

from awards.admin.commendations import DatedFormField
from awards.admin.scope import OfOwnClusters
from awards.enums import ParticipationStatus
from awards.models import CampaignParticipation, TitleRegistration
from awards.permissions import can_register_titles, participating_units
from awards.services import campaigns, registrations
from awards.services.campaigns import Part
from awards.services.registrations import RegistrationFacts
from members.scoped_admin import ScopedFilter, admin_clusters


@admin.register(CampaignParticipation)
class CampaignParticipationAdmin(OfOwnClusters):
    list_display = ("campaign", "unit", "status", "note")
    list_filter = (("campaign__year", ScopedFilter), "status", "campaign__kind")
    search_fields = ("campaign__code", "campaign__title")
    autocomplete_fields = ("campaign",)
    fields = (("campaign", "membership"), "status", "note")

    def visible(self, request):
        rows = CampaignParticipation.objects.filter(campaign__year__cluster__in=admin_clusters(request))
        return rows.select_related("campaign", "membership__year__cluster")

    def may_change(self, request, obj=None) -> bool:
        if obj is None:
            return self.may_open(request)
        return obj.membership in participating_units(request.user, obj.membership.year)

    def get_readonly_fields(self, request, obj=None):
        return ("campaign", "membership") if obj else ()

    @admin.display(description=gettext_lazy("member unit"), ordering="membership__protocol_order")
    def unit(self, participation):
        return f"{participation.membership.short_name} · {participation.membership.year.year}"

    def act(self, request, obj, form, who):
        part = Part(membership=obj.membership, status=ParticipationStatus(obj.status), note=obj.note)
        seen = form.cleaned_data["seen"] if obj.pk else None
        campaigns.record_participation(campaign=obj.campaign, parts=[part], seen=seen, **who)
        return CampaignParticipation.objects.get(campaign=obj.campaign, membership=obj.membership)


@admin.register(TitleRegistration)
class TitleRegistrationAdmin(OfOwnClusters):
    list_display = ("unit", "form_name", "recipient_kind", "count", "document_number")
    list_display_links = ("unit", "form_name")
    list_filter = (("membership__year", ScopedFilter), "recipient_kind")
    search_fields = ("award_form__code", "award_form__name")
    fields = (("membership", "award_form"), ("recipient_kind", "count", "document_number"))

    def visible(self, request):
        rows = TitleRegistration.objects.filter(membership__year__cluster__in=admin_clusters(request))
        return rows.select_related("membership__year__cluster", "award_form")

    def may_change(self, request, obj=None) -> bool:
        if obj is None:
            return self.may_open(request)
        return can_register_titles(request.user, obj.membership.year, obj.membership)

    @admin.display(description=gettext_lazy("member unit"), ordering="membership__protocol_order")
    def unit(self, registration):
        return f"{registration.membership.short_name} · {registration.membership.year.year}"

    @admin.display(description=gettext_lazy("title or form"), ordering="award_form__name")
    def form_name(self, registration):
        return registration.award_form.name

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "award_form":
            kwargs["form_class"] = DatedFormField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def act(self, request, obj, form, who):
        facts = RegistrationFacts(**{field.name: getattr(obj, field.name) for field in fields(RegistrationFacts)})
        is_new = obj.pk is None
        return registrations.save(
            year=obj.membership.year,
            facts=facts,
            registration=None if is_new else obj,
            seen=None if is_new else form.cleaned_data["seen"],
            **who,
        )
