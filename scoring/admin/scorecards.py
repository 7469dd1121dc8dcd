"""Score cards in the admin: the list with its bulk approval, and the card read-only with its steps."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cluster_app.lib import clock
from cluster_app.lib.errors import DomainError, NotKnown, Refused
from cluster_app.lib.points import format_points, format_signed
from members.models import EmulationYear
from members.scoped_admin import ScopedModelAdmin
from scoring import card_pages, objection_marks, permissions, relative, sheet_rows, sheets
from scoring.admin import objections, restating, scope, steps
from scoring.enums import CardStatus, ObjectionStatus, Stage
from scoring.models import Objection, Scorecard
from scoring.services import approvals
from scoring.services.approvals import Seen

SEEN_SEPARATOR = ":"
MOST_DIGITS = 15
_OPEN_OBJECTIONS = (
    Objection.objects.filter(line__scorecard=OuterRef("pk"), status=ObjectionStatus.OPEN)
    .order_by()
    .values("line__scorecard")
    .annotate(count=Count("pk"))
    .values("count")
)


class YearFilter(admin.SimpleListFilter):
    """The years whose cards this person meets."""

    title = gettext_lazy("emulation year")
    parameter_name = "year"

    def lookups(self, request, model_admin):
        years = EmulationYear.objects.filter(
            memberships__scorecard__in=scope.cards_of(request.user).values("pk")
        ).select_related("cluster")
        return [(str(year.pk), str(year)) for year in years.distinct().order_by("-year", "pk")]

    def queryset(self, request, queryset):
        wanted = self.value() or ""
        return queryset.filter(membership__year_id=int(wanted)) if _is_key(wanted) else queryset


@admin.register(Scorecard)
class ScorecardAdmin(ScopedModelAdmin):
    list_display = (
        "unit_name",
        "year_label",
        "self_points",
        "reviewed_points",
        "difference",
        "bonus_and_penalty",
        "total",
        "open_objections",
        "status_badge",
    )
    list_filter = (YearFilter, "status")
    ordering = ("-membership__year__year", "membership__protocol_order", "pk")
    list_select_related = ("membership__year__cluster", "membership__unit")
    sortable_by = ()
    actions = ("approve_selected",)
    change_form_template = "admin/scoring/scorecard/change_form.html"

    # --- who sees what ---
    def may_open(self, request) -> bool:
        if not hasattr(request, "_may_open_cards"):
            request._may_open_cards = scope.may_open(request.user)
        return request._may_open_cards

    def visible(self, request):
        return scope.cards_of(request.user)

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(open_count=Coalesce(Subquery(_OPEN_OBJECTIONS), 0))

    def get_actions(self, request):
        """Approving is the act of signatories; a secretary's list has no such button."""
        actions = super().get_actions(request)
        if scope.secretariat_clusters(request.user):
            actions.pop("approve_selected", None)
        return actions

    # --- columns ---
    @admin.display(description=gettext_lazy("member unit"), ordering="membership__protocol_order")
    def unit_name(self, card):
        title = card.membership.title
        if not title:
            return card.membership.name
        return format_html('{} <span class="role">{}</span>', card.membership.name, title)

    @admin.display(description=gettext_lazy("year"), ordering="membership__year__year")
    def year_label(self, card):
        return card.membership.year.year

    @admin.display(description=gettext_lazy("self-scored"), ordering="self_total")
    def self_points(self, card):
        return format_points(card.self_total if card.submitted_at else None)

    @admin.display(description=gettext_lazy("reviewed"), ordering="reviewed_total")
    def reviewed_points(self, card):
        return format_points(card.reviewed_total)

    @admin.display(description=gettext_lazy("difference"))
    def difference(self, card):
        if card.reviewed_total is None or card.self_total is None:
            return format_points(None)
        return format_signed(card.reviewed_total - card.self_total)

    @admin.display(description=gettext_lazy("bonus / penalty"))
    def bonus_and_penalty(self, card):
        both = (format_points(card.bonus_points), format_points(card.penalty_points))
        return "\N{NO-BREAK SPACE}/\N{NO-BREAK SPACE}".join(both)

    @admin.display(description=gettext_lazy("total"), ordering="total_points")
    def total(self, card):
        return format_points(card.total_points)

    @admin.display(description=gettext_lazy("open objections"))
    def open_objections(self, card):
        return card.open_count or ""

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def status_badge(self, card):
        return format_html('<span class="status {}">{}</span>', card.status, card.get_status_display())

    # --- bulk approval ---
    @admin.action(description=gettext_lazy("Approve the selected cards"))
    def approve_selected(self, request, queryset):
        """Restates every card with its totals first; then approves exactly those that were shown."""
        if "seen" in request.POST:
            return self._approve_seen(request)
        rows, hidden, skipped, lines = [], [], [], []
        loaded_years: dict[int, EmulationYear] = {}
        for card in queryset.order_by("membership__protocol_order", "pk"):
            member = card.membership
            member.year = loaded_years.setdefault(member.year_id, member.year)
            try:
                permissions.check_can_approve(request.user, card, clock.now())
                approvals.check_ready(card)
            except DomainError as error:
                skipped.append(f"{card.membership.name}: {error.message}")
                continue
            rows.append(restating.summary_row(card))
            hidden.append({"name": "seen", "value": _seen_text(card)})
            if text := objection_marks.still_open(card, clock.now()):
                lines.append(f"{card.membership.name}: {text}")
        hidden += [{"name": "action", "value": "approve_selected"}, {"name": "index", "value": "0"}]
        hidden += [{"name": ACTION_CHECKBOX_NAME, "value": card.pk} for card in queryset]
        context = self._bulk_context(request, rows) | {"hidden": hidden, "skipped": skipped, "lines": lines}
        return TemplateResponse(request, "admin/confirm_step.html", context)

    def _bulk_context(self, request, rows):
        count = len(rows)
        return self.admin_site.each_context(request) | {
            "title": _("Approve score cards"),
            "intro": ngettext(
                "%(count)d card will be approved as it stands here and then be frozen.",
                "%(count)d cards will be approved as they stand here and then be frozen.",
                count,
            )
            % {"count": count}
            if count
            else _("None of the selected cards can be approved by you now."),
            "columns": restating.summary_columns(),
            "rows": rows,
            "submit_label": _("Approve") if count else "",
            "cancel_url": reverse("admin:scoring_scorecard_changelist"),
            "opts": self.opts,
        }

    def _approve_seen(self, request):
        seen = [_read_seen(text) for text in request.POST.getlist("seen")]
        known = set(self.visible(request).filter(pk__in=[one.card_pk for one in seen]).values_list("pk", flat=True))
        if gone := [one for one in seen if one.card_pk not in known]:
            text = ngettext(
                "%(count)d card is no longer among those you approve; nothing was done with it.",
                "%(count)d cards are no longer among those you approve; nothing was done with them.",
                len(gone),
            )
            self.message_user(request, text % {"count": len(gone)}, messages.WARNING)
        still_known = [one for one in seen if one.card_pk in known]
        outcomes = approvals.approve_all(seen=still_known, by=request.user, at=clock.now())
        approved = [outcome for outcome in outcomes if not outcome.problem]
        for outcome in outcomes:
            if outcome.problem:
                self.message_user(request, f"{outcome.card.membership.name}: {outcome.problem}", messages.WARNING)
        if approved:
            text = ngettext(
                "%(count)d card is approved: %(units)s.", "%(count)d cards are approved: %(units)s.", len(approved)
            )
            units = ", ".join(outcome.card.membership.short_name for outcome in approved)
            self.message_user(request, text % {"count": len(approved), "units": units}, messages.SUCCESS)
        return HttpResponseRedirect(request.get_full_path())

    def changelist_view(self, request, extra_context=None):
        context = {"title": _("Score cards"), "subtitle": _home_unit_note(request.user)}
        return super().changelist_view(request, context | (extra_context or {}))

    # --- the card and its steps ---
    def get_urls(self):
        own = [
            path(f"<int:pk>/{step.slug}/", self.admin_site.admin_view(self._step_view(step)), name=step.url_name)
            for step in steps.STEPS
        ]
        own += [
            path(
                f"<int:pk>/objections/<int:objection>/{step.slug}/",
                self.admin_site.admin_view(self._step_view(step)),
                name=step.url_name,
            )
            for step in objections.STEPS
        ]
        return own + super().get_urls()

    def _step_view(self, step):
        def view(request, pk, objection=None):
            card = self.card_or_not_known(request, pk)
            return step.view(self, request, card, *(() if objection is None else (objection,)))

        return view

    def card_or_not_known(self, request, pk) -> Scorecard:
        card = self.visible(request).filter(pk=pk).first()
        if card is None:
            raise NotKnown
        return card

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if not _is_key(object_id):
            raise NotKnown
        card = self.card_or_not_known(request, int(object_id))
        sheet = sheets.load(card)
        if any(sheet.is_compared(line) for line in sheet.lines):
            sheet.peers = relative.peers_by_stage(card.membership.year)
        context = {
            "title": str(card.membership),
            "subtitle": card.membership.year,
            "rows": sheet_rows.rows(sheet, stage=Stage.FINAL),
            "step_links": steps.links(request.user, card),
            "refusals": steps.refusals(request.user, card),
            "facts": restating.facts(card),
            "objections": objections.open_ones(request.user, card),
            "versions_url": card_pages.card_url("scoring:scorecard_versions", card),
            "totals_caption": _("Totals of the card"),
            "columns": restating.summary_columns(),
            "summary": [restating.summary_row(card)],
        }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def overview(self, request):
        """ "Chấm điểm năm N" on the admin's front page: counts per status, then ranking and print."""
        if not self.may_open(request):
            return None
        newest = self.visible(request).order_by("-membership__year__year").first()
        if newest is None:
            return None
        year = newest.membership.year
        counts = dict(
            self.visible(request)
            .filter(membership__year=year)
            .order_by()
            .values_list("status")
            .annotate(count=Count("pk", distinct=True))
        )
        base = reverse("admin:scoring_scorecard_changelist")
        place = {"cluster": year.cluster.slug, "year": year.year}
        return {
            "title": _("Scoring of the year %(year)s") % {"year": year.year},
            "items": [
                {
                    "label": status.label,
                    "count": counts.get(status, 0),
                    "url": f"{base}?year={year.pk}&status__exact={status}",
                }
                for status in CardStatus
                if counts.get(status) or scope.secretariat_clusters(request.user)
            ],
            "links": [
                {"label": _("Ranking"), "url": reverse("scoring:ranking", kwargs=place)},
                {"label": _("Publication"), "url": reverse("admin:scoring_publication_year", args=[year.pk])},
                {"label": _("Annual summary"), "url": reverse("scoring:summary", kwargs=place)},
            ],
        }


def _is_key(text: str) -> bool:
    """Whether the text can be a primary key: a database refuses numbers beyond its range with an error."""
    return text.isascii() and text.isdigit() and len(text) < MOST_DIGITS


def _home_unit_note(user) -> str:
    """Why the secretariat meets one card less than there are units."""
    home = [str(held.unit) for held in user.assignments_held() if held.unit_id and held.cluster_id]
    if not home:
        return ""
    return _("Without the card of %(unit)s, your own unit: others review it.") % {"unit": ", ".join(home)}


def _seen_text(card: Scorecard) -> str:
    return SEEN_SEPARATOR.join((str(card.pk), str(card.version), approvals.digest_of(sheets.load(card))))


def _read_seen(text: str) -> Seen:
    pk, _first, rest = text.partition(SEEN_SEPARATOR)
    version, _second, digest = rest.partition(SEEN_SEPARATOR)
    if not (_is_key(pk) and _is_key(version) and digest):
        raise Refused(_("The form is not complete. Go back to the list and select the cards again."))
    return Seen(int(pk), int(version), digest)
