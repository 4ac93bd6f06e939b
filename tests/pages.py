"""Every address of the product in one table: how to fill it, who may open it, what it says to the others.

Read by the walk over URL × role × place (tests/test_pages.py) and by the browser (tests/browser/). An address that
is missing here fails a test, so that nobody can add a page without saying who may open it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from crm.models import Membership, User
from crm.roles import Role
from tests.world import Things, World

NOBODY: frozenset[Role] = frozenset()
ANY_STAFF = frozenset(Role)
CASEWORKERS = frozenset({Role.COORDINATOR})
FIGURES = frozenset({Role.COORDINATOR, Role.MANAGER, Role.PROJECT_LEAD})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})

# Open to whoever comes: signing in, what the page needs before that, and the watchdog's pages.
PUBLIC = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "preferences",
    "healthz",
    "readyz",
}
# Of the sign-in package, for whoever is signed in; its forms are the package's own matter.
SIGN_IN = {"account_change_password"}


@dataclass(frozen=True)
class Page:
    """One address. `about` fills it from the household whose page it is; None: it is nobody's page.

    `opens` are the roles that may; `refused` is the status for the others (404: it does not exist for them).
    `redirects`: it has no content of its own. `posts`: it is only ever posted to. `part`: a fragment of a page.
    """

    name: str
    opens: frozenset[Role]
    about: Callable[[Things], dict] | None = None
    refused: int = 403
    fills: Callable[[World], dict] | None = None
    query: str = ""
    redirects: bool = False
    posts: bool = False
    part: bool = False
    download: bool = False
    statements: int = 12

    def __str__(self) -> str:
        return self.name + self.query

    def address(self, world: World, things: Things | None = None) -> str:
        arguments: dict = {}
        if self.fills:
            arguments |= self.fills(world)
        if self.about:
            arguments |= self.about(things or world.own)
        return reverse(self.name, kwargs=arguments) + self.query

    @property
    def shown(self) -> bool:
        """Whether a person sees it as a page in the browser."""
        return not (self.redirects or self.posts or self.part or self.download)


def by_reference(things: Things) -> dict:
    return {"reference": things.case.reference}


def of_import(step: str, **more) -> Callable[[World], dict]:
    return lambda world: {"token": world.imports[step], **more}


def colleague(world: World) -> dict:
    """Somebody's account: a coordinator of the town who has never signed in."""
    return {"pk": User.objects.get(name="Kollega Omalasta").pk}


def role_of_colleague(world: World) -> dict:
    return {"pk": Membership.objects.get(user__name="Kollega Omalasta").pk}


def of_case(**arguments) -> Callable[[Things], dict]:
    """Fills the address of a dialog of the case page; a function among `arguments` takes the key from the things."""
    return lambda things: {
        "reference": things.case.reference,
        **{name: value(things).pk if callable(value) else value for name, value in arguments.items()},
    }


def by_household(things: Things) -> dict:
    return {"pk": things.household.pk}


def by_person(things: Things) -> dict:
    return {"pk": things.person.pk}


def by_task(things: Things) -> dict:
    return {"pk": things.task.pk}


def by_access(things: Things) -> dict:
    return {"pk": things.access.pk}


def by_code(world: World) -> dict:
    return {"code": world.project.code}


def partner(world: World) -> dict:
    """The part of the municipality elsewhere, which has not left."""
    return {"pk": world.project.partners.get(municipality=world.elsewhere).pk}


def major_project(world: World) -> dict:
    return {"pk": world.town.major_projects.order_by("pk")[0].pk}


PAGES = [
    Page("home", ANY_STAFF, redirects=True),
    Page("start", ANY_STAFF),
    Page("account", ANY_STAFF),
    Page("help_lifecycle", ANY_STAFF),
    Page("administration", ADMINISTRATORS),
    Page("accounts_export", ADMINISTRATORS),
    Page("accounts_export", ADMINISTRATORS, query="?q=omalasta&closed=on"),
    Page("user_new", ADMINISTRATORS),
    Page("user", ADMINISTRATORS, fills=colleague),
    Page("user_edit", ADMINISTRATORS, fills=colleague),
    Page("user_sign_in", ADMINISTRATORS, fills=colleague),
    Page("user_welcome", ADMINISTRATORS, fills=colleague, posts=True),
    Page("role_grant", ADMINISTRATORS, fills=colleague),
    Page("role_end", ADMINISTRATORS, fills=role_of_colleague),
    Page("municipalities", ADMINISTRATORS),
    Page("municipalities_export", ADMINISTRATORS),
    Page("exports", ADMINISTRATORS),
    Page("exports_export", ADMINISTRATORS),
    Page("municipality_edit", ADMINISTRATORS, fills=lambda world: {"code": world.town.code}),
    Page("privacy_notices", ADMINISTRATORS, fills=lambda world: {"code": world.town.code}),
    Page("privacy_notice_new", ADMINISTRATORS, fills=lambda world: {"code": world.town.code}),
    Page("privacy_notice", ANY_STAFF, fills=lambda world: {"pk": world.town.privacy_notices.order_by("pk")[0].pk}),
    Page("project_list", ADMINISTRATORS),
    Page("project_list_export", ADMINISTRATORS),
    Page("project_new", ADMINISTRATORS),
    Page("project_edit", ADMINISTRATORS, fills=by_code),
    Page("project_role_grant", ADMINISTRATORS, fills=by_code),
    Page("partner_join", ADMINISTRATORS, fills=by_code),
    Page("partner_leave", ADMINISTRATORS, fills=partner),
    Page("partner_correct", ADMINISTRATORS, fills=partner),
    Page("results", FIGURES),
    Page("figure", CASEWORKERS, fills=lambda world: {"indicator": "settled", "line": "settled"}),
    Page("figure_export", CASEWORKERS, fills=lambda world: {"indicator": "settled", "line": "settled"}),
    Page("side_by_side_export", FIGURES),
    Page("report", FIGURES),
    Page("table_export", FIGURES, fills=lambda world: {"indicator": "lost_by_reason"}),
    Page("report_pdf", FIGURES, download=True),
    Page("major_projects", CASEWORKERS),
    Page("major_projects_export", CASEWORKERS),
    Page("major_project_new", CASEWORKERS),
    Page("major_project_edit", CASEWORKERS, fills=major_project, refused=404),
    Page("case_major_project", CASEWORKERS, by_reference, refused=404, part=True),
    Page("case_major_project_edit", CASEWORKERS, by_reference, refused=404),
    Page("my_day", CASEWORKERS, statements=12),
    Page("my_tasks", CASEWORKERS),
    Page("my_tasks", CASEWORKERS, query="?due=week"),
    Page("my_day_take", CASEWORKERS, by_reference, refused=404, posts=True),
    Page("case_list", CASEWORKERS),
    Page("case_list", CASEWORKERS, query="?state=all&sort=name&coordinator=mine"),
    Page("case_board", CASEWORKERS),
    Page("case_list_export", CASEWORKERS),
    Page("people_export", CASEWORKERS),
    Page("my_tasks_export", CASEWORKERS),
    Page("case_new", CASEWORKERS),
    Page("advice_new", CASEWORKERS),
    Page("people", CASEWORKERS),
    Page("person_duplicates", CASEWORKERS, posts=True),
    Page("person_edit", CASEWORKERS, by_person, refused=404),
    Page("member_end", CASEWORKERS, by_person, refused=404),
    Page("household", CASEWORKERS, by_household, refused=404),
    Page("member_add", CASEWORKERS, by_household, refused=404),
    Page("household_origin", CASEWORKERS, by_household, refused=404),
    Page("household_notice", CASEWORKERS, by_household, refused=404),
    Page("access_give", CASEWORKERS, lambda things: by_household(things) | {"kind": "barred"}, refused=404),
    Page("access_end", CASEWORKERS, by_access, refused=404),
    Page("import_list", CASEWORKERS),
    Page("import_list_export", CASEWORKERS),
    Page("import_new", CASEWORKERS),
    Page("import_batch", CASEWORKERS, fills=of_import("check"), refused=404, redirects=True),
    Page("import_sheet", CASEWORKERS, fills=of_import("sheet"), refused=404),
    Page("import_columns", CASEWORKERS, fills=of_import("check"), refused=404),
    Page("import_stages", CASEWORKERS, fills=of_import("check"), refused=404),
    Page("import_questions", CASEWORKERS, fills=of_import("check"), refused=404),
    Page("import_check", CASEWORKERS, fills=of_import("check"), refused=404),
    Page("import_rows_export", CASEWORKERS, fills=of_import("check"), refused=404),
    Page("import_rows_export", CASEWORKERS, fills=of_import("done"), refused=404, query="?fate=new"),
    Page("import_anyway", CASEWORKERS, fills=of_import("check", number=9), refused=404, posts=True),
    Page("import_running", CASEWORKERS, fills=of_import("running"), refused=404),
    Page("import_done", CASEWORKERS, fills=of_import("done"), refused=404),
    Page("import_undo", CASEWORKERS, fills=of_import("done"), refused=404),
    Page("import_discard", CASEWORKERS, fills=of_import("check"), refused=404),
    Page("case", CASEWORKERS, by_reference, refused=404),
    Page("case_timeline", CASEWORKERS, by_reference, refused=404),
    Page("case_step", CASEWORKERS, of_case(name="register-arrival"), refused=404),
    Page("case_steps", CASEWORKERS, by_reference, refused=404),
    Page("case_take_back", CASEWORKERS, by_reference, refused=404),
    Page("case_step_date", CASEWORKERS, of_case(pk=lambda things: things.transition), refused=404),
    Page("case_log", CASEWORKERS, of_case(kind="call"), refused=404),
    Page("plan_add", CASEWORKERS, by_reference, refused=404),
    Page("task_add", CASEWORKERS, by_reference, refused=404),
    Page("task_edit", CASEWORKERS, by_task, refused=404),
    Page("task_remove", CASEWORKERS, by_task, refused=404),
    Page("task_done", CASEWORKERS, by_task, refused=404, posts=True),
    Page("case_edit", CASEWORKERS, by_reference, refused=404),
    Page("case_postpone", CASEWORKERS, by_reference, refused=404),
    Page("case_postpone_undo", CASEWORKERS, of_case(pk=lambda things: things.postponement), refused=404),
    Page("case_people", CASEWORKERS, of_case(kind="arrived"), refused=404),
    Page("case_person_date", CASEWORKERS, of_case(pk=lambda things: things.fact), refused=404),
    Page("case_person_take_back", CASEWORKERS, of_case(pk=lambda things: things.fact), refused=404),
    Page("household_known", CASEWORKERS, by_household, refused=404, part=True),
    Page("case_log_contact", CASEWORKERS, by_reference, refused=404, redirects=True),
    Page("household_cases", CASEWORKERS, by_household, refused=404, redirects=True),
    Page("household_restrict", CASEWORKERS, by_household, refused=404),
    Page("household_lift", CASEWORKERS, by_household, refused=404),
]


def names_of_all_addresses(resolver: URLResolver | None = None) -> list[str]:
    """The name of each address the installation answers to; «?» and the pattern where it has none."""
    names = []
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            names.append(entry.name or f"? {entry.pattern}")
        else:
            names += names_of_all_addresses(entry)
    return names
