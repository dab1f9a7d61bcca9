"""`function.yaml`: what a capability means, what triggers it, what it may touch.

Routing, topics, subscriptions, IAM, the OpenAPI document, Terraform and the local runtime are all
derived from these files.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared.errors import Misconfigured
from shared.yaml_file import read_yaml

ROOT = Path(__file__).resolve().parent.parent
FUNCTIONS = ROOT / "functions"

Auth = Literal["public", "api_key", "user", "service", "public_link", "twilio"]
Port = Literal[
    "documents",
    "bus",
    "bus_operations",
    "warehouse",
    "blobs",
    "models",
    "vectors",
    "messenger",
    "staff_chat",
    "text_provider",
    "links",
    "maps",
    "seals",
    "tokens",
    "secrets",
    "spans",
]


class Route(BaseModel):
    """One HTTP operation: `handler` names a function in the capability's `main.py`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str = Field(pattern=r"^/[a-z0-9/_{}.*-]*$")
    handler: str
    summary: str
    auth: tuple[Auth, ...] = Field(min_length=1)
    roles: tuple[str, ...] = ()
    """User roles that may call it; empty means every signed-in user."""
    link: Literal["quote", "track", "alert"] | None = None
    """The kind of link that opens it, with auth `public_link`; the path's `{uuid}` is the link."""
    max_body_bytes: int = 1_048_576
    in_ledger: bool = True
    """Every request that changed something has a row in the ledger. Not where one comes every second: what
    matters of those is told by a row of its own."""

    @model_validator(mode="after")
    def _link_fits(self) -> Route:
        if ("public_link" in self.auth) != (self.link is not None):
            raise ValueError("auth [public_link] and [link] go together")
        if self.link and "{uuid}" not in self.path:
            raise ValueError(f"[{self.path}] is opened by a link and has no {{uuid}}")
        return self


class Schedule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    cron: str
    time_zone: str = "Etc/UTC"


class Manifest(BaseModel):
    """One capability. Unknown keys are refused, so a typing mistake stops the start."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    meaning: str = Field(min_length=20)
    primitive: str
    """The name under which `/api/system/state` shows it."""
    kind: Literal["http", "event", "schedule", "job", "service"]
    routes: tuple[Route, ...] = ()
    subscribes: str | None = None
    handler: str | None = None
    on_giving_up: str | None = None
    """The handler that runs once when the last delivery of an event failed, before the message goes to
    the dead letters: it tells whoever waits for an answer."""
    schedule: Schedule | None = None
    publishes: tuple[str, ...] = ()
    republishes: bool = False
    """It also publishes what others told, on any topic: left in the outbox, or replayed."""
    ports: tuple[Port, ...] = ()
    secrets: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    memory_mib: int = Field(256, ge=128)
    timeout_seconds: float = Field(30, gt=0)
    max_attempts: int = Field(5, ge=5, le=100)
    """Deliveries before a message goes to the dead letters (Pub/Sub allows 5 to 100)."""
    min_backoff_seconds: float = 0.5
    max_backoff_seconds: float = 60
    concurrency: int = Field(8, ge=1)
    packages: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _kind_fits(self) -> Manifest:
        wanted: dict[str, Any] = {
            "http": self.routes,
            "service": self.routes,
            "event": self.subscribes and self.handler,
            "schedule": self.schedule and self.handler,
            "job": self.handler,
        }
        if not wanted[self.kind]:
            raise ValueError(f"kind [{self.kind}] needs its routes, topic, schedule or handler")
        return self

    @property
    def handlers(self) -> frozenset[str]:
        """Every function of `main.py` that the manifest names."""
        named = {self.handler, self.on_giving_up, *(route.handler for route in self.routes)}
        return frozenset(name for name in named if name)

    @property
    def deployed_name(self) -> str:
        return self.name.replace("_", "-")


def read_manifest(path: Path) -> Manifest:
    """Raises `Misconfigured` naming the file and the field."""
    try:
        manifest = Manifest.model_validate(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise Misconfigured(f"{_shown(path)} field [{field}]: {first['msg']}") from error
    if manifest.name != path.parent.name:
        raise Misconfigured(f"{_shown(path)} field [name]: [{manifest.name}] is not the folder's name")
    return manifest


@lru_cache(maxsize=4)
def all_manifests(folder: Path = FUNCTIONS) -> tuple[Manifest, ...]:
    """Every capability, by name. Raises `Misconfigured` when two claim the same path."""
    manifests = tuple(read_manifest(path) for path in sorted(folder.glob("*/function.yaml")))
    claimed: dict[tuple[str, str], str] = {}
    for manifest in manifests:
        for route in manifest.routes:
            key = (route.method, route.path)
            if key in claimed:
                raise Misconfigured(
                    f"{manifest.name}/function.yaml path [{route.method} {route.path}] "
                    f"belongs to [{claimed[key]}] already"
                )
            claimed[key] = manifest.name
    return manifests


def _shown(path: Path) -> str:
    return "/".join(path.parts[-3:])
