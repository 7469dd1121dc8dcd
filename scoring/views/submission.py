"""Handing a card in, with its signed paper where the signatory does not do it; and taking its fed lines from the
records before."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cluster_app.lib import clock
from cluster_app.lib.errors import NotKnown
from members.file_responses import attachment
from members.step_pages import accepted
from scoring import card_pages, permissions, queries, sheets
from scoring.forms import PaperForm, SubmitForm, paper_of
from scoring.services import feeding, scorecards, signed_papers
from scoring.views.loading import card_view

_READ_OR_WRITE = ["GET", "HEAD", "POST"]


@require_http_methods(_READ_OR_WRITE)
@card_view
def scorecard_submit(request, card):
    permissions.check_can_submit(request.user, card)
    queries.check_step("submit", card)
    needs_paper = signed_papers.is_missing(request.user, card)
    form = SubmitForm(*_sent(request), needs_paper=needs_paper, initial={"version": card.version})
    if request.method == "POST" and accepted(form, lambda: _submit(request, card, form)):
        messages.success(request, _("The card is submitted. It can no longer be changed unless it is returned."))
        return redirect(card_pages.card_url("scoring:scorecard_detail", card))
    context = card_pages.submit_page(request.user, sheets.load(card), clock.now())
    context |= {"form": form, "needs_paper": needs_paper, "used_paper": signed_papers.ready_for(request.user, card)}
    return render(request, "scoring/scorecard_submit.html", context)


def _submit(request, card, form):
    data = form.cleaned_data
    return scorecards.submit(card=card, version=data["version"], paper=paper_of(data), by=request.user, at=clock.now())


@require_http_methods(_READ_OR_WRITE)
@card_view
def scorecard_paper(request, card):
    """Records the signed paper from which a card is entered on behalf of its unit."""
    signed_papers.check_open(request.user, card)
    form = PaperForm(*_sent(request))
    if request.method == "POST" and accepted(form, lambda: _record(request, card, form)):
        messages.success(request, _("The signed paper is recorded. Now write what stands in it."))
        return redirect(card_pages.card_url("scoring:scorecard_detail", card))
    context = card_pages.head(request.user, card, clock.now()) | {"form": form}
    return render(request, "scoring/scorecard_paper.html", context)


def _record(request, card, form):
    return signed_papers.record(card=card, paper=paper_of(form.cleaned_data), by=request.user, at=clock.now())


@require_safe
@card_view
def paper_download(request, card, pk):
    permissions.check_can_download_evidence(request.user, card)
    paper = card.papers.select_related("scan").filter(pk=pk).first()
    if paper is None:
        raise NotKnown
    return attachment(paper.scan)


@require_POST
@card_view
def scorecard_refresh(request, card):
    feeding.refresh(card_pk=card.pk, by=request.user, at=clock.now())
    messages.success(request, _("The values are those of the records now."))
    page = (
        "scoring:scorecard_review" if "review" in queries.open_steps(request.user, card) else "scoring:scorecard_detail"
    )
    return redirect(card_pages.card_url(page, card))


def _sent(request):
    """What a form with a file is bound to; nothing before it was sent."""
    return (request.POST, request.FILES) if request.method == "POST" else ()
