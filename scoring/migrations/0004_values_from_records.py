import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("awards", "0001_initial"),
        ("scoring", "0003_more_kinds"),
    ]

    operations = [
        migrations.CreateModel(
            name="LineRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60, verbose_name="record")),
                ("text", models.CharField(max_length=400, verbose_name="text")),
                (
                    "amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=15, null=True, verbose_name="counts as"
                    ),
                ),
            ],
            options={
                "verbose_name": "record of a line",
                "verbose_name_plural": "records of a line",
                "ordering": ["line", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SourceRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("state", "State level"),
                            ("province", "Provincial level"),
                            ("agency", "Agency level"),
                        ],
                        max_length=10,
                        verbose_name="level",
                    ),
                ),
                (
                    "recipient_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("collective", "Collective"),
                            ("individual", "Individual"),
                            ("household", "Household"),
                        ],
                        max_length=12,
                        verbose_name="recipient",
                    ),
                ),
                (
                    "campaign_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("regular", "Regular movement"),
                            ("thematic", "Thematic campaign"),
                            ("drive", "Drive"),
                        ],
                        max_length=10,
                        verbose_name="kind of campaign",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=8, verbose_name="counts as")),
            ],
            options={
                "verbose_name": "rule of a source",
                "verbose_name_plural": "rules of a source",
                "ordering": ["criterion", "pk"],
            },
        ),
        migrations.AddField(
            model_name="criterion",
            name="overclaim_percent",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                max_digits=5,
                null=True,
                verbose_name="self-scored above the review by more than, in percent of the declared total",
            ),
        ),
        migrations.AddField(
            model_name="criterion",
            name="source",
            field=models.CharField(
                blank=True,
                choices=[
                    ("commendations", "Commendations, by level and recipient"),
                    ("campaigns", "Campaigns joined and concluded"),
                    ("titles", "Titles awarded of those registered, in percent"),
                    ("direct_workers", "Direct workers among the commended, in percent"),
                    ("office", "Office in the cluster: leader, deputy, member"),
                    ("days_late", "Days late of the own card"),
                    ("overclaim", "Self-scored far above the review"),
                ],
                help_text="Empty: the unit types it.",
                max_length=16,
                verbose_name="value taken from",
            ),
        ),
        migrations.AddConstraint(
            model_name="criterion",
            constraint=models.CheckConstraint(
                condition=models.Q(("overclaim_percent__isnull", True), ("overclaim_percent__gt", 0), _connector="OR"),
                name="criterion_overclaim_positive",
                violation_error_message="The percentage must be more than 0.",
            ),
        ),
        migrations.AddConstraint(
            model_name="criterion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "source__in",
                        [
                            "commendations",
                            "campaigns",
                            "titles",
                            "direct_workers",
                            "office",
                            "days_late",
                            "overclaim",
                            "",
                        ],
                    )
                ),
                name="criterion_source_known",
                violation_error_message="This value is not one of the choices.",
            ),
        ),
        migrations.AddField(
            model_name="linerecord",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="records",
                to="scoring.scoreline",
                verbose_name="score line",
            ),
        ),
        migrations.AddField(
            model_name="sourcerule",
            name="award_form",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="awards.awardform",
                verbose_name="title or form",
            ),
        ),
        migrations.AddField(
            model_name="sourcerule",
            name="criterion",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="source_rules",
                to="scoring.criterion",
                verbose_name="criterion",
            ),
        ),
        migrations.AddConstraint(
            model_name="linerecord",
            constraint=models.UniqueConstraint(
                fields=("line", "key"),
                name="line_record_once",
                violation_error_message="The line names this record already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcerule",
            constraint=models.UniqueConstraint(
                condition=models.Q(("award_form__isnull", True)),
                fields=("criterion", "level", "recipient_kind", "campaign_kind"),
                name="source_rule_once",
                violation_error_message="The criterion has this rule already. Change that one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcerule",
            constraint=models.UniqueConstraint(
                condition=models.Q(("award_form__isnull", False)),
                fields=("criterion", "award_form", "recipient_kind"),
                name="source_rule_form_once",
                violation_error_message="The criterion has a rule for this form already. Change that one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcerule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(
                            models.Q(("level", ""), _negated=True), ("award_form__isnull", False), _connector="OR"
                        ),
                        ("campaign_kind", ""),
                    ),
                    models.Q(
                        models.Q(("campaign_kind", ""), _negated=True),
                        ("award_form__isnull", True),
                        ("level", ""),
                        ("recipient_kind", ""),
                    ),
                    _connector="OR",
                ),
                name="source_rule_says_what",
                violation_error_message="Name a level or a form of commendations, or a kind of campaigns.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcerule",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)),
                name="source_rule_amount_positive",
                violation_error_message="A record counts more than 0.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcerule",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["state", "province", "agency", ""])),
                name="source_rule_level_known",
                violation_error_message="This value is not one of the choices.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcerule",
            constraint=models.CheckConstraint(
                condition=models.Q(("recipient_kind__in", ["collective", "individual", "household", ""])),
                name="source_rule_recipient_known",
                violation_error_message="This value is not one of the choices.",
            ),
        ),
        migrations.AddConstraint(
            model_name="sourcerule",
            constraint=models.CheckConstraint(
                condition=models.Q(("campaign_kind__in", ["regular", "thematic", "drive", ""])),
                name="source_rule_campaign_known",
                violation_error_message="This value is not one of the choices.",
            ),
        ),
    ]
