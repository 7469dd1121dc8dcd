"""What stands around every page: the bar, the steps of the year, the navigation. `_components` say what they read."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cluster_app.lib import clock
from members import queries
from members.addresses import year_url
from members.enums import DeadlineStep, Phase
from members.models import Assignment, EmulationYear, User
from members.permissions import UNIT_ROLES, can_see_setup, is_administrator
from members.relations import Relation, relations

NAVIGATION = [
    ("scoring:home", "house", gettext_lazy("What to do now")),
    ("awards:pledge_detail", "pen", gettext_lazy("Pledge")),
    ("awards:campaign_list", "flag", gettext_lazy("Campaigns")),
    ("awards:commendation_list", "award", gettext_lazy("Commendations")),
    ("scoring:scorecard_list", "clipboard-check", gettext_lazy("Score cards")),
    ("scoring:ranking", "bar-chart", gettext_lazy("Ranking")),
    ("members:conference", "people", gettext_lazy("Conference")),
    ("scoring:summary", "file-earmark-text", gettext_lazy("Annual summary")),
    ("scoring:papers", "printer", gettext_lazy("Papers")),
    ("members:rotation", "arrow-repeat", pgettext_lazy("of the leader's office", "Rotation")),
]

_OF_THE_ADMINISTRATOR = {"scoring:home", "awards:campaign_list", "members:conference", "members:rotation"}
# To a plain unit ranking and summary open with the publication of the results.
_AFTER_PUBLICATION = {"scoring:ranking", "scoring:summary"}
_BEFORE_PUBLICATION = {Relation.LEADER, Relation.DEPUTY, Relation.SECRETARIAT, Relation.OBSERVER}

# The deadline whose date stands under a phase.
_DATE_OF_PHASE = {
    Phase.RUNNING: DeadlineStep.PLEDGE_SIGNING,
    Phase.SELF_SCORING: DeadlineStep.SELF_SCORING,
    Phase.REVIEWING: DeadlineStep.REVIEWING,
    Phase.APPROVING: DeadlineStep.APPROVING,
    Phase.CONFERENCE: DeadlineStep.CONFERENCE,
    Phase.CONCLUDED: DeadlineStep.CONCLUSION,
}
_IN_THE_ADMIN = {
    Relation.SECRETARIAT,
    Relation.OBSERVER,
    Relation.ADMINISTRATOR,
    Relation.LEADER,
    Relation.DEPUTY,
}


def frame(request) -> dict[str, Any]:
    """Context processor. Asks the database only if the page draws the frame."""
    return {"frame": SimpleLazyObject(lambda: _frame(request))}


def _frame(request) -> dict[str, Any]:
    user = getattr(request, "user", None)
    year = getattr(request, "emulation_year", None)
    if user is None or not user.is_authenticated:
        return _bare()
    if year is None:
        return _outside_years(request, user)
    return {
        "cluster": year.cluster,
        "year": year,
        "years": _years(user, year),
        "phases": phases(year),
        "nav": [
            _item(request, year, name, icon, str(label))
            for name, icon, label in NAVIGATION
            if _is_open(user, year, name)
        ],
        "nav_staff": _staff_items(request, user, year),
        "user_label": _label_of(user, year),
        "banner": _banner(clock.now()) if year.cluster.is_illustrative else "",
        "home_url": year_url("scoring:home", year),
        "is_illustrative": year.cluster.is_illustrative,
    }


def _outside_years(request, user: User) -> dict[str, Any]:
    """Pages of the person, of the installation and of the administration; a single cluster is named there too."""
    known = queries.known_clusters(user)
    found: dict[str, Any] = {"user_label": _label_of(user), "nav": _administrator_items(request, user)}
    if any(each.cluster.is_illustrative for each in known):
        found |= {"banner": _banner(clock.now()), "is_illustrative": True}
    if len(known) == 1:
        found |= {"cluster": known[0].cluster, "years": [_year_item(year) for year in known[0].years]}
    return _bare() | found


def _bare() -> dict[str, Any]:
    return {
        "cluster": None,
        "year": None,
        "years": [],
        "phases": [],
        "nav": [],
        "nav_staff": [],
        "user_label": "",
        "banner": "",
        "home_url": reverse("members:start"),
        "is_illustrative": False,
    }


def phases(year: EmulationYear) -> list[dict[str, Any]]:
    """The steps of the year, each with its date where the year has set one."""
    reached = list(Phase).index(Phase(year.phase))
    calendar = queries.calendar(year)
    steps = []
    for place, phase in enumerate(Phase):
        deadline = calendar.get(_DATE_OF_PHASE.get(phase, ""))
        state = "current" if place == reached else "done" if place < reached else "todo"
        day = f"{timezone.localtime(deadline.due_at):%d/%m}" if deadline else ""
        steps.append({"label": phase.label, "date_text": day, "state": state})
    return steps


def _years(user: User, year: EmulationYear) -> list[dict[str, Any]]:
    return [_year_item(other, is_current=other.pk == year.pk) for other in queries.years_beside(user, year)]


def _year_item(year: EmulationYear, *, is_current: bool = False) -> dict[str, Any]:
    return {"label": str(year.year), "url": year_url("scoring:home", year), "is_current": is_current}


def _is_open(user: User, year: EmulationYear, name: str) -> bool:
    """Whether an item of the navigation leads somewhere for this person at present."""
    held = relations(user, year)
    if held == {Relation.ADMINISTRATOR}:
        return name in _OF_THE_ADMINISTRATOR
    return name not in _AFTER_PUBLICATION or year.is_published or bool(held & _BEFORE_PUBLICATION)


def _staff_items(request, user: User, year: EmulationYear) -> list[dict[str, Any]]:
    items = []
    if can_see_setup(user, year):
        items.append(_item(request, year, "members:year_setup", "sliders", _("Set-up")))
    if relations(user, year) & _IN_THE_ADMIN:
        items.append(_link(request, reverse("admin:index"), "gear", _("Administration")))
    return items


def _administrator_items(request, user: User) -> list[dict[str, Any]]:
    if not is_administrator(user):
        return []
    return [
        _link(request, reverse("members:cluster_create"), "sliders", _("New cluster")),
        _link(request, reverse("members:account_create"), "key", _("New account")),
        _link(request, reverse("admin:index"), "gear", _("Administration")),
    ]


def _item(request, year: EmulationYear, name: str, icon: str, label: str) -> dict[str, Any]:
    url = year_url(name, year)
    is_home = name == "scoring:home"
    is_current = request.path == url if is_home else request.path.startswith(url)
    return {"label": label, "url": url, "icon": icon, "is_current": is_current}


def _link(request, url: str, icon: str, label: str) -> dict[str, Any]:
    return {"label": label, "url": url, "icon": icon, "is_current": request.path.startswith(url)}


def _label_of(user: User, year: EmulationYear | None = None) -> str:
    """Who is signed in, and as what: the unit with its office of this year, or the part in the cluster."""
    parts = filter(None, (_part(held, year) for held in user.assignments_held()))
    return " · ".join(filter(None, (user.full_name or user.get_username(), next(parts, ""))))


def _part(held: Assignment, year: EmulationYear | None) -> str:
    unit = held.unit if held.role in UNIT_ROLES else None
    if year is None:
        return unit.short_name if unit else held.get_role_display()
    if unit is None:
        return held.get_role_display() if held.cluster_id in (None, year.cluster_id) else ""
    member = next((member for member in year.roster() if member.unit_id == unit.pk), None)
    return " · ".join(filter(None, (member.short_name, member.title))) if member else ""


def _banner(now: datetime) -> str:
    moment = timezone.localtime(now)
    return _("ILLUSTRATIVE DATA · the clock of this demonstration shows %(moment)s") % {
        "moment": f"{moment:%d/%m/%Y %H:%M}"
    }
