from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0003_objection_deadline"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="email",
            field=models.EmailField(blank=True, max_length=254, verbose_name="e-mail address"),
        ),
    ]
