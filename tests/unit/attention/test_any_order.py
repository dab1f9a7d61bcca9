"""Whatever comes in whatever order, twice or while somebody takes it: one text a level, nothing lost, no day
over its budget."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from functions.attention.main import Note, PutOff, acknowledge, resolve, snooze
from functions.attention_clock.main import move_on
from functions.attention_dispatcher.main import bring_to_people
from shared.attention.item import Item, from_document
from shared.attention.rules import attention_rules
from shared.errors import InvalidInput, Unavailable
from shared.events.base import Envelope
from shared.events.conversation import AttentionRequested
from shared.ports import Query, Write
from shared.runtime.auth import Caller
from shared.runtime.cause import Cause
from shared.runtime.inject import read_signature
from shared.runtime.push import Consumer
from shared.runtime.unit import run_unit
from shared.runtime.work import UnitOfWork
from tests.unit.runtime.rig import Killed, World, manifest, push

ZONE = ZoneInfo("America/Chicago")
BUDGET = 2
LEASE_OVER_S = 60
MORNING_S = 9 * 3600
"""From the clock's first moment, which is in quiet hours, to noon."""
URGENT = {"subject": "trips/1", "kind": "trip_problem", "urgency": "critical", "roles": ("advisor",)}
STAFF = {"ann": "advisor", "bob": "advisor", "olga": "operator", "carl": "ceo"}
OPERATOR = Caller("user", "users/olga", "t1", ("operator",))

REQUESTS = st.fixed_dictionaries(
    {
        "subject": st.sampled_from(["trips/1", "trips/2"]),
        "kind": st.sampled_from(["trip_problem", "handoff", "heartbeat", "anomaly", "nobody knows"]),
        "urgency": st.sampled_from(["low", "normal", "high", "critical", "odd"]),
        "safety": st.sampled_from([False, False, False, True]),
        "group": st.sampled_from(["", "", "all"]),
        "roles": st.sampled_from([(), ("advisor",), ("advisor", "operator"), ("driver",)]),
        "staff_ids": st.sampled_from([(), ("bob",), ("gone",)]),
    }
)
FAULTS = st.tuples(
    st.sampled_from([Killed(), Unavailable("down"), RuntimeError("a bug")]), st.integers(0, 12), st.booleans()
)
"""What goes wrong, after how many good calls of the store, and whether after the call did its work."""
ACTS = st.one_of(
    st.tuples(st.just("broken"), st.tuples(REQUESTS, FAULTS)),
    st.tuples(st.just("broken tick"), FAULTS),
    st.tuples(st.just("request"), REQUESTS),
    st.tuples(st.just("request"), REQUESTS),
    st.tuples(st.just("again"), st.integers(0, 50)),
    st.tuples(st.just("wait"), st.sampled_from([1, 5, 30, 240, 900])),
    st.tuples(st.just("tick"), st.none()),
    st.tuples(st.sampled_from(["acknowledge", "resolve", "snooze"]), st.integers(0, 50)),
)


class House:
    """Staff, a clock moved by hand, and every text that was asked for."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder)
        self.told: list[Envelope] = []
        self.runs = 0
        handler = manifest(
            "attention_dispatcher", subscribes="attention-requested", handler="bring_to_people"
        )
        self.dispatcher = Consumer(self.world.platform, handler, read_signature(bring_to_people))
        members = [
            Write(
                f"tenants/t1/staff/{one}",
                {"staff_id": one, "role": role, "phone": "+13125550100", "active": True},
            )
            for one, role in STAFF.items()
        ]
        own = [Write(f"tenants/t1/attention_preferences/{one}", {"texts_per_day": BUDGET}) for one in STAFF]
        tenant = Write("tenants/t1", {"name": "T", "time_zone": str(ZONE)})
        self.world.platform.documents.commit([tenant, *members, *own])

    def do(self, act: tuple[str, Any]) -> None:
        what, given = act
        if what == "request":
            self._deliver(given)
        elif what == "broken":
            self._break(given[1], lambda: self._deliver(given[0]))
            self._deliver_again(-1)
        elif what == "broken tick":
            self._break(given, self.tick)
        elif what == "again" and self.told:
            self._deliver_again(given % len(self.told))
        elif what == "wait":
            self.world.clock.pass_by(given * 60)
        elif what == "tick":
            self.tick()
        elif what in ("acknowledge", "resolve", "snooze") and (items := self.items()):
            self._person(what, items[given % len(items)].item_id)

    def _break(self, fault: tuple[BaseException, int, bool], act: Callable[[], None]) -> None:
        """The process dies, the store is away or a bug shows, at one call of the store."""
        error, healthy, after = fault
        self.world.store.faults.arm(error, healthy=healthy, after=after)
        with suppress(Killed, Unavailable, RuntimeError, AssertionError):
            act()
        self.world.store.faults.disarm()
        self.world.clock.pass_by(LEASE_OVER_S)

    def _deliver_again(self, number: int) -> None:
        """As the bus does until it is acknowledged; the sweeper publishes what was left behind."""
        assert self.dispatcher.handle(push(self.told[number].to_message())).status == 200

    def _deliver(self, fields: dict[str, Any]) -> None:
        event = AttentionRequested.model_validate({**fields, "summary": "Look"})
        envelope = Envelope(
            id=f"request-{len(self.told)}",
            source="//autohaus/test",
            type=event.topic,
            time=self.now,
            subject=event.subject,
            tenantid="t1",
            correlationid="c",
            causationid="c",
            data=event.model_dump(mode="json"),
        )
        self.told.append(envelope)
        assert self.dispatcher.handle(push(envelope.to_message())).status == 200

    def _person(self, what: str, item_id: str) -> None:
        acts: dict[str, Callable[[UnitOfWork], Any]] = {
            "acknowledge": lambda work: acknowledge(item_id, Note(), work, OPERATOR),
            "resolve": lambda work: resolve(item_id, Note(), work, OPERATOR),
            "snooze": lambda work: snooze(item_id, PutOff(minutes=45), work, OPERATOR),
        }
        try:
            self._run("attention", acts[what])
        except InvalidInput:
            assert what == "snooze", "only a settled matter cannot be put off"

    def tick(self) -> None:
        self._run("attention_clock", move_on)

    def _run(self, function: str, handler: Callable[[UnitOfWork], Any]) -> None:
        self.runs += 1
        run_unit(self.world.platform, Cause(f"run-{self.runs}", function, "t1", "c"), handler)

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    def items(self) -> list[Item]:
        found = self.world.store.inner.query(Query("tenants/t1/attention_items"))
        return [from_document(one.data) for one in found]

    def documents(self, collection: str) -> list[Any]:
        return [one.data for one in self.world.store.inner.query(Query(f"tenants/t1/{collection}"))]

    def alerts(self) -> list[Any]:
        return [text for text in self.documents("texts") if text["key"].startswith("attention:")]


@contextmanager
def house() -> Iterator[House]:
    with tempfile.TemporaryDirectory() as folder:
        found = House(Path(folder))
        try:
            yield found
        finally:
            found.world.close()


def check_texts(found: House) -> None:
    """One a level; the ladder's and the day's bounds; what the budget counts is what was asked for."""
    levels = Counter(tuple(text["key"].split(":")[1:]) for text in found.alerts())
    assert all(count == 1 for count in levels.values())
    assert all(0 <= int(level) < len(attention_rules().ladder) for _, _, level in levels)
    bounded = {item.item_id for item in found.items() if not item.safety}
    days = Counter[tuple[str, str]]()
    held = Counter[tuple[str, str]]()
    for text in found.alerts():
        day = text["requested_at"].astimezone(ZONE).date().isoformat()
        days[text["staff_id"], day] += 1
        held[text["staff_id"], day] += text["key"].split(":")[1] in bounded
    assert all(count <= BUDGET for count in held.values())
    assert {(b["staff_id"], b["day"]): b["texts"] for b in found.documents("attention_budgets")} == dict(days)


def check_nothing_lost(found: House) -> None:
    """Each request is kept with its matter; an open one is looked at again and is in the digest."""
    kept = [
        request
        for item in found.items()
        for request in found.documents(f"attention_items/{item.item_id}/requests")
    ]
    assert len(kept) == len(found.told)
    for item in found.items():
        if item.state == "open":
            assert item.digest_at is not None
            texted = item.told.get("sms")
            assert item.next_at or texted is None or texted.outcome != "held"
        if item.state == "snoozed":
            assert item.next_at is not None


@settings(max_examples=40, deadline=None)
@given(acts=st.lists(ACTS, min_size=1, max_size=30))
def test_one_text_a_level_nothing_lost_and_the_budget_kept(acts: list[tuple[str, Any]]) -> None:
    with house() as found:
        for act in acts:
            found.do(act)
            check_texts(found)
        check_nothing_lost(found)
        for _ in range(3 * 24):
            found.world.clock.pass_by(3600)
            found.tick()
        check_texts(found)
        check_nothing_lost(found)
        told = {one for digest in found.documents("attention_digests") for one in digest["items"]}
        open_now = {item.item_id for item in found.items() if item.state == "open"}
        assert open_now <= told, "whoever it is for has heard of it at the latest by the digest"


def test_two_that_come_at_once_are_one_text(tmp_path: Path) -> None:
    """A second request is handled between the first one's reading and its commit."""
    found = House(tmp_path)
    found.world.clock.pass_by(MORNING_S)
    inner = found.world.store.inner.commit
    meanwhile = [URGENT]

    def commit(writes: Any) -> list[str]:
        if meanwhile and any("attention_items/" in write.path for write in writes):
            found._deliver(meanwhile.pop())
        return inner(writes)

    found.world.store.inner.commit = commit  # type: ignore[method-assign]  # the moment between read and commit
    found._deliver(URGENT)
    (item,) = found.items()
    assert (item.count, len(found.alerts())) == (2, 1)
    found.world.close()


def test_taking_it_while_the_clock_looks_wins(tmp_path: Path) -> None:
    found = House(tmp_path)
    found._deliver(URGENT)
    found.world.clock.pass_by(timedelta(hours=6).total_seconds())
    inner = found.world.store.inner.commit
    meanwhile = [found.items()[0].item_id]

    def commit(writes: Any) -> list[str]:
        if meanwhile and any("attention_items/" in write.path for write in writes):
            found._person("acknowledge", meanwhile.pop())
        return inner(writes)

    found.world.store.inner.commit = commit  # type: ignore[method-assign]  # the moment between read and commit
    before = len(found.alerts())
    found.tick()
    assert (found.items()[0].state, len(found.alerts())) == ("acknowledged", before)
    found.world.close()
