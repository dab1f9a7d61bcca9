"""Google's gRPC clients, in the cloud and on an emulator, over connections that come back soon."""

from __future__ import annotations

from functools import partial
from typing import Any

import grpc

_SOON = [("grpc.initial_reconnect_backoff_ms", 100), ("grpc.max_reconnect_backoff_ms", 1_000)]
"""gRPC's own pauses between two attempts to connect grow to two minutes, in which every call fails at once:
the longer a service was away, the longer it would stay away for us after its return."""

_ANY_SIZE = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


_ITS_OWN = [("grpc.use_local_subchannel_pool", 1)]
"""Channels of a process to one address share a connection unless told otherwise."""


def connected(
    client: Any,
    transport: Any,
    *,
    emulator_host: str | None,
    endpoint: str | None = None,
    alone: bool = False,
) -> Any:
    """The client over its transport class; `emulator_host` (`127.0.0.1:port`) instead of the cloud. `alone`:
    on a connection that no other client uses."""
    ours = [*_SOON, *(_ITS_OWN if alone else ())]
    if emulator_host:
        channel = grpc.insecure_channel(emulator_host, options=[*_ANY_SIZE, *ours])
        return client(transport=transport(host=emulator_host, channel=channel))

    def channel_of(*target: Any, options: list[tuple[str, Any]], **secured: Any) -> grpc.Channel:
        return transport.create_channel(*target, options=[*options, *ours], **secured)

    options = {"api_endpoint": endpoint} if endpoint else None
    return client(transport=partial(transport, channel=channel_of), client_options=options)
