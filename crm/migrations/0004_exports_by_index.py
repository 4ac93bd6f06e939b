from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0003_exports"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="export",
            index=models.Index(fields=["recorded_at", "id"], name="crm_export_recorded"),
        ),
    ]
