"""The public check of a code on paper: no sign-in, no session, nothing that names a cluster or a unit."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cluster_app.addresses import client_address
from cluster_app.lib.throttle import Throttle
from scoring.verify import pages
from scoring.verify.findings import find
from scoring.verify.forms import CodeForm

# Only codes that lead to nothing count and are stopped: an office behind one address can always check its papers.
WRONG_CODES = Throttle("verify", limit=30, seconds=600)
TOO_MANY = 429


@login_not_required
@never_cache
@require_safe
def code_form(request):
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        return redirect("verify:code_check", code=form.cleaned_data["code"])
    return _page(request, form)


@login_not_required
@never_cache
@require_safe
def code_check(request, code):
    form = CodeForm({"code": code})
    if not form.is_valid():
        return _page(request, form)
    visitor, found = client_address(request), find(form.cleaned_data["code"])
    if found is None:
        if WRONG_CODES.is_over(visitor):
            return _page(request, form, status=TOO_MANY, is_stopped=True)
        WRONG_CODES.count(visitor)
    return _page(request, CodeForm(), answer=pages.answer(found, form.cleaned_data["code"], request.user))


def _page(request, form, *, status=200, **context):
    context |= {"form": form, "languages": pages.languages()}
    return render(request, "scoring/verify.html", context, status=status)
