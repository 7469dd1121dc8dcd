"""How the pages of the register find a row and each other."""

from django.http import Http404
from django.utils.translation import gettext as _

from awards.models import Commendation
from awards.permissions import check_can_see_commendation, check_can_see_register
from members.addresses import year_url
from members.models import EmulationYear

_LONGEST_KEY = 18  # digits; a longer number is no primary key and would not fit into the database


def key_or_none(text: str) -> int | None:
    """Reads a primary key that stands in an address or a hidden field."""
    return int(text) if text.isdecimal() and len(text) <= _LONGEST_KEY else None


def register_url(year: EmulationYear, step: str, **kwargs: object) -> str:
    return year_url(f"awards:commendation_{step}", year, **kwargs)


def register_tabs(year: EmulationYear, current: str) -> list[dict[str, object]]:
    """The pages beside each other: what was awarded one by one, counted, and against what was registered."""
    pages = {
        "list": (_("Register"), register_url(year, "list")),
        "tally": (_("Tally"), register_url(year, "tally")),
        "registrations": (_("Registered titles"), year_url("awards:registration_list", year)),
    }
    return [{"url": url, "label": label, "is_current": name == current} for name, (label, url) in pages.items()]


def known_row(request, year: EmulationYear, pk: int) -> Commendation:
    """The row with all that a page shows of it, if the person may see it."""
    check_can_see_register(request.user, year)
    found = (
        Commendation.objects.filter(membership__year=year, pk=pk)
        .select_related("decision", "award_form", "membership", "campaign", "recorded_by", "confirmed_by")
        .first()
    )
    if found is None:
        raise Http404
    found.membership.year = year
    check_can_see_commendation(request.user, found)
    return found
