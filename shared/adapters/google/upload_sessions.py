"""Resumable uploads of Cloud Storage, spoken straight to a session's address.

The library's own class keeps the state of an upload in one process; here any process goes on with it, because
the service itself says how far it came: https://cloud.google.com/storage/docs/performing-resumable-uploads
"""

from __future__ import annotations

from typing import Any

import requests
from google.api_core import exceptions as api

from shared.errors import Conflict, NotFound, Unavailable

INCOMPLETE = 308
_WHOLE = (200, 201)
_ENDED = (404, 410)
_CANCELLED = 499
"""What the service answers a session that was deleted."""


class UploadSessions:
    """`http` is a session that authorises requests; pieces but the last are kept in multiples of 256 KiB."""

    def __init__(self, http: Any, timeout_s: float) -> None:
        self._http, self._timeout_s = http, timeout_s

    def append(self, address: str, *, offset: int, content: bytes, size: int) -> int:
        if not content:
            return self.received(address, size=size)
        last = offset + len(content) - 1
        answer = self._put(address, content, f"bytes {offset}-{last}/{size}")
        if answer.status_code in _WHOLE:
            return size
        if answer.status_code == INCOMPLETE:
            kept = _kept(answer)
            if kept < offset:
                raise _gap(kept, offset)
            return kept
        # Bytes that do not follow what is kept are refused; those that came before are no error.
        kept = self._known(answer) if answer.status_code in _ENDED else self.received(address, size=size)
        if kept < offset:
            raise _gap(kept, offset)
        if kept == offset:
            raise _refusal(answer)
        return kept

    def received(self, address: str, *, size: int) -> int:
        answer = self._put(address, b"", f"bytes */{size}")
        return size if answer.status_code in _WHOLE else self._known(answer)

    def abandon(self, address: str) -> None:
        answer = self._http.request("DELETE", address, timeout=self._timeout_s)
        if answer.status_code not in (*_WHOLE, 204, *_ENDED, _CANCELLED):
            raise Unavailable(f"the end of an upload was answered {answer.status_code}")

    def _put(self, address: str, content: bytes, content_range: str) -> requests.Response:
        headers = {"Content-Range": content_range, "Content-Length": str(len(content))}
        answer: requests.Response = self._http.request(
            "PUT", address, data=content, headers=headers, timeout=self._timeout_s, allow_redirects=False
        )
        return answer

    def _known(self, answer: requests.Response) -> int:
        if answer.status_code == INCOMPLETE:
            return _kept(answer)
        if answer.status_code in (*_ENDED, _CANCELLED):
            raise NotFound("there is no such upload, or it has ended")
        raise _refusal(answer)


def _kept(answer: requests.Response) -> int:
    """`Range: bytes=0-524287` names the last byte; without the header nothing is kept."""
    said = answer.headers.get("Range", "")
    return int(said.rpartition("-")[2]) + 1 if said else 0


def _gap(kept: int, offset: int) -> Conflict:
    return Conflict(f"[{kept}] bytes are kept, so none can follow that begin at [{offset}]")


def _refusal(answer: requests.Response) -> Exception:
    error: Exception = api.from_http_response(answer)  # type: ignore[no-untyped-call]  # no types in the library
    return error
