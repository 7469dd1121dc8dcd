"""What a unit itself was commended for before, for the list of proposals (domain.md 6.4, annex 6)."""

from collections.abc import Sequence
from datetime import date

from awards.enums import CommendationStatus, RecipientKind
from awards.models import Commendation
from cluster_app.lib.vietnamese import fold
from members.models import EmulationYear, Membership

YEARS = 5
# How decisions name a whole agency, beside its bare name.
_PREFIXES = ("", "cơ quan ", "tập thể ")


def period_of(year: EmulationYear) -> tuple[date, date]:
    """From when to when decisions are listed: five calendar years, up to the end of the year's tally period."""
    return date(year.year - YEARS + 1, 1, 1), year.rules.tally_to


def earlier_commendations(
    year: EmulationYear, memberships: Sequence[Membership]
) -> dict[int, tuple[Commendation, ...]]:
    """The checked commendations of the units themselves, newest first, by unit (primary key). What a department of the
    unit was given is not the unit's. One query, none without units."""
    if not memberships:
        return {}
    names = {member.unit_id: _names(member) for member in memberships}
    found = Commendation.objects.filter(
        membership__unit__in=list(names),
        membership__year__cluster=year.cluster_id,
        recipient_kind=RecipientKind.COLLECTIVE,
        search_text__in={name for of_unit in names.values() for name in of_unit},
        status=CommendationStatus.AWARDED,
        confirmed_at__isnull=False,
        decision__decided_on__range=period_of(year),
    ).select_related("decision", "award_form", "membership")
    listed: dict[int, list[Commendation]] = {unit: [] for unit in names}
    for one in found.order_by("-decision__decided_on", "decision__number", "pk"):
        if one.search_text in names[one.membership.unit_id]:
            listed[one.membership.unit_id].append(one)
    return {unit: tuple(rows) for unit, rows in listed.items()}


def _names(member: Membership) -> set[str]:
    return {fold(prefix + member.name) for prefix in _PREFIXES}
