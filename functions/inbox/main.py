"""Staff read and answer customers; conversations are handed over, merged and split."""

from __future__ import annotations

from typing import Annotated

from pydantic import ValidationError

from functions.inbox import changes
from functions.inbox.opening import write_first
from functions.inbox.presence import say_presence, show_team
from functions.inbox.requests import (
    Assignment,
    Merge,
    MergeDone,
    NewConversation,
    Page,
    PresenceSaid,
    PresenceView,
    Reply,
    Sent,
    Split,
    SplitDone,
    Team,
    ThreadList,
    ThreadView,
    Undone,
    Wanted,
    WholeThread,
)
from functions.inbox.views import going_on, show_whole, view, views
from shared.errors import NotFound
from shared.inbox.answering import answer_customer
from shared.inbox.rules import RULES_PATH, InboxRules, OwnRules, read_rules, rules_of
from shared.inbox.thread import Thread, inbound_path, media_key, message_path
from shared.platform import Tenant
from shared.ports import Query
from shared.runtime.auth import Caller
from shared.runtime.entry import entry_point
from shared.runtime.reply import Answer, Says, invalid
from shared.runtime.work import UnitOfWork

_SHOWN_INLINE = ("image/jpeg", "image/png", "image/gif", "image/webp")


def staff_id(caller: Caller) -> str:
    return caller.id.removeprefix("users/")


def list_threads(query: Wanted, work: UnitOfWork, caller: Caller) -> ThreadList:
    """Conversations by the last word said in them, newest first."""
    assigned = staff_id(caller) if query.assigned == "me" else query.assigned
    filters = {
        "state": query.state,
        "department": query.department,
        "assigned_staff_id": assigned,
        "phone": query.phone,
    }
    where = (("merged_into", "==", ""), *((name, "==", said) for name, said in filters.items() if said))
    found = work.query(Query("threads", where, ("-updated_at",), query.limit, query.after))
    threads = [Thread.from_data(one.data) for one in found]
    is_full = len(found) == query.limit
    return ThreadList(threads=views(work, threads), next_after=found[-1].id if is_full else None)


def show_thread(thread_id: str, query: Page, work: UnitOfWork) -> WholeThread:
    """A conversation with its messages, oldest first; of a merged one the whole it is part of."""
    return show_whole(work, going_on(work, thread_id), query)


def open_thread(
    order: NewConversation, work: UnitOfWork, caller: Caller
) -> Annotated[Answer, Says(Sent, 201)]:
    """Writes to a customer first; consent and hours are those of a text nobody asked for."""
    message_id = work.new_id()
    thread = write_first(work, order, staff_id=staff_id(caller), message_id=message_id)
    return Answer(201, _sent(work, thread, message_id))


def _sent(work: UnitOfWork, thread: Thread, message_id: str) -> Sent:
    said = work.require(message_path(thread.thread_id, message_id))
    return Sent(message_id=message_id, text_id=said.data["text_id"], thread=view(work, thread))


def reply(thread_id: str, order: Reply, work: UnitOfWork, caller: Caller) -> Sent:
    """Answers the customer by text, from the dealership's one number."""
    thread, message_id = going_on(work, thread_id), work.new_id()
    answered = answer_customer(work, thread, order.text, staff_id=staff_id(caller), message_id=message_id)
    return _sent(work, answered, message_id)


def assign(thread_id: str, order: Assignment, work: UnitOfWork, caller: Caller) -> ThreadView:
    """Hands the conversation to a colleague or a department."""
    return view(work, changes.assign(work, thread_id, order, caller.name or staff_id(caller)))


def close(thread_id: str, work: UnitOfWork) -> ThreadView:
    """Ends the conversation; closing it twice changes nothing."""
    return view(work, changes.close(work, thread_id))


def merge(thread_id: str, order: Merge, work: UnitOfWork, caller: Caller) -> MergeDone:
    """Makes the conversation part of another of the same customer."""
    return changes.put_together(work, thread_id, order, caller.id)


def split(thread_id: str, order: Split, work: UnitOfWork, caller: Caller) -> SplitDone:
    """Moves messages into a conversation of their own."""
    return changes.take_apart(work, thread_id, order, caller.id)


def undo(thread_id: str, work: UnitOfWork) -> Undone:
    """Undoes the last merge or split of the conversation."""
    return changes.take_back(work, thread_id)


def show_file(
    text_sid: str, index: str, work: UnitOfWork, tenant: Tenant
) -> Annotated[Answer, Says("application/octet-stream")]:
    """A file that came with a text; what is no picture is downloaded, never opened in the page."""
    text = work.get(inbound_path(text_sid))
    files = text.data["media"] if text else ()
    file = next((one for one in files if str(one["index"]) == index and one["state"] == "stored"), None)
    if file is None:
        raise NotFound(f"there is no file [{index}] of text [{text_sid}]")
    kind = file["content_type"]
    headers = {
        "Content-Disposition": "inline" if kind in _SHOWN_INLINE else "attachment",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Answer(200, tenant.blobs.get(media_key(text_sid, file["index"])), headers, kind)


def set_presence(order: PresenceSaid, work: UnitOfWork, caller: Caller) -> PresenceView:
    """Says whether one is there, until when, and how one wants to hear of customers."""
    return say_presence(work, order, caller)


def list_presence(work: UnitOfWork) -> Team:
    """Who is there and how many customers wait for each."""
    return show_team(work)


def show_rules(work: UnitOfWork) -> InboxRules:
    """The rules by which texts find their colleague, as they hold today."""
    return read_rules(work)


def set_rules(order: OwnRules, work: UnitOfWork) -> InboxRules:
    """Replaces the dealership's own sections; sections that are left out are as shipped again."""
    try:
        rules = rules_of(order.to_data())
    except ValidationError as error:
        raise invalid(error) from error
    work.put(RULES_PATH, order.to_data())
    work.audit("inbox.rules_set", subject=RULES_PATH, detail={"sections": sorted(order.to_data())})
    return rules


inbox = entry_point(
    __file__,
    list_threads,
    show_thread,
    open_thread,
    reply,
    assign,
    close,
    merge,
    split,
    undo,
    show_file,
    set_presence,
    list_presence,
    show_rules,
    set_rules,
)
