"""What the code says that Terraform must have heard, read anew from the code, not from terraform/derived."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from shared.deploy.derived_terraform import terraform_data
from shared.events.base import Event
from shared.events.catalogue import load_catalogue
from shared.manifest import ROOT, Manifest, all_manifests

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Code:
    """`functions`, `ports`, `settings` and `tables` have the form of terraform/derived/*.json."""

    manifests: Mapping[str, Manifest]
    events: Mapping[str, type[Event]]
    functions: Mapping[str, Facts]
    ports: Mapping[str, Facts]
    settings: Mapping[str, Facts]
    tables: Mapping[str, Facts]
    roles: Facts

    def ports_of(self, function: str) -> set[str]:
        """Its own ports, those they are built of, and the secrets' own when it reads any."""
        own = set(self.manifests[function].ports)
        used = {used for port in own for used in self.ports[port]["uses"]}
        return own | used | ({"secrets"} if self.functions[function]["secrets"] else set())


def read_code() -> Code:
    manifests, events = all_manifests(), load_catalogue()
    found = terraform_data(manifests, events)
    return Code(
        manifests={one.name: one for one in manifests},
        events=events,
        functions=found["functions"],
        ports=found["ports"],
        settings=found["settings"],
        tables=found["tables"],
        roles=yaml.safe_load((ROOT / "terraform" / "roles.yaml").read_text(encoding="utf-8")),
    )


def differences(
    place: str, *, found: Iterable[object], wanted: Iterable[object], lacking: str, needless: str
) -> Iterator[str]:
    """A sentence for everything that stands on one side alone."""
    have, want = set(found), set(wanted)
    yield from (f"{place} lacks [{one}]: {lacking}" for one in sorted(want - have, key=str))
    yield from (f"{place} has [{one}]: {needless}" for one in sorted(have - want, key=str))
