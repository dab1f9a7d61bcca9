"""A lead comes in, a person comes out; a merge that was wrong is undone."""

from __future__ import annotations

from typing import Annotated

from functions.crm_intake.intake import IntakeAnswer, take_in
from functions.crm_intake.lead import Lead
from functions.crm_intake.person_view import PersonView, view_person
from functions.crm_intake.unmerge import UnmergeAnswer, take_apart
from shared.runtime.auth import Caller
from shared.runtime.entry import entry_point
from shared.runtime.reply import Answer, Says
from shared.runtime.work import UnitOfWork


def take_lead(lead: Lead, work: UnitOfWork) -> Annotated[Answer, Says(IntakeAnswer, 200, 201)]:
    """201 for a person nobody knew, 200 for one who was known. Safe to send again: a lead is stored once."""
    answer = take_in(work, lead)
    is_new = answer.person_id == answer.master_person_id and not answer.duplicate
    return Answer(201 if is_new else 200, answer)


def unmerge(person_id: str, work: UnitOfWork, caller: Caller) -> UnmergeAnswer:
    """Takes a merged-away person or lead record out again; of a master, the last that joined."""
    return take_apart(work, person_id, caller.id)


def show_person(person_id: str, work: UnitOfWork) -> PersonView:
    """The person an id stands for today, whoever it was merged into."""
    return view_person(work, person_id)


crm_intake = entry_point(__file__, take_lead, unmerge, show_person)
