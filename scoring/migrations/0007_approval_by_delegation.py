import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0007_delegations"),
        ("scoring", "0006_estimates"),
    ]

    operations = [
        migrations.AddField(
            model_name="approval",
            name="delegation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.delegation",
                verbose_name="delegation",
            ),
        ),
    ]
