"""An answer to the customer: out by the dealership's one number, whoever wrote it."""

from __future__ import annotations

from shared.domain.consent import consent_of, consent_path
from shared.errors import InvalidInput, OptedOut
from shared.inbox.messages import Message, add
from shared.inbox.numbers import keep_number
from shared.inbox.thread import Thread
from shared.runtime.work import UnitOfWork
from shared.texting.request import Purpose, Recipient, request_text
from shared.texting.segments import MAX_CHARACTERS


def answer_customer(
    work: UnitOfWork,
    thread: Thread,
    text: str,
    *,
    staff_id: str,
    message_id: str,
    purpose: Purpose = Purpose.REPLY,
) -> Thread:
    """Asks for the text and answers the conversation as answered. A message is sent once.

    Raises `OptedOut` when the customer said stop, `InvalidInput` for words that make no text message. What is
    decided later, when the text goes out, may still hold it back; a person is told then.
    """
    words = text.strip()
    if not words or len(words) > MAX_CHARACTERS:
        raise InvalidInput(f"text: an answer has 1 to {MAX_CHARACTERS} characters, not [{len(words)}]")
    if has_refused(work, thread.phone):
        raise OptedOut("the customer asked not to be texted; call, or wait until they write START")
    text_id = request_text(
        work,
        to=Recipient(thread.phone, person_id=thread.person_id),
        purpose=purpose,
        body=words,
        key=f"answer:{message_id}",
        thread_id=thread.thread_id,
    )
    said = Message(message_id, "out", words, work.now, staff_id=staff_id, text_id=text_id)
    add(work, thread.thread_id, said)
    if thread.state == "closed":
        keep_number(work, thread.number, thread.thread_id)
    answered = thread.answered(work.now, by=staff_id)
    waited = (work.now - thread.first_unanswered_at).total_seconds() if thread.first_unanswered_at else None
    detail = {"department": thread.department, "waited_seconds": waited, "staff_id": staff_id}
    work.audit("thread.answered", subject=thread.path, detail=detail)
    work.put(answered.path, answered.to_data())
    return answered


def has_refused(work: UnitOfWork, phone: str) -> bool:
    """Said stop from this number. The decision about each text looks further; this one tells at once."""
    known = work.get(consent_path(phone))
    return consent_of(phone, known.data if known else None).of("service") == "denied"
