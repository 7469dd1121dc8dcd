"""The papers of a year in the demo: what the secretariat types, what the leader issues and takes back, and the numbers
that the year's own register gives out."""

from datetime import datetime

from cluster_app.documents.enums import DocumentKind, NumberStatus
from cluster_app.documents.models import DocumentNumber
from members import paper_heads, registers
from members.models import User
from members.services import numbers
from scoring.demo import files, people
from scoring.demo.files import day, moment
from scoring.demo.foundation import find_year
from scoring.demo.promises import SECRETARY
from scoring.demo.timeline import Timeline
from scoring.paperwork import queries
from scoring.paperwork.services import issuing, settling


def plan(timeline: Timeline, row: files.Row) -> None:
    """Plans the papers and the numbers of the year that `row` of the years describes."""
    cluster, year = row["cluster"], row["year"]
    leader = row["leader"].lower()
    for number in files.rows("numbers", cluster=cluster, year=year):
        timeline.add(moment(number["reserved_at"]), lambda at, number=number: _reserve(number, at))
        if number["voided_at"]:
            timeline.add(moment(number["voided_at"]), lambda at, number=number: _void(number, at))
    for paper in files.rows("year_papers", cluster=cluster, year=year):
        if paper["settled_at"]:
            timeline.add(moment(paper["settled_at"]), lambda at, paper=paper: _settle(paper, at))
        if paper["issued_at"]:
            timeline.add(moment(paper["issued_at"]), lambda at, paper=paper: _issue(paper, people.named(leader), at))
        if paper["withdrawn_at"]:
            timeline.add(
                moment(paper["withdrawn_at"]), lambda at, paper=paper: _withdraw(paper, people.named(leader), at)
            )


def _settle(row: files.Row, at: datetime) -> None:
    year, kind = find_year(row["cluster"], row["year"]), DocumentKind(row["kind"])
    present = paper_heads.settled(year, kind)
    of_paper = {name: row[name] for name in ("cluster", "year", "kind", "edition")}
    settling.settle(
        year=year,
        kind=kind,
        letterhead="",
        recipients="\n".join(row["recipients"].split("|")),
        values={value["name"]: value["text"] for value in files.rows("year_paper_values", **of_paper)},
        version=present.version if present.pk else 0,
        by=people.named(SECRETARY),
        at=at,
    )


def _issue(row: files.Row, by: User, at: datetime) -> None:
    issuing.issue(
        year=find_year(row["cluster"], row["year"]),
        kind=DocumentKind(row["kind"]),
        number=row["number"],
        dated_on=day(row["dated_on"]),
        by=by,
        at=at,
    )


def _withdraw(row: files.Row, by: User, at: datetime) -> None:
    year = find_year(row["cluster"], row["year"])
    [issued] = [one for one in queries.issued_papers(year) if one.kind == row["kind"] and one.withdrawn_at is None]
    issuing.withdraw(year=year, issued=issued, reason=row["withdrawn_reason"], by=by, at=at)


def _reserve(row: files.Row, at: datetime) -> None:
    numbers.reserve(
        year=find_year(row["cluster"], row["year"]),
        kind=DocumentKind(row["kind"]),
        purpose=row["purpose"],
        begin_at=int(row["begin_at"]),
        by=people.named(SECRETARY),
        at=at,
    )


def _void(row: files.Row, at: datetime) -> None:
    year = find_year(row["cluster"], row["year"])
    [number] = [one for one in registers.numbers_of(year) if one.purpose == row["purpose"] and _is_open(one)]
    numbers.void(year=year, number=number, reason=row["void_reason"], by=people.named(SECRETARY), at=at)


def _is_open(number: DocumentNumber) -> bool:
    return number.status == NumberStatus.RESERVED
