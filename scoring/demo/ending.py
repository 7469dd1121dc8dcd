"""The end of the year 2020: the text of the summary, its official edition, and the conclusion by two persons."""

from datetime import datetime

from members.enums import PendingKind
from members.services import pending
from scoring.demo import files, people
from scoring.demo.files import day
from scoring.demo.foundation import find_year
from scoring.demo.promises import SECRETARY
from scoring.demo.timeline import Timeline, after, on
from scoring.services import phases
from scoring.year_end.services import editions, paragraphs
from scoring.year_end.services.paragraphs import Entry


def plan(timeline: Timeline, row: files.Row) -> None:
    """Plans the acts that follow the conference; the report's number and date stand in the year's row."""
    cluster, number = row["cluster"], row["year"]
    leader, deputy = row["publication_proposed_by"], row["publication_confirmed_by"]
    dated_on = day(row["report_on"])
    if dated_on is None:
        return

    def write(at: datetime) -> None:
        entries = [Entry(text["key"], text["text"], 0) for text in files.rows(f"paragraphs_{number}")]
        paragraphs.write(year=find_year(cluster, number), entries=entries, by=people.named(SECRETARY), at=at)

    def issue(at: datetime) -> None:
        report_number = row["report_number"].partition("-")[0]
        editions.issue(
            year=find_year(cluster, number), number=report_number, dated_on=dated_on, by=people.named(leader), at=at
        )

    def propose(at: datetime) -> None:
        phases.propose_closing(year=find_year(cluster, number), by=people.named(leader), at=at)

    def confirm(at: datetime) -> None:
        year = find_year(cluster, number)
        step = pending.open_step(PendingKind.CONCLUDE, year)
        phases.confirm_closing(year=year, step=step, by=people.named(deputy), at=at)

    timeline.add(after(dated_on, -6, 14), write)
    timeline.add(on(dated_on, 10), issue)
    timeline.add(after(dated_on, 2), propose)
    timeline.add(after(dated_on, 2, 15), confirm)
