"""Images of the service and the job: built from their staged bundles when their tag is not there yet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.deploy.release_archive import Release
from shared.deploy.release_shell import CommandFailed, ReleaseError, Say, Shell

IMAGE_KINDS = ("service", "job")
BUILD_S = 1200.0
CONTAINERFILE = "Containerfile"


@dataclass(frozen=True)
class Image:
    """`name` is how it is deployed; its tag starts its bundle's hash, so it never changes."""

    function: str
    name: str
    tag: str


def images_of(release: Release) -> tuple[Image, ...]:
    bundles, functions = release.bundles, release.functions
    return tuple(
        Image(name, functions[name]["deployed_name"], bundles[name]["sha256"][:12])
        for name in sorted(functions)
        if functions[name]["kind"] in IMAGE_KINDS
    )


@dataclass(frozen=True)
class Registry:
    """An Artifact Registry repository; `address` is what it calls itself: host/project/repository."""

    shell: Shell
    address: str

    @classmethod
    def find(cls, shell: Shell, *, project: str, region: str, repository: str) -> Registry:
        address = shell.must(
            *("gcloud", "artifacts", "repositories", "describe", repository),
            *(f"--project={project}", f"--location={region}", "--format=value(registryUri)"),
        ).strip()
        if not address:
            raise ReleaseError(f"the repository [{repository}] in [{region}] names no address; update gcloud")
        return cls(shell, address)

    def missing(self, images: Iterable[Image]) -> tuple[Image, ...]:
        """Those whose tag is not in the repository."""
        listed = self.shell.must(
            *("gcloud", "artifacts", "docker", "images", "list", self.address),
            *("--include-tags", "--format=json", "--quiet"),
        )
        there = _tags(json.loads(listed or "[]"))
        return tuple(image for image in images if image.tag not in there.get(self._package(image), ()))

    def login(self) -> None:
        token = self.shell.must("gcloud", "auth", "print-access-token")
        host = f"https://{self.address.partition('/')[0]}"
        self.shell.must("docker", "login", "-u", "oauth2accesstoken", "--password-stdin", host, stdin=token)

    def build_and_push(self, image: Image, staged: Path, *, runtime: str) -> None:
        """`runtime` is the interpreter that made the bundle's bytecode, as Cloud Functions names it."""
        context, reference = staged / image.function, f"{self._package(image)}:{image.tag}"
        if not (context / CONTAINERFILE).is_file():
            raise ReleaseError(f"[{context / CONTAINERFILE}] is not there; run `make bundle` again")
        self.shell.show(
            *("docker", "build", "--pull", f"--build-arg=PYTHON={python_version(runtime)}"),
            *(f"--file={context / CONTAINERFILE}", f"--tag={reference}", str(context)),
            seconds=BUILD_S,
        )
        self.shell.show("docker", "push", reference, seconds=BUILD_S)

    def _package(self, image: Image) -> str:
        return f"{self.address}/{image.name}"


def upload_images(registry: Registry, release: Release, staged: Path, say: Say) -> None:
    images = images_of(release)
    missing = registry.missing(images)
    for image in images:
        say(f"image {image.name}:{image.tag} {'is built' if image in missing else 'is there already'}")
    if not missing:
        return
    registry.login()
    for image in missing:
        _build(registry, image, staged, release, say)


def _build(registry: Registry, image: Image, staged: Path, release: Release, say: Say) -> None:
    try:
        registry.build_and_push(image, staged, runtime=release.read()["runtime"])
    except CommandFailed:
        if registry.missing([image]):
            raise
        say(f"image {image.name}:{image.tag} was pushed by another build meanwhile")


def python_version(runtime: str) -> str:
    """`python313` is 3.13. Raises `ReleaseError` for anything else than Python 3."""
    digits = runtime.removeprefix("python")
    if not runtime.startswith("python3") or not digits.isdigit():
        raise ReleaseError(
            f"the release was made for [{runtime}]; a runtime of Python 3 is wanted, like python313"
        )
    return f"{digits[0]}.{digits[1:]}"


def _tags(listed: list[Mapping[str, object]]) -> dict[str, set[str]]:
    """Package → tags. Older versions of gcloud write the tags as one text."""
    found: dict[str, set[str]] = {}
    for one in listed:
        tags = one.get("tags") or []
        names = tags.split(",") if isinstance(tags, str) else [str(tag) for tag in tags]  # type: ignore[attr-defined]  # a list, by gcloud
        found.setdefault(str(one["package"]), set()).update(name.strip() for name in names)
    return found
