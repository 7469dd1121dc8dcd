"""The ranking of the year, its print, the matrix of units and criteria."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cluster_app.documents.html import Toolbar
from cluster_app.documents.responses import respond
from cluster_app.lib import clock
from members.addresses import year_url
from members.loading import year_view
from scoring import papers, permissions, tables
from scoring import ranking as order


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
    document = papers.score_table_paper(year, timezone.localdate(clock.now()))
    toolbar = Toolbar(back_url=year_url("scoring:ranking", year))
    return respond(request, document, toolbar=toolbar)


@require_safe
@year_view
def matrix(request, year):
    permissions.check_can_see_ranking(request.user, year)
    context = {"year": year, "matrix": tables.matrix(request.user, year), "legend": tables.legend()}
    return render(request, "scoring/matrix.html", context)
