"""An installation that does not exist: what both roots ask of their owner."""

from __future__ import annotations

import hashlib
from typing import Any

from shared.manifest import all_manifests
from tests.infra.made_up import PROJECT

REGION = "us-central1"


def variables() -> dict[str, Any]:
    """Of both roots; Terraform only warns about the ones a root does not have."""
    return {
        "project": PROJECT,
        "region": REGION,
        "environment": "offline",
        "domain": "cos.example.com",
        "release": release(),
        "settings": {"twilio_number": "+13125550199"},
    }


def release() -> dict[str, Any]:
    """A release manifest with a bundle of every function."""
    return {"runtime": "python313", "bundles": {one.name: _bundle(one.name) for one in all_manifests()}}


def _bundle(name: str) -> dict[str, str]:
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    return {"sha256": sha256, "object": f"bundles/{name}-{sha256[:12]}.zip"}
