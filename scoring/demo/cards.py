"""The nine score cards of a year, brought by the services to the state that the demo shows them in."""

from datetime import datetime, timedelta

from members.models import User
from scoring import sheets
from scoring.demo import evidence, files, papers, people
from scoring.demo.files import decimal, moment
from scoring.demo.timeline import Timeline
from scoring.models import Scorecard, ScoreLine
from scoring.services import approvals, lines, scorecards
from scoring.services.approvals import Seen
from scoring.services.lines import Entry


def card_of(cluster: str, year: str, unit: str) -> Scorecard:
    return Scorecard.objects.select_related(
        "membership__year__cluster", "membership__year__rules", "membership__unit", "criteria_set"
    ).get(membership__year__cluster__slug=cluster, membership__year__year=year, membership__unit__code=unit)


def plan(timeline: Timeline, cluster: str, year: str, opened_at: datetime) -> None:
    """Plans what happens to every card of the year, from its first entries on."""
    scores = files.rows(f"scores_{year}")
    for row in files.rows("scorecards", year=year):
        own = [score for score in scores if score["unit"] == row["unit"]]
        _plan_card(timeline, cluster, row, own, opened_at)


def _plan_card(timeline: Timeline, cluster: str, row: files.Row, scores: list[files.Row], opened_at: datetime) -> None:
    year, unit = row["year"], row["unit"]
    if paper := papers.of_card(year, unit):
        timeline.add(moment(paper["recorded_at"]), lambda at: papers.record(card_of(cluster, year, unit), paper, at))
    filled_at = _filled_at(row, paper, opened_at)
    timeline.add(filled_at, lambda at: _fill(card_of(cluster, year, unit), row, scores, at))
    proved_at = filled_at + timedelta(hours=1 if row["submitted_at"] else 10)
    timeline.add(proved_at, lambda at: _prove(card_of(cluster, year, unit), row, at))
    if row["submitted_at"]:
        timeline.add(moment(row["submitted_at"]), lambda at: _submit(card_of(cluster, year, unit), row, at))
    if row["reviewed_at"]:
        reviewed_at = moment(row["reviewed_at"])
        started_at = reviewed_at - timedelta(minutes=40)
        timeline.add(started_at, lambda at: _review(card_of(cluster, year, unit), row, scores, at))
        timeline.add(reviewed_at, lambda at: _conclude(card_of(cluster, year, unit), row, at))
    if row["approved_at"]:
        timeline.add(moment(row["approved_at"]), lambda at: _approve(card_of(cluster, year, unit), row, at))
    if row["returned_at"]:
        timeline.add(moment(row["returned_at"]), lambda at: _return(card_of(cluster, year, unit), row, at))


def _filled_at(row: files.Row, paper: files.Row | None, opened_at: datetime) -> datetime:
    """The afternoon before the card is submitted; what is entered on behalf of a unit, an hour after its paper came."""
    if paper and _is_on_behalf(row):
        return moment(paper["recorded_at"]) + timedelta(hours=1)
    return moment(row["submitted_at"]) - timedelta(hours=18) if row["submitted_at"] else opened_at


def _is_on_behalf(row: files.Row) -> bool:
    return row["submitted_by"] in people.SECRETARIES


def _filler(row: files.Row) -> User:
    """The officer of the unit, or who enters the card on behalf of it."""
    return people.named(row["submitted_by"] if _is_on_behalf(row) else row["unit"].lower() + people.OFFICER_SUFFIX)


def _typed_lines(card: Scorecard) -> dict[str, ScoreLine]:
    """The lines that people fill in, by code; the others take their values from the records of the demo."""
    return {line.criterion.code: line for line in sheets.load(card).lines if not line.criterion.source}


def _fill(card: Scorecard, row: files.Row, scores: list[files.Row], at: datetime) -> None:
    by_code = _typed_lines(card)
    entries = [
        Entry(line.pk, decimal(score["self_value"]), score["self_note"], 1, is_estimate=score["is_estimate"] == "1")
        for score in scores
        if score["self_value"] and (line := by_code.get(score["criterion"]))
    ]
    lines.fill(card=card, entries=entries, by=_filler(row), at=at)


def _prove(card: Scorecard, row: files.Row, at: datetime) -> None:
    evidence.add(card, _filler(row), at)


def _submit(card: Scorecard, row: files.Row, at: datetime) -> None:
    scorecards.submit(card=card, version=card.version, by=people.named(row["submitted_by"]), at=at)


def _review(card: Scorecard, row: files.Row, scores: list[files.Row], at: datetime) -> None:
    """Writes the values that differ; the rest is accepted as claimed."""
    reviewer = people.named(row["reviewed_by"])
    by_code = _typed_lines(card)
    entries = [
        Entry(line.pk, decimal(score["reviewed_value"]), score["reviewed_reason"], line.version)
        for score in scores
        if (line := by_code.get(score["criterion"])) and line.self_value != decimal(score["reviewed_value"])
    ]
    sheet = lines.review(card=card, entries=entries, by=reviewer, at=at)
    seen = {line.pk: line.version for line in sheet.lines}
    lines.accept_as_claimed(card=card, code="", seen=seen, by=reviewer, at=at)


def _conclude(card: Scorecard, row: files.Row, at: datetime) -> None:
    scorecards.conclude_review(card=card, version=card.version, by=people.named(row["reviewed_by"]), at=at)


def _approve(card: Scorecard, row: files.Row, at: datetime) -> None:
    seen = Seen(card.pk, card.version, approvals.digest_of(sheets.load(card)))
    approvals.approve(seen=seen, by=people.named(row["approved_by"]), at=at)


def _return(card: Scorecard, row: files.Row, at: datetime) -> None:
    scorecards.return_card(
        card=card,
        version=card.version,
        reason=row["returned_reason"],
        codes=row["returned_lines"].split("|"),
        by=people.named(row["returned_by"]),
        at=at,
    )
