"""The deadlines of a year, and more time for single units."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from cluster_app.lib import clock
from cluster_app.lib.errors import NotKnown
from members import queries
from members.addresses import year_url
from members.calculations import late_days
from members.forms import DeadlinesForm, ExtensionChangeForm, ExtensionForm
from members.loading import year_view
from members.models import Extension
from members.permissions import can_edit_year, check_can_edit_year, check_can_see_setup
from members.services import years
from members.step_pages import accepted, setup_page
from members.year_pages import moment


@require_http_methods(["GET", "POST"])
@year_view
def deadlines_edit(request, year):
    check_can_edit_year(request.user, year)
    form = DeadlinesForm(request.POST or None, year=year)
    if request.method == "POST" and accepted(
        form, lambda: years.set_deadlines(year=year, deadlines=form.deadlines(), by=request.user, at=clock.now())
    ):
        messages.success(request, _("The deadlines are saved."))
        return redirect(year_url("members:year_setup", year))
    intro = _("A date alone means the end of that day. Times are those of Việt Nam.")
    return setup_page(request, year, "setup_form", form=form, title=_("Deadlines"), intro=intro)


@require_safe
@year_view
def extension_list(request, year):
    check_can_see_setup(request.user, year)
    edits = can_edit_year(request.user, year) and not year.is_archived
    found = _extensions(year).order_by("deadline__due_at", "membership__protocol_order", "pk")
    add_url = year_url("members:extension_add", year) if edits and queries.calendar(year) else ""
    return setup_page(
        request, year, "extension_list", rows=[_row(one, year, edits=edits) for one in found], add_url=add_url
    )


@require_http_methods(["GET", "POST"])
@year_view
def extension_add(request, year):
    check_can_edit_year(request.user, year)
    form = ExtensionForm(request.POST or None, year=year)
    if request.method == "POST" and accepted(
        form, lambda: years.extend(**form.cleaned_data, by=request.user, at=clock.now())
    ):
        messages.success(request, _("The unit has more time."))
        return redirect(year_url("members:year_setup", year))
    return setup_page(request, year, "setup_form", form=form, title=_("More time for one unit"))


@require_http_methods(["GET", "POST"])
@year_view
def extension_edit(request, year, extension):
    check_can_edit_year(request.user, year)
    found = _extensions(year).filter(pk=extension).first()
    if found is None:
        raise NotKnown
    form = ExtensionChangeForm(request.POST or None, initial={"until": found.until, "reason": found.reason})
    if request.method == "POST" and accepted(form, lambda: _change(request, found, form)):
        messages.success(request, _("The extension is changed."))
        return redirect(year_url("members:extension_list", year))
    title = _("%(unit)s: more time") % {"unit": found.membership.name}
    due = {"step": found.deadline.get_step_display(), "moment": moment(found.deadline.due_at)}
    intro = _("%(step)s ends for the others %(moment)s.") % due
    return setup_page(request, year, "setup_form", form=form, title=title, intro=intro)


def _extensions(year):
    return Extension.objects.filter(deadline__year=year).select_related("deadline", "membership")


def _change(request, found, form):
    facts = form.cleaned_data
    years.extend(deadline=found.deadline, membership=found.membership, **facts, by=request.user, at=clock.now())


def _short(value):
    return f"{timezone.localtime(value):%d/%m/%Y %H:%M}"


def _row(found, year, *, edits):
    days = late_days(found.deadline.due_at, found.until)
    return {
        "unit": found.membership.name,
        "step": found.deadline.get_step_display(),
        "due": _short(found.deadline.due_at),
        "until": _short(found.until),
        "days": ngettext("%(count)d day more", "%(count)d days more", days) % {"count": days},
        "reason": found.reason,
        "edit_url": year_url("members:extension_edit", year, extension=found.pk) if edits else "",
    }
