"""Pasting a block from a spreadsheet into a card: shown first, then stored as a whole, and undone once."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cluster_app.lib import clock
from cluster_app.lib.errors import Refused, Stale, WrongState
from scoring import card_pages, paste_pages, pasting, permissions, queries, sheets
from scoring.excel.sealing import unseal
from scoring.services import lines, signed_papers
from scoring.services.lines import Entry
from scoring.views.loading import card_view


@require_http_methods(["GET", "HEAD", "POST"])
@card_view
def scorecard_paste(request, card):
    """Shows old and new values of every line that the pasted block changes; its confirmation saves them."""
    permissions.check_can_fill(request.user, card)
    queries.check_step("fill", card)
    signed_papers.check_entered_from_paper(request.user, card)
    text, start = request.POST.get("text", ""), _start(request)
    sheet, context = sheets.load(card), {}
    try:
        if "sealed" in request.POST:
            return _apply(request, card)
    except (Refused, Stale) as error:
        context["problem"] = error
    try:
        if request.method == "POST":
            context |= paste_pages.preview(request.user, sheet, pasting.read(text, sheet, start=start))
    except Refused as refused:
        context["problem"] = refused
    page = paste_pages.page(request.user, sheet, clock.now(), text=text, start=start)
    return render(request, "scoring/scorecard_paste.html", page | context)


def _apply(request, card):
    shown = unseal(paste_pages.PASTE, request.POST["sealed"], by=request.user, about=card.pk)
    entries = [Entry(**entry) for entry in shown["entries"]]
    lines.fill(card=card, entries=entries, by=request.user, at=clock.now())
    paste_pages.remember(request.session, card, shown["before"])
    messages.success(request, _("The pasted values are saved."))
    return redirect(card_pages.card_url("scoring:scorecard_detail", card))


@require_POST
@card_view
def paste_undo(request, card):
    """Puts back what stood in the lines before the last paste, unless one of them was changed since."""
    permissions.check_can_fill(request.user, card)
    entries = paste_pages.undo_entries(request.session, card)
    if not entries:
        raise WrongState(_("There is no paste to undo."))
    paste_pages.forget(request.session, card)
    try:
        lines.fill(card=card, entries=entries, by=request.user, at=clock.now())
    except Stale as stale:
        raise Stale(_("A line was changed after the paste, so nothing was undone.")) from stale
    messages.success(request, _("The paste is undone: the lines are as they were before."))
    return redirect(card_pages.card_url("scoring:scorecard_detail", card))


def _start(request):
    """The line at which a plain column begins; None where none was chosen."""
    text = request.POST.get("start", "") or request.GET.get("start", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
