"""Looking at the criteria themselves: a draft tried on last year's values, and what each criterion distinguishes."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from cluster_app.documents.html import Toolbar
from cluster_app.documents.responses import respond
from cluster_app.lib import clock
from cluster_app.lib.errors import NotKnown
from members.addresses import year_url
from members.loading import year_view
from scoring import permissions, trial_pages
from scoring.analysis import analysis
from scoring.analysis_paper import analysis_paper
from scoring.criteria_tabs import tabs
from scoring.trial import trial, trial_set, year_before


@require_safe
@year_view
def criteria_trial(request, year):
    """For those who write the criteria: nobody else needs to know what a draft would have done to whom."""
    permissions.check_can_edit_criteria(request.user, year)
    criteria_set, last_year = trial_set(year), year_before(year)
    context = {"year": year, "criteria_set": criteria_set, "last_year": last_year}
    context["tabs"] = tabs(request.user, year, "scoring:criteria_trial")
    if criteria_set is not None and last_year is not None:
        criteria_set.year = year
        context |= trial_pages.trial_page(trial(criteria_set, last_year))
    return render(request, "scoring/trial.html", context)


@require_safe
@year_view
def criteria_analysis(request, year):
    """Open to the same people as the ranking: few units' figures say much of each of them."""
    permissions.check_can_see_ranking(request.user, year)
    found = analysis(year)
    context = {"year": year, "analysis": found, "rows": trial_pages.analysis_rows(found) if found else []}
    context["tabs"] = tabs(request.user, year, "scoring:criteria_analysis")
    return render(request, "scoring/analysis.html", context)


@require_safe
@year_view
def criteria_analysis_print(request, year):
    permissions.check_can_see_ranking(request.user, year)
    found = analysis(year)
    if found is None:
        raise NotKnown
    toolbar = Toolbar(back_url=year_url("scoring:criteria_analysis", year))
    return respond(request, analysis_paper(year, found, clock.today()), toolbar=toolbar)
