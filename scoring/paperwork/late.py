"""What is late in a year, unit by unit: the same rows for the letter, its page and its issue. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from awards.enums import PledgeStatus
from awards.models import Pledge
from awards.queries import unsigned
from members.calculations import late_days
from members.enums import DeadlineStep
from members.models import EmulationYear, Membership
from members.queries import calendar, due_for
from scoring.enums import CardStatus
from scoring.queries import cards_of
from scoring.workflow import OPEN_PHASES

PLEDGE, CARD, CORRECTION = (
    "Ký bản giao ước thi đua",
    "Gửi phiếu tự chấm điểm thi đua",
    "Hoàn thiện, gửi lại phiếu chấm điểm được trả lại",
)
_CARD_STEPS = {
    CardStatus.DRAFT: (DeadlineStep.SELF_SCORING, CARD),
    CardStatus.RETURNED: (DeadlineStep.REVIEWING, CORRECTION),
}


@dataclass(frozen=True)
class LateRow:
    """One thing that a unit owes: what, since when, by how many days of the calendar."""

    membership: Membership
    what: str
    due_at: datetime
    days: int

    @property
    def due_text(self) -> str:
        return f"{timezone.localtime(self.due_at):%H:%M %d/%m/%Y}"


def late_rows(year: EmulationYear, at: datetime) -> list[LateRow]:
    """Everything that is overdue at that moment, in protocol order, extensions counted in. Four queries at most."""
    owed = [*_pledges(year), *_cards(year)]
    found = []
    for membership, step, what in owed:
        due = due_for(year, step, membership)
        if due is not None and (days := late_days(due.due_at, at)):
            found.append(LateRow(membership, what, due.due_at, days))
    places = {member.pk: place for place, member in enumerate(year.roster())}
    return sorted(found, key=lambda row: (places[row.membership.pk], row.due_at, row.what))


def _pledges(year: EmulationYear) -> Iterator[tuple[Membership, DeadlineStep, str]]:
    if DeadlineStep.PLEDGE_SIGNING not in calendar(year):
        return
    if Pledge.objects.filter(year=year, status__in=(PledgeStatus.OPEN, PledgeStatus.SIGNED)).exists():
        for member in unsigned(year):
            yield member, DeadlineStep.PLEDGE_SIGNING, PLEDGE


def _cards(year: EmulationYear) -> Iterator[tuple[Membership, DeadlineStep, str]]:
    if year.phase not in OPEN_PHASES["submit"]:
        return
    for card in cards_of(year):
        step, what = _CARD_STEPS.get(CardStatus(card.status), (None, ""))
        if step is not None:
            yield card.membership, step, what
