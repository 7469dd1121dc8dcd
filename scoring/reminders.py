"""Who must be reminded of what: steps that are open, with their deadlines. Reads only.

A reminder comes seven, three and one day before a deadline; after it each day of the first week, then once a week.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from awards.enums import PledgeStatus
from awards.models import Pledge
from awards.queries import unsigned
from cluster_app.audit.rows import key_of
from members.addresses import year_url
from members.calculations import late_days
from members.enums import DeadlineStep
from members.models import EmulationYear, Membership
from members.queries import Due, due_for
from members.services.notifications import Message
from scoring import queries
from scoring.concerned import People, approvers_of
from scoring.enums import CardStatus
from scoring.models import Scorecard
from scoring.queries import CardRow
from scoring.workflow import OPEN_PHASES

BEFORE = (1, 3, 7)  # days; the smallest one that is reached counts
_DAILY = 7  # days after a deadline; then weekly

_PLEDGE = gettext_noop("The pledge waits for the signature of %(unit)s until %(until)s.")
_PLEDGE_LATE = gettext_noop("The pledge still waits for the signature of %(unit)s; it was due %(until)s.")
_SUBMIT = gettext_noop("The score card of %(unit)s is to be submitted until %(until)s.")
_SUBMIT_LATE = gettext_noop("The score card of %(unit)s is late: it was due %(until)s (days late: %(days)d).")
_CORRECT = gettext_noop("The returned score card of %(unit)s is to be corrected and submitted until %(until)s.")
_CORRECT_LATE = gettext_noop("The returned score card of %(unit)s is still to be corrected; it was due %(until)s.")
_OBJECT = gettext_noop("Objections to the reviewed points of %(unit)s are open until %(until)s.")
_REVIEW = gettext_noop("Score cards wait for your review until %(until)s: %(units)s.")
_REVIEW_LATE = gettext_noop("Score cards still wait for your review; it was due %(until)s: %(units)s.")
_APPROVE = gettext_noop("Score cards wait for your approval until %(until)s: %(units)s.")
_APPROVE_LATE = gettext_noop("Score cards still wait for your approval; it was due %(until)s: %(units)s.")


@dataclass(frozen=True)
class _Moment:
    """Where a deadline stands: `stage` names the reminder that is due now, the same until the next one is."""

    due: Due
    stage: str
    days_late: int

    @property
    def until(self) -> str:
        return f"{timezone.localtime(self.due.due_at):%d/%m/%Y %H:%M}"


def stage_of(due_at: datetime, at: datetime) -> str:
    """The name of the reminder that is due at that moment: "before-3", "late-2", "late-14"; empty for none."""
    if days := late_days(due_at, at):
        return f"late-{days if days <= _DAILY else days // _DAILY * _DAILY}"
    left = (timezone.localdate(due_at) - timezone.localdate(at)).days
    return next((f"before-{limit}" for limit in BEFORE if left <= limit), "")


def messages_of(year: EmulationYear, at: datetime) -> list[Message]:
    """Every reminder of the year that is due at that moment, whether it was sent before or not. The number of queries
    does not grow with the units."""
    people = People(year)
    cards = queries.cards_of(year)
    found = [*_pledges(year, people, at), *_cards(year, people, cards, at)]
    if year.phase in OPEN_PHASES["review"]:
        waiting = [card for card in cards if card.status == CardStatus.SUBMITTED]
        asked = {card.pk: people.reviewers(card) for card in waiting}
        page, step = "scoring:scorecard_list", DeadlineStep.REVIEWING
        found += _for_deciders(year, waiting, asked, step, (_REVIEW, _REVIEW_LATE), page, at)
    if year.phase in OPEN_PHASES["approve"]:
        waiting = [card for card in cards if card.status == CardStatus.REVIEWED]
        asked = approvers_of(people, waiting, at) if waiting else {}
        page, step = "scoring:scorecard_list", DeadlineStep.APPROVING
        found += _for_deciders(year, waiting, asked, step, (_APPROVE, _APPROVE_LATE), page, at)
    return found


def copied_text(year: EmulationYear, rows: Sequence[CardRow]) -> str:
    """The units that are late with their card, as plain text to be pasted into a message; empty if there are none."""
    late = [row for row in rows if row.late and row.status["css"] == CardStatus.DRAFT]
    if not late:
        return ""
    lines = [_("Late with the score card of %(year)s:") % {"year": year.year}]
    for number, row in enumerate(late, start=1):
        filled = _("%(filled)s criteria filled in, not submitted") % {"filled": row.progress}
        lines.append(f"{number}. {row.membership.name}: {row.due}; {row.late}; {filled}.")
    return "\n".join(lines)


def _pledges(year: EmulationYear, people: People, at: datetime) -> Iterator[Message]:
    pledge = Pledge.objects.filter(year=year, status__in=(PledgeStatus.OPEN, PledgeStatus.SIGNED)).first()
    if pledge is None:
        return
    url, step = year_url("awards:pledge_detail", year), DeadlineStep.PLEDGE_SIGNING
    for member in unsigned(year):
        yield from _for_unit(year, people, member, step, (_PLEDGE, _PLEDGE_LATE), url, key_of(member), at)


def _cards(year: EmulationYear, people: People, cards: Iterable[Scorecard], at: datetime) -> Iterator[Message]:
    """What the unit of each card has to do, or may do, with it."""
    todo = {
        CardStatus.DRAFT: ("submit", DeadlineStep.SELF_SCORING, (_SUBMIT, _SUBMIT_LATE)),
        CardStatus.RETURNED: ("submit", DeadlineStep.REVIEWING, (_CORRECT, _CORRECT_LATE)),
        CardStatus.REVIEWED: ("object", DeadlineStep.OBJECTING, (_OBJECT, "")),
    }
    for card in cards:
        act, step, texts = todo.get(CardStatus(card.status), ("", None, ("", "")))
        if step is not None and year.phase in OPEN_PHASES[act]:
            url = year_url("scoring:scorecard_detail", year, code=card.membership.unit.code)
            name = f"{card.status}:{key_of(card)}"
            yield from _for_unit(year, people, card.membership, step, texts, url, name, at)


def _for_unit(
    year: EmulationYear,
    people: People,
    member: Membership,
    step: DeadlineStep,
    texts: tuple[str, str],
    url: str,
    name: str,
    at: datetime,
) -> Iterator[Message]:
    moment = _moment(year, step, member, at)
    text = _text(texts, moment)
    if moment is not None and text:
        unit = member.short_name or member.name
        names: dict[str, str | int] = {"unit": unit, "until": moment.until, "days": moment.days_late}
        yield Message(people.of_unit(member.unit_id), year, _key(step, name, moment), text, url, names)


def _for_deciders(
    year: EmulationYear,
    cards: Iterable[Scorecard],
    asked: dict[int, set[int]],
    step: DeadlineStep,
    texts: tuple[str, str],
    page: str,
    at: datetime,
) -> Iterator[Message]:
    """One reminder a person and deadline, however many cards wait."""
    waiting: dict[tuple[str, int], tuple[_Moment, list[str]]] = {}
    for card in cards:
        moment = _moment(year, step, card.membership, at)
        if moment is None:
            continue
        key = _key(step, key_of(year), moment)
        for user in asked[card.pk]:
            waiting.setdefault((key, user), (moment, []))[1].append(card.membership.short_name or card.membership.name)
    for (key, user), (moment, units) in waiting.items():
        names = {"until": moment.until, "units": ", ".join(units)}
        yield Message({user}, year, key, _text(texts, moment), year_url(page, year), names)


def _moment(year: EmulationYear, step: DeadlineStep, member: Membership, at: datetime) -> _Moment | None:
    due = due_for(year, step, member)
    if due is None or not (stage := stage_of(due.due_at, at)):
        return None
    return _Moment(due, stage, late_days(due.due_at, at))


def _text(texts: tuple[str, str], moment: _Moment | None) -> str:
    return texts[1 if moment is not None and moment.days_late else 0]


def _key(step: DeadlineStep, name: str, moment: _Moment) -> str:
    """A deadline that is moved begins anew; the same reminder of the same deadline is sent once."""
    return f"reminder:{step}:{name}:{moment.due.due_at:%Y%m%d%H%M%S}:{moment.stage}"
