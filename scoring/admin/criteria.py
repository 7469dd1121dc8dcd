"""The criteria set in the admin: edited as a draft, applied by a button, read-only from then on."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_app.lib import clock
from cluster_app.lib.errors import NotKnown, Refused
from cluster_app.lib.points import format_points, format_value
from members.addresses import year_url
from members.models import EmulationYear, Membership
from members.scoped_admin import ScopedInline, ScopedModelAdmin, admin_clusters
from scoring import criteria_pages
from scoring.enums import CriterionKind
from scoring.models import CriteriaSet, Criterion, CriterionLevel, SourceRule, Target
from scoring.services import criteria, criteria_sets, targets
from scoring.services.target_checks import open_items


class CriterionInline(ScopedInline):
    """The rows of a draft set; the texts and levels of each stand on its own page."""

    model = Criterion
    fields = ("order", "code", "parent", "title", "section", "kind", "max_points", "points_per_item", "default_target")
    show_change_link = True
    ordering = ("order", "pk")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "parent":
            set_pk = request.resolver_match.kwargs.get("object_id", "")
            groups = Criterion.objects.filter(kind=CriterionKind.GROUP)
            kwargs["queryset"] = groups.filter(criteria_set_id=set_pk) if set_pk.isdigit() else groups.none()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def may_change(self, request, parent=None) -> bool:
        return parent is not None and not parent.is_applied

    def has_delete_permission(self, request, obj=None) -> bool:
        return self.may_change(request, obj)


class _OfOwnClusters(ScopedModelAdmin):
    """Open to the secretariat, for the rows of its clusters."""

    def may_open(self, request) -> bool:
        return bool(admin_clusters(request))

    def may_add(self, request) -> bool:
        return self.may_open(request)


@admin.register(CriteriaSet)
class CriteriaSetAdmin(_OfOwnClusters):
    list_display = ("title", "year", "version", "total", "status")
    list_filter = ("status",)
    list_select_related = ("year__cluster",)
    fields = ("year", "version", "title", "declared_total", "allows_shared_records")
    inlines = (CriterionInline,)

    def visible(self, request):
        return CriteriaSet.objects.filter(year__cluster__in=admin_clusters(request)).select_related("year__cluster")

    def may_change(self, request, obj=None) -> bool:
        return self.may_open(request) and (obj is None or not obj.is_applied)

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "year":
            kwargs["queryset"] = EmulationYear.objects.filter(cluster__in=admin_clusters(request)).select_related(
                "cluster"
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("declared total"), ordering="declared_total")
    def total(self, criteria_set):
        return format_points(criteria_set.declared_total)

    def save_model(self, request, obj, form, change) -> None:
        criteria.save_set(criteria_set=obj, by=request.user, at=clock.now())

    def save_formset(self, request, form, formset, change) -> None:
        formset.save(commit=False)
        for criterion in formset.deleted_objects:
            criteria.delete_criterion(criterion=criterion, by=request.user, at=clock.now())
        for criterion, _changed in formset.changed_objects:
            criteria.save_criterion(criterion=criterion, by=request.user, at=clock.now())
        for criterion in formset.new_objects:
            criteria.save_criterion(criterion=criterion, by=request.user, at=clock.now())

    def get_urls(self):
        apply = path("<int:pk>/apply/", self.admin_site.admin_view(self.apply_view), name="scoring_criteriaset_apply")
        return [apply, *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        criteria_set = self.visible(request).filter(pk=object_id).first() if object_id.isdigit() else None
        links = []
        if criteria_set is not None and not criteria_set.is_applied:
            url = reverse("admin:scoring_criteriaset_apply", args=[criteria_set.pk])
            edit_url = year_url("scoring:criteria_edit", criteria_set.year)
            links = [
                {"label": _("Edit the tree"), "url": edit_url, "css": ""},
                {"label": _("Apply"), "url": url, "css": "primary"},
            ]
        return super().change_view(request, object_id, form_url, {"step_links": links} | (extra_context or {}))

    def apply_view(self, request, pk):
        """Shows what does not add up yet, or what applying means and what it changes; POST applies."""
        criteria_set = self.visible(request).filter(pk=pk).first()
        if criteria_set is None:
            raise NotKnown
        page = {} if criteria_set.is_applied else criteria_pages.apply_page(criteria_set)
        missing = page.get("missing", [])
        if request.method == "POST":
            try:
                criteria_sets.apply(criteria_set=criteria_set, by=request.user, at=clock.now())
            except Refused as refused:
                missing = refused.missing
            else:
                messages.success(request, _("The criteria set is applied."))
                return HttpResponseRedirect(reverse("admin:scoring_criteriaset_change", args=[pk]))
        context = self.admin_site.each_context(request) | {
            "title": _("Apply the criteria set %(title)s") % {"title": criteria_set.title},
            "intro": _("An applied set can no longer be changed; the score cards of the year follow it."),
            "skipped": missing or [page["locked"]] if "locked" in page else missing,
            "lines": [page["replaces"], page["diff"]] if "replaces" in page else [],
            "columns": criteria_pages.DIFF_COLUMNS,
            "rows": criteria_pages.flat_rows(page.get("rows", [])),
            "submit_label": _("Apply") if page.get("submit_label") else "",
            "cancel_url": reverse("admin:scoring_criteriaset_change", args=[pk]),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/confirm_step.html", context)


class _OfDraft(ScopedInline):
    """Rows of a criterion; open as long as its set is a draft."""

    def may_change(self, request, parent=None) -> bool:
        return parent is not None and not parent.criteria_set.is_applied

    def has_delete_permission(self, request, obj=None) -> bool:
        return self.may_change(request, obj)


class LevelInline(_OfDraft):
    model = CriterionLevel
    fields = ("position", "label", "from_value", "to_value", "points")


class SourceRuleInline(_OfDraft):
    model = SourceRule
    fields = ("level", "award_form", "recipient_kind", "campaign_kind", "amount")


@admin.register(Criterion)
class CriterionAdmin(_OfOwnClusters):
    """One node with its texts, its table and the rules of its source; reached from its set."""

    list_display = ("code", "title", "section", "kind", "maximum", "criteria_set")
    list_filter = ("section", "kind")
    list_select_related = ("criteria_set__year__cluster",)
    search_fields = ("code", "title")
    fields = (
        ("code", "order", "parent"),
        "title",
        ("section", "kind", "max_points"),
        ("unit_of_measure", "default_target", "direction", "points_per_item"),
        ("min_points", "step", "full_at_excess"),
        ("source", "overclaim_percent"),
        "how_computed",
        "evidence_required",
    )
    inlines = (LevelInline, SourceRuleInline)

    def visible(self, request):
        return Criterion.objects.filter(criteria_set__year__cluster__in=admin_clusters(request)).select_related(
            "criteria_set__year__cluster", "parent"
        )

    def may_add(self, request) -> bool:
        return False

    def may_change(self, request, obj=None) -> bool:
        return self.may_open(request) and (obj is None or not obj.criteria_set.is_applied)

    @admin.display(description=gettext_lazy("maximum points"), ordering="max_points")
    def maximum(self, criterion):
        return format_points(criterion.max_points)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "parent":
            pk = request.resolver_match.kwargs.get("object_id", "")
            own = Criterion.objects.filter(pk=pk).values("criteria_set") if pk.isdigit() else Criterion.objects.none()
            kwargs["queryset"] = Criterion.objects.filter(kind=CriterionKind.GROUP, criteria_set__in=own)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change) -> None:
        criteria.save_criterion(criterion=obj, by=request.user, at=clock.now())

    def save_formset(self, request, form, formset, change) -> None:
        formset.save(commit=False)
        if not (formset.changed_objects or formset.new_objects or formset.deleted_objects):
            return
        kept = [row.instance for row in formset.forms if row.has_changed() or row.instance.pk]
        gone = {row.pk for row in formset.deleted_objects}
        rows = [row for row in kept if row.pk is None or row.pk not in gone]
        if formset.model is SourceRule:
            criteria.save_source_rules(criterion=form.instance, rules=rows, by=request.user, at=clock.now())
        else:
            criteria.save_levels(criterion=form.instance, levels=rows, by=request.user, at=clock.now())


class TargetForm(forms.ModelForm):
    class Meta:
        model = Target
        fields = (
            "membership",
            "criterion",
            "value",
            "pledge_item",
            "source",
            "is_assigned",
            "not_assigned_reason",
        )


@admin.register(Target)
class TargetAdmin(_OfOwnClusters):
    form = TargetForm
    list_display = ("membership", "criterion", "amount", "is_assigned", "source")
    list_filter = ("is_assigned",)
    list_select_related = ("membership__year__cluster", "criterion", "pledge_item")
    search_fields = ("criterion__code", "membership__name")

    def visible(self, request):
        return Target.objects.filter(membership__year__cluster__in=admin_clusters(request)).select_related(
            "membership__year__cluster", "membership__year__rules", "criterion"
        )

    def may_change(self, request, obj=None) -> bool:
        return self.may_open(request)

    @admin.display(description=gettext_lazy("target"), ordering="value")
    def amount(self, target):
        item = target.pledge_item
        return format_value(item.target_value if item is not None else target.value)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "membership":
            kwargs["queryset"] = Membership.objects.filter(year__cluster__in=admin_clusters(request)).select_related(
                "year__cluster", "year__rules"
            )
        elif db_field.name == "criterion":
            own = Criterion.objects.filter(criteria_set__year__cluster__in=admin_clusters(request))
            kwargs["queryset"] = own.exclude(kind=CriterionKind.GROUP)
        elif db_field.name == "pledge_item":
            kwargs["queryset"] = open_items().filter(pledge__year__cluster__in=admin_clusters(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change) -> None:
        targets.save(target=obj, by=request.user, at=clock.now())
