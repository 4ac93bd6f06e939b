from datetime import datetime, time

from django.db import migrations
from django.db.models import F
from django.utils import timezone

CREATED, CHANGED = 0, 1  # auditlog's LogEntry.Action


def tell_participation(apps, schema_editor):
    """A row for each joining and leaving, by whom and when the change log says; else as if told on the day."""
    participation = apps.get_model("projects", "Participation")
    entries = apps.get_model("auditlog", "LogEntry").objects.filter(
        content_type__app_label="projects", content_type__model="partner"
    )
    for partner in apps.get_model("projects", "Partner").objects.order_by("pk"):
        log = entries.filter(object_pk=str(partner.pk)).order_by("-pk")
        told = [("joined", partner.joined, log.filter(action=CREATED).first())]
        if partner.withdrew is not None:
            told.append(("withdrew", partner.withdrew, log.filter(action=CHANGED, changes__has_key="withdrew").first()))
        for kind, day, entry in told:
            participation.objects.create(
                partner=partner,
                kind=kind,
                happened_on=day,
                recorded_at=entry.timestamp if entry else timezone.make_aware(datetime.combine(day, time(12))),
                by_id=(entry.actor_id if entry else None) or _somebody(apps),
            )


def _somebody(apps):
    """Who is said to have recorded what the log does not know of: the first administrator."""
    first = apps.get_model("crm", "Membership").objects.filter(group__role_group__role="administrator").order_by("pk")
    users = apps.get_model("crm", "User").objects.order_by("pk")
    return first.values_list("user", flat=True).first() or users.values_list("pk", flat=True).first()


def date_major_projects_of_cases(apps, schema_editor):
    for row in apps.get_model("projects", "MajorProjectCase").objects.filter(happened_on__isnull=True):
        row.happened_on = timezone.localdate(row.recorded_at)
        row.save(update_fields=["happened_on"])


def mend_days(apps, schema_editor):
    """Nothing ends before it starts."""
    for name in ("Project", "MajorProject"):
        apps.get_model("projects", name).objects.filter(ends__lt=F("starts")).update(ends=F("starts"))


def tell_namesakes_apart(apps, schema_editor):
    """Of major projects of one name in one municipality the later ones get a number."""
    taken = set()
    for row in apps.get_model("projects", "MajorProject").objects.order_by("pk"):
        name, number = row.name, 1
        while (row.municipality_id, name.lower()) in taken:
            number += 1
            name = f"{row.name[:110]} ({number})"
        taken.add((row.municipality_id, name.lower()))
        if name != row.name:
            row.name = name
            row.save(update_fields=["name"])


class Migration(migrations.Migration):
    dependencies = [
        ("auditlog", "0017_add_actor_email"),
        ("crm", "0002_role_in_a_project"),
        ("projects", "0002_history_of_participation"),
    ]

    operations = [
        migrations.RunPython(tell_participation, migrations.RunPython.noop),
        migrations.RunPython(date_major_projects_of_cases, migrations.RunPython.noop),
        migrations.RunPython(mend_days, migrations.RunPython.noop),
        migrations.RunPython(tell_namesakes_apart, migrations.RunPython.noop),
    ]
