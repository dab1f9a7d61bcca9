"""Firestore has the indexes, ends and unindexed fields that the recorded queries call for, and its rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from shared.deploy.firestore_indexes import indexes_data
from tests.infra.code_facts import differences
from tests.infra.offline import Plan, Values


def unlike_indexes(foundation: Plan) -> Iterator[str]:
    wanted = indexes_data()
    yield from differences(
        "terraform/foundation: composite indexes",
        found=(_index_words(one.values) for one in foundation.of("google_firestore_index")),
        wanted=map(_wanted_words, [*wanted["composite"], *wanted["vector"]]),
        lacking="a query of the code needs it",
        needless="no query of the code needs it",
    )
    fields = [one.values for one in foundation.of("google_firestore_field")]
    yield from differences(
        "terraform/foundation: fields that end a document",
        found=(_field_words(one) for one in fields if one["ttl_config"]),
        wanted=(f"{one['collection_group']} {one['field']}" for one in wanted["ttl"]),
        lacking="documents of that collection say by it when they may go",
        needless="documents of that collection have no end",
    )
    yield from differences(
        "terraform/foundation: fields without an index",
        found=(_field_words(one) for one in fields if [*one["index_config"]] == [{"indexes": []}]),
        wanted=(
            f"{one['collection_group']} {one['field']}" for one in (*wanted["ttl"], *wanted["unindexed"])
        ),
        lacking="shared/deploy names it as one nobody asks by",
        needless="nobody says that it is not asked by",
    )


def unlike_rules(foundation: Plan, terraform: Path) -> Iterator[str]:
    """The rules that are tested are the rules that are released."""
    tested = (terraform / "firestore.rules").read_text()
    (rules,) = foundation.of("google_firebaserules_ruleset")
    released = [one["content"] for source in rules.values["source"] for one in source["files"]]
    if released != [tested]:
        yield "terraform/foundation: the rules it releases are not those of terraform/firestore.rules"
    named = [one.values["name"] for one in foundation.of("google_firebaserules_release")]
    if named != ["cloud.firestore"]:
        yield f"terraform/foundation: rules are released as {named}; Firestore reads [cloud.firestore]"


def _index_words(values: Values) -> str:
    fields = [f"{one['field_path']} {_mode(one)}" for one in values["fields"]]
    return f"{values['collection']} {values['query_scope']}: {', '.join(fields)}"


def _mode(field: Values) -> str:
    vector = [f"vector of {one['dimension']}" for one in field["vector_config"] or ()]
    return str(field["order"] or field["array_config"] or ", ".join(vector))


def _wanted_words(index: Mapping[str, Any]) -> str:
    fields = [f"{one['path']} {_wanted_mode(one)}" for one in index["fields"]]
    return f"{index['collection']} {index['scope']}: {', '.join(fields)}"


def _wanted_mode(field: Mapping[str, Any]) -> str:
    return str(field.get("order") or field.get("array") or f"vector of {field['dimension']}")


def _field_words(values: Values) -> str:
    return f"{values['collection']} {values['field']}"
