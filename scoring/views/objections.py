"""Objections to points: raising one, its thread, its outcome, and the list of what is not settled."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cluster_app.documents.html import Toolbar
from cluster_app.documents.responses import respond
from cluster_app.lib import clock
from cluster_app.lib.errors import NotKnown
from members.addresses import year_url
from members.loading import year_view
from members.step_pages import accepted
from scoring import objection_pages, objection_paper, permissions, queries, sheets
from scoring.objection_forms import AcceptForm, AnswerForm, KeepForm, ObjectionForm, OutcomeReasonForm
from scoring.services import objections as service
from scoring.views.loading import card_view, objection_view


@require_safe
@year_view
def objection_list(request, year):
    permissions.check_can_list_objections(request.user, year)
    context = {"year": year, "rows": objection_pages.unresolved_rows(request.user, year)}
    return render(request, "scoring/objection_list.html", context)


@require_safe
@year_view
def objection_list_print(request, year):
    permissions.check_can_list_objections(request.user, year)
    document = objection_paper.objections_paper(request.user, year, clock.today())
    toolbar = Toolbar(back_url=year_url("scoring:objection_list", year))
    return respond(request, document, toolbar=toolbar)


@require_http_methods(["GET", "HEAD", "POST"])
@card_view
def objection_raise(request, card, criterion):
    permissions.check_can_raise_objection(request.user, card)
    queries.check_step("object", card)
    sheet = sheets.load(card)
    line = next((line for line in sheet.lines if line.criterion.code == criterion), None)
    if line is None:
        raise NotKnown
    form = ObjectionForm(request.POST or None, sheet=sheet, line=line)
    if request.method == "POST" and accepted(form, lambda: _raise(request, card, line, form)):
        messages.success(request, _("The objection to %(code)s is raised.") % {"code": criterion})
        return redirect(objection_pages.line_url(card, criterion))
    context = objection_pages.head(request.user, sheet, line, clock.now())
    context |= {"form": form, "figures": objection_pages.figures_of(sheet, line)}
    return render(request, "scoring/objection_raise.html", context)


def _raise(request, card, line, form):
    return service.raise_(card=card, line_pk=line.pk, **form.cleaned_data, by=request.user, at=clock.now())


@require_safe
@objection_view
def objection_detail(request, objection):
    context = objection_pages.thread_page(request.user, objection, clock.now()) | {"form": AnswerForm()}
    return render(request, "scoring/objection_detail.html", context)


@require_POST
@objection_view
def objection_answer(request, objection):
    form = AnswerForm(request.POST)
    if accepted(form, lambda: _answer(request, objection, form)):
        messages.success(request, _("Your answer stands in the thread."))
        return redirect(objection_pages.url_of("objection_detail", objection))
    context = objection_pages.thread_page(request.user, objection, clock.now()) | {"form": form}
    return render(request, "scoring/objection_detail.html", context)


def _answer(request, objection, form):
    return service.answer(objection=objection, **form.cleaned_data, by=request.user, at=clock.now())


@require_http_methods(["GET", "HEAD", "POST"])
@objection_view
def objection_accept(request, objection):
    """Shows the points of the new value first; the second time it is accepted."""
    sheet = objection_pages.check_to_settle(request.user, objection)
    line = sheet.line(objection.line_id)
    initial = {"version": sheet.card.version, "value": objection.claimed_value}
    form = AcceptForm(request.POST or None, sheet=sheet, line=line, initial=initial)
    is_confirmed = request.method == "POST" and form.is_valid() and form.is_confirmed
    if is_confirmed and accepted(form, lambda: _settle(request, objection, form)):
        messages.success(request, _("The objection is accepted."))
        return redirect(objection_pages.url_of("objection_detail", objection))
    context = objection_pages.accept_page(request.user, objection, sheet, form, clock.now())
    return render(request, "scoring/objection_accept.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@objection_view
def objection_keep(request, objection):
    sheet = objection_pages.check_to_settle(request.user, objection)
    form = KeepForm(request.POST or None, initial={"version": sheet.card.version})
    if request.method == "POST" and accepted(form, lambda: _settle(request, objection, form)):
        messages.success(request, _("The points are kept; the objection goes to the meeting as not agreed."))
        return redirect(objection_pages.url_of("objection_detail", objection))
    context = objection_pages.ending_page(request.user, objection, sheet, clock.now()) | {"form": form}
    return render(request, "scoring/objection_keep.html", context)


def _settle(request, objection, form):
    version = form.cleaned_data["version"]
    return service.settle(objection=objection, version=version, outcome=form.outcome, by=request.user, at=clock.now())


@require_http_methods(["GET", "HEAD", "POST"])
@objection_view
def objection_withdraw(request, objection):
    card = objection.line.scorecard
    permissions.check_can_raise_objection(request.user, card)
    objection_pages.check_open(objection)
    form = OutcomeReasonForm(request.POST or None)
    if request.method == "POST" and accepted(form, lambda: _withdraw(request, objection, form)):
        messages.success(request, _("The objection is withdrawn."))
        return redirect(objection_pages.url_of("objection_detail", objection))
    context = objection_pages.ending_page(request.user, objection, sheets.load(card), clock.now()) | {"form": form}
    return render(request, "scoring/objection_withdraw.html", context)


def _withdraw(request, objection, form):
    return service.withdraw(objection=objection, **form.cleaned_data, by=request.user, at=clock.now())
