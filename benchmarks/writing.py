"""The hand-written SQL of what is written: a step of a case, and a first contact with everything that belongs to it."""

from __future__ import annotations

from benchmarks.floor import Statement
from benchmarks.statements import VISIBLE

_LOGGED = """INSERT INTO auditlog_logentry (content_type_id, object_pk, object_id, object_repr, action, changes_text,
    changes, actor_id, actor_email, timestamp) VALUES """


def _latest(table: str) -> str:
    """The id this transaction has just given in `table`."""
    return f"currval(pg_get_serial_sequence('{table}', 'id'))"


_TRANSITION = """INSERT INTO cases_transition (case_id, sequence, name, from_state, to_state, reason, answers, before,
    happened_on, date_known, recorded_at, by_id, void, why)
    VALUES ({case}, {sequence}, '{name}', '{start}', '{to}', '', '{{{{}}}}', '{{{{}}}}',
    %(today)s, TRUE, now(), %(me)s, FALSE, '') RETURNING id"""
_EVENT = """INSERT INTO cases_event
    (case_id, kind, direction, happened_at, recorded_at, by_id, text, data, transition_id)
    VALUES ({case}, 'transition', '', now(), now(), %(me)s, '', '{{{{}}}}', {transition}) RETURNING id"""

PAUSE = [
    Statement(f"SELECT c.* FROM cases_case c WHERE c.reference = %(reference)s AND {VISIBLE}"),
    Statement("SELECT id FROM cases_case WHERE id = %(case)s FOR UPDATE"),
    Statement(
        """SELECT m.*, p.* FROM contacts_householdmember m JOIN contacts_person p ON p.id = m.person_id
        WHERE m.household_id = %(household)s AND NOT m.void
        AND NOT EXISTS (SELECT 1 FROM contacts_householdmember y WHERE y.replaces_id = m.id)"""
    ),
    Statement(
        """SELECT x.* FROM cases_caseperson x WHERE x.case_id = %(case)s AND NOT x.void
        AND NOT EXISTS (SELECT 1 FROM cases_caseperson y WHERE y.replaces_id = x.id)"""
    ),
    Statement(
        "UPDATE cases_case SET state = 'paused', state_since = %(today)s, paused_from = state, "
        "review_on = %(soon)s, version = version + 1 WHERE id = %(case)s AND state = %(state)s RETURNING version"
    ),
    Statement(
        _TRANSITION.format(case="%(case)s", sequence="%(sequence)s", name="pause", start="assessment", to="paused")
    ),
    Statement(_EVENT.format(case="%(case)s", transition=_latest("cases_transition"))),
]

_HOUSEHOLD, _PERSON, _CASE = map(_latest, ("contacts_household", "contacts_person", "cases_case"))
_FACT = "happened_on, date_known, recorded_at, by_id, void, why"
_FACT_TODAY = "%(today)s, TRUE, now(), %(me)s, FALSE, ''"

FIRST_CONTACT = [
    Statement(
        f"""SELECT p.id, p.given_name, p.family_name, p.birth_date, p.phone_key, p.email_key FROM contacts_person p
        WHERE (%(email)s <> '' AND p.email_key = %(email)s OR %(phone)s <> '' AND p.phone_key = %(phone)s
        OR p.sound_key = ANY(%(sounds)s) OR p.sound_key_turned = ANY(%(sounds)s)) AND {VISIBLE.replace("c.", "p.")}
        ORDER BY p.id DESC LIMIT 100"""
    ),
    Statement("SELECT id FROM cases_case WHERE form_key = %(form_key)s"),
    Statement(
        """INSERT INTO contacts_household (municipality_id, restricted, name, size, moves_from, from_country,
        recorded_at) VALUES (%(town)s, FALSE, %(name)s, 1, '', '', now()) RETURNING id"""
    ),
    Statement(
        f"""INSERT INTO contacts_person (identity, municipality_id, household_id, restricted, given_name, family_name,
        name_key, sound_key, sound_key_turned, age_group, gender, citizenships, languages, service_language, education,
        labour_status, occupation, phone, phone_key, email, email_key, declined, recorded_at)
        VALUES (gen_random_uuid(), %(town)s, {_HOUSEHOLD}, FALSE, %(given)s, %(family)s, %(name)s, %(name)s, %(name)s,
        '', '', '[]', '[]', '', '', '', '', %(phone)s, %(phone)s, %(email)s, %(email)s, '[]', now()) RETURNING id"""
    ),
    Statement(
        f"""INSERT INTO contacts_householdmember (household_id, person_id, relation, named, {_FACT})
        VALUES ({_HOUSEHOLD}, {_PERSON}, 'contact', TRUE, {_FACT_TODAY}) RETURNING id"""
    ),
    Statement(
        f"""{_LOGGED} (%(household_type)s, {_HOUSEHOLD}, {_HOUSEHOLD}, %(name)s, 0, '', '{{{{}}}}', %(me)s, '', now()),
        (%(person_type)s, {_PERSON}, {_PERSON}, %(name)s, 0, '', '{{{{}}}}', %(me)s, '', now()) RETURNING id"""
    ),
    Statement(
        """INSERT INTO cases_referencecounter (municipality_id, year, last) VALUES (%(town)s, %(year)s, 1)
        ON CONFLICT (municipality_id, year) DO UPDATE SET last = cases_referencecounter.last + 1 RETURNING last"""
    ),
    Statement(
        f"""INSERT INTO cases_case (reference, household_id, municipality_id, restricted, state, state_since,
        paused_from, reopens_to, version, coordinator_id, opened_on, channel, move_reason, stay, registration,
        close_reason, last_contact_on, form_key, recorded_at)
        VALUES (%(form_key)s::text::varchar(20), {_HOUSEHOLD}, %(town)s, FALSE, 'contact', %(today)s, '', '', 0,
        %(me)s, %(today)s, 'email', '', '', '', '', %(today)s, %(form_key)s, now()) RETURNING id"""
    ),
    Statement(f"INSERT INTO cases_casestay (case_id, stay, {_FACT}) VALUES ({_CASE}, '', {_FACT_TODAY}) RETURNING id"),
    Statement(_TRANSITION.format(case=_CASE, sequence="0", name="open", start="", to="contact")),
    Statement(_EVENT.format(case=_CASE, transition=_latest("cases_transition"))),
]
