"""Entering commendations: the decision typed once, its rows under it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from awards import queries
from awards.entry_forms import Entry
from awards.models import Decision
from awards.permissions import check_can_open_entry
from awards.services import commendations
from awards.views.register_rows import key_or_none, register_url
from awards.views.steps import posted
from cluster_app.lib import clock
from cluster_app.lib.errors import Refused
from members.loading import year_view

ROW_COUNTS = (5, 15, 30)


@require_http_methods(["GET", "POST"])
@year_view
def commendation_record(request, year):
    check_can_open_entry(request.user, year)
    decision = _decision(request, year)
    entry = Entry(posted(request), user=request.user, year=year, decision=decision, row_count=_row_count(request))
    if request.method == "POST" and entry.is_valid():
        try:
            return _record(request, year, entry)
        except Refused as refusal:
            entry.take(refusal)
    context = {
        "year": year,
        "entry": entry,
        "row_counts": ROW_COUNTS,
        "decision": decision,
        "list_url": register_url(year, "list"),
        "is_late": year.is_published,
    }
    return render(request, "awards/commendation_record.html", context)


def _record(request, year, entry):
    decision, rows = entry.facts()
    saved = commendations.record_rows(
        year=year, decision=decision, rows=rows, is_confirmed=entry.is_confirmed, by=request.user, at=clock.now()
    )
    occasions = sum(row.occasions for row in saved)
    text = ngettext("%(count)d occasion is recorded.", "%(count)d occasions are recorded.", occasions)
    messages.success(request, text % {"count": occasions})
    for namesake in queries.namesakes(saved):
        names = {"recipient": namesake.recipient, "form": namesake.award_form.name, "number": namesake.decision.number}
        text = _("%(recipient)s has in this year also: %(form)s, %(number)s. Check that it is another achievement.")
        messages.warning(request, text % names)
    if "more" in request.POST:
        return redirect(f"{register_url(year, 'record')}?decision={saved[0].decision_id}")
    return redirect(register_url(year, "list"))


def _decision(request, year):
    """The decision whose next rows are entered, if the link names one of the cluster."""
    key = key_or_none(request.GET.get("decision", ""))
    return Decision.objects.filter(cluster=year.cluster_id, pk=key).first() if key is not None else None


def _row_count(request):
    wanted = request.GET.get("rows", "")
    return int(wanted) if wanted in map(str, ROW_COUNTS) else ROW_COUNTS[0]
