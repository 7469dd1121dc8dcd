"""Accounts and assignments for the administrator, and the steps that wait for a second person."""

from django.contrib import admin
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from members.models import Assignment, PendingStep, User
from members.scoped_admin import ScopedFilter, ScopedInline, ScopedModelAdmin, admin_clusters, is_administrator


class AssignmentInline(ScopedInline):
    model = Assignment
    fields = readonly_fields = ("role", "unit", "cluster", "office", "started_on", "ended_on")
    show_change_link = True


class _Administrators(ScopedModelAdmin):
    def may_open(self, request) -> bool:
        return is_administrator(request)

    def may_change(self, request, obj=None) -> bool:
        return is_administrator(request)


@admin.register(User)
class UserAdmin(_Administrators):
    """Passwords are not here, not even their hashes; nobody signs in as somebody else."""

    list_display = ("username", "full_name", "is_active", "must_change_password", "last_login")
    list_filter = ("is_active", "must_change_password")
    search_fields = ("username", "full_name")
    inlines = (AssignmentInline,)
    fields = ("username", "full_name", "is_active", "must_change_password", "last_login")
    readonly_fields = ("username", "is_active", "must_change_password", "last_login")

    def visible(self, request):
        return User.objects.all() if is_administrator(request) else User.objects.none()

    def step_links(self, request, obj):
        back = urlencode({"next": request.path})

        def link(name, label, css=""):
            return {"label": label, "url": f"{reverse(name, args=[obj.pk])}?{back}", "css": css}

        if not obj.is_active:
            return [link("members:account_enable", _("Open the account again"))]
        return [
            link("members:account_disable", _("Close the account")),
            link("members:account_unlock", _("Unlock the account")),
            link("members:account_reset", _("New one-time password"), "primary"),
        ]


@admin.register(Assignment)
class AssignmentAdmin(_Administrators):
    """A part that is played is never rewritten: it ends, and another one begins."""

    list_display = ("user", "role", "unit", "cluster", "started_on", "ended_on")
    list_filter = ("role", ("cluster", ScopedFilter))
    list_select_related = ("user", "unit", "cluster")
    search_fields = ("user__username", "user__full_name", "unit__code")
    autocomplete_fields = ("user", "unit")
    fields = ("user", "role", "unit", "cluster", "office", "started_on", "ended_on")

    def may_add(self, request) -> bool:
        return is_administrator(request)

    def visible(self, request):
        assignments = Assignment.objects.select_related("user", "unit", "cluster")
        return assignments if is_administrator(request) else assignments.none()

    def get_readonly_fields(self, request, obj=None):
        return ("user", "role", "unit", "cluster", "started_on", "ended_on") if obj else ("ended_on",)

    def step_links(self, request, obj):
        if obj.ended_on is not None:
            return []
        url = f"{reverse('members:assignment_end', args=[obj.pk])}?{urlencode({'next': request.path})}"
        return [{"label": _("End the assignment"), "url": url, "css": ""}]


@admin.register(PendingStep)
class PendingStepAdmin(ScopedModelAdmin):
    list_display = ("kind", "year", "proposed_by", "proposed_at", "confirmed_by", "closed_at")
    list_filter = ("kind", ("year", ScopedFilter))
    list_select_related = ("year__cluster", "proposed_by", "confirmed_by")
    fields = ("kind", "year", "reason", "proposed_by", "proposed_at", "confirmed_by", "closed_at")

    def may_open(self, request) -> bool:
        return bool(admin_clusters(request))

    def visible(self, request):
        steps = PendingStep.objects.select_related("year__cluster", "proposed_by", "confirmed_by")
        return steps.filter(year__cluster__in=admin_clusters(request))
