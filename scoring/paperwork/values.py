"""What the records of a year fill into the templates of its papers. Words are Vietnamese; nothing is written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property

from django.utils import timezone

from cluster_app.documents import letterheads
from cluster_app.documents.blocks import LetterheadKind, Table
from cluster_app.documents.enums import DocumentKind
from cluster_app.documents.letterheads import PAPER_TYPES
from cluster_app.documents.models import IssuedDocument
from cluster_app.lib.wording import date_long
from members import paper_heads
from members.enums import ClusterKind, DeadlineStep, ResolutionKind, Standing
from members.models import EmulationYear, Resolution
from members.queries import calendar, resolutions
from members.signing import LeaderSignatures, of_leader
from scoring.paperwork import grounds, tables
from scoring.paperwork.grounds import Ground, LegalBasis
from scoring.paperwork.late import LateRow, late_rows
from scoring.paperwork.proposed import Proposed, proposed
from scoring.paperwork.templates import Value
from scoring.ranking import Ranking, ranking

_STANDINGS = {Standing.SUSPENDED: "tạm dừng xét", Standing.DISQUALIFIED: "không xét"}
PROPOSAL_NAME = PAPER_TYPES[DocumentKind.PROPOSAL].name.capitalize()
# How the line of a list that names its proposal begins; the number follows.
REFERENCE = f"(Kèm theo {PROPOSAL_NAME} số "
# The words of the deadlines as a plan prints them.
_STEPS = {
    DeadlineStep.PLEDGE_SIGNING: "Ký giao ước thi đua",
    DeadlineStep.SELF_SCORING: "Tự chấm điểm, gửi phiếu và minh chứng",
    DeadlineStep.REVIEWING: "Thẩm định, chấm chéo",
    DeadlineStep.OBJECTING: "Kiến nghị về điểm",
    DeadlineStep.APPROVING: "Phê duyệt điểm",
    DeadlineStep.CONFERENCE: "Hội nghị tổng kết",
    DeadlineStep.CONCLUSION: "Kết thúc năm thi đua",
}


@dataclass
class Records:
    """The records of a year as papers of one day read them; each part is read when the first paper asks for it."""

    year: EmulationYear
    at: datetime
    dated_on: date | None = None
    proposal: IssuedDocument | None = None

    @property
    def day(self) -> date:
        return self.dated_on or timezone.localdate(self.at)

    @property
    def moment(self) -> datetime:
        """The moment of the paper: now, or the end of an earlier day of which it is dated."""
        if self.day >= timezone.localdate(self.at):
            return self.at
        return datetime.combine(self.day, time.max, tzinfo=timezone.get_current_timezone())

    @cached_property
    def ranking(self) -> Ranking:
        return ranking(self.year)

    @cached_property
    def proposed(self) -> Proposed:
        return proposed(self.year, self.ranking)

    @cached_property
    def signing(self) -> LeaderSignatures:
        return of_leader(self.year)

    @cached_property
    def late(self) -> list[LateRow]:
        return late_rows(self.year, self.moment)

    def settled(self, kind: ResolutionKind) -> list[Resolution]:
        """The resolutions of the last meeting that settled any of this kind."""
        found = list(resolutions(self.year, kind))
        return [one for one in found if one.meeting_id == found[-1].meeting_id]


def filled(kind: DocumentKind, records: Records) -> dict[str, Value]:
    """Everything that the template of `kind` takes from the year's records."""
    year = records.year
    common: dict[str, Value] = {
        "year": str(year.year),
        "cluster": year.cluster.name,
        "leader_title": year.leader_title,
        "unit_count": f"{len(year.roster()):02d}",
    }
    return {**common, **_FILLERS[kind](records)}


def _plan(records: Records) -> Mapping[str, Value]:
    rows = [(_STEPS[DeadlineStep(step)], _moment(one.due_at)) for step, one in calendar(records.year).items()]
    return {
        "grounds": _lines(grounds.of_year(records.year, with_plan=False)),
        "schedule": _table(tables.schedule(rows)),
    }


def _invitation(records: Records) -> Mapping[str, Value]:
    return {"units": "\n".join(member.name for member in records.year.roster())}


def _reminder(records: Records) -> Mapping[str, Value]:
    names = list(dict.fromkeys(row.membership.name for row in records.late))
    return {
        "counted_at": date_long(records.day),
        "late_units": "\n".join(names),
        "late_count": f"{len(names):02d}" if names else "",
        "late_list": _table(tables.late(records.late)),
    }


def _notice(records: Records) -> Mapping[str, Value]:
    year = records.year
    published = timezone.localdate(year.published_at) if year.published_at else None
    unranked = [
        f"{member.name}: {_STANDINGS[Standing(member.standing)]} ({member.standing_reason})."
        for member in year.roster()
        if not member.is_ranked
    ]
    exemplary = [one.text for one in records.settled(ResolutionKind.EXEMPLARY_UNIT)]
    officers = [*records.settled(ResolutionKind.LEADER), *records.settled(ResolutionKind.DEPUTY)]
    return {
        "grounds": _lines(grounds.of_year(year)),
        "published_on": date_long(published) if published else "",
        "results": _table(tables.results(records.ranking)),
        "unranked": "\n".join(unranked),
        "exemplary": "\n".join(_sentence(text) for text in exemplary),
        "next_officers": "\n".join(_sentence(one.text) for one in officers),
    }


def _proposal(records: Records) -> Mapping[str, Value]:
    found = records.proposed
    meeting = found.meeting
    conference = ""
    if meeting is not None:
        minutes = f" (Biên bản số {meeting.minutes_number})" if meeting.minutes_number else ""
        conference = f"hội nghị {date_long(meeting.held_on)}{minutes}"
    return {
        "award_names": ", ".join(filter(None, found.award_names)),
        "legal_bases": _lines([*grounds.in_force(records.day), *grounds.of_year(records.year)]),
        "conference": conference,
        "proposed_count": f"{len(found.members):02d}" if found.members else "",
        "proposed": _table(tables.proposed_by_form(found.units)),
    }


def _proposal_list(records: Records) -> Mapping[str, Value]:
    found = records.proposed
    return {
        "attached_to": _attached_to(records),
        "proposed_count": f"{len(found.members):02d}" if found.members else "",
        "list": _table(tables.proposed_list(found.units)),
    }


def _attached_to(records: Records) -> str:
    """The proposal to which the list belongs; what is written on it by hand has room for the pen here too."""
    issued, year = records.proposal, records.year
    if issued is not None:
        made_on = timezone.localdate(issued.issued_at)
        return letterheads.attached_to(PROPOSAL_NAME, issued.number_symbol, issued.dated_on, year=made_on.year)
    kind = paper_heads.letterhead_kind(paper_heads.settled(year, DocumentKind.PROPOSAL))
    symbol = letterheads.number_symbol(
        LetterheadKind(kind),
        "",
        type_code=PAPER_TYPES[DocumentKind.PROPOSAL].code,
        issuer_code=paper_heads.ISSUER_CODES[ClusterKind(year.cluster.kind)],
    )
    return letterheads.attached_to(PROPOSAL_NAME, symbol, None, year=records.day.year)


_FILLERS: dict[DocumentKind, Callable[[Records], Mapping[str, Value]]] = {
    DocumentKind.PLAN: _plan,
    DocumentKind.INVITATION: _invitation,
    DocumentKind.REMINDER: _reminder,
    DocumentKind.NOTICE: _notice,
    DocumentKind.PROPOSAL: _proposal,
    DocumentKind.PROPOSAL_LIST: _proposal_list,
}


def _table(table: Table) -> tuple[Table, ...]:
    """The table, or nothing where it has no rows."""
    return (table,) if table.rows else ()


def _lines(found: Sequence[Ground | LegalBasis]) -> str:
    return "\n".join(one.text for one in found)


def _moment(due_at: datetime) -> str:
    return f"{timezone.localtime(due_at):%H:%M} ngày {timezone.localtime(due_at):%d/%m/%Y}"


def _sentence(text: str) -> str:
    return text if text.rstrip().endswith((".", ";", "!")) else f"{text.rstrip()}."
