"""A file somebody names, fetched within limits: its size, the hosts it leads to, the time it takes."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx

from shared.errors import Forbidden, NotFound, TooLarge, Unavailable
from shared.media_types import MediaFile

MOST_STEPS = 4
TIMEOUT_S = 20.0


def download(
    url: str,
    *,
    limit: int,
    may_lead_to: Callable[[str], bool],
    credentials: tuple[str, str] | None = None,
) -> MediaFile:
    """The file, at most `limit` bytes. `credentials` are for the first address only.

    Raises `TooLarge`, `NotFound`, `Forbidden` for an address it may not lead to, `Unavailable`.
    """
    with httpx.Client(timeout=TIMEOUT_S) as client:
        for _ in range(MOST_STEPS):
            try:
                found = _step(client, url, limit, credentials)
            except httpx.HTTPError as error:
                raise Unavailable(f"the file was not read: {type(error).__name__}") from error
            except httpx.InvalidURL as error:
                raise Forbidden("the file's address is none") from error
            if isinstance(found, MediaFile):
                return found
            url, credentials = _joined(url, found), None
            if not may_lead_to(read_address(url).hostname or ""):
                raise Forbidden("the file's address leads elsewhere, where it is not fetched")
    raise NotFound("the file's address leads from one to the next and to no file")


def read_address(url: str) -> SplitResult:
    """Its parts. Raises `Forbidden` for what is no address: trying again makes it none."""
    try:
        return urlsplit(url)
    except ValueError as error:
        raise Forbidden("the file's address is none") from error


def _joined(url: str, to: str) -> str:
    read_address(to)
    return urljoin(url, to)


def _step(client: httpx.Client, url: str, limit: int, credentials: tuple[str, str] | None) -> MediaFile | str:
    """The file, or the address it is at."""
    with client.stream("GET", url, auth=credentials) as answer:
        if answer.has_redirect_location:
            return answer.headers["location"]
        if answer.status_code in (429, *range(500, 600)):
            raise Unavailable(f"the file's host answered [{answer.status_code}]")
        if answer.status_code != 200:
            raise NotFound(f"the file's host answered [{answer.status_code}]")
        content = bytearray()
        for chunk in answer.iter_bytes():
            content += chunk
            if len(content) > limit:
                raise TooLarge(f"the file has more than [{limit}] bytes")
        return MediaFile(bytes(content), answer.headers.get("content-type", ""))
