from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0002_review_mode"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="deadline",
            name="deadline_step_known",
        ),
        migrations.AlterField(
            model_name="deadline",
            name="step",
            field=models.CharField(
                choices=[
                    ("pledge_signing", "Pledge signing"),
                    ("self_scoring", "Self-scoring"),
                    ("reviewing", "Review"),
                    ("objecting", "Objections to the points"),
                    ("approving", "Approval"),
                    ("conference", "Year-end conference"),
                    ("conclusion", "Conclusion of the year"),
                ],
                max_length=20,
                verbose_name="step",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "step__in",
                        [
                            "pledge_signing",
                            "self_scoring",
                            "reviewing",
                            "objecting",
                            "approving",
                            "conference",
                            "conclusion",
                        ],
                    )
                ),
                name="deadline_step_known",
                violation_error_message="This value is not one of the choices.",
            ),
        ),
    ]
