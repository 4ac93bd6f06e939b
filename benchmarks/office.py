"""What coordinators do in an office, as their browsers ask for it: they look, search while typing, and record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from random import Random
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from benchmarks.filling import filled
from benchmarks.population import SHARES
from cases.lifecycle import OPEN, State
from cases.models import Case, Task
from crm.models import User

PEOPLE = 200
_SYLLABLES = ("ba", "de", "fi", "go", "hu", "jy", "kä", "lö", "mai", "nuo", "pie", "ry", "so", "tau", "vei")
_OF_A_TOWN = 5000  # open cases of a town that its coordinators share out among them

# Asks the server as htmx or the browser does: path, what is sent (None: a GET), the id of the part to be replaced.
Ask = Callable[..., str]


@dataclass
class Coordinator:
    """Somebody at work: how they are signed in, and the cases that are theirs alone to change."""

    cookie: str
    rng: Random
    cases: list[Case]
    to_pause: list[Case]
    tasks: list[int]
    names: Sequence[str]
    mail: Iterator[str]

    def case(self) -> Case:
        return self.rng.choice(self.cases)


def staff(today: date, people: int = PEOPLE) -> list[Coordinator]:
    """The coordinators of the four towns, signed in; open cases and tasks are dealt out, so that none meets another."""
    found = []
    mail = (f"newcomer{number}@example.com" for number in count())
    per_town = people // len(SHARES)
    for code in SHARES:
        users = list(User.objects.filter(email__endswith=f".{code}@example.fi", email__startswith="coord"))[:per_town]
        cases = list(
            Case.objects.filter(municipality__code=code, state__in=OPEN)
            .select_related("household")
            .order_by("-opened_on", "-pk")[:_OF_A_TOWN]
        )
        tasks = list(
            Task.objects.undone().filter(case__in=[case.pk for case in cases]).order_by("pk").values_list("pk", "case")
        )
        to_pause = [case for case in cases if case.state == State.ASSESSMENT and case.state_since < today]
        for place, user in enumerate(users):
            own = cases[place :: len(users)]
            mine = {case.pk for case in own}
            found.append(
                Coordinator(
                    cookie=_signed_in(user),
                    rng=Random(user.email),
                    cases=own,
                    to_pause=to_pause[place :: len(users)],
                    tasks=[pk for pk, case in tasks if case in mine],
                    names=[case.household.name.split()[-1] for case in own],
                    mail=mail,
                )
            )
    return found


def _signed_in(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def act(coordinator: Coordinator, ask: Ask) -> None:
    """One thing a coordinator does, by chance: mostly looking, every fourth time recording something."""
    coordinator.rng.choices(list(_ACTS), list(_ACTS.values()))[0](coordinator, ask)


def _my_day(_me: Coordinator, ask: Ask) -> None:
    ask("my day", reverse("my_day"))


def _list(me: Coordinator, ask: Ask) -> None:
    narrowed = me.rng.choice(
        ({}, {"coordinator": "mine"}, {"coordinator": "mine", "sort": "contact"}, {"state": "all", "sort": "name"})
    )
    ask("case list", f"{reverse('case_list')}?{urlencode(narrowed)}")


def _search(me: Coordinator, ask: Ask) -> None:
    """The list changes while one types a name."""
    name = me.rng.choice(me.names)
    for typed in dict.fromkeys((name[:3], name)):
        ask("name search", f"{reverse('case_list')}?{urlencode({'state': 'all', 'q': typed})}", part="cases")


def _case(me: Coordinator, ask: Ask) -> None:
    ask("case page", _page_of(me.case()))


def _household(me: Coordinator, ask: Ask) -> None:
    ask("household page", reverse("household", args=[me.case().household_id]))


def _people(me: Coordinator, ask: Ask) -> None:
    ask("people", f"{reverse('people')}?{urlencode({'q': me.rng.choice(me.names)})}")


def _results(_me: Coordinator, ask: Ask) -> None:
    ask("results", reverse("results"))


def _report(_me: Coordinator, ask: Ask) -> None:
    ask("report", reverse("report"))
    ask("report as PDF", reverse("report_pdf"))


def _export(me: Coordinator, ask: Ask) -> None:
    """The open cases of the town, or one's own, as a file."""
    path = f"{reverse('case_list_export')}{me.rng.choice(('', '?coordinator=mine'))}"
    ask("a dialog", path, part="dialog-body")
    ask("cases as CSV", path, {"format": "csv"})


def _edit_person(me: Coordinator, ask: Ask) -> None:
    """Another occupation for somebody of one's own; whoever is like them in the register is somebody else."""
    household = reverse("household", args=[me.case().household_id])
    [path, *_others] = re.findall(r'href="(/people/\d+/)"', ask("household page", household))
    form = ask("a dialog", path, part="dialog-body")
    told = {"occupation": me.rng.choice(("kokki", "lähihoitaja", "opas")), "save_anyway": "on"}
    ask("saving a dialog", path, filled(form) | told, part="dialog-body")
    ask("household page", household, part="main")


def _log_call(me: Coordinator, ask: Ask) -> None:
    case = me.case()
    _record(ask, case, reverse("case_log", args=[case.reference, "call"]), {"text": "Sovittiin tapaamisesta."})


def _add_task(me: Coordinator, ask: Ask) -> None:
    case = me.case()
    _record(ask, case, reverse("task_add", args=[case.reference]), {"title": "Soita uudelleen"})


def _tick(me: Coordinator, ask: Ask) -> None:
    if not me.tasks:
        return _add_task(me, ask)
    task = me.tasks.pop()
    ask("my tasks", reverse("my_tasks"))
    ask("tick a task", reverse("task_done", args=[task]), {"done": "1"}, part=f"task-{task}")


def _pause(me: Coordinator, ask: Ask) -> None:
    if not me.to_pause:
        return _log_call(me, ask)
    case = me.to_pause.pop()
    _record(ask, case, reverse("case_step", args=[case.reference, "pause"]), {"reason": "odottaa"})


def _first_contact(me: Coordinator, ask: Ask) -> None:
    path, mail = reverse("case_new"), next(me.mail)
    family = "".join(me.rng.choices(_SYLLABLES, k=5)).title()  # like nobody's in the register
    told = {"channel": "email", "people-0-given_name": "Aune", "people-0-family_name": family}
    form = ask("form of a first contact", path)
    ask("first contact", path, filled(form) | told | {"people-0-email": mail})


def _record(ask: Ask, case: Case, path: str, told: dict[str, str]) -> None:
    """Open a dialog on the page of a case, send it, and get the page anew."""
    form = ask("a dialog", path, part="dialog-body")
    ask("saving a dialog", path, filled(form) | told, part="dialog-body")
    ask("case page", _page_of(case), part="main")


def _page_of(case: Case) -> str:
    return reverse("case", args=[case.reference])


# How often each is done, of 100.
_ACTS: dict[Callable[[Coordinator, Ask], None], int] = {
    _my_day: 15,
    _list: 16,
    _search: 12,
    _case: 20,
    _household: 4,
    _people: 4,
    _results: 2,
    _report: 1,
    _export: 1,
    _edit_person: 2,
    _log_call: 8,
    _add_task: 3,
    _tick: 6,
    _pause: 3,
    _first_contact: 3,
}
