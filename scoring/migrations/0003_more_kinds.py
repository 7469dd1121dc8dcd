from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0002_later_set_versions"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="criterion",
            name="criterion_kind_known",
        ),
        migrations.AddField(
            model_name="criterion",
            name="full_at_excess",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="Empty: only the best unit of the cluster gets the maximum, be it 1 % above the target.",
                max_digits=6,
                null=True,
                verbose_name="excess over the target that gives the maximum, in percent",
            ),
        ),
        migrations.AddField(
            model_name="criterion",
            name="min_points",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="The points never fall below this; empty means 0.",
                max_digits=8,
                null=True,
                verbose_name="least points",
            ),
        ),
        migrations.AddField(
            model_name="criterion",
            name="step",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="The value must be a multiple of it, for example 0,25 or 0,5.",
                max_digits=8,
                null=True,
                verbose_name="step",
            ),
        ),
        migrations.AddField(
            model_name="criterionlevel",
            name="from_value",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=15, null=True, verbose_name="from"),
        ),
        migrations.AddField(
            model_name="criterionlevel",
            name="to_value",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=15, null=True, verbose_name="to below"),
        ),
        migrations.AlterField(
            model_name="criterion",
            name="kind",
            field=models.CharField(
                choices=[
                    ("group", "Group"),
                    ("ratio", "Ratio to the target"),
                    ("ratio_leader", "Ratio to the target, the best unit leads"),
                    ("per_item", "Points per item"),
                    ("levels", "Levels"),
                    ("bands", "Bands of a value"),
                    ("boolean", "Achieved or not"),
                    ("deduct", "Deduction per fault"),
                    ("bonus", "Bonus per item"),
                    ("penalty", "Penalty per case"),
                    ("judged", "Judged directly"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="criterion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("min_points__isnull", True),
                    models.Q(
                        ("max_points__isnull", False),
                        ("min_points__gte", 0),
                        ("min_points__lt", models.F("max_points")),
                    ),
                    _connector="OR",
                ),
                name="criterion_min_below_max",
                violation_error_message="The least points must lie between 0 and the maximum.",
            ),
        ),
        migrations.AddConstraint(
            model_name="criterion",
            constraint=models.CheckConstraint(
                condition=models.Q(("step__isnull", True), ("step__gt", 0), _connector="OR"),
                name="criterion_step_positive",
                violation_error_message="The step must be more than 0.",
            ),
        ),
        migrations.AddConstraint(
            model_name="criterion",
            constraint=models.CheckConstraint(
                condition=models.Q(("full_at_excess__isnull", True), ("full_at_excess__gt", 0), _connector="OR"),
                name="criterion_excess_positive",
                violation_error_message="The excess that gives the maximum must be more than 0 %.",
            ),
        ),
        migrations.AddConstraint(
            model_name="criterion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "group",
                            "ratio",
                            "ratio_leader",
                            "per_item",
                            "levels",
                            "bands",
                            "boolean",
                            "deduct",
                            "bonus",
                            "penalty",
                            "judged",
                        ],
                    )
                ),
                name="criterion_kind_known",
                violation_error_message="This value is not one of the choices.",
            ),
        ),
        migrations.AddConstraint(
            model_name="criterionlevel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("to_value__isnull", True),
                    models.Q(("from_value__isnull", False), ("to_value__gt", models.F("from_value"))),
                    _connector="OR",
                ),
                name="level_band_in_order",
                violation_error_message="A band ends above where it begins.",
            ),
        ),
    ]
