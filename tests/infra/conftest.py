"""What the checks of terraform/ share, and the rule that none of them is skipped quietly."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.infra import installation, offline
from tests.infra.offline import Plan
from tests.infra.provider_schema import HERE, MissingSchema, schema_file
from tests.infra.workspace import MISSING

_skipped: list[str] = []


@pytest.fixture(scope="session")
def terraform() -> str:
    """The program; a test that asks for it is skipped where it, or the provider's schema, cannot be had."""
    program = shutil.which("terraform")
    if program is None:
        pytest.skip(MISSING)
    try:
        schema_file()
    except MissingSchema as error:
        pytest.skip(str(error))
    return program


@pytest.fixture
def small(terraform: str, tmp_path: Path) -> Path:
    """A copy of the sample configuration; its root is `small`."""
    return Path(shutil.copytree(HERE / "samples" / "terraform", tmp_path / "terraform"))


@pytest.fixture(scope="session")
def foundation_plan(terraform: str) -> Plan:
    return offline.plan("foundation", installation.variables())


@pytest.fixture(scope="session")
def product_plan(terraform: str) -> Plan:
    return offline.plan("product", installation.variables())


@pytest.fixture(scope="session")
def foundation(terraform: str) -> Plan:
    """terraform/foundation applied to a made-up cloud: every value known."""
    return offline.applied("foundation", installation.variables())


@pytest.fixture(scope="session")
def product(terraform: str) -> Plan:
    """terraform/product applied to a made-up cloud: every value known."""
    return offline.applied("product", installation.variables())


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped:
        _skipped.append(report.nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """On CI a skipped check is a hole: where Terraform is at hand it fails the run."""
    if os.environ.get("CI") == "true" and _skipped and shutil.which("terraform"):
        print(f"skipped although terraform is here: {', '.join(_skipped)}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
