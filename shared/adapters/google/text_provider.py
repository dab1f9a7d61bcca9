"""What Twilio brings in: webhooks with its signature, and the files of text messages."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from shared.adapters.twilio_signature import Form, is_signed
from shared.errors import Forbidden
from shared.media_types import MediaFile

_API = "https://api.twilio.com"
_FILES = (".twilio.com", ".twiliocdn.com", ".amazonaws.com")
"""Where Twilio keeps files and leads to, with everything that opens them in the address."""


class TwilioTextProvider:
    """`api_url` (`http://127.0.0.1:port`) instead of Twilio's own address."""

    def __init__(self, *, account_sid: str, auth_token: str, api_url: str = "") -> None:
        self._account, self._token = account_sid, auth_token
        self._api_url = (api_url or _API).rstrip("/")

    def is_its_own(self, *, urls: Sequence[str], form: Form, body: bytes, signature: str) -> bool:
        return is_signed(self._token, urls=urls, form=form, body=body, presented=signature)

    def media(self, url: str, *, limit: int) -> MediaFile:
        # httpx takes a while to import, and most texts have no file.
        from shared.adapters.media_download import download, read_address

        asked, api = read_address(url), urlsplit(_API)
        # Our account's password goes to nobody but Twilio, whatever a message names as its file.
        if (asked.scheme, asked.netloc) != (api.scheme, api.netloc):
            raise Forbidden("a text's file is fetched from Twilio alone")
        query = f"?{asked.query}" if asked.query else ""
        return download(
            f"{self._api_url}{asked.path}{query}",
            limit=limit,
            may_lead_to=self._is_twilio,
            credentials=(self._account, self._token),
        )

    def _is_twilio(self, host: str) -> bool:
        return host.endswith(_FILES) or host == urlsplit(self._api_url).hostname
