import datetime

import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


def since_the_first_contact(apps, schema_editor):
    """Cases from before every opening counted as a contact."""
    apps.get_model("cases", "Case").objects.filter(last_contact_on=None).update(last_contact_on=models.F("opened_on"))


def on_postgresql(sql):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return run


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0009_rows_that_share_a_phone_or_an_email"),
        ("contacts", "0005_search_by_trigram"),
        ("crm", "0002_role_in_a_project"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="case",
            name="cases_case_state_opened",
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="cases_case_state_move",
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="cases_case_state_since",
        ),
        migrations.RemoveIndex(
            model_name="case",
            name="cases_case_opened",
        ),
        migrations.RunPython(since_the_first_contact, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="case",
            name="last_contact_on",
            field=models.DateField(verbose_name="last contact"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("municipality"), models.F("reference"), models.F("id"), name="cases_case_reference"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("municipality"),
                models.F("reference"),
                models.F("id"),
                condition=models.Q(("state__in", ("contact", "assessment", "plan", "moving", "arrived", "paused"))),
                name="cases_open_reference",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("municipality"),
                models.Case(
                    models.When(state="contact", then=models.Value(0)),
                    models.When(state="assessment", then=models.Value(1)),
                    models.When(state="plan", then=models.Value(2)),
                    models.When(state="moving", then=models.Value(3)),
                    models.When(state="arrived", then=models.Value(4)),
                    models.When(state="settled", then=models.Value(5)),
                    models.When(state="paused", then=models.Value(6)),
                    models.When(state="closed", then=models.Value(7)),
                    output_field=models.IntegerField(),
                ),
                models.F("id"),
                name="cases_case_state",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("municipality"),
                models.Case(
                    models.When(state="contact", then=models.Value(0)),
                    models.When(state="assessment", then=models.Value(1)),
                    models.When(state="plan", then=models.Value(2)),
                    models.When(state="moving", then=models.Value(3)),
                    models.When(state="arrived", then=models.Value(4)),
                    models.When(state="settled", then=models.Value(5)),
                    models.When(state="paused", then=models.Value(6)),
                    models.When(state="closed", then=models.Value(7)),
                    output_field=models.IntegerField(),
                ),
                models.F("id"),
                condition=models.Q(("state__in", ("contact", "assessment", "plan", "moving", "arrived", "paused"))),
                name="cases_open_state",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("municipality"), models.F("state_since"), models.F("id"), name="cases_case_since"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("municipality"),
                models.F("state_since"),
                models.F("id"),
                condition=models.Q(("state__in", ("contact", "assessment", "plan", "moving", "arrived", "paused"))),
                name="cases_open_since",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("municipality"),
                django.db.models.functions.comparison.Coalesce(
                    "planned_move_on", models.Value(datetime.date(9999, 12, 31))
                ),
                models.F("id"),
                name="cases_case_move",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("municipality"),
                django.db.models.functions.comparison.Coalesce(
                    "planned_move_on", models.Value(datetime.date(9999, 12, 31))
                ),
                models.F("id"),
                condition=models.Q(("state__in", ("contact", "assessment", "plan", "moving", "arrived", "paused"))),
                name="cases_open_move",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("municipality"),
                django.db.models.functions.comparison.Coalesce("planned_move_on", models.Value(datetime.date(1, 1, 1))),
                models.F("id"),
                name="cases_case_move_down",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("municipality"),
                django.db.models.functions.comparison.Coalesce("planned_move_on", models.Value(datetime.date(1, 1, 1))),
                models.F("id"),
                condition=models.Q(("state__in", ("contact", "assessment", "plan", "moving", "arrived", "paused"))),
                name="cases_open_move_down",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("municipality"), models.F("last_contact_on"), models.F("id"), name="cases_case_contact"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("municipality"),
                models.F("last_contact_on"),
                models.F("id"),
                condition=models.Q(("state__in", ("contact", "assessment", "plan", "moving", "arrived", "paused"))),
                name="cases_open_contact",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("municipality"), models.F("opened_on"), models.F("id"), name="cases_case_opened"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                models.F("municipality"),
                models.F("opened_on"),
                models.F("id"),
                condition=models.Q(("state__in", ("contact", "assessment", "plan", "moving", "arrived", "paused"))),
                name="cases_open_opened",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["municipality", "channel", "state", "restricted", "household"], name="cases_case_channel"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["municipality", "move_reason", "state", "restricted", "household"],
                name="cases_case_move_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["municipality", "stay", "state", "restricted", "household"], name="cases_case_stay"
            ),
        ),
        # A part of a reference is found by its trigrams. Django's own index cannot stand on SQLite.
        migrations.RunPython(
            on_postgresql(
                "CREATE INDEX cases_case_trigrams ON cases_case USING gin (municipality_id, reference gin_trgm_ops)"
            ),
            on_postgresql("DROP INDEX cases_case_trigrams"),
        ),
    ]
