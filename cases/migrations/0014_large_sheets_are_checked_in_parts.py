from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0013_when_facts_were_recorded"),
    ]

    # An import that waits at its check is checked again when it is opened next: none of its rows counts as checked.
    operations = [
        migrations.AddField(
            model_name="importbatch",
            name="checked_through",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="rows_checked",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="importrow",
            name="contact",
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
