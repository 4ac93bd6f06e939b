import django.db.models.functions.text
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_what_was_recorded_becomes_rows")]

    operations = [
        migrations.AlterField("majorprojectcase", "happened_on", models.DateField(verbose_name="date")),
        migrations.AddConstraint(
            "majorprojectcase",
            models.CheckConstraint(
                condition=Q(void=False) | Q(replaces__isnull=False), name="projects_majorprojectcase_void_replaces"
            ),
        ),
        migrations.AddConstraint(
            "majorprojectcase",
            models.UniqueConstraint(
                fields=["case"], condition=Q(replaces__isnull=True), name="projects_majorprojectcase_one_chain"
            ),
        ),
        migrations.AddConstraint(
            "participation",
            models.CheckConstraint(
                condition=Q(void=False) | Q(replaces__isnull=False), name="projects_participation_void_replaces"
            ),
        ),
        migrations.AddConstraint(
            "participation",
            models.UniqueConstraint(
                fields=["partner", "kind"], condition=Q(replaces__isnull=True), name="projects_participation_one_chain"
            ),
        ),
        migrations.AddConstraint(
            "project",
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="projects_project_ends_after_start"
            ),
        ),
        migrations.AddConstraint(
            "majorproject",
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="projects_majorproject_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            "majorproject",
            models.UniqueConstraint(
                F("municipality"), django.db.models.functions.text.Lower("name"), name="projects_majorproject_name_once"
            ),
        ),
    ]
