"""One item of the to-do list, and the words in which it says until when."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.addresses import year_url
from members.calculations import late_days
from members.enums import DeadlineStep
from members.queries import Due, calendar, due_for
from scoring.home.overview import Overview, UnitState


@dataclass(frozen=True)
class Todo:
    """One thing to do, why, and until when in words; `due_at` puts it in its place."""

    what: str
    url: str
    why: str = ""
    due: str = ""
    is_late: bool = False
    due_at: datetime | None = None


def item(overview: Overview, what: str, url: str, *, why: str = "", due: Due | None = None) -> Todo:
    """The item as it reads at the moment of the overview: with its deadline, or the days since."""
    if due is None:
        return Todo(what, url, why)
    days = late_days(due.due_at, overview.at)
    if days:
        late = ngettext("%(count)d day late", "%(count)d days late", days) % {"count": days}
        return Todo(what, url, why, late, is_late=True, due_at=due.due_at)
    moment = date_format(timezone.localtime(due.due_at), "l d/m/Y, H:i")
    text = _("extended to %(moment)s") if due.is_extended else _("due %(moment)s")
    return Todo(what, url, why, text % {"moment": moment}, due_at=due.due_at)


def due_of(overview: Overview, step: DeadlineStep, unit: UnitState | None = None) -> Due | None:
    """The deadline of the unit with its extension, or that of the year."""
    if unit is not None:
        return due_for(overview.year, step, unit.membership)
    deadline = calendar(overview.year).get(step)
    return Due(deadline.due_at, deadline.is_hard, is_extended=False, reason="") if deadline else None


def filled(unit: UnitState) -> str:
    """How far the self-scoring is."""
    return _("%(done)d of %(all)d criteria filled in") % {"done": unit.filled_count, "all": unit.line_count}


def named(unit: UnitState) -> dict[str, str]:
    return {"unit": unit.membership.name}


def card_url(name: str, unit: UnitState) -> str:
    return year_url(name, unit.membership.year, code=unit.membership.unit.code)
