"""One criterion, all units beside each other; reviewers write into the rows whose review is open to them."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cluster_app.lib import clock
from members.addresses import year_url
from members.loading import year_view
from scoring import criterion_grid, permissions


@require_safe
@year_view
def criterion_review(request, year, code):
    criterion_grid.check_can_see(request.user, year)
    place = criterion_grid.place_of(year, code)
    return _page(request, year, place, criterion_grid.sheets_of(request.user, year, place))


@require_POST
@year_view
def criterion_review_save(request, year, code):
    """Stores every row by itself. What could not be stored stands in the page again, as it was typed."""
    criterion_grid.check_can_see(request.user, year)
    place = criterion_grid.place_of(year, code)
    sheets = criterion_grid.sheets_of(request.user, year, place)
    outcome = criterion_grid.store(sheets=sheets, data=request.POST, by=request.user, at=clock.now())
    if outcome.saved_count:
        text = ngettext("%(count)d row is saved.", "%(count)d rows are saved.", outcome.saved_count)
        messages.success(request, text % {"count": outcome.saved_count})
    if outcome.is_complete:
        return redirect(year_url("scoring:criterion_review", year, code=code))
    sheets = criterion_grid.sheets_of(request.user, year, place)
    return _page(request, year, place, sheets, outcome)


def _page(request, year, place, sheets, outcome=None):
    rows = criterion_grid.rows_of(request.user, sheets, outcome)
    context = {
        "year": year,
        "place": place,
        "criterion": place.criterion,
        "rows": rows,
        "can_write": any(row.is_open for row in rows),
        "error_count": len(outcome.typed) if outcome else 0,
        "can_see_ranking": permissions.can_see_ranking(request.user, year),
    }
    status = 409 if outcome and outcome.stale else 200
    return render(request, "scoring/criterion_review.html", context, status=status)
