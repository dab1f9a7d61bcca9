"""Provider google as a server in this process, for `terraform` to attach to instead of starting a plugin.

    with attached(ROOT / "terraform") as variables:
        subprocess.run(["terraform", "plan"], env=os.environ | variables)

Terraform reaches no registry, no cloud, and nothing but this port of the loopback interface.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc

from tests.infra.plugin_messages import SERVING, messages
from tests.infra.provider_answers import Answer, StandIn

_TYPES = re.compile(r'^\s*(?:resource|data) +"(google_\w+)"', re.M)


@contextmanager
def attached(tree: Path) -> Iterator[dict[str, str]]:
    """The variables that let Terraform attach to a stand-in for the types that files below `tree` name."""
    types = {name for path in tree.rglob("*.tf") for name in _TYPES.findall(path.read_text())}
    server = grpc.server(ThreadPoolExecutor(max_workers=4))
    server.add_generic_rpc_handlers(
        (
            _service("tfplugin5.Provider", StandIn(types).calls()),
            _service("grpc.health.v1.Health", {"Check": _healthy}),
        )
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield {"TF_REATTACH_PROVIDERS": json.dumps({"hashicorp/google": _address(port)})}
    finally:
        server.stop(0).wait()


def _address(port: int) -> Mapping[str, object]:
    """`Test` tells Terraform that the process is not its own to end."""
    place = {"Network": "tcp", "String": f"127.0.0.1:{port}"}
    return {"Protocol": "grpc", "ProtocolVersion": 5, "Pid": os.getpid(), "Test": True, "Addr": place}


def _service(name: str, calls: Mapping[str, Answer]) -> grpc.GenericRpcHandler:
    handlers = {method: grpc.unary_unary_rpc_method_handler(_handler(call)) for method, call in calls.items()}
    return grpc.method_handlers_generic_handler(name, handlers)


def _handler(call: Answer) -> object:
    return lambda request, context: call(request)


def _healthy(request: bytes) -> bytes:
    answer: bytes = messages["Health"](status=SERVING).SerializeToString()
    return answer
