from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cluster_app.lib.constraints import choices_constraint
from members.models import StoredFile, User
from scoring.enums import EvidenceKind
from scoring.models.scorecard import Scorecard, ScoreLine


class Evidence(models.Model):
    """What shows that a line's value is true: a file, a link, the number of a document, or a record of the cluster.

    It is never changed. A better one replaces it, and one that does not belong is hidden with the reason; both stay to
    be read. `line` is empty where a later version of the criteria dropped the criterion.
    """

    scorecard = models.ForeignKey(Scorecard, models.PROTECT, related_name="evidence", verbose_name=_("score card"))
    line = models.ForeignKey(
        ScoreLine, models.PROTECT, related_name="evidence", verbose_name=_("score line"), null=True, blank=True
    )
    kind = models.CharField(_("kind"), max_length=10, choices=EvidenceKind)
    title = models.CharField(_("what it shows"), max_length=300)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="evidence", verbose_name=_("file"), null=True, blank=True
    )
    number = models.CharField(_("number of the document"), max_length=60, blank=True)
    issued_on = models.DateField(_("date of the document"), null=True, blank=True)
    url = models.URLField(_("link"), max_length=500, blank=True)
    record_key = models.CharField(_("record"), max_length=60, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, related_name="replaced_by", verbose_name=_("replaces"), null=True, blank=True
    )
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added"))
    hidden_at = models.DateTimeField(_("hidden"), null=True, blank=True)
    hidden_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("hidden by"), null=True, blank=True
    )
    hidden_reason = models.CharField(_("reason why it is hidden"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["scorecard", "line", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind=EvidenceKind.FILE) & Q(file__isnull=False))
                | (Q(kind=EvidenceKind.LINK) & ~Q(url=""))
                | (Q(kind=EvidenceKind.DOCUMENT) & ~Q(number="") & Q(issued_on__isnull=False))
                | (Q(kind=EvidenceKind.RECORD) & ~Q(record_key="")),
                name="evidence_has_its_content",
                violation_error_message=_(
                    "Give what belongs to the kind: a file, a link, number and date of the document, or a record."
                ),
            ),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True) | (~Q(hidden_reason="") & Q(hidden_by__isnull=False)),
                name="evidence_hidden_has_reason",
                violation_error_message=_("Say why the evidence is hidden."),
            ),
            models.UniqueConstraint(
                fields=["line", "file"],
                condition=Q(hidden_at__isnull=True) & Q(file__isnull=False),
                name="evidence_file_once_per_line",
                violation_error_message=_("This file is evidence of this line already."),
            ),
            choices_constraint("kind", EvidenceKind, "evidence_kind_known"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_visible(self) -> bool:
        return self.hidden_at is None
