"""What was signed on paper in the demo: score cards from which others enter or submit, and the leader's delegation."""

from datetime import datetime

from cluster_app.lib import uploads
from members.enums import SignatureForm
from members.models import Delegation
from members.services import delegations
from scoring.demo import evidence, files, people
from scoring.demo.files import day, moment
from scoring.demo.foundation import find_year, members_of
from scoring.demo.timeline import Timeline
from scoring.models import Scorecard, SignedPaper
from scoring.services import signed_papers


def of_card(year: str, unit: str) -> files.Row | None:
    """The signed paper of the unit's card; None where its signatory submits it without one."""
    return next(iter(files.rows("signed_papers", year=year, unit=unit)), None)


def record(card: Scorecard, row: files.Row, at: datetime) -> SignedPaper:
    """Records the paper with its scan, which is made here and shows its title only."""
    paper = signed_papers.Paper(
        number=row["number"],
        signed_on=day(row["signed_on"]),
        upload=uploads.judge(row["file"], evidence.paper(row["title"])),
    )
    return signed_papers.record(card=card, paper=paper, by=people.named(row["recorded_by"]), at=at)


def plan_delegations(timeline: Timeline, cluster: str, year: str) -> None:
    for row in files.rows("delegations", cluster=cluster, year=year):
        timeline.add(moment(row["recorded_at"]), lambda at, row=row: _delegate(row, at))


def _delegate(row: files.Row, at: datetime) -> Delegation:
    members = members_of(find_year(row["cluster"], row["year"]))
    paper = delegations.Paper(
        form=SignatureForm(row["form"]),
        number=row["number"],
        decided_on=day(row["decided_on"]),
        starts_on=day(row["starts_on"]),
        ends_on=day(row["ends_on"]),
    )
    return delegations.record(
        principal=members[row["principal"]],
        delegate_unit=members[row["delegate_unit"]],
        delegate=people.named(row["delegate"]),
        paper=paper,
        by=people.named(row["recorded_by"]),
        at=at,
    )
