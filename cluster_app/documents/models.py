from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cluster_app.documents.enums import DocumentKind
from cluster_app.lib.constraints import choices_constraint


class IssuedDocumentQuerySet(models.QuerySet["IssuedDocument"]):
    def valid(self) -> "IssuedDocumentQuerySet":
        return self.filter(withdrawn_at=None)


class IssuedDocument(models.Model):
    """An official paper as it went out, frozen. It names cluster and subject by plain text keys and knows no app."""

    kind = models.CharField(_("kind"), max_length=30, choices=DocumentKind.choices)
    cluster_key = models.SlugField(_("cluster"), max_length=60)
    year = models.PositiveSmallIntegerField(_("year"))
    subject_key = models.CharField(_("subject"), max_length=120, blank=True)
    number_symbol = models.CharField(_("number and symbol"), max_length=60, blank=True)
    dated_on = models.DateField(_("dated"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=300)
    content = models.TextField(_("content"))
    digest = models.CharField(_("digest"), max_length=64, db_index=True)
    code = models.CharField(_("code"), max_length=9)
    issued_at = models.DateTimeField(_("issued at"))
    issued_by_key = models.CharField(_("issued by"), max_length=150)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by_key = models.CharField(_("withdrawn by"), max_length=150, blank=True)
    withdrawn_reason = models.TextField(_("reason for withdrawal"), blank=True)

    objects = IssuedDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("issued document")
        verbose_name_plural = _("issued documents")
        ordering = ["-issued_at", "-pk"]
        constraints = [
            choices_constraint("kind", DocumentKind, "issued_document_kind_known"),
            models.CheckConstraint(
                condition=~Q(digest=""),
                name="issued_document_has_digest",
                violation_error_message=_("An issued document needs its digest."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(withdrawn_at=None, withdrawn_reason="", withdrawn_by_key="")
                    | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="") & ~Q(withdrawn_by_key=""))
                ),
                name="issued_document_withdrawn_with_reason",
                violation_error_message=_("Say why the document is withdrawn."),
            ),
            models.UniqueConstraint(
                fields=["code"],
                name="issued_document_code_once",
                violation_error_message=_("Another issued document has this code already."),
            ),
            models.UniqueConstraint(
                fields=["kind", "cluster_key", "year", "subject_key"],
                condition=Q(withdrawn_at=None),
                name="issued_document_valid_once",
                violation_error_message=_(
                    "This document has been issued already. Withdraw it before issuing it again."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.code})"
