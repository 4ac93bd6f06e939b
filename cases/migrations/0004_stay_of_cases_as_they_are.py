from django.db import migrations

# Each case as it is: what was edited in place before there were rows holds from the first contact on. Recorded with
# the case, by whoever opened it.
FILL = """
    INSERT INTO cases_casestay
        (case_id, stay, season_ends_on, happened_on, date_known, recorded_at, by_id, void, why)
    SELECT cases_case.id, stay, season_ends_on, opened_on, true, cases_case.recorded_at, opening.by_id, false, ''
    FROM cases_case
    JOIN cases_transition AS opening
        ON opening.case_id = cases_case.id AND opening.sequence = 0 AND opening.replaces_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_casestay")]

    operations = [migrations.RunSQL(FILL, "DELETE FROM cases_casestay")]
