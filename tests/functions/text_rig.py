"""A dealership whose clock stands still, whose messenger can be broken, and whose texts are looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from shared.adapters.embedded.documents import SqliteDocuments
from shared.adapters.embedded.messenger import OutboxMessenger
from shared.domain.identity.identity import Address, Identity
from shared.domain.person import Person
from shared.events.texting import TextRequested
from shared.local.wsgi_call import Response
from shared.platform import Factory
from shared.ports import SentMessage, Sms, Write
from shared.runtime.cause import Cause
from shared.runtime.unit import run_unit
from shared.runtime.work import UnitOfWork
from shared.testing.harness import Harness, running
from shared.texting.request import Purpose, Recipient, request_text

T = TypeVar("T")

NOON = datetime(2026, 11, 20, 18, tzinfo=UTC)
"""Noon in Chicago, a Friday."""
NIGHT = datetime(2026, 11, 21, 5, tzinfo=UTC)
"""Eleven at night there."""

CUSTOMER, STAFF = "+13125550142", "+13125550199"


class StandingClock:
    def __init__(self, now: datetime = NOON) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time


class Died(BaseException):
    """The process ended here; nothing catches it."""


class WatchedDocuments(SqliteDocuments):
    """`before` and `after` are called with the number of each commit and what it holds."""

    before: Callable[[int, Sequence[Write]], None] = staticmethod(lambda number, writes: None)
    after: Callable[[int, Sequence[Write]], None] = staticmethod(lambda number, writes: None)
    commits = 0

    def commit(self, writes: Sequence[Write]) -> list[str]:
        self.commits += 1
        number = self.commits
        self.before(number, writes)
        versions = super().commit(writes)
        self.after(number, writes)
        return versions


class BreakableMessenger(OutboxMessenger):
    """`fail` is raised before anything is sent, `fail_after` when it was; `before` runs right before."""

    fail: BaseException | None = None
    fail_after: BaseException | None = None
    before: Callable[[], None] = staticmethod(lambda: None)
    blind = False
    handed: Sms | None = None

    def send_sms(self, sms: Sms, *, key: str) -> SentMessage:
        self.before()
        self.handed = sms
        if self.fail:
            raise self.fail
        sent = super().send_sms(sms, key=key)
        if self.fail_after:
            raise self.fail_after
        return sent

    def find(self, key: str, sms: Sms, since: datetime) -> SentMessage | None:
        return None if self.blind else super().find(key, sms, since)


@dataclass
class TextDesk:
    harness: Harness
    clock: StandingClock
    messenger: BreakableMessenger
    documents: WatchedDocuments

    def within(self, handler: Callable[[UnitOfWork], T], *, cause: str = "", tenant: str = "autohaus") -> T:
        """One unit of work of some other capability."""
        name = cause or self.harness.platform.ids.new()
        return run_unit(self.harness.platform, Cause(name, "quotes", tenant, name), handler)

    def ask(
        self,
        purpose: Purpose = Purpose.SERVICE,
        *,
        phone: str = CUSTOMER,
        key: str = "",
        body: str = "Your car is ready",
        person_id: str = "",
        staff_id: str = "",
        thread_id: str = "",
    ) -> str:
        to = Recipient(phone, person_id=person_id, staff_id=staff_id)
        name = key or self.harness.platform.ids.new()
        return self.within(
            lambda work: request_text(work, to=to, purpose=purpose, body=body, key=name, thread_id=thread_id)
        )

    def deliver(self, text_id: str, *, cause: str = "", attempt: int = 1) -> Response:
        event = TextRequested(text_id=text_id)
        return self.harness.deliver("text_sender", event, cause=cause or f"of-{text_id}", attempt=attempt)

    def send(self, purpose: Purpose = Purpose.SERVICE, **how: Any) -> dict[str, Any]:
        """Asks for it and has it decided; answers the text."""
        text_id = self.ask(purpose, **how)
        answer = self.deliver(text_id)
        assert answer.status == 200, answer.text
        return self.text(text_id)

    def release(self) -> list[str]:
        """The minute's tick and what it sets off; answers the texts that were due."""
        seen = len(self.harness.events("text-requested"))
        assert self.harness.product.run("text_clock").status == 200
        due = self.harness.events("text-requested")[seen:]
        for one in due:
            self.deliver(one["data"]["text_id"], cause=one["id"])
        return [one["data"]["text_id"] for one in due]

    # what there is

    def put(self, path: str, data: dict[str, Any]) -> None:
        self.harness.tenant().documents.commit([Write(path, data)])

    def document(self, path: str) -> dict[str, Any]:
        found = self.harness.tenant().documents.get(path)
        assert found, path
        return dict(found.data)

    def text(self, text_id: str) -> dict[str, Any]:
        return self.document(f"texts/{text_id}")

    def person(
        self, person_id: str, *, postal_code: str = "", sms: str = "", phones: Any = (CUSTOMER,)
    ) -> None:
        identity = Identity(
            phones=tuple(phones), addresses=(Address(postal_code=postal_code),) if postal_code else ()
        )
        person = Person(person_id, NOON, NOON, identity=identity, consent={"sms": sms} if sms else {})
        self.put(person.path, person.to_data())

    def sent(self) -> list[str]:
        """The recipients of what left, oldest first."""
        return [one["to"] for one in self.messenger.sent(1000)]

    def attention(self) -> list[dict[str, Any]]:
        return [one["data"] for one in self.harness.events("attention-requested")]

    def audits(self, kind: str) -> list[dict[str, Any]]:
        rows = (one["data"] for one in self.harness.events("audit-recorded"))
        return [row for row in rows if row["type"] == kind]


@contextmanager
def text_desk(
    folder: Path, *, replaced: dict[str, Factory] | None = None, now: datetime = NOON, **settings: Any
) -> Iterator[TextDesk]:
    clock = StandingClock(now)
    messenger = BreakableMessenger(folder / "sent.db", clock=clock)
    documents = WatchedDocuments(folder / "documents.db")
    own: dict[str, Factory] = {
        "clock": lambda _: clock,
        "messenger": lambda _: messenger,
        "documents": lambda _: documents,
        **(replaced or {}),
    }
    with running(folder, replaced=own, delivering=False, **settings) as harness:
        yield TextDesk(harness, clock, messenger, documents)
