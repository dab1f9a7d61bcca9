"""A manifest grants what its capability uses, no more and no less."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from shared.deploy.derived_code import base_settings, google_ports, service_settings
from shared.errors import Misconfigured
from shared.local.derived.openapi import SECURITY_SCHEMES, WITHOUT_SCHEME
from shared.manifest import ROOT, Auth, Manifest, Port, all_manifests
from shared.platform import FREE
from shared.runtime.auth import VERIFIERS
from shared.settings import GIVEN, TUNABLE
from shared.testing.harness import running
from shared.wiring import EMBEDDED, GOOGLE
from tests.architecture.emitted import Code
from tests.said import nothing

CODE = Code(ROOT)
OF_THE_RUNTIME = {"documents", "bus"}
"""Leases, the outbox and the ledger are every capability's."""
EVERYWHERE = {"profile", "port"}
"""Set for every function; the port by the platform itself."""
ABOVE_TENANTS = {"operations", "outbox_sweeper", "system", "chat_stream"}
"""Schedules, operators' routes and the socket, which takes its tenant from the caller's credential."""
SIGNED = {"user", "service"}
REPUBLISHING = {"publish", "sweep", "replay", "replay_dead_letter"}


def unlike_its_use(manifest: Manifest, touched: set[str]) -> list[str]:
    """What the manifest grants too much. What it grants too little is refused at work."""
    asked = {kind for route in manifest.routes for kind in route.auth} or {"service"}
    needed = OF_THE_RUNTIME | ({"tokens"} if asked & SIGNED else set())
    needed |= {"links"} if "public_link" in asked else set()
    needed |= {"text_provider"} if "twilio" in asked else set()
    idle = sorted(set(manifest.ports) - needed - touched)
    found = [f"functions/{manifest.name} never uses [{port}], its manifest names it" for port in idle]
    found += [f"functions/{manifest.name} needs [{port}]" for port in sorted(needed - set(manifest.ports))]
    if manifest.republishes != bool(touched & REPUBLISHING):
        found.append(
            f"functions/{manifest.name} says republishes is [{manifest.republishes}], its code differs"
        )
    return found


@pytest.mark.parametrize("manifest", all_manifests(), ids=lambda manifest: manifest.name)
def test_a_manifest_names_no_port_its_code_never_touches(manifest: Manifest) -> None:
    nothing(unlike_its_use(manifest, CODE.attributes_of(manifest.name)))


@pytest.mark.parametrize("manifest", all_manifests(), ids=lambda manifest: manifest.name)
def test_a_manifest_names_the_settings_its_code_reads(manifest: Manifest) -> None:
    assert set(manifest.settings) == CODE.settings_of(manifest.name) - EVERYWHERE


def read_by_nobody(deployed: set[str], read: set[str]) -> list[str]:
    return [
        f"shared/settings.py: [{name}] is read by no function and no port" for name in sorted(deployed - read)
    ]


def test_every_setting_of_the_cloud_is_read_by_a_function_or_a_port() -> None:
    functions = {name for one in all_manifests() for name in CODE.settings_of(one.name)}
    ports = {name for port in google_ports(ROOT).values() for name in port.settings}
    everywhere = base_settings(ROOT) | service_settings(ROOT)
    nothing(read_by_nobody(set(GIVEN | TUNABLE), functions | ports | everywhere))
    assert read_by_nobody({"greeting", "bucket"}, ports) == [
        "shared/settings.py: [greeting] is read by no function and no port"
    ]


def test_a_manifest_can_name_no_credential_and_no_port_that_nothing_stands_behind() -> None:
    assert set(get_args(Auth)) == set(VERIFIERS) == {*WITHOUT_SCHEME, *SECURITY_SCHEMES}
    assert set(get_args(Port)) == set(EMBEDDED) - FREE == set(GOOGLE) - FREE


def test_only_schedules_operators_and_the_socket_have_ports_that_are_not_bound_to_a_tenant() -> None:
    taking = {one.name for one in all_manifests() if "Platform" in CODE.names_in(one.name)}
    assert taking == ABOVE_TENANTS


@pytest.mark.parametrize("manifest", all_manifests(), ids=lambda manifest: manifest.name)
def test_no_capability_goes_round_its_tenant(manifest: Manifest) -> None:
    assert not [said for said in CODE.attribute_chains_in(manifest.name) if said.endswith("tenant.platform")]


def test_a_manifest_that_grants_too_much_or_too_little_is_noticed() -> None:
    some = next(one for one in all_manifests() if one.name == "chat")
    greedy = some.model_copy(update={"ports": ("documents", "tokens", "blobs"), "republishes": True})
    assert unlike_its_use(greedy, {"documents"}) == [
        "functions/chat never uses [blobs], its manifest names it",
        "functions/chat needs [bus]",
        "functions/chat says republishes is [True], its code differs",
    ]


def test_a_port_the_manifest_does_not_name_is_refused_at_work(tmp_path: Path) -> None:
    with running(tmp_path, delivering=False) as product:
        granted = product.platform.granting(["documents"], to="chat")
        assert granted.documents is product.platform.documents
        assert granted.tenant("autohaus").clock is product.platform.clock
        with pytest.raises(Misconfigured, match=r"functions/chat/function.yaml: \[ports\] .* \[warehouse\]"):
            granted.tenant("autohaus").warehouse.query("plates/ledger_age_v1", {})
