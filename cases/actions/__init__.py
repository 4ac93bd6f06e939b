"""What is done to a case. Each action locks, checks, changes, and writes history and timeline in one transaction.

One verb, one function, keyword-only; all raise `crm.refusal.Refused` with sentences that say what to do.
"""

from cases.actions.bulk import NewCase, NewStep, open_cases, reach
from cases.actions.correcting import (
    FIRST_THE_MEMBERS,
    correct_person_date,
    correct_step_date,
    resting_on,
    resting_on_arrival,
    take_back_last,
    take_back_person_fact,
    why_person_fact_stays,
)
from cases.actions.members import record_person_fact, why_nobody
from cases.actions.opening import NewHousehold, Notice, log_advice, open_case, open_first_contact
from cases.actions.postponing import postpone_move, undo_postponement, undoable_postponement, why_not_postponed
from cases.actions.restricting import lift_restriction, restrict_household
from cases.actions.standing import day_told, facts_of_step
from cases.actions.stepping import facts_from, facts_of, step_name, take_step, what_happened, with_facts
from cases.actions.tasks import TASK_REMOVED, add_task, edit_task, remove_task, set_task_done, task_as_it_is
from cases.actions.work import EDITABLE_FACTS, edit_case, log_event, take_case

__all__ = [
    "EDITABLE_FACTS",
    "FIRST_THE_MEMBERS",
    "TASK_REMOVED",
    "NewCase",
    "NewHousehold",
    "NewStep",
    "Notice",
    "add_task",
    "correct_person_date",
    "correct_step_date",
    "day_told",
    "edit_case",
    "edit_task",
    "facts_from",
    "facts_of",
    "facts_of_step",
    "lift_restriction",
    "log_advice",
    "log_event",
    "open_case",
    "open_cases",
    "open_first_contact",
    "postpone_move",
    "reach",
    "record_person_fact",
    "remove_task",
    "resting_on",
    "resting_on_arrival",
    "restrict_household",
    "set_task_done",
    "step_name",
    "take_back_last",
    "take_back_person_fact",
    "take_case",
    "take_step",
    "task_as_it_is",
    "undo_postponement",
    "undoable_postponement",
    "what_happened",
    "why_nobody",
    "why_not_postponed",
    "why_person_fact_stays",
    "with_facts",
]
