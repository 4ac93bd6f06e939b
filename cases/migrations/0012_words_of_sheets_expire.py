import django.utils.timezone
from django.db import migrations, models


def forget_words(apps, schema_editor):
    """Words of cells were remembered from single rows and from restricted ones: sentences that tell of people."""
    apps.get_model("cases", "ImportWord").objects.filter(kind__in=("stage", "stay")).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_non_disclosure_told_by_another_row"),
    ]

    operations = [
        migrations.RunPython(forget_words, migrations.RunPython.noop),
        migrations.AddField(
            model_name="importword",
            name="used_on",
            field=models.DateField(default=django.utils.timezone.localdate),
            preserve_default=False,
        ),
    ]
