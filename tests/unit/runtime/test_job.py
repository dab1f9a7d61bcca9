"""A job's process: its handler once for every tenant, exit 0 or 1."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.errors import Unavailable
from shared.local.tenants import seed_tenants
from shared.manifest import ROOT
from shared.platform import Platform
from shared.ports import Query
from shared.runtime.entry import entry_point
from shared.runtime.job import run_job
from shared.runtime.work import UnitOfWork
from shared.settings import variable
from shared.testing.harness import settings_for
from shared.testing.local_cloud import process_environment
from shared.wiring import build_platform, install

MANIFEST = """
name: nightly
meaning: Counts every night, for a test of the job's process.
primitive: nightly
kind: job
handler: count
publishes: [audit-recorded]
ports: [documents, bus, tokens]
"""
MAIN = """
import time
from shared.errors import Unavailable
from shared.runtime.entry import entry_point
from shared.runtime.job import run_job
from shared.runtime.work import UnitOfWork

def count(work: UnitOfWork) -> dict[str, int]:
    known = work.get("counts/nightly")
    work.put("counts/nightly", {"runs": (known.data["runs"] if known else 0) + 1})
    BODY
    return {"counted": 1}

nightly = entry_point(__file__, count)
raise SystemExit(run_job(nightly))
"""
FAILS = 'if work.tenant.tenant_id == "autohaus": raise ValueError("Ann Moreno called")'
AWAY = 'if work.tenant.tenant_id == "autohaus": raise Unavailable("the store is away")'
WAITS = 'print("waiting", flush=True); time.sleep(60)'


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    platform = build_platform(settings_for(tmp_path / "data"))
    seed_tenants(platform)
    yield platform
    platform.close()


def _start(folder: Path, body: str = "pass") -> subprocess.Popen[str]:
    job = folder / "nightly"
    job.mkdir()
    (job / "function.yaml").write_text(MANIFEST)
    (job / "main.py").write_text(MAIN.replace("BODY", body))
    environment = process_environment({variable("data_dir"): str(folder / "data")})
    return subprocess.Popen(
        [sys.executable, str(job / "main.py")],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _ended(process: subprocess.Popen[str]) -> tuple[int, list[dict[str, Any]]]:
    _, errors = process.communicate(timeout=30)
    return process.returncode, [json.loads(line) for line in errors.splitlines()]


def _runs(platform: Platform, tenant: str) -> int:
    found = platform.documents.get(f"tenants/{tenant}/counts/nightly")
    return int(found.data["runs"]) if found else 0


def test_a_job_runs_once_for_every_tenant_and_exits_0(tmp_path: Path, platform: Platform) -> None:
    status, lines = _ended(_start(tmp_path))
    assert status == 0
    assert (_runs(platform, "autohaus"), _runs(platform, "northside")) == (1, 1)
    assert lines[-1] | {"time": ""} == {
        "severity": "INFO",
        "message": "the job is done",
        "time": "",
        "function": "nightly",
        "tenants": 2,
    }


def test_a_tenant_that_fails_makes_it_exit_1_and_the_others_have_their_run(
    tmp_path: Path, platform: Platform
) -> None:
    status, lines = _ended(_start(tmp_path, FAILS))
    assert status == 1
    assert (_runs(platform, "autohaus"), _runs(platform, "northside")) == (0, 1)
    told = [line for line in lines if line["message"] == "the job failed for a tenant"]
    assert [(line["severity"], line["tenant"]) for line in told] == [("ERROR", "autohaus")]
    assert "Moreno" not in json.dumps(lines)


def test_a_store_that_is_away_for_one_tenant_makes_it_exit_1(tmp_path: Path, platform: Platform) -> None:
    status, lines = _ended(_start(tmp_path, AWAY))
    assert (status, lines[-1]["failed"]) == (1, 1)


class _Away:
    def query(self, query: Query) -> list[Any]:
        raise Unavailable("Firestore does not answer")


def test_a_store_that_is_away_at_all_makes_it_exit_1_with_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def nightly(work: UnitOfWork) -> None:
        raise AssertionError("there is no tenant to run for")

    (tmp_path / "nightly").mkdir()
    manifest = MANIFEST.replace("handler: count", "handler: nightly")
    (tmp_path / "nightly" / "function.yaml").write_text(manifest)
    entry = entry_point(str(tmp_path / "nightly" / "main.py"), nightly)
    install(build_platform(settings_for(tmp_path), {"documents": lambda _: _Away()}))
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert run_job(entry) == 1
    finally:
        signal.signal(signal.SIGTERM, before)
        install(None)
    why, last = (json.loads(line) for line in capsys.readouterr().err.splitlines()[-2:])
    assert (why["error"], last["message"], last["tenants"]) == ("Unavailable", "the job failed", 0)


def test_told_to_end_it_exits_1_and_commits_nothing_of_the_run(tmp_path: Path, platform: Platform) -> None:
    process = _start(tmp_path, WAITS)
    assert process.stdout is not None and process.stdout.readline() == "waiting\n"
    process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    status, lines = _ended(process)
    assert (status, time.monotonic() - began < 5) == (1, True)
    assert [line["message"] for line in lines][-1] == "the job was told to end"
    assert (_runs(platform, "autohaus"), _runs(platform, "northside")) == (0, 0)
    assert platform.documents.query(Query("outbox")) == []
