import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0007_delegations"),
        ("scoring", "0008_evidence"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignedPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=60, verbose_name="number of the signed paper")),
                ("signed_on", models.DateField(verbose_name="date of the signed paper")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "scan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.storedfile",
                        verbose_name="scan of the signed paper",
                    ),
                ),
                (
                    "scorecard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="scoring.scorecard",
                        verbose_name="score card",
                    ),
                ),
            ],
            options={
                "verbose_name": "signed paper",
                "verbose_name_plural": "signed papers",
                "ordering": ["scorecard", "recorded_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("signatory", "By the signatory"),
                            ("officer", "By an officer, with the signed paper"),
                            ("on_behalf", "Entered on behalf of the unit, from the signed paper"),
                        ],
                        max_length=10,
                        verbose_name="way",
                    ),
                ),
                ("submitted_at", models.DateTimeField(verbose_name="submitted")),
                ("late_days", models.PositiveSmallIntegerField(default=0, verbose_name="days late")),
                ("snapshot", models.TextField(verbose_name="snapshot")),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                (
                    "paper",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scoring.signedpaper",
                        verbose_name="signed paper",
                    ),
                ),
                (
                    "scorecard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="scoring.scorecard",
                        verbose_name="score card",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="submitted by",
                    ),
                ),
            ],
            options={
                "verbose_name": "submission",
                "verbose_name_plural": "submissions",
                "ordering": ["scorecard", "number"],
            },
        ),
        migrations.AddConstraint(
            model_name="signedpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(("number", ""), _negated=True),
                name="signed_paper_has_number",
                violation_error_message="Give the number of the paper that the head of the unit signed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(
                fields=("scorecard", "number"),
                name="submission_number_once",
                violation_error_message="The card was submitted in the same moment. Open it again.",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(("way", "signatory"), ("paper__isnull", False), _connector="OR"),
                name="submission_without_signatory_has_paper",
                violation_error_message="Whoever submits for the head of the unit needs the signed paper.",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(("way__in", ["signatory", "officer", "on_behalf"])),
                name="submission_way_known",
                violation_error_message="This value is not one of the choices.",
            ),
        ),
    ]
