"""The admin of pledge, campaigns and commendations, and of the catalogue."""

from awards.admin.campaigns import CampaignAdmin
from awards.admin.catalogue import AwardFormAdmin, BaseSalaryAdmin
from awards.admin.commendations import CommendationAdmin
from awards.admin.decisions import DecisionAdmin
from awards.admin.pledges import PledgeAdmin
from awards.admin.records import CampaignParticipationAdmin, TitleRegistrationAdmin

__all__ = [
    "AwardFormAdmin",
    "BaseSalaryAdmin",
    "CampaignAdmin",
    "CampaignParticipationAdmin",
    "CommendationAdmin",
    "DecisionAdmin",
    "PledgeAdmin",
    "TitleRegistrationAdmin",
]
