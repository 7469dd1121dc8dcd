"""Who reviews which card: the list, its print, and the acts of the secretariat."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from cluster_app.documents.html import Toolbar
from cluster_app.documents.responses import respond
from cluster_app.lib import clock
from cluster_app.lib.errors import NotKnown
from members.addresses import year_url
from members.enums import ReviewMode
from members.loading import year_view
from scoring import permissions, queries, reviewer_pages, reviewer_paper, reviewers
from scoring.models import ReviewAssignment
from scoring.reviewer_pages import PERSON, UNIT, TeamForm
from scoring.services import reviewing


@require_safe
@year_view
def reviewer_list(request, year):
    permissions.check_can_see_reviewers(request.user, year)
    return render(request, "scoring/reviewer_list.html", reviewer_pages.list_page(request.user, year))


@require_safe
@year_view
def reviewer_list_print(request, year):
    permissions.check_can_see_reviewers(request.user, year)
    document = reviewer_paper.reviewers_paper(year, timezone.localdate(clock.now()))
    toolbar = Toolbar(back_url=year_url("scoring:reviewer_list", year))
    return respond(request, document, toolbar=toolbar)


@require_POST
@year_view
def reviewer_assign(request, year):
    permissions.check_can_assign_reviewers(request.user, year)
    card = queries.card_of(year, request.POST.get("card", ""))
    kind, _colon, pk = request.POST.get("reviewer", "").partition(":")
    named = _named(year, kind, pk)
    assignment = reviewing.assign(card=card, **named, by=request.user, at=clock.now())
    text = _("%(reviewer)s is asked to review the card of %(unit)s.")
    messages.success(request, text % {"reviewer": assignment, "unit": card.membership.name})
    return redirect(year_url("scoring:reviewer_list", year))


def _named(year, kind, pk):
    """The unit or person that the form chose. Raises NotKnown for anything that it did not offer."""
    offered = {UNIT: ("membership", year.roster()), PERSON: ("user", reviewers.people_of(year))}
    if kind not in offered:
        raise NotKnown
    name, candidates = offered[kind]
    found = next((one for one in candidates if str(one.pk) == pk), None)
    if found is None:
        raise NotKnown
    return {name: found}


@require_POST
@year_view
def reviewer_remove(request, year):
    permissions.check_can_assign_reviewers(request.user, year)
    pk = request.POST.get("assignment", "")
    named = ReviewAssignment.objects.filter(scorecard__membership__year=year).order_by("pk")
    assignment = next((one for one in named if str(one.pk) == pk), None)
    if assignment is None:
        raise NotKnown
    reviewing.remove(assignment=assignment, by=request.user, at=clock.now())
    messages.success(request, _("The request to review is taken back."))
    return redirect(year_url("scoring:reviewer_list", year))


@require_POST
@year_view
def reviewer_by_rule(request, year):
    """Names the reviewers by the year's rule: the ring, or the people chosen as the deputy's team."""
    permissions.check_can_assign_reviewers(request.user, year)
    people = []
    if year.rules.review_mode == ReviewMode.DEPUTY_TEAM:
        form = TeamForm(request.POST, year=year)
        if not form.is_valid():
            context = reviewer_pages.list_page(request.user, year) | {"team_form": form}
            return render(request, "scoring/reviewer_list.html", context)
        people = list(form.cleaned_data["people"])
    new = reviewing.assign_by_mode(year=year, people=people, by=request.user, at=clock.now())
    text = ngettext("%(count)d reviewer is named.", "%(count)d reviewers are named.", len(new))
    messages.success(request, text % {"count": len(new)} if new else _("All reviewers of the rule are named already."))
    return redirect(year_url("scoring:reviewer_list", year))
