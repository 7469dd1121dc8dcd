"""Recording how far units take part in a campaign."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from awards.permissions import check_can_open_participation, check_can_see_campaigns, participating_units
from awards.record_forms import ParticipationForm
from awards.services import campaigns
from awards.views.campaign_rows import campaign_url, known_campaign
from awards.views.steps import back_to, form_page, posted, saved
from awards.workflow import CAMPAIGN
from cluster_app.lib import clock
from members.loading import year_view


@require_http_methods(["GET", "POST"])
@year_view
def campaign_participation(request, year, pk):
    """The secretariat records the part of all units at once, a unit its own."""
    check_can_see_campaigns(request.user, year)
    campaign = known_campaign(year, pk)
    check_can_open_participation(request.user, year)
    CAMPAIGN.check("participate", campaign.status)
    units = participating_units(request.user, year)
    form, outcome = ParticipationForm(posted(request), campaign=campaign, units=units), False
    if request.method == "POST":
        outcome = saved(
            form, lambda: _record(request, campaign, form), lambda: campaigns.participation_rows(campaign, units)
        )
    if outcome:
        messages.success(request, _("The participation is saved."))
        return redirect(back_to(request, campaign_url(campaign)))
    context = {"title": _("Participation"), "submit_label": _("Save"), "back_label": campaign.title}
    intro = _("Registered: the unit has joined. Active: it carries the campaign out. Reported: its report came in.")
    return form_page(request, year, form, outcome, intro=intro, back_url=campaign_url(campaign), **context)


def _record(request, campaign, form):
    return campaigns.record_participation(
        campaign=campaign,
        parts=form.parts(),
        seen=form.cleaned_data["seen"],
        by=request.user,
        at=clock.now(),
    )
