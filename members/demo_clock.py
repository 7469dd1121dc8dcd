"""On a demo database the time runs on from the demo's moment, or from the newest thing that happened in it."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from cluster_app.audit.models import AuditEvent
from members.models import Cluster


def origin() -> datetime | None:
    """The moment from which the clock runs; None on a database without a demo cluster."""
    if not Cluster.objects.filter(is_illustrative=True).exists():
        return None
    if settings.DEMO_NOW:
        chosen = datetime.fromisoformat(settings.DEMO_NOW)
        return timezone.make_aware(chosen) if timezone.is_naive(chosen) else chosen
    start = datetime.fromisoformat(settings.DEMO_CLOCK_START)
    newest = AuditEvent.objects.order_by("-at").values_list("at", flat=True).first()
    return max(start, newest) if newest else start
