from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension
from django.db import migrations


def on_postgresql(sql):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return run


class Migration(migrations.Migration):
    """A part of a name is found by its trigrams, within a municipality. Django's own index cannot stand on SQLite."""

    dependencies = [("contacts", "0004_births_of_people_as_they_are")]

    operations = [
        TrigramExtension(),
        BtreeGinExtension(),
        migrations.RunPython(
            on_postgresql(
                "CREATE INDEX contacts_person_trigrams ON contacts_person USING gin "
                "(municipality_id, name_key gin_trgm_ops)"
            ),
            on_postgresql("DROP INDEX contacts_person_trigrams"),
        ),
    ]
