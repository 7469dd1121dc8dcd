"""Estimates for the whole year: which are left, and the official figure in the place of one."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cluster_app.lib import clock
from members.step_pages import accepted
from scoring import card_pages, sheet_rows, sheets
from scoring.enums import Stage
from scoring.forms import OfficialFigureForm, paper_of
from scoring.services import estimates, signed_papers
from scoring.views.loading import card_view


@require_safe
@card_view
def estimate_list(request, card):
    estimates.check_open(card, request.user)
    context = card_pages.estimates_page(request.user, sheets.load(card), clock.now())
    return render(request, "scoring/estimate_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@card_view
def estimate_replace(request, card, pk):
    estimates.check_open(card, request.user)
    sheet = sheets.load(card)
    line = estimates.estimate_of(sheet, pk)
    needs_paper = signed_papers.is_missing(request.user, card)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = OfficialFigureForm(*sent, needs_paper=needs_paper, initial={"version": line.version})
    if request.method == "POST" and accepted(form, lambda: _replace(request, card, pk, form)):
        text = _("The official figure of line %(code)s is recorded. The card waits for its review again.")
        messages.success(request, text % {"code": line.criterion.code})
        return redirect(card_pages.card_url("scoring:scorecard_detail", card))
    context = card_pages.head(request.user, card, clock.now()) | {
        "form": form,
        "row": sheet_rows.line_row(sheet, line, stage=Stage.SELF),
        "needs": card_pages.what_replacing_needs(request.user, card),
    }
    return render(request, "scoring/estimate_replace.html", context)


def _replace(request, card, pk, form):
    data = form.cleaned_data
    figure = {name: data[name] for name in ("value", "note", "version")}
    return estimates.replace(card=card, line_pk=pk, **figure, paper=paper_of(data), by=request.user, at=clock.now())
