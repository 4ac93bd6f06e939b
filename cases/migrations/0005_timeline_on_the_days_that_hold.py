from datetime import datetime, time

from django.db import migrations
from django.db.models import Min
from django.utils import timezone


def place(apps, schema_editor):
    """Entries about changes of state whose day was corrected, or is older than the state, go to the day that holds."""
    transition, event = apps.get_model("cases", "Transition"), apps.get_model("cases", "Event")
    fact = apps.get_model("cases", "CasePerson")
    standing = transition.objects.filter(replaced_by__isnull=True, void=False)
    corrected = standing.filter(replaces__isnull=False)
    arrivals = standing.filter(name="register_arrival")
    for row in (corrected | arrivals).order_by("pk").iterator():
        on = row.happened_on
        if row.name == "register_arrival":
            facts = fact.objects.filter(case=row.case_id, kind__in=("arrived", "already_here"), void=False)
            facts = facts.filter(transition__sequence=row.sequence, replaced_by__isnull=True)
            on = facts.aggregate(first=Min("happened_on"))["first"] or on
        told = event.objects.filter(case=row.case_id, kind="transition", transition__sequence=row.sequence)
        for entry in told.order_by("pk"):
            if timezone.localdate(entry.happened_at) != on:
                entry.happened_at = datetime.combine(on, time(12), timezone.get_default_timezone())
                entry.save(update_fields=["happened_at"])


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_stay_of_cases_as_they_are")]

    operations = [migrations.RunPython(place, migrations.RunPython.noop)]
