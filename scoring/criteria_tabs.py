"""The pages about the criteria of a year, as tabs that each of them shows."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from members.addresses import year_url
from members.models import EmulationYear, User
from scoring import permissions


@dataclass(frozen=True)
class Tab:
    label: str
    url: str
    is_current: bool


def tabs(user: User, year: EmulationYear, current: str) -> list[Tab]:
    """The pages that this person may open; `current` is the name of the one that is shown."""
    can_edit = permissions.can_edit_criteria(user, year)
    pages = [
        ("scoring:criteria", _("Criteria"), True),
        ("scoring:criteria_edit", _("Edit"), can_edit),
        ("scoring:targets", _("Targets"), True),
        ("scoring:criteria_trial", _("Trial"), can_edit),
        ("scoring:criteria_analysis", _("Analysis"), permissions.can_see_ranking(user, year)),
    ]
    return [Tab(label, year_url(name, year), name == current) for name, label, is_open in pages if is_open]
