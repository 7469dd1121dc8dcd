"""Pledges, campaigns and commendations of a year."""

from datetime import date, datetime
from itertools import groupby

from awards.enums import CampaignOrigin, CampaignStatus
from awards.models import AwardForm, Campaign
from awards.services import campaigns, commendations, pledges
from awards.services.campaigns import CampaignFacts
from awards.services.commendations import CommendationFacts, DecisionFacts
from awards.services.pledges import ItemFacts, PledgeFacts
from scoring.demo import files, people
from scoring.demo.files import day, decimal
from scoring.demo.foundation import find_year, members_of
from scoring.demo.timeline import Timeline, after, on

SECRETARY, OTHER_SECRETARY = people.SECRETARIES


def secretary_for(unit: str) -> str:
    """A member of the secretariat who does not come from `unit`."""
    return OTHER_SECRETARY if people.SECRETARIES[SECRETARY] == unit else SECRETARY


def plan_pledge(timeline: Timeline, cluster: str, year: str) -> None:
    """The pledge is drafted a week before, opened, and signed by every unit at the conference."""
    [row] = files.rows("pledges", cluster=cluster, year=year)
    signed_on = day(row["signed_on"])
    facts = PledgeFacts(
        number=row["number"],
        signed_on=signed_on,
        place=row["place"],
        preamble=row["preamble"],
        items=tuple(
            ItemFacts(
                group=item["group"],
                order=int(item["order"]),
                text=item["text"],
                unit_of_measure=item["unit_of_measure"],
                target_value=decimal(item["target_value"]),
                direction=item["direction"],
            )
            for item in files.rows(f"pledge_{year}")
        ),
    )

    def draft(at: datetime) -> None:
        pledge = pledges.create(year=find_year(cluster, year), facts=facts, by=people.named(SECRETARY), at=at)
        pledges.open_for_signing(pledge=pledge, by=people.named(SECRETARY), at=at)

    def sign(at: datetime) -> None:
        pledge = find_year(cluster, year).pledges.get()
        for code, membership in members_of(pledge.year).items():
            pledges.sign(pledge=pledge, membership=membership, by=people.named(code.lower()), at=at)

    timeline.add(after(signed_on, -1), draft)
    timeline.add(on(signed_on, 16, 30), sign)


def plan_campaigns(timeline: Timeline, cluster: str, year: str) -> None:
    for row in files.rows(f"campaigns_{year}"):
        _plan_campaign(timeline, cluster, year, row)


def _plan_campaign(timeline: Timeline, cluster: str, year: str, row: files.Row) -> None:
    def launch(at: datetime) -> None:
        found = find_year(cluster, year)
        facts = CampaignFacts(
            code=row["code"],
            title=row["title"],
            kind=row["kind"],
            origin=row["origin"],
            launching_authority=row["launching_authority"],
            starts_on=day(row["starts_on"]),
            membership=members_of(found)[row["unit"]] if row["origin"] == CampaignOrigin.UNIT else None,
            slogan=row["slogan"],
            document_number=row["document_number"],
            document_on=day(row["document_on"]),
            scope=row["scope"],
            ends_on=day(row["ends_on"]),
            objectives=row["objectives"],
        )
        campaign = campaigns.create(year=found, facts=facts, by=people.named(SECRETARY), at=at)
        campaigns.launch(campaign=campaign, by=people.named(SECRETARY), at=at)

    def conclude(at: datetime) -> None:
        campaign = Campaign.objects.get(year=find_year(cluster, year), code=row["code"])
        campaigns.conclude(campaign=campaign, results=row["results"], by=people.named(SECRETARY), at=at)

    timeline.add(on(day(row["starts_on"]), 14), launch)
    if row["status"] == CampaignStatus.CONCLUDED:
        timeline.add(after(day(row["ends_on"]), 2, 15), conclude)


def plan_commendations(timeline: Timeline, cluster: str, year: str) -> None:
    """Each decision is typed once, some days after it was signed: by the secretariat where it counts at once, by the
    unit's officer where it still waits to be checked."""
    register_opens = on(date(int(year), 1, 6))
    listed = files.rows(f"commendations_{year}") + files.rows("commendations_outside", year=year)

    def recorder(row: files.Row) -> str:
        if row["is_confirmed"] == "1":
            return secretary_for(row["unit"])
        return row["unit"].lower() + people.OFFICER_SUFFIX

    def key(row: files.Row) -> tuple[str, ...]:
        return row["decided_on"], row["decision_number"], row["signer"], row["is_confirmed"], recorder(row)

    for (decided_on, number, signer, is_confirmed, username), group in groupby(sorted(listed, key=key), key):
        found = list(group)

        def record(
            at: datetime,
            found=found,
            number=number,
            signer=signer,
            is_confirmed=is_confirmed,
            username=username,
            decided_on=decided_on,
        ) -> None:
            _record(
                cluster,
                year,
                DecisionFacts(number=number, decided_on=day(decided_on), signer=signer),
                found,
                is_confirmed == "1",
                username,
                at,
            )

        timeline.add(max(after(day(decided_on), 3, 10), register_opens), record)


def _record(
    cluster: str,
    year: str,
    decision: DecisionFacts,
    found: list[files.Row],
    is_confirmed: bool,
    username: str,
    at: datetime,
) -> None:
    emulation_year = find_year(cluster, year)
    members = members_of(emulation_year)
    campaigns_by_code = {campaign.code: campaign for campaign in emulation_year.campaigns.all()}
    forms = {form.code: form for form in AwardForm.objects.all() if form.is_valid_on(decision.decided_on)}
    commendations.record_rows(
        year=emulation_year,
        decision=decision,
        rows=[
            CommendationFacts(
                membership=members[row["unit"]],
                award_form=forms[row["award_form"]],
                recipient_kind=row["recipient_kind"],
                recipient=row["recipient"],
                occasions=int(row["occasions"]),
                type=row["type"],
                campaign=campaigns_by_code[row["campaign"]] if row["campaign"] else None,
                position=row["position"],
                is_direct_worker=None if row["is_direct_worker"] == "" else row["is_direct_worker"] == "1",
            )
            for row in found
        ],
        by=people.named(username),
        at=at,
        is_confirmed=is_confirmed,
    )
