import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0002_more_kinds"),
    ]

    operations = [
        migrations.CreateModel(
            name="NumberRegister",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cluster_key", models.SlugField(max_length=60, verbose_name="cluster")),
                ("type_code", models.CharField(max_length=10, verbose_name="type of paper")),
                ("period", models.CharField(max_length=40, verbose_name="period")),
                ("last_number", models.PositiveIntegerField(default=0, verbose_name="last number given")),
            ],
            options={
                "verbose_name": "register of numbers",
                "verbose_name_plural": "registers of numbers",
                "ordering": ["cluster_key", "period", "type_code"],
            },
        ),
        migrations.CreateModel(
            name="DocumentNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                (
                    "status",
                    models.CharField(
                        choices=[("reserved", "reserved"), ("issued", "issued"), ("void", "void")],
                        default="reserved",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("purpose", models.CharField(blank=True, max_length=200, verbose_name="for which paper")),
                ("reserved_at", models.DateTimeField(verbose_name="reserved at")),
                ("reserved_by_key", models.CharField(max_length=150, verbose_name="reserved by")),
                ("voided_at", models.DateTimeField(blank=True, null=True, verbose_name="voided at")),
                ("voided_by_key", models.CharField(blank=True, max_length=150, verbose_name="voided by")),
                ("void_reason", models.CharField(blank=True, max_length=300, verbose_name="why it is void")),
            ],
            options={
                "verbose_name": "number of a document",
                "verbose_name_plural": "numbers of documents",
                "ordering": ["register", "-number"],
            },
        ),
        migrations.AddField(
            model_name="documentnumber",
            name="document",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="documents.issueddocument",
                verbose_name="issued document",
            ),
        ),
        migrations.AddConstraint(
            model_name="numberregister",
            constraint=models.UniqueConstraint(
                fields=("cluster_key", "type_code", "period"),
                name="number_register_once",
                violation_error_message="This register exists already.",
            ),
        ),
        migrations.AddField(
            model_name="documentnumber",
            name="register",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="numbers",
                to="documents.numberregister",
                verbose_name="register of numbers",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentnumber",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["reserved", "issued", "void"])),
                name="document_number_status_known",
                violation_error_message="This value is not one of the choices.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentnumber",
            constraint=models.UniqueConstraint(
                fields=("register", "number"),
                name="document_number_once",
                violation_error_message="This number has been given out already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentnumber",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("document__isnull", False), ("status", "issued")),
                    models.Q(models.Q(("status", "issued"), _negated=True), ("document", None)),
                    _connector="OR",
                ),
                name="document_number_issued_has_document",
                violation_error_message="An issued number belongs to an issued document.",
            ),
        ),
        migrations.AddConstraint(
            model_name="documentnumber",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("status", "void"),
                        ("voided_at__isnull", False),
                        models.Q(("void_reason", ""), _negated=True),
                        models.Q(("voided_by_key", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("status", "void"), _negated=True),
                        ("void_reason", ""),
                        ("voided_at", None),
                        ("voided_by_key", ""),
                    ),
                    _connector="OR",
                ),
                name="document_number_void_with_reason",
                violation_error_message="Say why the number is void.",
            ),
        ),
    ]
