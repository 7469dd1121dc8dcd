from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cluster_app.lib.constraints import choices_constraint
from members.models import Membership, User
from scoring.enums import ObjectionStatus
from scoring.models.scorecard import Scorecard, ScoreLine


class ReviewAssignment(models.Model):
    """Who is asked to review a card: one person, or the people of a unit. Never those of the card's own unit."""

    scorecard = models.ForeignKey(Scorecard, models.CASCADE, related_name="reviewers", verbose_name=_("score card"))
    user = models.ForeignKey(
        User, models.PROTECT, related_name="review_assignments", verbose_name=_("reviewer"), null=True, blank=True
    )
    membership = models.ForeignKey(
        Membership,
        models.PROTECT,
        related_name="review_assignments",
        verbose_name=_("reviewing unit"),
        null=True,
        blank=True,
    )
    assigned_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("assigned by"))
    assigned_at = models.DateTimeField(_("assigned"))

    class Meta:
        verbose_name = _("reviewer of a card")
        verbose_name_plural = _("reviewers of cards")
        ordering = ["scorecard", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, membership__isnull=True)
                | Q(user__isnull=True, membership__isnull=False),
                name="review_assignment_one_reviewer",
                violation_error_message=_("Name either a person or a unit as reviewer."),
            ),
            models.UniqueConstraint(
                fields=["scorecard", "user"],
                name="review_assignment_person_once",
                violation_error_message=_("This person reviews the card already."),
            ),
            models.UniqueConstraint(
                fields=["scorecard", "membership"],
                name="review_assignment_unit_once",
                violation_error_message=_("This unit reviews the card already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.user or self.membership)


class Objection(models.Model):
    """ "Kiến nghị về điểm": what a unit claims against a reviewed line, and what became of it. It is the second round:
    only an accepted one changes the final value, and the reviewed one stays beside it."""

    line = models.ForeignKey(ScoreLine, models.PROTECT, related_name="objections", verbose_name=_("score line"))
    status = models.CharField(
        _("status"), max_length=10, choices=ObjectionStatus, default=ObjectionStatus.OPEN, editable=False
    )
    claimed_value = models.DecimalField(_("claimed value"), max_digits=15, decimal_places=2, null=True, blank=True)
    is_late = models.BooleanField(_("raised after the deadline"), default=False, editable=False)
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("raised by"))
    raised_at = models.DateTimeField(_("raised"))
    value_before = models.DecimalField(
        _("final value before"), max_digits=15, decimal_places=2, null=True, blank=True, editable=False
    )
    points_before = models.DecimalField(
        _("final points before"), max_digits=8, decimal_places=2, null=True, blank=True, editable=False
    )
    value_after = models.DecimalField(
        _("final value after"), max_digits=15, decimal_places=2, null=True, blank=True, editable=False
    )
    points_after = models.DecimalField(
        _("final points after"), max_digits=8, decimal_places=2, null=True, blank=True, editable=False
    )
    settled_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("settled by"), null=True, blank=True, editable=False
    )
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True, editable=False)
    settled_reason = models.TextField(_("reason of the outcome"), blank=True, editable=False)

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["line__scorecard", "line__criterion__order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(status=ObjectionStatus.OPEN),
                name="objection_one_open",
                violation_error_message=_("There is an open objection to this line already. Write into that one."),
            ),
            models.CheckConstraint(
                condition=Q(status=ObjectionStatus.OPEN, settled_at__isnull=True)
                | (
                    ~Q(status=ObjectionStatus.OPEN)
                    & Q(settled_at__isnull=False, settled_by__isnull=False)
                    & ~Q(settled_reason="")
                ),
                name="objection_settled_has_reason",
                violation_error_message=_("An objection is settled by a person, with the reason."),
            ),
            choices_constraint("status", ObjectionStatus, "objection_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.line} · {self.get_status_display()}"

    @property
    def is_open(self) -> bool:
        return self.status == ObjectionStatus.OPEN


class ObjectionMessage(models.Model):
    """What somebody wrote in the thread of an objection: the claim first, then answers. Nothing is changed later."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="messages", verbose_name=_("objection"))
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("written by"))
    written_at = models.DateTimeField(_("written"))
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["objection", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="objection_message_not_empty",
                violation_error_message=_("Write what you want to say."),
            ),
        ]

    def __str__(self) -> str:
        return self.text
