"""How the pages of campaigns find a campaign and each other."""

from django.http import Http404

from awards.models import Campaign
from members.addresses import year_url
from members.models import EmulationYear


def campaign_url(campaign: Campaign, step: str = "detail") -> str:
    return year_url(f"awards:campaign_{step}", campaign.year, pk=campaign.pk)


def known_campaign(year: EmulationYear, pk: int) -> Campaign:
    campaign = Campaign.objects.filter(year=year, pk=pk).select_related("membership").first()
    if campaign is None:
        raise Http404
    campaign.year = year
    return campaign
