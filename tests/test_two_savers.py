"""Two who change the same at once, in every form that changes what is stored (crm.conflicts)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from crm.conflicts import EditForm
from crm.roles import Role
from tests.factories import coordinator_of, member
from tests.filled import filled
from tests.pages import PAGES, Page
from tests.test_pages import signed_in
from tests.world import World, build_world

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Target": "dialog-body"}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Edit:
    """A form that two have open: a field that both change, to `mine` and `theirs`, and another that only one does."""

    page: str
    name: str
    mine: object
    theirs: object
    other: dict = field(default_factory=dict)
    always: dict = field(default_factory=dict)

    def __str__(self) -> str:
        return self.page

    def of(self, world: World) -> Edit:
        """The same with what stands for a row sent as its key."""
        if self.name != "major_project":
            return self
        keys = dict(world.town.major_projects.order_by("pk").values_list("name", "pk"))
        return replace(self, mine=keys[self.mine], theirs=keys[self.theirs])


EDITS = [
    Edit("account", "name", "Anna Oma", "Anna Toinen", {"colour_scheme": "dark"}),
    Edit("user_edit", "email", "minun@example.fi", "toisen@example.fi", {"language": "en"}),
    Edit("municipality_edit", "stale_after_days", 20, 30, {"settled_criteria": ["home"]}),
    Edit("project_edit", "name", "Hanke minun", "Hanke toisen", {"ends": "31.12.2030"}),
    Edit("partner_correct", "decision", "1/2020", "2/2020", always={"why": "Kirjoitusvirhe"}),
    Edit("major_project_edit", "name", "Kaivos minun", "Kaivos toisen", {"starts": "1.1.2026"}),
    Edit("case_major_project_edit", "major_project", "Kaivos", "Telakka"),
    Edit("person_edit", "phone", "040 123 4567", "040 999 8888", {"occupation": "hitsaaja"}, {"save_anyway": "on"}),
    Edit("household_origin", "moves_from", "Oulu", "Tornio", {"from_country": "Syyria"}),
    Edit("task_edit", "title", "Varaa auto", "Tilaa auto", {"due_on": "1.12.2026"}),
    Edit("case_edit", "registration", "temporary", "no_fixed", {"channel": "email"}),
]
# The same forms, where they are filled in anew: what they show beforehand is a suggestion.
ADDING = {"user_new", "plan_add", "task_add"}
# And those that end something; tried further below, but one that this world has nothing to change about.
ENDING = {"task_remove", "member_end", "role_end", "access_end", "case_postpone"}
every_edit = pytest.mark.parametrize("edit", EDITS, ids=str)
in_dialog_or_page = pytest.mark.parametrize("headers", [HTMX, {}], ids=["dialog", "page"])


def page_of(edit: Edit) -> Page:
    return next(entry for entry in PAGES if entry.name == edit.page)


def two(world: World, edit: Edit) -> tuple[Client, Client, str]:
    """Two who may both open the form, the first of them Aino, and its address."""
    page = page_of(edit)
    if edit.page == "account":
        aino = member(Role.MANAGER, world.town, name="Aino Niemi")
        return signed_in(aino), signed_in(aino), page.address(world)
    if Role.ADMINISTRATOR in page.opens:
        pair = member(Role.ADMINISTRATOR, name="Aino Niemi"), world.users[Role.ADMINISTRATOR]
    else:
        pair = coordinator_of(world.town, name="Aino Niemi"), world.users[Role.COORDINATOR]
    return signed_in(pair[0]), signed_in(pair[1]), page.address(world)


def overtaken(world: World, edit: Edit, headers: dict) -> tuple[Client, str, object]:
    """The answer to the second, who typed another value than the first has saved meanwhile."""
    aino, marja, address = two(world, edit)
    shown = marja.get(address, headers=headers)
    assert aino.post(address, filled(shown, **{edit.name: edit.theirs}, **edit.always)).status_code == 302
    answer = marja.post(address, filled(shown, **{edit.name: edit.mine}, **edit.always), headers=headers)
    return marja, address, answer


def now(client: Client, address: str, name: str) -> object:
    return filled(client.get(address))[name]


@every_edit
@in_dialog_or_page
def test_both_versions_are_shown_and_nothing_is_saved(world: World, edit: Edit, headers: dict) -> None:
    edit = edit.of(world)
    marja, address, answer = overtaken(world, edit, headers)
    assert answer.status_code == 422
    form = answer.context["form"]
    [conflict] = form.conflicts
    who = edit.theirs if edit.page == "account" else "Aino Niemi"
    for said in (conflict.mine, conflict.stored, f"{who} tallensi uudemman version klo"):
        assert said
        assert said in answer.text
    sent = filled(answer)
    assert sent[edit.name] == [str(edit.mine)], "what was typed is still in its field"
    assert conflict.choice not in sent, "nothing is chosen beforehand"
    assert answer.text.count(f'name="{conflict.choice}"') == 2
    assert edit.page == "account" or ("<html" in answer.text) is not bool(headers)
    assert now(marja, address, edit.name) == [str(edit.theirs)]
    assert "Valitse, kumpi jää voimaan." not in answer.text
    without_choice = marja.post(address, sent | {name: [value] for name, value in edit.always.items()})
    assert without_choice.status_code == 422
    assert "Valitse, kumpi jää voimaan." in without_choice.text


@every_edit
@in_dialog_or_page
@pytest.mark.parametrize("choice", ["mine", "stored"])
def test_what_is_chosen_stays(world: World, edit: Edit, headers: dict, choice: str) -> None:
    edit = edit.of(world)
    marja, address, answer = overtaken(world, edit, headers)
    [conflict] = answer.context["form"].conflicts
    chosen = filled(answer, **{conflict.choice: f"{choice} {conflict.version}"}, **edit.always)
    assert marja.post(address, chosen, headers=headers).status_code in {204, 302}
    assert now(marja, address, edit.name) == [str(edit.mine if choice == "mine" else edit.theirs)]


@every_edit
def test_who_changes_something_else_overwrites_nothing(world: World, edit: Edit) -> None:
    edit = edit.of(world)
    aino, marja, address = two(world, edit)
    shown = marja.get(address)
    assert aino.post(address, filled(shown, **{edit.name: edit.theirs}, **edit.always)).status_code == 302
    assert marja.post(address, filled(shown, **edit.other, **edit.always)).status_code == 302
    kept = filled(marja.get(address))
    assert kept[edit.name] == [str(edit.theirs)]
    assert [kept[name] for name in edit.other] == [
        value if isinstance(value, list) else [value] for value in edit.other.values()
    ]


@every_edit
def test_a_form_carries_what_it_showed(world: World, edit: Edit) -> None:
    edit = edit.of(world)
    _aino, marja, address = two(world, edit)
    assert filled(marja.get(address))["seen"] != [""]


# Who removes or ends something: what it is about, changed meanwhile by another.


def day(ahead: int) -> str:
    return date_format(timezone.localdate() + timedelta(days=ahead), "SHORT_DATE_FORMAT")


def ticked_off(world: World, by: Client) -> None:
    by.post(reverse("task_done", args=[world.own.task.pk]), {"done": "1"})


def changed(name: str, **typed) -> Callable[[World, Client], None]:
    """Another sends the form of a page with `typed`."""

    def change(world: World, by: Client) -> None:
        address = next(entry for entry in PAGES if entry.name == name).address(world)
        assert by.post(address, filled(by.get(address), **typed)).status_code == 302

    return change


@pytest.mark.parametrize(
    ("name", "meanwhile", "typed"),
    [
        ("task_remove", changed("task_edit", due_on=day(10)), {}),
        ("task_remove", ticked_off, {}),
        ("member_end", changed("person_edit", relation="partner", save_anyway="on"), {}),
        ("role_end", changed("role_end", last_day=day(10)), {"last_day": day(7)}),
        ("access_end", changed("access_end", last_day=day(0)), {"last_day": day(0)}),
        ("case_postpone", changed("case_postpone", to=day(70)), {"to": day(80)}),
    ],
    ids=["changed task", "done task", "place in the household", "role", "access", "move date"],
)
def test_who_ends_what_another_has_changed_is_told_first(world: World, name: str, meanwhile, typed: dict) -> None:
    aino, marja, address = two(world, Edit(name, "", "", ""))
    shown = filled(marja.get(address), **typed)
    meanwhile(world, aino)
    told = marja.post(address, shown)
    assert told.status_code == 422
    assert "Aino Niemi tallensi uudemman version klo" in told.text
    assert {field: filled(told)[field] for field in typed} == {field: [value] for field, value in typed.items()}
    assert marja.post(address, filled(told)).status_code == 302, "once told, it goes through"


def test_who_has_left_the_household_cannot_leave_it_again(world: World) -> None:
    aino, marja, address = two(world, Edit("member_end", "", "", ""))
    shown = filled(marja.get(address))
    assert aino.post(address, shown).status_code == 302
    assert "ei enää kuulu talouteen" in marja.post(address, shown).text


def test_every_form_that_edits_is_tried_here(world: World) -> None:
    """A page whose form shows what is stored stands among EDITS, and none forgets the hidden field."""
    editing = set()
    for entry in PAGES:
        if entry.shown:
            user = world.users[next(role for role in Role if role in entry.opens and role in world.users)]
            if Role.COORDINATOR in entry.opens:
                user = world.users[Role.COORDINATOR]
            context = signed_in(user).get(entry.address(world)).context
            form = context.get("form") if context else None
            if isinstance(form, EditForm) and form.initial and entry.name not in ADDING | ENDING:
                editing.add(entry.name)
    assert editing == {edit.page for edit in EDITS}
