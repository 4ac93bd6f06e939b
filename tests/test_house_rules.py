"""The rules of the house (docs/architecture.md) that a reader would otherwise have to remember."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.forms import BaseForm, CharField, UUIDField
from django.urls import get_resolver
from guardian.models import GroupObjectPermission, UserObjectPermission

from crm.classified import Kind
from crm.conflicts import EditForm
from crm.fields import no_identity_code
from crm.roles import MUNICIPALITY_ROLES, Role
from tests.factories import MunicipalityFactory, case_of, coordinator_of, joint_project, member

ROOT = Path(settings.BASE_DIR)
APPS = ("crm", "contacts", "cases", "projects", "reports", "desk")
PRODUCT = sorted(
    path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.relative_to(ROOT).parts
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

ROOM_NAMES_TO_AVOID = {"utils", "helpers", "common", "services", "managers"}
# The only doors to django-guardian: the model of the grants, and the actions that grant and take away.
GUARDIAN_DOORS = {
    "crm/models.py": {"GroupObjectPermissionBase"},
    "crm/actions.py": {"assign_perm", "remove_perm"},
    "projects/actions.py": {"assign_perm", "remove_perm"},
}
OTHER_WAYS_TO_PERMISSIONS = {
    "has_perm",
    "has_perms",
    "has_module_perms",
    "get_objects_for_user",
    "get_objects_for_group",
    "get_perms",
    "user_permissions",
    "get_all_permissions",
    "is_superuser",
    "permission_required",
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path)))


def found(paths, offends) -> list[str]:
    """«file:line» of each node of the sources for which `offends(node)` is true."""
    return [f"{name_of(path)}:{node.lineno}" for path in paths for node in nodes(path) if offends(node)]


def called(node: ast.AST) -> str:
    """The last part of what is called: «update» of `Case.objects.update(…)`; "" where nothing is called."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


# The lifecycle has one door.


def sets_state(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(part, ast.Attribute) and part.attr == "state" for t in targets for part in ast.walk(t))
    if called(node) in {"update", "bulk_update", "update_or_create"}:
        return any(keyword.arg == "state" for keyword in node.keywords)
    return called(node) == "setattr" and any(
        isinstance(argument, ast.Constant) and argument.value == "state" for argument in node.args
    )


def test_a_state_changes_in_a_transition_alone() -> None:
    assert found(PRODUCT, sets_state) == []


@pytest.mark.parametrize(
    ("source", "offends"),
    [
        ("case.state = 'plan'", True),
        ("case.state, case.x = 'plan', 1", True),
        ("Case.objects.filter(pk=1).update(state='plan')", True),
        ("setattr(case, 'state', 'plan')", True),
        ("state = case.state", False),
        ("Case.objects.filter(state='plan').update(version=1)", False),
    ],
)
def test_each_way_to_set_a_state_is_seen(source, offends) -> None:
    assert any(map(sets_state, ast.walk(ast.parse(source)))) is offends


def test_no_case_is_read_anew_in_place() -> None:
    """django-fsm-2 4.2.4: a `refresh_from_db` that fails leaves the protection off for the whole process."""
    assert found(PRODUCT, lambda node: called(node) == "refresh_from_db") == []


# What happens is said where it happens.


def test_no_signal_receivers() -> None:
    def receives(node: ast.AST) -> bool:
        if isinstance(node, ast.ImportFrom):
            return (node.module or "").endswith(("signals", "django.dispatch"))
        return called(node) == "connect"

    assert found(PRODUCT, receives) == []


def test_no_logic_in_save() -> None:
    def overrides(node: ast.AST) -> bool:
        return isinstance(node, ast.ClassDef) and any(
            isinstance(part, ast.FunctionDef) and part.name in {"save", "delete"} for part in node.body
        )

    assert found([path for path in PRODUCT if path.name == "models.py"], overrides) == []


# Permissions are read in one place and granted in two.


def test_guardian_is_used_through_its_doors_alone() -> None:
    offences = []
    for path in PRODUCT:
        for node in nodes(path):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "guardian":
                allowed = GUARDIAN_DOORS.get(name_of(path), set())
                offences += [f"{name_of(path)}: {alias.name}" for alias in node.names if alias.name not in allowed]
            elif isinstance(node, ast.Import) and any(alias.name.startswith("guardian") for alias in node.names):
                offences.append(f"{name_of(path)}:{node.lineno}")
    assert offences == []


def test_no_other_way_to_permissions() -> None:
    def offends(node: ast.AST) -> bool:
        if isinstance(node, ast.ImportFrom):
            return any(alias.name in OTHER_WAYS_TO_PERMISSIONS for alias in node.names)
        return isinstance(node, ast.Attribute) and node.attr in OTHER_WAYS_TO_PERMISSIONS

    assert found(PRODUCT, offends) == []


def generic_grants() -> int:
    """Grants that `crm.access.scope` does not read: guardian's generic tables and Django's model-level ones."""
    return (
        UserObjectPermission.objects.count()
        + GroupObjectPermission.objects.count()
        + Group.permissions.through.objects.count()
    )


@pytest.mark.django_db
def test_every_grant_is_on_a_municipality_to_a_group() -> None:
    posio, pello = MunicipalityFactory.create_batch(2)
    project = joint_project(posio, pello)
    case_of(posio, coordinator_of(posio, pello))
    for role in Role:
        member(role, posio if role in MUNICIPALITY_ROLES else project)
    assert generic_grants() == 0


# What is somebody's is opened through one door, which keeps the access log (docs/adr/0008-access-log.md).


def gets_past_the_door(node: ast.AST) -> bool:
    if called(node) not in {"get_object_or_404", "get"}:
        return False
    named = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return bool(named & {"Case", "Household", "Person"})


def test_a_view_gets_what_is_somebodys_through_the_door() -> None:
    views = [path for path in PRODUCT if path.stem == "views" or "views" in path.parts]
    assert found(views, gets_past_the_door) == []


@pytest.mark.parametrize(
    ("source", "offends"),
    [
        ("get_object_or_404(Case.objects.visible_to(scope), pk=pk)", True),
        ("Person.objects.visible_to(scope).get(pk=pk)", True),
        ("get_object_or_404(Event, case=case, pk=pk)", False),
        ("opened_case(request, permission, pk=pk)", False),
    ],
)
def test_each_way_past_the_door_is_seen(source, offends) -> None:
    assert any(map(gets_past_the_door, ast.walk(ast.parse(source)))) is offends


# No form takes a personal identity code in.

# What is searched for is not recorded; and the forms of the sign-in package hold passwords and e-mail alone.
RECORDS_NOTHING = {"cases/filters.py", "contacts/filters.py", "crm/sign_in.py"}


def takes_any_text(node: ast.AST) -> bool:
    return called(node) in {"CharField", "EmailField", "CharFilter"}


def forms_of_the_product() -> Iterator[type[BaseForm]]:
    """Each form class, once its module is loaded, that is not named in `RECORDS_NOTHING`."""
    get_resolver().url_patterns  # noqa: B018 - loads every view, and with it every form
    waiting = [BaseForm]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        if form.__module__.split(".")[0] in APPS and f"{form.__module__.replace('.', '/')}.py" not in RECORDS_NOTHING:
            yield form


def test_text_is_taken_in_by_fields_that_refuse_an_identity_code() -> None:
    """The fields that forms put together when they are made are found by their names, the others by themselves."""
    sources = [path for path in PRODUCT if not path.name.endswith("models.py") and name_of(path) not in RECORDS_NOTHING]
    assert found(sources, takes_any_text) == []
    declared = {
        f"{form.__qualname__}.{name}": field
        for form in forms_of_the_product()
        for name, field in form.base_fields.items()
        if isinstance(field, CharField) and not isinstance(field, UUIDField)
    }
    assert len(declared) > 20
    assert [name for name, field in declared.items() if no_identity_code not in field.validators] == []


# Who saves over another's newer version sees both (crm.conflicts).

# Forms that show something beforehand and change nothing that is stored: what they show is a suggestion, or the state
# of the case is what they change, which its version guards, or a row is replaced by another, once.
SUGGESTS = {
    "AccessForm",
    "DateCorrectionForm",
    "JoinForm",
    "LeaveForm",
    "LogForm",
    "MemberForm",
    "NoticeForm",
    "OpeningForm",
    "PersonFactForm",
    "ProjectRoleForm",
    "PublishForm",
    "QuestionsForm",
    "RestrictForm",
    "RoleForm",
    "StepForm",
    "TakeBackForm",
}


def forms_that_show_something(paths) -> set[str]:
    """The name of each form class, or of the variable that holds one, that a view fills beforehand."""
    return {
        node.func.id
        for path in paths
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and any(keyword.arg in {"initial", "instance"} for keyword in node.keywords)
    }


def test_a_form_that_shows_what_is_stored_is_an_edit_form() -> None:
    views = [path for path in PRODUCT if path.stem in {"views", "administration"} or "views" in path.parts]
    by_name = {form.__name__: form for form in forms_of_the_product()}
    shown = {name for name in forms_that_show_something(views) if name in by_name}
    assert {name for name in shown if not issubclass(by_name[name], EditForm)} <= SUGGESTS
    assert shown >= SUGGESTS, "these are gone"


# Every stored field says what it is.


@pytest.mark.parametrize(
    "model",
    [model for app in APPS for model in apps.get_app_config(app).get_models()],
    ids=lambda model: model._meta.label,
)
def test_every_field_is_classified(model) -> None:
    stored = {field.name for field in model._meta.get_fields() if field.concrete and not field.many_to_many}
    assert set(model.kinds) == stored
    assert all(isinstance(kind, Kind) for kind in model.kinds.values())


# What is made from the sources is fresh.


@pytest.mark.django_db
def test_migrations_are_fresh() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_translations_are_fresh() -> None:
    call_command("translations", "--check")


# Files and functions that fit a head.


@pytest.mark.parametrize("path", [*PRODUCT, *TESTS], ids=name_of)
def test_a_module_fits_a_head(path: Path) -> None:
    limit = 800 if path in TESTS else 500
    assert len(path.read_text(encoding="utf-8").splitlines()) <= limit
    assert path.stem not in ROOM_NAMES_TO_AVOID


def test_a_view_fits_a_screen() -> None:
    views = [path for path in PRODUCT if path.stem == "views" or "views" in path.parts]

    def too_long(node: ast.AST) -> bool:
        return isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > 40

    assert found(views, too_long) == []


# Pages obey the content security policy, in which nothing is inline and nothing comes from elsewhere.

INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "an inline htmx handler": re.compile(r"\bhx-on\b|\bhx-vals\s*=\s*[\"']\s*js:", re.IGNORECASE),
    "a javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "something from another host": re.compile(
        r"\b(?:src|srcset|action|hx-\w+)\s*=\s*[\"']?(?:https?:)?//", re.IGNORECASE
    ),
    "a stylesheet from another host": re.compile(r"<link\b[^>]*href\s*=\s*[\"']?(?:https?:)?//", re.IGNORECASE),
}


def test_templates_hold_nothing_inline_and_nothing_from_elsewhere() -> None:
    offences = [
        f"{name_of(path)}: {what}"
        for path in TEMPLATES
        for what, pattern in INLINE.items()
        if pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert offences == []


FORM = re.compile(r"<form\b(?P<tag>.*?)>\s*\n(?P<content>.*?)</form>", re.DOTALL)
FIELDS = re.compile(r"as_field_group|\{\{ (?:form|field) \}\}|_fields\.html")


def test_a_form_says_where_it_holds_what_is_not_saved() -> None:
    """`data-unsent`, without which what was refused could be left unasked (static/js/unsent.js)."""
    offences = [
        f"{name_of(path)}: <form{form['tag']}>"
        for path in TEMPLATES
        if path.parent.name != "account" and path.name != "components.html"
        for form in FORM.finditer(path.read_text(encoding="utf-8"))
        if 'method="post"' in form["tag"] and FIELDS.search(form["content"]) and "data-unsent" not in form["tag"]
    ]
    assert offences == []


@pytest.mark.parametrize(
    ("markup", "what"),
    [
        ('<p class="a" style="color: red">', "a style attribute"),
        ("<script>alert(1)</script>", "an inline script"),
        ('<button onclick="go()">', "an event attribute"),
        ('<img src="https://example.com/a.png">', "something from another host"),
        ('<link rel="stylesheet" href="//example.com/a.css">', "a stylesheet from another host"),
    ],
)
def test_each_kind_of_inline_is_seen(markup: str, what: str) -> None:
    assert INLINE[what].search(markup)
    assert not INLINE[what].search('<script src="/static/a.js"></script><a href="https://example.com">a</a>')
