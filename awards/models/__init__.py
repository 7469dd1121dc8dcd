from awards.models.campaign import Campaign
from awards.models.commendation import AwardForm, BaseSalary, Commendation, Decision
from awards.models.pledge import Pledge, PledgeItem, PledgeSignature

__all__ = [
    "AwardForm",
    "BaseSalary",
    "Campaign",
    "Commendation",
    "Decision",
    "Pledge",
    "PledgeItem",
    "PledgeSignature",
]
