from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0014_large_sheets_are_checked_in_parts"),
    ]

    operations = [
        migrations.AddField(
            model_name="importbatch",
            name="sealed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="in a sealed report"),
        ),
    ]
