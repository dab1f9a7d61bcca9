"""The staff's chat through Slack's incoming webhooks: one address a channel, no token in the code."""

from __future__ import annotations

import json
from collections.abc import Mapping

import httpx

from shared.adapters.google.effect_http import check_answer, effect_errors
from shared.errors import Misconfigured, Rejected
from shared.ports import SentMessage

ANY_CHANNEL = "*"


def read_webhooks(text: str) -> Mapping[str, str]:
    """The secret `slack_webhooks`: a JSON object of channel to address. Raises `Misconfigured`."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise Misconfigured("Secret slack_webhooks is no JSON") from error
    if not isinstance(found, dict) or not all(isinstance(url, str) for url in found.values()):
        raise Misconfigured(
            'Secret slack_webhooks is no object such as {"autohaus/#sales": "https://…", "*": "https://…"}'
        )
    return found


def plain(text: str) -> str:
    """So that Slack shows what a customer wrote instead of obeying it: `<!channel>` would call everybody and
    `<https://…|your inbox>` hide where a link leads (https://docs.slack.dev/messaging/formatting-message-text).
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class SlackStaffChat:
    """`webhooks` maps a channel to its webhook's URL; `*` serves every other channel. A channel is named
    with its dealership, `autohaus/#service`; Slack itself is told the part after the slash."""

    def __init__(self, *, webhooks: Mapping[str, str], timeout_s: float = 10.0) -> None:
        self._webhooks = webhooks
        self._http = httpx.Client(timeout=timeout_s)

    def post(self, *, channel: str, text: str, key: str) -> SentMessage:
        url = self._webhooks.get(channel) or self._webhooks.get(ANY_CHANNEL)
        if url is None:
            raise Misconfigured(
                f"Secret slack_webhooks has no webhook for channel [{channel}] and none for [*]"
            )
        with effect_errors("Slack"):
            answer = self._http.post(url, json={"channel": channel.rpartition("/")[2], "text": plain(text)})
        check_answer("Slack", answer.status_code, is_effect=True)
        self._refused(channel, answer)
        return SentMessage(provider_id=f"slack:{key}", status="sent")  # a webhook answers no id

    def close(self) -> None:
        self._http.close()

    def _refused(self, channel: str, answer: httpx.Response) -> None:
        words = f"Slack [{answer.status_code}] for channel [{channel}]: {answer.text[:200]}"
        if answer.status_code in (403, 404, 410):
            raise Misconfigured(f"Secret slack_webhooks holds a webhook that is gone; {words}")
        if answer.status_code != 200:
            raise Rejected(words)
