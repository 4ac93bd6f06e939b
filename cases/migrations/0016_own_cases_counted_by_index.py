from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0015_imports_in_sealed_reports"),
        ("contacts", "0008_when_facts_were_recorded"),
        ("crm", "0005_every_list_as_a_file"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="case",
            name="cases_case_coordinator",
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["coordinator", "municipality", "state", "restricted", "household"],
                name="cases_case_of_coordinator",
            ),
        ),
    ]
