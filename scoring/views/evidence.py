"""The evidence of a card: to read, to download, and, on the unit's side, to add, replace and hide."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cluster_app.lib import clock
from cluster_app.lib.errors import NotKnown
from members.file_responses import attachment
from members.step_pages import accepted
from scoring import card_pages, evidence_pages, permissions, sheets
from scoring.enums import EvidenceKind
from scoring.evidence_forms import EvidenceForm, HideForm
from scoring.services import evidence
from scoring.views.loading import card_view

_READ_OR_WRITE = ["GET", "HEAD", "POST"]


@require_safe
@card_view
def evidence_list(request, card):
    permissions.check_can_download_evidence(request.user, card)
    code = request.GET.get("line", "")
    context = evidence_pages.list_page(request.user, sheets.load(card), clock.now(), code=code)
    return render(request, "scoring/evidence_list.html", context)


@require_safe
@card_view
def evidence_download(request, card, pk):
    permissions.check_can_download_evidence(request.user, card)
    piece = _piece(card, pk, kind=EvidenceKind.FILE)
    return attachment(piece.file)


@require_http_methods(_READ_OR_WRITE)
@card_view
def evidence_add(request, card):
    evidence.check_open(request.user, card)
    lines, at = evidence_pages.open_lines(sheets.load(card)), clock.now()
    form = EvidenceForm(*_sent(request), card=card, at=at, lines=lines, initial={"line": request.GET.get("line")})
    if request.method == "POST" and accepted(form, lambda: _add(request, card, lines, form)):
        messages.success(request, _("The evidence is added."))
        return redirect(evidence_pages.list_url(card, form.cleaned_data["line"]))
    context = card_pages.head(request.user, card, at) | {"form": form, "back_url": evidence_pages.list_url(card)}
    return render(request, "scoring/evidence_add.html", context)


def _add(request, card, lines, form):
    line_pk = next(line.pk for line in lines if line.criterion.code == form.cleaned_data["line"])
    return evidence.add(card=card, line_pk=line_pk, shown=form.shown(), by=request.user, at=clock.now())


@require_http_methods(_READ_OR_WRITE)
@card_view
def evidence_replace(request, card, pk):
    evidence.check_open(request.user, card)
    piece, at = _piece(card, pk), clock.now()
    initial = {"kind": piece.kind, "title": piece.title}
    form = EvidenceForm(*_sent(request), card=card, at=at, lines=None, initial=initial)
    if request.method == "POST" and accepted(form, lambda: _replace(request, card, pk, form)):
        messages.success(request, _("The newer evidence stands in its place; the older one can still be read."))
        return redirect(evidence_pages.list_url(card, _code_of(piece)))
    context = card_pages.head(request.user, card, at) | {
        "form": form,
        "piece": piece,
        "back_url": evidence_pages.list_url(card, _code_of(piece)),
    }
    return render(request, "scoring/evidence_replace.html", context)


def _replace(request, card, pk, form):
    return evidence.replace(card=card, pk=pk, shown=form.shown(), by=request.user, at=clock.now())


@require_http_methods(_READ_OR_WRITE)
@card_view
def evidence_hide(request, card, pk):
    evidence.check_open(request.user, card)
    piece = _piece(card, pk)
    form = HideForm(request.POST or None)
    if request.method == "POST" and accepted(form, lambda: _hide(request, card, pk, form)):
        messages.success(request, _("The evidence is hidden; it can still be read with the reason."))
        return redirect(evidence_pages.list_url(card, _code_of(piece)))
    context = card_pages.head(request.user, card, clock.now()) | {
        "form": form,
        "piece": piece,
        "back_url": evidence_pages.list_url(card, _code_of(piece)),
    }
    return render(request, "scoring/evidence_hide.html", context)


def _hide(request, card, pk, form):
    return evidence.hide(card=card, pk=pk, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())


def _piece(card, pk, **wanted):
    """Raises NotKnown for evidence of another card."""
    found = card.evidence.select_related("file", "line__criterion").filter(pk=pk, **wanted).first()
    if found is None:
        raise NotKnown
    return found


def _code_of(piece):
    return piece.line.criterion.code if piece.line else ""


def _sent(request):
    """What a form with a file is bound to; nothing before it was sent."""
    return (request.POST, request.FILES) if request.method == "POST" else ()
