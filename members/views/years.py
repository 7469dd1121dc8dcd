"""Set-up of a year: its overview, what it is called, its rules, and the step into the next phase."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cluster_app.lib import clock
from cluster_app.lib.errors import WrongState
from members import year_pages
from members.addresses import year_url
from members.enums import Phase
from members.forms import MoveForm, ProposalForm, RulesForm, YearForm
from members.loading import year_view
from members.permissions import (
    can_edit_year,
    can_see_setup,
    check_can_advance_year,
    check_can_conclude_year,
    check_can_edit_year,
    check_can_see_setup,
)
from members.services import years
from members.step_pages import accepted, setup_page
from members.workflow import BY_TWO_PERSONS, NEXT_STEP, YEAR


@require_safe
@year_view
def year_setup(request, year):
    check_can_see_setup(request.user, year)
    edits = can_edit_year(request.user, year) and not year.is_archived
    return render(request, "members/year_setup.html", year_pages.context(year, request.user, edits=edits))


@require_http_methods(["GET", "POST"])
@year_view
def year_edit(request, year):
    check_can_edit_year(request.user, year)
    form = YearForm(request.POST or None, instance=year)
    if request.method == "POST" and accepted(
        form, lambda: years.edit(year=form.instance, changed=form.changed_data, by=request.user, at=clock.now())
    ):
        messages.success(request, _("The year's details are saved."))
        return redirect(year_url("members:year_setup", year))
    return setup_page(request, year, "setup_form", form=form, title=_("Details of the year"))


@require_http_methods(["GET", "POST"])
@year_view
def rules_edit(request, year):
    check_can_edit_year(request.user, year)
    form = RulesForm(request.POST or None, instance=year.rules)
    if request.method == "POST" and accepted(
        form,
        lambda: years.edit_rules(rules=form.instance, changed=form.changed_columns, by=request.user, at=clock.now()),
    ):
        messages.success(request, _("The rules of the year are saved."))
        return redirect(year_url("members:year_setup", year))
    return setup_page(request, year, "setup_form", form=form, title=_("Rules of the year"))


@require_http_methods(["GET", "POST"])
@year_view
def year_move(request, year):
    """Shows what the next phase needs, and leads into it; the second of two persons confirms here."""
    step = _next_step(request, year)
    form = MoveForm(request.POST or None, initial={"to": step.target})
    if request.method == "POST" and accepted(form, lambda: _move(request, year, form)):
        phase = Phase(form.cleaned_data["to"]).label
        messages.success(request, _("The year is now in the phase “%(phase)s”.") % {"phase": phase})
        return redirect(year_url("members:year_setup" if can_see_setup(request.user, year) else "scoring:home", year))
    context = year_pages.step_context(year, step, year_pages.proposal(year, step), request.user)
    return setup_page(request, year, "year_move", form=form, **context)


@require_http_methods(["GET", "POST"])
@year_view
def year_propose(request, year):
    """The first of two persons proposes the next step."""
    step = _step_by_two_persons(request, year)
    form = ProposalForm(request.POST or None, needs_reason=step.needs_reason)
    if request.method == "POST" and accepted(form, lambda: _propose(request, year, step, form)):
        messages.success(request, _("Proposed. Another person who may confirm it takes the step."))
        return redirect(year_url("members:year_move", year))
    context = year_pages.step_context(year, step, year_pages.proposal(year, step), request.user)
    return setup_page(request, year, "year_propose", form=form, **context)


@require_POST
@year_view
def year_withdraw(request, year):
    proposal = year_pages.proposal(year, _step_by_two_persons(request, year))
    if proposal is None:
        raise WrongState(_("Nothing is proposed here any more."))
    years.withdraw_proposal(year=year, step=proposal, by=request.user, at=clock.now())
    messages.success(request, _("The proposal is withdrawn."))
    return redirect(year_url("members:year_move", year))


def _next_step(request, year):
    """The step that leads on from the year's phase, if this person may take or propose it."""
    step = YEAR.transitions[NEXT_STEP[Phase(year.phase)]]
    if step.name in BY_TWO_PERSONS:
        check_can_conclude_year(request.user, year)
    else:
        check_can_advance_year(request.user, year)
    return step


def _step_by_two_persons(request, year):
    check_can_conclude_year(request.user, year)
    step = YEAR.transitions[NEXT_STEP[Phase(year.phase)]]
    if step.name not in BY_TWO_PERSONS:
        raise WrongState(_("The next step of the year needs no second person."))
    return step


def _move(request, year, form):
    return years.move(year=year, to=Phase(form.cleaned_data["to"]), by=request.user, at=clock.now())


def _propose(request, year, step, form):
    return years.propose(
        year=year, to=Phase(step.target), reason=form.cleaned_data["reason"], by=request.user, at=clock.now()
    )
