"""The register of numbers of a year's papers: its list, its print, reserving a number, declaring one void."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cluster_app.documents.html import Toolbar
from cluster_app.documents.responses import respond
from cluster_app.lib import clock
from cluster_app.lib.errors import NotKnown
from members import number_pages, registers
from members.addresses import year_url
from members.loading import year_view
from members.number_forms import ReserveForm, VoidForm
from members.number_paper import register_paper
from members.permissions import can_write_papers, check_can_see_papers, check_can_write_papers
from members.services import numbers
from members.step_pages import accepted


@require_safe
@year_view
def number_list(request, year):
    check_can_see_papers(request.user, year)
    context = number_pages.context(year, writes=can_write_papers(request.user, year))
    return render(request, "members/number_list.html", context)


@require_safe
@year_view
def number_list_print(request, year):
    check_can_see_papers(request.user, year)
    toolbar = Toolbar(back_url=year_url("members:number_list", year))
    filename = f"so-dang-ky-van-ban-{year.cluster.slug}-{year.year}"
    return respond(request, register_paper(year), toolbar=toolbar, filename=filename)


@require_http_methods(["GET", "POST"])
@year_view
def number_reserve(request, year):
    check_can_write_papers(request.user, year)
    form = ReserveForm(request.POST or None)
    if request.method == "POST" and accepted(form, lambda: _reserve(request, year, form)):
        return redirect(year_url("members:number_list", year))
    return render(request, "members/number_reserve.html", {"form": form, **number_pages.back(year)})


@require_http_methods(["GET", "POST"])
@year_view
def number_void(request, year, number):
    check_can_write_papers(request.user, year)
    row = registers.of_year(year).select_related("register").filter(pk=number).first()
    if row is None:
        raise NotKnown
    form = VoidForm(request.POST or None)
    if request.method == "POST" and accepted(form, lambda: _void(request, year, row, form)):
        messages.success(request, _("The number %(number)s is void.") % {"number": number_pages.label_of(row)})
        return redirect(year_url("members:number_list", year))
    context = {"form": form, "lines": number_pages.void_lines(year, row), "number": number_pages.label_of(row)}
    return render(request, "members/number_void.html", context | number_pages.back(year))


def _reserve(request, year, form):
    row = numbers.reserve(year=year, **form.facts(), by=request.user, at=clock.now())
    messages.success(
        request,
        _("The number %(number)s is reserved: %(purpose)s")
        % {"number": number_pages.label_of(row), "purpose": row.purpose},
    )


def _void(request, year, row, form):
    numbers.void(year=year, number=row, reason=form.cleaned_data["reason"], by=request.user, at=clock.now())
