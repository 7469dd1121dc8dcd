"""Criteria sets as wholes: putting the draft into force, the next version, taking over another set."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from cluster_app.lib import clock
from cluster_app.lib.errors import NotKnown, Refused, WrongState
from members.addresses import year_url
from scoring import criteria_pages, queries
from scoring.services import criteria_sets
from scoring.views.criteria_editing import draft_view, editing_view

_READ_OR_WRITE = ["GET", "HEAD", "POST"]


@require_http_methods(_READ_OR_WRITE)
@draft_view
def criteria_apply(request, draft):
    """Shows what is missing, else what applying means and what it changes; POST applies."""
    refused = None
    if request.method == "POST":
        try:
            applied = criteria_sets.apply(criteria_set=draft, by=request.user, at=clock.now())
        except Refused as refusal:
            refused = refusal
        else:
            _say_applied(request, applied)
            return redirect(year_url("scoring:criteria", draft.year))
    context = criteria_pages.apply_page(draft) | {"refused": refused}
    return render(request, "scoring/criteria_confirm.html", context)


def _say_applied(request, applied):
    text = _("The criteria set is applied.")
    if applied.card_count:
        count = applied.card_count
        words = ngettext("%(count)d score card follows it.", "%(count)d score cards follow it.", count)
        text = f"{text} {words % {'count': count}}"
    messages.success(request, text)
    if applied.cleared:
        words = _("Values that could not be kept, to be filled in again: %(codes)s.")
        messages.warning(request, words % {"codes": ", ".join(applied.cleared)})


@require_POST
@editing_view
def criteria_new_version(request, year):
    """A draft with the criteria in force."""
    applied = queries.applied_set(year)
    if applied is None:
        raise WrongState(_("No criteria set is in force. Edit the draft instead."))
    applied.year = year
    draft = criteria_sets.new_version(criteria_set=applied, by=request.user, at=clock.now())
    messages.success(request, _("Version %(version)d is a draft now.") % {"version": draft.version})
    return redirect(year_url("scoring:criteria_edit", year))


@require_http_methods(_READ_OR_WRITE)
@editing_view
def criteria_copy(request, year):
    """The sets that can be copied; with `source` what copying that one would change; POST copies it."""
    sources = criteria_pages.copyable(request.user, year)
    wanted = request.POST.get("source") or request.GET.get("source", "")
    source = next((one for one in sources if str(one.pk) == wanted), None)
    if source is None and (wanted or request.method == "POST"):
        raise NotKnown
    if request.method == "POST":
        draft, found = criteria_sets.copy(source=source, year=year, by=request.user, at=clock.now())
        messages.success(request, criteria_pages.diff_summary(found))
        return redirect(year_url("scoring:criteria_edit", draft.year))
    return render(request, "scoring/criteria_copy.html", criteria_pages.copy_page(year, sources, source))
