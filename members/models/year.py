from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cluster_app.lib.constraints import choices_constraint
from members.enums import (
    DeadlineStep,
    Letterhead,
    MemberRole,
    NotAssignedRule,
    Phase,
    RankingBasis,
    ReviewMode,
    Standing,
)
from members.models.cluster import Cluster, Unit
from members.validators import validate_bands, validate_tie_breaks


class EmulationYear(models.Model):
    """One year of one cluster: everything of the year hangs on it."""

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="years", verbose_name=_("cluster"))
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    phase = models.CharField(_("phase"), max_length=12, choices=Phase, default=Phase.PREPARING, editable=False)
    leader_title = models.CharField(_("title of the leader"), max_length=60, default="Cụm trưởng")
    deputy_title = models.CharField(_("title of the deputy"), max_length=60, default="Cụm phó")
    regulation_number = models.CharField(_("number of the regulations"), max_length=60, blank=True)
    regulation_on = models.DateField(_("date of the regulations"), null=True, blank=True)
    plan_number = models.CharField(_("number of the year's plan"), max_length=60, blank=True)
    plan_on = models.DateField(_("date of the year's plan"), null=True, blank=True)
    letterhead = models.CharField(_("letterhead"), max_length=10, choices=Letterhead, default=Letterhead.PARTY)
    recipients = models.TextField(_("recipients"), blank=True, help_text=_("One recipient a line, without the dash."))
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("emulation year")
        verbose_name_plural = _("emulation years")
        ordering = ["cluster", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "year"],
                name="year_once_per_cluster",
                violation_error_message=_("The cluster has this year already. Open it in the year switcher."),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000) & Q(year__lte=2100),
                name="year_in_range",
                violation_error_message=_("The year must lie between 2000 and 2100."),
            ),
            choices_constraint("phase", Phase, "year_phase_known"),
            choices_constraint("letterhead", Letterhead, "year_letterhead_known"),
        ]

    def __str__(self) -> str:
        return f"{self.cluster.name} {self.year}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def is_archived(self) -> bool:
        return self.phase == Phase.ARCHIVED

    @property
    def is_active(self) -> bool:
        """From activation until it is archived: while the roles of this year carry power."""
        return self.phase not in (Phase.PREPARING, Phase.ARCHIVED)

    def title_of(self, role: str) -> str:
        """What the year calls the holder of `role`; empty for a plain member."""
        if role == MemberRole.LEADER:
            return self.leader_title
        return self.deputy_title if role == MemberRole.DEPUTY else ""

    def roster(self) -> list["Membership"]:
        """The memberships of the year in protocol order, read once for each loaded year."""
        if not hasattr(self, "_roster"):
            self._roster = list(self.memberships.order_by("protocol_order", "pk"))
            for membership in self._roster:
                membership.year = self
        return self._roster


def default_tie_breaks() -> list[str]:
    """domain.md 5.4: the total of section A, then the fewest penalty points, then the smallest correction."""
    return ["section:A", "fewest_penalty_points", "smallest_correction"]


def default_bands() -> list[dict[str, str]]:
    """domain.md 5.4 [C]: names and lower bounds on the scale that ranks, highest first."""
    return [
        {"name": "Xuất sắc", "from": "950"},
        {"name": "Tốt", "from": "850"},
        {"name": "Khá", "from": "700"},
        {"name": "Trung bình", "from": "0"},
    ]


class YearRules(models.Model):
    """What the cluster settled for the year in its regulations, as data."""

    year = models.OneToOneField(EmulationYear, models.CASCADE, related_name="rules", verbose_name=_("emulation year"))
    ranking_basis = models.CharField(_("ranking by"), max_length=10, choices=RankingBasis, default=RankingBasis.POINTS)
    not_assigned = models.CharField(
        _("criteria that are not assigned"),
        max_length=12,
        choices=NotAssignedRule,
        default=NotAssignedRule.FULL_POINTS,
    )
    tie_breaks = models.JSONField(
        _("tie-breaks"), default=default_tie_breaks, blank=True, validators=[validate_tie_breaks]
    )
    bands = models.JSONField(_("bands"), default=default_bands, blank=True, validators=[validate_bands])
    tally_from = models.DateField(_("commendations decided from"))
    tally_to = models.DateField(_("commendations decided to"))
    may_enter_on_behalf = models.BooleanField(_("the secretariat may enter a card from its signed paper"), default=True)
    officer_may_submit = models.BooleanField(_("an officer may submit with the signed paper"), default=True)
    review_mode = models.CharField(
        _("cards are reviewed by"), max_length=12, choices=ReviewMode, default=ReviewMode.SECRETARIAT
    )
    own_register = models.BooleanField(_("numbers of papers are given here, without gaps"), default=False)
    register_period = models.CharField(
        _("period in which numbers run on"),
        max_length=40,
        blank=True,
        help_text=_("Party papers are numbered through a term, for example 2020-2025. Empty: by the year."),
    )

    class Meta:
        verbose_name = _("rules of the year")
        verbose_name_plural = _("rules of the year")
        constraints = [
            models.CheckConstraint(
                condition=Q(tally_to__gte=F("tally_from")),
                name="rules_tally_period_in_order",
                violation_error_message=_("The tally period ends before it begins. Correct one of the dates."),
            ),
            models.CheckConstraint(
                condition=Q(ranking_basis=RankingBasis.PERCENT) | Q(not_assigned=NotAssignedRule.FULL_POINTS),
                name="rules_excluded_needs_percent",
                violation_error_message=_(
                    "Leaving criteria out of the maximum needs ranking by percent. Change one of the two rules."
                ),
            ),
            choices_constraint("ranking_basis", RankingBasis, "rules_ranking_basis_known"),
            choices_constraint("not_assigned", NotAssignedRule, "rules_not_assigned_known"),
            choices_constraint("review_mode", ReviewMode, "rules_review_mode_known"),
        ]

    def __str__(self) -> str:
        return str(self.year)


class Membership(models.Model):
    """A unit's part in a year: its office, its standing, and its name as it was then."""

    year = models.ForeignKey(
        EmulationYear, models.PROTECT, related_name="memberships", verbose_name=_("emulation year")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships", verbose_name=_("unit"))
    name = models.CharField(_("name in this year"), max_length=200)
    short_name = models.CharField(_("short name in this year"), max_length=60)
    role = models.CharField(_("role"), max_length=10, choices=MemberRole, default=MemberRole.MEMBER)
    standing = models.CharField(_("standing"), max_length=12, choices=Standing, default=Standing.GOOD)
    standing_reason = models.CharField(_("reason of the standing"), max_length=300, blank=True)
    protocol_order = models.PositiveSmallIntegerField(_("protocol order"), default=0)

    class Meta:
        verbose_name = _("member unit")
        verbose_name_plural = _("member units")
        ordering = ["year", "protocol_order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "unit"],
                name="membership_once_per_year",
                violation_error_message=_("The unit is already a member in this year."),
            ),
            models.UniqueConstraint(
                fields=["year"],
                condition=Q(role=MemberRole.LEADER),
                name="membership_one_leader",
                violation_error_message=_("The year has a leader already. Make that unit a member first."),
            ),
            models.CheckConstraint(
                condition=Q(standing=Standing.GOOD) | ~Q(standing_reason=""),
                name="membership_standing_has_reason",
                violation_error_message=_("A unit that is not in good standing needs the reason in writing."),
            ),
            choices_constraint("role", MemberRole, "membership_role_known"),
            choices_constraint("standing", Standing, "membership_standing_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_leader(self) -> bool:
        return self.role == MemberRole.LEADER

    @property
    def is_deputy(self) -> bool:
        return self.role == MemberRole.DEPUTY

    @property
    def is_ranked(self) -> bool:
        """Suspended and disqualified units keep their score, but have no rank (domain.md rule 12)."""
        return self.standing == Standing.GOOD

    @property
    def title(self) -> str:
        """The office as the year calls it, such as "Cụm trưởng"; empty for a plain member."""
        return self.year.title_of(self.role)


class Deadline(models.Model):
    """The last moment of a step; inclusive to the end of that second."""

    year = models.ForeignKey(EmulationYear, models.CASCADE, related_name="deadlines", verbose_name=_("emulation year"))
    step = models.CharField(_("step"), max_length=20, choices=DeadlineStep)
    due_at = models.DateTimeField(_("due"))
    is_hard = models.BooleanField(_("nothing is accepted afterwards"), default=False)

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "step"],
                name="deadline_once_per_step",
                violation_error_message=_("This step has a deadline already. Change that one."),
            ),
            choices_constraint("step", DeadlineStep, "deadline_step_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.year_id}"


class Extension(models.Model):
    """More time for one unit, with the reason."""

    deadline = models.ForeignKey(Deadline, models.CASCADE, related_name="extensions", verbose_name=_("deadline"))
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="extensions", verbose_name=_("member unit"))
    until = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["deadline", "membership", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "membership"],
                name="extension_once_per_unit",
                violation_error_message=_("The unit has an extension already. Change that one."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="extension_has_reason",
                violation_error_message=_("An extension needs its reason in writing."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.until}"
