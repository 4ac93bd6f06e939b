"""Forms that were open while the ground went from under them: refused in words, and what was typed is not lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from cases.actions import remove_task, restrict_household, take_step
from cases.import_models import ImportBatch
from cases.lifecycle import CLOSE
from cases.sheets.actions import discard_batch
from cases.sheets.undo import undo_batch
from contacts.access import scope
from contacts.actions import give_access
from contacts.models import AccessKind
from crm.actions import end_role, set_sign_in
from crm.models import Membership, User
from crm.roles import Role
from tests.factories import answers_for
from tests.fuzzing.asking import Answer, undone
from tests.fuzzing.test_forms import form_of, send
from tests.fuzzing.test_twice import TOLD, as_shown
from tests.pages import PAGES, Page
from tests.test_pages import signed_in
from tests.world import World

pytestmark = pytest.mark.django_db

TYPED = "Mitä oli kirjoitettu"


def colleague() -> User:
    return User.objects.get(name="Kollega Omalasta")


def close(world: World) -> None:
    at = timezone.now()
    answers = answers_for(world.own.case, CLOSE, timezone.localdate(at))
    take_step(case=world.own.case, rule=CLOSE, answers=answers, by=colleague(), at=at)


def restrict(world: World) -> None:
    by, at = colleague(), timezone.now()
    restrict_household(household=world.own.household, named=[by], reason="uhka", on=at.date(), by=by, at=at)


def bar(world: World) -> None:
    by, at = colleague(), timezone.now()
    user, kind = world.users[Role.COORDINATOR], AccessKind.BARRED
    give_access(
        household=world.own.household, user=user, kind=kind, reason="sukulainen", starts=at.date(), by=by, at=at
    )


def end_roles(world: World) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    for membership in Membership.objects.filter(user=world.users[Role.COORDINATOR]):
        end_role(membership=membership, last_day=yesterday, by=world.users[Role.ADMINISTRATOR])


def close_account(world: World) -> None:
    set_sign_in(user=world.users[Role.COORDINATOR], allowed=False, by=world.users[Role.ADMINISTRATOR])


def remove(world: World) -> None:
    remove_task(task=world.own.task, by=colleague(), at=timezone.now())


def undo_imports(world: World) -> None:
    by, at = world.users[Role.COORDINATOR], timezone.now()
    for step, token in world.imports.items():
        batch = ImportBatch.objects.get(token=token)
        if step == "done":
            undo_batch(batch=batch, scope=scope(by, at.date()), by=by, at=at)
        elif step != "running":
            discard_batch(batch=batch)


OF_CASE = [entry for entry in PAGES if entry.about and Role.COORDINATOR in entry.opens and not entry.redirects]
OF_TASK = [entry for entry in PAGES if entry.name in {"task_edit", "task_remove"}]
TICKED = [entry for entry in PAGES if entry.name == "task_done"]
OF_IMPORT = [entry for entry in PAGES if entry.name.startswith("import_") and entry.fills]

# What happens, to which forms, and what they may be answered with: 404 where it has gone out of sight, and where there
# is no form to show again.
HAPPENS: dict[str, tuple[Callable[[World], None], list[Page], set[int]]] = {
    "the case is closed": (close, OF_CASE, {200, 302, 422}),
    "the household is restricted": (restrict, OF_CASE, {404}),
    "the user is barred": (bar, OF_CASE, {404}),
    "the role has ended": (end_roles, OF_CASE, {403, 404}),
    "the account is closed": (close_account, OF_CASE, {302}),
    "the task is removed": (remove, OF_TASK, {422}),
    "the ticked task is removed": (remove, TICKED, {404}),
    "the import is gone": (undo_imports, OF_IMPORT, {302, 404, 405, 422}),
}


@pytest.mark.parametrize("what", HAPPENS)
def test_a_form_from_before_is_refused_in_words(what: str, world: World) -> None:
    happen, entries, allowed = HAPPENS[what]
    client = signed_in(world.users[Role.COORDINATOR])
    forms = [(one, form_of(client, one.address(world))) for one in entries]
    with undone():
        told = {one: as_shown(form) | TOLD.get(one.name, lambda _world: {})(world) for one, form in forms}
        for one, form in forms:
            told[one] |= {
                field.name: TYPED for field in form.fields if field.name in {"text", "why", "reason", "title"}
            }
        happen(world)
        answers = {one: send(client, form.action or one.address(world), told[one]) for one, form in forms}
    assert {str(one): (a.status, a.failure) for one, a in answers.items() if a.status not in allowed | {405}} == {}
    assert [str(one) for one, answer in answers.items() if is_lost(answer, told[one])] == []


def is_lost(answer: Answer, told: dict) -> bool:
    return answer.status in {200, 422} and TYPED in told.values() and TYPED not in answer.shown
