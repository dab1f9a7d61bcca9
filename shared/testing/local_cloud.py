"""Google Cloud on this machine: the official emulators, and stubs for what has none."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from shared.adapters.embedded.bigquery_engine import BigQueryEngine
from shared.brain.minilm import sentence_encoder
from shared.manifest import ROOT
from shared.settings import Settings, load, variable
from shared.testing.bigquery_stub import BigQueryStub
from shared.testing.gcs_stub import gcs_stub
from shared.testing.routes_stub import KEY as ROUTES_KEY
from shared.testing.routes_stub import RoutesStub, routes_stub
from shared.testing.signing_stub import GoogleSigner, google_signer
from shared.testing.slack_stub import SlackStub, slack_stub
from shared.testing.trace_stub import TraceStub, trace_stub
from shared.testing.twilio_stub import ACCOUNT_SID, AUTH_TOKEN, TwilioStub, twilio_stub
from shared.testing.vertex_stub import VertexStub, vertex_stub
from shared.vector_records import VERTEX_DIMENSIONS

AUDIENCE = "https://functions.autohaus.example"
PUSH_ACCOUNT = "push@demo.iam.gserviceaccount.com"
BUCKET = "demo-files"
SQL_ROOT = ROOT / "sql"
CREDENTIALS = {
    "LINK_SIGNING_KEY": "link-signing-key-of-this-machine",
    "GOOGLE_MAPS_API_KEY": ROUTES_KEY,
    "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
    "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
    "RECEIPT_SIGNING_KEY": "receipt-signing-key-of-this-machine",
}
"""As Secret Manager would mount them."""


@dataclass
class LocalCloud:
    """One project. `gemini` answers nothing of use until a test gives it an answer."""

    project: str
    firestore_host: str
    pubsub_host: str
    signer: GoogleSigner
    engine: BigQueryEngine
    bigquery: BigQueryStub
    traces: TraceStub
    storage_url: str
    gemini: VertexStub
    routes: RoutesStub
    twilio: TwilioStub
    slack: SlackStub

    def variables(self) -> dict[str, str]:
        """The environment of a function deployed here."""
        values = {
            "profile": "google",
            "project": self.project,
            "region": "us-central1",
            "bucket": BUCKET,
            "service_audience": AUDIENCE,
            "service_callers": PUSH_ACCOUNT,
            "firestore_emulator_host": self.firestore_host,
            "pubsub_emulator_host": self.pubsub_host,
            "bigquery_base_url": self.bigquery.endpoint,
            "storage_base_url": self.storage_url,
            "genai_base_url": self.gemini.url,
            "routes_base_url": self.routes.url,
            "twilio_base_url": self.twilio.url,
            "trace_base_url": self.traces.url,
            "firebase_keys_url": self.signer.url,
            "google_keys_url": self.signer.url,
            "model_dir": str(ROOT / ".cos" / "models" / "minilm-int8"),
        }
        return {variable(name): value for name, value in values.items()}

    def environment(self) -> dict[str, str]:
        return {**process_environment(self.variables()), **self.credentials()}

    def credentials(self) -> dict[str, str]:
        return {**CREDENTIALS, "SLACK_WEBHOOKS": json.dumps({"*": self.slack.url})}

    def settings(self) -> Settings:
        return load(self.variables())


@contextmanager
def local_cloud(folder: Path, *, firestore_host: str, pubsub_host: str) -> Iterator[LocalCloud]:
    """A fresh project on running emulators; BigQuery's tables lie in `folder`."""
    project = f"demo-{uuid.uuid4().hex[:16]}"
    with ExitStack() as stack:
        engine = BigQueryEngine(folder / "bigquery.duckdb", SQL_ROOT)
        stack.callback(engine.close)
        cloud = LocalCloud(
            project=project,
            firestore_host=firestore_host,
            pubsub_host=pubsub_host,
            signer=stack.enter_context(google_signer(project)),
            engine=engine,
            bigquery=stack.enter_context(BigQueryStub(engine)),
            traces=stack.enter_context(trace_stub()),
            storage_url=stack.enter_context(gcs_stub(BUCKET)).url,
            gemini=stack.enter_context(vertex_stub()),
            routes=stack.enter_context(routes_stub()),
            twilio=stack.enter_context(twilio_stub()),
            slack=stack.enter_context(slack_stub()),
        )
        cloud.gemini.embed = sentence_vector
        yield cloud


def sentence_vector(text: str) -> list[float]:
    """A real meaning in the length Vertex is asked for: MiniLM's values, and zeros."""
    values: list[float] = sentence_encoder(ROOT / ".cos" / "models" / "minilm-int8").encode(text).tolist()
    return values + [0.0] * (VERTEX_DIMENSIONS - len(values))


def process_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Of a function's process: this one's environment without its settings, with these instead."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("COS_")}
    return {**own, "PYTHONPATH": str(ROOT), **variables}
