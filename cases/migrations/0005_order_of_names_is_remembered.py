from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_stay_of_cases_as_they_are")]

    operations = [
        migrations.AlterField(
            model_name="importword",
            name="kind",
            field=models.CharField(
                choices=[("column", "Column"), ("stage", "Stage"), ("order", "Order of names")], max_length=6
            ),
        ),
    ]
