"""The audit log as the services of a year write it: cluster and year are named by the object itself."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Model

from cluster_app.audit import log
from cluster_app.audit.models import AuditEvent
from members.models import Cluster, EmulationYear, User


def append(
    year: EmulationYear,
    *,
    by: User | None,
    at: datetime,
    verb: str,
    thing: Model,
    reason: str = "",
    changes: Mapping[str, object] | None = None,
    rows: Iterable[Model] = (),
    deleted: Iterable[str] = (),
) -> AuditEvent:
    """Appends an event of `year` to the audit log: the last step of a service, in its transaction."""
    return log.append(
        by=by,
        at=at,
        verb=verb,
        thing=thing,
        cluster=year.cluster.slug,
        year=year.year,
        reason=reason,
        changes=changes,
        rows=rows,
        deleted=deleted,
    )


def append_for_cluster(
    cluster: Cluster | None,
    *,
    by: User | None,
    at: datetime,
    verb: str,
    thing: Model,
    changes: Mapping[str, object] | None = None,
) -> AuditEvent:
    """Appends an event outside any year, such as one about an account."""
    return log.append(by=by, at=at, verb=verb, thing=thing, cluster=cluster.slug if cluster else "", changes=changes)
