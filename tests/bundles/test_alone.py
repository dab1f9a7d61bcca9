"""Each function from its bundle alone: own folder, own requirements, real clients on official emulators."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from shared.manifest import ROOT, Manifest, all_manifests
from shared.testing.local_cloud import LocalCloud
from tests.benchmarks.first_request import Ground
from tests.bundles.deployed import Place, run_to_end, serving
from tests.bundles.first_answers import first_answer


def own_credentials(cloud: LocalCloud, manifest: Manifest) -> dict[str, str]:
    """Those that Terraform mounts for it and no others."""
    derived = json.loads((ROOT / "terraform" / "derived" / "functions.json").read_text(encoding="utf-8"))
    mounted = {name.upper() for name in derived[manifest.name]["secrets"]}
    return {name: value for name, value in cloud.credentials().items() if name in mounted}


@pytest.mark.parametrize("manifest", all_manifests(), ids=lambda manifest: manifest.name)
def test_a_function_answers_from_its_bundle_alone(
    places: Mapping[str, Place], cloud: LocalCloud, ground: Ground, manifest: Manifest
) -> None:
    place = places[manifest.name]
    variables = {**cloud.variables(), **own_credentials(cloud, manifest)}
    if manifest.kind == "job":
        status = run_to_end(place, variables)
        assert status == 0, place.log.read_text()
        assert '"the job is done", ' in place.log.read_text()
    else:
        with serving(place, variables) as process:
            first_answer(cloud, ground, manifest, process)
    assert place.opened(), "nothing was recorded, so nothing would be found out"
    assert place.troubles() == []
    assert place.foreign() == []
    assert place.missed() == []
