"""The start page, and what people choose for themselves: language, brightness, their name."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cluster_app.lib import clock
from members import queries
from members.addresses import year_url
from members.forms import DisplayForm, ProfileForm
from members.permissions import is_administrator
from members.services import accounts
from members.step_pages import way_back

_A_YEAR = 60 * 60 * 24 * 365


@require_safe
def start(request):
    """Leads a person of one cluster straight to its year; everybody else chooses."""
    known = queries.known_clusters(request.user)
    administers = is_administrator(request.user)
    if len(known) == 1 and not administers and (year := queries.newest_active(known[0].years)):
        return redirect(year_url("scoring:home", year))
    target = "members:year_setup" if administers else "scoring:home"
    clusters = [
        {
            "name": each.cluster.name,
            "years": [
                {"year": year.year, "phase": year.get_phase_display(), "url": year_url(target, year)}
                for year in each.years
            ],
        }
        for each in known
    ]
    return render(request, "members/start.html", {"clusters": clusters, "administers": administers})


@require_http_methods(["GET", "POST"])
def profile(request):
    user = request.user
    form = ProfileForm(request.POST or None, initial={"full_name": user.full_name, "email": user.email})
    if request.method == "POST" and form.is_valid():
        accounts.describe(user=user, **form.cleaned_data, at=clock.now())
        messages.success(request, _("Your details are saved."))
        return redirect("members:profile")
    held = [{"text": str(assignment), "since": assignment.started_on} for assignment in user.assignments_held()]
    return render(request, "members/profile.html", {"form": form, "assignments": held})


@login_not_required
@require_POST
def language_change(request):
    """Stores the choice with the person, and in a cookie for the pages before sign-in."""
    response = redirect(way_back(request))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            accounts.set_language(user=request.user, language=language)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=_A_YEAR,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return response


@require_POST
def display_change(request):
    form = DisplayForm(request.POST)
    if form.is_valid():
        accounts.set_display(user=request.user, **form.cleaned_data)
    return redirect(way_back(request))
