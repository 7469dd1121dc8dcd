from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cluster_app.lib.constraints import choices_constraint
from members.enums import AssignmentRole, PendingKind, Theme
from members.models.cluster import Cluster, Unit

_OF_A_UNIT = (AssignmentRole.SIGNATORY, AssignmentRole.OFFICER)
_OF_A_CLUSTER = (AssignmentRole.SECRETARIAT, AssignmentRole.OBSERVER)


class UserManager(BaseUserManager):
    def create_user(self, username, password=None, **fields):
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username, password=None, **fields):
        """`createsuperuser` makes an administrator: a person with the assignment, not with a flag."""
        user = self.create_user(username, password, **fields)
        Assignment.objects.using(self._db).create(user=user, role=AssignmentRole.ADMINISTRATOR)
        return user


class User(AbstractBaseUser):
    """A login. What a person may do is said by assignments alone, never by flags or groups."""

    username = models.CharField(_("user name"), max_length=60, validators=[UnicodeUsernameValidator()])
    full_name = models.CharField(_("full name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    must_change_password = models.BooleanField(_("must change the password"), default=False)
    language = models.CharField(_("language"), max_length=5, blank=True)
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, default=Theme.AUTO)
    is_large_font = models.BooleanField(_("large letters"), default=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(
                fields=["username"],
                name="user_username_once",
                violation_error_message=_("Another account has this user name. Choose a different one."),
            ),
            choices_constraint("theme", Theme, "user_theme_known"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def assignments_held(self) -> list["Assignment"]:
        """The assignments in force, with unit and cluster, read once for each loaded person."""
        if not hasattr(self, "_assignments_held"):
            held = self.assignments.filter(ended_on__isnull=True).select_related("unit", "cluster").order_by("pk")
            self._assignments_held = list(held)
        return self._assignments_held

    def has_perm(self, perm, obj=None) -> bool:
        """The admin's own permissions are not used: `members.scoped_admin` asks the relations."""
        return False

    def has_module_perms(self, app_label) -> bool:
        return False


class Assignment(models.Model):
    """A part that a person plays, for a unit or a cluster, until it is ended."""

    user = models.ForeignKey(User, models.PROTECT, related_name="assignments", verbose_name=_("account"))
    role = models.CharField(_("role"), max_length=15, choices=AssignmentRole)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="assignments", verbose_name=_("unit"), null=True, blank=True
    )
    cluster = models.ForeignKey(
        Cluster, models.PROTECT, related_name="assignments", verbose_name=_("cluster"), null=True, blank=True
    )
    office = models.CharField(_("office in the own agency"), max_length=120, blank=True)
    started_on = models.DateField(_("from"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["user", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(role__in=_OF_A_UNIT) & Q(unit__isnull=False))
                | (Q(role__in=_OF_A_CLUSTER) & Q(cluster__isnull=False))
                | (Q(role=AssignmentRole.ADMINISTRATOR) & Q(unit__isnull=True) & Q(cluster__isnull=True)),
                name="assignment_has_its_place",
                violation_error_message=_(
                    "Signatories and officers need a unit, secretariat and observers a cluster; an administrator has "
                    "neither."
                ),
            ),
            models.CheckConstraint(
                condition=Q(started_on__isnull=True) | Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="assignment_dates_in_order",
                violation_error_message=_("The assignment ends before it begins. Correct one of the dates."),
            ),
            choices_constraint("role", AssignmentRole, "assignment_role_known"),
        ]

    def __str__(self) -> str:
        place = self.unit or self.cluster
        return f"{self.get_role_display()} · {place}" if place else str(self.get_role_display())


class PendingStep(models.Model):
    """An act that needs two persons: proposed by one, done when another confirms it."""

    kind = models.CharField(_("act"), max_length=20, choices=PendingKind)
    object_key = models.CharField(_("object"), max_length=120, db_index=True)
    year = models.ForeignKey(
        "members.EmulationYear", models.PROTECT, related_name="pending_steps", verbose_name=_("emulation year")
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    digest = models.CharField(_("digest of what was proposed"), max_length=64, blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed"))
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("confirmed by"), null=True, blank=True
    )
    closed_at = models.DateTimeField(_("confirmed or withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("step for two persons")
        verbose_name_plural = _("steps for two persons")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_key"],
                condition=Q(closed_at__isnull=True),
                name="pending_step_once",
                violation_error_message=_("This has been proposed already and waits for the second person."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="pending_step_two_persons",
                violation_error_message=_("The second person must be another one than the first."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | Q(closed_at__isnull=False),
                name="pending_step_confirmed_is_closed",
                violation_error_message=_("A confirmed step needs its time."),
            ),
            choices_constraint("kind", PendingKind, "pending_step_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.object_key}"
