from django.db import models
from django.utils.translation import gettext_lazy as _

from cluster_app.documents.enums import DocumentKind
from cluster_app.lib.constraints import choices_constraint
from members.enums import Letterhead
from members.models.people import User
from members.models.year import EmulationYear


class YearPaper(models.Model):
    """What a year settles for one kind of its papers, and what was typed for the next one of it.

    Empty letterhead and recipients stand for those of the year. `values` are the declared variables of the paper's
    template, as typed; they are checked when the paper is made.
    """

    year = models.ForeignKey(EmulationYear, models.PROTECT, related_name="papers", verbose_name=_("emulation year"))
    kind = models.CharField(_("kind of paper"), max_length=30, choices=DocumentKind)
    letterhead = models.CharField(_("letterhead"), max_length=10, choices=Letterhead, blank=True)
    recipients = models.TextField(_("recipients"), blank=True, help_text=_("One recipient a line, without the dash."))
    values = models.JSONField(_("typed text"), default=dict, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    updated_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("written by"), editable=False)
    updated_at = models.DateTimeField(_("written"), editable=False)

    class Meta:
        verbose_name = _("paper of a year")
        verbose_name_plural = _("papers of a year")
        ordering = ["year", "kind"]
        constraints = [
            choices_constraint("kind", DocumentKind, "year_paper_kind_known"),
            choices_constraint("letterhead", Letterhead, "year_paper_letterhead_known", allows_blank=True),
            models.UniqueConstraint(
                fields=["year", "kind"],
                name="year_paper_once",
                violation_error_message=_("This paper exists already. Change that one."),
            ),
        ]

    def __str__(self) -> str:
        return str(DocumentKind(self.kind).label)
