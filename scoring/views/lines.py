"""Saving the lines of a sheet: one by one as they are typed, or all with one button; self-scored or reviewed."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cluster_app.lib import clock
from cluster_app.lib.errors import NotKnown, Refused, Stale, WrongState
from scoring import card_pages, permissions, queries, sheet_rows, sheets
from scoring.enums import Stage
from scoring.forms import read_lines
from scoring.services import lines
from scoring.views.loading import card_view


@dataclass(frozen=True)
class Writing:
    """One of the two stages that people write: who may, which service stores it, on which page."""

    stage: str
    check: Callable
    store: Callable
    page: str
    line_page: str
    template: str
    context: Callable


FILLING = Writing(
    Stage.SELF,
    permissions.check_can_fill,
    lines.fill,
    "scoring:scorecard_detail",
    "scoring:line_save",
    "scoring/scorecard_fill.html",
    card_pages.fill_page,
)
REVIEWING = Writing(
    Stage.REVIEWED,
    permissions.check_can_review,
    lines.review,
    "scoring:scorecard_review",
    "scoring:review_line_save",
    "scoring/scorecard_review.html",
    card_pages.review_page,
)


@require_POST
@card_view
def scorecard_save(request, card):
    return _save_all(request, card, FILLING)


@require_POST
@card_view
def review_save(request, card):
    return _save_all(request, card, REVIEWING)


@require_POST
@card_view
def line_save(request, card):
    return _save_line(request, card, FILLING)


@require_POST
@card_view
def review_line_save(request, card):
    return _save_line(request, card, REVIEWING)


def _save_all(request, card, writing):
    """Stores every line or none. What could not be stored stands in the page again, as it was typed."""
    writing.check(request.user, card)
    sheet = sheets.load(card)
    typed = read_lines(request.POST, sheet)
    try:
        if not typed.errors:
            _store(request, card, writing, typed.entries)
    except Refused as refused:
        typed.refuse(refused)
    except (Stale, WrongState) as error:
        return conflict_page(request, card, writing, typed, error)
    if typed.errors:
        return render(request, writing.template, writing.context(request.user, sheet, clock.now(), typed))
    messages.success(request, _("Saved."))
    return redirect(card_pages.card_url(writing.page, card))


def _save_line(request, card, writing):
    """Stores the one line that the page sent, and answers with what changes around it. It is read beside the sheet that
    the service loads, so that the sheet is loaded once."""
    writing.check(request.user, card)
    try:
        sheet = _store(request, card, writing, lambda locked: _entries(request.POST, locked))
        typed = read_lines(request.POST, sheet)
    except Refused as refused:
        sheet = sheets.load(card)
        typed = read_lines(request.POST, sheet)
        typed.refuse(refused)
    except (Stale, WrongState) as error:
        return _line_conflict(request, card, writing, error)
    context = card_pages.saved_line(sheet, next(iter(typed.values)), writing.stage, typed)
    # The page of one criterion over all units has no totals of a card to follow.
    return render(request, "scoring/_line_saved.html", context | {"is_alone": "alone" in request.GET})


def _entries(data, sheet):
    """What was typed, if all of it can be read. Raises NotKnown for lines of another card."""
    typed = read_lines(data, sheet)
    if not typed.values:
        raise NotKnown
    if typed.errors:
        raise Refused(errors={str(pk): [sentence] for pk, sentence in typed.errors.items()})
    return typed.entries


def _store(request, card, writing, entries):
    return writing.store(card=card, entries=entries, by=request.user, at=clock.now())


def conflict_page(request, card, writing, typed, error):
    """Mine beside theirs. Nothing was stored; sending this page stores mine on top of what is shown as theirs."""
    card = queries.card_of(card.membership.year, card.membership.unit.code)
    sheet = sheets.load(card)
    context = card_pages.head(request.user, card, clock.now()) | {
        "error": error,
        "conflicts": sheet_rows.conflicts(sheet, typed, writing.stage),
        "can_repeat": isinstance(error, Stale),
        "in_review": writing.stage == Stage.REVIEWED,
        "save_url": request.path,
        "page_url": card_pages.card_url(writing.page, card),
    }
    return render(request, "scoring/scorecard_conflict.html", context, status=error.status_code)


def _line_conflict(request, card, writing, error):
    sheet = sheets.load(queries.card_of(card.membership.year, card.membership.unit.code))
    typed = read_lines(request.POST, sheet)
    conflict = next(iter(sheet_rows.conflicts(sheet, typed, writing.stage)), None)
    context = {
        "error": error,
        "conflict": conflict,
        "can_repeat": isinstance(error, Stale),
        "line_url": request.path,
        "page_url": card_pages.card_url(writing.page, card),
    }
    return render(request, "scoring/_line_conflict.html", context, status=error.status_code)
