from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0007_delegations"),
    ]

    operations = [
        migrations.AddField(
            model_name="yearrules",
            name="own_register",
            field=models.BooleanField(default=False, verbose_name="numbers of papers are given here, without gaps"),
        ),
        migrations.AddField(
            model_name="yearrules",
            name="register_period",
            field=models.CharField(
                blank=True,
                help_text="Party papers are numbered through a term, for example 2020-2025. Empty: by the year.",
                max_length=40,
                verbose_name="period in which numbers run on",
            ),
        ),
    ]
