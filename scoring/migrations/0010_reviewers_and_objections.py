import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0007_delegations"),
        ("scoring", "0009_submissions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("accepted", "Accepted"),
                            ("kept", "Points kept"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="open",
                        editable=False,
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "claimed_value",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=15, null=True, verbose_name="claimed value"
                    ),
                ),
                (
                    "is_late",
                    models.BooleanField(default=False, editable=False, verbose_name="raised after the deadline"),
                ),
                ("raised_at", models.DateTimeField(verbose_name="raised")),
                (
                    "value_before",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        editable=False,
                        max_digits=15,
                        null=True,
                        verbose_name="final value before",
                    ),
                ),
                (
                    "points_before",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        editable=False,
                        max_digits=8,
                        null=True,
                        verbose_name="final points before",
                    ),
                ),
                (
                    "value_after",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        editable=False,
                        max_digits=15,
                        null=True,
                        verbose_name="final value after",
                    ),
                ),
                (
                    "points_after",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        editable=False,
                        max_digits=8,
                        null=True,
                        verbose_name="final points after",
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="settled")),
                ("settled_reason", models.TextField(blank=True, editable=False, verbose_name="reason of the outcome")),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="scoring.scoreline",
                        verbose_name="score line",
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="raised by",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="settled by",
                    ),
                ),
            ],
            options={
                "verbose_name": "objection",
                "verbose_name_plural": "objections",
                "ordering": ["line__scorecard", "line__criterion__order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ObjectionMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("written_at", models.DateTimeField(verbose_name="written")),
                ("text", models.TextField(verbose_name="text")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                (
                    "objection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="scoring.objection",
                        verbose_name="objection",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "ordering": ["objection", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ReviewAssignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("assigned_at", models.DateTimeField(verbose_name="assigned")),
                (
                    "assigned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assigned by",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_assignments",
                        to="members.membership",
                        verbose_name="reviewing unit",
                    ),
                ),
                (
                    "scorecard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviewers",
                        to="scoring.scorecard",
                        verbose_name="score card",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_assignments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reviewer",
                    ),
                ),
            ],
            options={
                "verbose_name": "reviewer of a card",
                "verbose_name_plural": "reviewers of cards",
                "ordering": ["scorecard", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "open")),
                fields=("line",),
                name="objection_one_open",
                violation_error_message="There is an open objection to this line already. Write into that one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", True), ("status", "open")),
                    models.Q(
                        models.Q(("status", "open"), _negated=True),
                        ("settled_at__isnull", False),
                        ("settled_by__isnull", False),
                        models.Q(("settled_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="objection_settled_has_reason",
                violation_error_message="An objection is settled by a person, with the reason.",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["open", "accepted", "kept", "withdrawn"])),
                name="objection_status_known",
                violation_error_message="This value is not one of the choices.",
            ),
        ),
        migrations.AddConstraint(
            model_name="objectionmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="objection_message_not_empty",
                violation_error_message="Write what you want to say.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewassignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("membership__isnull", True), ("user__isnull", False)),
                    models.Q(("membership__isnull", False), ("user__isnull", True)),
                    _connector="OR",
                ),
                name="review_assignment_one_reviewer",
                violation_error_message="Name either a person or a unit as reviewer.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewassignment",
            constraint=models.UniqueConstraint(
                fields=("scorecard", "user"),
                name="review_assignment_person_once",
                violation_error_message="This person reviews the card already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewassignment",
            constraint=models.UniqueConstraint(
                fields=("scorecard", "membership"),
                name="review_assignment_unit_once",
                violation_error_message="This unit reviews the card already.",
            ),
        ),
    ]
