"""Signed decisions with the commendations that hang on them, for the secretariat."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from awards.admin.scope import OfOwnClusters
from awards.models import Commendation, Decision
from awards.services import decisions
from awards.services.commendations import DecisionFacts
from cluster_app.lib.vietnamese import fold
from members.models import Cluster
from members.scoped_admin import ScopedFilter, ScopedInline, admin_clusters


class CommendationInline(ScopedInline):
    model = Commendation
    fields = readonly_fields = ("recipient", "unit", "form_name", "occasions", "status", "confirmed_at")
    show_change_link = True

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("membership", "award_form")

    @admin.display(description=gettext_lazy("member unit"))
    def unit(self, commendation):
        return commendation.membership.name

    @admin.display(description=gettext_lazy("title or form"))
    def form_name(self, commendation):
        return commendation.award_form.name


@admin.register(Decision)
class DecisionAdmin(OfOwnClusters):
    list_display = ("number", "decided_on", "signer", "cluster")
    list_filter = (("cluster", ScopedFilter),)
    search_fields = ("number", "signer")
    date_hierarchy = "decided_on"
    inlines = (CommendationInline,)
    fields = ("cluster", ("number", "decided_on"), "signer")

    def visible(self, request):
        return Decision.objects.filter(cluster__in=admin_clusters(request)).select_related("cluster")

    def may_change(self, request, obj=None) -> bool:
        return self.may_open(request)

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def get_readonly_fields(self, request, obj=None):
        return ("cluster",) if obj else ()

    def get_search_results(self, request, queryset, search_term):
        return queryset.filter(search_text__contains=fold(search_term)), False

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "cluster":
            kwargs["queryset"] = Cluster.objects.filter(pk__in=admin_clusters(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def act(self, request, obj, form, who):
        facts = DecisionFacts(number=obj.number, decided_on=obj.decided_on, signer=obj.signer)
        if obj.pk is None:
            return decisions.record(cluster=obj.cluster, facts=facts, **who)
        return decisions.correct(decision=obj, facts=facts, seen=form.cleaned_data["seen"], **who)
