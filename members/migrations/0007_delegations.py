import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0006_notifications"),
    ]

    operations = [
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("kt", "KT. (in place of the head)"),
                            ("tl", "TL. (by order)"),
                            ("tuq", "TUQ. (by authorisation)"),
                        ],
                        default="kt",
                        max_length=3,
                        verbose_name="signs",
                    ),
                ),
                ("number", models.CharField(max_length=60, verbose_name="number of the paper")),
                ("decided_on", models.DateField(verbose_name="date of the paper")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="until")),
                ("recorded_at", models.DateTimeField(editable=False, verbose_name="recorded")),
                ("ended_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="ended early")),
                (
                    "ended_reason",
                    models.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="reason of the early end"
                    ),
                ),
                (
                    "delegate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="delegate",
                    ),
                ),
                (
                    "delegate_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_held",
                        to="members.membership",
                        verbose_name="unit of the delegate",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ended by",
                    ),
                ),
                (
                    "principal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_given",
                        to="members.membership",
                        verbose_name="unit that delegates",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "delegation",
                "verbose_name_plural": "delegations",
                "ordering": ["-starts_on", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("principal", models.F("delegate_unit")), _negated=True),
                        name="delegation_to_another_unit",
                        violation_error_message="A unit delegates to the signatory of another unit.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="delegation_dates_in_order",
                        violation_error_message="The delegation ends before it begins. Correct one of the dates.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_on__lte", models.F("starts_on"))),
                        name="delegation_decided_before",
                        violation_error_message="The paper is dated after the delegation begins. Correct one of the dates.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number", ""), _negated=True),
                        name="delegation_has_number",
                        violation_error_message="Give the number of the paper.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            models.Q(("ended_by__isnull", False), models.Q(("ended_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="delegation_ended_has_reason",
                        violation_error_message="Ending a delegation early needs a person and a reason.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("form__in", ["kt", "tl", "tuq"])),
                        name="delegation_form_known",
                        violation_error_message="This value is not one of the choices.",
                    ),
                ],
            },
        ),
    ]
