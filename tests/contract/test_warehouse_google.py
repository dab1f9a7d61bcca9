"""What only the BigQuery warehouse has to stand: a service that is away, slow or says no."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.embedded.bigquery_engine import BigQueryEngine
from shared.adapters.google.warehouse import BigQueryWarehouse, bigquery_client
from shared.errors import InvalidInput, Misconfigured, Unavailable
from shared.testing.bigquery_stub import BigQueryStub

PROBES = Path(__file__).parent / "warehouse_sql"
TABLE, BACK = "probe.every_type_v1", "probe/every_type_back_v1"
ROW: dict[str, Any] = {"tenant_id": "t", "probe_id": "p1"}


@pytest.fixture
def stub(tmp_path: Path) -> Iterator[BigQueryStub]:
    engine = BigQueryEngine(tmp_path / "behind.duckdb", PROBES)
    with BigQueryStub(engine) as stub:
        yield stub
    engine.close()


def _warehouse(endpoint: str, timeout_s: float = 20.0) -> BigQueryWarehouse:
    return BigQueryWarehouse(lambda: bigquery_client("local", endpoint=endpoint), PROBES, timeout_s=timeout_s)


def _probes(warehouse: BigQueryWarehouse) -> list[str]:
    return [row["probe_id"] for row in warehouse.query(BACK, {"tenant_id": "t"})]


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_service_that_stumbles_once_is_asked_again(stub: BigQueryStub, status: int) -> None:
    reason = "rateLimitExceeded" if status == 429 else "backendError"
    warehouse = _warehouse(stub.endpoint)
    stub.fail_next(status, reason)
    warehouse.append(TABLE, [ROW])
    stub.fail_next(status, reason)
    assert _probes(warehouse) == ["p1"]
    assert stub.requests == 4


def test_a_service_that_stays_away_is_unavailable_within_the_timeout(stub: BigQueryStub) -> None:
    stub.fail_next(503, times=1_000)
    warehouse = _warehouse(stub.endpoint, timeout_s=1.5)
    for ask in (lambda: _probes(warehouse), lambda: warehouse.append(TABLE, [ROW])):
        began = time.monotonic()
        with pytest.raises(Unavailable, match=r"\[probe"):
            ask()
        assert time.monotonic() - began < 5


def test_a_service_that_is_too_slow_is_unavailable_within_the_timeout(stub: BigQueryStub) -> None:
    stub.delay_s = 1.5
    warehouse = _warehouse(stub.endpoint, timeout_s=0.4)
    for ask in (lambda: _probes(warehouse), lambda: warehouse.append(TABLE, [ROW])):
        began = time.monotonic()
        with pytest.raises(Unavailable, match=r"did not answer \[probe"):
            ask()
        assert time.monotonic() - began < 4


def test_nobody_listening_is_unavailable(stub: BigQueryStub) -> None:
    endpoint = stub.endpoint
    stub.close()
    with pytest.raises(Unavailable, match="did not answer"):
        _probes(_warehouse(endpoint, timeout_s=0.5))


def test_a_rate_limit_said_as_forbidden_is_unavailable_but_a_missing_right_is_ours_to_mend(
    stub: BigQueryStub,
) -> None:
    warehouse = _warehouse(stub.endpoint, timeout_s=0.5)
    stub.fail_next(403, "quotaExceeded")
    with pytest.raises(Unavailable, match="takes no more"):
        _probes(warehouse)
    stub.fail_next(403, "accessDenied")
    with pytest.raises(Misconfigured, match=r"refuses \[probe/every_type_back_v1\]"):
        _probes(warehouse)


def test_a_table_that_does_not_exist_there_is_ours_to_mend(stub: BigQueryStub) -> None:
    stub.fail_next(404, "notFound")
    with pytest.raises(Misconfigured, match=r"refuses \[probe.every_type_v1\]"):
        _warehouse(stub.endpoint).append(TABLE, [ROW])


class _OlderTables:
    """A service whose table is older than the code: it does not know the newest column."""

    def run(self, *_: Any) -> tuple[list[dict[str, str]], list[tuple[Any, ...]]]:
        return [], []

    def append(self, table: str, rows: Any) -> None:
        from shared.errors import FieldError

        raise InvalidInput("no", errors=(FieldError("document", "no such field"),))


def test_a_row_the_service_refuses_is_named_by_column() -> None:
    with BigQueryStub(_OlderTables()) as stub:
        warehouse = _warehouse(stub.endpoint)
        with pytest.raises(InvalidInput, match=r"\[probe.every_type_v1\]: column \[document\] no such field"):
            warehouse.append(TABLE, [ROW])


def test_a_result_that_differs_from_its_metadata_is_ours_to_mend() -> None:
    with (
        BigQueryStub(_OlderTables()) as stub,
        pytest.raises(Misconfigured, match=r"gives columns \[\] but declares"),
    ):
        _probes(_warehouse(stub.endpoint))


def test_the_client_is_made_when_it_is_first_needed() -> None:
    def make() -> Any:
        raise AssertionError("nobody needs a client yet")

    with pytest.raises(InvalidInput):
        BigQueryWarehouse(make, PROBES).append(TABLE, [{"tenant_id": "t"}])
