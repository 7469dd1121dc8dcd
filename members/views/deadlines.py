"""The deadlines of a year, and more time for one unit."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cluster_app.lib import clock
from members.addresses import year_url
from members.forms import DeadlinesForm, ExtensionForm
from members.loading import year_view
from members.permissions import check_can_edit_year
from members.services import years
from members.step_pages import accepted, setup_page


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
