"""What is to be said in the staff's chat is said once, whatever the chat does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.errors import EffectUnknown, Misconfigured, Rejected, Unavailable
from shared.events.attention import StaffPostRequested
from shared.ports import Message, Query, SentMessage
from shared.runtime.effects import CLAIM_SECONDS
from shared.testing.harness import push_of
from tests.functions.attention_rig import Desk, desk_at


class Chat:
    """Takes posts, or fails as it is told to: before the post, or after it was taken."""

    def __init__(self) -> None:
        self.posts: list[tuple[str, str]] = []
        self.error: Exception | None = None
        self.is_taken = False

    def post(self, *, channel: str, text: str, key: str) -> SentMessage:
        if self.error is None or self.is_taken:
            self.posts.append((channel, text))
        if self.error is not None:
            raise self.error
        return SentMessage("p1", "sent")


@pytest.fixture
def chat() -> Chat:
    return Chat()


@pytest.fixture
def desk(tmp_path: Path, chat: Chat) -> Iterator[Desk]:
    with desk_at(tmp_path, replaced={"staff_chat": lambda _: chat}) as desk:
        desk.request(kind="trip_problem", urgency="critical", summary="The truck broke down")
        yield desk


def deliver(desk: Desk, cause: str = "once", attempt: int = 1) -> int:
    event = StaffPostRequested(post_id=desk.posts()[0]["post_id"])
    return desk.harness.deliver("staff_poster", event, cause=cause, attempt=attempt).status


def state(desk: Desk) -> tuple[str, str]:
    (post,) = desk.posts()
    return post["state"], post["reason"]


def test_a_post_is_said_in_the_dealerships_channel_and_recorded(desk: Desk, chat: Chat) -> None:
    assert deliver(desk) == 200
    (said,) = chat.posts
    assert said[0] == "autohaus/#service" and said[1].startswith("[Critical] The truck broke down http")
    assert state(desk) == ("sent", "")
    assert [row["detail"] for row in desk.ledger("staff_post.settled")]


def test_a_second_delivery_and_a_second_event_say_nothing_more(desk: Desk, chat: Chat) -> None:
    for cause in ("once", "once", "twice"):
        assert deliver(desk, cause) == 200
    assert len(chat.posts) == 1


def test_while_the_chat_is_away_it_is_tried_again(desk: Desk, chat: Chat) -> None:
    chat.error = Unavailable("away")
    assert deliver(desk) >= 500 and state(desk) == ("requested", "")
    chat.error = None
    assert deliver(desk, attempt=2) == 200
    assert (len(chat.posts), state(desk)) == (1, ("sent", ""))


@pytest.mark.parametrize("error", [Misconfigured("no webhook"), Rejected("channel_is_archived")])
def test_a_chat_nobody_set_up_or_that_refuses_ends_it(desk: Desk, chat: Chat, error: Exception) -> None:
    chat.error = error
    assert deliver(desk) == 200
    assert state(desk) == ("failed", "Rejected")
    (effect,) = desk.harness.tenant().documents.query(Query("effects"))
    assert effect.data["state"] == "refused", "nobody is asked about what surely did not happen"


def test_what_nobody_can_tell_is_not_said_again(desk: Desk, chat: Chat) -> None:
    chat.error, chat.is_taken = EffectUnknown("no answer in time"), True
    assert deliver(desk) == 200
    assert state(desk) == ("unknown", "nobody_can_tell")
    chat.error = None
    assert deliver(desk, "again") == 200
    assert len(chat.posts) == 1
    (effect,) = desk.harness.tenant().documents.query(Query("effects"))
    assert effect.data["state"] == "unknown"


def test_a_process_that_dies_while_posting_leaves_one_post_and_a_question(desk: Desk, chat: Chat) -> None:
    chat.error, chat.is_taken = RuntimeError("killed"), True
    assert deliver(desk) >= 500
    chat.error = None
    assert deliver(desk, attempt=2) >= 500, "somebody may still be at it"
    desk.clock.time += timedelta(seconds=CLAIM_SECONDS + 60)
    assert deliver(desk, attempt=3) == 200
    assert (len(chat.posts), state(desk)) == (1, ("unknown", "nobody_can_tell"))


def test_a_chat_that_stays_away_ends_as_failed_and_is_not_said_later(desk: Desk, chat: Chat) -> None:
    chat.error = Unavailable("away")
    assert deliver(desk, attempt=5) >= 500
    assert state(desk) == ("failed", "given_up")
    chat.error = None
    assert deliver(desk, "replayed") == 200
    assert chat.posts == []


def test_a_message_that_cannot_be_read_says_nothing(desk: Desk, chat: Chat) -> None:
    message = Message("staff-post-requested", b"{}", {"ce-id": "x", "ce-tenantid": "autohaus"})
    assert desk.harness.product.deliver("staff_poster", push_of(message)).status == 200
    assert chat.posts == []


def test_a_post_about_the_chat_itself_does_not_go_there(desk: Desk) -> None:
    asked: dict[str, Any] = {"kind": "effect_unknown", "urgency": "critical", "roles": ("operator",)}
    desk.request("unknown", subject="effects/post:p1", **asked)
    assert len(desk.posts()) == 1
