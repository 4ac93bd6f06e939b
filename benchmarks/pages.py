"""What is measured: each page with its floor, for the coordinator of one town."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from benchmarks import statements
from benchmarks.filling import filled
from benchmarks.floor import Floor, Statement
from benchmarks.writing import FIRST_CONTACT, PAUSE
from cases.attention import MOVE_DAYS, TASK_DAYS
from cases.lifecycle import ACTIVE, State
from cases.models import Case
from contacts.models import Household, Person
from contacts.names import fold, wanted_sound_keys
from crm.models import Municipality
from reports.windows import month_end


@dataclass(frozen=True)
class Page:
    """A page of the product by its address, and its floor; with `data` what is sent there. Measured so many `turns`.

    `most_ms`: how long it may take whatever its floor takes.
    """

    name: str
    path: str
    floor: Floor
    data: Mapping[str, Any] | None = None
    answers: HTTPStatus = HTTPStatus.OK
    turns: int = 25
    most_ms: float | None = None


def pages_of(town: Municipality, today: date) -> list[Page]:
    """Every measured page of a coordinator in `town`."""
    case = _long_case(town)
    name = case.household.people.order_by("pk")[0].family_name
    like = {"like": f"%{fold(name)}%"}
    deep = _deep_case(town)
    cases, people = reverse("case_list"), reverse("people")
    open_, newest = statements.OPEN, "c.opened_on DESC, c.id DESC"
    beyond = "(c.opened_on, c.id) < (%(deep_on)s, %(deep)s)"
    key = {"deep": deep.pk, "deep_on": deep.opened_on}

    def page(name: str, path: str, found: list[Statement], **more: Any) -> Page:
        return Page(name, path, Floor(found, lambda request: parameters(request, today) | more))

    return [
        page("case list", cases, statements.case_list(open_, newest)),
        page(
            "case list, one's own",
            f"{cases}?coordinator=mine",
            statements.case_list(open_, newest, "c.coordinator_id = %(me)s"),
        ),
        page(
            "case list, all by name",
            f"{cases}?state=all&sort=name",
            statements.case_list("h.municipality_id IN ({places})", "h.name, c.id", by_name=True),
        ),
        page(
            "case list, by last contact",
            f"{cases}?sort=contact",
            statements.case_list(open_, "COALESCE(c.last_contact_on, '9999-12-31'), c.id"),
        ),
        page(
            "case list, deep page",
            f"{cases}?state=all&after={deep.pk}",
            statements.case_list(beyond, newest),
            **key,
        ),
        page(
            "name search",
            f"{cases}?{urlencode({'state': 'all', 'q': name})}",
            _searched(statements.HERE, newest),
            **like,
        ),
        page("board", reverse("case_board"), statements.BOARD),
        page("people", people, statements.people("TRUE")),
        page(
            "people, name search",
            f"{people}?{urlencode({'q': name})}",
            statements.people("p.name_key LIKE %(like)s"),
            **like,
        ),
        page(
            "case page",
            reverse("case", args=[case.reference]),
            statements.CASE,
            case=case.pk,
            reference=case.reference,
            household=case.household_id,
            content_type=ContentType.objects.get_for_model(Case).pk,
        ),
        page("my day", reverse("my_day"), statements.MY_DAY, quiet=today - timedelta(days=town.stale_after_days)),
        page("results", reverse("results"), statements.RESULTS, **years_of(today)),
    ]


def acts_of(town: Municipality, client: Client, today: date) -> list[Page]:
    """What a coordinator in `town` records: a step of a case, and a first contact. `client` fills in the forms."""
    case = _case_to_pause(town, today)
    key = {
        "state": case.state,
        "case": case.pk,
        "reference": case.reference,
        "household": case.household_id,
        "sequence": case.version + 1,
    }
    step = reverse("case_step", args=[case.reference, "pause"])
    first = reverse("case_new")
    new = {"town": town.pk, "year": today.year, "given": "Aune", "family": "Kokeilija", "name": "Aune Kokeilija"}
    new["sounds"] = sorted(wanted_sound_keys("Aune", "Kokeilija"))
    types = {"household_type": Household, "person_type": Person}
    new |= {name: ContentType.objects.get_for_model(model).pk for name, model in types.items()}
    reach = {"email": "aune@example.com", "phone": "+358401112223"}
    told = {"channel": "email", "people-0-given_name": "Aune", "people-0-family_name": "Kokeilija"}
    told |= {f"people-0-{name}": value for name, value in reach.items()}

    def writes(statements: list[Statement], more: Mapping[str, Any]) -> Floor:
        return Floor(statements, lambda request: {**parameters(request, today), **more, "form_key": uuid4()}, True)

    return [
        Page(
            "a step of a case",
            step,
            writes(PAUSE, key),
            filled(client.get(step).content.decode()) | {"reason": "odottaa"},
            answers=HTTPStatus.FOUND,
        ),
        Page(
            "first contact",
            first,
            writes(FIRST_CONTACT, new | reach),
            filled(client.get(first).content.decode()) | told,
            answers=HTTPStatus.FOUND,
        ),
    ]


def _searched(where: str, order: str) -> list[Statement]:
    return statements.case_list(where, order, statements.NAMED_LIKE, found=statements.FOUND)


def parameters(request: HttpRequest, today: date) -> dict[str, Any]:
    """What nearly every statement is asked with."""
    scope = request.scope  # type: ignore[attr-defined]
    return {
        "me": scope.user_id,
        "today": today,
        "soon": today + timedelta(days=TASK_DAYS),
        "moving": today + timedelta(days=MOVE_DAYS),
    }


def years_of(today: date) -> dict[str, date]:
    """Bounds of this year so far and of the same days a year before, as `statements.RESULTS` names them."""
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    start, end = date(today.year - 1, 1, 1), date(today.year - 1, today.month, day)
    month = end.replace(day=1)
    return {
        "start": date(today.year, 1, 1),
        "end": month_end(today),
        "start_before": start,
        "last_before": month - timedelta(days=1),
        "end_before": month_end(end),
        "month_before": month,
        "day_before": end,
    }


def _long_case(town: Municipality) -> Case:
    """A case with a whole page of events, of the newest."""
    ids = Case.objects.filter(municipality=town).order_by("-pk").values_list("pk", flat=True)[:5000]
    long = [pk for pk in ids if pk % 100 == 0] or list(ids[:1])
    return Case.objects.select_related("household").get(pk=long[0])


def _case_to_pause(town: Municipality, today: date) -> Case:
    """One of the newest; in assessment, where a small town has such a one."""
    cases = list(Case.objects.filter(municipality=town, state__in=ACTIVE, state_since__lt=today).order_by("-pk")[:500])
    return next((case for case in cases if case.state == State.ASSESSMENT), cases[0])


def _deep_case(town: Municipality) -> Case:
    """A case in the middle of the list."""
    cases = Case.objects.filter(municipality=town).order_by("-opened_on", "-pk")
    return cases[cases.count() // 2]
