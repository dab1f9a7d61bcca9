"""Text messages come in as they would from Twilio; their files lie on this machine."""

from __future__ import annotations

from collections.abc import Sequence

from shared.adapters.twilio_signature import Form, is_signed
from shared.errors import Forbidden
from shared.media_types import MediaFile

_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class LocalTextProvider:
    def __init__(self, *, auth_token: str) -> None:
        self._token = auth_token

    def is_its_own(self, *, urls: Sequence[str], form: Form, body: bytes, signature: str) -> bool:
        return is_signed(self._token, urls=urls, form=form, body=body, presented=signature)

    def media(self, url: str, *, limit: int) -> MediaFile:
        # httpx takes a while to import, and most texts have no file.
        from shared.adapters.media_download import download, read_address

        if read_address(url).hostname not in _THIS_MACHINE:
            raise Forbidden("without a provider of texts files are fetched from this machine alone")
        return download(url, limit=limit, may_lead_to=lambda host: host in _THIS_MACHINE)
