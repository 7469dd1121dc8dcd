from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cluster_app.documents.enums import DocumentKind, NumberStatus
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


class NumberRegister(models.Model):
    """The counter of one type of papers over one period: a year, or the term of a Party committee (domain.md 6.2)."""

    cluster_key = models.SlugField(_("cluster"), max_length=60)
    type_code = models.CharField(_("type of paper"), max_length=10)
    period = models.CharField(_("period"), max_length=40)
    first_number = models.PositiveIntegerField(_("first number"), default=1)
    last_number = models.PositiveIntegerField(_("last number given"), default=0)

    class Meta:
        verbose_name = _("register of numbers")
        verbose_name_plural = _("registers of numbers")
        ordering = ["cluster_key", "period", "type_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["cluster_key", "type_code", "period"],
                name="number_register_once",
                violation_error_message=_("This register exists already."),
            ),
            models.CheckConstraint(
                condition=Q(first_number__gte=1, last_number__gte=F("first_number") - 1),
                name="number_register_in_order",
                violation_error_message=_("The last number given lies before the first one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type_code} {self.period}"


class DocumentNumber(models.Model):
    """A number that was given out. It is never taken back: a void one stays, with its reason."""

    register = models.ForeignKey(
        NumberRegister, models.PROTECT, related_name="numbers", verbose_name=_("register of numbers")
    )
    number = models.PositiveIntegerField(_("number"))
    status = models.CharField(_("status"), max_length=10, choices=NumberStatus, default=NumberStatus.RESERVED)
    purpose = models.CharField(_("for which paper"), max_length=200, blank=True)
    document = models.OneToOneField(
        IssuedDocument,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("issued document"),
    )
    reserved_at = models.DateTimeField(_("reserved at"))
    reserved_by_key = models.CharField(_("reserved by"), max_length=150)
    voided_at = models.DateTimeField(_("voided at"), null=True, blank=True)
    voided_by_key = models.CharField(_("voided by"), max_length=150, blank=True)
    void_reason = models.CharField(_("why it is void"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("number of a document")
        verbose_name_plural = _("numbers of documents")
        ordering = ["register", "-number"]
        constraints = [
            choices_constraint("status", NumberStatus, "document_number_status_known"),
            models.UniqueConstraint(
                fields=["register", "number"],
                name="document_number_once",
                violation_error_message=_("This number has been given out already."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=NumberStatus.ISSUED, document__isnull=False)
                    | (~Q(status=NumberStatus.ISSUED) & Q(document=None))
                ),
                name="document_number_issued_has_document",
                violation_error_message=_("An issued number belongs to an issued document."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=NumberStatus.VOID, voided_at__isnull=False) & ~Q(void_reason="") & ~Q(voided_by_key="")
                    | (~Q(status=NumberStatus.VOID) & Q(voided_at=None, void_reason="", voided_by_key=""))
                ),
                name="document_number_void_with_reason",
                violation_error_message=_("Say why the number is void."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.number}"
