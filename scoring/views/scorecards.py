"""The cards of a year, one card, and its print."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from cluster_app.documents.html import Toolbar
from cluster_app.documents.responses import respond
from cluster_app.lib import clock
from members.loading import year_view
from members.permissions import can_edit_year
from scoring import card_pages, papers, paste_pages, permissions, queries, reminders, sheets
from scoring.services import signed_papers
from scoring.views.loading import card_view


@require_safe
@year_view
def scorecard_list(request, year):
    permissions.check_can_list(request.user, year)
    rows = queries.card_list(request.user, year, clock.now())
    context = {
        "year": year,
        "rows": rows,
        "late_text": reminders.copied_text(year, rows) if can_edit_year(request.user, year) else "",
        "own_code": queries.own_card_code(request.user, year),
        "can_see_matrix": permissions.can_see_ranking(request.user, year),
        "can_list_objections": permissions.can_list_objections(request.user, year),
        "can_see_reviewers": permissions.can_see_reviewers(request.user, year),
    }
    return render(request, "scoring/scorecard_list.html", context)


@require_safe
@card_view
def scorecard_detail(request, card):
    sheet, now = sheets.load(card), clock.now()
    if "fill" in queries.open_steps(request.user, card) and signed_papers.may_enter(request.user, card):
        context = card_pages.fill_page(request.user, sheet, now)
        context["undo_url"] = paste_pages.undo_url(request.session, sheet)
        return render(request, "scoring/scorecard_fill.html", context)
    context = card_pages.read_page(request.user, sheet, now, only_changed="changed" in request.GET)
    return render(request, "scoring/scorecard_read.html", context)


@require_safe
@card_view
def scorecard_print(request, card):
    sees_review = queries.sees_review(request.user, card)
    document = papers.scorecard_paper(
        sheets.load(card),
        queries.approval_of(card),
        sees_review=sees_review,
        sees_evidence=permissions.can_download_evidence(request.user, card),
        made_on=clock.today(),
    )
    toolbar = Toolbar(back_url=card_pages.card_url("scoring:scorecard_detail", card))
    return respond(request, document, toolbar=toolbar)
