"""Objections as the sheet of a card shows them: at each line the state of what was raised, and the way to object."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from members.addresses import year_url
from members.calculations import is_late
from members.enums import DeadlineStep
from members.models import User
from members.queries import due_for
from scoring import objections, queries
from scoring.models import Objection, Scorecard, ScoreLine
from scoring.objections import LineState
from scoring.sheets import Sheet

# Words, address and spoken name of a link at a line.
Mark = tuple[str, str, str]


def thread_url(objection: Objection, card: Scorecard) -> str:
    """The address of the page of an objection."""
    return year_url("scoring:objection_detail", card.membership.year, pk=objection.pk)


def marks_of(sheet: Sheet, user: User, at: datetime) -> Mapping[int, tuple[Mark, ...]]:
    """The links at each line, by line (primary key): the objections to it, then the way to raise one."""
    states = objections.of_lines(sheet, user, at)
    return {line.pk: _marks(sheet.card, line, states[line.pk]) for line in sheet.lines if line.pk in states}


def _marks(card: Scorecard, line: ScoreLine, state: LineState) -> tuple[Mark, ...]:
    code, year = line.criterion.code, card.membership.year
    marks = []
    for objection in state.objections:
        text = _("Objection: %(status)s") % {"status": objection.get_status_display()}
        marks.append((text, thread_url(objection, card), f"{code}: {text}"))
    if state.is_open_to_objection:
        text = pgettext("to points", "Object")
        url = year_url("scoring:objection_raise", year, code=card.membership.unit.code, criterion=code)
        marks.append((text, url, f"{code}: {text}"))
    return tuple(marks)


def objecting_until(user: User, card: Scorecard, at: datetime) -> str:
    """What the unit reads above its reviewed card: until when it may object; empty for everybody else."""
    if "object" not in queries.open_steps(user, card):
        return ""
    if objections.is_closed(card, at):
        return _("The deadline for objections has passed.")
    due = due_for(card.membership.year, DeadlineStep.OBJECTING, card.membership)
    if due is None:
        return _("You can object to the points of a line until the card is approved.")
    moment = date_format(timezone.localtime(due.due_at), "l d/m/Y, H:i")
    text = _("You can object to the points of a line until %(moment)s or until the card is approved.")
    return text % {"moment": moment}


def still_open(card: Scorecard, at: datetime) -> str:
    """What whoever approves the card should know: until when its unit may object; empty once that is over, or where no
    moment is set."""
    due = due_for(card.membership.year, DeadlineStep.OBJECTING, card.membership)
    if due is None or is_late(due.due_at, at):
        return ""
    moment = date_format(timezone.localtime(due.due_at), "d/m/Y, H:i")
    return _("The unit may object until %(moment)s; the approval ends this earlier.") % {"moment": moment}
