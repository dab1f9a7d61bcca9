"""The bill is arithmetic over tables: each part can be worked out by hand, and nothing is left out."""

from __future__ import annotations

import math
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from functions.system.live_checks import KEPT_S
from shared.brain.registry import load_registry
from shared.deploy.cost.estimate import Line, bill, total, unconsidered
from shared.deploy.cost.inputs import FOLDER, SAMPLE_TENANTS, Inputs, Price, read_inputs
from shared.deploy.cost.page import FROM_OUTSIDE, cost_page, metric_references
from shared.deploy.cost.usage import MINUTES, calls_of_a_month, scan_bytes, seconds_of, usage
from shared.deploy.derived_terraform import tables_in
from shared.errors import Misconfigured
from shared.manifest import ROOT, all_manifests
from shared.settings import Settings
from shared.sql_catalogue import SQL_ROOT, Catalogue
from tests.cost.operations import KEPT, different, measure, read_kept


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return read_inputs(all_manifests())


def test_what_each_operation_does_is_as_it_was_counted(tmp_path: Path) -> None:
    measured = measure(tmp_path)
    assert different(read_kept(), measured) == [], (
        f"{KEPT.name} is stale; run `python -m tests.cost.operations`"
    )


def test_an_operation_that_reads_once_more_is_noticed() -> None:
    kept = read_kept()
    more = {**kept, "new_lead": {"crm_intake": {**kept["new_lead"]["crm_intake"], "reads": 99}}}
    assert different(kept, more) == ["new_lead crm_intake reads: 6 kept, 99 counted"]


def test_a_line_charges_what_is_beyond_the_free_part() -> None:
    price = Price(
        product="Firestore", item="reads", unit="document", price=2, free=10, source="cloud.google.com/x"
    )
    assert Line("reads", price, 9).dollars == 0
    assert Line("reads", price, 15).dollars == 10


def test_calls_are_the_operations_of_the_month(inputs: Inputs) -> None:
    asked = inputs.workload["dealership"]["operations"]
    each = sum(
        asked[name] * sum(one.get("warehouse_queries", 0) for one in inputs.operations[name].values())
        for name in ("finance_question", "inventory_question", "books_watched")
    )
    looks = inputs.workload["installation"]["runs"]["health_look"] * MINUTES
    assert calls_of_a_month(inputs, 3)["warehouse_queries"] == 3 * each + looks


def test_what_is_done_for_each_dealership_takes_longer_for_more_of_them(inputs: Inputs) -> None:
    counted = inputs.operations["sweeper_run"]["outbox_sweeper"]
    one, hundred = (inputs.calls("sweeper_run", "outbox_sweeper", size) for size in (1, 100))
    each = counted["dealership_reads"] / SAMPLE_TENANTS
    assert each >= 2, "it is listed, and something of it is looked at"
    assert hundred["reads"] - one["reads"] == 99 * each
    assert hundred["round_trips"] > 90 and hundred["requests"] == one["requests"]
    few, many = (seconds_of(inputs, "sweeper_run", "outbox_sweeper", size) for size in (1, 100))
    assert many - few == pytest.approx(99 * counted["dealership_trips"] / SAMPLE_TENANTS * 0.012)
    assert inputs.calls("health_look", "system", 1) == inputs.calls("health_look", "system", 100)


def test_a_request_lasts_as_long_as_its_calls_one_after_the_other(inputs: Inputs) -> None:
    latency = inputs.workload["latency_ms"]
    trips = inputs.operations["service_question"]["plate_composer"]["round_trips"]
    expected = trips * latency["round_trip"] + latency["own_work"]
    assert math.isclose(seconds_of(inputs, "service_question", "plate_composer"), expected / 1000)


def test_ten_dealerships_cost_less_than_ten_times_one(inputs: Inputs) -> None:
    one, ten, hundred = (total(bill(inputs, size)) for size in (1, 10, 100))
    assert one < ten < 10 * one and ten < hundred < 100 * one


def test_a_dearer_price_makes_a_dearer_bill(inputs: Inputs) -> None:
    for key, price in inputs.prices.items():
        dearer = price.model_copy(update={"price": price.price * 2, "free": 0.0})
        changed = replace(inputs, prices={**inputs.prices, key: dearer})
        assert total(bill(changed, 10)) > total(bill(inputs, 10)), key


def test_a_use_without_a_price_is_named(inputs: Inputs) -> None:
    without = {key: price for key, price in inputs.prices.items() if key != "reads"}
    with pytest.raises(Misconfigured, match="reads"):
        bill(replace(inputs, prices=without), 1)


def test_an_operation_without_a_count_is_named(inputs: Inputs, tmp_path: Path) -> None:
    folder = Path(__file__).parents[2] / "shared" / "deploy" / "cost"
    for name in ("prices.yaml", "workload.yaml"):
        (tmp_path / name).write_text((folder / name).read_text())
    (tmp_path / "operations.json").write_text('{"new_lead": {}}')
    with pytest.raises(Misconfigured, match="known_lead"):
        read_inputs(all_manifests(), tmp_path)


def test_every_function_is_in_the_bill_or_says_why_not(inputs: Inputs) -> None:
    assert unconsidered(inputs) == []
    fewer = {name: one for name, one in inputs.manifests.items() if name != "system"}
    assert unconsidered(replace(inputs, manifests=fewer)) == ["system"]


def test_a_listener_reads_what_changes_and_a_frame_moves_the_cursor(inputs: Inputs) -> None:
    quiet = {"finance_question": {"chat": {"requests": 1}}}
    talking = {"finance_question": {"chat": {"requests": 1, "session_writes": 3, "frames": 1}}}
    before, after = (usage(_only(inputs, one), 1) for one in (quiet, talking))
    assert after["reads"] - before["reads"] == pytest.approx(4 * 100)
    assert after["writes"] - before["writes"] == pytest.approx(100)


def test_only_rows_go_to_bigquery_and_a_day_of_history_is_free(inputs: Inputs) -> None:
    counted = {"message_bytes": 7000, "publish_bytes": 8000, "push_bytes": 2000, "row_bytes": 3000}
    used = usage(_only(inputs, {"record_change": {"records_intake": {"requests": 1, **counted}}}), 1)
    assert used["message_throughput"] == pytest.approx(100 * 10_000 / 2**40)
    assert used["row_throughput"] == pytest.approx(100 * 3000 / 2**40)
    assert used["messages_kept"] == pytest.approx(100 * 7000 * 6 / (365 / 12) / 2**30)


def _only(inputs: Inputs, operations: dict[str, dict[str, dict[str, int]]]) -> Inputs:
    """Each of the operations a hundred times a month, and nothing else."""
    kinds = {kind for counts in inputs.operations.values() for one in counts.values() for kind in one}
    filled = {
        name: {function: {**dict.fromkeys(kinds, 0), **counts} for function, counts in functions.items()}
        for name, functions in operations.items()
    }
    workload = {
        **inputs.workload,
        "dealership": {**inputs.workload["dealership"], "operations": dict.fromkeys(operations, 100)},
        "installation": {**inputs.workload["installation"], "runs": {}},
    }
    return replace(inputs, operations=filled, workload=workload)


TABLE = {"row_bytes": 1024, "read_bytes": 512, "months": 1}
WAREHOUSE = {"least_scanned_mib": 10, "block_mib": 64, "tables": {"t": TABLE}}


@pytest.mark.parametrize(
    ("rows_a_month", "dealerships", "partitions", "mib"),
    [
        (1024, 1, 1, 10),  # half a MiB is read, ten are billed
        (64 * 1024, 1, 1, 32),  # one dealership: all of it is its own
        (64 * 1024, 64, 1, 32),  # all of them together are no more than a block
        (128 * 1024, 128, 1, 32),  # of more than a block, a block
        (1024 * 1024, 2, 1, 256),  # of more than a block of its own, its own
        (64 * 1024, 1, 12, 384),
    ],
)
def test_a_query_reads_whole_blocks(rows_a_month: int, dealerships: int, partitions: int, mib: int) -> None:
    read = scan_bytes(WAREHOUSE, "t", rows_a_month, dealerships=dealerships, partitions=partitions)
    assert read == mib * 2**20


def test_every_counted_query_and_row_says_what_it_reads_and_weighs(inputs: Inputs) -> None:
    counted = {kind for counts in inputs.operations.values() for one in counts.values() for kind in one}
    warehouse, catalogue = inputs.workload["warehouse"], Catalogue(SQL_ROOT)
    asked = {kind.removeprefix("asked_") for kind in counted if kind.startswith("asked_")}
    assert set(warehouse["queries"]) == asked
    paths = {one.name.partition("/")[2]: one.name for one in catalogue.queries()}
    for query, tables in warehouse["queries"].items():
        assert set(tables) == {name.partition(".")[2] for name in tables_in(catalogue, paths[query])}
    rows = {kind.removeprefix("rows_of_") for kind in counted if kind.startswith("rows_of_")}
    assert set(warehouse["tables"]) >= rows
    months = {"MONTH": 1, "DAY": 0.033, "": inputs.workload["sizes"]["months_kept"]}
    for table in catalogue.tables.values():
        cut = table.partition.granularity if table.partition else ""
        assert warehouse["tables"][table.name]["months"] == months[cut], table.name


def _terraform(*path: str) -> str:
    return ROOT.joinpath("terraform", *path).read_text(encoding="utf-8")


def test_what_terraform_makes_is_what_is_paid_for(inputs: Inputs) -> None:
    firewall = _terraform("modules", "load_balancer", "firewall.tf")
    sets = len(re.findall(r"priority = \d+, set = ", firewall))
    ruled = len(re.findall(r"^  rule \{", firewall, re.M))
    assert inputs.workload["installation"]["security_rules"] == sets + ruled
    daily, weeks = re.findall(
        r'retention = "\$\{(\d+)(?: \* 7)? \* 24 \* 3600\}s"', _terraform("foundation", "documents.tf")
    )
    assert inputs.workload["sizes"]["backup_copies"] == int(daily) + int(weeks)
    (days,) = re.findall(r"history_seconds\s*= (\d+) \* 24 \* 3600", _terraform("catalogue", "main.tf"))
    assert inputs.workload["sizes"]["replay_days"] == int(days)


def test_the_check_from_outside_is_the_one_terraform_makes(inputs: Inputs) -> None:
    monitoring, runs = _terraform("modules", "monitoring", "main.tf"), inputs.workload["installation"]["runs"]
    (period,) = re.findall(r'period\s*= "(\d+)s"\n\s*timeout', monitoring)
    assert "selected_regions" not in monitoring, "then it asks from fewer than six places"
    assert runs["health_look"] + runs["health_asked"] == 6 * 60 / int(period)
    assert runs["health_look"] == 60 / KEPT_S


def test_the_model_costs_what_the_product_books_for_it(inputs: Inputs) -> None:
    model = Settings.model_fields["gemini_model"].default
    price = load_registry().prices[model]
    assert (float(price.input), float(price.output)) == (
        inputs.prices["model_input"].price,
        inputs.prices["model_output"].price,
    )
    words = model.replace("-", " ").title()
    assert all(words in inputs.prices[f"model_{way}"].item.replace("-", " ") for way in ("input", "output"))


def test_the_alerts_to_be_paid_for_are_counted() -> None:
    monitoring = _terraform("modules", "monitoring", "main.tf")
    outside = re.findall(r'^resource "google_monitoring_alert_policy" "(\w+)"', monitoring, re.M)
    assert outside == ["this", "unreachable"] and len(outside) - 1 == FROM_OUTSIDE
    alerts = _terraform("modules", "monitoring", "alerts.yaml")
    assert metric_references() == FROM_OUTSIDE + len(
        re.findall(r"^    (?:filter|part|whole): ", alerts, re.M)
    )


def test_what_is_kept_warm_are_functions_people_wait_for(inputs: Inputs) -> None:
    """An environment's file says which; it is the owner's to change, so nothing is compared with it."""
    for name in inputs.workload["installation"]["kept_warm"]:
        assert inputs.manifests[name].kind in ("http", "service", "event"), name


def test_the_page_adds_up_to_the_bill(inputs: Inputs) -> None:
    page = cost_page(inputs)
    for size in (1, 10, 100):
        assert f"| {size} | ${total(bill(inputs, size)):,.2f} |" in page
    assert all(f"{price.product}: {price.item}" in page for price in inputs.prices.values())


def test_usage_grows_with_the_dealerships(inputs: Inputs) -> None:
    one, ten = usage(inputs, 1), usage(inputs, 10)
    assert all(ten[key] >= one[key] for key in one)


def test_a_price_without_a_source_is_named(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "cost"))
    prices = (folder / "prices.yaml").read_text(encoding="utf-8")
    (folder / "prices.yaml").write_text(prices.replace(", source: cloud.google.com/run/pricing}", "}", 1))
    with pytest.raises(Misconfigured, match=r"prices\.yaml: price \[cpu\]: \[source\] Field required"):
        read_inputs((), folder)
