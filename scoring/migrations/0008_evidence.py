import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0007_delegations"),
        ("scoring", "0007_approval_by_delegation"),
    ]

    operations = [
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("file", "File"),
                            ("document", "Number of a document"),
                            ("link", "Link"),
                            ("record", "Record of the cluster"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="what it shows")),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="number of the document")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="date of the document")),
                ("url", models.URLField(blank=True, max_length=500, verbose_name="link")),
                ("record_key", models.CharField(blank=True, max_length=60, verbose_name="record")),
                ("added_at", models.DateTimeField(verbose_name="added")),
                ("hidden_at", models.DateTimeField(blank=True, null=True, verbose_name="hidden")),
                ("hidden_reason", models.CharField(blank=True, max_length=300, verbose_name="reason why it is hidden")),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="members.storedfile",
                        verbose_name="file",
                    ),
                ),
                (
                    "hidden_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="hidden by",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="scoring.scoreline",
                        verbose_name="score line",
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="scoring.evidence",
                        verbose_name="replaces",
                    ),
                ),
                (
                    "scorecard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="scoring.scorecard",
                        verbose_name="score card",
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "ordering": ["scorecard", "line", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "file"), ("file__isnull", False)),
                            models.Q(("kind", "link"), models.Q(("url", ""), _negated=True)),
                            models.Q(
                                ("kind", "document"),
                                models.Q(("number", ""), _negated=True),
                                ("issued_on__isnull", False),
                            ),
                            models.Q(("kind", "record"), models.Q(("record_key", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="evidence_has_its_content",
                        violation_error_message="Give what belongs to the kind: a file, a link, number and date of the document, or a record.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hidden_at__isnull", True),
                            models.Q(models.Q(("hidden_reason", ""), _negated=True), ("hidden_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="evidence_hidden_has_reason",
                        violation_error_message="Say why the evidence is hidden.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("hidden_at__isnull", True), ("file__isnull", False)),
                        fields=("line", "file"),
                        name="evidence_file_once_per_line",
                        violation_error_message="This file is evidence of this line already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["file", "document", "link", "record"])),
                        name="evidence_kind_known",
                        violation_error_message="This value is not one of the choices.",
                    ),
                ],
            },
        ),
    ]
