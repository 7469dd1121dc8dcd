"""Permission matrix: pledges, campaigns, commendations. Typed by hand from security.md 3."""

from awards.calculations import fingerprint
from awards.enums import PledgeStatus
from tests.factories.awards import (
    AwardFormFactory,
    BaseSalaryFactory,
    CampaignFactory,
    CampaignParticipationFactory,
    CommendationFactory,
    DecisionFactory,
    PledgeFactory,
    PledgeItemFactory,
    TitleRegistrationFactory,
)
from tests.matrix.shared import Row, admin_rows, and_pk, form, page


def prepare(world):
    """Rows that addresses of this file need, in both clusters: everything of the unit `member` or of the cluster."""
    for place in (world, world.foreign):
        place.pledge = PledgeFactory(year=place.year, status=PledgeStatus.OPEN)
        PledgeItemFactory(pledge=place.pledge, order=1)
        place.campaign = CampaignFactory(year=place.year)
        place.running = CampaignFactory(year=place.year, launched=True)
        place.over = CampaignFactory(year=place.year, concluded=True)
        place.commendation = CommendationFactory(membership=place.member)
        place.participation = CampaignParticipationFactory(membership=place.member, campaign=place.over)
        place.registration = TitleRegistrationFactory(membership=place.member)
        place.decision = DecisionFactory(cluster=place.cluster)
    world.award_form = AwardFormFactory()
    world.base_salary = BaseSalaryFactory()


def member(world):
    return world.url_kwargs() | {"membership": world.member.pk}


def nobody_takes_part(world):
    """What the form of a campaign without participants sends when nothing was chosen."""
    return {"seen": fingerprint()}


UNKNOWN_MEMBERS = [
    lambda world: world.url_kwargs() | {"membership": world.foreign.member.pk},
    lambda world: world.url_kwargs() | {"membership": 10**30},
]


def one(name):
    """The address of a row of the first cluster, and those of rows it does not have."""
    return {
        "kwargs": and_pk("pk", lambda world: getattr(world, name).pk),
        "unknown": [
            and_pk("pk", lambda world: getattr(world.foreign, name).pk),
            and_pk("pk", lambda world: 10**9),
            and_pk("pk", lambda world: 10**30),
        ],
    }


#                                     anon of sg ot fo L D S R O
ROWS: dict[str, Row] = {
    # --- pledge ---
    "awards:pledge_detail": page(      "L Y Y Y 4 Y Y Y Y 4"),
    "awards:pledge_print": page(       "L Y Y Y 4 Y Y Y Y 4"),
    "awards:pledge_write": form(       "L 3 3 3 4 Y 3 Y 3 4"),
    "awards:pledge_open": Row(         "L 3 3 3 4 Y 3 Y 3 4", "L 3 3 3 4 W 3 W 3 4"),  # it is open already
    "awards:pledge_sign": form(        "L 3 Y 3 4 3 3 3 3 4", kwargs=member, unknown=UNKNOWN_MEMBERS),
    "awards:pledge_paper": form(       "L 3 3 3 4 3 3 Y 3 4"),
    # --- campaigns ---
    "awards:campaign_list": page(      "L Y Y Y 4 Y Y Y Y Y"),
    "awards:campaign_detail": page(    "L Y Y Y 4 Y Y Y Y Y", **one("campaign"), unknown_letters="4M"),
    "awards:campaign_create": form(    "L Y Y Y 4 Y Y Y 3 4"),  # a drive of the own unit, or of the cluster
    "awards:campaign_edit": form(      "L 3 3 3 4 Y 3 Y 3 4", **one("campaign")),
    "awards:campaign_launch": form(    "L 3 3 3 4 Y 3 Y 3 4", **one("campaign")),
    "awards:campaign_review": form(    "L 3 3 3 4 Y 3 Y 3 4", **one("running")),
    "awards:campaign_conclude": form(  "L 3 3 3 4 Y 3 Y 3 4", **one("running")),
    "awards:campaign_reopen": form(    "L 3 3 3 4 Y 3 Y 3 4", **one("over")),
    # Units record until the review begins; the year of the matrix is in it.
    "awards:campaign_participation": form("L W W W 4 W W Y 3 4", **one("running"), data=nobody_takes_part),
    # --- registered titles ---
    "awards:registration_list": page(  "L Y Y Y 4 Y Y Y Y 4"),
    "awards:registration_create": form("L W W W 4 W W Y 3 4"),  # a unit until the review begins, as above
    "awards:registration_edit": form(  "L W W 3 4 3 3 Y 3 4", **one("registration")),
    "awards:registration_remove": form("L 3 3 3 4 3 3 Y 3 4", **one("registration")),
    # --- commendations ---
    "awards:commendation_list": page(  "L Y Y Y 4 Y Y Y Y 4"),  # who sees which rows: tests/awards/test_queries.py
    "awards:commendation_tally": page( "L Y Y Y 4 Y Y Y Y 4"),
    "awards:commendation_record": form("L Y Y Y 4 Y Y Y 3 4"),  # everybody for the own unit
    "awards:commendation_confirm": form("L 3 3 3 4 3 3 Y 3 4"),
    "awards:commendation_detail": page("L Y Y 3 4 Y Y Y Y 4", **one("commendation"), unknown_letters="4M"),
    "awards:commendation_edit": form(  "L Y Y 3 4 3 3 Y 3 4", **one("commendation")),
    "awards:commendation_revoke": form("L 3 3 3 4 3 3 Y 3 4", **one("commendation")),
    # --- admin: the catalogue is the administrator's, the cluster's rows are the secretariat's ---
    **admin_rows("awards_awardform", lambda world: world.award_form, see="O", add="O", change="O"),
    **admin_rows("awards_basesalary", lambda world: world.base_salary, see="O", add="O", change="O"),
    **admin_rows("awards_pledge", lambda world: world.pledge, see="S", add="S", change="S",
                 foreign=lambda world: world.foreign.pledge),
    **admin_rows("awards_campaign", lambda world: world.campaign, see="S", add="S", change="S",
                 foreign=lambda world: world.foreign.campaign),
    **admin_rows("awards_decision", lambda world: world.decision, see="S", add="S", change="S",
                 foreign=lambda world: world.foreign.decision),
    **admin_rows("awards_commendation", lambda world: world.commendation, see="S", add="S", change="S",
                 foreign=lambda world: world.foreign.commendation),
    **admin_rows("awards_campaignparticipation", lambda world: world.participation, see="S", add="S", change="S",
                 foreign=lambda world: world.foreign.participation),
    **admin_rows("awards_titleregistration", lambda world: world.registration, see="S", add="S", change="S",
                 foreign=lambda world: world.foreign.registration),
}  # fmt: skip
