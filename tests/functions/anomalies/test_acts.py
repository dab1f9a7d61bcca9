"""A finding is seen, taken, put off, called expected and taken back, by those who may, each once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from shared.links import digest
from shared.ports import Query, Write
from shared.testing.harness import Harness, running
from tests.functions.anomaly_rig import (
    entry,
    findings,
    ordinary,
    post,
    recorded_long_ago,
    requests,
    run,
    today,
)


@pytest.fixture
def harness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    with running(tmp_path_factory.mktemp("product")) as product:
        recorded_long_ago(product, list(ordinary(today(product))))
        yield product


@pytest.fixture
def finding(harness: Harness) -> Mapping[str, Any]:
    fake = entry("FAKE-1", today(harness), "C", "transport", 5000.0, counterparty="Jane Doe")
    post(harness, [fake])
    run(harness)
    [found] = findings(harness)
    return found


def act(harness: Harness, finding: Mapping[str, Any], what: str, persona: str = "ceo", **body: Any) -> Any:
    path = f"/api/anomalies/{finding['finding_id']}/{what}"
    return harness.call("POST", path, json=body, persona=persona)


def audited(harness: Harness, kind: str) -> list[dict[str, Any]]:
    return [one["data"] for one in harness.events("audit-recorded") if one["data"]["type"] == kind]


def test_a_finding_is_shown_with_its_row_the_range_and_the_reasons(
    harness: Harness, finding: Mapping[str, Any]
) -> None:
    listed = harness.call("GET", "/api/anomalies", persona="ceo").json()
    assert [one["finding_id"] for one in listed["findings"]] == [finding["finding_id"]]
    assert listed["next"] is None
    shown = harness.call("GET", f"/api/anomalies/{finding['finding_id']}", persona="ceo").json()
    assert shown["rows"][0]["entry_id"] == "FAKE-1" and shown["rows"][0]["counterparty"] == "Jane Doe"
    assert float(shown["expected_high_usd"]) < 1000 < float(shown["value_usd"])
    assert any("standard deviations" in line for line in shown["why"])


def test_pages_of_findings_follow_each_other(harness: Harness, finding: Mapping[str, Any]) -> None:
    post(harness, [entry("FAKE-2", today(harness) - timedelta(days=1), "C", "fuel", 9000.0)])
    run(harness)
    first = harness.call("GET", "/api/anomalies?limit=1", persona="ceo").json()
    second = harness.call("GET", f"/api/anomalies?limit=1&after={first['next']}", persona="ceo").json()
    ids = [first["findings"][0]["finding_id"], second["findings"][0]["finding_id"]]
    assert len(set(ids)) == 2
    assert harness.call("GET", "/api/anomalies?state=expected", persona="ceo").json()["findings"] == []


@pytest.mark.parametrize("persona", ["advisor", "sales", "mechanic", "driver"])
def test_money_is_not_everybodys(harness: Harness, finding: Mapping[str, Any], persona: str) -> None:
    assert harness.call("GET", "/api/anomalies", persona=persona).status == 403
    assert act(harness, finding, "expected", persona).status == 403


def test_another_dealership_sees_and_changes_nothing(harness: Harness, finding: Mapping[str, Any]) -> None:
    path = f"/api/anomalies/{finding['finding_id']}"
    assert harness.call("GET", path, persona="ceo", tenant="northside").status == 404
    assert harness.call("POST", f"{path}/expected", json={}, persona="ceo", tenant="northside").status == 404
    assert harness.call("GET", "/api/anomalies", persona="ceo", tenant="northside").json()["findings"] == []


def test_expected_retunes_the_series_once_and_is_in_the_ledger(
    harness: Harness, finding: Mapping[str, Any]
) -> None:
    assert act(harness, finding, "expected", note="quarterly carrier fee").json()["state"] == "expected"
    assert act(harness, finding, "expected").json()["state"] == "expected"
    [row] = audited(harness, "anomaly.expected")
    assert row["actor"] == "users/ceo"
    post(harness, [entry("FAKE-2", today(harness) - timedelta(days=2), "C", "transport", 5100.0)])
    assert run(harness)["new"] == 0
    post(harness, [entry("FAKE-3", today(harness) - timedelta(days=3), "C", "transport", 9000.0)])
    assert run(harness)["told"] == 1


def test_expected_is_taken_back_and_the_series_is_as_it_was(
    harness: Harness, finding: Mapping[str, Any]
) -> None:
    act(harness, finding, "expected")
    assert act(harness, finding, "unexpected").json()["state"] == "open"
    assert harness.call("GET", "/api/anomaly-series", persona="ceo").json()["series"] == []
    assert act(harness, finding, "unexpected").json()["state"] == "open"
    assert len(audited(harness, "anomaly.unexpected")) == 1


def test_what_was_changed_since_is_not_taken_back_over_somebodys_head(
    harness: Harness, finding: Mapping[str, Any]
) -> None:
    act(harness, finding, "expected")
    reset = f"/api/anomaly-series/{finding['series']}"
    assert harness.call("DELETE", reset, persona="ceo").status == 204
    assert act(harness, finding, "unexpected").status == 409
    assert harness.call("DELETE", reset, persona="ceo").status == 404


def test_a_document_that_was_expected_twice_is_told_no_more_until_that_is_taken_back(
    harness: Harness,
) -> None:
    paper = {"document_number": "INV-9", "counterparty": "Jane Doe"}
    on = today(harness) - timedelta(days=1)
    post(harness, [entry(f"P-{number}", on, "A", "rent", 800.0, **paper) for number in (1, 2)])
    run(harness)
    [twice] = findings(harness)
    assert twice["family"] == "posted_twice" and set(twice["entry_ids"]) == {"P-1", "P-2"}
    act(harness, twice, "expected")
    [row] = audited(harness, "anomaly.expected")
    assert "Jane" not in row["detail"] and "INV-9" not in row["detail"]
    accepted = harness.tenant().documents.query(Query("anomaly_accepted"))
    assert [one.data["about"] for one in accepted] == ["document|INV-9"]
    post(harness, [entry("P-3", on, "A", "rent", 800.0, **paper)])
    assert run(harness)["new"] == 0
    act(harness, twice, "unexpected")
    assert harness.tenant().documents.query(Query("anomaly_accepted")) == []
    assert run(harness)["new"] == 1


def test_a_snoozed_finding_is_told_once_more_when_its_time_is_over(
    harness: Harness, finding: Mapping[str, Any]
) -> None:
    assert act(harness, finding, "snooze", days=3).json()["state"] == "snoozed"
    assert run(harness)["reminded"] == 0
    document = harness.tenant().documents.get(f"anomalies/{finding['finding_id']}")
    assert document is not None
    over = {**document.data, "snoozed_until": harness.platform.clock.now()}
    harness.tenant().documents.commit([Write(document.path, over)])
    assert run(harness)["reminded"] == 1 and run(harness)["reminded"] == 0
    assert [one["summary"].startswith("Put off") for one in requests(harness)] == [False, True]


def test_a_series_that_was_put_off_is_quiet(harness: Harness, finding: Mapping[str, Any]) -> None:
    act(harness, finding, "snooze", days=3, whole_series=True)
    post(harness, [entry("FAKE-9", today(harness) - timedelta(days=1), "C", "transport", 50000.0)])
    assert run(harness)["new"] == 0


def test_acknowledging_twice_is_acknowledging_once(harness: Harness, finding: Mapping[str, Any]) -> None:
    for _ in range(2):
        assert act(harness, finding, "acknowledge", note="calling them").json()["state"] == "acknowledged"
    shown = harness.call("GET", f"/api/anomalies/{finding['finding_id']}", persona="ceo").json()
    assert [one["act"] for one in shown["history"]] == ["acknowledged"]


@pytest.mark.parametrize("days", [0, 91, "soon"])
def test_a_snooze_has_a_length(harness: Harness, finding: Mapping[str, Any], days: Any) -> None:
    answer = act(harness, finding, "snooze", days=days)
    assert answer.status == 422 and answer.json()["errors"][0]["field"] == "days"


def test_what_the_watch_looked_at_is_shown(harness: Harness) -> None:
    assert harness.call("GET", "/api/anomaly-watch", persona="ceo").json()["last_run_at"] is None
    post(harness, [entry("NEW-1", today(harness), "D", "charging", 900.0, direction="expense")])
    run(harness)
    shown = harness.call("GET", "/api/anomaly-watch", persona="ceo").json()
    assert (shown["series"], shown["learning"], shown["runs"]) == (4, 1, 1)
    assert findings(harness) == []


class TestLink:
    def test_the_link_shows_the_finding_without_names(
        self, harness: Harness, finding: Mapping[str, Any]
    ) -> None:
        shown = harness.call("GET", f"/api/public/alert/{finding['link_uuid']}")
        assert shown.status == 200 and "$5,000.00" in shown.json()["summary"]
        assert "Jane" not in shown.text
        page = harness.call("GET", f"/alert/{finding['link_uuid']}")
        assert page.status == 200 and page.headers["Content-Type"].startswith("text/html")
        assert "$5,000.00" in page.text and "<script" not in page.text and "Jane" not in page.text
        assert findings(harness)[0]["state"] == "open"

    def test_one_tap_retunes_the_series_and_says_who(
        self, harness: Harness, finding: Mapping[str, Any]
    ) -> None:
        path = f"/api/public/alert/{finding['link_uuid']}/expected"
        for _ in range(2):
            assert harness.call("POST", path).json()["state"] == "expected"
        [row] = audited(harness, "anomaly.expected")
        assert row["actor"] == f"public_links/{digest(finding['link_uuid'])[:16]}"
        form = harness.call("POST", path, headers={"Accept": "text/html,*/*"})
        assert form.status == 303 and form.headers["Location"] == f"/alert/{finding['link_uuid']}"
        assert "<form" not in harness.call("GET", f"/alert/{finding['link_uuid']}").text

    def test_a_link_nobody_issued_opens_nothing(self, harness: Harness, finding: Mapping[str, Any]) -> None:
        uuid = finding["link_uuid"]
        forged = uuid[:-1] + ("0" if uuid[-1] != "0" else "1")
        for path in (f"/api/public/alert/{forged}", f"/alert/{forged}", f"/api/public/quote/{uuid}"):
            assert harness.call("GET", path).status == 404
        assert harness.call("POST", f"/api/public/alert/{forged}/expected").status == 404


class TestRules:
    def test_the_dealerships_own_numbers_hold_from_the_next_run(self, harness: Harness) -> None:
        changed = harness.call("PUT", "/api/anomaly-rules", json={"min_change_usd": "20000"}, persona="ceo")
        assert changed.status == 200 and changed.json()["min_change_usd"] == "20000"
        post(harness, [entry("FAKE-1", today(harness), "C", "transport", 5000.0)])
        assert run(harness)["new"] == 0
        assert harness.call("PUT", "/api/anomaly-rules", json={}, persona="operator").status == 403
        harness.call("PUT", "/api/anomaly-rules", json={}, persona="ceo")
        assert run(harness)["told"] == 1
        assert len(audited(harness, "anomaly_rules.changed")) == 2

    def test_a_number_that_makes_no_sense_is_refused(self, harness: Harness) -> None:
        answer = harness.call("PUT", "/api/anomaly-rules", json={"strictness": -1}, persona="ceo")
        assert answer.status == 422 and answer.json()["errors"][0]["field"] == "strictness"


class TestApprovals:
    def approval(self, harness: Harness, **changes: Any) -> dict[str, Any]:
        on = today(harness)
        return {
            "document_number": "PO-77",
            "amount_usd": "5000.00",
            "valid_from": (on - timedelta(days=5)).isoformat(),
            "valid_to": (on + timedelta(days=5)).isoformat(),
            "reason": "new carrier contract",
            **changes,
        }

    def test_what_was_approved_is_not_told_and_what_exceeds_it_is(self, harness: Harness) -> None:
        body = self.approval(harness)
        for _ in range(2):
            answer = harness.call("POST", "/api/approved-expenses", json=body, persona="ceo")
            assert answer.status == 200 and answer.json()["state"] == "valid"
        assert len(audited(harness, "expense.approved")) == 1
        post(harness, [entry("BIG-1", today(harness), "C", "transport", 5000.0, document_number="PO-77")])
        assert run(harness)["new"] == 0
        post(harness, [entry("BIG-2", today(harness), "C", "transport", 4000.0, document_number="PO-77")])
        assert run(harness)["told"] == 1
        assert findings(harness)[0]["entry_ids"][0] == "BIG-2"

    def test_a_payee_and_category_can_be_approved(self, harness: Harness) -> None:
        body = self.approval(harness, document_number=None, counterparty="Lake HAULAGE", category="transport")
        assert harness.call("POST", "/api/approved-expenses", json=body, persona="ceo").status == 200
        # Of the same payee fees come every day; the approval is used up by them.
        post(
            harness, [entry("BIG-1", today(harness), "C", "transport", 50000.0, counterparty="Lake Haulage")]
        )
        assert run(harness)["told"] == 1

    def test_a_withdrawn_approval_explains_nothing(self, harness: Harness) -> None:
        made = harness.call(
            "POST", "/api/approved-expenses", json=self.approval(harness), persona="ceo"
        ).json()
        path = f"/api/approved-expenses/{made['approval_id']}/withdraw"
        for _ in range(2):
            assert harness.call("POST", path, json={}, persona="ceo").json()["state"] == "withdrawn"
        assert len(audited(harness, "expense.approval_withdrawn")) == 1
        post(harness, [entry("BIG-1", today(harness), "C", "transport", 5000.0, document_number="PO-77")])
        assert run(harness)["told"] == 1
        listed = harness.call("GET", "/api/approved-expenses", persona="operator").json()["approvals"]
        assert [one["state"] for one in listed] == ["withdrawn"]

    @pytest.mark.parametrize(
        "changes",
        [
            {"document_number": None},
            {"counterparty": "X", "category": "fuel"},
            {"amount_usd": "0"},
            {"valid_to": "2020-01-01"},
            {"reason": " "},
        ],
        ids=str,
    )
    def test_an_approval_says_what_it_covers(self, harness: Harness, changes: dict[str, Any]) -> None:
        body = self.approval(harness, **changes)
        assert harness.call("POST", "/api/approved-expenses", json=body, persona="ceo").status == 422

    def test_only_the_ceo_approves(self, harness: Harness) -> None:
        body = self.approval(harness)
        for persona in ("operator", "advisor"):
            assert harness.call("POST", "/api/approved-expenses", json=body, persona=persona).status == 403
