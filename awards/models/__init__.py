from awards.models.campaign import Campaign
from awards.models.commendation import AwardForm, BaseSalary, Commendation, Decision
from awards.models.participation import CampaignParticipation
from awards.models.pledge import Pledge, PledgeItem, PledgeSignature
from awards.models.registration import TitleRegistration

__all__ = [
    "AwardForm",
    "BaseSalary",
    "Campaign",
    "CampaignParticipation",
    "Commendation",
    "Decision",
    "Pledge",
    "PledgeItem",
    "PledgeSignature",
    "TitleRegistration",
]
