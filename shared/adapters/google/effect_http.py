"""Calls that do something outside: whether it surely did not happen, or nobody can tell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from shared.errors import EffectUnknown, Unavailable

_NOT_TAKEN = frozenset({429, 503})
"""Turned away at the door: too many requests, or out of service."""


@contextmanager
def effect_errors(what: str) -> Iterator[None]:
    """Not connected: `Unavailable`, may be repeated. Lost after that: `EffectUnknown`, may not."""
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise Unavailable(f"{what} was not reached, nothing was sent: {error!r}") from error
    except httpx.TransportError as error:
        raise EffectUnknown(f"{what} did not answer after the request left: {error!r}") from error


@contextmanager
def lookup_errors(what: str) -> Iterator[None]:
    """A question may always be asked again."""
    try:
        yield
    except httpx.TransportError as error:
        raise Unavailable(f"{what} did not answer: {error!r}") from error


def check_answer(what: str, status: int, *, is_effect: bool) -> None:
    """A server's own error may come after it acted, so for an effect it decides nothing."""
    if status in _NOT_TAKEN or (status >= 500 and not is_effect):
        raise Unavailable(f"{what} answered [{status}]; it may be asked again")
    if status >= 500:
        raise EffectUnknown(f"{what} answered [{status}]; it may have acted before it failed")


def check_object(what: str, text: str, *, is_effect: bool) -> None:
    """An answer nobody can read says nothing of what was done: something between us may have written it."""
    try:
        is_object = isinstance(json.loads(text), dict)
    except ValueError:
        is_object = False
    if not is_object:
        failure = EffectUnknown if is_effect else Unavailable
        raise failure(f"{what} answered something that is no JSON object")
