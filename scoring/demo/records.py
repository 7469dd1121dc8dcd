"""What units sent in over a year: their part in campaigns, and the titles they registered."""

from datetime import date, datetime
from itertools import groupby

from awards.models import Campaign
from awards.queries import award_forms_on
from awards.services import campaigns, registrations
from awards.services.campaigns import Part
from awards.services.registrations import RegistrationFacts
from scoring.demo import files, people
from scoring.demo.foundation import find_year, members_of
from scoring.demo.promises import SECRETARY
from scoring.demo.timeline import Timeline, on


def plan_registrations(timeline: Timeline, cluster: str, year: str) -> None:
    """Each unit's officer registers the titles of the unit's paper, once the pledge is signed."""
    for row in files.rows(f"registrations_{year}"):
        registered_on = date.fromisoformat(row["registered_on"])

        def register(at: datetime, row=row, registered_on=registered_on) -> None:
            found = find_year(cluster, year)
            [form] = award_forms_on(registered_on).filter(code=row["award_form"])
            facts = RegistrationFacts(
                membership=members_of(found)[row["unit"]],
                award_form=form,
                recipient_kind=row["recipient_kind"],
                count=int(row["count"]),
                document_number=row["document_number"],
            )
            officer = people.named(row["unit"].lower() + people.OFFICER_SUFFIX)
            registrations.save(year=found, facts=facts, by=officer, at=at)

        timeline.add(on(registered_on, 15), register)


def plan_participation(timeline: Timeline, cluster: str, year: str) -> None:
    """The secretariat records the units' part in a campaign at once, when their reports came in."""

    def key(row: files.Row) -> tuple[str, str]:
        return row["recorded_on"], row["campaign"]

    for (recorded_on, code), group in groupby(sorted(files.rows(f"participations_{year}"), key=key), key):
        listed = list(group)

        def record(at: datetime, code=code, listed=listed) -> None:
            found = find_year(cluster, year)
            members = members_of(found)
            parts = [Part(membership=members[row["unit"]], status=row["status"], note=row["note"]) for row in listed]
            campaign = Campaign.objects.get(year=found, code=code)
            campaigns.record_participation(campaign=campaign, parts=parts, by=people.named(SECRETARY), at=at)

        timeline.add(on(date.fromisoformat(recorded_on), 16), record)
