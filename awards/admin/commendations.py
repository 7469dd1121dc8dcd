"""The register of commendations, for the secretariat: entering, correcting, confirming in bulk, revoking."""

from dataclasses import fields
from itertools import groupby

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from awards.admin.scope import OfOwnClusters, admin_url, step_link
from awards.calculations import fingerprint
from awards.filters import STATES
from awards.models import AwardForm, Commendation
from awards.permissions import can_confirm, can_edit_commendation, can_revoke
from awards.presentation import commendation_badge, decision_text
from awards.services import commendations
from awards.services.commendations import CommendationFacts
from awards.workflow import COMMENDATION
from cluster_app.lib import clock
from cluster_app.lib.vietnamese import fold
from cluster_app.lib.wording import date_short, whole_number
from members.addresses import year_url
from members.scoped_admin import ScopedFilter, admin_clusters


class StateFilter(admin.SimpleListFilter):
    """The same three states by which the page of the register is filtered."""

    title = gettext_lazy("status")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [(state, label) for state, (label, _condition) in STATES.items()]

    def queryset(self, request, queryset):
        return queryset.filter(STATES[self.value()][1]) if self.value() in STATES else queryset


class DatedFormField(forms.ModelChoiceField):
    """The law changed: the same form stands in the catalogue once for each time it was in force."""

    def label_from_instance(self, award_form: AwardForm) -> str:
        until = date_short(award_form.valid_to) if award_form.valid_to else "…"
        return f"{award_form.name} ({date_short(award_form.valid_from)} – {until})"


@admin.register(Commendation)
class CommendationAdmin(OfOwnClusters):
    list_display = ("recipient", "unit", "form_name", "decided", "occasions", "state")
    list_filter = (
        ("membership__year", ScopedFilter),
        "award_form__level",
        "recipient_kind",
        StateFilter,
    )
    search_fields = ("recipient",)
    autocomplete_fields = ("decision", "campaign")
    actions = ("confirm_selected",)
    fields = (
        "decision",
        ("membership", "award_form"),
        ("recipient_kind", "recipient", "position"),
        ("occasions", "type", "campaign"),
        ("is_direct_worker", "note"),
        "state",
    )
    readonly_fields = ("state",)

    def visible(self, request):
        rows = Commendation.objects.filter(membership__year__cluster__in=admin_clusters(request))
        return rows.select_related("membership__year__cluster", "membership__year__rules", "award_form", "decision")

    def may_change(self, request, obj=None) -> bool:
        if obj is None:
            return self.may_open(request)
        return COMMENDATION.can("edit", obj.status) and can_edit_commendation(request.user, obj)

    def get_search_results(self, request, queryset, search_term):
        """Finds "Đức" by "duc"."""
        return queryset.filter(search_text__contains=fold(search_term)), False

    @admin.display(description=gettext_lazy("member unit"), ordering="membership__protocol_order")
    def unit(self, commendation):
        return f"{commendation.membership.short_name} · {commendation.membership.year.year}"

    @admin.display(description=gettext_lazy("title or form"), ordering="award_form__name")
    def form_name(self, commendation):
        return commendation.award_form.name

    @admin.display(description=gettext_lazy("decision"), ordering="decision__decided_on")
    def decided(self, commendation):
        return decision_text(commendation)

    @admin.display(description=gettext_lazy("status"))
    def state(self, commendation):
        return commendation_badge(commendation, commendation.membership.year)["label"] if commendation.pk else "–"

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "award_form":
            kwargs["form_class"] = DatedFormField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def act(self, request, obj, form, who):
        facts = CommendationFacts(**{field.name: getattr(obj, field.name) for field in fields(CommendationFacts)})
        if obj.pk is None:
            return commendations.record(year=obj.membership.year, decision=obj.decision, row=facts, **who)
        seen = form.cleaned_data["seen"]
        return commendations.edit(commendation=obj, decision=obj.decision, row=facts, seen=seen, **who)

    def step_links(self, request, obj):
        if not COMMENDATION.can("revoke", obj.status) or not can_revoke(request.user, obj):
            return []
        url = year_url("awards:commendation_revoke", obj.membership.year, pk=obj.pk)
        return [step_link(request, url, _("Revoke"))]

    @admin.action(description=gettext_lazy("Confirm after comparing with the decisions"))
    def confirm_selected(self, request, queryset):
        """First restates every row; then confirms exactly the rows that were shown, as they were shown."""
        rows = list(queryset.filter(confirmed_at__isnull=True, status="awarded").order_by("membership__year", "pk"))
        mine = [row for row in rows if can_confirm(request.user, row.membership.year, row.membership)]
        if not mine:
            self.message_user(request, _("There is nothing to confirm in this choice."), messages.WARNING)
            return None
        if "shown" in request.POST:
            self._confirm(request, mine)
            return HttpResponseRedirect(admin_url("commendation_changelist"))
        return TemplateResponse(request, "admin/confirm_step.html", self._confirmation(request, rows, mine))

    def _confirm(self, request, rows) -> None:
        shown = dict(pair.partition(":")[::2] for pair in request.POST.getlist("shown"))
        wanted = [row for row in rows if str(row.pk) in shown]
        for _year, of_year in groupby(wanted, key=lambda row: row.membership.year):
            chosen = list(of_year)
            commendations.confirm(
                year=chosen[0].membership.year,
                commendations=chosen,
                seen={row.pk: shown[str(row.pk)] for row in chosen},
                by=request.user,
                at=clock.now(),
            )
        text = ngettext("%(count)d row is confirmed.", "%(count)d rows are confirmed.", len(wanted))
        self.message_user(request, text % {"count": len(wanted)}, messages.SUCCESS)

    def _confirmation(self, request, rows, mine) -> dict[str, object]:
        left_out = sorted({row.membership.name for row in rows if row not in mine})
        reason = _("%(unit)s: rows of your own unit are confirmed by another member of the secretariat.")
        hidden = [{"name": "action", "value": "confirm_selected"}]
        for row in mine:
            hidden.append({"name": "_selected_action", "value": row.pk})
            hidden.append({"name": "shown", "value": f"{row.pk}:{fingerprint(row)}"})
        return self.admin_site.each_context(request) | {
            "title": _("Confirm commendations"),
            "intro": _("Compare each row with its signed decision before you confirm."),
            "columns": _columns(),
            "rows": [_row(row) for row in mine],
            "skipped": [reason % {"unit": name} for name in left_out],
            "hidden": hidden,
            "submit_label": _("Confirm"),
            "cancel_url": admin_url("commendation_changelist"),
            "opts": self.opts,
        }


def _columns() -> list[dict[str, str]]:
    return [
        {"key": "recipient", "label": _("Recipient")},
        {"key": "unit", "label": _("Member unit")},
        {"key": "form", "label": _("Title or form")},
        {"key": "decision", "label": _("Decision")},
        {"key": "occasions", "label": _("Occasions"), "css": "num"},
    ]


def _row(commendation: Commendation) -> dict[str, object]:
    return {
        "recipient": commendation.recipient,
        "unit": commendation.membership.short_name,
        "form": commendation.award_form.name,
        "decision": decision_text(commendation),
        "occasions": whole_number(commendation.occasions),
    }
