from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models.people import User
from members.models.year import EmulationYear, Membership


class StoredFile(models.Model):
    """A file that somebody handed in, as it was. It is never changed: a better one is a file of its own.

    Its content lies under `stored_name` outside the web root; `sha256` says whether it is still the same.
    """

    year = models.ForeignKey(EmulationYear, models.PROTECT, related_name="files", verbose_name=_("emulation year"))
    membership = models.ForeignKey(
        Membership, models.PROTECT, related_name="files", verbose_name=_("member unit"), null=True, blank=True
    )
    name = models.CharField(_("file name"), max_length=200)
    extension = models.CharField(_("file type"), max_length=5)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, db_index=True)
    stored_name = models.CharField(_("stored as"), max_length=80)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    uploaded_at = models.DateTimeField(_("uploaded"))

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["stored_name"],
                name="stored_file_name_once",
                violation_error_message=_("Two files cannot lie in one place. Upload the file again."),
            ),
            models.CheckConstraint(
                condition=Q(extension__in=["pdf", "docx", "xlsx", "jpg", "png"]),
                name="stored_file_type_known",
                violation_error_message=_("Only PDF, Word (docx), Excel (xlsx), JPG and PNG files are taken."),
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0),
                name="stored_file_not_empty",
                violation_error_message=_("The file is empty."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
