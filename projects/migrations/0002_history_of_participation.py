import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The rows and columns; 0003 fills them, 0004 constrains them."""

    dependencies = [
        ("cases", "0002_people_and_staff"),
        ("crm", "0002_role_in_a_project"),
        ("projects", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Participation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("happened_on", models.DateField(verbose_name="date")),
                ("date_known", models.BooleanField(default=True)),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                ("void", models.BooleanField(default=False)),
                ("why", models.TextField(blank=True, verbose_name="reason for the correction")),
                ("kind", models.CharField(choices=[("joined", "Joined"), ("withdrew", "Withdrew")], max_length=8)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="participation", to="projects.partner"
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="projects.participation",
                        verbose_name="corrects",
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddField("majorprojectcase", "date_known", models.BooleanField(default=True)),
        migrations.AddField("majorprojectcase", "happened_on", models.DateField(verbose_name="date", null=True)),
        migrations.AddField(
            "majorprojectcase",
            "replaces",
            models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replaced_by",
                to="projects.majorprojectcase",
                verbose_name="corrects",
            ),
        ),
        migrations.AddField("majorprojectcase", "void", models.BooleanField(default=False)),
        migrations.AddField(
            "majorprojectcase", "why", models.TextField(blank=True, verbose_name="reason for the correction")
        ),
        migrations.AlterField(
            "majorprojectcase",
            "by",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AlterField("majorprojectcase", "recorded_at", models.DateTimeField(verbose_name="recorded")),
        migrations.AlterField(
            "majorprojectcase",
            "case",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
        ),
    ]
