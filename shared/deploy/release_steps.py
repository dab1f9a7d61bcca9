"""The steps of a release: plan, upload; under the lock apply, smoke test, promote, or back to what was."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from shared.deploy.release_archive import FOLDER, Release, object_of, unpack
from shared.deploy.release_bucket import ABSENT, Bucket
from shared.deploy.release_images import Registry, upload_images
from shared.deploy.release_lock import Patience, only_release
from shared.deploy.release_shell import ReleaseError, Say, Shell
from shared.deploy.release_terraform import Planned, Terraform

CURRENT = f"{FOLDER}/current.tfvars.json"
SAMPLE_DOMAIN = ".example.com"
TOLD = 3
"""So many of a long list are named; the rest is counted."""
FOUNDATION = "foundation/applied.json"
"""Where terraform/foundation notes what it made."""


class NotLive(ReleaseError):
    """The release is not live; the product is as it was before."""


class Unknown(ReleaseError):
    """Neither this release nor the one before is known to run: a person must look."""


class SmokeTest(Protocol):
    def degraded(self, url: str) -> frozenset[str]:
        """Primitives that are not well now; none when nothing answers."""

    def wrong(self, url: str, release: Release, *, tolerated: frozenset[str], is_first: bool) -> list[str]:
        """What is wrong with the live release, one line each."""


@dataclass(frozen=True)
class Target:
    """Where a release goes."""

    project: str
    region: str
    environment: str
    state_bucket: str
    images: str

    def options(self, release: Release) -> tuple[str, ...]:
        """What Terraform is told. The last word counts, so no environment's file says where or what."""
        environment = f"-var-file={release.environment(self.environment)}"
        variables = (f"-var=project={self.project}", f"-var=region={self.region}")
        return (environment, *variables, f"-var-file={release.manifest}")


@dataclass(frozen=True)
class Current:
    release_id: str
    generation: int


@dataclass(frozen=True)
class Steps:
    """`build` is who releases; `folder` is where releases are unpacked."""

    shell: Shell
    bucket: Bucket
    target: Target
    test: SmokeTest
    say: Say
    build: str
    folder: Path
    patience: Patience = field(default_factory=Patience)

    def plan(self, release: Release) -> Planned:
        """What would change. Raises `ReleaseError` when the foundation is behind; nothing is changed."""
        planned = self._planned(release)
        if planned.output("url").endswith(SAMPLE_DOMAIN):
            raise ReleaseError(
                f"[domain] is still the sample [{planned.output('url')}]: write your own into "
                f"terraform/environments/{self.target.environment}.tfvars, and apply the foundation with it"
            )
        needs = set(planned.outputs.get("foundation_needs") or ())
        if not needs:
            raise ReleaseError("terraform/product has no output [foundation_needs]")
        if missing := sorted(needs - self._foundation()):
            raise ReleaseError(
                f"the foundation is behind this release, which needs [{_first(missing, '], [')}]: apply "
                f"it first, as an owner of [{self.target.project}]: "
                "terraform -chdir=terraform/foundation apply … (docs/deploy.md, Adding a capability). "
                "Nothing was changed"
            )
        return planned

    def upload(self, release: Release, bundles: Path) -> None:
        """Bundles, images and the release's own file, each only when it is not there yet."""
        if self.bucket.read(FOUNDATION) is None:
            raise ReleaseError(
                f"terraform/foundation was never applied to [{self.target.project}] as a whole, or this "
                "account may not read its bucket: docs/deploy.md, The foundation"
            )
        there = self.bucket.names("bundles")
        wanted = {one["object"] for one in release.bundles.values()}
        missing = sorted(wanted - there)
        self.say(f"bundles: {len(missing)} of {len(wanted)} are new{_listed(missing)}")
        if missing:
            self.bucket.add([bundles / Path(name).name for name in missing], "bundles")
        target = self.target
        registry = Registry.find(
            self.shell, project=target.project, region=target.region, repository=target.images
        )
        upload_images(registry, release, bundles / "staged", self.say)
        self.bucket.add([self.folder / f"{release.id}.zip"], FOLDER)

    def deploy(self, release: Release) -> None:
        """Raises `NotLive` when it is not live and the release before is again, `Unknown` when neither is
        known to be; any other `ReleaseError` before anything was changed."""
        with only_release(self.bucket, self.build, self.patience, self.say):
            before = self.current()
            self.say(f"current release: {before.release_id if before else 'none, this is the first'}")
            planned = self.plan(release)
            self.tell(planned)
            url = planned.output("url")
            tolerated = self.test.degraded(url) if before else frozenset()
            try:
                self._apply(release, planned)
                self._require_well(url, release, tolerated, is_first=before is None)
            except Exception as error:  # noqa: BLE001 - whatever failed, the release before must come back
                self._go_back(before, release, planned, tolerated, error)
            self.promote(release, before)

    def promote(self, release: Release, before: Current | None) -> None:
        """Raises `Unknown` when another release became the current one since `before` was read."""
        if before is not None and before.release_id == release.id:
            self.say(f"release [{release.id}] is live; it already was the current one")
            return
        content = {"release": release.read(), "id": release.id, "build": self.build, "object": release.object}
        try:
            self.bucket.replace(
                CURRENT, json.dumps(content, indent=2), generation=before.generation if before else ABSENT
            )
        except ReleaseError as error:
            raise Unknown(
                f"release [{release.id}] runs, but could not be noted as the current one: {error}. Look at "
                "what is live before the next release: python -m shared.deploy.release status --project …"
            ) from error
        self.say(f"release [{release.id}] is live")

    def rollback(self, release_id: str) -> None:
        """By hand: an earlier release is applied, tested and becomes the current one."""
        with only_release(self.bucket, self.build, self.patience, self.say):
            before = self.current()
            release = self._fetched(release_id)
            planned = self.plan(release)
            self.tell(planned)
            self._apply(release, planned)
            self._require_well(planned.output("url"), release, frozenset(), is_first=False)
            self.promote(release, before)

    def current(self) -> Current | None:
        stored = self.bucket.read(CURRENT)
        return None if stored is None else Current(str(json.loads(stored.content)["id"]), stored.generation)

    def _foundation(self) -> set[str]:
        """What terraform/foundation made when it was last applied."""
        noted = self.bucket.read(FOUNDATION)
        return set(json.loads(noted.content)) if noted else set()

    def _planned(self, release: Release) -> Planned:
        terraform = Terraform(self.shell, release.product)
        terraform.init(self.target.state_bucket)
        return terraform.plan(self.target.options(release))

    def tell(self, planned: Planned) -> None:
        changes = planned.changes
        self.say(f"changes: {len(changes)}" if changes else "nothing changes, nothing is deployed")
        for change in planned.changes:
            self.say(f"  {change}")

    def _apply(self, release: Release, planned: Planned) -> None:
        if planned.changes:
            Terraform(self.shell, release.product).apply(planned)

    def _require_well(self, url: str, release: Release, tolerated: frozenset[str], *, is_first: bool) -> None:
        if not url:
            raise ReleaseError("terraform/product has no output [url] to test the release at")
        if tolerated:
            self.say(f"degraded before this release, so not held against it: {', '.join(sorted(tolerated))}")
        if wrong := self.test.wrong(url, release, tolerated=tolerated, is_first=is_first):
            raise ReleaseError(f"the smoke test failed: {_first(wrong, '; ')}")

    def _go_back(
        self,
        before: Current | None,
        release: Release,
        planned: Planned,
        tolerated: frozenset[str],
        error: Exception,
    ) -> None:
        """Always raises."""
        self.say(f"release [{release.id}] FAILED: {error}")
        if before is None:
            raise Unknown(
                f"release [{release.id}] failed and is the first: there is nothing to go back to. What was "
                "applied stays, and no release is the current one. Mend it and submit again. "
                f"The failure: {error}"
            ) from error
        if not planned.changes or before.release_id == release.id:
            raise Unknown(
                f"release [{release.id}] failed, and there is no other to go back to: nothing was changed, "
                "or it is the current release itself. What runs was not well before this build either. "
                f"The failure: {error}"
            ) from error
        self.say(f"going back to release [{before.release_id}]")
        try:
            self._restore(before, tolerated)
        except Exception as second:
            raise Unknown(_LOUD.format(id=before.release_id, first=error, second=second)) from second
        raise NotLive(
            f"release [{release.id}] failed and was taken back; release [{before.release_id}] is live again "
            f"and passed the smoke test. The failure: {error}"
        ) from error

    def _restore(self, before: Current, tolerated: frozenset[str]) -> None:
        release = self._fetched(before.release_id)
        planned = self._planned(release)
        self.tell(planned)
        self._apply(release, planned)
        self._require_well(planned.output("url"), release, tolerated, is_first=False)

    def _fetched(self, release_id: str) -> Release:
        file = self.folder / f"{release_id}.zip"
        self.bucket.fetch(object_of(release_id), file)
        return unpack(file, self.folder)


_LOUD = """
!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!
THE ROLLBACK FAILED TOO. Nobody knows what runs now; a person must look.
The release failed:  {first}
Going back to [{id}] failed:  {second}
What to do: docs/deploy.md, When the rollback fails.
!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!"""


def _first(names: list[str], between: str) -> str:
    more = f"{between}and {len(names) - TOLD} more" if len(names) > TOLD else ""
    return between.join(names[:TOLD]) + more


def _listed(names: list[str]) -> str:
    return f": {', '.join(names)}" if names else ""
