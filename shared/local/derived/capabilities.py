"""`docs/capabilities.md` and the short form that `/api/system/state` reads, both from the manifests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shared.manifest import Manifest

HEAD = """# Capabilities

Derived from the `function.yaml` files by `make docs`; do not edit. Each capability is one folder under
`functions/`, deployed alone. How one is written: [authoring.md](authoring.md); what they tell each other:
[events.md](events.md).
"""


def capabilities_page(manifests: Iterable[Manifest]) -> str:
    return "\n".join([HEAD, *(_section(manifest) for manifest in manifests)])


def capabilities_data(manifests: Iterable[Manifest]) -> list[dict[str, Any]]:
    fields = {"name", "primitive", "kind", "meaning", "ports"}
    return [manifest.model_dump(mode="json", include=fields) for manifest in manifests]


def _section(manifest: Manifest) -> str:
    facts = [
        ("Primitive", f"`{manifest.primitive}`"),
        ("Trigger", _trigger(manifest)),
        ("Publishes", _published(manifest)),
        ("Ports", _codes(manifest.ports)),
        ("Settings", _codes(manifest.settings)),
        ("Secrets", _codes(manifest.secrets)),
        ("Runs with", f"{manifest.memory_mib} MiB, at most {manifest.timeout_seconds:g} s"),
    ]
    table = "\n".join(f"| {name} | {value} |" for name, value in facts if value)
    return f"## {manifest.name}\n\n{manifest.meaning}\n\n| | |\n|---|---|\n{table}\n{_routes(manifest)}"


def _published(manifest: Manifest) -> str:
    own = _codes(manifest.publishes)
    return f"{own}; again what others told, on any topic" if manifest.republishes else own


def _trigger(manifest: Manifest) -> str:
    if manifest.subscribes:
        given_up = f"given up after {manifest.max_attempts} attempts"
        return f"event [`{manifest.subscribes}`](events.md#{manifest.subscribes}), {given_up}"
    if manifest.schedule:
        return f"schedule `{manifest.schedule.cron}` ({manifest.schedule.time_zone})"
    return {"service": "an open socket", "job": "a job", "http": "HTTP"}[manifest.kind]


def _routes(manifest: Manifest) -> str:
    if not manifest.routes:
        return ""
    rows = [
        f"| `{route.method} {route.path}` | {route.summary} "
        f"| {_codes(route.auth)} | {_codes(route.roles) or 'every'} |"
        for route in manifest.routes
    ]
    return (
        "\n| Route | What it does | Credential | Roles of users |\n|---|---|---|---|\n"
        + "\n".join(rows)
        + "\n"
    )


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
