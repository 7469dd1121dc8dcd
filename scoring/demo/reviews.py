"""Who reviews which card in the demo, and the objections to what was reviewed."""

from datetime import datetime

from members.models import Membership
from scoring.demo import files, people
from scoring.demo.cards import card_of
from scoring.demo.files import decimal, moment
from scoring.demo.timeline import Timeline
from scoring.enums import ObjectionStatus
from scoring.models import Objection
from scoring.services import objections, reviewing
from scoring.services.objections import Outcome


def plan(timeline: Timeline, cluster: str, year: str) -> None:
    """Plans the requests to review, and every objection with its answer and its end."""
    for row in files.rows("reviewers", year=year):
        timeline.add(moment(row["assigned_at"]), lambda at, row=row: _assign(cluster, row, at))
    for row in files.rows("objections", year=year):
        timeline.add(moment(row["raised_at"]), lambda at, row=row: _raise(cluster, row, at))
        if row["answered_at"]:
            timeline.add(moment(row["answered_at"]), lambda at, row=row: _answer(cluster, row, at))
        if row["settled_at"]:
            timeline.add(moment(row["settled_at"]), lambda at, row=row: _settle(cluster, row, at))


def _assign(cluster: str, row: files.Row, at: datetime) -> None:
    card = card_of(cluster, row["year"], row["unit"])
    reviewer = Membership.objects.get(year=card.membership.year, unit__code=row["reviewing_unit"])
    reviewing.assign(card=card, membership=reviewer, by=people.named(row["assigned_by"]), at=at)


def _raise(cluster: str, row: files.Row, at: datetime) -> None:
    card = card_of(cluster, row["year"], row["unit"])
    objections.raise_(
        card=card,
        line_pk=card.lines.get(criterion__code=row["criterion"]).pk,
        text=row["claim"],
        claimed_value=decimal(row["claimed_value"]),
        by=people.named(row["raised_by"]),
        at=at,
    )


def _objection(cluster: str, row: files.Row) -> Objection:
    card = card_of(cluster, row["year"], row["unit"])
    return Objection.objects.get(line__scorecard=card, line__criterion__code=row["criterion"])


def _answer(cluster: str, row: files.Row, at: datetime) -> None:
    objections.answer(
        objection=_objection(cluster, row), text=row["answer"], by=people.named(row["answered_by"]), at=at
    )


def _settle(cluster: str, row: files.Row, at: datetime) -> None:
    objection, by = _objection(cluster, row), people.named(row["settled_by"])
    if row["status"] == ObjectionStatus.WITHDRAWN:
        objections.withdraw(objection=objection, reason=row["reason"], by=by, at=at)
        return
    is_accepted = row["status"] == ObjectionStatus.ACCEPTED
    outcome = Outcome(is_accepted=is_accepted, reason=row["reason"], value=decimal(row["value"]))
    version = objection.line.scorecard.version
    objections.settle(objection=objection, version=version, outcome=outcome, by=by, at=at)
