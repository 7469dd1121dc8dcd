from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="yearrules",
            name="review_mode",
            field=models.CharField(
                choices=[
                    ("secretariat", "The secretariat"),
                    ("ring", "Each unit reviews the next one"),
                    ("deputy_team", "A team of the deputy leader"),
                ],
                default="secretariat",
                max_length=12,
                verbose_name="cards are reviewed by",
            ),
        ),
        migrations.AddConstraint(
            model_name="yearrules",
            constraint=models.CheckConstraint(
                condition=models.Q(("review_mode__in", ["secretariat", "ring", "deputy_team"])),
                name="rules_review_mode_known",
                violation_error_message="This value is not one of the choices.",
            ),
        ),
    ]
