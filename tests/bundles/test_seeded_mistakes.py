"""What the boots are to find out is found out: bundles made wrong on purpose."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from shared.deploy.bundle_lock import read_lock, requirements
from shared.manifest import ROOT
from shared.testing.local_cloud import LocalCloud
from tests.benchmarks.first_request import Ground
from tests.bundles.deployed import Place, run_to_end, serving
from tests.bundles.environments import DONE, InstallError, install
from tests.bundles.first_answers import first_answer

Spoiled = Callable[[str], Place]


@pytest.fixture
def spoiled(places: Mapping[str, Place], tmp_path: Path) -> Spoiled:
    """A copy of a function's bundle to break."""

    def copy(name: str) -> Place:
        bundle, notes = tmp_path / "bundle", tmp_path / "notes"
        shutil.copytree(places[name].bundle, bundle)
        notes.mkdir()
        return replace(places[name], bundle=bundle, notes=notes)

    return copy


def _without(place: Place, file: str) -> None:
    (place.bundle / file).unlink()
    for compiled in (place.bundle / file).parent.glob(f"__pycache__/{Path(file).stem}.*.pyc"):
        compiled.unlink()


def _answer(cloud: LocalCloud, ground: Ground, place: Place) -> None:
    with serving(place, cloud.variables()) as process:
        first_answer(cloud, ground, place.manifest, process)


def test_a_file_imported_at_the_start_that_is_not_shipped(
    spoiled: Spoiled, cloud: LocalCloud, ground: Ground
) -> None:
    place = spoiled("chat")
    _without(place, "shared/runtime/outbox.py")
    with pytest.raises(RuntimeError, match=r"No module named 'shared\.runtime\.outbox'"):
        _answer(cloud, ground, place)


def test_a_file_imported_later_that_is_not_shipped(
    spoiled: Spoiled, cloud: LocalCloud, ground: Ground
) -> None:
    place = spoiled("chat")
    _without(place, "shared/adapters/google/signing_keys.py")
    with pytest.raises(RuntimeError, match=r"\[POST /api/chat\] answered 500"):
        _answer(cloud, ground, place)


def test_a_query_that_is_not_shipped(spoiled: Spoiled, cloud: LocalCloud, ground: Ground) -> None:
    place = spoiled("system")
    shutil.rmtree(place.bundle / "sql" / "plates" / "ledger_age_v1")
    _answer(cloud, ground, place)  # which calls the product degraded
    assert any("NotFound" in line for line in place.troubles())


def test_a_model_that_is_not_shipped(spoiled: Spoiled, cloud: LocalCloud, ground: Ground) -> None:
    place = spoiled("membrane")
    shutil.rmtree(place.bundle / "model")
    cloud.gemini.statuses[:] = [503] * 20
    with pytest.raises(AssertionError, match="500"):
        _answer(cloud, ground, place)
    cloud.gemini.statuses.clear()


def test_a_data_file_that_is_not_shipped(spoiled: Spoiled, cloud: LocalCloud, ground: Ground) -> None:
    place = spoiled("plate_composer")
    (place.bundle / "functions" / "plate_composer" / "follow_ups.yaml").unlink()
    with pytest.raises(AssertionError, match="500"):
        _answer(cloud, ground, place)
    assert place.missed() == [place.bundle / "functions" / "plate_composer" / "follow_ups.yaml"]


def test_a_package_the_requirements_lack(
    places: Mapping[str, Place], spoiled: Spoiled, cloud: LocalCloud, ground: Ground
) -> None:
    place = replace(spoiled("crm_intake"), environment=places["chat"].environment)
    with pytest.raises(RuntimeError, match=r"\[POST /api/crm/intake\] answered 500"):
        _answer(cloud, ground, place)


def test_requirements_that_do_not_name_what_they_depend_on(tmp_path: Path) -> None:
    lacking = tmp_path / "requirements.txt"
    lacking.write_text(requirements(read_lock(ROOT / "requirements.lock"), ["uvicorn", "click"]))
    with pytest.raises(InstallError, match=r"must have their versions pinned[^\0]* h11"):
        install(tmp_path / "environment", lacking)
    assert not (tmp_path / "environment" / DONE).exists()


def test_code_taken_from_the_checkout(spoiled: Spoiled, cloud: LocalCloud, ground: Ground) -> None:
    place = spoiled("chat")
    shutil.rmtree(place.bundle / "shared")
    shutil.rmtree(place.bundle / "functions")
    (place.bundle / "main.py").write_text(
        f"import sys\nsys.path.append({str(ROOT)!r})\nfrom functions.chat.main import chat\n"
    )
    shutil.rmtree(place.bundle / "__pycache__")
    _answer(cloud, ground, place)
    assert any(path.is_relative_to(ROOT / "shared") for path in place.foreign())


def test_a_job_whose_code_is_incomplete(spoiled: Spoiled, cloud: LocalCloud) -> None:
    place = spoiled("identity_training")
    _without(place, "functions/identity_training/estimate.py")
    assert run_to_end(place, cloud.variables()) == 1
    assert "No module named 'functions.identity_training.estimate'" in place.log.read_text()
