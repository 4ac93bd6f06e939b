"""The hand-written SQL of the floors, one statement a kind of row; in each the scope as literals.

Parameters: `me`, `today`, `soon`, `moving`, and what the page needs; as literals `{places}` (municipalities),
`{named}` and `{barred}` (households).
"""

from __future__ import annotations

from benchmarks.floor import Statement

VISIBLE = """c.municipality_id IN ({places})
    AND (NOT c.restricted OR c.household_id IN ({named})) AND c.household_id NOT IN ({barred})"""
ACTIVE = "c.state IN ('contact', 'assessment', 'plan', 'moving', 'arrived')"
OPEN = "c.state IN ('contact', 'assessment', 'plan', 'moving', 'arrived', 'paused')"
HERE = "TRUE"
LINE = r'<tr>\s*<th scope="row">'  # how a row of a table begins


def capped(rows: str) -> str:
    """How many rows, at most 1 001."""
    return f"(SELECT COUNT(*) FROM (SELECT 1 {rows} LIMIT 1001) capped)"


SIDEBAR = Statement(
    "SELECT "
    + ", ".join(
        (
            capped(
                "FROM cases_task t JOIN cases_case c ON c.id = t.case_id WHERE t.assignee_id = %(me)s "
                f"AND t.done_on IS NULL AND t.due_on <= %(today)s AND c.state <> 'closed' AND {VISIBLE}"
            ),
            capped(
                "FROM cases_case c WHERE c.state = 'paused' AND c.review_on <= %(today)s "
                f"AND c.coordinator_id = %(me)s AND {VISIBLE}"
            ),
            capped(f"FROM cases_case c WHERE {OPEN} AND {VISIBLE}"),
        )
    )
)
PLACES = Statement("SELECT id, code, name_fi, name_en, stale_after_days FROM crm_municipality WHERE id IN ({places})")
COORDINATORS = Statement(
    """SELECT u.id, u.name FROM crm_user u WHERE u.is_active AND u.id IN (
        SELECT m.user_id FROM crm_membership m
        JOIN crm_municipalitygrouppermission g ON g.group_id = m.group_id
        JOIN auth_permission p ON p.id = g.permission_id
        WHERE g.content_object_id IN ({places}) AND p.codename = 'work_cases'
        AND m.starts <= %(today)s AND (m.ends IS NULL OR m.ends >= %(today)s)) ORDER BY u.name, u.id"""
)
_STATES = ("contact", "assessment", "plan", "moving", "arrived", "settled", "paused", "closed")


def case_list(
    where: str, order: str, matching: str = HERE, *, found: str = "", by_name: bool = False
) -> list[Statement]:
    """The list: its filters' choices, the count of each state of the cases `matching`, the rows.

    The rows of the page are found first and joined then. `found` is what both are looked up in, once each.
    """
    counts = ", ".join(
        capped(f"FROM cases_case c WHERE c.state = '{state}' AND {VISIBLE} AND {matching}") for state in _STATES
    )
    household = "JOIN contacts_household h ON h.id = c.household_id" if by_name else ""
    ordered = "h.name, p.id" if by_name else order.replace("c.", "p.")
    page = (
        f"SELECT c.* FROM cases_case c {household} WHERE {VISIBLE} AND {matching} AND {where} ORDER BY {order} LIMIT 50"
    )
    rows = f"""SELECT h.name, p.reference, h.size, p.state, p.state_since, p.planned_move_on, p.last_contact_on,
            p.opened_on, u.name, p.move_reason, p.restricted, m.stale_after_days,
            (SELECT MIN(t.due_on) FROM cases_task t WHERE t.case_id = p.id AND t.done_on IS NULL)
        FROM page p JOIN contacts_household h ON h.id = p.household_id
        JOIN crm_municipality m ON m.id = p.municipality_id LEFT JOIN crm_user u ON u.id = p.coordinator_id
        ORDER BY {ordered}"""
    return [
        PLACES,
        COORDINATORS,
        Statement(f"{f'WITH {found}' if found else ''} SELECT {counts}"),
        Statement(
            f"WITH {f'{found}, ' if found else ''}page AS ({page}) {rows}", r'<tr>\s*<th scope="row">', "</tbody>"
        ),
        SIDEBAR,
    ]


def _column(state: str) -> str:
    """The first cases of a column of the board, who has been in its state longest before others."""
    where = f"c.state = '{state}' AND {VISIBLE}"
    return f"(SELECT c.* FROM cases_case c WHERE {where} ORDER BY c.state_since, c.id LIMIT 20)"


_ON_BOARD = ("contact", "assessment", "plan", "moving", "arrived", "paused")
_COUNTS = ", ".join(capped(f"FROM cases_case c WHERE c.state = '{state}' AND {VISIBLE}") for state in _ON_BOARD)
BOARD = [
    PLACES,
    COORDINATORS,
    Statement(f"SELECT {_COUNTS}"),
    Statement(
        f"""WITH card AS ({" UNION ALL ".join(map(_column, _ON_BOARD))})
        SELECT h.name, k.reference, h.size, k.state, k.planned_move_on, k.review_on, k.last_contact_on, u.name,
            k.restricted, m.stale_after_days,
            (SELECT MIN(t.due_on) FROM cases_task t WHERE t.case_id = k.id AND t.done_on IS NULL)
        FROM card k JOIN contacts_household h ON h.id = k.household_id
        JOIN crm_municipality m ON m.id = k.municipality_id LEFT JOIN crm_user u ON u.id = k.coordinator_id""",
        '<li class="case-card"',
        "</ol>",
    ),
    SIDEBAR,
]

# Everybody in the household is searched; what is typed is folded by the page and the floor alike.
FOUND = """found AS MATERIALIZED (SELECT DISTINCT p.household_id FROM contacts_person p
    WHERE p.municipality_id IN ({places}) AND p.name_key LIKE %(like)s AND NOT p.restricted)"""
NAMED_LIKE = "c.household_id IN (SELECT household_id FROM found)"


def people(where: str) -> list[Statement]:
    visible = VISIBLE.replace("c.", "p.")
    order = "p.family_name, p.given_name, p.id"
    page = f"SELECT p.* FROM contacts_person p WHERE {visible} AND {where} ORDER BY {order} LIMIT 50"
    return [
        PLACES,
        Statement(f"SELECT {capped(f'FROM contacts_person p WHERE {visible} AND {where}')}"),
        Statement(
            f"""WITH page AS ({page})
            SELECT p.given_name, p.family_name, h.name, h.size, p.phone, p.email, h.moves_from, p.restricted
            FROM page p JOIN contacts_household h ON h.id = p.household_id ORDER BY {order}""",
            LINE,
            "</tbody>",
        ),
        SIDEBAR,
    ]


CASE = [
    Statement(
        f"""SELECT c.*, h.*, m.*, u.name FROM cases_case c JOIN contacts_household h ON h.id = c.household_id
        JOIN crm_municipality m ON m.id = c.municipality_id LEFT JOIN crm_user u ON u.id = c.coordinator_id
        WHERE c.reference = %(reference)s AND {VISIBLE}"""
    ),
    Statement(
        """SELECT p.given_name, p.family_name, p.birth_date, x.relation, x.until FROM contacts_householdmember x
        JOIN contacts_person p ON p.id = x.person_id WHERE x.household_id = %(household)s AND NOT x.void
        AND NOT EXISTS (SELECT 1 FROM contacts_householdmember y WHERE y.replaces_id = x.id)
        ORDER BY x.happened_on, x.id"""
    ),
    Statement(
        """SELECT x.person_id, x.kind, x.happened_on, x.date_known FROM cases_caseperson x WHERE x.case_id = %(case)s
        AND NOT x.void AND NOT EXISTS (SELECT 1 FROM cases_caseperson y WHERE y.replaces_id = x.id)
        ORDER BY x.happened_on, x.id"""
    ),
    Statement(
        "SELECT id, name, from_state, to_state, happened_on, date_known, void, replaces_id, reason, answers "
        "FROM cases_transition WHERE case_id = %(case)s ORDER BY sequence, id"
    ),
    Statement(
        """SELECT t.title, t.kind, t.due_on, t.done_on, u.name FROM cases_task t LEFT JOIN crm_user u
        ON u.id = t.assignee_id WHERE t.case_id = %(case)s ORDER BY t.done_on DESC NULLS FIRST, t.due_on, t.id"""
    ),
    Statement(
        """SELECT e.text, u.name, e.happened_at, e.kind, e.direction, e.minutes, e.data, e.transition_id
        FROM cases_event e JOIN crm_user u ON u.id = e.by_id WHERE e.case_id = %(case)s
        ORDER BY e.happened_at DESC, e.id DESC LIMIT 30""",
        r'<li(?: class="void")?>\s*<span class="mark',
        "</ol>",
    ),
    SIDEBAR,
    Statement(
        """INSERT INTO auditlog_logentry (content_type_id, object_pk, object_id, object_repr, serialized_data, action,
            changes_text, changes, actor_id, actor_email, cid, remote_addr, remote_port, timestamp, additional_data)
        VALUES (%(content_type)s, %(case)s, %(case)s, %(reference)s, NULL, 3, '', '""', %(me)s, NULL, NULL, NULL, NULL,
            now(), NULL) RETURNING id"""
    ),
]

_LINE = (
    "h.name, c.reference, h.size, c.state, c.review_on, c.planned_move_on, c.last_contact_on, c.opened_on, c.channel"
)
_FROM = "FROM cases_case c JOIN contacts_household h ON h.id = c.household_id"
_QUIET = "(c.last_contact_on < %(quiet)s OR (c.last_contact_on IS NULL AND c.opened_on < %(quiet)s))"


def _card(where: str, order: str) -> Statement:
    return Statement(f"SELECT {_LINE} {_FROM} WHERE {VISIBLE} AND {where} ORDER BY {order}, c.id LIMIT 9")


MY_DAY = [
    PLACES,
    Statement(
        f"""SELECT t.title, h.name, c.reference, t.due_on FROM cases_task t JOIN cases_case c ON c.id = t.case_id
        JOIN contacts_household h ON h.id = c.household_id WHERE t.assignee_id = %(me)s AND t.done_on IS NULL
        AND t.due_on <= %(soon)s AND c.state <> 'closed' AND {VISIBLE} ORDER BY t.due_on, t.id LIMIT 8""",
        r'<li id="task-',
        "</ul>",
    ),
    _card("c.coordinator_id = %(me)s AND c.state = 'paused' AND c.review_on <= %(today)s", "c.review_on"),
    _card(
        "c.coordinator_id = %(me)s AND c.state IN ('contact', 'assessment', 'plan', 'moving') "
        "AND c.planned_move_on <= %(moving)s",
        "c.planned_move_on",
    ),
    _card("c.state = 'contact' AND (c.coordinator_id IS NULL OR c.coordinator_id = %(me)s)", "c.opened_on DESC"),
    _card(f"c.coordinator_id = %(me)s AND {ACTIVE} AND {_QUIET}", "c.last_contact_on"),
    SIDEBAR,
]

# Sums of a year so far, and of the same days a year before: its whole months, and single rows for the rest.
_SUMS = """SELECT kind, detail, days, SUM(rows), SUM(persons) FROM reports_savedmonth
    WHERE municipality_id IN ({{places}}) AND day BETWEEN %({first})s AND %({last})s AND since <= %({last})s
    AND until > %({end})s GROUP BY kind, detail, days"""
_SETTLED_BY_MONTH = """SELECT day, SUM(persons) FROM reports_savedmonth WHERE municipality_id IN ({places})
    AND kind = 'settled' AND day BETWEEN %(start)s AND %(today)s AND until > %(end)s GROUP BY day"""
_SINGLE = """SELECT kind, detail, days, COUNT(*), SUM(persons) FROM reports_savedrow
    WHERE municipality_id IN ({{places}}) AND kind = '{kind}' AND day BETWEEN %(month_before)s AND %(day_before)s
    AND until > %(day_before)s GROUP BY kind, detail, days"""

RESULTS = [
    PLACES,
    Statement(_SUMS.format(first="start", last="today", end="end")),
    Statement(_SETTLED_BY_MONTH),
    Statement(_SUMS.format(first="start_before", last="last_before", end="end_before")),
    *(Statement(_SINGLE.format(kind=kind)) for kind in ("opened", "arrived", "settled", "settling")),
    SIDEBAR,
]

EXPORT = [
    PLACES,
    Statement(
        f"""SELECT h.name, c.reference, h.size, c.state, c.state_since, c.planned_move_on, c.last_contact_on,
            c.opened_on, (SELECT MIN(t.due_on) FROM cases_task t WHERE t.case_id = c.id AND t.done_on IS NULL), u.name,
            c.move_reason, c.stay, c.channel
        FROM cases_case c JOIN contacts_household h ON h.id = c.household_id
        LEFT JOIN crm_user u ON u.id = c.coordinator_id
        WHERE {VISIBLE} AND c.opened_on >= %(since)s ORDER BY c.opened_on DESC, c.id DESC"""
    ),
]
