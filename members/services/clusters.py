"""First installation: the administrator names cluster, units and first year in one act."""

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from django.db import transaction

from members.enums import MemberRole
from members.models import Cluster, EmulationYear, Unit, User
from members.permissions import check_is_administrator
from members.services import records, years
from members.services.years import YearFacts


@transaction.atomic
def create(
    *,
    cluster: Cluster,
    units: Sequence[tuple[Unit, MemberRole]],
    year: int,
    by: User,
    at: datetime,
    **facts: Unpack[YearFacts],
) -> EmulationYear:
    """Saves a new cluster, those of its units that are new, and its first year with the units in the order given."""
    check_is_administrator(by)
    records.save(instance=cluster, changed=["slug", "name", "kind", "province"], by=by, at=at)
    for unit, _role in units:
        if unit._state.adding:
            records.save(instance=unit, changed=["code", "name", "short_name", "kind"], by=by, at=at)
    return years.create(cluster=cluster, year=year, members=units, by=by, at=at, **facts)
