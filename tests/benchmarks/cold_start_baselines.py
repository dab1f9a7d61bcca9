"""What cold starts are compared with: plain functions, served by the same command as ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.manifest import Manifest
from shared.testing.function_process import command

CLIENTS: Mapping[str, str] = {
    "documents": "from google.cloud import firestore",
    "bus": "from google.cloud import pubsub_v1",
    "bus_operations": "from google.cloud import pubsub_v1",
    "warehouse": "from google.cloud import bigquery",
    "blobs": "from google.cloud import storage",
    "models": "from google import genai",
    "tokens": "from google.oauth2 import id_token",
}
"""What a plain function would import for the same services."""

PLAIN_CLIENTS = (CLIENTS["documents"], CLIENTS["bus"], CLIENTS["tokens"])

HELLO = """
def FUNCTION(request):
    return "hello"
"""

MODEL = """
from pydantic import BaseModel

class Message(BaseModel):
    text: str
"""
WORKING = """
import os
from google.auth.transport.requests import Request

PROJECT = os.environ["GOOGLE_CLOUD_PROJECT"]
KEYS = os.environ["COS_GOOGLE_KEYS_URL"]
AUDIENCES = [PROJECT, os.environ["COS_SERVICE_AUDIENCE"]]

def FUNCTION(request):
    token = request.headers["Authorization"].split()[1]
    id_token.verify_token(token, Request(), audience=AUDIENCES, certs_url=KEYS, clock_skew_in_seconds=10)
    store = firestore.Client(project=PROJECT)
    store.document("plain/a").get()
WORK
    batch = store.batch()
    for name in "abc":
        batch.set(store.document("plain/" + name), {"text": "hello"})
    batch.commit()
    publisher = pubsub_v1.PublisherClient()
    publisher.publish(publisher.topic_path(PROJECT, "audit-recorded"), b"{}").result()
    return "done"
"""

WORK: Mapping[str, tuple[str, str]] = {
    "warehouse": (
        "queries once",
        """
    from google.auth.credentials import AnonymousCredentials
    options = {"api_endpoint": os.environ["COS_BIGQUERY_BASE_URL"]}
    warehouse = bigquery.Client(PROJECT, AnonymousCredentials(), client_options=options)
    list(warehouse.query_and_wait("SELECT 1 AS one"))
""",
    ),
    "models": (
        "asks Gemini once",
        """
    from google.oauth2.credentials import Credentials
    model = genai.Client(
        vertexai=True,
        project=PROJECT,
        location="us-central1",
        credentials=Credentials("any"),
        http_options={"base_url": os.environ["COS_GENAI_BASE_URL"]},
    )
    model.models.generate_content(model="gemini-2.5-flash", contents="hello")
""",
    ),
}
"""What a plain function does besides, for the ports that ours uses in its first request."""

SOCKET = """
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute

async def hello(request):
    return PlainTextResponse("hello")

async def greet(websocket):
    await websocket.accept()
    await websocket.send_text("hello")
    await websocket.receive()

app = Starlette(routes=[Route("/", hello), WebSocketRoute("/ws/chat", greet)])
"""


@dataclass(frozen=True)
class Baseline:
    """`name` says what it does, `tells` what a ratio to it shows."""

    name: str
    program: Sequence[str]
    tells: str


def bare(manifest: Manifest, folder: Path, clients: Sequence[str]) -> Baseline:
    """It says hello, with the Google clients of ours imported."""
    source = SOCKET if manifest.kind == "service" else HELLO
    program = _written("bare", manifest, folder, [*clients, source])
    return Baseline(_named(manifest, clients), program, "the figure asked for is that to ready")


def typed(manifest: Manifest, folder: Path, clients: Sequence[str]) -> Baseline:
    source = SOCKET if manifest.kind == "service" else HELLO
    program = _written("typed", manifest, folder, [*clients, MODEL, source])
    name = f"{_named(manifest, clients)} and one pydantic model"
    return Baseline(name, program, "what checking input by pydantic costs anybody is left out")


def working(manifest: Manifest, folder: Path, clients: Sequence[str]) -> Baseline:
    """It does by the official clients what the first request of ours does: calls, not logic."""
    if manifest.kind == "service":
        program = _written("working", manifest, folder, [*clients, SOCKET])
        return Baseline(
            f"{_named(manifest, clients)}, sending a frame", program, "it checks and reads nothing"
        )
    more = [WORK[port] for port in manifest.ports if port in WORK]
    steps = ["checks the caller", "reads", *(words for words, _ in more), "commits", "publishes"]
    source = WORKING.replace("WORK\n", "".join(code for _, code in more))
    program = _written("working", manifest, folder, [*sorted({*clients, *PLAIN_CLIENTS}), source])
    return Baseline(f"plain function that {', '.join(steps)}", program, "the same calls on both sides")


def clients_of(manifest: Manifest) -> list[str]:
    """The imports of the official client of each Google service that ours uses."""
    return sorted({CLIENTS[port] for port in manifest.ports if port in CLIENTS})


def _named(manifest: Manifest, clients: Sequence[str]) -> str:
    what = "bare Starlette app with a socket" if manifest.kind == "service" else "bare function"
    names = ", ".join(one.split()[-1] for one in clients)
    return f"{what} with {names}" if names else what


def _written(kind: str, manifest: Manifest, folder: Path, parts: Sequence[str]) -> list[str]:
    """The command that serves it as ours is served."""
    source = folder / f"{manifest.name}_{kind}_{len(parts)}.py"
    source.write_text("\n".join(parts).replace("FUNCTION", manifest.name))
    own = command(manifest, 0)
    if manifest.kind == "service":
        own[own.index(f"functions.{manifest.name}.main:app")] = f"{source.stem}:app"
        return [*own[:-2], "--app-dir", str(folder), *own[-2:]]
    own[own.index("--source") + 1] = str(source)
    return own
