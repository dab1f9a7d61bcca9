"""Conversations merged, split and undone in any order: no message is lost, doubled or shown twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from shared.errors import AlreadyExists, InvalidInput
from shared.inbox.merging import Change, Moved, merge, split, undo
from shared.inbox.thread import Thread

NOON = datetime(2026, 11, 17, 18, tzinfo=UTC)
DUE = timedelta(minutes=15)


def thread(name: str, number: int = 10, at: datetime = NOON) -> Thread:
    return Thread(name, number, "+13125550171", "p1", "service", created_at=at, updated_at=at)


class Conversations(RuleBasedStateMachine):
    """A model beside the product's own functions: which message every conversation should show."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.threads: dict[str, Thread] = {}
        self.lies: dict[str, str] = {}
        """Message → the conversation whose collection it lies in."""
        self.shown: dict[str, set[str]] = {}
        """Root → messages it should show."""
        self.changes: dict[str, Change] = {}
        self.before: dict[str, dict[str, set[str]]] = {}
        self.heard_since: dict[str, set[str]] = {}

    def tick(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now

    @property
    def roots(self) -> list[str]:
        return sorted(name for name, one in self.threads.items() if not one.merged_into)

    def view(self, name: str) -> set[str]:
        names = [name]
        for one in names:
            names += self.threads[one].parts
        assert len(names) == len(set(names)), "no conversation is part of itself or twice of another"
        return {message for message, home in self.lies.items() if home in names}

    @initialize(count=st.integers(2, 4))
    def begin(self, count: int) -> None:
        for number in range(count):
            name = f"t{number}"
            self.threads[name] = thread(name, 10 + number)
            self.shown[name] = set()

    @rule(data=st.data())
    def hear(self, data: st.DataObject) -> None:
        """A text of the customer goes to whatever its conversation is today."""
        name = data.draw(st.sampled_from(self.roots))
        at = self.tick()
        message = f"m{len(self.lies)}"
        self.threads[name] = self.threads[name].heard(at, phone="+13125550171", due_at=at + DUE)
        self.lies[message] = name
        self.shown[name].add(message)

    @rule(data=st.data())
    def answer(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(self.roots))
        self.threads[name] = self.threads[name].answered(self.tick(), by="advisor")

    @precondition(lambda self: len(self.roots) > 1)
    @rule(data=st.data())
    def merge_two(self, data: st.DataObject) -> None:
        source, target = data.draw(st.permutations(self.roots))[:2]
        change_id = f"c{len(self.changes)}"
        done = merge(self.threads[source], self.threads[target], change_id=change_id, now=self.tick(), by="x")
        self._keep(done.source, done.target, done.change)
        self.before[change_id] = {name: set(self.shown[name]) for name in (source, target)}
        self.shown[target] |= self.shown.pop(source)

    @rule(data=st.data())
    def split_one(self, data: st.DataObject) -> None:
        able = [name for name in self.roots if self.shown[name]]
        if not able:
            return
        source = data.draw(st.sampled_from(able))
        chosen = data.draw(st.sets(st.sampled_from(sorted(self.shown[source])), min_size=1))
        change_id, name = f"c{len(self.changes)}", f"t{len(self.threads)}"
        moved = [Moved(one, self.lies[one]) for one in sorted(chosen)]
        fresh = thread(name, 10 + len(self.threads), self.now)
        done = split(self.threads[source], fresh, moved, change_id=change_id, now=self.tick(), by="x")
        self._keep(done.source, done.target, done.change)
        for one in chosen:
            self.lies[one] = name
        self.before[change_id] = {source: set(self.shown[source])}
        self.shown[source] -= chosen
        self.shown[name] = set(chosen)

    @rule(data=st.data())
    def undo_one(self, data: st.DataObject) -> None:
        able = [name for name in self.roots if self.threads[name].changes]
        if not able:
            return
        name = data.draw(st.sampled_from(able))
        change = self.changes[self.threads[name].changes[-1]]
        source, target = self.threads[change.source_id], self.threads[change.target_id]
        try:
            done = undo(source, target, change, now=self.tick())
        except AlreadyExists:
            assert any(one.changes[-1:] != (change.change_id,) for one in (source, target))
            return
        self._keep(done.source, done.target, done.change)
        for one in change.moved:
            self.lies[one.message_id] = one.home
        self._expect(change)

    def _expect(self, change: Change) -> None:
        before, source, target = self.before[change.change_id], change.source_id, change.target_id
        if change.kind == "merge":
            since = self.shown[target] - before[source] - before[target]
            self.shown[source] = set(before[source])
            self.shown[target] = before[target] | since
        else:
            self.shown[source] = self.shown[source] | self.shown.pop(target)

    def _keep(self, source: Thread, target: Thread, change: Change) -> None:
        # Through the stored form, as the product does it.
        for one in (source, target):
            self.threads[one.thread_id] = Thread.from_data(one.to_data())
        self.changes[change.change_id] = Change.from_data(change.to_data())

    @invariant()
    def every_message_is_shown_by_exactly_the_conversation_it_should_be(self) -> None:
        views = {name: self.view(name) for name in self.roots}
        assert views == {name: self.shown[name] for name in self.roots}
        assert sum(map(len, views.values())) == len(self.lies)

    @invariant()
    def whoever_waits_has_a_time_by_which_an_answer_is_due(self) -> None:
        for name in self.roots:
            one = self.threads[name]
            assert (one.first_unanswered_at is None) == (one.due_at is None), one
            assert one.first_unanswered_at is None or one.state == "open", one


Conversations.TestCase.settings = settings(max_examples=120, stateful_step_count=30, deadline=None)
TestConversations = Conversations.TestCase


def test_an_undone_merge_leaves_both_as_they_were_but_for_their_time() -> None:
    one = thread("a").heard(NOON, phone="+1", due_at=NOON + DUE)
    other = thread("b", 11).answered(NOON, by="advisor")
    done = merge(one, other, change_id="c", now=NOON + DUE, by="x")
    assert (done.target.state, done.target.due_at) == ("open", NOON + DUE)
    back = undo(done.source, done.target, done.change, now=NOON + 2 * DUE)
    assert replace(back.source, updated_at=one.updated_at) == one
    assert replace(back.target, updated_at=other.updated_at, phone=other.phone) == other


def test_what_was_answered_while_merged_is_answered_for_both() -> None:
    one = thread("a").heard(NOON, phone="+1", due_at=NOON + DUE)
    done = merge(one, thread("b", 11), change_id="c", now=NOON + DUE, by="x")
    answered = done.target.answered(NOON + 2 * DUE, by="advisor")
    back = undo(done.source, answered, done.change, now=NOON + 3 * DUE)
    assert (back.source.state, back.source.due_at, back.target.due_at) == ("answered", None, None)


def test_what_was_heard_while_merged_is_waited_for_where_it_lies() -> None:
    one = thread("a").answered(NOON, by="advisor")
    done = merge(one, thread("b", 11).answered(NOON, by="advisor"), change_id="c", now=NOON + DUE, by="x")
    heard = done.target.heard(NOON + 2 * DUE, phone="+1", due_at=NOON + 3 * DUE)
    back = undo(done.source, heard, done.change, now=NOON + 3 * DUE)
    assert (back.target.state, back.target.due_at) == ("open", NOON + 3 * DUE)
    assert (back.source.state, back.source.due_at) == ("answered", None)


def test_what_came_later_is_undone_first() -> None:
    first = merge(thread("a"), thread("b", 11), change_id="c1", now=NOON, by="x")
    second = merge(first.target, thread("d", 12), change_id="c2", now=NOON + DUE, by="x")
    with pytest.raises(AlreadyExists, match="undo \\[c2\\] first"):
        undo(first.source, second.source, first.change, now=NOON + DUE)


def test_nothing_is_undone_twice() -> None:
    done = merge(thread("a"), thread("b", 11), change_id="c1", now=NOON, by="x")
    back = undo(done.source, done.target, done.change, now=NOON + DUE)
    with pytest.raises(AlreadyExists, match="undone already"):
        undo(back.source, back.target, back.change, now=NOON + DUE)


def test_a_part_of_another_is_neither_merged_nor_split_by_itself() -> None:
    done = merge(thread("a"), thread("b", 11), change_id="c1", now=NOON, by="x")
    with pytest.raises(AlreadyExists, match="part of another"):
        merge(done.source, thread("d", 12), change_id="c2", now=NOON, by="x")
    with pytest.raises(AlreadyExists, match="part of another"):
        split(done.source, thread("d", 12), [Moved("m", "a")], change_id="c2", now=NOON, by="x")


def test_a_conversation_is_not_merged_into_itself_and_nothing_is_no_split() -> None:
    with pytest.raises(InvalidInput, match="itself"):
        merge(thread("a"), thread("a"), change_id="c", now=NOON, by="x")
    for moved in ([], [Moved("m", "a"), Moved("m", "a")]):
        with pytest.raises(InvalidInput, match="message_ids"):
            split(thread("a"), thread("b"), moved, change_id="c", now=NOON, by="x")
