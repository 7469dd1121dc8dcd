"""What the secretariat's lists of this app have in common: own clusters only, and no other tab's change overwritten."""

from django import forms
from django.urls import reverse
from django.utils.http import urlencode

from awards.calculations import fingerprint
from awards.forms import SeenMixin
from cluster_app.lib import clock
from cluster_app.lib.errors import Refused, Stale
from members.models import EmulationYear, Membership
from members.scoped_admin import ScopedModelAdmin, admin_clusters


class SeenForm(SeenMixin, forms.ModelForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.show(*self.seen_rows())

    def seen_rows(self) -> list:
        return [self.instance]


class UnitOfYearField(forms.ModelChoiceField):
    """The same unit is a member of many years: the year stands before its name."""

    def label_from_instance(self, membership: Membership) -> str:
        return f"{membership.year.year} · {membership.name}"


class OfOwnClusters(ScopedModelAdmin):
    """Rows of the clusters in whose secretariat the person works; each save is one act of a service."""

    form = SeenForm

    def may_open(self, request) -> bool:
        return bool(admin_clusters(request))

    def may_add(self, request) -> bool:
        return self.may_open(request)

    def get_fields(self, request, obj=None):
        shown = super().get_fields(request, obj)
        return (*shown, "seen") if obj is not None and self.has_change_permission(request, obj) else shown

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """What another tab saved first is said in the form, which keeps what was typed and may be sent once more."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Stale as stale:
            request.refusal = Refused(stale.message)
            request.POST = request.POST.copy()
            request.POST["seen"] = fingerprint(*self.rows_now(object_id))
            return super().changeform_view(request, object_id, form_url, extra_context)

    def rows_now(self, object_id) -> list:
        return [self.model._default_manager.get(pk=object_id)]

    def save_model(self, request, obj, form, change) -> None:
        saved = self.act(request, obj, form, {"by": request.user, "at": clock.now()})
        obj.pk = saved.pk

    def construct_change_message(self, request, form, formsets, add=False) -> list:
        """The audit log says what changed; the admin keeps no second log."""
        return []

    def act(self, request, obj, form, who):
        """Subclasses call their service with the row as the form left it, and return the saved row."""
        raise NotImplementedError

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.remote_field.model is Membership:
            members = Membership.objects.filter(year__in=open_years(request)).select_related("year")
            kwargs |= {"form_class": UnitOfYearField, "queryset": members}
        elif db_field.remote_field.model is EmulationYear:
            kwargs["queryset"] = open_years(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def open_years(request):
    """The years of the own clusters in which something may still be written."""
    years = EmulationYear.objects.filter(cluster__in=admin_clusters(request)).select_related("cluster")
    return years.exclude(phase="archived")


def step_link(request, url: str, label: str, css: str = "") -> dict[str, str]:
    """A step is taken on its own page, which leads back to where it was asked for."""
    return {"label": label, "url": f"{url}?{urlencode({'next': request.path})}", "css": css}


def admin_url(name: str, *args: object) -> str:
    return reverse(f"admin:awards_{name}", args=args)
