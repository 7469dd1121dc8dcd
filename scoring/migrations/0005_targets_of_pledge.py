import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("awards", "0001_initial"),
        ("scoring", "0004_values_from_records"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="target",
            name="target_not_negative",
        ),
        migrations.AddField(
            model_name="target",
            name="is_assigned",
            field=models.BooleanField(default=True, verbose_name="assigned"),
        ),
        migrations.AddField(
            model_name="target",
            name="not_assigned_reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="reason why not assigned"),
        ),
        migrations.AddField(
            model_name="target",
            name="pledge_item",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="targets",
                to="awards.pledgeitem",
                verbose_name="pledge item",
            ),
        ),
        migrations.AlterField(
            model_name="target",
            name="value",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=15, null=True, verbose_name="target"),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__isnull", True), ("value__gte", 0), _connector="OR"),
                name="target_not_negative",
                violation_error_message="A target cannot be negative.",
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("is_assigned", True),
                        ("not_assigned_reason", ""),
                        models.Q(
                            models.Q(("pledge_item__isnull", True), ("value__isnull", False)),
                            models.Q(("pledge_item__isnull", False), ("value__isnull", True)),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("is_assigned", False),
                        models.Q(("not_assigned_reason", ""), _negated=True),
                        models.Q(("value__isnull", True), ("pledge_item__isnull", True), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="target_says_one_thing",
                violation_error_message="Give a target, or a pledge item, or the reason why the criterion is not assigned.",
            ),
        ),
    ]
