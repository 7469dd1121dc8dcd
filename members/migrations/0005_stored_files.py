import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0004_user_email"),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="file name")),
                ("extension", models.CharField(max_length=5, verbose_name="file type")),
                ("size", models.PositiveIntegerField(verbose_name="size in bytes")),
                ("sha256", models.CharField(db_index=True, max_length=64, verbose_name="SHA-256")),
                ("stored_name", models.CharField(max_length=80, verbose_name="stored as")),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded")),
                (
                    "membership",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="members.membership",
                        verbose_name="member unit",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="uploaded by",
                    ),
                ),
                (
                    "year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="members.emulationyear",
                        verbose_name="emulation year",
                    ),
                ),
            ],
            options={
                "verbose_name": "file",
                "verbose_name_plural": "files",
                "ordering": ["-uploaded_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("stored_name",),
                        name="stored_file_name_once",
                        violation_error_message="Two files cannot lie in one place. Upload the file again.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("extension__in", ["pdf", "docx", "xlsx", "jpg", "png"])),
                        name="stored_file_type_known",
                        violation_error_message="Only PDF, Word (docx), Excel (xlsx), JPG and PNG files are taken.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("size__gt", 0)),
                        name="stored_file_not_empty",
                        violation_error_message="The file is empty.",
                    ),
                ],
            },
        ),
    ]
