"""The ranking of the year, its print, the matrix of units and criteria."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cluster_app.documents.html import Toolbar, render_page
from cluster_app.lib.errors import NotKnown
from members.addresses import year_url
from members.loading import year_view
from scoring import papers, permissions, queries, tables
from scoring import ranking as order
from scoring.sheets import tree_of


@require_safe
@year_view
def ranking(request, year):
    permissions.check_can_see_ranking(request.user, year)
    results = tables.results_table(order.ranking(year))
    context = {"year": year, "results": results, "status": tables.results_status(year, results)}
    return render(request, "scoring/ranking.html", context)


@require_safe
@year_view
def ranking_print(request, year):
    permissions.check_can_see_ranking(request.user, year)
    document = papers.score_table_paper(year)
    toolbar = Toolbar(back_url=year_url("scoring:ranking", year))
    return HttpResponse(render_page(document, toolbar=toolbar, request=request))


@require_safe
@year_view
def matrix(request, year):
    permissions.check_can_see_ranking(request.user, year)
    context = {"year": year, "matrix": tables.matrix(request.user, year), "legend": tables.legend()}
    return render(request, "scoring/matrix.html", context)


@require_safe
@year_view
def criterion_review(request, year, code):
    """One criterion, all units beside each other."""
    permissions.check_can_see_ranking(request.user, year)
    criteria_set = queries.applied_set(year)
    leaves = tree_of(criteria_set.pk).leaves() if criteria_set else []
    codes = [leaf.code for leaf in leaves]
    if code not in codes:
        raise NotKnown
    place = codes.index(code)
    context = {
        "year": year,
        "criterion": leaves[place],
        "previous_code": codes[place - 1] if place else "",
        "next_code": codes[place + 1] if place + 1 < len(codes) else "",
        "rows": tables.compared(request.user, year, leaves[place]),
    }
    return render(request, "scoring/criterion_review.html", context)
