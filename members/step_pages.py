"""What views that change something have in common."""

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from cluster_app.lib.errors import Refused
from members.addresses import year_url
from members.models import EmulationYear


def accepted(form: forms.BaseForm, act: Callable[[], object]) -> bool:
    """Whether the form is valid and the service took it. What the service refuses is said in the form."""
    if not form.is_valid():
        return False
    try:
        act()
    except Refused as refusal:
        for sentence in refusal.missing:
            form.add_error(None, sentence)
        refusal.add_to(form)
        return False
    return True


def way_back(request: HttpRequest) -> str:
    """The page named by `next` in form or address; never another site, else the start page."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_own = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_own else reverse("members:start")


def setup_page(request: HttpRequest, year: EmulationYear, template: str, **context: object) -> HttpResponse:
    """A page below the set-up of the year, with the way back to it."""
    context |= {"year": year, "setup_url": year_url("members:year_setup", year)}
    return render(request, f"members/{template}.html", context)
