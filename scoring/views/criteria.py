"""The criteria of the year to be read: the set in force, and every other version."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from members.loading import year_view
from scoring import criteria_pages, permissions, queries
from scoring.models import CriteriaSet


@require_safe
@year_view
def criteria(request, year):
    permissions.check_can_see_criteria(request.user, year)
    context = criteria_pages.read_page(request.user, year, queries.applied_set(year))
    return render(request, "scoring/criteria.html", context)


@require_safe
@year_view
def criteria_version(request, year, version):
    permissions.check_can_see_criteria(request.user, year)
    found = get_object_or_404(CriteriaSet, year=year, version=version)
    if not found.is_applied:
        permissions.check_can_edit_criteria(request.user, year)
    return render(request, "scoring/criteria.html", criteria_pages.read_page(request.user, year, found))
