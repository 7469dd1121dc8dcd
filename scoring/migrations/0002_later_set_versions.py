from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="criteriaset",
            name="criteria_set_status_known",
        ),
        migrations.AddField(
            model_name="criteriaset",
            name="allows_shared_records",
            field=models.BooleanField(default=False, verbose_name="one record may feed several lines"),
        ),
        migrations.AlterField(
            model_name="criteriaset",
            name="status",
            field=models.CharField(
                choices=[("draft", "Draft"), ("applied", "Applied"), ("replaced", "Replaced by a later version")],
                default="draft",
                editable=False,
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AddConstraint(
            model_name="criteriaset",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "applied", "replaced"])),
                name="criteria_set_status_known",
                violation_error_message="This value is not one of the choices.",
            ),
        ),
    ]
