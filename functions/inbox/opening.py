"""The dealership writes first: to the customer of a repair order or deal, or to a number."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from functions.inbox.requests import NewConversation
from shared.domain.record import document_path
from shared.errors import InvalidInput, NotFound
from shared.inbox.answering import answer_customer
from shared.inbox.choose import Thing
from shared.inbox.open_things import Records, things
from shared.inbox.opening import new_thread
from shared.inbox.recognition import people_with, recognise
from shared.inbox.rules import Department
from shared.inbox.senders import put_sender, read_sender, threads_of
from shared.inbox.thread import Thread
from shared.ports import Data
from shared.runtime.work import UnitOfWork
from shared.texting.request import Purpose


@dataclass(frozen=True)
class To:
    """Whom the words go to and what they are about."""

    phone: str
    department: Department
    records: Records = field(default_factory=Records)
    thing: Thing | None = None


def write_first(work: UnitOfWork, order: NewConversation, *, staff_id: str, message_id: str) -> Thread:
    """In the running conversation of the department, else in a new one that is the writer's.

    Raises `NotFound` for no such record, `InvalidInput` for one without a phone, `OptedOut`. The text is one
    nobody asked for, so hours and consent are those of a service text.
    """
    to = _to(work, order)
    sender = read_sender(work, to.phone)
    running = [one for one in threads_of(work, sender) if one.is_live and one.is_of(to.department)]
    thread = max(running, key=lambda one: one.last_at) if running else _fresh(work, to, staff_id)
    about = to.thing.about if to.thing else thread.about
    answered = answer_customer(
        work,
        replace(thread, about=about),
        order.text,
        staff_id=staff_id,
        message_id=message_id,
        purpose=Purpose.SERVICE,
    )
    put_sender(work, sender.with_thread(answered.thread_id))
    return answered


def _fresh(work: UnitOfWork, to: To, staff_id: str) -> Thread:
    person = recognise(work, to.phone, people_with(work, to.phone), to.records).people[0]
    about = to.thing.about if to.thing else {}
    fresh = new_thread(
        work, phone=to.phone, person_id=person.person_id, department=to.department, about=about
    )
    return replace(fresh, assigned_staff_id=staff_id, state="answered")


def _to(work: UnitOfWork, order: NewConversation) -> To:
    if order.repair_order:
        record = _record(work, "repair_orders", order.repair_order)
        return _of_record(work, record, Records(orders=(record,)), order)
    if order.deal:
        record = _record(work, "deals", order.deal)
        return _of_record(work, record, Records(deals=(record,)), order)
    return To(order.phone or "", order.department or "general")


def _record(work: UnitOfWork, collection: str, number: str) -> Data:
    found = work.get(document_path(collection, number))
    if found is None:
        raise NotFound(f"there is no [{number}] among the {collection.replace('_', ' ')}")
    return found.data


def _of_record(work: UnitOfWork, record: Data, records: Records, order: NewConversation) -> To:
    phone = order.phone or record.get("customer_phone")
    if not phone:
        raise InvalidInput("phone: the record has no phone of the customer; give one")
    (thing,) = things(work, records)
    return To(phone, order.department or thing.department, records, thing)
