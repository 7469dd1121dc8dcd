"""The admin site and the base of every ModelAdmin: what a person sees and may do follows from the relations table."""

from functools import update_wrapper

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_app.audit.models import AuditEvent
from cluster_app.audit.rows import key_of
from cluster_app.lib import clock
from cluster_app.lib.errors import NotAllowed, Refused
from cluster_app.lib.form_fields import VietnameseDecimalField
from members import permissions
from members.models import EmulationYear
from members.services import records


class ClusterAdminSite(admin.AdminSite):
    site_header = gettext_lazy("Emulation cluster: administration")
    site_title = gettext_lazy("Administration")
    index_title = gettext_lazy("Administration")
    enable_nav_sidebar = False

    def has_permission(self, request):
        """Admits everybody who has something to do here; each ModelAdmin says what."""
        user = request.user
        if not user.is_authenticated or not user.is_active:
            return False
        return any(model_admin.may_open(request) for model_admin in self._registry.values())

    def admin_view(self, view, cacheable=False):
        """A person who is signed in, but has nothing to do here, is told so instead of being asked to sign in."""
        inner = super().admin_view(view, cacheable)

        def guarded(request, *args, **kwargs):
            if request.user.is_authenticated and not self.has_permission(request):
                raise NotAllowed(_("Your part in the cluster has nothing to do in the administration."))
            return inner(request, *args, **kwargs)

        return update_wrapper(guarded, inner)

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """One way in: the sign-in page of the site, and from there back to the page that was asked for."""
        wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
        if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
            wanted = reverse("admin:index")
        if request.user.is_authenticated:
            return HttpResponseRedirect(wanted)
        return redirect_to_login(wanted, reverse("members:login"))

    def logout(self, request, extra_context=None):
        return redirect("members:start")

    def password_change(self, request, extra_context=None):
        return redirect("members:password_change")

    def password_change_done(self, request, extra_context=None):
        return redirect("members:password_change_done")

    def index(self, request, extra_context=None):
        """The first block is the one that a higher floor offers through `ScopedModelAdmin.overview`."""
        overviews = (model_admin.overview(request) for model_admin in self._registry.values())
        first = next((overview for overview in overviews if overview), None)
        return super().index(request, {"admin_overview": first, **(extra_context or {})})


class ScopedChoices(BaseModelAdmin):
    """Foreign keys offer only the rows that the admin of the other model shows to this person, without pop-ups;
    decimals are written as everywhere else."""

    formfield_overrides = {models.DecimalField: {"form_class": VietnameseDecimalField}}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        related = self.admin_site._registry.get(db_field.remote_field.model)
        if related is not None and "queryset" not in kwargs:
            kwargs["queryset"] = related.choosable(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ScopedFilter(admin.RelatedFieldListFilter):
    """A filter by related rows that offers those only which this person may know."""

    def field_choices(self, field, request, model_admin):
        related = model_admin.admin_site._registry[field.remote_field.model]
        return [(row.pk, str(row)) for row in related.choosable(request)]


class ScopedInline(ScopedChoices, admin.TabularInline):
    """Rows under their parent, to read. A subclass that says so may change them; the parent's admin saves them."""

    extra = 0

    def may_change(self, request, parent=None) -> bool:
        return False

    def has_view_permission(self, request, obj=None) -> bool:
        return True

    def has_change_permission(self, request, obj=None) -> bool:
        return self.may_change(request, obj)

    def has_add_permission(self, request, obj=None) -> bool:
        return self.may_change(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


class ScopedModelAdmin(ScopedChoices, admin.ModelAdmin):
    """Nothing is open unless the subclass says so.

    `visible(request)` gives the queryset this person may know; `may_change(request, obj)` and `may_add(request)` say
    what may be edited in the plain way. Nobody deletes. Saving goes through one service that writes the audit event;
    what a service refuses is said in the form, with what was typed.
    """

    show_full_result_count = False
    list_per_page = 50

    def visible(self, request):
        """Subclasses return the queryset this person may see, `.none()` for nothing."""
        raise NotImplementedError

    def choosable(self, request):
        """The rows that this person may choose where another row refers to this model."""
        return self.visible(request)

    def may_open(self, request) -> bool:
        """Whether the model appears for this person at all."""
        return False

    def may_change(self, request, obj=None) -> bool:
        return False

    def may_add(self, request) -> bool:
        return False

    def overview(self, request) -> dict[str, object] | None:
        """The block on the front page: `title`, `items` of `label`, `count`, `url`, and `links` of `label`, `url`."""
        return None

    def step_links(self, request, obj) -> list[dict[str, str]]:
        """The buttons at the top of the change page: `label`, `url`, `css` ("primary" or "")."""
        return []

    def get_queryset(self, request):
        return self.visible(request)

    def has_module_permission(self, request) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None) -> bool:
        if not self.may_open(request):
            return False
        return obj is None or self.visible(request).filter(pk=obj.pk).exists()

    def has_change_permission(self, request, obj=None) -> bool:
        return self.may_change(request, obj)

    def has_add_permission(self, request) -> bool:
        return self.may_add(request)

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        extra_context = dict(extra_context or {})
        obj = self.get_object(request, object_id)
        if obj is not None and "step_links" not in extra_context:
            extra_context["step_links"] = self.step_links(request, obj)
        return super().change_view(request, object_id, form_url, extra_context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """A refusal rolls the whole page back and shows the form again, with the sentence and what was typed."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            request.refusal = refusal
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return _refusing(form, refusal) if refusal is not None else form

    def save_model(self, request, obj, form, change) -> None:
        self.save_row(request, obj, form.changed_data)

    def save_formset(self, request, form, formset, change) -> None:
        formset.save(commit=False)
        for row, changed in formset.changed_objects:
            self.save_row(request, row, changed)
        for row in formset.new_objects:
            self.save_row(request, row, [field.name for field in row._meta.concrete_fields])
        formset.save_m2m()

    def save_row(self, request, row, changed) -> None:
        """Saves a row of the page, parent or inline, by the plain service; subclasses name another one."""
        records.save(instance=row, changed=changed, by=request.user, at=clock.now(), year=self.year_of(row))

    def year_of(self, obj) -> EmulationYear | None:
        """The year the row belongs to; None for catalogues."""
        return obj if isinstance(obj, EmulationYear) else getattr(obj, "year", None)

    def history_view(self, request, object_id, extra_context=None):
        """What happened to the row, out of the audit log; the admin keeps no second one."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        obj = self.get_object(request, object_id)
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        events = AuditEvent.objects.filter(object_key=key_of(obj)).order_by("-sequence")[:200]
        context = self.admin_site.each_context(request) | {
            "title": _("History: %(row)s") % {"row": obj},
            "opts": self.opts,
            "rows": [
                {"at": f"{timezone.localtime(event.at):%d/%m/%Y %H:%M}", "actor": event.actor, "verb": event.verb}
                for event in events
            ],
            "columns": [
                {"key": "at", "label": _("Time")},
                {"key": "actor", "label": _("Person")},
                {"key": "verb", "label": _("Act")},
            ],
        }
        return TemplateResponse(request, "admin/row_history.html", context)

    def log_addition(self, request, obj, message):
        """The audit log holds it already."""

    def log_change(self, request, obj, message):
        """The audit log holds it already."""


def _refusing(form, refusal: Refused):
    class RefusingForm(form):
        def _post_clean(self) -> None:
            super()._post_clean()
            refusal.add_to(self)

    return RefusingForm


def admin_clusters(request) -> set[int]:
    """The clusters whose rows this person administers as secretariat, worked out once a request."""
    if not hasattr(request, "_admin_clusters"):
        request._admin_clusters = permissions.secretariat_of(request.user)
    return request._admin_clusters


def is_administrator(request) -> bool:
    return permissions.is_administrator(request.user)
