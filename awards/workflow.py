"""The states of pledge, campaign and commendation. Who may take a step is said in `permissions`."""

from django.utils.translation import gettext_lazy as _

from awards.enums import CampaignStatus, CommendationStatus, PledgeStatus
from cluster_app.lib.workflow import Transition, Workflow

PLEDGE = Workflow(
    PledgeStatus,
    [
        Transition("open", frozenset({PledgeStatus.DRAFT}), PledgeStatus.OPEN),
        # A unit that joins the cluster later signs a pledge that all others have signed.
        Transition("sign", frozenset({PledgeStatus.OPEN, PledgeStatus.SIGNED}), ""),
        Transition("complete", frozenset({PledgeStatus.OPEN, PledgeStatus.SIGNED}), PledgeStatus.SIGNED),
    ],
    refusal=_("This is not possible now: the pledge is in the state “{state}”. Open it again to see what is."),
)

CAMPAIGN = Workflow(
    CampaignStatus,
    [
        Transition("edit", frozenset({CampaignStatus.PREPARED, CampaignStatus.LAUNCHED, CampaignStatus.REVIEWED}), ""),
        Transition("launch", frozenset({CampaignStatus.PREPARED}), CampaignStatus.LAUNCHED),
        # A unit's report may come in after the campaign was concluded.
        Transition(
            "participate", frozenset({CampaignStatus.LAUNCHED, CampaignStatus.REVIEWED, CampaignStatus.CONCLUDED}), ""
        ),
        Transition("review", frozenset({CampaignStatus.LAUNCHED}), CampaignStatus.REVIEWED),
        Transition("conclude", frozenset({CampaignStatus.LAUNCHED, CampaignStatus.REVIEWED}), CampaignStatus.CONCLUDED),
        Transition("reopen", frozenset({CampaignStatus.CONCLUDED}), CampaignStatus.LAUNCHED, needs_reason=True),
    ],
    refusal=_("This is not possible now: the campaign is in the state “{state}”. Open it again to see what is."),
)

COMMENDATION = Workflow(
    CommendationStatus,
    [
        Transition("edit", frozenset({CommendationStatus.AWARDED}), ""),
        Transition("confirm", frozenset({CommendationStatus.AWARDED}), ""),
        Transition("revoke", frozenset({CommendationStatus.AWARDED}), CommendationStatus.REVOKED, needs_reason=True),
    ],
    refusal=_("This is not possible now: the commendation is in the state “{state}”. It stays as a record."),
)
