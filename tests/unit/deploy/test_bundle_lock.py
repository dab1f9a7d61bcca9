from __future__ import annotations

from pathlib import Path

import pytest
from packaging.requirements import Requirement

from shared.deploy.bundle_lock import needed, read_lock, requirements
from shared.errors import Misconfigured
from shared.manifest import ROOT

LOCK = read_lock(ROOT / "requirements.lock")


def _lock(folder: Path, text: str) -> Path:
    path = folder / "requirements.lock"
    path.write_text(text)
    return path


def test_the_whole_lock_is_read() -> None:
    text = (ROOT / "requirements.lock").read_text()
    assert sum(len(pin.text.splitlines()) for pins in LOCK.values() for pin in pins) == len(text.splitlines())


def test_everything_a_package_depends_on_comes_along_with_the_extras_asked_for() -> None:
    found = needed(LOCK, ["google-cloud-firestore"])
    assert {"google-api-core", "grpcio", "protobuf", "certifi"} <= set(found)
    assert "cryptography" in needed(LOCK, ["google-auth"])
    assert not {"pytest", "mypy", "numpy", "pandas"} & set(found)


def test_an_entry_is_copied_with_its_hashes_and_nothing_names_an_index() -> None:
    text = requirements(LOCK, ["pyyaml"])
    assert text.startswith("pyyaml==") and text.count("--hash=sha256:") > 5
    assert "index" not in requirements(LOCK, needed(LOCK, ["functions-framework", "google-genai"]))


def test_a_package_pinned_by_python_version_keeps_every_version_we_deploy_to() -> None:
    lines = [line for line in requirements(LOCK, ["numpy"]).splitlines() if line.startswith("numpy")]
    found = [Requirement(line.rstrip("\\ ")) for line in lines]
    assert all(one.marker is not None for one in found)
    for python in ("3.11", "3.12", "3.13"):
        marked = [one.marker.evaluate({"python_full_version": f"{python}.0"}) for one in found if one.marker]
        assert marked.count(True) == 1, python


def test_what_is_for_other_systems_is_left_out(tmp_path: Path) -> None:
    win = "a==1 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n"
    lock = read_lock(
        _lock(tmp_path, f"# by hand\n{win}a==2 ; sys_platform != 'win32' \\\n    --hash=sha256:11\n")
    )
    assert requirements(lock, ["a"]) == "a==2 ; sys_platform != 'win32' \\\n    --hash=sha256:11\n"


def test_an_entry_without_hashes_stops_it(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"requirements\.lock: \[a==1\] has no version with hashes"):
        read_lock(_lock(tmp_path, "a==1\n"))


def test_a_package_that_is_not_locked_is_named() -> None:
    with pytest.raises(Misconfigured, match=r"does not pin \[pip\]"):
        needed(LOCK, ["pip"])


def test_an_installation_that_is_not_the_locked_one_is_named(tmp_path: Path) -> None:
    lock = read_lock(_lock(tmp_path, "pyyaml==1.0 \\\n    --hash=sha256:00\n"))
    with pytest.raises(
        Misconfigured, match=r"\[pyyaml\] is installed as \[.+\], requirements\.lock pins \[1\.0\]"
    ):
        needed(lock, ["PyYAML"])
    absent = read_lock(_lock(tmp_path, "not-there==1.0 \\\n    --hash=sha256:00\n"))
    with pytest.raises(Misconfigured, match=r"\[not-there\] of requirements\.lock is not installed"):
        needed(absent, ["not-there"])
