"""How a signed-in person is read with each request."""

from django.contrib.auth.backends import ModelBackend
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from members.models import Notification, User


class PersonBackend(ModelBackend):
    """Reads the person together with `unread_count`, so that the inbox in the top bar costs no page a query."""

    def get_user(self, user_id):
        unread = Notification.objects.filter(user=OuterRef("pk"), read_at__isnull=True).order_by().values("user")
        counted = unread.annotate(count=Count("pk")).values("count")
        user = User.objects.filter(pk=user_id).annotate(unread_count=Coalesce(Subquery(counted), 0)).first()
        return user if user is not None and self.user_can_authenticate(user) else None
