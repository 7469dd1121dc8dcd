"""Reviewing a card: the sheet, agreeing with what was claimed, concluding, and sending it back."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cluster_app.lib import clock
from cluster_app.lib.errors import Refused, Stale, WrongState
from members.step_pages import accepted
from scoring import card_pages, permissions, queries, sheet_rows, sheets
from scoring.enums import Stage
from scoring.forms import ReturnForm, SeenForm, read_lines
from scoring.services import lines, scorecards
from scoring.views.lines import REVIEWING, conflict_page
from scoring.views.loading import card_view


@require_safe
@card_view
def scorecard_review(request, card):
    permissions.check_can_review(request.user, card)
    if "review" not in queries.open_steps(request.user, card):
        return redirect(card_pages.card_url("scoring:scorecard_detail", card))
    only_changed = "changed" in request.GET
    context = card_pages.review_page(request.user, sheets.load(card), clock.now(), only_changed=only_changed)
    return render(request, "scoring/scorecard_review.html", context)


@require_POST
@card_view
def scorecard_accept(request, card):
    """Stores what was typed, then agrees with the self-scored value of every line that is still untouched."""
    permissions.check_can_review(request.user, card)
    sheet = sheets.load(card)
    typed = read_lines(request.POST, sheet)
    try:
        if not typed.errors:
            _accept(request, card, typed)
    except Refused as refused:
        typed.refuse(refused)
    except (Stale, WrongState) as error:
        return conflict_page(request, card, REVIEWING, typed, error)
    if typed.errors:
        context = card_pages.review_page(request.user, sheet, clock.now(), typed)
        return render(request, "scoring/scorecard_review.html", context)
    messages.success(request, _("The lines that were not reviewed yet now have the self-scored value."))
    return redirect(card_pages.card_url("scoring:scorecard_review", card))


@transaction.atomic
def _accept(request, card, typed):
    now, code = clock.now(), request.POST.get("code", "")
    lines.review(card=card, entries=typed.entries, by=request.user, at=now)
    lines.accept_as_claimed(card=card, code=code, seen=typed.versions(), by=request.user, at=now)


@require_http_methods(["GET", "HEAD", "POST"])
@card_view
def scorecard_conclude_review(request, card):
    permissions.check_can_review(request.user, card)
    queries.check_step("review", card)
    form = SeenForm(request.POST or None, initial={"version": card.version})
    if request.method == "POST" and accepted(form, lambda: _conclude(request, card, form)):
        messages.success(request, _("The review is concluded. The card now waits for its approval."))
        return redirect(card_pages.card_url("scoring:scorecard_detail", card))
    sheet = sheets.load(card)
    context = card_pages.head(request.user, card, clock.now()) | {
        "form": form,
        "missing": sheet_rows.missing_for_review(sheet),
        "rows": sheet_rows.rows(sheet, only_changed=True),
        "totals": sheet_rows.totals_of(sheet, Stage.REVIEWED),
        "self_totals": sheet_rows.totals_of(sheet, Stage.SELF),
    }
    return render(request, "scoring/scorecard_conclude_review.html", context)


def _conclude(request, card, form):
    return scorecards.conclude_review(card=card, **form.cleaned_data, by=request.user, at=clock.now())


@require_http_methods(["GET", "HEAD", "POST"])
@card_view
def scorecard_return(request, card):
    permissions.check_can_return(request.user, card)
    queries.check_step("return", card)
    form = ReturnForm(request.POST or None, sheet=sheets.load(card), initial={"version": card.version})
    if request.method == "POST" and accepted(form, lambda: _return(request, card, form)):
        messages.success(request, _("The card is returned to %(unit)s.") % {"unit": card.membership.name})
        return redirect(card_pages.card_url("scoring:scorecard_detail", card))
    context = card_pages.head(request.user, card, clock.now()) | {"form": form}
    return render(request, "scoring/scorecard_return.html", context)


def _return(request, card, form):
    return scorecards.return_card(card=card, **form.cleaned_data, by=request.user, at=clock.now())
