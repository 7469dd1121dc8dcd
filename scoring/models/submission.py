from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cluster_app.lib.constraints import choices_constraint
from members.models import StoredFile, User
from scoring.enums import SubmissionWay
from scoring.models.scorecard import Scorecard


class SignedPaper(models.Model):
    """The card on paper, signed by the head of the unit, with its scan: the ground on which somebody else submits, or
    enters the card at all ("nhập hộ")."""

    scorecard = models.ForeignKey(Scorecard, models.PROTECT, related_name="papers", verbose_name=_("score card"))
    number = models.CharField(_("number of the signed paper"), max_length=60)
    signed_on = models.DateField(_("date of the signed paper"))
    scan = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("scan of the signed paper"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("signed paper")
        verbose_name_plural = _("signed papers")
        ordering = ["scorecard", "recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(number=""),
                name="signed_paper_has_number",
                violation_error_message=_("Give the number of the paper that the head of the unit signed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.signed_on:%d/%m/%Y}"


class Submission(models.Model):
    """One handing in of a card: who, in which way, how late, and exactly what. It is kept when the card is returned."""

    scorecard = models.ForeignKey(Scorecard, models.PROTECT, related_name="submissions", verbose_name=_("score card"))
    number = models.PositiveSmallIntegerField(_("number"))
    way = models.CharField(_("way"), max_length=10, choices=SubmissionWay)
    paper = models.ForeignKey(
        SignedPaper, models.PROTECT, related_name="+", verbose_name=_("signed paper"), null=True, blank=True
    )
    submitted_at = models.DateTimeField(_("submitted"))
    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("submitted by"))
    late_days = models.PositiveSmallIntegerField(_("days late"), default=0)
    snapshot = models.TextField(_("snapshot"))
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["scorecard", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["scorecard", "number"],
                name="submission_number_once",
                violation_error_message=_("The card was submitted in the same moment. Open it again."),
            ),
            models.CheckConstraint(
                condition=Q(way=SubmissionWay.SIGNATORY) | Q(paper__isnull=False),
                name="submission_without_signatory_has_paper",
                violation_error_message=_("Whoever submits for the head of the unit needs the signed paper."),
            ),
            choices_constraint("way", SubmissionWay, "submission_way_known"),
        ]

    def __str__(self) -> str:
        return f"{self.scorecard} · {self.number}"
