"""Targets of the units: the grid, one cell in detail, and every change that was made."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from cluster_app.lib import clock
from cluster_app.lib.errors import Refused, Stale, WrongState
from members.addresses import year_url
from members.loading import year_view
from members.step_pages import accepted
from scoring import permissions, target_grid, target_history
from scoring.criteria_tabs import tabs
from scoring.services import targets as service
from scoring.services.target_checks import open_items
from scoring.target_forms import TargetForm, read_grid

EVENTS_ON_A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@year_view
def targets(request, year):
    """Everybody of the cluster reads what is asked of all units, as they do the criteria and the pledge."""
    permissions.check_can_see_criteria(request.user, year)
    if request.method == "POST":
        permissions.check_can_write_targets(request.user, year)
    found = target_grid.grid(request.user, year)
    if request.method == "POST" and found is not None:
        return _save(request, year, found)
    return render(request, "scoring/targets.html", _grid_page(request, year, found))


def _save(request, year, found):
    """Stores every cell or none. What could not be stored stands in the page again, as it was typed."""
    read, conflict = read_grid(request.POST, found), None
    try:
        if not read.errors:
            count = service.save_all(year=year, changes=read.changes, by=request.user, at=clock.now())
            text = ngettext("%(count)d target was changed.", "%(count)d targets were changed.", count)
            messages.success(request, text % {"count": count} if count else _("Nothing was changed."))
            return redirect(request.get_full_path())
    except Refused as refused:
        read.refuse(refused)
    except Stale as stale:
        conflict = stale
    found = target_grid.grid(request.user, year)
    context = _grid_page(request, year, found, read.typed(found)) | {"conflict": conflict}
    return render(request, "scoring/targets.html", context, status=409 if conflict else 200)


def _grid_page(request, year, found, typed=None):
    context = {"year": year, "grid": found, "can_write": permissions.can_write_targets(request.user, year)}
    context["tabs"] = tabs(request.user, year, "scoring:targets")
    if found is None:
        return context
    everything, unit = "all" in request.GET, request.GET.get("unit", "")
    columns = [column for column in found.columns if column.membership.unit.code == unit] or found.columns
    rows = target_grid.rows(found, columns=columns, everything=everything, typed=typed)
    return context | {
        "columns": columns,
        "units": [column.membership for column in found.columns],
        "chosen": unit,
        "everything": everything,
        "rows": rows,
        "missing_count": found.missing_count(),
        "error_count": len(typed.errors) if typed else 0,
        "has_inputs": any(cell.is_open for row in rows for cell in row.cells),
        "closed": target_grid.closed(columns) if context["can_write"] else {},
    }


@require_http_methods(["GET", "HEAD", "POST"])
@year_view
def target_edit(request, year, unit, criterion):
    """What is asked of one unit by one criterion, with every way to ask it."""
    permissions.check_can_write_targets(request.user, year)
    asked = target_grid.asked_of(request.user, year, unit, criterion)
    permissions.check_can_write_target(request.user, asked.column.membership)
    if not asked.column.may_settle:
        raise WrongState(_("The card of this unit is reviewed, so nothing of what is asked changes any more."))
    items = open_items().filter(pledge__year=year)
    form = TargetForm(request.POST if request.method == "POST" else None, asked=asked, items=items)
    if request.method == "POST" and accepted(form, lambda: _settle(request, form)):
        messages.success(request, _("Saved."))
        return redirect(year_url("scoring:targets", year))
    context = {"year": year, "asked": asked, "form": form, "entries": target_history.of_cell(year, unit, criterion)}
    return render(request, "scoring/target_edit.html", context)


def _settle(request, form):
    asked, at = form.asked, clock.now()
    if form.is_as_all:
        service.clear(membership=asked.column.membership, criterion=asked.criterion, by=request.user, at=at)
    else:
        service.save(target=form.target(), by=request.user, at=at)


@require_safe
@year_view
def targets_history(request, year):
    permissions.check_can_see_criteria(request.user, year)
    page = Paginator(target_history.events_of(year), EVENTS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"year": year, "page": page, "entries": target_history.entries(year, page.object_list)}
    return render(request, "scoring/targets_history.html", context)
