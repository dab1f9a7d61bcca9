"""What the release asks of its bucket, answered alike by the real gcloud and by the other tests' stand-in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.deploy.release_bucket import ABSENT, Bucket, Superseded
from shared.deploy.release_shell import CommandFailed, Shell
from shared.testing.http_stub import Reply, Request, serve
from tests.deploy.bucket_server import BucketServer
from tests.deploy.world import program

GCLOUD = shutil.which("gcloud")


class BucketContract:
    """One test, since each call of the real program takes a second."""

    def test_objects_are_added_once_and_replaced_by_their_generation(
        self, bucket: Bucket, tmp_path: Path
    ) -> None:
        one, two = tmp_path / "one.zip", tmp_path / "two.zip"
        one.write_text("first\n")
        two.write_text("second")
        assert bucket.names("bundles") == frozenset()
        bucket.add([one], "bundles")
        one.write_text("other content under the same name")
        bucket.add([one, two], "bundles")
        assert bucket.names("bundles") == {"bundles/one.zip", "bundles/two.zip"}
        bucket.fetch("bundles/one.zip", tmp_path / "fetched" / "one.zip")
        assert (tmp_path / "fetched" / "one.zip").read_text() == "first\n", "what is there stays"

        assert bucket.read("releases/current") is None
        bucket.replace("releases/current", "a", generation=ABSENT)
        with pytest.raises(Superseded):
            bucket.replace("releases/current", "b", generation=ABSENT)
        stored = bucket.read("releases/current")
        assert stored is not None and stored.content == "a"
        bucket.replace("releases/current", "b", generation=stored.generation)
        with pytest.raises(Superseded):
            bucket.remove("releases/current", generation=stored.generation)
        newer = bucket.read("releases/current")
        assert newer is not None and newer.content == "b" and newer.generation != stored.generation
        bucket.remove("releases/current", generation=newer.generation)
        assert bucket.read("releases/current") is None
        with pytest.raises(Superseded):
            bucket.remove("releases/current", generation=newer.generation)


class TestStandIn(BucketContract):
    @pytest.fixture
    def bucket(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bucket:
        (tmp_path / "world").mkdir()
        monkeypatch.setenv("FAKE_WORLD", str(tmp_path / "world"))
        return Bucket(Shell({"gcloud": str(program(tmp_path, "gcloud"))}), "releases-of-ours")


@pytest.mark.skipif(GCLOUD is None, reason="gcloud is not on this machine")
class TestGcloud(BucketContract):
    @pytest.fixture
    def bucket(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
        server = BucketServer("releases-of-ours")
        with serve(server.answer) as server.url:
            no_cloud(monkeypatch, tmp_path)
            monkeypatch.setenv("CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE", f"{server.url}/")
            yield Bucket(Shell(), server.bucket)


@pytest.mark.skipif(GCLOUD is None, reason="gcloud is not on this machine")
def test_a_refusal_of_the_cloud_is_told_in_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(request: Request) -> Reply:
        return Reply(403, b'{"error": {"code": 403, "message": "the deployer may not read this"}}')

    with serve(forbidden) as url:
        no_cloud(monkeypatch, tmp_path)
        monkeypatch.setenv("CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE", f"{url}/")
        with pytest.raises(CommandFailed, match="the deployer may not read this"):
            Bucket(Shell(), "releases-of-ours").read("releases/current")


def no_cloud(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """The real program without an account and with a configuration of its own."""
    for name in [name for name in os.environ if name.startswith("CLOUDSDK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CLOUDSDK_AUTH_DISABLE_CREDENTIALS", "true")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(folder / "gcloud"))
    monkeypatch.setenv("CLOUDSDK_CORE_PROJECT", "autohaus-prod")
    monkeypatch.setenv("CLOUDSDK_CORE_DISABLE_PROMPTS", "1")
