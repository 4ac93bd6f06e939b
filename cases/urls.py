from django.urls import path, register_converter

from cases.lifecycle import RULES
from cases.models import LOGGED_BY_HAND, PersonFactKind
from cases.views import board, case, known, lists, members, moving, opening, restricting, steps, tasks, work

RECORDED_OF_MEMBERS = (PersonFactKind.ARRIVED, PersonFactKind.SETTLED, PersonFactKind.LEFT)


class OneOf:
    """A part of an address that is one of a few words."""

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


class Reference(OneOf):
    """KMJ-2026-0042 or X4QT-9MPR: capital letters and digits, so that no other word under /cases/ is one."""

    regex = r"[0-9A-ZÅÄÖ]+-[0-9A-Z-]+"


class Step(OneOf):
    regex = "|".join(name.replace("_", "-") for name in RULES)

    def to_url(self, value: str) -> str:
        return value.replace("_", "-")


class Contact(OneOf):
    regex = "|".join(LOGGED_BY_HAND)


class MemberFact(OneOf):
    regex = "|".join(RECORDED_OF_MEMBERS)


register_converter(Reference, "reference")
register_converter(Step, "step")
register_converter(Contact, "contact")
register_converter(MemberFact, "member_fact")

urlpatterns = [
    path("cases/", lists.case_list, name="case_list"),
    path("cases/board/", board.case_board, name="case_board"),
    path("cases/export/", lists.case_list_export, name="case_list_export"),
    path("cases/new/", opening.FirstContactView.as_view(), name="case_new"),
    path("advice/new/", opening.advice_new, name="advice_new"),
    path("cases/<reference:reference>/", case.case_page, name="case"),
    path("cases/<reference:reference>/timeline/", case.case_timeline, name="case_timeline"),
    path("cases/<reference:reference>/<step:name>/", steps.case_step, name="case_step"),
    path("cases/<reference:reference>/steps/", board.case_steps, name="case_steps"),
    path("cases/<reference:reference>/take-back/", steps.case_take_back, name="case_take_back"),
    path("cases/<reference:reference>/steps/<int:pk>/date/", steps.case_step_date, name="case_step_date"),
    path("cases/<reference:reference>/log/<contact:kind>/", work.case_log, name="case_log"),
    path("cases/<reference:reference>/log/", known.case_log_contact, name="case_log_contact"),
    path("cases/<reference:reference>/plan/add/", tasks.plan_add, name="plan_add"),
    path("cases/<reference:reference>/tasks/add/", tasks.task_add, name="task_add"),
    path("cases/<reference:reference>/edit/", work.case_edit, name="case_edit"),
    path("cases/<reference:reference>/postpone/", moving.case_postpone, name="case_postpone"),
    path("cases/<reference:reference>/postpone/<int:pk>/undo/", moving.case_postpone_undo, name="case_postpone_undo"),
    path("cases/<reference:reference>/people/<member_fact:kind>/", members.case_people, name="case_people"),
    path("cases/<reference:reference>/people/<int:pk>/date/", members.case_person_date, name="case_person_date"),
    path(
        "cases/<reference:reference>/people/<int:pk>/take-back/",
        members.case_person_take_back,
        name="case_person_take_back",
    ),
    path("tasks/<int:pk>/edit/", tasks.task_edit, name="task_edit"),
    path("tasks/<int:pk>/remove/", tasks.task_remove, name="task_remove"),
    path("tasks/<int:pk>/done/", tasks.task_done, name="task_done"),
    path("households/<int:pk>/cases/", case.household_cases, name="household_cases"),
    path("households/<int:pk>/known/", known.household_known, name="household_known"),
    path("households/<int:pk>/restrict/", restricting.household_restrict, name="household_restrict"),
    path("households/<int:pk>/lift/", restricting.household_lift, name="household_lift"),
]
