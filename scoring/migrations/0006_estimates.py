from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0005_targets_of_pledge"),
    ]

    operations = [
        migrations.AddField(
            model_name="scoreline",
            name="is_estimate",
            field=models.BooleanField(default=False, editable=False, verbose_name="estimate for the whole year"),
        ),
    ]
