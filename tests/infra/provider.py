"""A stand-in for provider google that `terraform` starts as its plugin: `python -m tests.infra.provider`.

It lets the real Terraform validate and plan without a network and without the provider. It says where it
listens on its first line, as every plugin does, and ends when Terraform asks or is gone.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import grpc

from tests.infra.plugin_messages import SERVING, messages
from tests.infra.provider_answers import CALLS

COOKIE = ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2")
"""How a plugin tells that Terraform started it, not a person."""


def serve() -> int:
    if os.environ.get(COOKIE[0]) != COOKIE[1]:
        print("This is a plugin of Terraform: see tests.infra.offline.", file=sys.stderr)
        return 1
    stop = threading.Event()
    server = grpc.server(ThreadPoolExecutor(max_workers=4))
    server.add_generic_rpc_handlers(
        (
            _service("tfplugin5.Provider", CALLS),
            _service("grpc.health.v1.Health", {"Check": lambda _: _healthy()}),
            _service("plugin.GRPCController", {"Shutdown": lambda _: _stopped(stop)}),
        )
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(f"1|5|tcp|127.0.0.1:{port}|grpc", flush=True)
    parent = os.getppid()
    while not stop.wait(1.0) and os.getppid() == parent:
        pass
    server.stop(0.2)
    return 0


def _service(name: str, calls: dict[str, Callable[[bytes], bytes]]) -> grpc.GenericRpcHandler:
    handlers = {method: grpc.unary_unary_rpc_method_handler(_handler(call)) for method, call in calls.items()}
    return grpc.method_handlers_generic_handler(name, handlers)


def _handler(call: Callable[[bytes], bytes]) -> Callable[[bytes, grpc.ServicerContext], bytes]:
    return lambda request, context: call(request)


def _healthy() -> bytes:
    answer: bytes = messages["Health"](status=SERVING).SerializeToString()
    return answer


def _stopped(stop: threading.Event) -> bytes:
    stop.set()
    return b""


if __name__ == "__main__":
    sys.exit(serve())
