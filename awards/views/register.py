"""The register of commendations: the list, the tally, one row."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from awards import presentation, queries, tally_tables
from awards.filters import register_filter
from awards.permissions import (
    can_confirm,
    can_confirm_any,
    can_edit_commendation,
    can_revoke,
    can_see_history,
    can_see_tally,
    check_can_see_register,
    entry_units,
)
from awards.views.register_rows import known_row, register_tabs, register_url
from awards.workflow import COMMENDATION
from cluster_app.audit.models import AuditEvent
from cluster_app.audit.rows import key_of
from members.loading import year_view

ROWS_ON_A_PAGE = 50


@require_safe
@year_view
def commendation_list(request, year):
    check_can_see_register(request.user, year)
    register = register_filter(request.GET, queries.visible_commendations(request.user, year), request.user, year)
    rows = register.qs.select_related("decision", "award_form", "membership")
    page = Paginator(rows.order_by("-decision__decided_on", "decision__number", "pk"), ROWS_ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    may_confirm = can_confirm_any(request.user, year)
    context = {
        "year": year,
        "filter_form": register.form,
        "is_filtered": any(request.GET.get(name) for name in register.filters),
        "page": page,
        "rows": [_list_row(request.user, row, year) for row in page],
        "may_confirm": may_confirm,
        "list_url": register_url(year, "list"),
        "confirm_url": register_url(year, "confirm"),
        "all_query": _all_query(request),
        "entry_url": register_url(year, "record") if entry_units(request.user, year) else "",
        "tabs": register_tabs(year, "list"),
    }
    return render(request, "awards/commendation_list.html", context)


@require_safe
@year_view
def commendation_tally(request, year):
    check_can_see_register(request.user, year)
    sees_all = can_see_tally(request.user, year)
    counts = queries.tally(year, None if sees_all else queries.visible_units(request.user, year))
    context = {"year": year, "tally": tally_tables.tally_page(counts), "sees_all": sees_all}
    context |= {"list_url": register_url(year, "list")}
    return render(request, "awards/commendation_tally.html", context | {"tabs": register_tabs(year, "tally")})


@require_safe
@year_view
def commendation_detail(request, year, pk):
    commendation = known_row(request, year, pk)
    user = request.user
    events = AuditEvent.objects.filter(object_key=key_of(commendation)).order_by("-sequence")
    context = {
        "year": year,
        "commendation": commendation,
        "state": presentation.commendation_badge(commendation, year),
        "facts": presentation.commendation_facts(
            commendation, queries.base_salary_on(commendation.decision.decided_on)
        ),
        "history": presentation.history_rows(events) if can_see_history(user, commendation) else [],
        "links": _links(user, commendation),
        "list_url": register_url(year, "list"),
    }
    return render(request, "awards/commendation_detail.html", context)


def _list_row(user, commendation, year):
    waits = COMMENDATION.can("confirm", commendation.status) and commendation.confirmed_at is None
    row = presentation.register_row(commendation, year)
    return row | {"can_confirm": waits and can_confirm(user, year, commendation.membership)}


def _links(user, commendation):
    """The buttons of the page: what may be done with the row now, the way forward last."""
    year, pk = commendation.membership.year, commendation.pk
    if not COMMENDATION.can("edit", commendation.status):
        return []
    links = []
    if can_revoke(user, commendation):
        links.append({"url": register_url(year, "revoke", pk=pk), "label": _("Revoke"), "css": "outline-danger"})
    if can_edit_commendation(user, commendation):
        links.append({"url": register_url(year, "edit", pk=pk), "label": _("Correct"), "css": "outline-secondary"})
    if commendation.confirmed_at is None and can_confirm(user, year, commendation.membership):
        links.append({"url": f"{register_url(year, 'confirm')}?row={pk}", "label": _("Confirm"), "css": "primary"})
    return links


def _all_query(request):
    query = request.GET.copy()
    query.pop("page", None)
    query["all"] = "1"
    return query.urlencode()
