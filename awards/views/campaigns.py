"""The campaigns of the year."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from awards import presentation, queries, record_tables, records, tally_tables
from awards.forms import CampaignForm, ConfirmForm, ReasonForm, ResultsForm
from awards.models import Campaign
from awards.permissions import (
    can_create_campaign,
    can_see_campaign_results,
    can_see_tally,
    can_write_campaign,
    check_can_create_campaign,
    check_can_see_campaigns,
    check_can_write_campaign,
    participating_units,
)
from awards.services import campaigns
from awards.views.campaign_rows import campaign_url, known_campaign
from awards.views.steps import back_to, form_page, posted, saved, step_page
from awards.workflow import CAMPAIGN
from cluster_app.lib import clock
from members.addresses import year_url
from members.loading import year_view
from members.step_pages import accepted

_ACTS = {"participation": "participate"}


@require_safe
@year_view
def campaign_list(request, year):
    check_can_see_campaigns(request.user, year)
    shows_figures = can_see_tally(request.user, year)
    rows = list(queries.year_campaigns(year))
    counts = queries.campaign_counts(year)
    groups = presentation.campaign_groups(year, rows, counts, shows_figures=shows_figures)
    create_url = year_url("awards:campaign_create", year) if can_create_campaign(request.user, year) else ""
    context = {"year": year, "groups": groups, "shows_figures": shows_figures, "create_url": create_url}
    context |= {"has_rows": bool(rows), "matrix": _matrix(request.user, year, rows)}
    return render(request, "awards/campaign_list.html", context)


@require_safe
@year_view
def campaign_detail(request, year, pk):
    check_can_see_campaigns(request.user, year)
    campaign = known_campaign(year, pk)
    is_insider = can_see_campaign_results(request.user, year)
    levels = queries.campaign_tally(campaign) if can_see_tally(request.user, year) else ()
    context = {
        "year": year,
        "campaign": campaign,
        "state": presentation.campaign_badge(campaign),
        "facts": presentation.campaign_facts(campaign),
        "results": campaign.results if is_insider else "",
        "participation": _participation(campaign) if is_insider else [],
        "levels": tally_tables.form_parts(levels),
        "steps": _open_steps(request.user, campaign),
        "list_url": year_url("awards:campaign_list", year),
    }
    return render(request, "awards/campaign_detail.html", context)


@require_http_methods(["GET", "POST"])
@year_view
def campaign_create(request, year):
    check_can_create_campaign(request.user, year)
    form = CampaignForm(posted(request), user=request.user, year=year, instance=Campaign(year=year))
    if request.method == "POST" and accepted(
        form,
        lambda: campaigns.create(year=year, facts=form.facts(), by=request.user, at=clock.now()),
    ):
        messages.success(request, _("The campaign is prepared. Launch it once its paper is signed."))
        return redirect(year_url("awards:campaign_list", year))
    context = {"title": _("New campaign"), "submit_label": _("Save"), **_back_to_list(year)}
    return form_page(request, year, form, **context)


@require_http_methods(["GET", "POST"])
@year_view
def campaign_edit(request, year, pk):
    campaign = _writable(request, year, pk, "edit")
    form = CampaignForm(posted(request), user=request.user, year=year, instance=known_campaign(year, pk))
    form.show(campaign)
    outcome = False
    if request.method == "POST":
        outcome = saved(form, lambda: _edit(request, campaign, form), lambda: [known_campaign(year, pk)])
    if outcome:
        messages.success(request, _("The campaign is saved."))
        return redirect(campaign_url(campaign))
    context = {"title": _("Edit the campaign"), "submit_label": _("Save"), "back_label": campaign.title}
    return form_page(request, year, form, outcome, back_url=campaign_url(campaign), **context)


@require_http_methods(["GET", "POST"])
@year_view
def campaign_step(request, year, pk, step):
    """Launching, reviewing, concluding and reopening: the page says what is done, and asks what the step needs."""
    campaign = _writable(request, year, pk, step)
    form_class = {"conclude": ResultsForm, "reopen": ReasonForm}.get(step, ConfirmForm)
    form = form_class(posted(request), initial={"results": campaign.results})
    service, words = getattr(campaigns, step), _words(step)
    if request.method == "POST" and accepted(
        form, lambda: service(campaign=campaign, by=request.user, at=clock.now(), **form.cleaned_data)
    ):
        messages.success(request, words["done"])
        return redirect(back_to(request, campaign_url(campaign)))
    context = {"title": words["title"], "lines": [campaign.title, words["line"]], "submit_label": words["submit"]}
    return step_page(request, year, form=form, back_url=campaign_url(campaign), back_label=campaign.title, **context)


def _edit(request, campaign, form):
    return campaigns.edit(
        campaign=campaign, facts=form.facts(), seen=form.cleaned_data["seen"], by=request.user, at=clock.now()
    )


def _words(step):
    """What the page of a step says, and what is said when it is done."""
    return {
        "launch": {
            "title": _("Launch the campaign"),
            "line": _("From now on it counts among the campaigns of the year."),
            "submit": _("Launch"),
            "done": _("The campaign is launched."),
        },
        "review": {
            "title": _("Half-time review of the campaign"),
            "line": _("The campaign is marked as reviewed at half-time and goes on."),
            "submit": _("Mark as reviewed"),
            "done": _("The half-time review is recorded."),
        },
        "conclude": {
            "title": _("Conclude the campaign"),
            "line": _("The results are its closing summary and are printed in the annual summary."),
            "submit": _("Conclude"),
            "done": _("The campaign is concluded."),
        },
        "reopen": {
            "title": _("Reopen the campaign"),
            "line": _("The campaign is open again, so that it can be corrected and concluded anew."),
            "submit": _("Reopen"),
            "done": _("The campaign is open again."),
        },
    }[step]


def _matrix(user, year, rows):
    """Who takes part in what, for insiders."""
    if not can_see_campaign_results(user, year):
        return {}
    return record_tables.participation_matrix(year, rows, records.campaign_records(year))


def _participation(campaign):
    """Every unit with its part, once there is something to take part in."""
    if not CAMPAIGN.can("participate", campaign.status):
        return []
    return record_tables.participation_rows(campaign.year.roster(), records.participation_of(campaign))


def _open_steps(user, campaign):
    """The buttons of the page: what may be done now, the way forward last."""
    labels = {"participation": _("Participation")} if participating_units(user, campaign.year) else {}
    if can_write_campaign(user, campaign):
        labels |= {"reopen": _("Reopen"), "edit": _("Edit"), "review": _("Half-time review")}
        labels |= {"launch": _("Launch"), "conclude": _("Conclude")}
    forward = ("launch", "conclude")
    return [
        {
            "url": campaign_url(campaign, step),
            "label": label,
            "css": "primary" if step in forward else "outline-secondary",
        }
        for step, label in labels.items()
        if CAMPAIGN.can(_ACTS.get(step, step), campaign.status)
    ]


def _back_to_list(year):
    return {"back_url": year_url("awards:campaign_list", year), "back_label": _("Campaigns")}


def _writable(request, year, pk, step):
    """The campaign, if the person may write it and it is in a state that allows `step`."""
    check_can_see_campaigns(request.user, year)
    campaign = known_campaign(year, pk)
    check_can_write_campaign(request.user, campaign)
    if not CAMPAIGN.can(step, campaign.status):
        CAMPAIGN.check(step, campaign.status)
    return campaign
