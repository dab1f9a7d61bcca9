"""What is derived is fresh, and the API's description is whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.local.derived.openapi import openapi
from shared.local.generate import derived_files, stale
from shared.manifest import ROOT, all_manifests
from shared.settings import Settings, variable

FILES = derived_files()


def test_every_derived_file_is_fresh() -> None:
    assert [path.relative_to(ROOT).as_posix() for path in stale(FILES)] == [], "run `make docs`"


def test_a_stale_or_missing_file_is_noticed(tmp_path: Path) -> None:
    fresh, old, missing = tmp_path / "fresh", tmp_path / "old", tmp_path / "missing"
    fresh.write_text("now", encoding="utf-8")
    old.write_text("then", encoding="utf-8")
    assert stale({fresh: "now", old: "now", missing: "now"}) == [old, missing]


@pytest.fixture(scope="module")
def api() -> dict[str, Any]:
    return openapi(all_manifests(), "1.2.3")


def test_every_route_of_every_manifest_is_described(api: dict[str, Any]) -> None:
    routes = {(route.path, route.method.lower()) for manifest in all_manifests() for route in manifest.routes}
    assert {(path, method) for path, methods in api["paths"].items() for method in methods} == routes


def test_every_reference_leads_somewhere(api: dict[str, Any]) -> None:
    names = set(api["components"]["schemas"])
    assert {reference.removeprefix("#/components/schemas/") for reference in _references(api)} <= names


def test_every_operation_has_one_name_a_good_answer_and_known_credentials(api: dict[str, Any]) -> None:
    operations = [operation for methods in api["paths"].values() for operation in methods.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    for operation in operations:
        assert any(status.startswith(("1", "2")) for status in operation["responses"])
        for need in operation["security"]:
            assert set(need) <= set(api["components"]["securitySchemes"])


def test_bodies_and_answers_are_the_models_that_validate_them(api: dict[str, Any]) -> None:
    intake = api["paths"]["/api/crm/intake"]["post"]
    body = intake["requestBody"]["content"]
    assert body["application/json"]["schema"] == {"$ref": "#/components/schemas/Lead"}
    assert api["components"]["schemas"]["Lead"]["required"] == ["source"]
    assert {"200", "201", "401", "415", "422"} <= set(intake["responses"])
    assert intake["security"] == [{"api_key": []}, {"user": []}]
    chat = api["paths"]["/api/chat"]["post"]["responses"]
    assert "202" in chat and "200" not in chat


def test_no_field_has_a_default_it_would_not_accept(api: dict[str, Any]) -> None:
    direction = api["components"]["schemas"]["MoneyEntry"]["properties"]["direction"]
    assert direction["enum"] == ["income", "expense"] and "default" not in direction
    vin = api["components"]["schemas"]["MoneyEntry"]["properties"]["vin"]
    assert vin["default"] is None, "a field that may be null keeps its default"


def test_the_files_function_takes_are_described_by_their_kinds(api: dict[str, Any]) -> None:
    schema = api["paths"]["/api/records/{kind}"]["post"]["requestBody"]["content"]["application/json"][
        "schema"
    ]
    kinds = {part["$ref"].rpartition("/")[2] for part in schema["items"]["anyOf"]}
    assert {"Vehicle", "Deal", "RepairOrder", "MoneyEntry"} <= kinds


def test_every_setting_is_documented_with_its_meaning() -> None:
    page = FILES[ROOT / "docs" / "settings.md"]
    for name, field in Settings.model_fields.items():
        assert f"| `{variable(name)}` |" in page and field.description


def test_the_description_is_plain_json() -> None:
    assert json.loads(FILES[ROOT / "docs" / "openapi.json"])["openapi"] == "3.1.0"


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for part in value.values():
            yield from _references(part)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part)
