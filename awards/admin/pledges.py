"""The pledge of the year with its items, for the secretariat."""

from django.contrib import admin
from django.utils.translation import gettext as _

from awards.admin.scope import OfOwnClusters, SeenForm, step_link
from awards.forms import item_initial
from awards.models import Pledge, PledgeItem
from awards.permissions import can_record_paper, can_write_pledge
from awards.queries import unsigned
from awards.services import pledges
from awards.services.pledges import ItemFacts, PledgeFacts
from awards.workflow import PLEDGE
from cluster_app.lib import clock
from cluster_app.lib.form_fields import VietnameseDecimalField
from members.addresses import year_url
from members.scoped_admin import ScopedFilter, ScopedInline, admin_clusters


class PledgeSeenForm(SeenForm):
    def seen_rows(self) -> list:
        return pledges.rows_of(self.instance)


class ItemInline(ScopedInline):
    """The items; from the first signature on they are there to read (domain.md rule 14)."""

    model = PledgeItem
    fields = ("order", "group", "text", "direction", "target_value", "unit_of_measure")
    ordering = ("order", "pk")
    extra = 3

    def may_change(self, request, parent=None) -> bool:
        return parent is None or (can_write_pledge(request.user, parent.year) and not parent.signatures.exists())

    def has_delete_permission(self, request, obj=None) -> bool:
        return self.may_change(request, obj)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "target_value":
            return db_field.formfield(form_class=VietnameseDecimalField)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Pledge)
class PledgeAdmin(OfOwnClusters):
    form = PledgeSeenForm
    list_display = ("year", "number", "signed_on", "status")
    list_filter = (("year", ScopedFilter), "status")
    search_fields = ("number",)
    inlines = (ItemInline,)
    fields = ("year", ("number", "signed_on", "place"), "preamble", "status")

    def visible(self, request):
        return Pledge.objects.filter(year__cluster__in=admin_clusters(request)).select_related("year__cluster")

    def may_change(self, request, obj=None) -> bool:
        return self.may_open(request) if obj is None else can_write_pledge(request.user, obj.year)

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return ("status",)
        return ("year", "status", "preamble") if obj.signatures.exists() else ("year", "status")

    def rows_now(self, object_id) -> list:
        return pledges.rows_of(Pledge.objects.get(pk=object_id))

    def save_model(self, request, obj, form, change) -> None:
        """Saved together with its items, by one act."""

    def save_related(self, request, form, formsets, change) -> None:
        pledge, who = form.instance, {"by": request.user, "at": clock.now()}
        facts = PledgeFacts(
            number=pledge.number,
            signed_on=pledge.signed_on,
            place=pledge.place,
            preamble=pledge.preamble,
            items=_items(pledge, formsets),
        )
        if pledge.pk is None:
            pledge.pk = pledges.create(year=pledge.year, facts=facts, **who).pk
        else:
            pledges.edit(pledge=pledge, facts=facts, seen=form.cleaned_data["seen"], **who)

    def step_links(self, request, obj):
        links = [{"label": _("Print"), "url": year_url("awards:pledge_print", obj.year), "css": ""}]
        if PLEDGE.can("open", obj.status) and can_write_pledge(request.user, obj.year):
            links.append(
                step_link(
                    request, year_url("awards:pledge_open", obj.year), _("Open the pledge for signing"), "primary"
                )
            )
        if PLEDGE.can("sign", obj.status) and can_record_paper(request.user, obj.year) and unsigned(obj.year):
            url = year_url("awards:pledge_paper", obj.year)
            links.append(step_link(request, url, _("Record signatures on paper"), "primary"))
        return links


def _items(pledge: Pledge, formsets) -> list[ItemFacts]:
    """The items as the page left them: those of the forms, or where it showed none the ones on record."""
    if not formsets:
        return [ItemFacts(**item_initial(item)) for item in pledge.items.all()]
    kept = [
        inline.instance
        for formset in formsets
        for inline in formset.forms
        if (inline.instance.pk or inline.has_changed()) and not inline.cleaned_data.get("DELETE")
    ]
    return [ItemFacts(**item_initial(item)) for item in kept]
