from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0003_number_register"),
    ]

    operations = [
        migrations.AddField(
            model_name="numberregister",
            name="first_number",
            field=models.PositiveIntegerField(default=1, verbose_name="first number"),
        ),
        migrations.AddConstraint(
            model_name="numberregister",
            constraint=models.CheckConstraint(
                condition=Q(first_number__gte=1, last_number__gte=F("first_number") - 1),
                name="number_register_in_order",
                violation_error_message="The last number given lies before the first one.",
            ),
        ),
    ]
