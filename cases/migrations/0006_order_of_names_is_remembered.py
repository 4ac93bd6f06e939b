from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_timeline_on_the_days_that_hold")]

    operations = [
        migrations.AlterField(
            model_name="importword",
            name="kind",
            field=models.CharField(
                choices=[("column", "Column"), ("stage", "Stage"), ("order", "Order of names")], max_length=6
            ),
        ),
    ]
