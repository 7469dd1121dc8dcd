"""The titles that units registered for the year, beside what they were awarded."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from awards import record_tables, records
from awards.models import TitleRegistration
from awards.permissions import (
    can_lower_registration,
    can_register_titles,
    can_see_tally,
    check_can_open_registration,
    check_can_register_titles,
    check_can_see_register,
    check_can_see_registration,
    check_can_withdraw_registration,
    registering_units,
    units_open_for,
)
from awards.record_forms import RegistrationForm
from awards.services import registrations
from awards.views.register_rows import register_tabs, register_url
from awards.views.steps import back_to, form_page, posted, saved, step_page
from cluster_app.lib import clock
from members.addresses import year_url
from members.loading import year_view
from members.step_pages import accepted


@require_safe
@year_view
def registration_list(request, year):
    check_can_see_register(request.user, year)
    members = units_open_for("registration.see", request.user, year)
    found = records.registered_against_awarded(year)
    tables = record_tables.registration_tables(
        year,
        found,
        members,
        may_write=lambda member: can_register_titles(request.user, year, member),
        may_withdraw=lambda member: can_lower_registration(request.user, year, member),
    )
    context = {
        "year": year,
        "units": tables,
        "total": record_tables.registration_total(found, members),
        "sees_all": can_see_tally(request.user, year),
        "create_url": _url(year, "create") if registering_units(request.user, year) else "",
        "list_url": register_url(year, "list"),
        "tabs": register_tabs(year, "registrations"),
    }
    return render(request, "awards/registration_list.html", context)


@require_http_methods(["GET", "POST"])
@year_view
def registration_create(request, year):
    check_can_open_registration(request.user, year)
    form = RegistrationForm(posted(request), user=request.user, year=year)
    if request.method == "POST" and accepted(form, lambda: _save(request, year, form)):
        messages.success(request, _("The title is registered."))
        return redirect(_url(year))
    return form_page(request, year, form, title=_("Register a title"), submit_label=_("Save"), **_back(year))


@require_http_methods(["GET", "POST"])
@year_view
def registration_edit(request, year, pk):
    registration = _known(request, year, pk)
    check_can_register_titles(request.user, year, registration.membership)
    form, outcome = RegistrationForm(posted(request), user=request.user, year=year, registration=registration), False
    if request.method == "POST":
        outcome = saved(form, lambda: _save(request, year, form, registration), lambda: [_known(request, year, pk)])
    if outcome:
        messages.success(request, _("The registration is saved."))
        return redirect(_url(year))
    context = {"title": _("Correct the registration"), "submit_label": _("Save"), **_back(year)}
    return form_page(request, year, form, outcome, **context)


@require_http_methods(["GET", "POST"])
@year_view
def registration_remove(request, year, pk):
    registration = _known(request, year, pk)
    check_can_withdraw_registration(request.user, year, registration.membership)
    if request.method == "POST":
        registrations.remove(registration=registration, by=request.user, at=clock.now())
        messages.success(request, _("The registration is withdrawn."))
        return redirect(back_to(request, _url(year)))
    line = _("%(unit)s: %(count)s × %(title)s")
    values = {"unit": registration.membership.name, "count": registration.count, "title": registration.award_form.name}
    lines = [line % values, _("It is compared with the commendations no more; the audit log keeps it.")]
    context = {
        "title": _("Withdraw the registration"),
        "lines": lines,
        "submit_label": pgettext("registration", "Withdraw"),
    }
    return step_page(request, year, submit_css="danger", **context, **_back(year))


def _save(request, year, form, registration=None):
    return registrations.save(
        year=year,
        facts=form.facts(),
        registration=registration,
        seen=form.cleaned_data["seen"] if registration else None,
        by=request.user,
        at=clock.now(),
    )


def _known(request, year, pk):
    """The row, if the person may see it."""
    check_can_see_register(request.user, year)
    found = TitleRegistration.objects.filter(membership__year=year, pk=pk).select_related("membership", "award_form")
    registration = found.first()
    if registration is None:
        raise Http404
    registration.membership.year = year
    check_can_see_registration(request.user, year, registration.membership)
    return registration


def _url(year, step="list", **kwargs):
    return year_url(f"awards:registration_{step}", year, **kwargs)


def _back(year):
    return {"back_url": _url(year), "back_label": _("Registered titles")}
