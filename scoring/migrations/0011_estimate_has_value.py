from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0010_reviewers_and_objections"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="scoreline",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_estimate", False), ("self_value__isnull", False), _connector="OR"),
                name="scoreline_estimate_has_value",
                violation_error_message="Only a value can be an estimate. Give the value, or take the mark away.",
            ),
        ),
    ]
