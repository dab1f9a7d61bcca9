"""Fixtures every test may use, and the rule that tests on the emulators are not skipped quietly."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from shared.observability import traces
from shared.testing.emulators import FIXTURES, find_emulators

pytest_plugins = ["shared.testing.emulator_fixtures"]
# Named here because whoever is collected first imports it.
pytest.register_assert_rewrite("shared.testing.contracts", "tests.functions.plate_composer.reckoning")


@pytest.fixture(autouse=True)
def _spans_go_where_they_went() -> Iterator[None]:
    """Where spans go is a process's own; a test that builds a platform must not send the next one's there."""
    make_exporter, each_request = traces._state.make_exporter, traces._state.each_request
    yield
    if traces._state.make_exporter is not make_exporter:
        traces.trace_to(make_exporter, each_request=each_request)


_wanting: set[str] = set()
_skipped: list[str] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if FIXTURES & set(getattr(item, "fixturenames", ())):
            _wanting.add(item.nodeid)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and report.nodeid in _wanting:
        _skipped.append(report.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _wanting:
        ran = len(_wanting) - len(_skipped)
        terminalreporter.write_line(f"emulator tests: {ran} ran, {len(_skipped)} skipped")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """On CI a skipped emulator test is a hole: with the emulators at hand it fails the run."""
    if os.environ.get("CI") == "true" and _skipped and not find_emulators().missing:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
