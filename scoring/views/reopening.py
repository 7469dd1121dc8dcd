"""Reopening an approved card: one person proposes with a reason, another one confirms."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cluster_app.lib import clock
from cluster_app.lib.errors import WrongState
from members.enums import PendingKind
from members.services import pending
from members.step_pages import accepted
from scoring import card_pages, permissions, queries
from scoring.forms import ReasonForm
from scoring.services import approvals
from scoring.views.loading import card_view


@require_http_methods(["GET", "HEAD", "POST"])
@card_view
def scorecard_reopen(request, card):
    """Shows the approval that would be revoked; proposes, or shows the proposal that waits for its second person."""
    permissions.check_can_reopen(request.user, card)
    queries.check_step("reopen", card)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and accepted(form, lambda: _propose(request, card, form)):
        messages.success(request, _("The reopening is proposed. A second person now confirms it."))
        return redirect(card_pages.card_url("scoring:scorecard_detail", card))
    step = pending.open_step(PendingKind.REOPEN_CARD, card)
    context = card_pages.head(request.user, card, clock.now()) | {
        "form": form,
        "step": step,
        "is_own_proposal": step is not None and step.proposed_by_id == request.user.pk,
        "approval": queries.approval_of(card),
        "is_published": card.membership.year.is_published,
    }
    return render(request, "scoring/scorecard_reopen.html", context)


def _propose(request, card, form):
    return approvals.propose_reopening(card=card, **form.cleaned_data, by=request.user, at=clock.now())


@require_POST
@card_view
def scorecard_reopen_confirm(request, card):
    permissions.check_can_reopen(request.user, card)
    approvals.confirm_reopening(card=card, step=_open_step(card), by=request.user, at=clock.now())
    messages.success(request, _("The card is open again: it is reviewed and waits for its approval."))
    return redirect(card_pages.card_url("scoring:scorecard_detail", card))


@require_POST
@card_view
def scorecard_reopen_withdraw(request, card):
    permissions.check_can_reopen(request.user, card)
    approvals.withdraw_reopening(card=card, step=_open_step(card), by=request.user, at=clock.now())
    messages.success(request, _("The proposal is withdrawn; the card stays approved."))
    return redirect(card_pages.card_url("scoring:scorecard_detail", card))


def _open_step(card):
    step = pending.open_step(PendingKind.REOPEN_CARD, card)
    if step is None:
        raise WrongState(_("Nobody has proposed to reopen this card, or it is done already."))
    return step
