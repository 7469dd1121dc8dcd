import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0008_own_register"),
    ]

    operations = [
        migrations.CreateModel(
            name="YearPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("annual_summary", "Annual summary"),
                            ("scorecard", "Scorecard"),
                            ("score_table", "Score table"),
                            ("pledge", "Pledge agreement"),
                            ("notice", "Notice of results"),
                            ("proposal", "Proposal for commendation"),
                            ("proposal_list", "List of units proposed"),
                            ("plan", "Plan of the year"),
                            ("reminder", "Letter to late units"),
                            ("invitation", "Invitation"),
                        ],
                        max_length=30,
                        verbose_name="kind of paper",
                    ),
                ),
                (
                    "letterhead",
                    models.CharField(
                        blank=True,
                        choices=[("party", "Party letterhead"), ("state", "State letterhead")],
                        max_length=10,
                        verbose_name="letterhead",
                    ),
                ),
                (
                    "recipients",
                    models.TextField(
                        blank=True, help_text="One recipient a line, without the dash.", verbose_name="recipients"
                    ),
                ),
                ("values", models.JSONField(blank=True, default=dict, verbose_name="typed text")),
                ("version", models.PositiveIntegerField(default=1, editable=False, verbose_name="version")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="written")),
                (
                    "updated_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                (
                    "year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="members.emulationyear",
                        verbose_name="emulation year",
                    ),
                ),
            ],
            options={
                "verbose_name": "paper of a year",
                "verbose_name_plural": "papers of a year",
                "ordering": ["year", "kind"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "annual_summary",
                                    "scorecard",
                                    "score_table",
                                    "pledge",
                                    "notice",
                                    "proposal",
                                    "proposal_list",
                                    "plan",
                                    "reminder",
                                    "invitation",
                                ],
                            )
                        ),
                        name="year_paper_kind_known",
                        violation_error_message="This value is not one of the choices.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("letterhead__in", ["party", "state", ""])),
                        name="year_paper_letterhead_known",
                        violation_error_message="This value is not one of the choices.",
                    ),
                    models.UniqueConstraint(
                        fields=("year", "kind"),
                        name="year_paper_once",
                        violation_error_message="This paper exists already. Change that one.",
                    ),
                ],
            },
        ),
    ]
