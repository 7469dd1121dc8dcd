"""Reminding people of the deadlines of the years that are going on."""

from datetime import datetime

from django.db import transaction

from members.enums import Phase
from members.models import EmulationYear
from members.services import notifications
from scoring import reminders

PREFIX = "reminder:"
_GOING_ON = (Phase.RUNNING, Phase.SELF_SCORING, Phase.REVIEWING, Phase.APPROVING, Phase.CONFERENCE)


@transaction.atomic
def remind(*, at: datetime) -> int:
    """Puts the reminders that are due into the inboxes and returns how many are new: none the second time."""
    years = EmulationYear.objects.filter(phase__in=_GOING_ON).select_related("cluster", "rules").order_by("pk")
    messages = [message for year in years for message in reminders.messages_of(year, at)]
    return notifications.send_all(messages=messages, at=at)
