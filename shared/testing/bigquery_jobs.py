"""Jobs of the local BigQuery server: pages of a query's result, and files loaded into a table."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

Answer = tuple[int, dict[str, str], dict[str, Any]]
"""Status, headers and body."""


class BigQueryJobs:
    """`append(table, rows)` is what a load job ends in. An id is taken once, as in the service."""

    def __init__(self, append: Callable[[str, Iterable[dict[str, Any]]], None]) -> None:
        self._append = append
        self._results: dict[str, dict[str, Any]] = {}
        self._uploads: dict[str, tuple[dict[str, Any], bytearray]] = {}
        self._loads: dict[str, dict[str, Any]] = {}
        self.loads = 0
        """Load jobs that ran to their end."""

    def first_page(self, result: dict[str, Any], page_size: int) -> dict[str, Any]:
        """The whole result, or its beginning with the token of the rest."""
        if len(result["rows"]) <= page_size:
            return result
        self._results[result["jobReference"]["jobId"]] = result
        return {**result, "rows": result["rows"][:page_size], "pageToken": str(page_size)}

    def page(self, job: str, query: Mapping[str, str]) -> dict[str, Any]:
        result, start = self._results[job], int(query.get("pageToken", 0))
        size = int(query.get("maxResults", len(result["rows"])))
        token = {"pageToken": str(start + size)} if start + size < len(result["rows"]) else {}
        return {**result, "rows": result["rows"][start : start + size], **token}

    def job(self, job: str) -> dict[str, Any]:
        if job in self._loads:
            return self._loads[job]
        table = {"projectId": "local", "datasetId": "temporary", "tableId": job}
        kind = {"query": {"query": "SELECT 1", "destinationTable": table}}
        return _done(job, {"jobType": "QUERY", **kind}, {"query": {"statementType": "SELECT"}})

    def upload(self, query: Mapping[str, str], headers: Mapping[str, str], body: bytes, host: str) -> Answer:
        """A resumable upload: the job's description first, then the file in chunks."""
        if "upload_id" not in query:
            description = json.loads(body)
            job = str(description["jobReference"]["jobId"])
            if job in self._loads:
                return 409, {}, {"error": {"code": 409, "message": f"Already Exists: Job {job}"}}
            self._uploads[job] = (description, bytearray())
            place = f"{host}/upload/bigquery/v2/projects/local/jobs?uploadType=resumable&upload_id={job}"
            return 200, {"Location": place}, {}
        description, content = self._uploads[query["upload_id"]]
        content += body
        if headers["content-range"].endswith("/*"):
            return 308, {"Range": f"bytes=0-{len(content) - 1}"}, {}
        return 200, {}, self._load(query["upload_id"], description, bytes(content))

    def _load(self, job: str, description: dict[str, Any], content: bytes) -> dict[str, Any]:
        target = description["configuration"]["load"]["destinationTable"]
        rows = [json.loads(line) for line in content.splitlines()]
        configuration = {"jobType": "LOAD", **description["configuration"]}
        self._loads[job] = _done(job, configuration, {"load": {"outputRows": str(len(rows))}})
        try:
            self._append(f"{target['datasetId']}.{target['tableId']}", rows)
            self.loads += 1
        except Exception as error:  # noqa: BLE001 - whatever the engine says, the job has failed
            said = {"reason": "invalid", "message": str(error)}
            self._loads[job]["status"] |= {"errorResult": said, "errors": [said]}
        return self._loads[job]


def _done(job: str, configuration: dict[str, Any], statistics: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": "bigquery#job",
        "id": f"local:US.{job}",
        "jobReference": {"projectId": "local", "jobId": job, "location": "US"},
        "configuration": configuration,
        "status": {"state": "DONE"},
        "statistics": statistics,
    }
