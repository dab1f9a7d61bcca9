"""Every setting, read from the environment here and nowhere else.

A setting `data_dir` is the environment variable `COS_DATA_DIR`. `PORT` and Google's own
variables keep their platform names.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.errors import Misconfigured

PLATFORM_NAMES = {
    "port": "PORT",
    "project": "GOOGLE_CLOUD_PROJECT",
    "region": "GOOGLE_CLOUD_REGION",
    "firestore_emulator_host": "FIRESTORE_EMULATOR_HOST",
    "pubsub_emulator_host": "PUBSUB_EMULATOR_HOST",
}

GIVEN = frozenset(
    {
        *("profile", "model_dir", "project", "region", "service_audience", "service_callers", "bucket"),
        "public_url",
    }
)
"""In the cloud Terraform computes these."""
TUNABLE = frozenset(
    {
        *("gemini_model", "gemini_location", "embedding_model", "twilio_number", "log_level"),
        *("max_clarifications", "clarification_minutes", "order_wait_seconds", "answer_wait_seconds"),
        "media_max_mb",
        "trip_retention_days",
    }
)
"""In the cloud their defaults hold unless the owner's Terraform variables say otherwise."""
NEVER_DEPLOYED = frozenset(
    {
        *("data_dir", "port", "sample", "sample_seed", "firestore_emulator_host", "pubsub_emulator_host"),
        *("genai_base_url", "bigquery_base_url", "storage_base_url", "twilio_base_url", "trace_base_url"),
        *("firebase_keys_url", "google_keys_url", "routes_base_url"),
    }
)
"""Of the embedded profile, of emulators and stubs, or the platform's own: the cloud sets none of them."""


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    profile: Literal["embedded", "google"] = Field(
        "embedded", description="Which adapters stand behind the ports."
    )
    data_dir: Path = Field(Path(".cos"), description="Where the embedded profile keeps its data.")
    model_dir: Path = Field(
        Path(".cos/models/minilm-int8"), description="Where the built sentence-embedding model lies."
    )
    port: int = Field(8080, ge=1, le=65535, description="The port `make run` serves on.")
    public_url: str = Field(
        "", description="Where people reach the product, e.g. `https://cos.example.com`; empty: this machine."
    )
    project: str = Field("", description="The Google Cloud project (google profile).")
    region: str = Field("us-central1", description="The Google Cloud region (google profile).")
    service_audience: str = Field(
        "", description="The audience a calling service's OIDC token must be made for; empty: own URL."
    )
    service_callers: str = Field(
        "", description="Comma-separated service accounts that may call event functions (google profile)."
    )
    bucket: str = Field("", description="The Storage bucket for files (google profile).")
    gemini_model: str = Field("gemini-3.5-flash-lite", description="The Gemini model of structured tasks.")
    gemini_location: str = Field(
        "global",
        description="Where Gemini is asked: `global`, `us` or `eu`; no single region has it.",
    )
    embedding_model: str = Field("gemini-embedding-001", description="The Vertex embedding model.")
    genai_base_url: str = Field("", description="Another address for Gemini calls, for a proxy or a stub.")
    bigquery_base_url: str = Field("", description="Another address for BigQuery, for a proxy or a stub.")
    storage_base_url: str = Field("", description="Another address for Storage, for a proxy or a stub.")
    twilio_base_url: str = Field("", description="Another address for Twilio, for a proxy or a stub.")
    trace_base_url: str = Field("", description="Another address for Cloud Trace, for a proxy or a stub.")
    routes_base_url: str = Field(
        "", description="Another address for Google's Routes, for a proxy or a stub."
    )
    firebase_keys_url: str = Field("", description="Another address for Firebase's signing keys.")
    google_keys_url: str = Field("", description="Another address for Google's signing keys.")
    firestore_emulator_host: str = Field("", description="The Firestore emulator instead of the cloud.")
    pubsub_emulator_host: str = Field("", description="The Pub/Sub emulator instead of the cloud.")
    twilio_number: str = Field("+13125550100", description="The one local number customers see.")
    max_clarifications: int = Field(
        2, ge=1, le=10, description="Questions asked about one message before a human takes over."
    )
    clarification_minutes: int = Field(
        30, ge=1, description="Minutes an asked question stays open before it expires."
    )
    trip_retention_days: int = Field(
        30, ge=0, le=3650, description="Days after a trip's end until its positions are deleted."
    )
    order_wait_seconds: float = Field(
        20.0, gt=0, description="Seconds a message waits for an earlier one of its session."
    )
    sample: Literal["dealership", "none"] = Field(
        "dealership", description="What `make run` fills an empty data folder with."
    )
    answer_wait_seconds: float = Field(
        30.0, gt=0, description="Seconds after which a person at a socket is told that no answer came."
    )
    media_max_mb: int = Field(
        500, ge=1, le=2000, description="Megabytes a photo, video or recording may have."
    )
    sample_seed: int = Field(20260101, description="The seed of the sample dealership.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least severity logged."
    )


def public_base(settings: Settings) -> str:
    """The beginning of every address people and providers are given, without a slash at its end."""
    return settings.public_url.rstrip("/") or f"http://localhost:{settings.port}"


def variable(field: str) -> str:
    """The environment variable of a setting."""
    return PLATFORM_NAMES.get(field, f"COS_{field.upper()}")


def environment() -> Mapping[str, str]:
    """This process's environment, for the secrets that are mounted as variables."""
    return os.environ


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises `Misconfigured` naming the variable."""
    env = os.environ if environment is None else environment
    given = {name: env[variable(name)] for name in Settings.model_fields if variable(name) in env}
    unknown = sorted(
        key
        for key in env
        if key.startswith("COS_") and key not in {variable(n) for n in Settings.model_fields}
    )
    if unknown:
        raise Misconfigured(f"unknown setting [{unknown[0]}]; docs/settings.md lists them all")
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0])
        raise Misconfigured(f"{variable(field)} is [{given.get(field)}]: {first['msg']}") from error
