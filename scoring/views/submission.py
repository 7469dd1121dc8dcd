"""Handing a card in, and taking its fed lines from the records before."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cluster_app.lib import clock
from members.step_pages import accepted
from scoring import card_pages, permissions, queries, sheet_rows, sheets
from scoring.enums import Stage
from scoring.forms import SubmitForm
from scoring.services import feeding, scorecards
from scoring.views.loading import card_view


@require_http_methods(["GET", "HEAD", "POST"])
@card_view
def scorecard_submit(request, card):
    permissions.check_can_submit(request.user, card)
    queries.check_step("submit", card)
    needs_paper = permissions.needs_paper(request.user, card)
    form = SubmitForm(request.POST or None, needs_paper=needs_paper, initial={"version": card.version})
    if request.method == "POST" and accepted(form, lambda: _submit(request, card, form)):
        messages.success(request, _("The card is submitted. It can no longer be changed unless it is returned."))
        return redirect(card_pages.card_url("scoring:scorecard_detail", card))
    sheet = sheets.load(card)
    context = card_pages.head(request.user, card, clock.now()) | {
        "form": form,
        "needs_paper": needs_paper,
        "missing": sheet_rows.missing_for_submission(sheet),
        "totals": sheet_rows.totals_of(sheet, Stage.SELF),
    }
    return render(request, "scoring/scorecard_submit.html", context)


@require_POST
@card_view
def scorecard_refresh(request, card):
    feeding.refresh(card_pk=card.pk, by=request.user, at=clock.now())
    messages.success(request, _("The values are those of the records now."))
    page = (
        "scoring:scorecard_review" if "review" in queries.open_steps(request.user, card) else "scoring:scorecard_detail"
    )
    return redirect(card_pages.card_url(page, card))


def _submit(request, card, form):
    return scorecards.submit(card=card, **form.cleaned_data, by=request.user, at=clock.now())
