from django.db import migrations

# Each person as they are; recorded with the person, by whoever put them into their first household.
FILL = """
    INSERT INTO contacts_personbirth (person_id, happened_on, date_known, recorded_at, by_id, void, why)
    SELECT id, COALESCE(birth_date, {first_day_of_year}), birth_date IS NOT NULL, recorded_at,
        (SELECT by_id FROM contacts_householdmember WHERE person_id = contacts_person.id ORDER BY id LIMIT 1),
        false, ''
    FROM contacts_person
    WHERE birth_date IS NOT NULL OR birth_year IS NOT NULL
"""
FIRST_DAY_OF_YEAR = {
    "sqlite": "printf('%04d-01-01', birth_year)",
    "postgresql": "make_date(birth_year, 1, 1)",
}


def fill(apps, schema_editor) -> None:
    schema_editor.execute(FILL.format(first_day_of_year=FIRST_DAY_OF_YEAR[schema_editor.connection.vendor]), None)


def empty(apps, schema_editor) -> None:
    apps.get_model("contacts", "PersonBirth").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_personbirth")]

    operations = [migrations.RunPython(fill, empty)]
