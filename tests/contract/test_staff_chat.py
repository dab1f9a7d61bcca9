from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.adapters.embedded.staff_chat import OutboxStaffChat
from shared.adapters.google.staff_chat import SlackStaffChat, read_webhooks
from shared.errors import EffectUnknown, Misconfigured, Rejected, Unavailable
from shared.testing.contracts.messages import StaffChatContract
from shared.testing.emulators import free_port
from shared.testing.slack_stub import SlackStub, slack_stub


class TestOutboxStaffChat(StaffChatContract):
    @pytest.fixture
    def staff_chat(self, tmp_path: Path) -> OutboxStaffChat:
        return OutboxStaffChat(tmp_path / "messages.db")


def test_the_outbox_posts_an_effect_once(tmp_path: Path) -> None:
    chat = OutboxStaffChat(tmp_path / "messages.db")
    assert chat.post(channel="#sales", text="Hot lead", key="k") == chat.post(
        channel="#sales", text="Hot lead", key="k"
    )
    assert [(post["to"], post["body"], post["channel"]) for post in chat.sent(10)] == [
        ("#sales", "Hot lead", "staff_chat")
    ]


@pytest.fixture
def slack() -> Iterator[SlackStub]:
    with slack_stub() as stub:
        yield stub


@pytest.fixture
def slack_chat(slack: SlackStub) -> Iterator[SlackStaffChat]:
    chat = SlackStaffChat(webhooks={"*": slack.url, "#gone": slack.url + "/gone"}, timeout_s=0.5)
    yield chat
    chat.close()


class TestSlackStaffChat(StaffChatContract):
    @pytest.fixture
    def staff_chat(self, slack_chat: SlackStaffChat) -> SlackStaffChat:
        return slack_chat


def test_slack_gets_channel_and_text(slack: SlackStub, slack_chat: SlackStaffChat) -> None:
    slack_chat.post(channel="#sales", text="Hot lead", key="k")
    assert slack.posts == [{"channel": "#sales", "text": "Hot lead"}]


def test_what_a_customer_wrote_calls_nobody_and_hides_no_link(
    slack: SlackStub, slack_chat: SlackStaffChat
) -> None:
    slack_chat.post(channel="#sales", text="#12 <!channel> <https://evil.test|inbox> R&D", key="k")
    assert slack.posts[-1]["text"] == "#12 &lt;!channel&gt; &lt;https://evil.test|inbox&gt; R&amp;D"


@pytest.mark.parametrize(
    ("status", "error"),
    [(429, Unavailable), (503, Unavailable), (500, EffectUnknown), (400, Rejected), (410, Misconfigured)],
)
def test_slack_on_a_bad_day(
    slack: SlackStub, slack_chat: SlackStaffChat, status: int, error: type[Exception]
) -> None:
    slack.fail_with = status
    with pytest.raises(error, match=rf"\[{status}\]"):
        slack_chat.post(channel="#sales", text="Hot lead", key="k")


def test_a_webhook_that_is_gone_names_the_secret(slack_chat: SlackStaffChat) -> None:
    with pytest.raises(Misconfigured, match=r"slack_webhooks"):
        slack_chat.post(channel="#gone", text="Hot lead", key="k")


def test_a_channel_without_a_webhook_names_the_secret() -> None:
    chat = SlackStaffChat(webhooks={})
    with pytest.raises(Misconfigured, match=r"slack_webhooks.*\[#sales\]"):
        chat.post(channel="#sales", text="Hot lead", key="k")
    chat.close()


def test_a_lost_answer_is_unknown(slack: SlackStub, slack_chat: SlackStaffChat) -> None:
    slack.stay_silent_s = 1.0
    with pytest.raises(EffectUnknown, match=r"did not answer"):
        slack_chat.post(channel="#sales", text="Hot lead", key="k")


def test_slack_that_was_never_reached_may_be_tried_again() -> None:
    chat = SlackStaffChat(webhooks={"*": f"http://127.0.0.1:{free_port()}/x"})
    with pytest.raises(Unavailable, match=r"nothing was sent"):
        chat.post(channel="#sales", text="Hot lead", key="k")
    chat.close()


def test_the_webhooks_are_one_json_secret() -> None:
    assert read_webhooks('{"*": "https://hooks.example/1"}') == {"*": "https://hooks.example/1"}


@pytest.mark.parametrize("text", ["", "https://hooks.example/1", "[]", '{"*": 1}'])
def test_another_shape_of_webhooks_stops_the_start(text: str) -> None:
    with pytest.raises(Misconfigured, match=r"slack_webhooks"):
        read_webhooks(text)
