"""Reminders by e-mail, where the server has one. The inbox is what counts; e-mail only repeats it."""

from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cluster_app.lib.locking import for_update
from members.models import Notification, User


@dataclass(frozen=True)
class Outcome:
    """How many people were written to, and how many the mail server refused; these are tried again next time."""

    sent: int
    failed: int


def is_configured() -> bool:
    return bool(settings.EMAIL_URL and settings.SITE_URL)


def send_waiting(*, at: datetime, prefix: str) -> Outcome:
    """Writes one e-mail to each person with an address and unread lines whose event begins with `prefix`.

    The lines are claimed before the server is asked and given back if it fails: nothing is sent twice, nothing is
    lost, and no row stays locked while the server thinks. Runs outside any transaction.
    """
    waiting = Notification.objects.filter(
        user__is_active=True, read_at__isnull=True, mailed_at__isnull=True, key__startswith=prefix
    ).exclude(user__email="")
    people = User.objects.filter(pk__in=waiting.order_by().values("user")).order_by("pk")
    sent = failed = 0
    for user in people:
        lines = _claim(waiting.filter(user=user), at)
        if not lines:
            continue
        if _is_sent(user, lines):
            sent += 1
        else:
            failed += 1
            Notification.objects.filter(pk__in=[line.pk for line in lines], mailed_at=at).update(mailed_at=None)
    return Outcome(sent, failed)


@transaction.atomic
def _claim(waiting: QuerySet[Notification], at: datetime) -> list[Notification]:
    lines = list(for_update(waiting).select_related("year__cluster").order_by("pk"))
    Notification.objects.filter(pk__in=[line.pk for line in lines]).update(mailed_at=at)
    return lines


def _is_sent(user: User, lines: list[Notification]) -> bool:
    with translation.override(user.language or settings.LANGUAGE_CODE):
        count = len(lines)
        subject = ngettext("Emulation cluster: %(count)d reminder", "Emulation cluster: %(count)d reminders", count)
        parts = [f"{line}\n{settings.SITE_URL}{line.url}" for line in lines]
        closing = _("You receive this because your account has this e-mail address; remove it under “Your account”.")
        body = "\n\n".join([*parts, closing])
    message = EmailMessage(subject % {"count": count}, body, to=[user.email], connection=get_connection())
    try:
        return message.send() == 1
    except (OSError, SMTPException):
        return False
