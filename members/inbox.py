"""The own inbox, as its page shows it."""

from django.db.models import Case, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Notification, User

PER_PAGE = 30


def lines_of(user: User) -> QuerySet[Notification]:
    """The person's inbox over all years: what is unread first, then the newest."""
    rank = Case(When(read_at__isnull=True, then=Value(0)), default=Value(1))
    return user.notifications.select_related("year__cluster").order_by(rank, "-created_at", "-pk")


def row(line: Notification) -> dict[str, object]:
    """One line as finished values."""
    year = line.year
    return {
        "pk": line.pk,
        "text": str(line),
        "url": line.url,
        "place": _("%(cluster)s, year %(year)s") % {"cluster": year.cluster.name, "year": year.year},
        "moment": f"{timezone.localtime(line.created_at):%d/%m/%Y %H:%M}",
        "is_unread": line.read_at is None,
    }
