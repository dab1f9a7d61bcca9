"""The warehouse in BigQuery, through its own client library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared.errors import FieldError, InvalidInput, Misconfigured, Unavailable
from shared.ports import Parameter, Row
from shared.sql_catalogue import SQL_ROOT, Catalogue, NamedQuery, Table
from shared.warehouse_values import bind, decode_rows, encode_rows

if TYPE_CHECKING:
    from google.cloud import bigquery

# A streaming request may hold 10 MB and 50,000 rows; 500 is what BigQuery recommends, more is faster in bulk.
_BATCH = 2_000
_GIBIBYTE = 1024**3


class BigQueryWarehouse:
    """Tables and statements of `sql_root` in the client's project.

    `timeout_s` bounds each call, retries included. `maximum_bytes_billed` refuses a query that would scan
    more: one that misses its partition.
    """

    def __init__(
        self,
        client_factory: Callable[[], bigquery.Client],
        sql_root: Path = SQL_ROOT,
        *,
        timeout_s: float = 20.0,
        maximum_bytes_billed: int = 20 * _GIBIBYTE,
    ) -> None:
        self._client_factory = client_factory
        self._catalogue = Catalogue(sql_root)
        self._timeout_s = timeout_s
        self._maximum_bytes_billed = maximum_bytes_billed

    def query(self, name: str, parameters: Mapping[str, Parameter]) -> list[Row]:
        query = self._catalogue.query(name)
        bound = bind(query, parameters)
        with typed_errors(name):
            rows = self._client.query_and_wait(
                query.sql,
                job_config=self._job_config(query, bound),
                api_timeout=self._timeout_s,
                wait_timeout=self._timeout_s,
                retry=self._retry,
                job_retry=None,  # type: ignore[arg-type]  # None is documented: a failed job is not run again
            )
            names = [field.name for field in rows.schema]
            return decode_rows(query, names, (row.values() for row in rows))

    def append(self, table: str, rows: Iterable[Row]) -> None:
        target = self._catalogue.table(table)
        encoded = iter(encode_rows(target, rows))
        with typed_errors(table):
            while batch := list(islice(encoded, _BATCH)):
                self._insert(target, batch)

    def _insert(self, table: Table, batch: Sequence[dict[str, Any]]) -> None:
        # BigQuery drops a repeated id seen within a minute; what comes later the queries leave out by key.
        ids = ["|".join(str(row[name]) for name in table.natural_key) for row in batch]
        failures = self._client.insert_rows_json(
            f"{self._client.project}.{table.full_name}",
            batch,
            row_ids=ids if len(set(ids)) == len(ids) else [None] * len(ids),
            retry=self._retry,
            timeout=self._timeout_s,
        )
        if failures:
            raise _refused(table, failures)

    def _job_config(self, query: NamedQuery, bound: Mapping[str, Any]) -> bigquery.QueryJobConfig:
        from google.cloud import bigquery

        return bigquery.QueryJobConfig(
            query_parameters=[
                bigquery.ArrayQueryParameter(parameter.name, "STRING", bound[parameter.name] or [])
                if parameter.type == "ARRAY<STRING>"
                else bigquery.ScalarQueryParameter(parameter.name, parameter.type, bound[parameter.name])
                for parameter in query.parameters
            ],
            maximum_bytes_billed=self._maximum_bytes_billed,
        )

    @cached_property
    def _client(self) -> bigquery.Client:
        return self._client_factory()

    @cached_property
    def _retry(self) -> Any:
        from google.cloud.bigquery.retry import DEFAULT_RETRY

        return DEFAULT_RETRY.with_timeout(self._timeout_s)


def bigquery_client(
    project: str, location: str | None = None, endpoint: str | None = None
) -> bigquery.Client:
    """A client with the platform's own credentials, or with none against a local `endpoint`."""
    from google.auth.credentials import AnonymousCredentials
    from google.cloud import bigquery

    if endpoint is None:
        return bigquery.Client(project=project, location=location)
    return bigquery.Client(
        project=project,
        location=location,
        credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]  # the library has no types here
        client_options={"api_endpoint": endpoint},
    )


def _refused(table: Table, failures: Sequence[Mapping[str, Any]]) -> InvalidInput:
    """BigQuery stops the whole request for one bad row and lists the others as `stopped`."""
    errors = [(failure["index"], error) for failure in failures for error in failure["errors"]]
    index, first = next((pair for pair in errors if pair[1].get("reason") != "stopped"), errors[0])
    column = first.get("location") or "?"
    message = first.get("message") or first.get("reason") or "was refused"
    text = f"Row [{index}] does not fit table [{table.full_name}]: column [{column}] {message}."
    return InvalidInput(text, errors=(FieldError(column, message),))


@contextmanager
def typed_errors(name: str) -> Iterator[None]:
    """A statement or table BigQuery refuses is ours to mend; everything else may pass when tried again."""
    import concurrent.futures

    import requests
    from google.api_core import exceptions
    from google.auth.exceptions import GoogleAuthError, RefreshError

    transient = (
        exceptions.ServerError,
        exceptions.TooManyRequests,
        exceptions.RetryError,
        exceptions.Conflict,
        requests.RequestException,
        concurrent.futures.TimeoutError,
        ConnectionError,
    )
    try:
        yield
    except RefreshError as error:
        raise Misconfigured(f"BigQuery credentials for [{name}] do not hold: {error}") from error
    except (*transient, GoogleAuthError) as error:
        raise Unavailable(f"BigQuery did not answer [{name}] in time: {error}") from error
    except exceptions.GoogleAPICallError as error:
        if _is_rate_limit(error):
            raise Unavailable(f"BigQuery takes no more of [{name}] now: {error}") from error
        raise Misconfigured(f"BigQuery refuses [{name}]: {error}") from error


def _is_rate_limit(error: Any) -> bool:
    """BigQuery answers its rate limits with 403 and a reason, not with 429."""
    reasons = {detail.get("reason") for detail in error.errors or () if isinstance(detail, Mapping)}
    return bool(reasons & {"rateLimitExceeded", "backendError", "quotaExceeded", "jobRateLimitExceeded"})
