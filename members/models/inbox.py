from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from members.models.people import User
from members.models.year import EmulationYear


class Notification(models.Model):
    """One line in a person's inbox: what happened or is due, with the address where it is dealt with.

    `text` is an English msgid and `params` what it names, so that everybody reads it in the own language. `key` says
    which event it tells of: nobody is told twice.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="notifications", verbose_name=_("account"))
    year = models.ForeignKey(
        EmulationYear, models.CASCADE, related_name="notifications", verbose_name=_("emulation year")
    )
    key = models.CharField(_("event"), max_length=120)
    text = models.CharField(_("text"), max_length=300)
    params = models.JSONField(_("names in the text"), default=dict, blank=True)
    url = models.CharField(_("address"), max_length=300)
    created_at = models.DateTimeField(_("created"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("sent by e-mail"), null=True, blank=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="notification_unread")]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"],
                name="notification_once",
                violation_error_message=_("This person was told of it already."),
            ),
        ]

    def __str__(self) -> str:
        return _now(self.text) % self.params
