"""Arithmetic on moments: how late is late."""

from datetime import datetime, timedelta

from django.utils import timezone

# A deadline holds to the end of its last second: 23:59:59,9 is in time (features.md W5).
_INCLUSIVE = timedelta(seconds=1)


def is_late(due_at: datetime, at: datetime) -> bool:
    return at >= due_at + _INCLUSIVE


def late_days(due_at: datetime, at: datetime) -> int:
    """Returns how many days of the calendar in Việt Nam `at` lies after `due_at`; 0 in time, else at least 1."""
    if not is_late(due_at, at):
        return 0
    return max(1, (timezone.localdate(at) - timezone.localdate(due_at)).days)
