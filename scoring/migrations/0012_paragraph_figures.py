from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0011_estimate_has_value"),
    ]

    operations = [
        migrations.AddField(
            model_name="summaryparagraph",
            name="figures",
            field=models.JSONField(
                blank=True, default=dict, editable=False, verbose_name="figures when it was accepted"
            ),
        ),
    ]
