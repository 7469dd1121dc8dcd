"""The whole demo: foundation, then the course of the years act by act."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from members.enums import MeetingKind, PendingKind, Phase
from members.models import Cluster, EmulationYear, Meeting, Membership, Notification, Resolution
from members.services import meetings, pending, years
from scoring.demo import (
    cards,
    criteria,
    ending,
    files,
    foundation,
    papers,
    people,
    promises,
    records,
    reviews,
    year_papers,
)
from scoring.demo.files import day, moment
from scoring.demo.foundation import find_year
from scoring.demo.promises import SECRETARY, secretary_for
from scoring.demo.timeline import Timeline, after, on
from scoring.services import phases, publications

_FOUNDED_AT = "2019-12-02T08:00:00+07:00"


def is_seeded() -> bool:
    return Cluster.objects.filter(is_illustrative=True).exists()


@transaction.atomic
def seed(password: str) -> None:
    """Fills an empty database with the demo. The caller has made sure that there is none yet."""
    at = moment(_FOUNDED_AT)
    administrator = people.make_administrator()
    foundation.catalogue()
    foundation.clusters(administrator, at)
    foundation.units(administrator, at)
    people.make_others()
    people.set_password(password)
    timeline = Timeline()
    for row in files.rows("years"):
        _plan_year(timeline, row)
    timeline.run()
    # What a year that is over sent to people was read long ago.
    Notification.objects.filter(year__phase=Phase.CONCLUDED).update(read_at=F("created_at"))


def _plan_year(timeline: Timeline, row: files.Row) -> None:
    cluster, number = row["cluster"], row["year"]
    main = files.rows("clusters")[0]["slug"]
    secretary = SECRETARY if cluster == main else f"thuky.{cluster}"
    opened_on = day(f"{int(number) - 1}-12-28")
    timeline.add(on(opened_on, 8), lambda at: _open(row, secretary, at))
    timeline.add(after(opened_on, 7), lambda at: _advance(cluster, number, secretary, at))
    if cluster != main:
        return
    promises.plan_pledge(timeline, cluster, number)
    promises.plan_campaigns(timeline, cluster, number)
    promises.plan_commendations(timeline, cluster, number)
    records.plan_registrations(timeline, cluster, number)
    records.plan_participation(timeline, cluster, number)
    _plan_scoring(timeline, row)
    year_papers.plan(timeline, row)
    if Phase(row["phase"]) == Phase.CONCLUDED:
        _plan_conclusion(timeline, row)


def _open(row: files.Row, secretary: str, at: datetime) -> None:
    """The first year of a cluster is the administrator's to open, the others the secretariat's."""
    is_first = not EmulationYear.objects.filter(cluster__slug=row["cluster"]).exists()
    opener = people.named(people.ADMINISTRATOR if is_first else secretary)
    foundation.year(row, opener, people.named(secretary), at)


def _advance(cluster: str, number: str, secretary: str, at: datetime) -> None:
    phases.advance(year=find_year(cluster, number), by=people.named(secretary), at=at)


def _plan_scoring(timeline: Timeline, row: files.Row) -> None:
    cluster, number = row["cluster"], row["year"]
    [deadline] = files.rows("deadlines", cluster=cluster, year=number, step="self_scoring")
    due_at = moment(deadline["due_at"])
    opened_at = due_at - timedelta(days=15)

    def set_up(at: datetime) -> None:
        year = find_year(cluster, number)
        criteria.applied_set(year, people.named(SECRETARY), at)
        criteria.targets(year, lambda unit: people.named(secretary_for(unit)), at)

    timeline.add(on(day(f"{number}-02-25"), 10), set_up)
    timeline.add(opened_at, lambda at: _advance(cluster, number, SECRETARY, at))
    for extension in files.rows("extensions", cluster=cluster, year=number):
        timeline.add(moment(extension["granted_at"]), lambda at, extension=extension: _extend(extension, at))
    cards.plan(timeline, cluster, number, opened_at + timedelta(days=12))
    reviews.plan(timeline, cluster, number)
    papers.plan_delegations(timeline, cluster, number)
    first_review = min(
        moment(card["reviewed_at"]) for card in files.rows("scorecards", year=number) if card["reviewed_at"]
    )
    timeline.add(first_review - timedelta(hours=2), lambda at: _advance(cluster, number, SECRETARY, at))


def _extend(row: files.Row, at: datetime) -> None:
    year = find_year(row["cluster"], row["year"])
    years.extend(
        deadline=year.deadlines.get(step=row["step"]),
        membership=Membership.objects.get(year=year, unit__code=row["unit"]),
        until=moment(row["until"]),
        reason=row["reason"],
        by=people.named(SECRETARY),
        at=at,
    )


def _plan_conclusion(timeline: Timeline, row: files.Row) -> None:
    """Approving, publication by two persons, the conference and its resolutions, the report and the conclusion."""
    cluster, number = row["cluster"], row["year"]
    leader, deputy = row["publication_proposed_by"], row["publication_confirmed_by"]
    reviewed = [moment(card["reviewed_at"]) for card in files.rows("scorecards", year=number)]
    approved = [moment(card["approved_at"]) for card in files.rows("scorecards", year=number)]
    proposed_at, confirmed_at = moment(row["publication_proposed_at"]), moment(row["publication_confirmed_at"])
    timeline.add(max(reviewed) + timedelta(hours=1), lambda at: _advance(cluster, number, SECRETARY, at))
    timeline.add(max(approved) + timedelta(hours=1), lambda at: _advance(cluster, number, SECRETARY, at))

    def propose(at: datetime) -> None:
        publications.propose(year=find_year(cluster, number), by=people.named(leader), at=at)

    def publish(at: datetime) -> None:
        year = find_year(cluster, number)
        step = pending.open_step(PendingKind.PUBLISH, year)
        publications.confirm(year=year, step=step, by=people.named(deputy), at=at)

    timeline.add(proposed_at, propose)
    timeline.add(confirmed_at, publish)
    timeline.add(confirmed_at + timedelta(minutes=30), lambda at: _resolve(cluster, number, at))
    ending.plan(timeline, row)


def _resolve(cluster: str, number: str, at: datetime) -> None:
    """Records the year-end conference with what it settled."""
    found = files.rows("resolutions", cluster=cluster, year=number)
    year = find_year(cluster, number)
    members = foundation.members_of(year)
    meeting = Meeting(
        year=year,
        kind=MeetingKind(found[0]["meeting_kind"]),
        held_on=day(found[0]["held_on"]),
        place=found[0]["place"],
        minutes_number=found[0]["minutes_number"],
    )
    resolutions = [
        Resolution(kind=row["kind"], text=row["text"], named=members.get(row["named"]), vote=row["vote"])
        for row in found
    ]
    meetings.record(meeting=meeting, resolutions=resolutions, by=people.named(SECRETARY), at=at)
