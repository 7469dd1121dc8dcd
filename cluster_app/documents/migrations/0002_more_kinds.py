from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0001_issued_document"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="issueddocument",
            name="issued_document_kind_known",
        ),
        migrations.AlterField(
            model_name="issueddocument",
            name="kind",
            field=models.CharField(
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
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="issueddocument",
            constraint=models.CheckConstraint(
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
                name="issued_document_kind_known",
                violation_error_message="This value is not one of the choices.",
            ),
        ),
    ]
