from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """One thing that happened. The events of an installation form one chain: each carries the digest of the one
    before, and `previous` is unique, so that the chain cannot fork."""

    sequence = models.BigIntegerField(_("sequence"))
    previous = models.CharField(_("digest of the previous event"), max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64)
    payload = models.TextField(_("payload"))
    # Copies out of the payload, for look-ups; `verification` compares them.
    at = models.DateTimeField(_("time"))
    actor = models.CharField(_("person"), max_length=150)
    verb = models.CharField(_("act"), max_length=60)
    object_key = models.CharField(_("object"), max_length=120, db_index=True)
    cluster = models.CharField(_("cluster"), max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["-sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["sequence"],
                name="audit_event_sequence_once",
                violation_error_message=_("Two events claim the same place in the audit log."),
            ),
            models.UniqueConstraint(
                fields=["previous"],
                name="audit_event_no_fork",
                violation_error_message=_("Two events claim the same predecessor in the audit log."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb} {self.object_key}"
