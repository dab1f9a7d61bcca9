"""The ports to people's phones and to the staff's room; `shared.ports` has all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from shared.media_types import MediaFile
from shared.port_types import (
    SentMessage,
    Sms,
)


class Messenger(Protocol):
    """Text messages out."""

    def send_sms(self, sms: Sms, *, key: str) -> SentMessage:
        """`key` names the effect; adapters store it with the message where the provider allows."""

    def find(self, key: str, sms: Sms, since: datetime) -> SentMessage | None:
        """The receipt of an earlier send of this effect, if the provider knows one."""


class TextProvider(Protocol):
    """Who brings text messages in."""

    def is_its_own(
        self, *, urls: Sequence[str], form: Sequence[tuple[str, str]], body: bytes, signature: str
    ) -> bool:
        """Whether a webhook with this form (or other body) is the provider's own, sent to one of the URLs."""

    def media(self, url: str, *, limit: int) -> MediaFile:
        """A file that came with a text. Raises `TooLarge`, `NotFound`, `Forbidden` for a place the provider
        keeps nothing at, `Unavailable`."""


class StaffChat(Protocol):
    """The staff's chat room (Slack)."""

    def post(self, *, channel: str, text: str, key: str) -> SentMessage: ...
