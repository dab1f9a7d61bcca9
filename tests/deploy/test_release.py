"""The release command by hand and two releases at once, on a project that does not exist."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.deploy import release as command
from shared.deploy.release_archive import MANIFEST, Release, pack, unpack
from shared.deploy.release_bucket import Bucket
from shared.deploy.release_images import python_version
from shared.deploy.release_lock import Busy, Patience, only_release
from shared.deploy.release_shell import CommandFailed, ReleaseError, Shell
from shared.deploy.release_steps import Current, Steps, Target, Unknown
from tests.deploy.world import BUCKET, PROJECT, REGION, World, new_world, opened, program

PROGRAMS = ("gcloud", "terraform", "docker")


@dataclass
class Well:
    """A smoke test that always holds, after `before` was called."""

    before: Callable[[Release], None] = lambda release: None
    asked: list[str] = field(default_factory=list)

    def degraded(self, url: str) -> frozenset[str]:
        return frozenset()

    def wrong(self, url: str, release: Release, *, tolerated: frozenset[str], is_first: bool) -> list[str]:
        self.before(release)
        self.asked.append(release.id)
        return []


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("FAKE_WORLD", str(tmp_path / "world"))
    new_world(tmp_path / "world")
    (tmp_path / "bin").mkdir()
    with opened(tmp_path / "world") as opened_world:
        yield opened_world


def steps_of(made: World, build: str, test: Well | None = None) -> Steps:
    shell = Shell({name: str(program(made.folder.parent / "bin", name)) for name in PROGRAMS})
    return Steps(
        shell=shell,
        bucket=Bucket(shell, BUCKET),
        target=Target(PROJECT, REGION, "production", f"{PROJECT}-tfstate", "images"),
        test=test or Well(),
        say=lambda text: None,
        build=build,
        folder=made.folder / "releases",
        patience=Patience(sleep=lambda seconds: threading.Event().wait(0.05) and None),
    )


def packed(made: World, content: str = "first") -> Release:
    made.change("crm_intake", content)
    return pack(made.workspace, made.folder / "bundles" / MANIFEST, made.folder / "releases")


def test_two_releases_at_once_come_one_after_the_other(made: World) -> None:
    """Each finds while it tests that nothing but itself runs."""
    seen: list[tuple[str, str]] = []

    def look(release: Release) -> None:
        seen.append((release.bundles["crm_intake"]["sha256"], made.live()["crm_intake"]))

    releases = {name: packed(made, name) for name in ("one", "two")}
    for name in releases:
        made.change("crm_intake", name)
        steps_of(made, name).upload(packed(made, name), made.folder / "bundles")
    threads = [
        threading.Thread(target=steps_of(made, name, Well(look)).deploy, args=(release,))
        for name, release in releases.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 2 and all(wanted == live for wanted, live in seen)
    current = made.current()
    assert current is not None
    assert current["release"]["bundles"]["crm_intake"]["sha256"] == made.live()["crm_intake"] == seen[-1][0]


def test_a_release_that_lost_its_lock_does_not_overwrite_the_one_that_became_current(made: World) -> None:
    def another_became_current(release: Release) -> None:
        made.put("releases/current.tfvars.json", json.dumps({"id": "another"}))

    release = packed(made)
    with pytest.raises(Unknown, match="could not be noted as the current one"):
        steps_of(made, "build-1", Well(another_became_current)).deploy(release)
    assert made.current() == {"id": "another"}


def test_an_earlier_release_is_brought_back_by_hand(made: World) -> None:
    steps = steps_of(made, "by hand")
    first = packed(made, "first")
    steps.upload(first, made.folder / "bundles")
    steps.deploy(first)
    steps.deploy(packed(made, "second"))
    assert steps.current() != Current(first.id, 0)
    steps.rollback(first.id)
    assert made.live()["crm_intake"] == first.bundles["crm_intake"]["sha256"]
    current = steps.current()
    assert current is not None and current.release_id == first.id


def test_the_lock_is_given_back_after_a_failure(made: World) -> None:
    steps = steps_of(made, "build-1")
    made.write("foundation.json", ["topic new"])
    with pytest.raises(ReleaseError, match="foundation is behind"):
        steps.deploy(packed(made))
    assert not (made.bucket / "releases" / "lock.json").exists()


def test_whoever_waits_too_long_is_told_who_releases(made: World) -> None:
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    times = iter(now + timedelta(minutes=minute) for minute in range(100))
    bucket, said = steps_of(made, "x").bucket, []
    patience = Patience(
        waits=timedelta(minutes=5), now=lambda: next(times), sleep=lambda seconds: said.append("slept")
    )
    with (
        only_release(bucket, "build-1", replace(patience, now=lambda: now), said.append),
        pytest.raises(Busy, match=r"\[build-1\] is releasing until 2026-11-20 13:00 UTC"),
        only_release(bucket, "build-2", patience, said.append),
    ):
        raise AssertionError("two hold it")
    assert said.count("waiting for [build-1], which is releasing") == 1 and "slept" in said


def test_a_release_without_a_bundle_for_each_function_is_not_packed(made: World) -> None:
    release = made.release()
    del release["bundles"]["system"]
    (made.folder / "bundles" / MANIFEST).write_text(json.dumps({"release": release}))
    with pytest.raises(ReleaseError, match=r"no bundle of \[system\]"):
        pack(made.workspace, made.folder / "bundles" / MANIFEST, made.folder / "releases")


def test_a_bundle_nobody_knows_is_not_packed(made: World) -> None:
    release = made.release()
    release["bundles"]["gone"] = release["bundles"]["system"]
    (made.folder / "bundles" / MANIFEST).write_text(json.dumps({"release": release}))
    with pytest.raises(ReleaseError, match=r"\[gone\] is in release.tfvars.json and not in"):
        pack(made.workspace, made.folder / "bundles" / MANIFEST, made.folder / "releases")


def test_the_same_release_has_the_same_id_and_another_route_another(made: World) -> None:
    first, again = packed(made), packed(made)
    assert first.id == again.id
    functions = made.workspace / "terraform" / "derived" / "functions.json"
    functions.write_text(functions.read_text().replace("/api/openapi.json", "/api/openapi"))
    assert packed(made).id != first.id


def test_a_release_that_was_changed_where_it_lies_is_not_unpacked(made: World, tmp_path: Path) -> None:
    file = made.folder / "releases" / f"{packed(made).id}.zip"
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(ReleaseError, match="does not hold what its name says"):
        unpack(file, tmp_path)


def test_a_program_that_takes_too_long_is_asked_to_end(tmp_path: Path) -> None:
    """SIGINT: Terraform then ends what it is at and gives its lock back."""
    script = tmp_path / "terraform"
    note = tmp_path / "note"
    # A shell cannot trap a signal that was ignored when it began, as it is below a job in the background.
    script.write_text(
        f"#!{sys.executable} -IS\nimport pathlib, signal, sys, time\n"
        f"def end(*_):\n    pathlib.Path({str(note)!r}).write_text('ended')\n    sys.exit(1)\n"
        "signal.signal(signal.SIGINT, end)\ntime.sleep(60)\n"
    )
    script.chmod(0o755)
    with pytest.raises(CommandFailed, match="took over"):
        Shell({"terraform": str(script)}).show("terraform", "apply", seconds=2)
    assert note.read_text() == "ended"


@pytest.mark.parametrize(("runtime", "version"), [("python313", "3.13"), ("python311", "3.11")])
def test_an_image_has_the_python_that_made_the_bytecode(runtime: str, version: str) -> None:
    assert python_version(runtime) == version


def test_another_runtime_is_refused() -> None:
    with pytest.raises(ReleaseError, match=r"\[nodejs22\]"):
        python_version("nodejs22")


def test_status_and_unlock_say_whose_lock_it_is(made: World, capfd: pytest.CaptureFixture[str]) -> None:
    made.put("releases/lock.json", json.dumps({"holder": "build-9", "until": "2999-01-01T00:00:00+00:00"}))
    options = ["--project", PROJECT, f"--gcloud={program(made.folder.parent / 'bin', 'gcloud')}"]
    assert command.main(["status", *options]) == 0
    assert "build-9" in capfd.readouterr().out
    assert command.main(["unlock", *options]) == 0
    assert "the lock of [build-9] is removed" in capfd.readouterr().out
    assert command.main(["unlock", *options]) == 0
    assert "there is no lock" in capfd.readouterr().out


def test_a_rollback_to_nothing_says_where_the_ids_are(made: World, capfd: pytest.CaptureFixture[str]) -> None:
    assert command.main(["rollback", "--project", PROJECT]) == 1
    assert "rollback needs --to ID" in capfd.readouterr().out
