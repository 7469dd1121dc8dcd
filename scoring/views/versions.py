"""The kept versions of a card, two of them line by line, on the screen and on paper."""

from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from cluster_app.documents.html import Toolbar
from cluster_app.documents.responses import respond
from cluster_app.lib import clock
from scoring import card_pages, differences, versions, versions_paper
from scoring.views.loading import card_view


@require_safe
@card_view
def scorecard_versions(request, card):
    found = versions.compare(request.user, card, request.GET)
    context = card_pages.head(request.user, card, clock.now()) | {
        "versions": found.versions,
        "version_columns": versions.columns(),
        "version_rows": versions.rows(found.versions),
        "before": found.before,
        "after": found.after,
        "only_changed": found.only_changed,
        "columns": differences.columns(found.before.name, found.after.name),
        "rows": differences.page_rows(found.changes, found.sheet.tree),
        "query": request.GET.urlencode(),
    }
    return render(request, "scoring/scorecard_versions.html", context)


@require_safe
@card_view
def scorecard_versions_print(request, card):
    with translation.override("vi"):
        document = versions_paper.paper(versions.compare(request.user, card, request.GET), clock.today())
    back_url = f"{card_pages.card_url('scoring:scorecard_versions', card)}?{request.GET.urlencode()}"
    return respond(request, document, toolbar=Toolbar(back_url=back_url))
