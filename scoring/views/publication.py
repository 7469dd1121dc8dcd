"""Publishing the results of the year: proposed by one person, confirmed by another one."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cluster_app.lib import clock
from cluster_app.lib.errors import Refused, WrongState
from members.addresses import year_url
from members.enums import PendingKind
from members.loading import year_view
from members.permissions import can_publish_year, check_can_publish_year
from members.services import pending
from scoring import permissions, tables
from scoring.models import Publication
from scoring.ranking import ranking
from scoring.services import publications


@require_http_methods(["GET", "HEAD", "POST"])
@year_view
def publication(request, year):
    """Shows what is missing, what would be published, and who has proposed it; POST proposes."""
    permissions.check_can_see_ranking(request.user, year)
    refused = _propose(request, year) if request.method == "POST" else None
    if request.method == "POST" and refused is None:
        return redirect(year_url("scoring:publication", year))
    step = pending.open_step(PendingKind.PUBLISH, year)
    context = {
        "year": year,
        "results": tables.results_table(ranking(year)),
        "missing": publications.missing_for_publication(year),
        "refused": refused,
        "step": step,
        "is_own_proposal": step is not None and step.proposed_by_id == request.user.pk,
        "can_publish": can_publish_year(request.user, year) and not year.is_published,
        "publications": Publication.objects.filter(year=year).select_related("proposed_by", "confirmed_by"),
    }
    return render(request, "scoring/publication.html", context)


def _propose(request, year) -> Refused | None:
    """The refusal of the service, None if it took the proposal."""
    check_can_publish_year(request.user, year)
    try:
        publications.propose(year=year, by=request.user, at=clock.now())
    except Refused as refused:
        return refused
    messages.success(request, _("The publication is proposed. A second person now confirms it."))
    return None


@require_POST
@year_view
def publication_confirm(request, year):
    check_can_publish_year(request.user, year)
    publications.confirm(year=year, step=_open_step(year), by=request.user, at=clock.now())
    messages.success(request, _("The results are published: every unit now sees the ranking."))
    return redirect(year_url("scoring:ranking", year))


@require_POST
@year_view
def publication_withdraw(request, year):
    """Takes back the proposal. Published results are withdrawn only by reopening a card."""
    check_can_publish_year(request.user, year)
    publications.withdraw_proposal(year=year, step=_open_step(year), by=request.user, at=clock.now())
    messages.success(request, _("The proposal is withdrawn."))
    return redirect(year_url("scoring:publication", year))


def _open_step(year):
    step = pending.open_step(PendingKind.PUBLISH, year)
    if step is None:
        raise WrongState(_("Nobody has proposed to publish the results, or it is done already."))
    return step
