"""A release with the real terraform and the project's own tree; only provider google is a stand-in.

Shows what the other tests take for granted: the options terraform is given, what its plan says, and that a
release unpacked somewhere else needs nothing beside itself.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator

import pytest

from shared.deploy.release_archive import MANIFEST, pack
from shared.deploy.release_bucket import Bucket
from shared.deploy.release_shell import Shell
from shared.deploy.release_steps import FOUNDATION, NotLive, Steps, Target
from shared.manifest import ROOT
from tests.deploy.test_release import Well
from tests.deploy.world import BUCKET, PROJECT, REGION, World, new_world, opened, program
from tests.infra import installation, offline
from tests.infra.provider_schema import MissingSchema, schema_file

TERRAFORM = shutil.which("terraform")
STATE = "product.tfstate"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    if TERRAFORM is None:
        pytest.skip("terraform is not on this machine")
    try:
        schema_file()
    except MissingSchema as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("real") / "world"
    new_world(folder)
    with opened(folder) as world, pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAKE_WORLD", str(folder))
        environment = world.workspace / "terraform" / "environments" / "staging.tfvars"
        environment.write_text(environment.read_text().replace("cos.example.com", "harbor-motors.net"))
        manifest = json.dumps({"release": installation.release()})
        (folder / "bundles" / MANIFEST).write_text(manifest)
        yield world


def steps_of(made: World, build: str, test: Well, said: list[str]) -> Steps:
    wrapper = made.folder / "terraform"
    wrapper.write_text(
        f"#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m tests.deploy.terraform_offline "
        f'{made.folder / STATE} "$@"\n'
    )
    wrapper.chmod(0o755)
    shell = Shell({"terraform": str(wrapper), "gcloud": str(program(made.folder, "gcloud"))})
    return Steps(
        shell=shell,
        bucket=Bucket(shell, BUCKET),
        target=Target(PROJECT, REGION, "staging", f"{PROJECT}-tfstate", "images"),
        test=test,
        say=said.append,
        build=build,
        folder=made.folder / "releases",
    )


def test_a_release_a_changed_function_and_the_way_back(made: World) -> None:
    """One story, since every run of terraform takes seconds."""
    said: list[str] = []
    manifest, folder = made.folder / "bundles" / MANIFEST, made.folder / "releases"

    first = pack(made.workspace, manifest, folder)
    steps = steps_of(made, "build-1", Well(), said)
    made.put(FOUNDATION, noted_by_the_foundation())
    steps.bucket.add([folder / f"{first.id}.zip"], "releases")
    steps.deploy(first)
    assert f"release [{first.id}] is live" in said
    assert any(
        line.startswith('  create: module.function["crm_intake"].google_cloudfunctions2') for line in said
    )

    said.clear()
    made.change("crm_intake", "second")
    second = pack(made.workspace, manifest, folder)
    steps.bucket.add([folder / f"{second.id}.zip"], "releases")
    with pytest.raises(NotLive, match=rf"release \[{first.id}\] is live again"):
        steps_of(made, "build-2", FailsOnce(second.id), said).deploy(second)
    changed = [line.strip() for line in said if line.startswith("  ")]
    address = 'update: module.function["crm_intake"].google_cloudfunctions2_function.this'
    assert changed == [address, address], "there, and back again"
    current = steps.current()
    assert current is not None and current.release_id == first.id

    said.clear()
    steps.deploy(first)
    assert "nothing changes, nothing is deployed" in said


class FailsOnce(Well):
    """The smoke test does not hold for one release."""

    def __init__(self, release_id: str) -> None:
        super().__init__()
        self._release_id = release_id

    def wrong(self, url: str, release: object, *, tolerated: frozenset[str], is_first: bool) -> list[str]:
        assert url == "https://staging.harbor-motors.net"
        return ["seeded"] if getattr(release, "id", "") == self._release_id else []


def noted_by_the_foundation() -> str:
    """What terraform/foundation writes into the bucket when it is applied."""
    applied = offline.applied("foundation", installation.variables())
    (note,) = [one for one in applied.of("google_storage_bucket_object") if one.values["name"] == FOUNDATION]
    return str(note.values["content"])
